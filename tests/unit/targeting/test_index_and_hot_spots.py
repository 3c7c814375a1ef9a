"""The user's index and hot spots, as the page shows them."""

from dataclasses import replace

import pytest

from analysis.need.estimate import estimate_need
from analysis.render.figure_frame import FigureStyle
from analysis.scenario.need_settings import default_settings
from analysis.targeting import figures as targeting_figures
from analysis.targeting import maps as targeting_maps
from analysis.targeting import tables as targeting_tables
from analysis.targeting import words as targeting_words
from analysis.targeting.hot_spots import KINDS, HotSpotProblem, find_hot_spots
from analysis.targeting.own_index import IndexProblem, own_index
from analysis.targeting.recipe import read_recipe


def test_the_index_runs_from_100_to_0_in_order(real_place):
    estimate = estimate_need(real_place, replace(default_settings(real_place), top=5))
    for level in ("ward", "lsoa"):
        view = own_index(estimate, IndexProblem(level=level))
        assert view.ranks["position"].iloc[0] == 100
        assert view.ranks["position"].iloc[-1] == 0
        assert view.ranks["position"].is_monotonic_decreasing
        assert (view.ranks["rank_low"] <= view.ranks["rank_median"]).all()
        assert (view.ranks["rank_median"] <= view.ranks["rank_high"]).all()
        assert view.warnings == []
        assert list(view.leaders) == list(view.ranks.index[view.ranks["rank"] <= 5])


def test_a_domain_that_counts_twice_is_told(real_places):
    place = real_places["thurrock"]
    recipe = read_recipe("imd_score:1,idaci_position:1;rank;arithmetic")
    view = own_index(estimate_need(place), IndexProblem(recipe))
    assert view.warnings == [
        "Index of Multiple Deprivation and Income deprivation affecting children both hold Income: it counts twice"
    ]


def test_what_the_index_is_made_of_in_words(real_places):
    place = real_places["thurrock"]
    recipe = read_recipe("imd_score:3,under_five_share:-1,child_share:0;rank;arithmetic")
    table = targeting_tables.recipe_table(place, "2019", recipe)
    assert list(table["share"]) == [75, 25]
    assert list(table["direction"]) == ["↑ higher means more need", "↓ higher means less need"]
    assert (
        targeting_words.recipe_words(place, "2019", recipe)
        == "Index of Multiple Deprivation 75%, Under-fives 25%"
    )
    assert (
        targeting_words.recipe_words(place, "2019", read_recipe("imd_score:0;rank;arithmetic"))
        == "no indicator yet"
    )


def test_the_sentence_names_the_first_and_the_least_settled(real_places):
    place = real_places["thurrock"]
    estimate = estimate_need(place)
    view = own_index(estimate)
    width = (view.ranks["rank_high"] - view.ranks["rank_low"]).sort_values(ascending=False, kind="stable")
    loosest = view.ranks.loc[width.index[0]]
    sentence = targeting_words.index_sentence(estimate, view)
    assert f"**{view.ranks['area_name'].iloc[0]}** has most need of 20 wards" in sentence
    assert f"{loosest['area_name']}, rank {loosest['rank_low']} to {loosest['rank_high']}." in sentence
    chart = targeting_figures.rank_interval_lines(view.ranks, FigureStyle(), title="t", subtitle="s", of=20)
    assert list(chart.data[0].x) == list(view.ranks["rank_median"])
    assert [(s.x0, s.x1) for s in chart.layout.shapes] == list(
        zip(view.ranks["rank_low"], view.ranks["rank_high"], strict=True)
    )
    assert set(targeting_tables.ranks_table(place, view)) >= {"position", "rank_median", "p_top"}


@pytest.fixture(scope="module")
def wirral(real_places):
    return estimate_need(real_places["wirral"])


def test_kinds_add_up_and_spots_come_first(wirral):
    view = find_hot_spots(wirral, HotSpotProblem(correction="none", permutations=999))
    assert sum(view.count(kind) for kind in KINDS) == 206
    assert len(view.hot) == view.count("high-high") > 0
    table = targeting_tables.spots_table(wirral.place, view)
    hot = targeting_words.KIND_WORDS["high-high"]
    assert set(table["kind_words"].head(view.count("high-high"))) == {hot}
    assert "kind" not in table
    legend = targeting_maps.hot_spot_map(wirral, view).sheet.legend
    assert sum(int(count) for _, _, count in legend.rows) == 206


def test_false_discovery_never_adds_a_spot(wirral):
    plain, strict = (
        find_hot_spots(wirral, HotSpotProblem(correction=correction, permutations=999))
        for correction in ("none", "false-discovery")
    )
    assert set(strict.hot) <= set(plain.hot)
    assert strict.cut_off <= plain.cut_off == 0.05
    first, second = (targeting_words.hot_spot_sentence(wirral, view) for view in (plain, strict))
    assert "about 10 would look like a spot by chance alone" in first
    assert "at most 5% of them are expected to be there by chance alone" in second


def test_shapes_and_signs_tell_the_kinds_apart_without_colour(wirral):
    assert len(set(targeting_figures.KIND_SYMBOLS.values())) == len(KINDS)
    assert len({words[0] for words in targeting_words.KIND_WORDS.values()}) == len(KINDS)
    view = find_hot_spots(wirral, HotSpotProblem("ward", permutations=999))
    chart = targeting_figures.moran_points(view.spots, FigureStyle(), title="t", subtitle="s")
    drawn = {code for trace in chart.data for code in trace.customdata}
    assert drawn == set(view.spots.index)
    assert "9,999" in targeting_words.hot_spot_method()
    assert "0.0002" in targeting_words.hot_spot_method()
