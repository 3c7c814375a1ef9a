"""A pack as a Word report: real styles, numbered captions, cross-references, contents, accessible tables."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

import docx
import docx.table
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from analysis.base.jobs import UNWATCHED, Job
from analysis.render.council_theme import TABLE_HEAD, CouncilTheme
from analysis.render.theme import DARK_BLUE
from analysis.report.columns import column_widths_cm
from analysis.report.content import (
    Block,
    Bullets,
    Chart,
    Formula,
    Heading,
    Map,
    Pack,
    Paragraph,
    Section,
    Table,
    runs,
)
from analysis.report.paper import (
    FINDINGS,
    NOTES,
    NOTES_AT,
    NOTES_LEAD,
    Paper,
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
from analysis.report.templates import opened_template
from analysis.report.word_parts import (
    add_bookmark,
    add_caption,
    add_contents,
    add_field,
    add_footer,
    attach_manifest,
    bookmark_name,
    describe_picture,
    draw_lines,
    mark_header,
    number_headings,
    safe_xml,
    set_language,
    shade,
)

WIDTH_CM, LOGO_CM = 16.0, 1.8
# A figure with its words is less than half a page, so that none leaves a page half empty.
TALLEST_CM = 9.0
APPENDIX = ("Appendix", "Appendix 2")
NOTE_IDS, CHAPTER_IDS = 5000, 7000
QUIET = RGBColor(0x56, 0x60, 0x6A)


@dataclass(eq=False)
class _Writer:
    document: Document
    pictures: Pictures
    paper: Paper
    chapters: int = 0


def word_file(
    pack: Pack,
    *,
    template: bytes | None = None,
    job: Job[Any] = UNWATCHED,
) -> bytes:
    """Write a pack as a Word document: findings, contents, numbered sections, notes on sources, appendices.

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
    _add_styles(document)
    _set_properties(document, pack)
    pictures = Pictures(WIDTH_CM, theme=pack.theme, tallest_cm=TALLEST_CM)
    paper = paper_of(pack, pictures)
    writer = _Writer(document, pictures, paper)
    add_footer(document, pack.title)
    _front(writer)
    total = sum(len(section.blocks) for section in paper.pack.sections) or 1
    done = 0
    for section in (*paper.body, *paper.appendices):
        if section is next(iter(paper.appendices), None):
            _notes(writer)
        _heading(writer, section.title, _headings(section)[0])
        for block in section.blocks:
            job.tell(done / total, section.title)
            _write(writer, block, _headings(section)[1])
            done += 1
    if not paper.appendices:
        _notes(writer)
    attach_manifest(document, pack.manifest)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _headings(section: Section) -> tuple[str, str]:
    return APPENDIX if section.is_appendix else ("Heading 1", "Heading 2")


def _add_styles(document: Document) -> None:
    """Appendix headings like the others, and numbers by Word's own lists."""
    for name, like in zip(APPENDIX, ("Heading 1", "Heading 2"), strict=True):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.next_paragraph_style = document.styles[like], document.styles["Normal"]
        style.quick_style = True
    number_headings(document, ("Heading 1", "Heading 2"), "%1")
    number_headings(document, APPENDIX, "Appendix %1")


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


def _front(writer: _Writer) -> None:
    """Title, what the figures stand on, the findings and the contents: the first page."""
    document, paper, pack = writer.document, writer.paper, writer.paper.pack
    _logo(document, pack.theme)
    document.add_paragraph(safe_xml(pack.title), "Title")
    document.add_paragraph(safe_xml(front_line(pack)), "Subtitle")
    if paper.findings:
        document.add_paragraph(FINDINGS, "TOC Heading")
    for finding in paper.findings:
        _words(document.add_paragraph(style="List Bullet"), finding)
    document.add_paragraph("Contents", "TOC Heading")
    entries = [(safe_xml(words), _chapter(number)) for number, words in enumerate(paper.contents)]
    add_contents(document, entries)


def _chapter(number: int) -> str:
    """Name of the bookmark of a section's heading, for the contents."""
    return bookmark_name("Section", number)


def _heading(writer: _Writer, text: str, style: str) -> None:
    """The heading of a section, which the contents know."""
    paragraph = writer.document.add_paragraph(safe_xml(text), style)
    add_bookmark(paragraph, _chapter(writer.chapters), CHAPTER_IDS + writer.chapters)
    writer.chapters += 1


def _notes(writer: _Writer) -> None:
    """The notes on sources: a numbered paragraph each, with a bookmark for the lines that refer to it."""
    texts = note_texts(writer.paper.notes)
    if not texts:
        return
    document = writer.document
    _heading(writer, NOTES, APPENDIX[0])
    document.add_paragraph(NOTES_LEAD)
    for number, text in enumerate(texts, 1):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"note {number}").bold = True
        add_bookmark(paragraph, bookmark_name("Note", number), NOTE_IDS + number)
        paragraph.add_run(safe_xml(f". {text}"))
        for run in paragraph.runs:
            run.font.size = Pt(9)


def _logo(document: Document, theme: CouncilTheme) -> None:
    if theme.logo:
        shape = document.add_paragraph().add_run().add_picture(io.BytesIO(theme.logo), height=Cm(LOGO_CM))
        if shape.width > Cm(WIDTH_CM):
            shape.height, shape.width = Length(int(shape.height * Cm(WIDTH_CM) / shape.width)), Cm(WIDTH_CM)
        describe_picture(shape, safe_xml(theme.logo_words), safe_xml(theme.logo_words))


def _words(paragraph: WordParagraph, text: str) -> None:
    for piece, bold in runs(text):
        paragraph.add_run(safe_xml(piece)).bold = bold or None


def _write(writer: _Writer, block: Block, heading: str) -> None:
    document = writer.document
    if isinstance(block, Paragraph):
        _paragraph(writer, block)
    elif isinstance(block, Heading):
        document.add_paragraph(safe_xml(block.text), heading)
    elif isinstance(block, Bullets):
        for item in block.items:
            _words(document.add_paragraph(style="List Bullet"), item)
    elif isinstance(block, Formula):
        svg = writer.pictures.svg(block)
        paragraph = document.add_paragraph()
        _picture(paragraph, writer.pictures.png(block), formula_width_cm(svg), "Formula", picture_alt(block))
    elif isinstance(block, Table):
        _table(writer, block)
    else:
        _figure(writer, block)


def _paragraph(writer: _Writer, block: Paragraph) -> None:
    """Text, with references to the figures and tables that it introduces."""
    paragraph = writer.document.add_paragraph()
    _words(paragraph, block.text)
    for number, reference in enumerate(writer.paper.mentions.get(id(block), ())):
        paragraph.add_run(" (" if number == 0 else ", ")
        label, count = reference
        add_field(paragraph, f"REF {bookmark_name(label, count)} \\h", f"{label} {count}")
    if id(block) in writer.paper.mentions:
        paragraph.add_run(")")


def _figure(writer: _Writer, block: Chart | Map) -> None:
    title, subtitle = picture_title(block)
    document = writer.document
    if id(block) not in writer.paper.numbers:
        paragraph = document.add_paragraph()
        paragraph.add_run(safe_xml(f"{title}. ")).bold = True
        paragraph.add_run(safe_xml(f"This chart is not drawn here. {writer.pictures.missing(block)}"))
        return
    label, number = writer.paper.numbers[id(block)]
    add_caption(document.add_paragraph(style="Caption"), label, number, safe_xml(title))
    picture = document.add_paragraph()
    picture.paragraph_format.keep_with_next = True
    picture.paragraph_format.space_after = Pt(2)
    _picture(picture, writer.pictures.png(block), WIDTH_CM, title, picture_alt(block))
    _source(writer, block, f"{subtitle[:1].upper()}{subtitle[1:].rstrip('.')}. ")


def _picture(paragraph: WordParagraph, png: bytes, width_cm: float, title: str, alt: str) -> None:
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(width_cm))
    describe_picture(shape, safe_xml(title), safe_xml(alt))


def _source(writer: _Writer, block: Chart | Map | Table, lead: str = "") -> None:
    """What is drawn, and the note that holds its source, by number and page."""
    kind, note = writer.paper.note(block)
    if not (lead or note):
        return
    paragraph = writer.document.add_paragraph()
    paragraph.paragraph_format.keep_together = True
    paragraph.add_run(safe_xml(f"{lead}{kind}"))
    if note:
        name = bookmark_name("Note", note)
        paragraph.add_run("Source: ")
        add_field(paragraph, f"REF {name} \\h", f"note {note}")
        paragraph.add_run(f" in {NOTES_AT}.")
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(8), QUIET


def _table(writer: _Writer, block: Table) -> None:
    document, rows = writer.document, block.rows()
    label, number = writer.paper.numbers[id(block)]
    add_caption(document.add_paragraph(style="Caption"), label, number, safe_xml(block.title))
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
    _source(writer, block)


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
