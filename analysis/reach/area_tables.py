"""One area's card: children, need with its range, deprivation, the nearest sites and what is unsure, for screen and command."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.base.schema import Schema
from analysis.benchmark.indicator_answer import answer_indicator
from analysis.benchmark.indicator_words import area_figure, standing_words
from analysis.need.answer import area_domains
from analysis.places.indicators import indicators
from analysis.places.place import AreaLevel, Level, Place, sum_by
from analysis.reach.answer import ReachAnswer
from analysis.reach.demand import area_codes
from analysis.reach.words import limit_words, sites_noun
from analysis.render.theme import estimate_words, percent, whole
from analysis.scenario.ages import AGE_BAND_NAMES
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.travel import MODE_WORDS

MOST_SITES = 2
# Width of a range over its estimate from which it is called wide, and very wide.
WIDE, VERY_WIDE = 0.5, 1.0
CARD = Schema(
    "line",
    {
        "part": ("text", "children, need, deprivation or nearest"),
        "what": ("text", "What the line is of"),
        "said": ("text", "The figure in words, with its unit and its range"),
        "note": (
            "text",
            "Its rank here, where it stands in England, or what is unsure; empty where there is nothing to add",
        ),
        "value": ("number", "The figure: children, score, per cent or minutes; NaN of a sentence"),
        "low": ("number", "Lower end of the range of an estimate, else NaN"),
        "high": ("number", "Upper end"),
        "bar": ("number", "Of 0 to 100, how far along a bar; NaN without one"),
    },
)
Line = tuple[str, str, str, str, float, float, float, float]
NAN = float("nan")


def area_card(view: ReachAnswer, level: AreaLevel, code: str) -> pd.DataFrame:
    """What is known of one area, line by line, in the order in which it is read.

    Parameters
    ----------
    view : ReachAnswer
        The estimate, and the sites that count with their minutes.
    level : {"ward", "msoa", "lsoa", "locality"}
        Of named neighbourhoods ("msoa") no need is estimated.
    code : str
        One of the level's areas.

    Returns
    -------
    DataFrame
        As `CARD` says.
    """
    lines = [*_children(view, level, code), *_need(view, level, code), *_deprivation(view, level, code)]
    lines += _nearest(view, level, code)
    table = pd.DataFrame(lines, columns=list(CARD.columns)).rename_axis("line")
    return CARD.checked(table.astype(dict.fromkeys(("value", "low", "high", "bar"), float)))


def area_title(place: Place, level: AreaLevel, code: str) -> tuple[str, str]:
    """Name of an area, and what it is: "Tilbury St Chads", "ward of 4 LSOAs"."""
    parts = int((place.keys(level) == code).sum())
    of = "" if level == "lsoa" else f" of {parts} LSOA{'s' if parts > 1 else ''}"
    return str(place.names(level)[code]), f"{LEVEL_WORDS[level].one}{of}"


def site_area(view: ReachAnswer, level: AreaLevel, code: str) -> str:
    """Code of the small area in which a site for an area is put first: that with most need of it."""
    inside = view.areas[(view.place.keys(level) == code).to_numpy()]
    return str(inside[view.tier].astype(float).idxmax())


def _line(
    part: str, what: str, said: str, note: str = "", value: float = NAN, *ends: float, bar: float = NAN
) -> Line:
    low, high = ends or (NAN, NAN)
    return part, what, said, note, value, low, high, bar


def _rank(values: pd.Series, code: str, level: AreaLevel) -> str:
    rank = int(values.rank(ascending=False, method="min")[code])
    return f"rank {rank} of {len(values)} {LEVEL_WORDS[level].many}"


def _children(view: ReachAnswer, level: AreaLevel, code: str) -> list[Line]:
    place = view.place
    counts = sum_by(place, place.areas[["children", *place.age_bands]], level)
    row = dict(zip(counts.columns, counts.loc[[code]].to_numpy(float)[0].tolist(), strict=True))
    title, all_of_them = place.manifest.children_title.rsplit(", ", 1)[0], row["children"]
    rank = _rank(counts["children"], code, level)
    lines = [_line("children", title, whole(all_of_them), rank, all_of_them)]
    for band in place.age_bands:
        share = 100 * row[band] / all_of_them if all_of_them else NAN
        lines.append(_line("children", AGE_BAND_NAMES[band], whole(row[band]), "", row[band], bar=share))
    return lines


def _need(view: ReachAnswer, level: AreaLevel, code: str) -> list[Line]:
    if level == "msoa":
        words = "estimated by ward, LSOA and locality only"
        return [_line("need", "Need", words)]
    estimate, lines = view.estimate, []
    for tier in estimate.settings.tiers:
        row = estimate.tier_table(level, tier.key).loc[[code]].to_dict("records")[0]
        value, low, high = (float(row[name]) for name in ("need", "low", "high"))
        note = f"rank {row['rank']:.0f} of {len(estimate.place.names(level))}, {row['rate_per_1000']:.0f} in 1,000"
        lines.append(_line("need", tier.name, estimate_words(value, low, high), note, value, low, high))
    return [*lines, _line("need", "Range", *range_words(view, level, code))]


def range_words(view: ReachAnswer, level: Level, code: str) -> tuple[str, str]:
    """How wide the range of need is in the tier in force, and how often the area is among those with most."""
    estimate = view.estimate
    tier = view.tier if view.tier in estimate.tier_keys else estimate.tier_keys[0]
    row = estimate.tier_table(level, tier).loc[[code], ["need", "low", "high", "p_top"]].astype(float)
    need, low, high, top = row.to_numpy()[0].tolist()
    width = (high - low) / need if need else np.inf
    kind = "narrow" if width < WIDE else "wide" if width < VERY_WIDE else "very wide"
    size = f"{percent(width)} of the estimate; " if np.isfinite(width) else ""
    return kind, f"{size}in the top {estimate.top_count(level)} in {percent(top)} of model runs"


def _deprivation(view: ReachAnswer, level: AreaLevel, code: str) -> list[Line]:
    """Score and tenth of the edition in force, and its domains by their position here."""
    estimate, lines = view.estimate, []
    place, vintage = view.place, estimate.settings.vintage
    known = {each.column: key for key, each in indicators(place).items() if each.table == vintage}
    for column, what in (("imd_score", f"IMD {vintage}, score"), ("imd_decile", "")):
        if column not in known:
            continue
        answer = answer_indicator(estimate, known[column], level)
        value, share = (
            answer.table.loc[[code], ["value", "england_percentile"]].astype(float).to_numpy()[0].tolist()
        )
        words = what or ("Tenth of England" if level == "lsoa" else "LSOAs in England's most deprived tenth")
        note = "" if np.isnan(share) or not what else standing_words(answer, share)
        lines.append(_line("deprivation", words, area_figure(answer, code), note, value))
    if level == "msoa":
        return lines
    edition, found = area_domains(estimate, level, code)
    if edition != vintage:
        return lines
    domains = found.to_dict("records")
    return lines + [
        _line(
            "deprivation",
            str(row["domain"]),
            str(row["words"]).removeprefix("rank ").removesuffix(" here"),
            "",
            float(row["value"]),
            bar=float(row["position"]),
        )
        for row in domains
    ]


def _nearest(view: ReachAnswer, level: AreaLevel, code: str) -> list[Line]:
    """The nearest sites that count, by the mean minutes of the area's children, and how many are within the limit."""
    if view.sites.empty:
        return [_line("nearest", "Nearest site", f"no {sites_noun(view)} that counts is open")]
    inside = view.place.areas.index[(view.place.keys(level) == code).to_numpy()]
    people = view.at_points
    members = area_codes(people).isin(inside)
    children = people.loc[members, "children"].to_numpy(float)
    weights = children if children.sum() > 0 else np.ones(len(children))
    costs = view.travel.costs[list(view.sites.index)].to_numpy(float)[members][weights > 0]
    minutes = np.average(costs, axis=0, weights=weights[weights > 0])
    trip, names = MODE_WORDS[view.settings.mode].way, view.sites["name"].tolist()
    lines = [
        _line(
            "nearest",
            str(names[at]),
            f"{minutes[at]:.0f} min {trip}",
            "mean of its children",
            float(minutes[at]),
        )
        for at in np.argsort(minutes, kind="stable")[:MOST_SITES]
        if np.isfinite(minutes[at])
    ]
    rows = area_codes(view.demand).isin(inside)
    counted = view.demand["children"].to_numpy(float)[rows]
    covered = float(counted[view.covered.to_numpy(bool)[rows]].sum())
    share = f" ({percent(covered / counted.sum())})" if counted.sum() else ""
    said = f"{whole(covered)} of {whole(counted.sum())} children{share}"
    first = _line("nearest", f"{limit_words(view).capitalize()}", said, "", covered)
    if not lines:
        lines = [_line("nearest", "Nearest site", f"no way to any {sites_noun(view)} that counts")]
    return [first, *lines]
