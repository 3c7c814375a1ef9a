"""Disclosure control: small counts of people hidden, so that they cannot be worked out again.

Counts of 1 to 4 are suppressed and others rounded to 5. Where the figures that are left would still tell
more of a suppressed count than "1 to 4", further cells are suppressed until they do not. Whether they
would is not guessed but solved: an intruder is assumed to know the rules, every published figure of every
table, and even which cells were suppressed as small, and the smallest and largest count that all of this
allows are found by integer programming.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from analysis.base.faults import Fault, HubreachError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

SMALLEST_SHOWN = 5
ROUNDING_BASE = 5
MARK = "[c]"
"""Shorthand for "confidential" in the UK Government Analysis Function's guidance on symbols in tables."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Every figure of every table that is published together, as sums of the finest counts.

    Parameters
    ----------
    members : csr_array, shape (cells, leaves)
        1 where a finest count is part of a cell.
    counts : ndarray of int64, shape (cells,)
        True counts.
    """

    members: sparse.csr_array
    counts: NDArray[np.int64]

    @cached_property
    def small(self) -> NDArray[np.bool_]:
        """Cells that have to be suppressed for themselves."""
        return (self.counts > 0) & (self.counts < SMALLEST_SHOWN)

    @cached_property
    def sizes(self) -> NDArray[np.float64]:
        """Number of finest counts in each cell."""
        return np.asarray(self.members.sum(axis=1), dtype=float)

    @cached_property
    def overlap(self) -> sparse.csr_array:
        """Number of finest counts that each two cells share, shape (cells, cells)."""
        return sparse.csr_array(self.members @ self.members.T)

    @cached_property
    def parts_of_small(self) -> NDArray[np.bool_]:
        """Cells inside a small one: suppressed with it, zeros too, or counting the marks would tell."""
        inside = np.zeros(len(self.counts), dtype=bool)
        for cell in np.flatnonzero(self.small):
            shared = self.overlap[[cell]].toarray().ravel()
            inside |= (shared == self.sizes) & (self.sizes < self.sizes[cell])
        return inside

    def groups(self) -> Iterator[tuple[NDArray[np.intp], Cells]]:
        """Cells that have nothing to do with each other (quarters that are never added up), apart."""
        _, labels = connected_components(self.overlap, directed=False)
        for label in range(labels.max(initial=-1) + 1):
            chosen = np.flatnonzero(labels == label)
            members = self.members[chosen]
            leaves = np.flatnonzero(members.sum(axis=0))
            yield chosen, Cells(sparse.csr_array(members[:, leaves]), self.counts[chosen])

    def row(self, cell: int) -> NDArray[np.float64]:
        """Which finest counts a cell is the sum of."""
        return np.asarray(self.members[[cell]].toarray().ravel(), dtype=float)

    def totals(self, finest: NDArray[np.float64]) -> NDArray[np.float64]:
        """Every cell for given finest counts."""
        return np.asarray(self.members.dot(finest), dtype=float)


def rounded(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts to the nearest 5, an exact half up (there is none among whole numbers)."""
    return (counts + ROUNDING_BASE // 2) // ROUNDING_BASE * ROUNDING_BASE


def protect(
    counts: pd.DataFrame, tables: Mapping[str, Sequence[str]], count: str = "count"
) -> dict[str, pd.Series]:
    """Tables of counts that are safe to publish together.

    Parameters
    ----------
    counts : DataFrame
        The finest counts: a row for each combination of the columns that tables are made by, and a column
        of whole numbers of people, 0 or more.
    tables : mapping of str to sequence of str
        Name of each table and the columns it is made by; an empty sequence is the grand total. Give every
        table that readers can see, in one call: two tables that are protected apart can give away together
        what each hides alone.
    count : str
        Column of the counts.

    Returns
    -------
    dict of str to Series
        For each table its counts, rounded, on the values of its columns (dtype Int64); NA where suppressed.

    Raises
    ------
    HubreachError
        If a count is missing, negative or not whole.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, chapter 4 (secondary cell suppression).
    """
    whole = _whole_counts(counts, count)
    frames = {name: _grouped(counts, list(columns), whole) for name, columns in tables.items()}
    cells = Cells(
        sparse.csr_array(sparse.vstack([members for _, members in frames.values()])),
        np.concatenate([sums.to_numpy(dtype=np.int64) for sums, _ in frames.values()]),
    )
    hidden = suppressed(cells)
    shown = pd.array(rounded(cells.counts), dtype="Int64")
    shown[hidden] = pd.NA
    edges = np.cumsum([0, *(len(sums) for sums, _ in frames.values())])
    return {
        name: pd.Series(shown[first:last], index=sums.index, name=count)
        for (name, (sums, _)), (first, last) in zip(frames.items(), pairwise(edges), strict=True)
    }


def suppressed(cells: Cells) -> NDArray[np.bool_]:
    """Which cells to suppress: the small ones, the parts of small ones, and as few more as it takes."""
    hidden = np.zeros(len(cells.counts), dtype=bool)
    for chosen, group in cells.groups():
        hidden[chosen] = _suppressed_together(group)
    return hidden


def _suppressed_together(cells: Cells) -> NDArray[np.bool_]:
    hidden = cells.small | cells.parts_of_small
    pending = np.flatnonzero(cells.small)
    while len(pending) and not hidden.all():
        # Suppressing more only widens what is possible, so a cell that is safe stays safe.
        pending = Intruder(cells, hidden).exposed(pending)
        if len(pending):
            hidden = hidden | _best_partner(cells, hidden, int(pending[0]))
    return hidden


class Intruder:
    """Someone who works out what the published figures say of the suppressed ones.

    Knows that a published figure of 5 or more is the nearest multiple of 5, that a published 0 is none,
    that no count is negative, and which cells were suppressed as small: those are 1 to 4 (and the parts of
    a small total, whose zeros are suppressed too, 0 to 4).

    Parameters
    ----------
    cells : Cells
        The true figures; only what is published of them is used.
    hidden : ndarray of bool, shape (cells,)
        Which of them are suppressed.
    """

    def __init__(self, cells: Cells, hidden: NDArray[np.bool_]) -> None:
        self.cells = cells
        shown, half = rounded(cells.counts).astype(float), ROUNDING_BASE // 2
        parts = cells.parts_of_small
        known_low = np.where(cells.small & ~parts, 1.0, 0.0)
        known_high = np.where(cells.small | parts, SMALLEST_SHOWN - 1.0, np.inf)
        low = np.where(shown > 0, np.maximum(shown - half, SMALLEST_SHOWN), 0.0)
        high = np.where(shown > 0, shown + half, 0.0)
        self.low, self.high = np.where(hidden, known_low, low), np.where(hidden, known_high, high)
        # A finest count without a limit of its own is held below this, far above every true one.
        self.ceiling = SMALLEST_SHOWN * (int(cells.counts.max(initial=0)) + SMALLEST_SHOWN)

    def bounds(self, cell: int) -> tuple[int, int]:
        """Smallest and largest count of a cell that everything published allows."""
        row = self.cells.row(cell)
        least, most = (int(self.cells.totals(self._world(sign * row))[cell]) for sign in (1, -1))
        return least, most

    def exposed(self, small: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of some small cells of which the published figures tell more than "1 to 4"."""
        seen_low, seen_high = (np.zeros(len(self.low), dtype=bool) for _ in range(2))
        together = np.asarray(self.cells.members[small].sum(axis=0), dtype=float)
        objectives = [together, -together]
        objectives += [sign * self.cells.row(int(cell)) for cell in small for sign in (1, -1)]
        for number, objective in enumerate(objectives):
            cell, wants_low = small[max(number - 2, 0) // 2], number % 2 == 0
            if number < 2 or not (seen_low if wants_low else seen_high)[cell]:
                # One world that is possible shows of every cell at once what it may be.
                counts = self.cells.totals(self._world(objective))
                seen_low |= counts <= 1
                seen_high |= counts >= SMALLEST_SHOWN - 1
        return small[~(seen_low & seen_high)[small]]

    def _world(self, objective: NDArray[np.float64]) -> NDArray[np.float64]:
        """Finest counts that agree with everything published and make the objective least."""
        answer = milp(
            objective,
            integrality=np.ones(len(objective), dtype=np.int64),
            bounds=Bounds(0, self.ceiling),
            constraints=LinearConstraint(self.cells.members, self.low, self.high),
        )
        if answer.x is None:
            raise RuntimeError(f"the true counts must satisfy what is published of them: {answer.message}")
        return np.asarray(np.round(answer.x), dtype=float)


def _best_partner(cells: Cells, hidden: NDArray[np.bool_], exposed: int) -> NDArray[np.bool_]:
    """Cell whose suppression protects an exposed one: a near one, detail before totals, few people first.

    Cells with the same members (a locality of one ward) go together, since one would tell the other.
    """
    sizes, overlap = cells.sizes, cells.overlap
    contain = overlap[[exposed]].toarray().ravel() == sizes[exposed]
    around = np.flatnonzero(contain & (sizes > sizes[exposed]))
    distance = np.full(len(sizes), np.inf)
    for total in around[np.argsort(-sizes[around], kind="stable")]:
        distance[overlap[[total]].toarray().ravel() > 0] = sizes[total]
    candidates = np.flatnonzero(~hidden)
    keys = (cells.counts, cells.counts == 0, sizes, distance)
    order = candidates[np.lexsort([key[candidates] for key in keys])]
    best, widest = np.zeros_like(hidden), -1
    for candidate in order:
        twins = (overlap[[candidate]].toarray().ravel() == sizes[candidate]) & (sizes == sizes[candidate])
        least, most = Intruder(cells, hidden | twins).bounds(exposed)
        width = min(most, SMALLEST_SHOWN - 1) - max(least, 1)
        if width > widest:
            best, widest = twins, width
        if width == SMALLEST_SHOWN - 2:
            break
    return best


def marked(protected: pd.Series) -> pd.Series:
    """Protected counts as text, with `[c]` where suppressed."""
    return protected.map(lambda n: MARK if pd.isna(n) else f"{n:,}").astype(str)


def _grouped(
    counts: pd.DataFrame, columns: list[str], whole: NDArray[np.int64]
) -> tuple[pd.Series, sparse.csr_array]:
    leaves = len(counts)
    if columns:
        groups = counts.groupby(columns, sort=True, observed=True)
        number = groups.ngroup().to_numpy()
        index = groups.size().index
    else:
        number, index = np.zeros(leaves, dtype=int), pd.Index(["all"])
    members = sparse.csr_array((np.ones(leaves), (number, np.arange(leaves))), shape=(len(index), leaves))
    return pd.Series(
        np.bincount(number, weights=whole, minlength=len(index)).astype("int64"), index=index
    ), members


def _whole_counts(counts: pd.DataFrame, count: str) -> NDArray[np.int64]:
    values = pd.to_numeric(counts[count], errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(values) | (values < 0) | (values % 1 != 0)
    if bad.any():
        rows = np.flatnonzero(bad)[:20]
        # The value itself is not repeated: it may be what must not be shown.
        faults = [
            Fault("counts", int(r) + 2, count, "not a whole number, 0 or more", "Enter a count") for r in rows
        ]
        raise HubreachError("The counts cannot be protected.", faults)
    return values.astype("int64")
