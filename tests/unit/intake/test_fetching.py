"""Downloads from a server on loopback that drops connections, lies about sizes and sends pages of HTML."""

import http.server
import json
import threading
import urllib.parse
from dataclasses import dataclass, field

import pytest
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli.main import app
from analysis.intake.assemble.adding import prepare_place
from analysis.intake.download import fetching
from analysis.intake.download.authority_names import find_authority
from analysis.intake.download.fetching import fetch_file
from analysis.intake.download.sources import OfficialFile, official_files
from tests.unit.intake.conftest import ALDERTON, OLDER, wards

BODY = b"LSOA code (2011),IMD Rank\n" + b"".join(b"E010%05d,%d\n" % (n, n + 1) for n in range(20_000))


FIXED = {
    "broken service": (json.dumps({"error": {"message": "Invalid query"}}).encode(),),
    "html": (b"\r\n<!DOCTYPE html><html>Sign in</html>",),
    "missing": (b"gone", 404),
    "busy": (b"later", 503),
    "empty": (b"",),
}


@dataclass
class Publisher:
    """What the server does, and what it was asked."""

    address: str = ""
    asked: list = field(default_factory=list)
    drops: int = 0
    body: bytes = BODY
    kind: str = "good"


def handler(publisher):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def log_message(self, *_):
            pass

        def do_GET(self):
            publisher.asked.append((self.path, self.headers.get("Range", "")))
            kind = publisher.kind
            if kind == "service":
                self.answer(service(self.path))
            elif kind in FIXED:
                publisher.kind = "good" if kind == "busy" else kind
                self.answer(*FIXED[kind])
            else:
                self.part()

        def part(self):
            start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
            body = publisher.body[start:]
            if start and not body:
                self.answer(b"", status=416)
                return
            if publisher.drops > 0:
                publisher.drops -= 1
                self.answer(body, status=206 if start else 200, sent=len(body) // 2)
                return
            self.answer(body, status=206 if start else 200)

        def answer(self, body, status=200, sent=None):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if sent is None else body[:sent])

    return Handler


def service(path):
    """A feature service: two pages of wards, or six squares."""
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query))
    start, most = int(query["resultOffset"]), int(query["resultRecordCount"])
    if query["f"] == "geojson":
        features = [
            {
                "type": "Feature",
                "properties": {"LSOA11CD": code},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[west, 53.0], [west + 0.01, 53.0], [west + 0.01, 53.01], [west, 53.0]]],
                },
            }
            for code, west in zip(OLDER, (-1.5 + 0.01 * n for n in range(6)), strict=True)
        ]
    else:
        rows = wards(OLDER, "11", "19").to_dict("records")
        asked = query["where"].upper()
        features = [
            {"attributes": row}
            for row in rows
            if f"'{row['LAD19CD']}'" in asked
            or f"'{row['LAD19NM'].upper()}'" in asked
            or ("LIKE" in asked and asked.split("%")[1] in row["LAD19NM"].upper())
        ]
    return json.dumps({"type": "FeatureCollection", "features": features[start : start + most]}).encode()


@pytest.fixture
def publisher():
    held = Publisher()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(held))
    held.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


def wanted(publisher, **more):
    values = {
        "file": "file7.csv",
        "role": "imd",
        "edition": "2019",
        "title": "File 7",
        "publisher": "Nobody",
        "kind": "file",
        "address": f"{publisher.address}/file7.csv",
    }
    return OfficialFile(**{**values, **more})


def fetched(publisher, folder, **more):
    return fetch_file(wanted(publisher, **more), folder, pause_seconds=0.01)


def test_a_file_comes_whole_and_is_kept(publisher, tmp_path):
    path = fetched(publisher, tmp_path)
    assert path.read_bytes() == BODY
    fetched(publisher, tmp_path)
    assert len(publisher.asked) == 1
    path.write_bytes(BODY[:-5])
    assert fetched(publisher, tmp_path).read_bytes() == BODY
    assert len(publisher.asked) == 2


def test_a_dropped_connection_goes_on_where_it_stopped(publisher, tmp_path):
    publisher.drops = 2
    assert fetched(publisher, tmp_path).read_bytes() == BODY
    half, three_quarters = len(BODY) // 2, len(BODY) // 2 + (len(BODY) - len(BODY) // 2) // 2
    assert [asked for _, asked in publisher.asked] == ["", f"bytes={half}-", f"bytes={three_quarters}-"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fetched.json", "file7.csv"]


def test_after_too_many_drops_what_came_is_kept_for_the_next_time(publisher, tmp_path):
    publisher.drops = 5
    with pytest.raises(HubreachError, match="the download broke off 5 times"):
        fetched(publisher, tmp_path)
    assert (tmp_path / "file7.csv.part").exists()
    assert fetched(publisher, tmp_path).read_bytes() == BODY


def test_a_part_that_does_not_fit_is_thrown_away(publisher, tmp_path):
    (tmp_path / "file7.csv.part").write_bytes(BODY)
    assert fetched(publisher, tmp_path).read_bytes() == BODY


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("html", "the server sent a web page and not the file"),
        ("missing", "the server answered 404"),
        ("empty", "the server sent nothing"),
    ],
)
def test_what_is_not_the_file_is_one_message(publisher, tmp_path, kind, found):
    publisher.kind = kind
    with pytest.raises(HubreachError, match=found) as caught:
        fetched(publisher, tmp_path)
    (fault,) = caught.value.faults
    assert f"Download it with a browser from {publisher.address}/file7.csv" in fault.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_busy_server_is_asked_again(publisher, tmp_path):
    publisher.kind = "busy"
    assert fetched(publisher, tmp_path).read_bytes() == BODY


def test_another_checksum_than_the_listed_one_is_refused(publisher, tmp_path):
    with pytest.raises(HubreachError, match="its checksum is not the one in the list"):
        fetched(publisher, tmp_path, sha256="0" * 64)


def test_a_file_longer_than_any_is_refused(publisher, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 1000)
    with pytest.raises(HubreachError, match="more than is read"):
        fetched(publisher, tmp_path)


def test_without_a_connection_it_says_so(tmp_path):
    offline = Publisher(address="http://127.0.0.1:9")
    with pytest.raises(HubreachError, match="there is no connection to its publisher from here"):
        fetched(offline, tmp_path)


def test_a_service_is_read_page_by_page(publisher, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "PAGE_ROWS", 2)
    publisher.kind = "service"
    more = {"kind": "service", "file": "wards.csv", "where": f"LAD19CD = '{ALDERTON}'"}
    path = fetched(publisher, tmp_path, **more)
    assert path.read_text().splitlines()[0] == "FID,LSOA11CD,LSOA11NM,WD19CD,WD19NM,LAD19CD,LAD19NM"
    assert len(path.read_text().splitlines()) == 5
    assert len(publisher.asked) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fetched.json", "wards.csv"]


@pytest.mark.parametrize(
    ("kind", "found"),
    [("broken service", "the service answered: Invalid query"), ("html", "a web page and not the table")],
)
def test_a_service_that_fails_is_one_message(publisher, tmp_path, kind, found):
    publisher.kind = kind
    with pytest.raises(HubreachError, match=found):
        fetched(publisher, tmp_path, kind="service")


def test_the_bundled_list_has_what_a_place_needs():
    for edition in ("2019", "2025"):
        files = official_files("E08000035", "Leeds", edition)
        assert {"imd", "lookup", "boundaries"} <= {file.role for file in files}
        assert all(file.address.startswith("https://") for file in files)
        assert not [file.file for file in files if "{" in file.file]
    lookup = next(file for file in files if file.role == "lookup")
    assert lookup.where == "LAD24CD = 'E08000035'"
    odd = official_files("E06000001", "King's Town", "2019")
    assert "LSOA11NM LIKE 'King''s Town %'" in {file.where for file in odd}


@pytest.mark.parametrize(
    ("code", "edition"), [("leeds", "2019"), ("E08000035", "1801"), ("E08' OR 1=1", "2019")]
)
def test_codes_and_editions_that_are_none(code, edition):
    with pytest.raises(HubreachError, match="cannot be fetched"):
        official_files(code, "Leeds", edition)


def test_the_command_fetches_what_add_then_takes(publisher, country, own_data, tmp_path):
    publisher.kind, publisher.body = "good", country.file7_2019.read_bytes()
    listed = tmp_path / "sources.toml"
    entry = 'file = "{}"\nrole = "{}"\nedition = "2019"\ntitle = "T"\npublisher = "P"\nkind = "{}"\naddress = "{}/x"\n'
    files = [entry.format("f7.csv", "imd", "file", publisher.address)]
    listed.write_text("".join(f"[[files]]\n{text}" for text in files))
    given = [
        "--authority",
        "Alderton",
        "--code",
        ALDERTON,
        "--sources",
        str(listed),
        "--to",
        str(tmp_path / "kept"),
    ]
    answer = CliRunner().invoke(app, ["fetch", *given])
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith(f"hubreach add Alderton --authority {ALDERTON} --imd ")
    place = country.files()
    tables = (tmp_path / "kept" / "f7.csv", country.wards_2011)
    new = prepare_place(type(place)("Alderton", place.authorities, tables, place.boundaries))
    assert len(new.assembly.areas) == 4
    publisher.kind = "missing"
    assert CliRunner().invoke(app, ["fetch", *given, "--again"]).exit_code == 2


LOOKUP = {
    "file": "w_{code}.csv",
    "role": "lookup",
    "kind": "service",
    "code_column": "LAD19CD",
    "name_column": "LAD19NM",
}


@pytest.mark.parametrize("given", ["Alderton", "alderton", ALDERTON, ALDERTON.lower()])
def test_a_name_or_a_code_finds_both_and_is_remembered(publisher, tmp_path, given):
    publisher.kind = "service"
    lookup = wanted(publisher, **LOOKUP)
    assert find_authority(given, [lookup], tmp_path, pause_seconds=0.01) == (ALDERTON, "Alderton")
    asked = len(publisher.asked)
    assert find_authority(given, [lookup], tmp_path) == (ALDERTON, "Alderton")
    assert len(publisher.asked) == asked


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("Aldert", f"Did you mean Alderton {ALDERTON}"),
        ("O'Where", 'no authority "O\'Where"'),
        ("", "no name"),
    ],
)
def test_a_name_that_is_none_is_one_message(publisher, tmp_path, given, found):
    publisher.kind = "service"
    with pytest.raises(HubreachError) as caught:
        find_authority(given, [wanted(publisher, **LOOKUP)], tmp_path, pause_seconds=0.01)
    assert found in str(caught.value)
    assert not (tmp_path / "authorities.json").exists()


def test_a_file_that_changed_here_or_at_the_publisher_is_told(publisher, tmp_path):
    said = []
    path = fetched(publisher, tmp_path)
    path.write_bytes(b"spoiled")
    fetch_file(wanted(publisher), tmp_path, pause_seconds=0.01, notice=said.append)
    assert said == ["file7.csv is not as it was fetched, and is fetched again"]
    publisher.body = BODY + b"E01099999,1\n"
    fetch_file(wanted(publisher), tmp_path, again=True, pause_seconds=0.01, notice=said.append)
    assert "file7.csv has changed at its publisher since it was last fetched" in said[1]
    assert len(said) == 2


def test_the_command_takes_a_name(publisher, own_data, tmp_path):
    publisher.kind = "service"
    listed = tmp_path / "sources.toml"
    listed.write_text(
        '[[files]]\nfile = "w_{code}.csv"\nrole = "lookup"\nedition = "2019"\ntitle = "T"\npublisher = "P"\n'
        f'kind = "service"\naddress = "{publisher.address}/x"\nwhere = "LAD19CD = \'{{code}}\'"\n'
        'code_column = "LAD19CD"\nname_column = "LAD19NM"\n'
    )
    answer = CliRunner().invoke(app, ["fetch", "--authority", "alderton", "--sources", str(listed)])
    assert answer.exit_code == 0, answer.output
    assert f"Alderton is {ALDERTON}" in answer.stderr
    assert answer.stdout.startswith(f"hubreach add Alderton --authority {ALDERTON} --lookup ")
