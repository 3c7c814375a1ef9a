"""`hubreach data`: the list, one figure, two at once, a map, and what is refused."""

import io
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli.main import app


def run(*words):
    return CliRunner().invoke(app, ["data", *map(str, words)])


def test_the_list_names_every_figure_with_its_source():
    table = pd.read_csv(io.StringIO(run("rutland", "--list", "--format", "csv").stdout), index_col="key")
    assert len(table) == 69
    assert table.loc["reach_minutes", ["group", "unit", "more_need"]].tolist() == [
        "Reach",
        "minutes",
        "context",
    ]
    assert table.loc["imd_score", ["finest", "measure", "status"]].tolist() == ["lsoa", "mean", "official"]
    assert table.loc["need_early_help", "group"] == "Need, estimated"
    without = run("rutland", "--format", "csv")
    assert without.stdout == run("rutland", "--list", "--format", "csv").stdout


def test_one_figure_by_ward_is_printed_with_its_place_in_england():
    result = run("leeds", "--indicator", "imd_rank", "--format", "json")
    answer = json.loads(result.stdout)
    assert answer["rows"][0] | {"england_percentile": 0} == {
        "area_code": "E05011394",
        "area_name": "Gipton & Harehills",
        "value": 76.4706,
        "low": None,
        "high": None,
        "rank": 1,
        "england_percentile": 0,
        "count": None,
        "parts": 17,
        "parts_missing": 0,
    }
    assert answer["meta"]["indicator"]["standing"]["rank"] == 42
    assert answer["meta"]["notes"][0].startswith(
        "Index of Multiple Deprivation (IMD), % of LSOAs in the most deprived"
    )
    assert "**" not in answer["meta"]["notes"][0]


def test_two_at_once_are_drawn_with_the_sites_over_them(tmp_path):
    path = tmp_path / "two.svg"
    result = run(
        "rutland",
        "--indicator",
        "crime_rank",
        "--against",
        "income_rank",
        "--by",
        "lsoa",
        "--sites",
        "--to",
        path,
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("6 of 26 neighbourhoods are in the top third on both")
    drawn = path.read_text("utf-8")
    assert "Thirds by need, number of neighbourhoods in each class: high and low: 2;" in drawn
    assert "high and high: 6" in drawn
    assert "Get Information About Schools" in drawn


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rutland", "--indicator", "imd_scor"), "Did you mean imd_score"),
        (("rutland", "--indicator", "need_early_hlp"), "Did you mean need_early_help"),
        (("rutland", "--indicator", "imd_score", "--against", "imd_score"), "Two different figures"),
        (
            ("rutland", "--indicator", "imd_score", "--by", "locality"),
            "Choose one of: ward, msoa, lsoa, place",
        ),
        (("rutland", "--indicator", "need_specialist", "--by", "msoa"), "Choose one of: ward, lsoa, place"),
        (("rutland", "--indicator", "imd_score", "--to", "map.jpg"), "End the name in .png"),
        (("rutland", "--list", "--indicator", "imd_score"), "has no effect with --indicator"),
        (("rutland", "--by", "lsoa"), "has no effect without --indicator"),
        (("nowhere-at-all", "--list"), "There is no place called"),
    ],
)
def test_what_cannot_be_answered_is_one_message(words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output
