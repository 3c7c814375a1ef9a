"""Least travel: the p-median (Hakimi 1964), also within a limit on the longest journey."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from analysis.siting.instance import Instance
from analysis.siting.model import BoolArray, Columns, FloatArray, IntArray, Tell
from analysis.siting.ranking import SiteModel, ranked_sets
from analysis.siting.selection import Selection, select
from analysis.siting.solver import Program
from analysis.siting.starts import set_value

BRANCHES_WITHIN_LIMIT = 12
"""With a limit on the journey, HiGHS takes over after so many branches."""


def travel_loss(instance: Instance, minutes: float = np.inf) -> FloatArray:
    """Need-weighted minutes, sites x areas; infinite beyond the limit, areas beyond every site left out."""
    allowed = instance.covers(minutes)
    loss = np.where(allowed, instance.minutes, np.inf) * instance.weights[:, None]
    if np.isfinite(minutes):
        loss = loss[allowed.any(axis=1)]
    return np.ascontiguousarray(loss.T)


def least_travel(
    instance: Instance,
    choose: int,
    *,
    count: int = 1,
    minutes: float = np.inf,
    starts: Iterable[Columns] = (),
    forbidden: Iterable[Columns] = (),
    tell: Tell | None = None,
) -> Selection:
    """Sets of `choose` sites with the least need-weighted minutes to the nearest.

    Parameters
    ----------
    instance : Instance
    choose : int
    count : int
        How many best sets.
    minutes : float
        Longest journey allowed; areas beyond the reach of every site do not count.
    starts, forbidden : iterable of sets
    tell : callable, optional

    Returns
    -------
    Selection
        Values are need-weighted minutes. No sets when none reaches every area.
    """
    loss = travel_loss(instance, minutes)
    branches = BRANCHES_WITHIN_LIMIT if not np.isfinite(loss).all() else np.inf
    forbidden = tuple(forbidden)
    found = select(
        loss,
        choose,
        instance.kept,
        count=count,
        starts=starts,
        forbidden=forbidden,
        tell=tell,
        branches=branches,
    )
    if found.complete or (tell is not None and tell(*_best_of(found))):
        return found
    proven = _by_radius(loss, choose, instance.kept, found, count, forbidden, tell)
    if proven.complete or (proven.sets and proven.values[0] < found.values[0]):
        return proven
    return Selection(found.values, found.sets, max(found.bound, proven.bound), complete=False)


def _best_of(found: Selection) -> tuple[float, float, Columns]:
    return (found.values[0], found.bound, found.sets[0]) if found.sets else (np.inf, found.bound, ())


def _by_radius(
    loss: FloatArray,
    choose: int,
    kept: BoolArray,
    found: Selection,
    count: int,
    forbidden: tuple[Columns, ...],
    tell: Tell | None,
) -> Selection:
    """Finish with HiGHS on the sites that the first bound leaves possible.

    A tight limit on the journey makes most sets impossible, which prices do not see and rows do.
    """
    possible = np.array(found.possible if len(found.sets) == count else range(len(loss)), dtype=np.int64)
    part = loss[possible]
    program = radius_program(part, choose, kept[possible])
    position = {int(site): k for k, site in enumerate(possible)}
    cut = [tuple(position[j] for j in columns) for columns in forbidden if set(columns) <= set(position)]

    def value(columns: Columns) -> tuple[float, ...]:
        return (set_value(part, list(columns)),)

    ranked = ranked_sets(
        SiteModel(program, len(part), [program.cost], value), count, forbidden=cut, tell=tell
    )
    sets = tuple(tuple(possible[list(columns)].tolist()) for columns in ranked.sets)
    return Selection(ranked.values, sets, ranked.bound, ranked.complete)


def radius_program(loss: FloatArray, choose: int, kept: BoolArray) -> Program:
    """The p-median by radii (Elloumi 2010): z_ik says that no site within the k-th loss of area i is open.

    Each area pays its least possible loss, and the step to its next loss for every z that is one. Beyond
    the nearest n - p + 1 sites no area ever has to go.
    """
    n_sites = len(loss)
    parts = [_area_rows(loss[:, i], n_sites - choose + 1) for i in range(loss.shape[1])]
    rows, columns, values, cost, lower = [], [], [], [], []
    n_rows, n_columns, offset = 0, n_sites, 0.0
    for part in parts:
        rows.append(part.row + n_rows)
        columns.append(np.where(part.column < 0, -part.column - 1 + n_columns, part.column))
        values.append(part.value)
        cost.append(part.steps)
        lower.append(np.concatenate([[1.0], np.zeros(len(part.steps))]))
        n_rows += len(part.steps) + 1
        n_columns += len(part.steps)
        offset += part.least
    rows.append(np.full(n_sites, n_rows))
    columns.append(np.arange(n_sites))
    values.append(np.ones(n_sites))
    entries = (np.concatenate(rows), np.concatenate(columns))
    # The last column, fixed at one, carries the least losses, so that objectives are whole.
    matrix = sparse.csr_array((np.concatenate(values), entries), shape=(n_rows + 1, n_columns + 1))
    return Program(
        cost=np.concatenate([np.zeros(n_sites), *cost, [offset]]),
        lower=np.concatenate([kept.astype(float), np.zeros(n_columns - n_sites), [1.0]]),
        upper=np.ones(n_columns + 1),
        integer=np.arange(n_columns + 1) < n_sites,
        matrix=matrix,
        row_lower=np.concatenate([*lower, [choose]]),
        row_upper=np.append(np.full(n_rows, np.inf), choose),
    )


class _AreaRows(NamedTuple):
    """Rows of one area; a negative column -1-k stands for its k-th z."""

    row: IntArray
    column: IntArray
    value: FloatArray
    steps: FloatArray
    least: float


def _area_rows(losses: FloatArray, nearest: int) -> _AreaRows:
    order = np.argsort(losses, kind="stable")
    order = order[np.isfinite(losses[order])][:nearest]
    levels, level = np.unique(losses[order], return_inverse=True)
    steps = np.diff(levels)
    z = np.arange(len(steps))
    return _AreaRows(
        row=np.concatenate([level, z, z + 1]),
        column=np.concatenate([order, -1 - z, -1 - z]),
        value=np.concatenate([np.ones(len(order)), np.ones(len(z)), -np.ones(len(z))]),
        steps=steps,
        least=float(levels[0]),
    )
