"""Frontiers, the knee, and exact trade-offs."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.siting.frontier import frontier_by_budget, frontier_by_sites, knee
from analysis.siting.models.budget import BudgetProblem, Floor, Kind
from analysis.siting.models.model import LocationProblem, Watch
from analysis.siting.models.solve import solve
from analysis.siting.pareto import coverage_or_group, coverage_or_longest
from tests.unit.siting.brute_force import keys, random_case


def test_the_frontier_by_sites_equals_brute_force_point_by_point():
    for seed in range(12):
        costs, weights = random_case(seed)
        problem = LocationProblem("mclp", 1, radius_minutes=4.0 if seed % 3 == 0 else 9.0)
        table = frontier_by_sites(problem, costs, weights, range(1, 20))
        assert list(table.index) == list(range(1, costs.shape[1] + 1))
        for number, row in table.iterrows():
            loss, _, chosen = keys(LocationProblem("mclp", number, problem.radius_minutes), costs, weights)[0]
            assert (row["sites"], row["objective"]) == (chosen, weights.sum() - loss)
        assert table["share"].iloc[-1] == pytest.approx(table["objective"].iloc[-1] / weights.sum())


def test_gains_are_differences_and_the_knee_is_marked(street, need):
    table = frontier_by_sites(LocationProblem("mclp", 1, 10.0), street, need, [1, 2, 3])
    assert list(table["objective"]) == [21.0, 32.0, 37.0]
    assert list(table["gained"].iloc[1:]) == [11.0, 5.0]
    assert list(table["is_knee"]) == [False, True, False]


def test_kept_sites_and_impossible_numbers_shorten_the_frontier(street, need):
    problem = LocationProblem("pmedian", 2, keep=("east", "west"), exclude=("middle",))
    assert list(frontier_by_sites(problem, street, need, range(1, 6)).index) == [2]


def test_the_frontier_with_floors_equals_brute_force_and_tells_what_cannot_keep_them():
    impossible = 0
    for seed in range(12):
        costs, weights = random_case(seed)
        wards = pd.Series([f"w{k % 3}" for k in range(len(costs))], index=costs.index)
        one = Kind("site", 9.0, 0.0)
        problem = BudgetProblem((one,), np.inf, (Floor("ward", wards, 0.5),))
        table = frontier_by_sites(problem, costs, weights, range(1, 20))
        assert list(table.index) == list(range(1, costs.shape[1] + 1))
        for number, row in table.iterrows():
            best = most_with_floor(costs, weights, wards, int(number), 9.0, 0.5)
            assert row["status"] == ("infeasible" if best is None else "optimal")
            if best is not None:
                assert (row["objective"], row["n_sites"]) == (pytest.approx(best), number)
            impossible += best is None
    assert impossible > 5


def most_with_floor(
    costs: pd.DataFrame, weights: pd.Series, wards: pd.Series, number: int, minutes: float, share: float
) -> float | None:
    """Most need covered by any set of so many sites that covers the share of every ward; None if none does."""
    need = weights.groupby(wards).sum()
    best = None
    for chosen in combinations(costs.columns, number):
        covered = weights.where((costs[list(chosen)] <= minutes).any(axis=1), 0.0)
        if (covered.groupby(wards).sum() >= share * need - 1e-9).all():
            best = max(covered.sum(), -1.0 if best is None else best)
    return best


def test_a_budget_frontier_rises_and_says_what_was_spent(street, need):
    kinds = (Kind("hub", 20.0, 100.0), Kind("outreach", 0.0, 30.0))
    table = frontier_by_budget(BudgetProblem(kinds, 0.0), street, need, [0, 30, 60, 100])
    assert list(table["objective"]) == [0.0, 20.0, 30.0, 37.0]
    assert list(table["annual_cost_gbp"]) == [0.0, 30.0, 60.0, 100.0]


def test_a_stopped_frontier_keeps_its_points(street, need):
    asked = []

    def after_two() -> bool:
        asked.append(1)
        return len(asked) > 2

    table = frontier_by_sites(
        LocationProblem("pcenter", 1), street, need, [1, 2, 3], Watch(should_stop=after_two)
    )
    assert list(table.index)[:1] == [1]
    assert len(table) < 3


def test_knee_of_straight_short_and_flat_lines_is_none():
    line = np.array([1.0, 2.0, 3.0])
    assert knee(line, line) is None
    assert knee(line[:2], line[:2]) is None
    assert knee(line, np.ones(3)) is None
    assert knee(np.array([1.0, 2.0, 3.0, 4.0]), np.array([9.0, 2.0, 1.0, 0.0])) == 1


def pareto(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points that no other is at least as good as on both (first more is better, second less)."""
    unique = sorted(set(points))
    best = [p for p in unique if not any(q != p and q[0] >= p[0] and q[1] <= p[1] for q in unique)]
    return sorted(best, key=lambda p: -p[0])


@pytest.mark.parametrize("seed", range(16))
def test_the_trade_off_with_the_longest_journey_is_the_exact_pareto_set(seed):
    costs, weights = random_case(seed)
    weights = weights.clip(lower=1)
    number, minutes = min(2, costs.shape[1]), 3.0 if seed % 3 == 0 else 8.0
    every = []
    for chosen in combinations(costs.columns, number):
        nearest = costs[list(chosen)].min(axis=1)
        every.append((float(weights[nearest <= minutes].sum()), round(float(nearest.max()), 9)))
    table = coverage_or_longest(costs, weights, LocationProblem("mclp", number, minutes))
    found = [
        (covered, round(longest, 9))
        for covered, longest in zip(table["need_covered"], table["longest_minutes"], strict=True)
    ]
    if solve(LocationProblem("pcenter", number), costs, weights).status == "infeasible":
        assert len(table) == 0
    else:
        assert found == pareto(every)


@pytest.mark.parametrize("seed", range(16))
def test_the_trade_off_with_a_group_is_the_exact_pareto_set(seed):
    costs, weights = random_case(seed)
    number, minutes = min(2, costs.shape[1]), 3.0 if seed % 3 == 0 else 8.0
    group = pd.Series(np.arange(len(costs)) % 3 == 0, index=costs.index)
    every = []
    for chosen in combinations(costs.columns, number):
        near = costs[list(chosen)].min(axis=1) <= minutes
        every.append((float(weights[near].sum()), -float(weights[near & group].sum())))
    table = coverage_or_group(costs, weights, LocationProblem("mclp", number, minutes), group)
    found = [
        (covered, -own) for covered, own in zip(table["need_covered"], table["group_covered"], strict=True)
    ]
    assert found == pytest.approx(np.array(pareto(every)))


@pytest.mark.parametrize("seed", range(16))
def test_a_trade_off_with_floors_is_the_exact_pareto_set_of_the_sets_that_keep_them(seed):
    costs, weights = random_case(seed)
    weights = weights.clip(lower=1)
    number, minutes, share = min(3, costs.shape[1]), 8.0, 0.4
    groups = pd.Series(np.where(np.arange(len(costs)) % 2, "odd", "even"), index=costs.index)
    group = pd.Series(np.arange(len(costs)) % 3 == 0, index=costs.index)
    lengths, shares = [], []
    for chosen in combinations(costs.columns, number):
        nearest = costs[list(chosen)].min(axis=1)
        near = nearest <= minutes
        kept = (weights * near).groupby(groups).sum() >= share * weights.groupby(groups).sum() - 1e-9
        if kept.all():
            covered = float(weights[near].sum())
            lengths.append((covered, round(float(nearest.max()), 9)))
            shares.append((covered, -float(weights[near & group].sum())))
    problem = BudgetProblem(
        (Kind("site", minutes, 0.0, least=number, most=number),), np.inf, (Floor("half", groups, share),)
    )
    by_length = coverage_or_longest(costs, weights, problem)
    by_group = coverage_or_group(costs, weights, problem, group)
    if solve(LocationProblem("pcenter", number), costs, weights).status == "infeasible":
        assert len(by_length) == 0
    else:
        found = zip(by_length["need_covered"], by_length["longest_minutes"].round(9), strict=True)
        assert list(found) == pareto(lengths)
    found = zip(by_group["need_covered"], -by_group["group_covered"], strict=True)
    assert np.array(list(found)).reshape(-1, 2) == pytest.approx(np.array(pareto(shares)).reshape(-1, 2))


def test_a_trade_off_is_for_one_kind_and_one_number_of_sites(street, need):
    with pytest.raises(HubreachError, match="one number of sites") as raised:
        coverage_or_longest(street, need, BudgetProblem((Kind("hub", 9, 5.0), Kind("van", 9, 1.0)), 10.0))
    assert "2 kinds" in str(raised.value)
