"""Published spending: figures of the issue, neighbours, what is missing, and a place of several authorities."""

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.published import published_money
from analysis.commissioning.published_words import care_cost_words, early_help_words, money_notes
from analysis.need.opening import open_place
from analysis.places.england.outcomes import net_spending


def test_wirrals_looked_after_children():
    money = published_money(open_place("wirral"))
    assert money.own["looked_after_gbp"] == 59_596_000
    assert money.own["looked_after"] == 681
    assert money.care_cost_gbp == 87_500
    assert len(money.neighbours) == 10
    assert money.neighbours["neighbour"].tolist() == list(range(1, 11))
    # 9,669 thousand of family support and 4,194 thousand of early years, over 66,223 children.
    assert money.own["early_help_per_child_gbp"] == pytest.approx((9_669_000 + 4_194_000) / 66_223)
    assert "£59,596,000 net on 681 children looked after, 2024-25: £87,500 each" in care_cost_words(money)
    assert (
        "£209 for each child 0-17; its 10 statistical neighbours £97 to £418, middle £197"
        in early_help_words(money)
    )
    assert any("statistical neighbour" in note for note in money_notes(money))


def test_what_is_not_published_is_missing_and_said():
    spent, year = net_spending()
    assert year == 2025
    assert len(spent) == 153
    without = spent.index[spent["looked_after"].isna()]
    assert len(without) == 3
    money = published_money(open_place(without[0]))
    assert pd.isna(money.own["per_looked_after_gbp"])
    assert money.care_cost_gbp is None
    assert care_cost_words(money).startswith("No spending")


def test_a_place_that_is_no_part_of_england_has_none(small_place):
    with pytest.raises(HubreachError, match="No outcomes are published for Sampleton"):
        published_money(small_place)
