"""The numbers behind the siting page: the question, the proven answer, and the reach of any set of sites."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.base.text import slugify
from analysis.need.estimate import NeedEstimate
from analysis.reach.answer import ReachChoice, ReachView, Travel, reach_view
from analysis.reach.demand import estimated_demand
from analysis.reach.travel import straight_line_matrix
from analysis.siting.answer import ranked_answers, score
from analysis.siting.candidates import candidate_sites, coverage_floor, demand_weights
from analysis.siting.models.budget import BudgetQuestion, Floor, ranked_budget_answers, score_budget
from analysis.siting.models.budget_model import Kind
from analysis.siting.models.model import Question, SitingResult, Watch
from analysis.siting.robustness import Robustness, robustness

MODELS = {
    "mclp": "reach most need",
    "pmedian": "least travel on average",
    "pcenter": "least longest travel",
    "lscp": "fewest sites for everyone",
    "partial": "fewest sites for a share",
    "budget": "hubs and outreach for a budget",
}
WITH_MINUTES = ("mclp", "lscp", "partial", "budget")
WITH_NUMBER = ("mclp", "pmedian", "pcenter")
WITH_FLOORS = ("mclp", "budget")
NO_FLOOR = "none"
FLOORS = {
    NO_FLOOR: "no floor",
    "ward": "every ward",
    "locality": "every locality",
    "fifth": "the most deprived fifth",
}
DETOURS = (1.2, 1.3, 1.4)


@dataclass(frozen=True)
class SitingChoice:
    """A siting question as a page or a pack puts it.

    Parameters
    ----------
    model : str
        Key of `MODELS`.
    choose : int
        Number of sites, kept ones included.
    minutes : float
        Catchment (of hubs, under a budget).
    share : float
        Share of need to be reached, for "partial".
    weight : str
        What counts: a tier, "under_fives" or "children".
    kinds, conditions, owners : tuple of str
        Candidates (`analysis.siting.candidates.candidate_sites`).
    only : tuple of str
        A hand-picked list of candidates in place of kinds, conditions and owners; none means no list.
    keep, exclude : tuple of str
        Site ids that are in every set, and in none.
    budget_gbp, hub_cost_gbp, outreach_cost_gbp : float
        Pounds a year.
    outreach_minutes : float
        Catchment of outreach sites.
    hub_capacity, outreach_capacity : float
        Need that one site of the kind can serve; infinite for no limit.
    least_hubs : int
        Hubs that there must be at least, under a budget.
    floor : str
        "ward", "locality", "fifth", or "none".
    floor_share : float
        Least share of need in each of them.
    """

    model: str = "mclp"
    choose: int = 3
    minutes: float = 20.0
    share: float = 0.9
    weight: str = "early_help"
    kinds: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    budget_gbp: float = 500_000.0
    hub_cost_gbp: float = 120_000.0
    outreach_cost_gbp: float = 20_000.0
    outreach_minutes: float = 15.0
    hub_capacity: float = np.inf
    outreach_capacity: float = np.inf
    least_hubs: int = 0
    floor: str = NO_FLOOR
    floor_share: float = 0.3


@dataclass(frozen=True, eq=False)
class SitingSetting:
    """What a question is asked about.

    Parameters
    ----------
    estimate : NeedEstimate
    all_sites, candidates : DataFrame
        Sites frames.
    travel : Travel
    demand : DataFrame
    weights : Series of shape (areas,)
    costs : DataFrame of shape (areas, candidates)
    choice : SitingChoice
    tier : str
        Tier that the reach figures rank by.
    """

    estimate: NeedEstimate
    all_sites: pd.DataFrame
    candidates: pd.DataFrame
    travel: Travel
    demand: pd.DataFrame
    weights: pd.Series
    costs: pd.DataFrame
    choice: SitingChoice
    tier: str

    def names(self, sites: Iterable[str]) -> list[str]:
        """Names of sites by id."""
        return [str(self.all_sites.loc[site, "name"]) for site in sites]


def siting_setting(
    estimate: NeedEstimate, sites: pd.DataFrame, travel: Travel, choice: SitingChoice, tier: str
) -> SitingSetting:
    """Put together what a siting question is asked about.

    Raises
    ------
    HubreachError
        If a kind, a weight or a site is unknown.
    """
    demand = estimated_demand(estimate)
    candidates = candidate_sites(
        sites,
        kinds=choice.kinds,
        conditions=choice.conditions,
        owners=choice.owners,
        only=choice.only,
        keep=choice.keep,
    )
    weights = demand_weights(demand, choice.weight)
    costs = travel.costs[list(candidates.index)]
    return SitingSetting(estimate, sites, candidates, travel, demand, weights, costs, choice, tier)


def siting_question(setting: SitingSetting) -> Question | BudgetQuestion:
    """The choice as a question that the siting room answers; with a floor, one kind of site without a price."""
    choice = setting.choice
    floors: tuple[Floor, ...] = ()
    if choice.floor != NO_FLOOR and choice.model in WITH_FLOORS:
        floors = (coverage_floor(setting.demand, choice.floor, choice.floor_share),)
    kept = dict.fromkeys(choice.keep, "")
    if choice.model == "budget":
        kinds = (
            Kind("hub", choice.minutes, choice.hub_cost_gbp, choice.hub_capacity, least=choice.least_hubs),
            Kind("outreach", choice.outreach_minutes, choice.outreach_cost_gbp, choice.outreach_capacity),
        )
        return BudgetQuestion(kinds, choice.budget_gbp, floors, kept, choice.exclude)
    if floors:
        one = Kind("site", choice.minutes, 0.0, least=choice.choose, most=choice.choose)
        return BudgetQuestion((one,), np.inf, floors, kept, choice.exclude)
    return plain_question(setting, choice.model)


def plain_question(setting: SitingSetting, model: str) -> Question:
    """A question of one kind of site about the same setting, without floors."""
    choice = setting.choice
    return Question(
        model,  # type: ignore[arg-type]
        choose=choice.choose,
        minutes=choice.minutes,
        share=choice.share,
        keep=choice.keep,
        exclude=choice.exclude,
    )


def best_sets(setting: SitingSetting, count: int, watch: Watch | None = None) -> list[SitingResult]:
    """The best set of sites and the next ones, best first, each with its proof."""
    question = siting_question(setting)
    if isinstance(question, Question):
        return ranked_answers(question, setting.costs, setting.weights, count, watch)
    found = ranked_budget_answers(question, setting.costs, setting.weights, count, watch)
    if setting.choice.model == "budget":
        return found
    nothing = pd.Series([], dtype="str", name="kind")
    return [replace(result, model="mclp", kinds=nothing, annual_cost_gbp=math.nan) for result in found]


def own_set(setting: SitingSetting, sites: tuple[str, ...], outreach: tuple[str, ...] = ()) -> SitingResult:
    """A set of the user's own beside the optimum of its size, or of the budget (its bound)."""
    question = siting_question(setting)
    if setting.choice.model == "budget" and isinstance(question, BudgetQuestion):
        hosted = {site: "outreach" if site in outreach else "hub" for site in sites}
        return score_budget(question, setting.costs, setting.weights, hosted)
    plain = plain_question(setting, setting.choice.model)
    sized = replace(plain, choose=len(sites), keep=(), exclude=())
    return score(sized, setting.costs, setting.weights, sites)


def set_reach(setting: SitingSetting, result: SitingResult) -> ReachView:
    """The reach of a chosen set, by the very functions of the reach page.

    Under a budget each kind has its own catchment: outreach minutes are lengthened in proportion, so that
    one limit serves both.
    """
    planned = planned_sites(setting, result)
    travel = setting.travel
    if len(result.kinds):
        travel = replace(travel, costs=even_costs(setting, result), is_straight=False)
    return reach_view(
        setting.estimate, planned, travel, ReachChoice(minutes=setting.choice.minutes), setting.tier
    )


def even_costs(setting: SitingSetting, result: SitingResult) -> pd.DataFrame:
    """Minutes to every site, those to outreach lengthened so that the hubs' limit serves both."""
    stretch = setting.choice.minutes / max(setting.choice.outreach_minutes, 1e-9)
    costs = setting.travel.costs.copy()
    for site in result.kinds.index[result.kinds == "outreach"]:
        costs[site] = costs[site] * stretch
    return costs


def planned_sites(setting: SitingSetting, result: SitingResult) -> pd.DataFrame:
    """All sites with the chosen ones open and every other one closed; under a budget with the kind they host."""
    planned = setting.all_sites.copy()
    planned["is_open"] = planned.index.isin(result.sites)
    if len(result.kinds):
        hub = next((k.name for k in setting.estimate.place.kinds if k.symbol == "hub"), "hub")
        hosted = result.kinds.map({"hub": hub, "outreach": "outreach"})
        planned.loc[hosted.index, "kind"] = hosted
    return planned


def siting_robustness(setting: SitingSetting, draws: int, watch: Watch | None = None) -> Robustness:
    """How often each site is chosen over draws of need and detours from 1.2 to 1.4 (straight lines)."""
    choice, travel = setting.choice, setting.travel
    question: Question | BudgetQuestion = plain_question(
        setting, choice.model if choice.model in WITH_NUMBER else "mclp"
    )
    if choice.model == "mclp":
        question = siting_question(setting)  # with its floor
    areas = setting.estimate.place.areas
    matrices = {
        f"detour {detour:g}": straight_line_matrix(
            areas, setting.candidates, replace(travel.settings, detour=detour)
        )
        for detour in DETOURS
    }
    drawn = setting.estimate.draws.counts.get(choice.weight)
    table = (
        pd.DataFrame([setting.weights])
        if drawn is None
        else pd.DataFrame(np.asarray(drawn)[:draws], columns=setting.estimate.counts.index)
    )
    return robustness(question, matrices, table, watch)


def option_name(setting: SitingSetting, result: SitingResult | None = None) -> str:
    """Name that a chosen set starts with as an option."""
    choice = setting.choice
    if choice.model == "budget":
        cost = choice.budget_gbp if result is None else result.annual_cost_gbp
        return f"Hubs and outreach for £{cost:,.0f}"
    number = choice.choose if result is None else len(result.sites)
    words = f"Best {number}" if choice.model in WITH_NUMBER or result is not None else "Best"
    limit = f", {choice.minutes:g} min" if choice.model in WITH_MINUTES else ""
    return f"{words}, {MODELS[choice.model]}{limit}"


def file_name(setting: SitingSetting) -> str:
    """Start of the names of downloaded files."""
    return f"{setting.estimate.place.slug} {slugify(option_name(setting))}"
