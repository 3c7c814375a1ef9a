"""England and a figure of one's own in a real browser: a file uploaded, ranked, asked; a figure that joins."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pandas as pd
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as SlowPage

from analysis.places.read import read_place
from analysis.render.theme import SEQUENTIAL, rgb
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import (
    SIZES,
    SLOW_MS,
    click_map,
    downloaded,
    tooltip,
    wait_until_painted,
    wait_until_ready,
)
from tests.unit.national.test_england_map import file_with_shapes
from tests.unit.national.test_national_files import NEED


def test_a_file_of_the_country_is_ranked_and_asked(open_page: OpenPage, tmp_path: Path) -> None:
    made = tmp_path / "need.parquet"
    NEED.to_parquet(made)
    page = open_page("england?place=thurrock", "phone")
    expect(page.locator(".st-key-answer")).to_contain_text("comes first", timeout=SLOW_MS)
    page.get_by_role("button", name=re.compile("Another file")).click()
    page.locator("input[type=file]").set_input_files(made)
    expect(page.locator(".st-key-answer")).to_contain_text("Brook <b> comes first", timeout=SLOW_MS)
    wait_until_ready(page)
    expect(page.locator(".st-key-chart-england .js-plotly-plot")).to_be_visible(timeout=SLOW_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]
    page.keyboard.press("Escape")
    wait_until_ready(page)
    offered = page.locator(".st-key-csv-england-query button:visible")
    for _ in range(3):
        # A click while the page runs again can be lost.
        page.get_by_role("button", name="Ask", exact=True).click()
        with contextlib.suppress(SlowPage):
            offered.wait_for(timeout=15_000)
            break
    answer = pd.read_csv(downloaded(page, offered))
    assert list(answer["area_name"]) == ["Two", "One"]


def test_a_figure_of_ones_own_joins_the_place(open_page: OpenPage, tmp_path: Path) -> None:
    codes = read_place("thurrock").areas.index
    table = tmp_path / "own.csv"
    table.write_text("LSOA,Parents\n" + "".join(f"{code},{n % 9}\n" for n, code in enumerate(codes)), "utf-8")
    page = open_page("method?place=thurrock&part=Your+own+figures")
    page.get_by_text("Add a figure of your own", exact=True).click()
    page.locator("[class*=st-key-own_indicator] input[type=file]").set_input_files(table)
    expect(page.get_by_role("button", name="Check the file")).to_be_visible(timeout=SLOW_MS)
    wait_until_ready(page)
    for label, text in {
        "Name": "Lone parents",
        "Unit": "per cent",
        "Source": "Census",
        "Of which year": "2021",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("100 of 100 LSOAs have a value")).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="Save the figure").click()
    expect(page.get_by_text("Lone parents joined Thurrock")).to_be_visible(timeout=SLOW_MS)


def find_area(page: Page, room: Locator, name: str) -> tuple[float, float]:
    """Move the pointer along the middle of a map until its tooltip names an area."""
    chart = room.bounding_box()
    assert chart is not None
    middle = chart["y"] + chart["height"] / 2
    for step in range(2, 39):
        x = chart["x"] + chart["width"] * step / 40
        page.mouse.move(x, middle)
        if name in tooltip(page):
            return x, middle
    raise AssertionError(f"no tooltip named {name}")


def open_map(open_page: OpenPage, made: Path) -> tuple[Page, Locator]:
    """The page with a file's small areas, and the box of its map."""
    page = open_page("england?place=thurrock&england=map")
    page.get_by_role("button", name=re.compile("Another file")).click()
    page.locator("input[type=file]").set_input_files(made)
    expect(page.locator(".st-key-answer")).to_contain_text("4 small areas", timeout=SLOW_MS)
    page.keyboard.press("Escape")
    room = page.locator(".st-key-map-box-england")
    return page, room


def test_small_areas_are_mapped_recoloured_and_clicked(open_page: OpenPage, tmp_path: Path) -> None:
    page, room = open_map(open_page, file_with_shapes(tmp_path))
    wait_until_painted(room, [rgb(SEQUENTIAL["blue"][-1])], least=0.03)
    find_area(page, room, "One <img src=x onerror=alert(1)>")
    click_map(page, *find_area(page, room, "Three"))
    expect(page.locator(".st-key-england-area")).to_contain_text("300.0 (250.0 to 350.0)", timeout=SLOW_MS)
    expect(page).to_have_url(re.compile("small_area=Three"), timeout=SLOW_MS)
    page.locator(".st-key-england_need input").click()
    page.get_by_role("option", name="Early help: children", exact=True).click()
    expect(page.locator(".st-key-england-area")).to_contain_text("30 (25 to 35)", timeout=SLOW_MS)
    wait_until_painted(room, [rgb(SEQUENTIAL["blue"][-1])], least=0.03)


def test_an_authority_of_the_whole_country_is_clicked_and_comes_close(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page, room = open_map(open_page, file_with_shapes(tmp_path, far=150))
    wait_until_painted(room, [rgb(SEQUENTIAL["blue"][-1])], least=0.01)
    click_map(page, *find_area(page, room, "Brook <b>"))
    expect(page).to_have_url(re.compile("authority=Brook"), timeout=SLOW_MS)
    expect(page.get_by_text("All 3 small areas of Brook <b>")).to_be_visible(timeout=SLOW_MS)
    click_map(page, *find_area(page, room, "Three"))
    expect(page.locator(".st-key-england-area")).to_contain_text("300.0 (250.0 to 350.0)", timeout=SLOW_MS)
