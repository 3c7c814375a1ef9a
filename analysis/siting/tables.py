"""The tables of siting: what each site adds, who is assigned where, the next-best sets, and areas in the way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analysis.reach.coverage import nearest_names, row_weights
from analysis.reach.demand import area_codes
from analysis.reach.groups import area_groups
from analysis.siting.answer import even_costs
from analysis.siting.frontier import Frontier
from analysis.siting.models.instance import prepare
from analysis.siting.models.model import FloatArray, Solution
from analysis.siting.problem import WITH_RADIUS, PlaceProblem, SitingProblem


def site_contributions(
    costs: pd.DataFrame, weights: pd.Series[float], sites: Iterable[str], minutes: float
) -> pd.DataFrame:
    """What each site of a set reaches, and what would be lost without it.

    Parameters
    ----------
    costs : DataFrame of shape (areas, sites)
        Minutes.
    weights : Series of shape (areas,)
        Need.
    sites : iterable of str
        The set.
    minutes : float
        Catchment.

    Returns
    -------
    DataFrame
        Index `site_id`, sorted; `need_within` the catchment, `need_only_here` (within no other site of the
        set: lost if it closes), `need_assigned` (nearest), `extra_minutes_without` (need-weighted minutes
        that closing it adds; infinite when it is the only one that some area reaches).
    """
    instance = prepare(costs, weights)
    chosen = sorted(sites)
    table: FloatArray = instance.minutes[:, [instance.sites.index(site) for site in chosen]]
    inside = instance.covers(minutes)[:, [instance.sites.index(site) for site in chosen]]
    alone = inside & (inside.sum(axis=1) == 1)[:, None]
    nearest = table.argmin(axis=1) if chosen else np.zeros(len(table), dtype=int)
    reached = np.isfinite(table).any(axis=1)
    rows = []
    for k, site in enumerate(chosen):
        mine = reached & (nearest == k)
        others = np.delete(table, k, axis=1)
        second = others.min(axis=1) if others.shape[1] else np.full(len(table), np.inf)
        extra = instance.weights[mine] @ (second[mine] - table[mine, k]) if mine.any() else 0.0
        rows.append(
            {
                "site_id": site,
                "need_within": float(instance.weights[inside[:, k]].sum()),
                "need_only_here": float(instance.weights[alone[:, k]].sum()),
                "need_assigned": float(instance.weights[mine].sum()),
                "extra_minutes_without": float(extra),
            }
        )
    columns = ["site_id", "need_within", "need_only_here", "need_assigned", "extra_minutes_without"]
    return pd.DataFrame(rows, columns=columns).set_index("site_id")


def alternatives_table(solutions: Sequence[Solution]) -> pd.DataFrame:
    """Ranked answers as a table.

    Parameters
    ----------
    solutions : sequence of Solution
        Best first, as `ranked_solutions` returns them.

    Returns
    -------
    DataFrame
        Index `rank` from 1; `sites` (tuple), `objective`, `gives_up` (how much worse than the best, never
        negative), `gives_up_share` of the best, `joins` and `leaves` (sites against the best), `status`.
    """
    columns = ["sites", "objective", "gives_up", "gives_up_share", "joins", "leaves", "status"]
    feasible = [solution for solution in solutions if not math.isnan(solution.objective)]
    if not feasible:
        return pd.DataFrame(columns=columns, index=pd.RangeIndex(0, name="rank"))
    best = feasible[0]
    rows = []
    for solution in feasible:
        gives_up = abs(solution.objective - best.objective)
        rows.append(
            {
                "sites": solution.sites,
                "objective": solution.objective,
                "gives_up": gives_up,
                "gives_up_share": gives_up / abs(best.objective) if best.objective else 0.0,
                "joins": tuple(sorted(set(solution.sites) - set(best.sites))),
                "leaves": tuple(sorted(set(best.sites) - set(solution.sites))),
                "status": solution.status,
            }
        )
    return pd.DataFrame(rows, columns=columns, index=pd.RangeIndex(1, len(rows) + 1, name="rank"))


def chosen_table(problem: SitingProblem, solution: Solution) -> pd.DataFrame:
    """What each chosen site adds.

    Returns
    -------
    DataFrame
        Index `site_id`; `name`, `kind` it is today, `hosts` (under a budget), `need_within` its catchment and
        `need_only_here` (where one radius limits it, or each kind's own), `need_assigned`, `extra_minutes_without`.
    """
    terms = problem.terms
    plain = site_contributions(problem.costs, problem.weights, solution.sites, np.inf)
    table = plain.drop(columns=["need_within", "need_only_here"])
    if terms.model in WITH_RADIUS:
        costs = even_costs(problem, solution) if len(solution.kinds) else problem.costs
        within = site_contributions(costs, problem.weights, solution.sites, terms.radius_minutes)
        table.insert(0, "need_within", within["need_within"])
        table.insert(1, "need_only_here", within["need_only_here"])
    if len(solution.kinds):
        need = problem.weights.groupby(solution.assignment.reindex(problem.weights.index)).sum()
        table["need_assigned"] = need.reindex(table.index).fillna(0.0)
        table.insert(0, "hosts", solution.kinds.reindex(table.index))
    table.insert(0, "name", problem.sites["name"].reindex(table.index))
    table.insert(1, "kind", problem.sites["kind"].reindex(table.index))
    return table.replace([np.inf], np.nan).rename_axis("site_id")


def point_assignments(problem: PlaceProblem, solution: Solution) -> pd.DataFrame:
    """Where the people of each demand point are assigned.

    Returns
    -------
    DataFrame
        Index of the problem's weights; `area_code`, `site_id` ("" where none can be reached), `minutes` (inf without a
        way), `need`, `is_within` (whether the minutes are within what the site's kind allows).
    """
    weights = problem.weights
    site = solution.assignment.reindex(weights.index).fillna("").astype(str)
    columns = problem.costs.columns.get_indexer(pd.Index(site))
    table = problem.costs.to_numpy(float)
    minutes = np.where(columns >= 0, table[np.arange(len(site)), columns], np.inf)
    return pd.DataFrame(
        {
            "area_code": area_codes(problem.demand).to_numpy(object),
            "site_id": site,
            "minutes": minutes,
            "need": weights,
            "is_within": minutes <= limits(problem, solution, site).to_numpy(),
        },
        index=weights.index,
    )


def assignment_table(problem: PlaceProblem, solution: Solution) -> pd.DataFrame:
    """Who is assigned where, by small area.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `ward_name`, `site_id`, `site` (its name, "" where none can be reached),
        `hosts` (under a budget), `minutes`, `need`, `within` ("yes", "partly" or "no", where minutes limit it). An area
        goes with most of its need, and its minutes are the mean of its need.
    """
    points = point_assignments(problem, solution)
    groups = area_groups(problem.demand, "lsoa")
    weight = row_weights(problem.demand, groups, problem.terms.weight)
    site = pd.Series(
        groups.leading(points["site_id"].to_numpy(object), weight), index=groups.codes, dtype="str"
    )
    minutes = points["minutes"].to_numpy(float)
    areas = problem.estimate.place.areas.reindex(groups.codes)
    frame = pd.DataFrame(
        {
            "area_name": areas["area_name"],
            "ward_name": areas["ward_name"],
            "site_id": site,
            "site": problem.sites["name"].reindex(site).fillna("").to_numpy(),
            "minutes": groups.means(minutes, np.where(np.isfinite(minutes), weight, 0.0)),
            "need": groups.totals(points["need"].to_numpy(float)),
        },
        index=groups.codes,
    )
    if len(solution.kinds):
        frame.insert(4, "hosts", solution.kinds.reindex(site).fillna("").to_numpy())
    if problem.terms.model in WITH_RADIUS:
        share = groups.means(points["is_within"].to_numpy(float), weight)
        frame["within"] = np.select([share >= 1, share <= 0], ["yes", "no"], "partly")
    return frame.rename_axis("area_code")


def limits(problem: PlaceProblem, solution: Solution, site: pd.Series) -> pd.Series:
    """Minutes that the site of every point may be away: those of the kind that it hosts."""
    terms = problem.terms
    if not len(solution.kinds):
        return pd.Series(terms.radius_minutes, index=site.index)
    by_kind = {"hub": terms.radius_minutes, "outreach": terms.outreach_radius_minutes}
    hosts = solution.kinds.reindex(site).map(by_kind).fillna(terms.radius_minutes)
    return pd.Series(hosts.to_numpy(float), index=site.index)


def readable_sets(problem: SitingProblem, solutions: list[Solution]) -> pd.DataFrame:
    """Best and next-best sets with names for ids, and what each gives up."""
    table = alternatives_table(solutions)
    for column in ("sites", "joins", "leaves"):
        table[column] = ["; ".join(problem.names(sites)) for sites in table[column]]
    return table


def unmet_table(problem: PlaceProblem, solution: Solution) -> pd.DataFrame:
    """Areas in the way of an answer, with the candidate that is nearest, most need first.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `ward_name`, `need`, `nearest_site`, `nearest_minutes`.
    """
    unmet = list(solution.unmet)
    demand, costs = problem.demand.loc[unmet], problem.costs.loc[unmet]
    groups, ordered = area_groups(demand, "lsoa"), list(costs.columns)
    weight = row_weights(demand, groups, problem.terms.weight)
    near = costs.to_numpy(float).min(axis=1, initial=np.inf)
    site = groups.leading(nearest_names(costs.to_numpy(float), ordered), weight)
    table = problem.estimate.place.areas.reindex(groups.codes)[["area_name", "ward_name"]]
    table["need"] = groups.totals(problem.weights.loc[unmet].to_numpy(float))
    table["nearest_site"] = problem.sites["name"].reindex(site).fillna("").to_numpy()
    table["nearest_minutes"] = groups.means(near, np.where(np.isfinite(near), weight, 0.0))
    return table.sort_values("need", ascending=False, kind="stable").rename_axis("area_code")


def readable_frontier(problem: SitingProblem, found: Frontier) -> pd.DataFrame:
    """A frontier or a trade-off as its numbers, with names for ids; what has no length is blank."""
    shown = found.table.replace([np.inf, -np.inf], np.nan)
    shown["sites"] = ["; ".join(problem.names(sites)) for sites in found.table["sites"]]
    if "hosts" in shown:
        shown["hosts"] = ["; ".join(kinds) for kinds in found.table["hosts"]]
    return shown
