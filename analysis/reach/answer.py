"""The answer to "who can reach a site": one for pages, options, screens, commands and packs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.places.place import Place
from analysis.reach.coverage import Limit, coverage_by, covered_areas, fifth_gap, nearest_sites, row_weights
from analysis.reach.demand import (
    estimated_demand,
    measure_columns,
    people_at_points,
    people_by_age,
    tier_columns,
)
from analysis.reach.groups import AreaGroups, By, FloatArray, area_groups
from analysis.reach.loads import site_figures
from analysis.reach.selection import choose_sites, today_kinds
from analysis.reach.summary import reach_summary
from analysis.reach.water import across_water, rerouted_minutes, way_words
from analysis.scenario.ages import AGE_GROUPS, ALL_AGES, BAND_AGES
from analysis.scenario.scenario import counted_noun, scenario_line
from analysis.scenario.terms import DEFAULT_MINUTES, Status, Terms, check_terms
from analysis.scenario.travel import MODE_WORDS, TravelSettings


@dataclass(frozen=True, eq=False)
class Travel:
    """Minutes from where people stand to every site, however they were found.

    Parameters
    ----------
    costs : DataFrame
        Index `point_code` (`Place.points`), columns every `site_id`, open or closed.
    settings : TravelSettings
        Mode, speed, detour and fixed minutes.
    words : str
        What is in force, such as "Walk, 4.8 km/h, detour 1.2, straight line".
    way : str
        How minutes are found, in short: "straight line", "straight line round water".
    is_straight : bool
    estimated : tuple of str
        Sites whose minutes are straight-line estimates because the table does not mention them.
    """

    costs: pd.DataFrame
    settings: TravelSettings
    words: str
    way: str = "straight line"
    is_straight: bool = True
    estimated: tuple[str, ...] = ()


def straight_travel(place: Place, sites: pd.DataFrame, settings: TravelSettings) -> Travel:
    """Minutes from the place's points in a straight line made longer by the detour, round water where it is crossed."""
    costs, way = rerouted_minutes(place.points, sites, settings, place), way_words(place, settings)
    return Travel(costs, settings, f"{settings.words}, {way}", way)


@dataclass(frozen=True, eq=False, kw_only=True)
class ReachAnswer:
    """One answer to "who can reach a site": every figure is worked out from it, once.

    Minutes run from the demand points at which an area's people stand (`Place.points`): `demand` has a row a point, and
    an area is within reach by a share of its children. Where sites serve certain ages only, children of each age have
    their own sites: `demand` then has a row for every point and age band, and a site that does not serve a row's age has
    no way to it. So a child whom no site serves is never within reach, and one whom a site stops serving is a loss for
    that age alone.

    Parameters
    ----------
    estimate : NeedEstimate
    terms : Terms
        As they were asked.
    areas : DataFrame
        Demand frame by small area, its `children` those of the terms' ages.
    all_sites : DataFrame
        Every site in force, open or closed.
    sites : DataFrame
        Those that count.
    kinds : tuple of str
        Kinds that count; empty where every kind does.
    travel : Travel
    limit : float or Series
        Limit in minutes: one, or one a site.
    minutes : float
        The limit of a site whose kind has none of its own.
    tier : str
        Column of `demand` that need stands for: it ranks gaps and loads sites.
    status : {"today", "proposal", "illustration"}
        What the set of sites is.
    """

    estimate: NeedEstimate = field(repr=False)
    terms: Terms
    areas: pd.DataFrame = field(repr=False)
    all_sites: pd.DataFrame = field(repr=False)
    sites: pd.DataFrame = field(repr=False)
    kinds: tuple[str, ...]
    travel: Travel = field(repr=False)
    limit: Limit = field(repr=False)
    minutes: float
    tier: str
    status: Status = "today"
    _by: dict[By, pd.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> Place:
        """The place."""
        return self.estimate.place

    @property
    def settings(self) -> TravelSettings:
        """Travel settings in force."""
        return self.travel.settings

    @cached_property
    def serves(self) -> pd.DataFrame | None:
        """Whether each site that counts serves each age band (index band, columns `site_id`); None where all do."""
        bands = [band for band in BAND_AGES if band in self.areas]
        if self.terms.ages != ALL_AGES or not bands or self.sites.empty:
            return None
        if not (self.areas[bands].sum(axis=1) == self.areas["children"]).all():
            return None
        serving = {
            band: self.sites.index.isin(
                choose_sites(self.sites, ages=BAND_AGES[band], include_closed=True).index
            )
            for band in bands
        }
        table = pd.DataFrame.from_dict(serving, orient="index", columns=self.sites.index)
        return None if bool(table.to_numpy().all()) else table

    @property
    def points(self) -> pd.DataFrame:
        """Where the people of each area stand (`Place.points`)."""
        return self.place.points

    @cached_property
    def at_points(self) -> pd.DataFrame:
        """`areas` with a row a demand point, whatever ages sites serve."""
        return people_at_points(self.areas, self.points)

    @cached_property
    def demand(self) -> pd.DataFrame:
        """Whom every figure counts: a row a point, or a point and age band where sites serve certain ages only."""
        return self.at_points if self.serves is None else self._by_age

    @cached_property
    def _by_age(self) -> pd.DataFrame:
        return people_at_points(people_by_age(self.areas), self.points)

    @cached_property
    def served(self) -> pd.DataFrame | None:
        """`serves` for each row of `demand` (index of `demand`, columns `site_id`)."""
        if self.serves is None:
            return None
        repeated = np.tile(self.serves.to_numpy(bool), (len(self.points), 1))
        return pd.DataFrame(repeated, index=self.demand.index, columns=self.serves.columns)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Minutes to the sites that count, index of `demand`; inf for a site that does not serve a row's age."""
        return self.costs_of_rows(self.travel.costs)

    def costs_of_rows(self, minutes: pd.DataFrame) -> pd.DataFrame:
        """`costs` by other minutes from the place's points to at least the sites that count."""
        costs = minutes[list(self.sites.index)]
        if self.serves is None or self.served is None:
            return costs
        values = costs.to_numpy(float).repeat(len(self.serves), axis=0)
        return pd.DataFrame(
            np.where(self.served.to_numpy(bool), values, np.inf),
            index=self.demand.index,
            columns=costs.columns,
        )

    @cached_property
    def covered(self) -> pd.Series:
        """Whether each row of `demand` is within reach."""
        return covered_areas(self.costs, self.limit)

    @cached_property
    def nearest(self) -> pd.DataFrame:
        """`nearest_site` and `nearest_minutes` of each row of `demand`."""
        return nearest_sites(self.costs)

    @cached_property
    def children_across_water(self) -> float:
        """Children whose straight line to their nearest site crosses open water."""
        near = self.nearest["nearest_site"]
        to_any = (near != "").to_numpy(bool)
        sites = self.sites.loc[near[to_any]]
        across = across_water(self.demand[to_any], sites, self.place)
        return float(self.demand["children"].to_numpy(float)[to_any][across].sum())

    @cached_property
    def area_nearest(self) -> pd.DataFrame:
        """`nearest_site` and `nearest_minutes` of each small area, index `area_code`.

        The site is the one that is nearest for most of its children; the minutes are the mean, over its children, to
        the nearest site of each, those without a way to any left out. Where most have none: "" and inf.
        """
        return self._nearest_of(self._by_area[1])

    @cached_property
    def served_nearest(self) -> pd.DataFrame:
        """As `area_nearest`, of the children for whom there is a site: what a map shows of a plan for some ages.

        Where none has one: "" and inf.
        """
        return self._nearest_of(self._with_a_way)

    @cached_property
    def serves_a_part(self) -> bool:
        """Whether in some area children of one age have a site and those of another have none."""
        if "age_band" not in self.demand:
            return False
        groups, weight = self._by_area
        share = groups.means((self._with_a_way > 0).astype(float), weight)
        return bool(((share > 0) & (share < 1)).any())

    @property
    def _with_a_way(self) -> FloatArray:
        """Weight of the rows that have a way to a site, else 0."""
        return np.where(np.isfinite(self.nearest["nearest_minutes"].to_numpy(float)), self._by_area[1], 0.0)

    def _nearest_of(self, weight: FloatArray) -> pd.DataFrame:
        groups = self._by_area[0]
        site = groups.leading(self.nearest["nearest_site"].to_numpy(object), weight)
        mean = groups.means(self.nearest["nearest_minutes"].to_numpy(float), self._with_a_way)
        table = {
            "nearest_site": pd.array(site, dtype="str"),
            "nearest_minutes": np.where(site == "", np.inf, mean),
        }
        return pd.DataFrame(table, index=groups.codes).reindex(self.areas.index)

    @cached_property
    def area_share(self) -> pd.Series:
        """Share of each small area's children within reach, index `area_code`; 0 or 1 where all stand at one point."""
        groups, weight = self._by_area
        share = groups.means(self.covered.to_numpy(float), weight)
        return pd.Series(share, index=groups.codes, name="share_covered").reindex(self.areas.index)

    @cached_property
    def _by_area(self) -> tuple[AreaGroups, FloatArray]:
        """Small areas as groups of rows, and the rows' weights in them."""
        groups = area_groups(self.demand, "lsoa")
        return groups, row_weights(self.demand, groups)

    def rows_by_age(self) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
        """`demand`, `covered` and `nearest` with a row for every point and age band, also where ages do not differ."""
        if self.serves is not None:
            return self.demand, self.covered, self.nearest
        each = np.arange(len(self.points)).repeat(len(self._by_age) // len(self.points))
        index = self._by_age.index
        return self._by_age, self.covered.iloc[each].set_axis(index), self.nearest.iloc[each].set_axis(index)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """`reach_summary`, with the range of each tier's `covered` as `low` and `high`."""
        table = reach_summary(self.costs, self.demand, self.limit)
        table["low"] = table["high"] = np.nan
        inside = self.area_share.reindex(self.estimate.counts.index).to_numpy(float)
        tail = (1 - self.estimate.settings.interval) / 2
        for tier, drawn in self.estimate.draws.counts.items():
            low, high = np.quantile(np.asarray(drawn) @ inside, [tail, 1 - tail])
            known = table.loc[tier, "covered"]
            table.loc[tier, ["low", "high"]] = [min(np.floor(low), known), max(np.ceil(high), known)]
        return table

    def by(self, by: By) -> pd.DataFrame:
        """`coverage_by` of a level."""
        if by not in self._by:
            self._by[by] = coverage_by(self.costs, self.demand, self.limit, by)
        return self._by[by]

    @cached_property
    def gap(self) -> dict[str, float]:
        """`share_gap` and `minutes_gap` between the most and the least deprived fifth."""
        return fifth_gap(self.by("fifth"))

    @cached_property
    def site_table(self) -> pd.DataFrame:
        """`site_figures` of the sites that count."""
        return site_figures(
            self.costs,
            self.demand,
            self.sites,
            self.limit,
            measure=self.tier,
            children_per_family=self.estimate.settings.children_per_family,
        )

    @property
    def measures(self) -> dict[str, str]:
        """Words of every measure of the summary."""
        tiers = {tier.key: f"{tier.name} (est.)" for tier in self.estimate.settings.tiers}
        words = AGE_GROUPS[self.terms.ages].words
        all_ages = "" if self.terms.ages == ALL_AGES else ", all ages"
        return {
            "children": words[0].upper() + words[1:],
            "under_fives": "Under-fives",
            **{key: f"{tiers.get(key, key)}{all_ages}" for key in tier_columns(self.demand)},
        }

    @property
    def has_own_limits(self) -> bool:
        """Whether kinds of site have limits of their own."""
        return isinstance(self.limit, pd.Series) and bool((self.limit != self.minutes).any())

    @property
    def line(self) -> str:
        """The scenario in one line: "10 family hubs, ages 0 to 17, 20-minute walk (...), illustration"."""
        counted = f"{len(self.sites)} {counted_noun(self.kinds, len(self.sites))}"
        trip = MODE_WORDS[self.settings.mode].trip
        limit = (
            f"each kind's own minutes, {trip}" if self.has_own_limits else f"{self.minutes:g}-minute {trip}"
        )
        way = (
            f"{self.travel.way}, detour {self.settings.detour:g}"
            if self.travel.is_straight
            else self.travel.words
        )
        return scenario_line(self.terms, counted, limit, way, self.status)

    @property
    def words(self) -> str:
        """Limit and travel in one line."""
        limit = "each kind's own limit" if self.has_own_limits else f"{self.minutes:g} minutes"
        return f"{limit}; {self.travel.words}"


def counted_kinds(place: Place, sites: pd.DataFrame, terms: Terms) -> tuple[str, ...]:
    """Kinds of site that the terms count; empty where every kind does."""
    if terms.kinds is not None:
        return terms.kinds
    usual = today_kinds(place.kinds, place.sites)
    # Sites of a file of one's own may be of other kinds than the place's.
    return usual if sites["kind"].isin(usual).any() else today_kinds(place.kinds, sites)


def counted_sites(
    sites: pd.DataFrame, terms: Terms, kinds: tuple[str, ...], *, include_closed: bool = False
) -> pd.DataFrame:
    """The sites that count on the terms, in order of `site_id`: open ones, or closed ones too."""
    ages = None if terms.ages == ALL_AGES else AGE_GROUPS[terms.ages].ages
    return choose_sites(
        sites,
        kinds=kinds,
        services=terms.services,
        ages=ages,
        least_hours=terms.least_hours,
        include_closed=include_closed,
    )


def usual_sites(
    sites: pd.DataFrame, terms: Terms, kinds: tuple[str, ...], opened: Collection[str] = ()
) -> pd.DataFrame:
    """The open sites that count: of the kinds in force and, where the terms name none, those opened on purpose."""
    chosen = counted_sites(sites, terms, kinds)
    if terms.kinds is not None or not len(opened):
        return chosen
    more = counted_sites(sites, terms, ())
    return more[more.index.isin([*chosen.index, *opened])]


def demand_of_ages(demand: pd.DataFrame, ages: str) -> pd.DataFrame:
    """A demand frame whose `children` are those of an age group."""
    if ages == ALL_AGES:
        return demand
    return demand.assign(children=demand[list(AGE_GROUPS[ages].bands)].sum(axis=1))


def answer_reach(
    estimate: NeedEstimate,
    terms: Terms | None = None,
    *,
    sites: pd.DataFrame | None = None,
    travel: Travel | None = None,
    demand: pd.DataFrame | None = None,
    status: Status = "today",
    opened: Collection[str] = (),
) -> ReachAnswer:
    """Work out who can reach a site.

    Parameters
    ----------
    estimate : NeedEstimate
        Need in the place.
    terms : Terms, optional
        A 20-minute walk to the kinds of site that count by default, for children of every age, if left out.
    sites : DataFrame, optional
        Every site in force, open or closed; the place's own if left out.
    travel : Travel, optional
        Minutes from every demand point to every site; straight lines on the terms' settings if left out.
    demand : DataFrame, optional
        `estimated_demand(estimate)`, where it is known already.
    status : {"today", "proposal", "illustration"}
        What the set of sites is.
    opened : collection of str
        Sites that somebody opened for this question (`opened_since`): where the terms name no kinds, they count
        whatever theirs.

    Returns
    -------
    ReachAnswer

    Raises
    ------
    HubreachError
        If the terms cannot be used.
    """
    terms, place = terms or Terms(), estimate.place
    demand = estimated_demand(estimate) if demand is None else demand
    tier = check_terms(terms, measure_names(demand), list(demand.columns))
    in_force = place.sites if sites is None else sites
    kinds = counted_kinds(place, in_force, terms)
    minutes = DEFAULT_MINUTES if terms.minutes is None else terms.minutes
    return ReachAnswer(
        estimate=estimate,
        terms=terms,
        areas=demand_of_ages(demand, terms.ages),
        all_sites=in_force,
        sites=usual_sites(in_force, terms, kinds, opened),
        kinds=kinds,
        travel=travel or straight_travel(place, in_force, terms.travel),
        limit=minutes,
        minutes=minutes,
        tier=tier,
        status=status,
    )


def measure_names(demand: pd.DataFrame) -> list[str]:
    """What need can stand for in a demand frame: each tier, mildest first, then children and under-fives."""
    tiers = tier_columns(demand)
    return [*tiers, *(name for name in measure_columns(demand) if name not in tiers)]


def gap_list(answer: ReachAnswer, by: By = "ward") -> pd.DataFrame:
    """Where need is not reached, worst first, with the nearest site of those who are left out.

    Parameters
    ----------
    by : {"ward", "lsoa", "locality"}

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `need_not_reached`, `children_not_reached`, `share_not_reached` (of
        children), `nearest_site`, `nearest_name`, `nearest_minutes` (the site nearest
        for most of the need left out, and the mean minutes of that need). Areas where nobody
        is left out are not listed.
    """
    groups = area_groups(answer.demand, by)
    all_children = answer.demand["children"].to_numpy()
    left_out = ~answer.covered.to_numpy(bool)
    need = np.where(left_out, answer.demand[answer.tier].to_numpy(), 0)
    children = np.where(left_out, all_children, 0)
    weight = np.where(left_out & (all_children > 0), np.maximum(need, 1e-9), 0.0)
    total = groups.totals(all_children)
    table = pd.DataFrame(
        {
            "area_name": groups.names.to_numpy(object),
            "need_not_reached": groups.totals(need),
            "children_not_reached": groups.totals(children),
            "nearest_site": groups.leading(answer.nearest["nearest_site"].to_numpy(object), weight),
            "nearest_minutes": groups.means(answer.nearest["nearest_minutes"].to_numpy(float), weight),
        },
        index=groups.codes,
    )
    table["share_not_reached"] = table["children_not_reached"] / np.where(total > 0, total, np.nan)
    table = table[table["children_not_reached"] > 0]
    order = np.lexsort((table.index.to_numpy(str), -table["need_not_reached"].to_numpy(float)))
    table = table.iloc[order]
    names = answer.all_sites["name"]
    table["nearest_name"] = table["nearest_site"].map(lambda site: names.get(site, ""))
    columns = ["area_name", "need_not_reached", "children_not_reached", "share_not_reached"]
    return table[[*columns, "nearest_site", "nearest_name", "nearest_minutes"]].rename_axis("area_code")


def named_areas(answer: ReachAnswer) -> pd.DataFrame:
    """Reach of the areas that the council named, in its order; empty where it names none.

    Returns
    -------
    DataFrame
        Index the area's name; `children`, `children_covered`, `share_covered`.
    """
    return named_coverage(answer.estimate, answer.by("ward"))


def named_coverage(estimate: NeedEstimate, wards: pd.DataFrame) -> pd.DataFrame:
    """Add up coverage by ward (`coverage_by`) to the areas that the council named (see `named_areas`)."""
    priority = estimate.place.manifest.priority
    areas = priority.areas if priority else ()
    home = {ward: area.name for area in areas for ward in area.wards}
    sums = wards[["children", "children_covered"]].groupby(wards["area_name"].map(home)).sum()
    sums["share_covered"] = sums["children_covered"] / sums["children"].where(sums["children"] > 0)
    order = list(dict.fromkeys(area.name for area in areas if area.name in sums.index))
    return sums.loc[order].rename_axis("area_name")
