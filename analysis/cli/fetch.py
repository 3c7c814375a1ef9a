"""`hubreach fetch`: the official files of one authority, from their publishers."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.base.faults import FaultList
from analysis.base.folders import user_data_folder
from analysis.base.jobs import Job
from analysis.cli.printing import print_notes
from analysis.cli.streams import print_answer
from analysis.intake.download.authority_names import find_authority
from analysis.intake.download.fetching import fetch_file
from analysis.intake.download.sources import OfficialFile, listed_files, official_files

OPTIONS = {"imd": "--imd", "lookup": "--lookup", "boundaries": "--boundaries", "population": "--population"}

AuthorityOption = Annotated[
    str, typer.Option("--authority", help="Name or code of the authority, such as Leeds or E08000035.")
]
CodeOption = Annotated[
    str, typer.Option("--code", help="Its code, if both are known; by default it is looked up by its name.")
]
EditionOption = Annotated[str, typer.Option("--edition", help="Edition of the indices: 2019 or 2025.")]
ToOption = Annotated[
    Path | None,
    typer.Option(
        "--to", help="Folder to keep the files in. Default: in your data folder.", show_default=False
    ),
]
SourcesOption = Annotated[
    Path | None, typer.Option("--sources", help="Another list of addresses.", show_default=False)
]
AgainOption = Annotated[bool, typer.Option("--again", help="Download files that are kept, too.")]


def fetch(
    authority: AuthorityOption,
    code: CodeOption = "",
    edition: EditionOption = "2019",
    to: ToOption = None,
    sources: SourcesOption = None,
    again: AgainOption = False,
) -> None:
    """Download the official files of one authority; a download that broke off goes on where it stopped."""
    folder = to or user_data_folder() / "official"
    name, code = authority.strip(), code.strip().upper()
    if not code:
        code, name = find_authority(name, listed_files(edition, sources), folder)
        print_notes(f"{name} is {code}")
    faults = FaultList("files")
    fetched: list[tuple[OfficialFile, Path]] = []
    for wanted in official_files(code, name, edition, sources):
        with faults.collecting():
            path = fetch_file(wanted, folder, again=again, job=Job(_progress), notice=print_notes)
            fetched.append((wanted, path))
            print_notes(f"{wanted.title}: {fetched[-1][1]}")
    faults.raise_if_any("Not all files were fetched; those that were are kept.")
    words = ["hubreach", "add", name, "--authority", code]
    for wanted, path in fetched:
        words += [OPTIONS.get(wanted.role, "--sites-file"), str(path)]
    print_answer(shlex.join(words) + "\n")


def _progress(share: float | None, words: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{words}", err=True, nl=share == 1.0)


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(fetch)
