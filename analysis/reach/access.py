"""How much of the sites' capacity there is for each child or family in need, by area (E2SFCA)."""

from __future__ import annotations

import pandas as pd

from analysis.reach.catchments import Decay, MatrixPairs, floating_catchment
from analysis.reach.coverage import group_means
from analysis.reach.groups import By

FAMILIES = "capacity_per_1000_families"
SITES = "sites_per_1000_children_in_need"


def access_by(
    costs: pd.DataFrame,
    demand: pd.DataFrame,
    sites: pd.DataFrame,
    minutes: float,
    *,
    measure: str,
    children_per_family: float,
    decay: Decay = "steps",
    by: By = "ward",
) -> pd.DataFrame:
    """Capacity within reach per 1,000 in need; sites count 1 each where capacities are not all known.

    Parameters
    ----------
    costs, demand
        As for `analysis.reach.coverage.coverage_by`.
    sites : DataFrame
        The sites of `costs`, with `capacity_families`.
    minutes : float
        Edge of the catchment.
    measure : str
        Column of `demand` that stands for need.
    children_per_family : float
        Turns children into families, which capacity is counted in.
    decay : str
        See `analysis.reach.catchments.DECAY_WORDS`.
    by : str
        What to average over, weighted by need.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, then `FAMILIES` or `SITES` by what is counted.
    """
    capacity = sites["capacity_families"]
    known = bool(capacity.notna().all()) and len(capacity) > 0
    need = demand[measure] / (children_per_family if known else 1.0)
    supply = capacity if known else capacity.notna().astype(float) * 0 + 1
    access = floating_catchment(MatrixPairs(costs, minutes), need, supply, minutes, decay) * 1000
    return group_means(access.rename(FAMILIES if known else SITES), need, demand, by).rename_axis("area_code")
