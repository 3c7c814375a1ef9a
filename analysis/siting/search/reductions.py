"""Making a covering model smaller without losing its optimum."""

from __future__ import annotations

import numpy as np

from analysis.siting.models.model import BoolArray, FloatArray, IntArray


def merged_rows(table: BoolArray, weights: FloatArray) -> tuple[IntArray, FloatArray]:
    """Areas with equal rows become one, with their need added up.

    Parameters
    ----------
    table : bool array of shape (areas, sites)
    weights : array of shape (areas,)

    Returns
    -------
    (rows, weights)
        First area of each group, and the group's need.
    """
    group_of: dict[bytes, int] = {}
    packed = np.packbits(table, axis=1)
    groups = np.array([group_of.setdefault(row.tobytes(), len(group_of)) for row in packed], dtype=np.int64)
    first = np.unique(groups, return_index=True)[1].astype(np.int64)
    merged: FloatArray = np.bincount(groups, weights=weights, minlength=len(first)).astype(float)
    return first, merged


def undominated_columns(table: BoolArray) -> IntArray:
    """Sites whose catchment is not within another's; of equal ones the first.

    With a limit on the number of sites only, a set of least sites (or of most cover) exists among them.
    """
    return undominated_rows(np.logical_not(table.T))


def undominated_rows(table: BoolArray) -> IntArray:
    """Rows that do not contain another row; of equal ones the first.

    An area whose sites include all of another's is covered whenever the other is.
    """
    entries = table.astype(np.float32)
    shared = entries @ entries.T
    sizes = entries.sum(axis=1)
    contains = shared >= sizes[None, :]
    larger = sizes[:, None] > sizes[None, :]
    later = np.arange(len(table))[:, None] > np.arange(len(table))[None, :]
    same = sizes[:, None] == sizes[None, :]
    found: IntArray = np.flatnonzero(~(contains & (larger | (same & later))).any(axis=1)).astype(np.int64)
    return found
