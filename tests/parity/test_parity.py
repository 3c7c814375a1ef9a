"""The same scenario gives the same numbers and the same line on the page, by command, in a pack and in the hall."""

from __future__ import annotations

import io
import json
from functools import cache

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.base.text import unmarked
from analysis.benchmark.indicator_answer import NEED_PREFIX
from analysis.cli.main import app
from analysis.commissioning.allocation import find_recipients
from analysis.commissioning.contract import service_denominators
from analysis.need.estimate import estimate_need
from analysis.options.files import TODAY, find_option
from analysis.options.option import option_from_sites
from analysis.options.reached import option_reach, scenario_reach
from analysis.places.read import read_place
from analysis.places.sites.edits import SiteHistory, apply_edits, close_site, open_site
from analysis.reach.answer import answer_reach, straight_travel
from analysis.reach.selection import opened_since
from analysis.render.estimates import rounded_estimates
from analysis.report.assembly import build_pack
from analysis.report.content import unmarked as shown_words
from analysis.report.findings import worth_knowing
from analysis.report.manifest import PackRequest, read_manifest
from analysis.scenario.scenario import Scenario
from analysis.scenario.terms import Terms
from analysis.scenario.travel import travel_settings
from analysis.siting.answer import best_sets, planned_sites, set_reach
from analysis.siting.problem import SitingTerms, place_problem
from analysis.workshop.step_maps import option_step, parameters_in_force, step_settings
from tests.pages.conftest import OpenPage, answer

SCENARIOS: dict[str, tuple[str, dict[str, list[str]]]] = {
    "defaults-thurrock": ("thurrock", {}),
    "defaults-plymouth": ("plymouth", {}),
    "defaults-wirral": ("wirral", {}),
    "defaults-medway": ("medway", {}),
    "every-kind": ("thurrock", {"kind_thurrock": ["family hub", "children's centre"], "minutes": ["15"]}),
    "young-people": ("wirral", {"ages": ["11-17"], "minutes": ["30"]}),
    "under-fives-by-car": ("medway", {"ages": ["0-4"], "mode": ["drive"], "minutes": ["10"]}),
    "other-assumptions": ("plymouth", {"p_early_help": ["20"], "g_early_help": ["6"], "vintage": ["2019"]}),
    "slow-walk": ("wirral", {"speed_walk": ["3.2"], "detour": ["1.3"], "minutes": ["25"]}),
    "children-of-the-census": ("rutland", {"children": ["census2021"]}),
    "the-other-tier": ("thurrock", {"tier": ["specialist"], "minutes": ["45"], "mode": ["cycle"]}),
}
OPTIONS = {
    "thurrock": "three-hubs-with-outreach-and-satellites",
    "plymouth": "childrens-centres",
    "wirral": "four-youth-hubs-and-four-satellites",
    "medway": "childrens-centres",
}


@cache
def opened(name: str):
    """Place, scenario, estimate and the answer about reach."""
    slug, query = SCENARIOS[name]
    place = read_place(slug)
    scenario = Scenario.from_address(place, query)
    estimate = estimate_need(place, scenario.need_settings(place))
    return place, scenario, estimate, scenario_reach(estimate, scenario)


def counts(reached) -> tuple[int, int]:
    row = reached.summary.loc["children"]
    return round(float(row["covered"])), round(float(row["total"]))


def printed(*words: str):
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result


def without(options, name):
    """Options but for one, and its value, that has no effect in a call."""
    words = list(options)
    at = words.index(name) if name in words else len(words)
    return words[:at] + words[at + 2 :]


def frame(*words: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(printed(*words, "--format", "csv").stdout))


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_writes_itself_back(name):
    place, scenario, _, _ = opened(name)
    assert Scenario.from_address(place, scenario.address(place)) == scenario
    assert Scenario.from_manifest(json.loads(json.dumps(scenario.manifest()))) == scenario
    request = PackRequest(scenario, ("need",))
    pack = build_pack(request, place=place)
    assert read_manifest(pack.manifest)[0].scenario == scenario


@pytest.mark.parametrize("name", SCENARIOS)
def test_reach_by_command_is_the_answer(name):
    place, scenario, _, reached = opened(name)
    words = ["reach", place.slug, *without(scenario.options(place), "--weight"), "--by", "place"]
    row = frame(*words).iloc[0]
    assert (row["children_covered"], row["children"]) == counts(reached)
    body = json.loads(printed(*words, "--format", "json").stdout)
    assert body["meta"]["scenario"] == reached.line


@pytest.mark.parametrize("name", SCENARIOS)
def test_reach_on_the_page_is_the_answer(name, run_page: OpenPage):
    _, scenario, _, reached = opened(name)
    page = run_page("reach", place=scenario.place, **SCENARIOS[name][1])
    assert not page.exception
    covered, total = counts(reached)
    assert f"**{covered:,} of {total:,} " in answer(page)
    assert any(unmarked(reached.line) in str(caption.value) for caption in page.caption)


@pytest.mark.parametrize("name", SCENARIOS)
def test_reach_in_a_pack_is_the_answer(name):
    place, scenario, _, reached = opened(name)
    pack = build_pack(PackRequest(scenario, ("reach",)), place=place)
    covered, total = counts(reached)
    assert f"**{covered:,} of {total:,} " in pack.sections[0].message
    sources = [block.source for _, block in pack.blocks() if hasattr(block, "source")]
    assert sources
    assert all(reached.line in source for source in sources)


@pytest.mark.parametrize("name", SCENARIOS)
def test_today_in_the_hall_is_the_answer(name):
    place, scenario, _estimate, reached = opened(name)
    kept = parameters_in_force(scenario.need_settings(place), scenario.terms)
    again = estimate_need(place, step_settings(place, kept))
    drawn = option_step(again, TODAY, kept)
    covered, total = counts(reached)
    if scenario.terms.speed_kmh is None and scenario.terms.detour is None:
        assert f"**{covered:,}** of {total:,} " in drawn.message
        assert drawn.scenario == reached.line


@pytest.mark.parametrize("name", SCENARIOS)
def test_today_among_the_options_is_the_answer(name):
    place, scenario, estimate, reached = opened(name)
    today = option_reach(estimate, find_option(place.slug, "today"), scenario.terms)
    assert counts(today) == counts(reached)
    assert today.line == reached.line
    row = frame("compare", place.slug, "today", *scenario.options(place)).iloc[0]
    assert row["children_covered"] == counts(reached)[0]
    pack = build_pack(PackRequest(scenario, ("options",), ("today",)), place=place)
    assert f"**{counts(reached)[0]:,}** of" in pack.sections[0].message


@pytest.mark.parametrize("slug", OPTIONS)
def test_an_option_is_one_answer_everywhere(slug, run_page: OpenPage):
    place = read_place(slug)
    estimate = estimate_need(place)
    plan = find_option(slug, OPTIONS[slug])
    scenario = Scenario(slug, option=plan.slug, status="illustration")
    reached = option_reach(estimate, plan, scenario.terms)
    covered, _ = counts(reached)
    assert reached.line.endswith("illustration")
    assert counts(scenario_reach(estimate, scenario)) == counts(reached)
    row = frame("compare", slug, plan.slug).iloc[0]
    assert row["children_covered"] == covered
    command = frame(
        "reach", slug, "--option", plan.slug, "--minutes", "20", "--mode", "walk", "--by", "place"
    )
    assert command["children_covered"].iloc[0] == covered
    drawn = option_step(estimate, plan, parameters_in_force(estimate.settings, scenario.terms))
    assert f"**{covered:,}** of" in drawn.message
    assert drawn.scenario == reached.line
    pack = build_pack(PackRequest(scenario, ("reach",)), place=place)
    assert f"**{covered:,} of" in pack.sections[0].message
    page = run_page("options", place=slug, options=[plan.name])
    assert not page.exception
    assert f"**{covered:,}** of" in answer(page)


@pytest.mark.parametrize("name", SCENARIOS)
def test_need_is_one_answer(name, run_page: OpenPage):
    place, scenario, estimate, _ = opened(name)
    tier = scenario.terms.tier or estimate.tier_keys[0]
    total = int(estimate.tier_table("place", tier)["need"].iloc[0])
    words = list(scenario.options(place))
    keep = ("--prevalence", "--gradient", "--vintage", "--basis", "--children", "--children-per-family")
    given = [part for at, word in enumerate(words) if word in keep for part in words[at : at + 2]]
    assert frame("need", place.slug, "--by", "place", *given)[f"{tier}_children"].iloc[0] == total
    pack = build_pack(PackRequest(scenario, ("need",)), place=place)
    page = run_page("need", place=scenario.place, **SCENARIOS[name][1])
    assert not page.exception
    assert pack.sections[0].message == answer(page)


@pytest.mark.parametrize(
    ("slug", "key", "against", "level"),
    [
        ("leeds", "imd_score", None, "ward"),
        ("kent", "idaci_rank", None, "locality"),
        ("rutland", "disabled_residents", None, "msoa"),
        ("tower-hamlets", "need_early_help", "crime_score", "ward"),
    ],
)
def test_a_figure_is_one_answer(slug, key, against, level, run_page: OpenPage):
    given = {"figure": key, "figure_by": level} | ({"and": against} if against else {})
    page = run_page("figures", place=slug, **given)
    assert not page.exception
    words = ["data", slug, "--indicator", key, "--by", level, *(["--against", against] if against else [])]
    body = json.loads(printed(*words, "--format", "json").stdout)
    assert body["meta"]["notes"][0] == shown_words(answer(page))
    assert body["meta"]["notes"][1] in " ".join(shown_words(str(caption.value)) for caption in page.caption)
    table = page.dataframe[len(page.dataframe) - 1].value
    rows = pd.DataFrame(body["rows"]).set_index("area_code")
    assert list(table.index) == list(rows.index)
    if key.startswith(NEED_PREFIX):
        # Estimates are shown as sentences round them.
        rows = rounded_estimates(rows, ranges=("value",))
    for column in ("value", "second_value" if against else "rank"):
        assert table[column].astype(float).tolist() == rows[column].astype(float).tolist()


@pytest.mark.parametrize("slug", OPTIONS)
def test_home_says_what_reach_says(slug):
    place = read_place(slug)
    estimate = estimate_need(place)
    reached = scenario_reach(estimate, Scenario(slug))
    covered, total = counts(reached)
    said = " ".join(worth_knowing(estimate, estimate.tier_keys[0]).values())
    assert f"{covered:,} of {total:,}" in said


@pytest.mark.parametrize("slug", OPTIONS)
def test_families_within_reach_of_a_contract_are_those_of_reach(slug):
    place = read_place(slug)
    estimate = estimate_need(place)
    reached = scenario_reach(estimate, Scenario(slug))
    known = service_denominators(estimate, reached.area_share)
    for tier in estimate.settings.tiers:
        families = known[f"family in {tier.name.lower()} within reach"]
        children = reached.summary["covered"].to_dict()[tier.key]
        assert families.count * estimate.settings.children_per_family == pytest.approx(children)
    by_site = find_recipients(estimate, "site", reached.sites)
    printed_sites = frame("allocate", slug, "--envelope", "1000", "--by", "site")
    assert set(printed_sites["area_code"]) == set(by_site.names.index)


@pytest.mark.parametrize("slug", OPTIONS)
def test_an_option_made_of_a_siting_answer_reaches_what_the_answer_says(slug):
    place = read_place(slug)
    estimate = estimate_need(place)
    travel = straight_travel(place, place.sites, travel_settings("walk"))
    hosts = ("family hub", "children's centre")
    problem = place_problem(estimate, place.sites, travel, SitingTerms(kinds=hosts))
    best = best_sets(problem)[0]
    option = option_from_sites("Best", place.sites, planned_sites(problem, best), others="closed")
    reached = option_reach(estimate, option, Terms())
    assert counts(reached) == counts(set_reach(problem, best))
    covered = reached.summary["covered"].to_dict()[estimate.tier_keys[0]]
    assert covered == pytest.approx(best.objective, rel=1e-12)
    assert len(reached.sites) == len(best.sites) == 3


@pytest.mark.parametrize("slug", OPTIONS)
def test_an_option_saved_of_edited_sites_reaches_what_the_page_says(slug):
    place = read_place(slug)
    estimate = estimate_need(place)
    today = scenario_reach(estimate, Scenario(slug)).sites.index
    possible = place.sites.index[~place.sites["is_open"]][0]
    edited = apply_edits(place.sites, SiteHistory().record((close_site(today[0]), open_site(possible))))
    on_the_page = answer_reach(estimate, Terms(), sites=edited, opened=opened_since(edited, place.sites))
    option = option_from_sites("Edited", place.sites, edited)
    assert set(on_the_page.sites.index) == {*today[1:], possible}
    assert counts(option_reach(estimate, option, Terms())) == counts(on_the_page)
