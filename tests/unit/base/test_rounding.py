"""Largest remainders against hand-worked values and an exact oracle in fractions."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.base.rounding import largest_remainder, whole_numbers


def exact_quotas(values, total):
    whole = sum(Fraction(v) for v in values)
    return [Fraction(v) * total / whole for v in values]


def test_a_textbook_house_of_ten_seats():
    # Quotas 4.16, 3.38, 2.46: floors 4, 3, 2, and the tenth seat goes to the .46.
    assert largest_remainder([416, 338, 246], 10).tolist() == [4, 3, 3]


def test_equal_values_favour_the_earlier():
    assert largest_remainder([1, 1, 1], 100).tolist() == [34, 33, 33]


def test_values_that_are_already_whole_stay():
    assert largest_remainder([5.0, 0.0, 7.0], 12).tolist() == [5, 0, 7]


def test_a_zero_value_gets_nothing():
    assert largest_remainder([0.0, 0.4, 0.4], 1).tolist() == [0, 1, 0]


def test_nothing_to_share():
    assert largest_remainder([0.0, 0.0], 0).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("values", "total", "message"),
    [
        ([1, -1], 3, "zero or more"),
        ([1, float("nan")], 3, "zero or more"),
        ([0, 0], 3, "every value is zero"),
        ([], 3, "every value is zero"),
        ([1, 2], -1, "cannot be negative"),
        ([[1, 2]], 1, "one row"),
    ],
)
def test_what_cannot_be_shared_is_said(values, total, message):
    with pytest.raises(ValueError, match=message):
        largest_remainder(values, total)


def test_a_series_keeps_its_index():
    answer = whole_numbers(pd.Series([1.5, 1.5], index=["a", "b"], name="children"), 3)
    assert answer.to_dict() == {"a": 2, "b": 1}
    assert answer.name == "children"


@given(
    st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=40).filter(lambda v: max(v) > 0),
    st.integers(0, 10**9),
)
def test_adds_up_and_stays_within_one_of_the_quota(values, total):
    answer = largest_remainder(values, total)
    assert int(answer.sum()) == total
    for whole, quota in zip(answer.tolist(), exact_quotas(values, total), strict=True):
        assert abs(whole - quota) < 1 + Fraction(1, 10**6)


@given(st.permutations(list(range(8))))
def test_order_does_not_matter_without_ties(order):
    values = np.array([1.1, 2.3, 3.7, 5.9, 8.2, 13.4, 21.6, 34.5])
    assert largest_remainder(values[order], 1000).tolist() == largest_remainder(values, 1000)[order].tolist()
