"""What who runs a server needs: `hubreach backup`, `hubreach restore` and `hubreach licences`."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from packaging.requirements import Requirement

from analysis.base.folders import user_data_folder
from analysis.cli.printing import FormatOption, OutOption, print_frame, print_notes
from analysis.workshop.backup import back_up, changes_of, read_backup, restore

MOST_NAMED = 20
NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="Zip to write; it must not exist yet.")]
OldFile = Annotated[Path, typer.Argument(metavar="FILE", help="Zip of `hubreach backup`.")]


def backup(file: NewFile) -> None:
    """Copy options, drafts, own figures and every workshop's answers into one file, also while the dashboard runs."""
    made = back_up(file)
    size = file.stat().st_size / 1e6
    print_notes(
        f"Wrote {file}: {len(made.files):,} files of {user_data_folder()} ({size:.1f} MB). It holds what residents said: "
        "keep it as you keep their answers."
    )


def restore_command(
    file: OldFile,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without, only what it would do is said.")
    ] = False,
) -> None:
    """Put a backup back; what stands there now is moved aside, not deleted."""
    held = read_backup(file)
    changed = changes_of(held)
    named = [f"  {name.partition('/')[2]}" for name in changed[:MOST_NAMED]]
    more = [f"  and {len(changed) - MOST_NAMED:,} more"] if len(changed) > MOST_NAMED else []
    print_notes(
        f"A backup of {held.made:%d %B %Y, %H:%M} UTC, by version {held.version}: {len(held.files):,} files"
        + ("." if held.store else ", without workshops."),
        f"{len(changed):,} files of {user_data_folder()} are otherwise now or not in it"
        + (":" if changed else "."),
        *named,
        *more,
    )
    if not yes:
        print_notes("Nothing was changed. To put it back: the same with --yes")
        return
    kept = restore(file)
    print_notes(f"Put back. What stood there before is in {kept}. Restart a dashboard that runs.")


def licences(format: FormatOption = None, out: OutOption = None) -> None:  # noqa: A002 - the option's own name
    """Every package that is installed with Hubreach, its version and its licence as it states it."""
    rows = [
        (name, found.version, _licence(found.metadata))
        for name, found in sorted(_installed("hubreach").items())
    ]
    table = pd.DataFrame(rows, columns=["package", "version", "licence"]).set_index("package")
    print_frame(table, format, out, title="Packages and licences", notes=[f"{len(table)} packages."])


def _installed(root: str) -> dict[str, metadata.Distribution]:
    """The packages that one needs, and those that they need, as far as they are installed; by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [root]
    while waiting:
        found_here = metadata.distribution(waiting.pop())
        name = found_here.name.lower().replace("_", "-")
        if name in found:
            continue
        found[name] = found_here
        needed = map(Requirement, found_here.requires or ())
        waiting += [
            each.name for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})
        ]
    return found


def _licence(told: metadata.PackageMetadata) -> str:
    """A package's licence: its SPDX expression, else its classifiers, else the first line of what it wrote."""
    if "License-Expression" in told:
        return told["License-Expression"]
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier") or ()
        if each.startswith("License ::")
    ]
    written = told["License"].strip().splitlines() if "License" in told else []
    return ", ".join(classifiers) or (written[0][:80] if written else "not stated")


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(backup)
    app.command("restore")(restore_command)
    app.command()(licences)
