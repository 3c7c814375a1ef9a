"""Read a place folder: every file, every join, all faults at once."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.places.barriers import place_barriers
from analysis.places.boundaries import read_boundaries
from analysis.places.coordinates import BRITISH_GRID, grid_of_lon_lat
from analysis.places.crossings import place_crossings
from analysis.places.deprivation import read_deprivation
from analysis.places.england.opening import england_place
from analysis.places.finding import ground_of, place_folder
from analysis.places.localities import report_unknown_wards, with_localities
from analysis.places.manifest import AGE_BANDS, Manifest, read_manifest, readable_vintages, report_full_tiers
from analysis.places.own_indicators import read_own_indicators
from analysis.places.place import Place
from analysis.places.sites.register import read_sites
from analysis.places.tables import Column, read_table


def area_columns(manifest: Manifest | None) -> tuple[Column, ...]:
    """Columns of areas.csv: children by age, or in all where the manifest says that ages are not known."""
    bands = AGE_BANDS if manifest is None else manifest.age_bands
    weight = "population_mid2015" if manifest is None else manifest.population_column
    population = dict.fromkeys((weight, "population_mid2020"))
    return (
        Column("area_code", "text", unique=True),
        Column("area_name", "text"),
        Column("ward_code", "text"),
        Column("ward_name", "text"),
        Column("msoa_code", "text", required=False, blank=True),
        Column("rural_urban", "text", required=False, blank=True),
        *(Column(name, "count", required=name == weight) for name in population),
        *(() if set(bands) == set(AGE_BANDS) else (Column("children", "count"),)),
        *(Column(band, "count") for band in bands),
        Column("lon", least=-9, most=2),
        Column("lat", least=49, most=61),
    )


def read_place(name: str | Path) -> Place:
    """Read a place by slug, name or folder.

    Parameters
    ----------
    name : str or Path
        "thurrock", "Thurrock", the path of a folder with a `place.toml`; or any part of England, see
        `analysis.places.england.grounds.find_ground`.

    Returns
    -------
    Place
        Checked: every small area has a polygon, a ward, a locality and deprivation figures.

    Raises
    ------
    HubreachError
        With every fault of every file.

    Examples
    --------
    >>> read_place("thurrock").children
    46271
    """
    folder = place_folder(name)
    faults = FaultList("place.toml")
    place = draft_place(folder, faults)
    faults.raise_if_any(f"The place in folder {folder.name} cannot be used as it is.")
    if place is None:  # pragma: no cover - a place is only absent when a fault was recorded
        raise AssertionError(folder)
    return place


def draft_place(folder: Path, faults: FaultList) -> Place | None:
    """Read as much of a place as can be read, and record the faults.

    Returns
    -------
    Place or None
        Where there are faults, a draft that only serves to look for more of them: rows without a code
        are left out, numbers that cannot be read are 0. None where too little can be read for that.
    """
    ground = ground_of(folder)
    if ground is not None:
        return england_place(ground, faults)
    manifest = None
    with faults.collecting():
        manifest = read_manifest(folder / "place.toml")
    if manifest is not None:
        report_full_tiers(manifest, faults)
    columns = area_columns(manifest)
    table = read_table(folder / "areas.csv", columns, faults, partial=True)
    areas = _with_position(_usable_rows(table, columns), columns)
    boundaries = read_boundaries(folder, set(areas.index), faults)
    if manifest is not None and len(areas):
        areas = areas.assign(place_code=manifest.authority, place_name=manifest.name)
        areas = with_localities(areas, manifest, faults)
        report_unknown_wards(areas, manifest, faults)
    deprivation = {}
    vintages = readable_vintages(folder / "place.toml") if manifest is None else manifest.vintages
    for key, vintage in vintages.items():
        figures = read_deprivation(folder, vintage, areas, faults)
        if figures is not None:
            deprivation[key] = figures
    sites = pd.DataFrame()
    with faults.collecting():
        sites = _read_sites(folder, manifest, boundaries)
    if manifest is None or areas.empty or not deprivation:
        return None
    shapes = gpd.GeoDataFrame({"geometry": []}, crs=BRITISH_GRID) if boundaries is None else boundaries
    left_out = FaultList("indicators")
    own = read_own_indicators(folder, areas, left_out)
    crossings = place_crossings(folder, manifest.authority.split(","), faults)
    barriers = place_barriers(folder, faults)
    return Place(
        folder,
        manifest,
        areas,
        shapes.reindex(areas.index),
        deprivation,
        sites,
        own,
        crossings=crossings,
        barriers=barriers,
        left_out=tuple(left_out),
    )


def _usable_rows(table: pd.DataFrame | None, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Rows that have a code of their own, with 0 where a number cannot be read."""
    if table is None:
        return pd.DataFrame(
            {c.name: pd.Series(dtype="str" if c.kind == "text" else "float") for c in columns}
        )
    rows = table[table["area_code"] != ""].drop_duplicates("area_code")
    counts = [c.name for c in columns if c.kind == "count" and c.name in rows]
    return rows.assign(**{name: rows[name].fillna(0).clip(lower=0) for name in counts})


def _with_position(table: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    areas = table.set_index("area_code").sort_index()
    easting, northing = grid_of_lon_lat(areas["lon"], areas["lat"])
    counted = any(column.name == "children" for column in columns)
    return areas.assign(
        children=areas["children"] if counted else areas[list(AGE_BANDS)].sum(axis=1),
        easting=np.round(easting, 1),
        northing=np.round(northing, 1),
    )


def _read_sites(folder: Path, manifest: Manifest | None, boundaries: gpd.GeoDataFrame | None) -> pd.DataFrame:
    kinds = () if manifest is None else manifest.kinds
    if boundaries is None or boundaries.geometry.isna().all():
        return read_sites(folder / "sites.csv", kinds=kinds, may_be_empty=True)
    west, south, east, north = (float(edge) for edge in boundaries.total_bounds)
    bounds = (west, south, east, north)
    return read_sites(folder / "sites.csv", kinds=kinds, bounds=bounds, may_be_empty=True)
