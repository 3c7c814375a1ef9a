"""Sections of what the other rooms answer: their numbers are the rooms' own, and blanks are told before a pack is made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.answer import answer_reach, straight_travel
from analysis.report.assembly import build_pack, left_out
from analysis.report.content import Chart, Heading, Map, Paragraph, Section, Table, details, runs
from analysis.report.manifest import PackRequest, read_manifest
from analysis.report.paper import note_texts
from analysis.scenario.scenario import Scenario
from analysis.siting.answer import best_sets
from analysis.siting.problem import SitingTerms, place_problem


def texts(pack) -> dict[str, str]:
    return {block.key: block.text for _, block in pack.blocks() if isinstance(block, Paragraph)}


def tables(pack) -> dict[str, Table]:
    return {block.key: block for _, block in pack.blocks() if isinstance(block, Table)}


def test_siting_is_the_room_s_own_best_set_with_proof_and_next_best(small_place):
    request = PackRequest(Scenario("sampleton"), ("siting",), choose=1)
    pack = build_pack(request, place=small_place)
    assert pack.failures == ()
    estimate = estimate_need(small_place)
    travel = straight_travel(small_place, small_place.sites, answer_reach(estimate).settings)
    problem = place_problem(estimate, small_place.sites, travel, SitingTerms(p=1, radius_minutes=20.0))
    best, *_ = best_sets(problem, 4)
    sets = tables(pack)["siting sets"].data
    assert sets["objective"].iloc[0] == best.objective
    assert sets["sites"].iloc[0] == "; ".join(problem.names(best.sites))
    assert texts(pack)["siting.proof"] == "Proven best on these travel times and estimates (gap 0.00%)."
    assert [type(block) for _, block in pack.blocks()].count(Map) == 1
    assert read_manifest(pack.manifest)[0] == request


@pytest.fixture(scope="module")
def wirral():
    return read_place("wirral")


def test_money_is_shared_to_the_pound_and_what_is_published_stands_beside_what_is_expected(wirral):
    pack = build_pack(PackRequest(Scenario("wirral"), ("benchmark", "allocation")), place=wirral)
    assert pack.failures == ()
    assert tables(pack)["allocation table"].table["allocation_gbp"].sum() == 705_000
    assert any("**681** in Wirral" in words for words in texts(pack).values())
    # The short form has one picture an outcome, the long one all.
    charts = [block.key for _, block in pack.as_read().blocks() if isinstance(block, Chart)]
    assert sum(key.startswith("benchmark") for key in charts) == 2
    assert sum(isinstance(block, Chart) for _, block in replace(pack, form="long").as_read().blocks()) == 7


def test_what_is_blank_is_told_before_the_pack_is_made_and_stands_in_no_paper(wirral):
    request = PackRequest(Scenario("wirral"), ("cost", "cohort", "appraisal", "allocation"))
    said = left_out(request, wirral)
    assert said == [
        ("Cohort", "the place has no cohort's plan"),
        ("Appraisal", "Early help: alternatives considered has no score yet"),
    ]
    pack = build_pack(request, place=wirral)
    assert [failure.key for failure in pack.failures] == ["cohort", "appraisal"]
    assert "Ask the" not in " ".join(texts(pack).values())


def test_the_short_form_drops_details_and_headings_with_nothing_left():
    words = Paragraph("a", "A")
    blocks = (Heading("Kept"), words, Heading("Gone"), *details([Paragraph("b", "B")]), Heading("Last"))
    section = Section("s", "S", "M", blocks)
    pack = replace(build_empty(), sections=(section,))
    (shown,) = pack.as_read().sections
    assert shown.blocks == (Heading("Kept"), words)
    assert replace(pack, form="long").as_read().sections == (section,)


def build_empty():
    return build_pack(PackRequest(Scenario("medway"), ("data",)), place=read_place("medway"))


def test_notes_say_only_what_they_add_to_the_longest_that_they_begin_with():
    notes = ["Source: A.", "Source: A. B.", "Source: A. B. C.", "D."]
    assert note_texts(notes) == ["A.", "As note 1, and: B.", "As note 2, and: C.", "D."]


def test_single_asterisks_are_no_letters_of_a_paper():
    assert runs("**High.** *Need*: more, 2 * 3") == [("High.", True), (" Need: more, 2 * 3", False)]
