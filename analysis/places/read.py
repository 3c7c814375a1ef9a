"""Read a place folder: every file, every join, all faults at once."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyproj import Transformer

from analysis.places.deprivation import read_deprivation
from analysis.places.faults import FaultList
from analysis.places.folders import place_folder
from analysis.places.manifest import Manifest, read_manifest
from analysis.places.place import AGE_BANDS, Place
from analysis.places.sites import read_sites
from analysis.places.tables import Column, read_table
from analysis.places.text import slugify

BRITISH_GRID = "EPSG:27700"
AREA_COLUMNS = (
    Column("area_code", "text", unique=True),
    Column("area_name", "text"),
    Column("ward_code", "text"),
    Column("ward_name", "text"),
    Column("msoa_code", "text", required=False, blank=True),
    Column("rural_urban", "text", required=False, blank=True),
    Column("population_mid2015", "count"),
    Column("population_mid2020", "count", required=False),
    *(Column(band, "count") for band in AGE_BANDS),
    Column("lon", least=-9, most=2),
    Column("lat", least=49, most=61),
)


def read_place(name: str | Path) -> Place:
    """Read a place by slug, name or folder.

    Parameters
    ----------
    name : str or Path
        "thurrock", "Thurrock", or the path of a folder with a `place.toml`.

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
    45381
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
        None where its tables cannot be used at all.
    """
    manifest = None
    with faults.collecting():
        manifest = read_manifest(folder / "place.toml")
    before = len(faults)
    table = read_table(folder / "areas.csv", AREA_COLUMNS, faults)
    areas = None if table is None or len(faults) > before else _with_position(table)
    codes = None if table is None else set(table["area_code"])
    boundaries = _read_boundaries(folder, codes, faults)
    if manifest is None:
        return None
    if areas is not None:
        areas = _with_localities(areas, manifest, faults)
        _report_unknown_wards(areas, manifest, faults)
    deprivation = {}
    reference = areas if areas is not None else _codes_only(table)
    for key, vintage in manifest.vintages.items():
        figures = None if reference is None else read_deprivation(folder, vintage, reference, faults)
        if figures is not None:
            deprivation[key] = figures
    sites = pd.DataFrame()
    with faults.collecting():
        sites = read_sites(folder / "sites.csv", kinds=manifest.kinds)
    if areas is None or boundaries is None or not deprivation:
        return None
    return Place(folder, manifest, areas, boundaries.reindex(areas.index), deprivation, sites)


def _codes_only(table: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if table is None else pd.DataFrame(index=pd.Index(table["area_code"].unique()))


def _with_position(table: pd.DataFrame) -> pd.DataFrame:
    areas = table.set_index("area_code").sort_index()
    to_grid = Transformer.from_crs("EPSG:4326", BRITISH_GRID, always_xy=True)
    easting, northing = to_grid.transform(areas["lon"].to_numpy(), areas["lat"].to_numpy())
    return areas.assign(
        children=areas[list(AGE_BANDS)].sum(axis=1), easting=easting.round(1), northing=northing.round(1)
    )


def _with_localities(areas: pd.DataFrame, manifest: Manifest, faults: FaultList) -> pd.DataFrame:
    """Give each small area its locality; with none named, the whole place is one."""
    areas = areas.assign(place_code=manifest.authority, place_name=manifest.name)
    if not manifest.localities:
        return areas.assign(locality_code=manifest.authority, locality_name=manifest.name)
    home: dict[str, str] = {}
    for locality in manifest.localities:
        for ward in locality.wards:
            if ward in home:
                faults.add(
                    f"ward {ward!r} is in both {home[ward]} and {locality.name}",
                    "Leave it in one locality",
                    column="localities",
                )
            home[ward] = locality.name
    left_out = sorted(set(areas["ward_name"]) - set(home))
    for ward in left_out:
        faults.add(f"ward {ward!r} is in no locality", "Add it to one", column="localities")
    names = areas["ward_name"].map(home).fillna("Not in a locality")
    return areas.assign(locality_code=names.map(slugify), locality_name=names)


def _report_unknown_wards(areas: pd.DataFrame, manifest: Manifest, faults: FaultList) -> None:
    known = set(areas["ward_name"])
    named = [("localities", ward) for item in manifest.localities for ward in item.wards]
    if manifest.priority is not None:
        named += [("priority.areas", ward) for item in manifest.priority.areas for ward in item.wards]
    for key, ward in named:
        if ward not in known:
            faults.add(
                f"there is no ward {ward!r} in areas.csv",
                "Use a ward name from areas.csv, letter for letter",
                column=key,
            )


def _read_boundaries(folder: Path, codes: set[str] | None, faults: FaultList) -> gpd.GeoDataFrame | None:
    files = sorted(folder.glob("boundaries.*"))
    if not files:
        faults.add(
            "the file is missing",
            "Put boundaries.geojson (or .gpkg) with a property area_code into the folder",
            file="boundaries.geojson",
        )
        return None
    file = files[0].name
    try:
        shapes = gpd.read_file(files[0])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        faults.add(f"cannot be read as geography: {error}", "Save it as GeoJSON or GeoPackage", file=file)
        return None
    if "area_code" not in shapes.columns:
        faults.add("no property area_code", "Name the code area_code", file=file, column="area_code")
        return None
    if codes is not None:
        given = shapes["area_code"].astype(str)
        for code in sorted(codes - set(given)):
            faults.add(f"no polygon for {code}", "Add its polygon", file=file, column="area_code")
        for code in sorted(set(given) - codes):
            remedy = "Take the polygon out, or add the area to areas.csv"
            faults.add(f"polygon {code} has no row in areas.csv", remedy, file=file, column="area_code")
        for code in sorted(set(given[given.duplicated()])):
            faults.add(f"two polygons for {code}", "Merge them into one", file=file, column="area_code")
    shapes = shapes[["area_code", "geometry"]].drop_duplicates("area_code").set_index("area_code")
    return shapes.to_crs(BRITISH_GRID).sort_index()
