"""The evidence page without a browser: sections, a pack made and offered, own words, an older pack again."""

from __future__ import annotations

import json

import pytest

from analysis.output.packs.sections import SECTIONS
from pages.shared import state
from tests.pages.conftest import OpenPage


def made(app):
    """Press the button and wait for the thread, as the page does by looking again."""
    app.button(key="evidence-make").click().run()
    app.session_state["evidence_job"].wait(120)
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
    job = app.session_state["evidence_job"]
    assert job.body[:2] == b"PK"
    assert json.loads(job.pack.manifest)["request"]["sections"] == ["data"]
    labels = [button.label for button in app.get("download_button")]
    assert labels[0].startswith("Download the Excel tables")
    assert labels[1] == "Manifest"


def test_no_section_is_no_pack(page):
    page.multiselect(key=state.SECTIONS).set_value([]).run()
    assert page.button(key="evidence-make").disabled


def test_a_section_that_cannot_be_made_is_told_on_the_page(page):
    page.multiselect(key=state.SECTIONS).set_value(["workshop", "data"])
    app = made(page.run())
    assert any("Workshop record" in warning.value for warning in app.warning)
    assert app.session_state["evidence_job"].body[:2] == b"PK"
