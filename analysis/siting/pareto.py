"""Coverage against fairness: every choice that is not beaten on both, found exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.base.faults import FaultList
from analysis.siting.models.budget import FLOOR_SLACK, BudgetProblem, prepare_budget
from analysis.siting.models.center import least_longest
from analysis.siting.models.covering import cover_program, exactly
from analysis.siting.models.instance import Instance, nearest_minutes, prepare_problem
from analysis.siting.models.model import BoolArray, Columns, LocationProblem, Tell, Watch, tolerance
from analysis.siting.search.ranking import SiteModel, ranked_sets
from analysis.siting.search.reductions import undominated_rows
from analysis.siting.search.selection import select
from analysis.siting.search.solver import Program

STEP = 1e-6
"""Points nearer to each other than this share of all need count as one."""


@dataclass(frozen=True, eq=False)
class _Asked:
    """What every point answers: so many sites, within the minutes, keeping the floors."""

    instance: Instance
    p: int
    minutes: float
    floors: tuple[tuple[BoolArray, float], ...] = ()

    @staticmethod
    def of(
        problem: LocationProblem | BudgetProblem, costs: pd.DataFrame, weights: pd.Series[float]
    ) -> _Asked:
        """The question on its matrix, in canonical order."""
        if isinstance(problem, LocationProblem):
            return _Asked(prepare_problem(problem, costs, weights), problem.p, problem.radius_minutes)
        first = problem.kinds[0]
        if len(problem.kinds) > 1 or first.least != first.most or np.isfinite(problem.annual_budget_gbp):
            faults = FaultList("question")
            faults.add(
                f"{len(problem.kinds)} kinds, a number of sites from {first.least} to {first.most}, "
                f"a budget of {problem.annual_budget_gbp}",
                "Ask for one kind of site, as many as are wanted, without a budget",
                column="kinds",
            )
            faults.raise_if_any("Coverage can be traded off against fairness for one number of sites only.")
        prepared = prepare_budget(problem, costs, weights)
        return _Asked(prepared.instance, first.least, first.radius_minutes, tuple(prepared.floors.values()))

    @property
    def covered(self) -> BoolArray:
        """Which area is within the catchment of which site."""
        return self.instance.covers(self.minutes)


def coverage_or_longest(
    costs: pd.DataFrame,
    weights: pd.Series[float],
    problem: LocationProblem | BudgetProblem,
    watch: Watch | None = None,
) -> pd.DataFrame:
    """Most need covered against the longest journey (epsilon constraint; Haimes et al. 1971).

    Parameters
    ----------
    costs : DataFrame of shape (areas, sites)
    weights : Series of shape (areas,)
    problem : LocationProblem or BudgetProblem
        Its `p`, `minutes`, `keep` and `exclude` count, whatever its model; or, with floors, a budget
        question of one kind, of one number of sites and without a budget.
    watch : Watch, optional
        When it stops the solve, the points so far are returned.

    Returns
    -------
    DataFrame
        Index `point`; `need_covered`, `longest_minutes`, `sites`; from most covered to fairest, no point
        beaten on both. Areas that no site reaches leave the longest journey infinite. No point where no set
        keeps the floors.

    Raises
    ------
    HubreachError
        If a budget question has more than one kind, more than one number of sites, or a budget.
    """
    watch = watch or Watch()
    asked = _Asked.of(problem, costs, weights)
    instance = asked.instance
    fairest = least_longest(instance, asked.p, 1, _stopping(watch))
    points: list[tuple[float, float, Columns]] = []
    if not fairest.sets:
        return _points([], instance, "longest_minutes")
    radii = np.unique(instance.minutes[np.isfinite(instance.minutes)])
    limit = np.inf
    while not watch.must_stop():
        best = _most_covered_within(asked, limit, watch)
        if best is None:
            break
        loss, columns = best
        longest = float(nearest_minutes(instance.minutes, list(columns)).max())
        if points and loss <= points[-1][0] + tolerance(loss):
            points.pop()
        points.append((loss, longest, columns))
        if not np.isfinite(longest):
            limit = float(radii[-1])
            continue
        shorter = radii[radii < longest - tolerance(longest)]
        if not len(shorter) or longest <= fairest.values[0] + tolerance(longest):
            break
        limit = float(shorter[-1])
    return _points(points, instance, "longest_minutes")


def _most_covered_within(asked: _Asked, longest: float, watch: Watch) -> tuple[float, Columns] | None:
    """Most need within the catchment, while nobody travels longer than the limit."""
    instance = asked.instance
    if asked.floors:
        model = _with_longest(_area_model(asked), instance, longest)
    else:
        loss = ~asked.covered * instance.weights[:, None]
        if np.isfinite(longest):
            loss = np.where(instance.covers(longest), loss, np.inf)
        quick = select(np.ascontiguousarray(loss.T), asked.p, instance.kept, branches=4)
        if quick.complete:
            return (quick.values[0], quick.sets[0]) if quick.sets else None
        model = _with_longest(_covering_model(asked), instance, longest)
    found = ranked_sets(model, tell=_stopping(watch))
    return (found.values[0], found.sets[0]) if found.sets and found.complete else None


def _stopping(watch: Watch) -> Tell | None:
    """Ends a solve when the user or the clock does; a point that is not proven is not on the frontier."""

    def tell(_loss: float, _bound: float, _columns: Columns) -> bool:
        return watch.must_stop()

    return tell if watch.watching else None


def _covering_model(asked: _Asked) -> SiteModel:
    """Need left outside, areas with the same sites as one."""
    instance, covered = asked.instance, asked.covered
    n_sites = len(instance.sites)
    program = exactly(cover_program(covered, instance.weights, instance.kept), n_sites, asked.p)

    def value(columns: Columns) -> tuple[float, ...]:
        return (float(instance.weights[~covered[:, list(columns)].any(axis=1)].sum()),)

    return SiteModel(program, n_sites, [program.cost], value)


def _with_longest(model: SiteModel, instance: Instance, longest: float) -> SiteModel:
    """The model, while nobody travels longer than the limit."""
    if not np.isfinite(longest):
        return model
    near, program = instance.covers(longest), model.program
    for row in near[undominated_rows(near)]:
        wide = np.zeros(len(program.cost))
        wide[: model.n_sites] = row
        program = program.with_row(wide, 1.0, np.inf)
    return replace(model, program=program)


def coverage_or_group(
    costs: pd.DataFrame,
    weights: pd.Series[float],
    problem: LocationProblem | BudgetProblem,
    group: pd.Series[bool],
    watch: Watch | None = None,
) -> pd.DataFrame:
    """Most need covered against most need covered in one group, such as the most deprived fifth.

    Parameters
    ----------
    costs : DataFrame of shape (areas, sites)
    weights : Series of shape (areas,)
    problem : LocationProblem or BudgetProblem
        Its `p`, `minutes`, `keep` and `exclude` count, whatever its model; or, with floors, a budget
        question of one kind, of one number of sites and without a budget.
    group : Series of bool
        Areas of the group.
    watch : Watch, optional
        When it stops the solve, the points so far are returned.

    Returns
    -------
    DataFrame
        Index `point`; `need_covered`, `group_covered`, `sites`; from most covered to best for the group. No
        point where no set keeps the floors.

    Raises
    ------
    HubreachError
        If a budget question has more than one kind, more than one number of sites, or a budget.
    """
    watch = watch or Watch()
    asked = _Asked.of(problem, costs, weights)
    instance = asked.instance
    members = group.rename(index=str).reindex(list(instance.areas)).fillna(value=False).to_numpy(dtype=bool)
    covered = asked.covered
    need = instance.weights * members
    in_group = float(need.sum())
    points: list[tuple[float, float, Columns]] = []
    limit = np.inf
    while not watch.must_stop():
        found = ranked_sets(_group_model(asked, members, limit), tell=_stopping(watch))
        if not found.sets or not found.complete:
            break
        columns = found.sets[0]
        outside = float(need[~covered[:, list(columns)].any(axis=1)].sum())
        points.append((found.values[0], in_group - outside, columns))
        limit = outside - STEP * instance.total
        if limit < 0:
            break
    return _points(points, instance, "group_covered")


def _area_model(asked: _Asked) -> SiteModel:
    """Need left outside, a column for every area, the floors kept."""
    instance, covered = asked.instance, asked.covered
    n_sites, n_areas = len(instance.sites), len(instance.weights)
    table = sparse.hstack([sparse.csr_array(covered.astype(float)), sparse.eye_array(n_areas)], format="csr")
    outside = np.concatenate([np.zeros(n_sites), instance.weights])
    program = Program(
        cost=outside,
        lower=np.concatenate([instance.kept.astype(float), np.zeros(n_areas)]),
        upper=np.ones(n_sites + n_areas),
        integer=np.arange(n_sites + n_areas) < n_sites,
        matrix=sparse.csr_array(table),
        row_lower=np.ones(n_areas),
        row_upper=np.full(n_areas, np.inf),
    )
    program = exactly(program, n_sites, asked.p)
    for members, share in asked.floors:
        need = float(instance.weights[members].sum())
        row = np.concatenate([np.zeros(n_sites), instance.weights * members])
        program = program.with_row(row, -np.inf, (1.0 - share) * need + FLOOR_SLACK * max(need, 1.0))

    def value(columns: Columns) -> tuple[float, ...]:
        return (float(instance.weights[~covered[:, list(columns)].any(axis=1)].sum()),)

    return SiteModel(program, n_sites, [outside], value)


def _group_model(asked: _Asked, members: BoolArray, limit: float) -> SiteModel:
    """Need left outside, then that of the group, while the group's stays within the limit."""
    instance, covered, model = asked.instance, asked.covered, _area_model(asked)
    group = np.concatenate([np.zeros(model.n_sites), instance.weights * members])
    program = model.program.with_row(group, -np.inf, limit) if np.isfinite(limit) else model.program

    def value(columns: Columns) -> tuple[float, ...]:
        left = ~covered[:, list(columns)].any(axis=1)
        return float(instance.weights[left].sum()), float((instance.weights * members)[left].sum())

    return SiteModel(program, model.n_sites, [*model.objectives, group], value)


def _points(points: list[tuple[float, float, Columns]], instance: Instance, second: str) -> pd.DataFrame:
    rows = [
        {"need_covered": instance.total - loss, second: value, "sites": instance.names(columns)}
        for loss, value, columns in points
    ]
    index = pd.RangeIndex(1, len(rows) + 1, name="point")
    return pd.DataFrame(rows, columns=["need_covered", second, "sites"], index=index)
