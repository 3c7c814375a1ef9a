"""Sites enough to reach everything: many sets do, the proof is a set cover, and exchanges lessen the travel."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.siting.models import covering as covering_room
from analysis.siting.models.model import LocationProblem
from analysis.siting.models.solve import ranked_solutions, solve
from tests.unit.siting.brute_force import random_case


def town(points: int, across: float, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Metres between the points of a made-up town, each of which may host, and need at each."""
    rng = np.random.default_rng(seed)
    where = rng.uniform(0, across, (points, 2))
    names = [f"n{k:03}" for k in range(points)]
    metres = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
    return pd.DataFrame(metres, names, names), pd.Series(rng.integers(1, 200, points).astype(float), names)


@pytest.mark.parametrize("seed", range(4))
def test_a_large_matrix_is_covered_whole_and_the_order_of_rows_changes_nothing(seed: int) -> None:
    costs, need = town(320, 2600.0, seed)
    fewest = solve(LocationProblem("lscp", radius_minutes=800.0), costs, need)
    result = solve(LocationProblem("mclp", len(fewest.sites), 800.0), costs, need)
    assert (result.status, result.objective, result.gap) == ("optimal", need.sum(), 0.0)
    assert (costs[list(result.sites)].min(axis=1) <= 800).all()
    mixed = costs.sample(frac=1, random_state=seed).sample(frac=1, axis=1, random_state=seed)
    assert (
        solve(LocationProblem("mclp", len(fewest.sites), 800.0), mixed, need.loc[mixed.index]).sites
        == result.sites
    )


def test_exchanges_end_where_none_shortens_the_travel_and_keep_the_cover(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(covering_room, "MOST_PROVEN", 0)
    met = 0
    for seed in range(1, 13):
        costs, need = random_case(seed)
        reach = (costs <= 9.0) & np.isfinite(costs)
        within_reach = need[reach.any(axis=1)].sum()
        for p in range(1, costs.shape[1]):
            found = ranked_solutions(LocationProblem("mclp", p, 9.0), costs, need, 2)
            if found[0].objective < within_reach:
                continue
            met += 1
            assert found[0].gap == 0
            best = travel(costs, need, reach, found[0].sites)
            for leaves, enters in ((a, b) for a in found[0].sites for b in costs.columns):
                other = tuple(sorted({*found[0].sites, enters} - {leaves}))
                if len(other) == p and covers_all(need, reach, other):
                    assert travel(costs, need, reach, other) >= best - 1e-9
            covering = [c for c in combinations(sorted(costs.columns), p) if covers_all(need, reach, c)]
            if len(covering) > 1:
                assert found[1].sites in covering
                assert found[1].sites != found[0].sites
    assert met > 15


def covers_all(need: pd.Series, reach: pd.DataFrame, sites: tuple[str, ...]) -> bool:
    reachable = reach.any(axis=1) & (need > 0)
    return bool(reach.loc[reachable, list(sites)].any(axis=1).all())


def travel(costs: pd.DataFrame, need: pd.Series, reach: pd.DataFrame, sites: tuple[str, ...]) -> float:
    reachable = reach.any(axis=1) & (need > 0)
    return float((costs.loc[reachable, list(sites)].min(axis=1) * need[reachable]).sum())


def test_a_cover_that_no_start_meets_is_found_by_set_covering(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = covering_room.fewest_cover

    def watched(*given, **options):
        asked.append(1)
        return real(*given, **options)

    monkeypatch.setattr(covering_room, "fewest_cover", watched)
    for seed in (1,):
        costs, need = town(120, 4200.0, seed)
        fewest = solve(LocationProblem("lscp", radius_minutes=800.0), costs, need)
        result = solve(LocationProblem("mclp", len(fewest.sites), 800.0), costs, need)
        assert result.objective == need.sum()
        assert len(result.sites) == len(fewest.sites)
    assert asked
