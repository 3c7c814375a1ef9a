"""England as a picture: every area where it lies, in its class's colour, where the map will be."""

import base64
import io
import math
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image

from analysis.output.england_map import england_shapes, grid_file
from analysis.output.england_sketch import GRID_HEIGHT, area_grid, england_sketch, read_grid
from analysis.output.map_frame import MapFrame
from analysis.output.theme import MISSING, rgb
from analysis.reach.national.files import open_national
from tests.unit.output.test_england_map import path  # noqa: F401 - a fixture

BOUNDS = (-1.0, 51.0, 1.0, 53.0)
COLOURS = ["#0B2A4A", "#77A6D1"]


@pytest.fixture
def grid(tmp_path):
    west = shapely.box(-1, 51, 0, 53)
    east = shapely.MultiPolygon([shapely.box(0.2, 51, 1, 52), shapely.box(0.2, 52.5, 1, 53)])
    inside = shapely.box(-0.7, 51.8, -0.3, 52.2)
    shapes = gpd.GeoSeries([inside, west.difference(inside), east, None], crs=4326)
    file = tmp_path / "grid.png"
    file.write_bytes(area_grid(shapes, BOUNDS))
    return read_grid(file)


def at(grid, lon, lat):
    def down(latitude):
        return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))

    west, south, east, north = BOUNDS
    row = (down(north) - down(lat)) / (down(north) - down(south)) * grid.shape[0]
    return grid[int(row), int((lon - west) / (east - west) * grid.shape[1])]


def test_a_grid_says_which_area_lies_where(grid):
    assert grid.shape[0] == GRID_HEIGHT
    assert at(grid, -0.5, 52.0) == 0, "the area in the other one's hole is on top"
    assert at(grid, -0.9, 52.0) == at(grid, -0.5, 52.8) == 1
    assert at(grid, 0.6, 51.5) == at(grid, 0.6, 52.8) == 2
    assert at(grid, 0.6, 52.2) == at(grid, 0.1, 52.0) == -1
    assert 3 not in grid


def test_a_sketch_has_the_colour_of_every_class_and_none_elsewhere(grid):
    frame = MapFrame(width_px=600, height_px=500)
    css = england_sketch(grid, pd.Series([1, 0, -1, 0]), COLOURS, BOUNDS, frame)
    content = re.search(r"base64,([^\"]+)", css)[1]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("RGBA"))
    for lon, lat, colour in ((-0.5, 52.0, COLOURS[1]), (-0.9, 52.0, COLOURS[0]), (0.6, 51.5, MISSING)):
        shown = picture[np.nonzero(grid == at(grid, lon, lat))]
        assert (shown == [*rgb(colour), 255]).all()
    assert (picture[grid == -1][:, 3] == 0).all()
    assert not set("<>\\\n") & set(css)


def test_a_sketch_lies_where_the_map_puts_the_country(grid):
    frame = MapFrame(width_px=600, height_px=500)
    css = england_sketch(grid, pd.Series([0, 0, 0, 0]), COLOURS, BOUNDS, frame)
    right, top, wide, tall = (
        float(part) for part in re.findall(r"(-?[\d.]+)px", css.split(")", 1)[0] + css[-70:])[-4:]
    )
    view = frame.view(BOUNDS)
    world = 512 * 2 ** view["zoom"]
    # The map's own rule: so many pixels to a degree, from the middle of the frame.
    assert wide == pytest.approx(2.0 / 360 * world, abs=0.1)
    left = 300 + (BOUNDS[0] - view["longitude"]) / 360 * world
    assert 300 - wide / 2 + right == pytest.approx(left, abs=0.1)
    assert top >= 0
    assert top + tall <= 500


def test_the_grid_is_made_with_the_shapes_and_counts_the_same_areas(path):  # noqa: F811
    shapes = england_shapes(open_national(path))
    grid = read_grid(grid_file(shapes.key))
    assert set(np.unique(grid)) - {-1} == {0, 1, 2, 3}
    # In a row, from west to east, as their codes rise.
    middle = grid[grid.shape[0] // 2]
    assert (np.diff(middle[middle >= 0]) >= 0).all()
