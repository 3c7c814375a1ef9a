"""Localities of an option: need, children and sites in each, and how evenly they are shared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.options.reached import OptionReach
from analysis.reach.coverage import coverage_by
from analysis.reach.demand import measure_columns
from analysis.reach.groups import area_groups


def locality_figures(reach: OptionReach, today: pd.DataFrame | None = None) -> pd.DataFrame:
    """What each locality of an option holds.

    Parameters
    ----------
    reach : OptionReach
    today : DataFrame, optional
        `locality_code`, `locality_name` by small area to add up to instead, such as today's.

    Returns
    -------
    DataFrame
        Index `area_code` (locality); `area_name`, `wards`, `children`, `under_fives`, one column a tier,
        `sites` (open sites that stand in it), `children_covered`, `share_covered`, `mean_minutes`. A
        site belongs to the locality of the small area whose centroid is nearest to it.
    """
    homes = reach.applied.localities if today is None else today
    demand = reach.areas.drop(columns=list(homes.columns), errors="ignore").join(homes)
    groups = area_groups(demand, "locality")
    people = reach.demand.drop(columns=list(homes.columns), errors="ignore")
    people = people.join(homes, on=None if "area_code" not in people else "area_code")
    cover = coverage_by(reach.costs, people, reach.limit, "locality")
    table = cover[["area_name"]].copy()
    table["wards"] = demand.groupby("locality_code")["ward_code"].nunique().reindex(table.index)
    for column in measure_columns(demand):
        table[column] = groups.totals(demand[column].to_numpy())
    table["sites"] = _sites_in(reach, demand["locality_code"]).reindex(table.index).fillna(0).astype("int64")
    return table.join(cover[["children_covered", "share_covered", "mean_minutes"]])


def balance(localities: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """How evenly localities share children and need.

    Parameters
    ----------
    localities : DataFrame
        `locality_figures`.
    columns : list of str
        Columns of counts.

    Returns
    -------
    DataFrame
        Index `measure`; `localities` (how many), `mean`, `smallest`, `largest`, `largest_to_smallest`
        (inf where the smallest is 0), `coefficient_of_variation` (population standard deviation over
        mean; 0 is an even share, NaN without any).
    """
    rows = {}
    for column in columns:
        values = localities[column].to_numpy(float)
        mean, least, most = values.mean(), values.min(), values.max()
        ratio = most / least if least > 0 else np.inf if most > 0 else np.nan
        spread = values.std() / mean if mean > 0 else np.nan
        rows[column] = {
            "localities": len(values),
            "mean": mean,
            "smallest": least,
            "largest": most,
            "largest_to_smallest": ratio,
            "coefficient_of_variation": spread,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


def _sites_in(reach: OptionReach, locality: pd.Series) -> pd.Series:
    sites = reach.open_sites
    if sites.empty:
        return pd.Series(dtype="int64")
    areas = reach.areas[["easting", "northing"]].to_numpy(float)
    points = sites[["easting", "northing"]].to_numpy(float)
    nearest = ((areas[:, None, :] - points[None, :, :]) ** 2).sum(axis=2).argmin(axis=0)
    counts: pd.Series = locality.iloc[nearest].value_counts()
    return counts
