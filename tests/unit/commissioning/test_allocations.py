"""Allocations by hand, and what is said when the rules cannot all hold."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.allocation import (
    AllocationRules,
    allocate,
    blend_need,
    compare_allocations,
    floor_curve,
    travel_supplement,
)

NEED = pd.Series([100, 200, 300, 400], index=list("abcd"))


def given(table):
    return table["allocation_gbp"].to_dict()


def test_by_need_alone():
    assert given(allocate(NEED, 705000)) == {"a": 70500, "b": 141000, "c": 211500, "d": 282000}


def test_left_over_pounds_go_to_the_largest_remainders():
    # Quotas of £100: 14.29, 28.57, 57.14.
    assert given(allocate(pd.Series([1, 2, 4], index=list("abc")), 100)) == {"a": 14, "b": 29, "c": 57}


def test_a_floor_tops_up_and_the_rest_is_by_need():
    table = allocate(NEED, 1000, AllocationRules(floor=0.19))
    # a is topped up to 190; 810 is left for 900 of need: 180, below the floor too. So b gets 190,
    # and 620 is left for 700: 265.71 and 354.29.
    assert given(table) == {"a": 190, "b": 190, "c": 266, "d": 354}
    assert table["held_by"].tolist() == ["floor", "floor", "", ""]


def test_damping_limits_the_loss():
    today = pd.Series([400, 300, 200, 100], index=list("abcd"))
    table = allocate(NEED, 1000, AllocationRules(today_gbp=today, most_loss=0.1))
    # a, b and c keep 360, 270 and 180; d, whose need alone would bring 400, gets the 190 that are left.
    assert given(table) == {"a": 360, "b": 270, "c": 180, "d": 190}
    assert table["held_by"].tolist() == ["damping", "damping", "damping", ""]


def test_a_cap_limits_the_gain():
    today = pd.Series([250, 250, 250, 250], index=list("abcd"))
    table = allocate(NEED, 1000, AllocationRules(today_gbp=today, most_gain=0.2))
    # d and c are held at 300, 400 is left for a and b at 1 to 2.
    assert given(table) == {"a": 133, "b": 267, "c": 300, "d": 300}
    assert table["held_by"].tolist() == ["", "", "cap", "cap"]


def test_a_supplement_adds_to_need():
    supplement = pd.Series([1.0, 0.5, 0.0, 0.0], index=list("abcd"))
    table = allocate(NEED, 1200, AllocationRules(supplement=supplement))
    assert given(table) == {"a": 200, "b": 300, "c": 300, "d": 400}


def test_travel_supplement_counts_minutes_beyond_a_threshold():
    minutes = pd.Series([10.0, 25.0, np.inf], index=list("abc"))
    extra = travel_supplement(minutes, beyond_minutes=20, per_minute=0.02, most=0.3)
    assert extra.tolist() == [0.0, pytest.approx(0.1), 0.3]


def test_a_blend_weighs_tiers():
    tiers = pd.DataFrame({"early_help": [10, 20], "specialist": [1, 8]}, index=["a", "b"])
    assert blend_need(tiers, {"early_help": 1, "specialist": 3}).tolist() == [13, 44]


def test_wrong_weights_are_told_together():
    tiers = pd.DataFrame({"early_help": [10]}, index=["a"])
    with pytest.raises(HubreachError) as error:
        blend_need(tiers, {"early_help": -1, "universal": 1})
    assert len(error.value.faults) == 2


def test_equal_shares_are_the_largest_floor():
    assert given(allocate(NEED, 1000, AllocationRules(floor=0.25))) == dict.fromkeys("abcd", 250)
    twenty_two = pd.Series(range(1, 23), index=[f"w{n}" for n in range(22)])
    assert allocate(twenty_two, 705000, AllocationRules(floor=1 / 22))["allocation_gbp"].sum() == 705000


def test_an_impossible_floor_names_the_largest_that_fits():
    with pytest.raises(HubreachError, match=r"120% of the envelope. The largest floor that fits is 25.0%"):
        allocate(NEED, 1000, AllocationRules(floor=0.3))


def test_an_impossible_damping_names_the_smallest_that_fits():
    today = pd.Series(300, index=list("abcd"))
    with pytest.raises(HubreachError, match=r"£140 too much. The envelope is -16.7%.*that fits is 16.7%"):
        allocate(NEED, 1000, AllocationRules(today_gbp=today, most_loss=0.05))


def test_caps_that_leave_money_unspent_are_said():
    today = pd.Series(100, index=list("abcd"))
    with pytest.raises(HubreachError, match="£560 of the envelope unspent"):
        allocate(NEED, 1000, AllocationRules(today_gbp=today, most_gain=0.1))


def test_wrong_inputs_are_told_together():
    with pytest.raises(HubreachError) as error:
        allocate(NEED - 200, -1, AllocationRules(floor=2, most_loss=0.1))
    assert {fault.column for fault in error.value.faults} == {"envelope", "floor", "need", "most_loss"}


def test_an_area_without_need_gets_its_floor_only():
    need = pd.Series([0, 10], index=["a", "b"])
    assert given(allocate(need, 100)) == {"a": 0, "b": 100}
    assert given(allocate(need, 100, AllocationRules(floor=0.1))) == {"a": 10, "b": 90}


def test_the_floor_curve_ends_where_no_floor_fits():
    curve = floor_curve(NEED, 1000, [0.0, 0.2, 0.25, 0.3])
    assert curve.columns.tolist() == [0.0, 0.2, 0.25]
    assert curve.sum().tolist() == [1000, 1000, 1000]
    assert curve[0.2].to_dict() == {"a": 200, "b": 200, "c": 257, "d": 343}


def test_comparison_puts_the_largest_loss_first():
    before = pd.Series({"a": 400, "b": 0, "c": 100})
    table = compare_allocations(before, pd.Series({"a": 300, "b": 100, "c": 100}))
    assert table.index.tolist() == ["a", "c", "b"]
    assert table["outcome"].tolist() == ["loses", "unchanged", "gains"]
    assert table.loc["a", "change_share"] == -0.25
    assert np.isnan(table.loc["b", "change_share"])


def test_the_inputs_are_not_changed():
    need, today = NEED.copy(), NEED * 1.5
    allocate(need, 1000, AllocationRules(today_gbp=today, most_loss=0.5))
    pd.testing.assert_series_equal(need, NEED)
    pd.testing.assert_series_equal(today, NEED * 1.5)
