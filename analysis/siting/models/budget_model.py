"""The mixed-integer programme of hubs and outreach under a budget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.siting.models.instance import Instance
from analysis.siting.models.model import BoolArray, Columns, FloatArray
from analysis.siting.search.ranking import SiteModel
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
    minutes : float
        Its catchment.
    annual_cost_gbp : float or Series by site id
    capacity : float or Series by site id
        Need that one site can serve; infinite or missing for no limit.
    candidates : tuple of str, optional
        Sites that may host it; all by default.
    least, most : int, optional
        Number of sites of the kind.
    """

    name: str
    minutes: float
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
class BudgetInstance:
    """A budget question in canonical form.

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
        covered: BoolArray = np.hstack([self.instance.covers(kind.minutes) for kind in self.kinds])
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
    """Programme of a budget question, with the need left outside and then the cost to be minimised.

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
