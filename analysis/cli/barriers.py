"""`hubreach barriers`: lines that nobody steps over, such as docks, a motorway or a railway, and changes to that list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from analysis.base.faults import FaultList
from analysis.cli.choices import PlaceArgument
from analysis.cli.crossings import change_as_asked
from analysis.cli.groups import GIVEN, command, only_where
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.places.barriers import (
    UNCHANGED,
    Barriers,
    barrier_history_path,
    barrier_table,
    barriers_of_rows,
    change_barriers,
    read_barriers,
    without_barrier,
)
from analysis.places.read import read_place


@dataclass(frozen=True)
class Changes:
    """What is done to the list, as options of a command: one thing at a time."""

    add: Annotated[
        str, typer.Option("--add", metavar="NAME", help="Add a barrier; say --kind and --along.")
    ] = ""
    remove: Annotated[str, typer.Option("--remove", metavar="NAME", help="Take one off the list.")] = ""
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="CSV that replaces the list: a row a corner, with name, kind, easting, northing.",
            show_default=False,
        ),
    ] = None
    undo: Annotated[bool, typer.Option("--undo", help="Take the last change back.")] = False
    redo: Annotated[bool, typer.Option("--redo", help="Make the change again that was taken back.")] = False


@dataclass(frozen=True)
class Added:
    """A new barrier, as options of a command."""

    kind: Annotated[
        str, typer.Option("--kind", help="What it is: docks, motorway, railway.", show_default=False)
    ] = ""
    along: Annotated[
        str,
        typer.Option(
            "--along",
            help="Corners of the line in order, EASTING,NORTHING or LON,LAT, a semicolon between them.",
        ),
    ] = ""
    source: Annotated[str, typer.Option("--source", help="Who says so.")] = ""


@command(only_where("kind", "along", "source", add=GIVEN))
def barriers(
    place: PlaceArgument,
    changes: Changes,
    new: Added,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Lines that cannot be stepped over and that the shapes do not show; with an option, changed from now on.

    They are crossed where a crossing is listed (`hubreach crossings`), or round their ends.
    """
    opened = read_place(place)
    now = opened.barriers
    done = change_as_asked(
        {
            "add": (lambda: _with_new(now, changes.add, new), f"Added {changes.add}"),
            "remove": (lambda: without_barrier(now, changes.remove), f"Removed {changes.remove}"),
            "file": (lambda: _of_file(changes.file), f"Replaced by {changes.file}"),
        },
        changes,
        now,
        lambda change: change_barriers(opened.slug, change),
    )
    opened = read_place(place) if done else opened
    print_frame(
        barrier_table(opened.barriers).set_index("name"),
        format,
        out,
        title=f"Barriers in {opened.name}",
        notes=[
            f"{len(opened.barriers)} listed. {done}".strip(),
            *([f"Changes are kept in {barrier_history_path(opened.slug)}"] if done else []),
        ],
    )


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(barriers)


def _with_new(now: Barriers, name: str, new: Added) -> Barriers:
    row = {"name": name, "kind": new.kind, "corners": new.along, "source": new.source}
    rows: list[dict[str, str]] = barrier_table(now).to_dict("records")  # type: ignore[assignment]
    return barriers_of_rows([*rows, row])


def _of_file(path: Path | None) -> Barriers:
    faults = FaultList("barriers")
    found = () if path is None else read_barriers(path, faults)
    faults.raise_if_any(UNCHANGED)
    return found
