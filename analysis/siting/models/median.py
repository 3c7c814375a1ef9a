"""Least travel: the p-median (Hakimi 1964), also within a limit on the longest journey."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy import sparse

from analysis.siting.models.instance import Instance
from analysis.siting.models.model import BoolArray, Columns, FloatArray, IntArray, Tell
from analysis.siting.search.loss_table import set_value
from analysis.siting.search.ranking import SiteModel, finished
from analysis.siting.search.relaxation import RootProof
from analysis.siting.search.selection import Known, Selection, select, successive
from analysis.siting.search.solver import Program


def radius_program(loss: FloatArray, p: int, kept: BoolArray) -> Program:
    """The p-median by radii (Elloumi 2010): z_ik says that no site within the k-th loss of area i is open.

    Each area pays its least possible loss, and the step to its next loss for every z that is one. Beyond
    the nearest n - p + 1 sites no area ever has to go.
    """
    n_sites = len(loss)
    parts = [_area_rows(loss[:, i], n_sites - p + 1) for i in range(loss.shape[1])]
    rows, columns, values, cost, lower = [], [], [], [], []
    n_rows, n_columns, offset = 0, n_sites, 0.0
    for part in parts:
        rows.append(part.row + n_rows)
        columns.append(np.where(part.column < 0, -part.column - 1 + n_columns, part.column))
        values.append(part.value)
        cost.append(part.steps)
        lower.append(np.concatenate([[1.0], np.zeros(len(part.steps))]))
        n_rows += len(part.steps) + 1
        n_columns += len(part.steps)
        offset += part.least
    rows.append(np.full(n_sites, n_rows))
    columns.append(np.arange(n_sites))
    values.append(np.ones(n_sites))
    entries = (np.concatenate(rows), np.concatenate(columns))
    # The last column, fixed at one, carries the least losses, so that objectives are whole.
    matrix = sparse.csr_array((np.concatenate(values), entries), shape=(n_rows + 1, n_columns + 1))
    return Program(
        cost=np.concatenate([np.zeros(n_sites), *cost, [offset]]),
        lower=np.concatenate([kept.astype(float), np.zeros(n_columns - n_sites), [1.0]]),
        upper=np.ones(n_columns + 1),
        integer=np.arange(n_columns + 1) < n_sites,
        matrix=matrix,
        row_lower=np.concatenate([*lower, [p]]),
        row_upper=np.append(np.full(n_rows, np.inf), p),
    )


class _AreaRows(NamedTuple):
    """Rows of one area; a negative column -1-k stands for its k-th z."""

    row: IntArray
    column: IntArray
    value: FloatArray
    steps: FloatArray
    least: float


def _area_rows(losses: FloatArray, nearest: int) -> _AreaRows:
    order = np.argsort(losses, kind="stable")
    order = order[np.isfinite(losses[order])][:nearest]
    levels, level = np.unique(losses[order], return_inverse=True)
    steps = np.diff(levels)
    z = np.arange(len(steps))
    return _AreaRows(
        row=np.concatenate([level, z, z + 1]),
        column=np.concatenate([order, -1 - z, -1 - z]),
        value=np.concatenate([np.ones(len(order)), np.ones(len(z)), -np.ones(len(z))]),
        steps=steps,
        least=float(levels[0]),
    )


BRANCHES_BY_PRICES = 12
"""HiGHS takes over after so many branches."""

MOST_LEVELS = 40_000
"""Beyond this size a programme by radii is slower than prices, and deaf to being stopped."""


def travel_loss(instance: Instance, minutes: float = np.inf) -> FloatArray:
    """Need-weighted minutes, sites x areas; infinite beyond the limit, areas beyond every site left out."""
    allowed = instance.covers(minutes)
    loss = np.where(allowed, instance.minutes, np.inf) * instance.weights[:, None]
    if np.isfinite(minutes):
        loss = loss[allowed.any(axis=1)]
    return np.ascontiguousarray(loss.T)


def least_travel(
    instance: Instance,
    p: int,
    *,
    count: int = 1,
    minutes: float = np.inf,
    starts: Iterable[Columns] = (),
    forbidden: Iterable[Columns] = (),
    tell: Tell | None = None,
) -> Selection:
    r"""Sets of `p` sites with the least need-weighted minutes to the nearest: the p-median.

    Parameters
    ----------
    instance : Instance
    p : int
        Number of sites, the kept ones included.
    count : int
        How many best sets.
    minutes : float
        Longest journey allowed; areas beyond the reach of every site do not count.
    starts, forbidden : iterable of sets
        Sets to start from; sets that must not come back.
    tell : callable, optional

    Returns
    -------
    Selection
        Values are need-weighted minutes. No sets when none reaches every area.

    Notes
    -----
    Sets: areas :math:`i \in I` with need :math:`a_i`, candidate sites :math:`j \in J`, kept sites
    :math:`J^0 \subseteq J`; minutes :math:`d_{ij}`, a pair with :math:`d_{ij} = \infty` or beyond the longest journey
    allowed left out.

    Variables: :math:`y_j = 1` if site :math:`j` is chosen, else 0; :math:`x_{ij} = 1` if area :math:`i` is assigned to
    site :math:`j`, else 0.

    .. math::

        \min\ & \sum_{i \in I} \sum_{j \in J} a_i d_{ij} x_{ij} \\
        & \sum_{j \in J} x_{ij} = 1 && \forall i \in I \\
        & x_{ij} \le y_j && \forall i \in I, j \in J \\
        & \sum_{j \in J} y_j = p \\
        & y_j = 1 && \forall j \in J^0 \\
        & x_{ij}, y_j \in \{0, 1\} && \forall i \in I, j \in J

    Solved by prices of the rows "assigned once" (Lagrangean relaxation, `search.relaxation`) with branch and bound; where
    that takes many branches, as a programme by radii (`radius_program`; Elloumi 2010).

    References
    ----------
    Hakimi S (1964), Optimum locations of switching centers and the absolute centers and medians of a graph, Operations
    Research 12. ReVelle C, Swain R (1970), Central facilities location, Geographical Analysis 2. Cornuejols G, Fisher M,
    Nemhauser G (1977), Location of bank accounts to optimize float, Management Science 23. Elloumi S (2010), A tighter
    formulation of the p-median problem, Journal of Combinatorial Optimization 19.
    """
    loss = travel_loss(instance, minutes)
    return successive(
        count,
        lambda cut: _least_loss(loss, p, instance.kept, tuple(starts), cut, tell),
        forbidden,
    )


def _least_loss(
    loss: FloatArray,
    p: int,
    kept: BoolArray,
    starts: tuple[Columns, ...],
    forbidden: tuple[Columns, ...],
    tell: Tell | None,
) -> Selection:
    """The best set, by prices if a few branches do, else by radii."""

    def by_prices(branches: float, starts: tuple[Columns, ...]) -> Selection:
        return select(loss, p, kept, known=Known(starts), forbidden=forbidden, tell=tell, branches=branches)

    found = by_prices(BRANCHES_BY_PRICES, starts)
    if found.complete or (
        tell is not None and found.sets and tell(found.values[0], found.bound, found.sets[0])
    ):
        return found
    if _levels(loss, found) > MOST_LEVELS:
        further = by_prices(np.inf, found.sets)
        return replace(further, bound=max(found.bound, further.bound))

    def by_radius(sites: IntArray, root: RootProof | None, limit: float) -> SiteModel:
        part = loss[sites]
        if root is not None and np.isfinite(limit):
            part = np.where(part <= root.most(limit), part, np.inf)
        program = radius_program(part, p, kept[sites])
        return SiteModel(
            program, len(part), [program.cost], lambda columns: (set_value(part, list(columns)),)
        )

    # A tight limit on the journey makes most sets impossible, which prices do not see and rows do.
    return finished(len(loss), by_radius, found, forbidden, tell)


def _levels(loss: FloatArray, found: Selection) -> int:
    """Size of the programme by radii: losses that some area may still have."""
    if found.root is None or not found.sets:
        return int(np.isfinite(loss).sum())
    part = loss[found.root.sites(found.values[0])]
    return int((np.isfinite(part) & (part <= found.root.most(found.values[0]))).sum())
