"""Whole numbers that still add up: Hamilton's method of largest remainders."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def largest_remainder(values: ArrayLike, total: int) -> NDArray[np.int64]:
    """Whole numbers in proportion to `values` that add up to `total`, exactly.

    Each value is scaled to the total and rounded down; the units that are left go to the largest
    fractions, the earlier of two equal ones first. So every answer is within one of its quota.

    Parameters
    ----------
    values : array_like, shape (n,)
        Finite, not negative. They need not add up to `total`.
    total : int
        What the whole numbers add up to; not negative.

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    ValueError
        If a value is negative or not finite, the total is negative, or there is nothing to share by.

    References
    ----------
    Balinski and Young (1982), Fair Representation, chapter 3.

    Examples
    --------
    >>> largest_remainder([1.0, 1.0, 1.0], 100).tolist()
    [34, 33, 33]
    """
    weights = np.asarray(values, dtype=float)
    if weights.ndim != 1:
        raise ValueError("largest_remainder takes one row of values")
    if total < 0:
        raise ValueError(f"the total is {total}: it cannot be negative")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("every value must be a number, zero or more")
    if total == 0:
        return np.zeros(len(weights), dtype=np.int64)
    # Dividing by the largest value first keeps the sum of very large or very small values finite.
    scale = weights.max(initial=0.0)
    if scale == 0.0:
        raise ValueError(f"there is nothing to share {total} by: every value is zero")
    relative = weights / scale
    quotas = relative * (total / relative.sum())
    whole = np.floor(quotas).astype(np.int64)
    spare = total - int(whole.sum())
    if spare > 0:
        order = np.argsort(-(quotas - whole), kind="stable")
        eligible = order[weights[order] > 0]
        whole[eligible[:spare]] += 1
    elif spare < 0:
        # Quotas that lie a rounding error above a whole number can floor to one too many in all.
        order = np.argsort(quotas - whole, kind="stable")
        whole[order[whole[order] > 0][:-spare]] -= 1
    return cast("NDArray[np.int64]", whole)


def whole_numbers(values: pd.Series, total: int) -> pd.Series:
    """`largest_remainder` of a Series, on its index."""
    return pd.Series(
        largest_remainder(values.to_numpy(dtype=float), total), index=values.index, name=values.name
    )


def shared_whole(totals: ArrayLike, weights: ArrayLike) -> NDArray[np.int64]:
    """Each total shared over a row of weights in whole numbers: `largest_remainder`, row by row.

    Parameters
    ----------
    totals : array_like of int, shape (n,)
    weights : array_like, shape (n, k)
        Not negative; a row without any weight keeps its total in the first column.

    Returns
    -------
    ndarray of int64, shape (n, k)

    Examples
    --------
    >>> shared_whole([5, 2], [[1, 1], [0, 3]]).tolist()
    [[3, 2], [0, 2]]
    """
    whole, heavy = np.asarray(totals, dtype=float)[:, None], np.asarray(weights, dtype=float)
    mass = heavy.sum(axis=1, keepdims=True)
    first = np.zeros_like(heavy)
    first[:, 0] = 1.0
    quotas = np.where(mass > 0, heavy / np.where(mass > 0, mass, 1.0), first) * whole
    floor = np.floor(quotas + 1e-9)
    spare = np.rint(whole - floor.sum(axis=1, keepdims=True))
    place = np.argsort(np.argsort(-(quotas - floor), axis=1, kind="stable"), axis=1, kind="stable")
    return cast("NDArray[np.int64]", (floor + (place < spare)).astype(np.int64))
