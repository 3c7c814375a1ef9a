"""The view from one ward, choosing sites, and how far answers hang on assumptions."""

import itertools

import numpy as np
import pytest

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.answer import answer_reach
from analysis.reach.selection import check_kinds, choose_sites, site_kinds, sites_without_services
from analysis.reach.sensitivity import (
    Sensitivity,
    assumption_values,
    coverage_sensitivity,
    reach_sensitivity,
    tried_travel,
    ward_answers,
)
from analysis.reach.travel import straight_line_matrix
from analysis.reach.wards import (
    nearest_of_each_kind,
    nearest_of_each_service,
    services_by_ward,
    services_out_of_reach,
    ward_minutes,
)
from analysis.reach.words import closing_sentence, wards_kept
from analysis.scenario.terms import Terms
from analysis.scenario.travel import travel_settings

OFFER = ("Play", "Advice", "Law")


def test_minutes_from_a_ward_are_the_mean_over_its_children(costs, demand):
    # a 100 at 0, b 200 at 5, c 300 at 10 minutes from s1
    assert ward_minutes(costs, demand, "W1").tolist() == pytest.approx([4000 / 600, 2000 / 600, 11_000 / 600])


def test_the_nearest_of_each_kind_counts_merged_labels(costs, demand, sites, pace):
    drive = straight_line_matrix(demand, sites, travel_settings("drive"))
    table = nearest_of_each_kind({"walk": costs, "drive": drive}, sites, demand, "W1")
    assert table["nearest_site"].to_dict() == {
        "family hub": "s2",
        "children's centre": "s2",
        "outreach": "s3",
    }
    assert table["site_name"].tolist() == ["Two", "Two", "Three"]
    assert table.loc["outreach", "walk_minutes"] == pytest.approx(11_000 / 600)
    assert table.loc["outreach", "drive_minutes"] == pytest.approx(5 + 11_000 / 600 / 10 * 2.4)


def test_the_nearest_of_each_service_says_where_there_is_none(costs, demand, sites):
    table = nearest_of_each_service({"walk": costs}, sites, demand, "W1", OFFER)
    assert table["nearest_site"].to_dict() == {"Play": "s2", "Advice": "s1", "Law": ""}
    assert table["walk_minutes"].tolist() == pytest.approx([2000 / 600, 4000 / 600, np.inf])


def test_services_by_ward_are_shares_of_children(costs, demand, sites):
    shares = services_by_ward(costs, sites, demand, OFFER, 5.0)
    assert shares["area_name"].tolist() == ["First", "Second"]
    # Play at s1 and s2 reaches a, b, c and d; Advice at s1 reaches a and b
    assert shares["Play"].tolist() == pytest.approx([1.0, 150 / 400])
    assert shares["Advice"].tolist() == pytest.approx([300 / 600, 0])
    assert services_out_of_reach(shares).to_dict() == {"W1": ("Law",), "W2": ("Advice", "Law")}


def test_a_site_that_is_closed_serves_nobody(costs, demand, sites):
    closed = sites.assign(is_open=sites.index == "s3")
    assert nearest_of_each_kind({"walk": costs}, closed, demand, "W1").index.tolist() == ["outreach"]
    assert services_by_ward(costs, closed, demand, ["Play"], 60.0)["Play"].tolist() == [0, 0]


def test_sites_are_chosen_by_kind_service_age_hours_and_opening(sites):
    def chosen(**filters):
        return choose_sites(sites, **filters).index.tolist()

    assert chosen() == ["s1", "s2", "s3"]
    assert chosen(include_closed=True) == ["s1", "s2", "s3", "s4"]
    assert chosen(kinds=["Family Hub"]) == ["s1", "s2"]
    assert chosen(kinds=["children's centre", "outreach"]) == ["s2", "s3"]
    assert chosen(services=["play", "advice"]) == ["s1"]
    assert chosen(ages=(11, 17)) == ["s2", "s3"]
    assert chosen(ages=(0, 5)) == ["s1", "s2", "s3"]
    assert chosen(least_hours=10) == ["s3"]
    assert sites_without_services(sites) == 1


def test_an_unknown_kind_is_refused_with_those_there_are(sites):
    assert site_kinds(sites) == ["family hub", "outreach", "school (primary)", "children's centre"]
    check_kinds(sites, ["family hub", "gateway"], known=["gateway"])
    with pytest.raises(HubreachError, match="Choose one of: family hub, outreach"):
        check_kinds(sites, ["hubb"])


def test_sensitivity_changes_one_assumption_at_a_time(demand, costs, pace):
    values = {"detour": [1.0, 1.4], "speed_kmh": [6.0, 7.5], "minutes": [4.0, 5.0]}
    table = coverage_sensitivity(demand, list(tried_travel(costs, pace, 4.0, 4.0, values)))
    assert table["assumption"].tolist() == [
        "detour",
        "detour",
        "speed_kmh",
        "speed_kmh",
        "minutes",
        "minutes",
    ]
    assert table["in_force"].tolist() == [True, False, True, False, True, False]
    # at 7.5 km/h 500 m take exactly 4 minutes
    assert table["children_covered"].tolist() == [650, 650, 650, 1000, 650, 1000]
    assert table["early_help_share"].tolist()[:2] == pytest.approx([95 / 130, 95 / 130])


def test_wards_that_flip_are_named_with_the_assumption(demand, costs, pace):
    only_s1 = costs[["s1"]]
    values = {"detour": [1.0, 1.2], "minutes": [5.0, 10.0]}
    tried = list(tried_travel(only_s1, pace, 5.0, 5.0, values))
    wards = ward_answers(demand, tried)
    # W1: a and b (300 of 600) at detour 1.0, a alone at 1.2, all at 10 minutes; W2 is never reached
    assert wards["keeps"].to_dict() == {"W1": False, "W2": True}
    found = Sensitivity(coverage_sensitivity(demand, tried), wards, values)
    assert wards_kept(found).startswith(
        "Of two wards, one keeps the same answer **whatever is assumed**, one assumption at a time: a detour of 1 to 1.2 "
        "and a limit of 5 to 10 minutes. One keeps it even with all of these"
    )
    assert found.depending.index.tolist() == ["W1"]
    row = wards.loc["W1"]
    assert (row["share_in_force"], row["lowest_share"], row["highest_share"]) == pytest.approx(
        (0.5, 1 / 6, 1.0)
    )
    assert row["flips_with"] == "detour"


def test_a_ward_may_hold_against_each_assumption_and_not_against_all(demand, costs, pace):
    values = {"speed_kmh": [4.8, 6.0], "minutes": [6.4, 8.0, 9.0]}
    # W1 is 0, 5 and 10 minutes from s1 (100, 200, 300 children): b comes within 6.25 at 4.8 km/h, within 6.4 as it
    # is, but not by both; c never does
    wards = ward_answers(demand, list(tried_travel(costs[["s1"]], pace, 8.0, 8.0, values)))
    assert wards.loc["W1", ["keeps", "keeps_together"]].tolist() == [True, True]
    values = {"speed_kmh": [4.8, 6.0], "minutes": [6.0, 8.0]}
    wards = ward_answers(demand, list(tried_travel(costs[["s1"]], pace, 8.0, 8.0, values)))
    assert wards.loc["W1", ["keeps", "keeps_together"]].tolist() == [True, False]


def test_the_values_tried_hold_those_in_force():
    values = assumption_values(travel_settings("walk", detour=1.33), 17.0)
    assert values["detour"] == [1.1, 1.2, 1.3, 1.33]
    assert 4.8 in values["speed_kmh"]
    assert values["minutes"] == pytest.approx([12.75, 15.3, 17.0, 18.7, 21.25])


def test_closing_crossings_is_tried_as_the_scenario_closes_them(todays_ground):
    estimate = estimate_need(read_place("wirral"))

    def covered(*closed):
        answer = answer_reach(estimate, Terms(closed=closed))
        return float(answer.summary.loc["children", "covered"])

    found = reach_sensitivity(answer_reach(estimate))
    table = found.table[found.table["assumption"] == "crossings"]
    names = list(found.tried["crossings"])
    assert table["what"].tolist()[:-1] == names
    assert table["children_covered"].tolist()[:-1] == pytest.approx([covered(name) for name in names])
    worst = min(covered(*pair) for pair in itertools.combinations(names, 2))
    assert table["children_covered"].tolist()[-1] == pytest.approx(worst)
    assert worst < covered()
    lost = round(covered() - min(map(covered, names)))
    assert closing_sentence(found) == (
        f"Of the crossings, closing Poulton Bridge \\(Wallasey Bridge Road\\) costs most: {lost} fewer children are within "
        "reach; closing a second costs no more."
    )
    assert round(covered() - worst) == lost


def test_where_no_crossing_is_listed_nobody_crossing_is_tried(todays_ground):
    view = answer_reach(estimate_need(read_place("tower-hamlets")))
    table = reach_sensitivity(view).table.set_index("what")
    lost = view.summary.loc["children", "covered"] - table.loc["no crossing of water", "children_covered"]
    # at most those whose line to their nearest site is cut
    assert 0 <= lost <= view.children_across_water
