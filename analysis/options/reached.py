"""Who an option reaches: `ReachAnswer` on the option's sites, with its own catchment where the terms leave it that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.options.applied import AppliedOption, apply_option
from analysis.options.files import find_option
from analysis.options.option import Option
from analysis.places.place import Place
from analysis.reach.answer import (
    ReachAnswer,
    Travel,
    answer_reach,
    counted_kinds,
    counted_sites,
    measure_names,
    straight_travel,
    usual_sites,
)
from analysis.reach.coverage import Limit
from analysis.reach.demand import estimated_demand
from analysis.reach.selection import opened_since
from analysis.scenario.scenario import Scenario
from analysis.scenario.terms import Status, Terms, check_terms

TODAY = "today"


@dataclass(frozen=True, eq=False, kw_only=True)
class OptionReach(ReachAnswer):
    """Everything that the figures of one option are worked out from.

    Parameters
    ----------
    applied : AppliedOption
    open_sites : DataFrame
        `sites` and the open teams that come to the families.
    """

    applied: AppliedOption = field(repr=False)
    open_sites: pd.DataFrame = field(repr=False)

    @property
    def option(self) -> Option:
        """The option."""
        return self.applied.option


def option_status(option: Option) -> Status:
    """Whether an option is what is there, what somebody proposes, or only an illustration."""
    if option.illustration:
        return "illustration"
    return "today" if option.slug == TODAY else "proposal"


def option_counted(applied: AppliedOption, terms: Terms, place: Place) -> pd.DataFrame:
    """The sites of an option that count.

    An option that closes what it does not list says itself which sites there are: all that it lists count. One that
    leaves the others as today counts those of the kinds that count by default, and what it opens. So "today" is one
    set wherever it is shown. Where the terms name kinds, they decide.

    Returns
    -------
    DataFrame
        Open sites, teams that come to the families among them.
    """
    if terms.kinds is not None:
        return counted_sites(applied.sites, terms, terms.kinds)
    opened = set(opened_since(applied.sites, place.sites))
    if applied.option.others == "closed" and applied.year != 0:
        opened |= set(applied.listed())
    return usual_sites(applied.sites, terms, counted_kinds(place, place.sites, terms), opened)


def option_reach(
    estimate: NeedEstimate,
    option: Option | AppliedOption,
    terms: Terms | None = None,
    demand: pd.DataFrame | None = None,
    travel: Travel | None = None,
) -> OptionReach:
    """Work out whom an option reaches.

    Parameters
    ----------
    estimate : NeedEstimate
        Need in the place.
    option : Option or AppliedOption
    terms : Terms, optional
        The option's own catchment if left out.
    demand : DataFrame, optional
        `estimated_demand(estimate)`, where it is known already.
    travel : Travel, optional
        Minutes from every demand point to every site of the option; straight lines if left out.

    Returns
    -------
    OptionReach

    Raises
    ------
    HubreachError
        If the terms cannot be used.
    """
    terms = terms or Terms(minutes=None, mode=None)
    applied = apply_option(option, estimate.place) if isinstance(option, Option) else option
    plan = applied.option
    demand = estimated_demand(estimate) if demand is None else demand
    check_terms(terms, measure_names(demand), list(demand.columns))
    catchment = plan.catchment
    settings = catchment.travel(terms)
    answer = answer_reach(
        estimate,
        terms,
        sites=applied.sites,
        travel=travel or straight_travel(estimate.place, applied.sites, settings),
        demand=demand,
        status=option_status(plan),
    )
    open_sites = option_counted(applied, terms, estimate.place)
    sites = open_sites[~catchment.is_citywide(open_sites)]
    minutes = catchment.minutes if terms.minutes is None else terms.minutes
    limit: Limit = minutes
    if terms.minutes is None and catchment.minutes_by_kind:
        limit = catchment.limits(sites)
    return OptionReach(
        **{name: getattr(answer, name) for name in answer.__dataclass_fields__ if name != "_by"}
        | {"sites": sites, "limit": limit, "minutes": float(minutes), "kinds": _kinds(sites, terms)},
        applied=applied,
        open_sites=open_sites,
    )


def _kinds(sites: pd.DataFrame, terms: Terms) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sites["kind"])) if terms.kinds is None else terms.kinds


def scenario_reach(
    estimate: NeedEstimate, scenario: Scenario, sites: pd.DataFrame | None = None
) -> ReachAnswer:
    """Who can reach a site in a scenario: of its option, or of the register with its changes.

    Parameters
    ----------
    estimate : NeedEstimate
    scenario : Scenario
    sites : DataFrame, optional
        Every site in force; the place's own if left out.
    """
    if not scenario.option:
        opened = () if sites is None or not scenario.changes else opened_since(sites, estimate.place.sites)
        return answer_reach(estimate, scenario.terms, sites=sites, status=scenario.status, opened=opened)
    place = estimate.place if sites is None else replace(estimate.place, sites=sites)
    applied = apply_option(find_option(place.slug, scenario.option), place)
    return option_reach(estimate, applied, scenario.terms)


def option_reaches(
    estimate: NeedEstimate, options: Sequence[Option | AppliedOption], terms: Terms | None = None
) -> list[OptionReach]:
    """`option_reach` of several options on the same terms."""
    demand = estimated_demand(estimate)
    return [option_reach(estimate, option, terms, demand) for option in options]


def on_terms(reach: OptionReach, terms: Terms) -> OptionReach:
    """The same option on other terms."""
    return option_reach(reach.estimate, reach.applied, terms)


def for_age(reach: OptionReach, ages: str) -> OptionReach:
    """The same option for the children of one age group: only sites that serve it count."""
    return on_terms(reach, replace(reach.terms, ages=ages))
