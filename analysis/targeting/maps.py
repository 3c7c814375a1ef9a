"""The maps of targeting: colours, tooltips, and the words and legend around them on screen and in print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.need.maps import need_map
from analysis.need.words import assumed_source
from analysis.places.place import Place
from analysis.render.classes import Scheme, classed_scale
from analysis.render.layers import AreaPaint
from analysis.render.map_sheet import LegendRow, MapLegend, MapSheet, legend_rows
from analysis.render.outlines import Outlines
from analysis.render.theme import (
    DARK_BLUE,
    DARK_PINK,
    LIGHT_PURPLE,
    NEUTRAL,
    ORANGE,
    OUTSIDE,
    TURQUOISE,
    estimate_words,
    percent,
)
from analysis.scenario.levels import LEVEL_WORDS
from analysis.targeting.hot_spots import KINDS, NOT_SIGNIFICANT, HotSpots
from analysis.targeting.named_areas import VERDICTS, NamedAreas
from analysis.targeting.own_index import OwnIndex
from analysis.targeting.smallest_set import SmallestSet
from analysis.targeting.words import (
    KIND_WORDS,
    VERDICT_LEGEND,
    VERDICT_NAMES,
    VERDICT_SIGNS,
    VERDICT_WORDS,
    hot_spot_method,
    recipe_words,
    telling_names,
    tier_words,
)

VERDICT_COLOURS = {
    "found": DARK_BLUE,
    "partly": "#8FB6DA",
    "missed": ORANGE,
    "extra": TURQUOISE,
    "": NEUTRAL,
}
OTHER_PART = "#C9D9E8"
# The cold spots are pale, so that a greyscale print tells them from the hot ones.
KIND_COLOURS = {
    "high-high": DARK_PINK,
    "low-low": "#8FB6DA",
    "high-low": ORANGE,
    "low-high": LIGHT_PURPLE,
    NOT_SIGNIFICANT: NEUTRAL,
}


@dataclass(frozen=True, eq=False)
class TargetMap:
    """A map of targeting.

    Parameters
    ----------
    paint : AreaPaint
    sheet : MapSheet
    fill : Series
        Colour of each area by its figure, for the chart beside the map; index `area_code`.
    """

    paint: AreaPaint
    sheet: MapSheet
    fill: pd.Series


def set_map(estimate: NeedEstimate, answer: SmallestSet, scheme: Scheme = "natural breaks") -> TargetMap:
    """The smallest set by number of children in its tier; outside it is left white, as the bars are hollow."""
    level, place, table = answer.problem.level, estimate.place, answer.table
    drawn = need_map(estimate, answer.tiers[0], level, "number", scheme)
    fill = drawn.ranking["fill"].reindex(table.index)
    inside = [row for row in legend_rows(drawn.scale, answer.inside["need"]) if row[2] != "0"]
    outside: LegendRow = (OUTSIDE, "not in the set", str(len(table) - answer.count))
    one, many, _ = LEVEL_WORDS[level]
    sheet = MapSheet(
        f"{place.slug} smallest set map {answer.tiers[0]} {level}",
        f"{answer.count} of {len(table)} {many} hold {percent(answer.held.value)} of need",
        f"{place.name}, {drawn.title.lower()}, by {one}; the smallest set is outlined; modelled",
        assumed_source(estimate),
        MapLegend(drawn.title, (*inside, outside), many, outlined="in the smallest set"),
    )
    paint = AreaPaint(
        level, fill.where(table["in_set"], OUTSIDE), _set_tooltip(place, answer), drawn.paint.label_order
    )
    return TargetMap(paint, sheet, fill)


def _set_tooltip(place: Place, answer: SmallestSet) -> pd.DataFrame:
    table = answer.table
    where = table["in_set"].map({True: "In the smallest set", False: "Not in the smallest set"})
    if answer.problem.level == "lsoa":
        where = where + ", " + place.areas["ward_name"].reindex(table.index)
    rows = table[["need", "low", "high"]].itertuples(index=False)
    return pd.DataFrame(
        {
            "line1": [f"est. {estimate_words(*row)} children" for row in rows],
            "line2": [
                f"Rank {rank} of {len(table)}; up to here {percent(share)} of need"
                for rank, share in zip(table["rank"], table["cumulative_share"], strict=True)
            ],
            "line3": where,
            "line4": [
                f"Among the first {answer.count} in {percent(share)} of model runs"
                for share in table["p_top"]
            ],
        },
        index=table.index,
    )


def _legend_of_kinds(
    colours: Mapping[str, str], words: Mapping[str, str], counts: Mapping[str, int]
) -> tuple[LegendRow, ...]:
    return tuple((colours[kind], words[kind], str(count)) for kind, count in counts.items() if count)


def named_map(estimate: NeedEstimate, view: NamedAreas) -> TargetMap:
    """Small areas in the colour of their ward's verdict; of an area named in part, the other parts paler."""
    place, home = estimate.place, estimate.place.keys("ward")
    wards = view.wards["verdict"].map(VERDICT_COLOURS)
    fill = wards.reindex(home).set_axis(home.index)
    if view.parts is not None:
        fill = fill.mask(fill.index.isin(view.parts.index[~view.parts["inside"]]), OTHER_PART)
    found = int((view.areas["verdict"] == "found").sum())
    words = {verdict: f"{VERDICT_SIGNS[verdict]} {VERDICT_NAMES[verdict]}" for verdict in VERDICTS}
    counts = {verdict: len(view.names(verdict)) for verdict in VERDICTS}
    sheet = MapSheet(
        f"{place.slug} named areas map {view.tiers[0]}",
        f"{found} of {len(view.areas)} named areas are among the {view.top} wards with most need",
        f"{place.name}, wards: {VERDICT_LEGEND}; {tier_words(estimate, view.tiers)}; modelled",
        assumed_source(estimate, f"{view.title} ({view.source})."),
        MapLegend(
            "Named areas",
            _legend_of_kinds(VERDICT_COLOURS, words, counts),
            "wards",
            outlined="parts that are meant (LSOAs)" if view.part_codes else "",
        ),
    )
    return TargetMap(AreaPaint("lsoa", fill, _named_tooltip(place, view), view.wards["need"]), sheet, wards)


def _named_tooltip(place: Place, view: NamedAreas) -> pd.DataFrame:
    home = place.keys("ward")
    wards = view.wards.reindex(home).set_axis(home.index)
    verdict = wards["verdict"]
    lines = pd.DataFrame(
        {
            "line1": wards["area_name"] + ": rank " + wards["rank"].astype(str) + f" of {len(view.wards)}",
            "line2": verdict.map(VERDICT_SIGNS) + " " + verdict.map(VERDICT_WORDS),
            "line3": [
                f"Ward among the first {view.top} in {percent(p)} of model runs" for p in wards["p_top"]
            ],
            "line4": "",
        }
    )
    if view.parts is not None:
        inside = view.parts["inside"].map({True: "Part that is meant, by the rule", False: "Other part"})
        lines.loc[inside.index, "line4"] = inside
    return lines


def signed_shapes(shapes: Outlines, view: NamedAreas) -> Outlines:
    """Map shapes whose ward labels carry the sign of the verdict."""
    labels = shapes.labels["ward"]
    signs = view.wards["verdict"].map(VERDICT_SIGNS).reindex(labels.index)
    named = labels.assign(area_name=[f"{s} {n}" for s, n in zip(signs, labels["area_name"], strict=True)])
    return replace(shapes, labels={**shapes.labels, "ward": named})


def index_map(estimate: NeedEstimate, view: OwnIndex, scheme: Scheme = "natural breaks") -> TargetMap:
    """The user's index, from 0 (the lowest here) to 100."""
    place, ranks = estimate.place, view.ranks
    scale = classed_scale(ranks["position"], scheme=scheme, hue="blue")
    fill = scale.colours_of(ranks["position"])
    spread = zip(ranks["rank_median"], ranks["rank_low"], ranks["rank_high"], strict=True)
    tooltip = pd.DataFrame(
        {
            "line1": [f"Index {value:.0f} of 100 in {place.name}" for value in ranks["position"]],
            "line2": [f"Rank {rank} of {len(ranks)}" for rank in ranks["rank"]],
            "line3": [f"Median rank {median:g}, {low} to {high}" for median, low, high in spread],
            "line4": [f"Among the first {view.top} in {percent(p)} of recipes" for p in ranks["p_top"]],
        },
        index=ranks.index,
    )
    one, many, _ = LEVEL_WORDS[view.level]
    first = telling_names(place, view.level)[ranks.index[0]]
    recipe = recipe_words(place, estimate.settings.vintage, view.recipe)
    sheet = MapSheet(
        f"{place.slug} own index map {view.level}",
        f"{first} has most need on this index",
        f"{place.name}, composite index by {one}: 100 the highest here, 0 the lowest",
        assumed_source(estimate, f"Index: {recipe}."),
        MapLegend("Your index, 0 to 100", tuple(legend_rows(scale, ranks["position"])), many),
    )
    labels = ranks["position"].rename("order") if view.level != "lsoa" else None
    return TargetMap(AreaPaint(view.level, fill, tooltip, labels), sheet, fill)


def hot_spot_map(estimate: NeedEstimate, view: HotSpots) -> TargetMap:
    """Hot and cold spots: a colour a kind."""
    place, level, spots = estimate.place, view.problem.level, view.spots
    fill = spots["kind"].map(KIND_COLOURS)
    tooltip = pd.DataFrame(
        {
            "line1": spots["kind"].map(KIND_WORDS).str.capitalize(),
            "line2": [f"est. {value:,.0f} per 1,000 children" for value in spots["value"]],
            "line3": [f"Neighbours' mean {value:,.0f} per 1,000" for value in spots["neighbours_mean"]],
            "line4": [f"By chance alone: {value:.1%}" for value in spots["p_value"]],
        },
        index=spots.index,
    )
    tier = tier_words(estimate, view.tiers)
    hot, cold = view.count("high-high"), view.count("low-low")
    sheet = MapSheet(
        f"{place.slug} hot spots map {view.tiers[0]} {level}",
        f"{hot} hot spots and {cold} cold spots of {tier}",
        f"{place.name}, rate per 1,000 children beside that of neighbours, p up to {view.cut_off:.3g}; modelled",
        assumed_source(estimate, hot_spot_method(view.problem.permutations)),
        MapLegend(
            f"{tier.capitalize()} per 1,000, beside neighbours",
            _legend_of_kinds(KIND_COLOURS, KIND_WORDS, {kind: view.count(kind) for kind in KINDS}),
            LEVEL_WORDS[level].many,
        ),
    )
    labels = spots["value"] if level != "lsoa" else None
    return TargetMap(AreaPaint(level, fill, tooltip, labels), sheet, fill)
