"""Parts of a Word file that python-docx has no name for: fields, bookmarks, header rows, custom XML."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
MANIFEST_PATH = "/customXml/item9.xml"
MANIFEST_SPACE = "urn:hubreach:pack-manifest"


def add_field(paragraph: Paragraph, code: str, shown: str, *, dirty: bool = False) -> None:
    """A field that Word can update, with what it shows until then."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
        elif kind:
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
    """Say that the first row is the header, keep rows whole, and name the table for screen readers."""
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
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
