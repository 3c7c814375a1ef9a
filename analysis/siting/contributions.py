"""What each chosen site adds to an answer."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.siting.models.instance import prepare
from analysis.siting.models.model import FloatArray


def site_contributions(
    costs: pd.DataFrame, weights: pd.Series[float], sites: Iterable[str], minutes: float
) -> pd.DataFrame:
    """What each site of a set reaches, and what would be lost without it.

    Parameters
    ----------
    costs : DataFrame of shape (areas, sites)
        Minutes.
    weights : Series of shape (areas,)
        Need.
    sites : iterable of str
        The set.
    minutes : float
        Catchment.

    Returns
    -------
    DataFrame
        Index `site_id`, sorted; `need_within` the catchment, `need_only_here` (within no other site of the
        set: lost if it closes), `need_assigned` (nearest), `extra_minutes_without` (need-weighted minutes
        that closing it adds; infinite when it is the only one that some area reaches).
    """
    instance = prepare(costs, weights)
    chosen = sorted(sites)
    table: FloatArray = instance.minutes[:, [instance.sites.index(site) for site in chosen]]
    inside = instance.covers(minutes)[:, [instance.sites.index(site) for site in chosen]]
    alone = inside & (inside.sum(axis=1) == 1)[:, None]
    nearest = table.argmin(axis=1) if chosen else np.zeros(len(table), dtype=int)
    reached = np.isfinite(table).any(axis=1)
    rows = []
    for k, site in enumerate(chosen):
        mine = reached & (nearest == k)
        others = np.delete(table, k, axis=1)
        second = others.min(axis=1) if others.shape[1] else np.full(len(table), np.inf)
        extra = instance.weights[mine] @ (second[mine] - table[mine, k]) if mine.any() else 0.0
        rows.append(
            {
                "site_id": site,
                "need_within": float(instance.weights[inside[:, k]].sum()),
                "need_only_here": float(instance.weights[alone[:, k]].sum()),
                "need_assigned": float(instance.weights[mine].sum()),
                "extra_minutes_without": float(extra),
            }
        )
    columns = ["site_id", "need_within", "need_only_here", "need_assigned", "extra_minutes_without"]
    return pd.DataFrame(rows, columns=columns).set_index("site_id")
