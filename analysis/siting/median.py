"""Least travel: the p-median (Hakimi 1964), also within a limit on the longest journey."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from analysis.siting.instance import Instance
from analysis.siting.model import BoolArray, Columns, FloatArray, Tell
from analysis.siting.radius_model import radius_program
from analysis.siting.ranking import SiteModel, ranked_sets
from analysis.siting.selection import Selection, at_least, select
from analysis.siting.starts import set_value

BRANCHES_WITHIN_LIMIT = 12
"""With a limit on the journey, HiGHS takes over after so many branches."""


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
    branches = BRANCHES_WITHIN_LIMIT if not np.isfinite(loss).all() else np.inf
    forbidden = tuple(forbidden)
    found = select(
        loss,
        choose,
        instance.kept,
        count=count,
        starts=starts,
        forbidden=forbidden,
        tell=tell,
        branches=branches,
    )
    if found.complete or (tell is not None and tell(*_best_of(found))):
        return found
    proven = _by_radius(loss, choose, instance.kept, found, count, forbidden, tell)
    if proven.complete or (proven.sets and proven.values[0] < found.values[0]):
        return proven
    return Selection(found.values, found.sets, max(found.bound, proven.bound), complete=False)


def _best_of(found: Selection) -> tuple[float, float, Columns]:
    return (found.values[0], found.bound, found.sets[0]) if found.sets else (np.inf, found.bound, ())


def _by_radius(
    loss: FloatArray,
    choose: int,
    kept: BoolArray,
    found: Selection,
    count: int,
    forbidden: tuple[Columns, ...],
    tell: Tell | None,
) -> Selection:
    """Finish with HiGHS on the sites that the first bound leaves possible.

    A tight limit on the journey makes most sets impossible, which prices do not see and rows do.
    """
    possible = np.array(found.possible if len(found.sets) == count else range(len(loss)), dtype=np.int64)
    part = loss[possible]
    program = radius_program(part, choose, kept[possible])
    position = {int(site): k for k, site in enumerate(possible)}
    cut = [tuple(position[j] for j in columns) for columns in forbidden if set(columns) <= set(position)]

    def value(columns: Columns) -> tuple[float, ...]:
        return (set_value(part, list(columns)),)

    inner = at_least(tell, found)

    def named(loss: float, bound: float, columns: Columns) -> bool:
        return inner is not None and inner(loss, bound, tuple(possible[list(columns)].tolist()))

    site_model = SiteModel(program, len(part), [program.cost], value)
    ranked = ranked_sets(site_model, count, forbidden=cut, tell=None if tell is None else named)
    sets = tuple(tuple(possible[list(columns)].tolist()) for columns in ranked.sets)
    return Selection(ranked.values, sets, ranked.bound, ranked.complete)
