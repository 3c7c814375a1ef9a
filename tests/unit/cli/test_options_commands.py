"""`hubreach options`, `compare` and `difference`: what they print and how they refuse."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.options.files import find_option
from analysis.places.read import read_place
from analysis.scenario.travel import DEFAULT_DETOUR

HEADER = (
    "area_code,area_name,children,under_fives,minutes_before,minutes_after,minutes_change,covered_before,"
    "covered_after,children_gaining,children_losing"
)


@pytest.fixture
def run():
    runner = CliRunner()
    return lambda *words: runner.invoke(app, list(words))


def table(result) -> pd.DataFrame:
    assert result.exit_code == 0, result.output
    return pd.read_csv(io.StringIO(result.stdout))


def test_options_prints_slug_name_sites_and_source(run):
    listed = table(run("options", "thurrock", "--format", "csv"))
    assert list(listed.columns) == ["slug", "name", "sites", "source"]
    assert listed.set_index("slug")["sites"].to_dict() == {
        "three-hubs": 3,
        "three-hubs-with-outreach-and-satellites": 15,
        "today": 7,
    }
    assert "Illustrations: Three hubs" in run("options", "thurrock").stderr


def test_difference_prints_its_columns_and_adds_up(run):
    result = run("difference", "thurrock", "today", "three-hubs", "--format", "csv")
    assert result.stdout.splitlines()[0] == HEADER
    there = table(result)
    assert there["children"].sum() == 45_381
    assert "23,636 lose of 45,381" in result.stderr
    assert there["children_losing"].sum() == 23_636
    back = table(run("difference", "thurrock", "three-hubs", "today", "--format", "csv"))
    assert back["children_gaining"].sum() == 23_636
    same = table(run("difference", "thurrock", "three-hubs", "three-hubs", "--format", "csv"))
    assert (same[["minutes_change", "children_gaining", "children_losing"]] == 0).all(axis=None)


def test_compare_equals_reach_for_the_same_option(run):
    for slug in ("three-hubs", "today"):
        compared = table(run("compare", "thurrock", slug, "--by", "ward", "--format", "csv"))
        reached = table(run("reach", "thurrock", "--option", slug, "--minutes", "20", "--format", "csv"))
        pd.testing.assert_frame_equal(compared.drop(columns=["option", "name"]), reached)


def test_citywide_teams_are_left_out_of_reach_in_both_commands(run):
    slug = "family-hubs-with-targeted-support-bases"
    compared = table(run("compare", "plymouth", slug, "--by", "place", "--format", "csv"))
    reached = table(run("reach", "plymouth", "--option", slug, "--by", "place", "--format", "csv"))
    assert compared["children_covered"].tolist() == reached["children_covered"].tolist()
    assert compared["sites_open"].tolist() == [13]


@pytest.mark.parametrize(
    ("by", "rows"), [("place", 2), ("age", 8), ("fifth", 10), ("ward", 40), ("locality", 2)]
)
def test_compare_answers_for_every_level(run, by, rows):
    found = table(run("compare", "thurrock", "three-hubs", "today", "--by", by, "--format", "csv"))
    assert len(found) == rows
    assert set(found["option"]) == {"three-hubs", "today"}


def children_within(metres: float, column: str) -> int:
    """Children of Thurrock within so many metres of one of the three hubs, counted point by point."""
    place = read_place("thurrock")
    sites = place.sites.loc[[site.site_id for site in find_option("thurrock", "three-hubs").sites]]
    at, to = (frame[["easting", "northing"]].to_numpy(float) for frame in (place.points, sites))
    near = (np.hypot(*(at[:, None] - to).transpose(2, 0, 1)) <= metres).any(axis=1)
    people = place.areas[column].loc[place.points["area_code"]].to_numpy(float) * place.points[
        "share"
    ].to_numpy(float)
    return round(float(people[near].sum()))


def test_a_longer_limit_and_another_mode_reach_more(run):
    def covered(*words):
        found = table(run("compare", "thurrock", "three-hubs", "--format", "csv", *words))
        return int(found["children_covered"].iloc[0])

    assert covered() == children_within(1000 * 20 * 4.8 / 60 / DEFAULT_DETOUR, "children")
    assert covered("--minutes", "30") > covered()
    assert covered("--mode", "drive") > covered("--mode", "cycle") > covered()
    assert covered("--age", "0-4") == children_within(1000 * 20 * 4.8 / 60 / DEFAULT_DETOUR, "children_0_4")


def test_youth_hubs_are_compared_for_young_people(run):
    words = (
        "wirral",
        "four-youth-hubs-and-four-satellites",
        "with-the-youth-zone",
        "--age",
        "11-17",
        "--format",
        "csv",
    )
    found = table(run("compare", *words))
    assert found["children"].tolist() == [26_673] * 2
    assert found["children_covered"].is_monotonic_increasing


@pytest.mark.parametrize("show", ["wards", "localities", "fifths", "moves", "under-fives"])
def test_difference_has_other_answers(run, show):
    words = ("difference", "wirral", "today", "three-gateways", "--show", show, "--format", "json")
    answer = json.loads(run(*words).stdout)
    assert answer["meta"]["options"] == ["today", "three-gateways"]
    column = "under_fives" if show == "under-fives" else "children"
    assert sum(row[column] for row in answer["rows"]) == (17_149 if show == "under-fives" else 67_431)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "thurrock", "four-hubs"), "Choose one of: "),
        (("compare", "thurrock", "three-hubs", "three-hubs"), "named twice"),
        (("compare", "thurrock", "three-hubs", "--minutes", "0"), "Give a number above 0"),
        (("compare", "thurrock", "three-hubs", "--weight", "none"), "is not a tier"),
        (("difference", "nowhere", "a", "b"), "There is no place"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_code_2(run, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
