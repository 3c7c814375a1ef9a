"""`hubreach indicator` on a bundled place: kept in the user's own data, used by `hubreach target`."""

import json

import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.places.read import read_place

WORDS = ["--name", "Referrals", "--vintage", "2023/24", "--source", "Front door", "--measure", "count"]


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "own"))
    wards = read_place("thurrock").areas["ward_code"].drop_duplicates()
    path = tmp_path / "referrals.csv"
    path.write_text("WD19CD,n\n" + "".join(f"{code},{7 * n}\n" for n, code in enumerate(wards)), "utf-8")
    return path


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_an_indicator_is_added_listed_used_and_removed(table, tmp_path):
    preview = run("indicator", "add", "thurrock", table, *WORDS, "--preview", "--format", "csv")
    assert preview.exit_code == 0, preview.output
    assert preview.stdout.splitlines()[0] == "ward_code,area_name,small_areas,value,children_known"
    assert not list((tmp_path / "own").rglob("*.toml"))
    assert run("indicator", "add", "thurrock", table, *WORDS).exit_code == 0
    again = run("indicator", "add", "thurrock", table, *WORDS)
    assert again.exit_code == 2
    assert "own_referrals is there already" in again.stderr
    listed = json.loads(run("indicator", "list", "thurrock", "--format", "json").stdout)["rows"]
    assert [(row["key"], row["value"], row["in_index"]) for row in listed] == [("own_referrals", 98, True)]
    target = run(
        "target",
        "thurrock",
        "--show",
        "composite",
        "--weight",
        "own_referrals=1",
        "--format",
        "csv",
        "--draws",
        100,
    )
    place = read_place("thurrock")
    children = place.areas.groupby("ward_code")["children"].sum()
    counts = {code: 7 * n for n, code in enumerate(place.areas["ward_code"].drop_duplicates())}
    most = (children.index.map(counts) / children).idxmax()
    assert target.stdout.splitlines()[1].startswith(f"{most},")
    assert run("indicator", "remove", "thurrock", "Referrals").exit_code == 0
    assert "None yet" in run("indicator", "list", "thurrock").stderr


def test_what_is_wrong_is_one_message(table):
    table.write_text("WD19CD,n\nE05002229,many\n", "utf-8")
    answer = run("indicator", "add", "thurrock", table, *WORDS, "--value", "n")
    assert answer.exit_code == 2
    assert "referrals.csv, row 2, column n: 'many' is not a number" in answer.stderr
    assert "no indicator 'own_x'" in run("indicator", "remove", "thurrock", "own_x").stderr
