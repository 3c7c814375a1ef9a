"""Options side by side: one row an option, one column a figure, each from the functions of the reach room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.options.reached import OptionReach, for_age
from analysis.reach.demand import tier_columns, whole_people
from analysis.reach.groups import By
from analysis.reach.wards import services_by_ward, services_out_of_reach
from analysis.scenario.ages import BAND_GROUPS


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
    need, children = summary[reach.tier], summary["children"]
    row: dict[str, Any] = {
        "name": reach.option.name,
        "children": round(children["total"]),
        "children_covered": round(children["covered"]),
        "share_covered": children["share_covered"],
    }
    row |= {f"{tier}_covered": round(summary[tier]["covered"]) for tier in tier_columns(demand)}
    row |= {f"{band}_covered": covered for band, covered in children_by_age(reach)["covered"].items()}
    row |= {key: need[key] for key in ("mean_minutes", "p90_minutes", "longest_minutes")}
    wards = reach.by("ward")
    worst = wards[wards["children"] > 0]["mean_minutes"]
    row["worst_ward"] = (
        str(wards["area_name"].iloc[wards.index.get_loc(worst.idxmax())]) if len(worst) else ""
    )
    row["worst_ward_minutes"] = float(worst.max()) if len(worst) else np.nan
    row |= reach.gap
    unique = round(reach.site_table["need_unique"].sum())
    row["need_unique"], row["need_shared"] = unique, round(need["covered"]) - unique
    row["sites_open"] = len(reach.open_sites)
    load = reach.site_table["load"]
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
    columns = ["total", "covered", "share_covered", "mean_minutes", "p90_minutes", "longest_minutes"]
    bands = [band for band in BAND_GROUPS if band in reach.demand]
    by_band = {band: for_age(reach, BAND_GROUPS[band]).summary.loc["children"] for band in bands}
    table = pd.DataFrame.from_dict(by_band, orient="index", columns=columns)
    table = table.rename(columns={"total": "children"}).rename_axis("age")
    kept = ["children", "covered", "share_covered", "mean_minutes", "p90_minutes", "longest_minutes"]
    return whole_people(table[kept].astype(float))


def services_in_reach(reach: OptionReach) -> pd.DataFrame:
    """Share of each ward's children within reach of each service of the core offer (`services_by_ward`).

    Teams that come to the families are within reach everywhere.
    """
    catchment = reach.option.catchment
    sites = reach.open_sites
    limit = pd.Series(reach.minutes, index=sites.index)
    if reach.terms.minutes is None:
        limit = catchment.limits(sites)
    costs = reach.travel.costs[list(sites.index)]
    offer = reach.place.core_offer
    return services_by_ward(
        costs, sites, reach.at_points, offer, limit.where(~catchment.is_citywide(sites), np.inf)
    )


def _services(reach: OptionReach) -> dict[str, Any]:
    offer = reach.estimate.place.core_offer
    if not offer or not (reach.open_sites["services"] != "").any():
        return {"services_mean": np.nan, "services_least": np.nan}
    held = len(offer) - services_out_of_reach(services_in_reach(reach)).map(len)
    return {"services_mean": float(held.mean()), "services_least": float(held.min())}


def _costs(reach: OptionReach) -> dict[str, Any]:
    """Yearly cost of all open sites in pounds, and for each child and family within reach."""
    costs = reach.open_sites["annual_cost_gbp"]
    known = int(costs.notna().sum())
    names = ("annual_cost_gbp", "cost_per_child_gbp", "cost_per_family_gbp")
    if known < len(costs) or costs.empty:
        return {**dict.fromkeys(names, np.nan), "costs_known": known}
    total = sum((Decimal(str(cost)) for cost in costs), Decimal())
    covered = reach.summary["covered"].round().astype(int)
    children, need = Decimal(int(covered["children"])), Decimal(int(covered[reach.tier]))
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
        table = (children_by_age(reach) if by == "age" else reach.by(by)).reset_index()
        table.insert(0, "option", reach.option.slug)
        table.insert(1, "name", reach.option.name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["option", "name"])
