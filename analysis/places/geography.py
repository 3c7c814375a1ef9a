"""Geography as files: opened by what they are, never by their names; in a known system, and in Great Britain."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from analysis.base.faults import HubreachError
from analysis.base.limits import (
    MEGABYTE,
    MOST_BYTES,
    check_archive,
    check_size,
    own_members,
    refuse,
    unpacking,
)
from analysis.places.coordinates import BRITISH_GRID

SAVE_AS = "Download it as GeoJSON, GeoPackage or a zipped shapefile"
MOST_NESTED = 64
ENDINGS = (".shp", ".gpkg", ".geojson", ".json")
NESTING = np.zeros(256, dtype=np.int64)
NESTING[np.frombuffer(b"[{", dtype=np.uint8)] = 1
NESTING[np.frombuffer(b"]}", dtype=np.uint8)] = -1
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


def addresses(path: Path) -> list[str]:
    """What to open, by what the file is and not by its name: no driver that reads further files is reached."""
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith(b"PK\x03\x04"):
        with unpacking(path.name), check_archive(path, MOST_BYTES * 2) as archive:
            inside = [name for name in own_members(archive.namelist()) if name.lower().endswith(ENDINGS)]
            inside = [n for n in inside if is_geography(archive.open(n).read(64)) and '"' not in n]
        if not inside:
            raise refuse(path.name, "a zip archive without boundaries in it", SAVE_AS)
        return [f"/vsizip/{{{path.resolve()}}}/{name}" for name in inside[:5]]
    if not is_geography(start):
        raise refuse(path.name, "no GeoJSON, GeoPackage or zipped shapefile", SAVE_AS)
    if start.startswith(b"\x00\x00\x27\x0a") and not path.with_suffix(".dbf").exists():
        raise refuse(
            path.name, "a shapefile without its other files", "Zip the .shp with its .dbf, .shx and .prj"
        )
    if is_json(start):
        _check_nesting(path)
    return [str(path)]


def is_json(start: bytes) -> bool:
    """Whether the first bytes of a file are those of JSON."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def is_geography(start: bytes) -> bool:
    """Whether the first bytes of a file are those of JSON, a GeoPackage or a shapefile."""
    return is_json(start) or start.startswith((b"SQLite format 3\x00", b"\x00\x00\x27\x0a"))


def _check_nesting(path: Path) -> None:
    """Refuse JSON that is nested deeper than any geography, before a parser follows it down."""
    level = 0
    with path.open("rb") as file:
        for block in iter(lambda: file.read(4 * MEGABYTE), b""):
            signs = np.frombuffer(block, dtype=np.uint8)
            depth = level + np.cumsum(NESTING[signs])
            if depth.max(initial=0) > MOST_NESTED:
                raise refuse(path.name, f"nested more than {MOST_NESTED} deep: this is no GeoJSON", SAVE_AS)
            level = max(int(depth[-1]) if len(depth) else level, 0)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever a driver says of a broken file becomes one message; shapes that it cannot read are missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except HubreachError:
        raise
    except Exception as error:  # a driver raises whatever it met
        found = "cannot be read as geography: it is damaged, breaks off, or is of another kind than its start says"
        raise refuse(path.name, found, SAVE_AS) from error


def holds_shapes(path: Path) -> bool:
    """Whether a file is GeoJSON, GeoPackage or a zip with boundaries; what is wrong with it is told by its reader."""
    check_size(path)
    with path.open("rb") as file:
        start = file.read(64)
    if not start.startswith(b"PK\x03\x04"):
        return is_geography(start)
    with check_archive(path, 2 * MOST_BYTES) as archive:
        return any(name.lower().endswith(ENDINGS) for name in own_members(archive.namelist()))


def shape_fields(path: Path) -> list[str]:
    """Names of the properties of a file's shapes."""
    with reading(path):
        fields = [pyogrio.read_info(address)["fields"] for address in addresses(path)]
    return list(dict.fromkeys(str(name) for names in fields for name in names))


def read_layers(path: Path) -> Iterator[gpd.GeoDataFrame]:
    """Read every layer with shapes of a GeoJSON, GeoPackage or zipped shapefile, in order.

    Yields
    ------
    GeoDataFrame
        All its columns and rows, EPSG:27700, as drawn; a row may have no shape.

    Raises
    ------
    HubreachError
        If there is none, one names no coordinate system, or is not in Great Britain.
    """
    found = False
    with reading(path):
        for address in addresses(path):
            layers = [str(name) for name, kind in pyogrio.list_layers(address)[:20] if kind is not None]
            for layer in layers:
                frame = pyogrio.read_dataframe(address, layer=layer)
                if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
                    continue
                check_stated_crs(path, frame.crs)
                check_crs(frame, path.name)
                frame = frame.to_crs(BRITISH_GRID)
                check_position(frame, path.name)
                found = True
                yield frame
    if not found:
        raise refuse(path.name, "no shape in any layer", "Give polygons by area, or points")


def read_layer(path: Path, has: Callable[[Collection[str]], bool] = bool) -> gpd.GeoDataFrame:
    """The first layer of `read_layers` whose columns are such as `has` wants; the first of all where none are."""
    layers = list(read_layers(path))
    wanted = (
        frame for frame in layers if has([str(name) for name in frame.columns if name != frame.geometry.name])
    )
    return next(wanted, layers[0])


def read_polygons(path: Path, has: Callable[[Collection[str]], bool] = bool) -> gpd.GeoDataFrame:
    """As `read_layer`, with shapes made valid, and without the rows that have none."""
    return valid_shapes(read_layer(path, has))


def valid_shapes(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows that have a shape, with shapes made valid."""
    held = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    return held.set_geometry(held.geometry.make_valid())
