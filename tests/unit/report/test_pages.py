"""Pages of a paper as a committee clerk reads them: rules on what is drawn, not on what was meant."""

from __future__ import annotations

import ctypes
import io
import re
from itertools import pairwise

import docx
import numpy as np
import pypdfium2
import pytest
from docx.oxml.ns import qn

from analysis.render.typefaces import line_width
from analysis.report.columns import column_widths_cm
from analysis.report.pdf import pdf_file
from analysis.report.word import TALLEST_CM

A4_CM, MARGIN_CM, HALF = 29.7, 2.2, 0.5
SMALLEST_PT = 7.0


@pytest.fixture(scope="module")
def pages(pack):
    with pytest.MonkeyPatch.context() as patch:
        # Charts need a browser; a picture in their stead has the same rules.
        patch.setattr("analysis.report.pictures.image_browser_missing", lambda: "Install chromium.")
        made = pypdfium2.PdfDocument(pdf_file(pack))
    yield [made[number] for number in range(len(made))]
    made.close()


def text_of(page) -> str:
    return page.get_textpage().get_text_bounded()


def filled(page) -> float:
    """Share of the room for text down to the last thing that is drawn on a page, its foot left out."""
    dots = np.asarray(page.render(scale=0.5, grayscale=True).to_numpy()).squeeze()
    tall = dots.shape[0]
    top, bottom = round(tall * MARGIN_CM / A4_CM), round(tall * (1 - MARGIN_CM / A4_CM))
    drawn = np.flatnonzero((dots[top:bottom] < 200).any(axis=1))
    return float(drawn[-1] + 1) / (bottom - top) if len(drawn) else 0.0


def test_every_page_has_its_number_and_how_many_there_are(pages):
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text_of(page)


def test_sentences_under_a_figure_stand_apart(pages):
    words = " ".join(map(text_of, pages))
    assert ". Estimated. Source: note" in words
    assert not re.search(r"[a-z]\.(Estimated|Counted|Source)\b", words)


def test_no_page_is_less_than_half_full_unless_the_body_or_the_paper_ends(pages):
    words = [text_of(page) for page in pages]
    for number, page in enumerate(pages):
        ends = number == len(pages) - 1 or words[number + 1].lstrip().startswith("Appendix A")
        assert ends or filled(page) > HALF, f"page {number + 1}"


def test_no_letter_is_smaller_than_seven_points(pages):
    for page in pages:
        for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=1):
            size = item.get_matrix().d * _own_size(item)
            assert size >= SMALLEST_PT - 0.01, size


def _own_size(item) -> float:
    size = ctypes.c_float()
    pypdfium2.raw.FPDFTextObj_GetFontSize(item.raw, size)
    return float(size.value)


def test_a_caption_and_what_it_names_share_a_page(pages):
    for page in pages:
        lines = text_of(page).splitlines()
        captions = [n for n, line in enumerate(lines) if re.match(r"(Figure|Table) \d+\. ", line)]
        for number in captions:
            rest = [line for line in lines[number + 1 :] if not line.startswith("Early help in")]
            assert rest, f"{lines[number]!r} stands alone at the end of its page"


def test_numbers_of_figures_and_tables_follow_each_other_and_each_is_referred_to_or_seen(pages):
    words = "\n".join(text_of(page) for page in pages)
    for label in ("Figure", "Table"):
        numbers = [int(each) for each in re.findall(rf"^{label} (\d+)\. ", words, flags=re.MULTILINE)]
        assert numbers
        assert all(after - before == 1 for before, after in pairwise([0, *numbers]))


def test_word_keeps_captions_rows_and_headings_with_what_follows(files):
    document = docx.Document(io.BytesIO(files[".docx"]))
    for style in ("Caption", "Heading 1", "Heading 2"):
        assert document.styles[style].paragraph_format.keep_with_next
    for table in document.tables:
        for row in table.rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
    heights = [int(extent.get("cy")) / 360_000 for extent in document.element.iter(qn("wp:extent"))]
    assert heights
    assert max(heights) <= TALLEST_CM + 0.1
    sizes = [int(size.get(qn("w:val"))) / 2 for size in document.element.iter(qn("w:sz"))]
    assert min(sizes) >= SMALLEST_PT


def test_no_word_of_a_table_is_cut_and_a_long_text_gets_the_room():
    rows = [["Which", "Why"], ["passed", "a long text that goes on " * 12], ["failed", "short"]]
    narrow, wide = column_widths_cm(rows, 8.5, 16.0)
    assert narrow + wide == pytest.approx(16.0)
    assert narrow > line_width("passed", 8.5, 600) / 72 * 2.54
    assert wide > 3 * narrow
