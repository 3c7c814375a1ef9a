"""Fewest sites that cover every area: the location set covering problem."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analysis.siting.models.model import BoolArray, Columns, IntArray, Tell
from analysis.siting.search.reductions import undominated_columns, undominated_rows
from analysis.siting.search.solver import Program, solve


def fewest_cover(
    covered: BoolArray, kept: BoolArray, tell: Tell | None = None, *, enough: int = 0
) -> tuple[Columns | None, int, bool]:
    """Fewest sites that cover every area (Toregas et al. 1971).

    Parameters
    ----------
    covered : bool array of shape (areas, sites)
    kept : bool array of shape (sites,)
        Sites that are in anyway.
    tell : callable, optional
    enough : int
        A cover of so many sites will do, and so will the proof that there is none.

    Returns
    -------
    (columns, bound, complete)
        A cover, None where some area has no site at all; the fewest that it could be; and whether the
        question is settled.
    """
    if not covered.any(axis=1).all():
        return None, 0, True
    inside = np.flatnonzero(kept)
    left = covered[~covered[:, inside].any(axis=1)]
    start = greedy_cover(left)
    bound = len(inside) + apart(left)
    if len(inside) + len(start) <= max(enough, bound) or bound > enough > 0:
        return tuple(np.sort(np.concatenate([inside, start])).tolist()), bound, True
    columns = undominated_columns(left)
    table = left[:, columns]
    outcome = solve(_program(table[undominated_rows(table)]), tell=_counting(tell, inside, columns))
    if outcome.values is not None:
        start = columns[np.flatnonzero(outcome.values > 0.5)]
    chosen: Columns = tuple(np.sort(np.concatenate([inside, start])).tolist())
    return chosen, max(bound, len(inside) + int(np.ceil(outcome.bound - 1e-6))), outcome.complete


def _program(table: BoolArray) -> Program:
    areas, sites = table.shape
    return Program(
        cost=np.ones(sites),
        lower=np.zeros(sites),
        upper=np.ones(sites),
        integer=np.ones(sites, dtype=bool),
        matrix=sparse.csr_array(table.astype(float)),
        row_lower=np.ones(areas),
        row_upper=np.full(areas, np.inf),
    )


def greedy_cover(table: BoolArray) -> IntArray:
    """A cover, taking the site that covers most of what is left each time."""
    chosen: list[int] = []
    left = np.ones(len(table), dtype=bool)
    while left.any():
        best = int(table[left].sum(axis=0).argmax())
        chosen.append(best)
        left &= ~table[:, best]
    return np.array(chosen, dtype=np.int64)


def apart(table: BoolArray) -> int:
    """Number of areas of which no two share a site: each needs a site of its own."""
    used = np.zeros(table.shape[1], dtype=bool)
    count = 0
    for row in table[np.argsort(table.sum(axis=1), kind="stable")]:
        if not (row & used).any():
            used |= row
            count += 1
    return count


def _counting(tell: Tell | None, inside: IntArray, columns: IntArray) -> Tell | None:
    """Tell of whole covers, while only the sites besides the kept ones are counted."""
    if tell is None:
        return None

    def wrapped(count: float, bound: float, chosen: Columns) -> bool:
        sites = np.sort(np.concatenate([inside, columns[list(chosen)]])) if chosen else inside
        return tell(count + len(inside), bound + len(inside), tuple(sites.tolist()))

    return wrapped
