"""Good sets of sites in no time: greedy, then swaps until none helps.

A start proves nothing; it gives the exact search a value to beat.
"""

from __future__ import annotations

import numpy as np

from analysis.siting.models.model import BoolArray, FloatArray, IntArray, tolerance


def set_value(loss: FloatArray, columns: IntArray | list[int]) -> float:
    """Loss of a set: the sum over areas of the least loss among its sites.

    Parameters
    ----------
    loss : array of shape (sites, areas)
    columns : int array
        Sites of the set.
    """
    return float(loss[columns].min(axis=0).sum())


def greedy(loss: FloatArray, choose: int, kept: BoolArray) -> IntArray:
    """Add the site that lowers the loss most, until there are enough; ties to the first site."""
    chosen = [int(j) for j in np.flatnonzero(kept)]
    nearest = loss[chosen].min(axis=0) if chosen else loss.max(axis=0)
    while len(chosen) < choose:
        values = np.minimum(loss, nearest).sum(axis=1)
        values[chosen] = np.inf
        best = int(values.argmin())
        chosen.append(best)
        nearest = np.minimum(nearest, loss[best])
    return np.sort(np.array(chosen, dtype=np.int64))


def swap(loss: FloatArray, start: IntArray, kept: BoolArray) -> tuple[IntArray, FloatArray]:
    """Exchange one chosen site for one other while that lowers the loss (Teitz and Bart 1968).

    All exchanges are valued at once from each area's nearest and second nearest chosen site
    (Whitaker 1983; Resende and Werneck 2007).

    Returns
    -------
    (columns, neighbours)
        The set, sorted, and the loss after each exchange: array of shape (sites, chosen),
        infinite where the exchange is not allowed.
    """
    chosen = np.sort(start)
    value = set_value(loss, chosen)
    while True:
        values = exchange_values(loss, chosen, kept)
        enters, leaves = np.unravel_index(int(values.argmin()), values.shape)
        if not values[enters, leaves] < value - tolerance(value):
            return chosen, values
        exchanged = chosen.copy()
        exchanged[leaves] = enters
        exchanged.sort()
        # The sum is taken afresh: differences of large penalties carry rounding.
        fresh = set_value(loss, exchanged)
        if not fresh < value - tolerance(value):
            return chosen, values
        chosen, value = exchanged, fresh


def exchange_values(loss: FloatArray, chosen: IntArray, kept: BoolArray) -> FloatArray:
    """Loss after every exchange of a chosen site (columns) for another site (rows)."""
    part = loss[chosen]
    owner = part.argmin(axis=0)
    first = part.min(axis=0)
    if len(chosen) > 1:
        second = np.partition(part, 1, axis=0)[1]
        fallback = np.minimum(loss, second)
    else:
        fallback = loss
    owned = np.zeros((loss.shape[1], len(chosen)))
    owned[np.arange(loss.shape[1]), owner] = 1.0
    with_entry = np.minimum(loss, first)
    # An area that loses its site moves to the entering one or to its second nearest.
    values: FloatArray = with_entry.sum(axis=1)[:, None] + (fallback - with_entry) @ owned
    values[chosen, :] = np.inf
    values[:, kept[chosen]] = np.inf
    return values
