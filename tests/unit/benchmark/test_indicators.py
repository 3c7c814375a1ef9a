"""Figures looked at: ranks, the place in England by another way, two at once, words and maps."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.benchmark.indicator_answer import (
    all_indicators,
    answer_indicator,
    answer_pair,
    indicator_levels,
)
from analysis.benchmark.indicator_maps import indicator_map, pair_colour, pair_map
from analysis.benchmark.indicator_tables import (
    indicator_table,
    look_table,
    pair_table,
    standing_table,
    without_empty,
)
from analysis.benchmark.indicator_words import (
    area_figure,
    figure_card,
    indicator_source,
    look_sentence,
    look_source,
    pair_sentence,
)
from analysis.need.estimate import estimate_need
from analysis.places.england.tables import districts, read_rows
from analysis.places.read import read_place
from analysis.render.outlines import outlines
from analysis.render.printmap import PrintFrame, map_svg
from analysis.render.theme import MISSING, SEQUENTIAL, luminance

LOW_INCOME = "children_under_16_in_relative_low_income_after_housing_costs"
GIPTON, HAREHILLS_SOUTH = "E05011394", "E01011433"


@pytest.fixture(scope="module")
def leeds():
    return estimate_need(read_place("leeds"))


@pytest.fixture(scope="module")
def rutland():
    return estimate_need(read_place("rutland"))


@pytest.fixture(scope="module")
def country():
    """Rows of all of England: residents, deprivation."""
    areas = read_rows("areas").set_index("area_code")
    figures = read_rows("deprivation_2025").set_index("area_code")
    return figures.assign(
        people=areas["population_census2021"], ward=areas["ward_code"], msoa=areas["msoa_code"]
    )


def mean_by(country, column, by):
    heavy = (country[column] * country["people"]).groupby(by).sum()
    return heavy / country["people"].groupby(by).sum()


def test_rank_and_england_are_what_the_rows_of_england_say(leeds, country):
    answer = answer_indicator(leeds, "imd_score", "ward")
    councils = mean_by(country, "imd_score", country["authority_code"])
    assert answer.value == pytest.approx(councils["E08000035"])
    assert answer.standing.england == pytest.approx(
        np.average(country["imd_score"], weights=country["people"])
    )
    assert answer.standing.rank == (councils > councils["E08000035"]).sum() + 1
    assert (answer.standing.peers, answer.standing.among) == (153, "authorities")


@pytest.mark.parametrize(("level", "column"), [("ward", "ward"), ("msoa", "msoa"), ("lsoa", None)])
def test_a_percentile_is_the_share_of_englands_areas_with_less_need(leeds, country, level, column):
    answer = answer_indicator(leeds, "imd_score", level)
    everywhere = country["imd_score"] if column is None else mean_by(country, "imd_score", country[column])
    first = answer.table.iloc[0]
    below = (everywhere < first["value"] - 1e-9).mean() + (everywhere <= first["value"] + 1e-9).mean()
    assert first["england_percentile"] == pytest.approx(50 * below)
    assert answer.table["england_percentile"].between(0, 100).all()


def test_a_rank_of_one_has_most_need_of_all(leeds):
    table = answer_indicator(leeds, "imd_rank", "lsoa").table
    assert table.index[0] == HAREHILLS_SOUTH
    assert (table["value"].iloc[0], table["rank"].iloc[0]) == (58, 1)
    # 57 neighbourhoods of England have more need.
    assert table["england_percentile"].iloc[0] == pytest.approx(100 * (33_755 - 57.5) / 33_755)
    assert table["value"].is_monotonic_increasing


def test_a_district_is_ranked_among_districts_and_several_places_are_not_ranked():
    maidstone = answer_indicator(estimate_need(read_place("maidstone")), "imd_rank", "ward").standing
    shares = districts()["imd_share_most_deprived_tenth"]
    assert (maidstone.peers, maidstone.among) == (296, "districts")
    assert maidstone.rank == (shares > shares["E07000110"]).sum() + 1
    both = answer_indicator(estimate_need(read_place("leeds,bradford")), "imd_score", "ward").standing
    assert both.rank is None
    assert 24 < both.value < 40


def test_districts_of_a_county_stand_among_districts():
    kent = answer_indicator(estimate_need(read_place("kent")), "imd_rank", "locality")
    shares = districts()["imd_share_most_deprived_tenth"]
    thanet = shares["E07000114"]
    below = (shares < thanet).mean() + (shares <= thanet).mean()
    assert kent.table.loc["E07000114", "england_percentile"] == pytest.approx(50 * below)


def test_low_income_in_england_is_the_published_number(leeds):
    answer = answer_indicator(leeds, LOW_INCOME, "ward")
    rows = read_rows("indicators", [LOW_INCOME], key="indicator")
    rows = rows[(rows["level"] == "district") & (rows["vintage"] == "FYE 2025")]
    assert rows["count"].sum() == 2_915_163
    children = 100 * rows["count"] / rows["value"]
    assert answer.standing.england == pytest.approx(100 * 2_915_163 / children.sum())
    assert answer.value == pytest.approx(29.6)


def test_need_is_the_estimate_with_its_range_and_is_not_set_against_england(leeds):
    answer = answer_indicator(leeds, "need_early_help", "ward")
    rows = leeds.tier_table("ward", "early_help")
    pd.testing.assert_series_equal(
        answer.table["value"].sort_index(), rows["need"].astype(float), check_names=False
    )
    assert (answer.table["low"].sort_index() == rows["low"]).all()
    assert answer.standing is None
    assert area_figure(answer, GIPTON).startswith("est. 2,420 (")
    rate = answer_indicator(leeds, "need_early_help_rate", "ward")
    assert rate.table.loc[GIPTON, "value"] == pytest.approx(
        1000 * rows.loc[GIPTON, "need"] / rows.loc[GIPTON, "children"]
    )
    with pytest.raises(HubreachError, match="Choose one of: ward, lsoa, place"):
        answer_indicator(leeds, "need_early_help", "msoa")


def test_two_at_once_are_thirds_of_the_place_by_need(leeds):
    pair = answer_pair(
        answer_indicator(leeds, "imd_score", "ward"),
        answer_indicator(leeds, "connectivity_score_dft", "ward"),
    )
    assert pair.table["first_third"].value_counts().to_dict() == {"high": 11, "middle": 11, "low": 11}
    # A low connectivity score is need.
    least = pair.table["second_value"].idxmin()
    assert pair.table.loc[least, "second_third"] == "high"
    ranks = pair.table["value"].rank().corr((-pair.table["second_value"]).rank())
    assert pair.correlation == pytest.approx(ranks)
    assert len(pair.high_on_both) == 0
    assert pair_sentence(pair).startswith("**0 of 33** wards of Leeds are in the top third on both")
    drawn = pair_map(pair, "Source.")
    legend = drawn.sheet.legend
    assert sum(int(count) for _, _, count in legend.in_square) == 33
    assert [words for _, words, _ in legend.in_square[:3]] == [
        "high and low",
        "high and middle",
        "high and high",
    ]
    assert legend.listed == ()
    crossed = pair.table.query("first_third == 'high' and second_third == 'low'")
    assert f"high and low: {len(crossed)};" in legend.alt
    assert drawn.fill.loc[least] == pair_colour(pair.table.loc[least, "first_third"], "high")


def test_the_printed_legend_of_two_is_a_square_with_its_sides_named(rutland):
    pair = answer_pair(
        answer_indicator(rutland, "crime_score", "ward"), answer_indicator(rutland, "income_rate", "ward")
    )
    drawn = pair_map(pair, "Source.")
    svg = map_svg(outlines(rutland.place), drawn.paint, drawn.sheet.legend, PrintFrame()).decode()
    assert "↑ Crime" in svg
    assert "→ Income deprivation" in svg
    for colour, _, count in drawn.sheet.legend.in_square:
        assert colour.lower() in svg
        assert f">{count}<" in svg


def test_two_at_once_need_two_different_figures_of_the_same_areas(leeds):
    ward = answer_indicator(leeds, "imd_score", "ward")
    for other in (ward, answer_indicator(leeds, "crime_score", "lsoa")):
        with pytest.raises(HubreachError, match="Two different figures"):
            answer_pair(ward, other)


def test_the_square_darkens_on_both_sides_and_no_figure_is_grey():
    thirds = ("low", "middle", "high")
    for fixed in thirds:
        for side in ([pair_colour(fixed, t) for t in thirds], [pair_colour(t, fixed) for t in thirds]):
            shades = [luminance(colour) for colour in side]
            assert shades == sorted(shades, reverse=True)
    assert len({pair_colour(a, b) for a in thirds for b in thirds}) == 9
    assert pair_colour("", "high") == MISSING


def test_the_legend_counts_every_area_and_the_darkest_has_most_need(leeds):
    for key in ("imd_score", "imd_rank", "connectivity_score_dft", "idaci_children_rounded5"):
        answer = answer_indicator(leeds, key, "lsoa")
        drawn = indicator_map(answer, "Source.")
        rows = drawn.sheet.legend.rows
        assert sum(int(count) for _, _, count in rows) == 488
        assert rows[0][0] == SEQUENTIAL["blue"][-1]
        assert drawn.fill.iloc[0] == SEQUENTIAL["blue"][-1]
        missing = [row for row in rows if row[1] == "no figure"]
        assert missing == ([(MISSING, "no figure", "19")] if key.startswith("idaci_children") else [])


def test_ranks_have_englands_fifths_for_classes(leeds, rutland):
    labels = [
        [
            words
            for _, words, _ in indicator_map(
                answer_indicator(place, "imd_rank", "lsoa"), ""
            ).sheet.legend.rows
        ]
        for place in (leeds, rutland)
    ]
    assert labels[0] == labels[1]
    assert labels[0][0] == "1 to 6,751"
    assert labels[0][-1] == "27,005 to 33,755"


def test_words_say_how_much_where_and_what_is_missing(leeds):
    words = look_sentence(answer_indicator(leeds, "idaci_children_rounded5", "ward"))
    assert "**61,970 children** in Leeds of 3,869,075 in England: rank 7 of 153" in words
    assert "Most need in **Gipton & Harehills** (7,245 children)" in words
    assert "11 wards with parts without a figure: the figure is the least that it can be" in words
    small = look_sentence(answer_indicator(leeds, "idaci_children_rounded5", "lsoa"))
    assert "19 of 488 neighbourhoods have no figure" in small
    card = figure_card(answer_indicator(leeds, "imd_score", "ward"), GIPTON)
    assert card == "**58.0**; rank 1 of 33 wards here; more need than 99% of England's wards."


def test_an_area_with_suppressed_parts_has_at_least_so_many(leeds):
    answer = answer_indicator(leeds, "idaci_children_rounded5", "ward")
    partly = answer.table.index[answer.table["parts_missing"] > 0]
    assert area_figure(answer, str(partly[0])).startswith("at least ")
    assert not area_figure(answer, GIPTON).startswith("at least")


def test_sources_say_publisher_date_licence_and_standing(leeds):
    known = all_indicators(leeds)
    disabled = indicator_source(leeds, known["disabled_residents"])
    assert disabled.startswith(
        "Source: Census 2021 disability (TS038 grouped) (ONS, Census 2021 (21 March 2021))."
    )
    assert "Open Government Licence v3.0. Official figures." in disabled
    assert "weighted by residents" in disabled
    assert "carried to these" in indicator_source(leeds, known["imd_score_2019"])
    assert "Estimated, not official." in indicator_source(leeds, known["children_0_4"])
    assert "Modelled estimate." in indicator_source(leeds, known["need_early_help"])
    pair = answer_pair(
        answer_indicator(leeds, "imd_score", "ward"), answer_indicator(leeds, "disabled_residents", "ward")
    )
    both = look_source(leeds, pair.first, pair)
    assert "English Indices of Deprivation 2025" in both
    assert disabled in both


def test_tables_are_what_the_answers_hold(leeds):
    known = all_indicators(leeds)
    listed = indicator_table(known)
    assert listed.loc["connectivity_score_dft", "more_need"] == "lower"
    assert listed.loc[LOW_INCOME, ["finest", "weight"]].tolist() == ["ward", "children under 16"]
    answer = answer_indicator(leeds, "imd_score", "ward")
    table = without_empty(look_table(answer))
    assert list(table) == ["area_name", "value", "rank", "england_percentile", "parts", "parts_missing"]
    pair = answer_pair(answer, answer_indicator(leeds, "income_rate", "ward"))
    assert pair_table(pair).loc[GIPTON, ["first_third", "second_third"]].tolist() == ["high", "high"]
    standing = standing_table([answer, answer_indicator(leeds, "need_early_help", "ward")])
    assert standing.iloc[0].tolist() == ["24.1", "21.8", 64, 153, "authorities"]
    assert len(standing) == 1


def test_every_figure_can_be_looked_at_and_drawn_at_its_levels_in_turn(rutland):
    drawn_at = set()
    for number, (key, indicator) in enumerate(all_indicators(rutland).items()):
        levels = indicator_levels(rutland, indicator)
        level = levels[number % len(levels)]
        drawn_at.add((indicator.at(level).measure, level))
        answer = answer_indicator(rutland, key, level)
        drawn = indicator_map(answer, look_source(rutland, answer, None))
        assert set(drawn.fill.index) == set(rutland.place.names(level).index)
        assert look_sentence(answer).endswith(".")
    assert {("count", "lsoa"), ("count", "ward"), ("share", "msoa"), ("rank", "lsoa")} <= drawn_at


def test_a_place_of_its_own_files_is_looked_at_without_england(small_place):
    answer = answer_indicator(estimate_need(small_place), "children", "ward")
    assert answer.value == 600
    assert answer.standing is None
    assert "England" not in look_sentence(answer)
