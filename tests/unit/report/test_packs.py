"""Packs: numbers equal to the page's, every format read back, hostile names inert, the same twice."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser

import docx
import geopandas as gpd
import openpyxl
import pandas as pd
import pptx
import pypdf
import pytest
from docx.oxml.ns import qn

from analysis.base.faults import HubreachError
from analysis.base.jobs import Job, StoppedError
from analysis.need import maps as need_maps
from analysis.need.answer import pyramid
from analysis.need.estimate import estimate_need
from analysis.report.assembly import build_pack
from analysis.report.content import Chart, Map, Paragraph, Table, unmarked
from analysis.report.files import write_pack
from analysis.report.manifest import PackRequest
from analysis.report.sections.catalogue import SECTIONS as SECTIONS_THERE
from analysis.scenario.scenario import Scenario
from analysis.scenario.terms import Terms

SECTIONS = ("targeting", "data")
MADE = dt.date(2026, 11, 21)
HOSTILE = {"Ash": "=HYPERLINK(1)", "Birch": "<script>alert(1)</script>"}


class Tags(HTMLParser):
    """Counts tags and gathers what scripts run."""

    def __init__(self):
        super().__init__()
        self.tags: dict[str, int] = {}
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.addresses += [value for name, value in attrs if name in ("src", "href") and value]


def blocks(pack, kind):
    return [block for _, block in pack.blocks() if isinstance(block, kind)]


def test_pack_holds_the_sections_in_the_order_asked_for(small_place):
    pack = build_pack(PackRequest(Scenario("sampleton"), ("data", "need")), made=MADE, place=small_place)
    assert [section.key for section in pack.sections] == ["data", "need"]
    assert pack.failures == ()


def test_numbers_are_those_of_the_page(need_pack, small_place):
    pack = need_pack
    estimate = estimate_need(small_place)
    charts = {chart.key: chart for chart in blocks(pack, Chart)}
    ranking = need_maps.need_map(estimate, "early_help", "ward").ranking
    assert charts["ranking early_help ward"].numbers["value"].tolist() == ranking["value"].tolist()
    assert charts["ranking early_help ward"].bars.series["estimated children"] == tuple(ranking["value"])
    assert charts["pyramid"].numbers["children"].tolist() == pyramid(estimate)["children"].tolist()
    assert charts["pyramid"].numbers["children"].sum() == 600
    tables = {table.key: table for table in blocks(pack, Table)}
    rows = tables["table early_help ward"].rows()
    assert [row[0] for row in rows] == ranking["area_name"].tolist()
    assert [row[2] for row in rows] == [f"{value:,.0f}" for value in ranking["value"]]
    maps = {drawn.key: drawn for drawn in blocks(pack, Map)}
    assert sum(int(row[2]) for row in maps["map early_help ward number"].sheet.legend.rows) == 3


def test_every_picture_says_source_and_what_it_is(pack):
    for picture in [*blocks(pack, Chart), *blocks(pack, Map)]:
        source = picture.sheet.source if isinstance(picture, Map) else picture.source
        assert "Source:" in source
        assert "Modelled" in source or "Counted" in source


def test_a_section_that_fails_is_told_and_the_rest_is_made(small_place, monkeypatch):
    def broken(material):
        raise HubreachError("There is nothing\x00 to divide by.")

    kind = replace(SECTIONS_THERE["targeting"], build=broken)
    monkeypatch.setitem(SECTIONS_THERE, "targeting", kind)
    pack = build_pack(PackRequest(Scenario("sampleton"), ("need", "targeting", "data")), place=small_place)
    assert [section.key for section in pack.sections] == ["need", "data"]
    assert [(failure.key, failure.why) for failure in pack.failures] == [
        ("targeting", "There is nothing to divide by.")
    ]
    for ending in (".docx", ".html"):
        # It is told on screen; a paper does not speak of what is not in it.
        assert b"nothing to divide by" not in write_pack(replace(pack, sections=()), ending)


def test_unknown_and_repeated_sections_are_told_at_once(small_place):
    with pytest.raises(HubreachError) as told:
        build_pack(PackRequest(Scenario("sampleton"), ("need", "need", "moon")), place=small_place)
    assert [fault.found for fault in told.value.faults] == [
        "there is no section 'moon'",
        "a section is asked for twice",
    ]


def test_own_words_replace_and_remove_paragraphs(small_place):
    texts = {"need.answer": "My **own** words.", "need.families": " "}
    pack = build_pack(PackRequest(Scenario("sampleton"), ("need",), texts=texts), place=small_place)
    kept = {block.key: block.text for block in blocks(pack, Paragraph)}
    assert kept["need.answer"] == "My **own** words."
    assert "need.families" not in kept


def test_progress_goes_up_and_cancelling_stops(small_place):
    said: list[float] = []
    job = Job(lambda share, _: said.append(share))
    build_pack(PackRequest(Scenario("sampleton"), SECTIONS), place=small_place, job=job)
    assert said == sorted(said)
    assert said[-1] == 1.0
    stopped = Job(lambda *_: stopped.stop())
    with pytest.raises(StoppedError):
        build_pack(PackRequest(Scenario("sampleton"), SECTIONS), place=small_place, job=stopped)
    assert stopped.share == 0.0


# Files, read back


def test_word_has_styles_captions_contents_references_and_header_rows(pack, files):
    made = files[".docx"]
    document = docx.Document(io.BytesIO(made))
    headings = [p.text for p in document.paragraphs if p.style.name in ("Heading 1", "Appendix")]
    body, appendices = ([s.title for s in pack.sections if s.is_appendix is kind] for kind in (False, True))
    assert headings == [*body, "Sources and assumptions", *appendices]
    for name in ("Heading 1", "Heading 2", "Appendix", "Appendix 2"):
        assert document.styles[name].element.pPr.numPr is not None, f"{name} has no number of Word's own"
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert [c.split(".")[0] for c in captions if c.startswith("Figure")] == [
        f"Figure {n}" for n in range(1, len(blocks(pack.as_read(), Map)) + 1)
    ]
    codes = [node.text.strip() for node in document.element.iter(qn("w:instrText"))]
    assert sum(code.startswith("PAGEREF _Ref_Section") for code in codes) == len(headings)
    foot = [node.text.strip() for node in document.sections[0].footer._element.iter(qn("w:instrText"))]
    assert foot == ["PAGE", "NUMPAGES"]
    assert "SEQ Figure \\* ARABIC" in codes
    assert "SEQ Table \\* ARABIC" in codes
    marks = {node.get(qn("w:name")) for node in document.element.iter(qn("w:bookmarkStart"))}
    references = {code.split()[1] for code in codes if code.startswith(("REF", "PAGEREF"))}
    assert references
    assert references <= marks
    assert len(document.tables) == len(blocks(pack.as_read(), Table))
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    pictures = list(document.element.iter(qn("wp:docPr")))
    assert pictures
    assert all(picture.get("descr") for picture in pictures)
    assert document.core_properties.title == "Early help in Sampleton"


def test_word_tables_hold_the_numbers_of_the_pack(pack, files):
    document = docx.Document(io.BytesIO(files[".docx"]))
    for block, table in zip(blocks(pack.as_read(), Table), document.tables, strict=True):
        shown = [[cell.text for cell in row.cells] for row in table.rows]
        assert shown == [list(block.heads.values()), *block.rows()]


def test_slides_have_one_title_each_native_charts_and_alternative_text(pack, no_browser):
    deck = pptx.Presentation(io.BytesIO(write_pack(replace(pack, form="long"), ".pptx")))
    assert all(slide.shapes.title.text for slide in deck.slides)
    charts = {
        slide.shapes.title.text: shape.chart
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_chart
    }
    native = [chart for chart in blocks(pack, Chart) if chart.bars is not None]
    for chart in native:
        plot = charts[chart.words[0]].plots[0]
        assert list(plot.categories) == list(chart.bars.names)
        for series, values in zip(plot.series, chart.bars.series.values(), strict=True):
            assert list(series.values) == pytest.approx(list(values))
    ranges = deck.slides[0].part.package
    bodies = [part.blob for part in ranges.iter_parts() if part.partname.startswith("/ppt/charts/chart")]
    assert any(b"c:errBars" in body for body in bodies)
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.shape_type == 13:
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_a_short_deck_has_a_slide_a_finding_and_a_long_one_whole_tables(pack, need_pack, no_browser):
    short = pptx.Presentation(io.BytesIO(write_pack(pack, ".pptx")))
    titles = [slide.shapes.title.text for slide in short.slides]
    pictures = [*blocks(pack.as_read(), Chart), *blocks(pack.as_read(), Map)]
    assert titles[:2] == ["Early help in Sampleton", "Findings"]
    assert titles[-1] == "Sources and assumptions"
    assert len(titles) == 3 + len(pictures)
    assert not any(shape.has_table for slide in short.slides for shape in slide.shapes)
    table = blocks(need_pack, Table)[0]
    many = replace(table, table=pd.concat([table.table] * 12), on_slide=True, detail=True)
    section = replace(need_pack.sections[0], blocks=(many,))
    long = pptx.Presentation(
        io.BytesIO(write_pack(replace(need_pack, form="long", sections=(section,)), ".pptx"))
    )
    shown = [shape.table for slide in long.slides for shape in slide.shapes if shape.has_table]
    assert len(shown) > 1
    assert sum(len(each.rows) - 1 for each in shown) == len(many.rows())
    assert "first" not in " ".join(slide.shapes.title.text for slide in long.slides)


def test_slides_stay_on_the_slide(pack, files):
    deck = pptx.Presentation(io.BytesIO(files[".pptx"]))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_pdf_is_tagged_with_contents_and_the_manifest_in_it(pack, files):
    reader = pypdf.PdfReader(io.BytesIO(files[".pdf"]))
    assert bool(reader.trailer["/Root"]["/MarkInfo"]["/Marked"])
    assert reader.metadata.title == "Early help in Sampleton"
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for section in pack.sections:
        assert section.title in text
        assert section.is_appendix or unmarked(section.message)[:40] in text
    assert reader.attachments["manifest.json"][0].decode() == pack.manifest
    assert json.loads(pack.manifest)["made"] == "2026-11-21"


def test_web_page_asks_nobody_and_has_accessible_tables(pack, files):
    page = files[".html"].decode()
    tags = Tags()
    tags.feed(re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL))
    assert not [address for address in tags.addresses if not address.startswith(("#", "data:"))]
    assert "default-src 'none'" in page
    assert tags.tags["table"] == tags.tags["caption"] == len(blocks(pack.as_read(), Table))
    assert page.count("Plotly.newPlot('chart-") == len(blocks(pack.as_read(), Chart))
    assert tags.tags["svg"] == len(blocks(pack.as_read(), Map))
    assert "<title>Ash\n" in page


def test_a_fault_of_the_program_is_raised_and_never_printed_into_a_paper(small_place, monkeypatch):
    kind = replace(SECTIONS_THERE["targeting"], build=lambda material: 1 / 0)
    monkeypatch.setitem(SECTIONS_THERE, "targeting", kind)
    with pytest.raises(ZeroDivisionError):
        build_pack(PackRequest(Scenario("sampleton"), ("need", "targeting")), place=small_place)


@pytest.mark.parametrize("minutes", [float("nan"), float("inf"), 0.0, -5.0])
def test_a_limit_that_is_none_makes_no_paper(small_place, minutes):
    request = PackRequest(Scenario("sampleton", terms=Terms(minutes)), ("need", "reach"))
    with pytest.raises(HubreachError, match="cannot be used"):
        build_pack(request, place=small_place)


def test_workbook_holds_every_table_and_the_manifest(pack, files):
    book = openpyxl.load_workbook(io.BytesIO(files[".xlsx"]))
    assert len(book.sheetnames) == len(pack.sheets()) + 1
    notes = {row[0].value: row[1].value for row in book["Notes"].iter_rows() if row[0].value}
    assert notes["seed"] == "1"
    assert json.loads(notes["manifest"])["request"]["scenario"]["place"] == "sampleton"


def test_geopackage_holds_need_by_level_and_sites(files, small_place, tmp_path):
    path = tmp_path / "areas.gpkg"
    path.write_bytes(files[".gpkg"])
    wards = gpd.read_file(path, layer="ward")
    assert wards["early_help_children"].sum() == 150
    assert gpd.read_file(path, layer="lsoa")["area_code"].tolist() == list(small_place.areas.index)
    assert len(gpd.read_file(path, layer="sites")) == 2


@pytest.mark.parametrize("ending", [".docx", ".pptx"])
def test_a_template_that_is_no_such_file_is_told_in_words(pack, ending):
    with pytest.raises(HubreachError) as caught:
        write_pack(pack, ending, template=b"not a document")
    (fault,) = caught.value.faults
    assert fault.found == f"it is no {ending} file that can be opened"


def test_a_format_or_template_that_cannot_be_is_refused(pack):
    with pytest.raises(HubreachError, match="is not a format"):
        write_pack(pack, ".doc")
    with pytest.raises(HubreachError, match="takes none"):
        write_pack(pack, ".pdf", template=b"x")


# Hostile names


def test_hostile_names_are_only_text_in_every_format(hostile_pack, no_browser):
    formula = HOSTILE["Ash"]
    document = docx.Document(io.BytesIO(write_pack(hostile_pack, ".docx")))
    words = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert formula in words
    assert document.core_properties.title == "Early help in =cmd <b>Town</b>"
    deck = pptx.Presentation(io.BytesIO(write_pack(hostile_pack, ".pptx")))
    assert any(
        f"'{formula}" in shape.chart.plots[0].categories
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_chart
    )
    text = " ".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(write_pack(hostile_pack, ".pdf"))).pages
    )
    assert "<script>alert(1)</script>" in text
    book = openpyxl.load_workbook(io.BytesIO(write_pack(hostile_pack, ".xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert f"'{formula}" in {cell.value for cell in cells}


def test_hostile_names_add_no_script_to_the_web_page(hostile_pack, pack):
    page = write_pack(hostile_pack, ".html").decode()
    tags, usual = Tags(), Tags()
    tags.feed(page)
    usual.feed(write_pack(replace(pack, sections=pack.sections[:1]), ".html").decode())
    assert tags.tags["script"] == usual.tags["script"]
    assert "Town</b>" not in page.split("<main")[0]


def test_embedded_workbooks_of_slides_hold_no_formula(hostile_pack, no_browser):
    deck = zipfile.ZipFile(io.BytesIO(write_pack(hostile_pack, ".pptx")))
    inner = [name for name in deck.namelist() if name.endswith(".xlsx")]
    assert inner
    for name in inner:
        book = openpyxl.load_workbook(io.BytesIO(deck.read(name)))
        assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
