"""Records as tables and back: nothing is lost on the way, and what is wrong is told."""

from decimal import Decimal

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.appraisal import read_appraisal
from analysis.commissioning.assumptions import ENTERED, mark_entered
from analysis.commissioning.cohort import read_cohort_plan
from analysis.commissioning.contract import find_contract
from analysis.commissioning.tables import (
    changed,
    effect_table,
    items_table,
    matrix_scores,
    partners_table,
    positioned,
    reasons_matrix,
    reshaped,
    scores_matrix,
    supported_table,
    table_effect,
    table_items,
    table_partners,
    table_supported,
)
from analysis.places.finding import place_folder

LINES = ["name", "certainty", "annual_gbp", "from_year", "to_year", "note"]


@pytest.fixture
def contract():
    return find_contract(place_folder("wirral"))


@pytest.fixture
def plan():
    return read_cohort_plan(place_folder("medway") / "cohorts" / "advocacy.toml")


@pytest.fixture
def appraisal():
    return read_appraisal(place_folder("wirral") / "appraisals" / "early-help-alliance.toml")


def test_pounds_are_read_as_people_write_them(contract):
    assert changed(contract, annual_value_gbp="£705,000.50").annual_value_gbp == Decimal("705000.50")
    assert changed(contract, annual_value_gbp="").annual_value_gbp is None
    assert changed(contract, annual_value_gbp=705000.0) == contract


def test_what_cannot_be_is_told_and_the_record_stays(contract):
    with pytest.raises(HubreachError) as error:
        changed(contract, annual_value_gbp="lots", term_years=0)
    assert {fault.column for fault in error.value.faults} == {"annual value (£)", "term years"}
    assert contract.annual_value_gbp == 705000


def test_funding_lines_go_through_a_table_unchanged(contract):
    lines = [
        {"name": "A", "certainty": "at risk", "annual_gbp": "10.10", "to_year": 3},
        {"name": "B", "certainty": "expected"},
    ]
    funded = changed(contract, funding=lines)
    table = items_table(funded.funding, LINES, ["annual_gbp", "from_year", "to_year"])
    assert table["annual_gbp"].isna().tolist() == [False, True]
    assert changed(contract, funding=table_items(table)) == funded


def test_rows_without_a_name_are_left_out():
    table = pd.DataFrame({"name": ["A", None, ""], "annual_gbp": [1.0, 2.0, None]})
    assert table_items(table) == [{"name": "A", "annual_gbp": 1.0}]


def test_a_cohort_plan_goes_through_its_tables_unchanged(plan):
    amounts = [("100000", "80000.50", ""), ("1", "", "")]
    partners = [{"name": f"P{n}", "amounts_gbp": line} for n, line in enumerate(amounts)]
    effect = {"reduction_percent": {"low": 10, "central": 25, "high": 40}, "delay_years": 2}
    filled = changed(plan, partners=partners, children_supported=[12, None, 10], effect=effect)
    again = changed(
        plan,
        partners=table_partners(partners_table(filled), 3),
        children_supported=table_supported(supported_table(filled), 3),
        effect=table_effect(effect_table(filled), 2),
    )
    assert again.effect == filled.effect
    assert again.children_supported == filled.children_supported
    # A partner's blank years at the end are blank either way.
    assert partners_table(again).equals(partners_table(filled))
    assert again.blanks() == filled.blanks()


def test_scores_and_reasons_go_through_their_tables_unchanged(appraisal):
    scores, reasons = scores_matrix(appraisal), reasons_matrix(appraisal)
    scores.loc["Alliance", "Cost-effective"] = 7.5
    reasons.loc["Do nothing", "Cost-effective"] = "=Nobody asked"
    scored = changed(appraisal, scores=matrix_scores(scores, reasons))
    assert scored.score_table().loc["Alliance", "Cost-effective"] == 7.5
    assert scored.reasons().loc["Do nothing", "Cost-effective"] == "=Nobody asked"
    assert len(scored.scores) == 5


def test_scores_follow_a_name_that_is_changed_and_go_with_one_that_is_taken_out(appraisal):
    scores = scores_matrix(appraisal)
    scores.loc[:, :] = 5.0
    full = changed(appraisal, scores=matrix_scores(scores, reasons_matrix(appraisal)))
    alternatives = positioned(
        items_table(full.alternatives, ["name", "cost_gbp"], ["cost_gbp"]).drop(index=0)
    )
    criteria = positioned(items_table(full.criteria, ["name", "weight"], ["weight"]))
    criteria[0]["name"] = "Brings in money"
    after = reshaped(full, criteria, alternatives)
    assert after.alternative_names == full.alternative_names[1:]
    assert after.score_table().loc["Alliance", "Brings in money"] == 5
    assert len(after.scores) == 9


def test_the_log_tells_what_was_entered_from_what_is_published(contract, plan):
    dearer = changed(contract, annual_value_gbp=800000)
    log = mark_entered(dearer.log(), contract.log()).set_index("parameter")
    assert log.loc["annual_value_gbp", ["source", "confirm_with"]].tolist() == [ENTERED, "whoever entered it"]
    assert log.loc["term_years", "source"] == contract.source
    effect = {"reduction_percent": {"low": 10, "central": 25, "high": 40}}
    given = mark_entered(changed(plan, effect=effect).log(), plan.log()).set_index("parameter")
    row = given.loc["reduction_percent"]
    assert (row["source"], row["confirm_with"]) == (ENTERED, "the evaluator of the service")
    assert (mark_entered(contract.log(), None)["source"] == ENTERED).sum() == 3
