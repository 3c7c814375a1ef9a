"""Reach as figures to look at: held against the answer's own lists, and added up a second way."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.benchmark.indicator_maps import indicator_map
from analysis.benchmark.indicator_words import look_sentence
from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.answer import answer_reach, gap_list
from analysis.reach.measures import CHILDREN, MEASURES, MINUTES, NEED, answer_look, reach_measures
from analysis.render.theme import SEQUENTIAL
from analysis.scenario.terms import Terms


@pytest.fixture(scope="module")
def view(todays_ground):
    return answer_reach(estimate_need(read_place("thurrock")), Terms(minutes=15, tier="specialist"))


def measure(view, level, key):
    table = reach_measures(view, level)
    return table[table["measure"] == key].set_index("area_code")


@pytest.mark.parametrize("level", ["lsoa", "ward", "place"])
def test_people_left_out_are_those_of_the_list_of_gaps(view, level):
    gaps = gap_list(view, level)
    for key, column in ((CHILDREN, "children_not_reached"), (NEED, "need_not_reached")):
        value = measure(view, level, key)["value"]
        expected = gaps[column].reindex(value.index).fillna(0)
        pd.testing.assert_series_equal(value, expected.astype(float), check_names=False)


def test_minutes_are_the_mean_over_children_of_their_own_nearest_site(view):
    small = measure(view, "lsoa", MINUTES)["value"]
    pd.testing.assert_series_equal(small, view.served_nearest["nearest_minutes"], check_names=False)
    people = view.demand.assign(minutes=view.nearest["nearest_minutes"])
    people["product"] = people["minutes"] * people["children"]
    sums = people.groupby("ward_code")[["product", "children"]].sum()
    ward = measure(view, "ward", MINUTES)["value"]
    np.testing.assert_allclose(ward, (sums["product"] / sums["children"]).reindex(ward.index))


def test_the_range_of_need_left_out_is_that_of_all_need_where_nobody_is_reached(view):
    table = measure(view, "lsoa", NEED)
    share = view.area_share.reindex(table.index)
    whole = view.estimate.tier_table("lsoa", "specialist").reindex(table.index)
    nobody = share == 0
    assert nobody.sum() > 10
    assert table.loc[nobody, "low"].tolist() == whole.loc[nobody, "low"].tolist()
    assert table.loc[nobody, "high"].tolist() == whole.loc[nobody, "high"].tolist()
    assert (table.loc[share == 1, ["value", "low", "high"]] == 0).all(axis=None)
    assert table["value"].between(table["low"], table["high"]).all()
    ward = measure(view, "ward", NEED)
    assert (ward["high"] <= table["high"].groupby(view.areas["ward_code"]).sum().reindex(ward.index)).all()


def test_a_figure_of_reach_is_looked_at_as_any_other(view):
    answer = answer_look(view, NEED, "ward")
    assert answer.value == pytest.approx(
        view.summary.loc["specialist", "total"] - view.summary.loc["specialist", "covered"]
    )
    assert answer.low < answer.value < answer.high
    assert look_sentence(answer).split(" children** in ")[0].endswith("\\)")
    assert answer.table["rank"].iloc[0] == 1
    assert answer.table["value"].is_monotonic_decreasing
    assert "beyond a 15-minute walk of a family hub" in look_sentence(answer)
    assert view.line in answer.indicator.source
    assert answer_look(view, "imd_score", "ward").indicator.table == view.estimate.settings.vintage


def test_minutes_are_in_turquoise_classes_about_the_limit(view):
    drawn = indicator_map(answer_look(view, MINUTES, "ward"), "")
    rows = drawn.sheet.legend.rows
    assert [row[1] for row in rows] == [
        "over 30",
        "over 22.5 to 30",
        "over 15 to 22.5",
        "over 7.5 to 15",
        "up to 7.5",
    ]
    assert [row[0] for row in rows] == list(SEQUENTIAL["turquoise"][::-1])
    value = measure(view, "ward", MINUTES)["value"]
    assert [int(row[2]) for row in rows] == [
        int(((value > low) & (value <= high)).sum())
        for low, high in ((30, np.inf), (22.5, 30), (15, 22.5), (7.5, 15), (0, 7.5))
    ]


def test_where_no_site_counts_nobody_has_minutes_and_all_are_left_out(view):
    estimate = view.estimate
    none = answer_reach(estimate, sites=estimate.place.sites.assign(is_open=False))
    assert reach_measures(none, "ward").groupby("measure")["value"].sum()[CHILDREN] == estimate.place.children
    assert measure(none, "ward", MINUTES)["value"].isna().all()


@pytest.mark.parametrize(
    ("key", "level", "said"),
    [
        ("reach_minute", "ward", "Did you mean reach_minutes"),
        (MEASURES[0], "msoa", "Choose one of: ward, lsoa"),
    ],
)
def test_what_is_not_there_is_refused(view, key, level, said):
    with pytest.raises(HubreachError, match=said):
        answer_look(view, key, level)
