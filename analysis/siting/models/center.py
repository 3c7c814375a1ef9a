"""The fairest set: least longest journey (p-center), and of those the least travel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.siting.models.covering import fewest_cover, nearer_cover
from analysis.siting.models.instance import Instance, nearest_minutes
from analysis.siting.models.median import least_travel, travel_loss
from analysis.siting.models.model import Columns, IntArray, Tell
from analysis.siting.search.loss_table import greedy, swap
from analysis.siting.search.selection import Selection


def least_longest(instance: Instance, p: int, count: int = 1, tell: Tell | None = None) -> Selection:
    r"""Sets of `p` sites with the least longest minutes of any area with need: the p-center.

    Parameters
    ----------
    instance : Instance
    p : int
        Number of sites, the kept ones included.
    count : int
        How many best sets.
    tell : callable, optional

    Returns
    -------
    Selection
        Values are the longest minutes. No sets when none reaches every area.

    Notes
    -----
    Sets: areas :math:`i \in I` with need, candidate sites :math:`j \in J`, kept sites :math:`J^0 \subseteq J`; minutes
    :math:`d_{ij}`.

    Variables: :math:`W`, the longest journey; :math:`y_j = 1` if site :math:`j` is chosen, else 0; :math:`x_{ij} = 1`
    if area :math:`i` is assigned to site :math:`j`, else 0.

    .. math::

        \min\ & W \\
        & W \ge \sum_{j \in J} d_{ij} x_{ij} && \forall i \in I \\
        & \sum_{j \in J} x_{ij} = 1 && \forall i \in I \\
        & x_{ij} \le y_j && \forall i \in I, j \in J \\
        & \sum_{j \in J} y_j = p \\
        & y_j = 1 && \forall j \in J^0 \\
        & x_{ij}, y_j \in \{0, 1\} && \forall i \in I, j \in J

    The optimum is one of the minutes of the matrix. It is found by bisection over them, each step a set cover with that
    radius (Minieka 1970), on the areas that decide (Chen and Chen 2009); among the sets within it, those with least need-weighted travel come first (of a large
    matrix exchanges lead to less travel: the radius is proven, the order among equals is not).

    References
    ----------
    Hakimi S (1964), Optimum locations of switching centers and the absolute centers and medians of a graph, Operations
    Research 12. Minieka E (1970), The m-center problem, SIAM Review 12. Chen D, Chen R
    (2009), New relaxation-based algorithms for the optimal solution of the continuous and discrete p-center problems,
    Computers and Operations Research 36.
    """
    radius, bound, cover = _least_radius(instance, p, tell)
    if cover is None:
        return Selection((), (), np.inf, complete=True)
    start = _filled(instance, cover, p)
    if bound < radius:
        return Selection((_longest(instance, start),), (start,), bound, complete=False)
    nearer = nearer_cover(instance, radius, start) if count == 1 else None
    if nearer is not None:
        return Selection((radius,), (nearer,), bound, complete=True)
    inner = tell
    tell = None if inner is None else lambda _loss, _bound, columns: inner(radius, bound, columns or start)
    found = least_travel(instance, p, count=count, minutes=radius, starts=[start], tell=tell)
    sets = list(found.sets)
    while len(sets) < count and found.complete:
        further = _next_radius(instance, p, radius, sets, tell)
        if further is None:
            break
        radius = further
        found = least_travel(instance, p, count=count - len(sets), minutes=radius, forbidden=sets, tell=tell)
        sets += found.sets
    # The radius is proven even where the order among equals is not: that is the objective.
    return Selection(tuple(_longest(instance, chosen) for chosen in sets), tuple(sets), bound, complete=True)


def _longest(instance: Instance, columns: Columns) -> float:
    return float(nearest_minutes(instance.minutes, list(columns)).max())


def _filled(instance: Instance, cover: Columns, p: int) -> Columns:
    """A cover with sites added until there are enough, each where it saves most travel."""
    held = np.zeros(len(instance.sites), dtype=bool)
    held[list(cover)] = True
    loss = travel_loss(instance)
    table = np.where(np.isfinite(loss), loss, loss[np.isfinite(loss)].sum() + 1.0)
    return tuple(greedy(table, p, held).tolist())


def _least_radius(instance: Instance, p: int, tell: Tell | None) -> tuple[float, float, Columns | None]:
    """Least radius with a cover of `p` sites, what is proven of it, and the cover."""
    minutes = instance.minutes
    radii = np.unique(minutes[np.isfinite(minutes)])
    low = int(np.searchsorted(radii, minutes.min(axis=1).max()))
    best = _first_cover(instance, p, tell) if low < len(radii) else None
    if best is None:
        return np.inf, np.inf, None
    high = int(np.searchsorted(radii, _longest(instance, best)))
    rows = _farthest(instance, best, -np.inf)
    while low < high:
        middle = (low + high) // 2
        state = (float(radii[high]), float(radii[low]), best)
        known = None if tell is None else lambda *_, state=state: tell(*state)
        cover, rows, complete = _cover_within(instance, p, float(radii[middle]), rows, known)
        if cover is not None:
            best = cover
            high = int(np.searchsorted(radii, _longest(instance, best)))
        elif complete:
            low = middle + 1
        else:
            return float(radii[high]), float(radii[low]), best
    return float(radii[high]), float(radii[high]), best


def _cover_within(
    instance: Instance, p: int, minutes: float, rows: IntArray, tell: Tell | None
) -> tuple[Columns | None, IntArray, bool]:
    """A cover of `p` sites, from a few areas that decide: those that it leaves out join them until none is.

    Returns
    -------
    (columns, rows, complete)
        None where a few areas already need more sites; the areas that decided; and whether that is settled.
    """
    while True:
        few = replace(instance, minutes=instance.minutes[rows])
        cover, least, complete = fewest_cover(few.covers(minutes), instance.kept, tell, enough=p)
        if cover is None or len(cover) > p:
            return None, rows, complete or least > p
        beyond = _farthest(instance, cover, minutes)
        if not len(beyond):
            return cover, rows, True
        rows = np.union1d(rows, beyond)


def _farthest(instance: Instance, columns: Columns, minutes: float) -> IntArray:
    """The area that is farthest from each site of a set, among those nearest to it and beyond the minutes."""
    table = instance.minutes[:, list(columns)]
    nearest, owner = table.min(axis=1), table.argmin(axis=1)
    order = np.lexsort((-nearest, owner))
    order = order[nearest[order] > minutes]
    first: IntArray = order[np.unique(owner[order], return_index=True)[1]]
    return np.sort(first)


def _first_cover(instance: Instance, p: int, tell: Tell | None) -> Columns | None:
    """A set of sites that reaches every area, from least travel if that does, or a cover."""
    loss = travel_loss(instance)
    table = np.where(np.isfinite(loss), loss, loss[np.isfinite(loss)].sum() + 1.0)
    near, _ = swap(table, greedy(table, p, instance.kept), instance.kept)
    if np.isfinite(instance.minutes[:, near].min(axis=1)).all():
        return tuple(near.tolist())
    cover, _, _ = fewest_cover(instance.covers(np.inf), instance.kept, tell, enough=p)
    return cover if cover is not None and len(cover) <= p else None


def _next_radius(
    instance: Instance, p: int, radius: float, found: list[Columns], tell: Tell | None
) -> float | None:
    """Least radius within which there is a set that is not among the found."""
    values = np.unique(instance.minutes[np.isfinite(instance.minutes)])
    radii = values[values > radius]
    low, high = 0, len(radii)
    while low < high:
        middle = (low + high) // 2
        if least_travel(instance, p, minutes=float(radii[middle]), forbidden=found, tell=tell).sets:
            high = middle
        else:
            low = middle + 1
    return float(radii[low]) if low < len(radii) else None
