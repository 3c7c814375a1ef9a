"""`hubreach own`: a council's own children, wards, sites, shapes and points in place of those of England, with a way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from analysis.base.faults import Fault, HubreachError
from analysis.cli.choices import PlaceArgument
from analysis.cli.file_answers import UNKNOWN, ColumnOption, UnknownOption, WhereOption, file_answers
from analysis.cli.groups import GIVEN, command, only_where
from analysis.cli.printing import PrintOptions, print_frame, print_notes
from analysis.intake.files.mappings import Answers
from analysis.intake.own.preview import loss_sentences, preview_own, preview_sentences, preview_table
from analysis.intake.own.reading import READERS, OwnChoices, england_alone, prepare_own
from analysis.places.finding import place_folder
from analysis.places.own.kept import (
    KIND_WORDS,
    OwnFile,
    OwnKind,
    own_files,
    redo_own,
    remove_own,
    save_own,
    undo_own,
)
from analysis.places.read import read_place

OwnPath = Path | None
NOT_SAID = "(not said)"


@dataclass(frozen=True)
class OwnOptions:
    """What is done, one thing at a time."""

    children: Annotated[
        OwnPath,
        typer.Option(
            "--children",
            metavar="FILE",
            help="Children by LSOA of 2021 (CSV, Excel): by the product's bands, five-year bands, single years, or in all.",
        ),
    ] = None
    wards: Annotated[
        OwnPath,
        typer.Option(
            "--wards",
            metavar="FILE",
            help="The ward of each LSOA of 2021 (CSV, Excel), or wards as polygons (GeoJSON, GeoPackage, zipped shapefile).",
        ),
    ] = None
    sites: Annotated[
        OwnPath,
        typer.Option(
            "--sites",
            metavar="FILE",
            help="A list of sites: every site of the kinds that are in it. Other kinds stay.",
        ),
    ] = None
    boundaries: Annotated[
        OwnPath,
        typer.Option(
            "--boundaries", metavar="FILE", help="Shapes of the LSOAs of 2021, by code, as polygons."
        ),
    ] = None
    points: Annotated[
        OwnPath,
        typer.Option(
            "--points",
            metavar="FILE",
            help="Where children live (CSV, Excel): a row a postcode, or easting and northing, with a weight; no persons.",
        ),
    ] = None
    remove: Annotated[
        OwnKind | None,
        typer.Option("--remove", help="Take the own figures of a kind away.", show_default=False),
    ] = None
    undo: Annotated[bool, typer.Option("--undo", help="Take the last change back.")] = False
    redo: Annotated[bool, typer.Option("--redo", help="Do again what was taken back.")] = False
    list_: Annotated[bool, typer.Option("--list", help="What is in use (also without any option).")] = False


@dataclass(frozen=True)
class SaidOptions:
    """What is said of a file; it stands under every figure made from it."""

    title: Annotated[str, typer.Option("--title", help="What it is, such as: GP register, children.")] = ""
    source: Annotated[str, typer.Option("--source", help="Who counted or drew it.")] = ""
    vintage: Annotated[str, typer.Option("--vintage", help="Of when it is, such as January 2026.")] = ""
    by: Annotated[str, typer.Option("--by", help="Who brings it.")] = ""
    column: ColumnOption = None
    where: WhereOption = None
    unknown_kinds: UnknownOption = "possible"
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change; keep nothing.")] = (
        False
    )


@command(only_where("unknown_kinds", sites=GIVEN))
def own(place: PlaceArgument, what: OwnOptions, said: SaidOptions, printed: PrintOptions) -> None:
    """A council's own children, wards, sites, shapes and points in place of those of England; --remove or --undo is the way back.

    A file is checked, what it changes is shown, and it is kept in your own data folder unless --dry-run is given.
    """
    slug = place_folder(place).name
    asked = [name for name, value in vars(what).items() if value not in (None, False)]
    if len(asked) > 1:
        named = ", ".join(f"--{name.rstrip('_')}" for name in asked)
        raise HubreachError(
            "One thing at a time.", [Fault("options", None, None, f"{named} are given", "Give one of them")]
        )
    files: dict[OwnKind, Path] = {
        kind: path for kind in READERS if (path := getattr(what, kind, None)) is not None
    }
    for kind, path in files.items():
        _take(place, kind, path, said, printed)
        return
    steps: dict[str, Callable[[], object]] = {"undo": lambda: undo_own(slug), "redo": lambda: redo_own(slug)}
    if what.remove is not None:
        gone = remove_own(slug, what.remove)
        print_notes(
            f"{gone.title} was taken away: {KIND_WORDS[gone.kind]}. Back again: hubreach own {slug} --undo"
        )
    elif asked and asked[0] in steps:
        steps[asked[0]]()
        print_notes("The last change is taken back." if what.undo else "The change is made again.")
    _list(slug, printed)


def _take(place: str, kind: OwnKind, path: Path, said: SaidOptions, printed: PrintOptions) -> None:
    england = england_alone(read_place(place))
    if not path.is_file():
        fault = Fault(
            f"--{kind}", None, None, f"there is no file {str(path)!r:.120}", "Check its name and folder"
        )
        raise HubreachError("The file was not taken.", [fault])
    # A look needs no source; what is kept does.
    unsaid = NOT_SAID if said.dry_run else ""
    answers = file_answers(said.column, said.where, [path]).get(path.name, Answers())
    choices = OwnChoices(
        said.title or unsaid,
        said.source or unsaid,
        said.vintage or unsaid,
        said.by,
        answers,
        UNKNOWN[said.unknown_kinds],
    )
    preview = preview_own(england, prepare_own(kind, path, england, choices))
    print_frame(
        preview_table(preview),
        printed.format,
        printed.out,
        title=f"{KIND_WORDS[kind].capitalize()} in {england.name}: what changes",
        notes=[*preview_sentences(preview), *loss_sentences(preview)],
    )
    if said.dry_run:
        print_notes("Nothing was kept (--dry-run).")
        return
    save_own(england.slug, preview.own)
    print_notes(f"In use from now on. Back to England's figures: hubreach own {england.slug} --remove {kind}")


def _list(slug: str, printed: PrintOptions) -> None:
    files = own_files(slug)
    note = (
        "" if files else f"None: {slug} has England's figures. Such as: hubreach own {slug} --children FILE"
    )
    title = f"Own figures in use in {slug}"
    print_frame(own_table(files), printed.format, printed.out, title=title, notes=[note] if note else [])


def own_table(files: tuple[OwnFile, ...]) -> pd.DataFrame:
    """Own figures as a table: index `kind`; `title`, `source`, `vintage`, `file`, `added`, `by`, `notes`."""
    rows = [
        {
            **about.model_dump(include={"kind", "title", "source", "vintage", "file", "by"}),
            "added": f"{about.added:%Y-%m-%d %H:%M}",
        }
        | {"notes": " ".join(about.notes)}
        for about in files
    ]
    columns = ["kind", "title", "source", "vintage", "file", "added", "by", "notes"]
    return pd.DataFrame(rows, columns=columns).set_index("kind")


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(own)
