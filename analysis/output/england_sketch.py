"""England's small areas as a small picture, to be seen until the browser has drawn 33,000 shapes.

Which area lies where is worked out once, as a grid of area numbers; a picture of any measure is then a look-up.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from PIL import Image, ImageDraw

from analysis.output.map_frame import MapFrame
from analysis.output.mercator import mercator
from analysis.output.theme import MISSING, rgb

IntGrid = npt.NDArray[np.int64]
Bounds = tuple[float, float, float, float]

GRID_HEIGHT = 900
"""Rows of the grid: as many as a projector's map has pixels."""


def area_grid(shapes: gpd.GeoSeries, bounds: Bounds) -> bytes:
    """Draw which area lies where.

    Parameters
    ----------
    shapes : GeoSeries
        Polygons in degrees; those that are missing or empty are left out.
    bounds : (west, south, east, north)
        What the grid covers, in degrees, on Web Mercator.

    Returns
    -------
    bytes
        A PNG whose red, green and blue are one number: one more than the position of the area, 0 for none.
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
    numbers = np.asarray(image, dtype=np.uint32)
    channels = np.stack([numbers >> 16 & 255, numbers >> 8 & 255, numbers & 255], axis=2).astype(np.uint8)
    return _png(Image.fromarray(channels, "RGB"))


def read_grid(path: Path) -> IntGrid:
    """Positions of areas by row and column, -1 where there is none."""
    channels = np.asarray(Image.open(path).convert("RGB"), dtype=np.int64)
    numbers: IntGrid = (channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]) - 1
    return numbers


def england_sketch(
    grid: IntGrid, classes: pd.Series, colours: Sequence[str], bounds: Bounds, frame: MapFrame
) -> str:
    """A measure's classes as a picture behind the map, in its first view.

    Parameters
    ----------
    grid : array of int
        See `read_grid`.
    classes : Series
        Number of the class, -1 for none, of all areas in rising order of their codes.
    colours : sequence of str
        Hex colour of each class.
    bounds : (west, south, east, north)
        What the grid covers.
    frame : MapFrame

    Returns
    -------
    str
        The value of a `background` in CSS.
    """
    number = classes.to_numpy(np.int64)
    number = np.where(number < 0, len(colours), number)
    nothing = len(colours) + 1
    picture = np.append(number, nothing)[grid].astype(np.uint8)
    image = Image.fromarray(picture, "P")
    image.putpalette([part for colour in (*colours, MISSING, "#FFFFFF") for part in rgb(colour)])
    content = base64.b64encode(_png(image, transparency=nothing)).decode()
    view = frame.view(bounds)
    west, south, east, north = bounds
    world = 512 * 2 ** view["zoom"] / (2 * math.pi)
    wide, tall = math.radians(east - west) * world, float(mercator(north) - mercator(south)) * world
    right = math.radians((west + east) / 2 - view["longitude"]) * world
    top = frame.height_px / 2 + float(mercator(view["latitude"]) - mercator(north)) * world
    place = f"calc(50% + {right:.1f}px) {top:.1f}px / {wide:.1f}px {tall:.1f}px no-repeat"
    return f'url("data:image/png;base64,{content}") {place}'


def _png(image: Image.Image, **more: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **more)
    return buffer.getvalue()
