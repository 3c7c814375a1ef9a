"""How many children and families need early help, and where."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.need import figures as need_figures
from analysis.need import maps as need_maps
from analysis.need import words as need_words
from analysis.need.answer import Measure, ages, family_reconciliation, need_ranking, pyramid
from analysis.need.tables import wide_table
from analysis.places.place import Level
from analysis.render import number_words
from analysis.render.estimates import rounded_estimates
from analysis.render.theme import estimate_words, tier_colour
from analysis.report.content import BarData, Block, Chart, Heading, Map, Paragraph, Section, Table, details
from analysis.report.sections.material import MOST_BARS, Material, bars_of
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.need_settings import CHILDREN_PER_FAMILY

HEADS = {
    "area_name": "Area",
    "children": "Children",
    "value": "Estimate",
    "low": "from",
    "high": "to",
    "rate": "per 1,000",
    "rank": "Rank",
    "p_top": "Chance of top",
}
FORMS = {"value": ",.0f", "low": ",.0f", "high": ",.0f", "rate": ",.0f", "p_top": ".0%"}


def need_section(material: Material) -> Section:
    """Need by ward and neighbourhood for every tier, the pyramid, families."""
    message = need_words.need_sentence(material.estimate, material.tier, "ward")
    blocks = [*_place(material), *_tiers(material), *_families(material)]
    sure = need_words.sureness_sentence(material.estimate, material.tier, "ward")
    return Section("need", "Need: how many, and where", message, tuple(blocks), (sure,))


def _place(material: Material) -> Iterator[Block]:
    estimate = material.estimate
    yield Paragraph("need.answer", need_words.need_sentence(estimate, material.tier, "ward"))
    yield Paragraph("need.assumed", need_words.assumption_sentence(estimate, material.tier))
    yield _pyramid(material)
    if "children_0_4" in material.place.age_bands:
        yield from details([_ages(material)])


def _pyramid(material: Material) -> Chart:
    steps = pyramid(material.estimate)
    name, total = material.place.name, int(steps["children"].sum())
    colours = [tier_colour(str(key), number) for number, key in enumerate(steps.index[::-1])]
    return Chart(
        "pyramid",
        lambda style: need_figures.pyramid_bars(
            steps,
            style,
            title=f"{name}: {total:,} children",
            subtitle="estimated children on each step of the pyramid of need, and share of all",
        ),
        steps,
        material.source,
        BarData(
            tuple(steps["name"][::-1]),
            {"children": tuple(steps["children"][::-1].astype(float))},
            {"children": tuple(colours)},
            unit="children",
        ),
    )


def _ages(material: Material) -> Chart:
    bands = ages(material.estimate)
    title = f"{int(bands['children'].iloc[0]):,} children are under five"
    subtitle = f"{material.place.manifest.children_title}, by age band; counted"
    return Chart(
        "ages",
        lambda style: need_figures.age_bars(bands, style, title=title, subtitle=subtitle),
        bands,
        material.counted_source,
        bars_of(bands, "children", "children", name="band"),
    )


def _tiers(material: Material) -> Iterator[Block]:
    keys = [material.tier, *(key for key in material.estimate.tier_keys if key != material.tier)]
    for number, key in enumerate(keys):
        yield Heading(material.tier_name(key))
        if number:
            yield Paragraph(f"need.{key}", need_words.need_sentence(material.estimate, key, "ward"))
        leading = need_words.leading_sentence(material.estimate, key, "ward")
        if leading:
            yield Paragraph(f"need.{key}.leading", leading)
        drawn: list[Block] = [
            _map(material, key, "ward", "number"),
            _ranking(material, key, "ward"),
            _map(material, key, "lsoa", "rate"),
        ]
        yield from details(drawn) if number else drawn
        yield from details([_map(material, key, "ward", "range"), _table(material, key, "ward")])
        if material.place.manifest.localities:
            yield from details([_ranking(material, key, "locality"), _table(material, key, "locality")])


def _map(material: Material, key: str, level: Level, measure: Measure) -> Map:
    drawn = need_maps.need_map(material.estimate, key, level, measure)
    sheet = need_maps.need_map_sheet(material.estimate, drawn, key, measure)
    return Map(f"map {key} {level} {measure}", material.shapes, drawn.paint, sheet, drawn.numbers)


def _ranking(material: Material, key: str, level: Level) -> Chart:
    drawn = need_maps.need_map(material.estimate, key, level)
    ranking, shown = drawn.ranking, drawn.ranking.head(MOST_BARS)
    title, subtitle = need_words.ranking_words(ranking, shown, material.tier_name(key), level, "number")
    return Chart(
        f"ranking {key} {level}",
        lambda style: need_figures.ranking_bars(shown, style, title=title, subtitle=subtitle),
        drawn.numbers,
        material.source,
        bars_of(shown, "value", "estimated children"),
    )


def _table(material: Material, key: str, level: Level) -> Table:
    ranking = need_ranking(material.estimate, key, level)
    rate = material.estimate.tier_table(level, key)["rate_per_1000"]
    one, many = LEVEL_WORDS[level].one, LEVEL_WORDS[level].many
    top = material.estimate.top_count(level)
    first = f"the {one}" if top == 1 else f"one of the {number_words.number_word(top)} {many}"
    return Table(
        f"table {key} {level}",
        f"{material.tier_name(key)}: estimated children by {one}, with range, rate and the chance of being "
        f"{first} with most",
        rounded_estimates(ranking.assign(rate=rate), ranges=("value", "low", "high")),
        HEADS,
        material.source,
        FORMS,
        wide_table(material.estimate, level),
    )


def _families(material: Material) -> Iterator[Block]:
    estimate = material.estimate
    k = estimate.settings.children_per_family
    yield Heading("From children to families")
    yield Paragraph(
        "need.families",
        f"Children in any tier, divided by {k:g}, are an estimated **{estimate_words(*estimate.total_families)}** families. "
        f"{CHILDREN_PER_FAMILY.get(k, 'This number is the user’s own')}.",
    )
    reading = family_reconciliation(estimate)
    if reading is None:
        return
    heads = {
        "reading": "Reading",
        "children": "Children",
        "children_per_family": "Children a family",
        "families": "Families",
        "words": "What it says",
    }
    forms = {"children_per_family": ".2f"}
    title = "The published number of families beside the same share of today’s children"
    rounded = reading.round({"children": -1, "families": -1})
    yield Table("families", title, rounded.reset_index(), heads, material.source, forms)
