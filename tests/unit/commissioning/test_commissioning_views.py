"""What the commissioning pages show, counted by hand: years, gaps, floors, losers, both sides, signals, words."""

from decimal import Decimal

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning import allocation as commissioning_allocation
from analysis.commissioning import contract as commissioning_contract
from analysis.commissioning import figures as commissioning_figures
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.allocation import AllocationPlan, Recipients
from analysis.commissioning.appraisal import Appraisal, appraisal_view, both_sides, ranking_table
from analysis.commissioning.assumptions import blank
from analysis.commissioning.cohort import (
    CohortPlan,
    cohort_bars,
    cohort_from_cells,
    cohort_totals,
    funding_falls,
    funding_parts,
    shown_cohort,
)
from analysis.commissioning.contract import YearBasis, find_contract
from analysis.commissioning.monitoring import (
    can_be_charted,
    monitoring_from_cells,
    monitoring_template,
    monitoring_view,
    run_chart,
)
from analysis.commissioning.tables import changed
from analysis.places.finding import place_folder
from analysis.render.figure_frame import FigureStyle

FUNDING = [
    {"name": "Council", "certainty": "guaranteed", "annual_gbp": 600000},
    {"name": "Grant", "certainty": "at risk", "annual_gbp": 200000, "to_year": 2},
]


@pytest.fixture
def contract():
    return find_contract(place_folder("wirral"))


@pytest.fixture
def recipients():
    codes = pd.Index(["a", "b", "c"], name="area_code")
    return Recipients(
        pd.Series(["Ash", "Birch", "Cedar"], index=codes, name="area_name"),
        pd.DataFrame({"early_help": [100, 300, 600]}, index=codes),
        pd.Series([1000, 1000, 2000], index=codes),
        pd.Series([5.0, 10.0, 30.0], index=codes),
    )


def test_a_surplus_in_one_year_does_not_pay_for_another(contract):
    view = commissioning_contract.contract_view(changed(contract, funding=FUNDING))
    # Years 1 and 2 have 95,000 too much, years 3 to 5 lack 105,000 each; without the grant all five do.
    assert (view.gap_gbp, view.gap_without_at_risk_gbp) == (Decimal(315000), Decimal(525000))
    assert view.funding.to_dict("list") == {
        "certainty": ["guaranteed", "at risk"],
        "amount_gbp": [Decimal(3000000), Decimal(400000)],
    }


def test_the_parts_of_a_year_without_what_is_at_risk(contract):
    funded = changed(contract, funding=FUNDING)
    parts = commissioning_contract.contract_view(funded, without_at_risk=True).parts
    first = parts[parts["year_label"] == "2022-23"].set_index("part")["amount_gbp"]
    assert first.to_dict() == {"Guaranteed": 600000, commissioning_contract.GAP: 105000}
    assert set(parts["part"]) <= set(commissioning_contract.part_order(funded))


def test_years_are_of_the_term_or_of_an_extension(contract):
    view = commissioning_contract.contract_view(contract.lasting(9))
    assert view.parts["part"].tolist() == ["Term"] * 5 + ["Extension 1"] * 2 + ["Extension 2"] * 2
    assert view.scenarios["chosen"].tolist() == [False, False, True]
    financial = commissioning_contract.contract_view(
        changed(contract, start="2022-09-01"), basis=YearBasis("financial")
    )
    assert financial.schedule["cash_gbp"].sum() == 3525000
    assert financial.parts["year_label"].iloc[0] == "2022-23"


def test_a_series_that_is_too_short_for_an_extension_still_costs_the_term(contract):
    indexed = changed(contract, indexation={"kind": "series", "series_percent": [10, 0, 0, 0, 0, 0]})
    assert commissioning_contract.contract_view(indexed).scenarios["years"].tolist() == [5, 7]
    with pytest.raises(HubreachError, match="ends too early"):
        commissioning_contract.contract_view(indexed.lasting(9))


def test_what_is_needed_is_said_in_words(contract):
    empty = changed(contract, annual_value_gbp=None, term_years=None, extensions=[])
    said = commissioning_words.needs_sentence("X", "costed", commissioning_contract.contract_needs(empty))
    assert (
        said
        == "**X** cannot be costed yet: its yearly value and term are blank. Ask the commissioner of the service."
    )
    words = commissioning_words.blank_words
    assert words("annual_value_gbp") == "yearly value"
    assert words("funding: A trust") == "A trust"
    assert words("Council: contribution in year 1") == "Council: contribution in year 1"
    assert (
        commissioning_contract.contract_needs(
            changed(contract, funding=[{"name": "A", "certainty": "expected"}])
        )
        == ()
    )


def test_an_allocation_its_floors_and_its_losers(recipients):
    plan = AllocationPlan(name="X", envelope_gbp=1000, floor_percent=20)
    view = commissioning_allocation.allocation_view(plan, recipients)
    # Ash is topped up to 200; 800 over 300 and 600 of need.
    assert view.table["allocation_gbp"].to_dict() == {"c": 533, "b": 267, "a": 200}
    assert view.table.loc["a", "per_child_gbp"] == 0.2
    curve = commissioning_allocation.what_if_floor(view, plan)
    assert (curve.groupby("floor")["allocation_gbp"].sum() == 1000).all()
    assert curve["floor"].max() == 0.333
    assert 0.2 in set(curve["floor"])
    changes = commissioning_allocation.gains_and_losses(
        view, commissioning_allocation.rivals(view, plan)[commissioning_allocation.EQUAL]
    )
    assert changes["area_name"].tolist() == ["Ash", "Birch", "Cedar"]
    assert changes["change_gbp"].sum() == 0
    said = commissioning_words.change_sentence(changes, "Equal shares")
    assert said == "1 gain and 2 lose against equal shares: £200.00 moves"
    words = commissioning_words.allocation_sentence(view, "need", ("ward", "wards"), str.upper)
    assert (
        words
        == "Of **£1,000** shared by need, **CEDAR** gets most, **£533.00** (53%), and ASH least, £200.00; one ward is at the floor."
    )


def test_todays_amounts_are_a_rival_where_all_are_given(recipients):
    plan = AllocationPlan(name="X", envelope_gbp=1000, today_gbp={"a": 400, "b": 300})
    view = commissioning_allocation.allocation_view(plan, recipients)
    assert commissioning_allocation.TODAY not in commissioning_allocation.rivals(view, plan)
    whole = changed(plan, today_gbp={"a": 400, "b": 300, "c": 300})
    assert commissioning_allocation.rivals(view, whole)[commissioning_allocation.TODAY].tolist() == [
        400,
        300,
        300,
    ]


def test_a_cohort_is_shown_in_fives_that_add_up(real_places):
    medway = real_places["medway"]
    cells = pd.DataFrame(
        {"ward_name": ["Chatham Central", "River", "Twydall"], "mothers": ["3", "1234", "8"]}
    )
    shown = shown_cohort(cohort_from_cells(cells, medway, "x.csv"), medway)
    bars = cohort_bars(shown, "mothers", "")
    assert bars["area_name"].iloc[0] == "River"
    assert set(bars["area_name"].iloc[1:]) == {"Twydall", "Chatham Central"}
    # Of 1,234 and 8 and 3, each up or down, such that 1,245 is the sum (a multiple of 5 stays as it is).
    assert bars["label"].iloc[0] in {"1,230", "1,235"}
    assert set(bars["label"].iloc[1:]) <= {"5", "10", "0 to 4"}
    assert bars["value"].sum() == 1245
    assert cohort_totals(shown) == {"mothers": "1,245"}
    drawn = commissioning_figures.protected_bars(bars, FigureStyle(), title="T", subtitle="S").to_json()
    assert "1234" not in drawn


def test_funding_falls_or_does_not():
    plan = CohortPlan(name="X", years=3, partners=[{"name": "A", "amounts_gbp": [3, 2, 2]}])
    assert funding_falls(plan) is False
    assert funding_falls(changed(plan, partners=[{"name": "A", "amounts_gbp": [3, 2, 1]}])) is True
    part = changed(plan, partners=[{"name": "A", "amounts_gbp": [3, "", 1]}])
    assert funding_falls(part) is None
    assert funding_parts(part)["year_label"].tolist() == ["Year 1", "Year 3"]


def test_both_sides_of_the_loser_are_told():
    scores = {("A", "x"): 8, ("A", "y"): 2, ("B", "x"): 2, ("B", "y"): 6}
    rows = [
        {"alternative": a, "criterion": c, "score": s, "reason": f"{a}{c}"} for (a, c), s in scores.items()
    ]
    criteria = [{"name": "x", "weight": 3}, {"name": "y", "weight": 1}]
    made = Appraisal(name="X", criteria=criteria, alternatives=[{"name": "A"}, {"name": "B"}], scores=rows)
    view = appraisal_view(made, 30.0, 0.1)
    assert view.winner == "A"
    assert ranking_table(view)["total"].tolist() == [65, 30]
    losing = both_sides(view, "B")
    assert (losing["for"]["reason"].tolist(), losing["against"]["reason"].tolist()) == (["By"], ["Bx"])
    said = commissioning_words.appraisal_sentence(view, {"A": "A", "B": "B"})
    assert said.startswith("**A** comes first with **65 points** of 100, 35 ahead of B; it stays first in **")


def test_outcomes_are_judged_on_what_may_be_shown():
    lines = [
        ["Families", f"2022 Q{n}", "10", "20", actual, "up", "yes"]
        for n, actual in ((1, "3"), (2, "10"), (3, "25"))
    ]
    cells = pd.DataFrame(lines, columns=list(monitoring_template().columns))
    view = monitoring_view(monitoring_from_cells(cells))
    assert view.latest[["quarter", "actual", "status", "signals"]].iloc[0].tolist() == [
        "2022 Q3",
        25.0,
        "met",
        0,
    ]
    assert can_be_charted(view, "Families")
    chart = run_chart(view, "Families")
    assert chart["actual"].iloc[0] in {0.0, 5.0}
    assert chart["centre"].iloc[0] == pytest.approx(chart["actual"].mean())


def test_a_stack_has_a_bar_for_each_year_that_has_money_and_one_colour_for_each_part(contract):
    view = commissioning_contract.contract_view(contract.lasting(7))
    order = commissioning_contract.part_order(contract)
    figure = commissioning_figures.year_stacks(
        view.parts, FigureStyle(), title="T", subtitle="S", order=order
    )
    drawn = {trace.name: trace for trace in figure.data if trace.type == "bar"}
    assert {name: len(trace.x) for name, trace in drawn.items()} == {"Term": 5, "Extension 1": 2}
    longer = commissioning_contract.contract_view(contract.lasting(9)).parts
    again = commissioning_figures.year_stacks(longer, FigureStyle(), title="T", subtitle="S", order=order)
    assert again.data[1].marker.color == drawn["Extension 1"].marker.color


def test_names_are_set_apart_and_long_ones_in_two_lines():
    assert commissioning_figures.set_apart({"a": 10.0, "b": 9.9, "c": 1.0}, 1.0) == {
        "a": 10.0,
        "b": 9.0,
        "c": 1.0,
    }
    assert commissioning_figures.two_lines("Short name") == "Short name"
    assert (
        commissioning_figures.two_lines("Equilibrium <b>Livingstone Street Centre")
        == "Equilibrium &lt;b&gt;Livingstone<br>Street Centre"
    )
    names = pd.DataFrame(
        {"area_name": ["x" * 10], "allocation_gbp": [5], "share": [1.0], "held_by": [""]}, index=["a"]
    )
    assert (
        "£5"
        in commissioning_figures.allocation_bars(names, FigureStyle(), title="T", subtitle="S")
        .data[0]
        .text[0]
    )


def test_a_blank_figure_is_asked_of_somebody():
    said = commissioning_words.needs_sentence("X", "shared", [blank("envelope_gbp", "the committee")])
    assert said == "**X** cannot be shared yet: its envelope is blank. Ask the committee."
