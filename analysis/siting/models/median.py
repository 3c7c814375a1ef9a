"""Least travel: the p-median (Hakimi 1964), also within a limit on the longest journey."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from analysis.siting.models.instance import Instance
from analysis.siting.models.model import BoolArray, Columns, FloatArray, IntArray, Tell
from analysis.siting.models.radius_model import radius_program
from analysis.siting.search.ranking import SiteModel, finished
from analysis.siting.search.relaxation import RootProof
from analysis.siting.search.selection import Known, Selection, select, successive
from analysis.siting.search.starts import set_value

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
    choose: int,
    *,
    count: int = 1,
    minutes: float = np.inf,
    starts: Iterable[Columns] = (),
    forbidden: Iterable[Columns] = (),
    tell: Tell | None = None,
) -> Selection:
    """Sets of `choose` sites with the least need-weighted minutes to the nearest.

    Parameters
    ----------
    instance : Instance
    choose : int
    count : int
        How many best sets.
    minutes : float
        Longest journey allowed; areas beyond the reach of every site do not count.
    starts, forbidden : iterable of sets
    tell : callable, optional

    Returns
    -------
    Selection
        Values are need-weighted minutes. No sets when none reaches every area.
    """
    loss = travel_loss(instance, minutes)
    return successive(
        count,
        lambda cut: _least_loss(loss, choose, instance.kept, tuple(starts), cut, tell),
        forbidden,
    )


def _least_loss(
    loss: FloatArray,
    choose: int,
    kept: BoolArray,
    starts: tuple[Columns, ...],
    forbidden: tuple[Columns, ...],
    tell: Tell | None,
) -> Selection:
    """The best set, by prices if a few branches do, else by radii."""

    def by_prices(branches: float, starts: tuple[Columns, ...]) -> Selection:
        return select(
            loss, choose, kept, known=Known(starts), forbidden=forbidden, tell=tell, branches=branches
        )

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
        program = radius_program(part, choose, kept[sites])
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
