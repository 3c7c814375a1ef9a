"""Symbols of sites and the stamp of a plan: each kind its own, the same kinds on screen and in print."""

from __future__ import annotations

from typing import get_args

from analysis.places.manifest import SiteSymbol
from analysis.places.read import read_place
from analysis.reach.selection import site_symbol
from analysis.render.map_furniture import legend_size
from analysis.render.map_sheet import MapLegend
from analysis.render.site_marks import MARKERS, SIZES_PT
from analysis.render.site_symbols import site_icon
from analysis.render.theme import SITE_COLOURS, SITE_SHAPES


def test_every_symbol_has_a_shape_of_its_own_on_screen_in_print_and_in_words():
    symbols = get_args(SiteSymbol)
    assert set(SITE_COLOURS) == set(SITE_SHAPES) == set(SIZES_PT) == set(symbols)
    assert len(set(SITE_SHAPES.values())) == len({site_icon(each) for each in symbols}) == len(symbols)
    assert set(MARKERS) | {"hub", "candidate"} == set(symbols)
    assert len(set(MARKERS.values())) == len(MARKERS)


def test_hubs_for_families_and_for_the_young_are_told_apart():
    kinds = read_place("wirral").kinds
    drawn = {kind: site_symbol(kind, kinds) for kind in ("family hub", "youth hub", "youth zone")}
    assert len(set(drawn.values())) == 3
    # Also where the place lists none of them.
    assert [site_symbol(kind, ()) for kind in drawn] == ["hub", "youth-hub", "youth-zone"]


def test_the_stamp_of_a_plan_is_told_and_takes_room():
    plain = MapLegend("Minutes", (("#FFFFFF", "up to 10", "5"),))
    stamped = MapLegend("Minutes", plain.rows, stamp="Illustration")
    assert stamped.alt.startswith("Map. Illustration. Minutes")
    assert legend_size(stamped, 1.0)[1] > legend_size(plain, 1.0)[1]
