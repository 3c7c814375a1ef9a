"""Hubs and outreach together under a budget: kinds of site, each with its own catchment, cost and capacity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.base.faults import FaultList
from analysis.siting.models.instance import Instance, prepare
from analysis.siting.models.model import (
    BoolArray,
    Columns,
    Explanation,
    FloatArray,
    Solution,
    Tell,
    Watch,
    relative_gap,
)
from analysis.siting.search.ranking import SiteModel, ranked_sets
from analysis.siting.search.selection import Selection
from analysis.siting.search.solver import Program, solve

FLOOR_SLACK = 1e-9
"""Share of a group's need by which a floor counts as kept, for sums of floats."""


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of site.

    Parameters
    ----------
    name : str
        Such as "hub" or "outreach".
    radius_minutes : float
        Its service radius.
    annual_cost_gbp : float or Series by site id
    capacity : float or Series by site id
        Need that one site can serve; infinite or missing for no limit.
    candidates : tuple of str, optional
        Sites that may host it; all by default.
    least, most : int, optional
        Number of sites of the kind.
    """

    name: str
    radius_minutes: float
    annual_cost_gbp: float | pd.Series[float]
    capacity: float | pd.Series[float] = np.inf
    candidates: tuple[str, ...] | None = None
    least: int = 0
    most: int | None = None

    def cost_by_site(self, sites: Iterable[str]) -> FloatArray:
        """Cost of every site, in pounds a year."""
        return _by_site(self.annual_cost_gbp, sites)

    def capacity_by_site(self, sites: Iterable[str]) -> FloatArray:
        """Capacity of every site."""
        by_site = _by_site(self.capacity, sites)
        return np.where(np.isnan(by_site), np.inf, by_site)


def _by_site(value: float | pd.Series[float], sites: Iterable[str]) -> FloatArray:
    names = list(sites)
    if isinstance(value, pd.Series):
        return np.asarray(value.rename(index=str).reindex(names), dtype=np.float64)
    return np.full(len(names), float(value))


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
class BudgetProblem:
    r"""Which sites host which kind, so that the money covers most need.

    The problem this field has and solvers lack: a site hosts one kind or another, each with its own service radius and
    cost, money is limited, and nobody's ward may be left behind. It extends the MCLP (Church and ReVelle 1974) by kinds
    of site, as the hierarchical covering of Moore and ReVelle (1982) does, by capacities (Current and Storbeck 1988),
    and by floors.

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

    Raises
    ------
    HubreachError
        If it has no meaning, with every reason at once.

    Notes
    -----
    Sets: areas :math:`i \in I` with need, candidate sites :math:`j \in J`, kinds :math:`k \in K`, groups of areas
    :math:`g \in G` with a floor, :math:`I_g \subseteq I`; :math:`N_i = \{(j, k): d_{ij} \le S_k\}`, what can serve area
    :math:`i`; :math:`L \subseteq J \times K`, those of limited capacity.

    Parameters: need :math:`a_i`, minutes :math:`d_{ij}`, service radius :math:`S_k`, cost :math:`c_{jk}` and capacity
    :math:`Q_{jk}` a year, budget :math:`B`, numbers :math:`l_k \le h_k` of each kind, share :math:`f_g` of each floor.

    Variables: :math:`y_{jk} = 1` if site :math:`j` hosts kind :math:`k`, else 0; :math:`x_{ijk} \in [0, 1]`, share of
    area :math:`i` that a site of limited capacity serves; :math:`u_i \in [0, 1]`, share of area :math:`i` left outside.

    .. math::

        \min\ & \sum_i a_i u_i \quad\text{then}\quad \sum_{jk} c_{jk} y_{jk} \\
        & u_i + \sum_{(j,k) \in N_i \setminus L} y_{jk} + \sum_{(j,k) \in N_i \cap L} x_{ijk} \ge 1
            && \forall i \\
        & \sum_i a_i x_{ijk} \le Q_{jk} y_{jk}, \quad x_{ijk} \le y_{jk} && \forall (j,k) \in L, i \\
        & \textstyle\sum_k y_{jk} \le 1 && \forall j, \text{ with } = 1 \text{ for a kept site} \\
        & l_k \le \textstyle\sum_j y_{jk} \le h_k && \forall k \\
        & \textstyle\sum_{jk} c_{jk} y_{jk} \le B \\
        & \textstyle\sum_{i \in I_g} a_i u_i \le (1 - f_g) \textstyle\sum_{i \in I_g} a_i && \forall g

    References
    ----------
    Church R, ReVelle C (1974), The maximal covering location problem, Papers of the Regional Science Association 32.
    Moore G, ReVelle C (1982), The hierarchical service location problem, Management Science 28.
    Current J, Storbeck J (1988), Capacitated covering models, Environment and Planning B 15.
    """

    kinds: tuple[Kind, ...]
    annual_budget_gbp: float
    floors: tuple[Floor, ...] = ()
    keep: dict[str, str] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a problem that has no meaning."""
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


@dataclass(frozen=True, eq=False)
class BudgetInstance:
    """A budget problem in canonical form.

    Decision columns go kind by kind, each in the order of site ids: column = kind x sites + site.

    Parameters
    ----------
    instance : Instance
    kinds : tuple of Kind
    prices, capacities : arrays of shape (kinds, sites)
    annual_budget_gbp : float
    floors : mapping of group name to (bool array over areas, share)
    keep : mapping of site id to kind name or ""
    """

    instance: Instance
    kinds: tuple[Kind, ...]
    prices: FloatArray
    capacities: FloatArray
    annual_budget_gbp: float
    floors: dict[str, tuple[BoolArray, float]]
    keep: dict[str, str]

    @property
    def n_sites(self) -> int:
        """Candidate sites."""
        return len(self.instance.sites)

    @property
    def n_decisions(self) -> int:
        """Columns that say what a site hosts."""
        return self.n_sites * len(self.kinds)

    def cost_of(self, columns: Columns) -> float:
        """What a set costs a year."""
        return float(self.prices.ravel()[list(columns)].sum())

    def site_names(self, columns: Columns) -> tuple[str, ...]:
        """Site ids of decision columns."""
        return tuple(sorted(self.instance.sites[c % self.n_sites] for c in columns))

    def covers(self) -> BoolArray:
        """Which area each decision covers: bool array (areas, decisions)."""
        covered: BoolArray = np.hstack([self.instance.covers(kind.radius_minutes) for kind in self.kinds])
        return covered

    def upper(self) -> FloatArray:
        """1 where a site may host a kind, else 0."""
        allowed = np.ones((len(self.kinds), self.n_sites))
        for k, kind in enumerate(self.kinds):
            if kind.candidates is not None:
                allowed[k] = np.isin(self.instance.sites, list(kind.candidates))
            for j, site in enumerate(self.instance.sites):
                if self.keep.get(site, "") not in {"", kind.name}:
                    allowed[k, j] = 0.0
        flat: FloatArray = allowed.ravel()
        return flat


def prepare_budget(problem: BudgetProblem, costs: pd.DataFrame, weights: pd.Series[float]) -> BudgetInstance:
    """Check a budget problem against its matrix, and put both in canonical order."""
    instance = prepare(costs, weights, keep=problem.keep, exclude=problem.exclude)
    faults = FaultList("question")
    for kind in problem.kinds:
        for site in sorted(set(kind.candidates or ()) - set(instance.costs.columns)):
            faults.add(
                f"candidate '{site}' is not a site of the matrix",
                "Use a site id of the matrix",
                column=kind.name,
            )
    groups: dict[str, tuple[BoolArray, float]] = {}
    for floor in problem.floors:
        labels = floor.groups.rename(index=str).reindex(list(instance.areas)).fillna("").astype(str)
        for label in sorted(set(labels) - {""}):
            groups[f"{floor.name} {label}"] = (labels.to_numpy() == label, floor.share)
    prices = [kind.cost_by_site(instance.sites) for kind in problem.kinds]
    for kind, by_site in zip(problem.kinds, prices, strict=True):
        if not np.isfinite(by_site).all() or (by_site < 0).any():
            faults.add(
                f"a cost of {kind.name} is missing or negative",
                "Give every site a cost of zero or more",
                column=kind.name,
            )
    faults.raise_if_any("The budget question does not fit the matrix.")
    return BudgetInstance(
        instance=instance,
        kinds=problem.kinds,
        prices=np.array(prices),
        capacities=np.array([kind.capacity_by_site(instance.sites) for kind in problem.kinds]),
        annual_budget_gbp=problem.annual_budget_gbp,
        floors=groups,
        keep={str(site): kind for site, kind in problem.keep.items()},
    )


@dataclass
class _Rows:
    """Rows of a programme as they are written down."""

    n_columns: int
    rows: list[Any] = field(default_factory=list)
    lower: list[FloatArray] = field(default_factory=list)
    upper: list[FloatArray] = field(default_factory=list)

    def add(self, block: Any, lower: FloatArray | float, upper: FloatArray | float) -> None:
        """Add rows whose last columns, if left out, are zero."""
        table = (
            sparse.csr_array(np.atleast_2d(block))
            if isinstance(block, np.ndarray)
            else sparse.csr_array(block)
        )
        missing = sparse.csr_array((table.shape[0], self.n_columns - table.shape[1]))
        table = sparse.csr_array(sparse.hstack([table, missing]))
        self.rows.append(table)
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=float), table.shape[0]))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=float), table.shape[0]))

    def matrix(self) -> sparse.csr_array:
        """All rows."""
        return sparse.csr_array(sparse.vstack(self.rows, format="csr"))


def build(prepared: BudgetInstance, *, with_budget: bool = True, floor_slack: bool = False) -> SiteModel:
    """Programme of a budget problem, with the need left outside and then the cost to be minimised.

    Parameters
    ----------
    prepared : BudgetInstance
    with_budget : bool
        False leaves the limit on money out.
    floor_slack : bool
        True lets floors be missed, by last columns (one a floor) that hold the need by which they are.

    Notes
    -----
    Columns: decisions; need left outside by area (share, 0 to 1); share of an area served by a decision
    whose capacity is limited; missed floors.
    """
    instance, n_y = prepared.instance, prepared.n_decisions
    n_areas = len(instance.weights)
    covered = prepared.covers()
    limited = np.isfinite(prepared.capacities.ravel())
    area, decision = np.nonzero(covered & limited)
    n_x, n_slack = len(area), len(prepared.floors) if floor_slack else 0
    n_columns = n_y + n_areas + n_x + n_slack
    rows = _Rows(n_columns)
    served = sparse.csr_array((np.ones(n_x), (area, np.arange(n_x))), shape=(n_areas, n_x))
    rows.add(
        sparse.hstack(
            [sparse.csr_array((covered & ~limited).astype(float)), sparse.eye_array(n_areas), served]
        ),
        1.0,
        np.inf,
    )
    if n_x:
        _add_capacities(rows, prepared, area, decision)
    _add_choices(rows, prepared, with_budget=with_budget)
    for g, (members, share) in enumerate(prepared.floors.values()):
        row = np.zeros(n_columns)
        row[n_y : n_y + n_areas] = instance.weights * members
        if floor_slack:
            row[n_columns - n_slack + g] = -1.0
        need = float(instance.weights[members].sum())
        rows.add(row, -np.inf, (1.0 - share) * need + FLOOR_SLACK * max(need, 1.0))
    outside = np.zeros(n_columns)
    outside[n_y : n_y + n_areas] = instance.weights
    spending = np.zeros(n_columns)
    spending[:n_y] = prepared.prices.ravel()
    upper = np.concatenate([prepared.upper(), np.ones(n_areas + n_x), np.full(n_slack, np.inf)])
    program = Program(
        cost=outside,
        lower=np.zeros(n_columns),
        upper=upper,
        integer=np.arange(n_columns) < n_y,
        matrix=rows.matrix(),
        row_lower=np.concatenate(rows.lower),
        row_upper=np.concatenate(rows.upper),
    )

    def value(columns: Columns) -> tuple[float, ...]:
        return need_outside(prepared, columns), prepared.cost_of(columns)

    return SiteModel(program, n_y, [outside, spending], value)


def _add_capacities(rows: _Rows, prepared: BudgetInstance, area: Any, decision: Any) -> None:
    """A site serves no more than its capacity, and nobody unless it is open."""
    n_y, n_areas, n_x = prepared.n_decisions, len(prepared.instance.weights), len(area)
    limited = np.flatnonzero(np.isfinite(prepared.capacities.ravel()))
    position = np.full(n_y, -1)
    position[limited] = np.arange(len(limited))
    load = sparse.csr_array(
        (prepared.instance.weights[area], (position[decision], np.arange(n_x))), shape=(len(limited), n_x)
    )
    opened = sparse.csr_array(
        (-prepared.capacities.ravel()[limited], (np.arange(len(limited)), limited)), shape=(len(limited), n_y)
    )
    middle = sparse.csr_array((len(limited), n_areas))
    rows.add(sparse.hstack([opened, middle, load]), -np.inf, 0.0)
    only_open = sparse.csr_array((-np.ones(n_x), (np.arange(n_x), decision)), shape=(n_x, n_y))
    rows.add(
        sparse.hstack([only_open, sparse.csr_array((n_x, n_areas)), sparse.eye_array(n_x)]), -np.inf, 0.0
    )


def _add_choices(rows: _Rows, prepared: BudgetInstance, *, with_budget: bool) -> None:
    """One kind a site; kept sites; numbers of each kind; money."""
    n_sites, kinds = prepared.n_sites, prepared.kinds
    hosts = sparse.hstack([sparse.eye_array(n_sites)] * len(kinds))
    rows.add(hosts, prepared.instance.kept.astype(float), 1.0)
    for k, kind in enumerate(kinds):
        if kind.least or kind.most is not None:
            row = np.zeros(rows.n_columns)
            row[k * n_sites : (k + 1) * n_sites] = 1.0
            rows.add(row, kind.least, np.inf if kind.most is None else kind.most)
    if with_budget and np.isfinite(prepared.annual_budget_gbp):
        unit = max(prepared.annual_budget_gbp, 1.0)
        row = np.zeros(rows.n_columns)
        row[: prepared.n_decisions] = prepared.prices.ravel() / unit
        rows.add(row, -np.inf, prepared.annual_budget_gbp / unit + 1e-9)


def served_shares(prepared: BudgetInstance, columns: Columns) -> FloatArray:
    """Share of each area's need that each chosen decision serves: array (areas, chosen).

    Without capacities an area goes wholly to the nearest site whose catchment it is in.
    """
    instance, chosen = prepared.instance, list(columns)
    covered = prepared.covers()[:, chosen]
    shares = np.zeros(covered.shape)
    if not chosen:
        return shares
    if np.isfinite(prepared.capacities.ravel()[chosen]).any():
        return _shares_by_capacity(prepared, columns)
    minutes = np.where(covered, instance.minutes[:, [c % prepared.n_sites for c in chosen]], np.inf)
    reached = np.flatnonzero(covered.any(axis=1))
    shares[reached, minutes[reached].argmin(axis=1)] = 1.0
    return shares


def need_outside(prepared: BudgetInstance, columns: Columns) -> float:
    """Need that a set leaves outside its catchments, or beyond its capacity."""
    left = 1.0 - served_shares(prepared, columns).sum(axis=1)
    return float((prepared.instance.weights * np.maximum(left, 0.0)).sum())


def _shares_by_capacity(prepared: BudgetInstance, columns: Columns) -> FloatArray:
    """Who is served where when places are short: a transport problem, floors included."""
    model = build(prepared, with_budget=False)
    fixed = np.zeros(prepared.n_decisions)
    fixed[list(columns)] = 1.0
    program = model.program.with_fixed(np.arange(prepared.n_decisions), fixed)
    outcome = solve(program)
    n_areas = len(prepared.instance.weights)
    covered = prepared.covers()
    limited = np.isfinite(prepared.capacities.ravel())
    shares = np.zeros((n_areas, len(columns)))
    if outcome.values is None:
        return shares
    area, decision = np.nonzero(covered & limited)
    x = outcome.values[prepared.n_decisions + n_areas : prepared.n_decisions + n_areas + len(area)]
    position = {column: k for k, column in enumerate(columns)}
    for i, d, amount in zip(area, decision, x, strict=True):
        if d in position:
            shares[i, position[int(d)]] = amount
    for column in columns:
        if not limited[column]:
            left = 1.0 - shares.sum(axis=1)
            shares[:, position[column]] += np.where(covered[:, column], np.maximum(left, 0.0), 0.0)
    return shares


def ranked_budget_solutions(
    problem: BudgetProblem,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    count: int,
    watch: Watch,
    *,
    explained: bool,
) -> list[Solution]:
    """Find the best `count` distinct sets, best first; a single infeasible solution if there is none."""
    prepared = prepare_budget(problem, costs, weights)
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
        return [_unsolved(prepared, selection, watch, explained=explained)]
    return [_solution(prepared, selection, rank, watch.seconds) for rank in range(len(selection.sets))]


def budget_solution(
    problem: BudgetProblem, costs: pd.DataFrame, weights: pd.Series[float], hosted: Mapping[str, str]
) -> Solution:
    """A plan of the user's own as a solution; it need not keep to the budget, the numbers, the floors or the lists.

    Parameters
    ----------
    problem : BudgetProblem
    costs : DataFrame of shape (areas, sites)
        Minutes; infinite where a site cannot be reached.
    weights : Series of shape (areas,)
        Need by area.
    hosted : mapping of site id to kind name
    """
    free = replace(problem, floors=(), keep={}, exclude=())
    prepared = prepare_budget(free, costs, weights)
    names = [kind.name for kind in problem.kinds]
    columns = tuple(
        sorted(
            names.index(kind) * prepared.n_sites + prepared.instance.sites.index(site)
            for site, kind in hosted.items()
        )
    )
    outside = need_outside(prepared, columns)
    return _solution(prepared, Selection((outside,), (columns,), outside, complete=True), 0, 0.0)


def like_set(problem: BudgetProblem, own: Solution) -> BudgetProblem:
    """The problem under the terms that a set keeps to: its money, its numbers where they are limited, no floors."""
    numbers = own.kinds.value_counts()
    return replace(
        problem,
        kinds=tuple(
            replace(
                kind,
                least=min(kind.least, int(numbers.get(kind.name, 0))),
                most=None if kind.most is None else int(numbers.get(kind.name, 0)),
            )
            for kind in problem.kinds
        ),
        annual_budget_gbp=own.annual_cost_gbp if np.isfinite(problem.annual_budget_gbp) else np.inf,
        floors=(),
        keep={
            site: kind
            for site, kind in problem.keep.items()
            if site in own.sites and kind in {"", own.kinds[site]}
        },
        exclude=tuple(site for site in problem.exclude if site not in own.sites),
    )


def _solution(prepared: BudgetInstance, selection: Selection, rank: int, seconds: float) -> Solution:
    instance, columns = prepared.instance, selection.sets[rank]
    hosted = sorted(
        (instance.sites[c % prepared.n_sites], prepared.kinds[c // prepared.n_sites].name) for c in columns
    )
    sites = tuple(site for site, _ in hosted)
    objective = instance.total - selection.values[rank]
    bound = instance.total - min(selection.bound, selection.values[0])
    bound = objective if rank and selection.complete else bound
    shares = served_shares(prepared, columns)
    return Solution(
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


def _unsolved(prepared: BudgetInstance, selection: Selection, watch: Watch, *, explained: bool) -> Solution:
    def stopping(_loss: float, _bound: float, _columns: Columns) -> bool:
        return watch.must_stop()

    explanation: Explanation | None = ((), ()) if selection.complete else None
    if selection.complete and explained:
        explanation = explain_budget(prepared, stopping if watch.watching else None)
    return Solution.none("budget", prepared.instance.assignment(()), watch.seconds, explanation)


LEAST_FACTOR = 0.001


NOT_WORKED_OUT = "Stopped before the least change was worked out"


def explain_budget(prepared: BudgetInstance, tell: Tell | None = None) -> Explanation:
    """Areas in the way of a budget problem that has no solution, and what would make it possible.

    Parameters
    ----------
    prepared : BudgetInstance
        Found infeasible.
    tell : callable, optional
        True stops the explanation, which then says as much as is known.

    Returns
    -------
    (unmet, remedies)
        Area ids; sentences, what cannot be met first.
    """
    if not len(prepared.instance.weights):
        return (), ("No area has any need: give at least one area a weight above zero",)
    loose = build(prepared, floor_slack=True)
    missed = np.zeros(len(loose.program.cost))
    missed[len(missed) - len(prepared.floors) :] = 1.0
    outcome = solve(loose.program.with_cost(missed), tell=tell)
    if not outcome.complete:
        return (), ("Nothing meets every floor, every kept site and the budget at once", NOT_WORKED_OUT)
    if outcome.values is None:
        return (), _choices_clash(prepared, tell)
    short = outcome.values[len(missed) - len(prepared.floors) :]
    outside = outcome.values[prepared.n_decisions : prepared.n_decisions + len(prepared.instance.weights)]
    unmet: set[str] = set()
    remedies: list[str] = []
    for (name, (members, share)), lacking in zip(prepared.floors.items(), short, strict=True):
        if lacking > 1e-6:
            unmet |= {prepared.instance.areas[i] for i in np.flatnonzero(members & (outside > 1e-6))}
            need = float(prepared.instance.weights[members].sum())
            remedies.append(f"{name}: {share - lacking / need:.1%} of need can be covered, not {share:.0%}")
    return tuple(sorted(unmet)), (*remedies, *_least_changes(prepared, tell))


def _least_changes(prepared: BudgetInstance, tell: Tell | None) -> tuple[str, ...]:
    """The least budget, or number of sites, that meets every floor, and the highest floors as things are."""
    by_money = np.isfinite(prepared.annual_budget_gbp)
    unlimited = tuple(replace(kind, most=kind.most if by_money else None) for kind in prepared.kinds)
    richer = build(replace(prepared, kinds=unlimited), with_budget=False)
    counting = (np.arange(len(richer.program.cost)) < prepared.n_decisions).astype(float)
    least = solve(richer.program.with_cost(richer.objectives[1] if by_money else counting), tell=tell)
    if not least.complete:
        return (NOT_WORKED_OUT,)
    if least.values is None:
        first = _least_minutes(prepared)
    elif by_money:
        amount = np.ceil(least.objective - 1e-6)
        first = f"Raise the budget to £{amount:,.0f} a year: the least that meets every floor"
    else:
        first = f"Choose {least.objective:.0f} sites: the fewest that meet every floor"
    factor = _common_factor(prepared, tell)
    if factor is None or factor < LEAST_FACTOR:
        return (first,)
    return (
        first,
        f"Or lower every floor to {np.floor(factor * 1000) / 1000:.1%} of what it is: the most that can be met as things are",
    )


def _least_minutes(prepared: BudgetInstance) -> str:
    """What to do when no sites at all meet every floor: the catchment with which some do."""
    general = "Nothing meets every floor: lower the floors, widen the catchments or allow more sites"
    if not prepared.n_sites or np.isfinite(prepared.capacities).any():
        return general
    instance = prepared.instance
    nearest = instance.minutes.min(axis=1)
    needed = 0.0
    for members, share in prepared.floors.values():
        order = np.flatnonzero(members)[np.argsort(nearest[members], kind="stable")]
        covered = np.cumsum(instance.weights[order])
        if len(order) and share > 0:
            enough = int(np.searchsorted(covered, share * covered[-1] * (1 - 1e-9)))
            needed = max(needed, float(nearest[order[min(enough, len(order) - 1)]]))
    widest = max(prepared.kinds, key=lambda kind: kind.radius_minutes)
    if not np.isfinite(needed) or needed <= widest.radius_minutes:
        return general
    least = np.ceil(needed * 10 - 1e-9) / 10
    return f"Allow {least:g} minutes for a {widest.name}: with fewer, no number of sites meets every floor"


def _common_factor(prepared: BudgetInstance, tell: Tell | None) -> float | None:
    """Largest part of every floor that can be met at once; None when stopped before it was found."""
    model = build(prepared, floor_slack=True)
    n_floors = len(prepared.floors)
    program = model.program
    first = len(program.cost) - n_floors
    lacking = np.array(
        [share * prepared.instance.weights[members].sum() for members, share in prepared.floors.values()]
    )
    # All floors are missed by one part of themselves: each slack is that part of its floor.
    for k in range(1, n_floors):
        row = np.zeros(len(program.cost))
        row[first], row[first + k] = lacking[k], -lacking[0]
        program = program.with_row(row, 0.0, 0.0)
    cost = np.zeros(len(program.cost))
    cost[first] = 1.0
    outcome = solve(program.with_cost(cost), tell=tell)
    if not outcome.complete:
        return None
    return 0.0 if outcome.values is None else float(1.0 - outcome.values[first] / lacking[0])


def _choices_clash(prepared: BudgetInstance, tell: Tell | None) -> tuple[str, ...]:
    """Kept sites and numbers of sites that the money or the candidates do not allow."""
    model = build(prepared, with_budget=False, floor_slack=True)
    cheapest = solve(model.program.with_cost(model.objectives[1]), tell=tell)
    if not cheapest.complete:
        return (NOT_WORKED_OUT,)
    if cheapest.values is None:
        return (
            "The kept sites, the candidates and the numbers of each kind contradict each other: loosen one of them",
        )
    least, allowed = f"£{cheapest.objective:,.0f}", f"£{prepared.annual_budget_gbp:,.0f}"
    return (
        f"The kept sites and numbers of each kind cost {least} a year at least, more than {allowed}",
        f"Raise the budget to £{np.ceil(cheapest.objective - 1e-6):,.0f} a year, or keep fewer",
    )
