"""The Lagrangean bound of choosing p sites, and what it rules out.

Losses form a table sites x areas; a set of sites costs the sum over areas of the least loss among
its sites. Weighted minutes make it the p-median, weights of uncovered areas the MCLP. Relaxing
"every area is served once" with prices lambda leaves, for each site, the reduced loss
rho_j = sum_i min(0, loss_ji - lambda_i), and for every set S

    value(S) >= sum(lambda) + sum_{j in S} rho_j

whatever the prices (Cornuejols, Fisher and Nemhauser 1977). Everything here rests on that line, which
holds in plain double precision: no solver tolerance enters the proof.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.siting.models.model import FloatArray, IntArray, tolerance

STALLED_AFTER = 10
LEAST_STEP = 0.005


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices with what they prove.

    Parameters
    ----------
    prices : array of shape (areas,)
    reduced : array of shape (sites,)
        Reduced loss of every site of the table (not only the free ones).
    base : float
        Sum of the prices and of the reduced losses of the sites that are in.
    bound : float
        No set of the node has a lower value.
    """

    prices: FloatArray
    reduced: FloatArray
    base: float
    bound: float


def price_from_set(loss: FloatArray, columns: IntArray) -> FloatArray:
    """Prices between the nearest and second nearest site of a set.

    At the best prices of a set that the linear relaxation finds, complementary slackness puts
    every price in that interval.
    """
    part = loss[columns]
    first: FloatArray = part.min(axis=0)
    if len(columns) == 1:
        return first
    second = np.partition(part, 1, axis=0)[1]
    halfway: FloatArray = first + 0.5 * (
        np.minimum(second, 3.0 * first + first.sum() / max(1, len(first))) - first
    )
    return halfway


class Ascent:
    """Raises the bound of a node by deflected subgradient steps (Held, Wolfe and Crowder 1974).

    Parameters
    ----------
    loss : array of shape (sites, areas)
    prices : array of shape (areas,)
        First prices.
    """

    def __init__(self, loss: FloatArray, prices: FloatArray) -> None:
        self.loss = loss
        self.prices = self.best = prices
        self.bound = -np.inf
        self.scale, self.stalled = 1.0, 0
        self.direction = np.zeros_like(prices)
        self.popularity = np.zeros(len(loss))

    @property
    def exhausted(self) -> bool:
        """Whether further steps would gain next to nothing."""
        return self.scale < LEAST_STEP

    def climb(self, inside: IntArray, free: IntArray, p: int, target: float, steps: int) -> IntArray:
        """Take some steps with these sites in and those free, of which `p` are taken.

        Returns
        -------
        int array
            The set that the relaxation chose at its best bound (to be valued).
        """
        rows = np.concatenate([inside, free])
        table, n_inside = self.loss[rows], len(inside)
        self.bound, chosen = -np.inf, rows[: n_inside + p]
        self.prices = self.best
        for _ in range(steps):
            surplus = table - self.prices
            np.minimum(surplus, 0.0, out=surplus)
            reduced = surplus.sum(axis=1)
            picked = n_inside + np.argpartition(reduced[n_inside:], p - 1)[:p]
            picked = np.concatenate([np.arange(n_inside), picked])
            bound = float(self.prices.sum() + reduced[picked].sum())
            self.popularity *= 0.95
            self.popularity[rows[picked]] += 0.05
            if bound > self.bound + 1e-7 * abs(bound):
                self.bound, self.best, self.stalled, chosen = bound, self.prices, 0, rows[picked]
            else:
                self.stalled += 1
            if self.bound > target or self.exhausted:
                break
            taken = (surplus[picked] < 0).sum(axis=0)
            if not self._step(bound, target, 1.0 - taken):
                break
        return chosen

    def _step(self, bound: float, target: float, gradient: FloatArray) -> bool:
        if self.stalled >= STALLED_AFTER:
            self.scale, self.stalled, self.prices = self.scale / 2, 0, self.best
            return True
        self.direction = 0.7 * gradient + 0.3 * self.direction
        norm = float(self.direction @ self.direction)
        if norm < 1e-18:
            self.scale = 0.0
            return False
        distance = max(target - bound, 1e-5 * abs(target) + 1e-12)
        self.prices = np.maximum(self.prices + self.scale * distance / norm * self.direction, 0.0)
        return True

    def proof(self, inside: IntArray, free: IntArray, p: int) -> Prices:
        """What the best prices prove, summed afresh."""
        surplus = self.loss - self.best
        np.minimum(surplus, 0.0, out=surplus)
        reduced = surplus.sum(axis=1)
        base = float(self.best.sum() + reduced[inside].sum())
        least = np.partition(reduced[free], p - 1)[:p].sum()
        return Prices(self.best, reduced, base, base + float(least))


def fix(
    node: Prices, inside: IntArray, free: IntArray, p: int, threshold: float
) -> tuple[IntArray, IntArray]:
    """Sites that every set up to the threshold holds, and those that it may hold.

    Swapping a site into, or out of, the relaxed choice raises the bound by a known amount; where
    that passes the threshold, the site is settled.
    """
    reduced = node.reduced[free]
    order = np.argsort(reduced, kind="stable")
    ranked = reduced[order]
    if p >= len(free):
        return np.sort(np.concatenate([inside, free])), free[:0]
    bound = node.base + ranked[:p].sum()
    enter = bound - ranked[p - 1] + ranked[p:] if p else bound + ranked
    may = np.concatenate([np.ones(p, dtype=bool), enter <= threshold])
    must = np.zeros(len(free), dtype=bool)
    must[:p] = bound - ranked[:p] + ranked[p] > threshold
    return (
        np.sort(np.concatenate([inside, free[order[must]]])),
        np.sort(free[order[may & ~must]]),
    )


@dataclass(frozen=True, eq=False)
class RootProof:
    """What the first prices of a search prove of every set up to some loss.

    Parameters
    ----------
    proof : Prices
    inside, free : int arrays
        Sites that are in every set, and those that may be.
    p : int
        How many of the free sites to take.
    """

    proof: Prices
    inside: IntArray
    free: IntArray
    p: int

    def sites(self, loss: float) -> IntArray:
        """Sites that a set up to this loss may hold."""
        inside, free = fix(self.proof, self.inside, self.free, self.p, loss + tolerance(loss))
        return np.sort(np.concatenate([inside, free]))

    def most(self, loss: float) -> FloatArray:
        """The most that each area loses in a set up to this loss.

        In the bound an area that finds no site below its price counts with its price; if it loses more,
        the set loses that much more than the bound.
        """
        most: FloatArray = self.proof.prices + (loss + tolerance(loss) - self.proof.bound)
        return most


def sets_within(reduced: FloatArray, p: int, budget: float, limit: int) -> IntArray | None:
    """All sets of `p` positions whose reduced losses sum to the budget at most.

    Parameters
    ----------
    reduced : array, ascending
    p : int
    budget : float
    limit : int
        None is returned when a level of the search holds more partial sets than this.

    Returns
    -------
    int array of shape (sets, choose), or None
    """
    prefix = np.concatenate([[0.0], np.cumsum(reduced)])
    picks = np.zeros((1, 0), dtype=np.int64)
    sums, last = np.zeros(1), np.full(1, -1, dtype=np.int64)
    slack = 1e-12 * (abs(budget) + float(np.abs(reduced).sum()))
    for level in range(p):
        rest = p - level
        # Least sum that `rest` positions starting with t can have: rises with t.
        window = prefix[rest:] - prefix[: len(prefix) - rest]
        stop = np.searchsorted(window, budget - sums + slack, side="right")
        counts = np.maximum(stop - last - 1, 0)
        total = int(counts.sum())
        if total > limit:
            return None
        parents = np.repeat(np.arange(len(sums)), counts)
        offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        entries = last[parents] + 1 + offsets
        picks = np.column_stack([picks[parents], entries])
        sums, last = sums[parents] + reduced[entries], entries
    return picks


def values_of(loss: FloatArray, inside: IntArray, sets: IntArray) -> FloatArray:
    """Loss of many sets at once: the sites that are in, with each row of `sets`."""
    values = np.empty(len(sets))
    chunk = max(1, 1_500_000 // max(1, loss.shape[1]))
    common = loss[inside].min(axis=0) if len(inside) else None
    for first in range(0, len(sets), chunk):
        part = sets[first : first + chunk]
        nearest = loss[part[:, 0]]
        if common is not None:
            np.minimum(nearest, common, out=nearest)
        for k in range(1, part.shape[1]):
            np.minimum(nearest, loss[part[:, k]], out=nearest)
        values[first : first + chunk] = nearest.sum(axis=1)
    return values
