"""England's small areas as a picture: what a map of the whole country shows in place of 33,000 shapes.

Which area lies where is worked out once, as a grid of area numbers; a picture of any measure is then a look-up.
An area of a town is smaller than a pixel of the country's map, so that nothing that could be seen is lost.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageDraw

from analysis.national.tiles import Bounds
from analysis.render.map_frame import MapFrame
from analysis.render.mercator import mercator
from analysis.render.theme import MISSING, rgb

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


def england_picture(grid: AreaGrid, shown: npt.NDArray[np.uint8], colours: Sequence[str], line: str) -> bytes:
    """A measure's classes as a PNG, transparent outside of the country.

    Parameters
    ----------
    grid : AreaGrid
    shown : array of uint8, shape (n_areas,)
        Number of the class of all areas in rising order of their codes, one more than the last for none.
    colours : sequence of str
        Hex colour of each class.
    line : str
        Hex colour of the outlines of authorities.
    """
    nothing, border = len(colours) + 1, len(colours) + 2
    picture = np.append(shown, np.uint8(nothing))[grid.areas]
    picture[grid.borders] = border
    image = Image.fromarray(picture, "P")
    image.putpalette([part for colour in (*colours, MISSING, "#FFFFFF", line) for part in rgb(colour)])
    buffer = io.BytesIO()
    # A quick packing: the picture is made while somebody waits for it.
    image.save(buffer, "PNG", transparency=nothing, compress_level=3)
    return buffer.getvalue()


def picture_name(key: str, digits: str, colours: Sequence[str], line: str) -> str:
    """Name of a picture by all that it depends on."""
    content = digits + "".join(colours) + line
    return f"{key}-{hashlib.sha256(content.encode()).hexdigest()[:12]}.png"


def picture_behind(address: str, bounds: Bounds, frame: MapFrame) -> str:
    """A picture of the country behind the map, where the map's first view will show it.

    Parameters
    ----------
    address : str
        Of the picture.
    bounds : (west, south, east, north)
        What it covers.
    frame : MapFrame

    Returns
    -------
    str
        The value of a `background` in CSS.
    """
    view = frame.view(bounds)
    west, south, east, north = bounds
    world = 512 * 2 ** view["zoom"] / (2 * math.pi)
    wide, tall = math.radians(east - west) * world, float(mercator(north) - mercator(south)) * world
    right = math.radians((west + east) / 2 - view["longitude"]) * world
    top = frame.height_px / 2 + float(mercator(view["latitude"]) - mercator(north)) * world
    place = f"calc(50% + {right:.1f}px) {top:.1f}px / {wide:.1f}px {tall:.1f}px no-repeat"
    return f'url("{address}") {place}'
