"""What each site carries: need within reach, need assigned, load, overlap, and what only it reaches."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.reach.coverage import Limit, nearest_sites, within_limit
from analysis.reach.demand import measure_columns

BoolArray = npt.NDArray[np.bool_]


def site_figures(
    costs: pd.DataFrame,
    demand: pd.DataFrame,
    sites: pd.DataFrame,
    minutes: Limit,
    *,
    measure: str = "children",
    children_per_family: float = 1.74,
) -> pd.DataFrame:
    """One row a site: whom it can serve, whom it is nearest to, and what would be lost without it.

    Parameters
    ----------
    costs, demand
        As for `analysis.reach.coverage.coverage_by`.
    sites : DataFrame
        Sites frame with at least the sites of `costs`.
    minutes : float or Series
        As for `analysis.reach.coverage.coverage_by`.
    measure : str
        Column of `demand` that stands for need.
    children_per_family : float
        Turns children in need into families, which capacity is counted in (1.74: ONS 2024, mean
        dependent children in families with any).

    Returns
    -------
    DataFrame
        Index `site_id`, in order; `name`, `kind`, `children_within`, `under_fives_within` (where ages are known),
        `need_within`, `need_assigned` (all need for which it is nearest, at any distance: the column adds up to the
        place's need where every area has a way), `need_assigned_within` (of that, within the limit),
        `families_assigned`, `capacity_families`, `load` (families assigned over capacity, NaN where
        capacity is unknown or 0), `need_shared` (within reach of another site too), `need_unique` and
        `children_unique` (reached by this site alone: lost if only it closed), `mean_minutes` (of the
        need assigned).
    """
    ordered = costs.reindex(demand.index).sort_index(axis=1)
    reach, alone = _reach_and_alone(ordered, minutes)
    nearest = nearest_sites(ordered)
    position = ordered.columns.get_indexer(pd.Index(nearest["nearest_site"]))
    assigned = np.zeros(reach.shape, dtype=bool)
    has_site = position >= 0
    assigned[np.flatnonzero(has_site), position[has_site]] = True
    need = demand[measure].to_numpy()
    table = sites.reindex(ordered.columns)[["name", "kind"]].rename_axis("site_id")
    table["children_within"] = demand["children"].to_numpy() @ reach
    if "under_fives" in demand:
        table["under_fives_within"] = demand["under_fives"].to_numpy() @ reach
    table["need_within"] = need @ reach
    table["need_assigned"] = need @ assigned
    table["need_assigned_within"] = need @ (assigned & reach)
    table["families_assigned"] = table["need_assigned"] / children_per_family
    table["capacity_families"] = sites["capacity_families"].reindex(table.index)
    capacity = table["capacity_families"].where(table["capacity_families"] > 0)
    table["load"] = table["families_assigned"] / capacity
    unique = need @ alone
    table["need_shared"] = table["need_within"] - unique
    table["need_unique"] = unique
    table["children_unique"] = demand["children"].to_numpy() @ alone
    minutes_taken = np.where(assigned, ordered.to_numpy(float), 0.0)
    weight = table["need_assigned"].to_numpy(float)
    total = need @ minutes_taken
    table["mean_minutes"] = np.divide(total, weight, out=np.full(len(weight), np.nan), where=weight > 0)
    return table


def site_overlaps(
    costs: pd.DataFrame, demand: pd.DataFrame, minutes: Limit, *, measure: str = "children"
) -> pd.DataFrame:
    """Need within reach of both of two sites, for every pair; the diagonal is each site's own reach.

    Returns
    -------
    DataFrame
        Index and columns `site_id`, in order.
    """
    ordered = costs.reindex(demand.index).sort_index(axis=1)
    reach = within_limit(ordered, minutes).to_numpy(float)
    shared = reach.T @ (reach * demand[measure].to_numpy(float)[:, None])
    return pd.DataFrame(shared, index=ordered.columns, columns=ordered.columns).rename_axis("site_id")


def loss_if_closed(costs: pd.DataFrame, demand: pd.DataFrame, minutes: Limit) -> pd.DataFrame:
    """Children, under-fives and each tier that no other site reaches, by site.

    Returns
    -------
    DataFrame
        Index `site_id`, one column a measure.
    """
    ordered = costs.reindex(demand.index).sort_index(axis=1)
    _, alone = _reach_and_alone(ordered, minutes)
    measures = measure_columns(demand)
    lost = alone.T.astype(float) @ demand[measures].to_numpy(float)
    return pd.DataFrame(lost, index=ordered.columns, columns=measures).rename_axis("site_id")


def _reach_and_alone(costs: pd.DataFrame, minutes: Limit) -> tuple[BoolArray, BoolArray]:
    """Whether each area reaches each site, and whether it reaches that site and no other."""
    reach = within_limit(costs, minutes).to_numpy(bool)
    return reach, reach & (reach.sum(axis=1) == 1)[:, None]
