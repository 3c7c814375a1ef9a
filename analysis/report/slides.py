"""A pack as a PowerPoint deck: one message a slide, charts that can be edited in PowerPoint."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pptx
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.presentation import Presentation
from pptx.util import Cm, Emu, Pt

from analysis.base.jobs import UNWATCHED, Job
from analysis.render.council_theme import TABLE_HEAD, CouncilTheme
from analysis.render.theme import DARK_BLUE
from analysis.render.typefaces import line_width
from analysis.report.columns import WIDER_FACE, column_widths_cm
from analysis.report.content import Chart, Map, Pack, Paragraph, Table, unmarked
from analysis.report.paper import FINDINGS, NOTES, Paper, front_line, note_texts, paper_of
from analysis.report.pictures import Pictures, picture_alt, picture_title
from analysis.report.slide_charts import QUIET, add_bars, slide_colour
from analysis.report.templates import opened_template
from analysis.report.word_parts import MANIFEST_PATH, manifest_xml, safe_xml

WIDE_CM, TALL_CM = 33.867, 19.05
EDGE_CM = 1.5
PICTURE_TOP_CM, PICTURE_CM, LOGO_CM = 4.3, 12.1, 2.0
SLIDE_DPI = 200
MOST_COLUMNS, TABLE_PT = 8, 13.0
SUBTITLE_PT, SOURCE_PT = 14.0, 10.0
MOST_FINDINGS = 7


@dataclass(eq=False)
class _Writer:
    deck: Presentation
    pictures: Pictures
    paper: Paper
    width_cm: float
    height_cm: float

    @property
    def theme(self) -> CouncilTheme:
        """Of the pack."""
        return self.pictures.theme


def slides_file(
    pack: Pack,
    *,
    template: bytes | None = None,
    job: Job[Any] = UNWATCHED,
) -> bytes:
    """Write a pack as a PowerPoint deck: its findings, then a slide a finding, then the notes on sources.

    The long form has every figure and, over as many slides as they take, the tables.

    Parameters
    ----------
    pack : Pack
    template : bytes, optional
        A .pptx whose master, fonts and colours are used.
    job : Job
        As for `analysis.report.assembly.build_pack`; told before each block.

    Raises
    ------
    StoppedError
    """
    deck = opened_template(pptx.Presentation, template, ".pptx")
    if template is None:
        deck.slide_width, deck.slide_height = Cm(WIDE_CM), Cm(TALL_CM)
    width, height = (deck.slide_width or Cm(WIDE_CM)) / Cm(1), (deck.slide_height or Cm(TALL_CM)) / Cm(1)
    pictures = Pictures(width - 2 * EDGE_CM, height - PICTURE_TOP_CM - 2.6, 1.6, SLIDE_DPI, pack.theme)
    writer = _Writer(deck, pictures, paper_of(pack, pictures), width, height)
    _set_properties(deck, pack)
    _logo(writer, _words_slide(writer, pack.title, [front_line(pack)]))
    findings = [unmarked(finding) for finding in writer.paper.findings]
    each = -(-len(findings) // max(-(-len(findings) // MOST_FINDINGS), 1)) or 1
    for start in range(0, len(findings), each):
        _words_slide(writer, FINDINGS, findings[start : start + each])
    total = sum(len(section.blocks) for section in writer.paper.pack.sections) or 1
    done = 0
    for section in writer.paper.body:
        notes: list[str] = []
        pictured = any(isinstance(block, Chart | Map) for block in section.blocks)
        for block in section.blocks:
            job.tell(done / total, section.title)
            if isinstance(block, Paragraph):
                notes.append(unmarked(block.text))
            elif isinstance(block, Chart | Map):
                _say(_picture_slide(writer, block), notes)
            elif isinstance(block, Table) and block.on_slide and (pack.form == "long" or not pictured):
                for slide in _table_slides(writer, block, whole=pack.form == "short"):
                    _say(slide, notes)
            done += 1
    texts = [f"Note {number}. {text}" for number, text in enumerate(note_texts(writer.paper.notes), 1)]
    if texts:
        _words_slide(writer, NOTES, texts)
    held = Part(PackURI(MANIFEST_PATH), "application/xml", deck.part.package, manifest_xml(pack.manifest))
    deck.part.relate_to(held, RELATIONSHIP_TYPE.CUSTOM_XML)
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def _set_properties(deck: Presentation, pack: Pack) -> None:
    properties = deck.core_properties
    properties.title, properties.subject = safe_xml(pack.title), safe_xml(pack.subtitle)
    properties.author, properties.language = "Hubreach", "en-GB"
    properties.created = properties.modified = dt.datetime.combine(pack.made, dt.time())


def _slide(writer: _Writer, title: str) -> Any:
    """A slide with a title and room under it, from the layout that the template has for it."""
    layouts = writer.deck.slide_layouts
    layout = next((one for one in layouts if one.name == "Title Only"), layouts[min(5, len(layouts) - 1)])
    slide = writer.deck.slides.add_slide(layout)
    for shape in list(slide.placeholders):
        if shape.placeholder_format.idx:
            shape._element.getparent().remove(shape._element)
    head = slide.shapes.title
    if head is None:
        head = slide.shapes.add_textbox(0, 0, Cm(1), Cm(1))
    head.left, head.top = Cm(EDGE_CM), Cm(0.9)
    head.width, head.height = Cm(writer.width_cm - 2 * EDGE_CM), Cm(2.3)
    frame = head.text_frame
    frame.word_wrap = True
    _no_margins(frame)
    frame.text = safe_xml(title)
    size = 28 if len(title) < 52 else 22 if len(title) < 120 else 18
    _style(writer, frame.paragraphs[0], size, bold=True, colour=slide_colour(writer.theme.colour(DARK_BLUE)))
    return slide


def _no_margins(frame: Any) -> None:
    for name in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
        setattr(frame, name, 0)


def _style(
    writer: _Writer, paragraph: Any, size: float, *, bold: bool = False, colour: RGBColor | None = None
) -> None:
    paragraph.alignment = PP_ALIGN.LEFT
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, writer.theme.document_font
        if colour is not None:
            run.font.color.rgb = colour


def _text(
    writer: _Writer, slide: Any, top_cm: float, height_cm: float, text: str, size: float, *, gap_pt: float = 0
) -> None:
    box = slide.shapes.add_textbox(Cm(EDGE_CM), Cm(top_cm), Cm(writer.width_cm - 2 * EDGE_CM), Cm(height_cm))
    frame = box.text_frame
    frame.word_wrap = True
    _no_margins(frame)
    frame.text = safe_xml(text)
    for paragraph in frame.paragraphs:
        _style(writer, paragraph, size, colour=QUIET)
        paragraph.space_after = Pt(gap_pt)


def _words_slide(writer: _Writer, title: str, lines: list[str]) -> Any:
    slide = _slide(writer, title)
    size = min(26.0, max(10.0, 27 - 0.0095 * sum(map(len, lines))))
    _text(writer, slide, PICTURE_TOP_CM - 0.6, PICTURE_CM + 1.2, "\n".join(lines), size, gap_pt=0.4 * size)
    return slide


def _say(slide: Any, notes: list[str]) -> None:
    """Put the commentary that leads to a slide into its notes, once."""
    if notes:
        slide.notes_slide.notes_text_frame.text = safe_xml("\n\n".join(notes))
        notes.clear()


def _logo(writer: _Writer, slide: Any) -> None:
    """The council's logo at the foot of the first slide."""
    if writer.theme.logo:
        shape = slide.shapes.add_picture(io.BytesIO(writer.theme.logo), Cm(EDGE_CM), 0)
        _fit(shape, Cm(writer.width_cm - 2 * EDGE_CM), Cm(LOGO_CM))
        shape.top = Cm(writer.height_cm - EDGE_CM) - shape.height
        _describe(shape, writer.theme.logo_words, writer.theme.logo_words)


def _fit(shape: Any, width: int, height: int) -> None:
    """As large as a box allows, in its own proportions."""
    shrink = min(width / shape.width, height / shape.height)
    shape.width, shape.height = Emu(int(shape.width * shrink)), Emu(int(shape.height * shrink))


def _source_words(writer: _Writer, block: Chart | Map | Table) -> str:
    kind, note = writer.paper.note(block)
    return f"{kind}Source: note {note} on the last slide." if note else kind


def _picture_slide(writer: _Writer, block: Chart | Map) -> Any:
    title, subtitle = picture_title(block)
    slide = _slide(writer, title)
    _text(writer, slide, 3.2, 0.9, subtitle, _one_line_pt(subtitle, writer.width_cm - 2 * EDGE_CM))
    _text(writer, slide, writer.height_cm - 1.5, 0.9, _source_words(writer, block), SOURCE_PT)
    if isinstance(block, Chart) and block.bars is not None:
        box = (
            Cm(EDGE_CM),
            Cm(PICTURE_TOP_CM),
            Cm(writer.width_cm - 2 * EDGE_CM),
            Cm(writer.height_cm - PICTURE_TOP_CM - 2.4),
        )
        _describe(add_bars(slide, block.bars, box, writer.theme), title, picture_alt(block))
        return slide
    missing = writer.pictures.missing(block)
    if missing:
        _text(writer, slide, PICTURE_TOP_CM, 2, f"This chart is not drawn here. {missing}", 16)
        return slide
    shape = slide.shapes.add_picture(io.BytesIO(writer.pictures.png(block)), Cm(EDGE_CM), Cm(PICTURE_TOP_CM))
    room = Cm(writer.width_cm - 2 * EDGE_CM), Cm(writer.height_cm - PICTURE_TOP_CM - 2.4)
    _fit(shape, *room)
    shape.left = Emu(int((Cm(writer.width_cm) - shape.width) / 2))
    _describe(shape, title, picture_alt(block))
    return slide


def _one_line_pt(text: str, width_cm: float) -> float:
    """Size of type at which a subtitle stays on its line."""
    room = width_cm / 2.54 * 72
    return min(SUBTITLE_PT, SUBTITLE_PT * room / (line_width(text, SUBTITLE_PT) * WIDER_FACE or 1.0))


def _describe(shape: Any, title: str, alt: str) -> None:
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("descr", safe_xml(alt))
    properties.set("title", safe_xml(title))


def _table_slides(writer: _Writer, block: Table, *, whole: bool) -> Iterator[Any]:
    """A table over as many slides as it takes, or none if it must be on one; of a very wide one the first columns."""
    width = writer.width_cm - 2 * EDGE_CM
    heads = list(block.heads.values())[:MOST_COLUMNS]
    rows = [row[:MOST_COLUMNS] for row in block.rows()]
    widths = column_widths_cm([heads, *rows], TABLE_PT, width)
    head_cm, *heights = [_row_cm(row, widths) for row in [heads, *rows]]
    room = writer.height_cm - PICTURE_TOP_CM - 2.2 - head_cm
    parts: list[list[int]] = [[]]
    for number, height in enumerate(heights):
        if parts[-1] and sum(heights[row] for row in parts[-1]) + height > room:
            parts.append([])
        parts[-1].append(number)
    for number, part in enumerate([] if whole and len(parts) > 1 else parts, 1):
        more = "" if len(parts) == 1 else f" ({number} of {len(parts)})"
        slide = _slide(writer, f"{block.title}{more}")
        tall = [head_cm, *(heights[row] for row in part)]
        place = Cm(EDGE_CM), Cm(PICTURE_TOP_CM - 0.6), Cm(width), Cm(sum(tall))
        frame = slide.shapes.add_table(len(tall), len(heads), *place)
        _describe(frame, block.title, f"Table of {len(part)} rows. {block.title}")
        for column, wide in zip(frame.table.columns, widths, strict=True):
            column.width = Cm(wide)
        for line, cells in enumerate([heads, *(rows[row] for row in part)]):
            frame.table.rows[line].height = Cm(tall[line])
            for column, text in enumerate(cells):
                cell = frame.table.cell(line, column)
                _fill(writer, cell, text, head=line == 0, right=block.right_aligned[column])
        _text(writer, slide, writer.height_cm - 1.5, 0.9, _source_words(writer, block), SOURCE_PT)
        yield slide


def _row_cm(row: list[str], widths_cm: list[float]) -> float:
    """About how high a row is."""
    lines = [
        -(-(line_width(cell, TABLE_PT, 600) * 1.15) // max((wide - 0.45) / 2.54 * 72, 1))
        for cell, wide in zip(row, widths_cm, strict=True)
    ]
    return 0.3 + 0.57 * max(1.0, *lines)


def _fill(writer: _Writer, cell: Any, text: str, *, head: bool, right: bool) -> None:
    cell.text = safe_xml(text)
    cell.margin_top = cell.margin_bottom = Cm(0.08)
    cell.fill.solid()
    cell.fill.fore_color.rgb = slide_colour(writer.theme.colour(TABLE_HEAD) if head else "#FFFFFF")
    paragraph: Any = cell.text_frame.paragraphs[0]
    _style(writer, paragraph, TABLE_PT, bold=head, colour=slide_colour("#1F2328"))
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
