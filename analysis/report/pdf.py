"""A pack as a tagged PDF with embedded fonts, set by Typst."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.base.jobs import UNWATCHED, Job
from analysis.base.text import plain
from analysis.render.council_theme import TABLE_HEAD
from analysis.render.sheets import typeset
from analysis.render.theme import DARK_BLUE
from analysis.report.columns import column_widths_cm
from analysis.report.content import Block, Bullets, Chart, Formula, Heading, Map, Pack, Paragraph, Table, runs
from analysis.report.paper import (
    FINDINGS,
    NOTES,
    NOTES_AT,
    NOTES_LEAD,
    Paper,
    Reference,
    front_line,
    note_texts,
    paper_of,
)
from analysis.report.pictures import (
    Pictures,
    formula_width_cm,
    picture_alt,
    picture_title,
)

TEMPLATE = Path(__file__).parent / "report.typ"
WIDTH_CM, TALLEST_CM = 16.0, 9.0


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
    pictures = Pictures(WIDTH_CM, theme=theme, tallest_cm=TALLEST_CM)
    inputs = {"manifest": pack.manifest}
    writer = _Writer(pictures, paper_of(pack, pictures), inputs)
    paper = writer.paper
    total = sum(len(section.blocks) for section in paper.pack.sections) or 1
    sections, done = [], 0
    for section in (*paper.body, *paper.appendices):
        blocks = []
        for block in section.blocks:
            job.tell(done / total, section.title)
            blocks.append(writer.data(block, done))
            done += 1
        sections.append({"title": plain(section.title), "appendix": section.is_appendix, "blocks": blocks})
    body = {
        "title": plain(pack.title),
        "blue": theme.colour(DARK_BLUE),
        "head": theme.colour(TABLE_HEAD),
        "logo": list(theme.logo),
        "logo_words": theme.logo_words,
        "subtitle": plain(front_line(pack)),
        "findings": {"title": FINDINGS, "items": [runs(finding) for finding in paper.findings]},
        "notes": {
            "title": NOTES,
            "lead": NOTES_LEAD,
            "at": NOTES_AT,
            "items": list(map(plain, note_texts(paper.notes))),
        },
        "sections": sections,
    }
    moment = dt.datetime.combine(pack.made, dt.time(), dt.UTC)
    inputs["pack"] = json.dumps(body, ensure_ascii=False)
    return typeset(TEMPLATE.read_bytes(), inputs, "pdf", timestamp=moment, pdf_standards=["ua-1"])


@dataclass(frozen=True, eq=False)
class _Writer:
    """Blocks as the template reads them; pictures go into `inputs`."""

    pictures: Pictures
    paper: Paper
    inputs: dict[str, str]

    def data(self, block: Block, number: int) -> dict[str, Any]:
        """A block as the template reads it."""
        if isinstance(block, Paragraph):
            mentions = [_target(each) for each in self.paper.mentions.get(id(block), ())]
            return {"kind": "paragraph", "text": runs(block.text), "mentions": mentions}
        if isinstance(block, Heading):
            return {"kind": "heading", "text": plain(block.text)}
        if isinstance(block, Bullets):
            return {"kind": "bullets", "items": [runs(item) for item in block.items]}
        if isinstance(block, Table):
            return {**_table(block), **self._marks(block)}
        return self._picture(block, f"picture-{number}")

    def _marks(self, block: Chart | Map | Table) -> dict[str, Any]:
        kind, note = self.paper.note(block)
        return {"label": _target(self.paper.numbers[id(block)]), "measured": kind, "note": note}

    def _picture(self, block: Chart | Map | Formula, name: str) -> dict[str, Any]:
        if not isinstance(block, Formula) and id(block) not in self.paper.numbers:
            why = f"This chart is not drawn here. {self.pictures.missing(block)}"
            return {"kind": "missing", "title": plain(picture_title(block)[0]), "why": why}
        svg = self.pictures.svg(block)
        self.inputs[name] = svg.decode("utf-8")
        common = {"picture": name, "alt": plain(picture_alt(block))}
        if isinstance(block, Formula):
            return {"kind": "formula", "width": formula_width_cm(svg), **common}
        title, subtitle = picture_title(block)
        lead = plain(f"{subtitle[:1].upper()}{subtitle[1:].rstrip('.')}.") + " "
        return {"kind": "figure", "title": plain(title), "lead": lead, **self._marks(block), **common}


def _target(reference: Reference) -> str:
    label, number = reference
    return f"{label.lower()}-{number}"


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
    }
