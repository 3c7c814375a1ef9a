"""`hubreach crossings`: where water and other barriers of a place are crossed, and changes to that list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.records import checked_record
from analysis.cli.choices import PlaceArgument
from analysis.cli.groups import GIVEN, command, only_where
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.places.coordinates import grid_of_lon_lat
from analysis.places.crossings import (
    FERRY_WAIT,
    UNREADABLE,
    Crossing,
    CrossingKind,
    change_crossings,
    crossing_table,
    find_crossing,
    history_path,
    read_crossings,
    replaced,
    with_crossing,
)
from analysis.places.read import read_place
from analysis.reach.words import crossings_sentence
from analysis.scenario.travel import MODES

Crossings = tuple[Crossing, ...]
State = TypeVar("State")


@dataclass(frozen=True)
class Changes:
    """What is done to the list, as options of a command: one thing at a time."""

    add: Annotated[
        str, typer.Option("--add", metavar="NAME", help="Add a crossing; say --kind and --at.")
    ] = ""
    close: Annotated[str, typer.Option("--close", metavar="NAME", help="Close one, from now on.")] = ""
    reopen: Annotated[str, typer.Option("--reopen", metavar="NAME", help="Open one again.")] = ""
    remove: Annotated[str, typer.Option("--remove", metavar="NAME", help="Take one off the list.")] = ""
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", help="CSV that replaces the list; --format csv shows its form.", show_default=False
        ),
    ] = None
    undo: Annotated[bool, typer.Option("--undo", help="Take the last change back.")] = False
    redo: Annotated[bool, typer.Option("--redo", help="Make the change again that was taken back.")] = False


@dataclass(frozen=True)
class Added:
    """A new crossing, as options of a command."""

    kind: Annotated[
        CrossingKind | None, typer.Option("--kind", help="Of the added crossing.", show_default=False)
    ] = None
    at: Annotated[
        str, typer.Option("--at", help="EASTING,NORTHING in metres or LON,LAT of a point on it.")
    ] = ""
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", help="walk, cycle or drive; repeat for several. Default: all.", show_default=False
        ),
    ] = None
    wait: Annotated[
        float | None,
        typer.Option(
            "--wait", help=f"Minutes to wait. Default: 0; a ferry {FERRY_WAIT:g}.", show_default=False
        ),
    ] = None
    hours: Annotated[
        str, typer.Option("--hours", metavar="HH:MM-HH:MM", help="When it runs. Default: at all hours.")
    ] = ""
    source: Annotated[str, typer.Option("--source", help="Who says so.")] = ""


@command(only_where("kind", "at", "by", "wait", "hours", "source", add=GIVEN))
def crossings(
    place: PlaceArgument,
    changes: Changes,
    new: Added,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """The crossings of a place's water: bridges, tunnels and ferries; with an option, changed from now on.

    To ask what if one were closed, and leave the list: `hubreach reach PLACE --close NAME`.
    """
    opened = read_place(place)
    done = _change(opened.slug, opened.crossings, changes, new)
    opened = read_place(place) if done else opened
    print_frame(
        crossing_table(opened.crossings).set_index("name"),
        format,
        out,
        title=f"Crossings in {opened.name}",
        notes=[
            f"{crossings_sentence(opened)} {done}".strip(),
            *([f"Changes are kept in {history_path(opened.slug)}"] if done else []),
        ],
        shown=crossing_table(opened.crossings)[
            [
                "name",
                "water",
                "kind",
                "walk",
                "cycle",
                "drive",
                "wait_minutes",
                "hours",
                "is_open",
                "certainty",
            ]
        ],
    )


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(crossings)


def _change(slug: str, now: Crossings, changes: Changes, new: Added) -> str:
    """Do what the options say, and say it in words; "" where they say nothing."""
    made: dict[str, tuple[Callable[[], Crossings], str]] = {
        "add": (lambda: with_crossing(now, _new_crossing(changes.add, new)), f"Added {changes.add}"),
        "close": (lambda: _opened(now, changes.close, is_open=False), f"Closed {changes.close}"),
        "reopen": (lambda: _opened(now, changes.reopen, is_open=True), f"Opened {changes.reopen}"),
        "remove": (lambda: replaced(now, changes.remove, None), f"Removed {changes.remove}"),
        "file": (lambda: _of_file(changes.file), f"Replaced by {changes.file}"),
    }
    return change_as_asked(made, changes, now, lambda change: change_crossings(slug, change))


def change_as_asked(
    made: Mapping[str, tuple[Callable[[], State], str]],
    changes: object,
    now: State,
    change: Callable[[Callable[[Any], Any]], object],
) -> str:
    """Do the one thing to a list that its options ask for, and say it in words; "" where they ask for nothing.

    Parameters
    ----------
    made : mapping of str to (callable, str)
        For each option, what gives the new list, and the change in words.
    changes : object
        The options, with `undo` and `redo` among them.
    now : tuple
        The list.
    change : callable
        Changes what is kept of it, given how.

    Raises
    ------
    HubreachError
        If more than one is asked for, or it cannot be done.
    """
    moves: dict[str, tuple[Callable[[Any], Any], str]] = {
        "undo": (lambda kept: kept.undo(), "The last change is taken back"),
        "redo": (lambda kept: kept.redo(), "The change is made again"),
    }
    given = [name for name in (*made, *moves) if getattr(changes, name)]
    if len(given) > 1:
        found = f"--{' and --'.join(given)} are given"
        raise HubreachError(
            "One change at a time.", [Fault("options", None, None, found, "Give one of them")]
        )
    if not given:
        return ""
    if given[0] in moves:
        move, words = moves[given[0]]
    else:
        make, words = made[given[0]]
        after = make()

        def move(kept: Any) -> Any:
            return kept.changed(now, after, words)

    change(move)
    return f"{words}."


def _opened(now: Crossings, name: str, *, is_open: bool) -> Crossings:
    old = find_crossing(now, name)
    return replaced(now, name, old.model_copy(update={"is_open": is_open}))


def _of_file(path: Path | None) -> Crossings:
    faults = FaultList("crossings")
    found = () if path is None else read_crossings(path, faults)
    faults.raise_if_any(UNREADABLE)
    return found


def _new_crossing(name: str, new: Added) -> Crossing:
    faults = FaultList("options")
    if new.kind is None:
        faults.add("no kind is given", "Say --kind bridge, tunnel or ferry", column="--kind")
    for mode in new.by or ():
        if mode not in MODES:
            faults.add(f"{mode!r:.40} is not a mode", f"Use: {', '.join(MODES)}", column="--by")
    try:
        one, other = (float(part) for part in new.at.split(","))
    except ValueError:
        remedy = "Say --at EASTING,NORTHING or LON,LAT, such as --at 574055,168850"
        faults.add(f"{new.at!r:.40} is not a position", remedy, column="--at")
        one = other = 0.0
    faults.raise_if_any("The crossing was not added.")
    if abs(one) <= 180 and abs(other) <= 90:
        (one,), (other,) = (each.tolist() for each in grid_of_lon_lat([one], [other]))
    usual = FERRY_WAIT if new.kind == "ferry" else 0.0
    by: dict[str, object] = {mode: not new.by or mode in new.by for mode in MODES}
    values: dict[str, object] = {
        "name": name,
        "kind": new.kind,
        "easting": one,
        "northing": other,
        **by,
        "hours": new.hours,
        "source": new.source,
    }
    return checked_record(
        values | {"wait_minutes": usual if new.wait is None else new.wait},
        Crossing,
        file="options",
        headline="The crossing was not added.",
        typed=True,
    )
