"""Losses of sites by area, ready for a search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.siting.models.model import BoolArray, FloatArray, IntArray
from analysis.siting.search.starts import exchange_values, set_value

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
