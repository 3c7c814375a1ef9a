"""Broken and hostile files: one message each, no traceback, memory bounded, nothing written."""

import gzip
import io
import json
import random
import resource
import sqlite3
import tracemalloc
import zipfile

import openpyxl
import pytest

from analysis.base import limits, sheets
from analysis.base.faults import HubreachError
from analysis.intake.assemble.gathering import gather
from analysis.intake.assemble.shapes import read_shapes, recognise_shapes
from analysis.intake.files.recognition import recognise
from tests.unit.intake.conftest import OLDER, file7_2019, write_official

MUTATIONS = 1500
SAMPLE = b"LSOA11CD,WD19CD,WD19NM\r\nE01000001,E05000001,Ash\r\n"


def zipped(members, kind=zipfile.ZIP_DEFLATED):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def workbook(rows=(("LSOA11CD",), ("E01000001",)), **cells):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for address, value in cells.items():
        book.active[address] = value
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_member(data, name, change):
    """A workbook with the text of one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {member: archive.read(member) for member in archive.namelist()}
    parts[name] = change(parts[name].decode()).encode()
    return zipped(parts)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)

TABLES = {
    "empty": b"",
    "one_line": b"LSOA11CD,WD19CD\n",
    "no_codes": b"name,size\nA,1\n",
    "zero_bytes": b"LSOA11CD\x00,WD19CD\n" + b"\x00" * 5000,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "page_of_html": b"<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>\n" * 3,
    "old_excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "pdf": b"%PDF-1.7\n" + b"1 0 obj\n<<>>\nendobj\n" * 30,
    "damaged_gzip": gzip.compress(SAMPLE * 200)[:-30],
    "gzip_of_nothing": gzip.compress(b""),
    "damaged_zip": zipped({"a.csv": SAMPLE * 100})[:-40],
    "zip_without_a_table": zipped({"readme.md": b"hello"}),
    "zip_that_climbs": zipped({"../../outside.csv": b"name\nA\n", "/etc/passwd.csv": b"x\n"}),
    "zip_of_a_zip": zipped({"inner.zip": zipped({"a.csv": SAMPLE})}),
    "open_document": zipped(
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}
    ),
    "more_cells_than_headings": b"LSOA11CD,WD19CD,WD19NM\nE01000001,E05000001,Ash\nE01000002,E05000001,Ash,1,2,3\n",
    "open_quote": b'LSOA11CD,WD19CD,WD19NM\nE01000001,"E05000001,Ash\nE01000002,E05000001,Ash\n',
    "workbook_without_sheets": with_member(workbook(), "xl/workbook.xml", lambda text: text[:200]),
    "workbook_of_nonsense": with_member(workbook(), "xl/worksheets/sheet1.xml", lambda _: "<<<"),
    "entity_bomb": with_member(
        workbook(), "xl/worksheets/sheet1.xml", lambda text: f"{BOMB}]>" + text.replace("LSOA11CD", "&j;")
    ),
    "workbook_of_formulas": workbook((("=A2", "=1/0"), ("=HYPERLINK(1)", "=B1"))),
}
SHAPES = {
    "empty": b"",
    "not_json": b"polygons",
    "half_json": b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": ',
    "nested": b'{"type": "FeatureCollection", "features": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "no_features": b'{"type": "FeatureCollection", "features": []}',
    "other_codes": json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": "A"},
                    "geometry": {"type": "Point", "coordinates": [0, 51]},
                }
            ],
        }
    ).encode(),
    "reads_other_files": b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource>"
    b"</OGRVRTLayer></OGRVRTDataSource>",
    "asks_a_server": b"<OGRWFSDataSource><URL>http://localhost/</URL></OGRWFSDataSource>",
    "zip_without_shapes": zipped({"a.txt": b"x"}),
    "zip_with_false_shapes": zipped({"a.shp": b"<OGRVRTDataSource/>"}),
    "zip_that_climbs": zipped({"../../../etc/a.shp": b"\x00\x00\x27\x0a" + b"\x00" * 200}),
    "damaged_geopackage": b"SQLite format 3\x00" + bytes(range(256)) * 20,
    "lone_shapefile": b"\x00\x00\x27\x0a" + b"\x00" * 200,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_broken_table_is_one_message(tmp_path, name):
    path = tmp_path / "given.csv"
    path.write_bytes(TABLES[name])
    with pytest.raises(HubreachError) as caught:
        gather([path])
    assert all(fault.remedy and len(fault.found) < 600 for fault in caught.value.faults)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", SHAPES)
def test_broken_boundaries_are_one_message(tmp_path, name):
    path = tmp_path / "given.geojson"
    path.write_bytes(SHAPES[name])
    with pytest.raises(HubreachError) as caught:
        recognise_shapes(path)
    (fault,) = caught.value.faults
    assert fault.file == "given.geojson"
    assert fault.remedy
    assert "root:" not in str(caught.value)
    assert sorted(tmp_path.iterdir()) == [path]


def test_boundaries_without_a_coordinate_system_or_in_the_wrong_one(tmp_path, country):
    feature = {
        "type": "Feature",
        "properties": {"LSOA11CD": OLDER[0]},
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[430000, 430000], [431000, 430000], [431000, 431000], [430000, 430000]]],
        },
    }
    path = tmp_path / "metres.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(HubreachError, match="are metres, but the file says degrees"):
        read_shapes(recognise_shapes(path), OLDER)
    feature["geometry"]["coordinates"] = [[[53.7, -1.5], [53.8, -1.5], [53.8, -1.6], [53.7, -1.5]]]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(HubreachError, match="not in Great Britain"):
        read_shapes(recognise_shapes(path), OLDER)
    bare = tmp_path / "bare.gpkg"
    bare.write_bytes(country.boundaries_2011.read_bytes())
    with sqlite3.connect(bare) as database:
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = -1")
        database.execute("UPDATE gpkg_contents SET srs_id = -1")
    database.close()
    with pytest.raises(HubreachError, match="coordinate system"):
        read_shapes(recognise_shapes(bare), OLDER)


@pytest.mark.parametrize(
    "data",
    [
        SAMPLE.replace(b"\r\n", b"\n") + b"E01000002,E05000001,Ash\r\nE01000003,E05000001,Ash\r",
        b"\xef\xbb\xbf" + SAMPLE,
        SAMPLE.decode().encode("utf-16"),
        SAMPLE.replace(b"Ash", "Ysgubor Wen – Château".encode("cp1252")),
        SAMPLE.replace(b",", b"\t"),
        b"Lookup of wards,,\r\n,,\r\n" + SAMPLE,
        SAMPLE.replace(b"E01000001", b" e01000001 "),
    ],
    ids=[
        "mixed line ends",
        "byte-order mark",
        "UTF-16",
        "old Windows encoding",
        "tabs",
        "a title above",
        "spaces",
    ],
)
def test_odd_but_honest_tables_are_read(tmp_path, data):
    path = tmp_path / "wards.csv"
    path.write_bytes(data)
    assert gather([path]).wards["2011"].index[0] == "E01000001"


def test_an_old_encoding_that_shows_late_is_read(tmp_path):
    rows = b"".join(b"E010%05d,E05000001,Ash\r\n" % n for n in range(30_000))
    path = tmp_path / "wards.csv"
    path.write_bytes(b"LSOA21CD,WD19CD,WD19NM\r\n" + rows + b"E01099999,E05000002,Ch\xe2teau\r\n")
    held = gather([path]).wards["2021"]
    assert (held["ward_name"]["E01099999"], len(held)) == ("Château", 30_001)


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_does(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOST_UNPACKED_BYTES", 3_000_000)
    monkeypatch.setattr(limits.check_archive, "__defaults__", (3_000_000,))
    packed = tmp_path / "bomb.zip"
    packed.write_bytes(zipped({"a.csv": SAMPLE + b"E01000001,E05000001,Ash\n" * 400_000}))
    assert packed.stat().st_size < 100_000
    with pytest.raises(HubreachError, match="it would unpack to 10 MB in 1 files"):
        recognise(packed)
    streamed = tmp_path / "bomb.csv.gz"
    streamed.write_bytes(gzip.compress(SAMPLE + b"E01000001,E05000001,Ash\n" * 400_000))
    with pytest.raises(HubreachError, match="it unpacks to more than 3 MB"):
        gather([streamed])


def test_one_endless_line_is_refused(tmp_path):
    path = tmp_path / "line.csv.gz"
    path.write_bytes(gzip.compress(SAMPLE + b"E01000001,E05000001," + b"A" * 20_000_000))
    with pytest.raises(HubreachError, match="a line of more than 16 MB"):
        gather([path])


def test_too_many_rows_columns_and_cells(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 1000)
    monkeypatch.setattr(sheets, "CHUNK_ROWS", 500)
    path = tmp_path / "rows.csv"
    path.write_bytes(b"LSOA11CD,WD19CD,WD19NM\n" + b"E01000001,E05000001,Ash\n" * 2000)
    with pytest.raises(HubreachError, match="more than 1,000 rows"):
        gather([path])
    path.write_bytes(b"LSOA11CD," + b"x," * 5000 + b"\nE01000001\n")
    with pytest.raises(HubreachError, match="more than 3,000 columns"):
        gather([path])
    wide = tmp_path / "wide.xlsx"
    wide.write_bytes(workbook((("LSOA11CD", "WD19CD", "WD19NM"), *((OLDER[0], "E05000001", "Ash"),) * 60)))
    far = with_member(
        wide.read_bytes(), "xl/worksheets/sheet1.xml", lambda text: text.replace("C50", "XFD50")
    )
    wide.write_bytes(far)
    assert len(gather([wide]).wards["2011"]) == 1
    monkeypatch.setattr(sheets, "MOST_CELLS", 10_000)
    with pytest.raises(HubreachError, match="too many cells"):
        gather([wide])


def test_a_sheet_that_lies_about_its_size_costs_nothing(tmp_path):
    path = tmp_path / "lie.xlsx"
    data = workbook((("LSOA11CD", "WD19CD", "WD19NM"), (OLDER[0], "E05000001", "Ash")))
    lie = with_member(
        data, "xl/worksheets/sheet1.xml", lambda text: text.replace('ref="A1:C2"', 'ref="A1:XFD1048576"')
    )
    path.write_bytes(lie)
    tracemalloc.start()
    assert gather([path]).wards["2011"].loc[OLDER[0], "ward_name"] == "Ash"
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 50_000_000


def test_text_of_a_file_stays_text(tmp_path):
    path = tmp_path / "wards.csv"
    path.write_bytes(SAMPLE.replace(b"Ash", b'"=HYPERLINK(""http://localhost"")<script>"'))
    assert gather([path]).wards["2011"]["ward_name"].tolist() == ['=HYPERLINK("http://localhost")<script>']


def test_a_folder_a_missing_file_and_one_too_large(tmp_path, monkeypatch):
    with pytest.raises(HubreachError, match="a folder, not a file"):
        recognise(tmp_path)
    with pytest.raises(HubreachError, match="the file is missing"):
        recognise(tmp_path / "none.csv")
    monkeypatch.setattr(limits, "MOST_BYTES", 10)
    path = tmp_path / "large.csv"
    path.write_bytes(SAMPLE)
    with pytest.raises(HubreachError, match="over 0 MB"):
        recognise(path)


def mutated(data, random_source):
    """Bytes with a few of them changed, cut, doubled or moved."""
    held = bytearray(data)
    for _ in range(random_source.randint(1, 12)):
        at = random_source.randrange(len(held)) if held else 0
        act = random_source.randrange(4)
        if act == 0 and held:
            held[at] = random_source.randrange(256)
        elif act == 1:
            del held[at : at + random_source.randint(1, 64)]
        elif act == 2:
            held[at:at] = random_source.choice(
                [b"\x00", b'"', b"\r", b",,,,", b"[[[[", b"\xff\xfe", b"1e999", b"=1+1"]
            )
        else:
            held[at:at] = bytes(held[at : at + 40])
    return bytes(held)


def test_an_archive_of_a_version_to_come_is_refused(tmp_path):
    path = tmp_path / "t.zip"
    content = bytearray(zipped({"a.csv": SAMPLE}))
    content[content.index(b"PK\x01\x02") + 6] = 110
    path.write_bytes(content)
    with pytest.raises(HubreachError, match="packed in an unusual way"):
        gather([path])


def test_mutated_files_never_break_the_reader(tmp_path, country):
    """Seeded: whatever it meets, the reader answers or refuses, and memory stays flat."""
    random_source = random.Random(20261121)
    seeds = {
        "t.csv": write_official(file7_2019(), tmp_path / "seed.csv").read_bytes(),
        "t.csv.gz": gzip.compress(SAMPLE * 3),
        "t.zip": zipped({"a.csv": SAMPLE * 3}),
        "t.xlsx": workbook((("LSOA11CD", "WD19CD", "WD19NM"), (OLDER[0], "E05000001", "Ash"))),
        "b.geojson": country.boundaries_2021.read_bytes(),
        "b.gpkg": country.boundaries_2011.read_bytes(),
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = 0
    for _ in range(MUTATIONS):
        name = random_source.choice(list(seeds))
        path = tmp_path / name
        path.write_bytes(mutated(seeds[name], random_source))
        try:
            if name.startswith("b."):
                read_shapes(recognise_shapes(path), OLDER)
            else:
                gather([path])
        except HubreachError:
            refused += 1
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert 0 < refused < MUTATIONS
    assert grown_kb < 400_000


def test_what_a_parser_stumbles_over_is_not_told_as_a_damaged_archive(tmp_path, monkeypatch):
    path = tmp_path / "plain.csv"
    path.write_text("code,figure\nE01,1\n")
    (sheet,) = sheets.open_sheets(path)

    def missing(*_given, **_options):
        raise KeyError("a column that is not there")

    monkeypatch.setattr(sheets.pd, "read_csv", missing)
    with pytest.raises(HubreachError, match="not a CSV table"):
        sheet.read(1, [0, 1])
