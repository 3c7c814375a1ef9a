"""Where on earth the numbers of a boundary file are: told by the file, known, and in Great Britain."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from analysis.intake.files.limits import refuse
from analysis.places.coordinates import BRITISH_GRID

BRITAIN_M = (-50_000.0, -50_000.0, 750_000.0, 1_350_000.0)


def check_stated_crs(path: Path, crs: object) -> None:
    """Refuse a file that does not say where on earth its numbers are."""
    if crs is None:
        remedy = "Save it with one, such as EPSG:27700 (a shapefile needs its .prj)"
        raise refuse(path.name, "no coordinate system is given", remedy)


def check_crs(frame: gpd.GeoDataFrame, file: str) -> None:
    """Refuse a coordinate system that is not known, and metres that are said to be degrees."""
    west, south, east, north = frame.total_bounds if len(frame) else (0, 0, 0, 0)
    try:
        # Some files name a system that nothing can be worked out from.
        Transformer.from_crs(frame.crs, BRITISH_GRID)
    except ProjError as error:
        found = f"the coordinate system {str(frame.crs)[:40]!r} is not a known one"
        raise refuse(file, found, "Save it with one, such as EPSG:27700") from error
    geographic = CRS.from_user_input(frame.crs).is_geographic
    if geographic and (abs(west) > 180 or abs(east) > 180 or abs(south) > 90 or abs(north) > 90):
        found = f"coordinates such as {west:,.0f}, {south:,.0f} are metres, but the file says degrees"
        raise refuse(file, found, 'Save it with its coordinate system (GeoJSON: a "crs" of EPSG:27700)')


def check_position(shapes: gpd.GeoDataFrame, file: str) -> None:
    """Refuse shapes (EPSG:27700) that are not in Great Britain."""
    if shapes.empty:
        return
    west, south, east, north = shapes.total_bounds
    inside = west >= BRITAIN_M[0] and south >= BRITAIN_M[1] and east <= BRITAIN_M[2] and north <= BRITAIN_M[3]
    if not inside:
        found = (
            f"shapes from {west:,.0f}, {south:,.0f} to {east:,.0f}, {north:,.0f} m are not in Great Britain"
        )
        raise refuse(file, found, "Check the coordinate system, and that longitude comes before latitude")
