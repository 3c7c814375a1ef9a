"""Hot spots: what the map, the chart and the list say of each area."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level
from analysis.render.layers import AreaPaint
from analysis.render.theme import DARK_PINK, LIGHT_PURPLE, ORANGE
from analysis.targeting.focus import need_rate
from analysis.targeting.hotspots import NOT_SIGNIFICANT, Correction, hot_spots

KINDS = ("high-high", "low-low", "high-low", "low-high", NOT_SIGNIFICANT)
NAMES = {
    "high-high": "▲ hot spot: high among high",
    "low-low": "▼ cold spot: low among low",
    "high-low": "△ high among low",
    "low-high": "▽ low among high",
    NOT_SIGNIFICANT: "· not beyond chance",
}
# The cold spots are pale, so that a greyscale print tells them from the hot ones.
COLOURS = {
    "high-high": DARK_PINK,
    "low-low": "#8FB6DA",
    "high-low": ORANGE,
    "low-high": LIGHT_PURPLE,
    NOT_SIGNIFICANT: "#E3E6EA",
}
SYMBOLS = {
    "high-high": "triangle-up",
    "low-low": "triangle-down",
    "high-low": "triangle-up-open",
    "low-high": "triangle-down-open",
    NOT_SIGNIFICANT: "circle",
}


@dataclass(frozen=True, eq=False)
class HotSpotView:
    """Local Moran's I of the rate of need.

    Parameters
    ----------
    spots : DataFrame
        As `hot_spots`, highest rate first, with `kind_words`, `fill`; `value` and `neighbours_mean` per
        1,000 children.
    cut_off : float
        p-value in force, after a correction.
    paint : AreaPaint
    """

    spots: pd.DataFrame
    cut_off: float
    paint: AreaPaint

    def count(self, kind: str) -> int:
        """Number of areas of a kind."""
        return int((self.spots["kind"] == kind).sum())

    @property
    def hot(self) -> tuple[str, ...]:
        """Codes of the hot spots."""
        return tuple(self.spots.index[self.spots["kind"] == "high-high"])


def find_hot_spots(
    estimate: NeedEstimate,
    tier_key: str,
    level: Level,
    significance: float,
    correction: Correction,
    permutations: int,
) -> pd.DataFrame:
    """`hot_spots` of a tier's rate per 1,000 children, with the seed of the estimate."""
    return hot_spots(
        estimate.place,
        1000 * need_rate(estimate, level, [tier_key]),
        level,
        significance=significance,
        correction=correction,
        permutations=permutations,
        seed=estimate.settings.seed,
    )


def hot_spot_view(estimate: NeedEstimate, spots: pd.DataFrame, level: Level) -> HotSpotView:
    """Colours and words for the answer of `find_hot_spots`."""
    ordered = spots.sort_values("value", ascending=False, kind="stable")
    ordered = ordered.assign(kind_words=ordered["kind"].map(NAMES), fill=ordered["kind"].map(COLOURS))
    if level == "lsoa":
        ordered.insert(1, "ward_name", estimate.place.areas["ward_name"].reindex(ordered.index))
    tooltip = pd.DataFrame(
        {
            "line1": ordered["kind_words"].str.capitalize(),
            "line2": [f"est. {value:,.0f} per 1,000 children" for value in ordered["value"]],
            "line3": [f"Neighbours' mean {value:,.0f} per 1,000" for value in ordered["neighbours_mean"]],
            "line4": [f"p = {value:.4f}" for value in ordered["p_value"]],
        },
        index=ordered.index,
    )
    labels = ordered["value"] if level != "lsoa" else None
    return HotSpotView(
        ordered, float(ordered["cut_off"].iloc[0]), AreaPaint(level, ordered["fill"], tooltip, labels)
    )


def spots_table(view: HotSpotView) -> pd.DataFrame:
    """Areas as the page lists them: those beyond chance first, highest rate first."""
    table = view.spots.assign(order=view.spots["kind"].map({kind: n for n, kind in enumerate(KINDS)}))
    table = table.sort_values(["order", "value"], ascending=[True, False]).drop(
        columns=["order", "fill", "kind", "cut_off"]
    )
    rounded = {"value": 1, "neighbours_mean": 1, "local_moran": 3, "p_value": 4}
    return table.round(rounded)
