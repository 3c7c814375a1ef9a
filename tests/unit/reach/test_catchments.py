"""Floating catchments against a hand-worked case, a slow oracle and PySAL's access, on real Wirral."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.catchments import (
    DECAYS,
    MatrixPairs,
    StraightLinePairs,
    covered_by_pairs,
    decay_weights,
    floating_catchment,
    site_ratios,
)
from analysis.reach.coverage import covered_areas
from analysis.reach.demand import estimated_demand
from analysis.reach.selection import choose_sites
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.travel import travel_settings

CATCHMENT = 30.0


def weight_of(minutes: float, catchment: float, decay: str) -> float:
    """The decay once more, one pair at a time, from the papers."""
    if minutes > catchment:
        return 0.0
    if decay == "none":
        return 1.0
    if decay == "linear":
        return 1 - minutes / catchment
    if decay == "gaussian":
        return (math.exp(-0.5 * (minutes / catchment) ** 2) - math.exp(-0.5)) / (1 - math.exp(-0.5))
    zones = {"steps": (1, 0.68, 0.22), "steep steps": (1, 0.42, 0.09)}[decay]
    return zones[0] if minutes <= catchment / 3 else zones[1] if minutes <= 2 * catchment / 3 else zones[2]


def slow_catchment(
    costs: pd.DataFrame, need: dict, capacity: dict, catchment: float, decay: str
) -> list[float]:
    ratio = {}
    for site in costs.columns:
        load = sum(need[area] * weight_of(costs.loc[area, site], catchment, decay) for area in costs.index)
        ratio[site] = capacity[site] / load if load > 0 else 0.0
    return [
        sum(ratio[site] * weight_of(costs.loc[area, site], catchment, decay) for site in costs.columns)
        for area in costs.index
    ]


@pytest.fixture(scope="module")
def wirral():
    place = read_place("wirral")
    demand = estimated_demand(estimate_need(place))
    hubs = choose_sites(place.sites, kinds=["family hub", "children's centre"])
    costs = straight_line_matrix(demand, hubs, travel_settings("walk"))
    capacity = pd.Series(np.arange(len(hubs)) * 10.0 + 40, index=hubs.index)
    return demand, hubs, costs, demand["early_help"].astype(float), capacity


def test_two_steps_by_hand(costs):
    need = pd.Series([10.0, 20, 60, 15, 0, 25], index=costs.index)
    capacity = pd.Series({"s1": 50.0, "s2": 100.0, "s3": 80.0})
    pairs = MatrixPairs(costs, 5.0)
    # s1 serves a and b (30), s2 serves b, c and d (95), s3 serves e and f (25)
    ratios = site_ratios(pairs, need, capacity, 5.0, "none")
    assert ratios.tolist() == pytest.approx([50 / 30, 100 / 95, 80 / 25])
    access = floating_catchment(pairs, need, capacity, 5.0, "none")
    assert access.tolist() == pytest.approx([50 / 30, 50 / 30 + 100 / 95, 100 / 95, 100 / 95, 3.2, 3.2])
    assert (access * need).sum() == pytest.approx(capacity.sum())


@pytest.mark.parametrize("decay", DECAYS)
def test_weights_start_at_one_and_never_rise(decay):
    minutes = np.linspace(0, CATCHMENT, 301)
    weights = decay_weights(minutes, CATCHMENT, decay)
    assert weights[0] == 1.0
    assert (np.diff(weights) <= 1e-15).all()
    assert weights.min() >= 0
    assert weights == pytest.approx([weight_of(m, CATCHMENT, decay) for m in minutes], abs=1e-12)


def test_the_edge_of_a_zone_belongs_to_the_nearer_zone():
    assert decay_weights(np.array([10.0, 20.0, 30.0]), 30.0, "steps").tolist() == [1.0, 0.68, 0.22]


@pytest.mark.parametrize("decay", DECAYS)
def test_equals_the_slow_oracle_on_wirral(wirral, decay):
    _, _, costs, need, capacity = wirral
    fast = floating_catchment(MatrixPairs(costs, CATCHMENT), need, capacity, CATCHMENT, decay)
    slow = slow_catchment(costs, need.to_dict(), capacity.to_dict(), CATCHMENT, decay)
    assert np.abs(fast.to_numpy() - slow).max() < 1e-9
    assert fast.max() > 0


@pytest.mark.parametrize("decay", ["none", "steps", "gaussian"])
def test_equals_pysal_access_on_wirral(wirral, decay):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from access import fca
    _, _, costs, need, capacity = wirral
    long = (
        costs.rename_axis(index="origin", columns="dest")
        .melt(ignore_index=False, value_name="cost")
        .reset_index()
    )
    long = long[long["cost"] <= CATCHMENT]
    theirs = fca.two_stage_fca(
        demand_df=need.rename("demand").rename_axis("geoid").to_frame(),
        supply_df=capacity.rename("supply").to_frame(),
        cost_df=long,
        max_cost=CATCHMENT,
        demand_name="demand",
        supply_name="supply",
        weight_fn=lambda cost: weight_of(cost, CATCHMENT, decay),
    )
    ours = floating_catchment(MatrixPairs(costs, CATCHMENT), need, capacity, CATCHMENT, decay)
    # where nothing is in reach theirs has no row or NaN; the answer is zero
    compared = theirs.reindex(ours.index).fillna(0.0)
    assert (compared > 0).sum() > 150
    assert np.abs(ours - compared).max() < 1e-9


@pytest.mark.parametrize("mode", ["walk", "drive"])
def test_pairs_found_by_tree_are_those_of_the_matrix(wirral, mode, monkeypatch):
    demand, hubs, _, need, capacity = wirral
    settings = travel_settings(mode)
    costs = straight_line_matrix(demand, hubs, settings)
    limit = float(costs.to_numpy()[7, 3])  # exactly on the edge
    monkeypatch.setattr("analysis.reach.catchments.PAIRS_A_BLOCK", 50 * len(hubs))
    tree = StraightLinePairs(demand, hubs, settings, limit)
    assert len(list(tree)) == 5
    assert sum(len(block.minutes) for block in tree) == int((costs.to_numpy() <= limit).sum())
    pd.testing.assert_series_equal(covered_by_pairs(tree), covered_areas(costs, limit))
    ours = floating_catchment(tree, need, capacity, limit)
    pd.testing.assert_series_equal(ours, floating_catchment(MatrixPairs(costs, limit), need, capacity, limit))


def test_nothing_in_reach_is_zero(wirral):
    demand, hubs, costs, need, capacity = wirral
    drive = travel_settings("drive")
    nobody = StraightLinePairs(demand, hubs, drive, 4.0)
    assert list(nobody) == []
    assert floating_catchment(nobody, need, capacity, 4.0).eq(0).all()
    assert not covered_by_pairs(StraightLinePairs(demand, hubs.iloc[:0], drive, 20.0)).any()
    none = floating_catchment(MatrixPairs(costs[[]], CATCHMENT), need, capacity.iloc[:0], CATCHMENT)
    assert none.eq(0).all()


def test_unknown_capacity_and_decay_are_refused(wirral):
    _, _, costs, need, capacity = wirral
    pairs = MatrixPairs(costs, CATCHMENT)
    with pytest.raises(HubreachError, match="1 sites state no capacity"):
        floating_catchment(pairs, need, capacity.where(capacity != 40.0), CATCHMENT)
    with pytest.raises(HubreachError, match="'cliff' is not known"):
        floating_catchment(pairs, need, capacity, CATCHMENT, "cliff")
