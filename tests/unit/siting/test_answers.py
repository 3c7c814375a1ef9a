"""Hand-checkable answers, what they hold, and what stands in the way when there is none."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.siting.models.model import LocationProblem, Watch
from analysis.siting.models.solve import ranked_solutions, score, solve


def test_mclp_takes_the_end_with_most_need(street, need):
    result = solve(LocationProblem("mclp", p=1, radius_minutes=10), street, need)
    assert (result.status, result.sites, result.objective, result.gap) == ("optimal", ("west",), 21.0, 0.0)
    assert result.bound == 21.0
    assert result.unmet == ("a", "b", "c")
    assert list(result.assignment) == ["west"] * 5


def test_pmedian_takes_the_least_total_minutes(street, need):
    result = solve(LocationProblem("pmedian", p=2), street, need)
    # east and west: b 10, c 5 x 20, d 10
    assert (result.sites, result.objective) == (("east", "west"), 120.0)
    assert result.assignment["c"] == "east"  # 20 minutes either way: the first id


def test_pcenter_takes_the_least_longest_minutes(street, need):
    result = solve(LocationProblem("pcenter", p=1), street, need)
    assert (result.sites, result.objective) == (("middle",), 20.0)


def test_lscp_takes_the_fewest_sites(street, need):
    assert solve(LocationProblem("lscp", radius_minutes=20), street, need).sites == ("middle",)
    assert solve(LocationProblem("lscp", radius_minutes=10), street, need).sites == ("east", "middle", "west")


def test_partial_cover_needs_fewer_sites_than_full_cover(street, need):
    result = solve(LocationProblem("partial", radius_minutes=10, share=0.8), street, need)
    assert (result.sites, result.objective) == (("east", "west"), 2.0)


def test_kept_and_excluded_sites_are_obeyed(street, need):
    kept = solve(LocationProblem("mclp", p=1, radius_minutes=10, keep=("east",)), street, need)
    excluded = solve(LocationProblem("mclp", p=1, radius_minutes=10, exclude=("west",)), street, need)
    assert (kept.sites, kept.objective) == (("east",), 11.0)
    assert excluded.sites == ("east",)


def test_an_area_without_need_takes_no_part_but_is_assigned(street, need):
    lonely = pd.concat([street, pd.DataFrame([[900.0, 800.0, 700.0]], ["far"], street.columns)])
    result = solve(LocationProblem("pcenter", p=1), lonely, pd.concat([need, pd.Series({"far": 0.0})]))
    assert result.objective == 20.0
    assert result.assignment["far"] == "middle"
    assert "far" not in result.unmet


def test_full_coverage_prefers_least_travel(street, need):
    result = solve(LocationProblem("mclp", p=2, radius_minutes=60), street, need)
    assert (result.objective, result.sites) == (37.0, ("east", "west"))


def test_ties_go_to_the_earliest_site_id():
    costs = pd.DataFrame(5.0, index=["a", "b"], columns=["z", "m", "c", "k"])
    weights = pd.Series([1.0, 1.0], index=["a", "b"])
    for problem in (
        LocationProblem("mclp", p=2, radius_minutes=9),
        LocationProblem("pmedian", p=2),
        LocationProblem("pcenter", p=2),
    ):
        assert solve(problem, costs, weights).sites == ("c", "k")


def test_unreachable_areas_make_the_median_infeasible_and_are_named(street, need):
    cut = street.copy()
    cut.loc["c"] = np.inf
    result = solve(LocationProblem("pmedian", p=2), cut, need)
    assert (result.status, result.unmet, result.sites) == ("infeasible", ("c",), ())
    assert result.remedies[0] == "No site can be reached from where 13.5% of need is"


def test_too_few_sites_to_reach_everyone_says_how_many_it_takes():
    costs = pd.DataFrame(np.where(np.eye(3) > 0, 1.0, np.inf), list("abc"), ["x", "y", "z"])
    weights = pd.Series(1.0, index=list("abc"))
    for model in ("pmedian", "pcenter"):
        result = solve(LocationProblem(model, p=2), costs, weights)
        assert result.status == "infeasible"
        assert result.unmet == ("c",)
        assert result.remedies[1] == "Choose 3 sites: that is the fewest that all can reach"


def test_lscp_beyond_reach_names_the_least_minutes_and_the_most_share(street, need):
    result = solve(LocationProblem("lscp", radius_minutes=5), street, need)
    assert (result.status, result.unmet) == ("infeasible", ("b", "d"))
    assert result.remedies[0] == "5.4% of need is more than 5 minutes from every site"
    assert result.remedies[1] == "Allow 10 minutes: that is the least with which 100% of need can be covered"
    assert result.remedies[2] == "Or ask for 94.5% of need, the most within 5 minutes"
    again = solve(LocationProblem("lscp", radius_minutes=10), street, need)
    assert again.status == "optimal"


@pytest.mark.parametrize(
    ("problem", "remedy"),
    [
        (
            LocationProblem("mclp", p=9, radius_minutes=5),
            "9 sites are to be chosen from 3: choose 3 or fewer",
        ),
        (
            LocationProblem("pmedian", p=1, keep=("east", "west")),
            "2 sites are kept but only 1 may be chosen: choose 2 or more, or keep fewer",
        ),
        (
            LocationProblem("pcenter", p=1, exclude=("east", "middle", "west")),
            "Every site is ruled out: allow at least one",
        ),
    ],
)
def test_numbers_that_cannot_be_had_are_explained(street, need, problem, remedy):
    result = solve(problem, street, need)
    assert (result.status, result.remedies) == ("infeasible", (remedy,))


def test_no_need_at_all_is_an_answer_too(street, need):
    result = solve(LocationProblem("mclp", p=1, radius_minutes=5), street, need * 0)
    assert result.status == "infeasible"
    assert result.remedies == ("No area has any need: give at least one area a weight above zero",)


def test_a_set_of_ones_own_is_scored_against_the_optimum(street, need):
    own = score(LocationProblem("mclp", p=1, radius_minutes=10), street, need, ["middle"])
    assert (own.objective, own.bound) == (7.0, 21.0)
    assert own.gap == pytest.approx(14 / 21)
    assert own.sites == ("middle",)


def test_the_answer_goes_into_json_without_infinities(street, need):
    plain = json.loads(
        json.dumps(
            solve(LocationProblem("mclp", p=1, radius_minutes=10), street, need).to_dict(), allow_nan=False
        )
    )
    assert plain["assignment"]["a"] == "west"
    assert set(plain) >= {"status", "objective", "bound", "gap", "seconds", "sites", "assignment"}
    none = solve(LocationProblem("lscp", radius_minutes=1), street, need).to_dict()
    assert (none["objective"], none["status"]) == (None, "infeasible")


def test_every_fault_of_the_input_is_told_at_once(street, need):
    street.iloc[0, 0] = -1.0
    need["b"] = np.nan
    with pytest.raises(HubreachError) as error:
        solve(LocationProblem("pmedian", p=1, keep=("nowhere",)), street, need)
    assert len(error.value.faults) == 3
    with pytest.raises(HubreachError, match="has no weight"):
        solve(LocationProblem("pmedian", p=1), street, need.drop("e"))
    with pytest.raises(HubreachError, match="occurs twice"):
        solve(LocationProblem("pmedian", p=1), street.rename(columns={"west": "east"}), need)


def test_a_meaningless_question_is_refused_with_every_reason():
    with pytest.raises(HubreachError) as error:
        LocationProblem("mclp", p=0, radius_minutes=-1, share=2, keep=("x",), exclude=("x",))
    assert [fault.column for fault in error.value.faults] == ["choose", "minutes", "share", "keep"]


def test_inputs_are_not_changed(street, need):
    before, weights = street.copy(), need.copy()
    ranked_solutions(LocationProblem("pcenter", p=2, exclude=("east",)), street, need, 3)
    pd.testing.assert_frame_equal(street, before)
    pd.testing.assert_series_equal(need, weights)


def test_a_stopped_solve_keeps_the_best_so_far_and_an_honest_bound():
    rng = np.random.default_rng(1)
    points = rng.uniform(0, 100, (400, 2))
    minutes = np.hypot(*(points[:, None] - points[None, :200]).transpose(2, 0, 1))
    costs = pd.DataFrame(minutes, [f"a{k:03}" for k in range(400)], [f"s{k:03}" for k in range(200)])
    weights = pd.Series(rng.integers(1, 90, 400).astype(float), index=costs.index)
    problem = LocationProblem("mclp", p=15, radius_minutes=10)
    seen = []
    stopped = solve(problem, costs, weights, Watch(report=seen.append, should_stop=lambda: True))
    assert stopped.status == "stopped"
    assert len(stopped.sites) == 15
    proven = solve(problem, costs, weights)
    assert stopped.objective <= proven.objective <= stopped.bound
    assert stopped.gap > 0
    assert seen
    assert len(seen[0].sites) == 15


def test_a_set_of_ones_own_is_held_against_the_best_of_its_own_size_on_the_terms_that_it_keeps(street, need):
    one = LocationProblem("mclp", 1, 10.0)
    three = score(one, street, need, ["east", "middle", "west"])
    assert (three.objective, three.bound, three.gap) == (37.0, 37.0, 0.0)
    # Without the kept middle, and with the west that is ruled out: neither term is one that it could meet.
    terms = LocationProblem("mclp", 1, 10.0, keep=("middle",), exclude=("west",))
    west = score(terms, street, need, ["west"])
    assert (west.objective, west.bound) == (21.0, 21.0)
    east = score(terms, street, need, ["east"])
    assert (east.objective, east.bound) == (11.0, 11.0)
    with pytest.raises(HubreachError, match="'north' is not a site of the matrix"):
        score(one, street, need, ["north"])


def test_a_set_of_ones_own_for_everyone_is_held_against_the_most_that_so_many_cover(street, need):
    own = score(LocationProblem("lscp", radius_minutes=10.0), street, need, ["middle"])
    assert (own.model, own.objective, own.bound, own.unmet) == ("mclp", 7.0, 21.0, ("a", "e"))
