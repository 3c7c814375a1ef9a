"""Options without a browser: every look, every place, what is in the address, what is saved and taken back."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from analysis.need.estimate import estimate_need
from analysis.options.comparison import option_figures
from analysis.options.difference import area_difference
from analysis.options.files import find_option, list_options
from analysis.options.option import Option
from analysis.options.reached import option_reaches
from analysis.places.read import read_place
from analysis.scenario.need_settings import default_settings
from analysis.scenario.terms import Terms
from tests.conftest import REAL_PLACES
from tests.pages.conftest import OpenPage, answer

LOOKS = ("side", "difference", "under-fives", "equality", "localities", "years", "score", "library")
FIRST = {
    "thurrock": ["today", "three-hubs", "three-hubs-with-outreach-and-satellites"],
    "plymouth": ["today", "childrens-centres", "family-hubs", "family-hubs-with-targeted-support-bases"],
    "wirral": ["today", "four-youth-hubs-and-four-satellites", "three-gateways", "with-the-youth-zone"],
    "medway": ["today", "childrens-centres"],
}


def reaches(place: str, options: list[Option], minutes: float = 20.0):
    opened = read_place(place)
    return option_reaches(estimate_need(opened, default_settings(opened)), options, Terms(minutes, "walk"))


def compared_table(app) -> pd.DataFrame:
    """The table of figures, without its badges."""
    table = app.table[0].value.reset_index()
    # The first row of a group has the group's name over its own.
    return table.assign(Figure=[words.splitlines()[-1] for words in table["Figure"]]).set_index("Figure")


def number(cell: str) -> int:
    return int(re.match(r"[\d,]+", cell.replace("\\", "")).group().replace(",", ""))


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_every_place_opens_with_its_options_side_by_side(run_page: OpenPage, slug: str) -> None:
    app = run_page("options", place=slug)
    assert not app.exception
    assert not app.error
    figures = option_figures(reaches(slug, [find_option(slug, name) for name in FIRST[slug]]))
    most = figures.loc[figures["children_covered"].idxmax()]
    assert f"**{most['children_covered']:,}**" in answer(app)
    table = compared_table(app)
    shown = [number(cell) for cell in table.loc["Children"].tolist()]
    assert shown == figures["children_covered"].tolist()
    best = table.loc["Children"].tolist()[figures["children_covered"].to_numpy().argmax()]
    assert "best" in best


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_answers(run_page: OpenPage, look: str) -> None:
    app = run_page("options", place="wirral", aspect=look)
    assert not app.exception
    assert not app.error
    assert re.search(r"\d|no score", answer(app))


def test_the_difference_counts_what_the_library_counts(run_page: OpenPage) -> None:
    app = run_page("options", place="thurrock", aspect="difference", before="today", after="three-hubs")
    before, after = reaches("thurrock", [find_option("thurrock", n) for n in ("today", "three-hubs")])
    table = area_difference(before, after)
    assert f"**{table['children_losing'].sum():,}** of 45,381 children lose" in answer(app)
    losing = next(f.value for f in app.dataframe if "outcome" in f.value.columns)
    assert losing["children"].sum() == table["children_losing"].sum()


def test_a_site_closed_for_a_look_is_in_the_address_and_in_the_figures(run_page: OpenPage) -> None:
    app = run_page("options", place="thurrock")
    before = number(compared_table(app).loc["Children"].iloc[1])
    app.selectbox(key="what-if-option").set_value("three-hubs").run()
    app.multiselect(key="what-if-closed-thurrock-three-hubs").set_value(["tilbury-family-hub"]).run()
    assert app.query_params["what-if"] == "three-hubs:-tilbury-family-hub"
    after = number(compared_table(app).loc["Children"].iloc[1])
    assert after < before
    assert "Three hubs \\(changed\\)" in compared_table(app).columns
    again = run_page("options", **{"place": "thurrock", "what-if": "three-hubs:-tilbury-family-hub"})
    assert number(compared_table(again).loc["Children"].iloc[1]) == after
    assert again.button(key="what_if-thurrock-undo").disabled
    app.button(key="what_if-thurrock-undo").click().run()
    assert "what-if" not in app.query_params
    assert number(compared_table(app).loc["Children"].iloc[1]) == before
    app.button(key="what_if-thurrock-redo").click().run()
    assert app.query_params["what-if"] == "three-hubs:-tilbury-family-hub"
    app.button(key="what_if-thurrock-start").click().run()
    assert number(compared_table(app).loc["Children"].iloc[1]) == before


def test_a_changed_option_is_saved_compared_renamed_deleted_and_brought_back(run_page: OpenPage) -> None:
    app = run_page("options", **{"place": "thurrock", "what-if": "three-hubs:-tilbury-family-hub"})
    app.selectbox(key="what-if-option").set_value("three-hubs").run()
    next(button for button in app.button if button.label == "Save as an option").click().run()
    assert not app.exception
    saved = find_option("thurrock", "three-hubs-changed")
    assert saved.illustration
    assert "what-if" not in app.query_params
    assert "Three hubs, changed" in compared_table(app).columns
    library = run_page("options", place="thurrock", aspect="library")
    library.selectbox(key="library-option").set_value("three-hubs-changed").run()
    next(button for button in library.button if button.label == "Delete").click().run()
    assert "three-hubs-changed" not in list_options("thurrock")
    again = run_page("options", place="thurrock", aspect="library", drafts=library.query_params["drafts"])
    again.button(key="option-thurrock-undo").click().run()
    assert "three-hubs-changed" in list_options("thurrock")
    library.button(key="option-thurrock-undo").click().run()
    assert "somebody with the same link" in library.error[0].value
    library.button(key="option-thurrock-redo").click().run()
    assert "three-hubs-changed" not in list_options("thurrock")
    library.button(key="option-thurrock-undo").click().run()
    assert "three-hubs-changed" in list_options("thurrock")
    next(button for button in library.button if button.label == "Duplicate").click().run()
    assert any(name.startswith("copy-of-") for name in list_options("thurrock"))


def test_a_broken_link_and_a_broken_file_are_told_and_the_rest_works(run_page: OpenPage, tmp_path) -> None:
    folder = tmp_path / "places" / "thurrock" / "options"
    folder.mkdir(parents=True)
    (folder / "bad.toml").write_text("name = 3", "utf-8")
    (folder / "odd.toml").write_text('name = "Odd <b>"\n[[sites]]\nsite_id = "gone"\n', "utf-8")
    app = run_page("options", **{"place": "thurrock", "what-if": "???", "options": "odd"})
    assert not app.exception
    said = " ".join(error.value for error in app.error)
    assert "bad.toml" in said
    assert "changes to options in the link" in said
    assert "gone" in said
    assert compared_table(app).loc["Children"].iloc[0].startswith("0")
    missing = run_page("options", place="thurrock", options="nowhere")
    assert "options “nowhere”: not known here" in missing.warning[0].value
    # A browser asks for a second run at once: what was said of the link stays.
    assert "nowhere" in missing.run().warning[0].value
    assert len(compared_table(missing).columns) == 3


def test_a_score_is_worked_out_only_when_asked_for(run_page: OpenPage) -> None:
    app = run_page("options", place="thurrock", aspect="score")
    assert "no score" in answer(app)
    app.number_input(key="w-children_covered").set_value(1.0).run()
    assert "comes first with 100 of 100 points" in answer(app)


def test_one_plan_alone_says_what_to_do(run_page: OpenPage) -> None:
    alone = run_page("options", place="Rutland")
    assert not alone.exception
    (said,) = (each.value for each in alone.info)
    assert said.startswith(
        "Only **Today** is here, so there is nothing to compare it with. Make a plan on the page Sites"
    )
    chosen = run_page("options", place="Wirral", options=["today"], aspect="difference")
    assert any(each.value.endswith("Choose a second option above.") for each in chosen.info)
