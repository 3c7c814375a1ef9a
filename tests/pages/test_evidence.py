"""The evidence page without a browser: sections, a pack made and offered, own words, an older pack again."""

from __future__ import annotations

import json

import pytest

from analysis.base.history import copy_path, new_copy_id
from analysis.base.writing import write_whole
from analysis.places.read import read_place
from analysis.places.sites.edits import SiteHistory, close_site
from analysis.report.sections.catalogue import SECTIONS
from pages.shared import state
from tests.pages.conftest import SCRIPTS, OpenPage


def made(app):
    """Press the button and wait for the thread, as the page does by looking again."""
    app.button(key="evidence-make").click().run()
    app.session_state["evidence_job"].future.exception(120)
    return app.run()


@pytest.fixture
def page(run_page: OpenPage):
    app = run_page("evidence")
    app.multiselect(key=state.SECTIONS).set_value(["data"])
    app.radio(key=state.FORMAT).set_value(".xlsx")
    return app.run()


def test_every_section_is_offered_and_the_answer_names_those_chosen(page):
    assert not page.exception
    assert list(page.multiselect(key=state.SECTIONS).options) == [kind.title for kind in SECTIONS.values()]
    assert any(
        "**One section** on Thurrock (data and checks), as **Excel tables**." in m.value
        for m in page.markdown
    )


def test_a_pack_is_made_and_offered_with_its_manifest(page):
    app = made(page)
    assert not app.exception
    job = app.session_state["evidence_job"].future.result()
    assert job.body[:2] == b"PK"
    assert json.loads(job.pack.manifest)["request"]["sections"] == ["data"]
    labels = [button.label for button in app.get("download_button")]
    assert labels[0] == "An example to start from"
    assert labels[1].startswith("Download the Excel tables")
    assert labels[2] == "Manifest"


def test_no_section_is_no_pack(page):
    page.multiselect(key=state.SECTIONS).set_value([]).run()
    assert page.button(key="evidence-make").disabled


def test_a_section_that_cannot_be_made_is_told_on_the_page(page):
    page.multiselect(key=state.SECTIONS).set_value(["workshop", "data"])
    app = made(page.run())
    assert any("Workshop record" in warning.value for warning in app.warning)
    assert app.session_state["evidence_job"].future.result().body[:2] == b"PK"


def test_a_theme_is_used_its_pale_colours_are_told_and_a_wrong_one_leaves_the_usual_look(page):
    pale = b'name = "Own"\n[colours]\nmain = "#5B1A6B"\nhighlight = "#FFD24D"\n'
    page.file_uploader(key="evidence_theme").set_value([("own.toml", pale, "application/toml")]).run()
    assert any(
        "colours.highlight: #FFD24D has a contrast of 1.4:1" in each.value.replace("\\", "")
        for each in page.warning
    )
    app = made(page)
    kept = json.loads(app.session_state["evidence_job"].future.result().pack.manifest)["request"]["theme"]
    assert kept["colours"] == {"main": "#5B1A6B", "highlight": "#FFD24D"}
    app.switch_page(SCRIPTS["need"]).run()
    assert not app.exception
    assert app.session_state["council_look"] == kept
    app.switch_page(SCRIPTS["evidence"]).run()
    next(each for each in app.button if each.label == "Take off the colours of Own").click().run()
    assert app.session_state["council_look"] == {}
    wrong = b'name = "Own"\n[colours]\nmain = "<b>"\n'
    app.file_uploader(key="evidence_theme").set_value([("own.toml", wrong, "application/toml")]).run()
    assert any(
        "colours.main: a colour is written like #12436D" in error.value.replace("\\", "")
        for error in app.error
    )


def test_the_sites_in_force_go_into_the_pack_and_its_manifest(run_page: OpenPage):
    place = read_place("thurrock")
    hub = str(place.sites.index[place.sites["is_open"]][0])
    copy = new_copy_id()
    closed = SiteHistory().record((close_site(hub),))
    write_whole(copy_path("thurrock", "site", copy), closed.text, "")
    app = run_page("evidence", changes=copy)
    app.multiselect(key=state.SECTIONS).set_value(["reach"])
    app.radio(key=state.FORMAT).set_value(".xlsx")
    app = made(app.run())
    kept = json.loads(app.session_state["evidence_job"].future.result().pack.manifest)["request"]
    assert kept["sites"][hub]["is_open"] is False
    assert kept["sites_words"] == "today's with one change of the user's own"
    assert len(kept["sites"]) == len(place.sites)
