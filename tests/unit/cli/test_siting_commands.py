"""`hubreach site`, `frontier` and `boundaries`: what a person gets, and how a wrong question is refused."""

import io
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.answer import Travel
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.travel import travel_settings
from analysis.siting.answer import best_sets, own_set
from analysis.siting.problem import SitingTerms, place_problem
from analysis.siting.words import own_set_words, siting_sentence

runner = CliRunner()


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "data"))


def run(*arguments: object):
    return runner.invoke(app, [str(argument) for argument in arguments])


def told(*arguments: object) -> dict:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def matrix(tmp_path):
    path = tmp_path / "matrix.csv"
    path.write_text("area,east,middle,west\na,0,20,40\nb,10,10,30\nc,20,0,20\nd,30,10,10\ne,40,20,0\n")
    weights = tmp_path / "weights.csv"
    weights.write_text("area,need\na,10\nb,1\nc,5\nd,1\ne,20\n")
    return ["--matrix", path, "--weights", weights]


def test_any_matrix_goes_through_the_same_door(matrix):
    answer = told("site", *matrix, "--choose", 1, "--minutes", 10)
    assert (answer["status"], answer["objective"], answer["bound"], answer["gap"]) == (
        "optimal",
        21.0,
        21.0,
        0.0,
    )
    assert answer["sites"] == ["west"]
    assert answer["assignment"] == dict.fromkeys("abcde", "west")
    assert answer["seconds"] < 5
    median = told(
        "site",
        *matrix,
        "--model",
        "pmedian",
        "--choose",
        2,
        "--alternatives",
        2,
        "--score",
        "middle",
        "--score",
        "west",
    )
    assert (median["sites"], median["objective"]) == (["east", "west"], 120.0)
    assert [other["sites"] for other in median["alternatives"]] == [["middle", "west"], ["east", "middle"]]
    assert median["own"]["objective"] == 220.0


def test_without_weights_every_area_counts_one(matrix):
    assert told("site", *matrix[:2], "--choose", 1, "--minutes", 10)["objective"] == 3.0


def test_an_answer_that_cannot_be_is_an_answer(matrix):
    answer = told("site", *matrix, "--model", "lscp", "--minutes", 5)
    assert (answer["status"], answer["objective"], answer["unmet"]) == ("infeasible", None, ["b", "d"])
    assert answer["remedies"][1].startswith("Allow 10 minutes")
    shown = run("site", *matrix, "--model", "lscp", "--minutes", 5)
    assert shown.exit_code == 0
    assert "Areas in the way: b, d" in shown.stderr


def test_the_best_three_hubs_of_a_place_are_proven(tmp_path):
    answer = told("site", "thurrock", "--choose", 3, "--minutes", 30, "--candidates", "family hub,school")
    assert (answer["status"], answer["gap"], len(answer["sites"])) == ("optimal", 0.0, 3)
    assert set(answer["names"]) == set(answer["sites"])
    assert len(answer["assignment"]) == 98
    kept = told(
        "site", "thurrock", "--choose", 3, "--minutes", 30, "--keep", "east-tilbury-childrens-centre-p2-3"
    )
    assert kept["objective"] <= told("site", "thurrock", "--choose", 3, "--minutes", 30)["objective"]


def test_tables_and_csv_name_the_sites_and_what_each_adds(matrix, tmp_path):
    shown = run("site", "thurrock", "--choose", 2, "--alternatives", 1)
    assert shown.exit_code == 0
    assert "Need only here" in shown.stdout
    assert "Gives up" in shown.stdout
    assert "proven optimal (bound" in shown.stderr
    target = tmp_path / "sites.csv"
    assert run("site", *matrix, "--choose", 1, "--minutes", 10, "--out", target).exit_code == 0
    assert pd.read_csv(target)["site_id"].tolist() == ["west"]
    as_json = tmp_path / "sites.json"
    assert run("site", *matrix, "--choose", 1, "--minutes", 10, "--out", as_json).exit_code == 0
    assert json.loads(as_json.read_text())["sites"] == ["west"]


def test_hubs_and_outreach_share_a_budget():
    answer = told(
        "site", "thurrock", "--model", "budget", "--budget", 300000, "--hub-cost", 120000, "--outreach-cost", 20000,
        "--minutes", 30, "--outreach-minutes", 15, "--floor", "locality=0.2", "--score", "outreach:stifford-clays-primary-school",
    )  # fmt: skip
    assert answer["status"] == "optimal"
    assert answer["annual_cost_gbp"] <= 300000
    assert set(answer["kinds"].values()) <= {"hub", "outreach"}
    assert answer["own"]["annual_cost_gbp"] == 20000


def test_a_floor_for_the_most_deprived_fifth_is_obeyed_by_mclp():
    question = ["site", "thurrock", "--choose", 3, "--minutes", 30]
    floored = told(*question, "--floor", "fifth=0.5")
    assert (floored["status"], len(floored["sites"])) == ("optimal", 3)
    assert floored["objective"] <= told(*question)["objective"]
    impossible = told(*question, "--floor", "fifth=1")
    assert impossible["status"] == "infeasible"
    assert "the fewest that meet every floor" in impossible["remedies"][1]


def test_the_frontier_rises_and_marks_its_knee(matrix):
    rows = told("frontier", *matrix, "--choose", "1-3", "--minutes", 10)["rows"]
    assert [row["objective"] for row in rows] == [21.0, 32.0, 37.0]
    assert [row["is_knee"] for row in rows] == [False, True, False]
    trade = told("frontier", *matrix, "--choose", 1, "--minutes", 10, "--against", "longest")["rows"]
    assert [(row["need_covered"], row["longest_minutes"]) for row in trade] == [(21.0, 40.0), (7.0, 20.0)]
    deprived = told("frontier", "thurrock", "--choose", 2, "--against", "fifth")["rows"]
    assert deprived[0]["need_covered"] >= deprived[-1]["need_covered"]
    money = told(
        "frontier", "thurrock", "--model", "budget", "--budgets", 120000, "--budgets", 240000,
        "--hub-cost", 120000, "--outreach-cost", 20000,
    )["rows"]  # fmt: skip
    assert money[0]["objective"] < money[1]["objective"]


def test_boundaries_split_wards_into_balanced_areas():
    result = run("boundaries", "thurrock", "--margin", 0.4, "--format", "csv")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(io.StringIO(result.stdout))
    assert len(table) == 20
    assert "Today the largest distance from equal need" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["site"], "Give a place, or --matrix FILE"),
        (["site", "thurrock", "--candidates", "castle"], "'castle' is not a kind of site here"),
        (["site", "thurrock", "--keep", "Nowhere"], "'Nowhere' is not a candidate site"),
        (["site", "thurrock", "--weight", "gold"], "Choose one of: children"),
        (["site", "thurrock", "--model", "budget"], "Give --hub-cost in pounds a year"),
        (["site", "thurrock", "--floor", "street=0.5"], "'street' is not a level"),
        (["site", "thurrock", "--model", "lscp", "--floor", "ward=0.5"], "Use --model mclp or budget"),
        (["site", "thurrock", "--ownership", "nhs"], "Give owners with the sites"),
        (["frontier", "thurrock", "--choose", "few"], "Write 1-8, or 2,4,6"),
    ],
)
def test_wrong_questions_are_refused_with_the_way_out(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_hubs_at_least_and_a_hand_picked_list_are_kept_to():
    ids = ["aveley-family-hub", "ockendon-family-hub", "tilbury-family-hub"]
    only = [word for site in ids for word in ("--only", site)]
    picked = told("site", "thurrock", "--choose", 2, *only)
    assert set(picked["sites"]) <= set(ids)
    # Hubs that reach no farther than outreach are bought by nobody who need not.
    money = ["--model", "budget", "--budget", 300000, "--hub-cost", 120000, "--outreach-cost", 20000]
    money += ["--minutes", 15, "--outreach-minutes", 15]
    free = told("site", "thurrock", *money, *only)
    assert list(free["kinds"].values()).count("hub") == 0
    hubs = told("site", "thurrock", *money, *only, "--least-hubs", 2)
    assert list(hubs["kinds"].values()).count("hub") == 2
    assert hubs["annual_cost_gbp"] <= 300000


@pytest.fixture
def own_sites(tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text(
        "name,kind,easting,northing,ownership\n"
        "North,family hub,557130,180252,Council\n"
        "East,family hub,558900,181422,Church\n"
        "South,children's centre,563000,178000,\n"
        "West,school (primary),564000,176500,Academy trust\n"
    )
    return ["--sites-file", path]


def test_only_buildings_of_the_owners_asked_for_host_and_those_of_unknown_owners(own_sites):
    chosen = told("site", "thurrock", *own_sites, "--choose", 2, "--ownership", "council")
    assert chosen["sites"] == ["north", "south"]
    both = told("site", "thurrock", *own_sites, "--choose", 3, "--ownership", "church,academy trust")
    assert both["sites"] == ["east", "south", "west"]
    refused = run("site", "thurrock", *own_sites, "--ownership", "nhs")
    assert refused.exit_code == 2
    assert "Choose from: Academy trust, Church, Council" in refused.stderr


def test_sites_of_a_file_and_of_an_option_can_be_asked_about(own_sites):
    table = run("frontier", "thurrock", *own_sites, "--choose", "1-2", "--format", "csv")
    assert table.exit_code == 0, table.output
    assert set(";".join(pd.read_csv(io.StringIO(table.stdout))["sites"]).replace(" ", "").split(";")) <= {
        "North", "East", "South", "West"
    }  # fmt: skip
    plan = run("site", "thurrock", "--option", "three-hubs", "--candidates", "family hub")
    assert "This option is an illustration" in plan.stderr


def test_what_only_a_place_has_is_refused_for_a_matrix(matrix, own_sites):
    result = run("site", *matrix, *own_sites, "--ownership", "council")
    assert result.exit_code == 2
    assert "--sites-file" in result.stderr
    assert "--ownership" in result.stderr


def test_a_set_of_ones_own_is_held_against_the_best_of_its_own_size(matrix):
    question = ["site", *matrix, "--choose", 1, "--minutes", 10]
    everyone = ["--score", "east", "--score", "middle", "--score", "west"]
    answer = told(*question, *everyone)
    assert (answer["objective"], answer["own"]["objective"], answer["own"]["bound"]) == (21.0, 37.0, 37.0)
    assert "Your own set: 37 need covered; the best of its size has 37 (0.0% apart)." in answer["notes"]
    of_two = told(*question, "--score", "east", "--score", "middle")
    assert (of_two["own"]["objective"], of_two["own"]["bound"]) == (17.0, 32.0)


def test_page_and_command_say_one_sentence_about_a_set_of_ones_own():
    question = ["site", "thurrock", "--choose", 2, "--candidates", "family hub"]
    hubs = ("aveley-family-hub", "ockendon-family-hub", "tilbury-family-hub")
    notes = told(*question, *(word for hub in hubs for word in ("--score", hub)))["notes"]
    terms = SitingTerms(p=2, kinds=("family hub",), weight="early_help")
    place, settings = read_place("thurrock"), travel_settings("walk")
    travel = Travel(straight_line_matrix(place.points, place.sites, settings), settings, settings.words)
    problem = place_problem(estimate_need(place), place.sites, travel, terms)
    best = best_sets(problem)[0]
    assert notes[0] == siting_sentence(problem, best).replace("**", "")
    assert own_set_words(problem, own_set(problem, hubs)).replace("**", "") in notes
    assert any(note.startswith("Your three reach ") and "the best three reach " in note for note in notes)


def test_a_site_that_is_ruled_out_cannot_be_scored():
    hub = "tilbury-family-hub"
    result = run("site", "thurrock", "--exclude", hub, "--score", hub, "--score", "nowhere")
    assert result.exit_code == 2
    assert "'tilbury-family-hub' is ruled out by --exclude. Leave it out of one of the two" in result.stderr
    assert "'nowhere' is not a candidate site" in result.stderr
    assert "Traceback" not in result.output


def test_a_site_that_is_no_candidate_may_be_ruled_out(matrix):
    hosts = ["--candidates", "family hub", "--exclude", "purfleet-primary-academy"]
    sites = run("sites", "thurrock", "--all", "--format", "csv")
    schools = pd.read_csv(io.StringIO(sites.stdout)).query("kind.str.startswith('school')")["site_id"]
    hosts[-1] = schools.iloc[0]
    assert told("site", "thurrock", "--choose", 2, *hosts)["status"] == "optimal"
    only = told("site", *matrix, "--choose", 1, "--minutes", 10, "--only", "east", "--only", "middle")
    assert only["sites"] == ["east"]


def test_a_frontier_by_money_takes_the_steps_of_the_page():
    money = ["--model", "budget", "--budget", 240000, "--hub-cost", 120000, "--outreach-cost", 20000]
    rows = told("frontier", "thurrock", *money, "--candidates", "family hub")["rows"]
    assert [row["annual_budget_gbp"] for row in rows] == [24000 * step for step in range(1, 13)]
    two = run("frontier", "thurrock", "--against", "longest", "--choose", "2-3")
    assert two.exit_code == 2
    assert "Give one with --against" in two.stderr
