"""Data and method without a browser: complete on every place, true to the values in force."""

from __future__ import annotations

import pytest

from analysis.need.checks import place_checks
from analysis.places.read import read_place
from analysis.report import data_tables
from tests.conftest import REAL_PLACES
from tests.pages.conftest import SCRIPTS, OpenPage, answer, labelled

HEADINGS = (
    "Checks",
    "Sources",
    "The council's decisions",
    "Method",
    "What the figures cannot say",
    "Parameters used",
    "Your own figures",
    "Indicators of your own",
)


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_every_section_stands_on_every_place(run_page: OpenPage, slug: str) -> None:
    app = run_page("method", place=slug)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "What is behind these figures?"
    assert tuple(heading.value for heading in app.header) == HEADINGS
    place = read_place(slug)
    assert answer(app) == data_tables.checks_sentence(place, place_checks(place))
    assert "failed" not in answer(app)


def test_results_are_told_by_sign_and_word(run_page: OpenPage) -> None:
    checks = run_page("method", place="thurrock").table[0].value
    assert set(checks.index) == {"✓ passed", "! note"}
    assert len(checks) == len(place_checks(read_place("thurrock")))


def test_sources_and_parameters_are_whole_tables(run_page: OpenPage) -> None:
    tables = [table.value for table in run_page("method", place="plymouth").table]
    assert list(tables[1].columns) == ["Publisher", "Date", "Licence", "File", "Columns", "To know"]
    assert (tables[1]["Licence"] != "").all()
    parameters = tables[2]
    assert "early\\_help\\_prevalence" in parameters.index
    assert set(parameters["Changed"]) == {"default"}


def test_a_changed_assumption_is_marked_in_the_log_and_in_the_method(run_page: OpenPage) -> None:
    app = run_page("method", place="thurrock")
    app.slider(key="p_early_help").set_value(20.0).run()
    log = app.table[2].value
    assert log.loc["early\\_help\\_prevalence", "Changed"] == "changed"
    assert log.loc["early\\_help\\_prevalence", "Value"] == "0.2"
    assert any("p = 20%, g = 4" in element.value for element in app.markdown)


def test_an_index_in_force_is_part_of_the_log(run_page: OpenPage) -> None:
    app = run_page(
        "method",
        place="thurrock",
        basis="composite",
        index="imd_score:1,child_share:-2;rank;geometric",
    )
    assert not app.exception
    log = app.table[2].value
    assert log.loc["index\\_weight\\_child\\_share", "Value"] == "-2"
    assert log.loc["basis", "Value"] == "composite"


def test_a_recipe_that_cannot_be_read_is_told_and_the_rest_stands(run_page: OpenPage) -> None:
    app = run_page("method", place="thurrock", index="nonsense")
    assert not app.exception
    assert "cannot be read" in app.error[0].value
    assert len(app.table) == 3


def test_the_councils_facts_are_there_in_their_words(run_page: OpenPage) -> None:
    words = " ".join(element.value for element in run_page("method", place="thurrock").markdown)
    assert "single point of entry" in words
    assert "inverse intervention law" in words
    medway = " ".join(element.value for element in run_page("method", place="medway").markdown)
    assert "no public cost figures" in medway


def test_a_figure_of_ones_own_is_previewed_saved_used_and_taken_away(run_page: OpenPage) -> None:
    place = read_place("thurrock")
    rows = [f"{code},{n % 7},{n}" for n, code in enumerate(place.areas.index)]
    text = "\n".join(["LSOA code,Low *income*,Registered", *rows])
    app = run_page("method", place="thurrock")
    app.file_uploader(key="own_indicator_file").set_value(("own.csv", text.encode(), "text/csv")).run()
    app.button(key="own_indicator_look").click().run()
    assert "the name is empty" in app.error[0].value
    for key, value in {
        "name": "<b>Low</b> income",
        "unit": "per cent",
        "vintage": "2023",
        "source": "DWP",
    }.items():
        app.text_input(key=f"own_indicator_{key}").set_value(value)
    app.selectbox(key="own_indicator_value").select("Low *income*")
    app.selectbox(key="own_indicator_base").select("Registered")
    app.button(key="own_indicator_look").click().run()
    assert not app.error
    assert any("98 of 98 LSOAs have a value" in text.value for text in app.markdown)
    assert read_place("thurrock").own_indicators == ()
    app.button(key="own_indicator_save").click().run()
    assert not app.exception
    assert "joined Thurrock" in app.success[0].value
    assert any("1 can enter an index" in text.value for text in app.markdown)
    app.switch_page(SCRIPTS["targeting"])
    app.query_params["look"] = "index"
    app.query_params["index"] = "own_b_low_b_income:1,imd_score:1;rank;arithmetic"
    app.run()
    assert not app.exception
    assert not app.error
    assert app.slider(key="weight-own_b_low_b_income").label == "\\<b\\>Low\\</b\\> income"
    assert any("\\<b\\>Low\\</b\\> income 50%" in text.value for text in app.markdown)


def test_a_denominator_in_another_row_is_chosen_once_the_rows_are_asked_about(run_page: OpenPage) -> None:
    rows = [
        f"{code},{language},{count}"
        for n, code in enumerate(read_place("thurrock").areas.index)
        for language, count in (("None", n), ("All", 1000))
    ]
    text = "\n".join(["LSOA code,Language,Households", *rows])
    app = run_page("method", place="thurrock")
    app.file_uploader(key="own_indicator_file").set_value(("own.csv", text.encode(), "text/csv")).run()
    for key in ("name", "vintage", "source"):
        app.text_input(key=f"own_indicator_{key}").set_value("Language")
    app.selectbox(key="own_indicator_measure").select("count")
    app.button(key="own_indicator_look").click().run()
    assert "differ by Language" in app.error[0].value
    labelled(app.multiselect, "Language").set_value(["None"]).run()
    app.selectbox(key="own_indicator_base").select("Language=All")
    app.button(key="own_indicator_look").click().run()
    assert not app.error
    assert any("98 of 98 LSOAs have a value" in text.value for text in app.markdown)


def test_a_figure_that_cannot_be_read_is_one_box(run_page: OpenPage) -> None:
    app = run_page("method", place="thurrock")
    app.file_uploader(key="own_indicator_file").set_value(("own.csv", b"PK\x03\x04", "text/csv")).run()
    assert not app.exception
    assert len(app.error) == 1
