"""The best sets of a mixed-integer siting model, equal ones in the order of their sites.

HiGHS returns one of the best solutions, whichever it meets first. Here every set that it returns is
valued afresh, and re-solves with the objective held at the optimum find the first set in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.siting.models.model import Columns, FloatArray, IntArray, Tell, tolerance
from analysis.siting.search.relaxation import RootProof
from analysis.siting.search.selection import Selection, at_least
from analysis.siting.search.solver import Program, solve

Value = Callable[[Columns], tuple[float, ...]]

ROW_SLACK = 1e-6
"""Room in a row that holds an objective; what it lets in is valued afresh and turned away."""


@dataclass(frozen=True, eq=False)
class SiteModel:
    """A programme whose first columns say which sites are chosen.

    Parameters
    ----------
    program : Program
        Its first `n_sites` columns are binary. Its own cost is ignored.
    n_sites : int
    objectives : sequence of arrays of shape (columns,)
        What to minimise: first, then among equals second, and so on.
    value : callable
        The objectives of a set, from the figures themselves; infinite where it is not allowed.
    """

    program: Program
    n_sites: int
    objectives: Sequence[FloatArray]
    value: Value


SITES_ORDERED_AT_ONCE = 12
"""Worths up to two to the power of this stay far above the solver's tolerance."""


MOST_ORDERED = 30_000
"""Entries of a programme beyond which equal sets are not put in order: the set that HiGHS meets stands."""

ORDER_NODES = 300
"""Branches that HiGHS spends on one step towards the first of equal sets; beyond, the set met stands."""


class Stopped(Exception):  # noqa: N818 - it ends a solve and is no error
    """The solve was told to stop."""

    def __init__(self, best: tuple[tuple[float, ...], Columns] | None, bound: float) -> None:
        self.best, self.bound = best, bound
        super().__init__("stopped")


def ranked_sets(
    model: SiteModel,
    count: int = 1,
    *,
    forbidden: Iterable[Columns] = (),
    start: FloatArray | None = None,
    tell: Tell | None = None,
) -> Selection:
    """Find the best sets one after the other, each cut off once found.

    Parameters
    ----------
    model : SiteModel
    count : int
    forbidden : iterable of sets
        Sets that must not come back.
    start : array of shape (columns,), optional
    tell : callable, optional

    Returns
    -------
    Selection
        With the first objective of each set as its value.
    """
    program = model.program
    for columns in forbidden:
        program = without_set(program, model.n_sites, columns)
    found: list[tuple[tuple[float, ...], Columns]] = []
    bound = -np.inf
    try:
        while len(found) < count:
            best, proven = _best(model, program, start, tell)
            bound = proven if not found else bound
            if best is None:
                break
            found.append(best)
            program, start = without_set(program, model.n_sites, best[1]), None
    except Stopped as stop:
        if not found:
            bound = stop.bound
        if stop.best is not None:
            found.append(stop.best)
        return Selection(
            tuple(value[0] for value, _ in found), tuple(s for _, s in found), bound, complete=False
        )
    if not found:
        bound = np.inf
    return Selection(tuple(value[0] for value, _ in found), tuple(s for _, s in found), bound, complete=True)


def finished(
    n_sites: int,
    model_of: Callable[[IntArray, RootProof | None, float], SiteModel],
    found: Selection,
    forbidden: Iterable[Columns],
    tell: Tell | None,
    *,
    least: float = -np.inf,
) -> Selection:
    """Finish with HiGHS a search that was given up, on the sites that its bound leaves possible.

    Parameters
    ----------
    n_sites : int
        All sites.
    model_of : callable
        Makes the model for some sites, given by number, in their order; told also what is proven of
        every set up to some loss.
    found : Selection
        What the search came to.
    forbidden : iterable of sets
    tell : callable, optional
    least : float
        No set is known to lose less: sets that lose no more are not put in order.

    Returns
    -------
    Selection
        The best set; if HiGHS is stopped too, the better of both.
    """
    everything = np.arange(n_sites)
    root, limit = found.root, found.values[0] if found.sets else np.inf
    sites = root.sites(limit) if root and found.sets else everything
    model = model_of(sites, root, limit)
    program = _cut(model, sites, forbidden)
    outcome = solve(program.with_cost(model.objectives[0]), tell=_named(at_least(tell, found), sites))
    best = _valued(model, outcome.values)
    if best is None or not outcome.complete:
        if best is not None and (not found.sets or best[0][0] < found.values[0]):
            return Selection((best[0][0],), (_names(sites, best[1]),), outcome.bound, complete=False)
        bound = max(found.bound, outcome.bound)
        return Selection(found.values, found.sets, bound, complete=outcome.complete and not found.sets)
    value, chosen = best[0][0], _names(sites, best[1])
    if value <= least + tolerance(least) or program.matrix.nnz > MOST_ORDERED:
        return Selection((value,), (chosen,), min(outcome.bound, value), complete=True)
    # The optimum is known now, and rules out more sites than the start did.
    sites = root.sites(value) if root else everything
    model = model_of(sites, root, value)
    position = {int(site): k for k, site in enumerate(sites)}
    current: tuple[tuple[float, ...], Columns] = ((value,), tuple(position[site] for site in chosen))
    program = _cut(model, sites, forbidden).with_row(model.objectives[0], -np.inf, _held(value))
    equal = _equal(
        model, without_set(program, model.n_sites, current[1]), model.objectives[0], (value,), tell
    )
    if equal is not None:
        current = _first_in_order(model, program, current, tell)
    return Selection((current[0][0],), (_names(sites, current[1]),), min(outcome.bound, value), complete=True)


def _cut(model: SiteModel, sites: IntArray, forbidden: Iterable[Columns]) -> Program:
    """The model's programme, without the forbidden sets."""
    position = {int(site): k for k, site in enumerate(sites)}
    program = model.program
    for columns in forbidden:
        if set(columns) <= set(position):
            program = without_set(program, model.n_sites, tuple(position[site] for site in columns))
    return program


def _names(sites: IntArray, columns: Columns) -> Columns:
    return tuple(sites[list(columns)].tolist())


def _named(tell: Tell | None, sites: IntArray) -> Tell | None:
    """Tell of sites by their own numbers."""
    if tell is None:
        return None
    inner = tell
    return lambda loss, bound, columns: inner(loss, bound, _names(sites, columns))


def without_set(program: Program, n_sites: int, columns: Columns) -> Program:
    """Programme that this set of sites, and no other, is cut from."""
    row = np.zeros(len(program.cost))
    row[:n_sites] = 1.0
    row[list(columns)] = -1.0
    return program.with_row(row, 1.0 - len(columns), np.inf)


def _best(
    model: SiteModel, program: Program, start: FloatArray | None, tell: Tell | None
) -> tuple[tuple[tuple[float, ...], Columns] | None, float]:
    """Best set of a programme, the first of the equal ones, with the bound on the first objective."""
    proven, current = -np.inf, None
    for stage, objective in enumerate(model.objectives):
        outcome = solve(program.with_cost(objective), start=start, tell=tell)
        if not outcome.complete:
            raise Stopped(_valued(model, outcome.values) or current, outcome.bound if stage == 0 else proven)
        current = _valued(model, outcome.values) or current
        if current is None:
            return None, np.inf
        proven = outcome.bound if stage == 0 else proven
        program = program.with_row(objective, -np.inf, _held(current[0][stage]))
        other = _equal(
            model, without_set(program, model.n_sites, current[1]), objective, current[0][: stage + 1], tell
        )
        if other is None:
            return current, proven
    if current is None:
        return None, np.inf
    return _first_in_order(model, program, current, tell), proven


def _held(value: float) -> float:
    return value + ROW_SLACK * max(1.0, abs(value))


def _valued(model: SiteModel, values: FloatArray | None) -> tuple[tuple[float, ...], Columns] | None:
    if values is None:
        return None
    columns = tuple(np.flatnonzero(values[: model.n_sites] > 0.5).tolist())
    return model.value(columns), columns


def _equal(
    model: SiteModel, program: Program, objective: FloatArray, values: tuple[float, ...], tell: Tell | None
) -> tuple[tuple[float, ...], Columns] | None:
    """A set of the programme that is as good as these values, if there is one."""
    while True:
        outcome = solve(program.with_cost(objective), tell=tell, most_nodes=ORDER_NODES)
        if not outcome.complete:
            # The objective is proven already; only the order among equals is not.
            return None
        candidate = _valued(model, outcome.values)
        if candidate is None:
            return None
        if all(new <= old + tolerance(old) for new, old in zip(candidate[0], values, strict=False)):
            return candidate
        program = without_set(program, model.n_sites, candidate[1])


def _first_in_order(
    model: SiteModel, program: Program, current: tuple[tuple[float, ...], Columns], tell: Tell | None
) -> tuple[tuple[float, ...], Columns]:
    """Among equal sets, the one that holds the earliest site, then the next earliest, and so on.

    A few sites at a time: with halving worths, the set worth most is the first in their order.
    """
    undecided = np.flatnonzero(program.upper[: model.n_sites] > 0.5)
    for first in range(0, len(undecided), SITES_ORDERED_AT_ONCE):
        sites = undecided[first : first + SITES_ORDERED_AT_ONCE]
        worth = np.zeros(len(program.cost))
        worth[sites] = -(2.0 ** np.arange(len(sites) - 1, -1, -1))
        current = _equal(model, program, worth, current[0], tell) or current
        program = program.with_fixed(sites, np.isin(sites, current[1]).astype(float))
        if not current[1] or sites[-1] >= current[1][-1]:
            break
    return current
