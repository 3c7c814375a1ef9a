"""Numbers, words, maps and charts of the options page, on the made-up place and on real ones."""

import math
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from analysis.need.estimate import estimate_need
from analysis.options import figures
from analysis.options import words as options_words
from analysis.options.difference_view import (
    COLOURS,
    area_list,
    change_classes,
    change_words,
    difference_map,
    difference_view,
    group_bars,
    main_moves,
    moves_table,
)
from analysis.options.option import Option, OptionSite
from analysis.options.phases import reach_by_year
from analysis.options.reached import option_reaches, option_status
from analysis.options.scores import score_options
from analysis.options.statement import under_fives_statement
from analysis.options.tables import (
    balance_table,
    locality_rows,
    locality_table,
    phase_frame,
    with_phases,
    years_table,
)
from analysis.options.view import (
    STAMPS,
    area_minutes,
    minute_colours,
    minute_legend,
    numbers_table,
    option_names,
    side_by_side,
    site_states,
    small_maps,
    value_words,
    words_table,
)
from analysis.places.manifest import Locality
from analysis.render.figure_frame import FigureStyle
from analysis.render.outlines import outlines
from analysis.render.small_maps import map_shapes, maps_svg, screen_data
from analysis.render.theme import DIVERGING, MISSING, SEQUENTIAL, shown
from analysis.scenario.need_settings import default_settings
from analysis.scenario.terms import Terms

WALK = Terms(20.0, "walk")
HOSTILE = "<b>=1+1</b>*x*"


@pytest.fixture(scope="module")
def estimate(small_place):
    return estimate_need(small_place, default_settings(small_place))


@pytest.fixture(scope="module")
def view(estimate):
    options = [
        Option("Ash", "ash", (OptionSite("ash-hub"),), illustration=True),
        Option(
            HOSTILE, "cedar", (OptionSite("cedar-hub"),), localities=(Locality(name="All", wards=("Cedar",)),)
        ),
        Option("None", "none"),
    ]
    return side_by_side(option_reaches(estimate, options, WALK))


@pytest.fixture(scope="module")
def change(view):
    return difference_view(view.reaches[0], view.reaches[1])


def test_the_table_says_best_and_worst_in_words(view):
    table = words_table(view).set_index("Figure")
    assert table.loc["Children", "Ash"] == "300"
    assert table.loc["Children", HOSTILE] == "400  ▲ best"
    assert table.loc["Children", "None"] == "0  ▼ worst"
    assert table.loc["Longest", "None"] == "no way  ▼ worst"
    assert table.loc["A year", "Ash"] == "not known"
    assert "Cedar" in table.loc["Worst ward, mean", "Ash"]
    numbers = numbers_table(view).set_index(["figure", "option"])
    assert numbers.loc[("children_covered", "cedar"), ["value", "mark"]].tolist() == [400, "best"]
    assert numbers.loc[("worst_ward_minutes", "ash"), "ward"] == "Cedar"
    assert len(numbers) == 3 * len(table)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1234.0, "count", "1,234"),
        (0.51, "share", "51%"),
        (-0.068, "points", "−7 points"),
        (12.34, "minutes", "12.3 min"),
        (2.5, "pounds", "£2.50"),
        (math.nan, "count", "not known"),
        (math.inf, "minutes", "no way"),
    ],
)
def test_values_are_written_with_their_units(value, unit, words):
    assert value_words(value, unit) == words


def test_options_of_one_name_are_told_apart(estimate):
    twins = [Option("Plan", slug, (OptionSite("ash-hub"),)) for slug in ("one", "two")]
    assert list(option_names(side_by_side(option_reaches(estimate, twins, WALK))).values()) == [
        "Plan [one]",
        "Plan [two]",
    ]


def test_small_maps_share_their_classes_and_place_their_sites(view, small_place):
    shapes = map_shapes(outlines(small_place))
    drawn = small_maps(view, shapes)
    palette = SEQUENTIAL["turquoise"]
    # 0, 15, 30, 15, 21 and 34 minutes: up to 10, to 20, to 30, to 40 are the classes of a limit of 20
    assert list(drawn.maps[0].fill.values()) == [
        palette[0],
        palette[1],
        palette[2],
        palette[1],
        palette[2],
        palette[3],
    ]
    assert set(drawn.maps[2].fill.values()) == {MISSING}
    assert [words for _, words in drawn.legend][:2] == [
        "up to 10 min, within reach",
        "10 to 20 min, within reach",
    ]
    assert drawn.legend[-1] == (MISSING, "no way to any")
    assert [len(item.sites) for item in drawn.maps] == [1, 1, 0]
    assert drawn.maps[0].note == "50% of children within reach, 1 site"
    west, north = shapes.point(*drawn.maps[0].sites[0][:2])
    assert west == pytest.approx(6 + 388 / 6, abs=8)
    assert north == pytest.approx(shapes.height / 4, abs=8)
    data = screen_data(shapes, drawn.maps, "dark")
    assert set(data["paths"]) == set(small_place.areas.index)
    assert data["maps"][1]["title"] == HOSTILE
    assert data["maps"][0]["fill"] == {
        code: shown(colour, "dark") for code, colour in drawn.maps[0].fill.items()
    }
    stamps = [STAMPS[option_status(reach.option)] for reach in view.reaches]
    assert [item["stamp"] for item in data["maps"]] == stamps
    assert "Illustration" in stamps
    assert area_minutes(view)["ash"].round(0).tolist() == [0, 15, 30, 15, 21, 34]


def test_the_picture_of_the_maps_is_one_svg_with_text_as_text(view, small_place):
    drawn = small_maps(view, map_shapes(outlines(small_place)))
    tree = ET.fromstring(maps_svg(drawn.shapes, drawn.maps, drawn.legend))
    texts = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert HOSTILE in texts
    bold = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}tspan")]
    assert bold == [f"{item.stamp}." for item in drawn.maps if item.stamp]
    assert "10 to 20 min, within reach" in texts
    assert len(list(tree.iter("{http://www.w3.org/2000/svg}image"))) == 2


def test_minutes_on_the_limit_are_within_it():
    values = pd.Series([20.0, 20.1, np.inf])
    palette = SEQUENTIAL["turquoise"]
    assert minute_colours(values, 20.0).tolist() == [palette[1], palette[2], MISSING]
    assert len(minute_legend(20.0, missing=False)) == 5


def test_the_difference_map_is_orange_where_worse_and_counts_children(change):
    drawn = difference_map(change, "lsoa", "**Finding**", "Source")
    assert drawn.paint.fill.tolist() == [
        DIVERGING[0],
        DIVERGING[2],
        DIVERGING[3],
        DIVERGING[2],
        DIVERGING[4],
        DIVERGING[4],
    ]
    assert [row[2] for row in drawn.sheet.legend.rows] == ["100", "0", "200", "100", "200"]
    assert [row[1][0] for row in drawn.sheet.legend.rows] == ["−", "−", "c", "+", "+"]
    assert drawn.lost == ("A1",)
    assert drawn.sheet.title == "Finding"
    assert drawn.sites["is_open"].to_dict() == {"cedar-hub": True, "ash-hub": False}
    assert "out of reach" in drawn.paint.tooltip.loc["A1", "line2"]
    wards = difference_map(change, "ward", "x", "y")
    assert wards.paint.fill.index.tolist() == ["W1", "W2", "W3"]
    assert wards.paint.tooltip.loc["W1", "line4"] == "100 fall out of reach"


def test_classes_of_change_have_signs_and_meet_at_the_least(change):
    classes, words = change_classes(pd.Series([10.0, 1.0, 0.99, -0.99, -1.0, -10.0, np.inf]), change)
    assert classes.tolist() == [0, 1, 2, 2, 3, 4, 0]
    assert words[0] == "− 10 min or more further"
    assert (change_words(2.0), change_words(-2.0), change_words(0.0)) == ("+2.0 min", "−2.0 min", "no change")
    assert change_words(np.inf) == "no way any more"


def test_losers_are_listed_as_winners_are(change):
    losing, gaining = area_list(change, "losing"), area_list(change, "gaining")
    assert losing["outcome"].to_dict() == {"A1": "− out of reach"}
    assert gaining["outcome"].to_dict() == {"A3": "+ nearer", "A5": "+ into reach", "A6": "+ into reach"}
    assert list(losing.columns) == list(gaining.columns)
    bars = group_bars(change, "ward")
    assert bars["area_name"].tolist() == ["Ash", "Cedar", "Birch"]
    moves, rest = main_moves(change)
    assert (moves["children"].tolist(), rest) == ([600], 0)
    assert len(moves_table(change)) == 1


def test_sentences_say_the_numbers_and_keep_hostile_names_plain(view, change):
    said = options_words.comparison_sentence(view)
    assert "**400** of 600 (67%)" in said
    assert "<b>" not in said
    lost = options_words.difference_sentence(change)
    assert "**100** of 600 children lose (**100** fall out of reach), **40** of them under five" in lost
    assert "**300** gain (**200** come within reach); 200 are unchanged" in lost
    same = difference_view(view.reaches[0], view.reaches[0])
    assert "nothing changes" in options_words.difference_sentence(same)
    statement = under_fives_statement(view.reaches[0], view.reaches[1])
    words = options_words.statement_sentence(statement, *view.reaches[:2])
    assert "**80** of 150 children under five (53%)" in words
    assert "worse off in **one of 3 wards**: Ash" in words
    for verdicts, said in (
        (
            ["mixed", "worse", "worse"],
            "worse off in **two of 3 wards**, and in one more some lose and others gain",
        ),
        (["mixed", "the same", "better"], "in **one of 3 wards** some families lose and others gain"),
    ):
        other = statement.assign(
            verdict=verdicts, under_fives_losing=[v in {"mixed", "worse"} for v in verdicts]
        )
        assert said in options_words.statement_sentence(other, *view.reaches[:2])
    text = options_words.statement_text(statement, *view.reaches[:2])
    assert (
        "Ash: 40 of 70 children under five lose, 40 fall out of reach; within reach 70 before, 30 after"
        in text
    )
    words = options_words.terms_sentence(view.reaches)
    assert words.startswith(
        "Ash: 1 hub, ages 0 to 17, 20-minute walk (straight line, detour 1.2), illustration."
    )


def test_a_word_is_said_where_sites_serve_certain_ages(estimate):
    young = Option("Young", "young", (OptionSite("ash-hub", {"age_from": 0.0, "age_to": 5.0}),))
    whole = Option("Whole", "whole", (OptionSite("ash-hub", {"age_from": 0.0, "age_to": 19.0}),))
    assert "Young" in options_words.age_note(option_reaches(estimate, [young, whole], WALK))
    assert options_words.age_note(option_reaches(estimate, [whole], WALK)) == ""


def test_localities_and_years_come_with_words(view, estimate):
    charts = locality_rows(view, "early_help")
    assert [key for key, _, _ in charts] == ["today", "cedar"]
    assert charts[0][2]["value"].is_monotonic_decreasing
    assert set(balance_table(view)["option"]) == {"today", "cedar"}
    assert len(locality_table(view)) == 6
    plan = Option("Steps", "steps", (OptionSite("ash-hub"), OptionSite("cedar-hub", closes_year=2)))
    table = years_table({"steps": reach_by_year(estimate, plan, WALK)}, {"steps": "Steps"})
    assert table["dip"].tolist() == [False, False, True]
    said = options_words.years_sentence(table)
    assert "fewest under Steps in year 2: **200 fewer**" in said
    assert "300 instead of 500" in said


def test_years_are_set_on_what_differs_from_today(small_place):
    option = Option("Move", "move", (OptionSite("cedar-hub", {"kind": "outreach"}),))
    frame = phase_frame(option, small_place)
    assert frame["change"].to_dict() == {"ash-hub": "closes", "cedar-hub": "becomes outreach"}
    stepped = with_phases(option, small_place, pd.Series({"ash-hub": 3, "cedar-hub": 2}), "In steps")
    said = {site.site_id: (site.opens_year, site.closes_year) for site in stepped.sites}
    assert said == {"cedar-hub": (2, None), "ash-hub": (None, 3)}
    assert phase_frame(stepped, small_place)["year"].to_dict() == {"ash-hub": 3, "cedar-hub": 2}
    assert stepped.slug == "in-steps"


def test_sites_are_named_so_that_twins_are_told_apart(small_place):
    sites = small_place.sites.assign(name="Hub", postcode=["AA1 1AA", "BB1 1BB"], is_open=[True, False])
    there, closed = site_states(sites, small_place)
    assert there == {"ash-hub": "Hub (AA1 1AA)"}
    assert closed == {"cedar-hub": "Hub (BB1 1BB)"}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_chart_is_drawn_from_its_numbers(view, change, mode):
    style = FigureStyle(mode=mode)
    words = {"title": HOSTILE, "subtitle": "x"}
    bars = figures.gain_loss_bars(group_bars(change, "ward"), style, colours=COLOURS, **words)
    assert sum(sum(trace.x) for trace in bars.data) == 300 - 100
    sankey = figures.moves_sankey(moves_table(change), style, **words)
    assert sum(sankey.data[0].link.value) == 600
    assert not any("<b>" in label for label in sankey.data[0].node.label)
    rows = pd.DataFrame({"option": ["a", "b"], "group": "All", "people": 10, "share_covered": [0.2, 0.6]})
    dots = figures.option_dots(rows, style, names={"a": HOSTILE, "b": "B"}, **words)
    assert [trace.x[0] for trace in dots.data] == [0.2, 0.6]
    assert dots.data[0].marker.symbol != dots.data[1].marker.symbol
    _, _, localities = locality_rows(view, "early_help")[0]
    assert (
        sum(figures.locality_bars(localities, style, colour="#28A197", **words).data[0].x)
        == localities["value"].sum()
    )
    years = pd.DataFrame(
        {
            "option": "a",
            "year": [0, 1],
            "share_covered": [0.5, 0.4],
            "dip": [False, True],
            "words": ["x", "y"],
        }
    )
    assert figures.year_lines(years, style, names={"a": "A"}, **words).data[0].text[1] == "▼ 40%"
    scores = score_options(view.figures, view.rows, {"children_covered": 1.0})
    assert list(figures.score_dots(scores, style, **words).data[0].x) == [1, 2, 3]
