"""Packs again: the same bytes from one manifest, single figures, jobs, and the words of the page."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace

import openpyxl
import pypdf
import pytest

from analysis.base.faults import HubreachError
from analysis.base.jobs import Job, StoppedError
from analysis.need.estimate import estimate_need
from analysis.report.assembly import build_pack
from analysis.report.content import prose, runs
from analysis.report.files import figure_file, figures_of, make_pack, write_pack
from analysis.report.manifest import (
    PackRequest,
    changes_since,
    manifest_text,
    read_manifest,
)
from analysis.report.words import editable_texts, pack_sentence, request_sentence
from analysis.scenario.scenario import Scenario
from analysis.scenario.terms import Terms

MADE = dt.date(2026, 11, 21)


# The same again


@pytest.mark.parametrize("ending", [".html", ".xlsx", ".gpkg", ".pdf"])
def test_one_manifest_gives_the_same_bytes(small_place, pack, files, ending, no_browser):
    request, made = read_manifest(pack.manifest)
    again = build_pack(request, made=made, place=small_place)
    assert again.manifest == pack.manifest
    assert write_pack(again, ending) == files[ending]


def test_manifest_keeps_every_parameter(small_place):
    settings = replace(estimate_need(small_place).settings, seed=7, draws=250, top=2)
    scenario = Scenario("sampleton", terms=Terms(15.0, kinds=("hub",), tier="specialist"))
    asked = PackRequest(scenario.with_need(small_place, settings), ("need",), ("a",), share=0.4)
    assert read_manifest(manifest_text(small_place, asked, MADE)) == (asked, MADE)


def test_manifest_says_what_has_changed_since(small_folder, tmp_path):
    from analysis.places.read import read_place

    place = read_place(small_folder)
    before = manifest_text(place, PackRequest(Scenario("sampleton"), ("need",)), MADE)
    assert changes_since(before, place) == []
    (small_folder / "sites.csv").write_text((small_folder / "sites.csv").read_text() + "\n")
    (small_folder / "more.csv").write_text("a\n")
    aged = json.loads(before)
    aged["versions"]["numpy"] = "1.0"
    assert changes_since(json.dumps(aged), place)[:2] == ["more.csv is new", "sites.csv has changed"]
    assert any(words.startswith("numpy was 1.0 and is ") for words in changes_since(json.dumps(aged), place))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"request": {}}', '{"request": 3, "made": "x"}'])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(HubreachError, match="not the manifest"):
        read_manifest(text)


# Single figures, jobs, words


def test_figure_by_name_and_all_faults_of_a_wrong_one(need_pack, tmp_path):
    pack = need_pack
    assert "map-early-help-ward-number" in dict(figures_of(pack))
    made = figure_file(pack, "map-early-help-ward-number", tmp_path / "a.pdf", 12)
    page = pypdf.PdfReader(io.BytesIO(made)).pages[0]
    assert float(page.mediabox.width) == pytest.approx(12 / 2.54 * 72, abs=0.1)
    with pytest.raises(HubreachError) as told:
        figure_file(pack, "moon", tmp_path / "a.gif", 1)
    assert [fault.column for fault in told.value.faults] == ["NAME", "--to", "--width-cm"]


def test_a_pack_is_made_in_a_job_that_tells_its_share_its_faults_and_stops():
    said = []
    request = PackRequest(Scenario("thurrock"), ("data",))
    job = Job(lambda share, words: said.append(share)).start(
        lambda job: make_pack(request, ".xlsx", made=MADE, job=job)
    )
    body = job.future.result(60).body
    assert not job.is_running
    assert openpyxl.load_workbook(io.BytesIO(body)).sheetnames[-1] == "Notes"
    assert said == sorted(said) == [0.0, 0.25, 0.25]
    wrong = Job().start(lambda job: make_pack(PackRequest(Scenario("thurrock"), ("moon",)), ".xlsx", job=job))
    assert wrong.future.exception(60).headline == "The pack cannot be made."
    stopped = Job()
    stopped.stop()
    with pytest.raises(StoppedError):
        make_pack(request, ".xlsx", job=stopped)


def test_words_of_the_page(pack):
    assert request_sentence("Sampleton", ["need", "data"], ".pdf") == (
        "**Two sections** on Sampleton (need and data and checks), as **a PDF report**."
    )
    assert pack_sentence(pack).startswith("**Two sections** with ")
    assert set(editable_texts(pack)) == {pack.sections[0].title}


def test_runs_and_prose_of_marked_text():
    assert runs("About **6,810** of St Mary&#x27;s") == [
        ("About ", False),
        ("6,810", True),
        (" of St Mary's", False),
    ]
    assert runs(r"$w' \sim \text{Dirichlet}(20\,w)$") == [("w' ~ Dirichlet(20 w)", False)]
    assert [type(block).__name__ for block in prose("a", "One.\n\n$$x = 1$$\n\nTwo.")] == [
        "Paragraph",
        "Formula",
        "Paragraph",
    ]
