"""Parts of a Word file that python-docx has no name for: fields, bookmarks, header rows, custom XML."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
MANIFEST_PATH = "/customXml/item9.xml"
MANIFEST_SPACE = "urn:hubreach:pack-manifest"
# Rows that stay on one page, and that never stand alone on one.
WHOLE_ROWS, FEWEST_ROWS = 10, 3


def add_field(paragraph: Paragraph, code: str, shown: str, *, dirty: bool = False) -> None:
    """A field that Word can update, with what it shows until then."""
    for kind, text in (("begin", ""), ("", code), ("separate", "")):
        _field_part(paragraph, kind, text, dirty=dirty)
    paragraph.add_run(shown)
    _field_part(paragraph, "end", "")


def _field_part(paragraph: Paragraph, kind: str, text: str, *, dirty: bool = False) -> None:
    """A mark of a field, or its code."""
    run = paragraph.add_run()
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        if kind == "begin" and dirty:
            mark.set(qn("w:dirty"), "true")
        run._r.append(mark)
    else:
        words = OxmlElement("w:instrText")
        words.set(qn("xml:space"), "preserve")
        words.text = f" {text} "
        run._r.append(words)


def add_caption(paragraph: Paragraph, label: str, number: int, text: str) -> None:
    """Label, number and text, numbered by Word, with a bookmark around label and number for references."""
    name = bookmark_name(label, number)
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    identity = str(1000 * (label == "Table") + number)
    for mark in (start, end):
        mark.set(qn("w:id"), identity)
    start.set(qn("w:name"), name)
    paragraph._p.append(start)
    paragraph.add_run(f"{label} ")
    add_field(paragraph, f"SEQ {label} \\* ARABIC", str(number))
    paragraph._p.append(end)
    paragraph.add_run(f". {text}")


def bookmark_name(label: str, number: int) -> str:
    """Name of the bookmark around a caption's label and number."""
    return f"_Ref_{label}_{number}"


def describe_picture(shape: Any, title: str, alt: str) -> None:
    """Alternative text of a picture in the line."""
    properties = shape._inline.docPr
    properties.set("descr", alt)
    properties.set("title", title)


def mark_header(table: Table, title: str, words: str) -> None:
    """Say that the first row is the header, keep rows whole, and name the table for screen readers.

    A short table stays on one page; of a long one, no row or two stand alone, and the last are with the source.
    """
    rows = table._tbl.tr_lst
    for number, row in enumerate(rows):
        properties = row.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        if len(rows) <= WHOLE_ROWS or number < FEWEST_ROWS or number >= len(rows) - FEWEST_ROWS:
            for paragraph in row.iter(qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepNext()
    for tag, text in (("w:tblCaption", title), ("w:tblDescription", words)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), text)
        table._tbl.tblPr.append(element)


def draw_lines(table: Table, colour: str = "B6C0CA") -> None:
    """Thin lines between rows, none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def shade(cell: Any, colour: str) -> None:
    """Background of a cell."""
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.lstrip("#"))):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def manifest_xml(manifest: str) -> bytes:
    """The manifest as custom XML, which Word and PowerPoint keep in the file."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest xmlns="{MANIFEST_SPACE}">{escape(manifest)}</manifest>'
    ).encode()


def attach_manifest(document: Document, manifest: str) -> None:
    """Put the manifest into a Word file."""
    part = document.part
    held = Part(PackURI(MANIFEST_PATH), "application/xml", manifest_xml(manifest), part.package)
    part.relate_to(held, CUSTOM_XML)


def set_language(document: Document, language: str = "en-GB") -> None:
    """Language of the whole document, for screen readers and the spelling checker."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), language)
    properties.append(element)


def safe_xml(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def number_headings(document: Document, styles: tuple[str, ...], first: str) -> None:
    """Number two levels of heading styles by Word's own list: `first` is the pattern of the first ("%1", "Appendix %1").

    A template whose headings are numbered already keeps its own.
    """
    elements = [document.styles[name].element for name in styles]
    if any(element.pPr is not None and element.pPr.numPr is not None for element in elements):
        return
    numbering: Any = document.part.numbering_part.element
    identity = str(90 + len(numbering.findall(qn("w:abstractNum"))))
    letters = "upperLetter" if first != "%1" else "decimal"
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{letters if level == 0 else "decimal"}"/>'
        f'<w:pStyle w:val="{element.get(qn("w:styleId"))}"/><w:suff w:val="space"/>'
        f'<w:lvlText w:val="{pattern}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for level, (element, pattern) in enumerate(zip(elements, (f"{first} ", "%1.%2 "), strict=True))
    )
    space = f'xmlns:w="{numbering.nsmap["w"]}"'
    abstract = parse_xml(
        f'<w:abstractNum {space} w:abstractNumId="{identity}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    first_num = numbering.find(qn("w:num"))
    if first_num is None:
        numbering.append(abstract)
    else:
        first_num.addprevious(abstract)
    numbering.append(
        parse_xml(f'<w:num {space} w:numId="{identity}"><w:abstractNumId w:val="{identity}"/></w:num>')
    )
    # Styles that begin as these do have no number of their own.
    if "TOC Heading" in [style.name for style in document.styles]:
        unnumbered = document.styles["TOC Heading"].element.get_or_add_pPr().get_or_add_numPr()
        unnumbered.get_or_add_numId().val = 0
    for level, element in enumerate(elements):
        properties = element.get_or_add_pPr()
        mark = properties.get_or_add_numPr()
        mark.get_or_add_ilvl().val = level
        mark.get_or_add_numId().val = int(identity)


def add_bookmark(paragraph: Paragraph, name: str, identity: int) -> None:
    """A bookmark around a whole paragraph, for references to its page."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(identity))
    start.set(qn("w:name"), name)
    properties = paragraph._p.pPr
    if properties is None:
        paragraph._p.insert(0, start)
    else:
        properties.addnext(start)
    paragraph._p.append(end)


def add_footer(document: Document, text: str) -> None:
    """Title at the left and "Page 3 of 14" at the right of every page; a template's own footer stays."""
    section = document.sections[0]
    if section.footer.is_linked_to_previous is False and any(p.text for p in section.footer.paragraphs):
        return
    paragraph = section.footer.paragraphs[0]
    # The style for feet has stops of its own, for a page of another width.
    paragraph.style = document.styles["Normal"]
    width = int((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))
    paragraph.paragraph_format.tab_stops.add_tab_stop(Length(width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{safe_xml(text)}\tPage ")
    add_field(paragraph, "PAGE", "1")
    paragraph.add_run(" of ")
    add_field(paragraph, "NUMPAGES", "1")
    for run in paragraph.runs:
        run.font.size = Pt(9)


def add_contents(document: Document, entries: list[tuple[str, str]]) -> None:
    """Contents as page references that every office program works out by itself: words, dots and page.

    A field TOC shows what it was written with, which LibreOffice never renews when it opens a file.

    Parameters
    ----------
    document : Document
    entries : list of (words, bookmark)
    """
    section = document.sections[0]
    width = int((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))
    for words, bookmark in entries:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.tab_stops.add_tab_stop(
            Length(width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
        paragraph.add_run(f"{words}\t")
        add_field(paragraph, f"PAGEREF {bookmark} \\h", "…", dirty=True)
