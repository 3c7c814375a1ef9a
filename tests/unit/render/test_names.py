"""Names of areas on maps: in their area or on a line, never over each other, on screen and in print."""

import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.places.read import read_place
from analysis.render.labels import FOREMOST, NameFrame, place_names
from analysis.render.map_frame import AreaPaint, MapFrame
from analysis.render.map_layout import overlap
from analysis.render.map_sheet import MapLegend
from analysis.render.map_text import screen_names
from analysis.render.outlines import outlines
from analysis.render.print_names import level_shapes, print_names
from analysis.render.printmap import PrintFrame, map_layout

EIGHT = ["thurrock", "plymouth", "wirral", "medway", "leeds", "kent", "cornwall", "tower-hamlets"]
FRAMES = [MapFrame(350, 420), MapFrame(460, 510), MapFrame(810, 760), MapFrame(1555, 783, large=True)]
LEGEND = MapLegend("Early help: estimated children", (("#123F66", "1,000 to 2,000", "12"),) * 5, "wards")


def square(left, low, right, high):
    return [[np.array([(left, low), (right, low), (right, high), (left, high), (left, low)], dtype=float)]]


def names_of(**areas):
    """Named areas, the first with most need, each with its middle."""
    middle = {code: ring[0][0][:4].mean(axis=0) for code, ring in areas.items()}
    return pd.DataFrame(
        {
            "area_name": list(areas),
            "x": [x for x, _ in middle.values()],
            "y": [y for _, y in middle.values()],
            "order": range(len(areas), 0, -1),
        },
        index=list(areas),
    )


def placed(frame=None, **areas):
    return {
        name.code: name
        for name in place_names(names_of(**areas), areas, frame or NameFrame(400, 300, 13, 12))
    }


def test_a_name_stands_in_the_middle_of_an_area_that_has_room():
    name = placed(Ash=square(100, 100, 300, 200))["Ash"]
    assert (name.x, name.y) == pytest.approx((200, 150), abs=5)
    assert (name.size, name.lines, name.anchor) == (13, ("Ash",), None)


def test_a_name_too_long_for_its_area_takes_lines_then_goes_beside_it_on_a_line():
    narrow = placed(**{"Ash Grove": square(100, 100, 138, 250)})["Ash Grove"]
    assert (narrow.lines, narrow.anchor) == (("Ash", "Grove"), None)
    small = placed(Ashgrove=square(200, 100, 230, 130))["Ashgrove"]
    assert small.anchor == pytest.approx((215, 115), abs=4)
    left, low, right, high = small.box
    assert right <= 200 or left >= 230 or high <= 100 or low >= 130


def test_a_name_goes_onto_another_area_only_on_a_line_and_only_where_need_is_most():
    around = {f"W{number}": square(0, 0, 400, 300) for number in range(FOREMOST)}
    first = placed(Ashgrove=square(200, 140, 225, 165), **around)
    assert first["Ashgrove"].anchor == pytest.approx((212, 152), abs=5)
    last = placed(**around, Ashgrove=square(200, 140, 225, 165))
    assert "Ashgrove" not in last


def test_names_leave_what_is_taken_free_and_symbols_uncovered_where_they_can():
    area = square(20, 20, 380, 280)
    taken = placed(NameFrame(400, 300, 13, 12, taken=[(0, 0, 400, 180)]), Ash=area)["Ash"]
    assert taken.box[1] >= 178
    marked = placed(NameFrame(400, 300, 13, 12, marks=[(190, 140, 210, 160)]), Ash=area)["Ash"]
    assert not overlap(marked.box, (190, 140, 210, 160))
    everywhere = placed(NameFrame(400, 300, 13, 12, marks=[(0, 0, 400, 300)]), Ash=area)["Ash"]
    assert everywhere.anchor is None


def test_the_area_with_most_need_is_named_where_two_share_the_room():
    areas = {"Ashgrove": square(100, 100, 122, 122), "Oakwood": square(124, 100, 146, 122)}
    # Below them there is room for one name.
    tight = NameFrame(
        400, 300, 13, 12, taken=[(0, 0, 400, 98), (0, 152, 400, 300), (0, 0, 88, 300), (160, 0, 400, 300)]
    )
    assert list(placed(tight, **areas)) == ["Ashgrove"]
    assert list(placed(tight, **dict(reversed(areas.items())))) == ["Oakwood"]


def paint_of(shapes):
    codes = list(shapes.features["ward"])
    order = pd.Series(range(len(codes), 0, -1), index=codes, dtype=float)
    return AreaPaint("ward", pd.Series("#123F66", codes), pd.DataFrame(index=codes), order)


def assert_in_area_or_on_a_line(names, areas, ground):
    """Every name's middle is in its own area, or the end of its line is; no name covers another."""
    for number, name in enumerate(names):
        assert areas[name.code].contains(shapely.Point(ground(*(name.anchor or (name.x, name.y)))))
        assert not any(overlap(name.box, other.box) for other in names[:number])


@pytest.mark.parametrize("slug", EIGHT)
def test_no_name_of_a_ward_stands_outside_it_but_on_a_line(slug):
    shapes = outlines(read_place(slug))
    paint = paint_of(shapes)
    wards = {
        code: shapely.geometry.shape(found["geometry"]) for code, found in shapes.features["ward"].items()
    }
    for frame in FRAMES:
        names, seen = screen_names(shapes, paint, frame)
        assert names[0].code == paint.fill.index[0]
        assert_in_area_or_on_a_line(names, wards, seen.degrees)
    layout = map_layout(level_shapes(shapes, "place"), LEGEND, PrintFrame())
    names = print_names(shapes, paint, layout, 1.0, [])
    assert names[0].code == paint.fill.index[0]
    assert not any(overlap(name.box, taken) for name in names for taken in (layout.legend, layout.furniture))

    def ground(x, y):
        return layout.left_m + x / layout.scale, layout.bottom_m + y / layout.scale

    assert_in_area_or_on_a_line(names, level_shapes(shapes, "ward").geometry, ground)
