"""What the page on data and method says."""

from dataclasses import replace

import pytest

from analysis.need.checks import place_checks
from analysis.need.estimate import estimate_need
from analysis.need.words import parameters_sentence
from analysis.report import data_tables, method_text
from analysis.scenario.need_settings import COMPOSITE, default_settings
from analysis.targeting.recipe import estimate_on_recipe, read_recipe


def test_checks_say_their_result_by_sign_and_word_with_faults_first(small_place):
    checks = place_checks(small_place)
    shown = data_tables.checks_shown(checks)
    assert len(shown) == len(checks)
    assert set(shown.index) <= set(data_tables.SIGNS.values())
    order = [list(data_tables.SIGNS.values()).index(result) for result in shown.index]
    ranks = [{0: 2, 1: 0, 2: 1}[value] for value in order]
    assert ranks == sorted(ranks)
    assert not shown["source"].str.startswith("Source: ").any()


def test_the_sentence_counts_what_passed_and_what_did_not(small_place):
    checks = place_checks(small_place)
    failed = checks.assign(result=["failed", *["passed"] * (len(checks) - 1)])
    assert "**one failed**" in data_tables.checks_sentence(small_place, failed)
    fine = checks.assign(result="passed")
    sentence = data_tables.checks_sentence(small_place, fine)
    assert sentence.startswith(f"**{len(checks)} of {len(checks)} checks**")
    assert "failed" not in sentence


def test_every_source_of_a_real_place_has_date_and_licence(real_place):
    sources = data_tables.sources_shown(real_place)
    assert (sources[["publisher", "vintage", "licence", "file", "columns"]] != "").all().all()
    checks = place_checks(real_place)
    assert "failed" not in set(checks["result"])


def test_decisions_carry_date_facts_and_the_councils_own_list(real_places):
    found = data_tables.decisions(real_places["thurrock"])
    headings = [decision.heading for decision in found]
    assert headings[0] == "Early offer of help (Thurrock Cabinet, item 13, 13 June 2012)"
    assert "Parts of Grays (parts of Grays Riverside and Grays Thurrock)" in found[1].facts
    assert any("Core offer" in heading for heading in headings)
    assert "approximately 3000 families" in found[-1].facts[0]
    medway = data_tables.decisions(real_places["medway"])
    assert any("no public cost figures" in fact for decision in medway for fact in decision.facts)


@pytest.mark.parametrize("vintage", ["2019", "2025"])
def test_the_method_states_the_values_in_force(real_places, vintage):
    place = real_places["wirral"]
    settings = replace(default_settings(place), vintage=vintage, draws=500, interval=0.8)
    text = "\n".join(section.text for section in method_text.method_sections(place, settings))
    assert "p = 15%, g = 4" in text
    assert "500 model runs" in text
    assert "80% of the runs" in text
    assert "split" in text if vintage == "2025" else "split" not in text
    assert r"\frac{r(0.95)}{r(0.05)} = g" in text
    assert text.count("$$") % 2 == 0


def test_limits_name_what_the_figures_cannot_say(real_places):
    limits = method_text.limits(real_places["thurrock"], default_settings(real_places["thurrock"]))
    words = " ".join(f"{section.heading} {section.text}" for section in limits)
    for phrase in ("inverse intervention law", "point in time", "best fit", "generalised", "3000 families"):
        assert phrase in words
    assert len(method_text.limits(real_places["medway"], default_settings(real_places["medway"]))) == 7


def test_the_log_holds_the_recipe_only_when_it_is_in_force(small_place):
    settings = default_settings(small_place)
    recipe = read_recipe("imd_score:2,under_five_share:-1;z-score;geometric")
    usual = data_tables.full_parameter_log(small_place, settings, recipe)
    own = data_tables.full_parameter_log(small_place, replace(settings, basis=COMPOSITE), recipe)
    assert not any(name.startswith("index_") for name in usual.index)
    assert own.loc["index_weight_under_five_share", "value"] == "-1"
    assert own.loc["index_normalisation", "value"] == "z-score"
    assert own.loc["basis", "changed"]
    assert set(data_tables.log_shown(own)["changed"]) == {"changed", "default"}


def test_curves_are_those_of_the_estimate(small_place):
    curves = data_tables.curve_table(estimate_need(small_place))
    assert list(curves["children"]) == [150, 33]
    assert list(curves["gradient"]) == [4, 10]


def test_the_line_under_a_chart_says_when_need_stands_on_the_users_index(small_place):
    settings = default_settings(small_place)
    own = estimate_on_recipe(small_place, settings, read_recipe("under_five_share:1;rank;arithmetic"))
    assert "The user's own index on the IMD positions of the Indices of 2019" in parameters_sentence(own)
    assert "IMD rank of the Indices of 2019" in parameters_sentence(estimate_need(small_place))
