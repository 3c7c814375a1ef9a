"""Every set of every small instance: the optimum and the next-best sets, in order."""

import numpy as np
import pandas as pd
import pytest

from analysis.siting.models import covering, median
from analysis.siting.models.model import LocationProblem
from analysis.siting.models.solve import ranked_solutions, solve
from analysis.siting.search import branching
from analysis.siting.search.selection import select
from tests.unit.siting.brute_force import keys, random_case, random_problem

MODELS = ("mclp", "pmedian", "pcenter", "lscp", "partial")


def assert_ranked_like_brute_force(seed: int, model: str, count: int) -> None:
    costs, weights = random_case(seed)
    problem = random_problem(seed, model, costs)
    wanted = keys(problem, costs, weights)
    found = ranked_solutions(problem, costs, weights, count)
    if not wanted:
        assert [result.status for result in found] == ["infeasible"]
        return
    assert [result.sites for result in found] == [chosen for _, _, chosen in wanted[:count]], (seed, problem)
    assert all(result.status == "optimal" and result.gap == 0 for result in found)
    total = weights.sum()
    for result, (loss, _, _) in zip(found, wanted, strict=False):
        assert result.objective == pytest.approx(total - loss if model == "mclp" else loss, abs=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_best_and_next_best_sets_equal_brute_force(model):
    for seed in range(60):
        assert_ranked_like_brute_force(seed, model, 4)


@pytest.fixture
def impatient(monkeypatch):
    """Give the Lagrangean search nothing to list and no branches, so that HiGHS has to finish."""

    def hurried(*args, **keywords):
        return select(*args, **(keywords | {"branches": 0}))

    monkeypatch.setattr(branching, "LEAST_LISTED", 0)
    monkeypatch.setattr(branching, "SETS_LISTED", 0)
    monkeypatch.setattr(branching, "MOST_WORK", 0.0)
    monkeypatch.setattr(covering, "select", hurried)
    monkeypatch.setattr(median, "select", hurried)


@pytest.mark.parametrize("model", ["mclp", "pmedian", "pcenter"])
def test_the_mixed_integer_programmes_agree_with_brute_force(model, impatient):
    for seed in range(100, 112):
        assert_ranked_like_brute_force(seed, model, 3)


def test_branching_alone_agrees_with_brute_force(monkeypatch):
    monkeypatch.setattr(branching, "LEAST_LISTED", 0)
    monkeypatch.setattr(branching, "SETS_LISTED", 0)
    monkeypatch.setattr(branching, "ROOT_ROUNDS", 1)
    monkeypatch.setattr(branching, "BRANCH_ROUNDS", 1)
    for seed in range(200, 230):
        assert_ranked_like_brute_force(seed, "pmedian", 3)


def test_the_order_of_rows_and_columns_changes_nothing():
    rng = np.random.default_rng(0)
    for seed in range(300, 320):
        costs, weights = random_case(seed)
        mixed = costs.iloc[rng.permutation(len(costs)), rng.permutation(costs.shape[1])]
        for model in MODELS:
            problem = random_problem(seed, model, costs)
            one = ranked_solutions(problem, costs, weights, 3)
            other = ranked_solutions(problem, mixed, weights.sample(frac=1, random_state=seed), 3)
            assert [(r.sites, r.objective, r.unmet) for r in one] == [
                (r.sites, r.objective, r.unmet) for r in other
            ] or (one[0].status == other[0].status == "infeasible")


def test_equal_sets_beyond_the_work_that_is_counted_are_the_same_in_any_order_of_rows(monkeypatch):
    rng = np.random.default_rng(4)
    names = [f"n{k:02}" for k in range(40)]
    costs = pd.DataFrame(rng.integers(1, 4, (40, 40)).astype(float), index=names, columns=names)
    weights = pd.Series(1.0, index=names)
    problem = LocationProblem("pmedian", 12)
    first = solve(problem, costs, weights)
    monkeypatch.setattr(branching, "MOST_ORDER_WORK", 0)
    met = solve(problem, costs, weights)
    assert (met.objective, met.gap) == (first.objective, 0)
    assert first.sites < met.sites
    for seed in range(4):
        mixed = costs.sample(frac=1, random_state=seed).sample(frac=1, axis=1, random_state=seed + 9)
        assert solve(problem, mixed, weights).sites == met.sites
