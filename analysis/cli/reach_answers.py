"""What `hubreach reach` can answer: one function an answer, each on the same question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.need.estimate import NeedEstimate
from analysis.reach.access import access_by
from analysis.reach.catchments import Decay
from analysis.reach.coverage import Limit, coverage_by
from analysis.reach.groups import BYS, By
from analysis.reach.loads import site_figures, site_overlaps
from analysis.reach.selection import choose_sites
from analysis.reach.sensitivity import coverage_sensitivity, flipping_wards
from analysis.reach.summary import areas_not_reached, reach_sentence, reach_summary
from analysis.reach.wards import (
    costs_by_mode,
    nearest_of_each_kind,
    nearest_of_each_service,
    services_by_ward,
)
from analysis.scenario.travel import TravelSettings

CostSource = Callable[[pd.DataFrame, TravelSettings], pd.DataFrame]


@dataclass(frozen=True)
class Question:
    """Everything that a figure of reach is worked out from."""

    estimate: NeedEstimate
    demand: pd.DataFrame
    all_sites: pd.DataFrame
    sites: pd.DataFrame
    settings: TravelSettings
    travel_words: str
    is_straight: bool
    costs_to: CostSource = field(repr=False)
    costs: pd.DataFrame = field(repr=False)
    limit: Limit
    minutes: float
    measure: str
    by: str
    decay: Decay
    ward: str | None


def _coverage(question: Question) -> pd.DataFrame:
    if question.by == "site":
        return site_figures(
            question.costs,
            question.demand,
            question.sites,
            question.limit,
            measure=question.measure,
            children_per_family=question.estimate.settings.children_per_family,
        )
    return coverage_by(question.costs, question.demand, question.limit, _area_level(question.by))


def _access(question: Question) -> pd.DataFrame:
    return access_by(
        question.costs,
        question.demand,
        question.sites,
        question.minutes,
        measure=question.measure,
        children_per_family=question.estimate.settings.children_per_family,
        decay=question.decay,
        by=_area_level(question.by),
    )


def _ward_code(question: Question) -> str:
    wards = question.demand.groupby("ward_code")["ward_name"].first()
    if question.ward in wards.index:
        return str(question.ward)
    named = wards.index[wards.str.casefold() == (question.ward or "").casefold()]
    if len(named) == 0:
        remedy = f"Choose one of: {', '.join(wards)}"
        fault = Fault("--ward", None, None, f"{question.ward!r:.60} is not a ward here", remedy)
        raise HubreachError("There is no such ward.", [fault])
    return str(named[0])


def _by_mode(question: Question) -> dict[str, pd.DataFrame]:
    open_sites = choose_sites(question.all_sites)
    costs = question.costs_to(open_sites, question.settings)
    return costs_by_mode(question.demand, open_sites, costs, question.settings.mode)


def _sensitivity(question: Question) -> pd.DataFrame:
    _refuse_unless_straight(question)
    return coverage_sensitivity(question.demand, question.sites, question.settings, question.minutes)


def _flips(question: Question) -> pd.DataFrame:
    _refuse_unless_straight(question)
    return flipping_wards(question.demand, question.sites, question.settings, question.minutes)


def _refuse_unless_straight(question: Question) -> None:
    if not question.is_straight:
        found = f"travel is by {question.travel_words}"
        fault = Fault("--show", None, None, found, "Leave out --travel and --network")
        raise HubreachError("Detour and speed can only be varied in a straight line.", [fault])


def _services(question: Question) -> pd.DataFrame:
    open_sites = choose_sites(question.all_sites)
    costs = question.costs_to(open_sites, question.settings)
    return services_by_ward(
        costs, open_sites, question.demand, question.estimate.place.core_offer, question.minutes
    )


ANSWERS: dict[str, Callable[[Question], pd.DataFrame]] = {
    "coverage": _coverage,
    "summary": lambda q: reach_summary(q.costs, q.demand, q.limit),
    "gaps": lambda q: areas_not_reached(q.costs, q.demand, q.limit, q.measure),
    "overlap": lambda q: site_overlaps(q.costs, q.demand, q.limit, measure=q.measure),
    "access": _access,
    "sensitivity": _sensitivity,
    "flips": _flips,
    "services": _services,
    "ward-kinds": lambda q: nearest_of_each_kind(_by_mode(q), q.all_sites, q.demand, _ward_code(q)),
    "ward-services": lambda q: nearest_of_each_service(
        _by_mode(q), q.all_sites, q.demand, _ward_code(q), q.estimate.place.core_offer
    ),
}


def _area_level(by: str) -> By:
    levels: dict[str, By] = {level: level for level in BYS}
    if by not in levels:
        fault = Fault(
            "--by", None, None, f"{by!r} is not a level of areas", f"Choose one of: {', '.join(levels)}"
        )
        raise HubreachError("This answer is by area.", [fault])
    return levels[by]


def sentence(question: Question) -> str:
    """The answer in one sentence, with what is in force."""
    summary = reach_summary(question.costs, question.demand, question.limit)
    by_kind = isinstance(question.limit, pd.Series) and bool((question.limit != question.minutes).any())
    limit = "within each kind's own limit" if by_kind else f"{question.minutes:g} minutes"
    return reach_sentence(summary, len(question.sites), f"{limit}; {question.travel_words}")
