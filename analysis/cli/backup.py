"""`hubreach backup` and `hubreach restore`: everything that users saved, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.base.folders import user_data_folder
from analysis.cli.printing import print_notes
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


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(backup)
    app.command("restore")(restore_command)
