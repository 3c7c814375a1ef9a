"""Shapes of a place for its maps: a level scale bar of its true length, and islets that no outline fills."""

import pytest
import shapely
from pyproj import Geod

from analysis.places.read import read_place
from analysis.render.outlines import outlines

PLACES = ["thurrock", "leeds", "kent", "cornwall", "isles-of-scilly", "rutland"]


@pytest.mark.parametrize("slug", PLACES)
def test_the_scale_bar_is_level_and_as_long_as_it_says(slug):
    place = read_place(slug)
    shapes = outlines(place)
    ((west, south), (east, also_south)), words = shapes.scale_bar
    assert south == also_south
    assert south < place.boundaries.to_crs(4326).total_bounds[1]
    assert shapes.bounds[1] == south
    along = [(west + (east - west) * step / 100, south) for step in range(101)]
    length_m = Geod(ellps="WGS84").line_length(*zip(*along, strict=True))
    assert length_m == pytest.approx(float(words.removesuffix(" km")) * 1000, rel=0.001)


@pytest.mark.parametrize("slug", PLACES)
def test_mainland_and_islets_are_the_place_and_only_what_is_small_is_an_islet(slug):
    shapes = outlines(read_place(slug))
    main, small = (
        [shapely.geometry.shape(feature["geometry"]) for feature in features]
        for features in (shapes.mainland, shapes.islets)
    )
    whole = shapely.geometry.shape(next(iter(shapes.features["place"].values()))["geometry"])
    assert sum(part.area for part in (*main, *small)) == pytest.approx(whole.area, rel=1e-6)
    assert sum(part.area for part in small) < 0.1 * whole.area
    assert max(part.area for part in main) > max((part.area for part in small), default=0.0)
    assert bool(small) or slug not in ("isles-of-scilly", "cornwall")
