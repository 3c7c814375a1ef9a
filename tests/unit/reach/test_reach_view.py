"""What the reach and sites pages show, checked by hand on six squares of 100 children and by sums on Wirral."""

import datetime as dt
import json
import os

import numpy as np
import pandas as pd
import pytest

from analysis.base.history import copy_path
from analysis.base.writing import write_whole
from analysis.need.estimate import estimate_need
from analysis.places.sites.edits import (
    SiteHistory,
    add_site,
    apply_edits,
    close_site,
    edits_between,
    move_site,
)
from analysis.reach.answer import Travel, answer_reach, gap_list
from analysis.reach.figures import coverage_bars, sensitivity_lines, site_bars
from analysis.reach.maps import catchment_outlines, minute_classes, point_dots, reach_map, shown_sites
from analysis.reach.selection import site_symbol
from analysis.reach.sensitivity import reach_sensitivity
from analysis.reach.sites import (
    edited_sites,
    editor_frame,
    offered_services,
    other_copies,
    recent_changes,
    site_marks,
    symbol_rows,
)
from analysis.reach.sites import shown_sites as sites_to_show
from analysis.reach.tables import access_table, area_table, coverage_order, readable, summary_table
from analysis.reach.travel import straight_line_matrix
from analysis.reach.words import (
    change_sentence,
    gap_sentence,
    reach_answer,
    reach_headline,
    site_card,
    sites_answer,
)
from analysis.render.figure_frame import FigureStyle
from analysis.render.layers import MapFrame, area_map
from analysis.render.outlines import outlines
from analysis.render.theme import MISSING
from analysis.scenario.need_settings import default_settings
from analysis.scenario.terms import Terms
from analysis.scenario.travel import travel_settings

HOSTILE = "<img src=x onerror=alert(1)> **bold** =1+1"


@pytest.fixture(scope="module")
def estimate(small_place):
    return estimate_need(small_place, default_settings(small_place))


def view_of(estimate, sites, minutes=10.0, **terms):
    return answer_reach(estimate, Terms(minutes, **{"kinds": (), **terms}), sites=sites)


@pytest.fixture(scope="module")
def view(estimate, small_place):
    """Hubs stand in the middle of A1 (0 min) and A5 (0 min); 1 km is 16.25 minutes, a diagonal 22.98."""
    return view_of(estimate, small_place.sites)


def test_the_answer_counts_the_two_squares_with_a_hub(view):
    assert reach_answer(view).startswith("**200 of 600 children (33%)** live within a 10-minute walk")
    assert reach_headline(view).startswith("33% of children (200 of 600)")
    assert view.summary.loc["under_fives", "covered"] == 40 + 20
    assert view.summary.loc["early_help", "low"] <= view.summary.loc["early_help", "covered"]
    assert view.summary.loc["early_help", "high"] >= view.summary.loc["early_help", "covered"]


def test_minutes_are_classed_at_the_limit_and_children_add_up(view):
    fill, rows = minute_classes(view)
    assert [words for _, words, _ in rows] == [
        "up to 5, reached",
        "over 5 to 10, reached",
        "over 10 to 15",
        "over 15 to 20",
        "over 20",
    ]
    # A1 and A5 are 0 minutes away; A2, A4 and A6 one side (15 minutes); A3 is a diagonal from A5
    assert [count for *_, count in rows] == ["200", "0", "300", "0", "100"]
    assert fill["A1"] == fill["A5"] != fill["A3"]


def test_without_any_site_all_are_grey_and_the_answer_says_so(estimate, small_place):
    closed = apply_edits(
        small_place.sites, SiteHistory().record((close_site("ash-hub"), close_site("cedar-hub")))
    )
    view = view_of(estimate, closed)
    fill, rows = minute_classes(view)
    assert set(fill) == {MISSING}
    assert rows[-1][1:] == ("no way to any", "600")
    assert "**none of 600 children**" in reach_answer(view)
    assert catchment_outlines(view) == ()
    assert gap_list(view)["children_not_reached"].sum() == 600
    assert (gap_list(view)["nearest_name"] == "").all()
    assert summary_table(view)["mean_minutes"].isna().all()


def test_points_are_dots_filled_where_their_children_are_within_reach(view, real_places, small_place):
    # A1 and A5 have the two hubs; the others lie a kilometre off or more
    dots = point_dots(view)
    assert sum(full for *_, full in dots) == 2
    assert len(dots) == 6
    real = answer_reach(estimate_need(real_places["thurrock"]))
    within = {(lon, lat) for lon, lat, full in point_dots(real) if full}
    at = real.demand.loc[real.covered, ["easting", "northing"]].drop_duplicates()
    assert len(within) == len(at)
    deck = area_map(outlines(small_place), reach_map(view, "").paint, MapFrame(dots=dots))
    layer = next(each for each in json.loads(deck.to_json())["layers"] if each["id"] == "dots")
    assert len(layer["data"]) == 6
    assert len({tuple(each["fill"]) for each in layer["data"]}) == 2


def test_gaps_are_ranked_by_need_and_name_the_nearest_site(view):
    gaps = gap_list(view, "ward")
    assert list(gaps["area_name"]) == ["Birch", "Ash", "Cedar"]
    assert gaps["children_not_reached"].to_dict() == {"W2": 200, "W1": 100, "W3": 100}
    assert gaps.loc["W3", "nearest_name"] == "Cedar Hub"
    assert gaps.loc["W3", "nearest_minutes"] == pytest.approx(15.0)
    squares = gap_list(view, "lsoa")
    assert set(squares.index) == {"A2", "A3", "A4", "A6"}


def test_catchments_are_circles_of_the_straight_line_and_one_outline_where_they_pile_up(view, estimate):
    settings = travel_settings("walk")
    circles = catchment_outlines(view)
    assert len(circles) == 2
    points = np.asarray(circles[0]["geometry"]["coordinates"][0])
    height_m = (points[:, 1].max() - points[:, 1].min()) / 2 * 111_250
    assert height_m == pytest.approx(settings.distance_m(10), rel=0.01)
    assert len(catchment_outlines(view_of(estimate, view.all_sites, 200.0))) == 1


def test_a_table_of_times_outlines_the_areas_that_it_reaches(estimate, small_place):
    costs = straight_line_matrix(small_place.areas, small_place.sites)
    travel = Travel(costs, travel_settings("walk"), "your table", is_straight=False)
    drawn = catchment_outlines(answer_reach(estimate, Terms(10.0), travel=travel))
    assert len(drawn) == 1
    assert drawn[0]["geometry"]["type"] == "MultiPolygon"


def test_tables_are_readable_and_add_up(view):
    table = area_table(view, "ward")
    assert table["children_covered"].sum() == 200
    assert table.loc["W1", "nearest_name"] == "Ash Hub"
    assert table["share_covered"].tolist() == [0.5, 0.0, 0.5]
    assert coverage_order(view, "ward").index[0] == "W2"
    odd = pd.DataFrame({"share_x": [0.123], "need_shared": [1.234], "mean_minutes": [np.inf]})
    assert readable(odd).iloc[0, :2].tolist() == [0.12, 1.234]
    assert readable(odd)["mean_minutes"].isna().all()
    access, unit = access_table(view, "none", "ward")
    assert unit == "sites per 1,000 children in need"
    assert access["value"].iloc[0] == 0
    # by population A1 (a hub in its middle) and A2 are the most deprived fifth, A6 the least
    words = "The most deprived fifth is reached more than the least: 50% against 0% of children, 50 points"
    assert gap_sentence(view) == words


def test_closing_a_hub_is_said_in_children(view, estimate):
    after = view_of(estimate, apply_edits(view.all_sites, SiteHistory().record((close_site("ash-hub"),))))
    assert "**100 fewer** than today" in change_sentence(view, after, 1)
    assert "**100 more** than today" in change_sentence(after, view, 1)
    assert change_sentence(view, view, 0).endswith("10-minute walk.")
    assert "It does not count now: it is closed" in site_card(
        after, after.all_sites.loc["ash-hub"], "ash-hub"
    )
    assert "ash-hub" in shown_sites(view_of(estimate, after.all_sites, kinds=("hub",))).index
    assert sites_answer(after.all_sites, 1, "Sampleton") == (
        "**1 site is open** in Sampleton: 1 hub; 1 more is closed or a possible building. The table shows **1 change** "
        "from today."
    )


@pytest.fixture
def attacked(small_place):
    edit = add_site(small_place.sites, HOSTILE, HOSTILE, easting=561000, northing=181000)
    return apply_edits(small_place.sites, SiteHistory().record((edit,)))


def test_hostile_names_are_text_in_map_legend_figures_and_sentences(estimate, small_place, attacked):
    view = view_of(estimate, attacked, kinds=(HOSTILE,))
    drawn = reach_map(view, "source")
    deck = area_map(outlines(small_place), drawn.paint, MapFrame(), drawn.sites).to_json()
    # the browser side escapes what a tooltip puts in; nothing here is markup or an expression of the map
    assert '"name":"<img src=x onerror=alert(1)> **bold** =1+1"' in deck
    assert "<img" not in reach_answer(view).replace("\\<img", "")
    assert "**bold**" not in reach_answer(view)
    assert "**bold**" not in site_card(view, attacked.iloc[-1], str(attacked.index[-1]))
    style = FigureStyle()
    figures = (
        site_bars(view.site_table, style, title=HOSTILE, subtitle=HOSTILE),
        coverage_bars(view.by("ward").assign(area_name=HOSTILE), style, title=HOSTILE, subtitle=""),
    )
    for figure in figures:
        hover = " ".join(str(text) for trace in figure.data for text in trace.hovertext)
        assert "<img" not in hover
        assert "&lt;img" in hover
        assert "<img" not in str(figure.layout.title.text)
        assert "<img" not in str(figure.layout.yaxis.ticktext)


def test_sensitivity_lines_mark_the_value_in_force(view):
    table = reach_sensitivity(view).table
    figure = sensitivity_lines(table, FigureStyle(), title="t", subtitle="s")
    assert len(figure.data) == 3
    for trace, name in zip(figure.data, ("detour", "speed_kmh", "minutes"), strict=True):
        rows = table[table["assumption"] == name].sort_values("value")
        sizes = list(trace.marker.size)
        assert sizes.count(13) == 1
        assert rows["in_force"].tolist() == [size == 13 for size in sizes]


def test_symbols_come_from_the_place_then_from_the_words(small_place):
    assert site_symbol("Hub", small_place.kinds) == "hub"
    assert site_symbol("library outreach", small_place.kinds) == "outreach"
    assert site_symbol("youth hub", small_place.kinds) == "youth-hub"
    assert site_symbol("family hub", small_place.kinds) == "hub"
    assert site_symbol("something else", small_place.kinds) == "centre"


def test_a_closed_site_has_its_own_row_in_the_legend(small_place):
    sites = apply_edits(small_place.sites, SiteHistory().record((close_site("ash-hub"),)))
    assert symbol_rows(site_marks(sites, small_place.kinds)) == (
        ("hub", "hub", True),
        ("hub", "closed", False),
    )


def test_cells_of_the_table_become_changes(small_place):
    sites = small_place.sites
    shown = editor_frame(sites)
    after = edited_sites(
        sites,
        shown,
        {
            0: {"is_open": False, "services": ["Play", "Health"], "capacity_families": 40, "labels": "no"},
            1: {"name": "Cedar House", "condition": None, "age_to": None},
        },
    )
    done = [(edit.action, edit.site_id, dict(edit.values)) for edit in edits_between(sites, after)]
    assert done == [
        ("change", "ash-hub", {"services": "Play;Health", "capacity_families": 40.0}),
        ("close", "ash-hub", {}),
        ("rename", "cedar-hub", {"name": "Cedar House"}),
    ]
    assert sites.loc["ash-hub", "is_open"]


def test_changed_sites_are_always_shown_and_the_history_is_told_latest_first(small_place):
    history = SiteHistory().record((close_site("ash-hub"),))
    history = history.record((move_site("cedar-hub", easting=561600, northing=180600),))
    sites = apply_edits(small_place.sites, history)
    assert list(sites_to_show(sites, small_place.sites, "open", ()).index) == ["ash-hub", "cedar-hub"]
    table = recent_changes(history.done, sites["name"])
    assert table["change"].tolist() == ["moved", "closed"]
    assert table["site"].tolist() == ["Cedar Hub", "Ash Hub"]
    assert "561600" in table["what"].iloc[0]


def test_services_are_offered_once_with_the_core_offer_first(small_place):
    sites = small_place.sites.assign(services=["play group;Health", ""])
    assert offered_services(sites, ["Play group", "Advice"]) == ["Play group", "Advice", "Health"]


def test_other_copies_leave_out_the_one_in_force_empty_and_broken_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    close = (close_site("a"),)
    two = SiteHistory(done=((close_site("a"), close_site("b")),))
    histories = {"aaaa": two, "bbbb": SiteHistory(done=(close,)), "cccc": SiteHistory(undone=(close,))}
    for copy, history in histories.items():
        write_whole(copy_path("sampleton", "site", copy), history.text, "")
    write_whole(copy_path("sampleton", "site", "dddd"), "{", "")
    when = dt.datetime(2026, 1, 2, 10, tzinfo=dt.UTC).timestamp()
    os.utime(copy_path("sampleton", "site", "aaaa"), (when, when))
    assert other_copies("sampleton", "bbbb") == {"aaaa": "2 January 2026, 10:00 UTC: 2 changes (aaaa)"}


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["outreach", "outreach"], "2 outreach sites"),
        (["outreach"], "1 outreach site"),
        (["library", "library"], "2 libraries"),
        (["youth gateway", "youth gateway"], "2 youth gateways"),
        (["school (primary)", "school (primary)"], r"2 schools \(primary\)"),
        (["church", "church"], "2 churches"),
    ],
)
def test_kinds_are_counted_in_good_english(kinds, words):
    sites = pd.DataFrame({"kind": kinds, "is_open": True}, index=[f"s{k}" for k in range(len(kinds))])
    assert words in sites_answer(sites, 0, "Sampleton")
