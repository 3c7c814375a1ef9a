"""The p-median as a mixed-integer programme by radii."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from analysis.siting.models.model import BoolArray, FloatArray, IntArray
from analysis.siting.search.solver import Program


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
