"""Hubs and outreach together under a budget: two kinds of site, each with its own catchment and cost.

The model this field needs and solvers lack: a site hosts one kind or the other, money is limited, and
nobody's ward may be left behind. It extends the MCLP (Church and ReVelle 1974) by facility kinds, as the
hierarchical covering of Moore and ReVelle (1982) does, by capacities (Current and Storbeck 1988), and by
floors.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.siting.models.budget_explanation import explain_budget
from analysis.siting.models.budget_model import BudgetInstance, Kind, build, need_outside, served_shares
from analysis.siting.models.instance import prepare
from analysis.siting.models.model import BoolArray, Columns, FloatArray, SitingResult, Watch, relative_gap
from analysis.siting.search.ranking import ranked_sets
from analysis.siting.search.selection import Selection


@dataclass(frozen=True, eq=False)
class Floor:
    """A share of need that every group of areas must have covered.

    Parameters
    ----------
    name : str
        What the groups are, such as "ward".
    groups : Series of shape (areas,)
        Group of every area; areas without one ("" or missing) are in none.
    share : float
        Least share of each group's need, 0 to 1.
    """

    name: str
    groups: pd.Series[str]
    share: float


@dataclass(frozen=True, eq=False)
class BudgetQuestion:
    """Which sites host which kind, so that the money covers most need.

    Parameters
    ----------
    kinds : tuple of Kind
        Usually a hub and an outreach kind; any number works.
    annual_budget_gbp : float
        What all sites together may cost a year; infinite for no limit.
    floors : tuple of Floor
    keep : mapping of site id to kind name, or to "" for either kind
        Sites that are in every set.
    exclude : tuple of str
        Sites that are in none.
    """

    kinds: tuple[Kind, ...]
    annual_budget_gbp: float
    floors: tuple[Floor, ...] = ()
    keep: dict[str, str] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a question that has no meaning, with every reason at once."""
        faults = FaultList("question")
        names = [kind.name for kind in self.kinds]
        if not names or len(set(names)) < len(names):
            faults.add(
                f"kinds {names}", "Give one or more kinds, each with a name of its own", column="kinds"
            )
        if not self.annual_budget_gbp >= 0:
            faults.add(
                f"a budget of {self.annual_budget_gbp}", "Give a budget of zero or more", column="budget"
            )
        for floor in self.floors:
            if not 0 <= floor.share <= 1:
                faults.add(
                    f"a floor of {floor.share} by {floor.name}", "Give a share from 0 to 1", column="floor"
                )
        for site, kind in sorted(self.keep.items()):
            if kind and kind not in names:
                faults.add(
                    f"'{site}' is kept as '{kind}'", f"Keep it as one of {', '.join(names)}", column="keep"
                )
        faults.raise_if_any("The budget question cannot be answered as it is put.")


def answer_budget(
    question: BudgetQuestion,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    watch: Watch | None = None,
    *,
    explained: bool = True,
) -> SitingResult:
    """Cover most need for the money, and prove it.

    Among sets that cover equally much the cheapest comes first, then the one whose kinds in order (hubs,
    then outreach) hold the earliest site id.

    Parameters
    ----------
    question : BudgetQuestion
    costs : DataFrame of shape (areas, sites)
        Minutes; infinite where a site cannot be reached.
    weights : Series of shape (areas,)
        Need by area.
    watch : Watch, optional
    explained : bool
        Whether an impossible question is told what stands in its way, which can take longer than the answer.

    Returns
    -------
    SitingResult
        `kinds` says what each site hosts, `annual_cost_gbp` what the set costs. When the floors cannot
        be met, status "infeasible" with the areas and the least budget or floor that would do.
    """
    return ranked_budget_answers(question, costs, weights, 1, watch, explained=explained)[0]


def ranked_budget_answers(
    question: BudgetQuestion,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    count: int,
    watch: Watch | None = None,
    *,
    explained: bool = True,
) -> list[SitingResult]:
    """Find the best `count` distinct sets, best first; a single infeasible answer if there is none."""
    watch = watch or Watch()
    prepared = prepare_budget(question, costs, weights)
    instance = prepared.instance

    def tell(loss: float, bound: float, columns: Columns) -> bool:
        watch.tell(instance.total - loss, instance.total - bound, prepared.site_names(columns))
        return watch.must_stop()

    wanted = tell if watch.watching else None
    selection = (
        ranked_sets(build(prepared), count, tell=wanted)
        if instance.total
        else Selection((), (), np.inf, complete=True)
    )
    if not selection.sets:
        return [_unanswered(prepared, selection, watch, explained=explained)]
    return [_result(prepared, selection, rank, watch.seconds) for rank in range(len(selection.sets))]


def score_budget(
    question: BudgetQuestion, costs: pd.DataFrame, weights: pd.Series[float], hosted: dict[str, str]
) -> SitingResult:
    """Need covered by a plan of the user's own, against the proven optimum for the budget.

    Parameters
    ----------
    hosted : mapping of site id to kind name
        The plan; it need not keep to the budget or the floors.

    Returns
    -------
    SitingResult
        Of the plan, with the optimum as its bound: the gap is what the plan gives up.
    """
    watch = Watch()
    best = answer_budget(question, costs, weights, watch)
    prepared = prepare_budget(question, costs, weights)
    names = [kind.name for kind in question.kinds]
    columns = sorted(
        names.index(kind) * prepared.n_sites + prepared.instance.sites.index(site)
        for site, kind in hosted.items()
    )
    outside = need_outside(prepared, tuple(columns))
    plan = Selection((outside,), (tuple(columns),), outside, complete=True)
    scored = _result(prepared, plan, 0, watch.seconds)
    return replace(
        scored, status=best.status, bound=best.objective, gap=relative_gap(best.objective, scored.objective)
    )


def prepare_budget(
    question: BudgetQuestion, costs: pd.DataFrame, weights: pd.Series[float]
) -> BudgetInstance:
    """Check a budget question against its matrix, and put both in canonical order."""
    instance = prepare(costs, weights, keep=question.keep, exclude=question.exclude)
    faults = FaultList("question")
    for kind in question.kinds:
        for site in sorted(set(kind.candidates or ()) - set(instance.costs.columns)):
            faults.add(
                f"candidate '{site}' is not a site of the matrix",
                "Use a site id of the matrix",
                column=kind.name,
            )
    groups: dict[str, tuple[BoolArray, float]] = {}
    for floor in question.floors:
        labels = floor.groups.rename(index=str).reindex(list(instance.areas)).fillna("").astype(str)
        for label in sorted(set(labels) - {""}):
            groups[f"{floor.name} {label}"] = (labels.to_numpy() == label, floor.share)
    prices = [kind.cost_by_site(instance.sites) for kind in question.kinds]
    for kind, by_site in zip(question.kinds, prices, strict=True):
        if not np.isfinite(by_site).all() or (by_site < 0).any():
            faults.add(
                f"a cost of {kind.name} is missing or negative",
                "Give every site a cost of zero or more",
                column=kind.name,
            )
    faults.raise_if_any("The budget question does not fit the matrix.")
    return BudgetInstance(
        instance=instance,
        kinds=question.kinds,
        prices=np.array(prices),
        capacities=np.array([kind.capacity_by_site(instance.sites) for kind in question.kinds]),
        annual_budget_gbp=question.annual_budget_gbp,
        floors=groups,
        keep={str(site): kind for site, kind in question.keep.items()},
    )


def _result(prepared: BudgetInstance, selection: Selection, rank: int, seconds: float) -> SitingResult:
    instance, columns = prepared.instance, selection.sets[rank]
    hosted = sorted(
        (instance.sites[c % prepared.n_sites], prepared.kinds[c // prepared.n_sites].name) for c in columns
    )
    sites = tuple(site for site, _ in hosted)
    objective = instance.total - selection.values[rank]
    bound = instance.total - min(selection.bound, selection.values[0])
    bound = objective if rank and selection.complete else bound
    shares = served_shares(prepared, columns)
    return SitingResult(
        model="budget",
        status="optimal" if selection.complete else "stopped",
        objective=objective,
        bound=bound,
        gap=relative_gap(objective, bound),
        seconds=seconds,
        sites=sites,
        assignment=_assignment(prepared, columns, shares, sites),
        unmet=tuple(instance.areas[i] for i in np.flatnonzero(shares.sum(axis=1) < 1 - 1e-6)),
        kinds=pd.Series([kind for _, kind in hosted], index=list(sites), dtype="str", name="kind"),
        annual_cost_gbp=prepared.cost_of(columns),
    )


def _assignment(
    prepared: BudgetInstance, columns: Columns, shares: FloatArray, sites: tuple[str, ...]
) -> pd.Series[str]:
    """The site that serves most of an area; where none does, the nearest chosen one."""
    instance = prepared.instance
    assigned = instance.assignment(sites)
    hosts = np.array([instance.sites[c % prepared.n_sites] for c in columns], dtype=object)
    served = np.flatnonzero(shares.sum(axis=1) > 1e-6)
    if len(served):
        assigned.loc[[instance.areas[i] for i in served]] = hosts[shares[served].argmax(axis=1)]
    return assigned


def _unanswered(
    prepared: BudgetInstance, selection: Selection, watch: Watch, *, explained: bool
) -> SitingResult:
    def stopping(_loss: float, _bound: float, _columns: Columns) -> bool:
        return watch.must_stop()

    unmet: tuple[str, ...] = ()
    remedies: tuple[str, ...] = () if selection.complete else ("Stopped before any set was found",)
    if selection.complete and explained:
        unmet, remedies = explain_budget(prepared, stopping if watch.watching else None)
    return SitingResult(
        model="budget",
        status="infeasible" if selection.complete else "stopped",
        objective=np.nan,
        bound=np.nan,
        gap=np.nan,
        seconds=watch.seconds,
        sites=(),
        assignment=prepared.instance.assignment(()),
        unmet=unmet,
        remedies=remedies,
    )
