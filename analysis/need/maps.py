"""The map of need: classes, colours, tooltips, and the words and legend around it on screen and in print."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.need.answer import Measure, need_ranking
from analysis.need.estimate import NeedEstimate
from analysis.need.words import assumed_source, map_title, ranking_words
from analysis.places.place import Level
from analysis.render.classes import ClassedScale, Scheme, classed_scale, estimate_decimals
from analysis.render.layers import AreaPaint
from analysis.render.map_sheet import MapLegend, MapSheet, legend_rows
from analysis.render.theme import estimate_words, percent, tier_hue, whole
from analysis.scenario.levels import LEVEL_WORDS


@dataclass(frozen=True, eq=False)
class NeedMap:
    """A classed map of one measure: the ranking behind it, its colours and its words.

    Parameters
    ----------
    ranking : DataFrame
        `need_ranking` with `fill`, the hex colour of each area, and `words`, its children in the tier with range.
    scale : ClassedScale
    paint : AreaPaint
    title : str
        What is mapped, with units.
    unit : str
        Sign behind a number, such as "%".
    """

    ranking: pd.DataFrame
    scale: ClassedScale
    paint: AreaPaint
    title: str
    unit: str

    @property
    def numbers(self) -> pd.DataFrame:
        """What is behind the map, for a download."""
        return self.ranking.drop(columns=["fill", "words"])


def need_map(
    estimate: NeedEstimate,
    tier_key: str,
    level: Level,
    measure: Measure = "number",
    scheme: Scheme = "natural breaks",
) -> NeedMap:
    """Class and colour one measure of a tier for the map; the ranking beside it shares numbers and colours."""
    ranking = need_ranking(estimate, tier_key, level, measure)
    hue = "blue" if measure == "range" else tier_hue(tier_key)
    decimals = estimate_decimals(ranking["value"]) if measure == "number" else 0
    scale = classed_scale(ranking["value"], scheme=scheme, hue=hue, decimals=decimals)
    table = estimate.tier_table(level, tier_key).loc[ranking.index]
    words = [estimate_words(*row) for row in table[["need", "low", "high"]].itertuples(index=False)]
    ranking = ranking.assign(words=words, fill=scale.colours_of(ranking["value"]))
    labels = estimate.tier_table("ward" if level == "lsoa" else level, tier_key)["need"]
    paint = AreaPaint(level, ranking["fill"], _tooltip(estimate, tier_key, level, words, table), labels)
    title = map_title(estimate.tier(tier_key).name, measure)
    return NeedMap(ranking, scale, paint, title, "%" if measure == "range" else "")


def _tooltip(
    estimate: NeedEstimate, tier_key: str, level: Level, words: list[str], table: pd.DataFrame
) -> pd.DataFrame:
    """Up to four lines for each area: number with range, rate, rank, how sure the rank is."""
    name, top = estimate.tier(tier_key).name, estimate.top_count(level)
    return pd.DataFrame(
        {
            "line1": [f"{name}: est. {each} children" for each in words],
            "line2": [
                f"{rate:,.0f} per 1,000 of {whole(children)} children"
                for rate, children in zip(table["rate_per_1000"], table["children"], strict=True)
            ],
            "line3": [f"Rank {rank} of {len(table)} by number" for rank in table["rank"]],
            "line4": [f"Top {top} in {percent(share)} of model runs" for share in table["p_top"]],
        },
        index=table.index,
    )


def need_map_sheet(
    estimate: NeedEstimate, drawn: NeedMap, tier_key: str, measure: Measure = "number"
) -> MapSheet:
    """Words and legend of `need_map`, the same for screen, print and pack."""
    level, place = drawn.paint.level, estimate.place
    title, _ = ranking_words(drawn.ranking, drawn.ranking, estimate.tier(tier_key).name, level, measure)
    date = place.manifest.children_title.split(", ")[-1]
    rows = tuple(legend_rows(drawn.scale, drawn.ranking["value"], drawn.unit))
    return MapSheet(
        name=f"{place.slug} map {tier_key} {level} {measure}",
        title=title,
        subtitle=f"{drawn.title}, by {LEVEL_WORDS[level].one}, {place.name}, {date}; modelled",
        source=assumed_source(estimate),
        legend=MapLegend(drawn.title, rows, LEVEL_WORDS[level].many),
    )
