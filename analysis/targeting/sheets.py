"""What stands around the maps of the targeting page: finding, subtitle, source and legend."""

from __future__ import annotations

from analysis.need.estimate import NeedEstimate
from analysis.need.words import parameters_sentence, source_sentence
from analysis.places.place import Level
from analysis.render.map_sheet import LegendRow, MapLegend, MapSheet, legend_rows
from analysis.render.theme import percent
from analysis.scenario.levels import LEVEL_WORDS
from analysis.targeting import hot_spot_view, priority_view
from analysis.targeting import view as targeting_view
from analysis.targeting.hot_spot_view import HotSpotView
from analysis.targeting.index_view import IndexView
from analysis.targeting.priority_view import PriorityView
from analysis.targeting.view import FocusSet


def targeting_source(estimate: NeedEstimate, *more: str) -> str:
    """Source and assumptions for under a chart or in a download, with what a look adds."""
    return " ".join([source_sentence(estimate), parameters_sentence(estimate), *more])


def set_sheet(estimate: NeedEstimate, tier_key: str, level: Level, focus: FocusSet) -> MapSheet:
    """The map of the smallest set: classes for the areas in it, one white row for the others."""
    many = LEVEL_WORDS[level].many
    inside = focus.table.loc[focus.table["in_set"], "value"]
    rows = [row for row in legend_rows(focus.scale, inside) if row[2] != "0"]
    outside: LegendRow = (targeting_view.OUTSIDE, "not in the set", str(len(focus.table) - focus.count))
    return MapSheet(
        f"{estimate.place.slug} smallest set map {tier_key} {level}",
        f"{focus.count} of {len(focus.table)} {many} hold {percent(focus.held[0])} of need",
        f"{estimate.place.name}, {focus.title.lower()}, by {LEVEL_WORDS[level].one}; the smallest set is outlined",
        targeting_source(estimate),
        MapLegend(focus.title, (*rows, outside), many, outlined="in the smallest set"),
    )


def priority_sheet(estimate: NeedEstimate, tier_key: str, view: PriorityView) -> MapSheet:
    """The map of the named areas: one row a verdict, with its sign."""
    rows = tuple(
        (
            priority_view.COLOURS[verdict],
            f"{priority_view.SIGNS[verdict]} {verdict or 'neither'}",
            str(len(view.names(verdict))),
        )
        for verdict in priority_view.VERDICTS
        if view.names(verdict)
    )
    marked = "parts that are meant (LSOAs)" if priority_view.part_codes(view) else ""
    found = int((view.areas["verdict"] == "found").sum())
    return MapSheet(
        f"{estimate.place.slug} named areas map {tier_key}",
        f"{found} of {len(view.areas)} named areas are among the {view.top} wards with most need",
        f"{estimate.place.name}, wards: ✓ found, ◐ partly, ✗ missed, + extra, · neither; {view.tier_name.lower()}",
        targeting_source(estimate, f"{view.title} ({view.source})."),
        MapLegend("Named areas", rows, "wards", outlined=marked),
    )


def index_sheet(estimate: NeedEstimate, level: Level, view: IndexView, recipe: str) -> MapSheet:
    """The map of the user's index."""
    rows = tuple(legend_rows(view.scale, view.ranks["position"]))
    return MapSheet(
        f"{estimate.place.slug} own index map {level}",
        f"{view.ranks['area_name'].iloc[0]} has most need on this index",
        f"{estimate.place.name}, composite index by {LEVEL_WORDS[level].one}: 100 the highest here, 0 the lowest",
        targeting_source(estimate, f"Index: {recipe}."),
        MapLegend("Your index, 0 to 100", rows, LEVEL_WORDS[level].many),
    )


def hot_spot_sheet(
    estimate: NeedEstimate, tier_key: str, level: Level, view: HotSpotView, method: str
) -> MapSheet:
    """The map of hot and cold spots: one row a kind, with its sign."""
    rows = tuple(
        (hot_spot_view.COLOURS[kind], hot_spot_view.NAMES[kind], str(view.count(kind)))
        for kind in hot_spot_view.KINDS
        if view.count(kind)
    )
    tier = next(tier.name for tier in estimate.settings.tiers if tier.key == tier_key)
    hot, cold = view.count("high-high"), view.count("low-low")
    return MapSheet(
        f"{estimate.place.slug} hot spots map {tier_key} {level}",
        f"{hot} hot spots and {cold} cold spots of {tier.lower()}",
        f"{estimate.place.name}, rate per 1,000 children beside that of neighbours, p up to {view.cut_off:.3g}",
        targeting_source(estimate, method),
        MapLegend(f"{tier} per 1,000, beside neighbours", rows, LEVEL_WORDS[level].many),
    )
