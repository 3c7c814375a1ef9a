"""The options that come with the places: chosen by their rules, complete, and usable."""

import importlib.util
import sys
from pathlib import Path

import pytest

from analysis.need.estimate import estimate_need
from analysis.options.applied import apply_option
from analysis.options.comparison import option_figures
from analysis.options.difference import area_difference
from analysis.options.files import find_option, list_options, option_folders, option_text, parse_option
from analysis.options.reached import option_reaches
from analysis.scenario.need_settings import default_settings
from analysis.scenario.terms import Terms

ROOT = Path(__file__).resolve().parents[3]
PLACES_OF_2011 = ROOT / "tests" / "places_of_2011"
BUNDLED = {
    "thurrock": {"three-hubs", "three-hubs-with-outreach-and-satellites"},
    "plymouth": {"childrens-centres", "family-hubs", "family-hubs-with-targeted-support-bases"},
    "wirral": {"four-youth-hubs-and-four-satellites", "with-the-youth-zone", "three-gateways"},
    "medway": {"childrens-centres"},
}


@pytest.fixture
def rules(monkeypatch):
    spec = importlib.util.spec_from_file_location(
        "illustrate_options", ROOT / "data" / "illustrate_options.py"
    )
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module.RULES


@pytest.mark.parametrize("folder", [ROOT / "data" / "places", PLACES_OF_2011], ids=["today", "2011"])
@pytest.mark.parametrize("slug", BUNDLED)
def test_every_option_is_what_its_rule_gives(rules, slug, folder, monkeypatch):
    monkeypatch.setenv("HUBREACH_PLACES", str(folder))
    given = {option.slug: option for option in rules[slug]()}
    files = {path.stem: path.read_text("utf-8") for path in option_folders(slug)[0].glob("*.toml")}
    assert set(files) == BUNDLED[slug]
    assert files == {name: option_text(option) for name, option in given.items()}


@pytest.mark.parametrize("slug", BUNDLED)
def test_every_option_loads_compares_and_exports(real_places, slug):
    place = real_places[slug]
    options = [find_option(slug, name) for name in list_options(slug)]
    assert all(apply_option(option, place).problems == () for option in options)
    estimate = estimate_need(place, default_settings(place))
    reaches = option_reaches(estimate, options, Terms(20.0, "walk"))
    figures = option_figures(reaches)
    assert figures["children"].eq(place.children).all()
    assert figures["children_covered"].between(1, place.children).all()
    for reach in reaches:
        table = area_difference(reaches[0], reach)
        assert table["children"].sum() == place.children
        assert (table["children_gaining"] + table["children_losing"] <= table["children"]).all()
    assert [parse_option(option_text(option)) for option in options] == options


def test_illustrations_say_why_and_every_option_has_a_source():
    for slug, names in BUNDLED.items():
        for name in names:
            option = find_option(slug, name)
            assert len(option.source) > 10
            assert len(option.note) > 20
            assert option.illustration == ("Rule:" in option.note)


def test_the_decisions_are_there_as_the_papers_have_them(real_places):
    kinds = {
        slug: apply_option(find_option("wirral", slug), real_places["wirral"])
        .sites.query("is_open")["kind"]
        .value_counts()
        for slug in BUNDLED["wirral"]
    }
    assert kinds["four-youth-hubs-and-four-satellites"].to_dict() == {"youth hub": 4, "youth satellite": 4}
    assert kinds["with-the-youth-zone"]["youth zone"] == 1
    assert kinds["three-gateways"].to_dict() == {"gateway": 3}
    assert len(find_option("wirral", "three-gateways").localities) == 3
    three = apply_option(find_option("thurrock", "three-hubs"), real_places["thurrock"]).sites.query(
        "is_open"
    )
    offer = real_places["thurrock"].core_offer
    assert three["services"].tolist() == [";".join(offer)] * 3
    bases = find_option("plymouth", "family-hubs-with-targeted-support-bases")
    assert bases.catchment.citywide_kinds == ("targeted-support base",)
