"""The journey of a plan: reach in every year, from today to the last change, with every dip told."""

from __future__ import annotations

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.options.applied import apply_option, last_year
from analysis.options.option import Option
from analysis.options.reached import OptionReach, option_reach
from analysis.reach.demand import estimated_demand, measure_columns
from analysis.scenario.terms import Terms


def reach_by_year(
    estimate: NeedEstimate, option: Option, terms: Terms | None = None, *, until: int | None = None
) -> dict[int, OptionReach]:
    """Whom an option reaches in each year: year 0 is today, the last is the plan in full.

    Parameters
    ----------
    estimate : NeedEstimate
    option : Option
    terms : Terms, optional
    until : int, optional
        Go on to this year, so that several plans can be drawn on one axis.
    """
    demand = estimated_demand(estimate)
    years = range(max(last_year(option), until or 1) + 1)
    return {
        year: option_reach(estimate, apply_option(option, estimate.place, year), terms, demand)
        for year in years
    }


def year_figures(years: dict[int, OptionReach]) -> pd.DataFrame:
    """Reach of a plan year by year.

    Parameters
    ----------
    years : dict of int to OptionReach
        `reach_by_year`.

    Returns
    -------
    DataFrame
        Index `year`; `sites_open`, `opened`, `closed` (names, "; " between), `children_covered`,
        `share_covered`, `under_fives_covered` (where ages are known), `<tier>_covered` a tier, `mean_minutes` (of the need
        measure), and `dip`: whether fewer children are within reach than in some year before.
    """
    rows, seen, highest = {}, set[str](), 0
    for year, reach in years.items():
        sites, is_open = reach.applied.sites, set(reach.open_sites.index)
        summary = {str(key): row for key, row in reach.summary.to_dict("index").items()}
        covered = round(summary["children"]["covered"])
        row = {
            "sites_open": len(is_open),
            "opened": _names(sites, is_open - seen) if year else "",
            "closed": _names(sites, seen - is_open) if year else "",
            "children_covered": covered,
            "share_covered": summary["children"]["share_covered"],
        }
        counted = [name for name in measure_columns(reach.demand) if name != "children"]
        row |= {f"{name}_covered": round(summary[name]["covered"]) for name in counted}
        rows[year] = row | {"mean_minutes": summary[reach.tier]["mean_minutes"], "dip": covered < highest}
        seen, highest = is_open, max(highest, covered)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("year")


def _names(sites: pd.DataFrame, chosen: set[str]) -> str:
    return "; ".join(sorted(sites["name"].reindex(sorted(chosen)).fillna("").astype(str)))
