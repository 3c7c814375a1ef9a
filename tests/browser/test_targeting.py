"""Targeting in a real browser: the maps at each size, a list by clicks, an index that follows over pages."""

from __future__ import annotations

import re
from functools import partial

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.render.layers import MapFrame
from analysis.render.outlines import outlines
from analysis.render.theme import SEQUENTIAL, rgb
from analysis.targeting import maps as targeting_maps
from analysis.targeting import words as targeting_words
from analysis.targeting.named_areas import named_areas
from analysis.targeting.smallest_set import SmallestSetProblem, smallest_set
from pages.shared.viewport import MAP_SIZES
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import (
    SIZES,
    SLOW_MS,
    TWO_PLACES,
    click_map,
    downloaded,
    go_to,
    map_pixel,
    point_at,
    wait_until_painted,
    wait_until_ready,
)

BLUES = [rgb(colour) for colour in SEQUENTIAL["blue"]]
WHITE = [rgb(targeting_maps.OUTSIDE)]


def the_map(page: Page, key: str):
    return page.locator(f".st-key-map-box-{key} [data-testid='stDeckGlJsonChart']")


def answer(page: Page):
    return page.locator(".st-key-answer")


@pytest.mark.parametrize(("slug", "size"), TWO_PLACES)
def test_each_place_paints_its_set_and_leaves_the_rest_white(
    open_page: OpenPage, slug: str, size: str
) -> None:
    page = open_page(f"targeting?place={slug}", size)
    if slug == "thurrock":
        said = targeting_words.priority_sentence(named_areas(estimate_need(read_place(slug))))
        expect(answer(page)).to_contain_text(said.replace("**", ""))
    wait_until_painted(the_map(page, "set"), BLUES, least=0.008)
    wait_until_painted(the_map(page, "set"), WHITE, least=0.05)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


@pytest.mark.parametrize(
    ("look", "key", "colour", "least"),
    [
        ("Named areas", "named", targeting_maps.VERDICT_COLOURS["found"], 0.008),
        ("Own index", "index", SEQUENTIAL["blue"][-1], 0.008),
        # Six neighbourhoods, all of them in towns.
        ("Hot spots", "hot", targeting_maps.KIND_COLOURS["high-high"], 0.001),
    ],
)
def test_each_look_paints_what_its_legend_says(
    open_page: OpenPage, look: str, key: str, colour: str, least: float
) -> None:
    page = open_page(f"targeting?place=thurrock&look={look.replace(' ', '+')}")
    wait_until_painted(the_map(page, key), [rgb(colour)], least=least)


def test_wards_that_are_clicked_become_a_list(open_page: OpenPage) -> None:
    page = open_page("targeting?place=medway&look=Named+areas")
    expect(answer(page)).to_contain_text("choose some to test")
    wait_until_painted(the_map(page, "unnamed"), BLUES)
    shapes = outlines(read_place("medway"))
    ward = shapes.labels["ward"].reset_index().set_index("area_name").loc["Hoo St Werburgh & High Halstow"]
    view = MapFrame(*MAP_SIZES["normal"]).view(shapes.bounds)
    there = partial(map_pixel, the_map(page, "unnamed"), view, ward["lon"], ward["lat"])
    click_map(page, *point_at(page, there, "Hoo St Werburgh & High Halstow"))
    expect(page).to_have_url(re.compile(f"named={ward['area_code']}"), timeout=SLOW_MS)
    expect(answer(page)).to_contain_text("that you named", timeout=SLOW_MS)


def test_an_index_of_ones_own_follows_to_other_pages_and_into_their_links(open_page: OpenPage) -> None:
    page = open_page("targeting?place=thurrock&look=Own+index")
    first = answer(page).inner_text()
    page.get_by_text("Indicators and weights").click()
    weight = page.locator(".st-key-weight-under_five_share input[type='range']")
    weight.focus()
    for _ in range(4):
        weight.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"index=imd_score.*under_five_share%3A3%3B"), timeout=SLOW_MS)
    expect(answer(page)).not_to_have_text(first, timeout=SLOW_MS)
    page.keyboard.press("Escape")
    page.locator(".st-key-index-use button").click()
    expect(page).to_have_url(re.compile(r"basis=Your\+own\+index"), timeout=SLOW_MS)
    go_to(page, "Explore", "Need")
    expect(page).to_have_url(re.compile(r"/need\?.*index="), timeout=SLOW_MS)
    wait_until_ready(page)
    expect(page.get_by_text("Who needs early help in Thurrock")).to_be_visible(timeout=SLOW_MS)
    other = open_page(page.url.split("/", 3)[3])
    expect(other).to_have_url(re.compile(r"basis=Your\+own\+index"))
    expect(answer(other)).to_have_text(answer(page).inner_text(), timeout=SLOW_MS)


def test_the_set_that_is_downloaded_is_the_set_that_is_shown(open_page: OpenPage) -> None:
    page = open_page("targeting?place=wirral&level=LSOAs&share=30")
    expect(answer(page)).to_contain_text("of 209 neighbourhoods", timeout=SLOW_MS)
    kept = pd.read_csv(downloaded(page, "csv-set"), encoding="utf-8-sig").set_index("area_code")
    focus = smallest_set(estimate_need(read_place("wirral")), SmallestSetProblem("lsoa", 0.3))
    assert list(kept.index[kept["in_set"] == "✓ in"]) == list(focus.codes)
    assert kept["source"].str.contains("Open Government Licence").all()


def test_data_and_method_reads_at_every_size(open_page: OpenPage) -> None:
    page = open_page("method?place=medway", "projector")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is behind these figures?")
    expect(page.locator(".st-key-text-table-checks")).to_contain_text("passed")
    expect(page.locator(".st-key-text-table-parameters")).to_contain_text("early help")
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        wait_until_ready(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_parameter_log_that_is_downloaded_marks_what_was_changed(open_page: OpenPage) -> None:
    page = open_page("method?place=medway&p_early_help=20&part=Parameters")
    log = pd.read_csv(downloaded(page, "csv-parameters"), encoding="utf-8-sig").set_index("parameter")
    assert log.loc["early_help_prevalence", "changed"] == "changed"
    assert float(log.loc["early_help_prevalence", "value"]) == 0.2
