"""Your own figures on the page: looked at, put in force, in every answer, taken away again."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from analysis.intake.own.preview import preview_own, preview_sentences
from analysis.intake.own.reading import OwnChoices, england_alone, prepare_own
from analysis.places.read import read_place
from pages.shared.layout import plain_markdown
from tests.pages.conftest import SCRIPTS, OpenPage, answer

SAID = {"title": "GP register", "source": "Rutland Council", "vintage": "January 2026"}


def markdown(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in app.markdown)


def looked_at(app: AppTest, kind: str, name: str, text: str, **said: str) -> AppTest:
    """Bring a file, say what it is, and look at what it changes."""
    if kind != "children":
        app.button_group(key="own_file_kind").set_value(kind).run()
    app.file_uploader(key=f"own_file_{kind}").set_value((name, text.encode(), "text/csv")).run()
    for key, value in said.items():
        app.text_input(key=f"own_file_{key}").set_value(value)
    return app.button(key="own_file_look").click().run()


@pytest.fixture
def children() -> str:
    areas = read_place("rutland").areas
    rows = [f"{code},{number + 10}" for code, number in areas["children"].items()]
    return "\n".join(["area_code,children", *rows])


def test_children_are_looked_at_put_in_force_used_removed_and_brought_back(
    run_page: OpenPage, children: str, tmp_path
) -> None:
    app = run_page("method", place="rutland")
    assert "None yet: children, wards, sites, shapes and points of Rutland" in markdown(app)
    looked_at(app, "children", "gp.csv", children)
    assert "Say what it is, such as GP register" in app.error[0].value
    looked_at(app, "children", "gp.csv", children, **SAID)
    assert not app.error
    path = tmp_path / "gp.csv"
    path.write_text(children)
    england = england_alone(read_place("rutland"))
    preview = preview_own(england, prepare_own("children", path, england, OwnChoices(**SAID)))
    for sentence in preview_sentences(preview):
        assert plain_markdown(sentence) in markdown(app)
    assert read_place("rutland").own_files == ()

    app.button(key="own_file_save").click().run()
    assert not app.exception
    assert "GP register is in use in Rutland" in app.success[0].value
    named = plain_markdown("GP register (Rutland Council, January 2026)")
    assert f"**Children by small area**: {named}" in markdown(app)
    assert read_place("rutland").children == 8_272
    app.switch_page(SCRIPTS["need"]).run()
    assert not app.exception
    assert "GP register" in " ".join(str(each.value) for each in app.caption)

    app.switch_page(SCRIPTS["method"]).run()
    app.button(key="own_file_remove_children").click().run()
    assert read_place("rutland").children == 8_012
    assert "None yet" in markdown(app)
    app.button(key="own_file_undo").click().run()
    assert read_place("rutland").children == 8_272
    assert "**Children by small area**: GP register" in markdown(app)


def test_a_file_that_cannot_be_used_is_one_box_and_keeps_nothing(run_page: OpenPage, children: str) -> None:
    app = run_page("method", place="rutland")
    looked_at(
        app, "children", "gp.csv", children.replace(",", ",-", 2).replace(",-children", ",children"), **SAID
    )
    assert not app.exception
    assert len(app.error) == 1
    assert "is less than 0" in app.error[0].value
    assert read_place("rutland").own_files == ()


def test_wards_of_a_lookup_are_in_force_on_the_next_page(run_page: OpenPage) -> None:
    areas = read_place("rutland").areas
    rows = [f"{code},{'North' if north > 308_000 else 'South'}" for code, north in areas["northing"].items()]
    app = run_page("method", place="rutland")
    looked_at(app, "wards", "wards.csv", "\n".join(["area_code,ward_name", *rows]), **SAID)
    assert "2 wards in place of 15" in markdown(app)
    app.button(key="own_file_save").click().run()
    assert set(read_place("rutland").areas["ward_name"]) == {"North", "South"}
    app.switch_page(SCRIPTS["need"]).run()
    assert not app.exception
    assert "North" in answer(app) or "South" in answer(app)
