"""The composite index by hand, and how stable its ranks are."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.scenario.need_settings import default_settings
from analysis.targeting.composite import (
    AGGREGATIONS,
    NORMALISATIONS,
    WeightDraws,
    composite_index,
    composite_position,
    estimate_on_composite,
    normalised,
    rank_stability,
)
from analysis.targeting.indicators import double_counts, indicator_values, indicators

VALUES = pd.DataFrame({"poor": [1.0, 2.0, 4.0], "ill": [30.0, 10.0, 20.0]}, index=["x", "y", "z"])


def test_normalisations_by_hand():
    ranks = normalised(VALUES, "rank", {})
    assert ranks["poor"].tolist() == pytest.approx([1 / 6, 3 / 6, 5 / 6])
    limits = normalised(VALUES, "min-max", {})
    assert limits["poor"].tolist() == pytest.approx([0.01, 0.01 + 0.99 / 3, 1])
    scores = normalised(VALUES, "z-score", {})["ill"]
    # Mean 20, standard deviation sqrt(200 / 3).
    assert scores.tolist() == pytest.approx([100 + 10 * np.sqrt(1.5), 100 - 10 * np.sqrt(1.5), 100])


def test_a_direction_turns_an_indicator_round():
    turned = normalised(VALUES, "rank", {"poor": -1})
    assert turned["poor"].tolist() == pytest.approx([5 / 6, 3 / 6, 1 / 6])


def test_the_index_by_hand():
    # Ranks: poor 1/6, 3/6, 5/6 and ill 5/6, 1/6, 3/6; weights 3 to 1.
    index = composite_index(VALUES, {"poor": 3, "ill": 1})
    assert index.to_dict() == pytest.approx({"x": 2 / 6, "y": 2.5 / 6, "z": 4.5 / 6})
    product = composite_index(VALUES, {"poor": 1, "ill": 1}, aggregation="geometric")
    assert product["x"] == pytest.approx(np.sqrt(5) / 6)


def test_a_geometric_mean_makes_up_less():
    lopsided = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [3.0, 2.0, 1.0]})
    weights = {"a": 1, "b": 1}
    assert composite_index(lopsided, weights).tolist() == pytest.approx([0.5] * 3)
    assert composite_index(lopsided, weights, aggregation="geometric").idxmax() == 1


def test_weights_are_only_compared_with_each_other():
    once = composite_index(VALUES, {"poor": 1, "ill": 2})
    assert composite_index(VALUES, {"poor": 50, "ill": 100}).tolist() == pytest.approx(once.tolist())
    alone = composite_index(VALUES, {"poor": 1, "ill": 0})
    assert alone.rank().tolist() == VALUES["poor"].rank().tolist()


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"poor": -1, "ill": 1}, "Give 0 or more"),
        ({"poor": float("nan")}, "Give 0 or more"),
        ({"wealth": 1}, "Choose from poor, ill"),
        ({"poor": 0}, "Give at least one a weight above 0"),
        ({}, "Give at least one a weight above 0"),
    ],
)
def test_wrong_weights(weights, message):
    with pytest.raises(HubreachError, match=message):
        composite_index(VALUES, weights)


def test_gaps_and_constants_are_told_together():
    values = VALUES.assign(gap=[1.0, np.nan, 2.0], same=5.0)
    with pytest.raises(HubreachError) as caught:
        composite_index(values, {"gap": 1, "same": 1})
    assert [(f.column, f.found) for f in caught.value.faults] == [
        ("gap", "no figure for y"),
        ("same", "the same figure everywhere"),
    ]


def test_one_indicator_has_no_doubt_about_its_ranks():
    table = rank_stability(VALUES, {"poor": 1}, top=1)
    assert table["rank"].tolist() == [3, 2, 1]
    for column in ("rank_median", "rank_low", "rank_high"):
        assert table[column].tolist() == table["rank"].tolist()
    assert table["p_top"].tolist() == [0.0, 0.0, 1.0]


def test_stability_against_a_plain_loop():
    random = np.random.default_rng(5)
    values = pd.DataFrame(random.gamma(2.0, size=(12, 3)), columns=["a", "b", "c"])
    weights = {"a": 2.0, "b": 1.0, "c": 1.0}
    table = rank_stability(values, weights, draws=WeightDraws(300, 9), top=3)
    again = np.random.default_rng(9)
    drawn = again.dirichlet(np.array([0.5, 0.25, 0.25]) * 20, 300)
    recipes = [(n, a) for n in NORMALISATIONS for a in AGGREGATIONS]
    picked = again.integers(len(recipes), size=300)
    ranks = []
    for weight, number in zip(drawn, picked, strict=True):
        method, mean = recipes[number]
        index = composite_index(values, dict(zip("abc", weight, strict=True)), None, method, mean)
        ranks.append(index.rank(ascending=False).tolist())
    ranks = np.array(ranks)
    assert table["rank_median"].tolist() == np.median(ranks, axis=0).tolist()
    assert table["p_top"].tolist() == pytest.approx((ranks <= 3).mean(axis=0).tolist())
    assert table["p_top"].sum() == pytest.approx(3)
    assert (table["rank_low"] <= table["rank_median"]).all()
    assert (table["rank_median"] <= table["rank_high"]).all()


def test_looser_weights_move_ranks_more(real_places):
    values = indicator_values(real_places["thurrock"], "2025")
    weights = {"income_rate": 1, "health_score": 1, "barriers_score": 1}
    spread = [
        (table["rank_high"] - table["rank_low"]).mean()
        for table in (
            rank_stability(values, weights, draws=WeightDraws(concentration=c)) for c in (1000, 20, 3)
        )
    ]
    assert spread[0] < spread[1] < spread[2]


def test_the_same_seed_gives_the_same_ranks():
    values = pd.DataFrame(np.random.default_rng(4).normal(size=(30, 2)), columns=["a", "b"])
    first, again, other = (
        rank_stability(values, {"a": 1, "b": 1}, draws=WeightDraws(seed=s)) for s in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first["p_top"].equals(other["p_top"])


def test_indicators_of_each_edition(real_place):
    assert list(indicators(real_place, "2019")) == [
        "imd_score",
        "idaci_position",
        "under_five_share",
        "child_share",
    ]
    newer = list(indicators(real_place, "2025"))
    assert newer[:3] == ["imd_score", "income_rate", "employment_rate"]
    assert len(newer) == 10
    values = indicator_values(real_place, "2025")
    assert values.columns.tolist() == newer
    assert values.index.equals(real_place.areas.index)
    assert values.notna().all().all()


def test_indicator_values_by_hand(small_place):
    wards = indicator_values(small_place, "2019", "ward")
    assert wards["under_five_share"].to_dict() == pytest.approx({"W1": 0.35, "W2": 0.15, "W3": 0.25})
    assert wards["imd_score"].to_dict() == pytest.approx({"W1": 40, "W2": 25, "W3": 10})


def test_the_same_domain_twice_is_warned_of(small_place):
    old, new = indicators(small_place, "2019"), indicators(small_place, "2025")
    (warning,) = double_counts([old["imd_score"], old["idaci_position"]])
    assert warning.startswith("Index of Multiple Deprivation and Income deprivation affecting children both")
    assert warning.endswith("hold Income: it counts twice")
    assert double_counts([new["income_rate"], new["health_score"], new["under_five_share"]]) == []


def test_a_composite_position_deals_out_the_places_own_positions(real_place):
    values = indicator_values(real_place, "2025")
    index = composite_index(values, {"health_score": 1, "crime_score": 1})
    position = composite_position(real_place, "2025", index)
    imd = real_place.deprivation("2025")["imd_position"]
    assert sorted(position) == sorted(imd)
    assert position.index.equals(real_place.areas.index)
    order = index.round(12).sort_values(ascending=False, kind="stable").index
    assert position.loc[order].is_monotonic_decreasing


def test_need_on_the_imd_as_a_composite_is_need_on_the_imd(real_places):
    place = real_places["thurrock"]
    settings = default_settings(place)
    usual = estimate_need(place, settings)
    same = estimate_on_composite(place, settings, place.deprivation("2019")["imd_position"])
    assert same.counts.equals(usual.counts)
    assert same.settings.basis == "composite"
