"""Contract schedules against sums worked out by hand and by another formula."""

import datetime as dt
from decimal import Decimal

import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.contract import (
    Contract,
    Discounting,
    YearBasis,
    find_contract,
    scenarios,
    schedule,
)
from analysis.places.finding import place_folder


def contract(**changes):
    fields = {
        "name": "Alliance",
        "start": dt.date(2022, 4, 1),
        "annual_value_gbp": 705000,
        "term_years": 5,
        "extensions": [{"years": 2}, {"years": 2}],
    }
    return Contract(**{**fields, **changes})


def annuity_due(annual, rate, years):
    """Present value of equal payments at the start of each year, in closed form."""
    factor = (1 - (1 + rate) ** -years) / rate * (1 + rate)
    return annual * factor


def test_the_bundled_alliance_comes_to_3525000_to_the_pound():
    table = schedule(find_contract(place_folder("wirral")))
    assert table["cash_gbp"].sum() == Decimal("3525000.00")
    assert table["year"].tolist() == [1, 2, 3, 4, 5]
    assert table.columns.tolist() == ["year", "start", "end", "cash_gbp", "present_value_gbp"]


def test_each_extension_adds_two_years():
    table = scenarios(contract())
    assert table["years"].tolist() == [5, 7, 9]
    assert table["cash_gbp"].tolist() == [3525000, 4935000, 6345000]
    assert table["end"].tolist() == [dt.date(2027, 3, 31), dt.date(2029, 3, 31), dt.date(2031, 3, 31)]


@pytest.mark.parametrize("years", [5, 7, 9])
def test_present_value_equals_an_annuity(years):
    present = schedule(contract().lasting(years))["present_value_gbp"].sum()
    assert abs(float(present) - annuity_due(705000, 0.035, years)) < 0.01 * years


def test_the_second_year_at_the_green_book_factor():
    # The Green Book's table: year 1 is 0.9662 (to four places); 705,000 / 1.035 = 681,159.42.
    assert schedule(contract())["present_value_gbp"].iloc[1] == Decimal("681159.42")


@pytest.mark.parametrize(("timing", "first"), [("start", "1000.00"), ("middle", "982.95"), ("end", "966.18")])
def test_when_in_the_year_the_money_is_paid(timing, first):
    table = schedule(contract(annual_value_gbp=1000), discounting=Discounting(timing=timing))
    assert table["present_value_gbp"].iloc[0] == Decimal(first)


def test_inflation_is_taken_out_before_discounting():
    table = schedule(contract(annual_value_gbp=1000), discounting=Discounting(inflation_percent=Decimal(2)))
    assert table["present_value_gbp"].iloc[1] == Decimal("947.24")  # 1000 / (1.02 x 1.035)


def test_fixed_indexation_compounds():
    grown = schedule(contract(annual_value_gbp=1000, indexation={"kind": "fixed", "rate_percent": "2.5"}))
    assert grown["cash_gbp"].tolist()[:3] == [Decimal("1000.00"), Decimal("1025.00"), Decimal("1050.63")]


def test_a_series_of_rates_starts_with_the_second_year():
    rates = {"kind": "series", "series_percent": [10, 0, "5%", 0]}
    cash = schedule(contract(annual_value_gbp=1000, indexation=rates))["cash_gbp"].tolist()
    assert cash == [1000, 1100, 1100, 1155, 1155]


def test_a_series_that_ends_too_early_is_said():
    with pytest.raises(HubreachError, match=r"2 rates for 5 years.*Give 4 rates"):
        schedule(contract(indexation={"kind": "series", "series_percent": [1, 2]}))


def test_part_years_by_months():
    table = schedule(contract(start=dt.date(2022, 7, 1)), basis=YearBasis("financial", "months"))
    assert table["cash_gbp"].tolist() == [528750, 705000, 705000, 705000, 705000, 176250]
    assert table["start"].iloc[0] == dt.date(2022, 7, 1)
    assert table["end"].iloc[-1] == dt.date(2027, 6, 30)


def test_part_years_by_days():
    table = schedule(
        contract(start=dt.date(2022, 7, 1), term_years=1, extensions=[]), basis=YearBasis("financial")
    )
    # 274 of 365 days fall before 1 April: 705,000 x 274 / 365 = 529,232.88 (rounded to the penny).
    assert table["cash_gbp"].tolist() == [Decimal("529232.88"), Decimal("175767.12")]


def test_months_need_a_start_on_the_first():
    with pytest.raises(HubreachError, match="Count part years by days"):
        schedule(contract(start=dt.date(2022, 7, 15)), basis=YearBasis("financial", "months"))


def test_a_leap_day_start():
    table = schedule(contract(start=dt.date(2024, 2, 29), term_years=2, extensions=[]))
    assert table["start"].tolist() == [dt.date(2024, 2, 29), dt.date(2025, 3, 1)]
    assert table["end"].tolist() == [dt.date(2025, 2, 28), dt.date(2026, 2, 28)]


def test_what_is_missing_without_the_money_at_risk():
    lines = [
        {"name": "Council", "certainty": "guaranteed", "annual_gbp": 500000},
        {"name": "Health", "certainty": "at risk", "annual_gbp": 250000, "to_year": 2},
    ]
    table = schedule(contract(funding=lines))
    assert table["council_gbp"].tolist() == [500000] * 5
    assert table["health_gbp"].tolist() == [250000, 250000, 0, 0, 0]
    assert table["gap_gbp"].tolist() == [-45000, -45000, 205000, 205000, 205000]
    assert table["gap_without_at_risk_gbp"].tolist() == [205000] * 5


def test_a_blank_funding_line_leaves_sums_blank():
    lines = [
        {"name": "Council", "certainty": "expected", "annual_gbp": 500000},
        {"name": "PCT", "certainty": "at risk"},
    ]
    table = schedule(contract(funding=lines))
    assert table["pct_gbp"].isna().all()
    assert table["funded_gbp"].isna().all()
    assert table["gap_without_at_risk_gbp"].tolist() == [205000] * 5


def test_thurrock_says_what_it_needs():
    with pytest.raises(HubreachError) as error:
        schedule(find_contract(place_folder("thurrock")))
    assert {fault.column for fault in error.value.faults} == {"annual_value_gbp", "term_years"}
