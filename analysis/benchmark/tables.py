"""Several places beside each other as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.benchmark.beside import places_beside
from analysis.need.estimate import NeedEstimate


def beside_table(estimates: Sequence[NeedEstimate]) -> pd.DataFrame:
    """Need by place in words: estimates with their ranges in one cell, most children in the first tier on top.

    Returns
    -------
    DataFrame
        Index `Place`; `Children`, `In the most deprived fifth` (of England's neighbourhoods, per cent of
        children), then a column of numbers and one of rates a tier, and `Families`.
    """
    table = places_beside(estimates)
    names = {tier.key: tier.name for estimate in estimates for tier in estimate.settings.tiers}
    first = next(iter(names))
    table = table.sort_values(f"{first}_children", ascending=False)
    shown = pd.DataFrame({"Place": table["name"], "Children": table["children"]})
    shown["In the most deprived fifth"] = [f"{share:.0%}" for share in table["most_deprived_share"]]
    for key, name in names.items():
        shown[name] = _with_ranges(table, f"{key}_children", f"{key}_low", f"{key}_high")
        shown[f"{name} per 1,000"] = table[f"{key}_rate_per_1000"].round(1)
    shown["Families"] = _with_ranges(table, "families", "families_low", "families_high")
    return shown.set_index("Place")


def _with_ranges(table: pd.DataFrame, value: str, low: str, high: str) -> list[str]:
    cells = zip(table[value], table[low], table[high], strict=True)
    return ["" if pd.isna(v) else f"{v:,.0f} ({lo:,.0f} to {hi:,.0f})" for v, lo, hi in cells]
