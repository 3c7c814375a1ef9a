"""Options side by side: one row an option, one column a figure, each from the functions of the reach room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.options.measures import AGE_WORDS
from analysis.options.reached import AGES, OptionReach
from analysis.reach.coverage import coverage_by, fifth_gap
from analysis.reach.demand import tier_columns
from analysis.reach.groups import By
from analysis.reach.selection import choose_sites
from analysis.reach.summary import reach_summary
from analysis.reach.travel import straight_line_matrix
from analysis.reach.wards import services_by_ward, services_out_of_reach


def option_figures(reaches: Sequence[OptionReach]) -> pd.DataFrame:
    """Every figure of every option.

    Parameters
    ----------
    reaches : sequence of OptionReach
        On the same terms and estimate.

    Returns
    -------
    DataFrame
        Index `option` (slug); `name`, `children`, the keys of `figure_list`, `worst_ward`, and
        `costs_known` (open sites that state a yearly cost). NaN where a figure is not known, inf where
        some children have no way to any site.
    """
    return figures_frame({reach.option.slug: option_row(reach) for reach in reaches})


def figures_frame(rows: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of `option_row` by option as one frame, index `option`."""
    return pd.DataFrame.from_dict(dict(rows), orient="index").rename_axis("option")


def option_row(reach: OptionReach) -> dict[str, Any]:
    """Every figure of one option: a row of `option_figures`."""
    demand = reach.demand
    summary = {str(measure): row for measure, row in reach.summary.to_dict("index").items()}
    need, children = summary[reach.measure], summary["children"]
    row: dict[str, Any] = {
        "name": reach.option.name,
        "children": int(children["total"]),
        "children_covered": int(children["covered"]),
        "share_covered": children["share_covered"],
    }
    row |= {f"{tier}_covered": int(summary[tier]["covered"]) for tier in tier_columns(demand)}
    row |= {f"{band}_covered": covered for band, covered in children_by_age(reach)["covered"].items()}
    row |= {key: need[key] for key in ("mean_minutes", "p90_minutes", "longest_minutes")}
    wards = coverage_by(reach.costs, demand, reach.limit, "ward")
    worst = wards[wards["children"] > 0]["mean_minutes"]
    row["worst_ward"] = (
        str(wards["area_name"].iloc[wards.index.get_loc(worst.idxmax())]) if len(worst) else ""
    )
    row["worst_ward_minutes"] = float(worst.max()) if len(worst) else np.nan
    row |= fifth_gap(coverage_by(reach.costs, demand, reach.limit, "fifth"))
    unique = int(reach.figures["need_unique"].sum())
    row["need_unique"], row["need_shared"] = unique, int(need["covered"]) - unique
    row["sites_open"] = int(reach.applied.sites["is_open"].sum())
    load = reach.figures["load"]
    row["largest_load"] = float(load.max()) if load.notna().all() and len(load) else np.nan
    return row | _services(reach) | _costs(reach)


def children_by_age(reach: OptionReach) -> pd.DataFrame:
    """Children of each age band within reach of a site that serves their age.

    Returns
    -------
    DataFrame
        Index `age` (column of the areas file); `children`, `covered`, `share_covered`, `mean_minutes`,
        `p90_minutes`, `longest_minutes`.
    """
    bands = [band for band in AGE_WORDS if band in reach.demand]
    serving = {band: tuple(choose_sites(reach.sites, ages=AGES[band]).index) for band in bands}
    measures = [name for name in ("children", "under_fives", *bands) if name in reach.demand]
    # the names of bands describe areas elsewhere; here each is a measure of its own
    counted = reach.demand[measures].rename(columns={band: f"aged_{band}" for band in bands})
    summaries = {
        sites: reach_summary(reach.costs[list(sites)], counted, reach.limit)
        for sites in dict.fromkeys(serving.values())
    }
    columns = ["total", "covered", "share_covered", "mean_minutes", "p90_minutes", "longest_minutes"]
    by_band = {band: summaries[serving[band]].loc[f"aged_{band}"] for band in bands}
    table = pd.DataFrame.from_dict(by_band, orient="index", columns=columns)
    table = table.rename(columns={"total": "children"}).rename_axis("age")
    whole = {"children": "int64", "covered": "int64"}
    return table[[*whole, "share_covered", "mean_minutes", "p90_minutes", "longest_minutes"]].astype(whole)


def services_in_reach(reach: OptionReach) -> pd.DataFrame:
    """Share of each ward's children within reach of each service of the core offer (`services_by_ward`).

    Teams that come to the families are within reach everywhere.
    """
    catchment = reach.option.catchment
    open_sites = choose_sites(reach.applied.sites, kinds=reach.terms.kinds)
    comes = catchment.is_citywide(open_sites)
    limit = pd.Series(reach.minutes, index=open_sites.index)
    if reach.terms.minutes is None:
        limit = catchment.limits(open_sites)
    costs = straight_line_matrix(reach.demand, open_sites, reach.settings)
    offer = reach.estimate.place.core_offer
    return services_by_ward(costs, open_sites, reach.demand, offer, limit.where(~comes, np.inf))


def _services(reach: OptionReach) -> dict[str, Any]:
    offer = reach.estimate.place.core_offer
    open_sites = reach.applied.sites[reach.applied.sites["is_open"]]
    if not offer or not (open_sites["services"] != "").any():
        return {"services_mean": np.nan, "services_least": np.nan}
    held = len(offer) - services_out_of_reach(services_in_reach(reach)).map(len)
    return {"services_mean": float(held.mean()), "services_least": float(held.min())}


def _costs(reach: OptionReach) -> dict[str, Any]:
    """Yearly cost of all open sites in pounds, and for each child and family within reach."""
    open_sites = reach.applied.sites[reach.applied.sites["is_open"]]
    costs = open_sites["annual_cost_gbp"]
    known = int(costs.notna().sum())
    names = ("annual_cost_gbp", "cost_per_child_gbp", "cost_per_family_gbp")
    if known < len(costs) or costs.empty:
        return {**dict.fromkeys(names, np.nan), "costs_known": known}
    total = sum((Decimal(str(cost)) for cost in costs), Decimal())
    covered = reach.summary["covered"].astype(int)
    children, need = Decimal(int(covered["children"])), Decimal(int(covered[reach.measure]))
    families = need / Decimal(str(reach.estimate.settings.children_per_family))
    each = [total, total / children if children else None, total / families if families else None]
    # whole pence, so that a float prints them exactly
    pence = [np.nan if cost is None else float(cost.quantize(Decimal("0.01"))) for cost in each]
    return {**dict(zip(names, pence, strict=True)), "costs_known": known}


def comparison_by(reaches: Sequence[OptionReach], by: By | Literal["age"]) -> pd.DataFrame:
    """Options side by side for every ward, locality, fifth or age: one row an option and group.

    Parameters
    ----------
    reaches : sequence of OptionReach
    by : {"lsoa", "ward", "locality", "fifth", "place", "age"}

    Returns
    -------
    DataFrame
        Columns `option`, `name`, then those of `coverage_by` with its index first, or of `children_by_age`.
    """
    tables = []
    for reach in reaches:
        if by == "age":
            table = children_by_age(reach).reset_index()
        else:
            table = coverage_by(reach.costs, reach.demand, reach.limit, by).reset_index()
        table.insert(0, "option", reach.option.slug)
        table.insert(1, "name", reach.option.name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["option", "name"])
