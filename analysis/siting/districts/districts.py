"""Boundaries: wards split into contiguous areas of balanced need, with as few changes as possible.

Exact: every ward in one area, need of every area within a margin of the mean, every area in one piece. All such
splits are listed where that is little work; else a programme puts wards into areas, with cuts added where a
solution is not contiguous (as in Oehrlein and Haunert 2017).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.places.place import Place
from analysis.reach.demand import estimated_demand
from analysis.siting.districts.model import WardModel, Wards, border_graph, pieces_of
from analysis.siting.districts.sets import Split, Stopped, every_split, fewest_moved, nearest_to_balance
from analysis.siting.districts.starts import good_split
from analysis.siting.models.model import Status, Watch, relative_gap
from analysis.siting.problem import demand_weights
from analysis.siting.search.solver import Outcome
from analysis.targeting.hot_spots import contiguity

HELD = 1e-7

STOPPED = "Stopped before any split was found"

Measure = Literal["moved", "deviation"]

SHARES_MOVED = (0.0, 0.05, 0.1, 0.2, 0.4, 1.0)
"""Shares of all need within which the fewest changes are looked for, one after the other."""

MARGINS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Margins within which the best balance is looked for, one after the other."""

REMEDY_SECONDS = 20.0
"""How long to look for the least margin when the margin asked for cannot be had."""


@dataclass(frozen=True, eq=False)
class Districts:
    """A split of wards into areas, with its proof.

    Parameters
    ----------
    status : {"optimal", "stopped", "infeasible"}
    districts : Series
        Area of every ward; empty when there is none.
    moved_need : float
        Need of the wards that change area.
    moved : tuple of str
        Those wards.
    deviation : float
        Largest distance of an area's need from the mean, as a share of the mean.
    bound, gap : float
        Of `moved_need`, or of `deviation` when that is what was minimised.
    seconds : float
    remedies : tuple of str
        When infeasible: why, and the least change that would make it possible.
    """

    status: Status
    districts: pd.Series[str]
    moved_need: float
    moved: tuple[str, ...]
    deviation: float
    bound: float
    gap: float
    seconds: float
    remedies: tuple[str, ...] = ()


def score_districts(
    need: pd.Series[float], neighbours: Iterable[tuple[str, str]], districts: pd.Series[str]
) -> pd.DataFrame:
    """How balanced and how whole the areas of a split are.

    Parameters
    ----------
    need : Series by ward
    neighbours : iterable of pairs of wards
        Wards that share a border.
    districts : Series by ward
        Area of every ward.

    Returns
    -------
    DataFrame
        Index `district`, sorted; `wards`, `need`, `share` of all need, `deviation` from the mean as a share
        of it, `pieces` (1 is contiguous).
    """
    graph = border_graph(need, neighbours)
    mean = float(need.sum()) / districts.nunique()
    rows = []
    for name in sorted(districts.unique()):
        wards = districts.index[districts == name]
        held = float(need.reindex(wards).sum())
        rows.append(
            {
                "district": str(name),
                "wards": len(wards),
                "need": held,
                "share": held / float(need.sum()),
                "deviation": held / mean - 1.0,
                "pieces": len(pieces_of(graph, [str(ward) for ward in wards])),
            }
        )
    return pd.DataFrame(rows).set_index("district").sort_index()


def fewest_changes(
    need: pd.Series[float],
    neighbours: Iterable[tuple[str, str]],
    today: pd.Series[str],
    *,
    number: int | None = None,
    margin: float = 0.05,
    watch: Watch | None = None,
) -> Districts:
    r"""Split wards into balanced, contiguous areas so that least need changes area.

    Parameters
    ----------
    need : Series by ward
    neighbours : iterable of pairs of wards
    today : Series by ward
        Present area of every ward.
    number : int, optional
        Number of areas; as many as today by default. Further ones are called "New area 1" and so on.
    margin : float
        Largest distance of an area's need from the mean, as a share of the mean.
    watch : Watch, optional

    Returns
    -------
    Districts
        Among splits that move equally little need, one with the least deviation. Infeasible when no split
        is within the margin; the remedy names the least margin.

    Notes
    -----
    Sets: wards :math:`w \in W` with need :math:`a_w`, borders :math:`E \subseteq W \times W`, names of areas
    :math:`k \in K`: those of today, :math:`k_w` for ward :math:`w`, and a new one for every further area.

    Parameters: number of areas :math:`n`, mean need :math:`\mu = \sum_w a_w / n`, margin :math:`m`.

    Variables: :math:`x_{wk} = 1` if ward :math:`w` is in area :math:`k`, else 0; :math:`u_k = 1` if area :math:`k` is
    in use, else 0; :math:`z`, the largest deviation.

    .. math::

        \min\ & \sum_{w \in W} a_w (1 - x_{w k_w}) \quad\text{then}\quad z \\
        & \sum_{k \in K} x_{wk} = 1 && \forall w \in W \\
        & x_{wk} \le u_k, \quad u_k \le \sum_{w \in W} x_{wk}, \quad \sum_{k \in K} u_k = n
            && \forall w \in W, k \in K \\
        & -z \le \tfrac{1}{\mu} \sum_{w \in W} a_w x_{wk} - u_k \le z && \forall k \in K \\
        & z \le m \\
        & x_{sk} + x_{tk} - 1 \le \sum_{w \in C} x_{wk}
            && \forall k \in K,\ s, t \in W,\ C \text{ that parts } s \text{ from } t \text{ in } (W, E) \\
        & x_{wk}, u_k \in \{0, 1\} && \forall w \in W, k \in K

    The last but one row says that every area is contiguous; such rows are added where a solution is not (Oehrlein and
    Haunert 2017). Where that is little work, all balanced contiguous splits are listed instead (`sets.every_split`).

    References
    ----------
    Hess S, Weaver J, Siegfeldt H, Whelan J, Zitlau P (1965), Nonpartisan political redistricting by computer, Operations
    Research 13. Garfinkel R, Nemhauser G (1970), Optimal political districting by implicit enumeration techniques,
    Management Science 16. Oehrlein J, Haunert J-H (2017), A cutting-plane method for contiguity-constrained spatial
    aggregation, Journal of Spatial Information Science 15.
    """
    watch = watch or Watch()
    wards = Wards(need, neighbours, today, number)
    if wards.faults:
        return _none(watch, wards.faults)
    try:
        for share in SHARES_MOVED:
            limit = share * float(wards.need.sum())
            splits = every_split(wards, margin, watch, most_moved=limit)
            listed = None if splits is None else fewest_moved(wards, splits)
            if listed is not None and listed.moved_need > limit:
                # A split that was left out may move less than the best of those listed: list again, up to it.
                splits = every_split(wards, margin, watch, most_moved=listed.moved_need)
                listed = None if splits is None else fewest_moved(wards, splits)
            if splits is None:
                break
            if listed is not None:
                return _listed(wards, listed, watch, "moved")
        else:
            return _too_narrow(wards, margin, watch)
    except Stopped:
        return _none(watch, (STOPPED,), "stopped")
    return _by_programme(wards, margin, watch)


def _by_programme(wards: Wards, margin: float, watch: Watch) -> Districts:
    """The split with fewest changes where splits are too many to list; a good one where that is stopped."""
    start = good_split(wards, margin, watch)
    start = start if start is not None and start.deviation <= margin + HELD else None
    model = WardModel(wards)
    capped = model.program.with_row(model.deviation, -np.inf, margin)
    known = np.inf if start is None else start.moved_need
    outcome, capped = model.solve(capped.with_cost(model.moved), watch, known)
    if not outcome.complete and start is not None:
        return _kept(wards, start, outcome, watch, "moved")
    if outcome.values is None:
        return _too_narrow(wards, margin, watch) if outcome.complete else _none(watch, (STOPPED,), "stopped")
    best = outcome
    if outcome.complete:
        held = capped.with_row(
            model.moved, -np.inf, outcome.objective + HELD * max(1.0, float(wards.need.sum()))
        )
        second, _ = model.solve(held.with_cost(model.deviation), watch)
        best = second if second.values is not None else outcome
    return _found(model, best, outcome, watch, "moved")


def best_balance(
    need: pd.Series[float],
    neighbours: Iterable[tuple[str, str]],
    today: pd.Series[str],
    *,
    number: int | None = None,
    watch: Watch | None = None,
) -> Districts:
    r"""Split wards into contiguous areas with the least deviation from equal need.

    Parameters
    ----------
    need : Series by ward
    neighbours : iterable of pairs of wards
    today : Series by ward
        Present area of every ward.
    number : int, optional
        Number of areas; as many as today by default.
    watch : Watch, optional

    Returns
    -------
    Districts
        As `fewest_changes`; bound and gap are those of the deviation.

    Notes
    -----
    The programme of `fewest_changes` with :math:`\min z` as its objective and without the margin.
    """
    watch = watch or Watch()
    wards = Wards(need, neighbours, today, number)
    if wards.faults:
        return _none(watch, wards.faults)
    return _best_balance(wards, watch)


def _best_balance(wards: Wards, watch: Watch) -> Districts:
    try:
        for margin in MARGINS:
            splits = every_split(wards, margin, watch)
            if splits is None:
                break
            listed = nearest_to_balance(wards, splits)
            if listed is not None:
                return _listed(wards, listed, watch, "deviation")
    except Stopped:
        return _none(watch, (STOPPED,), "stopped")
    start = good_split(wards, 0.0, watch)
    model = WardModel(wards)
    known = np.inf if start is None else start.deviation
    outcome, _ = model.solve(model.program.with_cost(model.deviation), watch, known)
    if not outcome.complete and start is not None:
        return _kept(wards, start, outcome, watch, "deviation")
    if outcome.values is None:
        reason = "No contiguous split exists" if outcome.complete else STOPPED
        return _none(watch, (reason,), "infeasible" if outcome.complete else "stopped")
    return _found(model, outcome, outcome, watch, "deviation")


def _too_narrow(wards: Wards, margin: float, watch: Watch) -> Districts:
    """No split is within the margin: name the least that is."""
    least = _best_balance(wards, Watch(seconds_allowed=REMEDY_SECONDS))
    reasons = [f"No contiguous split is within {margin:.1%} of the mean"]
    if math.isfinite(least.deviation):
        known = "least that contiguous areas reach" if least.status == "optimal" else "least that was found"
        reasons.append(f"Allow a margin of {math.ceil(least.deviation * 1000) / 10:g}%: the {known}")
    elif least.status == "infeasible":
        reasons.append(*least.remedies)
    return _none(watch, tuple(reasons))


def _kept(wards: Wards, split: Split, outcome: Outcome, watch: Watch, measure: Measure) -> Districts:
    """A good split that is kept where the proof was stopped, with the bound so far."""
    best = _listed(wards, split, watch, measure)
    bound = min(max(outcome.bound, 0.0), best.bound)
    return replace(best, status="stopped", bound=bound, gap=relative_gap(best.bound, bound))


def _listed(wards: Wards, split: Split, watch: Watch, measure: Measure) -> Districts:
    """The best of all splits: its value is its bound."""
    changed = split.districts != wards.today
    return Districts(
        status="optimal",
        districts=split.districts,
        moved_need=split.moved_need,
        moved=tuple(split.districts.index[changed]),
        deviation=split.deviation,
        bound=split.moved_need if measure == "moved" else split.deviation,
        gap=0.0,
        seconds=watch.seconds,
    )


def _found(
    model: WardModel,
    outcome: Outcome,
    first: Outcome,
    watch: Watch,
    measure: Measure,
) -> Districts:
    """The split of `outcome`, with the proof of `first`, which minimised the measure."""
    if outcome.values is None:  # pragma: no cover - callers have looked
        raise AssertionError(outcome)
    districts, wards = model.districts(outcome.values), model.wards
    changed = districts != wards.today
    deviation = float((wards.need.groupby(districts).sum() / wards.mean - 1.0).abs().max())
    moved_need = float(wards.need[changed].sum())
    measured = moved_need if measure == "moved" else deviation
    return Districts(
        status="optimal" if first.complete else "stopped",
        districts=districts,
        moved_need=moved_need,
        moved=tuple(districts.index[changed]),
        deviation=deviation,
        bound=first.bound,
        gap=relative_gap(measured, min(first.bound, measured)),
        seconds=watch.seconds,
    )


def _none(watch: Watch, remedies: tuple[str, ...], status: Status = "infeasible") -> Districts:
    empty = pd.Series([], index=pd.Index([], dtype="str"), dtype="str", name="district")
    return Districts(status, empty, math.nan, (), math.nan, math.nan, math.nan, watch.seconds, remedies)


@dataclass(frozen=True, eq=False)
class WardSplit:
    """A split of a place's wards into areas, beside today's.

    Parameters
    ----------
    place : Place
    found : Districts
    wards : DataFrame
        Index ward code; `ward_name`, `need`, `today`, `area` (today's where there is no split).
    now, then : DataFrame
        `score_districts` of today's areas and of the split.
    """

    place: Place
    found: Districts
    wards: pd.DataFrame
    now: pd.DataFrame
    then: pd.DataFrame

    @property
    def exists(self) -> bool:
        """Whether there is a split; where there is none, `then` and the areas of wards are today's."""
        return len(self.found.districts) > 0


def split_wards(
    estimate: NeedEstimate,
    weight: str = "",
    *,
    number: int | None = None,
    margin: float = 0.1,
    best: bool = False,
    watch: Watch | None = None,
) -> WardSplit:
    """Split a place's wards into contiguous areas of balanced need.

    Parameters
    ----------
    estimate : NeedEstimate
    weight : str
        What counts (`demand_weights`); "" for the first tier.
    number : int, optional
        Number of areas; as many as today by default.
    margin : float
        Largest distance of an area's need from the mean, as a share of it.
    best : bool
        The best balance, however much moves, instead of the fewest changes within the margin.
    watch : Watch, optional

    Raises
    ------
    HubreachError
        If the weight is unknown.
    """
    demand = estimated_demand(estimate)
    weights = demand_weights(demand, weight or estimate.tier_keys[0])
    need = weights.groupby(demand["ward_code"]).sum()
    wards = demand.groupby("ward_code")[["ward_name", "locality_name"]].first()
    today, neighbours = wards["locality_name"], ward_neighbours(estimate.place)
    found = (
        best_balance(need, neighbours, today, number=number, watch=watch)
        if best
        else fewest_changes(need, neighbours, today, number=number, margin=margin, watch=watch)
    )
    split = found.districts if len(found.districts) else today
    table = wards.assign(need=need, today=today, area=split).drop(columns="locality_name")
    return WardSplit(
        estimate.place,
        found,
        table,
        score_districts(need, neighbours, today),
        score_districts(need, neighbours, split),
    )


def ward_neighbours(place: Place) -> list[tuple[str, str]]:
    """Wards that share a border; one that touches no other is joined to the nearest."""
    wards = place.outlines("ward")
    return [(wards.index[one], wards.index[other]) for one, other in contiguity(wards) if one < other]
