"""England as a picture: every area where it lies, in its class's colour, where the map will be."""

import io
import math
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image

from analysis.national.files import open_national
from analysis.national.grid import GRID_HEIGHT, AreaGrid, area_grid
from analysis.national.maps import england_picture, picture_behind, picture_name
from analysis.national.shapes import england_shapes, kept_grid
from analysis.render.map_frame import MapFrame
from analysis.render.theme import MISSING, rgb
from tests.unit.national.test_england_map import path  # noqa: F401 - a fixture

BOUNDS = (-1.0, 51.0, 1.0, 53.0)
COLOURS = ["#0B2A4A", "#77A6D1"]


@pytest.fixture
def grid(tmp_path):
    west = shapely.box(-1, 51, 0, 53)
    east = shapely.MultiPolygon([shapely.box(0.2, 51, 1, 52), shapely.box(0.2, 52.5, 1, 53)])
    inside = shapely.box(-0.7, 51.8, -0.3, 52.2)
    shapes = gpd.GeoSeries([inside, west.difference(inside), east, None], crs=4326)
    file = tmp_path / "grid.npz"
    file.write_bytes(area_grid(shapes, np.array([0, 0, 1, 1]), BOUNDS).packed())
    return AreaGrid.read(file)


def at(grid, lon, lat):
    def down(latitude):
        return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))

    west, south, east, north = BOUNDS
    rows, columns = grid.areas.shape
    row = (down(north) - down(lat)) / (down(north) - down(south)) * rows
    return int(row), int((lon - west) / (east - west) * columns)


def test_a_grid_says_which_area_lies_where(grid):
    areas = grid.areas
    assert areas.shape[0] == GRID_HEIGHT
    assert areas[at(grid, -0.5, 52.0)] == 0, "the area in the other one's hole is on top"
    assert areas[at(grid, -0.9, 52.0)] == areas[at(grid, -0.5, 52.8)] == 1
    assert areas[at(grid, 0.6, 51.5)] == areas[at(grid, 0.6, 52.8)] == 2
    assert areas[at(grid, 0.6, 52.2)] == areas[at(grid, 0.1, 52.0)] == -1
    assert 3 not in areas


def test_borders_part_authorities_and_the_sea_but_not_areas_of_one_authority(grid):
    areas, borders = grid.areas, grid.borders
    assert not borders[areas == -1].any()
    row, column = at(grid, -0.3, 52.0)
    assert not borders[row, column - 10 : column + 10].any()
    row, column = at(grid, 0.2, 51.5)
    assert borders[row, column - 2 : column + 3].any()
    alone = area_grid(gpd.GeoSeries([shapely.box(-1, 51, 0, 53), shapely.box(0, 51, 1, 53)]), [0, 1], BOUNDS)
    assert alone.borders.mean() < 0.02
    assert set(alone.areas[alone.borders].tolist()) == {0, 1}


def test_a_picture_has_the_colour_of_every_class_lines_and_nothing_elsewhere(grid):
    made = england_picture(grid, np.array([1, 0, 2, 0], np.uint8), (*COLOURS, MISSING), "#FF0000")
    picture = np.asarray(Image.open(io.BytesIO(made)).convert("RGBA"))
    for lon, lat, colour in ((-0.5, 52.0, COLOURS[1]), (-0.9, 52.0, COLOURS[0]), (0.6, 51.5, MISSING)):
        shown = picture[(grid.areas == grid.areas[at(grid, lon, lat)]) & ~grid.borders]
        assert (shown == [*rgb(colour), 255]).all()
    assert (picture[grid.borders] == [255, 0, 0, 255]).all()
    assert (picture[grid.areas == -1][:, 3] == 0).all()


def test_another_colouring_has_another_name():
    names = {
        picture_name("k", *each)
        for each in (
            ("0120", COLOURS, "#000000"),
            ("0121", COLOURS, "#000000"),
            ("0120", COLOURS[::-1], "#000000"),
            ("0120", COLOURS, "#FFFFFF"),
        )
    }
    assert len(names) == 4
    assert all(re.fullmatch(r"k-[0-9a-f]{12}\.png", name) for name in names)


def test_the_picture_behind_lies_where_the_map_puts_the_country():
    frame = MapFrame(width_px=600, height_px=500)
    css = picture_behind("shapes/x.png", BOUNDS, frame)
    assert css.startswith('url("shapes/x.png") ')
    right, top, wide, tall = (float(part) for part in re.findall(r"(-?[\d.]+)px", css))
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
    grid = kept_grid(shapes.key).areas
    assert set(np.unique(grid)) - {-1} == {0, 1, 2, 3}
    # In a row, from west to east, as their codes rise.
    middle = grid[grid.shape[0] // 2]
    assert (np.diff(middle[middle >= 0]) >= 0).all()
