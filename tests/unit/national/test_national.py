"""Every authority at once: the same numbers as one by one, however they are worked out, and resumable."""

import os
import signal
from pathlib import Path

import distributed
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.base.jobs import Job
from analysis.cli.main import app
from analysis.intake.assemble.adding import prepare_place
from analysis.intake.assemble.gathering import gather
from analysis.intake.assemble.saving import save_place
from analysis.intake.assemble.shapes import read_shapes, recognise_shapes
from analysis.national import run
from analysis.national.answers import Question, answer, sites_that_matter
from analysis.national.authorities import english_authorities
from analysis.need.estimate import estimate_need
from analysis.need.tables import wide_table
from analysis.places.sites.register import read_sites
from analysis.reach.coverage import coverage_by
from analysis.reach.demand import estimated_demand
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.travel import travel_settings
from tests.unit.intake.conftest import ALDERTON, BROOKSHIRE, OLDER, country, own_data

__all__ = ["country", "own_data"]
WALK = travel_settings("walk")


@pytest.fixture(scope="module")
def tables(country):
    return gather([country.file7_2019, country.wards_2011])


@pytest.fixture(scope="module")
def authorities(tables, country):
    shapes = read_shapes(recognise_shapes(country.boundaries_2011), OLDER)
    return english_authorities(tables, shapes)


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    path = tmp_path_factory.mktemp("sites") / "sites.csv"
    # The second stands over the border, in Brookshire; the third is far away.
    path.write_text(
        "name,kind,easting,northing\nA,hub,430400,430500\nB,hub,434300,430500\nFar,hub,500000,200000\n"
    )
    return read_sites(path)


def dying_answer(task):
    """Kills its own worker the first time that it meets Brookshire."""
    marker = Path(os.environ["HUBREACH_TEST_MARKER"])
    if task.authority.code == BROOKSHIRE and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return answer(task)


def test_each_authority_is_what_it_is_as_a_place_of_its_own(authorities, country, own_data):
    place = save_place(prepare_place(country.files()))
    alone = estimate_need(place)
    table = run.answer(run.tasks_of(authorities, pd.DataFrame(), Question())[ALDERTON])
    for level in ("place", "ward", "lsoa"):
        mine = (
            table[table["level"] == level]
            .set_index("area_code")
            .drop(columns=["authority_code", "authority_name", "level"])
        )
        # Where two authorities have a ward of one name, the country says whose it is.
        mine["area_name"] = mine["area_name"].str.replace(" (Alderton)", "", regex=False)
        pd.testing.assert_frame_equal(mine, wide_table(alone, level), check_dtype=False, check_names=False)


def test_one_process_two_and_a_cluster_give_equal_answers(authorities, tmp_path):
    tasks = run.tasks_of(authorities, pd.DataFrame(), Question())
    frames = {}
    for name, how in {"one": {"processes": 1}, "two": {"processes": 2}}.items():
        files = run.run_tasks(tasks, tmp_path / name, **how)
        frames[name] = pd.concat([pd.read_parquet(file) for file in files])
    pd.testing.assert_frame_equal(frames["one"], frames["two"])
    assert sorted(frames["one"]["authority_code"].unique()) == [ALDERTON, BROOKSHIRE]


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_of_two_workers_gives_the_same(authorities, tmp_path):
    tasks = run.tasks_of(authorities, pd.DataFrame(), Question())
    here = run.run_tasks(tasks, tmp_path / "here")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = run.run_tasks(tasks, tmp_path / "there", scheduler=cluster.scheduler_address)
    for one, other in zip(here, there, strict=True):
        pd.testing.assert_frame_equal(pd.read_parquet(one), pd.read_parquet(other))


def test_what_is_done_is_not_done_again(authorities, tmp_path):
    tasks = run.tasks_of(authorities, pd.DataFrame(), Question())
    first = run.run_tasks(dict(list(tasks.items())[:1]), tmp_path)
    stamp = first[0].stat().st_mtime_ns
    seen = []
    files = run.run_tasks(tasks, tmp_path, job=Job(lambda *said: seen.append(said)))
    assert seen == [(1.0, "2 of 2: Brookshire")]
    assert files[0].stat().st_mtime_ns == stamp
    other = run.run_tasks(run.tasks_of(authorities, pd.DataFrame(), Question(minutes=10)), tmp_path)
    assert set(other).isdisjoint(files)


def test_a_worker_that_is_killed_costs_time_and_no_results(authorities, tmp_path, monkeypatch):
    tasks = run.tasks_of(authorities, pd.DataFrame(), Question())
    calm = run.run_tasks(tasks, tmp_path / "calm")
    monkeypatch.setenv("HUBREACH_TEST_MARKER", str(tmp_path / "died"))
    monkeypatch.setattr(run, "answer", dying_answer)
    files = run.run_tasks(tasks, tmp_path / "killed", processes=2)
    assert (tmp_path / "died").exists()
    for one, other in zip(calm, files, strict=True):
        pd.testing.assert_frame_equal(pd.read_parquet(one), pd.read_parquet(other))
    assert list((tmp_path / "killed").glob("*.half")) == []


def test_workers_that_die_for_ever_end_in_one_message(authorities, tmp_path, monkeypatch):
    def broken(*_):
        raise run.BrokenProcessPool
        yield

    monkeypatch.setattr(run, "_answers", broken)
    with pytest.raises(HubreachError, match="workers stopped 4 times with 2 authorities left"):
        run.run_tasks(run.tasks_of(authorities, pd.DataFrame(), Question()), tmp_path)


def test_reach_counts_sites_across_the_border(authorities, sites):
    tasks = run.tasks_of(authorities, sites, Question(travel=WALK, minutes=10))
    table = answer(tasks[ALDERTON]).set_index(["level", "area_code"])
    # 10 minutes are 800 m of walking, 615 m in a straight line: only E01000001 (at A) is near enough.
    assert table.loc[("place", ALDERTON), "children_covered"] == 200
    assert table["nearest_site"].loc["lsoa"].tolist() == ["a", "a", "b", "b"]
    assert set(tasks[ALDERTON].sites.index) == {"a", "b"}


def test_sites_that_matter_leave_every_answer_as_it_is(authorities, sites):
    (alderton, _) = authorities
    estimate = estimate_need(alderton.place)
    demand = estimated_demand(estimate)
    near = sites_that_matter(alderton.areas, sites, WALK.distance_m(30))
    whole, part = (
        coverage_by(straight_line_matrix(demand, held, WALK), demand, 30, "ward") for held in (sites, near)
    )
    pd.testing.assert_frame_equal(whole, part)


def test_ranges_of_covered_need_hold_the_estimate(authorities, sites):
    table = answer(run.tasks_of(authorities, sites, Question(travel=WALK, minutes=30))[ALDERTON])
    for tier in ("early_help", "specialist"):
        low, known, high = (table[f"{tier}_covered{end}"] for end in ("_low", "", "_high"))
        assert ((low <= known) & (known <= high)).all()
    row = table[table["level"] == "place"].iloc[0]
    assert row["early_help_covered_low"] < row["early_help_covered"] < row["early_help_covered_high"]
    need = answer(run.tasks_of(authorities, sites, Question())[ALDERTON])
    total = need.loc[need["level"] == "place", "early_help_children"].iloc[0]
    assert row["early_help_share_covered"] == pytest.approx(row["early_help_covered"] / total)
    assert 0 < row["early_help_share_covered_low"] <= row["early_help_share_covered"]
    assert row["early_help_share_covered"] <= row["early_help_share_covered_high"] <= 1


def test_joined_with_shapes_it_is_geoparquet(authorities, country, tmp_path):
    shapes = read_shapes(recognise_shapes(country.boundaries_2011), OLDER)
    files = run.run_tasks(run.tasks_of(authorities, pd.DataFrame(), Question()), tmp_path / "parts")
    places = run.join_parts(files, tmp_path / "out.parquet", shapes)
    drawn = gpd.read_parquet(tmp_path / "out.parquet")
    assert drawn.crs.to_epsg() == 27700
    assert drawn["level"].value_counts().to_dict() == {"lsoa": 6, "ward": 3, "place": 2}
    assert (drawn.geometry.notna() == (drawn["level"] == "lsoa")).all()
    lsoas = drawn[drawn["level"] == "lsoa"].groupby("authority_code")["early_help_children"].sum()
    assert lsoas.tolist() == places["early_help_children"].tolist() == [150, 45]


def test_the_command_line_writes_the_country_and_leaves_nothing_else(country, own_data, tmp_path):
    out = tmp_path / "england.parquet"
    options = ["--imd", country.file7_2019, "--lookup", country.wards_2011, "--processes", 1, "--draws", 200]
    answered = CliRunner().invoke(app, ["national", "need", *map(str, options), "--out", str(out)])
    assert answered.exit_code == 0, answered.output
    assert "Together: children 1,300, early help children 195, specialist children 65." in answered.stderr
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["england.parquet"]
    assert not (tmp_path / "england.parquet.parts").exists()
    held = pd.read_parquet(out)
    assert {"early_help_low", "early_help_high", "authority_name"} <= set(held)


def test_a_scheduler_that_does_not_answer_is_one_message(country, own_data, tmp_path):
    options = ["--imd", country.file7_2019, "--lookup", country.wards_2011, "--out", tmp_path / "e.parquet"]
    more = ["--scheduler", "nonsense://here"]
    answered = CliRunner().invoke(app, ["national", "need", *map(str, options), *more])
    assert answered.exit_code == 2
    assert "The cluster cannot be used." in answered.stderr


def test_reach_needs_an_open_site(country, own_data, tmp_path):
    path = tmp_path / "closed.csv"
    path.write_text("name,kind,easting,northing,is_open\nA,hub,430400,430500,no\n")
    given = {
        "--imd": country.file7_2019,
        "--lookup": country.wards_2011,
        "--boundaries": country.boundaries_2011,
    }
    options = [str(part) for pair in given.items() for part in pair]
    out = tmp_path / "e.parquet"
    answered = CliRunner().invoke(
        app, ["national", "reach", *options, "--sites-file", str(path), "--out", str(out)]
    )
    assert (answered.exit_code, out.exists()) == (2, False)
    assert "no site is open" in answered.stderr


def test_an_authority_of_no_known_code(tables):
    with pytest.raises(HubreachError, match="no authority 'E09999999'"):
        english_authorities(tables, only=["E09999999"])


def test_positions_are_those_of_the_place(authorities):
    (alderton, brookshire) = authorities
    assert alderton.figures["imd_position"]["E01000001"] == pytest.approx(1 - 2999.5 / 32844)
    assert np.isfinite(brookshire.areas[["easting", "northing"]].to_numpy(float)).all()
