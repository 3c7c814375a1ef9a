"""Who an option reaches: the sites that count, the minutes to them, and the limit, as the reach page has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.need.estimate import NeedEstimate
from analysis.options.applied import AppliedOption, apply_option
from analysis.options.option import Option
from analysis.places.manifest import AGE_BANDS
from analysis.reach.coverage import Limit, covered_areas, nearest_sites
from analysis.reach.demand import estimated_demand, tier_columns
from analysis.reach.loads import site_figures
from analysis.reach.selection import choose_sites
from analysis.reach.summary import reach_summary
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.travel import MODES, Mode, TravelSettings

AGES: dict[str, tuple[float, float]] = {
    "children_0_4": (0, 4),
    "children_5_10": (5, 10),
    "children_11_15": (11, 15),
    "children_16_17": (16, 17),
    "children_11_17": (11, 17),
}
BANDS = {age: (age,) for age in AGE_BANDS} | {"children_11_17": ("children_11_15", "children_16_17")}


@dataclass(frozen=True)
class Terms:
    """On what terms options are compared.

    Parameters
    ----------
    minutes : float or None
        One limit for all; None is each option's own catchment.
    mode : {"walk", "cycle", "drive"} or None
        One way to travel for all; None is each option's own.
    detour, speed_kmh : float or None
        As in `TravelSettings`; None is the default of the mode or the option.
    kinds : tuple of str
        Kinds of site that count; none means all.
    age : str
        A key of `AGES` (`children_0_4` and so on): only sites that serve it count, and children are those
        of that age. "" is all ages.
    measure : str
        Tier that need stands for; "" is the first.
    """

    minutes: float | None = None
    mode: Mode | None = None
    detour: float | None = None
    speed_kmh: float | None = None
    kinds: tuple[str, ...] = ()
    age: str = ""
    measure: str = ""


@dataclass(frozen=True, eq=False)
class OptionReach:
    """Everything that the figures of one option are worked out from.

    Parameters
    ----------
    applied : AppliedOption
    terms : Terms
    estimate : NeedEstimate
    demand : DataFrame
        Demand frame; `children` are those of the terms' age.
    sites : DataFrame
        The sites that count: open, of the kinds and for the age asked about, and not citywide.
    costs : DataFrame
        Minutes, index `area_code`, columns `site_id`.
    settings : TravelSettings
    limit : float or Series
        Limit in minutes: one, or one a site.
    minutes : float
        The limit of a site whose kind has none of its own.
    measure : str
        Column of `demand` that need stands for.
    """

    applied: AppliedOption
    terms: Terms
    estimate: NeedEstimate = field(repr=False)
    demand: pd.DataFrame = field(repr=False)
    sites: pd.DataFrame = field(repr=False)
    costs: pd.DataFrame = field(repr=False)
    settings: TravelSettings
    limit: Limit = field(repr=False)
    minutes: float
    measure: str

    @property
    def option(self) -> Option:
        """The option."""
        return self.applied.option

    @cached_property
    def summary(self) -> pd.DataFrame:
        """`reach_summary` of the option."""
        return reach_summary(self.costs, self.demand, self.limit)

    @cached_property
    def nearest(self) -> pd.DataFrame:
        """`nearest_sites` of the option, on the index of `demand`."""
        return nearest_sites(self.costs).reindex(self.demand.index)

    @cached_property
    def covered(self) -> pd.Series:
        """Whether each area is within reach, on the index of `demand`."""
        return covered_areas(self.costs, self.limit).reindex(self.demand.index)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """`site_figures` of the sites that count."""
        return site_figures(
            self.costs,
            self.demand,
            self.sites,
            self.limit,
            measure=self.measure,
            children_per_family=self.estimate.settings.children_per_family,
        )

    @property
    def words(self) -> str:
        """Limit and travel in one line."""
        by_kind = isinstance(self.limit, pd.Series) and bool((self.limit != self.minutes).any())
        limit = "each kind's own limit" if by_kind else f"{self.minutes:g} minutes"
        return f"{limit}; {self.settings.words}, straight line"


def option_reach(
    estimate: NeedEstimate,
    option: Option | AppliedOption,
    terms: Terms | None = None,
    demand: pd.DataFrame | None = None,
) -> OptionReach:
    """Work out whom an option reaches.

    Parameters
    ----------
    estimate : NeedEstimate
        Need in the place.
    option : Option or AppliedOption
    terms : Terms, optional
        The option's own catchment and all open sites if left out.
    demand : DataFrame, optional
        `estimated_demand(estimate)`, where it is known already.

    Returns
    -------
    OptionReach

    Raises
    ------
    HubreachError
        If the terms cannot be used.
    """
    terms = terms or Terms()
    applied = apply_option(option, estimate.place) if isinstance(option, Option) else option
    demand = estimated_demand(estimate) if demand is None else demand
    measure = check_terms(terms, demand)
    catchment = applied.option.catchment
    chosen = choose_sites(applied.sites, kinds=terms.kinds, ages=AGES.get(terms.age))
    if catchment.citywide_kinds:
        chosen = chosen[~catchment.is_citywide(chosen)]
    settings = catchment.travel(terms.mode, terms.detour, terms.speed_kmh)
    minutes = catchment.minutes if terms.minutes is None else terms.minutes
    limit: Limit = minutes
    if terms.minutes is None and catchment.minutes_by_kind:
        limit = catchment.limits(chosen)
    if terms.age:
        demand = demand.assign(children=demand[list(BANDS[terms.age])].sum(axis=1))
    costs = straight_line_matrix(demand, chosen, settings)
    return OptionReach(
        applied, terms, estimate, demand, chosen, costs, settings, limit, float(minutes), measure
    )


def option_reaches(
    estimate: NeedEstimate, options: Sequence[Option | AppliedOption], terms: Terms | None = None
) -> list[OptionReach]:
    """`option_reach` of several options on the same terms."""
    demand = estimated_demand(estimate)
    return [option_reach(estimate, option, terms, demand) for option in options]


def on_terms(reach: OptionReach, terms: Terms) -> OptionReach:
    """The same option on other terms."""
    known = None if reach.terms.age else reach.demand
    return option_reach(reach.estimate, reach.applied, terms, known)


def for_age(reach: OptionReach, age: str) -> OptionReach:
    """The same option for the children of one age band: only sites that serve it count."""
    return on_terms(reach, replace(reach.terms, age=age))


def check_terms(terms: Terms, demand: pd.DataFrame) -> str:
    """The column that need stands for, once every part of the terms has been checked.

    Raises
    ------
    HubreachError
        With every part that cannot be used.
    """
    faults = FaultList("comparison")
    if terms.minutes is not None and not (np.isfinite(terms.minutes) and terms.minutes > 0):
        faults.add(f"{terms.minutes!r}", "Give a number above 0, such as 20", column="minutes")
    if terms.mode is not None and terms.mode not in MODES:
        faults.add(f"{terms.mode!r:.40} is not a mode", f"Use one of: {', '.join(MODES)}", column="mode")
    known_ages = [age for age, bands in BANDS.items() if set(bands) <= set(demand.columns)]
    if terms.age not in ("", *known_ages):
        remedy = f"Use one of: {', '.join(known_ages)}" if known_ages else "This place's files hold no ages"
        faults.add(f"{terms.age!r:.40} is not known here", remedy, column="age")
    known = [*tier_columns(demand), *(n for n in ("children", "under_fives") if n in demand)]
    if terms.measure not in ("", *known):
        faults.add(f"{terms.measure!r:.40} is not a tier", f"Use one of: {', '.join(known)}", column="need")
    faults.raise_if_any("The options cannot be compared like this.")
    return terms.measure or known[0]
