"""Figures in a real browser: a link draws the map, a click opens the card, two at once come with a download."""

from __future__ import annotations

import re

import pandas as pd
from playwright.sync_api import expect

from analysis.benchmark.indicator_maps import pair_colour
from analysis.render.theme import SEQUENTIAL, rgb
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import SIZES, SLOW_MS, downloaded, wait_until_painted

BLUES = [rgb(colour) for colour in SEQUENTIAL["blue"]]
SQUARE = [rgb(pair_colour(a, b)) for a in ("low", "middle", "high") for b in ("low", "middle", "high")]


def test_a_figure_is_drawn_chosen_from_the_list_and_shown_with_a_second(open_page: OpenPage) -> None:
    page = open_page("figures?place=rutland&figure=disabled_residents&figure_by=lsoa&area=E01035106")
    drawn = page.locator(".st-key-map-box-data [data-testid='stDeckGlJsonChart']")
    wait_until_painted(drawn, BLUES)
    expect(page.locator(".st-key-legend-data")).to_contain_text("Disabled residents, % of residents")
    card = page.locator(".st-key-area-card")
    expect(card).to_contain_text("22.1%")
    expect(card).to_contain_text("279 residents")
    links = card.get_by_role("link", name="Place a site here").bounding_box()
    assert links is not None
    assert links["y"] + links["height"] < SIZES["laptop"][1]
    page.locator(".st-key-layers button").click()
    page.locator(".st-key-and input").fill("crime, score")
    page.get_by_role("option", name="Crime, score").click()
    expect(page.locator(".st-key-answer")).to_contain_text("are in the top third on both", timeout=SLOW_MS)
    wait_until_painted(drawn, SQUARE)
    expect(page).to_have_url(re.compile(r"[?&]and="))
    table = pd.read_csv(downloaded(page, "csv-map-data"), encoding="utf-8-sig", index_col=0)
    assert table.loc["E01035106", "value"] == 22.14
    assert len(table) == 26
