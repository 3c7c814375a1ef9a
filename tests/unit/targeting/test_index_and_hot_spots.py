"""The user's index and hot spots, as the page shows them."""

import pytest

from analysis.need.estimate import estimate_need
from analysis.render.figure_frame import FigureStyle
from analysis.scenario.need_settings import default_settings
from analysis.targeting import figures as targeting_figures
from analysis.targeting import hot_spot_view, index_view, spot_figures
from analysis.targeting import sheets as targeting_sheets
from analysis.targeting import words as targeting_words
from analysis.targeting.recipe import read_recipe, starting_recipe


def test_the_index_runs_from_100_to_0_in_order(real_place):
    settings = default_settings(real_place)
    for level in ("ward", "lsoa"):
        view = index_view.index_view(
            real_place, settings, starting_recipe(real_place, settings.vintage), level, 5
        )
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
    view = index_view.index_view(place, default_settings(place), recipe, "ward", 5)
    assert view.warnings == [
        "Index of Multiple Deprivation and Income deprivation affecting children both hold Income: it counts twice"
    ]


def test_what_the_index_is_made_of_in_words(real_places):
    place = real_places["thurrock"]
    recipe = read_recipe("imd_score:3,under_five_share:-1,child_share:0;rank;arithmetic")
    table = index_view.recipe_table(place, "2019", recipe)
    assert list(table["share"]) == [75, 25]
    assert list(table["direction"]) == ["↑ higher means more need", "↓ higher means less need"]
    assert (
        index_view.recipe_words(place, "2019", recipe) == "Index of Multiple Deprivation 75%, Under-fives 25%"
    )
    assert (
        index_view.recipe_words(place, "2019", read_recipe("imd_score:0;rank;arithmetic"))
        == "no indicator yet"
    )


def test_the_sentence_names_the_first_and_the_least_settled(real_places):
    place = real_places["thurrock"]
    settings = default_settings(place)
    view = index_view.index_view(place, settings, starting_recipe(place, "2019"), "ward", 5)
    width = (view.ranks["rank_high"] - view.ranks["rank_low"]).sort_values(ascending=False, kind="stable")
    loosest = view.ranks.loc[width.index[0]]
    sentence = targeting_words.index_sentence(view, "ward", "words")
    assert f"**{view.ranks['area_name'].iloc[0]}** has most need of 20 wards" in sentence
    assert f"{loosest['area_name']}, rank {loosest['rank_low']} to {loosest['rank_high']}." in sentence
    chart = targeting_figures.rank_interval_lines(view.ranks, FigureStyle(), title="t", subtitle="s", of=20)
    assert list(chart.data[0].x) == list(view.ranks["rank_median"])
    assert [(s.x0, s.x1) for s in chart.layout.shapes] == list(
        zip(view.ranks["rank_low"], view.ranks["rank_high"], strict=True)
    )
    assert set(index_view.ranks_table(view)) >= {"position", "rank_median", "p_top"}


@pytest.fixture(scope="module")
def wirral(real_places):
    return estimate_need(real_places["wirral"])


def test_kinds_add_up_and_spots_come_first(wirral):
    spots = hot_spot_view.find_hot_spots(wirral, "early_help", "lsoa", 0.05, "none", 999)
    view = hot_spot_view.hot_spot_view(wirral, spots, "lsoa")
    assert sum(view.count(kind) for kind in hot_spot_view.KINDS) == 206
    assert len(view.hot) == view.count("high-high") > 0
    table = hot_spot_view.spots_table(view)
    assert set(table["kind_words"].head(view.count("high-high"))) == {hot_spot_view.NAMES["high-high"]}
    assert "kind" not in table
    sheet = targeting_sheets.hot_spot_sheet(wirral, "early_help", "lsoa", view, "method")
    assert sum(int(count) for _, _, count in sheet.legend.rows) == 206


def test_false_discovery_never_adds_a_spot(wirral):
    plain = hot_spot_view.find_hot_spots(wirral, "early_help", "lsoa", 0.05, "none", 999)
    strict = hot_spot_view.find_hot_spots(wirral, "early_help", "lsoa", 0.05, "false-discovery", 999)
    both = [hot_spot_view.hot_spot_view(wirral, frame, "lsoa") for frame in (plain, strict)]
    assert set(both[1].hot) <= set(both[0].hot)
    assert both[1].cut_off <= both[0].cut_off == 0.05
    first, second = (
        targeting_words.hot_spot_sentence(view, "Early help", "lsoa", 0.05, correction)
        for view, correction in zip(both, ("none", "false-discovery"), strict=True)
    )
    assert "about 10 would look like a spot by chance alone" in first
    assert "false-discovery rate of 0.05" in second


def test_shapes_and_signs_tell_the_kinds_apart_without_colour(wirral):
    assert len(set(hot_spot_view.SYMBOLS.values())) == len(hot_spot_view.KINDS)
    assert len({name[0] for name in hot_spot_view.NAMES.values()}) == len(hot_spot_view.KINDS)
    spots = hot_spot_view.find_hot_spots(wirral, "early_help", "ward", 0.05, "none", 999)
    view = hot_spot_view.hot_spot_view(wirral, spots, "ward")
    chart = spot_figures.moran_points(
        view.spots,
        FigureStyle(),
        title="t",
        subtitle="s",
        symbols=hot_spot_view.SYMBOLS,
        names=hot_spot_view.NAMES,
    )
    drawn = {code for trace in chart.data for code in trace.customdata}
    assert drawn == set(view.spots.index)
    assert "9,999" in targeting_words.hot_spot_method()
    assert "0.0002" in targeting_words.hot_spot_method()
