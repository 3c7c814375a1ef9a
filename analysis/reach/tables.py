"""Tables of the reach page in the order and with the words that they are shown in."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.reach.access import access_by
from analysis.reach.answer import ReachAnswer, straight_travel
from analysis.reach.catchments import Decay
from analysis.reach.demand import whole_people
from analysis.reach.groups import By
from analysis.reach.loads import site_overlaps
from analysis.reach.selection import choose_sites
from analysis.reach.wards import (
    nearest_of_each_kind,
    nearest_of_each_service,
    services_by_ward,
)
from analysis.render.estimates import rounded_estimates
from analysis.scenario.travel import MODES, travel_settings

SHARE = re.compile(r"(^|_)share($|_)|^load$")
COVERAGE_COLUMNS = ("area_name", "children", "children_covered", "share_covered", "mean_minutes")
SUMMARY_COLUMNS = (
    "who",
    "total",
    "covered",
    "low",
    "high",
    "share_covered",
    "not_covered",
    "mean_minutes",
    "median_minutes",
    "p90_minutes",
    "longest_minutes",
)
SUMMARY_COUNTS = ("total", "covered", "low", "high", "not_covered")
"""Columns of `summary_table` that count: children in its first rows, estimates where a row is a tier."""


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """A table as it is shown and downloaded: shares to whole per cent, people in whole numbers, minutes to a tenth, no way blank."""
    decimals = {}
    for column in map(str, table.columns):
        if SHARE.search(column):
            decimals[column] = 2
        elif column.endswith("_minutes"):
            decimals[column] = 1
    return whole_people(table).replace([np.inf, -np.inf], np.nan).round(decimals)


def area_table(view: ReachAnswer, by: By) -> pd.DataFrame:
    """Coverage by area (`coverage_by`) with the name of the site that is nearest for most."""
    table = view.by(by)
    names = table["nearest_site"].map(view.all_sites["name"].to_dict()).fillna("")
    table = table.assign(nearest_name=names)
    order = ["area_name", "children", "children_covered", "share_covered"]
    return readable(table[[*order, *(column for column in table.columns if column not in order)]])


def summary_table(view: ReachAnswer) -> pd.DataFrame:
    """The place in one table: index `measure`, columns `SUMMARY_COLUMNS`."""
    table = view.summary.copy()
    table.insert(0, "who", pd.Series(view.measures))
    return readable(table[list(SUMMARY_COLUMNS)])


def shown_summary(view: ReachAnswer) -> pd.DataFrame:
    """`summary_table` as it is shown: children in its first rows, each tier's estimate rounded as in sentences."""
    table = summary_table(view)
    estimated = table.index.to_series().isin(view.estimate.tier_keys)
    return rounded_estimates(table, ranges=SUMMARY_COUNTS, rows=estimated)


def coverage_order(view: ReachAnswer, by: By) -> pd.DataFrame:
    """Coverage by area for the chart: fifths in their order, other areas least reached first."""
    table = readable(view.by(by)[list(COVERAGE_COLUMNS)])
    if by in ("fifth", "place"):
        return table
    return table.sort_values(["share_covered", "children"], ascending=[True, False], kind="stable")


def site_order(view: ReachAnswer) -> pd.DataFrame:
    """What each site carries, most need within reach first."""
    return readable(view.site_table.sort_values("need_within", ascending=False, kind="stable"))


def overlap_table(view: ReachAnswer) -> pd.DataFrame:
    """Need within reach of both of two sites, sites by name; the diagonal is each site's own reach."""
    table = site_overlaps(view.costs, view.demand, view.limit, measure=view.tier).round()
    names = view.sites["name"].reindex(table.index)
    return table.set_axis([str(name) for name in names], axis=1).assign(site=names).set_index("site")


def access_table(view: ReachAnswer, decay: Decay, by: By) -> tuple[pd.DataFrame, str]:
    """Capacity within reach per 1,000 in need by area, least first.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `value`.
    str
        The unit: families' capacity, or sites.
    """
    table = access_by(
        view.costs,
        view.demand,
        view.sites,
        view.minutes,
        measure=view.tier,
        children_per_family=view.estimate.settings.children_per_family,
        decay=decay,
        by=by,
    )
    unit = str(table.columns[-1])
    ordered = table.rename(columns={unit: "value"}).sort_values("value", kind="stable")
    return ordered, unit.replace("_", " ").replace("1000", "1,000")


def answers_of_ward(view: ReachAnswer, ward: str, each: str) -> pd.DataFrame:
    """From one ward, the nearest open site of each "kind" or for each "service", with minutes by mode."""
    if each == "kind":
        return nearest_of_each_kind(_modes(view), view.all_sites, view.at_points, ward)
    return nearest_of_each_service(_modes(view), view.all_sites, view.at_points, ward, view.place.core_offer)


def service_coverage(view: ReachAnswer) -> pd.DataFrame:
    """Share of each ward's children within reach of each service of the core offer (`services_by_ward`)."""
    return services_by_ward(
        view.travel.costs, view.all_sites, view.at_points, view.place.core_offer, view.minutes
    )


def ward_kinds(view: ReachAnswer, ward: str) -> pd.DataFrame:
    """Nearest open site of each kind from a ward, nearest first."""
    return readable(answers_of_ward(view, ward, "kind").sort_values(_first(view)))


def ward_services(view: ReachAnswer, ward: str) -> pd.DataFrame:
    """Nearest open site that holds each service of the core offer, from a ward."""
    return readable(answers_of_ward(view, ward, "service"))


def service_shares(view: ReachAnswer) -> pd.DataFrame:
    """`service_coverage` to whole per cent."""
    return service_coverage(view).round(2)


def _modes(view: ReachAnswer) -> dict[str, pd.DataFrame]:
    """Minutes as asked, by the mode that they are of, then by the other modes in a straight line."""
    open_sites = choose_sites(view.all_sites)
    by_mode: dict[str, pd.DataFrame] = {view.settings.mode: view.travel.costs[list(open_sites.index)]}
    for other in MODES:
        if other not in by_mode:
            usual = travel_settings(other, closed=view.settings.closed)
            by_mode[other] = straight_travel(view.place, open_sites, usual).costs
    return by_mode


def _first(view: ReachAnswer) -> str:
    return f"{view.travel.settings.mode}_minutes"
