"""Covering: most need within the catchment of p sites, and fewest sites that cover enough of it."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analysis.siting.models.instance import Instance
from analysis.siting.models.median import least_travel, travel_loss
from analysis.siting.models.model import BoolArray, Columns, FloatArray, IntArray, Tell, tolerance
from analysis.siting.models.set_cover import fewest_cover
from analysis.siting.search.loss_table import LossTable
from analysis.siting.search.ranking import SiteModel, finished
from analysis.siting.search.reductions import merged_rows
from analysis.siting.search.relaxation import RootProof
from analysis.siting.search.selection import Known, Selection, select, successive
from analysis.siting.search.solver import Program, relax, solve
from analysis.siting.search.starts import swap

MOST_PROVEN = 20_000
"""Pairs of area and site within the limit; beyond, the least travel of whole covers takes too long to prove."""


def most_covered(
    instance: Instance, choose: int, minutes: float, count: int = 1, tell: Tell | None = None
) -> Selection:
    """Sets of `choose` sites that leave least need outside their catchments (Church and ReVelle 1974).

    Where the sites reach every area that any site reaches, there are many such sets, and those with
    least travel come first (of a large matrix, those to which exchanges lead); other ties go to the first
    set in order.

    Returns
    -------
    Selection
        Values are the need left outside.
    """
    covered = instance.covers(minutes)
    rows, weights = merged_rows(covered, instance.weights)
    loss = np.ascontiguousarray((~covered[rows] * weights[:, None]).T)
    out_of_reach = float(instance.weights[~covered.any(axis=1)].sum())

    prices, rounded = _relaxed(covered[rows], weights, instance.kept, choose)

    def best(forbidden: tuple[Columns, ...]) -> Selection:
        quick = select(
            loss,
            choose,
            instance.kept,
            known=Known(rounded, prices, out_of_reach),
            forbidden=forbidden,
            tell=tell,
            branches=0,
        )
        found = quick
        if not quick.complete and not forbidden and quick.bound <= out_of_reach + tolerance(out_of_reach):
            found = _whole_cover(covered, instance.kept, choose, out_of_reach, tell) or quick
        if not found.complete:
            found = finished(covered.shape[1], model_of, quick, forbidden, tell, least=out_of_reach)
        if found.sets and found.values[0] <= out_of_reach + tolerance(out_of_reach):
            return _saturated(instance, choose, minutes, found, forbidden, tell)
        return found

    def model_of(sites: IntArray, _root: RootProof | None, _limit: float) -> SiteModel:
        return _cover_model(covered[:, sites], instance.weights, instance.kept[sites], choose)

    return successive(count, best)


def _whole_cover(
    covered: BoolArray, kept: BoolArray, choose: int, out_of_reach: float, tell: Tell | None
) -> Selection | None:
    """A set that reaches all that can be reached, if there is one: a set cover is far easier than an MCLP."""
    reachable = covered[covered.any(axis=1)]
    columns, _, _ = fewest_cover(reachable, kept, _asking_only(tell, out_of_reach), enough=choose)
    if columns is None or len(columns) > choose:
        return None
    others = np.setdiff1d(np.arange(covered.shape[1]), columns)[: choose - len(columns)]
    chosen: Columns = tuple(np.sort(np.concatenate([columns, others])).astype(int).tolist())
    return Selection((out_of_reach,), (chosen,), out_of_reach, complete=True)


def _asking_only(tell: Tell | None, bound: float) -> Tell | None:
    """Whether to stop, while what is being counted is not need."""
    if tell is None:
        return None
    inner = tell
    return lambda _count, _bound, _columns: inner(np.inf, bound, ())


def _saturated(
    instance: Instance,
    choose: int,
    minutes: float,
    met: Selection,
    forbidden: tuple[Columns, ...],
    tell: Tell | None,
) -> Selection:
    """Of the sets that reach all that can be reached, the one with least travel."""
    out_of_reach = met.values[0]
    nearer = nearer_cover(instance, minutes, met.sets[0])
    if nearer is not None:
        best = met.sets[0] if nearer in forbidden else nearer
        return Selection((out_of_reach,), (best,), out_of_reach, complete=True)
    covering = (
        None if tell is None else lambda _value, _bound, columns: tell(out_of_reach, out_of_reach, columns)
    )
    nearest = least_travel(instance, choose, minutes=minutes, forbidden=forbidden, tell=covering)
    return Selection((out_of_reach,), nearest.sets or met.sets, out_of_reach, complete=True)


def nearer_cover(instance: Instance, minutes: float, cover: Columns) -> Columns | None:
    """Of a large matrix, a cover with less travel, by exchanges; None where the least can be proven."""
    loss = travel_loss(instance, minutes)
    if np.isfinite(loss).sum() <= MOST_PROVEN:
        return None
    return tuple(swap(LossTable.of(loss).loss, np.array(cover), instance.kept)[0].tolist())


def _relaxed(
    covered: BoolArray, weights: FloatArray, kept: BoolArray, choose: int
) -> tuple[FloatArray | None, list[Columns]]:
    """Prices of groups of areas in the linear relaxation, and the set that it leans to."""
    n_sites = covered.shape[1]
    if kept.sum() > choose or choose > n_sites:
        return None, []
    # With catchments that are within others' too: without them the prices are less central, and more sets are listed.
    outcome = relax(exactly(_grouped_program(covered, weights, kept), n_sites, choose))
    if outcome.row_duals is None or outcome.values is None:
        return None, []
    reachable = covered.any(axis=1)
    prices = weights.copy()
    prices[reachable] = np.clip(outcome.row_duals[: reachable.sum()], 0.0, weights[reachable])
    leaning = np.argsort(-(outcome.values[:n_sites] + kept), kind="stable")[:choose]
    return prices, [tuple(np.sort(leaning).tolist())]


def _cover_model(covered: BoolArray, weights: FloatArray, kept: BoolArray, choose: int) -> SiteModel:
    program = exactly(cover_program(covered, weights, kept), covered.shape[1], choose)

    def value(columns: Columns) -> tuple[float, ...]:
        return (float(weights[~covered[:, list(columns)].any(axis=1)].sum()),)

    return SiteModel(program, covered.shape[1], [program.cost], value)


def exactly(program: Program, n_sites: int, choose: int) -> Program:
    """Programme in which so many of its first columns are one."""
    counting = (np.arange(len(program.cost)) < n_sites).astype(float)
    return program.with_row(counting, choose, choose)


def cover_program(covered: BoolArray, weights: FloatArray, kept: BoolArray) -> Program:
    """Programme of the need left outside: a column for every site, then one for every group of areas.

    Areas with the same catchment sets are one group. The need that no site reaches is the cost of
    a last column, fixed at one.
    """
    rows, grouped = merged_rows(covered, weights)
    return _grouped_program(covered[rows], grouped, kept)


def _grouped_program(covered: BoolArray, grouped: FloatArray, kept: BoolArray) -> Program:
    """Programme of groups of areas and their need."""
    reachable = covered.any(axis=1)
    table = sparse.csr_array(covered[reachable].astype(float))
    groups, n_sites = table.shape
    offset = float(grouped[~reachable].sum())
    columns = n_sites + groups + 1
    lower = np.concatenate([kept.astype(float), np.zeros(groups), [1.0]])
    matrix = sparse.hstack([table, sparse.eye_array(groups), sparse.csr_array((groups, 1))], format="csr")
    return Program(
        cost=np.concatenate([np.zeros(n_sites), grouped[reachable], [offset]]),
        lower=lower,
        upper=np.ones(columns),
        integer=np.arange(columns) < n_sites,
        matrix=sparse.csr_array(matrix),
        row_lower=np.ones(groups),
        row_upper=np.full(groups, np.inf),
    )


def fewest_for_share(
    instance: Instance, minutes: float, share: float, tell: Tell | None = None
) -> tuple[Columns | None, int, bool]:
    """Fewest sites that cover at least a share of need.

    Returns
    -------
    (columns, bound, complete)
        None where all sites together cover less.
    """
    covered = instance.covers(minutes)
    allowed = (1.0 - share) * instance.total
    allowed += tolerance(instance.total)
    if float(instance.weights[~covered.any(axis=1)].sum()) > allowed:
        return None, 0, True
    program = cover_program(covered, instance.weights, instance.kept)
    n_sites = covered.shape[1]
    counting = (np.arange(len(program.cost)) < n_sites).astype(float)
    program = program.with_row(program.cost, -np.inf, allowed).with_cost(counting)
    outcome = solve(program, tell=tell)
    if outcome.values is None:
        return tuple(range(n_sites)), int(instance.kept.sum()), False
    columns = tuple(np.flatnonzero(outcome.values[:n_sites] > 0.5).tolist())
    return columns, int(np.ceil(outcome.bound - 1e-6)), outcome.complete
