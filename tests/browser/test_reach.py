"""Reach and sites in a real browser: close a hub, add sites, undo, reload, share, and names that attack."""

from __future__ import annotations

import re
from functools import partial

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from analysis.places.read import read_place
from analysis.render.layers import MapFrame
from analysis.render.outlines import outlines
from analysis.render.theme import SEQUENTIAL, rgb
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

TURQUOISE = [rgb(colour) for colour in SEQUENTIAL["turquoise"]]
HOSTILE = "=1+1 <img src=x onerror=document.title='hit'>"


def the_map(page: Page, key: str):
    return page.locator(f".st-key-map-box-{key} [data-testid='stDeckGlJsonChart']")


def answer(page: Page):
    return page.locator(".st-key-answer")


def number(text: str) -> int:
    return int(text.replace(",", ""))


def in_legend(page: Page) -> int:
    """Children in the two classes of the legend that are within reach."""
    rows = page.locator(".st-key-legend-reach .row:has-text('reached') .count")
    expect(rows).to_have_count(2)
    return sum(number(text) for text in rows.all_inner_texts())


def in_answer(page: Page) -> int:
    return number(re.match(r"([\d,]+) of", answer(page).inner_text())[1])


def table_of(page: Page, key: str) -> pd.DataFrame:
    return pd.read_csv(downloaded(page, f"csv-{key}"), encoding="utf-8-sig")


def add_site(page: Page, name: str, **fields: str) -> None:
    form = page.locator(".st-key-add-site")
    form.locator(".st-key-add-name input").fill(name)
    for key, value in fields.items():
        form.locator(f".st-key-add-{key} input").fill(value)
    form.locator(".st-key-add-button button").click()


def pixel_of_area(page: Page, slug: str, code: str) -> tuple[float, float]:
    point = outlines(read_place(slug)).labels["lsoa"].loc[code]
    return pixel_of(page, slug, point["lon"], point["lat"])


def pixel_of(page: Page, slug: str, lon: float, lat: float) -> tuple[float, float]:
    """Where a point is on the map of the sites page, which is first brought into the window."""
    drawn = the_map(page, "sites")
    drawn.evaluate("element => element.scrollIntoView({block: 'center'})")
    width_px, height_px = MAP_SIZES["normal"]
    bounds = outlines(read_place(slug)).bounds
    view = MapFrame(width_px=width_px, height_px=height_px).view(bounds)
    return map_pixel(drawn, view, lon, lat)


@pytest.mark.parametrize(("slug", "size"), TWO_PLACES)
def test_each_place_paints_its_reach_and_nothing_scrolls_sideways(
    open_page: OpenPage, slug: str, size: str
) -> None:
    page = open_page(f"reach?place={slug}", size)
    expect(answer(page)).to_contain_text(f"of {read_place(slug).children:,} children")
    share = wait_until_painted(the_map(page, "reach"), TURQUOISE, least=0.08)
    assert share < 0.9
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


def test_a_closed_hub_lowers_legend_answer_table_and_download_by_the_same(open_page: OpenPage) -> None:
    page = open_page("reach?place=thurrock&site=Tilbury+Family+Hub&covered=place")
    before = in_legend(page)
    assert in_answer(page) == before
    table = table_of(page, "by-area")
    assert table["children_covered"].sum() == before
    alone = number(
        re.search(r"([\d,]+) of them can reach no other", page.locator(".st-key-one-site").inner_text())[1]
    )
    page.get_by_role("button", name="Close this site").click()
    expect(answer(page)).to_contain_text(f"{before - alone:,} of 46,271", timeout=SLOW_MS)
    wait_until_ready(page)
    assert in_legend(page) == before - alone
    assert table_of(page, "by-area")["children_covered"].sum() == before - alone
    assert table_of(page, "summary")["covered"].iloc[0] == before - alone
    mapped = table_of(page, "map-reach")
    assert abs(mapped["children_covered"].sum() - (before - alone)) <= len(mapped) / 2


def test_a_site_added_by_postcode_outlasts_a_reload_and_is_shared_by_the_link(open_page: OpenPage) -> None:
    page = open_page("sites?place=thurrock")
    add_site(page, "Library", postcode="rm17 5dx")
    expect(answer(page)).to_contain_text("16 sites are open", timeout=SLOW_MS)
    expect(page).to_have_url(re.compile(r"changes=[a-z0-9]{10}"))
    page.reload()
    wait_until_ready(page)
    expect(answer(page)).to_contain_text("16 sites are open", timeout=SLOW_MS)
    go_to(page, "Explore", "Reach")
    expect(page.locator(".st-key-changes-note")).to_contain_text("1 change to today's sites", timeout=SLOW_MS)
    expect(page).to_have_url(re.compile(r"changes=[a-z0-9]{10}"))
    other = open_page(page.url.split("/", 3)[3].replace("reach?", "sites?"))
    expect(answer(other)).to_contain_text("16 sites are open", timeout=SLOW_MS)
    sites = table_of(other, "sites")
    assert sites.set_index("name").loc["Library", "postcode"] == "RM17 5DX"
    other.get_by_role("button", name="Undo").click()
    expect(answer(other)).to_contain_text("15 sites are open", timeout=SLOW_MS)
    other.get_by_role("button", name="Redo").click()
    expect(answer(other)).to_contain_text("16 sites are open", timeout=SLOW_MS)


def test_a_site_is_added_where_the_map_was_clicked(open_page: OpenPage) -> None:
    page = open_page("sites?place=wirral")
    wait_until_painted(the_map(page, "sites"), TURQUOISE)
    place = read_place("wirral")
    areas = place.areas[place.areas["ward_name"] == "Clatterbridge"]
    code = str(place.boundaries.loc[areas.index].area.idxmax())
    click_map(page, *point_at(page, lambda: pixel_of_area(page, "wirral", code), "Clatterbridge"))
    form = page.locator(".st-key-add-site")
    expect(form).to_contain_text(str(place.areas.loc[code, "area_name"]), timeout=SLOW_MS)
    wait_until_ready(page)
    add_site(page, "Village hall")
    expect(answer(page)).to_contain_text("22 sites are open", timeout=SLOW_MS)
    wait_until_ready(page)
    added = table_of(page, "sites").set_index("name").loc["Village hall"]
    assert added["easting"] == place.areas.loc[code, "easting"]
    assert added["northing"] == place.areas.loc[code, "northing"]


def test_a_tick_in_the_table_closes_a_site_and_undo_opens_it(open_page: OpenPage) -> None:
    page = open_page("sites?place=medway&shown=open")
    grid = page.locator(".st-key-sites-table [data-testid='stDataFrame']")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 38, box["y"] + 36 + 18)
    expect(answer(page)).to_contain_text("20 sites are open", timeout=SLOW_MS)
    expect(answer(page)).to_contain_text("1 change from today")
    wait_until_ready(page)
    page.get_by_role("button", name="Undo").click()
    expect(answer(page)).to_contain_text("21 sites are open", timeout=SLOW_MS)
    expect(answer(page)).to_contain_text("as they are today")


def test_a_hostile_name_is_text_in_tooltip_page_and_download(open_page: OpenPage) -> None:
    page = open_page("sites?place=thurrock&shown=open")
    title = page.title()
    add_site(page, HOSTILE, easting="575000", northing="182500")
    expect(answer(page)).to_contain_text("16 sites are open", timeout=SLOW_MS)
    wait_until_ready(page)
    wait_until_painted(the_map(page, "sites"), TURQUOISE)
    cells = table_of(page, "sites")
    row = cells[cells["name"].str.contains("onerror", na=False)].iloc[0]
    assert row["name"] == f"'{HOSTILE}"
    there = partial(pixel_of, page, "thurrock", row["lon"], row["lat"])
    spot = point_at(page, there, "<img src=x onerror=document.title='hit'>")
    expect(page.locator("img[src='x']")).to_have_count(0)
    click_map(page, *spot)
    expect(page.locator(".st-key-one-site")).to_contain_text("<img src=x", timeout=SLOW_MS)
    expect(page.locator("img[src='x']")).to_have_count(0)
    assert page.title() == title


def test_a_click_on_an_area_looks_from_its_ward_and_the_link_keeps_it(open_page: OpenPage) -> None:
    page = open_page("reach?place=thurrock&ward=Tilbury+St+Chads&reach_part=A+ward%27s+view")
    view = page.locator(".st-key-from-ward")
    expect(page.get_by_text("From Tilbury St Chads, ")).to_be_visible(timeout=SLOW_MS)
    expect(view).to_be_visible()
    expect(page).to_have_url(re.compile(r"ward=Tilbury"))
    nearest = table_of(page, "ward-kinds").set_index("kind")
    assert nearest.loc["family hub", "site_name"] == "Tilbury Family Hub"
    assert nearest.loc["family hub", "walk_minutes"] > nearest.loc["family hub", "cycle_minutes"]
