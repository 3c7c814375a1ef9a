"""Options side by side, who gains and who loses, the under-fives statement, and equality."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from analysis.base.faults import FaultList
from analysis.options import figures as option_figures
from analysis.options import words as options_words
from analysis.options.difference import LEAST_MINUTES
from analysis.options.difference_view import (
    COLOURS,
    DifferenceView,
    area_list,
    difference_map,
    difference_view,
    group_bars,
)
from analysis.options.equality import GroupView, equality_table, group_views
from analysis.options.files import TODAY, find_option, read_options
from analysis.options.reached import OptionReach, option_reaches
from analysis.options.statement import under_fives_statement
from analysis.options.view import SideBySide, numbers_table, option_names, side_by_side, words_table
from analysis.reach.demand import whole_people
from analysis.render.number_words import number_word
from analysis.render.theme import whole
from analysis.report.content import Block, Chart, Heading, Map, Paragraph, Section, Table, details
from analysis.report.sections.material import MOST_BARS, Material

MOST_OPTIONS, MOST_AREAS = 4, 10
# Lines of the statement's text before those of single wards.
FIRST_WARD = 4
AREA_HEADS = {
    "area_name": "Neighbourhood",
    "ward_name": "Ward",
    "outcome": "What changes",
    "children": "Children",
    "under_fives": "Under 5",
    "minutes_before": "Before",
    "minutes_after": "After",
}
STATEMENT_HEADS = {
    "area_name": "Ward",
    "verdict": "Families are",
    "under_fives": "Under 5",
    "walk_before": "on foot, before",
    "walk_after": "after",
    "minutes_before": "Minutes before",
    "minutes_after": "after",
    "under_fives_losing": "− lose",
    "under_fives_gaining": "+ gain",
}
EQUALITY_HEADS = {
    "group": "Group",
    "name": "Option",
    "people": "People",
    "covered": "Within reach",
    "share_covered": "Share",
}
MINUTE_FORMS = {"minutes_before": ".0f", "minutes_after": ".0f"}


def options_section(material: Material) -> Section:
    """Every figure side by side; the last option against the first: map, wards, lists."""
    view = _compared(material)
    message = options_words.comparison_sentence(view)
    blocks = [*_side(material, view, message), *_difference(material, view)]
    return Section("options", "Options: which plan, for whom, and who loses", message, tuple(blocks))


def under_fives_section(material: Material) -> Section:
    """The statement of a statutory consultation, ward by ward, with its text."""
    faults = FaultList("under-fives")
    if "children_0_4" not in material.place.areas:
        faults.add(
            "the place's files hold no children under five", "Add the column children_0_4 to areas.csv"
        )
        faults.raise_if_any("There is no statement to make.")
    view = _compared(material, least=2)
    before, after = view.reaches[0], view.reaches[-1]
    statement = under_fives_statement(before, after, LEAST_MINUTES)
    message = options_words.statement_sentence(statement, before, after)
    text = options_words.statement_text(statement, before, after)
    source = _source(material, view)
    ranked = statement.sort_values(["under_fives_losing", "area_name"], ascending=[False, True])
    title = f"Children under five within reach under {before.option.name} and {after.option.name}, by ward"
    blocks: list[Block] = [
        Paragraph(f"under-fives.{number}", line, detail=number >= FIRST_WARD)
        for number, line in enumerate(text.split("\n"))
        if line.strip()
    ]
    blocks.append(Table("under fives", title, whole_people(ranked), STATEMENT_HEADS, source, MINUTE_FORMS))
    return Section("under-fives", "Statement on children under five", message, tuple(blocks))


def equality_section(material: Material) -> Section:
    """Share within reach for groups of people and areas, with what the data can bear."""
    view = _compared(material)
    names = option_names(view)
    source = _source(material, view)
    blocks: list[Block] = []
    message = ""
    for item in group_views(material.place, material.estimate.settings.vintage, view.reaches[0].areas):
        table = whole_people(equality_table(view.reaches, item))
        sentence = options_words.equality_sentence(table, item)
        message = message or sentence
        blocks += [Heading(item.name), Paragraph(f"equality.{item.key}", sentence)]
        if item.caution:
            blocks.append(Paragraph(f"equality.{item.key}.caution", item.caution))
        blocks.append(_group_chart(table, item, names, source))
        forms = {"people": ",.0f", "covered": ",.0f", "share_covered": ".0%"}
        title = f"{item.name}: {item.unit} within reach, by option"
        blocks.append(Table(f"equality table {item.key}", title, table, EQUALITY_HEADS, source, forms))
    return Section("equality", "Equality: is any group left behind", message, tuple(blocks))


def _group_chart(table: pd.DataFrame, item: GroupView, names: dict[str, str], source: str) -> Chart:
    return Chart(
        f"equality {item.key}",
        lambda style: option_figures.option_dots(
            table,
            style,
            title=f"{item.name}: share within reach",
            subtitle=f"{item.unit} within reach, a mark an option; grey: the spread between options",
            names=names,
        ),
        table,
        source,
    )


def _compared(material: Material, least: int = 1) -> SideBySide:
    """The options of the request, or the place's own, on the request's terms."""
    request, place = material.request, material.place
    options = [find_option(place.slug, name) for name in request.options]
    if not options:
        known = read_options(place.slug)[0].values()
        # What is there today comes first, so that the others are seen against it.
        options = sorted(known, key=lambda option: option.slug != TODAY.slug)[:MOST_OPTIONS]
    if len(options) < least:
        faults = FaultList("options")
        faults.add(f"{len(options)} option is named", f"Name {least} options")
        faults.raise_if_any("There is nothing to compare.")
    return side_by_side(option_reaches(material.estimate, options, material.terms))


def _source(material: Material, view: SideBySide) -> str:
    return f"{material.source} {options_words.terms_sentence(view.reaches)}"


def _side(material: Material, view: SideBySide, message: str) -> Iterator[Block]:
    yield Paragraph("options.answer", message)
    for reach in view.reaches:
        yield Paragraph(f"options.{reach.option.slug}", _about(reach))
    table = words_table(view)
    yield Table(
        "options",
        "Every figure, side by side",
        table,
        {name: str(name) for name in table.columns},
        _source(material, view),
        data=numbers_table(view),
    )


def _about(reach: OptionReach) -> str:
    option = reach.option
    marked = " (an illustration, not a decision)" if option.illustration else ""
    words = ". ".join(part.rstrip(".") for part in (option.source, option.note) if part)
    return f"**{option.name}**{marked}{': ' if words else ''}{words}."


def _difference(material: Material, view: SideBySide) -> Iterator[Block]:
    if len(view.reaches) < 2:
        return
    shown = difference_view(view.reaches[0], view.reaches[-1], LEAST_MINUTES)
    sentence = options_words.difference_sentence(shown)
    source = _source(material, view)
    yield Heading(f"From {shown.before.option.name} to {shown.after.option.name}")
    yield Paragraph("options.difference", sentence)
    drawn = difference_map(shown, "lsoa", sentence, source)
    yield Map(
        "map difference",
        material.shapes,
        drawn.paint,
        drawn.sheet,
        shown.areas,
        sites=drawn.sites,
        highlighted=drawn.lost,
    )
    yield from _wards(shown, source)
    for side, word in (("losing", "lose"), ("gaining", "gain")):
        table = area_list(shown, side)
        if len(table):
            title = f"Neighbourhoods where families {word}: {whole(table['children'].sum())} children"
            full = Table(f"difference {side}", title, table, AREA_HEADS, source, MINUTE_FORMS)
            if len(table) <= MOST_AREAS:
                yield full
                continue
            first = f"{title}, the {number_word(MOST_AREAS)} neighbourhoods with most of {len(table)}"
            yield replace(full, key=f"difference {side} first", title=first, table=table.head(MOST_AREAS))
            yield from details([full])


def _wards(shown: DifferenceView, source: str) -> Iterator[Block]:
    rows = group_bars(shown, "ward")
    if rows.empty:
        return
    losing = rows[rows["children_losing"] > 0]
    title = (
        f"{losing['area_name'].iloc[0]} has most who lose: {whole(losing['children_losing'].iloc[0])}"
        if len(losing)
        else "No ward has children who lose"
    )
    yield Chart(
        "difference wards",
        lambda style: option_figures.gain_loss_bars(
            rows.head(MOST_BARS),
            style,
            title=title,
            subtitle="children by ward: − lose to the left (dark: out of reach), + gain to the right (dark: into reach)",
            colours=COLOURS,
        ),
        rows,
        source,
    )
