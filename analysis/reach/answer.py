"""The numbers behind the reach page: who is within reach of the chosen sites, where, and how sure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.reach.coverage import coverage_by, covered_areas, fifth_gap, nearest_sites
from analysis.reach.demand import estimated_demand, tier_columns
from analysis.reach.groups import By, area_groups
from analysis.reach.loads import site_figures
from analysis.reach.selection import choose_sites
from analysis.reach.summary import areas_not_reached, reach_summary
from analysis.scenario.ages import AGE_GROUPS
from analysis.scenario.travel import TravelSettings


@dataclass(frozen=True)
class ReachChoice:
    """Which sites count, for whom, and within how many minutes.

    Parameters
    ----------
    minutes : float
        The limit, included.
    kinds, services : tuple of str
        As in `analysis.reach.selection.choose_sites`; no kinds means all of them.
    age_group : str
        Key of `AGE_GROUPS`.
    least_hours : float
        Opening hours a week that a site must state.
    """

    minutes: float = 20.0
    kinds: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    age_group: str = "0-17"
    least_hours: float = 0.0


@dataclass(frozen=True, eq=False)
class Travel:
    """Minutes from every area to every site, however they were found.

    Parameters
    ----------
    costs : DataFrame
        Index `area_code`, columns every `site_id`, open or closed.
    settings : TravelSettings
        Mode, speed, detour and fixed minutes.
    words : str
        What is in force, such as "Walk, 4.8 km/h, detour 1.3, straight line".
    is_straight : bool
    estimated : tuple of str
        Sites whose minutes are straight-line estimates because the table does not mention them.
    """

    costs: pd.DataFrame
    settings: TravelSettings
    words: str
    is_straight: bool = True
    estimated: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ReachView:
    """One answer to "who can reach a site": everything on the page is worked out from it, once.

    Parameters
    ----------
    estimate : NeedEstimate
    demand : DataFrame
        Demand frame, its `children` those of the age group.
    all_sites : DataFrame
        Every site in force, open or closed.
    sites : DataFrame
        Those that count.
    travel : Travel
    choice : ReachChoice
    tier : str
        Tier that ranks gaps and loads sites.
    """

    estimate: NeedEstimate
    demand: pd.DataFrame
    all_sites: pd.DataFrame
    sites: pd.DataFrame
    travel: Travel
    choice: ReachChoice
    tier: str
    _by: dict[By, pd.DataFrame] = field(default_factory=dict, repr=False)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Minutes to the sites that count."""
        return self.travel.costs[list(self.sites.index)]

    @cached_property
    def covered(self) -> pd.Series:
        """Whether each small area is within reach."""
        return covered_areas(self.costs, self.choice.minutes)

    @cached_property
    def nearest(self) -> pd.DataFrame:
        """`nearest_site` and `nearest_minutes` of each small area."""
        return nearest_sites(self.costs).reindex(self.demand.index)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """`reach_summary`, with the range of each tier's `covered` as `low` and `high`."""
        table = reach_summary(self.costs, self.demand, self.choice.minutes)
        table["low"] = table["high"] = np.nan
        inside = self.covered.reindex(self.estimate.counts.index).to_numpy(float)
        tail = (1 - self.estimate.settings.interval) / 2
        for tier, drawn in self.estimate.draws.counts.items():
            low, high = np.quantile(np.asarray(drawn) @ inside, [tail, 1 - tail])
            known = table.loc[tier, "covered"]
            table.loc[tier, ["low", "high"]] = [min(np.floor(low), known), max(np.ceil(high), known)]
        return table

    def by(self, by: By) -> pd.DataFrame:
        """`coverage_by` of a level."""
        if by not in self._by:
            self._by[by] = coverage_by(self.costs, self.demand, self.choice.minutes, by)
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
            self.choice.minutes,
            measure=self.tier,
            children_per_family=self.estimate.settings.children_per_family,
        )

    @property
    def measures(self) -> dict[str, str]:
        """Words of every measure of the summary."""
        tiers = {tier.key: f"{tier.name} (est.)" for tier in self.estimate.settings.tiers}
        words = AGE_GROUPS[self.choice.age_group].words
        all_ages = "" if self.choice.age_group == "0-17" else ", all ages"
        return {
            "children": words[0].upper() + words[1:],
            "under_fives": "Under-fives",
            **{key: f"{tiers.get(key, key)}{all_ages}" for key in tier_columns(self.demand)},
        }


def reach_view(
    estimate: NeedEstimate, sites: pd.DataFrame, travel: Travel, choice: ReachChoice, tier: str
) -> ReachView:
    """Put a question about reach together.

    Parameters
    ----------
    sites : DataFrame
        All sites in force.
    """
    group = AGE_GROUPS[choice.age_group]
    demand = estimated_demand(estimate)
    if group.bands:
        demand = demand.assign(children=demand[list(group.bands)].sum(axis=1))
    chosen = choose_sites(
        sites,
        kinds=choice.kinds,
        services=choice.services,
        ages=group.ages,
        least_hours=choice.least_hours,
    )
    return ReachView(estimate, demand, sites, chosen, travel, choice, tier)


def gap_list(view: ReachView, by: By = "ward") -> pd.DataFrame:
    """Where need is not reached, worst first, with the nearest site of those who are left out.

    Parameters
    ----------
    by : {"ward", "lsoa", "locality"}

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `need_not_reached`, `children_not_reached`, `share_not_reached` (of
        children), `nearest_site`, `nearest_name`, `nearest_minutes` (for a ward or locality: the site
        nearest for most of the need left out, and the mean minutes of that need). Areas where nobody
        is left out are not listed.
    """
    missed = areas_not_reached(view.costs, view.demand, view.choice.minutes, view.tier)
    all_children = view.demand["children"]
    if by == "lsoa":
        table = missed.rename(columns={"children": "children_not_reached"})
        table["share_not_reached"] = 1.0
    else:
        groups = area_groups(view.demand, by)
        left_out = ~view.covered.reindex(view.demand.index).to_numpy(bool)
        need = np.where(left_out, view.demand[view.tier].to_numpy(), 0)
        children = np.where(left_out, all_children.to_numpy(), 0)
        nearest = view.nearest["nearest_site"].to_numpy(object)
        weight = np.where(left_out, np.maximum(need, 1e-9), 0.0)
        main = groups.leading(nearest, weight)
        table = pd.DataFrame(
            {
                "area_name": groups.names.to_numpy(object),
                "need_not_reached": groups.totals(need),
                "children_not_reached": groups.totals(children),
                "nearest_site": main,
                "nearest_minutes": groups.means(view.nearest["nearest_minutes"].to_numpy(float), weight),
            },
            index=groups.codes,
        )
        total = groups.totals(all_children.to_numpy())
        table["share_not_reached"] = table["children_not_reached"] / np.where(total > 0, total, np.nan)
        table = table[table["children_not_reached"] > 0]
        order = np.lexsort((table.index.to_numpy(str), -table["need_not_reached"].to_numpy(float)))
        table = table.iloc[order]
    names = view.all_sites["name"]
    table["nearest_name"] = table["nearest_site"].map(lambda site: names.get(site, ""))
    columns = ["area_name", "need_not_reached", "children_not_reached", "share_not_reached"]
    return table[[*columns, "nearest_site", "nearest_name", "nearest_minutes"]].rename_axis("area_code")


def named_areas(view: ReachView) -> pd.DataFrame:
    """Reach of the areas that the council named, in its order; empty where it names none.

    Returns
    -------
    DataFrame
        Index the area's name; `children`, `children_covered`, `share_covered`.
    """
    return named_coverage(view.estimate, view.by("ward"))


def named_coverage(estimate: NeedEstimate, wards: pd.DataFrame) -> pd.DataFrame:
    """Add up coverage by ward (`coverage_by`) to the areas that the council named (see `named_areas`)."""
    priority = estimate.place.manifest.priority
    areas = priority.areas if priority else ()
    home = {ward: area.name for area in areas for ward in area.wards}
    sums = wards[["children", "children_covered"]].groupby(wards["area_name"].map(home)).sum()
    sums["share_covered"] = sums["children_covered"] / sums["children"].where(sums["children"] > 0)
    order = list(dict.fromkeys(area.name for area in areas if area.name in sums.index))
    return sums.loc[order].rename_axis("area_name")
