"""What a siting question asks, and of what: the terms, the place or matrix that they hold for, and who may host."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.text import slugify
from analysis.need.estimate import NeedEstimate
from analysis.places.sites.duplicates import former_ids, label_kinds
from analysis.reach.answer import Travel
from analysis.reach.demand import area_codes, estimated_demand, measure_columns, people_at_points
from analysis.reach.selection import site_kinds
from analysis.siting.models.budget import BudgetProblem, Floor, Kind
from analysis.siting.models.model import NUMBERED, WITHIN_RADIUS, LocationProblem
from analysis.siting.models.solve import Problem

MODELS = {
    "mclp": "reach most need",
    "pmedian": "least travel on average",
    "pcenter": "least longest travel",
    "lscp": "fewest sites for everyone",
    "partial": "fewest sites for a share",
    "budget": "hubs and outreach for a budget",
}
WITH_RADIUS = (*WITHIN_RADIUS, "budget")
WITH_NUMBER = NUMBERED
WITH_FLOORS = ("mclp", "budget")
FLOORS = {"ward": "every ward", "locality": "every locality", "fifth": "the most deprived fifth"}
FLOOR_GROUPS = {"ward": "ward_name", "locality": "locality_name"}
MOST_DEPRIVED = 1


@dataclass(frozen=True)
class SitingTerms:
    """What is asked, whoever asks: a page, a command or a pack.

    Parameters
    ----------
    model : str
        Key of `MODELS`.
    p : int
        Number of sites, kept ones included, for `WITH_NUMBER`.
    radius_minutes : float
        Service radius, for `WITH_RADIUS`; of hubs, under a budget.
    share : float
        Share of need to be reached, for "partial".
    weight : str
        What counts: a tier, "under_fives", an age band or "children"; "" for the first tier.
    kinds, conditions, owners : tuple of str
        Who may host (`candidate_sites`).
    only : tuple of str
        A hand-picked list of candidates in place of kinds, conditions and owners; none means no list.
    keep, exclude : tuple of str
        Site ids that are in every set, and in none.
    budget_gbp, hub_cost_gbp, outreach_cost_gbp : float
        Pounds a year.
    outreach_radius_minutes : float
        Service radius of outreach sites.
    hub_capacity, outreach_capacity : float
        Need that one site of the kind can serve; infinite for no limit.
    least_hubs : int
        Hubs that there must be at least, under a budget.
    floors : tuple of (str, float)
        Least share of need to be reached in every ward or locality, or in the most deprived fifth (keys of `FLOORS`),
        for `WITH_FLOORS`.
    """

    model: str = "mclp"
    p: int = 3
    radius_minutes: float = 20.0
    share: float = 0.9
    weight: str = ""
    kinds: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    budget_gbp: float = 500_000.0
    hub_cost_gbp: float = 120_000.0
    outreach_cost_gbp: float = 20_000.0
    outreach_radius_minutes: float = 15.0
    hub_capacity: float = np.inf
    outreach_capacity: float = np.inf
    least_hubs: int = 0
    floors: tuple[tuple[str, float], ...] = ()

    @property
    def floors_in_force(self) -> tuple[tuple[str, float], ...]:
        """The floors that the model can keep."""
        return self.floors if self.model in WITH_FLOORS else ()

    @property
    def has_capacities(self) -> bool:
        """Whether sites can serve only so many."""
        return self.model == "budget" and bool(np.isfinite([self.hub_capacity, self.outreach_capacity]).any())


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """Terms with the costs, weights and sites that they hold for.

    Parameters
    ----------
    terms : SitingTerms
    sites : DataFrame
        Index `site_id`, with `name` and `kind`: all that are known.
    candidates : DataFrame
        Those of them that may be chosen.
    costs : DataFrame of shape (points, candidates)
        Minutes from where the need stands: demand points of a place, rows of a matrix.
    weights : Series of shape (points,)
        What counts.
    """

    terms: SitingTerms
    sites: pd.DataFrame
    candidates: pd.DataFrame
    costs: pd.DataFrame
    weights: pd.Series[float]

    def names(self, sites: Iterable[str]) -> list[str]:
        """Names of sites by id."""
        return [str(self.sites.loc[site, "name"]) for site in sites]

    @property
    def excluded(self) -> tuple[str, ...]:
        """Candidates that are ruled out."""
        return tuple(site for site in self.terms.exclude if site in self.candidates.index)

    def areas_of(self, points: Iterable[str]) -> tuple[str, ...]:
        """Areas that some rows of the matrix stand in, each once; of a bare matrix the rows themselves."""
        return tuple(dict.fromkeys(points))

    def floors(self) -> tuple[Floor, ...]:
        """The floors as the models keep them; a matrix knows no wards."""
        return ()

    def on_matrix(self) -> Problem:
        """The terms as a model solves them; with floors, one kind of site without a price."""
        terms, floors = self.terms, self.floors()
        kept = dict.fromkeys(terms.keep, "")
        if terms.model == "budget":
            hub = Kind(
                "hub", terms.radius_minutes, terms.hub_cost_gbp, terms.hub_capacity, least=terms.least_hubs
            )
            outreach = Kind(
                "outreach", terms.outreach_radius_minutes, terms.outreach_cost_gbp, terms.outreach_capacity
            )
            return BudgetProblem((hub, outreach), terms.budget_gbp, floors, kept, self.excluded)
        if floors:
            one = Kind("site", terms.radius_minutes, 0.0, least=terms.p, most=terms.p)
            return BudgetProblem((one,), np.inf, floors, kept, self.excluded)
        return self.of_one_kind(terms.model)

    def of_one_kind(self, model: str) -> LocationProblem:
        """A problem of one kind of site about the same matrix, without floors."""
        terms = self.terms
        return LocationProblem(
            model,  # type: ignore[arg-type]
            p=terms.p,
            radius_minutes=terms.radius_minutes,
            share=terms.share,
            keep=terms.keep,
            exclude=self.excluded,
        )


@dataclass(frozen=True, eq=False)
class PlaceProblem(SitingProblem):
    """A siting problem of a place.

    Parameters
    ----------
    estimate : NeedEstimate
    travel : Travel
        Minutes to the candidates at least.
    demand : DataFrame
        Who lives at each demand point (`analysis.reach.demand.people_at_points`).
    """

    estimate: NeedEstimate
    travel: Travel
    demand: pd.DataFrame

    def areas_of(self, points: Iterable[str]) -> tuple[str, ...]:
        """Small areas that some demand points stand in, each once."""
        rows = self.demand.index.get_indexer(pd.Index(list(points), dtype="str"))
        return super().areas_of(area_codes(self.demand)[rows])

    def floors(self) -> tuple[Floor, ...]:
        """The floors by ward, locality or fifth."""
        return tuple(coverage_floor(self.demand, level, share) for level, share in self.terms.floors_in_force)


def place_problem(
    estimate: NeedEstimate, sites: pd.DataFrame, travel: Travel, terms: SitingTerms
) -> PlaceProblem:
    """Put together what a siting question about a place asks.

    Parameters
    ----------
    estimate : NeedEstimate
    sites : DataFrame
        Sites frame: who may host and what is kept are looked for among them.
    travel : Travel
    terms : SitingTerms

    Raises
    ------
    HubreachError
        If a kind, an owner or a weight is unknown.
    """
    demand = people_at_points(estimated_demand(estimate), estimate.place.points)
    terms = replace(terms, weight=terms.weight or estimate.tier_keys[0])
    candidates = candidate_sites(sites, terms)
    weights = demand_weights(demand, terms.weight)
    costs = travel.costs[list(candidates.index)]
    return PlaceProblem(terms, sites, candidates, costs, weights, estimate, travel, demand)


def matrix_problem(costs: pd.DataFrame, weights: pd.Series[float], terms: SitingTerms) -> SitingProblem:
    """Put together what a siting question about a bare cost matrix asks.

    Parameters
    ----------
    costs : DataFrame of shape (areas, sites)
    weights : Series of shape (areas,)
    terms : SitingTerms
        Sites are named by their ids; kinds, conditions, owners and floors say nothing.
    """
    sites = matrix_sites(costs)
    candidates = sites[sites.index.isin([*terms.only, *terms.keep])] if terms.only else sites
    return SitingProblem(terms, sites, candidates, costs[list(candidates.index)], weights)


def matrix_sites(costs: pd.DataFrame) -> pd.DataFrame:
    """Sites of a bare cost matrix: index `site_id`; `name` (the id), `kind` (blank)."""
    return pd.DataFrame({"name": costs.columns, "kind": ""}, index=costs.columns)


def candidate_sites(sites: pd.DataFrame, terms: SitingTerms) -> pd.DataFrame:
    """Sites that may be chosen, open or not: schools and closed centres can host.

    Parameters
    ----------
    sites : DataFrame
        Sites frame.
    terms : SitingTerms
        `kinds` wanted, none means all; "school" stands for every "school (...)", and a merged site counts under each
        of its labels. `conditions`: grades of the building survey that will do, such as "A"; sites without a grade
        will do too. `owners` of buildings that will do, in any case; sites of unknown ownership will do too. Where there
        is a list (`only`), it alone counts; those to `keep` are candidates in any case.

    Returns
    -------
    DataFrame
        The rows, in order of `site_id`.

    Raises
    ------
    HubreachError
        Naming the kinds there are, or the owners, if one is unknown.
    """
    faults = FaultList("candidates")
    wanted = _wanted_kinds(sites, terms.kinds, faults)
    owners = _wanted_owners(sites, terms.owners, faults)
    faults.raise_if_any("There are no such sites.")
    chosen = pd.Series(data=True, index=sites.index)
    if terms.kinds:
        labelled = [
            bool(wanted & {kind, *label_kinds(labels)})
            for kind, labels in zip(sites["kind"], sites["labels"], strict=True)
        ]
        chosen &= pd.Series(labelled, index=sites.index)
    if terms.conditions:
        grades = {grade.strip().upper() for grade in terms.conditions}
        chosen &= sites["condition"].str.upper().isin(grades | {""})
    if terms.owners:
        chosen &= sites["ownership"].map(slugify).isin(owners | {""})
    if terms.only:
        chosen = pd.Series(sites.index.isin(list(terms.only)), index=sites.index)
    chosen |= sites.index.isin(list(terms.keep))
    return sites[chosen].sort_index()


def _wanted_kinds(sites: pd.DataFrame, kinds: Sequence[str], faults: FaultList) -> set[str]:
    known, wanted = site_kinds(sites), set[str]()
    for kind in kinds:
        matching = {k for k in known if kind in {k, k.split(" (")[0]} or slugify(kind) == slugify(k)}
        if not matching:
            faults.add(f"{kind!r:.60} is not a kind of site here", f"Choose from: {', '.join(known)}")
        wanted |= matching
    return wanted


def _wanted_owners(sites: pd.DataFrame, owners: Sequence[str], faults: FaultList) -> set[str]:
    known = {slugify(owner): owner for owner in sorted(sites["ownership"]) if owner}
    remedy = f"Choose from: {', '.join(known.values())}" if known else "Give owners with the sites"
    for owner in owners:
        if slugify(owner) not in known:
            faults.add(f"{owner!r:.60} owns no site here", remedy, column="ownership")
    return {slugify(owner) for owner in owners}


def named_sites(sites: pd.DataFrame, names: Iterable[str], what: str) -> tuple[str, ...]:
    """Site ids of sites given by id or by name.

    Parameters
    ----------
    sites : DataFrame
        Sites frame.
    names : iterable of str
        Ids, or names in any case.
    what : str
        Where the names come from, such as "--keep", for the error.

    Returns
    -------
    tuple of str
        Site ids in the order given.

    Raises
    ------
    HubreachError
        With every name that is unknown or that several sites share.
    """
    faults = FaultList(what)
    by_name = sites["name"].map(slugify)
    former = former_ids(sites)
    found = []
    for given in names:
        name = former.get(given, given)
        matching = [name] if name in sites.index else list(sites.index[by_name == slugify(name)])
        if len(matching) == 1:
            found.append(str(matching[0]))
        elif matching:
            faults.add(
                f"{name!r:.60} is the name of {len(matching)} sites", f"Use an id: {', '.join(matching)}"
            )
        else:
            close = list(sites.index[by_name.str.contains(slugify(name) or "-", regex=False)])[:3]
            remedy = (
                f"Did you mean {', '.join(close)}?" if close else "Use an id or a name of the list of sites"
            )
            faults.add(f"{name!r:.60} is not a candidate site", remedy)
    faults.raise_if_any("There are no such sites.")
    return tuple(sorted(set(found)))


def demand_weights(demand: pd.DataFrame, measure: str) -> pd.Series[float]:
    """What counts at each row of a demand frame: a tier of need, under-fives, an age band, or all children.

    Parameters
    ----------
    demand : DataFrame
        See `analysis.reach.demand.demand_frame`.
    measure : str
        Column of it.

    Returns
    -------
    Series of float
        Index of `demand`.

    Raises
    ------
    HubreachError
        Naming what can be counted.
    """
    known = [*measure_columns(demand), *(c for c in demand.columns if str(c).startswith("children_"))]
    faults = FaultList("weight")
    if measure not in known:
        faults.add(f"{measure!r:.40} cannot be counted", f"Choose one of: {', '.join(known)}")
    faults.raise_if_any("The weights cannot be found.")
    return demand[measure].astype(float).rename("weight")


def coverage_floor(demand: pd.DataFrame, level: str, share: float) -> Floor:
    """Least share of need to be covered in every ward or locality, or in the most deprived fifth.

    Parameters
    ----------
    demand : DataFrame
        See `analysis.reach.demand.demand_frame`.
    level : {"ward", "locality", "fifth"}
    share : float

    Raises
    ------
    HubreachError
        For another level.
    """
    if level == "fifth":
        groups = most_deprived_fifth(demand).map({True: "most deprived", False: ""})
        return Floor("fifth", groups.astype("str"), share)
    faults = FaultList("floor")
    if level not in FLOOR_GROUPS:
        faults.add(f"{level!r:.40} is not a level", f"Choose one of: {', '.join([*FLOOR_GROUPS, 'fifth'])}")
    elif FLOOR_GROUPS[level] not in demand.columns:
        faults.add(f"this place has no {level} names", "Use another level")
    faults.raise_if_any("The floor cannot be set.")
    return Floor(level, demand[FLOOR_GROUPS[level]].astype("str"), share)


def most_deprived_fifth(demand: pd.DataFrame) -> pd.Series[bool]:
    """Whether an area is in the most deprived fifth of the place's population."""
    return (demand["fifth"] == MOST_DEPRIVED).rename("most_deprived")
