"""Need in a real browser: each place at each size, the map, the link, the slider, the download."""

from __future__ import annotations

import contextlib
import io
import re
from functools import partial

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from analysis.need.estimate import estimate_need
from analysis.need.tables import wide_table
from analysis.places.read import read_place
from analysis.render.layers import MapFrame
from analysis.render.outlines import outlines
from analysis.render.theme import SEQUENTIAL, rgb
from analysis.scenario.need_settings import default_settings, with_tiers
from pages.shared.viewport import MAP_SIZES
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import (
    SIZES,
    SLOW_MS,
    click_map,
    downloaded,
    map_pixel,
    painted_share,
    point_at,
    wait_until_painted,
    wait_until_ready,
)

BLUES = [rgb(colour) for colour in SEQUENTIAL["blue"]]


def the_map(page: Page):
    return page.locator(".st-key-map-box-need [data-testid='stDeckGlJsonChart']")


def answer(page: Page):
    return page.locator(".st-key-answer")


def choose_place(page: Page, name: str, size: str) -> None:
    """Choose a place in the sidebar; on a phone, where it is folded away, by a link."""
    if size == "phone":
        page.goto(f"{page.url.split('/need')[0]}/need?place={name}")
    else:
        option = page.get_by_role("option", name=name)
        for _ in range(4):
            # A click that meets a run of the page is lost: a person clicks again.
            page.locator(".st-key-place input").click()
            with contextlib.suppress(PlaywrightTimeout):
                option.wait_for(timeout=SLOW_MS / 10)
                break
        option.click()
    wait_until_ready(page)


@pytest.mark.parametrize(
    ("size", "places"), [("projector", ("thurrock", "plymouth")), ("phone", ("thurrock", "wirral"))]
)
def test_each_place_paints_its_map_and_says_its_number(
    open_page: OpenPage, size: str, places: tuple[str, ...]
) -> None:
    page = open_page("need", size)
    for slug in places:
        place = read_place(slug)
        if slug != places[0]:
            choose_place(page, place.name, size)
        expect(page.get_by_role("heading", level=1)).to_contain_text(place.name, timeout=SLOW_MS)
        expect(answer(page)).to_contain_text(f"of {place.children:,} in {place.name}", timeout=SLOW_MS)
        share = wait_until_painted(the_map(page), BLUES, least=0.08)
        assert share < 0.9
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= SIZES[size][0], f"{slug} scrolls sideways"


def test_a_click_on_a_ward_opens_its_profile_and_the_link_reproduces_it(open_page: OpenPage) -> None:
    page = open_page("need?place=thurrock")
    wait_until_painted(the_map(page), BLUES)
    shapes = outlines(read_place("thurrock"))
    ward = shapes.labels["ward"].loc[lambda frame: frame["area_name"] == "Ockendon"].iloc[0]
    view = MapFrame(*MAP_SIZES["normal"]).view(shapes.bounds)
    there = partial(map_pixel, the_map(page), view, ward["lon"], ward["lat"])
    click_map(page, *point_at(page, there, "Ockendon"))
    profile = page.locator(".st-key-profile")
    expect(profile).to_contain_text("Ockendon", timeout=SLOW_MS)
    expect(page).to_have_url(re.compile(r"area=Ockendon"))
    other = open_page(page.url.split("/", 3)[3])
    expect(other.locator(".st-key-profile")).to_contain_text("Ockendon", timeout=SLOW_MS)
    words = profile.locator("p", has_text="an estimated").inner_text()
    assert other.locator(".st-key-profile p", has_text="an estimated").inner_text() == words


def test_a_slider_changes_the_total_and_the_parts_still_add_up(open_page: OpenPage) -> None:
    page = open_page("need?place=wirral")
    page.locator(".st-key-assumptions summary").click()
    thumb = page.locator(".st-key-p_early_help input[type='range']")
    thumb.focus()
    for _ in range(4):
        thumb.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"p_early_help=17"), timeout=SLOW_MS)
    place = read_place("wirral")
    settings = with_tiers(default_settings(place), {"early_help": 0.17}, {})
    total = int(estimate_need(place, settings).counts["early_help"].sum())
    assert total == round(0.17 * place.children)
    expect(answer(page)).to_contain_text(f"{round(total, -1):,}", timeout=SLOW_MS)
    wait_until_ready(page)
    page.get_by_role("tab", name="All figures").click()
    table = pd.read_csv(downloaded(page, "csv-need"))
    assert table["early_help_children"].sum() == total
    expected = wide_table(estimate_need(place, settings), "ward").reset_index()
    pd.testing.assert_frame_equal(table.drop(columns="source"), expected, check_dtype=False)
    assert table["source"].str.contains("Open Government Licence").all()


def test_chart_files_are_what_they_say(open_page: OpenPage) -> None:
    page = open_page("need?place=medway")
    for kind, start in (("svg", b"<svg"), ("png", b"\x89PNG")):
        file = downloaded(page, f"{kind}-ranking").read_bytes()
        assert file.startswith(start)
        assert kind != "svg" or "Open Government Licence" in file.decode()


def test_a_typed_link_with_short_keys_is_kept_in_the_address(open_page: OpenPage) -> None:
    page = open_page("need?place=medway&level=lsoa", typed=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Medway")
    expect(page).to_have_url(re.compile(r"place=Medway.*level=LSOAs"), timeout=SLOW_MS)
    page.reload()
    wait_until_ready(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Medway")
    expect(page).to_have_url(re.compile(r"place=Medway.*level=LSOAs"), timeout=SLOW_MS)


STREETS = re.compile(r"https://basemaps\.cartocdn\.com/")
PLAIN_GREEN = {
    "version": 8,
    "sources": {},
    "layers": [{"id": "green", "type": "background", "paint": {"background-color": "#00ff00"}}],
}


def test_the_street_background_is_off_without_a_connection_and_lies_under_the_areas_with_one(
    profile: BrowserContext, address: str
) -> None:
    page = profile.new_page()
    asked: list[str] = []

    def without_connection(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(STREETS, without_connection)
    page.goto(f"{address}/need?place=Medway")
    wait_until_ready(page)
    switch = page.locator(".st-key-background")
    wait_until_painted(the_map(page), BLUES)
    assert asked == [], "something was asked before the switch was on"
    switch.locator("label").click()
    expect(page.get_by_text("No connection to the street map")).to_be_visible(timeout=SLOW_MS)
    expect(switch.locator("input")).not_to_be_checked()
    assert asked
    wait_until_painted(the_map(page), BLUES)
    wait_until_ready(page)

    page.unroute(STREETS)
    page.route(STREETS, lambda route: route.fulfill(json=PLAIN_GREEN))
    switch.locator("label").click()
    expect(switch.locator("input")).to_be_checked()
    wait_until_painted(the_map(page), [[0, 255, 0]], least=0.2)
    expect(page.get_by_text("No connection to the street map")).to_have_count(0)
    expect(page).to_have_url(re.compile("background=true"))
    page.close()


def test_a_still_sketch_of_the_same_map_stands_there_until_the_map_is_drawn(open_page: OpenPage) -> None:
    page = open_page("need?place=Wirral")
    box = page.locator(".st-key-map-box-need")
    chart = the_map(page)
    expect(page.locator(".st-key-map-box-need canvas").first).to_be_attached(timeout=SLOW_MS)
    page.add_style_tag(content="[data-testid='stDeckGlJsonChart'] {opacity: 0}")
    assert painted_share(box, BLUES) > 0.1
    sketched = np.asarray(Image.open(io.BytesIO(box.screenshot())).convert("RGB"), dtype=np.int16)
    page.add_style_tag(content="[data-testid='stDeckGlJsonChart'] {opacity: 1 !important}")
    wait_until_painted(chart, BLUES)
    drawn = np.asarray(Image.open(io.BytesIO(box.screenshot())).convert("RGB"), dtype=np.int16)
    areas = np.zeros(drawn.shape[:2], dtype=bool)
    for colour in BLUES:
        areas |= (np.abs(drawn - np.array(colour)) <= 6).all(axis=2)
    same = (np.abs(drawn - sketched) <= 12).all(axis=2)
    # What differs is an edge of a pixel's width, or a name.
    assert same[areas].mean() > 0.97


@pytest.mark.parametrize("size", ["laptop", "projector", "phone"])
def test_the_legend_stands_beside_the_map_or_below_it_and_hides_nothing(
    open_page: OpenPage, size: str
) -> None:
    page = open_page("need?place=leeds", size)
    expect(page.locator(".st-key-legend-need")).to_be_visible(timeout=SLOW_MS)
    wait_until_painted(the_map(page), BLUES)
    legend, drawn = page.locator(".st-key-legend-need").bounding_box(), the_map(page).bounding_box()
    assert legend is not None
    assert drawn is not None
    if size == "phone":
        assert legend["y"] >= drawn["y"] + drawn["height"]
        # Choices are folded: most of the map stands on the first screen.
        assert drawn["y"] + drawn["height"] / 2 < SIZES[size][1]
        assert round(drawn["width"]) == round(legend["width"])
    else:
        assert legend["x"] + legend["width"] <= drawn["x"]
        assert legend["y"] == drawn["y"]
        assert drawn["width"] >= MAP_SIZES["normal" if size == "laptop" else "wide"][0]
