"""Where the figures come from, and whether they hold together."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.need.checks import place_checks
from analysis.report import data_tables
from analysis.report.content import Block, Bullets, Heading, Paragraph, Section, Table
from analysis.report.sections.material import Material

SOURCE_HEADS = {"title": "Source", "published": "Publisher, date", "licence": "Licence", "note": "Note"}
CHECK_HEADS = {"check": "Check", "result": "Result", "expected": "Expected", "found": "Found"}


def data_section(material: Material) -> Section:
    """Checks, sources, the council's decisions."""
    checks = place_checks(material.place)
    message = data_tables.checks_sentence(material.place, checks)
    shown = data_tables.checks_shown(checks).reset_index()
    shown["result"] = shown["result"].str.replace(" ", "\u00a0")
    blocks: list[Block] = [
        Paragraph("data.answer", message),
        Heading("Sources"),
        Table(
            "sources",
            f"Sources of the figures of {material.place.name}",
            _sources(material),
            SOURCE_HEADS,
            "",
            on_slide=False,
        ),
        Heading("Checks"),
        Table(
            "checks",
            "Checks of the figures, and what they found",
            shown,
            CHECK_HEADS,
            "",
            on_slide=False,
        ),
        *_decisions(material),
    ]
    return Section("data", "Data sources and checks", message, tuple(blocks), is_appendix=True)


def _sources(material: Material) -> pd.DataFrame:
    """The sources with publisher and date in one column, as a page has room for."""
    shown = data_tables.sources_shown(material.place).reset_index()
    return shown.assign(published=shown["publisher"] + ", " + shown["vintage"].astype(str))


def _decisions(material: Material) -> Iterator[Block]:
    found = data_tables.decisions(material.place)
    if found:
        yield Heading("Decisions that these figures serve")
    for number, decision in enumerate(found):
        yield Paragraph(f"data.decision.{number}", f"**{decision.heading}**")
        yield Bullets(tuple(decision.facts))
