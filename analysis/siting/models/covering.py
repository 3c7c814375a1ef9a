"""Covering: fewest sites for everyone (LSCP), most need within reach of p sites (MCLP), fewest sites for a share."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analysis.siting.models.instance import Instance
from analysis.siting.models.median import least_travel, travel_loss
from analysis.siting.models.model import BoolArray, Columns, FloatArray, IntArray, Tell, tolerance
from analysis.siting.search.loss_table import LossTable, swap
from analysis.siting.search.ranking import SiteModel, finished
from analysis.siting.search.reductions import merged_rows, undominated_columns, undominated_rows
from analysis.siting.search.relaxation import RootProof
from analysis.siting.search.selection import Known, Selection, select, successive
from analysis.siting.search.solver import Program, relax, solve


def fewest_cover(
    covered: BoolArray, kept: BoolArray, tell: Tell | None = None, *, enough: int = 0
) -> tuple[Columns | None, int, bool]:
    r"""Fewest sites that cover every area: the location set covering problem (LSCP).

    Parameters
    ----------
    covered : bool array of shape (areas, sites)
        Whether a site is within the service radius of an area.
    kept : bool array of shape (sites,)
        Sites that are in anyway.
    tell : callable, optional
    enough : int
        A cover of so many sites will do, and so will the proof that there is none.

    Returns
    -------
    (columns, bound, complete)
        A cover, None where some area has no site at all; the fewest that it could be; and whether the
        problem is settled.

    Notes
    -----
    Sets: areas :math:`i \in I` with need, candidate sites :math:`j \in J`, kept sites :math:`J^0 \subseteq J`;
    :math:`N_i = \{j: d_{ij} \le S\}`, sites within the service radius :math:`S` of area :math:`i`.

    Variables: :math:`x_j = 1` if site :math:`j` is chosen, else 0.

    .. math::

        \min\ & \sum_{j \in J} x_j \\
        & \sum_{j \in N_i} x_j \ge 1 && \forall i \in I \\
        & x_j = 1 && \forall j \in J^0 \\
        & x_j \in \{0, 1\} && \forall j \in J

    Solved on the areas and sites that no other makes needless (`undominated_rows`, `undominated_columns`); areas of
    which no two share a site give the first bound.

    References
    ----------
    Toregas C, Swain R, ReVelle C, Bergman L (1971), The location of emergency service facilities, Operations
    Research 19.
    """
    if not covered.any(axis=1).all():
        return None, 0, True
    inside = np.flatnonzero(kept)
    left = covered[~covered[:, inside].any(axis=1)]
    start = greedy_cover(left)
    bound = len(inside) + apart(left)
    if len(inside) + len(start) <= max(enough, bound) or bound > enough > 0:
        return tuple(np.sort(np.concatenate([inside, start])).tolist()), bound, True
    columns = undominated_columns(left)
    table = left[:, columns]
    outcome = solve(_program(table[undominated_rows(table)]), tell=_counting(tell, inside, columns))
    if outcome.values is not None:
        start = columns[np.flatnonzero(outcome.values > 0.5)]
    chosen: Columns = tuple(np.sort(np.concatenate([inside, start])).tolist())
    return chosen, max(bound, len(inside) + int(np.ceil(outcome.bound - 1e-6))), outcome.complete


def _program(table: BoolArray) -> Program:
    areas, sites = table.shape
    return Program(
        cost=np.ones(sites),
        lower=np.zeros(sites),
        upper=np.ones(sites),
        integer=np.ones(sites, dtype=bool),
        matrix=sparse.csr_array(table.astype(float)),
        row_lower=np.ones(areas),
        row_upper=np.full(areas, np.inf),
    )


def greedy_cover(table: BoolArray) -> IntArray:
    """A cover, taking the site that covers most of what is left each time."""
    chosen: list[int] = []
    left = np.ones(len(table), dtype=bool)
    while left.any():
        best = int(table[left].sum(axis=0).argmax())
        chosen.append(best)
        left &= ~table[:, best]
    return np.array(chosen, dtype=np.int64)


def apart(table: BoolArray) -> int:
    """Number of areas of which no two share a site: each needs a site of its own."""
    used = np.zeros(table.shape[1], dtype=bool)
    count = 0
    for row in table[np.argsort(table.sum(axis=1), kind="stable")]:
        if not (row & used).any():
            used |= row
            count += 1
    return count


def _counting(tell: Tell | None, inside: IntArray, columns: IntArray) -> Tell | None:
    """Tell of whole covers, while only the sites besides the kept ones are counted."""
    if tell is None:
        return None

    def wrapped(count: float, bound: float, chosen: Columns) -> bool:
        sites = np.sort(np.concatenate([inside, columns[list(chosen)]])) if chosen else inside
        return tell(count + len(inside), bound + len(inside), tuple(sites.tolist()))

    return wrapped


MOST_PROVEN = 20_000
"""Pairs of area and site within the limit; beyond, the least travel of whole covers takes too long to prove."""


def most_covered(
    instance: Instance, p: int, minutes: float, count: int = 1, tell: Tell | None = None
) -> Selection:
    r"""Sets of `p` sites that cover most need: the maximal covering location problem (MCLP).

    Where the sites reach every area that any site reaches, there are many such sets, and those with
    least travel come first (of a large matrix, those to which exchanges lead); other ties go to the first
    set in order.

    Parameters
    ----------
    instance : Instance
    p : int
        Number of sites, the kept ones included.
    minutes : float
        Service radius.
    count : int
        How many best sets.
    tell : callable, optional

    Returns
    -------
    Selection
        Values are the need left outside.

    Notes
    -----
    Sets: areas :math:`i \in I` with need :math:`a_i`, candidate sites :math:`j \in J`, kept sites
    :math:`J^0 \subseteq J`; :math:`N_i = \{j: d_{ij} \le S\}`, sites within the service radius :math:`S` of area
    :math:`i`.

    Variables: :math:`x_j = 1` if site :math:`j` is chosen, else 0; :math:`y_i = 1` if area :math:`i` is covered, else 0
    (in :math:`[0, 1]`: whole wherever :math:`x` is).

    .. math::

        \max\ & \sum_{i \in I} a_i y_i \\
        & \sum_{j \in N_i} x_j \ge y_i && \forall i \in I \\
        & \sum_{j \in J} x_j = p \\
        & x_j = 1 && \forall j \in J^0 \\
        & x_j \in \{0, 1\},\ 0 \le y_i \le 1 && \forall j \in J, i \in I

    Solved as the least need left outside, :math:`\sum_i a_i (1 - y_i)`, by prices of the areas first
    (`search.relaxation`), by HiGHS where they leave too many sets.

    References
    ----------
    Church R, ReVelle C (1974), The maximal covering location problem, Papers of the Regional Science Association 32.
    """
    covered = instance.covers(minutes)
    rows, weights = merged_rows(covered, instance.weights)
    loss = np.ascontiguousarray((~covered[rows] * weights[:, None]).T)
    out_of_reach = float(instance.weights[~covered.any(axis=1)].sum())

    prices, rounded = _relaxed(covered[rows], weights, instance.kept, p)

    def best(forbidden: tuple[Columns, ...]) -> Selection:
        quick = select(
            loss,
            p,
            instance.kept,
            known=Known(rounded, prices, out_of_reach),
            forbidden=forbidden,
            tell=tell,
            branches=0,
        )
        found = quick
        if not quick.complete and not forbidden and quick.bound <= out_of_reach + tolerance(out_of_reach):
            found = _whole_cover(covered, instance.kept, p, out_of_reach, tell) or quick
        if not found.complete:
            found = finished(covered.shape[1], model_of, quick, forbidden, tell, least=out_of_reach)
        if found.sets and found.values[0] <= out_of_reach + tolerance(out_of_reach):
            return _saturated(instance, p, minutes, found, forbidden, tell)
        return found

    def model_of(sites: IntArray, _root: RootProof | None, _limit: float) -> SiteModel:
        return _cover_model(covered[:, sites], instance.weights, instance.kept[sites], p)

    return successive(count, best)


def _whole_cover(
    covered: BoolArray, kept: BoolArray, p: int, out_of_reach: float, tell: Tell | None
) -> Selection | None:
    """A set that reaches all that can be reached, if there is one: a set cover is far easier than an MCLP."""
    reachable = covered[covered.any(axis=1)]
    columns, _, _ = fewest_cover(reachable, kept, _asking_only(tell, out_of_reach), enough=p)
    if columns is None or len(columns) > p:
        return None
    others = np.setdiff1d(np.arange(covered.shape[1]), columns)[: p - len(columns)]
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
    p: int,
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
    nearest = least_travel(instance, p, minutes=minutes, forbidden=forbidden, tell=covering)
    return Selection((out_of_reach,), nearest.sets or met.sets, out_of_reach, complete=True)


def nearer_cover(instance: Instance, minutes: float, cover: Columns) -> Columns | None:
    """Of a large matrix, a cover with less travel, by exchanges; None where the least can be proven."""
    loss = travel_loss(instance, minutes)
    if np.isfinite(loss).sum() <= MOST_PROVEN:
        return None
    return tuple(swap(LossTable.of(loss).loss, np.array(cover), instance.kept)[0].tolist())


def _relaxed(
    covered: BoolArray, weights: FloatArray, kept: BoolArray, p: int
) -> tuple[FloatArray | None, list[Columns]]:
    """Prices of groups of areas in the linear relaxation, and the set that it leans to."""
    n_sites = covered.shape[1]
    if kept.sum() > p or p > n_sites:
        return None, []
    # With catchments that are within others' too: without them the prices are less central, and more sets are listed.
    outcome = relax(exactly(_grouped_program(covered, weights, kept), n_sites, p))
    if outcome.row_duals is None or outcome.values is None:
        return None, []
    reachable = covered.any(axis=1)
    prices = weights.copy()
    prices[reachable] = np.clip(outcome.row_duals[: reachable.sum()], 0.0, weights[reachable])
    leaning = np.argsort(-(outcome.values[:n_sites] + kept), kind="stable")[:p]
    return prices, [tuple(np.sort(leaning).tolist())]


def _cover_model(covered: BoolArray, weights: FloatArray, kept: BoolArray, p: int) -> SiteModel:
    program = exactly(cover_program(covered, weights, kept), covered.shape[1], p)

    def value(columns: Columns) -> tuple[float, ...]:
        return (float(weights[~covered[:, list(columns)].any(axis=1)].sum()),)

    return SiteModel(program, covered.shape[1], [program.cost], value)


def exactly(program: Program, n_sites: int, p: int) -> Program:
    """Programme in which so many of its first columns are one."""
    counting = (np.arange(len(program.cost)) < n_sites).astype(float)
    return program.with_row(counting, p, p)


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
    r"""Fewest sites that cover at least a share of need: the partial set covering problem.

    Parameters
    ----------
    instance : Instance
    minutes : float
        Service radius.
    share : float
        Least share of all need to be covered, above 0 and up to 1.
    tell : callable, optional

    Returns
    -------
    (columns, bound, complete)
        None where all sites together cover less; the fewest that it could be; and whether the problem is settled.

    Notes
    -----
    With the letters of `most_covered` and the share :math:`\alpha`:

    .. math::

        \min\ & \sum_{j \in J} x_j \\
        & \sum_{j \in N_i} x_j \ge y_i && \forall i \in I \\
        & \sum_{i \in I} a_i y_i \ge \alpha \sum_{i \in I} a_i \\
        & x_j = 1 && \forall j \in J^0 \\
        & x_j \in \{0, 1\},\ 0 \le y_i \le 1 && \forall j \in J, i \in I

    References
    ----------
    Daskin M, Owen S (1999), Two new location covering problems: the partial p-center problem and the partial set
    covering problem, Geographical Analysis 31.
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
