"""`hubreach own`: a look, what is kept, the list and the way back; every other command then answers on own figures."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.places.read import read_place

SAID = ["--title", "GP register", "--source", "Rutland Council", "--vintage", "January 2026"]


@pytest.fixture(autouse=True)
def _own_data(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def children(tmp_path):
    areas = read_place("rutland").areas
    path = tmp_path / "children.csv"
    pd.DataFrame({"area_code": areas.index, "children": areas["children"] + 10}).to_csv(path, index=False)
    return str(path)


def answer(*words: str) -> dict:
    result = CliRunner().invoke(app, [*words, "--format", "json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 2
    return result.stderr


def test_a_look_shows_every_ward_before_and_after_and_keeps_nothing(children):
    shown = answer("own", "rutland", "--children", children, "--dry-run")
    *wards, whole = shown["rows"]
    assert len(wards) == 15
    assert (whole["area_name"], whole["england"], whole["own"], whole["difference"]) == (
        "Rutland",
        8012,
        8272,
        260,
    )
    assert sum(ward["difference"] for ward in wards) == 260
    assert (
        shown["meta"]["notes"][0] == "8,272 children in Rutland; England's figures have 8,012 (+260, +3.2%)."
    )
    assert answer("own", "rutland")["rows"] == []


def test_own_children_are_in_every_answer_until_they_are_removed(children):
    before = answer("need", "rutland", "--by", "place")
    answer("own", "rutland", "--children", children, *SAID, "--by", "A. Analyst")
    (kept,) = answer("own", "rutland", "--list")["rows"]
    assert (kept["kind"], kept["title"], kept["file"], kept["by"]) == (
        "children",
        "GP register",
        "children.csv",
        "A. Analyst",
    )
    after = answer("need", "rutland", "--by", "place")
    assert (before["rows"][0]["children"], after["rows"][0]["children"]) == (8012, 8272)
    assert "Source: GP register (Rutland Council, January 2026)" in " ".join(after["meta"]["notes"])
    answer("own", "rutland", "--remove", "children")
    assert answer("need", "rutland", "--by", "place")["rows"] == before["rows"]
    answer("own", "rutland", "--undo")
    assert answer("need", "rutland", "--by", "place")["rows"] == after["rows"]


def test_own_sites_replace_those_of_their_kinds(tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text("name,kind,easting,northing\nOakham Library,public library,486100,308800\n")
    rows = answer("own", "rutland", "--sites", str(path), *SAID)["rows"]
    assert {row["change"] for row in rows} <= {"added", "gone", "moved"}
    assert sum(row["change"] == "gone" for row in rows) >= 1
    libraries = read_place("rutland").sites.query("kind == 'public library'")
    assert (libraries["name"].tolist(), libraries["source"].tolist()) == (["Oakham Library"], ["GP register"])


def test_what_is_kept_needs_a_title_a_source_and_a_date(children):
    told = refused("own", "rutland", "--children", children, "--title", "GP register")
    assert "column source: it is blank. Say who counted or drew it" in told
    assert "column vintage: it is blank" in told


def test_one_thing_at_a_time_and_a_file_that_is_there(children, tmp_path):
    assert "One thing at a time" in refused("own", "rutland", "--children", children, "--undo")
    absent = str(tmp_path / "absent.csv")
    assert "there is no file" in refused("own", "rutland", "--children", absent, *SAID)


def test_a_place_with_a_folder_of_its_own_is_told_where_its_figures_are(small_folder, children):
    told = refused("own", str(small_folder), "--children", children, *SAID)
    assert "the figures of Sampleton are those of its own folder" in told


def test_the_list_of_places_counts_own_children(children):
    answer("own", "rutland", "--children", children, *SAID)
    (row,) = (row for row in answer("places")["rows"] if row["place"] == "rutland")
    assert row["children"] == 8_272
