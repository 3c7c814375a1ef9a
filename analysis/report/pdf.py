"""A pack as a tagged PDF with embedded fonts, set by Typst."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from analysis.base.jobs import UNWATCHED, Job
from analysis.base.text import date_words, plain
from analysis.render.council_theme import TABLE_HEAD
from analysis.render.sheets import typeset
from analysis.render.theme import DARK_BLUE
from analysis.report.columns import column_widths_cm
from analysis.report.content import Block, Bullets, Chart, Formula, Heading, Map, Pack, Paragraph, Table, runs
from analysis.report.pictures import (
    Pictures,
    formula_width_cm,
    lowered,
    picture_alt,
    picture_source,
    picture_title,
)

TEMPLATE = Path(__file__).parent / "report.typ"
WIDTH_CM = 16.0


def pdf_file(pack: Pack, *, job: Job[Any] = UNWATCHED) -> bytes:
    """Write a pack as a PDF report: vector pictures, contents, cross-references, alternative texts, PDF/UA-1.

    Parameters
    ----------
    pack : Pack
    job : Job
        As for `analysis.report.assembly.build_pack`; told before each block.

    Raises
    ------
    StoppedError
    """
    theme = pack.theme
    pictures, inputs = Pictures(WIDTH_CM, theme=theme), {"manifest": pack.manifest}
    total = sum(len(section.blocks) for section in pack.sections) or 1
    sections, done = [], 0
    for section in pack.sections:
        blocks = []
        for block in section.blocks:
            job.tell(done / total, section.title)
            blocks.append(_data(block, pictures, inputs, done))
            done += 1
        sections.append({"title": plain(section.title), "blocks": blocks})
    made = date_words(pack.made)
    body = {
        "title": plain(pack.title),
        "blue": theme.colour(DARK_BLUE),
        "head": theme.colour(TABLE_HEAD),
        "logo": list(theme.logo),
        "logo_words": theme.logo_words,
        "subtitle": plain(f"{pack.subtitle}. Made {made}."),
        "messages": [runs(section.message) for section in pack.sections],
        "sections": sections,
        "failures": [runs(f"**{failure.title}**: {failure.why}") for failure in pack.failures],
    }
    moment = dt.datetime.combine(pack.made, dt.time(), dt.UTC)
    inputs["pack"] = json.dumps(body, ensure_ascii=False)
    return typeset(TEMPLATE.read_bytes(), inputs, "pdf", timestamp=moment, pdf_standards=["ua-1"])


def _data(block: Block, pictures: Pictures, inputs: dict[str, str], number: int) -> dict[str, Any]:
    """A block as the template reads it; its picture goes into `inputs`."""
    if isinstance(block, Paragraph):
        data: dict[str, Any] = {"kind": "paragraph", "text": runs(block.text)}
    elif isinstance(block, Heading):
        data = {"kind": "heading", "text": plain(block.text)}
    elif isinstance(block, Bullets):
        data = {"kind": "bullets", "items": [runs(item) for item in block.items]}
    elif isinstance(block, Table):
        data = _table(block)
    else:
        data = _picture(block, pictures, inputs, f"picture-{number}")
    return data


def _picture(
    block: Chart | Map | Formula, pictures: Pictures, inputs: dict[str, str], name: str
) -> dict[str, Any]:
    missing = pictures.missing(block)
    if missing and not isinstance(block, Formula):
        why = f"This chart is not drawn here. {missing}"
        return {"kind": "missing", "title": plain(picture_title(block)[0]), "why": why}
    svg = pictures.svg(block)
    inputs[name] = svg.decode("utf-8")
    common = {"picture": name, "alt": plain(picture_alt(block))}
    if isinstance(block, Formula):
        return {"kind": "formula", "width": formula_width_cm(svg), **common}
    return {"kind": "figure", **_words(block), **common}


def _words(block: Chart | Map) -> dict[str, str]:
    title, subtitle = picture_title(block)
    return {
        "title": plain(title),
        "lead": plain(lowered(subtitle)),
        "source": plain(picture_source(block)),
    }


def _table(block: Table) -> dict[str, Any]:
    heads, rows = [plain(head) for head in block.heads.values()], block.rows()
    return {
        "kind": "table",
        "title": plain(block.title),
        "alt": f"Table of {len(rows)} rows: {plain(block.title)}",
        "heads": heads,
        "rows": rows,
        "right": block.right_aligned,
        "widths": column_widths_cm([heads, *rows], 8.5, WIDTH_CM),
        "source": plain(block.source),
    }
