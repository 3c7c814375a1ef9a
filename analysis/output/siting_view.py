"""The numbers behind the siting page: the question, the proven answer, and the reach of any set of sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.need import NeedEstimate
from analysis.output.reach_view import ReachChoice, ReachView, Travel, reach_view
from analysis.places.text import slugify
from analysis.reach.demand import estimated_demand
from analysis.reach.travel import straight_line_matrix
from analysis.siting import (
    BudgetQuestion,
    Districts,
    Floor,
    Kind,
    Question,
    Robustness,
    SitingResult,
    Watch,
    alternatives_table,
    best_balance,
    coverage_or_group,
    coverage_or_longest,
    fewest_changes,
    frontier_by_budget,
    frontier_by_sites,
    ranked_answers,
    ranked_budget_answers,
    robustness,
    score,
    score_budget,
    score_districts,
    site_contributions,
)
from analysis.siting.candidates import (
    candidate_sites,
    coverage_floor,
    demand_weights,
    most_deprived_fifth,
    ward_neighbours,
)

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
DETOURS = (1.2, 1.3, 1.4)
NO_FLOOR = "none"


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
    kinds, conditions : tuple of str
        Candidates (`analysis.siting.candidates.candidate_sites`).
    keep, exclude : tuple of str
        Site ids that are in every set, and in none.
    budget_gbp, hub_cost_gbp, outreach_cost_gbp : float
        Pounds a year.
    outreach_minutes : float
        Catchment of outreach sites.
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
    keep: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    budget_gbp: float = 500_000.0
    hub_cost_gbp: float = 120_000.0
    outreach_cost_gbp: float = 20_000.0
    outreach_minutes: float = 15.0
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
    candidates = candidate_sites(sites, kinds=choice.kinds, conditions=choice.conditions, keep=choice.keep)
    weights = demand_weights(demand, choice.weight)
    costs = travel.costs[list(candidates.index)]
    return SitingSetting(estimate, sites, candidates, travel, demand, weights, costs, choice, tier)


def siting_question(setting: SitingSetting) -> Question | BudgetQuestion:
    """The choice as a question that the siting room answers."""
    choice = setting.choice
    if choice.model == "budget":
        floors: tuple[Floor, ...] = ()
        if choice.floor != NO_FLOOR:
            floors = (coverage_floor(setting.demand, choice.floor, choice.floor_share),)
        kinds = (
            Kind("hub", choice.minutes, choice.hub_cost_gbp),
            Kind("outreach", choice.outreach_minutes, choice.outreach_cost_gbp),
        )
        kept = dict.fromkeys(choice.keep, "")
        return BudgetQuestion(kinds, choice.budget_gbp, floors, kept, choice.exclude)
    return Question(
        choice.model,  # type: ignore[arg-type]
        choose=choice.choose,
        minutes=choice.minutes,
        share=choice.share,
        keep=choice.keep,
        exclude=choice.exclude,
    )


def best_sets(setting: SitingSetting, count: int, watch: Watch | None = None) -> list[SitingResult]:
    """The best set of sites and the next ones, best first, each with its proof."""
    question = siting_question(setting)
    if isinstance(question, BudgetQuestion):
        return ranked_budget_answers(question, setting.costs, setting.weights, count, watch)
    return ranked_answers(question, setting.costs, setting.weights, count, watch)


def own_set(setting: SitingSetting, sites: tuple[str, ...]) -> SitingResult:
    """A set of the user's own beside the optimum of its size (its bound)."""
    question = siting_question(setting)
    if isinstance(question, BudgetQuestion):
        return score_budget(question, setting.costs, setting.weights, dict.fromkeys(sites, "hub"))
    sized = replace(question, choose=len(sites), keep=(), exclude=())
    return score(sized, setting.costs, setting.weights, sites)


def set_reach(setting: SitingSetting, result: SitingResult) -> ReachView:
    """The reach of a chosen set, by the very functions of the reach page.

    Under a budget each kind has its own catchment: outreach minutes are lengthened in proportion, so that
    one limit serves both.
    """
    planned = planned_sites(setting, result)
    travel = setting.travel
    if len(result.kinds):
        stretch = setting.choice.minutes / max(setting.choice.outreach_minutes, 1e-9)
        costs = travel.costs.copy()
        for site in result.kinds.index[result.kinds == "outreach"]:
            costs[site] = costs[site] * stretch
        travel = replace(travel, costs=costs, is_straight=False)
    return reach_view(
        setting.estimate, planned, travel, ReachChoice(minutes=setting.choice.minutes), setting.tier
    )


def planned_sites(setting: SitingSetting, result: SitingResult) -> pd.DataFrame:
    """All sites with the chosen ones open and every other one closed; under a budget with the kind they host."""
    planned = setting.all_sites.copy()
    planned["is_open"] = planned.index.isin(result.sites)
    if len(result.kinds):
        hub = next((k.name for k in setting.estimate.place.kinds if k.symbol == "hub"), "hub")
        hosted = result.kinds.map({"hub": hub, "outreach": "outreach"})
        planned.loc[hosted.index, "kind"] = hosted
    return planned


def chosen_table(setting: SitingSetting, result: SitingResult) -> pd.DataFrame:
    """What each chosen site adds: index `site_id`; name, kind, what it hosts, need within reach and only here."""
    minutes = setting.choice.minutes if setting.choice.model in WITH_MINUTES else np.inf
    table = site_contributions(setting.costs, setting.weights, result.sites, minutes)
    if not np.isfinite(minutes) or len(result.kinds):
        table = table.drop(columns=["need_within", "need_only_here"])
    table.insert(0, "name", setting.all_sites["name"].reindex(table.index))
    table.insert(1, "kind", setting.all_sites["kind"].reindex(table.index))
    if len(result.kinds):
        table.insert(2, "hosts", result.kinds.reindex(table.index))
    return table.replace([np.inf], np.nan).rename_axis("site_id")


def readable_sets(setting: SitingSetting, results: list[SitingResult]) -> pd.DataFrame:
    """Best and next-best sets with names for ids, and what each gives up."""
    table = alternatives_table(results)
    for column in ("sites", "joins", "leaves"):
        table[column] = ["; ".join(setting.names(sites)) for sites in table[column]]
    return table


def siting_frontier(setting: SitingSetting, most: int, watch: Watch | None = None) -> pd.DataFrame:
    """What each further site buys; under a budget, what each tenth of it does. Names for ids."""
    question = siting_question(setting)
    if isinstance(question, BudgetQuestion):
        steps = np.linspace(0.1, 1.2, 12) * question.annual_budget_gbp
        table = frontier_by_budget(question, setting.costs, setting.weights, steps, watch)
    else:
        base = question if question.model in WITH_NUMBER else replace(question, model="mclp", choose=1)
        table = frontier_by_sites(base, setting.costs, setting.weights, range(1, most + 1), watch)
    names = ["; ".join(setting.names(sites)) for sites in table["sites"]]
    return table.assign(site_names=names)


def fairness_tradeoff(setting: SitingSetting, against: str, watch: Watch | None = None) -> pd.DataFrame:
    """Exact Pareto set of coverage against the longest journey, or against the most deprived fifth."""
    choice = setting.choice
    question = Question(
        "mclp", choose=choice.choose, minutes=choice.minutes, keep=choice.keep, exclude=choice.exclude
    )
    if against == "fifth":
        group = most_deprived_fifth(setting.demand)
        return coverage_or_group(setting.costs, setting.weights, question, group, watch)
    return coverage_or_longest(setting.costs, setting.weights, question, watch)


def siting_robustness(setting: SitingSetting, draws: int, watch: Watch | None = None) -> Robustness:
    """How often each site is chosen over draws of need and detours from 1.2 to 1.4 (straight lines)."""
    choice, travel = setting.choice, setting.travel
    question = Question(
        choice.model if choice.model in WITH_NUMBER else "mclp",  # type: ignore[arg-type]
        choose=choice.choose,
        minutes=choice.minutes,
        keep=choice.keep,
        exclude=choice.exclude,
    )
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


@dataclass(frozen=True, eq=False)
class Split:
    """A split of the wards into areas, beside today's.

    Parameters
    ----------
    found : Districts
    wards : DataFrame
        Index ward code; `ward_name`, `need`, `today`, `area`.
    now, then : DataFrame
        `score_districts` of today's areas and of the split.
    """

    found: Districts
    wards: pd.DataFrame
    now: pd.DataFrame
    then: pd.DataFrame


def balanced_split(
    setting: SitingSetting, number: int, margin: float, *, best: bool, watch: Watch | None = None
) -> Split:
    """Split wards into contiguous areas of balanced need: the fewest changes within a margin, or the best balance."""
    demand = setting.demand
    need = setting.weights.groupby(demand["ward_code"]).sum()
    wards = demand.groupby("ward_code")[["ward_name", "locality_name"]].first()
    today, neighbours = wards["locality_name"], ward_neighbours(setting.estimate.place)
    found = (
        best_balance(need, neighbours, today, number=number, watch=watch)
        if best
        else fewest_changes(need, neighbours, today, number=number, margin=margin, watch=watch)
    )
    split = found.districts if len(found.districts) else today
    table = wards.assign(need=need, today=today, area=split).drop(columns="locality_name")
    return Split(
        found, table, score_districts(need, neighbours, today), score_districts(need, neighbours, split)
    )


def option_name(setting: SitingSetting) -> str:
    """Name that a chosen set starts with as an option."""
    choice = setting.choice
    words = f"Best {choice.choose}" if choice.model in WITH_NUMBER else "Best"
    return f"{words}, {MODELS[choice.model]}, {choice.minutes:g} min"


def file_name(setting: SitingSetting) -> str:
    """Start of the names of downloaded files."""
    return f"{setting.estimate.place.slug} {slugify(option_name(setting))}"
