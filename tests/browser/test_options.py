"""Options in a real browser: plans compared, a site closed in one, the change in table, map, download and link."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from analysis.need.estimate import estimate_need
from analysis.options.changes import SiteChanges, with_changes
from analysis.options.difference import area_difference
from analysis.options.files import find_option
from analysis.options.reached import OptionReach, option_reaches
from analysis.places.read import read_place
from analysis.render.theme import DIVERGING, SEQUENTIAL, rgb
from analysis.scenario.need_settings import default_settings
from analysis.scenario.terms import Terms
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import (
    SIZES,
    SLOW_MS,
    TWO_PLACES,
    downloaded,
    wait_until_painted,
    wait_until_ready,
)

CLOSED = SiteChanges(closed=("tilbury-family-hub",))


def reached() -> tuple[OptionReach, OptionReach]:
    """Thurrock's three hubs as they are, and without Tilbury's."""
    place = read_place("thurrock")
    option = find_option("thurrock", "three-hubs")
    estimate = estimate_need(place, default_settings(place))
    before, after = option_reaches(estimate, [option, with_changes(option, CLOSED)], Terms(20.0, "walk"))
    return before, after


def covered(reach: OptionReach) -> str:
    return f"{round(reach.summary.loc['children', 'covered']):,}"


def small_maps(page: Page) -> Locator:
    return page.locator(".st-key-small-maps .small-map svg")


def figures(page: Page) -> Locator:
    return page.locator(".st-key-options-table")


def close_tilbury(page: Page) -> None:
    page.get_by_test_id("stPopover").filter(has_text="What if").get_by_role("button").click()
    page.locator(".st-key-what-if-option input").click()
    page.get_by_role("option", name="Three hubs", exact=True).click()
    box = page.locator(".st-key-what-if-closed-thurrock-three-hubs")
    box.locator("input").click()
    page.get_by_role("option", name="Tilbury Family Hub").click()
    expect(page).to_have_url(re.compile(r"what-if=three-hubs"), timeout=SLOW_MS)
    page.keyboard.press("Escape")
    wait_until_ready(page)


@pytest.mark.parametrize(("slug", "size"), TWO_PLACES)
def test_each_place_shows_its_options_on_one_scale(open_page: OpenPage, slug: str, size: str) -> None:
    page = open_page(f"options?place={slug}", size)
    expect(small_maps(page).first).to_be_visible(timeout=SLOW_MS)
    assert small_maps(page).count() >= 2
    wait_until_painted(
        page.locator(".st-key-small-maps"), [rgb(c) for c in SEQUENTIAL["turquoise"]], least=0.08
    )
    expect(figures(page)).to_contain_text("▲ best")
    expect(figures(page)).to_contain_text("▼ worst")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= SIZES[size][0], "the page scrolls sideways"


def test_pointing_at_one_map_marks_all_and_tells_of_each(open_page: OpenPage) -> None:
    page = open_page("options?place=thurrock")
    expect(small_maps(page)).to_have_count(3, timeout=SLOW_MS)
    small_maps(page).nth(1).locator("path").nth(40).hover(force=True)
    for name in ("Three hubs: ", "Three hubs with outreach and satellites: ", "Today: "):
        expect(page.locator(".st-key-small-maps .maps > div").first).to_contain_text(name)
    first = small_maps(page).first.get_attribute("viewBox")
    page.get_by_role("button", name="Zoom all maps in").click()
    boxes = {small_maps(page).nth(number).get_attribute("viewBox") for number in range(3)}
    assert len(boxes) == 1
    assert boxes != {first}


def test_a_site_closed_in_one_option_is_seen_everywhere_and_the_link_repeats_it(open_page: OpenPage) -> None:
    before, after = reached()
    page = open_page("options?place=thurrock")
    expect(figures(page)).to_contain_text(covered(before), timeout=SLOW_MS)
    close_tilbury(page)
    expect(figures(page)).to_contain_text(covered(after), timeout=SLOW_MS)
    expect(figures(page)).to_contain_text("Three hubs (changed)")
    table = pd.read_csv(downloaded(page, "csv-options-table")).set_index(["figure", "option"])
    assert table.loc[("children_covered", "three-hubs"), "value"] == round(
        after.summary.loc["children", "covered"]
    )
    assert table["source"].str.contains("Open Government Licence").all()
    other = open_page(page.url.split("/", 3)[3])
    expect(figures(other)).to_contain_text(covered(after), timeout=SLOW_MS)
    assert figures(other).inner_text() == figures(page).inner_text()


def test_the_difference_map_shows_the_losers_and_its_download_counts_them(open_page: OpenPage) -> None:
    place = read_place("thurrock")
    estimate = estimate_need(place, default_settings(place))
    today, three = (find_option("thurrock", slug) for slug in ("today", "three-hubs"))
    one, other = option_reaches(estimate, [today, with_changes(three, CLOSED)], Terms(20.0, "walk"))
    table = area_difference(one, other)
    link = "options?place=thurrock&aspect=difference&before=today&after=three-hubs"
    page = open_page(f"{link}&what-if=three-hubs:-tilbury-family-hub")
    answer = page.locator(".st-key-answer")
    expect(answer).to_contain_text(
        f"{round(table['children_losing'].sum()):,} of 46,271 children lose", timeout=SLOW_MS
    )
    the_map = page.locator(".st-key-map-box-difference [data-testid='stDeckGlJsonChart']")
    wait_until_painted(the_map, [rgb(DIVERGING[0])], least=0.05)
    expect(page.locator(".st-key-legend-difference")).to_contain_text("− 10 min or more further")
    expect(page.locator(".st-key-legend-difference")).to_contain_text("+ 10 min or more nearer")
    saved = pd.read_csv(downloaded(page, "csv-map-difference"))
    # Each row is rounded by itself.
    assert abs(saved["children_losing"].sum() - table["children_losing"].sum()) <= len(saved) / 2
    assert saved["children"].sum() == place.children
