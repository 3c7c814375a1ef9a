"""The tables of England that come with the product (`data/england/`): where they are and how they are read."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.base.folders import dashboard_folder
from analysis.places.coordinates import BRITISH_GRID
from analysis.places.manifest import Source

SOURCES = "sources.toml"
# Read for every place and small (some 20 MB in all): held, so that all 153 authorities take one reading of each.
HELD = ("areas", "deprivation_2025", "deprivation_2019")
AREAS_2025, AREAS_2019 = 33_755, 32_844
BANDS_MID2024 = {
    "children_0_4": "children_0_4_mid2024",
    "children_5_10": "children_5_10_mid2024",
    "children_11_15": "children_11_15_mid2024",
    "children_16_17": "children_16_17_mid2024",
}
BANDS_CENSUS2021 = {
    "children_0_4": "age_0_4_census2021",
    "children_5_10": "children_5_10_census2021",
    "children_11_15": "children_11_15_census2021",
    "children_16_17": "children_16_17_census2021",
}


def england_folder() -> Path:
    """Folder of the tables of England."""
    return dashboard_folder() / "data" / "england"


def table_path(table: str) -> Path:
    """File of one table, such as "areas"."""
    return england_folder() / f"{table}.parquet"


def read_rows(
    table: str,
    districts: Collection[str] | None = None,
    columns: Sequence[str] | None = None,
    *,
    key: str = "district_code",
) -> pd.DataFrame:
    """Rows of some districts (or, with another `key`, authorities or areas); all rows without.

    Parameters
    ----------
    table : str
        Such as "areas" or "demand_points".
    districts : collection of str, optional
        Values of `key`.
    columns : sequence of str, optional
        Without them, all.
    key : str
        Column that `districts` are looked up in.

    Returns
    -------
    DataFrame
        In the order of the file: by authority, district and code.
    """
    if table in HELD and districts is not None:
        held = _held_table(table, bundle_stamp())
        chosen = pc.is_in(held[key], pa.array(list(districts), held[key].type))
        read = (held if columns is None else held.select(columns)).filter(chosen)
    else:
        # A file of this size is read faster in one go than as a dataset with threads of its own.
        within = None if districts is None else [(key, "in", list(districts))]
        read = pq.read_table(table_path(table), columns=columns, filters=within)
    rows: pd.DataFrame = read.to_pandas()
    return rows


@lru_cache(maxsize=2 * len(HELD))
def _held_table(table: str, stamp: int) -> pa.Table:
    del stamp  # tells one edition of the files from the next
    return pq.read_table(table_path(table))


@lru_cache(maxsize=1)
def authorities() -> pd.DataFrame:
    """The 153 children's services authorities: index `authority_code`, with official totals. Do not change it."""
    return read_rows("authorities").set_index("authority_code")


@lru_cache(maxsize=1)
def districts() -> pd.DataFrame:
    """The 296 lower-tier authorities: index `district_code`, with File 10 of the indices. Do not change it."""
    return read_rows("districts").set_index("district_code")


def read_shapes(
    table: str, chosen: Collection[str], *, index: str, key: str = "district_code"
) -> gpd.GeoDataFrame:
    """Polygons of some districts (EPSG:27700), index as named."""
    rows = read_rows(table, chosen, [index, "geometry"], key=key)
    shapes = gpd.GeoDataFrame(
        {index: rows[index]}, geometry=shapely.from_wkb(rows["geometry"].to_numpy()), crs=BRITISH_GRID
    )
    return shapes.set_index(index).sort_index()


def read_land(west: float, south: float, east: float, north: float, *, fine: bool = False) -> BaseGeometry:
    """Land in a window (metres, EPSG:27700) as one shape: districts of England, and Wales.

    Parameters
    ----------
    west, south, east, north : float
    fine : bool
        Whether England's is as exact as the shapes of areas (40 m), and not the coarse outlines of a map (150 m).
    """
    table = pq.read_table(table_path("outlines"))
    within = (
        (pc.field("west") < east)
        & (pc.field("east") > west)
        & (pc.field("south") < north)
        & (pc.field("north") > south)
    )
    rows = table.filter(within).to_pandas()
    exact = rows["code"].isin(districts().index) if fine else pd.Series(False, rows.index)
    shapes = list(shapely.from_wkb(rows["geometry"][~exact].to_numpy()))
    if exact.any():
        areas = read_shapes("boundaries", rows["code"][exact], index="area_code").geometry
        shapes.append(shapely.coverage_union_all(areas.to_numpy()))
    return shapely.intersection(shapely.union_all(shapes), shapely.box(west, south, east, north))


@lru_cache(maxsize=1)
def england_sources() -> tuple[Source, ...]:
    """Where every column of the tables comes from (`data/england/sources.toml`)."""
    given = tomllib.loads((england_folder() / SOURCES).read_text("utf-8"))
    return tuple(Source.model_validate(source) for source in given["sources"])


def bundle_stamp() -> int:
    """Newest change in the folder of the tables, so that what was read from an older one is read again."""
    return max((path.stat().st_mtime_ns for path in england_folder().glob("*")), default=0)


@lru_cache(maxsize=1)
def homes(stamp: int) -> pd.Series:
    """Code of the authority of every LSOA of 2021, index its code; `stamp` is `bundle_stamp`."""
    del stamp
    rows = read_rows("areas", None, ["area_code", "authority_code"])
    return rows.set_index("area_code")["authority_code"]


@lru_cache(maxsize=1)
def wards_of_england(stamp: int) -> frozenset[str]:
    """Codes of every ward of 2024 and 2025; `stamp` is `bundle_stamp`."""
    del stamp
    return frozenset(read_rows("wards", None, ["ward_code"])["ward_code"])
