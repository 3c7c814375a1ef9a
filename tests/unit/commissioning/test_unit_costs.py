"""Unit costs: the range of the families becomes the range of the cost."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.contract import Denominator, service_denominators, unit_costs
from analysis.need.estimate import estimate_need
from analysis.places.read import read_place


def test_many_families_make_each_one_cheap():
    draws = np.linspace(80, 120, 401)
    table = unit_costs(Decimal(10000), {"family": Denominator(100, draws)})
    row = table.loc["family"]
    assert row["cost_gbp"] == 100
    assert row["count_low"] == pytest.approx(82)
    assert row["count_high"] == pytest.approx(118)
    assert row["cost_low_gbp"] == pytest.approx(10000 / 118)
    assert row["cost_high_gbp"] == pytest.approx(10000 / 82)


def test_a_count_has_no_range():
    row = unit_costs(Decimal(705000), {"child": Denominator(67431)}).loc["child"]
    assert row["cost_low_gbp"] == row["cost_gbp"] == row["cost_high_gbp"] == pytest.approx(10.4551, abs=1e-4)


def test_nobody_has_no_cost_each():
    row = unit_costs(Decimal(100), {"family": Denominator(0)}).loc["family"]
    assert row[["cost_gbp", "cost_low_gbp", "cost_high_gbp"]].isna().all()


def test_children_become_families():
    families = Denominator(174, np.array([174.0, 348.0])).divided(1.74)
    assert families.count == pytest.approx(100)
    assert families.draws == pytest.approx([100, 200])
    with pytest.raises(HubreachError, match="above 0"):
        Denominator(1).divided(0)


def test_wirral_by_tier_and_within_reach():
    estimate = estimate_need(read_place("wirral"))
    half = pd.Series(False, index=estimate.counts.index)
    half.iloc[:100] = True
    units = service_denominators(estimate, half)
    assert units["child"].count == 67431
    assert units["child in early help"].count == 10115
    assert units["family in early help"].count == pytest.approx(10115 / 1.74)
    expected = estimate.counts["early_help"].iloc[:100].sum() / 1.74
    assert units["family in early help within reach"].count == pytest.approx(expected)
    table = unit_costs(Decimal(705000), units)
    assert (table["cost_low_gbp"] <= table["cost_gbp"]).all()
    assert (table["cost_gbp"] <= table["cost_high_gbp"]).all()
