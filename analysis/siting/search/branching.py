"""Branch and bound for one best set, then the first in order of those that are as good."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.siting.models.model import Columns, FloatArray, IntArray, Tell, tolerance
from analysis.siting.search.listing import MOST_WORK, Listing
from analysis.siting.search.loss_table import LossTable, swap
from analysis.siting.search.relaxation import Ascent, Prices, RootProof, fix, sets_within, values_of

ROUND_STEPS = 40
ROOT_ROUNDS, BRANCH_ROUNDS = 15, 2
LEAST_LISTED, SETS_LISTED, VALUES_LISTED = 50, 20_000, 4_000_000
MOST_ORDER_WORK = 20_000_000
"""Nodes times entries of the table spent on finding the first of equal sets; beyond, the set met stands.

Counted, not timed, so that the same question has the same answer on every machine.
"""


@dataclass(frozen=True, eq=False)
class Node:
    """Sites that are in, sites that may be, prices to start from, and the site to branch on."""

    inside: IntArray
    free: IntArray
    prices: FloatArray
    pivot: int = -1


class Search:
    """Both parts of the search for one best set."""

    def __init__(self, table: LossTable, p: int, forbidden: frozenset[Columns], tell: Tell | None) -> None:
        self.table, self.loss, self.p = table, table.loss, p
        self.forbidden, self.tell = forbidden, tell
        self.value = table.ceiling
        self.columns: Columns = ()
        self.order = itertools.count()
        self.open: list[tuple[float, int, Node]] = []
        self.root: RootProof | None = None
        self.ordered = False  # whether every set as good as the best was offered
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
        """Tell of the best, and whether to stop."""
        return self.tell is not None and self.tell(
            self.value, min(self.table.risen(bound), self.value), self.columns
        )

    def prove(self, root: Node, branches: float, *, given: bool) -> tuple[float, bool, Node]:
        """Find the least loss: its bound, whether it is proven, and the root with its best prices."""
        self.kept = np.isin(np.arange(len(self.loss)), root.inside)
        priced = self._grow(root, ROOT_ROUNDS, -np.inf, given=given)
        self._note_proof(priced)
        settled = self.ordered and not self.open
        while self.open and self.open[0][0] <= self.better:
            bound, _, node = heapq.heappop(self.open)
            if branches < 1 or self.stopped(bound):
                return min(self.table.risen(bound), self.value), False, priced
            branches -= 1
            rest = node.free[node.free != node.pivot]
            self._grow(
                Node(np.sort(np.append(node.inside, node.pivot)), rest, node.prices), BRANCH_ROUNDS, bound
            )
            self._grow(Node(node.inside, rest, node.prices), BRANCH_ROUNDS, bound)
        self.ordered = settled
        return self.value if self.columns else np.inf, True, priced

    def _note_proof(self, root: Node) -> None:
        rest = self.p - len(root.inside)
        if 0 < rest < len(root.free):
            proof = Ascent(self.loss, root.prices).proof(root.inside, root.free, rest)
            self.root = RootProof(proof, root.inside, root.free, rest)

    def _grow(self, node: Node, rounds: int, bound: float, *, given: bool = False) -> Node:
        """Bound a node, settle what can be settled, and list its sets or leave it open."""
        inside, free = node.inside, node.free
        if not 0 < self.p - len(inside) < len(free):
            self._close(inside, free)
            return node
        ascent = Ascent(self.loss, node.prices)
        for _ in range(1 if given else rounds):
            rest = self.p - len(inside)
            if not given:
                relaxed = ascent.climb(inside, free, rest, self.better, ROUND_STEPS)
                self.offer(relaxed)
                if rounds > BRANCH_ROUNDS:
                    self.offer(swap(self.loss, relaxed, self.kept)[0])
            proof = ascent.proof(inside, free, rest)
            bound = max(bound, proof.bound)
            if bound > self.better:
                return Node(node.inside, node.free, ascent.best)
            inside, free = fix(proof, inside, free, rest, self.equal if self.table.covering else self.better)
            if self._listed(proof, inside, free):
                return Node(node.inside, node.free, ascent.best)
            if ascent.exhausted:
                break
        pivot = free[np.abs(ascent.popularity[free] - 0.5).argmin()]
        heapq.heappush(self.open, (bound, next(self.order), Node(inside, free, ascent.best, int(pivot))))
        return Node(node.inside, node.free, ascent.best)

    def _close(self, inside: IntArray, free: IntArray) -> None:
        """Value the one set that is left, if any is."""
        rest = self.p - len(inside)
        if rest in {0, len(free)}:
            self.offer(np.concatenate([inside, free[:rest]]))

    def _listed(self, proof: Prices, inside: IntArray, free: IntArray) -> bool:
        """Offer every set of a node that may be better, if they are few enough."""
        if not 0 < self.p - len(inside) < len(free):
            self._close(inside, free)
            return True
        if self.table.covering:
            return self._searched(proof, inside, free)
        sets = self._sets(proof, inside, free, self.better)
        if sets is None:
            return False
        values = values_of(self.loss, inside, sets)
        for k in np.argsort(values, kind="stable"):
            if values[k] > self.equal:
                break
            self.offer(np.concatenate([inside, sets[k]]))
        return True

    def _searched(self, proof: Prices, inside: IntArray, free: IntArray) -> bool:
        """Offer the sets of a node of a covering table that are as good as the best, or only the better.

        Returns
        -------
        bool
            Whether all the better sets were offered.
        """
        order = free[np.argsort(proof.reduced[free], kind="stable")]
        listing = Listing(self.loss, proof.prices, inside, order, self.p - len(inside))

        def offered(limit: Callable[[], float], work: float) -> bool:
            def take(sets: IntArray) -> float:
                values = values_of(self.loss, inside[:0], sets)
                for k in np.flatnonzero(values <= limit()):
                    self.offer(sets[k])
                return limit()

            return listing.each(limit(), take, lambda: self.stopped(proof.bound), work)

        self.ordered = offered(lambda: self.equal, MOST_WORK / 4)
        return self.ordered or offered(lambda: self.better, MOST_WORK)

    def _sets(self, proof: Prices, inside: IntArray, free: IntArray, threshold: float) -> IntArray | None:
        """Choices among the free sites that the bound leaves possible; None if there are too many."""
        order = free[np.argsort(proof.reduced[free], kind="stable")]
        floor = proof.prices.sum() + proof.reduced[inside].sum()
        picks = sets_within(proof.reduced[order], self.p - len(inside), threshold - floor, self.limit)
        return None if picks is None else order[picks]

    def find_first(self, root: Node) -> None:
        """Replace the best set by the first in order of those that are as good.

        Depth first: the sets with the earliest undecided site come before those without it, so the first
        set that is met is the one.
        """
        if self.ordered or (self.table.covering and self._found_by_listing(root)):
            return
        stack = [root]
        for _ in range(MOST_ORDER_WORK // max(1, self.loss.size) + 1):
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
                stack.append(Node(inside, rest, prices))
                stack.append(Node(np.sort(np.concatenate([inside, first])), rest, prices))

    def _found_by_listing(self, root: Node) -> bool:
        """Find the first of equal sets of a covering table; whether that was settled."""
        rest = self.p - len(root.inside)
        if not 0 < rest < len(root.free):
            return False
        proof = Ascent(self.loss, root.prices).proof(root.inside, root.free, rest)
        inside, free = fix(proof, root.inside, root.free, rest, self.equal)
        rest = self.p - len(inside)
        if not 0 < rest < len(free):
            return False
        met: list[IntArray] = []

        def take(sets: IntArray) -> float:
            for k in np.flatnonzero(values_of(self.loss, inside[:0], sets) <= self.equal):
                if tuple(np.sort(sets[k]).tolist()) not in self.forbidden:
                    met.append(sets[k])
                    return -np.inf
            return self.equal

        listing = Listing(self.loss, proof.prices, inside, free, rest)
        if not listing.each(self.equal, take, lambda: self.stopped(self.value), MOST_WORK):
            return False
        for columns in met:
            self.columns = tuple(np.sort(columns).tolist())
            self.value = self.table.value(columns)
        return True

    def _first_of(self, node: Node) -> tuple[Columns, IntArray, IntArray, FloatArray]:
        """First set of a node that is as good as the best; if that is still open, what is left to decide."""
        inside, free, ascent = node.inside, node.free, Ascent(self.loss, node.prices)
        nothing = free[:0]
        for steps in (0, ROUND_STEPS):
            rest = self.p - len(inside)
            if not 0 < rest < len(free):
                break
            if steps:
                ascent.climb(inside, free, rest, self.equal, steps)
            proof = ascent.proof(inside, free, rest)
            if self.table.risen(proof.bound) > self.equal:
                return (), inside, nothing, ascent.best
            inside, free = fix(proof, inside, free, rest, self.equal)
            rest = self.p - len(inside)
            sets = self._sets(proof, inside, free, self.equal) if 0 < rest < len(free) else None
            if sets is not None:
                return self._first_good(inside, sets), inside, nothing, ascent.best
        rest = self.p - len(inside)
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
