"""`hubreach crossings`, and crossings closed for one question: the same by command, in a link, in a manifest."""

import json

import numpy as np
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.answer import answer_reach
from analysis.reach.water import across_water, rerouted_minutes
from analysis.reach.words import crossings_sentence, water_sentence
from analysis.scenario.need_settings import default_settings
from analysis.scenario.scenario import Scenario
from analysis.scenario.terms import Terms
from analysis.scenario.travel import travel_settings

TUNNEL = ["--kind", "tunnel", "--at", "538330,178060", "--by", "walk", "--source", "Made up"]


@pytest.fixture(autouse=True)
def _own_data(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))


def rows(*words: str, command: str = "crossings") -> list[dict]:
    result = CliRunner().invoke(app, [command, *words, "--format", "json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["rows"]


def test_a_crossing_is_added_closed_and_taken_off_each_with_undo():
    (added,) = rows("tower-hamlets", "--add", "Foot Tunnel", *TUNNEL)
    assert {key: added[key] for key in ("name", "kind", "walk", "cycle", "drive", "wait_minutes")} == {
        "name": "Foot Tunnel",
        "kind": "tunnel",
        "walk": "yes",
        "cycle": "no",
        "drive": "no",
        "wait_minutes": 0,
    }
    assert rows("tower-hamlets", "--close", "foot tunnel")[0]["is_open"] == "no"
    assert rows("tower-hamlets", "--undo")[0]["is_open"] == "yes"
    assert rows("tower-hamlets", "--redo")[0]["is_open"] == "no"
    assert rows("tower-hamlets", "--reopen", "Foot Tunnel")[0]["is_open"] == "yes"
    assert rows("tower-hamlets", "--remove", "Foot Tunnel") == []
    assert len(rows("tower-hamlets", "--undo")) == 1


def test_a_file_replaces_the_list_and_is_the_form_that_the_command_prints(tmp_path):
    rows("tower-hamlets", "--add", "Foot Tunnel", *TUNNEL)
    path = tmp_path / "list.csv"
    assert CliRunner().invoke(app, ["crossings", "tower-hamlets", "--out", str(path)]).exit_code == 0
    before = rows("tower-hamlets")
    rows("tower-hamlets", "--remove", "Foot Tunnel")
    assert rows("tower-hamlets", "--file", str(path)) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--add", "Bridge"], "no kind is given"),
        (["--add", "Bridge", "--kind", "bridge", "--at", "here"], "'here' is not a position"),
        (["--add", "Bridge", "--kind", "bridge", "--at", "1,2", "--by", "swim"], "'swim' is not a mode"),
        (["--remove", "Bridge"], "There are: none yet"),
        (["--undo", "--redo"], "One change at a time"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_kept(words, told, tmp_path):
    result = CliRunner().invoke(app, ["crossings", "tower-hamlets", *words])
    assert result.exit_code == 2
    assert told in result.stderr
    assert not list(tmp_path.rglob("crossings.json"))


def test_a_position_may_be_in_degrees():
    (added,) = rows("tower-hamlets", "--add", "A", "--kind", "bridge", "--at", "-0.0096,51.4851")
    assert (added["easting"], added["northing"]) == pytest.approx((538_300, 178_060), abs=200)


def test_water_is_unchecked_until_a_crossing_is_listed_and_then_gone_round():
    place = read_place("tower-hamlets")
    estimate = estimate_need(place, default_settings(place))
    before = answer_reach(estimate)
    assert 100 < before.children_across_water < 2000
    assert "No crossings have been listed, so this is unchecked." in water_sentence(before)
    assert before.line.endswith("20-minute walk (straight line, detour 1.2), as open today")
    rows("tower-hamlets", "--add", "Foot Tunnel", *TUNNEL)
    place = read_place("tower-hamlets")
    assert crossings_sentence(place) == "One crossing is listed."
    after = answer_reach(estimate_need(place, default_settings(place)))
    assert "(straight line round water, detour 1.2)" in after.line
    assert water_sentence(after).endswith("(1 of 1 can be used on foot).")
    longer = (after.costs - before.costs).to_numpy()
    assert longer.min() > -1e-9
    assert (longer > 1).any()
    for site in before.costs.columns[:5]:
        there = before.sites.loc[[site] * len(before.demand)]
        dry = ~across_water(before.demand, there, place)
        assert after.costs[site][dry].to_numpy() == pytest.approx(before.costs[site][dry].to_numpy())


def test_a_closed_crossing_is_part_of_the_scenario_wherever_it_is_kept():
    rows("tower-hamlets", "--add", "Foot Tunnel", *TUNNEL)
    place = read_place("tower-hamlets")
    scenario = Scenario(place.slug, terms=Terms(closed=("Foot Tunnel",)))
    address = scenario.address(place)
    assert address["closed"] == ["Foot Tunnel"]
    assert Scenario.from_address(place, address).terms.travel.closed == ("Foot Tunnel",)
    assert Scenario.from_manifest(json.loads(json.dumps(scenario.manifest()))) == scenario
    assert scenario.options(place) == ["--close", "Foot Tunnel"]
    result = CliRunner().invoke(app, ["reach", place.slug, *scenario.options(place), "--format", "json"])
    assert result.exit_code == 0, result.output
    meta = json.loads(result.stdout)["meta"]
    answer = answer_reach(estimate_need(place, default_settings(place)), scenario.terms)
    assert meta["scenario"] == answer.line
    assert "straight line round water, Foot Tunnel closed, detour 1.2" in answer.line
    assert meta["closed_crossings"] == ["Foot Tunnel"]
    assert water_sentence(answer).endswith("(0 of 1 can be used on foot).")
    refused = CliRunner().invoke(app, ["reach", place.slug, "--close", "Old Bridge"])
    assert refused.exit_code == 2
    assert "'Old Bridge' is not known. There are: Foot Tunnel" in refused.stderr


def test_a_barrier_is_gone_round_by_its_ends_or_a_crossing_and_taken_back():
    def minutes(place, site):
        answer = answer_reach(estimate_need(place, default_settings(place)))
        return answer.costs[site].to_numpy(), answer

    place = read_place("leeds")
    site = str(answer_reach(estimate_need(place, default_settings(place))).sites.index[0])
    east, north = place.sites.loc[site, ["easting", "northing"]].astype(float)
    free, before = minutes(place, site)
    # a railway of 2 km, 300 m west of the site
    along = f"{east - 300:.0f},{north - 1000:.0f}; {east - 300:.0f},{north + 1000:.0f}"
    (wall,) = rows("leeds", "--add", "Railway", "--kind", "railway", "--along", along, command="barriers")
    assert wall["corners"] == along
    place = read_place("leeds")
    barred, answer = minutes(place, site)
    assert (barred >= free - 1e-9).all()
    assert "straight line round barriers" in answer.line
    assert water_sentence(answer).endswith("Lines go round this barrier too: Railway (railway).")
    at = place.points[["easting", "northing"]].to_numpy(float)
    cut = shapely.intersects(
        shapely.linestrings([[point, (east, north)] for point in at]), place.barriers[0].line
    )
    assert (barred[~cut] == free[~cut]).all()
    # by hand: from the west side, over the end that is nearer, each leg straight
    near = cut & (free < 60)
    ends = np.array(place.barriers[0].corners)
    way = np.min([np.hypot(*(at - end).T) + np.hypot(*(end - (east, north))) for end in ends], axis=0)
    assert near.sum() > 5
    assert barred[near] == pytest.approx(way[near] * before.settings.minutes_a_metre, abs=0.1)
    # a bridge at the site's height brings back the straight line to whom it lies on the way of
    rows("leeds", "--add", "Bridge", "--kind", "bridge", "--at", f"{east - 300:.0f},{north:.0f}")
    bridged, _ = minutes(read_place("leeds"), site)
    assert (bridged <= barred + 1e-9).all()
    assert (bridged < barred - 1).any()
    assert rows("leeds", "--undo", command="barriers") == []
    refused = CliRunner().invoke(app, ["barriers", "leeds", "--remove", "Wall"])
    assert refused.exit_code == 2
    assert "'Wall' is not known. There are: none yet" in refused.stderr


def test_a_ferry_is_a_crossing_only_at_its_hours():
    ferry = ["--kind", "ferry", "--at", "538330,178060", "--wait", "0", "--hours", "07:00 to 19:30"]
    (added,) = rows("tower-hamlets", "--add", "Ferry", *ferry)
    assert added["hours"] == "07:00-19:30"
    place = read_place("tower-hamlets")
    estimate = estimate_need(place, default_settings(place))
    by_day, by_night, shut = (
        answer_reach(estimate, Terms(minutes=60, **terms))
        for terms in ({"time": "19:30"}, {"time": "19:31"}, {"closed": ("Ferry",)})
    )
    anytime = answer_reach(estimate, Terms(minutes=60))
    assert (by_day.costs == anytime.costs).all(axis=None)
    assert (by_night.costs == shut.costs).all(axis=None)
    south = pd.DataFrame({"easting": [538_400.0], "northing": [177_700.0]}, index=["Greenwich"])
    day, night = (
        rerouted_minutes(place.points, south, travel_settings(time=time), place)
        for time in ("12:00", "23:00")
    )
    assert (night > day + 5).any(axis=None)
    assert "straight line round water, at 19:31 without Ferry" in by_night.line
    assert "straight line round water, at 19:30, detour" in by_day.line
    scenario = Scenario(place.slug, terms=Terms(time="19:31"))
    assert Scenario.from_address(place, scenario.address(place)).terms.time == "19:31"
    assert Scenario.from_address(place, {"time": ["7 pm"]}).terms.time == ""
    assert Scenario.from_manifest(json.loads(json.dumps(scenario.manifest()))) == scenario
    result = CliRunner().invoke(app, ["reach", place.slug, *scenario.options(place), "--format", "json"])
    assert json.loads(result.stdout)["meta"]["scenario"] == answer_reach(estimate, scenario.terms).line
    refused = CliRunner().invoke(app, ["reach", place.slug, "--time", "7pm"])
    assert refused.exit_code == 2
    assert "Give hours and minutes, such as 21:30" in refused.stderr
    refused = CliRunner().invoke(app, ["crossings", place.slug, "--add", "Night ferry", *ferry[:-1], "night"])
    assert refused.exit_code == 2
    assert "hours are written as 07:00-22:45" in refused.stderr
