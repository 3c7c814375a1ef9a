"""Siting on demand points: every set tried, and the tables by area that come of points."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.places.sites.values import sites_of_rows
from analysis.reach.answer import straight_travel
from analysis.scenario.travel import travel_settings
from analysis.siting.answer import best_sets, own_set, set_reach
from analysis.siting.maps import assignment_map
from analysis.siting.problem import SitingTerms, place_problem
from analysis.siting.robustness import siting_robustness
from analysis.siting.tables import assignment_table, point_assignments, unmet_table
from tests.unit.siting.brute_force import keys

MODELS = ("mclp", "pmedian", "pcenter", "lscp", "partial")


@pytest.fixture(scope="module", params=range(6))
def scattered(request, small_place):
    """The made-up place with three points an area, thrown over 3 km, and seven buildings among them."""
    random = np.random.default_rng(request.param)
    codes = [code for code in small_place.areas.index for _ in range(3)]
    shares = random.dirichlet(np.ones(3), len(small_place.areas)).ravel()
    middle = small_place.areas[["easting", "northing"]].mean().to_numpy()
    east, north = (random.uniform(-1_500, 1_500, (2, len(codes))).T + middle).T
    points = pd.DataFrame({"area_code": codes, "easting": east, "northing": north, "share": shares})
    points = points.set_axis([f"{code}.{1 + number % 3}" for number, code in enumerate(codes)])
    spots = random.uniform(-1_500, 1_500, (7, 2)) + middle
    sites = sites_of_rows(
        {
            f"s{number}": {"name": f"Site {number}", "kind": "family hub", "easting": e, "northing": n}
            for number, (e, n) in enumerate(spots)
        }
    )
    return replace(small_place, own_points=points, sites=sites)


@pytest.mark.parametrize("model", MODELS)
def test_the_best_set_is_the_best_of_all_sets(scattered, model):
    travel = straight_travel(scattered, scattered.sites, travel_settings("walk"))
    terms = SitingTerms(model=model, p=2, radius_minutes=12.0, share=0.6)
    problem = place_problem(estimate_need(scattered), scattered.sites, travel, terms)
    assert not np.array_equal(problem.weights, np.rint(problem.weights))
    every = keys(problem.of_one_kind(model), problem.costs, problem.weights)
    best = best_sets(problem)[0]
    if not every:
        assert best.status == "infeasible"
        return
    assert (best.status, best.sites) == ("optimal", every[0][2])
    loss = problem.weights.sum() - best.objective if model == "mclp" else best.objective
    assert loss == pytest.approx(every[0][0], abs=1e-9)


def test_a_floor_by_ward_holds_on_points(scattered):
    """Half of every ward, by three sites: the best of the sets that keep it, tried one by one."""
    travel = straight_travel(scattered, scattered.sites, travel_settings("walk"))
    terms = SitingTerms(model="mclp", p=3, radius_minutes=15.0, floors=(("ward", 0.5),))
    problem = place_problem(estimate_need(scattered), scattered.sites, travel, terms)
    ward = problem.demand["ward_name"]
    need = problem.weights.groupby(ward).sum()
    values = []
    for chosen in combinations(problem.costs.columns, 3):
        inside = problem.weights.where((problem.costs[list(chosen)] <= 15).any(axis=1), 0.0)
        if (inside.groupby(ward).sum() >= 0.5 * need - 1e-9).all():
            values.append(inside.sum())
    best = best_sets(problem)[0]
    assert best.status == ("optimal" if values else "infeasible")
    if values:
        assert best.objective == pytest.approx(max(values), abs=1e-6)


@pytest.fixture(scope="module")
def rutland():
    place = read_place("rutland")
    travel = straight_travel(place, place.sites, travel_settings("walk"))
    return place_problem(estimate_need(place), place.sites, travel, SitingTerms(p=2))


def test_areas_add_up_their_points(rutland):
    best = best_sets(rutland)[0]
    points, areas = point_assignments(rutland, best), assignment_table(rutland, best)
    assert list(areas.index) == list(rutland.estimate.place.areas.index)
    np.testing.assert_allclose(areas["need"], rutland.estimate.counts["early_help"], rtol=0, atol=1e-9)
    assert points.loc[points["is_within"], "need"].sum() == pytest.approx(best.objective)
    inside = points["need"].where(points["is_within"], 0.0).groupby(points["area_code"]).sum()
    share = (inside / areas["need"]).to_numpy()
    said = np.select([share >= 1 - 1e-12, share == 0], ["yes", "no"], "partly")
    assert areas["within"].tolist() == said.tolist()
    assert set(said) == {"yes", "no", "partly"}
    missed = unmet_table(rutland, best)
    assert missed["need"].sum() == pytest.approx(rutland.weights.sum() - best.objective)
    assert missed.index.is_unique
    legend = assignment_map(rutland, best, "source").sheet.legend.rows
    assert sum(int(row[2].replace(",", "")) for row in legend) == pytest.approx(best.objective, abs=2)


def test_the_reach_of_a_set_is_what_the_set_says(rutland):
    best = best_sets(rutland)[0]
    assert set_reach(rutland, best).summary.loc["early_help", "covered"] == pytest.approx(best.objective)
    own = own_set(
        rutland, list(best.sites[:1]) + [s for s in rutland.costs.columns if s not in best.sites][:1]
    )
    assert own.objective <= best.objective + 1e-9


def test_draws_of_need_stand_at_the_points_too(rutland):
    found = siting_robustness(rutland, 4)
    assert (found.solved, found.planned) == (12, 12)
    assert found.shares["all"].sum() == pytest.approx(2.0)
