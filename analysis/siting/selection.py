"""The best p sites of a loss table, proven, with as many next-best sets as are asked for.

One exact search serves the p-median, the MCLP and everything built on them: branch and bound whose
bounds are Lagrangean (`analysis.siting.relaxation`), whose branches close by listing every set that
the bound cannot rule out. Sets that are equally good come in the order of their site numbers.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from analysis.siting.model import BoolArray, Columns, FloatArray, IntArray, Tell, tolerance
from analysis.siting.relaxation import Ascent, Prices, fix, price_from_set, sets_within, values_of
from analysis.siting.starts import greedy, set_value, swap

ROUND_STEPS = 40
ROOT_ROUNDS, BRANCH_ROUNDS = 15, 2
LEAST_LISTED, SETS_LISTED, VALUES_LISTED = 50, 20_000, 4_000_000


@dataclass(frozen=True)
class Selection:
    """The best sets of a search, best first.

    Parameters
    ----------
    values : tuple of float
        Loss of each set.
    sets : tuple of tuple of int
        Site numbers, ascending.
    bound : float
        No set (but forbidden ones) has a lower loss.
    complete : bool
        False when the search was stopped: the sets are the best found, not proven.
    possible : tuple of int
        Sites that may be in one of the best sets, as far as the first bound tells; empty if unknown.
    """

    values: tuple[float, ...]
    sets: tuple[Columns, ...]
    bound: float
    complete: bool
    possible: Columns = ()


@dataclass
class _Pool:
    """The best sets known, in order of loss, equal ones in order of site numbers."""

    table: FloatArray
    count: int
    ceiling: float
    forbidden: frozenset[Columns]
    ranked: list[tuple[float, Columns]] = field(default_factory=list)
    known: set[Columns] = field(default_factory=set)

    def offer(self, value: float, columns: Columns) -> None:
        if value > self.threshold or columns in self.known or columns in self.forbidden:
            return
        self.known.add(columns)
        bisect.insort(self.ranked, (value, columns))
        self._order_ties()
        for dropped in self.ranked[self.count :]:
            self.known.discard(dropped[1])
        del self.ranked[self.count :]

    def offer_all(self, values: FloatArray, sets: IntArray, inside: IntArray) -> None:
        close = np.flatnonzero(values <= self.threshold)
        for k in close[np.argsort(values[close], kind="stable")]:
            columns = np.sort(np.concatenate([inside, sets[k]]))
            self.offer(float(values[k]), tuple(columns.tolist()))

    def _order_ties(self) -> None:
        start = 0
        while start < len(self.ranked):
            value = self.ranked[start][0]
            end = start + 1
            while end < len(self.ranked) and self.ranked[end][0] <= value + tolerance(value):
                end += 1
            self.ranked[start:end] = sorted(self.ranked[start:end], key=lambda entry: entry[1])
            start = end

    @property
    def best(self) -> tuple[float, Columns]:
        """The best set, if there is one."""
        return self.ranked[0] if self.ranked else (np.inf, ())

    @property
    def worst(self) -> float:
        """Loss of the last set asked for, as far as known."""
        return self.ranked[-1][0] if len(self.ranked) == self.count else self.ceiling

    @property
    def threshold(self) -> float:
        """A set above this is of no use."""
        return self.worst + tolerance(self.worst)

    def closes(self, bound: float, inside: IntArray, free: IntArray, choose: int) -> bool:
        """Whether nothing of a node can enter: too dear, or at best equal and later in order."""
        if bound > self.threshold:
            return True
        if len(self.ranked) < self.count or bound < self.worst - tolerance(self.worst):
            return False
        earliest = tuple(np.sort(np.concatenate([inside, free[:choose]])).tolist())
        return earliest >= self.ranked[-1][1]


@dataclass(frozen=True, eq=False)
class _Node:
    inside: IntArray
    free: IntArray
    prices: FloatArray
    pivot: int = -1


class _Search:
    """Branch and bound, the lowest bound first."""

    def __init__(
        self, loss: FloatArray, choose: int, pool: _Pool, tell: Tell | None, branches: float
    ) -> None:
        self.loss, self.choose, self.pool, self.tell = loss, choose, pool, tell
        self.branches = branches
        self.possible: Columns = ()
        self.order = itertools.count()
        self.open: list[tuple[float, int, _Node]] = []

    def run(self, root: _Node) -> tuple[float, bool]:
        """Search below a node; the bound, and whether the search came to its end."""
        self._grow(root, ROOT_ROUNDS, -np.inf)
        if self.open:
            first = self.open[0][2]
            self.possible = tuple(np.sort(np.concatenate([first.inside, first.free])).tolist())
        while self.open and self.open[0][0] <= self.pool.threshold:
            bound, _, node = heapq.heappop(self.open)
            if self.branches < 1 or self._stopped(bound):
                return min(bound, self.pool.best[0]), False
            self.branches -= 1
            self._branch(node, bound)
        return self.pool.best[0], True

    def _stopped(self, bound: float) -> bool:
        value, columns = self.pool.best
        return self.tell is not None and self.tell(value, min(bound, value), columns)

    def _branch(self, node: _Node, bound: float) -> None:
        """Split on one site: the sets that hold it, and those that do not."""
        rest = node.free[node.free != node.pivot]
        with_pivot = np.sort(np.append(node.inside, node.pivot))
        self._grow(_Node(with_pivot, rest, node.prices), BRANCH_ROUNDS, bound)
        self._grow(_Node(node.inside, rest, node.prices), BRANCH_ROUNDS, bound)

    def _grow(self, node: _Node, rounds: int, bound: float) -> None:
        """Bound a node, settle what can be settled, and list its sets or leave it open."""
        inside, free = node.inside, node.free
        if not 0 < self.choose - len(inside) < len(free):
            self._close(inside, free)
            return
        ascent = Ascent(self.loss, node.prices)
        for _ in range(rounds):
            rest = self.choose - len(inside)
            self._value(ascent.climb(inside, free, rest, self.pool.threshold, ROUND_STEPS))
            proof = ascent.proof(inside, free, rest)
            bound = max(bound, proof.bound)
            if self.pool.closes(bound, inside, free, rest):
                return
            inside, free = fix(proof, inside, free, rest, self.pool.threshold)
            if self._listed(proof, inside, free):
                return
            if ascent.exhausted:
                break
        pivot = free[np.abs(ascent.popularity[free] - 0.5).argmin()]
        heapq.heappush(self.open, (bound, next(self.order), _Node(inside, free, ascent.best, int(pivot))))

    def _value(self, columns: IntArray) -> None:
        self.pool.offer(set_value(self.loss, columns), tuple(np.sort(columns).tolist()))

    def _close(self, inside: IntArray, free: IntArray) -> None:
        """Value the one set that is left, if any is."""
        rest = self.choose - len(inside)
        if rest in {0, len(free)}:
            self._value(np.concatenate([inside, free[:rest]]))

    def _listed(self, proof: Prices, inside: IntArray, free: IntArray) -> bool:
        """Value every set that the bound leaves possible, if they are few enough."""
        rest = self.choose - len(inside)
        if not 0 < rest < len(free):
            self._close(inside, free)
            return True
        order = free[np.argsort(proof.reduced[free], kind="stable")]
        floor = proof.prices.sum() + proof.reduced[inside].sum()
        limit = max(LEAST_LISTED, min(SETS_LISTED, VALUES_LISTED // max(1, self.loss.shape[1])))
        picks = sets_within(proof.reduced[order], rest, self.pool.threshold - floor, limit)
        if picks is None:
            return False
        sets = order[picks]
        self.pool.offer_all(values_of(self.loss, inside, sets), sets, inside)
        return True


def select(
    loss: FloatArray,
    choose: int,
    kept: BoolArray,
    *,
    count: int = 1,
    starts: Iterable[Columns] = (),
    forbidden: Iterable[Columns] = (),
    tell: Tell | None = None,
    branches: float = np.inf,
) -> Selection:
    """Find the sets of `choose` sites with the least loss, and prove it.

    Parameters
    ----------
    loss : array of shape (sites, areas)
        What each area loses with each site as its only one; infinite where that is not allowed.
    choose : int
        Sites in a set, the kept ones included.
    kept : bool array of shape (sites,)
        Sites that are in every set.
    count : int
        How many best sets to find. Equal sets come in the order of their site numbers.
    starts : iterable of sets
        Sets to start from, for instance the answer to a question like this one.
    forbidden : iterable of sets
        Sets that must not come back.
    tell : callable, optional
        Called with best loss, bound and best set; True stops the search.
    branches : float
        Give up the proof after so many branches.

    Returns
    -------
    Selection
        With no sets when none has a finite loss.
    """
    finite = np.isfinite(loss)
    ceiling = float(np.where(finite, loss, 0.0).max(axis=0).sum()) if loss.size else 0.0
    if not finite.any(axis=0).all() or kept.sum() > choose or choose > len(loss) or choose < 1:
        return Selection((), (), np.inf, complete=True)
    # A penalty in place of infinity keeps sums comparable, so that a bad start can be mended.
    table = np.where(finite, loss, 4.0 * ceiling + 1.0) if not finite.all() else loss
    pool = _Pool(table, count, ceiling, frozenset(forbidden))
    best, neighbours = swap(table, greedy(table, choose, kept), kept)
    for start in starts:
        pool.offer(set_value(table, list(start)), start)
        mended, _ = swap(table, np.array(start), kept)
        pool.offer(set_value(table, mended), tuple(mended.tolist()))
    pool.offer(set_value(table, best), tuple(best.tolist()))
    _offer_neighbours(pool, best, neighbours)
    inside, free = np.flatnonzero(kept), np.flatnonzero(~kept)
    root = _Node(inside, free, price_from_set(table, np.array(pool.best[1] or best)))
    search = _Search(table, choose, pool, tell, branches)
    bound, complete = search.run(root)
    values, sets = tuple(value for value, _ in pool.ranked), tuple(columns for _, columns in pool.ranked)
    return Selection(values, sets, bound, complete, search.possible)


def at_least(tell: Tell | None, found: Selection) -> Tell | None:
    """Tell of what another solver finds, or of what was found before, whichever is better."""
    if tell is None or not found.sets:
        return tell
    inner, value, columns = tell, found.values[0], found.sets[0]

    def wrapped(other: float, bound: float, theirs: Columns) -> bool:
        better = other < value and bool(theirs)
        return inner(other if better else value, max(bound, found.bound), theirs if better else columns)

    return wrapped


def _offer_neighbours(pool: _Pool, best: IntArray, neighbours: FloatArray) -> None:
    """Offer the sets one exchange away: near-best values that the search then has to beat."""
    if pool.count == 1:
        return
    enters, leaves = np.unravel_index(
        np.argsort(neighbours, axis=None, kind="stable")[: 2 * pool.count], neighbours.shape
    )
    for entering, leaving in zip(enters, leaves, strict=True):
        if not np.isfinite(neighbours[entering, leaving]):
            break
        exchanged = best.copy()
        exchanged[leaving] = entering
        exchanged.sort()
        pool.offer(set_value(pool.table, exchanged), tuple(exchanged.tolist()))
