"""Authorities about which no council has said anything: every page works, and the place box finds them."""

import pytest

from analysis.places.england.grounds import find_ground
from pages.shared.short_keys import AGAIN
from tests.pages.conftest import SCRIPTS, OpenPage, answer

# The smallest authority has one area in one ward; a county has districts.
TINY, COUNTY = "isles-of-scilly", "dover,thanet"
PAGES = [page for page in SCRIPTS if page not in ("", "screen", "england", "add")]


def test_pages_are_those_of_a_place():
    assert {"need", "targeting", "reach", "sites", "siting", "options", "evidence", "method"} <= set(PAGES)


@pytest.mark.parametrize("place", [TINY, COUNTY])
@pytest.mark.parametrize("page", ["home", *PAGES])
def test_every_page_works_without_decisions_options_and_contracts(
    run_page: OpenPage, page: str, place: str
) -> None:
    app = run_page(page, place=place)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.selectbox(key="place").value == find_ground(place).slug
    assert app.main.markdown


@pytest.mark.parametrize(
    ("given", "slug"),
    [
        ("rutland", "rutland"),
        ("Rutland", "rutland"),
        ("E06000017", "rutland"),
        ("LE15 6HP", "rutland"),
        ("E08000016", "barnsley"),
    ],
)
def test_a_link_names_a_place_by_name_code_or_postcode(run_page: OpenPage, given: str, slug: str) -> None:
    app = run_page("home", place=given)
    assert app.selectbox(key="place").value == slug
    assert not app.warning


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("Rutland", "Rutland"),
        ("kent", "Kent"),
        ("LE15 6HP", "Rutland"),
        ("leeds,bradford", "Bradford and Leeds"),
    ],
)
def test_what_people_type_becomes_the_label_before_the_browser_sees_it(
    run_page: OpenPage, given: str, label: str
) -> None:
    app = run_page("need", place=given, level="lsoas", projector="1")
    assert not app.exception
    assert app.query_params["place"] in (label, [label])
    assert app.query_params["level"] in ("LSOAs", ["LSOAs"])
    assert label in app.title[0].value
    # Nothing is left for a run that the browser would ask for, in which it could say otherwise.
    assert AGAIN not in app.session_state


def test_the_box_lists_places_with_a_folder_first_and_then_all_of_england(run_page: OpenPage) -> None:
    options = run_page("home").selectbox(key="place").options
    assert options[:4] == ["Medway", "Plymouth", "Thurrock", "Wirral"]
    assert options[4] == "Barking and Dagenham"
    assert len(options) == len(set(options)) == 153 + 164 + 9


def test_a_postcode_opens_its_authority_and_names_open_together(run_page: OpenPage) -> None:
    app = run_page("home")
    app.text_input(key="other_place").set_value("LE15 6HP").run()
    assert app.selectbox(key="place").value == "rutland"
    assert "8,012 in Rutland" in answer(app)
    app.text_input(key="other_place").set_value("Dover, Thanet").run()
    assert app.selectbox(key="place").value == "dover,thanet"
    assert not app.exception
    app.text_input(key="other_place").set_value("ZZ9 9ZZ").run()
    assert "“ZZ9 9ZZ” is no place in England" in app.warning[0].value
    assert app.selectbox(key="place").value == "dover,thanet"


def test_a_place_starts_from_its_own_edition_unless_another_was_chosen(run_page: OpenPage) -> None:
    app = run_page("home", place="thurrock")
    assert app.selectbox(key="vintage").value == "2019"
    app.selectbox(key="place").select("rutland").run()
    assert app.selectbox(key="vintage").value == "2025"
    app.selectbox(key="vintage").select("2019").run()
    app.selectbox(key="place").select("barnsley").run()
    assert app.selectbox(key="vintage").value == "2019"
