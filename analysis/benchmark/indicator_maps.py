"""Maps of one figure or of two: classes, colours, tooltips, and the words and legend around them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.benchmark.indicator_answer import THIRDS, IndicatorAnswer, PairAnswer
from analysis.benchmark.indicator_words import (
    ESTIMATED_NUMBER,
    area_figures,
    level_words,
    look_title,
    map_title,
    pair_title,
    sign,
    standing_words,
)
from analysis.places.indicators import Indicator
from analysis.render.classes import ClassedScale, Scheme, classed_scale, estimate_decimals
from analysis.render.layers import AreaPaint
from analysis.render.map_sheet import LegendRow, MapLegend, MapSheet, legend_rows
from analysis.render.theme import BIVARIATE, MISSING, SEQUENTIAL, Hue
from analysis.scenario.levels import LEVEL_WORDS

FIFTHS = 5


@dataclass(frozen=True, eq=False)
class IndicatorMap:
    """A map of figures looked at.

    Parameters
    ----------
    paint : AreaPaint
    sheet : MapSheet
    """

    paint: AreaPaint
    sheet: MapSheet

    @property
    def fill(self) -> pd.Series:
        """Colour of each area, for the list beside the map; index `area_code`."""
        return self.paint.fill


def indicator_map(answer: IndicatorAnswer, source: str, scheme: Scheme = "natural breaks") -> IndicatorMap:
    """Areas in classes of one figure: the stronger the colour, the more need (of context, the higher).

    Ranks and deciles have the fifths of England for classes, so that maps of two places can be compared.

    Parameters
    ----------
    answer : IndicatorAnswer
    source : str
        For the printed sheet.
    scheme : {"natural breaks", "quantiles", "equal"}
        Of all other figures.
    """
    values, indicator, place = answer.table["value"], answer.indicator, answer.place
    scale = _scale(values, indicator, scheme)
    rows = legend_rows(scale, values, sign(indicator))
    if indicator.direction < 0:
        # The strongest on top, as in every other legend.
        blank = [row for row in rows if row[0] == MISSING]
        rows = [*(row for row in reversed(rows) if row[0] != MISSING), *blank]
    words = map_title(indicator)
    one = LEVEL_WORDS[answer.level].one
    sheet = MapSheet(
        f"{place.slug} {indicator.key} {answer.level}",
        look_title(answer),
        f"{words}, by {one}, {place.name}, {indicator.vintage}",
        source,
        MapLegend(words, tuple(rows), level_words(answer.level)),
    )
    order = answer.table["rank"].astype(float)
    paint = AreaPaint(answer.level, scale.colours_of(values), _tooltip(answer), _labels(answer, -order))
    return IndicatorMap(paint, sheet)


def _labels(answer: IndicatorAnswer, order: pd.Series) -> pd.Series | None:
    """Which names stay where they would overlap: those with most need; of small areas wards are named."""
    return None if answer.level == "lsoa" else order


def _scale(values: pd.Series, indicator: Indicator, scheme: Scheme) -> ClassedScale:
    palette = SEQUENTIAL["blue"]
    if indicator.measure in ("rank", "decile"):
        most = indicator.areas_in_england or 10
        limits = tuple(float(most * fifth // FIFTHS) for fifth in range(1, FIFTHS + 1))
        return ClassedScale(1.0, limits, palette[::-1])
    hue: Hue = "turquoise" if indicator.table == "reach" else "blue"
    if indicator.limits:
        return ClassedScale(0.0, (*indicator.limits, np.inf), SEQUENTIAL[hue], given=True)
    counted = indicator.unit == ESTIMATED_NUMBER
    decimals = estimate_decimals(values) if counted else indicator.decimals
    scale = classed_scale(values, scheme=scheme, hue=hue, decimals=decimals)
    return replace(scale, colours=scale.colours[::-1]) if indicator.direction < 0 else scale


def _tooltip(answer: IndicatorAnswer) -> pd.DataFrame:
    table, known = answer.table, len(answer.known)
    missing = [
        "" if answer.level == "lsoa" or not few else f"{few} of {of} parts have no figure"
        for few, of in zip(table["parts_missing"], table["parts"], strict=True)
    ]
    return pd.DataFrame(
        {
            "line1": answer.indicator.title + ": " + area_figures(answer),
            "line2": ["" if pd.isna(rank) else f"Rank {rank} of {known} here" for rank in table["rank"]],
            "line3": [
                "" if pd.isna(share) else standing_words(answer, share).capitalize()
                for share in table["england_percentile"]
            ],
            "line4": missing,
        },
        index=table.index,
    )


def pair_colour(first: str, second: str) -> str:
    """Colour of an area by its thirds on two figures: blue by the first, pink by the second, both together purple.

    >>> pair_colour("low", "low"), pair_colour("high", "low")
    ('#E3E3DE', '#36679A')
    """
    if not first or not second:
        return MISSING
    return BIVARIATE[len(THIRDS) * THIRDS.index(first) + THIRDS.index(second)]


def pair_map(pair: PairAnswer, source: str) -> IndicatorMap:
    """Areas by their thirds on two figures, in nine colours: the strongest are in the highest third on both."""
    first, second, table = pair.first, pair.second, pair.table
    fill = pd.Series(
        [pair_colour(a, b) for a, b in zip(table["first_third"], table["second_third"], strict=True)],
        table.index,
    )
    place, many = first.place, level_words(first.level)
    sheet = MapSheet(
        f"{place.slug} {first.indicator.key} and {second.indicator.key} {first.level}",
        pair_title(pair),
        f"{map_title(first.indicator)}, and {map_title(second.indicator)}: thirds of the {many} of {place.name}",
        source,
        MapLegend(
            "Thirds by need" if _are_need(pair) else "Thirds of the place",
            _pair_rows(pair),
            many,
            square=(first.indicator.title, second.indicator.title),
        ),
    )
    tooltip = pd.DataFrame(
        {
            "line1": _tooltip(first)["line1"],
            "line2": _tooltip(second)["line1"].reindex(table.index),
            "line3": [
                f"{a} and {b}".capitalize() if a else "No figure of both"
                for a, b in zip(table["first_third"], table["second_third"], strict=True)
            ],
            "line4": "",
        },
        index=table.index,
    )
    order = _labels(first, -first.table["rank"].astype(float))
    return IndicatorMap(AreaPaint(first.level, fill, tooltip, order), sheet)


def _are_need(pair: PairAnswer) -> bool:
    return bool(pair.first.indicator.direction and pair.second.indicator.direction)


def _pair_rows(pair: PairAnswer) -> tuple[LegendRow, ...]:
    counts = pair.table.groupby(["first_third", "second_third"]).size()
    rows = [
        (pair_colour(a, b), f"{a} and {b}", str(int(counts.get((a, b), 0))))
        for a in THIRDS[::-1]
        for b in THIRDS
    ]
    missing = int(counts.get(("", ""), 0))
    return tuple([*rows, (MISSING, "no figure", str(missing))] if missing else rows)
