"""Home and Need without a browser: every place, every choice, every refusal."""

from __future__ import annotations

import shutil
from random import Random

import pytest

from analysis.need.estimate import estimate_need
from analysis.need.words import need_sentence
from analysis.places.finding import place_folder
from analysis.places.read import read_place
from analysis.scenario.need_settings import default_settings
from pages.shared.short_keys import address_words
from tests.conftest import REAL_PLACES
from tests.pages.conftest import OpenPage, answer


@pytest.mark.parametrize("slug", REAL_PLACES)
@pytest.mark.parametrize("page", ["home", "need"])
def test_each_place_answers_its_question(run_page: OpenPage, page: str, slug: str) -> None:
    app = run_page(page, place=slug)
    assert not app.exception
    place = read_place(slug)
    assert place.name in app.title[0].value
    assert answer(app) == need_sentence(estimate_need(place, default_settings(place)), "early_help", "ward")


@pytest.mark.parametrize("vintage", ["2019", "2025"])
@pytest.mark.parametrize("tier", ["early_help", "specialist"])
@pytest.mark.parametrize(("level", "measure"), [("ward", "rate"), ("lsoa", "number"), ("locality", "range")])
def test_every_choice_of_the_need_page_renders(
    run_page: OpenPage, vintage: str, tier: str, level: str, measure: str
) -> None:
    app = run_page("need", place="wirral", vintage=vintage, tier=tier, level=level, measure=measure)
    assert not app.exception
    assert not app.error
    assert app.session_state["level"] == level
    assert app.session_state["vintage"] == vintage


def test_home_names_the_councils_areas_and_the_one_with_fewest_near_a_hub(run_page: OpenPage) -> None:
    words = " ".join(element.value for element in run_page("home", place="thurrock").markdown)
    assert "Eight of the nine wards with most need" in words
    assert "Aveley and Uplands is not" in words
    assert "20-minute walk of an open family hub" in words


def test_a_prevalence_over_all_children_is_refused_in_one_box(run_page: OpenPage) -> None:
    app = run_page("need", place="thurrock")
    app.slider(key="p_early_help").set_value(40.0)
    app.slider(key="g_early_help").set_value(20.0)
    app.slider(key="p_specialist").set_value(40.0)
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    assert "100%" in app.error[0].value


def test_the_defaults_come_back_with_one_click(run_page: OpenPage) -> None:
    app = run_page("need", place="thurrock")
    before = answer(app)
    app.slider(key="p_early_help").set_value(25.0).run()
    assert answer(app) != before
    next(button for button in app.button if button.label == "Back to the defaults").click().run()
    assert answer(app) == before


def test_a_profile_opens_for_the_selected_area_and_closes_with_the_place(run_page: OpenPage) -> None:
    app = run_page("need", place="thurrock", area="Ockendon")
    assert "Ockendon" in [heading.value for heading in app.header]
    app.selectbox(key="place").set_value("medway").run()
    assert not app.exception
    assert "Ockendon" not in [heading.value for heading in app.header]


def test_a_broken_place_tells_every_fault_and_the_others_still_work(
    run_page: OpenPage, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "places" / "broken"
    shutil.copytree(place_folder("thurrock"), folder)
    areas = (folder / "areas.csv").read_text("utf-8").replace(",103,", ",-103,")
    (folder / "areas.csv").write_text(areas + areas.splitlines()[-1] + "\n", "utf-8")
    (folder / "sites.csv").unlink()
    app = run_page("need", place="broken")
    assert not app.exception
    message = app.error[0].value
    assert "areas" in message
    assert "sites" in message
    assert "more than one row" in message
    app.selectbox(key="place").set_value("thurrock").run()
    assert not app.exception
    assert not app.error


def test_a_link_names_the_measure_by_its_short_key(run_page: OpenPage) -> None:
    app = run_page("need", place="wirral", level="lsoa", measure="range")
    assert not app.exception
    assert app.session_state["measure"] == "range"


def test_a_link_to_what_is_not_here_says_so_until_it_is_closed(run_page: OpenPage) -> None:
    app = run_page("need", place="Atlantis", level="street")
    told = app.warning[0].value
    assert "place “Atlantis” and level “street”: not known here" in told
    assert "Add a place" in told
    app.button(key="unread-close").click().run()
    assert not app.warning
    for place in ("Wirral", "wirral"):
        assert not run_page("need", place=place, level="ward", tier="Early help").warning


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("reach", {"minutes": "abc"}),
        ("siting", {"choose": "many"}),
        ("siting", {"choose": "9999"}),
        ("need", {"area": "E05999999"}),
        ("targeting", {"share": "half"}),
        ("need", {"p_early_help": "95"}),
    ],
)
def test_a_number_or_an_area_that_a_link_has_wrong_is_told(
    run_page: OpenPage, page: str, link: dict[str, str]
) -> None:
    app = run_page(page, place="wirral", **link)
    assert not app.exception
    ((name, text),) = link.items()
    assert f"{address_words(name)} “{text}”" in app.warning[0].value
    assert ("not possible here" in app.warning[0].value) == text.isdigit()


def test_numbers_that_a_link_has_right_are_taken_without_a_word(run_page: OpenPage) -> None:
    app = run_page("siting", place="wirral", choose="4")
    assert app.session_state["choose"] == 4
    assert not app.warning
    default = run_page("siting", place="wirral", choose="3")
    assert not default.warning


def test_what_a_link_asked_for_is_forgotten_once_another_choice_is_made(run_page: OpenPage) -> None:
    app = run_page("need", place="Atlantis")
    assert app.warning
    app.selectbox(key="place").select("medway").run()
    assert not app.warning


def test_settings_that_cannot_hold_together_are_named_and_the_last_good_picture_stays(
    run_page: OpenPage,
) -> None:
    # By link: nothing was shown before, so the place's own stand.
    app = run_page("home", place="wirral", basis="idaci", p_early_help="40", p_specialist="15")
    assert not app.exception
    said = app.error[0].value.replace("\\", "")
    pair = "Early help 40% (gradient 4) with Specialist services 15% (gradient 10)"
    assert f"{pair} cannot hold together" in said
    assert "Shown instead: Early help 15% (gradient 4) with Specialist services 5%" in said
    own = answer(app)
    # By hand: what was last good stays, with the page around it.
    app.slider(key="p_specialist").set_value(0.0).run()
    good = answer(app)
    assert not app.error
    assert good != own
    moves = Random(22)
    refused = 0
    for _ in range(6):
        slider = app.slider(key=moves.choice(["p_early_help", "p_specialist", "g_specialist", "spread"]))
        steps = round((slider.max - slider.min) / slider.step)
        slider.set_value(slider.min + slider.step * moves.randint(0, steps)).run()
        assert not app.exception
        assert app.title
        if app.error:
            refused += 1
            assert answer(app) == good
        good = answer(app)
    assert 0 < refused < 6


def test_a_link_of_an_earlier_version_opens_what_is_called_otherwise_now(run_page: OpenPage) -> None:
    app = run_page("need", place="rutland", measure="How unsure")
    assert app.session_state["measure"] == "range"
    assert not app.warning


def test_a_finding_on_home_opens_the_view_that_shows_it(run_page: OpenPage) -> None:
    app = run_page("home", place="thurrock")
    links = [button.key for button in app.button if str(button.key).startswith("finding-")]
    assert links == ["finding-named areas", "finding-reach", "finding-concentration", "finding-uncertainty"]
    app.button(key="finding-reach").click().run()
    assert not app.exception
    assert app.title[0].value == "Where is need in Thurrock, and who can reach a hub?"
    assert app.session_state["figure"] == "reach_children_left_out"
