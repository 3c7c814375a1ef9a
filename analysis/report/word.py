"""A pack as a Word report: real styles, numbered captions, cross-references, contents, accessible tables."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

import docx
import docx.table
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from analysis.base.jobs import UNWATCHED, Job
from analysis.base.text import date_words
from analysis.render.council_theme import TABLE_HEAD, CouncilTheme
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
from analysis.report.templates import opened_template
from analysis.report.word_parts import (
    add_caption,
    add_field,
    attach_manifest,
    bookmark_name,
    describe_picture,
    draw_lines,
    mark_header,
    safe_xml,
    set_language,
    shade,
)

WIDTH_CM, LOGO_CM = 16.0, 1.8
QUIET = RGBColor(0x56, 0x60, 0x6A)


@dataclass(eq=False)
class _Writer:
    document: Document
    pictures: Pictures
    numbers: dict[str, int] = field(default_factory=lambda: {"Figure": 0, "Table": 0})

    def next(self, label: str) -> int:
        """Number of the next figure or table."""
        self.numbers[label] += 1
        return self.numbers[label]


def word_file(
    pack: Pack,
    *,
    template: bytes | None = None,
    job: Job[Any] = UNWATCHED,
) -> bytes:
    """Write a pack as a Word document.

    Parameters
    ----------
    pack : Pack
    template : bytes, optional
        A .docx whose styles are used.
    job : Job
        As for `analysis.report.assembly.build_pack`; told before each block.

    Raises
    ------
    StoppedError
    """
    document = opened_template(docx.Document, template, ".docx")
    if template is None:
        _set_styles(document, pack.theme)
    _set_properties(document, pack)
    writer = _Writer(document, Pictures(WIDTH_CM, theme=pack.theme))
    _front(document, pack)
    total = sum(len(section.blocks) for section in pack.sections) or 1
    done = 0
    for section in pack.sections:
        document.add_heading(safe_xml(section.title), 1)
        for block in section.blocks:
            job.tell(done / total, section.title)
            _write(writer, block)
            done += 1
    _failures(document, pack)
    attach_manifest(document, pack.manifest)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_styles(document: Document, theme: CouncilTheme) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    page.top_margin = page.bottom_margin = Cm(2.2)
    set_language(document)
    for spacing in document.styles["Subtitle"].element.findall(f".//{qn('w:spacing')}"):
        spacing.getparent().remove(spacing)
    for name, size, bold, colour in (
        ("Normal", 11, False, None),
        ("Title", 26, True, DARK_BLUE),
        ("Subtitle", 13, False, None),
        ("Heading 1", 18, True, DARK_BLUE),
        ("Heading 2", 14, True, DARK_BLUE),
        ("Caption", 10, True, None),
        ("List Bullet", 11, False, None),
        ("TOC Heading", 14, True, DARK_BLUE),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = theme.document_font, Pt(size), bold
        style.font.italic = False
        style.font.color.rgb = RGBColor.from_string(theme.colour(colour or "#1F2328").lstrip("#"))
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for own in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[own]
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles["Caption"].paragraph_format.space_before = Pt(12)


def _set_properties(document: Document, pack: Pack) -> None:
    properties = document.core_properties
    moment = dt.datetime.combine(pack.made, dt.time())
    properties.title, properties.subject = safe_xml(pack.title), safe_xml(pack.subtitle)
    properties.author, properties.language = "Hubreach", "en-GB"
    properties.comments = "Made by Hubreach; the manifest is in the file as custom XML."
    properties.created = properties.modified = moment


def _front(document: Document, pack: Pack) -> None:
    _logo(document, pack.theme)
    document.add_paragraph(safe_xml(pack.title), "Title")
    made = date_words(pack.made)
    document.add_paragraph(safe_xml(f"{pack.subtitle}. Made {made}."), "Subtitle")
    document.add_paragraph("Contents", "TOC Heading")
    listed = "\n".join(safe_xml(section.title) for section in pack.sections)
    add_field(document.add_paragraph(), 'TOC \\o "1-2" \\h \\z \\u', listed, dirty=True)
    for number, section in enumerate(pack.sections):
        if number == 0:
            document.add_heading("In short", 1)
        _words(document.add_paragraph(style="List Bullet"), section.message)


def _logo(document: Document, theme: CouncilTheme) -> None:
    if theme.logo:
        shape = document.add_paragraph().add_run().add_picture(io.BytesIO(theme.logo), height=Cm(LOGO_CM))
        if shape.width > Cm(WIDTH_CM):
            shape.height, shape.width = Length(int(shape.height * Cm(WIDTH_CM) / shape.width)), Cm(WIDTH_CM)
        describe_picture(shape, safe_xml(theme.logo_words), safe_xml(theme.logo_words))


def _words(paragraph: WordParagraph, text: str) -> None:
    for piece, bold in runs(text):
        paragraph.add_run(safe_xml(piece)).bold = bold or None


def _write(writer: _Writer, block: Block) -> None:
    document = writer.document
    if isinstance(block, Paragraph):
        _words(document.add_paragraph(), block.text)
    elif isinstance(block, Heading):
        document.add_heading(safe_xml(block.text), 2)
    elif isinstance(block, Bullets):
        for item in block.items:
            _words(document.add_paragraph(style="List Bullet"), item)
    elif isinstance(block, Formula):
        svg = writer.pictures.svg(block)
        _picture(writer, writer.pictures.png(block), formula_width_cm(svg), "Formula", picture_alt(block))
    elif isinstance(block, Table):
        _table(writer, block)
    else:
        _figure(writer, block)


def _figure(writer: _Writer, block: Chart | Map) -> None:
    title, subtitle = picture_title(block)
    missing = writer.pictures.missing(block)
    document = writer.document
    if missing:
        paragraph = document.add_paragraph()
        paragraph.add_run(safe_xml(f"{title}. ")).bold = True
        paragraph.add_run(safe_xml(f"This chart is not drawn here. {missing}"))
        return
    number = writer.next("Figure")
    lead = document.add_paragraph()
    lead.paragraph_format.keep_with_next = True
    add_field(lead, f"REF {bookmark_name('Figure', number)} \\h", f"Figure {number}")
    lead.add_run(safe_xml(f" shows {lowered(subtitle)}."))
    add_caption(document.add_paragraph(style="Caption"), "Figure", number, safe_xml(title))
    _picture(writer, writer.pictures.png(block), WIDTH_CM, title, picture_alt(block))
    _source(document, picture_source(block))


def _picture(writer: _Writer, png: bytes, width_cm: float, title: str, alt: str) -> None:
    paragraph = writer.document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(width_cm))
    describe_picture(shape, safe_xml(title), safe_xml(alt))


def _source(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_together = True
    run = paragraph.add_run(safe_xml(text))
    run.font.size, run.font.color.rgb = Pt(8), QUIET


def _table(writer: _Writer, block: Table) -> None:
    document, rows = writer.document, block.rows()
    number = writer.next("Table")
    add_caption(document.add_paragraph(style="Caption"), "Table", number, safe_xml(block.title))
    table = document.add_table(rows=len(rows) + 1, cols=len(block.heads))
    size = 9.0 if len(block.heads) < 7 else 8.5
    lines = [list(block.heads.values()), *rows]
    head = writer.pictures.theme.colour(TABLE_HEAD)
    for line, (row, cells) in enumerate(zip(table._tbl.tr_lst, lines, strict=True)):
        for element, text, right in zip(row.tc_lst, cells, block.right_aligned, strict=True):
            _fill(docx.table._Cell(element, table), text, size, right=right, head=head if line == 0 else "")
    draw_lines(table)
    mark_header(table, safe_xml(block.title), safe_xml(f"{len(rows)} rows. {block.source}"))
    _set_widths(table, column_widths_cm(lines, size, WIDTH_CM))
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    _source(document, block.source)


def _fill(cell: docx.table._Cell, text: str, size: float, *, right: bool, head: str) -> None:
    """Text of a cell; `head` is the ground of a heading."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(safe_xml(text))
    run.font.size = Pt(size)
    if head:
        run.bold = True
        shade(cell, head)


def _set_widths(table: docx.table.Table, widths_cm: list[float]) -> None:
    """Widths of columns, in the grid and in every cell, as Word and LibreOffice ask for."""
    table.autofit = False
    for column, wide in zip(table._tbl.tblGrid.gridCol_lst, widths_cm, strict=True):
        column.w = Cm(wide)
    for row in table._tbl.tr_lst:
        for cell, wide in zip(row.tc_lst, widths_cm, strict=True):
            cell.width = Cm(wide)


def _failures(document: Document, pack: Pack) -> None:
    if not pack.failures:
        return
    document.add_heading("Sections that could not be made", 1)
    for failure in pack.failures:
        _words(document.add_paragraph(style="List Bullet"), f"**{failure.title}**: {failure.why}")
