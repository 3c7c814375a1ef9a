"""What holds of every siting answer, whatever the matrix."""

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.siting.models.budget import BudgetProblem, Kind
from analysis.siting.models.model import LocationProblem
from analysis.siting.models.solve import ranked_solutions, solve
from tests.unit.siting.brute_force import keys

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MODELS = st.sampled_from(["mclp", "pmedian", "pcenter", "lscp", "partial"])


@st.composite
def matrices(draw) -> tuple[pd.DataFrame, pd.Series]:
    """Few areas and sites, minutes with many ties, some of them no way at all."""
    areas, sites = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    minute = st.one_of(st.integers(0, 9).map(float), st.floats(0, 9, width=16), st.just(np.inf))
    cells = draw(st.lists(minute, min_size=areas * sites, max_size=areas * sites))
    need = draw(st.lists(st.integers(0, 4).map(float), min_size=areas, max_size=areas))
    need[0] = max(need[0], 1.0)
    costs = pd.DataFrame(
        np.array(cells).reshape(areas, sites),
        [f"a{k}" for k in range(areas)],
        [f"s{k}" for k in range(sites)],
    )
    return costs, pd.Series(need, index=costs.index)


@quick
@given(matrices(), MODELS, st.integers(1, 4), st.integers(0, 9), st.floats(0.2, 1.0))
def test_the_answer_is_the_best_of_all_sets(case, model, p, minutes, share):
    costs, weights = case
    problem = LocationProblem(model, p, float(minutes), share)
    wanted, found = keys(problem, costs, weights), solve(problem, costs, weights)
    assert (found.status == "infeasible") == (not wanted)
    if wanted:
        assert found.sites == wanted[0][2]
    else:
        assert found.remedies


@quick
@given(matrices(), MODELS, st.integers(1, 4), st.integers(0, 9), st.randoms(use_true_random=False))
def test_relabelled_rows_and_columns_give_the_same_answer(case, model, p, minutes, random):
    costs, weights = case
    rows, columns = (
        random.sample(list(costs.index), len(costs)),
        random.sample(list(costs.columns), costs.shape[1]),
    )
    problem = LocationProblem(model, p, float(minutes), 0.8)
    one, other = (
        solve(problem, costs, weights),
        solve(problem, costs.loc[rows, columns], weights[rows[::-1]]),
    )
    assert (one.sites, one.unmet, one.remedies) == (other.sites, other.unmet, other.remedies)
    assert one.assignment.sort_index().equals(other.assignment.sort_index())


@quick
@given(matrices(), st.integers(1, 4), st.integers(0, 8))
def test_more_minutes_and_more_sites_never_cover_less(case, p, minutes):
    costs, weights = case
    p = min(p, costs.shape[1])
    covered = solve(LocationProblem("mclp", p, float(minutes)), costs, weights).objective
    assert solve(LocationProblem("mclp", p, minutes + 1.0), costs, weights).objective >= covered
    if p < costs.shape[1]:
        assert solve(LocationProblem("mclp", p + 1, float(minutes)), costs, weights).objective >= covered


@quick
@given(matrices(), st.integers(1, 3), st.integers(0, 9))
def test_next_best_sets_are_distinct_and_never_better(case, p, minutes):
    costs, weights = case
    found = ranked_solutions(LocationProblem("mclp", p, float(minutes)), costs, weights, 5)
    sets, objectives = [result.sites for result in found], [result.objective for result in found]
    if found[0].status == "optimal":
        assert len(set(sets)) == len(sets)
        assert objectives == sorted(objectives, reverse=True)


@quick
@given(matrices(), st.integers(0, 9), st.integers(0, 12), st.integers(1, 5), st.integers(1, 5))
def test_a_larger_budget_never_covers_less_and_is_never_overspent(case, minutes, budget, hub, outreach):
    costs, weights = case
    kinds = (Kind("hub", float(minutes), float(hub)), Kind("outreach", minutes / 2, float(outreach)))
    one = solve(BudgetProblem(kinds, float(budget)), costs, weights)
    two = solve(BudgetProblem(kinds, budget + 2.0), costs, weights)
    assert one.annual_cost_gbp <= budget
    assert two.objective >= one.objective
    assert one.objective + weights[list(one.unmet)].sum() == weights.sum()
