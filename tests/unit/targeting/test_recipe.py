"""Recipes of a composite index: read from a link, written to one, and worked out by hand."""

import numpy as np
import pytest

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.scenario.need_settings import default_settings
from analysis.targeting.composite import estimate_on_composite
from analysis.targeting.recipe import (
    WRITTEN,
    IndexRecipe,
    estimate_on_recipe,
    read_recipe,
    recipe_stability,
    recipe_values,
    starting_recipe,
)


def test_a_recipe_is_read_back_as_it_was_written():
    recipe = IndexRecipe((("imd_score", 2.0), ("under_five_share", -0.5)), "z-score", "geometric")
    assert recipe.text == "imd_score:2,under_five_share:-0.5;z-score;geometric"
    assert read_recipe(recipe.text) == recipe
    assert read_recipe(WRITTEN).text == WRITTEN


def test_signs_are_directions_and_shares_add_up_to_one():
    recipe = read_recipe("imd_score:3,under_five_share:-1,child_share:0;rank;arithmetic")
    assert recipe.weights == {"imd_score": 3, "under_five_share": 1, "child_share": 0}
    assert recipe.directions == {"imd_score": 1, "under_five_share": -1, "child_share": 1}
    assert recipe.shares == {"imd_score": 0.75, "under_five_share": 0.25}


def test_every_unreadable_part_is_told_at_once():
    with pytest.raises(HubreachError) as caught:
        read_recipe("imd_score:two,:1,child_share:1,child_share:2;by eye;median")
    found = [fault.found for fault in caught.value.faults]
    assert found == ["'imd_score:two'", "':1'", "'child_share:2'", "'by eye'", "'median'"]


@pytest.mark.parametrize("text", ["", "imd_score:2", "imd_score:2;rank", "imd_score:inf;rank;arithmetic"])
def test_a_text_that_is_no_recipe_is_refused(text):
    with pytest.raises(HubreachError, match="cannot be read"):
        read_recipe(text)


def test_the_start_counts_no_domain_twice(real_place):
    for vintage in real_place.vintages:
        assert starting_recipe(real_place, vintage).text == "imd_score:2,under_five_share:1;rank;arithmetic"


def test_an_indicator_of_another_edition_is_named_in_the_fault(real_places):
    recipe = read_recipe("health_score:1,imd_score:1;rank;arithmetic")
    assert list(recipe_values(real_places["thurrock"], "2025", recipe, "ward")) == [
        "health_score",
        "imd_score",
    ]
    with pytest.raises(HubreachError) as caught:
        recipe_values(real_places["thurrock"], "2019", recipe, "ward")
    assert "'health_score' is not among the figures of 2019" in caught.value.faults[0].found


def test_ranks_by_one_indicator_are_the_ranks_of_that_indicator(small_place):
    # Under-fives of the six areas of 100 children: 40, 30, 20, 10, 20, 30.
    ranks = recipe_stability(
        small_place, default_settings(small_place), read_recipe("under_five_share:1;rank;arithmetic"), "lsoa"
    )
    assert list(ranks.index) == ["A1", "A2", "A6", "A3", "A5", "A4"]
    assert list(ranks["rank"]) == [1, 2, 3, 4, 5, 6]


def test_an_index_of_the_imd_alone_gives_the_estimate_on_the_imd(real_places):
    place = real_places["thurrock"]
    settings = default_settings(place)
    # The score orders areas as the rank does, so each area is dealt its own national position.
    own = estimate_on_recipe(place, settings, read_recipe("imd_score:1;min-max;arithmetic"))
    plain = estimate_need(place, settings)
    differing = (own.counts - plain.counts).abs().to_numpy()
    assert own.counts.sum().tolist() == [6807, 2269]
    # Scores are published to three decimals: areas that tie in score may swap neighbouring ranks.
    assert (differing > 1).sum() == 0
    assert np.isclose(own.curves["early_help"].gradient, 4, rtol=1e-9)


def test_turning_an_indicator_round_turns_the_estimate_round(small_place):
    settings = default_settings(small_place)
    up = estimate_on_recipe(small_place, settings, read_recipe("under_five_share:1;rank;arithmetic"))
    down = estimate_on_recipe(small_place, settings, read_recipe("under_five_share:-1;rank;arithmetic"))
    assert up.position["A1"] > up.position["A4"]
    assert down.position["A1"] < down.position["A4"]
    assert up.counts.sum().tolist() == down.counts.sum().tolist() == [150, 33]


def test_the_recipe_and_the_index_give_one_estimate(small_place):
    settings = default_settings(small_place)
    recipe = read_recipe("imd_score:1,under_five_share:1;rank;arithmetic")
    values = recipe_values(small_place, "2019", recipe, "lsoa")
    by_hand = (values.rank() - 0.5).div(6).mean(axis=1)
    expected = estimate_on_composite(small_place, settings, by_hand)
    assert estimate_on_recipe(small_place, settings, recipe).counts.equals(expected.counts)
