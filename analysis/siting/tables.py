"""The tables of an answer: what each site adds, who is assigned where, and the next-best sets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.siting.alternatives import alternatives_table
from analysis.siting.contributions import site_contributions
from analysis.siting.models.model import SitingResult
from analysis.siting.view import WITH_MINUTES, SitingSetting, even_costs


def chosen_table(setting: SitingSetting, result: SitingResult) -> pd.DataFrame:
    """What each chosen site adds.

    Returns
    -------
    DataFrame
        Index `site_id`; `name`, `hosts` (under a budget), `need_within` its catchment and `need_only_here` (where
        minutes limit it), `need_assigned`, `extra_minutes_without` (with one kind of site), `kind` it is today.
    """
    limited = setting.choice.model in WITH_MINUTES
    costs = even_costs(setting, result)[list(setting.costs.columns)] if len(result.kinds) else setting.costs
    table = site_contributions(
        costs, setting.weights, result.sites, setting.choice.minutes if limited else np.inf
    )
    if not limited:
        table = table.drop(columns=["need_within", "need_only_here"])
    if len(result.kinds):
        need = setting.weights.groupby(result.assignment.reindex(setting.weights.index)).sum()
        table["need_assigned"] = need.reindex(table.index).fillna(0.0)
        table = table.drop(columns="extra_minutes_without")
        table.insert(0, "hosts", result.kinds.reindex(table.index))
    table.insert(0, "name", setting.all_sites["name"].reindex(table.index))
    table["kind"] = setting.all_sites["kind"].reindex(table.index)
    table = table.round({"extra_minutes_without": 0})
    return table.replace([np.inf], np.nan).rename_axis("site_id")


def assignment_table(setting: SitingSetting, result: SitingResult) -> pd.DataFrame:
    """Who is assigned where.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `ward_name`, `site_id`, `site` (its name, "" where none can be reached),
        `hosts` (under a budget), `minutes`, `need`, `within` ("yes" or "no", where minutes limit it).
    """
    areas = setting.estimate.place.areas
    site = result.assignment.reindex(areas.index).fillna("").astype(str)
    columns = setting.costs.columns.get_indexer(pd.Index(site))
    table = setting.costs.reindex(areas.index).to_numpy(float)
    nearest = np.where(columns >= 0, table[np.arange(len(site)), columns], np.inf)
    minutes = pd.Series(nearest, index=areas.index)
    frame = pd.DataFrame(
        {
            "area_name": areas["area_name"],
            "ward_name": areas["ward_name"],
            "site_id": site,
            "site": setting.all_sites["name"].reindex(site).fillna("").to_numpy(),
            "minutes": minutes.replace(np.inf, np.nan),
            "need": setting.weights.reindex(areas.index),
        },
        index=areas.index,
    )
    if len(result.kinds):
        frame.insert(4, "hosts", result.kinds.reindex(site).fillna("").to_numpy())
    if setting.choice.model in WITH_MINUTES:
        frame["within"] = np.where(minutes <= limits(setting, result, site), "yes", "no")
    return frame.rename_axis("area_code")


def limits(setting: SitingSetting, result: SitingResult, site: pd.Series) -> pd.Series:
    """Minutes that the site of every area may be away: those of the kind that it hosts."""
    choice = setting.choice
    if not len(result.kinds):
        return pd.Series(choice.minutes, index=site.index)
    by_kind = {"hub": choice.minutes, "outreach": choice.outreach_minutes}
    hosts = result.kinds.reindex(site).map(by_kind).fillna(choice.minutes)
    return pd.Series(hosts.to_numpy(float), index=site.index)


def readable_sets(setting: SitingSetting, results: list[SitingResult]) -> pd.DataFrame:
    """Best and next-best sets with names for ids, and what each gives up."""
    table = alternatives_table(results)
    for column in ("sites", "joins", "leaves"):
        table[column] = ["; ".join(setting.names(sites)) for sites in table[column]]
    return table


def unmet_table(setting: SitingSetting, result: SitingResult) -> pd.DataFrame:
    """Areas in the way of an answer, with the candidate that is nearest, most need first.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `ward_name`, `need`, `nearest_site`, `nearest_minutes`.
    """
    unmet = list(result.unmet)
    areas, costs = setting.estimate.place.areas.loc[unmet], setting.costs.loc[unmet]
    table = areas[["area_name", "ward_name"]].assign(need=setting.weights.loc[unmet])
    ways = costs.replace(np.inf, np.nan)
    table["nearest_minutes"] = ways.min(axis=1)
    nearest = costs.idxmin(axis=1).where(ways.notna().any(axis=1)) if len(costs.columns) else None
    names = "" if nearest is None else nearest.map(setting.all_sites["name"]).fillna("").astype(str)
    table.insert(3, "nearest_site", names)
    return table.sort_values("need", ascending=False, kind="stable").rename_axis("area_code")
