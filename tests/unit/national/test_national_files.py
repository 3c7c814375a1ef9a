"""Files of national answers: ranked as a hand does it, and questions that can only read the one file."""

import math

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli.main import app
from analysis.intake.assemble.gathering import gather
from analysis.national import run
from analysis.national.answers import Question
from analysis.national.authorities import english_authorities
from analysis.national.files import (
    bundled_answers,
    national_files,
    open_national,
    query_national,
    rank_authorities,
    ready_questions,
)
from analysis.national.one_curve import tiers_by_authority
from analysis.national.words import england_sentence, england_view, shortened_view
from analysis.need.estimate import estimate_need
from analysis.places.sites.register import empty_sites
from analysis.scenario.need_settings import NeedSettings
from tests.unit.intake.conftest import ALDERTON, BROOKSHIRE, country, own_data

__all__ = ["country", "own_data"]


def rows(level, codes, names, children, need, spread):
    return pd.DataFrame(
        {
            "authority_code": codes,
            "authority_name": names,
            "level": level,
            "area_code": codes,
            "area_name": names,
            "children": children,
            "early_help_children": need,
            "early_help_low": [n - spread for n in need],
            "early_help_high": [n + spread for n in need],
            "early_help_rate_per_1000": [1000 * n / c for n, c in zip(need, children, strict=True)],
            "families": need,
            "families_low": need,
            "families_high": need,
        }
    )


# Per 1,000: Ash 100 (80 to 120), Brook 200 (187 to 213), Cliff 150 (130 to 170): only Cliff could be close.
NEED = pd.concat(
    [
        rows(
            "place",
            ["E1", "E2", "E3"],
            ["Ash", "Brook <b>", "=Cliff"],
            [1000, 1500, 1000],
            [100, 300, 150],
            40,
        ),
        rows("ward", ["W1", "W2"], ["One", "Two"], [400, 600], [30, 70], 5),
        rows("lsoa", ["L1", "L2"], ["One A", "Two A"], [400, 600], [30, 70], 5),
    ],
    ignore_index=True,
)


@pytest.fixture
def need_file(tmp_path):
    path = tmp_path / "need.parquet"
    NEED.assign(geometry=b"x").to_parquet(path)
    return open_national(path)


def measure(file, key):
    return next(each for each in file.measures if each.key == key)


def test_what_a_file_holds(need_file):
    assert (need_file.kind, need_file.tiers) == ("need", ("early_help",))
    assert [each.key for each in need_file.measures] == ["early_help_rate", "early_help_children", "families"]
    assert "geometry" not in need_file.columns


def test_authorities_are_ranked_with_their_ranges(need_file):
    table = rank_authorities(need_file, measure(need_file, "early_help_rate"))
    assert list(table.index) == ["E2", "E3", "E1"]
    assert list(table["value"]) == [200, 150, 100]
    assert table.loc["E1", ["low", "high"]].tolist() == [60, 140]
    assert list(table["rank"]) == [1, 2, 3]


def test_the_sentence_says_who_cannot_be_told_apart(need_file):
    by_rate = measure(need_file, "early_help_rate")
    view = england_view(rank_authorities(need_file, by_rate), by_rate)
    # Brook's range begins at 260 in 1,500, 173.3 per 1,000; Cliff's ends at 190, Ash's at 140.
    assert view.level_with_first == 1
    assert "200.0 (173.3 to 226.7) per 1,000 children" in england_sentence(view)
    assert list(shortened_view(view, 2, "E1").index) == ["E2", "E1"]
    same = england_view(view.table.assign(value=150.0), by_rate)
    assert "--one-curve" in england_sentence(same)


def test_every_ready_question_has_an_answer(need_file):
    for sql in ready_questions(need_file).values():
        assert len(query_national(need_file, sql)) > 0
    wards = query_national(need_file, ready_questions(need_file)["wards-with-most-need"])
    assert list(wards["area_name"]) == ["Two", "One"]


@pytest.mark.parametrize(
    "sql",
    [
        "COPY england TO 'x.csv'",
        "SELECT 1; SELECT 2",
        "DROP VIEW england",
        "SET threads = 1",
        "SELECT * FROM read_csv('{other}')",
        "SELECT * FROM '{other}'",
        "SELECT * FROM glob('/*')",
        "ATTACH '{other}'",
        "SELEC",
        "",
        "SELECT nothing FROM england",
    ],
)
def test_a_question_reads_this_file_and_nothing_else(need_file, tmp_path, sql):
    other = tmp_path / "other.csv"
    other.write_text("secret\n1\n", "utf-8")
    with pytest.raises(HubreachError, match="Ask one SELECT"):
        query_national(need_file, sql.format(other=other))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["need.parquet", "other.csv"]


def test_a_question_without_end_is_stopped(need_file):
    endless = "SELECT count(*) FROM range(10000000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3"
    with pytest.raises(HubreachError, match=r"took over 0\.2 seconds"):
        query_national(need_file, endless, most_seconds=0.2)


def test_two_columns_of_one_name_are_told_apart(need_file):
    assert list(query_national(need_file, "SELECT 1 AS a, 2 AS a").columns) == ["a", "a_2"]


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (pd.DataFrame({"a": [1]}), "it lacks authority_code"),
        (NEED.drop(columns="families"), "neither need nor reach"),
        (NEED.drop(columns="early_help_rate_per_1000"), "no tier of need"),
    ],
)
def test_a_file_that_is_none_is_one_fault(tmp_path, table, found):
    table.to_parquet(tmp_path / "x.parquet")
    with pytest.raises(HubreachError, match=found):
        open_national(tmp_path / "x.parquet")


def test_files_in_the_data_folder_are_found_and_others_passed_over(own_data):
    (own_data / "national").mkdir(parents=True)
    NEED.to_parquet(own_data / "national" / "need.parquet")
    (own_data / "broken.parquet").write_bytes(b"PAR1")
    assert [file.path.name for file in national_files()] == ["need.parquet", bundled_answers().name]


def test_one_curve_gives_every_small_area_the_rate_of_the_country(country):
    authorities = english_authorities(gather([country.file7_2019, country.wards_2011]))
    tiers = authorities[0].manifest.tiers
    own = tiers_by_authority(authorities, tiers)
    people = {each.code: each.areas["children"].sum() for each in authorities}
    for number, tier in enumerate(tiers):
        together = sum(own[code][number].prevalence * people[code] for code in people)
        assert together == pytest.approx(tier.prevalence * sum(people.values()), rel=1e-9)
    curves = {
        each.code: estimate_need(each.place, NeedSettings(tiers=own[each.code])) for each in authorities
    }
    first, second = (curves[code].curves["early_help"] for code in (ALDERTON, BROOKSHIRE))
    assert (first.a, first.b) == pytest.approx((second.a, second.b), rel=1e-6)
    question = Question(NeedSettings(tiers=tiers, draws=100))
    tasks = run.tasks_of(authorities, empty_sites(), question, own)
    rates = [run.answer(task)["early_help_rate_per_1000"].iloc[0] for task in tasks.values()]
    assert abs(rates[0] - rates[1]) > 1


def test_the_commands_rank_and_ask(need_file):
    def invoke(*words):
        return CliRunner().invoke(app, ["national", *map(str, words)])

    ranked = invoke("rank", need_file.path, "--by", "early_help_children", "--format", "csv")
    assert ranked.stdout.splitlines()[1] == "E2,Brook <b>,1500,300.0,260.0,340.0,1"
    assert "'=Cliff" in ranked.stdout
    assert "no measure 'x'" in invoke("rank", need_file.path, "--by", "x").stderr
    asked = invoke(
        "query",
        need_file.path,
        "SELECT sum(children) AS c FROM england WHERE level = 'place'",
        "--format",
        "csv",
    )
    assert asked.stdout == "c\n3500\n"
    assert "wards-with-most-need" in invoke("query", need_file.path, "--format", "csv").stdout
    assert "early_help_low" in invoke("columns", need_file.path).stdout


def test_a_rank_of_what_is_level_by_construction_says_so(tmp_path):
    path = tmp_path / "level.parquet"
    level = NEED.copy()
    level["early_help_children"] = level["children"] * 0.15
    level.to_parquet(path)
    told = CliRunner().invoke(app, ["national", "rank", str(path)])
    assert "The order says nothing" in told.stdout + told.stderr
    NEED.to_parquet(path)
    plain = CliRunner().invoke(app, ["national", "rank", str(path)])
    assert "The order says nothing" not in plain.stdout + plain.stderr


@pytest.mark.parametrize("figure", [math.nan, math.inf, -math.inf])
def test_a_file_with_a_figure_that_is_no_number_is_refused_by_name(tmp_path, figure):
    path = tmp_path / "need.parquet"
    NEED.astype({"early_help_children": float}).assign(
        early_help_children=lambda table: table["early_help_children"].mask(
            table["area_name"].eq("Ash"), figure
        )
    ).to_parquet(path)
    file = open_national(path)
    with pytest.raises(HubreachError, match=r"need.parquet: a figure of Ash is no number"):
        rank_authorities(file, file.measures[0])
