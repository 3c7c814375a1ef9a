"""Wards split into areas of balanced need, beside the areas of today."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.output.siting_view import SitingSetting
from analysis.siting import Districts, Watch, best_balance, fewest_changes, score_districts
from analysis.siting.candidates import ward_neighbours


@dataclass(frozen=True, eq=False)
class Split:
    """A split of the wards into areas, beside today's.

    Parameters
    ----------
    found : Districts
    wards : DataFrame
        Index ward code; `ward_name`, `need`, `today`, `area`.
    now, then : DataFrame
        `score_districts` of today's areas and of the split.
    """

    found: Districts
    wards: pd.DataFrame
    now: pd.DataFrame
    then: pd.DataFrame


def balanced_split(
    setting: SitingSetting, number: int, margin: float, *, best: bool, watch: Watch | None = None
) -> Split:
    """Split wards into contiguous areas of balanced need: the fewest changes within a margin, or the best balance."""
    demand = setting.demand
    need = setting.weights.groupby(demand["ward_code"]).sum()
    wards = demand.groupby("ward_code")[["ward_name", "locality_name"]].first()
    today, neighbours = wards["locality_name"], ward_neighbours(setting.estimate.place)
    found = (
        best_balance(need, neighbours, today, number=number, watch=watch)
        if best
        else fewest_changes(need, neighbours, today, number=number, margin=margin, watch=watch)
    )
    split = found.districts if len(found.districts) else today
    table = wards.assign(need=need, today=today, area=split).drop(columns="locality_name")
    return Split(
        found, table, score_districts(need, neighbours, today), score_districts(need, neighbours, split)
    )
