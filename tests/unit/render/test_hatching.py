"""Worse is hatched: a greyscale print tells it from better."""

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.places.read import read_place
from analysis.render.hatching import HATCHED, hatch_lines, hatched_ground
from analysis.render.layers import area_map
from analysis.render.map_frame import AreaPaint, MapFrame
from analysis.render.map_sheet import MapLegend
from analysis.render.outlines import outlines
from analysis.render.printmap import HATCH_GROUP, PrintFrame, map_svg
from analysis.render.theme import DIVERGING, SEQUENTIAL, contrast


def test_grey_alone_or_lines_tell_every_two_classes_of_a_difference_apart():
    for one, other in itertools.combinations(DIVERGING, 2):
        assert contrast(one, other) >= 1.6 or (one in HATCHED) != (other in HATCHED)
    worse, better = DIVERGING[:2], DIVERGING[3:]
    assert set(HATCHED) == set(worse)
    assert not set(HATCHED) & set(better)
    assert HATCHED[DIVERGING[0]] < HATCHED[DIVERGING[1]]


def test_lines_stay_on_their_ground_and_are_as_far_apart_as_asked():
    ground = shapely.box(0, 0, 30, 20).difference(shapely.box(10, 5, 20, 15))
    lines = hatch_lines(ground, 2.0)
    drawn = shapely.union_all([shapely.LineString(line) for line in lines])
    assert drawn.difference(ground.buffer(1e-9)).is_empty
    offsets = np.unique(np.round([line[0][0] - line[0][1] for line in lines], 6))
    assert np.diff(offsets) / np.sqrt(2) == pytest.approx(2.0)
    assert drawn.length == pytest.approx(ground.area / 2.0, rel=0.1)
    assert hatch_lines(shapely.Polygon(), 2.0) == []


def test_ground_is_of_hatched_colours_only():
    areas = pd.Series([shapely.box(x, 0, x + 1, 1) for x in range(3)], ["a", "b", "c"])
    fill = pd.Series([DIVERGING[0], DIVERGING[4], DIVERGING[0]], ["a", "b", "c"])
    found = hatched_ground(areas, fill)
    assert {colour: ground.area for colour, ground in found.items()} == {DIVERGING[0]: 2.0}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_screen_and_print_hatch_a_difference_and_nothing_else(mode):
    shapes = outlines(read_place("rutland"))
    codes = list(shapes.features["ward"])
    change = AreaPaint(
        "ward",
        pd.Series([DIVERGING[k % 5] for k in range(len(codes))], codes),
        pd.DataFrame(index=codes),
    )
    need = AreaPaint("ward", pd.Series(SEQUENTIAL["blue"][2], codes), pd.DataFrame(index=codes))
    legend = MapLegend("Change", ((DIVERGING[0], "worse", "1"), (DIVERGING[4], "better", "1")))
    for paint, is_hatched in ((change, True), (need, False)):
        layers = {layer.id: layer for layer in area_map(shapes, paint, MapFrame(mode=mode)).layers}
        assert ("hatching" in layers) == is_hatched
        svg = map_svg(shapes, paint, legend, PrintFrame(12.0)).decode()
        assert (f'id="{HATCH_GROUP}"' in svg) == is_hatched
    drawn = area_map(shapes, change, MapFrame(mode=mode)).layers
    lines = next(layer for layer in drawn if layer.id == "hatching").data["features"][0]["geometry"]
    worse = shapely.union_all(
        [
            shapely.geometry.shape(shapes.features["ward"][code]["geometry"])
            for code in codes
            if change.fill[code] in HATCHED
        ]
    )
    assert shapely.geometry.shape(lines).difference(worse.buffer(1e-4)).is_empty
