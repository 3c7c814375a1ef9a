"""What is worked out for one authority: plain functions, so that any process anywhere gives the same numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from analysis.national.authorities import Authority
from analysis.need.estimate import NeedEstimate, estimate_need
from analysis.need.tables import wide_table
from analysis.places.place import Level
from analysis.reach.coverage import coverage_by, covered_areas
from analysis.reach.demand import estimated_demand, tier_columns
from analysis.reach.groups import area_groups
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.need_settings import NeedSettings, default_settings
from analysis.scenario.travel import TravelSettings

LEVELS: tuple[Level, ...] = ("place", "ward", "lsoa")


@dataclass(frozen=True)
class Question:
    """What is asked of every authority.

    Parameters
    ----------
    settings : NeedSettings or None
        None is each place's own start.
    travel : TravelSettings or None
        None asks for need; settings ask who is within reach of a site.
    minutes : float
        Limit of reach.
    """

    settings: NeedSettings | None = None
    travel: TravelSettings | None = None
    minutes: float = 20.0


@dataclass(frozen=True, eq=False)
class Task:
    """One authority, the sites that matter to it, and the question."""

    authority: Authority
    sites: pd.DataFrame
    question: Question


def answer(task: Task) -> pd.DataFrame:
    """Answer a question for one authority, at every level.

    Returns
    -------
    DataFrame
        `authority_code`, `authority_name`, `level`, `area_code`, then the columns of `wide_table` (need)
        or, for reach, `children`, `<measure>_covered` with `<tier>_covered_low`, `<tier>_covered_high`,
        `share_covered`, `nearest_site`, `nearest_minutes`, `mean_minutes`.
    """
    place = task.authority.place
    settings = task.question.settings or default_settings(place)
    estimate = estimate_need(place, replace(settings, vintage=place.vintages[0]))
    if task.question.travel is None:
        tables = {level: wide_table(estimate, level) for level in LEVELS}
    else:
        tables = _reach(estimate, task.sites, task.question.travel, task.question.minutes)
    frames = [
        table.rename_axis("area_code").reset_index().assign(level=level) for level, table in tables.items()
    ]
    whole = pd.concat(frames, ignore_index=True)
    whole.insert(0, "authority_code", task.authority.code)
    whole.insert(1, "authority_name", task.authority.name)
    whole.insert(2, "level", whole.pop("level"))
    return whole


def _reach(
    estimate: NeedEstimate, sites: pd.DataFrame, travel: TravelSettings, minutes: float
) -> dict[Level, pd.DataFrame]:
    demand = estimated_demand(estimate)
    costs = straight_line_matrix(demand, sites, travel)
    covered = covered_areas(costs, minutes).reindex(demand.index).to_numpy(float)
    tail = (1 - estimate.settings.interval) / 2
    tables: dict[Level, pd.DataFrame] = {}
    for level in LEVELS:
        table = coverage_by(costs, demand, minutes, level)
        groups = area_groups(demand, level)
        for tier in tier_columns(demand):
            belongs = (groups.member[:, None] == np.arange(len(groups.codes))).astype(float)
            drawn = np.asarray(estimate.draws.counts[tier], dtype=float)
            sums = (drawn * covered) @ belongs
            low, high = np.quantile(sums, [tail, 1 - tail], axis=0)
            known = table[f"{tier}_covered"]
            shares = sums / np.maximum(drawn @ belongs, 1e-12)
            least, most = np.quantile(shares, [tail, 1 - tail], axis=0)
            needed = pd.Series(groups.totals(demand[tier]), index=groups.codes).reindex(table.index)
            share = known / needed.where(needed > 0)
            table[f"{tier}_share_covered"] = share
            table[f"{tier}_share_covered_low"] = np.minimum(least, share)
            table[f"{tier}_share_covered_high"] = np.maximum(most, share)
            # Outward to whole children, and never so narrow that rounding puts the estimate outside.
            table[f"{tier}_covered_low"] = np.minimum(np.floor(low), known).astype("int64")
            table[f"{tier}_covered_high"] = np.maximum(np.ceil(high), known).astype("int64")
        tables[level] = table
    return tables


def sites_that_matter(areas: pd.DataFrame, sites: pd.DataFrame, reach_m: float) -> pd.DataFrame:
    """Of all sites of the country, those that can change an answer: the nearest of an area, or within reach.

    Parameters
    ----------
    areas, sites : DataFrame
        With `easting`, `northing` in metres.
    reach_m : float
        Straight-line distance that the limit allows.

    Returns
    -------
    DataFrame
        Those rows of `sites`, in their order.
    """
    if sites.empty:
        return sites
    points = sites[["easting", "northing"]].to_numpy(float)
    tree = cKDTree(points)
    homes = areas[["easting", "northing"]].to_numpy(float)
    distance, _ = tree.query(homes)
    # Every site as near as the nearest, since ties are told apart by name.
    within = tree.query_ball_point(homes, np.maximum(distance, reach_m) * (1 + 1e-9) + 0.01)
    chosen = np.unique(np.concatenate([np.asarray(rows, dtype=np.int64) for rows in within]))
    return sites.iloc[chosen]
