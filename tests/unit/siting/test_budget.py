"""Hubs and outreach under a budget, against every way of hosting them, and what stands in the way."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.siting.models import budget
from analysis.siting.models.budget import (
    NOT_WORKED_OUT,
    BudgetProblem,
    Floor,
    Kind,
    explain_budget,
    prepare_budget,
)
from analysis.siting.models.solve import ranked_solutions, score, solve
from analysis.siting.search import solver
from analysis.siting.search.solver import Outcome
from tests.unit.siting.brute_force import random_case

HUB = Kind("hub", 20.0, 100.0)
OUTREACH = Kind("outreach", 5.0, 30.0)


def plans(problem: BudgetProblem, costs: pd.DataFrame, weights: pd.Series):
    """(need left outside, cost, decisions) of every allowed plan without capacities, best first."""
    sites = sorted(set(costs.columns) - set(problem.exclude))
    table, need = costs[sites].to_numpy(), weights.reindex(costs.index).to_numpy()
    found = []
    for hosted in product(range(-1, len(problem.kinds)), repeat=len(sites)):
        price = sum(problem.kinds[k].annual_cost_gbp for k in hosted if k >= 0)
        kept = all(
            hosted[sites.index(s)] >= 0 and (not kind or problem.kinds[hosted[sites.index(s)]].name == kind)
            for s, kind in problem.keep.items()
        )
        covered = np.zeros(len(table), dtype=bool)
        for j, k in enumerate(hosted):
            if k >= 0:
                covered |= table[:, j] <= problem.kinds[k].radius_minutes
        floors = all(
            need[covered & (floor.groups.reindex(costs.index) == g).to_numpy()].sum()
            >= floor.share * need[(floor.groups.reindex(costs.index) == g).to_numpy()].sum() - 1e-9
            for floor in problem.floors
            for g in set(floor.groups)
        )
        if kept and floors and price <= problem.annual_budget_gbp + 1e-9:
            columns = sorted(k * len(sites) + j for j, k in enumerate(hosted) if k >= 0)
            order = [-int(c in columns) for c in range(len(problem.kinds) * len(sites))]
            names = {sites[j]: problem.kinds[k].name for j, k in enumerate(hosted) if k >= 0}
            found.append((float(need[~covered].sum()), price, order, names))
    return sorted(found, key=lambda plan: plan[:3])


@pytest.mark.parametrize("seed", range(24))
def test_the_best_and_next_best_plans_equal_brute_force(seed):
    costs, weights = random_case(seed, most_sites=5)
    rng = np.random.default_rng(seed)
    wards = pd.Series(rng.choice(["north", "south"], len(costs)), index=costs.index)
    sites = sorted(costs.columns)
    problem = BudgetProblem(
        (HUB if seed % 3 else Kind("hub", 4.0, 100.0), OUTREACH if seed % 3 else Kind("outreach", 2.0, 30.0)),
        float(rng.integers(30, 300)),
        (Floor("ward", wards, 0.4),) if seed % 2 else (),
        {sites[0]: "outreach"} if seed % 5 == 0 else {},
        (sites[1],) if seed % 7 == 0 and len(sites) > 2 else (),
    )
    wanted = plans(problem, costs, weights)
    found = ranked_solutions(problem, costs, weights, 3)
    if not wanted:
        assert found[0].status == "infeasible"
        assert found[0].remedies
        return
    assert [(r.kinds.to_dict(), r.annual_cost_gbp) for r in found] == [(p[3], p[1]) for p in wanted[:3]]
    assert [r.objective for r in found] == pytest.approx([weights.sum() - p[0] for p in wanted[:3]])
    assert all(r.status == "optimal" and r.gap == 0 for r in found)


@pytest.fixture
def kinds() -> tuple[Kind, Kind]:
    return Kind("hub", 20.0, 100.0), Kind("outreach", 0.0, 30.0)


def test_money_goes_where_it_covers_most(street, need, kinds):
    rich = solve(BudgetProblem(kinds, 200.0), street, need)
    assert (rich.objective, rich.annual_cost_gbp, rich.kinds.to_dict()) == (37.0, 100.0, {"middle": "hub"})
    poor = solve(BudgetProblem(kinds, 60.0), street, need)
    assert (poor.objective, poor.kinds.to_dict()) == (30.0, {"east": "outreach", "west": "outreach"})
    assert poor.unmet == ("b", "c", "d")
    assert list(poor.assignment) == ["east", "east", "east", "west", "west"]


def test_a_budget_for_nothing_buys_nothing(street, need, kinds):
    nothing = solve(BudgetProblem(kinds, 10.0), street, need)
    assert (nothing.status, nothing.sites, nothing.objective) == ("optimal", (), 0.0)
    assert nothing.unmet == tuple("abcde")


def test_floors_that_the_budget_cannot_meet_name_the_least_change(street, need, kinds):
    wards = pd.Series(["one", "one", "two", "three", "three"], index=need.index)
    problem = BudgetProblem(kinds, 60.0, (Floor("ward", wards, 0.5),))
    result = solve(problem, street, need)
    assert result.status == "infeasible"
    assert result.remedies == (
        "ward two: 0.0% of need can be covered, not 50%",
        "Raise the budget to £90 a year: the least that meets every floor",
    )
    assert result.unmet == ("c",)
    enough = solve(BudgetProblem(kinds, 90.0, (Floor("ward", wards, 0.5),)), street, need)
    assert (enough.status, enough.annual_cost_gbp) == ("optimal", 90.0)


def test_kept_sites_beyond_the_budget_say_what_they_cost(street, need, kinds):
    result = solve(BudgetProblem(kinds, 60.0, keep={"east": "hub"}), street, need)
    assert result.status == "infeasible"
    assert result.remedies[1] == "Raise the budget to £100 a year, or keep fewer"
    clash = solve(
        BudgetProblem((Kind("hub", 5, 1.0, candidates=("west",)),), 9.0, keep={"east": "hub"}), street, need
    )
    assert clash.remedies[0].startswith("The kept sites, the candidates")


def test_capacity_limits_what_a_site_serves(street, need):
    small = (Kind("hub", 20.0, 100.0, capacity=12.0), Kind("outreach", 0.0, 30.0, capacity=4.0))
    result = solve(BudgetProblem(small, 130.0), street, need)
    assert result.objective == pytest.approx(16.0)
    assert result.annual_cost_gbp == 130.0
    by_site = pd.Series({"east": 7.0, "middle": 100.0, "west": np.nan})
    roomy = solve(BudgetProblem((Kind("hub", 20.0, 100.0, capacity=by_site),), 100.0), street, need)
    assert (roomy.sites, roomy.objective) == (("middle",), 37.0)


def test_floors_that_a_number_of_sites_cannot_meet_name_the_number(street, need):
    wards = pd.Series(["one", "one", "two", "three", "three"], index=need.index)
    one = Kind("site", 10.0, 0.0, least=1, most=1)
    result = solve(BudgetProblem((one,), np.inf, (Floor("ward", wards, 1.0),)), street, need)
    assert result.remedies[-2] == "Choose 3 sites: the fewest that meet every floor"


def test_numbers_of_a_kind_are_obeyed(street, need):
    two = BudgetProblem((Kind("hub", 10.0, 0.0, least=2, most=2),), np.inf)
    assert solve(two, street, need).sites == ("east", "west")


def test_a_plan_of_ones_own_is_scored(street, need, kinds):
    own = score(BudgetProblem(kinds, 100.0), street, need, {"east": "outreach"})
    # For the £30 that it costs, an outreach site in the west reaches 20; the whole budget would reach 37.
    assert (own.objective, own.bound, own.annual_cost_gbp) == (10.0, 20.0, 30.0)
    assert own.gap == pytest.approx(0.5)


def test_a_plan_of_ones_own_that_breaks_the_terms_is_never_better_than_the_best_it_is_held_against(
    street, need, kinds
):
    dear = score(BudgetProblem(kinds, 100.0), street, need, {"east": "hub", "west": "hub"})
    assert (dear.objective, dear.bound, dear.annual_cost_gbp) == (37.0, 37.0, 200.0)
    terms = BudgetProblem(kinds, 100.0, (), {"middle": "hub"}, ("west",))
    ruled_out = score(terms, street, need, {"west": "outreach"})
    assert (ruled_out.objective, ruled_out.bound, ruled_out.gap) == (20.0, 20.0, 0.0)


def test_a_meaningless_budget_question_is_refused(street, need):
    with pytest.raises(HubreachError) as error:
        BudgetProblem((HUB, HUB), -1.0, (Floor("ward", need.astype(str), 2.0),), {"east": "palace"})
    assert [fault.column for fault in error.value.faults] == ["kinds", "budget", "floor", "keep"]
    with pytest.raises(HubreachError, match="cost of hub is missing"):
        solve(BudgetProblem((Kind("hub", 5.0, pd.Series({"east": 1.0})),), 9.0), street, need)


@pytest.mark.parametrize(("solves", "known"), [(0, 0), (1, 1), (2, 2)])
def test_an_explanation_that_is_stopped_says_as_much_as_is_known(
    street, need, kinds, monkeypatch, solves, known
):
    everyone = Floor("street", pd.Series("all", index=street.index), 1.0)
    prepared = prepare_budget(BudgetProblem(kinds, 60.0, (everyone,)), street, need)
    whole = explain_budget(prepared)[1]
    assert whole[:2] == (
        "street all: 81.1% of need can be covered, not 100%",
        "Raise the budget to £100 a year: the least that meets every floor",
    )
    done = []

    def stopped_after(program, *, tell):
        outcome = solver.solve(program, tell=tell)
        done.append(tell)
        return outcome if len(done) <= solves else Outcome(None, np.inf, -np.inf, complete=False)

    monkeypatch.setattr(budget, "solve", stopped_after)
    said = explain_budget(prepared, lambda *_: False)[1]
    assert said[:known] == whole[:known]
    assert (said[-1] == NOT_WORKED_OUT) == (known < 2)
    assert None not in done


def test_a_floor_beyond_every_site_names_the_minutes_that_would_do(street, need):
    each = Floor("area", pd.Series(list("abcde"), index=street.index), 1.0)
    one = Kind("site", 5.0, 0.0, least=2, most=2)
    found = solve(BudgetProblem((one,), np.inf, (each,)), street, need)
    assert found.status == "infeasible"
    assert "Allow 10 minutes for a site: with fewer, no number of sites meets every floor" in found.remedies
    wide = solve(BudgetProblem((Kind("site", 10.0, 0.0),), np.inf, (each,)), street, need)
    assert wide.status == "optimal"
