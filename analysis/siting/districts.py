"""Boundaries: wards split into contiguous areas of balanced need, with as few changes as possible.

An exact model: every ward in one area, need of every area within a margin of the mean, contiguity by cuts
that are added where a solution breaks it (as in Oehrlein and Haunert 2017).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.siting.district_model import DistrictModel, border_graph, pieces_of
from analysis.siting.model import Status, Watch, relative_gap
from analysis.siting.solver import Outcome

HELD = 1e-7

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
    """Split wards into balanced, contiguous areas so that least need changes area.

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
    """
    watch = watch or Watch()
    model = DistrictModel(need, neighbours, today, number)
    if model.faults:
        return _none(watch, model.faults)
    capped = model.program.with_row(model.deviation, -np.inf, margin)
    outcome, capped = model.solve(capped.with_cost(model.moved), watch)
    if outcome.values is None:
        if not outcome.complete:
            return _none(watch, ("Stopped before any split was found",), "stopped")
        least = best_balance(
            need, neighbours, today, number=number, watch=Watch(seconds_allowed=REMEDY_SECONDS)
        )
        known = "least that contiguous areas reach" if least.status == "optimal" else "least that was found"
        remedy = f"Allow a margin of {math.ceil(least.deviation * 1000) / 10:g}%: the {known}"
        return _none(watch, (f"No contiguous split is within {margin:.1%} of the mean", remedy))
    best = outcome
    if outcome.complete:
        held = capped.with_row(model.moved, -np.inf, outcome.objective + HELD * max(1.0, float(need.sum())))
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
    """Split wards into contiguous areas with the least deviation from equal need.

    Returns
    -------
    Districts
        As `fewest_changes`; bound and gap are those of the deviation.
    """
    watch = watch or Watch()
    model = DistrictModel(need, neighbours, today, number)
    if model.faults:
        return _none(watch, model.faults)
    outcome, _ = model.solve(model.program.with_cost(model.deviation), watch)
    if outcome.values is None:
        reason = (
            "Stopped before any split was found" if not outcome.complete else "No contiguous split exists"
        )
        return _none(watch, (reason,), "infeasible" if outcome.complete else "stopped")
    return _found(model, outcome, outcome, watch, "deviation")


def _found(
    model: DistrictModel,
    outcome: Outcome,
    first: Outcome,
    watch: Watch,
    measure: Literal["moved", "deviation"],
) -> Districts:
    """The split of `outcome`, with the proof of `first`, which minimised the measure."""
    if outcome.values is None:  # pragma: no cover - callers have looked
        raise AssertionError(outcome)
    districts = model.districts(outcome.values)
    changed = districts != model.today
    mean = float(model.need.sum()) / model.number
    deviation = float((model.need.groupby(districts).sum() / mean - 1.0).abs().max())
    moved_need = float(model.need[changed].sum())
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
