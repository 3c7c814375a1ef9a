"""Lines that cannot be stepped over and that the shapes do not show: docks, a motorway, a railway.

A place's list is the last of: `barriers.csv` in its folder; what its users have made of that since, step by step, with
undo. A barrier is crossed only where a crossing is listed (`analysis.places.crossings`), or round its ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import shapely
from pydantic import Field

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.folders import place_user_folder
from analysis.base.history import States, change_history, read_history
from analysis.base.records import OneLine, Record, checked_record
from analysis.base.text import slugify
from analysis.places.coordinates import grid_of_lon_lat
from analysis.places.crossings import EASTINGS, NORTHINGS, POSITION
from analysis.places.tables import Column, read_table

BARRIERS_FILE = "barriers.csv"
COLUMNS = (
    Column("name", "text"),
    Column("kind", "text"),
    *POSITION,
    Column("source", "text", required=False, blank=True),
)
MOST_CORNERS = 500
UNCHANGED = "The barriers were not changed."

Easting = Annotated[float, Field(ge=EASTINGS[0], le=EASTINGS[1])]
Northing = Annotated[float, Field(ge=NORTHINGS[0], le=NORTHINGS[1])]


class Barrier(Record):
    """A line that nobody steps over, other than by a crossing.

    Parameters
    ----------
    name, kind : str
    corners : tuple of (easting, northing)
        In order along the line, metres (EPSG:27700); two or more.
    source : str
    """

    name: Annotated[OneLine, Field(min_length=1, max_length=100)]
    kind: Annotated[OneLine, Field(min_length=1, max_length=100)]
    corners: Annotated[tuple[tuple[Easting, Northing], ...], Field(min_length=2, max_length=MOST_CORNERS)]
    source: Annotated[OneLine, Field(max_length=300)] = ""

    @property
    def line(self) -> shapely.LineString:
        """The line (EPSG:27700)."""
        return shapely.LineString(self.corners)


Barriers = tuple[Barrier, ...]


class BarrierHistory(States[Barriers]):
    """What users have done to a place's barriers."""


def read_barriers(path: Path, faults: FaultList) -> Barriers:
    """Barriers of a CSV file: a row a corner (`name`, `kind`, `easting`, `northing`), in order along each line."""
    table = read_table(path, COLUMNS, faults)
    if table is None:
        return ()
    found = []
    for name, rows in table.dropna(subset=["easting", "northing"]).groupby("name", sort=False):
        with faults.collecting():
            corners = tuple(map(tuple, rows[["easting", "northing"]].to_numpy(float).tolist()))
            row = int(rows.index[0]) + 2
            if len(corners) < 2:
                remedy = "Give a line two corners or more"
                fault = Fault(path.name, row, "name", f"{name!r:.60} has one corner", remedy)
                raise HubreachError("The barriers cannot be used.", [fault])
            source = str(rows["source"].iloc[0]) if "source" in rows else ""
            values = {"name": str(name), "kind": rows["kind"].iloc[0], "corners": corners, "source": source}
            found.append(
                checked_record(values, Barrier, file=path.name, headline="The barriers cannot be used.")
            )
    return tuple(found)


def starting_barriers(folder: Path, faults: FaultList) -> Barriers:
    """Barriers of a place before its users changed any: those of its folder."""
    path = folder / BARRIERS_FILE
    return read_barriers(path, faults) if path.is_file() else ()


def barrier_history_path(slug: str) -> Path:
    """File of what users have done to the barriers of a place."""
    return place_user_folder(slug) / "barriers.json"


def place_barriers(folder: Path, faults: FaultList) -> Barriers:
    """Barriers of a place as they are now; what is wrong goes to `faults`."""
    start, history = starting_barriers(folder, faults), BarrierHistory()
    with faults.collecting():
        history = read_history(barrier_history_path(folder.name), BarrierHistory)
    return history.latest(start)


def change_barriers(
    slug: str, change: Callable[[BarrierHistory], BarrierHistory], *, seen: str = ""
) -> BarrierHistory:
    """Change what is kept of a place's barriers (see `analysis.places.crossings.change_crossings`)."""
    path = barrier_history_path(slug)
    seen = seen or read_history(path, BarrierHistory).revision
    return change_history(path, BarrierHistory, change, seen=seen)


def corners_of_text(text: str) -> tuple[tuple[float, float], ...]:
    """Corners of a line as people write them: "333170,389324; 332345,389726", or longitudes and latitudes.

    Raises
    ------
    HubreachError
        If it is none.

    Examples
    --------
    >>> corners_of_text("333170,389324; 332345,389726")
    ((333170.0, 389324.0), (332345.0, 389726.0))
    """
    pairs = [re.split(r"\s*,\s*", part.strip()) for part in text.split(";") if part.strip()]
    try:
        at = [(float(one), float(other)) for one, other in pairs]
    except ValueError:
        at = []
    if len(at) < 2:
        remedy = (
            "Write EASTING,NORTHING or LON,LAT, a semicolon between corners: 333170,389324; 332345,389726"
        )
        fault = Fault(
            "barriers", None, "corners", f"{text!r:.60} is not a line of two corners or more", remedy
        )
        raise HubreachError(UNCHANGED, [fault])
    if all(abs(one) <= 180 and abs(other) <= 90 for one, other in at):
        easting, northing = grid_of_lon_lat(*map(list, zip(*at, strict=True)))
        at = list(zip(easting.round(1).tolist(), northing.round(1).tolist(), strict=True))
    return tuple(at)


def barrier_table(barriers: Iterable[Barrier]) -> pd.DataFrame:
    """Barriers as a table to read and to edit: `name`, `kind`, `corners` as `corners_of_text` reads them, `source`."""
    rows = [
        {
            "name": each.name,
            "kind": each.kind,
            "corners": "; ".join(f"{easting:.10g},{northing:.10g}" for easting, northing in each.corners),
            "source": each.source,
        }
        for each in barriers
    ]
    return pd.DataFrame(rows, columns=["name", "kind", "corners", "source"])


def barriers_of_rows(rows: Iterable[Mapping[str, Any]]) -> Barriers:
    """Barriers of the rows of `barrier_table`, as they were typed.

    Raises
    ------
    HubreachError
        With the row and column of everything that cannot be used.
    """
    found, faults = list[Barrier](), FaultList("barriers")
    for number, row in enumerate(rows, start=1):
        values = {key: value for key, value in row.items() if value not in (None, "") and not pd.isna(value)}
        own = FaultList("barriers")
        with own.collecting():
            values["corners"] = corners_of_text(str(values.get("corners", "")))
            found.append(checked_record(values, Barrier, file="barriers", headline=UNCHANGED, typed=True))
        faults.extend(Fault(each.file, number, each.column, each.found, each.remedy) for each in own)
    names = [slugify(each.name) for each in found]
    for each in found:
        if names.count(slugify(each.name)) > 1:
            faults.add(f"{each.name!r:.60} stands twice", "Give each a name of its own", column="name")
    faults.raise_if_any(UNCHANGED)
    return tuple(found)


def without_barrier(barriers: Barriers, name: str) -> Barriers:
    """The barriers but for the one of a name, however it is spelled.

    Raises
    ------
    HubreachError
        If there is none.
    """
    kept = tuple(each for each in barriers if slugify(each.name) != slugify(name))
    if len(kept) == len(barriers):
        known = ", ".join(each.name for each in barriers) or "none yet"
        fault = Fault("barriers", None, "name", f"{name!r:.60} is not known", f"There are: {known}")
        raise HubreachError("There is no such barrier.", [fault])
    return kept
