"""Postcodes turned into numbers by IDACI decile and thrown away: nothing of them is kept, logged or repeated."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.commissioning.takeup import UNKNOWN
from analysis.intake.files.uploads import read_cells
from analysis.places.deciles import DECILES
from analysis.places.england.tables import districts, read_rows, read_shapes
from analysis.places.rounding import protect
from analysis.places.sites.postcodes import SOURCE, locate_postcodes, normal_postcode

EDITION = "IDACI 2025"
MOST_POSTCODES = 100_000
HEADING = re.compile(r"^(home |user'?s? |residential )?post ?codes?$", re.IGNORECASE)
METHOD = (
    f"Deciles: {EDITION} of the neighbourhood (LSOA 2021) that a postcode's point lies in ({SOURCE}; boundaries simplified "
    "to 40 m, so that a postcode at an edge can be taken for its neighbour's). Postcodes are not kept."
)

SOURCES = (
    f"Source: English Indices of Deprivation 2025 (MHCLG); {SOURCE}; LSOA 2021 boundaries (ONS). Open Government Licence "
    "v3.0; contains OS data (c) Crown copyright and database right 2026"
)


def read_postcodes(source: Path | bytes, file: str = "") -> pd.Series:
    """Numbers by IDACI decile of a CSV or Excel file of one column of postcodes (see `decile_counts`).

    Raises
    ------
    HubreachError
        If it holds more than one column, or anything but postcodes. No cell is repeated in it.
    """
    name = file or getattr(source, "name", "postcodes")
    cells = read_cells(source, name)
    if cells.shape[1] != 1:
        fault = Fault(name, None, None, f"{cells.shape[1]} columns", "Give the column of postcodes alone")
        raise HubreachError("This file holds more than postcodes: nothing of it is kept.", [fault])
    return decile_counts([str(cells.columns[0]), *cells.iloc[:, 0].fillna("").astype(str)], name)


def decile_counts(postcodes: str | list[str], file: str = "pasted postcodes") -> pd.Series:
    """How many postcodes lie in each IDACI decile of England's neighbourhoods.

    Parameters
    ----------
    postcodes : str or list of str
        One a line; a heading above them is left out. One stands for one user: list it as often as it holds.
    file : str
        Name of the file, for messages.

    Returns
    -------
    Series of int64
        Index "1" (most deprived) to "10" and "unknown" (not in the directory, or not in England): true
        counts, to be protected before they are shown.

    Raises
    ------
    HubreachError
        If a line is not of a postcode's form, or there is none. No line is repeated in it.
    """
    lines = postcodes.splitlines() if isinstance(postcodes, str) else postcodes
    texts = pd.Series([line.strip().strip('",;') for line in lines], dtype="str")
    texts = texts[texts != ""]
    if len(texts) and HEADING.match(texts.iloc[0]):
        texts = texts.iloc[1:]
    normal = texts.map(normal_postcode)
    faults = FaultList(file)
    wrong = [int(str(row)) + 1 for row in normal.index[normal == ""]]
    faults.add_rows(
        wrong, ["not a postcode"] * len(wrong), "Give full postcodes, one a line, and nothing else"
    )
    if not 0 < len(texts) <= MOST_POSTCODES:
        faults.add(f"{len(texts):,} postcodes", f"Give 1 to {MOST_POSTCODES:,}")
    faults.raise_if_any("These postcodes cannot be counted: nothing of them is kept.")
    decile = _deciles(normal)
    return decile.value_counts().reindex([*DECILES.index, UNKNOWN], fill_value=0).rename("count")


def shown_deciles(counts: pd.Series) -> pd.DataFrame:
    """Numbers by decile as they may be shown: index `decile`, `area_name`, `users` (multiples of 5)."""
    leaves = counts.rename_axis("decile").reset_index()
    users = protect(leaves, {"decile": ["decile"]})["decile"]
    names = pd.concat([DECILES, pd.Series({UNKNOWN: "Unknown, or not in England"})])
    return pd.DataFrame({"area_name": names, "users": users.reindex(names.index)}).rename_axis("decile")


def decile_cells(counts: pd.Series) -> pd.DataFrame:
    """Numbers by decile as a table of users to be taken over: `decile`, `users` as text."""
    return pd.DataFrame({"decile": counts.index, "users": counts.astype(str).to_numpy()})


def _deciles(postcodes: pd.Series) -> pd.Series:
    """Decile of each postcode, "unknown" where it lies in none of England's neighbourhoods."""
    points = locate_postcodes(postcodes)
    known = points["easting"].notna()
    at = np.asarray(shapely.points(points.loc[known, ["easting", "northing"]].to_numpy(float)))
    around = _districts_near(at)
    shapes = read_shapes("boundaries", around, index="area_code") if around else None
    found = pd.Series(UNKNOWN, index=postcodes.index, dtype="str")
    if shapes is None or not len(at):
        return found
    tree = shapely.STRtree(shapes.geometry.to_numpy())
    point, shape = tree.query(at, predicate="intersects")
    decile = read_rows("deprivation_2025", around, ["area_code", "idaci_decile"]).set_index("area_code")
    codes = shapes.index[shape]
    rows = points.index[known][point]
    values = decile["idaci_decile"].reindex(codes).astype(str).to_numpy()
    inside = pd.Series(values, index=rows)
    inside = inside[~inside.index.duplicated()]
    found.loc[inside.index] = inside
    return found


def _districts_near(points: np.ndarray) -> list[str]:
    """Districts whose window holds one of the points, so that not all England's shapes are read."""
    windows = read_rows("outlines", None, ["code", "west", "south", "east", "north"])
    boxes = shapely.box(*windows[["west", "south", "east", "north"]].to_numpy(float).T)
    hit = windows["code"].to_numpy()[np.unique(shapely.STRtree(boxes).query(points)[1])]
    return [str(code) for code in hit if code in districts().index]
