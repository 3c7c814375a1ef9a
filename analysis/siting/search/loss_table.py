"""Losses of sites by area, and good sets in no time: greedy, then swaps until none helps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.siting.models.model import BoolArray, FloatArray, IntArray, tolerance

LARGEST_WHOLE = 2.0**50


@dataclass(frozen=True, eq=False)
class LossTable:
    """What each area loses with each site as its only one.

    Parameters
    ----------
    loss : array of shape (sites, areas)
        Finite; a penalty stands where a site may not serve an area, which keeps sums comparable, so that
        a bad start can be mended.
    ceiling : float
        No allowed set loses more.
    step : float
        All losses are multiples of this; 0 if they are not whole.
    feasible : bool
        Whether every area has a site that may serve it.
    covering : bool
        Whether an area loses all of its weight or nothing, as in the MCLP.
    """

    loss: FloatArray
    ceiling: float
    step: float
    feasible: bool
    covering: bool

    @classmethod
    def of(cls, loss: FloatArray) -> LossTable:
        """Table of losses that are infinite where a site may not serve an area."""
        finite = np.isfinite(loss)
        allowed = loss if finite.all() else np.where(finite, loss, 0.0)
        ceiling = float(allowed.max(axis=0).sum()) if loss.size else 0.0
        penalised = loss if finite.all() else np.where(finite, loss, 4.0 * ceiling + 1.0)
        feasible = bool(finite.any(axis=0).all())
        covering = _is_covering(penalised)
        step = _step(penalised.max(axis=0) if covering else allowed)
        return cls(penalised, ceiling, step, feasible, covering)

    def value(self, columns: IntArray) -> float:
        """Loss of a set."""
        return set_value(self.loss, columns)

    def risen(self, bound: float) -> float:
        """A bound, raised to the next value that a set can have."""
        if not self.step or not np.isfinite(bound):
            return bound
        return float(np.ceil(bound / self.step - 1e-6) * self.step)

    def exchange_values(self, columns: IntArray, kept: BoolArray) -> FloatArray:
        """Loss after every exchange of a site of the set (columns) for another (rows)."""
        return exchange_values(self.loss, columns, kept)


def _is_covering(loss: FloatArray) -> bool:
    return bool(loss.size and ((loss == 0) | (loss == loss.max(axis=0))).all())


def _step(losses: FloatArray) -> float:
    """Greatest common divisor of whole losses; 0 if any is not whole."""
    if not losses.size or losses.max() > LARGEST_WHOLE or not np.array_equal(losses, np.rint(losses)):
        return 0.0
    return float(np.gcd.reduce(np.unique(losses).astype(np.int64)))


def set_value(loss: FloatArray, columns: IntArray | list[int]) -> float:
    """Loss of a set: the sum over areas of the least loss among its sites.

    Parameters
    ----------
    loss : array of shape (sites, areas)
    columns : int array
        Sites of the set.
    """
    return float(loss[columns].min(axis=0).sum())


def greedy(loss: FloatArray, p: int, kept: BoolArray) -> IntArray:
    """Add the site that lowers the loss most, until there are enough; ties to the first site."""
    chosen = [int(j) for j in np.flatnonzero(kept)]
    nearest = loss[chosen].min(axis=0) if chosen else loss.max(axis=0)
    while len(chosen) < p:
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
