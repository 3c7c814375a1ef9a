"""A council's own points where children live: postcodes or coordinates with weights, never people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.limits import refuse
from analysis.base.sheets import Sheet
from analysis.base.text import normal_heading, plain
from analysis.intake.assemble.site_lists import PATTERNS, sheets_of
from analysis.intake.files.codes import TOTALS
from analysis.intake.files.mappings import Answers
from analysis.intake.indicators.files import check_numbers
from analysis.intake.own.codes import MOST_NAMED
from analysis.places.coordinates import grid_of_lon_lat
from analysis.places.place import Place
from analysis.places.points import POINT_COLUMNS
from analysis.places.sites.postcodes import SOURCE, locate_postcodes

CELL_M = 100.0
"""Points of one area within a square of this side are one: an address cannot be told from what is kept."""
NEAR_M = 200.0
MOST_UNPLACED = 0.05
POSITIONS = (("easting", "northing"), ("lon", "lat"), ("postcode",))
MEANINGS = {name: re.compile(PATTERNS[name]) for pair in POSITIONS for name in pair}
WEIGHT = re.compile(
    r"(?:number of |total )?(?:weight|children|people|persons|population|patients|pupils|households|homes|addresses|count)"
    r"(?: \d{1,2}.\d{1,2})?"
)
OF_A_PERSON = re.compile(
    r".*\b(?:forenames?|first ?names?|surnames?|last ?names?|full ?names?|child(?:'s)? ?name|d ?o ?b|date of birth|birth ?date|"
    r"nhs ?(?:number|no)|upn|uprn|address|ethnicity|gender|sex)\b.*"
)
EXPECTED = (
    "Give a postcode, or easting and northing (metres), or lon and lat, in each row, and a column headed weight: how many "
    "children or homes stand there"
)
HEADLINE = "The points cannot be used as they are."


@dataclass(frozen=True, eq=False)
class OwnPoints:
    """Points that were read.

    Parameters
    ----------
    table : DataFrame
        `area_code`, `easting`, `northing` (metres, EPSG:27700), `share` of the area's children; every area of the place.
    notes : tuple of str
    """

    table: pd.DataFrame
    notes: tuple[str, ...]


def read_own_points(path: Path, place: Place, said: Answers | None = None) -> OwnPoints:
    """Read points where children live out of a table.

    Each row stands in the small area whose shape it lies in (simplified, so within some 20 m of a border it may be the
    neighbour's). Inside an area only the weights' shares count, so how many
    children an area has is not changed. Rows within 100 m of each other become one point at their weighted centre. An area
    without a row keeps the points of England's figures.

    Parameters
    ----------
    path : Path
        CSV or Excel with a row a postcode or a pair of coordinates; may cover more than the place.
    place : Place
        A place of England.
    said : Answers, optional
        What its columns mean.

    Raises
    ------
    HubreachError
        With every cell that cannot be used, a column about persons, or too many rows that cannot be placed.
    """
    sheet, header, columns = _recognised(path, (said or Answers()).columns)
    raw = sheet.read(header + 1, tuple(columns.values()))
    raw.index = pd.RangeIndex(header + 2, header + 2 + len(raw))
    raw = raw[(raw != "").any(axis=1)]
    raw = raw[~raw.apply(lambda cells: cells.str.casefold().str.fullmatch(TOTALS)).any(axis=1)]
    if raw.empty:
        raise refuse(path.name, "no row below its headings", EXPECTED)
    faults = FaultList(sheet.file)
    names = {name: sheet.preview[header][at] for name, at in columns.items()}
    cells = {name: raw[at] for name, at in columns.items()}
    weights = _weights(cells.get("weight"), names.get("weight", ""), raw.index, faults)
    where, unplaced = _positions(cells, names, faults)
    faults.raise_if_any(HEADLINE)
    points = where.assign(weight=weights)[~unplaced & (weights > 0)]
    notes = _left_out(path, cells, unplaced, weights)
    areas, outside = _areas_of(points, place)
    if outside.all():
        first = points.iloc[0] if len(points) else None
        shown = (
            f"; the first stands at {first['easting']:.0f}, {first['northing']:.0f}"
            if first is not None
            else ""
        )
        remedy = f"Give points of {place.name}: eastings and northings in metres (EPSG:27700), or lon and lat in degrees"
        turned = points.rename(columns={"easting": "northing", "northing": "easting"})
        if "lon" in cells:
            east, north = grid_of_lon_lat(
                *(pd.to_numeric(cells[axis], errors="coerce") for axis in ("lat", "lon"))
            )
            turned = pd.DataFrame({"easting": east, "northing": north}, cells["lon"].index).reindex(
                points.index
            )
        if not _areas_of(turned.replace([np.inf, -np.inf], -1.0).fillna(-1.0), place)[1].all():
            remedy = "Swap the headings of the two columns: the other way round they are in it"
        raise refuse(path.name, f"none of its {len(points):,} points is in {place.name}{shown}", remedy)
    if outside.any():
        notes.append(f"{int(outside.sum()):,} rows outside {place.name} were left out")
    table = _gathered(points[~outside].assign(area_code=areas[~outside]))
    without = place.points[~place.points["area_code"].isin(table["area_code"])]
    if len(without):
        many = without["area_code"].nunique()
        notes.append(
            f"{many:,} of {len(place.areas):,} small areas have no row: they keep the points of England's figures"
        )
    if "weight" not in cells:
        notes.append("The file has no weights: every row counts the same")
    notes.append(
        "Each row stands in the small area whose simplified shape it lies in; only shares inside it are kept, by squares of 100 m, "
        "and how many children it has is not changed"
    )
    table = pd.concat([table, without[list(POINT_COLUMNS)]], ignore_index=True)
    return OwnPoints(table, tuple(f"{note}." for note in notes))


def _recognised(path: Path, columns: Mapping[str, str]) -> tuple[Sheet, int, dict[str, int]]:
    """Sheet, row of headings and positions by meaning; coordinates before postcodes."""
    sheets = sheets_of(path, columns)
    for sheet in sheets:
        for number, row in enumerate(sheet.preview):
            normal = [normal_heading(cell[:200]) for cell in row[:400]]
            found = {
                name: next(at for at, text in enumerate(normal) if pattern.fullmatch(text))
                for name, pattern in MEANINGS.items()
                if any(map(pattern.fullmatch, normal))
            }
            position = next((names for names in POSITIONS if set(names) <= set(found)), None)
            if position is None:
                continue
            personal = [row[at] for at, text in enumerate(normal) if OF_A_PERSON.fullmatch(text)]
            if personal:
                what = f"the column {plain(personal[0])!r:.60} is about persons"
                raise refuse(sheet.file, what, "Take it out: only places and how many stand there are wanted")
            weights = [at for at, text in enumerate(normal) if WEIGHT.fullmatch(text)]
            if len(weights) > 1:
                named = ", ".join(plain(row[at]) for at in weights)
                raise refuse(sheet.file, f"several columns of weights ({named:.120})", "Keep one of them")
            wanted = {name: found[name] for name in position}
            return sheet, number, wanted | ({"weight": weights[0]} if weights else {})
    rows = [row for sheet in sheets for row in sheet.preview if any(row)]
    shown = ", ".join(repr(plain(cell)[:40]) for cell in (rows[0] if rows else ())[:10] if cell) or "none"
    raise refuse(path.name, f"no points (headings found: {shown})", EXPECTED)


def _weights(cells: pd.Series | None, heading: str, rows: pd.Index, faults: FaultList) -> pd.Series:
    """Weight of every row; a cell without a number, or below 0, is a fault."""
    if cells is None:
        return pd.Series(1.0, rows)
    remedy = "Give a number of 0 or more in every row"
    numbers, _ = check_numbers(cells, heading, set(), faults, "rate", remedy=remedy)
    weights = pd.Series(numbers, rows)
    wrong = weights[~(weights >= 0)]
    for row in wrong.index[:MOST_NAMED]:
        what = "the cell is no number" if np.isnan(wrong[row]) else f"{wrong[row]:g} is less than 0"
        faults.add(what, remedy, row=int(row), column=plain(heading))
    if not len(faults) and not weights.any():
        faults.add("every weight is 0", "Give how many children or homes stand there", column=plain(heading))
    return weights


def _positions(
    cells: dict[str, pd.Series], names: dict[str, str], faults: FaultList
) -> tuple[pd.DataFrame, pd.Series]:
    """Metres of every row, and which postcodes are not in the directory."""
    if "postcode" in cells:
        where = locate_postcodes(cells["postcode"])
        return where, where["easting"].isna()
    index = cells[next(iter(cells))].index
    pair = {}
    for name in [name for name in cells if name != "weight"]:
        remedy = "Give a number in every row"
        numbers, _ = check_numbers(cells[name], names[name], set(), faults, "rate", remedy=remedy)
        pair[name] = pd.Series(numbers, cells[name].index)
        for row in pair[name].index[pair[name].isna()][:MOST_NAMED]:
            faults.add("there is no number", remedy, row=int(row), column=plain(names[name]))
    if "lon" in pair:
        easting, northing = grid_of_lon_lat(pair["lon"], pair["lat"])
        pair = {
            name: pd.Series(metres, index) for name, metres in (("easting", easting), ("northing", northing))
        }
    where = pd.DataFrame(pair).replace([np.inf, -np.inf], -1.0)
    return where[["easting", "northing"]], pd.Series(False, index)


def _left_out(path: Path, cells: dict[str, pd.Series], unplaced: pd.Series, weights: pd.Series) -> list[str]:
    """Postcodes that cannot be placed, told; more than 5% of the weight is refused."""
    if not unplaced.any():
        return []
    lost = float(weights[unplaced].sum() / weights.sum())
    first = ", ".join(
        f"row {row}: {plain(cells['postcode'][row])!r:.20}" for row in unplaced.index[unplaced][:5]
    )
    many = int(unplaced.sum())
    told = f"{'1 postcode' if many == 1 else f'{many:,} postcodes'} ({lost:.1%} of the weight) {'is' if many == 1 else 'are'} not in the directory in use ({SOURCE})"
    if lost > MOST_UNPLACED:
        raise refuse(path.name, f"{told}; {first}", "Correct them, or give eastings and northings")
    return [f"{told} and were left out ({first})"]


def _areas_of(points: pd.DataFrame, place: Place) -> tuple[pd.Series, pd.Series]:
    """Small area of every point, and which points are in none (up to 200 m off a shore is in)."""
    shapes = place.boundaries
    where = gpd.GeoSeries(
        gpd.points_from_xy(points["easting"], points["northing"]), points.index, crs=shapes.crs
    )
    at, area = shapes.sindex.nearest(where, max_distance=NEAR_M, return_all=False)
    codes = pd.Series("", points.index, dtype="str")
    codes.iloc[at] = shapes.index.to_numpy()[area]
    return codes, codes == ""


def _gathered(points: pd.DataFrame) -> pd.DataFrame:
    """Points of one area in one square, together at their weighted centre."""
    squares = [(points[axis] // CELL_M).rename(f"square_{axis}") for axis in ("easting", "northing")]
    moments = points.assign(
        easting=points["easting"] * points["weight"], northing=points["northing"] * points["weight"]
    )
    sums = moments.groupby(["area_code", *squares])[["easting", "northing", "weight"]].sum().reset_index()
    total = sums.groupby("area_code")["weight"].transform("sum")
    return pd.DataFrame(
        {
            "area_code": sums["area_code"],
            "easting": (sums["easting"] / sums["weight"]).round(1),
            "northing": (sums["northing"] / sums["weight"]).round(1),
            "share": sums["weight"] / total,
        }
    )
