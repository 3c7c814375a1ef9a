"""The same cost matrices to spopt: equal objectives for all four models."""

import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.siting.models.model import LocationProblem
from analysis.siting.models.solve import solve

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pulp
    from spopt.locate import LSCP, MCLP, PCenter, PMedian

SEEDS = range(6)


def town(seed: int) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 40, (60, 2))
    minutes = np.hypot(*(points[:40, None] - points[None, 40:]).transpose(2, 0, 1))
    costs = pd.DataFrame(minutes, [f"a{k:02}" for k in range(40)], [f"s{k:02}" for k in range(20)])
    return costs, pd.Series(rng.integers(1, 60, 40).astype(float), index=costs.index)


def theirs(model) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(model().solve(pulp.HiGHS(msg=False)).problem.objective.value())


@pytest.mark.parametrize("seed", SEEDS)
def test_mclp(seed):
    costs, weights = town(seed)
    other = theirs(lambda: MCLP.from_cost_matrix(costs.to_numpy(), weights.to_numpy(), 9.0, p_facilities=4))
    assert solve(LocationProblem("mclp", 4, 9.0), costs, weights).objective == pytest.approx(other)


@pytest.mark.parametrize("seed", SEEDS)
def test_pmedian(seed):
    costs, weights = town(seed)
    other = theirs(lambda: PMedian.from_cost_matrix(costs.to_numpy(), weights.to_numpy(), p_facilities=4))
    assert solve(LocationProblem("pmedian", 4), costs, weights).objective == pytest.approx(other)


@pytest.mark.parametrize("seed", SEEDS)
def test_pcenter(seed):
    costs, weights = town(seed)
    other = theirs(lambda: PCenter.from_cost_matrix(costs.to_numpy(), p_facilities=4))
    assert solve(LocationProblem("pcenter", 4), costs, weights).objective == pytest.approx(other)


@pytest.mark.parametrize("seed", SEEDS)
def test_lscp(seed):
    costs, weights = town(seed)
    minutes = float(costs.min(axis=1).max()) + 1.0
    other = theirs(lambda: LSCP.from_cost_matrix(costs.to_numpy(), minutes))
    assert solve(LocationProblem("lscp", radius_minutes=minutes), costs, weights).objective == pytest.approx(
        other
    )
