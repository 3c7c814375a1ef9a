"""Who is within reach: for every small area, ward, locality, fifth and the place.

A demand point is covered when at least one site is within the limit, which is included: 20.0 minutes is
within 20; an area is covered by the share of its children who stand at such points. The limit is one number, or a Series by site where kinds of site have catchments of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.reach.demand import measure_columns
from analysis.reach.groups import AreaGroups, By, FloatArray, area_groups

Limit = float | pd.Series
NO_SITE = ""

BoolArray = npt.NDArray[np.bool_]


def within_limit(costs: pd.DataFrame, minutes: Limit) -> pd.DataFrame:
    """Whether each area reaches each site in time.

    Parameters
    ----------
    costs : DataFrame
        Minutes, index `area_code`, columns `site_id`; inf where there is no way.
    minutes : float or Series
        The limit; a Series gives one a site (index `site_id`).

    Returns
    -------
    DataFrame of bool
        In the shape of `costs`.
    """
    limit = minutes.reindex(costs.columns).to_numpy(float) if isinstance(minutes, pd.Series) else minutes
    values = costs.to_numpy(float)
    return pd.DataFrame((values <= limit) & np.isfinite(values), index=costs.index, columns=costs.columns)


def covered_areas(costs: pd.DataFrame, minutes: Limit) -> pd.Series:
    """Whether each area has a site within the limit; False everywhere with no sites."""
    return pd.Series(within_limit(costs, minutes).to_numpy().any(axis=1), index=costs.index, name="covered")


def nearest_sites(costs: pd.DataFrame) -> pd.DataFrame:
    """The one site that each area is assigned to, and its minutes.

    Of sites equally near the one with the smallest `site_id` is taken, so the answer never changes
    with the order of the rows. Without any way to a site: "" and inf.

    Returns
    -------
    DataFrame
        Index of `costs`; `nearest_site`, `nearest_minutes`.

    Examples
    --------
    >>> costs = pd.DataFrame({"hub": [20.0, 25.0], "centre": [20.0, 5.0]}, index=["a", "b"])
    >>> nearest_sites(costs)["nearest_site"].tolist()
    ['centre', 'centre']
    """
    ordered = costs.sort_index(axis=1)
    values = ordered.to_numpy(float)
    names = pd.Series(nearest_names(values, list(ordered.columns)), index=costs.index, dtype="str")
    nearest = values.min(axis=1, initial=np.inf)
    return pd.DataFrame({"nearest_site": names, "nearest_minutes": nearest}, index=costs.index)


def nearest_names(minutes: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Name of the nearest site of each row, the first of equals; "" without any way to one.

    Parameters
    ----------
    minutes : array of shape (areas, sites)
    names : sequence of str
        Of the columns, in the order in which equals are told apart.
    """
    if not len(names):
        return np.full(len(minutes), NO_SITE, dtype=object)
    first = np.where(np.isfinite(minutes.min(axis=1)), minutes.argmin(axis=1), len(names))
    chosen: np.ndarray = np.array([*names, NO_SITE], dtype=object)[first]
    return chosen


def coverage_by(costs: pd.DataFrame, demand: pd.DataFrame, minutes: Limit, by: By = "lsoa") -> pd.DataFrame:
    """Children, under-fives and need within reach, added up from the small areas.

    Parameters
    ----------
    costs : DataFrame
        Minutes from every area to every chosen site.
    demand : DataFrame
        See `analysis.reach.demand.demand_frame`; same index as `costs`.
    minutes : float or Series
        The limit (see the top of this module).
    by : {"lsoa", "ward", "locality", "fifth", "place"}
        What to add up to. Fifths are of the place's population, 1 the most deprived.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `children`, `children_covered`, `under_fives_covered`, one
        `<tier>_covered` a tier, `share_covered` (of children), `nearest_site`, `nearest_minutes`,
        `mean_minutes`. For a ward or larger, `nearest_site` is the site that is nearest for most of its
        children (ties by `site_id`), `nearest_minutes` the mean minutes to it of the children for whom it is
        nearest, and `mean_minutes` the child-weighted mean of every area's minutes to its own nearest
        site. Means are inf where some children have no way at all; where there are no children the areas
        count alike, and `share_covered` is NaN.

    Examples
    --------
    Of two areas with 30 and 70 children only the first has a site within 20 minutes.

    >>> costs = pd.DataFrame({"hub": [20.0, 25.0]}, index=["a", "b"])
    >>> demand = pd.DataFrame({"children": [30, 70]}, index=costs.index)
    >>> demand = demand.assign(place_code="x", place_name="X")
    >>> row = coverage_by(costs, demand, 20, "place").loc["x"]
    >>> int(row["children_covered"]), float(row["share_covered"]), float(row["mean_minutes"])
    (30, 0.3, 23.5)
    """
    groups = area_groups(demand, by)
    covered = covered_areas(costs, minutes).reindex(demand.index).to_numpy(bool)
    nearest = nearest_sites(costs).reindex(demand.index)
    near_site, near_minutes = (
        nearest["nearest_site"].to_numpy(object),
        nearest["nearest_minutes"].to_numpy(float),
    )
    counts = demand["children"].to_numpy()
    children = groups.totals(counts)
    table: dict[str, Any] = {"area_name": groups.names.to_numpy(object), "children": children}
    for measure in measure_columns(demand):
        table[f"{measure}_covered"] = groups.totals(np.where(covered, demand[measure].to_numpy(), 0))
    shares = np.full(len(children), np.nan)
    table["share_covered"] = np.divide(table["children_covered"], children, out=shares, where=children > 0)
    weight = row_weights(demand, groups)
    main = groups.leading(near_site, weight)
    own = near_site == main[groups.member]
    table["nearest_site"] = pd.array(main, dtype="str")
    table["nearest_minutes"] = groups.means(near_minutes, np.where(own, weight, 0))
    table["mean_minutes"] = groups.means(near_minutes, weight)
    return pd.DataFrame(table, index=groups.codes).astype({"area_name": "str"})


def row_weights(demand: pd.DataFrame, groups: AreaGroups, measure: str = "children") -> FloatArray:
    """Weight of each row of a demand frame in means over its group: its children, or another measure.

    In a group that has none areas count alike, by the shares of their points, so that it still says what is near.
    """
    people = demand[measure].to_numpy(float)
    alike = demand["share"].to_numpy(float) if "share" in demand else 1.0
    weights: FloatArray = np.where(groups.totals(people)[groups.member] > 0, people, alike)
    return weights


def group_means(values: pd.Series, weights: pd.Series, demand: pd.DataFrame, by: By) -> pd.DataFrame:
    """Weighted means of a measure of small areas, by group: index `area_code`; `area_name`, the measure."""
    groups = area_groups(demand, by)
    means = groups.means(values.reindex(demand.index), weights.reindex(demand.index))
    return pd.DataFrame({"area_name": groups.names, str(values.name): means}, index=groups.codes)


def fifth_gap(by_fifth: pd.DataFrame) -> dict[str, float]:
    """How far the most deprived fifth is from the least: positive where the most deprived are worse off.

    Parameters
    ----------
    by_fifth : DataFrame
        `coverage_by(..., by="fifth")`.

    Returns
    -------
    dict
        `share_gap`: share covered in the least deprived fifth less that in the most deprived;
        `minutes_gap`: mean minutes in the most deprived fifth less those in the least.
    """
    most, least = by_fifth.iloc[0], by_fifth.iloc[-1]
    both_inf = np.isinf(most["mean_minutes"]) and np.isinf(least["mean_minutes"])
    minutes_gap = 0.0 if both_inf else float(most["mean_minutes"] - least["mean_minutes"])
    return {"share_gap": float(least["share_covered"] - most["share_covered"]), "minutes_gap": minutes_gap}
