"""The answer to a siting question: proven best sets, sets of the user's own, and whom any set reaches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from analysis.base.text import slugify
from analysis.reach.answer import ReachAnswer, answer_reach
from analysis.scenario.terms import Terms
from analysis.siting.models.model import Solution, Watch
from analysis.siting.models.solve import ranked_solutions, score
from analysis.siting.problem import MODELS, WITH_NUMBER, WITH_RADIUS, PlaceProblem, SitingProblem


def best_sets(problem: SitingProblem, count: int = 1, watch: Watch | None = None) -> list[Solution]:
    """The best set of sites and the next ones, best first, each with its proof.

    Parameters
    ----------
    problem : SitingProblem
    count : int
        How many.
    watch : Watch, optional

    Returns
    -------
    list of Solution
        A single infeasible one, with what stands in the way, if nothing can be done.
    """
    found = ranked_solutions(problem.on_matrix(), problem.costs, problem.weights, count, watch)
    return [as_asked(problem, solution) for solution in found]


def as_asked(problem: SitingProblem, solution: Solution) -> Solution:
    """A solution under the model that was asked for: floors are kept by the budget model without a price."""
    if problem.terms.model == "budget" or solution.model != "budget":
        return solution
    nothing = pd.Series([], dtype="str", name="kind")
    return replace(solution, model="mclp", kinds=nothing, annual_cost_gbp=math.nan)


def own_set(problem: SitingProblem, sites: Mapping[str, str] | Iterable[str]) -> Solution:
    """A set of the user's own beside the proven best of its own size, or of its own money (`models.solve.score`).

    Parameters
    ----------
    problem : SitingProblem
    sites : iterable of str, or mapping of site id to "hub" or "outreach"
        Under a budget, sites host a hub where nothing else is said.

    Returns
    -------
    Solution
        Its bound is the value of that best set, its gap what the own set gives up.
    """
    of_its_size = (
        problem.on_matrix() if problem.terms.model == "budget" else problem.of_one_kind(problem.terms.model)
    )
    return score(of_its_size, problem.costs, problem.weights, sites)


def set_reach(problem: PlaceProblem, solution: Solution, tier: str = "") -> ReachAnswer:
    """The reach of a set, by the very functions of the reach page.

    Under a budget each kind has its own service radius: outreach minutes are lengthened in proportion, so that
    one limit serves both.

    Parameters
    ----------
    problem : PlaceProblem
    solution : Solution
    tier : str
        Tier that the figures rank by; "" for the first.
    """
    travel = problem.travel
    if len(solution.kinds):
        travel = replace(travel, costs=even_costs(problem, solution), is_straight=False)
    terms = Terms(minutes=problem.terms.radius_minutes, kinds=(), tier=tier)
    planned = planned_sites(problem, solution)
    return answer_reach(problem.estimate, terms, sites=planned, travel=travel, status="proposal")


def even_costs(problem: SitingProblem, solution: Solution) -> pd.DataFrame:
    """Minutes to every candidate, those to outreach lengthened so that the hubs' limit serves both."""
    stretch = problem.terms.radius_minutes / max(problem.terms.outreach_radius_minutes, 1e-9)
    costs = problem.costs.copy()
    for site in solution.kinds.index[solution.kinds == "outreach"]:
        costs[site] = costs[site] * stretch
    return costs


def planned_sites(problem: PlaceProblem, solution: Solution) -> pd.DataFrame:
    """All sites with the chosen ones open and every other one closed; under a budget with the kind they host."""
    planned = problem.sites.copy()
    planned["is_open"] = planned.index.isin(solution.sites)
    if len(solution.kinds):
        hub = next((k.name for k in problem.estimate.place.kinds if k.symbol == "hub"), "hub")
        hosted = solution.kinds.map({"hub": hub, "outreach": "outreach"})
        planned.loc[hosted.index, "kind"] = hosted
    return planned


def option_name(problem: SitingProblem, solution: Solution | None = None) -> str:
    """Name that a set starts with as an option."""
    terms = problem.terms
    if terms.model == "budget":
        cost = terms.budget_gbp if solution is None else solution.annual_cost_gbp
        return f"Hubs and outreach for £{cost:,.0f}"
    number = terms.p if solution is None else len(solution.sites)
    words = f"Best {number}" if terms.model in WITH_NUMBER or solution is not None else "Best"
    limit = f", {terms.radius_minutes:g} min" if terms.model in WITH_RADIUS else ""
    return f"{words}, {MODELS[terms.model]}{limit}"


def file_name(problem: PlaceProblem) -> str:
    """Start of the names of downloaded files."""
    return f"{problem.estimate.place.slug} {slugify(option_name(problem))}"
