"""Which of England's small areas lies where, as a grid of area numbers: a picture of any measure is then a look-up.

An area of a town is smaller than a pixel of the country's map, so that nothing that could be seen is lost.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageDraw

from analysis.national.tiles import Bounds
from analysis.places.coordinates import mercator

GRID_HEIGHT = 1600
"""Rows of the grid: a pixel of the country is about 400 m."""


@dataclass(frozen=True, eq=False)
class AreaGrid:
    """Which small area lies where, on Web Mercator.

    Parameters
    ----------
    areas : array of int, shape (rows, columns)
        Position of the area in rising order of codes, -1 where there is none.
    borders : array of bool, shape (rows, columns)
        Where two authorities, or an authority and the sea, meet.
    """

    areas: npt.NDArray[np.int32]
    borders: npt.NDArray[np.bool_]

    def packed(self) -> bytes:
        """The grid as the content of a file."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, areas=self.areas, borders=self.borders)
        return buffer.getvalue()

    @classmethod
    def read(cls, path: Path) -> AreaGrid:
        """Read what `packed` made."""
        with np.load(path) as kept:
            return cls(kept["areas"], kept["borders"])


def area_grid(shapes: gpd.GeoSeries, authorities: npt.NDArray[np.int64], bounds: Bounds) -> AreaGrid:
    """Draw which area lies where.

    Parameters
    ----------
    shapes : GeoSeries
        Polygons in degrees; those that are missing or empty are left out.
    authorities : array of int, shape (n_shapes,)
        Number of each one's authority.
    bounds : (west, south, east, north)
        What the grid covers, in degrees.
    """
    west, south, east, north = bounds
    top, bottom = float(mercator(north)), float(mercator(south))
    scale = GRID_HEIGHT / (top - bottom)
    size = (max(1, round(math.radians(east - west) * scale)), GRID_HEIGHT)
    image = Image.new("I", size, 0)
    pen = ImageDraw.Draw(image)
    drawn = shapes.to_numpy()
    # The large first: an area within another one's hole is drawn over it.
    for position in np.argsort(-np.nan_to_num(shapely.area(drawn)), kind="stable"):
        shape = drawn[position]
        if shape is None or shape.is_empty:
            continue
        for part in shapely.get_parts(shape):
            ring = shapely.get_coordinates(shapely.get_exterior_ring(part))
            across = np.radians(ring[:, 0] - west) * scale
            down = (top - mercator(ring[:, 1])) * scale
            pen.polygon(list(zip(across.tolist(), down.tolist(), strict=True)), fill=int(position) + 1)
    areas = np.asarray(image, dtype=np.int32) - 1
    return AreaGrid(areas, _borders(np.append(authorities, -1)[areas]))


def _borders(authorities: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Land that meets another authority or the sea."""
    found = np.zeros(authorities.shape, dtype=bool)
    for axis in (0, 1):
        ends = np.diff(authorities, axis=axis) != 0
        found |= np.insert(ends, 0, values=False, axis=axis) | np.append(
            ends, np.zeros_like(np.take(ends, [0], axis=axis)), axis=axis
        )
    return found & (authorities >= 0)
