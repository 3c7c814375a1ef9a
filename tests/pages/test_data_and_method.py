"""Data and method without a browser: complete on every place, true to the values in force."""

from __future__ import annotations

import pytest

from analysis.need import place_checks
from analysis.output import data_view
from analysis.places import read_place
from tests.conftest import REAL_PLACES
from tests.pages.conftest import OpenPage, answer

HEADINGS = (
    "Checks",
    "Sources",
    "The council's decisions",
    "Method",
    "What the figures cannot say",
    "Parameters in force",
)


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_every_section_stands_on_every_place(run_page: OpenPage, slug: str) -> None:
    app = run_page("data_and_method", place=slug)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "What is behind these figures?"
    assert tuple(heading.value for heading in app.subheader) == HEADINGS
    place = read_place(slug)
    assert answer(app) == data_view.checks_sentence(place, place_checks(place))
    assert "failed" not in answer(app)


def test_results_are_told_by_sign_and_word(run_page: OpenPage) -> None:
    checks = run_page("data_and_method", place="thurrock").table[0].value
    assert set(checks.index) == {"✓ passed", "! note"}
    assert len(checks) == len(place_checks(read_place("thurrock")))


def test_sources_and_parameters_are_whole_tables(run_page: OpenPage) -> None:
    tables = [table.value for table in run_page("data_and_method", place="plymouth").table]
    assert list(tables[1].columns) == ["Publisher", "Date", "Licence", "File", "Columns", "To know"]
    assert (tables[1]["Licence"] != "").all()
    parameters = tables[2]
    assert "early\\_help\\_prevalence" in parameters.index
    assert set(parameters["Changed"]) == {"default"}


def test_a_changed_assumption_is_marked_in_the_log_and_in_the_method(run_page: OpenPage) -> None:
    app = run_page("data_and_method", place="thurrock")
    app.slider(key="p_early_help").set_value(20.0).run()
    log = app.table[2].value
    assert log.loc["early\\_help\\_prevalence", "Changed"] == "changed"
    assert log.loc["early\\_help\\_prevalence", "Value"] == "0.2"
    assert any("p = 20%, g = 4" in element.value for element in app.markdown)


def test_an_index_in_force_is_part_of_the_log(run_page: OpenPage) -> None:
    app = run_page(
        "data_and_method",
        place="thurrock",
        basis="composite",
        index="imd_score:1,child_share:-2;rank;geometric",
    )
    assert not app.exception
    log = app.table[2].value
    assert log.loc["index\\_weight\\_child\\_share", "Value"] == "-2"
    assert log.loc["basis", "Value"] == "composite"


def test_a_recipe_that_cannot_be_read_is_told_and_the_rest_stands(run_page: OpenPage) -> None:
    app = run_page("data_and_method", place="thurrock", index="nonsense")
    assert not app.exception
    assert "cannot be read" in app.error[0].value
    assert len(app.table) == 3


def test_the_councils_facts_are_there_in_their_words(run_page: OpenPage) -> None:
    words = " ".join(element.value for element in run_page("data_and_method", place="thurrock").markdown)
    assert "single point of entry" in words
    assert "inverse intervention law" in words
    medway = " ".join(element.value for element in run_page("data_and_method", place="medway").markdown)
    assert "no public cost figures" in medway
