"""Who can reach a hub, and who cannot."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.text import plain
from analysis.reach import figures as reach_figures
from analysis.reach import words as reach_words
from analysis.reach.answer import ReachAnswer
from analysis.reach.groups import By
from analysis.reach.maps import reach_map
from analysis.reach.sensitivity import reach_sensitivity
from analysis.reach.tables import coverage_order, shown_summary, site_order, summary_table
from analysis.render.estimates import rounded_estimates
from analysis.render.theme import TURQUOISE
from analysis.report.content import Block, Chart, Heading, Map, Paragraph, Section, Table
from analysis.report.sections.material import MOST_BARS, Material, bars_of
from analysis.scenario.levels import LEVEL_WORDS

SUMMARY_HEADS = {
    "who": "Who",
    "total": "All",
    "covered": "Within reach",
    "share_covered": "Share",
    "not_covered": "Out of reach",
    "mean_minutes": "Mean minutes",
    "p90_minutes": "90th percentile",
}
SUMMARY_FORMS = {
    "total": ",.0f",
    "covered": ",.0f",
    "not_covered": ",.0f",
    "share_covered": ".0%",
    "mean_minutes": ".0f",
    "p90_minutes": ".0f",
}
SITE_HEADS = {
    "name": "Site",
    "kind": "Kind",
    "need_within": "Need within reach",
    "need_unique": "by this site alone",
    "need_assigned": "Need nearest",
}


def reach_section(material: Material) -> Section:
    """Map, coverage by fifth and ward, sites."""
    view = material.reach
    message = reach_words.reach_answer(view)
    blocks = [*_place(material, view, message), *_areas(material, view), *_sites(material, view)]
    gap = f"{reach_words.gap_sentence(view)}."
    return Section("reach", "Reach: who can reach a hub, and who cannot", message, tuple(blocks), (gap,))


def _source(material: Material, view: ReachAnswer) -> str:
    words = plain(material.request.sites_words)
    sites = f" Sites: {words}." if words else ""
    return f"{material.source} {reach_words.travel_source(view)}{sites}"


def _place(material: Material, view: ReachAnswer, message: str) -> Iterator[Block]:
    yield Paragraph("reach.scenario", f"These figures are for {view.line}.")
    yield Paragraph("reach.answer", message)
    water = reach_words.water_sentence(view)
    if water:
        yield Paragraph("reach.water", water)
    drawn = reach_map(view, _source(material, view))
    yield Map(
        "map reach",
        material.shapes,
        drawn.paint,
        drawn.sheet,
        drawn.numbers,
        sites=drawn.sites,
        catchments=drawn.catchments,
    )
    title = f"Within reach in {material.place.name}: children counted, tiers estimated"
    yield Table(
        "reach summary",
        title,
        shown_summary(view),
        SUMMARY_HEADS,
        _source(material, view),
        SUMMARY_FORMS,
        summary_table(view),
    )


def _areas(material: Material, view: ReachAnswer) -> Iterator[Block]:
    yield Heading("Which areas are reached")
    wards = reach_words.coverage_sentence(view, "ward", "wards")
    yield Paragraph("reach.gap", f"{reach_words.gap_sentence(view)}. {wards}.")
    yield _coverage(material, view, "fifth")
    yield _coverage(material, view, "ward")
    if not view.sites.empty:
        found = reach_sensitivity(view)
        yield Heading("What holds whatever is assumed")
        words = f"{reach_words.wards_kept(found)} {reach_words.closing_sentence(found)}"
        yield Paragraph("reach.sensitivity", words.strip())


def _coverage(material: Material, view: ReachAnswer, by: By) -> Chart:
    table = coverage_order(view, by)
    shown = table.head(MOST_BARS)
    title = (
        reach_words.gap_sentence(view) if by == "fifth" else reach_words.coverage_sentence(view, by, "wards")
    )
    return Chart(
        f"coverage {by}",
        lambda style: reach_figures.coverage_bars(
            shown,
            style,
            title=title,
            subtitle=f"share of children within {view.minutes:g} minutes, by {LEVEL_WORDS[by].one}",
        ),
        table,
        _source(material, view),
        bars_of(
            shown.fillna({"share_covered": 0.0}).assign(fill=TURQUOISE), "share_covered", "share of children"
        ),
    )


def _sites(material: Material, view: ReachAnswer) -> Iterator[Block]:
    if view.sites.empty:
        return
    table = site_order(view)
    yield Heading("Children near each site")
    yield Paragraph("reach.sites", f"{reach_words.site_sentence(view)}.")
    forms = dict.fromkeys(("need_within", "need_unique", "need_assigned"), ",.0f")
    heads = {name: head for name, head in SITE_HEADS.items() if name in table}
    title = f"Open sites by {material.tier_name(material.tier).lower()} within reach (estimated children)"
    shown = rounded_estimates(table)
    yield Table("reach sites", title, shown, heads, _source(material, view), forms, table)
