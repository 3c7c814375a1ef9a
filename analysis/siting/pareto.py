"""Coverage against fairness: every choice that is not beaten on both, found exactly."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.siting.center import least_longest
from analysis.siting.covering import cover_program, exactly
from analysis.siting.instance import Instance, nearest_minutes, prepare_question
from analysis.siting.model import BoolArray, Columns, Question, Tell, Watch, tolerance
from analysis.siting.ranking import SiteModel, ranked_sets
from analysis.siting.reductions import undominated_rows
from analysis.siting.selection import select
from analysis.siting.solver import Program

STEP = 1e-6
"""Points nearer to each other than this share of all need count as one."""


def coverage_or_longest(
    costs: pd.DataFrame, weights: pd.Series[float], question: Question, watch: Watch | None = None
) -> pd.DataFrame:
    """Most need covered against the longest journey (epsilon constraint; Haimes et al. 1971).

    Parameters
    ----------
    costs : DataFrame of shape (areas, sites)
    weights : Series of shape (areas,)
    question : Question
        Its `choose`, `minutes`, `keep` and `exclude` count, whatever its model.
    watch : Watch, optional
        When it stops the solve, the points so far are returned.

    Returns
    -------
    DataFrame
        Index `point`; `need_covered`, `longest_minutes`, `sites`; from most covered to fairest, no point
        beaten on both. Areas that no site reaches leave the longest journey infinite.
    """
    watch = watch or Watch()
    instance = prepare_question(question, costs, weights)
    fairest = least_longest(instance, question.choose, 1, _stopping(watch))
    points: list[tuple[float, float, Columns]] = []
    if not fairest.sets:
        return _points([], instance, "longest_minutes")
    radii = np.unique(instance.minutes[np.isfinite(instance.minutes)])
    limit = np.inf
    while not watch.must_stop():
        best = _most_covered_within(instance, question, limit, watch)
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


def _most_covered_within(
    instance: Instance, question: Question, longest: float, watch: Watch
) -> tuple[float, Columns] | None:
    """Most need within the catchment, while nobody travels longer than the limit."""
    outside = ~instance.covers(question.minutes)
    loss = outside * instance.weights[:, None]
    if np.isfinite(longest):
        loss = np.where(instance.covers(longest), loss, np.inf)
    quick = select(np.ascontiguousarray(loss.T), question.choose, instance.kept, branches=4)
    if quick.complete:
        return (quick.values[0], quick.sets[0]) if quick.sets else None
    model = _covering_model(instance, question, longest)
    found = ranked_sets(model, tell=_stopping(watch))
    return (found.values[0], found.sets[0]) if found.sets and found.complete else None


def _stopping(watch: Watch) -> Tell | None:
    """Ends a solve when the user or the clock does; a point that is not proven is not on the frontier."""

    def tell(_loss: float, _bound: float, _columns: Columns) -> bool:
        return watch.must_stop()

    return tell if watch.watching else None


def _covering_model(instance: Instance, question: Question, longest: float) -> SiteModel:
    covered = instance.covers(question.minutes)
    n_sites = covered.shape[1]
    program = exactly(cover_program(covered, instance.weights, instance.kept), n_sites, question.choose)
    if np.isfinite(longest):
        near = instance.covers(longest)
        for row in near[undominated_rows(near)]:
            wide = np.zeros(len(program.cost))
            wide[:n_sites] = row
            program = program.with_row(wide, 1.0, np.inf)

    def value(columns: Columns) -> tuple[float, ...]:
        return (float(instance.weights[~covered[:, list(columns)].any(axis=1)].sum()),)

    return SiteModel(program, n_sites, [program.cost], value)


def coverage_or_group(
    costs: pd.DataFrame,
    weights: pd.Series[float],
    question: Question,
    group: pd.Series[bool],
    watch: Watch | None = None,
) -> pd.DataFrame:
    """Most need covered against most need covered in one group, such as the most deprived fifth.

    Parameters
    ----------
    costs : DataFrame of shape (areas, sites)
    weights : Series of shape (areas,)
    question : Question
        Its `choose`, `minutes`, `keep` and `exclude` count, whatever its model.
    group : Series of bool
        Areas of the group.
    watch : Watch, optional
        When it stops the solve, the points so far are returned.

    Returns
    -------
    DataFrame
        Index `point`; `need_covered`, `group_covered`, `sites`; from most covered to best for the group.
    """
    watch = watch or Watch()
    instance = prepare_question(question, costs, weights)
    members = group.rename(index=str).reindex(list(instance.areas)).fillna(value=False).to_numpy(dtype=bool)
    covered = instance.covers(question.minutes)
    need = instance.weights * members
    in_group = float(need.sum())
    points: list[tuple[float, float, Columns]] = []
    limit = np.inf
    while not watch.must_stop():
        found = ranked_sets(_group_model(instance, question, members, limit), tell=_stopping(watch))
        if not found.sets or not found.complete:
            break
        columns = found.sets[0]
        outside = float(need[~covered[:, list(columns)].any(axis=1)].sum())
        points.append((found.values[0], in_group - outside, columns))
        limit = outside - STEP * instance.total
        if limit < 0:
            break
    return _points(points, instance, "group_covered")


def _group_model(instance: Instance, question: Question, members: BoolArray, limit: float) -> SiteModel:
    """Need left outside, then that of the group, while the group's stays within the limit."""
    covered = instance.covers(question.minutes)
    n_sites, n_areas = len(instance.sites), len(instance.weights)
    table = sparse.hstack([sparse.csr_array(covered.astype(float)), sparse.eye_array(n_areas)], format="csr")
    outside = np.concatenate([np.zeros(n_sites), instance.weights])
    group = np.concatenate([np.zeros(n_sites), instance.weights * members])
    program = Program(
        cost=outside,
        lower=np.concatenate([instance.kept.astype(float), np.zeros(n_areas)]),
        upper=np.ones(n_sites + n_areas),
        integer=np.arange(n_sites + n_areas) < n_sites,
        matrix=sparse.csr_array(table),
        row_lower=np.ones(n_areas),
        row_upper=np.full(n_areas, np.inf),
    )
    program = exactly(program, n_sites, question.choose)
    if np.isfinite(limit):
        program = program.with_row(group, -np.inf, limit)

    def value(columns: Columns) -> tuple[float, ...]:
        left = ~covered[:, list(columns)].any(axis=1)
        return float(instance.weights[left].sum()), float((instance.weights * members)[left].sum())

    return SiteModel(program, n_sites, [outside, group], value)


def _points(points: list[tuple[float, float, Columns]], instance: Instance, second: str) -> pd.DataFrame:
    rows = [
        {"need_covered": instance.total - loss, second: value, "sites": instance.names(columns)}
        for loss, value, columns in points
    ]
    index = pd.RangeIndex(1, len(rows) + 1, name="point")
    return pd.DataFrame(rows, columns=["need_covered", second, "sites"], index=index)
