"""The tables and maps of siting: every figure the same whichever way it is counted."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.answer import Travel
from analysis.reach.travel import straight_line_matrix
from analysis.render.figure_frame import FigureStyle
from analysis.render.theme import MISSING
from analysis.scenario.travel import travel_settings
from analysis.siting.answer import best_sets, own_set, set_reach
from analysis.siting.districts.districts import split_wards
from analysis.siting.figures import frontier_line
from analysis.siting.frontier import fairness_tradeoff, siting_frontier
from analysis.siting.maps import assignment_map, pale, split_map
from analysis.siting.problem import PlaceProblem, SitingTerms, place_problem
from analysis.siting.tables import assignment_table, chosen_table, unmet_table
from analysis.siting.words import (
    frontier_words,
    impossible_words,
    own_set_words,
    point_words,
    shortfalls,
    sites_words,
    siting_sentence,
    split_proof,
    split_words,
    swap_words,
    tradeoff_words,
)

HOSTS = ("family hub", "children's centre")


def problem_of(slug: str, **terms: object) -> PlaceProblem:
    place, settings = read_place(slug), travel_settings("walk")
    travel = Travel(straight_line_matrix(place.points, place.sites, settings), settings, settings.words)
    asked = SitingTerms(**{"kinds": HOSTS, **terms})
    return place_problem(estimate_need(place), place.sites, travel, asked)


@pytest.fixture(scope="module")
def thurrock() -> PlaceProblem:
    return problem_of("thurrock")


@pytest.fixture(scope="module")
def money() -> PlaceProblem:
    return problem_of("thurrock", model="budget", radius_minutes=30.0, least_hubs=2)


def need_reached(problem: PlaceProblem, result) -> float:
    return float(set_reach(problem, result).summary.loc["early_help", "covered"])


def test_answer_assignment_reach_and_sites_count_the_same_need(thurrock, money):
    for problem in (thurrock, money):
        best = best_sets(problem, 1)[0]
        table = assignment_table(problem, best)
        assert len(table) == 98
        assert table.loc[table["within"] == "yes", "need"].sum() == best.objective
        assert need_reached(problem, best) == best.objective
        chosen = chosen_table(problem, best)
        assert chosen["need_assigned"].sum() == problem.weights.sum()
        assert (chosen["need_only_here"] <= chosen["need_within"]).all()


def test_an_area_goes_to_the_site_and_takes_the_minutes_of_the_matrix(thurrock):
    best = best_sets(thurrock, 1)[0]
    table = assignment_table(thurrock, best)
    nearest = thurrock.costs[list(best.sites)]
    assert np.allclose(table["minutes"], nearest.min(axis=1))
    assert (table["site_id"] == nearest.idxmin(axis=1)).all()


def test_hubs_at_least_and_places_are_kept_to(money):
    best = best_sets(money, 1)[0]
    assert (best.kinds == "hub").sum() >= 2
    few = problem_of(
        "thurrock",
        model="budget",
        radius_minutes=30.0,
        least_hubs=2,
        hub_capacity=900.0,
        outreach_capacity=300.0,
    )
    short = best_sets(few, 1)[0]
    hubs = int((short.kinds == "hub").sum())
    assert hubs >= 2
    assert short.objective <= 900 * hubs + 300 * (len(short.sites) - hubs)
    assert short.objective < best.objective
    assert " have a place within 30 minutes of a hub" in siting_sentence(few, short)
    assert " live within 30 minutes of a hub" in siting_sentence(money, best)


def test_a_next_best_set_says_what_it_changes_and_a_list_of_ones_own_is_all_there_is(thurrock):
    best, second = best_sets(thurrock, 2)
    joins, leaves = set(second.sites) - set(best.sites), set(best.sites) - set(second.sites)
    assert (len(joins), len(leaves)) == (1, 1)
    assert swap_words(thurrock, best, second) == (
        f"Against the best: {thurrock.names(joins)[0]} joins; {thurrock.names(leaves)[0]} leaves."
    )
    only = ("aveley-family-hub", "ockendon-family-hub", "tilbury-family-hub", "chadwell-family-hub")
    own = problem_of("thurrock", only=only, p=2)
    assert tuple(own.candidates.index) == tuple(sorted(only))
    assert set(best_sets(own, 1)[0].sites) <= set(only)


def test_a_floor_for_one_kind_of_site_is_met_or_said_to_be_out_of_reach():
    free = best_sets(problem_of("thurrock", radius_minutes=60.0, p=5), 1)[0]
    problem = problem_of("thurrock", radius_minutes=60.0, p=5, floors=(("ward", 0.5),))
    found = best_sets(problem, 1)[0]
    assert (found.model, len(found.sites), len(found.kinds)) == ("mclp", 5, 0)
    assert found.objective <= free.objective
    table = assignment_table(problem, found)
    near = table["need"].where(table["within"] == "yes", 0.0).groupby(table["ward_name"]).sum()
    assert (near >= 0.5 * table["need"].groupby(table["ward_name"]).sum() - 1e-9).all()
    hopeless = problem_of("thurrock", p=3, floors=(("ward", 0.9),))
    none = best_sets(hopeless, 1)[0]
    assert none.status == "infeasible"
    assert len(shortfalls(none)) > 1
    words = impossible_words(none)
    assert "floors fall short" in words
    assert "Allow " in words
    unmet = unmet_table(hopeless, none)
    assert set(unmet.index) == set(none.unmet)
    assert unmet["need"].is_monotonic_decreasing
    assert np.allclose(unmet["nearest_minutes"], hopeless.costs.loc[unmet.index].min(axis=1))


def test_every_point_of_a_frontier_is_an_answer_with_the_reach_it_states(thurrock, money):
    for problem, found in (
        (thurrock, siting_frontier(thurrock, range(1, 6))),
        (money, siting_frontier(money)),
        (thurrock, fairness_tradeoff(thurrock, "longest")),
        (thurrock, fairness_tradeoff(thurrock, "fifth")),
    ):
        assert len(found.solutions) == len(found.points)
        for point, value in found.points["value"].items():
            assert need_reached(problem, found.solution(point)) == value
        assert found.start in found.points.index
        assert found.points["is_knee"].sum() <= 1


def test_a_trade_off_runs_from_most_reached_to_fairest_and_beats_no_point_twice(thurrock):
    points = fairness_tradeoff(thurrock, "longest").points
    assert points["value"].is_monotonic_decreasing
    assert points["x"].is_monotonic_decreasing
    assert points["value"].iloc[0] == best_sets(thurrock, 1)[0].objective


def test_a_frontier_is_drawn_with_its_knee_and_written_as_the_answer_is(thurrock):
    found = siting_frontier(thurrock, range(1, 7))
    words = frontier_words(thurrock, found)
    figure = frontier_line(found.points, FigureStyle(), words, at="2")
    line, ring, knee = figure.data
    assert list(line.customdata) == [0, 1, 2, 3, 4, 5]
    assert (ring.x[0], knee.x[0]) == (2, float(found.start))
    said = point_words(thurrock, found, "2", words)
    assert said.startswith("Two sites: **")
    assert "This is the point of diminishing returns" in point_words(thurrock, found, found.start, words)
    assert words.point(1.0) == "1 site"
    assert words.point(math.inf) == "without a limit"
    trade = fairness_tradeoff(thurrock, "longest")
    # no point of this one is a knee: the two ends are named; with one, what it gives up
    longest = trade.points["x"].to_list()
    ends = f"From at most {longest[0]:.0f} minutes to at most {longest[-1]:.0f} minutes costs "
    assert tradeoff_words(thurrock, trade, "longest").title.startswith(ends)
    bent = replace(trade, points=trade.points.assign(is_knee=np.arange(len(trade.points)) == 1))
    assert tradeoff_words(thurrock, bent, "longest").title.startswith("Giving up ")


def test_the_map_of_who_goes_where_has_one_colour_a_site_paler_where_too_far(thurrock):
    best = best_sets(thurrock, 1)[0]
    drawn = assignment_map(thurrock, best, "source")
    table = drawn.numbers
    full = {
        site: set(drawn.paint.fill[(table["site_id"] == site) & (table["within"] == "yes")])
        for site in best.sites
    }
    assert all(len(colours) == 1 for colours in full.values())
    assert len(set.union(*full.values())) == 3
    far = drawn.paint.fill[table["within"] == "no"]
    assert set(far) <= {pale(colour) for colours in full.values() for colour in colours}
    assert MISSING not in set(drawn.paint.fill)
    counts = [int(count.replace(",", "")) for _, _, count in drawn.sheet.legend.rows]
    # Estimates, each to the nearest 10.
    assert sum(counts) == pytest.approx(best.objective, abs=5 * len(counts))


def test_a_split_is_mapped_by_area_with_the_wards_that_move():
    problem = problem_of("wirral")
    split = split_wards(problem.estimate, number=4, margin=0.35)
    words = split_words(split)
    drawn = split_map(split, words, "source")
    assert drawn.moved == split.found.moved
    assert len(set(drawn.paint.fill)) == 4
    counts = [int(count.replace(",", "")) for _, _, count in drawn.sheet.legend.rows]
    assert sum(counts) == pytest.approx(problem.weights.sum(), abs=5 * len(counts))
    assert words.startswith("Today's areas lie up to **48%**")
    assert split_proof(split, best=False).startswith(
        "Proven best on these estimates: no other split into contiguous areas"
    )
    stopped = replace(split, found=replace(split.found, status="stopped", bound=120.0))
    assert "Best so far, not proven: 120 or more must move" in split_proof(stopped, best=False)
    closer = replace(split, found=replace(split.found, status="stopped", bound=0.021))
    assert "2% from equal need or more" in split_proof(closer, best=True)
    none = split_wards(problem.estimate, number=4, margin=0.001)
    assert split_proof(none, best=False).startswith("Shown impossible in ")
    whole = problem_of("thurrock")
    assert split_words(split_wards(whole.estimate, number=2, margin=0.25)).startswith(
        "The place is one area today; two areas"
    )


def test_sets_and_sets_of_ones_own_are_said_in_good_words(thurrock, money):
    one = own_set(thurrock, ("tilbury-family-hub",))
    assert own_set_words(thurrock, one).startswith("Your site reaches **")
    best = best_sets(money, 1)[0]
    hubs = int((best.kinds == "hub").sum())
    assert len(best.sites) > 6
    assert (
        f" and {['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][len(best.sites) - hubs]} outreach"
        in sites_words(money, best)
    )
    asked = own_set(money, dict(best.kinds))
    assert asked.objective == best.objective
    assert "nothing does better" in own_set_words(money, asked)


def test_every_point_of_a_trade_off_has_a_name_of_its_own():
    problem = problem_of("wirral", p=6, floors=(("fifth", 0.5),))
    for against in ("longest", "fifth"):
        trade = fairness_tradeoff(problem, against)
        words = tradeoff_words(problem, trade, against)
        assert trade.points["x"].map(words.point).is_unique
        assert "with at least 50% of need reached in the most deprived fifth" in words.subtitle
    assert "{:.1f}" in tradeoff_words(problem, fairness_tradeoff(problem, "longest"), "longest").one
