"""Siting in a real browser: the best three with their proof, links, an option made of them, Stop, and clashing wishes."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.answer import straight_travel
from analysis.render.theme import SEQUENTIAL, nearest_ten, rgb
from analysis.scenario.travel import travel_settings
from analysis.siting.answer import best_sets
from analysis.siting.maps import SITE_FILLS, pale
from analysis.siting.problem import SitingTerms, place_problem
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import (
    SLOW_MS,
    choose_in_popover,
    downloaded,
    wait_until_painted,
    wait_until_ready,
)

HOSTS = ("family hub", "children's centre", "children's centre linked site")
HOSTS_PARAMS = "hosts=family+hub&hosts=children%27s+centre&hosts=children%27s+centre+linked+site"
TURQUOISE = [rgb(colour) for colour in SEQUENTIAL["turquoise"]]
ASSIGNED = [rgb(shade) for colour in SITE_FILLS for shade in (colour, pale(colour))]


@pytest.fixture(scope="module")
def best() -> tuple[list[str], int]:
    """Names of Wirral's best three of these kinds, and the need that they reach."""
    place = read_place("wirral")
    travel = straight_travel(place, place.sites, travel_settings("walk"))
    problem = place_problem(estimate_need(place), place.sites, travel, SitingTerms(kinds=HOSTS))
    found = best_sets(problem)[0]
    return problem.names(found.sites), round(found.objective)


def answer(page: Page):
    return page.locator(".st-key-answer")


def table_of(page: Page, key: str) -> pd.DataFrame:
    return pd.read_csv(downloaded(page, f"csv-{key}"), encoding="utf-8-sig")


def test_the_best_three_are_mapped_assigned_and_compared_as_an_option(
    open_page: OpenPage, best: tuple[list[str], int]
) -> None:
    names, reached = best
    page = open_page(f"siting?place=wirral&{HOSTS_PARAMS}")
    for name in names:
        expect(answer(page)).to_contain_text(name, timeout=SLOW_MS)
    expect(answer(page)).to_contain_text(f"An estimated {nearest_ten(reached)} (")
    expect(page.get_by_text("Proven best on these travel times and estimates")).to_be_visible()
    wait_until_painted(page.locator(".st-key-map-box-siting"), TURQUOISE, least=0.08)
    assigned = table_of(page, "assignment")
    assert len(assigned) == 209
    assert set(assigned["site"]) == set(names)
    whole = assigned.loc[assigned["within"] == "yes", "need"].sum()
    partly = assigned.loc[assigned["within"] == "partly", "need"].sum()
    assert whole < reached < whole + partly
    assert table_of(page, "set-summary").set_index("who").loc["Early help (est.)", "covered"] == reached
    page.get_by_role("button", name="Save as an option").click()
    page.get_by_role("link", name="Compare it with today").click(timeout=SLOW_MS)
    expect(page.locator(".st-key-options-table")).to_contain_text("Best 3, reach most need", timeout=SLOW_MS)
    expect(page.locator(".st-key-options-table")).to_contain_text(nearest_ten(reached))


def test_a_ruled_out_site_and_a_point_are_in_the_link(
    open_page: OpenPage, best: tuple[list[str], int]
) -> None:
    names, _ = best
    page = open_page(f"siting?place=wirral&{HOSTS_PARAMS}&colours=assigned")
    expect(answer(page)).to_contain_text(names[0], timeout=SLOW_MS)
    wait_until_painted(page.locator(".st-key-map-box-assigned"), ASSIGNED, least=0.2)
    choose_in_popover(page, "Eligible buildings", ".st-key-without-wirral", names[0])
    expect(answer(page)).not_to_contain_text(names[0], timeout=SLOW_MS)
    expect(page).to_have_url(re.compile(r"without=[a-z-]+"))
    page.keyboard.press("Escape")
    wait_until_ready(page)
    page.locator(".st-key-siting-looks").get_by_text("Each further site").click()
    opening = page.locator(".st-key-option-frontier input")
    expect(opening).to_have_value(re.compile(r"Best \d+, reach most need"), timeout=SLOW_MS)
    said, name = answer(page).inner_text(), opening.input_value()
    other = open_page(page.url.split("/", 3)[3])
    expect(answer(other)).to_have_text(said, timeout=SLOW_MS)
    expect(other.locator(".st-key-option-frontier input")).to_have_value(name, timeout=SLOW_MS)


def test_a_long_look_is_stopped_and_keeps_what_it_has(open_page: OpenPage) -> None:
    page = open_page("siting?place=wirral&question=pcenter&choose=9&siting=robustness&hosts=")
    stop = page.get_by_role("button", name="Stop and keep the best so far")
    expect(page.get_by_text("Solving the question for 60 model runs")).to_be_visible(timeout=SLOW_MS)
    stop.click(timeout=SLOW_MS)
    expect(page.get_by_text("Stopped: this is the best found so far")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    solved = page.get_by_text(
        re.compile(r"Over [\d,]+ combinations|Stopped before the first model run was solved")
    )
    expect(solved).to_be_visible(timeout=SLOW_MS)


def test_a_site_both_kept_and_ruled_out_gives_one_message(open_page: OpenPage) -> None:
    page = open_page("siting?place=thurrock&keep=tilbury-family-hub&without=tilbury-family-hub")
    expect(page.get_by_test_id("stAlert")).to_have_count(1, timeout=SLOW_MS)
    expect(page.get_by_test_id("stAlert")).to_contain_text("both kept and excluded")
