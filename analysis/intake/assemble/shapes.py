"""Boundaries as published: GeoJSON, GeoPackage or a zipped shapefile, of one place or the whole country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyproj import Transformer

from analysis.base.limits import MEGABYTE, check_size, refuse
from analysis.base.text import normal_heading
from analysis.intake.assemble.gathering import census_year
from analysis.intake.files.headings import LSOA_CODE, Heading, headings
from analysis.places.coordinates import BRITISH_GRID, lon_lat_of_grid
from analysis.places.geography import (
    addresses,
    check_crs,
    check_position,
    check_stated_crs,
    is_json,
    reading,
)

CODES_A_QUERY = 4_000
# Two shapes that share more than this part of their land are no parts of one.
MOST_SHARED = 0.02
# A driver goes through all of a GeoJSON each time that it is asked, so one of this size is read once and kept.
MOST_HELD_BYTES = 150 * MEGABYTE


@dataclass(frozen=True)
class ShapeFile:
    """A file of boundaries that was recognised.

    Parameters
    ----------
    path : Path
    address : str
        What the reader opens: the file, or a shapefile inside a zip.
    layer : str
    code : Heading
        Property with the LSOA code.
    columns : tuple of Heading
        Other properties that are recognised: names, and the centroid.
    year : str
        Census year of the LSOAs.
    held : GeoDataFrame or None
        All of the layer, where it was read in one go.
    """

    path: Path
    address: str
    layer: str
    code: Heading
    columns: tuple[Heading, ...]
    year: str
    held: gpd.GeoDataFrame | None = field(default=None, repr=False, compare=False)


def recognise_shapes(path: Path, columns: Mapping[str, str] | None = None) -> ShapeFile:
    """Find the layer and the property with LSOA codes.

    Parameters
    ----------
    path : Path
    columns : mapping, optional
        `lsoa_code` to the property that holds the codes; without it, the property is known by its name or its values.

    Raises
    ------
    HubreachError
        If it is no geography, states no coordinate system, or has no LSOA codes.
    """
    check_size(path)
    for address in addresses(path):
        found = _in_address(path, address, (columns or {}).get("lsoa_code", ""))
        if found is not None:
            return found
    remedy = "Give LSOA boundaries with a property such as LSOA11CD or LSOA21CD"
    raise refuse(path.name, "no property with LSOA codes", remedy)


def read_shapes(source: ShapeFile, codes: Sequence[str]) -> gpd.GeoDataFrame:
    """Polygons of some LSOAs.

    Parameters
    ----------
    source : ShapeFile
    codes : sequence of str
        LSOA codes; all others in the file are left out.

    Returns
    -------
    GeoDataFrame
        Index `area_code`, EPSG:27700, `geometry`, `easting`, `northing` (the centroid that the file
        gives, else a point inside), attribute `centroids` says which, and `joined` how many areas were in several features.
        Codes without a shape are not in it.

    Raises
    ------
    HubreachError
        If features of one code lie over each other.
    """
    names = [source.code.text, *(heading.text for heading in source.columns)]
    quoted = source.code.text.replace('"', '""')
    listed = ",".join(f"'{code}'" for code in codes if LSOA_CODE.fullmatch(code))
    where = f'"{quoted}" IN ({listed})' if 0 < len(codes) <= CODES_A_QUERY else None
    with reading(source.path):
        if source.held is not None:
            frame = source.held[[*names, source.held.geometry.name]]
        else:
            frame = pyogrio.read_dataframe(source.address, layer=source.layer, columns=names, where=where)
    check_stated_crs(source.path, getattr(frame, "crs", None))
    key = frame[source.code.text].astype("str").str.strip().str.upper()
    frame = frame.assign(area_code=key)[key.isin(set(codes)) & frame.geometry.notna()]
    check_crs(frame, source.path.name)
    frame = frame.to_crs(BRITISH_GRID)
    check_position(frame, source.path.name)
    shapes, joined = one_shape_a_key(
        frame.set_geometry(frame.geometry.make_valid()), "area_code", source.path.name
    )
    placed = _with_centroids(shapes, source)
    placed.attrs["joined"] = joined
    return placed


def one_shape_a_key(frame: gpd.GeoDataFrame, key: str, file: str) -> tuple[gpd.GeoDataFrame, int]:
    """Features of one key as one shape: a multipolygon may stand in a file in several features.

    Parameters
    ----------
    frame : GeoDataFrame
        Valid shapes in metres.
    key : str
        Column.
    file : str
        For messages.

    Returns
    -------
    shapes : GeoDataFrame
        Index `key`, in order; other columns as in the first feature of each.
    joined : int
        Keys that stood in several features.

    Raises
    ------
    HubreachError
        If features of one key share land: one of them stands twice, or is of another date.
    """
    several = frame[frame[key].duplicated(keep=False)]
    land = several.area.groupby(several[key]).sum()
    whole = (
        frame.dissolve(by=key, aggfunc="first").sort_index()
        if len(several)
        else frame.set_index(key).sort_index()
    )
    over = land.index[land > (1 + MOST_SHARED) * whole.area.reindex(land.index)]
    if len(over):
        many = "1 code stands" if len(over) == 1 else f"{len(over):,} codes stand"
        found = f"{many} in several shapes that lie over each other: {', '.join(map(str, over[:5]))}"
        raise refuse(file, found, "Keep one shape an area, or its parts, which share no land")
    return whole, len(land)


def polygons_within(source: ShapeFile, window: tuple[float, float, float, float]) -> gpd.GeoSeries:
    """Every polygon of a file that comes near a window, with or without a code.

    Parameters
    ----------
    window : tuple of float
        West, south, east, north in metres, EPSG:27700.

    Returns
    -------
    GeoSeries
        EPSG:27700.
    """
    with reading(source.path):
        held = source.held
        crs = held.crs if held is not None else pyogrio.read_info(source.address, layer=source.layer)["crs"]
        there = Transformer.from_crs(BRITISH_GRID, crs, always_xy=True)
        west, south, east, north = there.transform_bounds(*window)
        if held is None:
            found = pyogrio.read_dataframe(
                source.address, layer=source.layer, columns=[], bbox=(west, south, east, north)
            )
        else:
            edges = held.geometry.bounds
            found = held[
                (edges["maxx"] >= west)
                & (edges["minx"] <= east)
                & (edges["maxy"] >= south)
                & (edges["miny"] <= north)
            ]
    shapes: gpd.GeoSeries = found.geometry[found.geometry.notna()].to_crs(BRITISH_GRID).make_valid()
    return shapes


def _in_address(path: Path, address: str, named: str) -> ShapeFile | None:
    with reading(path):
        if _is_small_json(path, address):
            held = pyogrio.read_dataframe(address)
            if not isinstance(held, gpd.GeoDataFrame):
                return None
            fields = [str(name) for name in held.columns if name != held.geometry.name]
            return _in_layer(path, (address, "", named), fields, held)
        layers = [str(layer) for layer, kind in pyogrio.list_layers(address)[:20] if kind is not None]
        for layer in layers:
            fields = [str(name) for name in pyogrio.read_info(address, layer=layer)["fields"]]
            recognised = _in_layer(path, (address, layer, named), fields)
            if recognised is not None:
                return recognised
    return None


def _is_small_json(path: Path, address: str) -> bool:
    if address != str(path) or path.stat().st_size > MOST_HELD_BYTES:
        return False
    with path.open("rb") as file:
        return is_json(file.read(64))


def _in_layer(
    path: Path, where: tuple[str, str, str], fields: Sequence[str], held: gpd.GeoDataFrame | None = None
) -> ShapeFile | None:
    address, layer, named = where
    found = headings(fields)
    code = next((h for h in found if h.field == "lsoa_code"), None)
    if named:
        code = next(
            (
                Heading("lsoa_code", name, at, "")
                for at, name in enumerate(fields)
                if normal_heading(name) == normal_heading(named)
            ),
            None,
        )
    sample = held
    if sample is None:
        columns = list(fields) if code is None else [code.text]
        sample = pyogrio.read_dataframe(
            address, layer=layer, columns=columns, read_geometry=False, max_features=60_000
        )
    code = code or _by_values(fields, sample)
    if code is None:
        return None
    codes = sample[code.text].astype("str").str.strip().str.upper()
    if not codes.str.fullmatch(LSOA_CODE.pattern).any():
        return None
    crs = pyogrio.read_info(address, layer=layer)["crs"] if held is None else held.crs
    check_stated_crs(path, crs)
    kept = tuple(h for h in found if h.field in {"longitude", "latitude", "easting", "northing"})
    return ShapeFile(path, address, layer, code, kept, census_year(code, codes), held)


def _by_values(fields: Sequence[str], sample: pd.DataFrame) -> Heading | None:
    """The property whose values are LSOA codes, whatever its name."""
    for position, name in enumerate(fields):
        values = sample[name].dropna().astype("str").str.strip().str.upper()
        if len(values) and values.str.fullmatch(LSOA_CODE.pattern).mean() > 0.5:
            return Heading("lsoa_code", str(name), position, "")
    return None


def _with_centroids(shapes: gpd.GeoDataFrame, source: ShapeFile) -> gpd.GeoDataFrame:
    held = {heading.field: heading.text for heading in source.columns}
    inside = shapes.geometry.representative_point()
    east, north = inside.x.to_numpy(), inside.y.to_numpy()
    given = "a point inside each polygon"
    if {"easting", "northing"} <= set(held):
        own_east, own_north = (
            pd.to_numeric(shapes[held[axis]], errors="coerce").to_numpy(float)
            for axis in ("easting", "northing")
        )
        usable = np.isfinite(own_east) & np.isfinite(own_north) & (own_east > 0)
        east, north = np.where(usable, own_east, east), np.where(usable, own_north, north)
        given = "centroids that the boundary file gives"
    lon, lat = lon_lat_of_grid(east, north)
    placed = gpd.GeoDataFrame(
        {"easting": east, "northing": north, "lon": lon.round(6), "lat": lat.round(6)},
        geometry=shapes.geometry.to_numpy(),
        index=shapes.index,
        crs=BRITISH_GRID,
    )
    placed.attrs["centroids"] = given
    return placed
