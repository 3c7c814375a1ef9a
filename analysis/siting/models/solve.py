"""One solve on a cost matrix: the best set of sites, its next-best sets, or what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.siting.models.budget import BudgetProblem, budget_solution, like_set, ranked_budget_solutions
from analysis.siting.models.center import least_longest
from analysis.siting.models.covering import fewest_cover, fewest_for_share, most_covered, nearer_cover
from analysis.siting.models.instance import Instance, nearest_minutes, prepare_problem
from analysis.siting.models.median import least_travel
from analysis.siting.models.model import (
    Columns,
    Explanation,
    LocationProblem,
    Solution,
    Tell,
    Watch,
    relative_gap,
)
from analysis.siting.search.selection import Selection

Problem = LocationProblem | BudgetProblem


def explain(problem: LocationProblem, instance: Instance) -> Explanation:
    """Areas in the way of a question that has no answer, and what would make it possible.

    Parameters
    ----------
    problem : LocationProblem
        Found infeasible.
    instance : Instance

    Returns
    -------
    (unmet, remedies)
        Area ids; sentences, the first saying what is wrong.
    """
    if not len(instance.weights):
        return (), ("No area has any need: give at least one area a weight above zero",)
    if not instance.sites:
        return instance.areas, ("Every site is ruled out: allow at least one",)
    if problem.model in {"mclp", "pmedian", "pcenter"}:
        counted = _count_faults(problem, instance)
        if counted:
            return (), counted
        return _unreachable(problem, instance)
    return _too_far(problem, instance)


def _count_faults(problem: LocationProblem, instance: Instance) -> tuple[str, ...]:
    kept, candidates = int(instance.kept.sum()), len(instance.sites)
    if kept > problem.p:
        return (
            f"{kept} sites are kept but only {problem.p} may be chosen: choose {kept} or more, or keep fewer",
        )
    if problem.p > candidates:
        return (f"{problem.p} sites are to be chosen from {candidates}: choose {candidates} or fewer",)
    return ()


def _unreachable(problem: LocationProblem, instance: Instance) -> Explanation:
    """The p-median and p-center need a finite journey for every area with need."""
    reached = instance.covers(np.inf)
    lost = tuple(instance.areas[i] for i in np.flatnonzero(~reached.any(axis=1)))
    if lost:
        share = float(instance.weights[~reached.any(axis=1)].sum() / instance.total)
        return lost, (
            f"No site can be reached from where {share:.1%} of need is",
            "Add a site that can be reached from there, or leave it out of the weights",
        )
    columns, _, _ = fewest_cover(reached, instance.kept)
    fewest = len(columns or ())
    best = most_reached(instance, problem.p)
    return best, (
        f"No {problem.p} sites can be reached from every area with need",
        f"Choose {fewest} sites: that is the fewest that all can reach",
    )


def most_reached(instance: Instance, p: int) -> tuple[str, ...]:
    """Areas that the best `p` sites still leave without any site they can reach."""
    found = most_covered(instance, p, float("inf"))
    return instance.beyond(instance.names(found.sets[0]), np.inf) if found.sets else instance.areas


def _too_far(problem: LocationProblem, instance: Instance) -> Explanation:
    """Fewest sites for everyone, or a share: some need is beyond every site."""
    nearest = instance.minutes.min(axis=1)
    far = ~(nearest <= problem.radius_minutes)
    unmet = tuple(instance.areas[i] for i in np.flatnonzero(far))
    share = 1.0 if problem.model == "lscp" else problem.share
    reachable = float(instance.weights[~far].sum() / instance.total)
    remedies = [
        f"{1 - reachable:.1%} of need is more than {problem.radius_minutes:g} minutes from every site"
    ]
    order = np.argsort(nearest, kind="stable")
    enough = int(np.searchsorted(np.cumsum(instance.weights[order]), share * instance.total * (1 - 1e-9)))
    least = float(nearest[order[min(enough, len(order) - 1)]])
    if np.isfinite(least):
        remedies.append(
            f"Allow {np.ceil(least * 10 - 1e-9) / 10:g} minutes: that is the least with which {share:.0%} of need can be covered"
        )
    remedies.append(
        f"Or ask for {np.floor(reachable * 1000) / 1000:.1%} of need, the most within {problem.radius_minutes:g} minutes"
    )
    return unmet, tuple(remedies)


def solve(
    problem: Problem,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    watch: Watch | None = None,
    *,
    explained: bool = True,
) -> Solution:
    """Solve a siting problem on a cost matrix, with its proof.

    Equal sets are told apart by need-weighted travel ("lscp", "pcenter", and "mclp" where everything within
    reach is covered) and then by site id: the set that holds the earliest id comes first; under a budget the cheapest
    set comes first, then the one whose kinds in order hold the earliest id. In a matrix of more than 20,000 pairs
    within the limit, exchanges lead to the set with less travel, and equal sets are not searched for the first; nor are
    they anywhere beyond a counted amount of work. The solution does not depend on the order of rows or columns.

    Parameters
    ----------
    problem : LocationProblem or BudgetProblem
    costs : DataFrame of shape (areas, sites)
        Minutes; infinite where a site cannot be reached.
    weights : Series of shape (areas,)
        Need by area. Areas without need take no part, but are assigned.
    watch : Watch, optional
        Reports progress, and can stop the solve, which keeps the best so far.
    explained : bool
        Whether an impossible budget problem is told what stands in its way, which can take longer than the solve.

    Returns
    -------
    Solution
        With status "infeasible", the areas in the way and remedies if no set of sites can do it.

    Examples
    --------
    >>> costs = pd.DataFrame({"north": [5.0, 25.0], "south": [30.0, 6.0]}, index=["a", "b"])
    >>> need = pd.Series({"a": 10.0, "b": 40.0})
    >>> solve(LocationProblem("mclp", p=1, radius_minutes=20), costs, need).sites
    ('south',)
    """
    return ranked_solutions(problem, costs, weights, 1, watch, explained=explained)[0]


def ranked_solutions(
    problem: Problem,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    count: int,
    watch: Watch | None = None,
    *,
    explained: bool = True,
) -> list[Solution]:
    """Find the best `count` distinct sets, best first (`solve`).

    Returns
    -------
    list of Solution
        At least one; a single infeasible one if nothing can be done. Fewer than `count` if there
        are no more sets.
    """
    watch = watch or Watch()
    if isinstance(problem, BudgetProblem):
        return ranked_budget_solutions(problem, costs, weights, count, watch, explained=explained)
    instance = prepare_problem(problem, costs, weights)
    selection = solve_prepared(problem, instance, count, watch)
    if not selection.sets:
        explanation = explain(problem, instance) if selection.complete else None
        return [Solution.none(problem.model, instance.assignment(()), watch.seconds, explanation)]
    return [
        _solution(problem, instance, selection, rank, watch.seconds) for rank in range(len(selection.sets))
    ]


def score(
    problem: Problem, costs: pd.DataFrame, weights: pd.Series[float], sites: Mapping[str, str] | Iterable[str]
) -> Solution:
    """Value of a set of the user's own, against the proven best of its own size.

    The best is sought under the terms that the set itself keeps to, so that it is never worse: as many sites (under a
    budget, as much money, and as many of each kind as are limited), those kept and ruled out only where the set keeps
    and rules them out, and no floors. Where the fewest sites are sought, it is the most need that so many cover.

    Parameters
    ----------
    problem : LocationProblem or BudgetProblem
    costs : DataFrame of shape (areas, sites)
    weights : Series of shape (areas,)
    sites : iterable of str, or mapping of site id to kind name
        The set; under a budget what each site hosts, by default the first kind.

    Returns
    -------
    Solution
        Of the set, with the value of the best as its bound: the gap is what the set gives up.

    Raises
    ------
    HubreachError
        If a site is not in the matrix.
    """
    faults = FaultList("own set")
    for site in sorted(set(sites) - set(map(str, costs.columns))):
        faults.add(f"'{site}' is not a site of the matrix", "Use a site id of the matrix")
    faults.raise_if_any("The set of your own cannot be scored.")
    if isinstance(problem, BudgetProblem):
        first = problem.kinds[0].name
        hosted = dict(sites) if isinstance(sites, Mapping) else dict.fromkeys(sites, first)
        own = budget_solution(problem, costs, weights, hosted)
        best = solve(like_set(problem, own), costs, weights, explained=False)
    else:
        chosen = tuple(sorted(sites))
        alike = replace(
            problem,
            model="mclp" if problem.model in {"lscp", "partial"} else problem.model,
            p=len(chosen),
            keep=tuple(site for site in problem.keep if site in chosen),
            exclude=tuple(site for site in problem.exclude if site not in chosen),
        )
        best = solve(alike, costs, weights)
        own = _own_solution(alike, prepare_problem(alike, costs, weights), chosen)
    gap = relative_gap(best.objective, own.objective)
    return replace(own, status=best.status, bound=best.objective, gap=gap, seconds=best.seconds)


def solve_prepared(
    problem: LocationProblem,
    instance: Instance,
    count: int = 1,
    watch: Watch | None = None,
    starts: Iterable[Columns] = (),
) -> Selection:
    """Best sets of a prepared problem, as column numbers, with their loss (see `objective_of`)."""
    tell = _teller(problem, instance, watch) if watch is not None and watch.watching else None
    if not len(instance.weights) or not len(instance.sites):
        return Selection((), (), np.inf, complete=True)
    if problem.model == "pmedian":
        return least_travel(instance, problem.p, count=count, starts=starts, tell=tell)
    if problem.model == "pcenter":
        if problem.p > len(instance.sites) or instance.kept.sum() > problem.p:
            return Selection((), (), np.inf, complete=True)
        return least_longest(instance, problem.p, count, tell)
    if problem.model == "mclp":
        return most_covered(instance, problem.p, problem.radius_minutes, count, tell)
    return _fewest(problem, instance, count, tell)


def objective_of(problem: LocationProblem, instance: Instance, loss: float) -> float:
    """Objective that a loss stands for: need covered where more is better."""
    return instance.total - loss if problem.higher_is_better else loss


def _fewest(problem: LocationProblem, instance: Instance, count: int, tell: Tell | None) -> Selection:
    """Sets with the fewest sites; next-best ones have as many, then one more, and so on."""
    if problem.model == "lscp":
        columns, bound, complete = fewest_cover(instance.covers(problem.radius_minutes), instance.kept, tell)
    else:
        columns, bound, complete = fewest_for_share(instance, problem.radius_minutes, problem.share, tell)
    if columns is None:
        return Selection((), (), np.inf, complete=True)
    if not complete:
        return Selection((float(len(columns)),), (columns,), bound, complete=False)
    if problem.model == "lscp" and count == 1 and columns:
        nearer = nearer_cover(instance, problem.radius_minutes, columns)
        if nearer is not None:
            return Selection((float(len(columns)),), (nearer,), bound, complete=True)
    sets: list[Columns] = []
    size = len(columns)
    while len(sets) < count and size <= len(instance.sites):
        sets += _sets_of_size(problem, instance, size, count - len(sets), tell)
        size += 1
    sets = sets or [columns]
    return Selection(tuple(float(len(chosen)) for chosen in sets), tuple(sets), bound, complete=True)


def _sets_of_size(
    problem: LocationProblem, instance: Instance, size: int, count: int, tell: Tell | None
) -> tuple[Columns, ...]:
    if size == 0:
        return ()
    if problem.model == "lscp":
        return least_travel(instance, size, count=count, minutes=problem.radius_minutes, tell=tell).sets
    found = most_covered(instance, size, problem.radius_minutes, count, tell)
    allowed = (1.0 - problem.share) * instance.total * (1 + 1e-9) + 1e-9
    return tuple(chosen for loss, chosen in zip(found.values, found.sets, strict=True) if loss <= allowed)


def _teller(problem: LocationProblem, instance: Instance, watch: Watch) -> Tell:
    def tell(loss: float, bound: float, columns: Columns) -> bool:
        watch.tell(
            objective_of(problem, instance, loss),
            objective_of(problem, instance, bound),
            instance.names(columns),
        )
        return watch.must_stop()

    return tell


def _solution(
    problem: LocationProblem, instance: Instance, selection: Selection, rank: int, seconds: float
) -> Solution:
    sites = instance.names(selection.sets[rank])
    objective = objective_of(problem, instance, selection.values[rank])
    bound = objective_of(problem, instance, min(selection.bound, selection.values[0]))
    # A later rank is proven against what the earlier ones leave; its own value is its bound.
    bound = objective if rank and selection.complete else bound
    return Solution(
        model=problem.model,
        status="optimal" if selection.complete else "stopped",
        objective=objective,
        bound=bound,
        gap=relative_gap(objective, bound),
        seconds=seconds,
        sites=sites,
        assignment=instance.assignment(sites),
        unmet=instance.beyond(sites, problem.limit_minutes),
    )


def _own_solution(problem: LocationProblem, instance: Instance, sites: tuple[str, ...]) -> Solution:
    objective = value_of(problem, instance, [instance.sites.index(site) for site in sites])
    return Solution(
        model=problem.model,
        status="optimal",
        objective=objective,
        bound=objective,
        gap=0.0,
        seconds=0.0,
        sites=sites,
        assignment=instance.assignment(sites),
        unmet=instance.beyond(sites, problem.limit_minutes),
    )


def value_of(problem: LocationProblem, instance: Instance, columns: list[int]) -> float:
    """Objective of a set, straight from the matrix."""
    nearest = nearest_minutes(instance.minutes, columns)
    if problem.model == "mclp":
        covered = instance.covers(problem.radius_minutes)[:, columns].any(axis=1)
        return float(instance.weights[covered].sum())
    if problem.model == "pmedian":
        return float((nearest * instance.weights).sum())
    if problem.model == "pcenter":
        return float(nearest.max())
    return float(len(columns))
