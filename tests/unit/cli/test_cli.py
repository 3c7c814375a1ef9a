"""The command line: what it prints, where, and how it refuses."""

import csv
import io
import json
import shutil
import sys

import pytest
from typer.testing import CliRunner

from analysis.cli import places as places_commands
from analysis.cli.main import app
from tests.conftest import write_small_place

runner = CliRunner()
NEED_COLUMNS = [
    "area_code",
    "area_name",
    "children",
    *(
        f"{tier}_{part}"
        for tier in ("early_help", "specialist")
        for part in ("children", "low", "high", "rate_per_1000", "rank", "p_top")
    ),
    "families",
    "families_low",
    "families_high",
]


def run(*arguments, code=0):
    result = runner.invoke(app, [str(part) for part in arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_places_lists_the_bundled_four_and_then_every_other_authority():
    table = {row["place"]: row for row in rows(run("places", "--format", "csv").stdout)}
    assert list(table)[:4] == ["medway", "plymouth", "thurrock", "wirral"]
    assert len(table) == 153
    assert [row["place"] for row in table.values() if row["decisions"] != "0"] == list(table)[:4]
    kent = table["kent"]
    assert (kent["children"], kent["small_areas"], kent["localities"]) == ("355390", "938", "12")
    assert int(table["city-of-london"]["wards"]) == 5  # of 25: the others are the best fit of no area
    assert table["thurrock"]["children"] == "45381"
    assert table["wirral"]["localities"] == "4"
    assert {row["state"] for row in table.values()} == {"ready"}


def test_a_broken_place_of_ones_own_breaks_nothing_else(user_data):
    folder = write_small_place(user_data / "places" / "sampleton")
    (folder / "sites.csv").unlink()
    table = {row["place"]: row["state"] for row in rows(run("places", "--format", "csv").stdout)}
    assert table["sampleton"] == "cannot be used (1 faults): hubreach check sampleton"
    assert table["thurrock"] == "ready"
    refused = run("check", "sampleton", code=2)
    assert "sites.csv: the file is missing" in refused.stderr
    write_small_place(folder)
    assert rows(run("need", "sampleton", "--format", "csv").stdout)[0]["area_name"] == "Ash"
    # Another test may have kept changes to a place of this name beside it.
    shutil.rmtree(folder)


def test_need_has_exactly_the_promised_columns_and_numbers():
    result = run("need", "thurrock", "--by", "ward", "--format", "csv")
    table = rows(result.stdout)
    assert list(table[0]) == NEED_COLUMNS
    assert len(table) == 20
    assert sum(int(row["early_help_children"]) for row in table) == 6_807
    assert sum(int(row["specialist_children"]) for row in table) == 2_269
    assert "Source: Small-area population estimates" in result.stderr
    assert "Source" not in result.stdout


@pytest.mark.parametrize("by", ["lsoa", "ward", "locality", "place"])
def test_every_level_adds_up_to_the_place(by):
    table = rows(run("need", "wirral", "--by", by, "--format", "csv", "--vintage", 2025).stdout)
    assert sum(int(row["children"]) for row in table) == 67_431
    assert sum(int(row["early_help_children"]) for row in table) == 10_115


def test_options_change_the_answer_and_are_told():
    result = run(
        "need", "medway", "--by", "place", "--prevalence", "early_help=20%", "--gradient", "specialist=3",
        "--basis", "idaci", "--children-per-family", 1.11, "--seed", 9, "--draws", 200, "--format", "json",
    )  # fmt: skip
    answer = json.loads(result.stdout)
    assert answer["rows"][0]["early_help_children"] == 13_088
    assert answer["rows"][0]["families"] == round((13_088 + 3_272) / 1.11)
    assert answer["meta"]["tiers"]["early_help"] == {"prevalence": 0.2, "gradient": 4.0}
    assert answer["meta"]["tiers"]["specialist"]["gradient"] == 3.0
    assert answer["meta"]["settings"]["seed"] == 9
    assert any("seed 9" in note for note in answer["meta"]["notes"])


def test_a_seed_makes_ranges_that_can_be_had_again():
    first, again, other = (
        run("need", "thurrock", "--seed", seed, "--format", "csv").stdout for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_table_is_for_reading():
    result = run("need", "thurrock", "--by", "ward")
    assert result.stdout.startswith("Need in Thurrock, by ward\n")
    assert "West Thurrock and South Stifford" in result.stdout
    assert "670 (420 to 960)" in result.stdout


def test_out_writes_the_file_by_its_ending(tmp_path):
    out = tmp_path / "need.csv"
    result = run("need", "thurrock", "--out", out)
    assert result.stdout == ""
    assert out.read_text("utf-8") == run("need", "thurrock", "--format", "csv").stdout
    other = tmp_path / "need.json"
    run("need", "thurrock", "--out", other)
    assert len(json.loads(other.read_text("utf-8"))["rows"]) == 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["need", "nowhere"], "'nowhere' is not known. hubreach places lists them all"),
        (["need", "thurrock", "--by", "region"], "'lsoa', 'ward', 'locality', 'place'"),
        (["need", "thurrock", "--vintage", "2015"], "Choose one of: 2019, 2025"),
        (["need", "thurrock", "--basis", "idaci", "--vintage", "2025"], "Choose imd for 2025"),
        (["need", "thurrock", "--prevalence", "early_help"], "--prevalence early_help=0.15"),
        (["need", "thurrock", "--prevalence", "help=0.1"], "Choose from early_help, specialist"),
        (["need", "thurrock", "--prevalence", "early_help=0.99"], "the tiers together hold 104.0%"),
        (["need", "thurrock", "--prevalence", "early_help=nan"], "Give a share between 0 and 1"),
        (["need", "thurrock", "--gradient", "early_help=0"], "Give a ratio above 0"),
        (["need", "thurrock", "--draws", "3"], "Give 100 to 100,000"),
        (["need", "thurrock", "--seed", "-1"], "--seed"),
        (["need", "thurrock", "--format", "xml"], "'table', 'csv', 'json'"),
        (["need", "thurrock", "--out", "/nowhere/need.csv"], "Choose a file in a folder that exists"),
        (["need"], "PLACE"),
        (["target", "thurrock", "--share", "0"], "Give a share above 0"),
        (["target", "thurrock", "--weight", "help"], "Choose from early_help, specialist"),
        (["target", "wirral", "--show", "priority"], "Wirral has named no areas"),
        (["target", "thurrock", "--show", "composite", "--weight", "wealth=1"], "Choose from imd_score"),
        (["target", "thurrock", "--show", "hot-spots", "--p-value", "2"], "between 0 and 1"),
        (["serve", "--port", "0"], "--port"),
    ],
)
def test_a_wrong_option_gives_one_clear_message(arguments, message):
    result = run(*arguments, code=2)
    assert message in result.stderr
    assert result.stdout == ""


def test_several_wrong_options_are_told_together():
    result = run(
        "need", "thurrock", "--prevalence", "early_help=x", "--gradient", "help=3", "--top", "0", code=2
    )
    for part in ("'early_help=x' is not NAME=NUMBER", "there is no tier 'help'", "top 0"):
        assert part in result.stderr


def test_a_tier_that_cannot_be_is_explained():
    result = run("need", "thurrock", "--prevalence", "early_help=0.9", code=2)
    assert "Need in Thurrock cannot be estimated" in result.stderr
    assert "areas are over 100%" in result.stderr


def test_check_tells_each_result(real_place):
    result = run("check", real_place.slug, "--format", "csv")
    table = rows(result.stdout)
    assert list(table[0]) == ["check", "result", "expected", "found", "source"]
    assert {row["result"] for row in table} <= {"passed", "note"}
    assert "0 failed" in result.stderr


def test_a_failed_check_is_exit_code_1(small_folder):
    text = (small_folder / "place.toml").read_text("utf-8")
    (small_folder / "place.toml").write_text(text.replace("average = 20.0", "average = 21.0"), "utf-8")
    assert "1 failed" in run("check", small_folder, code=1).stderr


def test_a_broken_folder_is_told_in_full(small_folder):
    (small_folder / "changes.csv").unlink()
    table = (small_folder / "areas.csv").read_text("utf-8")
    (small_folder / "areas.csv").write_text(table.replace("Ash,200,40", "Ash,200,\x1b[31mforty"), "utf-8")
    result = run("check", small_folder, code=2)
    assert "areas.csv, row 2, column children_0_4" in result.stderr
    assert "changes.csv: the file is missing" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("show", "first"),
    [
        ("smallest-set", "West Thurrock and South Stifford"),
        ("priority", "West Thurrock and South Stifford"),
        ("parts", "Thurrock 017D"),
        ("concentration", "Tilbury St Chads"),
        ("composite", "Belhus"),
        ("hot-spots", "Thurrock 018H"),
    ],
)
def test_target_answers_every_question(show, first):
    result = run("target", "thurrock", "--show", show, "--format", "csv")
    assert rows(result.stdout)[0]["area_name"] == first


def test_target_says_what_its_answer_means():
    assert "6 of 20 areas (ward) hold 50.3% of need" in run("target", "thurrock").stderr
    assert (
        "8 named, high; 0 named in part; 0 named, lower; 1 high, not named"
        in run("target", "thurrock", "--show", "priority", "--top", 9).stderr
    )
    assert "smallest set of LSOAs" in run("target", "thurrock", "--show", "parts").stderr
    twice = ("--weight", "imd_score=1", "--weight", "idaci_position=1")
    assert "it counts twice" in run("target", "thurrock", "--show", "composite", *twice).stderr
    assert "it counts twice" not in run("target", "thurrock", "--show", "composite").stderr


def test_serve_starts_the_dashboard_with_its_own_configuration(monkeypatch):
    started = []
    monkeypatch.setattr(places_commands.os, "execv", lambda path, command: started.append((path, command)))
    said = run("serve", "--port", 9001, "--headless").stderr
    ((path, command),) = started
    assert path == sys.executable
    assert command[1:5] == ["-P", "-m", "streamlit", "run"]
    assert command[5].endswith("app.py")
    assert "--server.port=9001" in command
    assert "--server.address=127.0.0.1" in command
    assert "no sign-in" not in said
    assert "--server.headless=true" in command
    assert "--server.showEmailPrompt=false" in command
    assert "--browser.serverAddress=localhost" in command


def test_serve_for_a_network_says_what_anybody_on_it_can_do(monkeypatch):
    started = []
    monkeypatch.setattr(places_commands.os, "execv", lambda path, command: started.append(command))
    said = run("serve", "--host", "0.0.0.0").stderr
    assert "there is no sign-in" in said
    assert "--server.address=0.0.0.0" in started[0]


def test_help_is_given():
    for words in ([], ["--help"], ["need", "--help"], ["target", "-h"]):
        result = runner.invoke(app, words)
        assert "Usage" in result.output
        assert result.exit_code in (0, 2)
