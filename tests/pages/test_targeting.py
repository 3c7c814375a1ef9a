"""Targeting without a browser: every look on every place, every control, every refusal."""

from __future__ import annotations

import pytest

from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.scenario.need_settings import default_settings
from analysis.targeting import words as targeting_words
from analysis.targeting.named_areas import named_areas
from analysis.targeting.recipe import estimate_on_recipe, read_recipe
from analysis.targeting.smallest_set import smallest_set
from tests.conftest import REAL_PLACES
from tests.pages.conftest import SCRIPTS, OpenPage, answer

LOOKS = ("set", "named", "index", "hot")
TITLE = "Which areas have most need, and how far do model runs agree?"


@pytest.mark.parametrize("slug", REAL_PLACES)
@pytest.mark.parametrize("look", LOOKS)
def test_every_look_renders_on_every_place(run_page: OpenPage, slug: str, look: str) -> None:
    app = run_page("targeting", place=slug, look=look)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == TITLE
    assert app.session_state["look"] == look


@pytest.mark.parametrize("look", ["set", "index", "hot"])
@pytest.mark.parametrize(
    ("level", "vintage", "tier"), [("lsoa", "2025", "specialist"), ("locality", "2019", "early_help")]
)
def test_levels_editions_and_tiers_render(
    run_page: OpenPage, look: str, level: str, vintage: str, tier: str
) -> None:
    app = run_page(
        "targeting", place="wirral", look=look, level=level, spots=level, vintage=vintage, tier=tier
    )
    assert not app.exception
    assert not app.error
    assert app.session_state["spots" if look == "hot" else "level"] == level


def test_thurrocks_answer_says_what_became_of_the_seven_areas(run_page: OpenPage) -> None:
    place = read_place("thurrock")
    estimate = estimate_need(place)
    said = answer(run_page("targeting", place="thurrock"))
    assert said == " ".join(
        [
            targeting_words.set_sentence(estimate, smallest_set(estimate)),
            targeting_words.priority_sentence(named_areas(estimate)),
        ]
    )
    assert "**All seven areas** that the council named in 2012" in said
    assert "**Aveley and Uplands** is high and not named" in said


def test_the_share_in_the_address_sets_the_slider_and_the_set(run_page: OpenPage) -> None:
    app = run_page("targeting", place="thurrock", share="80")
    assert app.slider(key="share").value == 80
    first = answer(app)
    app.slider(key="share").set_value(30).run()
    assert answer(app) != first
    app.slider(key="share").set_value(80).run()
    assert answer(app) == first


def test_a_place_without_a_list_explains_itself_and_tests_the_users(run_page: OpenPage) -> None:
    app = run_page("targeting", place="medway", look="named")
    assert answer(app) == "No areas are named for Medway yet: choose some to test."
    assert "names no priority areas" in app.info[0].value
    assert "[[priority.areas]]" in app.code[0].value
    ward = read_place("medway").names("ward").index[0]
    app.multiselect(key="named-medway").set_value([ward]).run()
    assert app.query_params["named"] == ward
    assert not app.exception
    assert "that you named" in answer(app)
    assert not app.info


def test_the_cut_moves_what_is_found_and_missed(run_page: OpenPage) -> None:
    app = run_page("targeting", place="thurrock", look="named")
    app.slider(key="cut_thurrock").set_value(5).run()
    assert answer(app).startswith("**Five of the seven areas**")
    headings = [heading.value for heading in app.header]
    assert "Which neighbourhoods are the parts of Grays?" in headings


def test_weights_make_a_recipe_in_the_address_and_another_ranking(run_page: OpenPage) -> None:
    app = run_page("targeting", place="thurrock", look="index")
    first = answer(app)
    assert "index" not in app.query_params
    app.slider(key="weight-under_five_share").set_value(0.0).run()
    assert app.query_params["index"] == "imd_score:2;rank;arithmetic"
    assert answer(app) != first
    app.toggle(key="lower-imd_score").set_value(True).run()
    assert app.query_params["index"] == "imd_score:-2;rank;arithmetic"
    app.selectbox(key="index-aggregation").set_value("geometric").run()
    assert app.query_params["index"] == "imd_score:-2;rank;geometric"


def test_a_recipe_in_the_address_sets_the_controls_and_warns_of_a_domain_twice(run_page: OpenPage) -> None:
    recipe = "imd_score:3,idaci_position:1;z-score;geometric"
    app = run_page("targeting", place="thurrock", look="index", index=recipe)
    assert app.slider(key="weight-idaci_position").value == 1
    assert app.selectbox(key="index-normalisation").value == "z-score"
    assert len(app.warning) == 1
    assert "it counts twice" in app.warning[0].value


def test_the_index_becomes_the_basis_of_every_page_and_goes_again(run_page: OpenPage) -> None:
    recipe = "under_five_share:1;rank;arithmetic"
    app = run_page("targeting", place="thurrock", look="index", index=recipe)
    app.button(key="index-use").click().run()
    assert app.session_state["basis"] == "composite"
    app.switch_page(SCRIPTS["need"]).run()
    assert not app.exception
    place = read_place("thurrock")
    own = estimate_on_recipe(place, default_settings(place), read_recipe(recipe))
    first = own.tier_table("ward", "early_help").sort_values("rank")["area_name"].iloc[0]
    assert first in answer(app)
    app.switch_page(SCRIPTS["targeting"]).run()
    assert app.session_state["basis"] == "composite"


def test_going_back_to_the_imd_keeps_the_recipe(run_page: OpenPage) -> None:
    recipe = "under_five_share:1;rank;arithmetic"
    app = run_page("targeting", place="thurrock", look="index", index=recipe)
    app.button(key="index-use").click().run()
    app.button(key="index-stop").click().run()
    assert app.session_state["basis"] == "imd"
    assert app.query_params["index"] == recipe
    next(button for button in app.button if button.label == "Back to the start").click().run()
    assert not app.exception
    assert "index" not in app.query_params
    assert app.slider(key="weight-imd_score").value == 2


@pytest.mark.parametrize(
    ("recipe", "words"),
    [("nonsense", "cannot be read"), ("health_score:1;rank;arithmetic", "not among the figures of 2019")],
)
def test_a_recipe_that_cannot_be_used_is_told_in_one_box(run_page: OpenPage, recipe: str, words: str) -> None:
    app = run_page("targeting", place="thurrock", look="index", index=recipe)
    assert not app.exception
    assert len(app.error) == 1
    assert words in app.error[0].value


def test_no_weight_at_all_is_told(run_page: OpenPage) -> None:
    app = run_page("targeting", place="thurrock", look="index")
    app.slider(key="weight-under_five_share").set_value(0.0).run()
    app.slider(key="weight-imd_score").set_value(0.0).run()
    assert not app.exception
    assert len(app.error) == 1


def test_many_tests_are_allowed_for_unless_the_user_says_otherwise(run_page: OpenPage) -> None:
    app = run_page("targeting", place="thurrock", look="hot")
    assert answer(app).startswith("**Six neighbourhoods** are hot spots")
    assert "at most 5% of them are expected to be there by chance alone" in answer(app)
    app.selectbox(key="correction").set_value("none").run()
    assert answer(app).startswith("**14 neighbourhoods** are hot spots")
    assert "by chance alone" in answer(app)
    app.selectbox(key="permutations").set_value(999).run()
    assert not app.exception


def test_looks_can_be_changed_in_any_order(run_page: OpenPage) -> None:
    app = run_page("targeting", place="wirral", look="set", area="Bidston and St James")
    for look in ("hot", "index", "named", "set", "index"):
        app.segmented_control(key="look").set_value(look).run()
        assert not app.exception
        assert not app.error


def test_a_list_of_ones_own_is_read_from_the_address_and_only_where_its_wards_are(run_page: OpenPage) -> None:
    wards = read_place("medway").names("ward").index[:2]
    app = run_page("targeting", place="medway", look="named", named=",".join(wards))
    assert list(app.multiselect(key="named-medway").value) == list(wards)
    assert "two areas" in answer(app)
    app.selectbox(key="place").set_value("plymouth").run()
    assert not app.exception
    assert answer(app) == "No areas are named for Plymouth yet: choose some to test."
