"""Targeting by hand on the made-up place, and the council's list of 2012 against today's figures."""

import numpy as np
import pytest

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.targeting.named_areas import priority_comparison, priority_parts
from analysis.targeting.smallest_set import (
    SmallestSetProblem,
    concentration,
    need_rate,
    share_in_top,
    smallest_set,
)


@pytest.fixture(scope="module")
def small(small_place):
    return estimate_need(small_place)


@pytest.fixture(scope="module")
def thurrock(real_places):
    return estimate_need(real_places["thurrock"])


def in_set(estimate, *asked):
    """Areas of the smallest set."""
    return smallest_set(estimate, SmallestSetProblem(*asked)).inside


def test_the_smallest_set_by_hand(small):
    # Wards hold 80, 50 and 20 of 150: half is held by the first, and 0.55 takes two.
    half = in_set(small, "ward", 0.5)
    assert half["area_name"].tolist() == ["Ash"]
    assert half["cumulative_share"].tolist() == pytest.approx([80 / 150])
    two = in_set(small, "ward", 0.55)
    assert two["need"].tolist() == [80, 50]
    assert two["children_share"].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert two["p_top"].tolist() == share_in_top(small, "ward", ["early_help"], 2)[:2].tolist()


def test_a_share_that_is_met_exactly_asks_for_no_further_area(small):
    assert len(in_set(small, "ward", 80 / 150)) == 1
    assert len(in_set(small, "lsoa", 120 / 150)) == 3
    assert len(in_set(small, "ward", 1)) == 3


def test_tiers_can_be_added_up(small):
    both = in_set(small, "ward", 1, ["early_help", "specialist"])
    assert both["need"].tolist() == [100, 61, 22]


def test_concentration_by_hand(small):
    # Points (1/2, 4/5) and (1, 1): area 0.2 + 0.45 = 0.65 under the curve, Gini 2 x 0.65 - 1.
    answer = concentration(small, "lsoa")
    assert answer.gini == pytest.approx(0.3)
    assert answer.curve["need_share"].tolist() == pytest.approx(np.array([40, 80, 120, 130, 140, 150]) / 150)
    assert concentration(small, "place").gini == pytest.approx(0)


def test_concentration_is_the_covariance_formula(thurrock):
    # Kakwani: 2 cov(rate, fractional rank) / mean rate, ranks from the least need, children as weights.
    children = thurrock.place.areas["children"].to_numpy(dtype=float)
    rate = thurrock.rates["early_help"].to_numpy()
    order = rate.argsort()
    weight, rate = children[order] / children.sum(), rate[order]
    middle = weight.cumsum() - weight / 2
    mean = weight @ rate
    expected = 2 * (weight @ ((rate - mean) * (middle - 0.5))) / mean
    assert concentration(thurrock, "lsoa").gini == pytest.approx(expected, abs=1e-12)


def test_rates_of_a_level_are_child_weighted(small):
    assert need_rate(small, "ward").to_dict() == pytest.approx({"W1": 0.4, "W2": 0.25, "W3": 0.1})
    assert need_rate(small, "place", ["early_help", "specialist"]).tolist() == pytest.approx([0.305])


def test_the_councils_list_by_hand(small):
    table = priority_comparison(small)
    assert table["verdict"].to_dict() == {"W1": "found", "W2": "extra", "W3": "missed"}
    assert table["named_as"].to_dict() == {"W1": "Ash", "W2": "", "W3": "Parts of Cedar"}
    assert table["part"].tolist() == [False, False, True]
    assert priority_comparison(small, top=3)["verdict"].tolist() == ["found", "extra", "found"]


def test_thurrock_found_eight_wards_of_its_seven_areas_among_nine(thurrock):
    table = priority_comparison(thurrock, top=9)
    assert table["verdict"].value_counts().to_dict() == {"": 11, "found": 8, "extra": 1}
    assert table.loc[table["verdict"] == "extra", "area_name"].tolist() == ["Aveley and Uplands"]
    as_many = priority_comparison(thurrock)
    assert as_many.loc[as_many["verdict"] == "partly", "area_name"].tolist() == ["Grays Thurrock"]
    assert as_many.loc[as_many["verdict"] == "partly", "rank"].tolist() == [9]


def test_parts_are_the_lsoas_in_the_smallest_set_of_the_place(thurrock):
    parts = priority_parts(thurrock, 0.5)
    chosen = in_set(thurrock, "lsoa", 0.5).index
    assert set(parts["ward_name"]) == {"Grays Riverside", "Grays Thurrock"}
    assert len(parts) == 12
    assert parts.index[parts["inside"]].tolist() == [code for code in chosen if code in parts.index]
    assert parts.loc[parts["inside"], "area_name"].tolist() == [
        "Thurrock 017D",
        "Thurrock 017B",
        "Thurrock 017C",
    ]
    assert priority_parts(thurrock, 1.0)["inside"].all()


def test_a_place_without_a_list(real_places):
    estimate = estimate_need(real_places["wirral"])
    assert priority_comparison(estimate) is None
    assert priority_parts(estimate) is None


def test_the_chance_of_the_top_is_counted_over_draws(small):
    share = share_in_top(small, "ward", ["early_help"], 1)
    drawn = small.level_draws("ward")["early_help"]
    assert share.tolist() == pytest.approx([(drawn.argmax(axis=1) == ward).mean() for ward in range(3)])
    assert share_in_top(small, "ward", ["early_help"], 3).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("share", "tiers", "message"),
    [
        (0, None, "Give a share above 0"),
        (1.2, None, "Give a share above 0"),
        (float("nan"), None, "Give a share above 0"),
        (0.5, ["universal"], "Choose from early_help, specialist"),
        (0.5, [], "Choose at least one"),
    ],
)
def test_wrong_questions(small, share, tiers, message):
    with pytest.raises(HubreachError, match=message):
        in_set(small, "ward", share, tiers)
