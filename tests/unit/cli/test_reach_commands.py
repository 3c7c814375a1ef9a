"""`hubreach sites` and `hubreach reach`: what a person gets, and how a wrong question is refused."""

import io
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.options.files import write_option
from analysis.options.option import Catchment, Option, OptionSite
from analysis.places.read import read_place

runner = CliRunner()
HUB = ["--kind", "family hub"]


def run(*arguments: str):
    return runner.invoke(app, [str(argument) for argument in arguments])


def frame(*arguments: str) -> pd.DataFrame:
    result = run(*arguments, "--format", "csv")
    assert result.exit_code == 0, result.output
    return pd.read_csv(io.StringIO(result.stdout))


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "data"))


def test_sites_lists_what_is_open_and_with_all_what_could_be():
    open_sites = frame("sites", "thurrock")
    assert len(open_sites) == 15
    assert len(frame("sites", "thurrock", "--all")) == 67
    hubs = frame("sites", "thurrock", *HUB)
    assert len(hubs) == 7
    # six hubs are listed as centres too, and are found by either label
    assert len(frame("sites", "thurrock", "--kind", "children's centre")) == 9
    assert hubs.set_index("site_id").loc["tilbury-family-hub", "postcode"] == "RM18 8EY"


def test_reach_by_area_has_the_columns_that_are_promised():
    table = frame("reach", "thurrock", *HUB, "--mode", "walk", "--minutes", 20, "--by", "ward")
    assert table.columns.tolist() == [
        "area_code",
        "area_name",
        "children",
        "children_covered",
        "under_fives_covered",
        "early_help_covered",
        "specialist_covered",
        "share_covered",
        "nearest_site",
        "nearest_minutes",
        "mean_minutes",
    ]
    assert len(table) == 20
    assert table["children"].sum() == 45_381
    chads = table.set_index("area_name").loc["Tilbury St Chads"]
    assert chads["nearest_site"] == "tilbury-family-hub"
    assert chads["share_covered"] == 1.0


def test_every_level_gives_the_same_total():
    totals = {
        by: frame("reach", "thurrock", *HUB, "--by", by)
        for by in ("lsoa", "ward", "locality", "fifth", "place")
    }
    assert {by: len(table) for by, table in totals.items()} == {
        "lsoa": 98,
        "ward": 20,
        "locality": 1,
        "fifth": 5,
        "place": 1,
    }
    assert len({int(table["children_covered"].sum()) for table in totals.values()}) == 1
    sites = frame("reach", "thurrock", *HUB, "--by", "site", "--weight", "children")
    assert len(sites) == 7
    assert sites["need_assigned"].sum() == 45_381


def test_json_carries_what_is_in_force():
    result = run("reach", "thurrock", *HUB, "--by", "place", "--format", "json")
    answer = json.loads(result.stdout)
    assert answer["meta"]["travel"] == "Walk, 4.8 km/h, detour 1.2, straight line round water"
    assert answer["meta"]["minutes"] == 20
    assert answer["rows"][0]["area_name"] == "Thurrock"


def test_no_open_site_is_zero_and_says_so():
    result = run("reach", "thurrock", "--kind", "outreach", "--by", "place", "--format", "csv")
    assert result.exit_code == 0
    assert pd.read_csv(io.StringIO(result.stdout))["children_covered"].tolist() == [0]
    assert "No site is open for this question" in result.stderr


def test_an_option_brings_its_sites_and_its_catchment():
    plan = Option(
        "One hub",
        "one-hub",
        (OptionSite("tilbury-family-hub"),),
        "A test",
        catchment=Catchment(mode="cycle", minutes=10),
    )
    write_option(plan, "thurrock")
    result = run("reach", "thurrock", "--option", "one hub", "--by", "site", "--format", "json")
    answer = json.loads(result.stdout)
    assert [row["site_id"] for row in answer["rows"]] == ["tilbury-family-hub"]
    assert (answer["meta"]["minutes"], answer["meta"]["travel"]) == (
        10,
        "Cycle, 16 km/h, detour 1.2, straight line round water",
    )
    walked = json.loads(
        run(
            "reach",
            "thurrock",
            "--option",
            "one hub",
            "--mode",
            "walk",
            "--minutes",
            5,
            "--by",
            "place",
            "--format",
            "json",
        ).stdout
    )
    assert walked["meta"]["travel"].startswith("Walk")
    assert walked["meta"]["minutes"] == 5


def test_sites_and_times_can_be_brought(tmp_path):
    sites = tmp_path / "mine.csv"
    sites.write_text('site_id,name,kind,postcode\nhub,"=1+1",hub,RM18 8EY\n', "utf-8")
    listed = run("sites", "thurrock", "--sites-file", sites, "--format", "csv").stdout
    assert "'=1+1" in listed
    codes = frame("reach", "thurrock", "--by", "lsoa")["area_code"]
    times = tmp_path / "times.csv"
    rows = [f"{code},hub,{10 if number < 5 else 'none'}" for number, code in enumerate(codes)]
    times.write_text("\n".join(["origin,destination,minutes", *rows]), "utf-8")
    brought = frame("reach", "thurrock", "--sites-file", sites, "--travel", times, "--by", "lsoa")
    assert (brought["children_covered"] > 0).sum() == 5
    assert brought["nearest_minutes"].notna().sum() == 5
    times.write_text("\n".join(["origin,destination,minutes", *rows[:-1]]), "utf-8")
    result = run("reach", "thurrock", "--sites-file", sites, "--travel", times)
    assert result.exit_code == 2
    assert "hub has no row from 1 areas" in result.stderr
    times.write_text("\n".join(["origin,destination,minutes", *rows]), "utf-8")
    tried = frame("reach", "thurrock", "--sites-file", sites, "--travel", times, "--show", "sensitivity")
    # Speed and detour are the table's own; the limit is tried, and the straight line in its stead.
    assert tried["assumption"].tolist() == ["minutes"] * 5 + ["way"]
    by_line = frame("reach", "thurrock", "--sites-file", sites, "--by", "place")
    assert tried["children_covered"].iloc[-1] == pytest.approx(by_line["children_covered"].iloc[0], abs=1)


@pytest.mark.parametrize(
    ("show", "first"),
    [
        ("summary", "measure"),
        ("gaps", "area_code"),
        ("overlap", "site_id"),
        ("access", "area_code"),
        ("sensitivity", "assumption"),
        ("flips", "area_code"),
        ("services", "area_code"),
    ],
)
def test_every_other_answer_is_a_table(show, first):
    # Of services every open site counts, whatever its kind.
    table = frame("reach", "thurrock", *([] if show == "services" else HUB), "--show", show)
    assert table.columns[0] == first
    assert len(table) > 2


def test_the_view_from_a_ward():
    kinds = frame("reach", "thurrock", "--show", "ward-kinds", "--ward", "tilbury st chads")
    assert kinds["kind"].tolist() == ["family hub", "children's centre", "children's centre linked site"]
    assert kinds["nearest_site"].tolist()[:2] == ["tilbury-family-hub"] * 2
    assert {"walk_minutes", "cycle_minutes", "drive_minutes"} < set(kinds.columns)
    result = run("reach", "thurrock", "--show", "ward-services", "--ward", "tilbury st chads")
    assert "15 open sites state no services" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--kind", "hubb"], "Choose one of: family hub"),
        (["--minutes", "-3"], "-3.0 cannot be used"),
        (["--minutes", "nan"], "nan cannot be used"),
        (["--detour", "0.5"], "Enter 1 or more"),
        (["--show", "gaps", "--weight", "magic"], "'magic' is not a tier here"),
        (["--option", "nope"], "There is no such option"),
        (["--sites-file", "nowhere.csv"], "the file is missing"),
        (["--travel", "nowhere.csv"], "the file is missing"),
        (["--show", "ward-kinds", "--ward", "Narnia"], "'Narnia' is not a ward here"),
        (["--show", "access", "--by", "site"], "'site' is not a level of areas"),
    ],
)
def test_a_wrong_question_is_refused_with_a_remedy(arguments, said):
    result = run("reach", "thurrock", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_columns_of_a_list_of_sites_and_of_a_travel_table_are_said(tmp_path):
    hubs = tmp_path / "hubs.csv"
    hubs.write_text("What,Sort,Where\nHub one,family hub,RM18 8EY\n", "utf-8")
    areas = read_place("thurrock").areas.index
    times = tmp_path / "times.csv"
    times.write_text("Zone;Ziel;Dauer\n" + "".join(f"{code};Hub one;600\n" for code in areas), "utf-8")
    said = ("--column", "name=What", "--column", "kind=Sort", "--column", "postcode=Where")
    refused = run("reach", "thurrock", "--sites-file", str(hubs))
    assert refused.exit_code == 2
    assert "no list of sites" in refused.stderr
    trips = ("--column", "origin=Zone", "--column", "destination=Ziel", "--column", "seconds=Dauer")
    answer = run(
        "reach", "thurrock", "--sites-file", str(hubs), *said, "--travel", str(times), *trips, "--by", "place"
    )
    assert answer.exit_code == 0, answer.stderr
    assert "Its seconds were made minutes" in answer.stderr + answer.stdout
    listed = run("sites", "thurrock", "--sites-file", str(hubs), *said)
    assert "Hub one" in listed.stdout
    wrong = run("sites", "thurrock", "--sites-file", str(hubs), "--column", "nam=What")
    assert wrong.exit_code == 2
    assert "'nam' is no meaning of a column of sites" in wrong.stderr
    alone = run("reach", "thurrock", "--column", "name=What")
    assert "no file is given that could have a column headed 'What'" in alone.stderr
