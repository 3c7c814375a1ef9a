"""England's small areas on one map: shapes made once without gaps, colours apart, names that are only text."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import box, shape
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli.main import app
from analysis.national.files import open_national, small_area_values
from analysis.national.maps import (
    CLOSE_ZOOM,
    MOST_PICTURES,
    EnglandPaint,
    area_fills,
    england_deck,
    england_sheet,
    painted,
    with_outline,
)
from analysis.national.print_maps import england_map_file
from analysis.national.shapes import (
    EnglandShapes,
    area_outline,
    england_shapes,
    has_shapes,
    kept_grid,
    shapes_file,
    shapes_folder,
)
from analysis.national.words import area_sentence, small_area_numbers, small_areas_sentence
from analysis.render.classes import classed_scale
from analysis.render.map_frame import MapFrame
from analysis.render.map_furniture import SURFACE
from analysis.render.theme import MISSING
from tests.unit.national.test_national_files import NEED, rows

# Three small areas of two authorities in a row, a fourth without children and one without a shape.
AREAS = rows(
    "lsoa",
    ["L3", "L1", "L2", "L4", "L5"],
    ["Three", "One <img src=x onerror=alert(1)>", "Two", "Nobody", "Nowhere"],
    [100, 400, 600, 1, 50],
    [30, 30, 70, 0, 5],
    5,
).assign(
    authority_code=["E2", "E1", "E1", "E2", "E2"],
    authority_name=["Brook <b>", "Ash", "Ash", "Brook <b>", "Brook <b>"],
)
AREAS.loc[3, "children"] = 0
PLACES = {"L1": 0, "L2": 1, "L3": 2, "L4": 3}


def wavy(left: int, far: int = 1) -> shapely.Polygon:
    """A square of so many kilometres whose sides have far more points than a map needs."""
    side = 1000 * far
    square = box(400_000 + left * side, 300_000, 400_000 + (left + 1) * side, 300_000 + side)
    return shapely.segmentize(square, 10 * far)


def file_with_shapes(folder: Path, far: int = 1) -> Path:
    whole = pd.concat([NEED[NEED["level"] != "lsoa"], AREAS], ignore_index=True)
    geometry = [wavy(PLACES[code], far) if code in PLACES else None for code in whole["area_code"]]
    path = folder / "need.parquet"
    gpd.GeoDataFrame(whole, geometry=geometry, crs="EPSG:27700").to_parquet(path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return file_with_shapes(tmp_path)


def features(name: str) -> list[dict]:
    return json.loads(gzip.decompress(shapes_file(name).read_bytes()))["features"]


def paint(shapes: EnglandShapes, values: pd.Series) -> EnglandPaint:
    scale = classed_scale(values, scheme="quantiles", classes=3)
    return painted(shapes, scale, values, MapFrame(), lambda: kept_grid(shapes.key))


def test_shapes_are_simple_named_numbered_and_meet(path: Path) -> None:
    shapes = england_shapes(open_national(path))
    drawn = features(f"{shapes.key}.geojson")
    assert [each["properties"]["code"] for each in drawn] == ["L1", "L2", "L3", "L4"]
    assert [each["properties"]["i"] for each in drawn] == [0, 1, 2, 3]
    outlines = [shape(each["geometry"]) for each in drawn]
    assert all(len(each.exterior.coords) <= 8 for each in outlines)
    assert shapely.coverage_is_valid(outlines)
    west, south, east, north = shapes.bounds
    assert west < outlines[0].centroid.x < outlines[3].centroid.x < east
    assert south < north
    assert len(features(f"{shapes.key}-lines.geojson")) == 2


def test_the_tiles_hold_every_area_over_their_ground_and_every_border_once(path: Path) -> None:
    key = england_shapes(open_national(path)).key
    names = [each.name for each in shapes_folder().glob(f"{key}-*-*.json.gz")]
    drawn: dict[str, list[shapely.Geometry]] = {}
    for name in names:
        if "lines" in name:
            continue
        ground, *areas = features(name.removesuffix(".gz"))
        assert ground["properties"] == {"i": -1, "code": "", "name": "", "authority": ""}
        for area in areas:
            assert shape(ground["geometry"]).buffer(1e-4).contains(shape(area["geometry"]))
            drawn.setdefault(area["properties"]["code"], []).append(shape(area["geometry"]))
    whole = {each["properties"]["code"]: each for each in features(f"{key}.geojson")}
    assert set(drawn) == set(whole)
    for code, parts in drawn.items():
        assert shapely.union_all(parts).area == pytest.approx(shape(whole[code]["geometry"]).area, rel=0.01)
    lines = [features(name.removesuffix(".gz")) for name in names if "lines" in name]
    outlines = shapely.union_all([shape(each["geometry"]) for tile in lines for each in tile])
    authorities = [["L1", "L2"], ["L3", "L4"]]
    known = [shapely.union_all([shape(whole[code]["geometry"]) for code in codes]) for codes in authorities]
    assert outlines.hausdorff_distance(shapely.union_all([each.boundary for each in known])) < 2e-4
    assert outlines.length == pytest.approx(
        sum(each.length for each in known) - known[0].intersection(known[1]).length, rel=0.01
    )


def test_an_area_and_an_authority_have_a_whole_outline(path: Path) -> None:
    area, authority = (area_outline(path, code) for code in ("L3", "E2"))
    assert area is not None
    assert authority is not None
    assert authority["properties"] == {"code": "E2"}
    # L4 is as large, L5 has no shape.
    assert shape(authority["geometry"]).area == pytest.approx(2 * shape(area["geometry"]).area, rel=0.01)
    assert area_outline(path, "L5") is None
    assert area_outline(path, "E9") is None


def test_shapes_are_made_once_and_a_changed_file_has_others(path: Path) -> None:
    first = england_shapes(open_national(path))
    written = shapes_file(f"{first.key}.geojson").stat().st_mtime_ns
    assert england_shapes(open_national(path)) == first
    assert shapes_file(f"{first.key}.geojson").stat().st_mtime_ns == written
    moved = gpd.read_parquet(path)
    moved.geometry = moved.geometry.translate(5000)
    moved.to_parquet(path)
    assert england_shapes(open_national(path)).key != first.key


def test_a_file_without_shapes_is_told(tmp_path: Path) -> None:
    path = tmp_path / "need.parquet"
    NEED.to_parquet(path)
    file = open_national(path)
    assert not has_shapes(file)
    with pytest.raises(HubreachError, match="it holds no shapes"):
        england_shapes(file)


def test_a_recolour_sends_a_digit_an_area_and_no_shape(path: Path) -> None:
    file = open_national(path)
    shapes = england_shapes(file)
    decks = []
    for measure in file.measures[:2]:
        values = small_area_values(file, measure)["value"]
        decks.append(json.loads(england_deck(shapes, paint(shapes, values), MapFrame()).to_json()))
    (picture, authorities, rate, _), count = decks[0]["layers"], decks[1]["layers"][2]
    assert rate["data"] == count["data"] == f"shapes/england/{shapes.key}-{{x}}-{{y}}.json"
    assert authorities["data"] == f"shapes/england/{shapes.key}-authorities.json"
    # By rate: 75, 117, 300, none, 100; by number: 30, 70, 30, none, 5; the ground comes first.
    fills = [layer["getFillColor"] for layer in (rate, count)]
    assert [fill.split("'")[1] for fill in fills] == ["401230", "412130"]
    assert rate["updateTriggers"] != count["updateTriggers"]
    assert picture["image"] != decks[1]["layers"][0]["image"]
    assert (shapes_folder() / picture["image"].rsplit("/", 1)[1]).read_bytes().startswith(b"\x89PNG")
    assert len(json.dumps(decks)) < 9000


def test_an_authority_fills_the_view_and_is_outlined(path: Path) -> None:
    shapes = england_shapes(open_national(path))
    values = small_area_values(open_national(path), open_national(path).measures[0])["value"]
    authority = area_outline(path, "E2")
    assert authority is not None
    country, near = (
        json.loads(england_deck(shapes, paint(shapes, values), MapFrame(), authority=each).to_json())
        for each in (None, authority)
    )
    assert near["initialViewState"]["zoom"] > country["initialViewState"]["zoom"]
    west, south, east, north = shape(authority["geometry"]).bounds
    assert west < near["initialViewState"]["longitude"] < east
    assert south < near["initialViewState"]["latitude"] < north
    assert [layer["id"] for layer in near["layers"]][-1] == "authority"
    narrow = json.loads(
        england_deck(
            shapes, paint(shapes, values), MapFrame(width_px=2, height_px=2), authority=authority
        ).to_json()
    )["initialViewState"]
    # Too large for the frame at the zoom of shapes: its middle.
    assert narrow["zoom"] == CLOSE_ZOOM
    assert narrow["longitude"] == pytest.approx((west + east) / 2)
    # What limits the zoom does not change with the view.
    assert near["initialViewState"]["minZoom"] == country["initialViewState"]["minZoom"]


def test_no_more_pictures_are_kept_than_a_few(path: Path) -> None:
    file = open_national(path)
    shapes = england_shapes(file)
    values = small_area_values(file, file.measures[0])["value"]
    for kept in shapes_folder().glob("*.png"):
        kept.unlink()
    for number in range(MOST_PICTURES + 5):
        old = shapes_folder() / f"{number}.png"
        old.write_bytes(b"old")
        os.utime(old, (number, number))
    made = paint(shapes, values).picture.rsplit("/", 1)[1]
    left = {each.name for each in shapes_folder().glob("*.png")}
    assert left == {made, *(f"{number}.png" for number in range(6, MOST_PICTURES + 5))}
    for name in left:
        (shapes_folder() / name).unlink()


def test_values_words_and_numbers_agree_with_a_hand(path: Path) -> None:
    file = open_national(path)
    rate = file.measures[0]
    table = small_area_values(file, rate)
    assert list(table.index) == ["L1", "L2", "L3", "L4", "L5"]
    assert list(table["value"].round(1).fillna(-1)) == [75.0, 116.7, 300.0, -1.0, 100.0]
    sentence = small_areas_sentence(table, rate)
    assert "4 small areas" in sentence
    assert "**1 of 2** authorities; **Brook \\<b\\>** has most of it: 1 of its 2" in sentence
    caution = small_areas_sentence(table, rate, each_by_itself=True)
    assert "not across England" in caution
    assert "Brook" not in caution
    assert "300.0 (250.0 to 350.0)" in area_sentence(table, "L3", rate)
    assert "0 of 4 small areas have more" in area_sentence(table, "L3", rate)
    assert "no figure" in area_sentence(table, "L4", rate)
    numbers = small_area_numbers(table)
    assert list(numbers["area_code"]) == ["L3", "L2", "L5", "L1", "L4"]
    assert list(numbers["rank"].fillna(0)) == [1, 2, 3, 4, 0]


def picture(sheet: bytes) -> str:
    """The map on a sheet, which stands there as a picture of its own."""
    (inner,) = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", sheet.decode())
    return base64.b64decode(inner).decode().upper()


def test_the_print_map_has_the_colours_of_the_screen_and_says_what_it_is(path: Path) -> None:
    file = open_national(path)
    measure = file.measures[0]
    table = small_area_values(file, measure)
    words = england_sheet(file, measure, table, each_by_itself=False)
    fills = area_fills(table["value"])
    svg = picture(england_map_file(england_shapes(file), fills, words, "svg"))
    assert fills["L4"] == MISSING
    assert all(colour.upper() in svg for colour in fills[["L1", "L2", "L3", "L4"]])
    assert "Open Government Licence v3.0" in words.source
    assert words.title == "The highest fifth lies in 1 of 2 authorities, most of it in Brook <b>"
    apart = england_sheet(file, measure, table, each_by_itself=True)
    assert apart.title == "Colours compare within an authority, not across England"
    assert "colours compare within an authority" in apart.source
    chosen = {
        "type": "Feature",
        "properties": {},
        "geometry": features(f"{england_shapes(file).key}.geojson")[0]["geometry"],
    }
    outlined = with_outline(words, "One")
    assert outlined.subtitle.endswith("outlined: One")
    marked = picture(england_map_file(england_shapes(file), fills, outlined, "svg", chosen=chosen))
    assert SURFACE.selected.upper() in marked
    assert SURFACE.selected.upper() not in svg


def test_the_map_of_one_authority_holds_its_areas_only_and_says_so(path: Path) -> None:
    file = open_national(path)
    table = small_area_values(file, file.measures[0])
    words = england_sheet(file, file.measures[0], table, each_by_itself=False, authority="E1")
    # The highest fifth of 75, 116.7, 300 and 100 is 300 alone, which lies in the other authority.
    assert words.title == "0 of 2 small areas of Ash are in England's highest fifth"
    assert "2 small areas of Ash" in words.subtitle
    assert words.legend.counted == "in Ash"
    assert sum(int(count) for _, _, count in words.legend.rows) == 2
    apart = england_sheet(file, file.measures[0], table, each_by_itself=True, authority="E1")
    assert apart.title == "Two is the highest of the 2 in Ash"
    fills = pd.Series({"L1": "#123456", "L2": "#654321"})
    authority = area_outline(path, "E1")
    svg = picture(england_map_file(england_shapes(file), fills, words, "svg", authority=authority))
    assert "#123456" in svg
    assert "#654321" in svg
    assert MISSING.upper() not in svg


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--authority", "ash"], 0, ""),
        (["--authority", "E2", "--area", "three"], 0, ""),
        (["--authority", "Asch"], 2, "--authority: no authority 'Asch'. Did you mean Ash?"),
        (["--authority", "Ash", "--area", "L3"], 2, "--area: 'L3' is not in Ash"),
        (["--area", "Elsewhere"], 2, "--area: no area 'Elsewhere'"),
    ],
)
def test_the_command_finds_an_authority_and_an_area_by_name_or_code(
    path: Path, tmp_path: Path, options: list[str], status: int, said: str
) -> None:
    drawn = tmp_path / "authority.svg"
    made = CliRunner().invoke(app, ["national", "map", str(path), "--to", str(drawn), *options])
    assert made.exit_code == status
    assert said in made.stderr
    assert drawn.exists() == (status == 0)


def test_the_command_draws_the_map_and_refuses_other_endings(path: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "england.png"
    made = CliRunner().invoke(app, ["national", "map", str(path), "--to", str(drawn), "--size", "slide"])
    assert made.exit_code == 0
    assert drawn.read_bytes().startswith(b"\x89PNG")
    refused = CliRunner().invoke(app, ["national", "map", str(path), "--to", str(tmp_path / "england.gif")])
    assert refused.exit_code != 0
    assert "End the name in .png, .svg, .pdf" in refused.stderr
