"""Which areas to focus on, and how sure the figures are of it."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.places.place import Level
from analysis.render.map_sheet import MapLegend, MapSheet, legend_rows
from analysis.render.number_words import number_word
from analysis.render.theme import percent, tier_colour
from analysis.report.content import Block, Chart, Heading, Map, Paragraph, Section, Table
from analysis.report.sections.material import MOST_BARS, Material, bars_of
from analysis.scenario.levels import LEVEL_WORDS
from analysis.targeting import figures as targeting_figures
from analysis.targeting import hot_spot_view, priority_view
from analysis.targeting import view as targeting_view
from analysis.targeting import words as targeting_words
from analysis.targeting.priority_view import PriorityView
from analysis.targeting.view import FocusSet

SIGNIFICANCE = 0.05
PERMUTATIONS = 9999


def targeting_section(material: Material) -> Section:
    """The smallest set, its concentration and chances; the council's list; hot spots."""
    focus = targeting_view.focus_set(material.estimate, material.tier, "ward", material.request.share)
    message = targeting_words.set_sentence(material.estimate, material.tier, "ward", focus)
    blocks = [
        *_set(material, focus, message),
        *_priority(material),
        *_hot_spots(material),
    ]
    return Section("targeting", "Targeting: which areas, and how sure", message, tuple(blocks))


def _set(material: Material, focus: FocusSet, message: str) -> Iterator[Block]:
    tier, many = material.tier_name(material.tier).lower(), LEVEL_WORDS["ward"].many
    share = material.request.share
    yield Heading("The smallest set of areas")
    yield Paragraph("targeting.answer", message)
    title = f"{number_word(focus.count).capitalize()} {many} are enough for {percent(share)} of need"
    yield _focus_map(material, focus, title)
    rows = targeting_view.focus_rows(focus, MOST_BARS, None)
    yield Chart(
        "set",
        lambda style: targeting_figures.set_bars(
            rows,
            style,
            title=title,
            subtitle=f"{many} by estimated children in {tier}, with range as a line",
            cut=f"{percent(focus.held[0])} of need is above this line",
        ),
        targeting_view.focus_table(focus),
        material.source,
        bars_of(rows, "value", "estimated children"),
    )
    yield from _sureness(material, focus)


def _focus_map(material: Material, focus: FocusSet, title: str) -> Map:
    inside = focus.table.loc[focus.table["in_set"], "value"]
    rows = [row for row in legend_rows(focus.scale, inside) if row[2] != "0"]
    rows.append((targeting_view.OUTSIDE, "not in the set", str(len(focus.table) - focus.count)))
    place, share = material.place, percent(material.request.share)
    sheet = MapSheet(
        f"{place.slug} smallest set {material.tier}",
        title,
        f"{focus.title} in the smallest set of wards with {share} of need, {place.name}; modelled",
        material.source,
        MapLegend(focus.title, tuple(rows), "wards", outlined="in the smallest set"),
    )
    numbers = targeting_view.focus_table(focus)
    return Map("map smallest set", material.shapes, focus.paint, sheet, numbers, highlighted=focus.codes)


def _sureness(material: Material, focus: FocusSet) -> Iterator[Block]:
    colour = tier_colour(material.tier)
    view = targeting_view.concentration_view(material.estimate, material.tier, "ward", material.request.share)
    yield Chart(
        "concentration",
        lambda style: targeting_figures.concentration_lines(
            view.curve,
            style,
            title=targeting_words.concentration_title(view),
            subtitle=f"wards from the highest rate to the lowest; Gini coefficient {view.gini:.2f} (0: the same rate "
            "everywhere)",
            colour=colour,
            mark=view.mark,
        ),
        view.curve,
        material.source,
    )
    rows = targeting_view.chances(focus, MOST_BARS)
    sure = targeting_view.nearly_sure(focus)
    yield Chart(
        "chances",
        lambda style: targeting_figures.chance_bars(
            rows,
            style,
            title=f"{number_word(sure).capitalize()} of the {focus.count} are nearly certain",
            subtitle=f"chance to be among the {focus.count} wards with most need; hollow: not in the set",
            colour=colour,
        ),
        rows,
        material.source,
        bars_of(rows, "p_top", "chance"),
    )


def _priority(material: Material) -> Iterator[Block]:
    view = priority_view.priority_view(material.estimate, material.tier, share=material.request.share)
    if view is None:
        return
    yield Heading("The areas that the council named")
    yield Paragraph("targeting.named", targeting_words.priority_sentence(view))
    found, total = int((view.areas["verdict"] == "found").sum()), len(view.areas)
    title = f"{number_word(found).capitalize()} of {number_word(total)} named areas are among those with most need"
    yield _priority_map(material, view, title)
    yield Chart(
        "named areas",
        lambda style: targeting_figures.verdict_bars(
            view.wards,
            style,
            title=title,
            subtitle=f"wards by estimated children in {view.tier_name.lower()}; line after the first {view.top}",
            top=view.top,
        ),
        view.wards.drop(columns=["fill", "sign"]),
        material.source,
        bars_of(view.wards, "need", "estimated children"),
    )
    heads = {
        "named_area": "Named area",
        "ranks": "Ranks of its wards",
        "need": "Estimate",
        "p_top": f"P(top {view.top}), %",
        "verdict": "Verdict",
    }
    table = priority_view.areas_table(view).reset_index()
    yield Table("named areas table", f"{view.title} ({view.source})", table, heads, material.source)


def _priority_map(material: Material, view: PriorityView, title: str) -> Map:
    counts = view.wards["verdict"].value_counts()
    rows = [
        (priority_view.COLOURS[verdict], priority_view.WORDS[verdict].split(":")[0], str(counts[verdict]))
        for verdict in priority_view.VERDICTS
        if verdict in counts
    ]
    place = material.place
    sheet = MapSheet(
        f"{place.slug} named areas",
        title,
        f"wards named by the council against those with most {view.tier_name.lower()}, {place.name}; modelled",
        material.source,
        MapLegend(
            "Named areas and need",
            tuple(rows),
            "wards",
            outlined="part that is meant" if view.parts is not None else "",
        ),
    )
    return Map(
        "map named areas",
        material.shapes,
        priority_view.priority_paint(place, view),
        sheet,
        view.wards.drop(columns=["fill", "sign"]),
        highlighted=priority_view.part_codes(view),
    )


def _hot_spots(material: Material) -> Iterator[Block]:
    level: Level = "lsoa"
    spots = hot_spot_view.find_hot_spots(
        material.estimate, material.tier, level, SIGNIFICANCE, "false-discovery", PERMUTATIONS
    )
    view = hot_spot_view.hot_spot_view(material.estimate, spots, level)
    name = material.tier_name(material.tier)
    words = targeting_words.hot_spot_sentence(view, name, level, SIGNIFICANCE, "false-discovery")
    yield Heading("Hot spots")
    yield Paragraph("targeting.hot", words)
    yield Paragraph("targeting.hot_method", targeting_words.hot_spot_method(PERMUTATIONS))
    rows = [
        (hot_spot_view.COLOURS[kind], hot_spot_view.NAMES[kind][2:], str(view.count(kind)))
        for kind in hot_spot_view.KINDS
        if view.count(kind)
    ]
    place = material.place
    hot = view.count("high-high")
    sheet = MapSheet(
        f"{place.slug} hot spots",
        f"{number_word(hot).capitalize()} neighbourhood{'' if hot == 1 else 's'} of {place.name} {'is a hot spot' if hot == 1 else 'are hot spots'}",
        f"local Moran's I of the estimated rate of {name.lower()}, by neighbourhood, {place.name}; modelled",
        material.source,
        MapLegend("Rate and neighbours’ rate", tuple(rows), "neighbourhoods"),
    )
    yield Map("map hot spots", material.shapes, view.paint, sheet, hot_spot_view.spots_table(view))
