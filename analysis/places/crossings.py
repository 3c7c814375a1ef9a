"""Where water and other barriers of a place are crossed: what comes with the product, its folder, and its users.

A place's list is the last of: the rows of its authorities in `data/england/crossings.parquet`; `crossings.csv` in its
folder; what its users have made of that since, step by step, with undo.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import pandas as pd
from pydantic import AfterValidator, Field

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.folders import place_user_folder
from analysis.base.history import States, change_history, read_history
from analysis.base.records import OneLine, Record, checked_record
from analysis.base.text import slugify
from analysis.places.england.tables import read_rows
from analysis.places.tables import Column, read_table

CrossingKind = Literal["bridge", "tunnel", "bridge and tunnel", "ferry"]
CROSSING_KINDS: tuple[CrossingKind, ...] = get_args(CrossingKind)
FERRY_WAIT = 15.0
"""Minutes to wait for a ferry, assumed where nobody has said: half of a half-hourly service."""
BUNDLED_SOURCE = "General knowledge, not surveyed: verify before use"
CROSSINGS_FILE = "crossings.csv"
UNREADABLE = "The crossings cannot be used."
LONGEST_WAIT = 240.0
EASTINGS, NORTHINGS = (0.0, 700_000.0), (0.0, 1_300_000.0)
POSITION = (
    Column("easting", least=EASTINGS[0], most=EASTINGS[1]),
    Column("northing", least=NORTHINGS[0], most=NORTHINGS[1]),
)
TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
MODE_COLUMNS = ("walk", "cycle", "drive")
COLUMNS = (
    Column("name", "text", unique=True),
    Column("water", "text", required=False, blank=True),
    Column("kind", "text"),
    *(Column(mode, "text") for mode in MODE_COLUMNS),
    Column("wait_minutes", required=False, blank=True, least=0, most=LONGEST_WAIT),
    Column("hours", "text", required=False, blank=True),
    *POSITION,
    Column("certainty", "text", required=False, blank=True),
    Column("source", "text", required=False, blank=True),
)


def _hours(text: str) -> str:
    """Hours as they are kept, "07:00-22:45", however the line between them is drawn."""
    given = re.sub(r"\s*(?:-|–|to)\s*", "-", text.strip())
    if given and not re.fullmatch(rf"{TIME}-{TIME}", given):
        raise ValueError("hours are written as 07:00-22:45")
    return given


class Crossing(Record):
    """A bridge, tunnel or ferry over water or another barrier.

    Parameters
    ----------
    name : str
        Its own name.
    kind : {"bridge", "tunnel", "bridge and tunnel", "ferry"}
    easting, northing : float
        A point on it or within 300 m of it, metres (EPSG:27700).
    walk, cycle, drive : bool
        Whether it can be used so.
    wait_minutes : float
        To wait, each time.
    hours : str
        When it runs, "07:00-22:45", beyond midnight too ("18:00-01:00"); "" at all hours, as far as is known.
    water : str
        What it crosses.
    certainty, source : str
        How sure that is, and who says so.
    is_open : bool
    """

    name: Annotated[OneLine, Field(min_length=1, max_length=100)]
    kind: CrossingKind
    easting: Annotated[float, Field(ge=EASTINGS[0], le=EASTINGS[1])]
    northing: Annotated[float, Field(ge=NORTHINGS[0], le=NORTHINGS[1])]
    walk: bool = True
    cycle: bool = True
    drive: bool = True
    wait_minutes: Annotated[float, Field(ge=0, le=LONGEST_WAIT)] = 0.0
    hours: Annotated[OneLine, AfterValidator(_hours)] = ""
    water: Annotated[OneLine, Field(max_length=100)] = ""
    certainty: Annotated[OneLine, Field(max_length=300)] = ""
    source: Annotated[OneLine, Field(max_length=300)] = ""
    is_open: bool = True

    def runs_at(self, time: str) -> bool:
        """Whether it runs at a time of day ("21:30"); at "", no time that is asked about, it does.

        >>> ferry = Crossing(name="Ferry", kind="ferry", easting=0, northing=0, hours="18:00-01:00")
        >>> ferry.runs_at("00:30"), ferry.runs_at("01:30"), ferry.runs_at("")
        (True, False, True)
        """
        if not (self.hours and time):
            return True
        first, last = self.hours.split("-")
        return first <= time <= last if first <= last else time >= first or time <= last


class CrossingHistory(States[tuple[Crossing, ...]]):
    """What users have done to a place's crossings."""


def bundled_crossings(authorities: Iterable[str]) -> tuple[Crossing, ...]:
    """Crossings of authorities that come with the product, in their order there; none for most of England.

    The list says who crosses on foot. A bicycle is taken to cross where feet do, a car over every bridge and tunnel.
    """
    rows = read_rows("crossings", list(authorities), key="authority_code")
    return tuple(
        Crossing(
            name=row["crossing"],
            water=row["water"],
            kind=row["kind"],
            easting=row["easting"],
            northing=row["northing"],
            walk=row["on_foot"] != "no",
            cycle=row["on_foot"] != "no",
            drive=row["kind"] != "ferry",
            wait_minutes=FERRY_WAIT if row["kind"] == "ferry" else 0.0,
            certainty=row["certainty"],
            source=BUNDLED_SOURCE,
        )
        for row in rows.to_dict("records")
    )


def read_crossings(path: Path, faults: FaultList) -> tuple[Crossing, ...]:
    """Crossings of a CSV file, in its order; what is wrong goes to `faults`, with file, row and column.

    Parameters
    ----------
    path : Path
        `name`, `kind`, `walk`, `cycle`, `drive` (yes or no), `easting`, `northing`; `water`, `wait_minutes` (a ferry's is
        15 where it is blank), `certainty`, `source` if known.
    faults : FaultList

    Returns
    -------
    tuple of Crossing
        None of them where anything in the file is wrong.
    """
    before = len(faults)
    table = read_table(path, COLUMNS, faults, may_be_empty=True)
    if table is None:
        return ()
    allowed = {"kind": CROSSING_KINDS, **dict.fromkeys(MODE_COLUMNS, ("yes", "no"))}
    for name, values in allowed.items():
        table[name] = table[name].str.lower()
        for row in table.index[~table[name].isin(values) & (table[name] != "")]:
            remedy = f"Use one of: {', '.join(values)}"
            faults.add(
                f"{table[name][row]!r:.40} is not known",
                remedy,
                file=path.name,
                row=int(row) + 2,
                column=name,
            )
    if len(faults) > before:
        return ()
    given = table.reindex(columns=[column.name for column in COLUMNS])
    texts = ["water", "certainty", "source", "hours"]
    given[texts] = given[texts].astype(object).fillna("")
    given["wait_minutes"] = given["wait_minutes"].fillna(
        given["kind"].map(lambda kind: FERRY_WAIT if kind == "ferry" else 0.0)
    )
    given = given.assign(**{mode: given[mode] == "yes" for mode in MODE_COLUMNS})
    found = []
    rows: list[dict[str, Any]] = given.to_dict("records")  # type: ignore[assignment]
    for number, row in zip(given.index + 2, rows, strict=True):
        own = FaultList(path.name)
        with own.collecting():
            found.append(checked_record(row, Crossing, file=path.name, headline=UNREADABLE))
        faults.extend(replace(fault, row=int(number)) for fault in own)
    return tuple(found) if len(faults) == before else ()


def starting_crossings(folder: Path, authorities: Iterable[str], faults: FaultList) -> tuple[Crossing, ...]:
    """Crossings of a place before its users changed any: those of its folder, else those that come with the product."""
    path = folder / CROSSINGS_FILE
    return read_crossings(path, faults) if path.is_file() else bundled_crossings(authorities)


def history_path(slug: str) -> Path:
    """File of what users have done to the crossings of a place."""
    return place_user_folder(slug) / "crossings.json"


def place_crossings(folder: Path, authorities: Iterable[str], faults: FaultList) -> tuple[Crossing, ...]:
    """Crossings of a place as they are now, open or closed; what is wrong goes to `faults`."""
    start, history = starting_crossings(folder, authorities, faults), CrossingHistory()
    with faults.collecting():
        history = read_history(history_path(folder.name), CrossingHistory)
    return history.latest(start)


def change_crossings(
    slug: str, change: Callable[[CrossingHistory], CrossingHistory], *, seen: str = ""
) -> CrossingHistory:
    """Change what is kept of a place's crossings.

    Parameters
    ----------
    slug : str
    change : callable
        Gives the new history from the kept one (`changed`, `undo`, `redo`).
    seen : str
        Revision that the change was made on; without it, the one that is kept.

    Raises
    ------
    HubreachError
        If somebody changed it in between, or it cannot be written.
    """
    path = history_path(slug)
    seen = seen or read_history(path, CrossingHistory).revision
    return change_history(path, CrossingHistory, change, seen=seen)


def with_crossing(crossings: tuple[Crossing, ...], new: Crossing) -> tuple[Crossing, ...]:
    """The crossings and one more.

    Raises
    ------
    HubreachError
        If one has that name already.
    """
    if slugify(new.name) in {slugify(each.name) for each in crossings}:
        fault = Fault("crossings", None, "name", f"{new.name!r:.60} is there already", "Give another name")
        raise HubreachError("The crossing was not added.", [fault])
    return (*crossings, new)


def find_crossing(crossings: tuple[Crossing, ...], name: str) -> Crossing:
    """The crossing of a name, however it is spelled.

    Raises
    ------
    HubreachError
        If there is none.
    """
    for each in crossings:
        if slugify(each.name) == slugify(name):
            return each
    known = ", ".join(each.name for each in crossings) or "none yet"
    fault = Fault("crossings", None, "name", f"{name!r:.60} is not known", f"There are: {known}")
    raise HubreachError("There is no such crossing.", [fault])


def replaced(crossings: tuple[Crossing, ...], name: str, new: Crossing | None) -> tuple[Crossing, ...]:
    """The crossings with another in the stead of one, or without it.

    Raises
    ------
    HubreachError
        If there is none of that name.
    """
    old = find_crossing(crossings, name)
    kept = [new if each is old else each for each in crossings]
    return tuple(each for each in kept if each is not None)


def crossing_table(crossings: Iterable[Crossing]) -> pd.DataFrame:
    """Crossings as a table: columns of `crossings.csv`, and `is_open`; modes as yes or no."""
    columns = [*(column.name for column in COLUMNS), "is_open"]
    rows = pd.DataFrame([each.model_dump() for each in crossings], columns=columns)
    words = {True: "yes", False: "no"}
    return rows.assign(**{name: rows[name].map(words) for name in (*MODE_COLUMNS, "is_open")})


def crossings_of_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Crossing, ...]:
    """Crossings of the rows of a table that was typed into a page; what is left blank has its default.

    Raises
    ------
    HubreachError
        With the row and column of everything that cannot be used.
    """
    found, faults = list[Crossing](), FaultList("crossings")
    for number, row in enumerate(rows, start=1):
        values = {key: value for key, value in row.items() if value not in (None, "") and not pd.isna(value)}
        if values.get("kind") == "ferry":
            values.setdefault("wait_minutes", FERRY_WAIT)
        own = FaultList("crossings")
        with own.collecting():
            found.append(checked_record(values, Crossing, file="crossings", headline=UNREADABLE, typed=True))
        faults.extend(replace(fault, row=int(number)) for fault in own)
    names = [slugify(each.name) for each in found]
    for each in found:
        if names.count(slugify(each.name)) > 1:
            faults.add(f"{each.name!r:.60} stands twice", "Give each a name of its own", column="name")
    faults.raise_if_any("The crossings were not changed.")
    return tuple(found)
