"""Siting without a browser: every model and look on every place, own sets, impossible questions, saved options."""

from __future__ import annotations

import os
import re

import pytest

from analysis.need.estimate import estimate_need
from analysis.options.files import list_options
from analysis.places.read import read_place
from analysis.reach.answer import straight_travel
from analysis.render.theme import estimate_words
from analysis.scenario.travel import travel_settings
from analysis.siting.answer import best_sets, own_set, set_reach
from analysis.siting.problem import PlaceProblem, SitingTerms, place_problem
from pages.shared import jobs
from tests.conftest import REAL_PLACES, write_small_place
from tests.pages.conftest import OpenPage, answer


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for every answer: the progress box has a test of its own."""
    monkeypatch.setattr(jobs, "AT_ONCE_SECONDS", 120.0)


def problem_of(slug: str, terms: SitingTerms) -> PlaceProblem:
    place = read_place(slug)
    travel = straight_travel(place, place.sites, travel_settings("walk"))
    return place_problem(estimate_need(place), place.sites, travel, terms)


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_the_best_three_are_named_with_the_reach_that_the_reach_room_gives(
    run_page: OpenPage, slug: str
) -> None:
    app = run_page("siting", place=slug)
    assert not app.exception
    kinds = tuple(
        kind.name
        for kind in read_place(slug).kinds
        if kind.name in set(read_place(slug).sites["kind"]) and not kind.name.startswith("school")
    )
    problem = problem_of(slug, SitingTerms(kinds=kinds))
    best = best_sets(problem, 1)[0]
    assert all(name in answer(app) for name in problem.names(best.sites))
    reached = set_reach(problem, best).summary.loc["early_help"]
    assert reached["covered"] == best.objective
    assert estimate_words(*reached[["covered", "low", "high"]]) in answer(app)


@pytest.mark.parametrize("model", ["pmedian", "pcenter", "partial", "budget"])
def test_every_model_answers(run_page: OpenPage, model: str) -> None:
    app = run_page("siting", place="thurrock", question=model, minutes="30")
    assert not app.exception
    assert not app.error
    assert "**" in answer(app)


@pytest.mark.parametrize("look", ["alternatives", "frontier", "robustness", "boundaries"])
def test_every_look_renders(run_page: OpenPage, look: str) -> None:
    app = run_page("siting", place="wirral", siting=look, margin="35")
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("look", ["best", "frontier", "alternatives"])
def test_a_link_names_sites_floor_and_point(run_page: OpenPage, look: str) -> None:
    app = run_page(
        "siting",
        place="thurrock",
        siting=look,
        keep="east-tilbury-childrens-centre-p2-3",
        without="tilbury-family-hub",
        own_set="tilbury-family-hub,ockendon-family-hub",
        colours="assigned",
        point="5",
        rank="3",
    )
    assert not app.exception
    assert not app.error
    assert "East Tilbury Children's Centre P2-3" in answer(app)
    assert "Tilbury Family Hub" not in answer(app)
    said = " ".join(str(words.value) for words in app.main.markdown)
    if look == "frontier":
        assert "Five sites: " in said
        assert app.selectbox(key="point").value == "5"
    if look == "alternatives":
        assert "Your two reach **" in said
        assert app.selectbox(key="rank").value == "3"


def test_a_floor_holds_for_the_best_sites_too(run_page: OpenPage) -> None:
    app = run_page("siting", place="thurrock", minutes="45", choose="5", floor="fifth", floor_share="80")
    assert not app.exception
    assert "Five sites: " in answer(app)
    none = run_page("siting", place="thurrock", minutes="20", choose="5", floor="ward", floor_share="50")
    assert not none.exception
    assert "floors fall short" in answer(none)
    assert "Allow " in answer(none)


def test_an_impossible_question_says_why_and_what_would_help(run_page: OpenPage) -> None:
    app = run_page("siting", place="thurrock", question="lscp")
    assert not app.exception
    assert "No set of sites can do this" in answer(app)


def test_a_set_of_ones_own_is_held_against_the_best_of_its_size() -> None:
    problem = problem_of("thurrock", SitingTerms())
    best = best_sets(problem, 1)[0]
    worst = own_set(problem, tuple(sorted(problem.candidates.index))[:3])
    assert worst.bound == best.objective
    assert worst.objective < best.objective
    assert own_set(problem, best.sites).gap == 0


def test_an_answer_is_saved_as_an_option(run_page: OpenPage) -> None:
    app = run_page("siting", place="medway")
    app.text_input(key="siting-option-name-best-best-3-reach-most-need-20-min").set_value("Best of all").run()
    app.button(key="siting-save-best").click().run()
    assert not app.exception
    assert "best-of-all" in list_options("medway")


def test_a_replaced_sites_file_is_asked_about_afresh(run_page: OpenPage, tmp_path) -> None:
    folder = tmp_path / "places" / "sampleton"
    write_small_place(folder)
    app = run_page("siting", place="sampleton", choose="1")
    assert not app.exception
    first = answer(app)
    named = (folder / "sites.csv").read_text("utf-8")
    # Other sites under other ids, and a file that is older than the one before.
    (folder / "sites.csv").write_text(named.replace("ash-hub", "new-hub").replace("Ash", "New"), "utf-8")
    os.utime(folder / "sites.csv", (1_000_000_000, 1_000_000_000))
    again = run_page("siting", place="sampleton", choose="1")
    assert not again.exception
    assert "Ash" not in answer(again)
    assert answer(again) != first


def test_a_frontier_and_its_trade_off_keep_the_floor(run_page: OpenPage) -> None:
    app = run_page("siting", place="medway", siting="frontier", floor="fifth", floor_share="60")
    assert not app.exception
    said = " ".join(str(words.value) for words in app.main.markdown)
    assert "with at least 60% of need reached in the most deprived fifth; none of " in said
    few = run_page("siting", place="medway", siting="frontier", floor="fifth", floor_share="60", choose="1")
    assert "No set of one site with at least 60%" in " ".join(box.value for box in few.info)
    more = run_page("siting", place="medway", siting="frontier", floor="fifth", floor_share="60", choose="8")
    said = " ".join(str(words.value) for words in more.main.markdown)
    assert "beaten by no set with at least 60% of need reached in the most deprived fifth on both" in said


def test_how_sure_is_of_the_question_with_its_floor(run_page: OpenPage) -> None:
    app = run_page(
        "siting", place="thurrock", siting="robustness", choose="3", floor="fifth", floor_share="60"
    )
    assert not app.exception
    said = " ".join(str(words.value) for words in app.main.markdown)
    found = re.search(r"Over (\d+) combinations .*; in (\d+) more, no set answers the question", said)
    assert found is not None, said
    assert int(found.group(1)) + int(found.group(2)) == 180


def test_where_there_is_no_split_nothing_is_called_one(run_page: OpenPage) -> None:
    told = {
        margin: " ".join(
            str(words.value)
            for words in run_page(
                "siting", place="wirral", siting="boundaries", areas="4", margin=margin
            ).main.markdown
        )
        for margin in ("1", "10")
    }
    assert "No contiguous split is within 1.0% of the mean. Allow a margin of 2.2%" in told["1"]
    assert "as split" not in told["1"]
    assert "Areas today, and as split" in told["10"]


def test_the_answer_is_an_estimate_with_its_range_and_claims_what_the_matrix_knows(
    run_page: OpenPage,
) -> None:
    page = run_page("siting", place="Rutland", choose="1")
    said = answer(page)
    assert re.search(
        r"An estimated \*\*\d[\d,]*0 \(\d[\d,]*0 to \d[\d,]*0\)\*\* \(\d+%\) of children who need early help",
        said,
    )
    captions = " ".join(str(each.value) for each in page.caption)
    assert "Proven best on these travel times and estimates (gap 0.00%" in captions
    children = answer(run_page("siting", place="Rutland", choose="1", counts="children"))
    assert "An estimated" not in children


def test_a_link_names_sites_by_earlier_ids_and_what_is_no_site_is_told(
    run_page: OpenPage, todays_ground
) -> None:
    app = run_page("siting", place="plymouth", keep="manor-street-childrens-centre,nowhere")
    assert not app.exception
    assert app.multiselect(key="keep-plymouth").value == ["manor-street"]
    assert "keep “nowhere”: not known here" in app.warning[0].value
    assert "nowhere" in app.run().warning[0].value
    app.multiselect(key="keep-plymouth").set_value([]).run()
    assert not app.warning
