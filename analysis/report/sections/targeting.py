"""Which areas to focus on, and how sure the figures are of it."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.render.number_words import number_word
from analysis.render.theme import percent, tier_colour
from analysis.report.content import Block, Chart, Heading, Map, Paragraph, Section, Table, details
from analysis.report.sections.material import MOST_BARS, Material, bars_of
from analysis.scenario.levels import LEVEL_WORDS
from analysis.targeting import figures as targeting_figures
from analysis.targeting import maps as targeting_maps
from analysis.targeting import tables as targeting_tables
from analysis.targeting import words as targeting_words
from analysis.targeting.hot_spots import HotSpotProblem, find_hot_spots
from analysis.targeting.named_areas import NamedAreasProblem, named_areas, on_other_editions
from analysis.targeting.smallest_set import SmallestSet, SmallestSetProblem, concentration, smallest_set


def targeting_section(material: Material) -> Section:
    """The smallest set, its concentration and chances; the council's list; hot spots."""
    problem = SmallestSetProblem(share=material.request.share, tiers=(material.tier,))
    focus = smallest_set(material.estimate, problem)
    message = targeting_words.set_sentence(material.estimate, focus)
    blocks = [
        *_set(material, focus, message),
        *_sureness(material, focus),
        *_named_areas(material),
        *_hot_spots(material),
    ]
    named = [
        block.text for block in blocks if isinstance(block, Paragraph) and block.key == "targeting.named"
    ]
    title = "Targeting: which areas, and how much the model's runs agree"
    return Section("targeting", title, message, tuple(blocks), tuple(named))


def _set(material: Material, focus: SmallestSet, message: str) -> Iterator[Block]:
    estimate, many = material.estimate, LEVEL_WORDS[focus.problem.level].many
    yield Heading("The smallest set of areas")
    yield Paragraph("targeting.answer", message)
    drawn = targeting_maps.set_map(estimate, focus)
    numbers = targeting_tables.set_table(material.place, focus)
    yield Map("map smallest set", material.shapes, drawn.paint, drawn.sheet, numbers, highlighted=focus.codes)
    rows = targeting_tables.set_rows(material.place, focus, drawn, MOST_BARS)
    title = f"{number_word(focus.count).capitalize()} {many} are enough for {percent(focus.problem.share)} of need"
    tier = targeting_words.tier_words(estimate, focus.tiers)
    bars = Chart(
        "set",
        lambda style: targeting_figures.set_bars(
            rows,
            style,
            title=title,
            subtitle=f"{many} by estimated children who may need {tier}, with range as a line",
            cut=f"{percent(focus.held.value)} of need is above this line",
        ),
        numbers,
        material.source,
        bars_of(rows, "value", "estimated children"),
    )
    yield from details([bars])


def _sureness(material: Material, focus: SmallestSet) -> Iterator[Block]:
    colour, many = tier_colour(material.tier), LEVEL_WORDS[focus.problem.level].many
    curve = concentration(material.estimate, focus.problem.level, focus.tiers)
    mark, table = curve.reaching(focus.problem.share), targeting_tables.concentration_table(curve)
    lines = Chart(
        "concentration",
        lambda style: targeting_figures.concentration_lines(
            table,
            style,
            title=targeting_words.concentration_title(mark),
            subtitle=f"{many} from the highest rate to the lowest; dashed: the same rate everywhere",
            colour=colour,
            mark=mark,
        ),
        table,
        material.source,
    )
    yield from details([lines])
    mark_words = targeting_words.concentration_title(mark)
    yield Paragraph("targeting.concentration", f"{mark_words}: a targeted offer alone would miss the rest.")
    rows = targeting_tables.chances(material.place, focus, MOST_BARS)
    yield Chart(
        "chances",
        lambda style: targeting_figures.chance_bars(
            rows,
            style,
            title=f"{number_word(focus.nearly_sure).capitalize()} of the {focus.count} are nearly certain",
            subtitle=f"chance to be among the {focus.count} {many} with most need; hollow: not in the set",
            colour=colour,
        ),
        rows,
        material.source,
        bars_of(rows, "p_top", "chance"),
    )


def _named_areas(material: Material) -> Iterator[Block]:
    problem = NamedAreasProblem(share=material.request.share, tiers=(material.tier,))
    view = named_areas(material.estimate, problem)
    if view is None:
        return
    yield Heading("The areas that the council named")
    yield Paragraph("targeting.named", targeting_words.priority_sentence(view))
    elsewhere = on_other_editions(material.estimate, problem)
    if elsewhere:
        said = targeting_words.editions_sentence(view, elsewhere, material.place)
        yield Paragraph("targeting.named.editions", said)
    drawn = targeting_maps.named_map(material.estimate, view)
    shapes = targeting_maps.signed_shapes(material.shapes, view)
    yield Map("map named areas", shapes, drawn.paint, drawn.sheet, view.wards, highlighted=view.part_codes)
    rows = view.wards.assign(fill=drawn.fill)
    tier = targeting_words.tier_words(material.estimate, view.tiers)
    bars = Chart(
        "named areas",
        lambda style: targeting_figures.verdict_bars(
            view.wards,
            style,
            title=drawn.sheet.title,
            subtitle=f"wards by estimated children who may need {tier}; line after the first {view.top}",
            top=view.top,
        ),
        view.wards,
        material.source,
        bars_of(rows, "need", "estimated children"),
    )
    yield from details([bars])
    heads = {
        "named_area": "Named area",
        "ranks": "Ranks of its wards",
        "need": "Estimate",
        "p_top": f"Chance of top {view.top}, %",
        "verdict": "Verdict",
    }
    table = targeting_tables.areas_table(view).reset_index()
    yield Table("named areas table", f"{view.title} ({view.source})", table, heads, material.source)


def _hot_spots(material: Material) -> Iterator[Block]:
    view = find_hot_spots(material.estimate, HotSpotProblem(tiers=(material.tier,)))
    yield Heading("Hot spots")
    yield Paragraph("targeting.hot", targeting_words.hot_spot_sentence(material.estimate, view))
    method = Paragraph("targeting.hot_method", targeting_words.hot_spot_method(view.problem.permutations))
    drawn = targeting_maps.hot_spot_map(material.estimate, view)
    table = targeting_tables.spots_table(material.place, view)
    spots = Map("map hot spots", material.shapes, drawn.paint, drawn.sheet, table, highlighted=view.hot)
    yield from details([method, spots])
