"""Staged funding and avoided cost against sums worked out by hand."""

from decimal import Decimal

import numpy as np
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.cohort import CohortPlan, funding_by_year, payback, read_cohort_plan, tornado
from analysis.commissioning.contract import Discounting
from analysis.places.finding import place_folder

UNDISCOUNTED = Discounting(rate_percent=Decimal(0))


def span(low, central, high):
    return {"low": low, "central": central, "high": high}


def plan(**changes):
    """20 children a year, half at risk, a fifth prevented: two entries avoided a year."""
    fields = {
        "name": "Advocacy",
        "years": 3,
        "partners": [
            {"name": "Council", "amounts_gbp": [100000, 80000, 60000]},
            {"name": "Health", "certainty": "at risk", "amounts_gbp": [50000, 30000, 10000]},
        ],
        "children_supported": [20, 20, 20],
        "effect": {
            "entry_risk_percent": span(50, 50, 50),
            "reduction_percent": span(10, 20, 30),
            "annual_care_cost_gbp": span(40000, 50000, 60000),
            "years_in_care": span(2, 2, 2),
            "cashable_percent": span(50, 50, 50),
        },
    }
    return CohortPlan(**{**fields, **changes})


def test_funding_falls_year_on_year():
    table = funding_by_year(plan())
    assert table["total_gbp"].tolist() == [150000, 110000, 70000]
    assert table["change_gbp"].tolist() == [None, -40000, -40000]
    assert table["falls"].tolist() == ["", "yes", "yes"]


def test_a_blank_contribution_leaves_the_total_blank():
    table = funding_by_year(plan(partners=[{"name": "Council", "amounts_gbp": [100000, "", 60000]}]))
    assert table["total_gbp"].tolist() == [100000, None, 60000]
    assert table["falls"].tolist() == ["", "", ""]


def test_avoided_cost_by_hand():
    # 20 x 50% x 20% = 2 entries a year, each 2 years of 50,000, half cashable: 50,000 a year and cohort.
    table = payback(plan(), horizon_years=5, discounting=UNDISCOUNTED).table()
    assert table["avoided_gbp"].round(6).tolist() == [50000, 100000, 100000, 50000, 0]
    assert table["cost_gbp"].tolist() == [150000, 110000, 70000, 0, 0]
    assert table["balance_gbp"].round(6).tolist() == [-100000, -110000, -80000, -30000, -30000]


def test_break_even_by_hand():
    # Twice the care cost: 100, 200, 200, 100 against 150, 110, 70: -50, +40, so the second year.
    effect = plan().effect.model_copy(
        update={
            name: plan().effect.years_in_care.model_copy(update=span(v, v, v))
            for name, v in {"annual_care_cost_gbp": Decimal(100000), "reduction_percent": Decimal(20)}.items()
        }
    )
    even = payback(plan(effect=effect), horizon_years=5, discounting=UNDISCOUNTED).break_even()
    assert (even.year, even.low, even.high, even.probability) == (2, 2, 2, 1.0)


def test_a_plan_that_never_pays_says_so():
    even = payback(plan(), horizon_years=5, discounting=UNDISCOUNTED).break_even()
    assert even.year is None
    assert 0 < even.probability < 0.5


def test_delay_moves_what_is_avoided():
    delayed = plan(effect=plan().effect.model_copy(update={"delay_years": 1}))
    table = payback(delayed, horizon_years=5, discounting=UNDISCOUNTED).table()
    assert table["avoided_gbp"].round(6).tolist() == [0, 50000, 100000, 100000, 50000]


def test_part_of_a_year_in_care_counts_in_part():
    effect = plan().effect.model_copy(
        update={
            "years_in_care": plan().effect.years_in_care.model_copy(
                update=span(Decimal("0.5"), Decimal("0.5"), Decimal("0.5"))
            )
        }
    )
    table = payback(plan(effect=effect), horizon_years=4, discounting=UNDISCOUNTED).table()
    assert table["avoided_gbp"].round(6).tolist() == [25000, 25000, 25000, 0]


def test_the_mean_of_the_draws_is_the_product_of_triangular_means():
    result = payback(plan(), horizon_years=1, draws=200_000, discounting=UNDISCOUNTED)
    # Means: reduction 20%, care 50,000 (both symmetric and independent): 20 x 0.5 x 0.2 x 50,000 x 0.5.
    assert result.avoided_gbp[:, 0].mean() == pytest.approx(50000, rel=0.005)


def test_the_same_seed_gives_the_same_draws():
    first, second, other = (payback(plan(), seed=seed).avoided_gbp for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_the_chance_of_break_even_rises_with_time_and_ranges_hold_the_centre():
    table = payback(plan()).table()
    assert table["p_broken_even"].is_monotonic_increasing
    assert (table["balance_low_gbp"] <= table["balance_gbp"]).all()
    assert (table["balance_gbp"] <= table["balance_high_gbp"]).all()


def test_discounting_matches_an_independent_sum():
    table = payback(plan(), horizon_years=4).table()
    net = [50000 - 150000, 100000 - 110000, 100000 - 70000, 50000]
    assert table["balance_gbp"].iloc[-1] == pytest.approx(sum(n / 1.035**t for t, n in enumerate(net)))


def test_the_tornado_puts_the_widest_figure_first():
    table = tornado(plan(), horizon_years=5, discounting=UNDISCOUNTED)
    # Central 300,000 avoided; reduction 10% to 30% moves it by 300,000, care cost 40 to 60 thousand by 120,000.
    assert table.index[:2].tolist() == ["reduction_percent", "annual_care_cost_gbp"]
    assert table["swing_gbp"].round(2).tolist() == [300000, 120000, 0, 0, 0]
    assert table.loc["reduction_percent", "balance_at_low_gbp"] == pytest.approx(-180000)


def test_the_bundled_plan_is_blank_and_says_what_it_needs():
    bundled = read_cohort_plan(place_folder("medway") / "cohorts" / "advocacy.toml")
    with pytest.raises(HubreachError) as error:
        payback(bundled)
    assert len(error.value.faults) == len(bundled.blanks()) == 9
    amounts = [amount for partner in bundled.partners for amount in partner.amounts_gbp]
    assert amounts == [None] * 9
    assert bundled.log()["confirm_with"].ne("").sum() == 11


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"years": 2}, "has 3 figures for 2 years"),
        ({"children_supported": [-1]}, "cannot be negative"),
        ({"partners": [{"name": "A"}, {"name": "A"}]}, "same name"),
        ({"effect": {"reduction_percent": span(30, 20, 10)}}, "must rise"),
        ({"effect": {"reduction_percent": span(30, 40, 110)}}, "over 100%"),
    ],
)
def test_what_cannot_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        plan(**changes)
