"""The best p sites of a loss table, proven, with as many next-best sets as are asked for.

One exact search serves the p-median, the MCLP and everything built on them. It has two parts. First,
branch and bound with Lagrangean bounds (`analysis.siting.search.relaxation`) finds the least loss; a branch closes
by listing every set that the bound leaves possible. Then, among the sets with that loss, a search in the
order of site numbers finds the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.siting.models.model import BoolArray, Columns, FloatArray, IntArray, Tell, tolerance
from analysis.siting.search.branching import Node, Search
from analysis.siting.search.loss_table import LossTable, greedy, swap
from analysis.siting.search.relaxation import Ascent, RootProof, price_from_set

SET_ROUNDS, SET_STEPS = 1, 10


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
    root : RootProof, optional
        What the first bound proves of every set up to some loss.
    """

    values: tuple[float, ...]
    sets: tuple[Columns, ...]
    bound: float
    complete: bool
    root: RootProof | None = None


NONE = Selection((), (), np.inf, complete=True)


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of a loss table before it is searched.

    Parameters
    ----------
    starts : iterable of sets
        Sets to start from, for instance the answer to a question like this one.
    prices : array of shape (areas,), optional
        Prices of the linear relaxation: no ascent betters them.
    least : float
        No set loses less: the first one met that loses no more ends the search, whatever its place in order.
    """

    starts: Iterable[Columns] = ()
    prices: FloatArray | None = None
    least: float = -np.inf


UNKNOWN = Known()


def select(
    loss: FloatArray,
    p: int,
    kept: BoolArray,
    *,
    known: Known = UNKNOWN,
    forbidden: Sequence[Columns] = (),
    tell: Tell | None = None,
    branches: float = np.inf,
) -> Selection:
    """Find the set of `p` sites with the least loss, and prove it.

    Parameters
    ----------
    loss : array of shape (sites, areas)
        What each area loses with each site as its only one; infinite where that is not allowed.
    p : int
        Sites in a set, the kept ones included.
    kept : bool array of shape (sites,)
        Sites that are in every set.
    known : Known
    forbidden : sequence of sets
        Sets that must not come back, the best found last at the end.
    tell : callable, optional
        Called with best loss, bound and best set; True stops the search.
    branches : float
        Give up the proof after so many branches.

    Returns
    -------
    Selection
        The first of equal sets in the order of site numbers. No set when none has a finite loss.
    """
    table = LossTable.of(loss)
    if not table.feasible or kept.sum() > p or p > len(loss) or p < 1:
        return NONE
    tried = [np.array(start, dtype=np.int64) for start in known.starts]
    tried += [swap(table.loss, start, kept)[0] for start in [*tried, greedy(table.loss, p, kept)]]
    if forbidden:
        tried += _neighbours(table, np.array(forbidden[-1], dtype=np.int64), kept)
    search = Search(table, p, frozenset(forbidden), tell)
    for columns in tried:
        search.offer(columns)
    prices = known.prices
    if prices is None:
        first = price_from_set(table.loss, np.array(search.columns or tried[0], dtype=np.int64))
    else:
        _climb_for_sets(search, kept, prices)
    if search.columns and search.value <= known.least + tolerance(known.least):
        return Selection((search.value,), (search.columns,), search.value, complete=True)
    root = Node(np.flatnonzero(kept), np.flatnonzero(~kept), first if prices is None else prices)
    bound, complete, priced = search.prove(root, branches, given=prices is not None)
    if not search.columns:
        return Selection((), (), bound, complete)
    if complete:
        search.find_first(priced)
    return Selection((search.value,), (search.columns,), min(bound, search.value), complete, search.root)


def _climb_for_sets(search: Search, kept: BoolArray, prices: FloatArray) -> None:
    """Take some steps from given prices, not for the bound but for the sets met on the way."""
    inside, free = np.flatnonzero(kept), np.flatnonzero(~kept)
    ascent = Ascent(search.loss, prices)
    if 0 < search.p - len(inside) < len(free):
        for _ in range(SET_ROUNDS):
            met = ascent.climb(inside, free, search.p - len(inside), search.value, SET_STEPS)
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
