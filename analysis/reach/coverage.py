"""Who is within reach: for every small area, ward, locality, fifth and the place.

An area is covered when at least one site is within the limit, which is included: 20.0 minutes is
within 20. The limit is one number, or a Series by site where kinds of site have catchments of their own.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.reach.demand import FIFTH_NAMES, measure_columns

By = Literal["lsoa", "ward", "locality", "fifth", "place"]
BYS: tuple[By, ...] = ("lsoa", "ward", "locality", "fifth", "place")
Limit = float | pd.Series
NO_SITE = ""

BoolArray = npt.NDArray[np.bool_]


def within_limit(costs: pd.DataFrame, minutes: Limit) -> pd.DataFrame:
    """Whether each area reaches each site in time: True or False in the shape of `costs`.

    Parameters
    ----------
    costs : DataFrame
        Minutes, index `area_code`, columns `site_id`; inf where there is no way.
    minutes : float or Series
        The limit; a Series gives one a site (index `site_id`).
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
    """
    ordered = costs.sort_index(axis=1)
    if ordered.shape[1] == 0:
        blank = {
            "nearest_site": pd.Series(NO_SITE, index=costs.index, dtype="str"),
            "nearest_minutes": np.inf,
        }
        return pd.DataFrame(blank, index=costs.index)
    values = ordered.to_numpy(float)
    first = values.argmin(axis=1)
    nearest = values[np.arange(len(values)), first]
    names = np.where(np.isfinite(nearest), ordered.columns.to_numpy(object)[first], NO_SITE)
    return pd.DataFrame(
        {"nearest_site": pd.Series(names, index=costs.index, dtype="str"), "nearest_minutes": nearest},
        index=costs.index,
    )


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
    """
    code, name = _groups(demand, by)
    covered = covered_areas(costs, minutes).reindex(demand.index)
    nearest = nearest_sites(costs).reindex(demand.index)
    measures = measure_columns(demand)
    reached = demand[measures].mul(covered.astype("int64"), axis=0).add_suffix("_covered")
    table = reached.groupby(code).sum()
    table.insert(0, "children", demand["children"].groupby(code).sum())
    table.insert(0, "area_name", name.groupby(code).first())
    table["share_covered"] = table["children_covered"] / table["children"].where(table["children"] > 0)
    # where nobody lives, areas count alike, so that a row still says what is near
    weight = demand["children"].where(demand["children"].groupby(code).transform("sum") > 0, 1)
    main = _main_site(nearest["nearest_site"], weight, code)
    table["nearest_site"] = main.reindex(table.index)
    own = nearest["nearest_site"] == main.reindex(code).set_axis(code.index)
    table["nearest_minutes"] = weighted_mean(nearest["nearest_minutes"], weight.where(own, 0), code)
    table["mean_minutes"] = weighted_mean(nearest["nearest_minutes"], weight, code)
    return table.rename_axis("area_code")


def weighted_mean(values: pd.Series, weights: pd.Series, groups: pd.Series) -> pd.Series:
    """Mean by group, weighted; areas of no weight take no part, and a group of none is NaN."""
    heavy = weights > 0
    total = weights.where(heavy, 0).groupby(groups).sum()
    product = (values.where(heavy, 0.0) * weights.where(heavy, 0)).groupby(groups).sum()
    return product / total.where(total > 0)


def group_means(values: pd.Series, weights: pd.Series, demand: pd.DataFrame, by: By) -> pd.DataFrame:
    """Weighted means of a measure of small areas, by group: index `area_code`; `area_name`, the measure."""
    code, name = _groups(demand, by)
    means = weighted_mean(values.reindex(demand.index), weights.reindex(demand.index), code)
    table = pd.DataFrame({"area_name": name.groupby(code).first(), str(values.name): means})
    return table.rename_axis("area_code")


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


def _groups(demand: pd.DataFrame, by: By) -> tuple[pd.Series, pd.Series]:
    """Code and name of every small area's group."""
    if by == "lsoa":
        return demand.index.to_series(), demand["area_name"]
    if by == "fifth":
        return demand["fifth"].astype(str), demand["fifth"].map(FIFTH_NAMES)
    return demand[f"{by}_code"], demand[f"{by}_name"]


def _main_site(nearest: pd.Series, weight: pd.Series, code: pd.Series) -> pd.Series:
    """For each group, the site that is nearest for most of its weight, ties by `site_id`."""
    held = weight.groupby([code.rename("code"), nearest.rename("site")]).sum().reset_index(name="weight")
    held = held.sort_values(["code", "weight", "site"], ascending=[True, False, True])
    return held.drop_duplicates("code").set_index("code")["site"]
