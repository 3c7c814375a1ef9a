"""The place in one table: how many are within reach, and how far the rest have to go."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.reach.coverage import Limit, covered_areas, nearest_sites
from analysis.reach.demand import area_codes, measure_columns
from analysis.reach.groups import area_groups

FloatArray = npt.NDArray[np.float64]


def weighted_quantile(values: FloatArray, weights: FloatArray, share: float) -> float:
    """The smallest value that at least `share` of the weight does not exceed; NaN without weight.

    >>> weighted_quantile(np.array([10.0, 20.0, 40.0]), np.array([1.0, 1.0, 2.0]), 0.5)
    20.0
    """
    heavy = weights > 0
    if not heavy.any():
        return float("nan")
    order = np.argsort(values[heavy], kind="stable")
    cumulated = np.cumsum(weights[heavy][order])
    # a share of a whole number of children must not miss its own child by rounding
    position = int(np.searchsorted(cumulated, share * cumulated[-1] * (1 - 1e-12)))
    return float(values[heavy][order][position])


def reach_summary(costs: pd.DataFrame, demand: pd.DataFrame, minutes: Limit) -> pd.DataFrame:
    """Everything that METHODS asks of a place as a whole, for each group of children.

    Parameters
    ----------
    costs, demand, minutes
        As for `analysis.reach.coverage.coverage_by`.

    Returns
    -------
    DataFrame
        Index `measure` (children, under_fives, each tier); `total`, `covered`, `not_covered`,
        `share_covered`, and minutes to the nearest site weighted by that group: `mean_minutes`,
        `median_minutes`, `p90_minutes`, `longest_minutes` (inf where some have no way at all).
    """
    covered = covered_areas(costs, minutes).reindex(demand.index).to_numpy()
    nearest = nearest_sites(costs)["nearest_minutes"].reindex(demand.index).to_numpy(float)
    rows = {}
    for measure in measure_columns(demand):
        weights = demand[measure].to_numpy(float)
        total, inside = weights.sum(), weights[covered].sum()
        heavy = weights > 0
        rows[measure] = {
            "total": total,
            "covered": inside,
            "not_covered": total - inside,
            "share_covered": inside / total if total > 0 else np.nan,
            "mean_minutes": np.average(nearest[heavy], weights=weights[heavy]) if total > 0 else np.nan,
            "median_minutes": weighted_quantile(nearest, weights, 0.5),
            "p90_minutes": weighted_quantile(nearest, weights, 0.9),
            "longest_minutes": nearest[heavy].max() if total > 0 else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


def areas_not_reached(
    costs: pd.DataFrame, demand: pd.DataFrame, minutes: Limit, measure: str
) -> pd.DataFrame:
    """List the areas out of reach, most need first, each with its nearest site.

    Parameters
    ----------
    costs, demand, minutes
        As for `analysis.reach.coverage.coverage_by`.
    measure : str
        The column of `demand` that ranks them.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `ward_name`, `need_not_reached`, `children`, `nearest_site`,
        `nearest_minutes`; ties by code.
    """
    groups = area_groups(demand, "lsoa")
    missed = ~covered_areas(costs, minutes).reindex(demand.index).to_numpy(bool)
    nearest = nearest_sites(costs).reindex(demand.index)
    need, children = demand[measure].to_numpy(), demand["children"].to_numpy()
    # A row of an age that nobody has is no gap; an area without children is one, as long as it has one row.
    missed &= (children > 0) | ("area_code" not in demand)
    weight = np.where(missed, np.maximum(need, 1e-9), 0.0)
    first = demand.groupby(area_codes(demand).to_numpy(object))[["area_name", "ward_name"]].first()
    table = first.reindex(groups.codes)
    table["need_not_reached"] = groups.totals(np.where(missed, need, 0))
    table["children"] = groups.totals(np.where(missed, children, 0))
    table["nearest_site"] = pd.array(
        groups.leading(nearest["nearest_site"].to_numpy(object), weight), dtype="str"
    )
    table["nearest_minutes"] = groups.means(nearest["nearest_minutes"].to_numpy(float), weight)
    table = table[groups.totals(missed.astype(np.int64)) > 0]
    order = np.lexsort((table.index.to_numpy(str), -table["need_not_reached"].to_numpy(float)))
    return table.iloc[order].rename_axis("area_code")
