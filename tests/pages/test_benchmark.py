"""The page that compares what is published of a place with what its deprivation predicts."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from analysis.benchmark.observed_answer import answer_benchmark, benchmark_problem
from analysis.benchmark.observed_words import benchmark_sentence
from analysis.cli.main import app as commands
from analysis.places.read import read_place
from tests.conftest import write_small_place
from tests.pages.conftest import OpenPage, answer

FITTED = "looked-after:2021:imd:2019:5.5"


def captions(app: AppTest) -> str:
    return " ".join(str(each.value) for each in app.caption)


def table(app: AppTest) -> pd.DataFrame:
    (found,) = (each.value for each in app.dataframe if "ratio" in each.value)
    return found


@pytest.mark.parametrize(
    "place", ["thurrock", "plymouth", "wirral", "medway", "kent", "rutland", "tower-hamlets"]
)
def test_the_answer_is_that_of_the_library_and_all_authorities_are_there(run_page: OpenPage, place: str):
    app = run_page("benchmark", place=place, benchmark_part="All authorities")
    assert not app.exception
    opened = read_place(place)
    problem = benchmark_problem(opened, "children in need")
    assert answer(app) == benchmark_sentence(answer_benchmark(problem), opened)
    assert len(table(app)) == 153


def test_the_page_and_the_command_say_the_same(run_page: OpenPage):
    app = run_page(
        "benchmark", place="wirral", compared="looked-after", in_year="2021", benchmark_part="All authorities"
    )
    printed = CliRunner().invoke(
        commands, ["benchmark", "wirral", "--outcome", "looked after", "--year", "2021", "--format", "csv"]
    )
    rows = pd.read_csv(io.StringIO(printed.stdout), index_col="authority_code")
    shown = table(app).loc[rows.index]
    for column in ("observed", "expected", "ratio", "low", "high", "neighbour"):
        assert shown[column].astype(float).to_numpy() == pytest.approx(rows[column].to_numpy(), nan_ok=True)
    assert "**1.47 times**" in answer(app)
    assert "What high can mean" in " ".join(str(each.value) for each in app.main.markdown)


def test_a_percentage_is_told_as_one_and_more_may_be_better(run_page: OpenPage):
    app = run_page("benchmark", place="wirral", compared="good-level-of-development")
    assert not app.exception
    assert "66.1%" in answer(app)
    assert "More is better here" in " ".join(str(each.value) for each in app.main.markdown)
    assert not [button for button in app.button if "Use this gradient" in button.label]


def test_another_outcome_leaves_a_year_that_it_does_not_have(run_page: OpenPage):
    app = run_page("benchmark", place="wirral", in_year="2013")
    assert "31 March 2013" in answer(app)
    app = app.selectbox(key="compared").set_value("looked-after").run()
    assert not app.exception
    assert "31 March 2025" in answer(app)


def test_a_district_is_shown_its_county_and_several_are_added_up(run_page: OpenPage):
    app = run_page("benchmark", place="dartford", benchmark_part="The pyramid, observed and modelled")
    assert not app.exception
    assert answer(app).startswith("Published for Kent, not for Dartford alone.")
    assert not app.error
    assert any("Open Kent" in str(told.value) for told in app.info)
    app = run_page("benchmark", place="kent,medway")
    assert not app.exception
    assert "together" in answer(app)
    assert "2 authorities together" in str(app.info[0].value)


def test_the_fitted_gradient_comes_into_force_and_is_marked_as_a_scenario(run_page: OpenPage):
    app = run_page("benchmark", place="wirral", compared="looked-after", in_year="2021")
    app = app.button(key="use-gradient-specialist").click().run()
    assert not app.exception
    assert app.slider(key="g_specialist").value == 5.5
    assert app.query_params["from_specialist"] in (FITTED, [FITTED])
    said = captions(app)
    assert "In use (scenario): Specialist services, 5.5 times the rate in the most deprived areas" in said
    assert app.button(key="use-gradient-specialist").disabled
    # Another gradient is no longer the fitted one.
    app = app.slider(key="g_specialist").set_value(6.0).run()
    assert "In use (scenario)" not in captions(app)


def test_a_link_with_a_fitted_gradient_opens_marked_and_one_with_nonsense_does_not(run_page: OpenPage):
    link = {"place": "wirral", "g_specialist": "5.5"}
    app = run_page("need", **link, from_specialist=FITTED)
    assert "children looked after at 31 March 2021" in captions(app)
    app = run_page("need", **link, from_specialist="<b>looked-after</b>:2021:imd:2019:5.5")
    assert not app.exception
    assert "fitted" not in captions(app)


def test_a_place_that_is_no_authority_is_told_what_to_do(
    run_page: OpenPage, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    write_small_place(tmp_path / "places" / "sampleton")
    app = run_page("benchmark", place="sampleton")
    assert not app.exception
    assert "Write its ONS code there" in str(app.error[0].value)


def test_a_basis_that_is_not_published_is_not_offered(run_page: OpenPage, tmp_path):
    write_small_place(tmp_path / "places" / "sampleton")
    app = run_page("need", place="sampleton", vintage="2025")
    assert not app.exception
    assert app.selectbox(key="basis").options == ["All people (IMD)"]
    assert app.selectbox(key="vintage").set_value("2019").run().selectbox(key="basis").options == [
        "All people (IMD)",
        "Children (IDACI)",
    ]
