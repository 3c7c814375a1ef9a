"""Tables of need as they are shown or downloaded: a column for each figure of a tier, headline figures."""

from __future__ import annotations

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level
from analysis.render.theme import estimate_parts, estimate_words, whole

PARTS = {
    "need": ("children", "{tier} (est.)"),
    "low": ("low", "from"),
    "high": ("high", "to"),
    "rate_per_1000": ("rate_per_1000", "per 1,000"),
    "rank": ("rank", "rank"),
    "p_top": ("p_top", "chance of the top"),
}
"""By column of the long table: its name behind the tier's key in the wide table, and its heading on a page."""


def wide_table(estimate: NeedEstimate, level: Level) -> pd.DataFrame:
    """Need by area as it is downloaded and printed as CSV: a row an area, a group of columns a tier.

    Returns
    -------
    DataFrame
        Index `area_code`, in order; `area_name`, `children`; for each tier `<tier>_children`, `<tier>_low`,
        `<tier>_high`, `<tier>_rate_per_1000`, `<tier>_rank`, `<tier>_p_top`; `families`, `families_low`,
        `families_high`. Exact: not rounded as in sentences.
    """
    return pd.concat(
        [
            estimate.tier_table(level, estimate.tier_keys[0])[["area_name", "children"]],
            *(_tier_columns(estimate, level, key) for key in estimate.tier_keys),
            estimate.families(level)
            .drop(columns="area_name")
            .rename(columns={"low": "families_low", "high": "families_high"}),
        ],
        axis=1,
    )


def _tier_columns(estimate: NeedEstimate, level: Level, key: str) -> pd.DataFrame:
    names = {part: f"{key}_{name}" for part, (name, _) in PARTS.items()}
    return estimate.tier_table(level, key)[list(PARTS)].rename(columns=names)


def wide_headings(estimate: NeedEstimate) -> dict[str, str]:
    """Headings of `wide_table` on a page, by column."""
    tiers = {
        f"{tier.key}_{name}": heading.format(tier=tier.name)
        for tier in estimate.settings.tiers
        for name, heading in PARTS.values()
    }
    return {
        "area_code": "Code",
        "area_name": "Area",
        "children": "Children",
        **tiers,
        "families": "Families (est.)",
        "families_low": "families from",
        "families_high": "families to",
    }


def readable_table(estimate: NeedEstimate, level: Level) -> pd.DataFrame:
    """The table as a person reads it in a terminal: most need first, estimates with their ranges in one cell."""
    tables = {key: estimate.tier_table(level, key) for key in estimate.tier_keys}
    first = tables[estimate.tier_keys[0]]
    shown = first[["area_name", "children"]]
    for key, table in tables.items():
        name = estimate.tier(key).name
        shown = shown.assign(
            **{
                f"{name} (est.)": with_ranges(table, "need"),
                f"{name} per 1,000": table["rate_per_1000"].round(),
                f"{name} rank": table["rank"],
                f"{name}: chance of the top {estimate.top_count(level)}": table["p_top"].map("{:.0%}".format),
            }
        )
    families = with_ranges(estimate.families(level), "families")
    return shown.assign(**{"Families (est.)": families}).loc[first.sort_values("rank").index]


def with_ranges(table: pd.DataFrame, value: str) -> pd.Series:
    """Each estimate with its range in one cell, rounded as in every sentence: "670 (440 to 930)"."""
    cells = zip(table[value], table["low"], table["high"], strict=True)
    return pd.Series([estimate_words(*cell) for cell in cells], index=table.index)


def headline_figures(estimate: NeedEstimate) -> pd.DataFrame:
    """The place's headline figures: `label`, `value`, `detail` (range, or whose figures they are)."""
    title, _, date = estimate.place.manifest.children_title.rpartition(", ")
    whose = "own" if estimate.place.own("children") else "official"
    rows = [(title or date, whole(estimate.place.children), f"{whose} figures, {date}")]
    named = [(tier.name, estimate.total(tier.key)) for tier in estimate.settings.tiers]
    named.append(("Families in any tier", estimate.total_families))
    for label, (value, low, high) in named:
        shown, lower, upper = estimate_parts(value, low, high)
        rows.append((label, shown, f"est. {lower} to {upper}"))
    return pd.DataFrame(rows, columns=["label", "value", "detail"])
