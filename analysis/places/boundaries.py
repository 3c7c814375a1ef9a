"""Boundaries of a place: one polygon for every small area."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from analysis.base.faults import FaultList, HubreachError
from analysis.base.sheets import as_heading
from analysis.places.geography import read_layer

POLYGONS = ("Polygon", "MultiPolygon")


def read_boundaries(folder: Path, codes: set[str], faults: FaultList) -> gpd.GeoDataFrame | None:
    """Read `boundaries.geojson` (or any `boundaries.*` that holds geography) and check it against codes.

    Parameters
    ----------
    folder : Path
        The place's folder.
    codes : set of str
        Codes in areas.csv; empty if they are not known, and then the join is not checked.
    faults : FaultList
        Takes what is wrong.

    Returns
    -------
    GeoDataFrame or None
        Index `area_code` (sorted, each once), EPSG:27700; polygons that cross themselves are mended.
        None where nothing can be read.
    """
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
        shapes = read_layer(files[0])
    except HubreachError as error:
        faults.extend(error.faults)
        return None
    own = {str(name): as_heading(str(name)) for name in shapes.columns}
    shapes = shapes.rename(columns={name: "area_code" for name, text in own.items() if text == "area_code"})
    if "area_code" not in shapes.columns:
        found = ", ".join(map(str, shapes.columns.drop("geometry", errors="ignore")[:12])) or "none"
        remedy = "Name the property that holds the code area_code"
        faults.add(f"no property area_code (found {found})", remedy, file=file, column="area_code")
        return None
    shapes = shapes.assign(area_code=shapes["area_code"].astype(str).str.strip())
    _report_shapes(shapes, file, faults)
    if codes:
        _report_codes(shapes, codes, file, faults)
    shapes = shapes[["area_code", "geometry"]].drop_duplicates("area_code").set_index("area_code")
    shapes = shapes.sort_index()
    crossing = ~(shapes.is_valid | shapes.geometry.isna())
    return shapes.assign(geometry=shapes.geometry.where(~crossing, shapes.geometry.make_valid()))


def _report_shapes(shapes: gpd.GeoDataFrame, file: str, faults: FaultList) -> None:
    empty = shapes.geometry.isna() | shapes.geometry.is_empty
    for code in shapes["area_code"][empty]:
        faults.add(f"{code} has no shape", "Give it a polygon", file=file, column="area_code")
    odd = ~empty & ~shapes.geom_type.isin(POLYGONS)
    for code, kind in zip(shapes["area_code"][odd], shapes.geom_type[odd], strict=True):
        faults.add(f"{code} is a {kind}", "Give it a polygon", file=file, column="area_code")


def _report_codes(shapes: gpd.GeoDataFrame, codes: set[str], file: str, faults: FaultList) -> None:
    given = shapes["area_code"]
    for code in sorted(codes - set(given)):
        faults.add(f"no polygon for {code}", "Add its polygon", file=file, column="area_code")
    for code in sorted(set(given) - codes):
        remedy = "Take the polygon out, or add the area to areas.csv"
        faults.add(f"polygon {code} has no row in areas.csv", remedy, file=file, column="area_code")
    for code in sorted(set(given[given.duplicated()])):
        faults.add(f"two polygons for {code}", "Merge them into one", file=file, column="area_code")
