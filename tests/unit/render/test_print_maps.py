"""Print maps: the screen map's colours, names that never overlap, true sizes, equal bytes."""

from __future__ import annotations

import io
import re
import threading
import xml.etree.ElementTree as ET

import pypdf
import pytest
import shapely
from PIL import Image

from analysis.need import maps as need_maps
from analysis.need.estimate import estimate_need
from analysis.render.labels import wrapped
from analysis.render.map_layout import Layout, fitted_layout, overlap
from analysis.render.map_sheet import legend_rows
from analysis.render.outlines import outlines, round_length_km
from analysis.render.printmap import AREA_GROUP, PrintFrame, drawn_codes, map_file, map_svg
from analysis.render.sheets import SIZES, PrintSize, SheetWords, sheet

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5"><rect width="10" height="5"/></svg>'
WORDS = SheetWords("Finding <b>", "Drawn #strong[x]", "Source: $1$", "A black box")


@pytest.fixture(scope="module")
def drawn(real_places):
    estimate = estimate_need(real_places["wirral"])
    drawn = need_maps.need_map(estimate, "early_help", "ward")
    return outlines(estimate.place), drawn, need_maps.need_map_sheet(estimate, drawn, "early_help")


def test_map_has_the_fills_of_the_screen_map(drawn):
    shapes, found, words = drawn
    svg = map_svg(shapes, found.paint, words.legend, PrintFrame()).decode()
    start = svg.index(f'<g id="{AREA_GROUP}">')
    group = svg[start : svg.index("</g>", start)]
    fills = [colour.upper() for colour in re.findall(r"fill: (#[0-9a-f]{6})", group)]
    assert fills == [found.paint.fill[code] for code in drawn_codes(shapes, found.paint)]
    assert set(drawn_codes(shapes, found.paint)) == set(found.paint.fill.index)


def test_legend_counts_every_area_once(drawn):
    _, found, words = drawn
    assert sum(int(count) for _, _, count in words.legend.rows) == len(found.ranking)
    assert list(words.legend.rows) == legend_rows(found.scale, found.ranking["value"])


def test_map_says_source_licence_assumptions_and_that_it_is_modelled(drawn):
    shapes, found, words = drawn
    text = pypdf.PdfReader(io.BytesIO(map_file(shapes, found.paint, words, "pdf"))).pages[0].extract_text()
    flat = " ".join(text.split())
    for part in (
        words.title,
        "modelled",
        "Open Government Licence",
        "4 times the rate in the most deprived areas",
        "seed 1",
        "km",
        "Birkenhead",
    ):
        assert part in flat


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_files_are_the_same_bytes_twice(drawn, kind):
    shapes, found, words = drawn
    one, two = (map_file(shapes, found.paint, words, kind, PrintSize(8.0)) for _ in range(2))
    assert one == two


def test_png_is_300_dpi_at_16_cm_with_its_words_in_the_file(drawn):
    shapes, found, words = drawn
    image = Image.open(io.BytesIO(map_file(shapes, found.paint, words, "png")))
    assert image.width == pytest.approx(16 / 2.54 * 300, abs=1)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    assert image.info["Description"] == words.alt
    assert image.info["Source"] == words.source


@pytest.mark.parametrize(("size", "ratio"), [("slide", 16 / 9), ("square", 1.0)])
def test_fixed_sizes_have_their_shape(drawn, size, ratio):
    shapes, found, words = drawn
    page = pypdf.PdfReader(io.BytesIO(map_file(shapes, found.paint, words, "pdf", SIZES[size]))).pages[0]
    assert float(page.mediabox.width / page.mediabox.height) == pytest.approx(ratio, rel=0.01)


def test_maps_drawn_in_threads_equal_those_drawn_alone(drawn):
    shapes, found, words = drawn
    alone = map_svg(shapes, found.paint, words.legend, PrintFrame(8.0))
    made: list[bytes] = []
    threads = [
        threading.Thread(
            target=lambda: made.append(map_svg(shapes, found.paint, words.legend, PrintFrame(8.0)))
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [alone] * 3


def test_pdf_is_tagged_and_embeds_its_fonts(drawn):
    shapes, found, words = drawn
    reader = pypdf.PdfReader(io.BytesIO(map_file(shapes, found.paint, words, "pdf")))
    assert bool(reader.trailer["/Root"]["/MarkInfo"]["/Marked"])
    fonts = reader.pages[0]["/Resources"]["/Font"]
    for font in fonts.values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        assert "SourceSans3" in inner["/BaseFont"]
        assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())


def test_svg_is_valid_and_described():
    root = ET.fromstring(sheet(SQUARE, WORDS, "svg"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "Finding <b>"
    assert root.find(f"{space}desc").text == "A black box Source: $1$"
    assert not [node for node in root.iter() if node.tag.endswith("}script")]


def test_text_on_a_sheet_is_shown_and_never_run():
    text = pypdf.PdfReader(io.BytesIO(sheet(SQUARE, WORDS, "pdf"))).pages[0].extract_text()
    for part in ("Finding <b>", "Drawn #strong[x]", "Source: $1$"):
        assert part in text


@pytest.fixture
def layout() -> Layout:
    return fitted_layout(shapely.box(0, 0, 10_000, 10_000), 300, 300, (80, 100), (90, 20))


def test_layout_keeps_legend_and_scale_bar_off_the_place(layout):
    place = (*layout.point(0, 0), *layout.point(10_000, 10_000))
    assert not overlap(layout.legend, place)
    assert not overlap(layout.furniture, place)
    assert not overlap(layout.legend, layout.furniture)
    assert 0 <= layout.legend[0] < layout.legend[2] <= 300


@pytest.mark.parametrize("size", [(450, 300), (450, 540), (290, 290), (300, 800), (900, 400)])
@pytest.mark.parametrize("legend", [(80, 100), (150, 190)])
@pytest.mark.parametrize(
    "ground",
    [
        shapely.box(0, 0, 10_000, 10_000),
        shapely.box(0, 0, 40_000, 3_000),
        shapely.box(0, 0, 3_000, 40_000),
        shapely.box(0, 0, 30_000, 20_000).difference(shapely.box(10_000, 5_000, 20_000, 15_000)),
    ],
)
def test_nothing_lies_on_the_place_whatever_its_shape_and_the_frame(ground, size, legend):
    found = fitted_layout(ground, *size, legend, (104, 26))
    west, south, _, _ = found.extent_m
    for box in (found.legend, found.furniture):
        left, low, right, high = (value / found.scale for value in box)
        assert not shapely.box(west + left, south + low, west + right, south + high).intersects(ground)
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= size[0]
        assert box[3] <= size[1]
    assert not overlap(found.legend, found.furniture)
    left, low = found.point(*ground.bounds[:2])
    right, high = found.point(*ground.bounds[2:])
    assert -0.01 <= left < right <= size[0] + 0.01
    assert -0.01 <= low < high <= size[1] + 0.01
    assert max(right - left, high - low) >= 40


def test_layout_turns_ground_into_points(layout):
    west, south, east, north = layout.extent_m
    assert layout.point(west, south) == pytest.approx((0, 0))
    assert layout.point(east, north) == pytest.approx((300, 300))


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Orsett", ["Orsett"]),
        ("Tilbury Riverside and Thurrock Park", ["Tilbury Riverside", "and Thurrock Park"]),
        ("Bromborough", ["Bromborough"]),
    ],
)
def test_names_are_wrapped_into_even_lines(name, lines):
    assert wrapped(name) == lines


@pytest.mark.parametrize(("most_m", "km"), [(999, 0.5), (1000, 1), (3400, 2), (5000, 5), (19_000, 10)])
def test_scale_bar_has_a_round_length(most_m, km):
    assert round_length_km(most_m) == km
