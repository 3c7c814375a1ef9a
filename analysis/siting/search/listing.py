"""The sets that lose no more than a limit, one after the other, where losses are of coverage.

The bound of `analysis.siting.search.relaxation` counts an area that two chosen sites both cover twice. Once sites S
are in, the areas that they cover lose nothing whatever else is chosen, so their prices can be let go: with
prices lambda between zero and the weights, and a_ji telling whether site j covers area i,

    value(S + T) >= sum_{i not covered by S} lambda_i - sum_{j in T} sum_{i not covered by S} a_ji lambda_i

for all further sites T. That closes most sets long before they are whole, and one product of matrices
bounds the next steps of many sets at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.siting.models.model import FloatArray, IntArray
from analysis.siting.search.reductions import merged_rows

BLOCK = 256
"""Sets that take their next step together."""

MOST_WORK = 4e8
"""Products spent on a search before it is given up: about a tenth of a second."""


@dataclass(frozen=True, eq=False)
class Partial:
    """Sets in the making, in order: positions taken so far, and the prices that their parents left.

    What the last position covers is let go only once the sets take their next step: most never do.
    """

    picks: IntArray
    prices: FloatArray
    parents: IntArray


class Listing:
    """Sets of a covering table that hold some sites and take the rest from others.

    Parameters
    ----------
    loss : array of shape (sites, areas)
        Zero where a site covers an area, else the weight of the area.
    prices : array of shape (areas,)
        Prices to bound with: the better, the fewer sets are looked at.
    inside, free : int arrays
        Sites that are in, and sites that may be; sets come in the order of these.
    p : int
        How many of the free sites to take: one at least.
    """

    def __init__(
        self, loss: FloatArray, prices: FloatArray, inside: IntArray, free: IntArray, p: int
    ) -> None:
        weights = loss.max(axis=0)
        left = loss[inside].min(axis=0) if len(inside) else weights
        prices = np.where(left == 0, 0.0, np.clip(prices, 0.0, weights))
        covers = loss[free] == 0
        # An area that has no price, or that no free site covers, is the same for every set.
        told = (prices > 0) & covers.any(axis=0)
        self.constant = float(prices[~told].sum())
        rows, self.prices = merged_rows(np.ascontiguousarray(covers[:, told].T), prices[told])
        self.covers = covers[:, told][:, rows].astype(float)
        self.spared = 1.0 - self.covers
        self.inside, self.free, self.p = inside, free, p

    def each(
        self, limit: float, take: Callable[[IntArray], float], stopped: Callable[[], bool], most: float
    ) -> bool:
        """Hand over the sets whose bound is within a limit, in order, a block at a time.

        Parameters
        ----------
        limit : float
        take : callable
            Takes sets, an array of shape (sets, sites), and says the limit from there on: minus infinity
            to end.
        stopped : callable
            Whether to give up.
        most : float
            Products to spend, before giving up.

        Returns
        -------
        bool
            False when it was given up, because it was stopped or took more work than it is worth.
        """
        stack = [Partial(np.zeros((1, 0), dtype=np.int64), self.prices[None], np.zeros(1, dtype=np.int64))]
        work = 0.0
        while stack and limit > -np.inf:
            partial = stack.pop()
            work += len(partial.picks) * self.covers.size
            if work > most or stopped():
                return False
            prices = partial.prices[partial.parents]
            if partial.picks.shape[1]:
                prices = prices * self.spared[partial.picks[:, -1]]
            parents, entries = self._steps(partial.picks, prices, limit)
            picks = np.column_stack([partial.picks[parents], entries])
            if picks.shape[1] == self.p:
                limit = take(self._whole(picks)) if len(picks) else limit
                continue
            # The earliest sets lie on top of the stack.
            stack.extend(
                Partial(picks[start : start + BLOCK], prices, parents[start : start + BLOCK])
                for start in reversed(range(0, len(picks), BLOCK))
            )
        return True

    def _whole(self, picks: IntArray) -> IntArray:
        """Sets with the sites that are in."""
        return np.column_stack([np.tile(self.inside, (len(picks), 1)), self.free[picks]])

    def _steps(self, picks: IntArray, prices: FloatArray, limit: float) -> tuple[IntArray, IntArray]:
        """Further sites that the bound leaves possible, each after the last: rows of the sets, positions."""
        count, rest = len(self.free), self.p - picks.shape[1]
        gain = prices @ self.covers.T
        if picks.shape[1]:
            gain[np.arange(count) <= picks[:, -1:]] = -np.inf
        base = self.constant + prices.sum(axis=1)
        together = self._gain_of_sets(gain, rest)
        # Sites that would leave too few after them cannot be next.
        together[:, count - rest + 1 :] = -np.inf
        bound = base[:, None] - together
        parents, entries = np.nonzero((bound <= limit) & (bound < np.inf))
        return parents.astype(np.int64), entries.astype(np.int64)

    @staticmethod
    def _gain_of_sets(gain: FloatArray, rest: int) -> FloatArray:
        """Most that a set can gain with each site next: its own gain, and the largest of those after it."""
        if rest == 1:
            return gain
        after = np.full(gain.shape, -np.inf)
        after[:, :-1] = np.maximum.accumulate(gain[:, :0:-1], axis=1)[:, ::-1]
        together: FloatArray = gain + (rest - 1) * after
        if rest > 2:
            # Nor do all of them gain as much as the largest; here with the largest of any place.
            best = np.partition(gain, -rest, axis=1)[:, -rest:]
            anywhere = best[:, 1:].sum(axis=1)[:, None] + np.minimum(gain, best[:, :1])
            together = np.minimum(together, anywhere)
        return together
