"""A figure on areas that do not nest (older wards, health districts): brought to small areas by shared land."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.limits import refuse
from analysis.base.text import normal_heading, plain
from analysis.intake.indicators.files import IndicatorRows, Wanted, check_numbers
from analysis.places.coordinates import BRITISH_GRID
from analysis.places.geography import read_polygons
from analysis.places.place import Place

LIBRARY = "tobler"
GEOGRAPHY = "areas of their own shape"
# A small area of which less than half is covered has no value; one covered more than this lies under two areas.
LEAST_COVERED, MOST_COVERED = 0.5, 1.05
CAUTION = (
    "values are of areas that small areas do not fit into: they were brought over by the land that is shared, as if "
    "people lived evenly on it"
)


def shape_headings(path: Path) -> list[str]:
    """Headings of the columns of numbers in a file of shapes.

    Raises
    ------
    HubreachError
        If it cannot be read, or has none.
    """
    numbers = _number_columns(read_polygons(path))
    if not numbers:
        raise refuse(path.name, "no column of numbers", "Give a figure for each shape")
    return numbers


def read_on_small_areas(
    path: Path, place: Place, wanted: Wanted
) -> tuple[IndicatorRows, pd.DataFrame, list[str]]:
    """Values of shapes on a place's small areas, by areal interpolation (tobler).

    A rate is the mean of the shapes that an area lies in, weighted by shared land; a count is shared out over the
    land of its shape, and what lies outside the place stays there.

    Parameters
    ----------
    path : Path
        GeoJSON, GeoPackage or a zipped shapefile; may cover the country.
    place : Place
    wanted : Wanted

    Returns
    -------
    rows : IndicatorRows
        What the file is; its `rows` are empty.
    spread : DataFrame
        Index `area_code`; `value`, `base`, `suppressed`, `listed`, `children`.
    cautions : list of str

    Raises
    ------
    HubreachError
        With every value that is no number, if shapes lie over each other or nowhere near the place, if the
        column is not clear, or the library is not installed.
    """
    for option, given in (("--base", wanted.base), ("--code", wanted.code)):
        if given:
            remedy = "Leave it out, or give a table by area code"
            raise refuse(path.name, f"{option} does not go with shapes", remedy)
    own = normal_heading(wanted.value)
    frame = read_polygons(path, lambda names: own in map(normal_heading, names))
    heading = _value_heading(path, frame, wanted.value)
    faults = FaultList(path.name)
    marks = {mark.strip().casefold() for mark in wanted.marks}
    cells = frame[heading].map(cell_text)
    cells.index = pd.RangeIndex(1, len(cells) + 1)
    values, _ = check_numbers(cells, heading, marks, faults, wanted.measure)
    faults.raise_if_any(f"{plain(path.name)} cannot be used as it is.")
    known = frame.assign(value=values)
    known, joined = _one_count_an_area(known) if wanted.measure == "count" else (known, 0)
    known = known[["value", frame.geometry.name]].dropna()
    targets = place.boundaries.to_crs(BRITISH_GRID)
    west, south, east, north = targets.total_bounds
    near = known.cx[west:east, south:north].reset_index(drop=True)
    spread = _interpolated(path, near, targets, wanted)
    covered = spread.pop("covered")
    cautions = [CAUTION]
    if joined:
        cautions.append(
            f"{'1 area stands' if joined == 1 else f'{joined:,} areas stand'} in several shapes with one count, which was counted once"
        )
    partly = int(((covered < 0.99) & (covered >= LEAST_COVERED)).sum())
    if partly:
        cautions.append(f"{partly:,} LSOAs are covered in part: their values are those of the part")
    if wanted.measure == "count":
        cautions.append(
            "of a shape that reaches beyond the place, only the part of its count goes to the place"
        )
    children = place.areas["children"]
    spread = spread.assign(base=np.nan, suppressed=False, listed=covered >= LEAST_COVERED, children=children)
    rows = IndicatorRows(path.name, GEOGRAPHY, pd.DataFrame(), plain(heading), "", ())
    return rows, spread, cautions


def cell_text(given: Any) -> str:
    """A value as a table would hold it."""
    if pd.isna(given):
        return ""
    return str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)


def _one_count_an_area(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int]:
    """Parts of one area that repeat its count as one shape, and how many there are; parts with counts of their own stay."""
    texts = [
        name for name in frame if name not in ("value", frame.geometry.name) and frame[name].dtype == "str"
    ]
    if not texts:
        return frame, 0
    key = max(texts, key=lambda name: frame[name].nunique())
    parts = frame.groupby(key)["value"]
    repeated = frame[key].map((parts.min() == parts.max()) & (parts.size() > 1)).fillna(False).astype(bool)
    if not repeated.any():
        return frame, 0
    whole = frame[repeated].dissolve(by=key, aggfunc="first").reset_index()
    return gpd.GeoDataFrame(pd.concat([frame[~repeated], whole], ignore_index=True), crs=frame.crs), len(
        whole
    )


def _interpolated(
    path: Path, sources: gpd.GeoDataFrame, targets: gpd.GeoDataFrame, wanted: Wanted
) -> pd.DataFrame:
    """`value` and the share of each target that is `covered`."""
    tobler = _library(path)
    if sources.empty:
        raise refuse(
            path.name, "none of its shapes with a value is in this place", "Give shapes that cover it"
        )
    land = sources.assign(land=sources.area)
    counted = wanted.measure == "count"
    found = tobler.area_interpolate(
        land,
        targets[[targets.geometry.name]],
        extensive_variables=["land", *(["value"] if counted else [])],
        intensive_variables=[] if counted else ["value"],
        allocate_total=False,
    )
    covered = pd.Series(found["land"].to_numpy(), targets.index) / targets.area
    if (covered > MOST_COVERED).any():
        many = int((covered > MOST_COVERED).sum())
        what = f"its shapes lie over each other: {many:,} LSOAs are in more than one"
        raise refuse(path.name, what, "Give shapes that do not overlap, one layer of one kind of area")
    value = pd.Series(found["value"].to_numpy(), targets.index)
    return pd.DataFrame({"value": value.where(covered >= LEAST_COVERED), "covered": covered})


def _library(path: Path) -> ModuleType:
    try:
        return importlib.import_module(f"{LIBRARY}.area_weighted")
    except ImportError as error:
        remedy = "Install it with: pip install 'hubreach[areal]'; or give a table by LSOA, MSOA or ward"
        raise refuse(
            path.name, f"shapes need the library {LIBRARY}, which is not installed", remedy
        ) from error


def _number_columns(frame: gpd.GeoDataFrame) -> list[str]:
    named = [str(name) for name in frame.columns if name != frame.geometry.name]
    texts = {name: frame[name].map(cell_text).str.strip("%£ ") for name in named}
    return [name for name in named if pd.to_numeric(texts[name], errors="coerce").notna().any()]


def _value_heading(path: Path, frame: gpd.GeoDataFrame, wanted: str) -> str:
    named = _number_columns(frame)
    if wanted:
        found = next((name for name in named if normal_heading(name) == normal_heading(wanted)), None)
        if found is not None:
            return found
        what = f"there is no column {wanted!r:.60}"
    elif len(named) == 1:
        return named[0]
    else:
        what = "several columns could be the values" if named else "no column of numbers"
    listed = ", ".join(repr(plain(name)[:40]) for name in named[:12]) or "none"
    raise refuse(path.name, f"{what}; columns of numbers: {listed}", "Say which one (--value HEADING)")
