"""Several places beside each other as they are downloaded and as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.benchmark.beside import most_deprived_share
from analysis.need.estimate import NeedEstimate
from analysis.need.tables import wide_table, with_ranges


def places_beside(estimates: Sequence[NeedEstimate]) -> pd.DataFrame:
    """Need of several places, one row each.

    Returns
    -------
    DataFrame
        Index `place` (slug); `name`, `children`, `most_deprived_share` (share of children who live in the
        most deprived fifth of England's neighbourhoods), `vintage`; for each tier that a place has
        `<tier>_children`, `_low`, `_high`, `_rate_per_1000`; `families`, `families_low`, `families_high`.
    """
    rows = []
    for estimate in estimates:
        place = estimate.place
        figures = wide_table(estimate, "place").iloc[0].drop(["area_name", "children"])
        rows.append(
            {
                "place": place.slug,
                "name": place.name,
                "children": place.children,
                "most_deprived_share": most_deprived_share(estimate),
                "vintage": estimate.settings.vintage,
                **{
                    name: value
                    for name, value in figures.items()
                    if not str(name).endswith(("_rank", "_p_top"))
                },
            }
        )
    return pd.DataFrame(rows).set_index("place")


def beside_table(estimates: Sequence[NeedEstimate]) -> pd.DataFrame:
    """Need by place in words: estimates with their ranges in one cell, most children in the first tier on top.

    Returns
    -------
    DataFrame
        Index `Place`; `Children`, `In the most deprived fifth` (of England's neighbourhoods, per cent of
        children), then a column of numbers and one of rates a tier, and `Families`.
    """
    first = estimates[0].tier_keys[0]
    ordered = sorted(estimates, key=lambda each: -each.total(first).value if first in each.tier_keys else 0)
    rows = []
    for estimate in ordered:
        place = estimate.place
        row = {
            "Place": place.name,
            "Children": place.children,
            "In the most deprived fifth": f"{most_deprived_share(estimate):.0%}",
        }
        for tier in estimate.settings.tiers:
            table = estimate.tier_table("place", tier.key)
            row[tier.name] = with_ranges(table, "need").iloc[0]
            row[f"{tier.name} per 1,000"] = table["rate_per_1000"].iloc[0]
        rows.append({**row, "Families": with_ranges(estimate.families("place"), "families").iloc[0]})
    table = pd.DataFrame(rows).set_index("Place")
    table.insert(len(table.columns) - 1, "Families", table.pop("Families"))
    words = table.select_dtypes(exclude="number").columns
    return table.fillna(dict.fromkeys(words, ""))
