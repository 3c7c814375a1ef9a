"""Sentences of figures looked at: how much here and in England, where most, which areas are high on two."""

from __future__ import annotations

import math

import pandas as pd

from analysis.base.text import unmarked
from analysis.benchmark.indicator_answer import IndicatorAnswer, PairAnswer
from analysis.need.estimate import NeedEstimate
from analysis.need.words import assumed_source
from analysis.places.indicators import Indicator
from analysis.places.place import AreaLevel
from analysis.places.sources import source_sentence
from analysis.render.number_words import listed, number_word
from analysis.render.theme import estimate_words, whole
from analysis.scenario.levels import LEVEL_WORDS

NO_FIGURE = "no figure"
ESTIMATED_NUMBER = "number, estimated"
MOST_NAMES = 5
STATUS_WORDS = {
    "official": "Official figures.",
    "estimated": "Estimated, not official.",
    "carried": "Official figures of other areas, carried to these.",
    "own": "Figures of your own.",
}


def number(indicator: Indicator, value: float) -> str:
    """A figure without its unit; "no figure" where there is none."""
    return NO_FIGURE if math.isnan(value) else f"{value:,.{indicator.decimals}f}"


def sign(indicator: Indicator) -> str:
    """What stands directly behind a figure of the indicator."""
    return "%" if indicator.unit.startswith("%") else ""


def figure(indicator: Indicator, value: float) -> str:
    """A figure as a sentence writes it: "24.1%", "1,204 children", "rank 58 of 33,755", "decile 3"."""
    text = number(indicator, value)
    if math.isnan(value):
        return text
    unit = "" if indicator.unit in ("score", "as published") else indicator.unit.removesuffix(", estimated")
    forms = {
        "count": f"{text} {indicator.weight}",
        "rank": f"rank {text} of {indicator.areas_in_england or 0:,}",
        "decile": f"decile {text}",
    }
    return forms.get(indicator.measure, f"{text}%" if sign(indicator) else f"{text} {unit}".strip())


def area_figures(answer: IndicatorAnswer) -> pd.Series:
    """The figure of each area: with its range where it is estimated, "at least" where parts are suppressed."""
    indicator, counts = answer.indicator, answer.indicator.measure == "count"
    rows = answer.table[["value", "low", "high", "parts_missing"]].astype(float).to_numpy().tolist()
    return pd.Series([_figure_of(indicator, *row, least=counts) for row in rows], answer.table.index)


def _figure_of(
    indicator: Indicator, value: float, low: float, high: float, missing: float, *, least: bool
) -> str:
    if not math.isnan(low):
        unit = "children" if least else "per 1,000 children"
        return f"est. {estimate_words(value, low, high)} {unit}"
    at_least = "at least " if least and missing > 0 and not math.isnan(value) else ""
    return f"{at_least}{figure(indicator, value)}"


def area_figure(answer: IndicatorAnswer, code: str) -> str:
    """The figure of one area, as `area_figures` tells it."""
    row = _numbers(answer, code, "value", "low", "high", "parts_missing")
    return _figure_of(answer.indicator, *row, least=answer.indicator.measure == "count")


def _numbers(answer: IndicatorAnswer, code: str, *columns: str) -> list[float]:
    """Cells of an area's row as numbers."""
    cells: list[float] = answer.table.loc[[code], list(columns)].astype(float).to_numpy()[0].tolist()
    return cells


def map_title(indicator: Indicator) -> str:
    """What a map shows, with its unit."""
    return f"{indicator.title}, {indicator.unit}"


def extremes(answer: IndicatorAnswer) -> tuple[str, str]:
    """Names of the areas with most and with least need; of context, with the highest and the lowest figure."""
    known = answer.known
    return str(known["area_name"].iloc[0]), str(known["area_name"].iloc[-1])


def look_title(answer: IndicatorAnswer) -> str:
    """The finding of a map: which area comes first."""
    if answer.known.empty:
        return f"No figures of {answer.indicator.title} by {LEVEL_WORDS[answer.level].one}"
    first = f"{extremes(answer)[0]}: {area_figure(answer, str(answer.known.index[0]))}"
    if len(answer.known) == 1:
        return first
    if answer.indicator.direction == 0:
        return f"{answer.indicator.title}, highest in {first}"
    if answer.indicator.unit == ESTIMATED_NUMBER:
        return f"{answer.indicator.title}, most in {first}"
    return f"Most need on {answer.indicator.title}: {first}"


def look_sentence(answer: IndicatorAnswer) -> str:
    """How much in the place and in England, the place's rank, the first and last areas, and what has no figure."""
    place, told = unmarked(answer.place.name), answer.whole
    words = unmarked(map_title(told))
    assumed = " (assumed: prevalence times children)" if told.table == "need" else ""
    if not math.isnan(answer.low):
        words = unmarked(told.title)
        shown = _figure_of(told, answer.value, answer.low, answer.high, 0, least=told.measure == "count")
    else:
        # The sum of modelled counts is no more exact than they are.
        shown = figure(told, round(answer.value, -1) if told.unit == ESTIMATED_NUMBER else answer.value)
    if told.unit and shown.endswith(f" {told.unit}"):
        # The unit stands behind the figure already.
        words = unmarked(told.title)
    parts = [f"{words}: **{unmarked(shown)}** in {place}{assumed}"]
    standing = answer.standing
    if standing is not None:
        against = f", against **{unmarked(figure(told, standing.england))}** in England"
        parts[0] += against if told.measure != "count" else f" of {number(told, standing.england)} in England"
        if standing.rank is not None:
            most = "the highest" if told.direction == 0 else "most need"
            parts[0] += f": rank {standing.rank} of {standing.peers} {standing.among} (1 has {most})"
    if len(answer.known) > 1:
        first, last = (unmarked(name) for name in extremes(answer))
        figures = [area_figure(answer, str(answer.known.index[at])) for at in (0, -1)]
        least = "lowest" if answer.indicator.direction == 0 else "least need"
        most = "Highest" if answer.indicator.direction == 0 else "Most need"
        parts.append(
            f"{most} in **{first}** ({unmarked(figures[0])}), {least} in {last} ({unmarked(figures[1])})"
        )
    return ". ".join([*parts, *missing_words(answer)]) + "."


def missing_words(answer: IndicatorAnswer) -> list[str]:
    """Areas without a figure, counted, and counts that are the least there can be."""
    one, many, _ = LEVEL_WORDS[answer.level]
    found = []
    if answer.missing:
        have = "has" if answer.missing == 1 else "have"
        count = number_word(answer.missing).capitalize()
        found.append(
            f"{count} of {len(answer.table)} {many if len(answer.table) > 1 else one} {have} no figure"
        )
    partly = answer.known[answer.known["parts_missing"] > 0]
    if len(partly) and answer.level != "lsoa":
        least = answer.indicator.measure == "count"
        kind = "the figure is the least that it can be" if least else "the figure leaves these parts out"
        found.append(f"{len(partly)} {one if len(partly) == 1 else many} with parts without a figure: {kind}")
    return found


def figure_card(answer: IndicatorAnswer, code: str) -> str:
    """One area in a sentence: its figure, its rank here, and where it stands in England."""
    rank, percentile, count = _numbers(answer, code, "rank", "england_percentile", "count")
    parts, missing = _numbers(answer, code, "parts", "parts_missing")
    words = [f"**{unmarked(area_figure(answer, code))}**"]
    if not math.isnan(rank):
        words.append(f"rank {rank:.0f} of {len(answer.known)} {LEVEL_WORDS[answer.level].many} here")
    if not math.isnan(percentile):
        words.append(standing_words(answer, percentile))
    if not math.isnan(count) and answer.indicator.table != "need":
        words.append(f"{whole(count)} {answer.indicator.weight}")
    if missing and answer.level != "lsoa":
        words.append(f"{missing:.0f} of its {parts:.0f} parts have no figure")
    return "; ".join(words) + "."


def standing_words(answer: IndicatorAnswer, percentile: float) -> str:
    """Where an area stands among England's areas of its level."""
    more = "higher" if answer.indicator.direction == 0 else "more need"
    many = LEVEL_WORDS["ward" if answer.level == "locality" else answer.level].many
    many = "districts" if answer.level == "locality" else many
    return f"{more} than {min(99, math.floor(percentile))}% of England's {many}"


def pair_title(pair: PairAnswer) -> str:
    """The finding of a map of two figures; the top third has most need, or of context the highest figures."""
    high, of = len(pair.high_on_both), len(pair.table)
    return f"{high} of {of} {LEVEL_WORDS[pair.first.level].many} are in the top third on both"


def pair_sentence(pair: PairAnswer) -> str:
    """Which areas are high on both figures, and how far the two go together."""
    names = [str(name) for name in pair.high_on_both["area_name"]]
    first, second = unmarked(pair.first.indicator.title), unmarked(pair.second.indicator.title)
    shown = [unmarked(name) for name in names[:MOST_NAMES]]
    if len(names) > MOST_NAMES:
        shown.append(f"{len(names) - MOST_NAMES} more")
    named = f": {listed(shown)}" if shown else ""
    many = LEVEL_WORDS[pair.first.level].many
    first_part = (
        f"**{len(names)} of {len(pair.table)}** {many} of {unmarked(pair.first.place.name)} are in the "
        f"top third on both {first} and {second}{named}"
    )
    parts = [first_part]
    if not math.isnan(pair.correlation):
        parts.append(f"The two go together by {pair.correlation:.2f} (rank correlation, -1 to 1)")
    missing = int((pair.table["first_third"] == "").sum())
    if missing:
        parts.append(f"{number_word(missing).capitalize()} without a figure of both")
    return ". ".join(parts) + "."


def indicator_source(estimate: NeedEstimate, indicator: Indicator) -> str:
    """Publisher, date, licence and standing of a figure, and how areas are put together."""
    if indicator.table == "need":
        return assumed_source(estimate)
    if indicator.table == "reach":
        return f"{indicator.source} {assumed_source(estimate)}"
    if not indicator.source:
        # A place that names no source says so.
        return " ".join([source_sentence(estimate.place, [indicator.column]), indicator.method])
    told = [
        f"Source: {indicator.source} ({indicator.publisher}, {indicator.vintage}).",
        f"{indicator.licence}." if indicator.licence else "",
        STATUS_WORDS[indicator.status],
        indicator.note if not indicator.note or indicator.note.endswith(".") else f"{indicator.note}.",
        indicator.method,
    ]
    return " ".join(part for part in told if part)


def look_source(estimate: NeedEstimate, answer: IndicatorAnswer, pair: PairAnswer | None) -> str:
    """Sources of one figure, or of two, each once."""
    shown = [answer] if pair is None else [answer, pair.second]
    return " ".join(dict.fromkeys(indicator_source(estimate, each.indicator) for each in shown))


def listing(indicator: Indicator) -> str:
    """An indicator in a list of choices: its group first, its date where the group does not say it."""
    told = indicator.vintage if indicator.group == "Children" else ""
    return f"{indicator.group}: {map_title(indicator)}{f' ({told})' if told else ''}"


def level_words(level: AreaLevel) -> str:
    """What areas of a level are called, several of them."""
    return LEVEL_WORDS[level].many
