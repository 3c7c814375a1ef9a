"""The best p sites of a loss table, proven, with as many next-best sets as are asked for.

One exact search serves the p-median, the MCLP and everything built on them. It has two parts. First,
branch and bound with Lagrangean bounds (`analysis.siting.relaxation`) finds the least loss; a branch closes
by listing every set that the bound leaves possible. Then, among the sets with that loss, a search in the
order of site numbers finds the first.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.siting.loss_table import LossTable
from analysis.siting.model import BoolArray, Columns, FloatArray, IntArray, Tell, tolerance
from analysis.siting.relaxation import Ascent, Prices, fix, price_from_set, sets_within, values_of
from analysis.siting.starts import greedy, swap

ROUND_STEPS = 40
ROOT_ROUNDS, BRANCH_ROUNDS = 15, 2
SET_ROUNDS, SET_STEPS = 3, 10
LEAST_LISTED, SETS_LISTED, VALUES_LISTED = 50, 20_000, 4_000_000
MOST_ORDER_NODES = 4_000
"""Nodes spent on finding the first of equal sets; beyond, the first that was met stands."""


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
    possible : callable, optional
        Sites that a set up to some loss may hold, as far as the first bound tells.
    """

    values: tuple[float, ...]
    sets: tuple[Columns, ...]
    bound: float
    complete: bool
    possible: Callable[[float], IntArray] | None = None


NONE = Selection((), (), np.inf, complete=True)


@dataclass(frozen=True, eq=False)
class _Node:
    inside: IntArray
    free: IntArray
    prices: FloatArray
    pivot: int = -1


class _Search:
    """Both parts of the search for one best set."""

    def __init__(
        self, table: LossTable, choose: int, forbidden: frozenset[Columns], tell: Tell | None
    ) -> None:
        self.table, self.loss, self.choose = table, table.loss, choose
        self.forbidden, self.tell = forbidden, tell
        self.value = table.ceiling
        self.columns: Columns = ()
        self.order = itertools.count()
        self.open: list[tuple[float, int, _Node]] = []
        self.possible: Callable[[float], IntArray] | None = None
        self.limit = max(LEAST_LISTED, min(SETS_LISTED, VALUES_LISTED // max(1, self.loss.shape[1])))

    def offer(self, columns: IntArray) -> None:
        """Take a set if it is better than the best, or as good and earlier in order."""
        chosen: Columns = tuple(np.sort(columns).tolist())
        value = self.table.value(columns)
        near = tolerance(self.value)
        if value > self.value + near or chosen in self.forbidden:
            return
        if not self.columns or value < self.value - near or chosen < self.columns:
            self.value, self.columns = value, chosen

    @property
    def better(self) -> float:
        """A set is better than the best if its loss is not above this."""
        step = max(self.table.step * (1 - 1e-6), 2 * tolerance(self.value))
        return self.value - step if self.columns else self.value + tolerance(self.value)

    @property
    def equal(self) -> float:
        """A set is as good as the best if its loss is not above this."""
        return self.value + tolerance(self.value)

    def stopped(self, bound: float) -> bool:
        return self.tell is not None and self.tell(
            self.value, min(self.table.risen(bound), self.value), self.columns
        )

    def prove(self, root: _Node, branches: float, *, given: bool) -> tuple[float, bool, _Node]:
        """Find the least loss: its bound, whether it is proven, and the root with its best prices."""
        self.kept = np.isin(np.arange(len(self.loss)), root.inside)
        priced = self._grow(root, ROOT_ROUNDS, -np.inf, given=given)
        self._note_possible(priced)
        while self.open and self.open[0][0] <= self.better:
            bound, _, node = heapq.heappop(self.open)
            if branches < 1 or self.stopped(bound):
                return min(self.table.risen(bound), self.value), False, priced
            branches -= 1
            rest = node.free[node.free != node.pivot]
            self._grow(
                _Node(np.sort(np.append(node.inside, node.pivot)), rest, node.prices), BRANCH_ROUNDS, bound
            )
            self._grow(_Node(node.inside, rest, node.prices), BRANCH_ROUNDS, bound)
        return self.value if self.columns else np.inf, True, priced

    def _note_possible(self, root: _Node) -> None:
        rest = self.choose - len(root.inside)
        if not 0 < rest < len(root.free):
            return
        proof = Ascent(self.loss, root.prices).proof(root.inside, root.free, rest)

        def possible(loss: float) -> IntArray:
            inside, free = fix(proof, root.inside, root.free, rest, loss + tolerance(loss))
            return np.sort(np.concatenate([inside, free]))

        self.possible = possible

    def _grow(self, node: _Node, rounds: int, bound: float, *, given: bool = False) -> _Node:
        """Bound a node, settle what can be settled, and list its sets or leave it open."""
        inside, free = node.inside, node.free
        if not 0 < self.choose - len(inside) < len(free):
            self._close(inside, free)
            return node
        ascent = Ascent(self.loss, node.prices)
        for _ in range(1 if given else rounds):
            rest = self.choose - len(inside)
            if not given:
                relaxed = ascent.climb(inside, free, rest, self.better, ROUND_STEPS)
                self.offer(relaxed)
                if rounds > BRANCH_ROUNDS:
                    self.offer(swap(self.loss, relaxed, self.kept)[0])
            proof = ascent.proof(inside, free, rest)
            bound = max(bound, proof.bound)
            if bound > self.better:
                return _Node(node.inside, node.free, ascent.best)
            inside, free = fix(proof, inside, free, rest, self.better)
            if self._listed(proof, inside, free):
                return _Node(node.inside, node.free, ascent.best)
            if ascent.exhausted:
                break
        pivot = free[np.abs(ascent.popularity[free] - 0.5).argmin()]
        heapq.heappush(self.open, (bound, next(self.order), _Node(inside, free, ascent.best, int(pivot))))
        return _Node(node.inside, node.free, ascent.best)

    def _close(self, inside: IntArray, free: IntArray) -> None:
        """Value the one set that is left, if any is."""
        rest = self.choose - len(inside)
        if rest in {0, len(free)}:
            self.offer(np.concatenate([inside, free[:rest]]))

    def _listed(self, proof: Prices, inside: IntArray, free: IntArray) -> bool:
        """Offer every set of a node that may be better, if they are few enough."""
        if not 0 < self.choose - len(inside) < len(free):
            self._close(inside, free)
            return True
        sets = self._sets(proof, inside, free, self.better)
        if sets is None:
            return False
        values = values_of(self.loss, inside, sets)
        for k in np.argsort(values, kind="stable"):
            if values[k] > self.equal:
                break
            self.offer(np.concatenate([inside, sets[k]]))
        return True

    def _sets(self, proof: Prices, inside: IntArray, free: IntArray, threshold: float) -> IntArray | None:
        """Choices among the free sites that the bound leaves possible; None if there are too many."""
        order = free[np.argsort(proof.reduced[free], kind="stable")]
        floor = proof.prices.sum() + proof.reduced[inside].sum()
        picks = sets_within(proof.reduced[order], self.choose - len(inside), threshold - floor, self.limit)
        return None if picks is None else order[picks]

    def find_first(self, root: _Node) -> None:
        """Replace the best set by the first in order of those that are as good.

        Depth first: the sets with the earliest undecided site come before those without it, so the first
        set that is met is the one.
        """
        stack = [root]
        for _ in range(MOST_ORDER_NODES):
            if not stack or self.stopped(self.value):
                return
            node = stack.pop()
            met, inside, free, prices = self._first_of(node)
            if met:
                self.columns = met
                self.value = self.table.value(np.array(met))
                return
            if len(free):
                first, rest = free[:1], free[1:]
                stack.append(_Node(inside, rest, prices))
                stack.append(_Node(np.sort(np.concatenate([inside, first])), rest, prices))

    def _first_of(self, node: _Node) -> tuple[Columns, IntArray, IntArray, FloatArray]:
        """First set of a node that is as good as the best; if that is still open, what is left to decide."""
        inside, free, ascent = node.inside, node.free, Ascent(self.loss, node.prices)
        nothing = free[:0]
        for steps in (0, ROUND_STEPS):
            rest = self.choose - len(inside)
            if not 0 < rest < len(free):
                break
            if steps:
                ascent.climb(inside, free, rest, self.equal, steps)
            proof = ascent.proof(inside, free, rest)
            if self.table.risen(proof.bound) > self.equal:
                return (), inside, nothing, ascent.best
            inside, free = fix(proof, inside, free, rest, self.equal)
            rest = self.choose - len(inside)
            sets = self._sets(proof, inside, free, self.equal) if 0 < rest < len(free) else None
            if sets is not None:
                return self._first_good(inside, sets), inside, nothing, ascent.best
        rest = self.choose - len(inside)
        if 0 < rest < len(free):
            return (), inside, free, ascent.best
        last = free[None, :rest] if rest in {0, len(free)} else np.zeros((0, 0), dtype=np.int64)
        return self._first_good(inside, last), inside, nothing, ascent.best

    def _first_good(self, inside: IntArray, sets: IntArray) -> Columns:
        if not len(sets):
            return ()
        values = values_of(self.loss, inside, sets) if sets.shape[1] else np.array([self.table.value(inside)])
        good = [
            tuple(np.sort(np.concatenate([inside, sets[k]])).tolist())
            for k in np.flatnonzero(values <= self.equal)
        ]
        return min((columns for columns in good if columns not in self.forbidden), default=())


def select(
    loss: FloatArray,
    choose: int,
    kept: BoolArray,
    *,
    starts: Iterable[Columns] = (),
    forbidden: Sequence[Columns] = (),
    tell: Tell | None = None,
    branches: float = np.inf,
    prices: FloatArray | None = None,
) -> Selection:
    """Find the set of `choose` sites with the least loss, and prove it.

    Parameters
    ----------
    loss : array of shape (sites, areas)
        What each area loses with each site as its only one; infinite where that is not allowed.
    choose : int
        Sites in a set, the kept ones included.
    kept : bool array of shape (sites,)
        Sites that are in every set.
    starts : iterable of sets
        Sets to start from, for instance the answer to a question like this one.
    forbidden : sequence of sets
        Sets that must not come back, the best found last at the end.
    tell : callable, optional
        Called with best loss, bound and best set; True stops the search.
    branches : float
        Give up the proof after so many branches.
    prices : array of shape (areas,), optional
        Prices of the linear relaxation, if they are known: no ascent betters them.

    Returns
    -------
    Selection
        The first of equal sets in the order of site numbers. No set when none has a finite loss.
    """
    table = LossTable.of(loss)
    if not table.feasible or kept.sum() > choose or choose > len(loss) or choose < 1:
        return NONE
    tried = [np.array(start, dtype=np.int64) for start in starts]
    tried += [swap(table.loss, start, kept)[0] for start in [*tried, greedy(table.loss, choose, kept)]]
    if forbidden:
        tried += _neighbours(table, np.array(forbidden[-1], dtype=np.int64), kept)
    search = _Search(table, choose, frozenset(forbidden), tell)
    for columns in tried:
        search.offer(columns)
    if prices is None:
        first = price_from_set(table.loss, np.array(search.columns or tried[0], dtype=np.int64))
    else:
        _climb_for_sets(search, kept, prices)
    root = _Node(np.flatnonzero(kept), np.flatnonzero(~kept), first if prices is None else prices)
    bound, complete, priced = search.prove(root, branches, given=prices is not None)
    if not search.columns:
        return Selection((), (), bound, complete)
    if complete:
        search.find_first(priced)
    return Selection((search.value,), (search.columns,), min(bound, search.value), complete, search.possible)


def _climb_for_sets(search: _Search, kept: BoolArray, prices: FloatArray) -> None:
    """Take some steps from given prices, not for the bound but for the sets met on the way."""
    inside, free = np.flatnonzero(kept), np.flatnonzero(~kept)
    ascent = Ascent(search.loss, prices)
    if 0 < search.choose - len(inside) < len(free):
        for _ in range(SET_ROUNDS):
            met = ascent.climb(inside, free, search.choose - len(inside), search.value, SET_STEPS)
            search.offer(swap(search.loss, met, kept)[0])


def successive(
    count: int, best: Callable[[tuple[Columns, ...]], Selection], forbidden: Iterable[Columns] = ()
) -> Selection:
    """Best sets one after the other: each the best of those not named before.

    Parameters
    ----------
    count : int
    best : callable
        Finds the best set, given those that must not come back.
    forbidden : iterable of sets
        Sets that must not come back from the start.
    """
    cut = tuple(forbidden)
    values: list[float] = []
    sets: list[Columns] = []
    found = best(cut)
    bound, complete = found.bound, found.complete
    while found.sets:
        values.append(found.values[0])
        sets.append(found.sets[0])
        complete = found.complete
        if len(sets) >= count or not complete:
            break
        found = best((*cut, *sets))
    return Selection(tuple(values), tuple(sets), bound, complete)


def _neighbours(table: LossTable, best: IntArray, kept: BoolArray) -> list[IntArray]:
    """Sets one exchange away from a set, the better ones: values that a next-best set has to beat."""
    values = table.exchange_values(best, kept)
    flat = np.argsort(values, axis=None, kind="stable")[: 2 * len(best)]
    sets = []
    for entering, leaving in zip(*np.unravel_index(flat, values.shape), strict=True):
        if np.isfinite(values[entering, leaving]):
            exchanged = best.copy()
            exchanged[leaving] = entering
            sets.append(exchanged)
    return sets


def at_least(tell: Tell | None, found: Selection) -> Tell | None:
    """Tell of what another solver finds, or of what was found before, whichever is better."""
    if tell is None or not found.sets:
        return tell
    inner, value, columns = tell, found.values[0], found.sets[0]

    def wrapped(other: float, bound: float, theirs: Columns) -> bool:
        better = other < value and bool(theirs)
        return inner(other if better else value, max(bound, found.bound), theirs if better else columns)

    return wrapped
