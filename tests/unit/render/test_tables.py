"""Tables written to files and read back by the programs that people use."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import Point, box

from analysis.render.tables import TableSheet, csv_file, geojson_file, geopackage_file, workbook_file

HOSTILE = ["=1+1", "+SUM(A1)", "-2+3", "@now", "\t=cmd", "a\x00b\x07c", "<b>&</b>", 'Hub, "north"\nside']
MADE = dt.date(2026, 11, 21)


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": HOSTILE,
            "children": range(10, 18),
            "share": [0.1, 0.25, np.nan, 0.5, 1.0, 0.0, 0.75, np.inf],
            "open": [True, False] * 4,
        },
        index=pd.Index([f"E{number:08}" for number in range(8)], name="area_code"),
    )


NOTES = pd.DataFrame({"name": ["seed", "=danger"], "value": ["1", "@danger"]})


def test_csv_says_the_numbers_and_runs_nothing(table):
    text = csv_file(table).decode("utf-8-sig")
    back = pd.read_csv(io.StringIO(text), keep_default_na=False)
    assert list(back.columns) == ["area_code", "name", "children", "share", "open"]
    assert back["children"].tolist() == list(range(10, 18))
    assert not [cell for cell in back["name"] if cell[0] in "=+-@\t\r"]
    assert back["name"].tolist()[:4] == ["'=1+1", "'+SUM(A1)", "'-2+3", "'@now"]
    assert "\x00" not in text
    assert "\x07" not in text
    assert back["name"].iloc[5] == "abc"


def test_csv_keeps_a_negative_number_a_number():
    assert csv_file(pd.DataFrame({"change": [-3]})) == b"\xef\xbb\xbfchange\n-3\n"


def test_workbook_has_typed_columns_a_frozen_header_and_notes(table):
    made = workbook_file(
        [TableSheet("Need: by [ward]", table, "Need by ward", "Source: test", {"share": "0%"})],
        NOTES,
        title="Tables of Testing",
        made=MADE,
    )
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["Need by ward", "Notes"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["area_code", "name", "children", "share", "open"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:E9"
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "n", "n", "b"]
    assert (sheet["C2"].value, sheet["C2"].number_format) == (10, "#,##0")
    assert (sheet["D2"].value, sheet["D2"].number_format) == (0.1, "0%")
    assert sheet["D4"].value is None
    assert sheet["D9"].value == "none"
    assert book.properties.title == "Tables of Testing"
    notes = [[cell.value for cell in row] for row in book["Notes"].iter_rows()]
    assert ["Need by ward", "Need by ward", "Source: test"] in notes
    assert ["seed", "1", None] in notes


def test_workbook_holds_no_formula_and_no_control_character(table):
    made = workbook_file([TableSheet("=evil", table, "=t", "=s")], NOTES, title="=x", made=MADE)
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text[:1] in "=+-@\t\r"]
    for part in zipfile.ZipFile(io.BytesIO(made)).namelist():
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(made)).read(part)


def test_workbook_renames_sheets_that_excel_refuses(table):
    long = "A very long name of a sheet that goes on"
    sheets = [TableSheet(name, table) for name in (long, long, "notes", "")]
    names = openpyxl.load_workbook(io.BytesIO(workbook_file(sheets, NOTES, title="x"))).sheetnames
    assert names == [
        "A very long name of a sheet tha",
        "A very long name of a sheet t 2",
        "notes 2",
        "Table",
        "Notes",
    ]
    assert max(map(len, names)) <= 31


def test_workbook_is_the_same_bytes_twice(table):
    one, two = (workbook_file([TableSheet("a", table)], NOTES, title="x", made=MADE) for _ in range(2))
    assert one == two


@pytest.fixture
def areas() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"area_name": ["=one", "two\x01"], "children": [3, 4]},
        geometry=[box(560000, 180000, 561000, 181000), box(561000, 180000, 562000, 181000)],
        index=pd.Index(["W1", "W2"], name="area_code"),
        crs="EPSG:27700",
    )


def test_geopackage_is_read_by_gdal_with_layers_crs_and_metadata(areas, tmp_path):
    sites = gpd.GeoDataFrame({"name": ["Hub"]}, geometry=[Point(560500, 180500)], crs="EPSG:27700")
    path = tmp_path / "areas.gpkg"
    path.write_bytes(geopackage_file({"ward": areas, "sites": sites}, title="T", source="S", made=MADE))
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["ward", "sites"]
    back = gpd.read_file(path, layer="ward")
    assert back["area_code"].tolist() == ["W1", "W2"]
    assert back["area_name"].tolist() == ["=one", "two"]
    assert back["children"].tolist() == [3, 4]
    assert back.crs.to_epsg() == 27700
    assert back.area.sum() == pytest.approx(2_000_000)
    assert pyogrio.read_info(path, layer="ward")["layer_metadata"]["SOURCE"] == "S"


def test_geojson_is_rfc_7946_with_title_and_source(areas):
    body = json.loads(geojson_file(areas, title="Need", source="Source: test"))
    assert (body["type"], body["title"], body["source"]) == ("FeatureCollection", "Need", "Source: test")
    assert "crs" not in body
    first = body["features"][0]
    assert first["properties"] == {"area_code": "W1", "area_name": "=one", "children": 3}
    lon, lat = first["geometry"]["coordinates"][0][0]
    assert 0 < lon < 1
    assert 51 < lat < 52


def test_geographic_files_are_the_same_bytes_twice(areas):
    assert geojson_file(areas, title="a", source="b") == geojson_file(areas, title="a", source="b")
    one, two = (geopackage_file({"ward": areas}, title="a", source="b", made=MADE) for _ in range(2))
    assert one == two
