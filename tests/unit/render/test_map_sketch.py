"""The still picture that stands where a map will be: same colours, same view."""

from urllib.parse import unquote
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from analysis.places.read import read_place
from analysis.render.layers import area_map
from analysis.render.map_frame import AreaPaint, MapFrame
from analysis.render.map_sketch import BREADTH, map_sketch, sketch_address
from analysis.render.outlines import outlines

SVG = "{http://www.w3.org/2000/svg}"


def painted(shapes, level):
    codes = list(shapes.features[level])
    colours = [("#145A5A", "#55AAAA", "#AADDDD")[k % 3] for k in range(len(codes))]
    return AreaPaint(level, pd.Series(colours, index=codes), pd.DataFrame(index=codes))


@pytest.mark.parametrize("slug", ["thurrock", "plymouth", "wirral", "medway"])
@pytest.mark.parametrize("level", ["ward", "lsoa"])
def test_a_sketch_is_small_and_has_a_path_for_every_colour(slug, level):
    shapes = outlines(read_place(slug))
    sketch = map_sketch(shapes, painted(shapes, level), MapFrame())
    assert len(sketch_address(sketch)) < 60_000
    root = ET.fromstring(sketch)
    assert (root.get("width"), root.get("height")) == (str(BREADTH * 640), "560")
    fills = {path.get("fill") for path in root.iter(f"{SVG}path")}
    assert {"#145A5A", "#55AAAA", "#AADDDD", "none"} <= fills


def test_a_point_lies_where_the_map_puts_it():
    shapes = outlines(read_place("thurrock"))
    frame = MapFrame(width_px=700, height_px=500)
    view = area_map(shapes, painted(shapes, "ward"), frame).initial_view_state
    sketch = map_sketch(shapes, painted(shapes, "ward"), frame)
    edge = max(
        (path for path in ET.fromstring(sketch).iter(f"{SVG}path") if path.get("fill") == "none"),
        key=lambda path: float(path.get("stroke-width")),
    )
    numbers = np.array(edge.get("d").replace("M", " ").replace("z", " ").split(), dtype=float).reshape(-1, 2)
    west, south, east, north = read_place("thurrock").boundaries.to_crs(4326).total_bounds
    world = 512 * 2**view.zoom

    def down(lat):
        return -np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi) * world

    middle = BREADTH * 350
    assert numbers[:, 0].min() == pytest.approx(middle + (west - view.longitude) / 360 * world, abs=1)
    assert numbers[:, 0].max() == pytest.approx(middle + (east - view.longitude) / 360 * world, abs=1)
    assert numbers[:, 1].min() == pytest.approx(250 + down(north) - down(view.latitude), abs=1)
    assert numbers[:, 1].max() == pytest.approx(250 + down(south) - down(view.latitude), abs=1)


def test_the_address_survives_a_style_sheet():
    shapes = outlines(read_place("medway"))
    sketch = map_sketch(shapes, painted(shapes, "ward"), MapFrame(mode="dark"))
    address = sketch_address(sketch)
    # A double quote would end the address, a number sign too, and an angle bracket has the page drop the style.
    assert not set('"#<>\\\n') & set(address)
    assert unquote(address.removeprefix("data:image/svg+xml,")) == sketch
