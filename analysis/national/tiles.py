"""Shapes of a country cut into tiles: a browser fetches, keeps and draws those that are in its view only."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Bounds = tuple[float, float, float, float]
Tile = tuple[int, int]
Shapes = npt.NDArray[np.object_]

TILE_ZOOM = 8
"""Zoom of the tiles (Web Mercator, 512 pixels): about 95 km across in England."""
DIGITS = 4
POLYGONS = (3, 6)
GROUND = {"i": -1, "code": "", "name": "", "authority": ""}


def collection(shapes: gpd.GeoSeries, properties: pd.DataFrame) -> str:
    """Shapes in degrees as GeoJSON, to 10 m; those that are missing or empty are left out."""
    known = (shapes.notna() & ~shapes.is_empty).to_numpy()
    return _collection(shapes.to_numpy()[known], properties[known])


def area_tiles(shapes: gpd.GeoSeries, properties: pd.DataFrame) -> Iterator[tuple[Tile, str]]:
    """Cut polygons into tiles.

    Parameters
    ----------
    shapes : GeoSeries
        Polygons in degrees.
    properties : DataFrame
        One row a shape: "i", "code", "name" and "authority".

    Yields
    ------
    ((x, y), str)
        A tile that holds something, and its GeoJSON: the ground first (see `GROUND`), then the areas.
    """
    drawn = shapes.to_numpy()
    for tile, box, found in _tiles(drawn):
        cut = _cut(drawn[found], box)
        kept = np.isin(shapely.get_type_id(cut), POLYGONS) & ~shapely.is_empty(cut)
        if kept.any():
            rows = pd.concat([pd.DataFrame([GROUND]), properties.iloc[found[kept]]])
            yield tile, _collection(np.append([box], cut[kept]), rows)


def line_tiles(shapes: gpd.GeoSeries) -> Iterator[tuple[Tile, str]]:
    """Cut the outlines of polygons in degrees into tiles; an outline that two share is there once."""
    known = shapes[shapes.notna() & ~shapes.is_empty].to_numpy()
    lines = np.atleast_1d(shapely.get_parts(shapely.line_merge(shapely.union_all(shapely.boundary(known)))))
    for tile, box, found in _tiles(lines):
        cut = shapely.clip_by_rect(lines[found], *box.bounds)
        cut = cut[~shapely.is_empty(cut)]
        if len(cut):
            yield tile, _collection(cut, pd.DataFrame(index=range(len(cut))))


def tile_box(tile: Tile) -> Bounds:
    """West, south, east, north of a tile in degrees."""
    x, y = tile
    across = 2**TILE_ZOOM
    west, east = (each / across * 360 - 180 for each in (x, x + 1))
    north, south = (
        math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * each / across)))) for each in (y, y + 1)
    )
    return west, south, east, north


def _tiles(shapes: Shapes) -> Iterator[tuple[Tile, shapely.Polygon, npt.NDArray[np.int64]]]:
    """Tiles that shapes meet, their boxes, and the positions of those shapes."""
    west, south, east, north = shapely.total_bounds(shapes)
    if math.isnan(west):
        return
    tree = shapely.STRtree(shapes)
    (left, top), (right, bottom) = _tile_of(west, north), _tile_of(east, south)
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            box = shapely.box(*tile_box((x, y)))
            found = np.sort(tree.query(box, predicate="intersects"))
            if len(found):
                yield (x, y), box, found


def _tile_of(longitude: float, latitude: float) -> Tile:
    across = 2**TILE_ZOOM
    down = math.asinh(math.tan(math.radians(latitude)))
    return int((longitude + 180) / 360 * across), int((1 - down / math.pi) / 2 * across)


def _cut(shapes: Shapes, box: shapely.Polygon) -> Shapes:
    """What of polygons lies in a box; those that lie inside stay as they are."""
    cut = shapes.copy()
    over = ~shapely.contains_properly(box, shapes)
    cut[over] = shapely.clip_by_rect(shapes[over], *box.bounds)
    return cut


def _collection(shapes: Shapes, properties: pd.DataFrame) -> str:
    rounded = shapely.set_precision(shapes, 10.0**-DIGITS, mode="pointwise")
    rows = properties.to_dict("records")
    features = (
        f'{{"type":"Feature","properties":{json.dumps(row, separators=(",", ":"))},"geometry":{shape}}}'
        for row, shape in zip(rows, shapely.to_geojson(rounded), strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'
