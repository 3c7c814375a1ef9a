"""The numbers behind the targeting page: the smallest set of areas, concentration, and how sure each place is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.need.maps import need_map
from analysis.places.place import Level, Place
from analysis.render.classes import ClassedScale, Scheme
from analysis.render.figure_rows import shortened
from analysis.render.layers import AreaPaint
from analysis.render.theme import percent, whole
from analysis.targeting.focus import concentration, share_in_top, smallest_set

NEARLY_SURE = 0.9
OPEN_CHANCE = 0.005
OUTSIDE = "#FAFBFB"
PER_CENT = ("need_share", "cumulative_share", "children_share", "p_top")


@dataclass(frozen=True, eq=False)
class FocusSet:
    """The smallest set of areas with a chosen share of need, and every area in its order.

    Parameters
    ----------
    table : DataFrame
        Index `area_code`, most need first: `area_name`, `ward_name` (small areas only), `rank`, `children`,
        `value` (children in the tier), `low`, `high`, `need_share`, `cumulative_share` and
        `children_share` (cumulative, 0 to 1), `p_top` (share of draws among the `count` areas with most
        need), `in_set`, `words`, `fill`, `full_name` (with the ward, for charts).
    count : int
        Number of areas in the set.
    held : tuple of float
        Share of need in the set: estimate, low, high.
    scale, paint, title
        Classes, colours and words of the map: outside the set it is left white, as the bars are hollow.
    """

    table: pd.DataFrame
    count: int
    held: tuple[float, float, float]
    scale: ClassedScale
    paint: AreaPaint
    title: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the areas in the set, most need first."""
        return tuple(self.table.index[self.table["in_set"]])


def focus_set(
    estimate: NeedEstimate,
    tier_key: str,
    level: Level,
    share: float,
    scheme: Scheme = "natural breaks",
) -> FocusSet:
    """The fewest areas that hold a share of the children in a tier, with the ranking they come from.

    Parameters
    ----------
    share : float
        Above 0 and at most 1.
    """
    count = len(smallest_set(estimate, level, share, [tier_key]))
    everything = smallest_set(estimate, level, 1.0, [tier_key])
    drawn = need_map(estimate, tier_key, level, "number", scheme)
    need = drawn.ranking.loc[everything.index]
    table = pd.DataFrame(
        {
            "area_name": need["area_name"],
            "rank": np.arange(1, len(need) + 1),
            "children": need["children"],
            "value": need["value"],
            "low": need["low"],
            "high": need["high"],
            "need_share": everything["need_share"],
            "cumulative_share": everything["cumulative_share"],
            "children_share": everything["children_share"],
            "p_top": share_in_top(estimate, level, [tier_key], count).loc[need.index],
            "in_set": np.arange(len(need)) < count,
            "words": need["words"],
            "fill": need["fill"],
            "full_name": telling_names(estimate.place, level).loc[need.index],
        }
    )
    if level == "lsoa":
        table.insert(1, "ward_name", estimate.place.areas["ward_name"].reindex(table.index))
    fill = need["fill"].where(table["in_set"], OUTSIDE)
    paint = AreaPaint(level, fill, _tooltip(table, count), drawn.paint.label_order)
    held = _held(estimate, tier_key, level, table)
    return FocusSet(table, count, held, drawn.scale, paint, drawn.title)


def _held(
    estimate: NeedEstimate, tier_key: str, level: Level, table: pd.DataFrame
) -> tuple[float, float, float]:
    """Share of need in the set, with its range over the draws."""
    inside = estimate.place.names(level).index.isin(table.index[table["in_set"]])
    drawn = estimate.level_draws(level)[tier_key]
    shares = drawn[:, inside].sum(axis=1) / drawn.sum(axis=1)
    tail = (1 - estimate.settings.interval) / 2
    low, high = np.quantile(shares, [tail, 1 - tail])
    share = float(table.loc[table["in_set"], "need_share"].sum())
    return share, min(float(low), share), max(float(high), share)


def _tooltip(table: pd.DataFrame, count: int) -> pd.DataFrame:
    inside = table["in_set"].map({True: "In the smallest set", False: "Not in the smallest set"})
    where = inside if "ward_name" not in table else inside + ", " + table["ward_name"]
    return pd.DataFrame(
        {
            "line1": [f"est. {words} children" for words in table["words"]],
            "line2": [
                f"Rank {rank} of {len(table)}; up to here {percent(share)} of need"
                for rank, share in zip(table["rank"], table["cumulative_share"], strict=True)
            ],
            "line3": where,
            "line4": [
                f"Among the first {count} in {percent(share)} of simulated worlds" for share in table["p_top"]
            ],
        },
        index=table.index,
    )


@dataclass(frozen=True, eq=False)
class ConcentrationView:
    """Concentration curve from (0, 0), its Gini, and the point that is named on it.

    Parameters
    ----------
    curve : DataFrame
        `area_name`, `children_share`, `need_share` (cumulative, 0 to 1); the first row is the origin.
    gini : float
    mark : tuple of float
        Share of children and of need where the curve first reaches the chosen share of need.
    """

    curve: pd.DataFrame
    gini: float
    mark: tuple[float, float]


def concentration_view(
    estimate: NeedEstimate, tier_key: str, level: Level, share: float
) -> ConcentrationView:
    """How unevenly the children in a tier lie over all children, areas with the highest rate first."""
    answer = concentration(estimate, level, [tier_key])
    start = pd.DataFrame({"area_name": [""], "children_share": [0.0], "need_share": [0.0]}, index=["start"])
    curve = pd.concat([start, answer.curve]).rename_axis("area_code")
    reached = answer.curve[answer.curve["need_share"] >= share - 1e-9].iloc[0]
    mark = (float(reached["children_share"]), float(reached["need_share"]))
    return ConcentrationView(curve, answer.gini, mark)


def chances(focus: FocusSet, most: int) -> pd.DataFrame:
    """Areas whose place in the set is worth a look: those in it, and those that could be; at most `most`.

    Where there are more, the ones nearest to the edge of the set are kept, since the rest are certain.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `p_top`, `in_set`, `rank`; highest chance first.
    """
    table = focus.table[["full_name", "p_top", "in_set", "rank"]].rename(columns={"full_name": "area_name"})
    near = table[table["in_set"] | (table["p_top"] >= OPEN_CHANCE)]
    if len(near) > most:
        edge = (near["p_top"] - 0.5).abs().sort_values(kind="stable").index[:most]
        near = near.loc[near.index.isin(edge)]
    return near.sort_values(["p_top", "rank"], ascending=[False, True])


def focus_table(focus: FocusSet) -> pd.DataFrame:
    """Every area in order, as the page lists it: shares in per cent, whole children, the set by sign and word."""
    shown = focus.table.drop(columns=["fill", "words", "full_name"])
    for column in ("value", "low", "high"):
        shown[column] = shown[column].astype("int64")
    for column in PER_CENT:
        shown[column] = (100 * shown[column]).round(1)
    return shown.assign(in_set=shown["in_set"].map({True: "✓ in", False: "· out"}))


def nearly_sure(focus: FocusSet) -> int:
    """How many areas of the set are among as many with most need in nine of ten simulated worlds."""
    return int((focus.table.loc[focus.table["in_set"], "p_top"] >= NEARLY_SURE).sum())


def telling_names(place: Place, level: Level) -> pd.Series:
    """Names that tell a reader where an area is: for small areas with their ward; index `area_code`.

    The place's own name, with which the names of small areas begin, is left out: "010F, Oxton".
    """
    names = place.names(level)
    if level != "lsoa":
        return names
    short = names.str.removeprefix(f"{place.name} ")
    return (short + ", " + place.areas["ward_name"].reindex(names.index)).rename("area_name")


def focus_rows(focus: FocusSet, most: int, selected: str | None) -> pd.DataFrame:
    """Rows for the bars: the set and what follows it, at most `most`; the selected area is always one."""
    rows = shortened(focus.table, most, selected)
    return rows.assign(
        area_name=rows["full_name"],
        label=[
            f"{whole(value)}, {percent(share)} so far"
            for value, share in zip(rows["value"], rows["cumulative_share"], strict=True)
        ],
    )
