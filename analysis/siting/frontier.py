"""What each further site, or pound, buys; what fairness costs in coverage; and each point as an answer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.siting.models.budget import BudgetProblem
from analysis.siting.models.model import BoolArray, FloatArray, Solution, Watch
from analysis.siting.models.solve import Problem, solve
from analysis.siting.pareto import coverage_or_group, coverage_or_longest
from analysis.siting.problem import WITH_NUMBER, PlaceProblem, SitingProblem, most_deprived_fifth

COLUMNS = ["objective", "share", "gained", "sites", "n_sites", "status", "bound", "gap", "is_knee"]


def frontier_by_sites(
    problem: Problem,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    numbers: Iterable[int],
    watch: Watch | None = None,
) -> pd.DataFrame:
    """Answer one question for several numbers of sites.

    Parameters
    ----------
    problem : LocationProblem or BudgetProblem
        "mclp", "pmedian" or "pcenter", whose `p` is replaced; or most coverage with floors, as a budget
        question of one kind, whose number of sites is replaced.
    costs : DataFrame of shape (areas, sites)
    weights : Series of shape (areas,)
    numbers : iterable of int
        Numbers of sites; those that no set can have (fewer than are kept, more than there are) are left out.
    watch : Watch, optional
        When it stops the solve, the points so far are returned.

    Returns
    -------
    DataFrame
        Index `p`; `objective`, `share` (of all need covered, for mclp; else NaN), `gained` over the point
        before, `sites`, `n_sites`, `status`, `bound`, `gap`, and `is_knee`: the point beyond which a further
        site buys clearly less (Satopaa et al. 2011). A number of sites that cannot keep the floors is
        "infeasible".
    """
    watch = watch or Watch()
    candidates = len(set(map(str, costs.columns)) - set(problem.exclude))
    fitting = [n for n in sorted(set(numbers)) if max(1, len(problem.keep)) <= n <= candidates]
    points: dict[float, Solution] = {}
    if isinstance(problem, BudgetProblem):
        points = _with_floors(problem, costs, weights, fitting, watch)
        return _frontier(points, float(weights.sum()), "choose")
    for number in fitting:
        if watch.must_stop():
            break
        points[number] = solve(replace(problem, p=number), costs, weights, watch)
    total = float(weights.sum()) if problem.higher_is_better else np.nan
    return _frontier(points, total, "choose")


def _with_floors(
    problem: BudgetProblem,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    numbers: list[int],
    watch: Watch,
) -> dict[float, Solution]:
    """From the most sites down: where so many cannot keep the floors, fewer cannot either."""
    (kind,) = problem.kinds
    points: dict[float, Solution] = {}
    impossible: Solution | None = None
    for number in reversed(numbers):
        if watch.must_stop():
            break
        if impossible is None:
            asked = replace(problem, kinds=(replace(kind, least=number, most=number),))
            points[number] = solve(asked, costs, weights, watch, explained=False)
            impossible = points[number] if points[number].status == "infeasible" else None
        else:
            points[number] = impossible
    return dict(sorted(points.items()))


def frontier_by_budget(
    problem: BudgetProblem,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    budgets: Iterable[float],
    watch: Watch | None = None,
) -> pd.DataFrame:
    """Answer a budget question for several budgets, in pounds a year.

    Returns
    -------
    DataFrame
        As `frontier_by_sites`, with index `annual_budget_gbp` and columns `annual_cost_gbp` and `hosts`: the kind
        that each of `sites` hosts.
    """
    watch = watch or Watch()
    points: dict[float, Solution] = {}
    for budget in sorted(set(budgets)):
        if watch.must_stop():
            break
        points[budget] = solve(replace(problem, annual_budget_gbp=budget), costs, weights, watch)
    table = _frontier(points, float(weights.sum()), "annual_budget_gbp")
    return table.assign(
        annual_cost_gbp=[points[budget].annual_cost_gbp for budget in table.index],
        hosts=pd.Series([tuple(points[budget].kinds) for budget in table.index], table.index, dtype=object),
    )


def _frontier(points: dict[float, Solution], total: float, name: str) -> pd.DataFrame:
    rows = [
        {
            "objective": solution.objective,
            "share": solution.objective / total if total else np.nan,
            "sites": solution.sites,
            "n_sites": len(solution.sites),
            "status": solution.status,
            "bound": solution.bound,
            "gap": solution.gap,
        }
        for solution in points.values()
    ]
    table = pd.DataFrame(
        rows,
        index=pd.Index(list(points), name=name),
        columns=[c for c in COLUMNS if c not in {"gained", "is_knee"}],
    )
    objective = table["objective"].astype(float)
    table["gained"] = objective.diff().abs()
    table["is_knee"] = False
    answered = objective.notna()
    at = knee(
        np.asarray(table.index[answered], dtype=np.float64), np.asarray(objective[answered], dtype=np.float64)
    )
    if at is not None:
        table.loc[table.index[answered][at], "is_knee"] = True
    return table[COLUMNS]


def knee(x: FloatArray, y: FloatArray) -> int | None:
    """Position of the point farthest from the line between the first and the last (Satopaa et al. 2011).

    Parameters
    ----------
    x, y : arrays of shape (points,)
        `x` ascending; `y` rising or falling.

    Returns
    -------
    int or None
        None with fewer than three points, or when no point is off the line.

    Examples
    --------
    >>> knee(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 8.0, 9.0, 10.0]))
    1
    """
    if len(x) < 3 or y[0] == y[-1]:
        return None
    across = (x - x[0]) / (x[-1] - x[0])
    up = (y - y[0]) / (y[-1] - y[0])
    above = up - across
    best = int(np.argmax(above))
    return best if above[best] > 1e-9 else None


AGAINST = {"longest": "the longest journey", "fifth": "the most deprived fifth"}


@dataclass(frozen=True, eq=False)
class Frontier:
    """A frontier, point by point.

    Parameters
    ----------
    points : DataFrame
        Index the name of a point in an address ("6", "400000"); `x` (sites, pounds a year, minutes or share),
        `value`, `share` (of all that counts), `is_knee`, `site_names`.
    solutions : tuple of Solution
        One a point: what is opened as an option.
    table : DataFrame
        `frontier_by_sites`, `frontier_by_budget`, `coverage_or_longest` or `coverage_or_group`, with what has no answer.
    otherwise : int
        Position of the point that is looked at first where there is no knee.
    impossible : int
        Most sites of which no set keeps the floor; 0 where every number has an answer.
    """

    points: pd.DataFrame
    solutions: tuple[Solution, ...]
    table: pd.DataFrame
    otherwise: int = -1
    impossible: int = 0

    @property
    def start(self) -> str | None:
        """The point that is looked at first: the knee, if there is one."""
        if not len(self.points):
            return None
        at = self.points.index[self.points["is_knee"]]
        return str(at[0] if len(at) else self.points.index[self.otherwise])

    def solution(self, point: str) -> Solution:
        """The answer at a point."""
        return self.solutions[list(self.points.index).index(point)]


def siting_frontier(
    problem: SitingProblem,
    numbers: Iterable[int] = range(1, 13),
    budgets: Iterable[float] = (),
    watch: Watch | None = None,
) -> Frontier:
    """What each further site buys; under a budget, what each further step of money does.

    Parameters
    ----------
    problem : SitingProblem
        Where it asks for the fewest sites, the frontier is that of the most need that so many reach.
    numbers : iterable of int
        Numbers of sites.
    budgets : iterable of float
        Pounds a year, under a budget; none means twelve steps up to 1.2 times the budget.
    watch : Watch, optional
    """
    terms, costs, weights = problem.terms, problem.costs, problem.weights
    asked: Problem = problem.on_matrix()
    model = terms.model if terms.model in (*WITH_NUMBER, "budget") else "mclp"
    if terms.model == "budget" and isinstance(asked, BudgetProblem):
        steps = list(budgets) or np.round(np.linspace(0.1, 1.2, 12) * terms.budget_gbp).tolist()
        table = frontier_by_budget(asked, costs, weights, steps, watch)
    else:
        asked = asked if terms.model == "mclp" else replace(problem.of_one_kind(model), p=1)
        table = frontier_by_sites(asked, costs, weights, numbers, watch)
    answered = table[table["objective"].notna()]
    points = pd.DataFrame(
        {
            "x": answered.index.to_numpy(float),
            "value": answered["objective"].to_numpy(float),
            "share": answered["share"].to_numpy(float),
            "gained": answered["gained"].to_numpy(float),
            "is_knee": answered["is_knee"].to_numpy(bool),
            "site_names": ["; ".join(problem.names(sites)) for sites in answered["sites"]],
            "proof": answered["status"].to_numpy(),
        },
        index=pd.Index([f"{x:.0f}" for x in answered.index], name="point"),
    )
    none = table.index[(table["status"] == "infeasible") & (model == "mclp")]
    return Frontier(
        points,
        tuple(_point_solution(model, row) for row in answered.to_dict("records")),
        table,
        impossible=int(max(none, default=0)),
    )


def _point_solution(model: str, row: Mapping[Any, Any]) -> Solution:
    sites = tuple(map(str, row["sites"]))
    hosts = list(row.get("hosts", ()))
    return Solution(
        model=model,
        status=row["status"],
        objective=float(row["objective"]),
        bound=float(row["bound"]),
        gap=float(row["gap"]),
        seconds=math.nan,
        sites=sites,
        assignment=pd.Series([], dtype="str"),
        kinds=pd.Series(hosts, index=list(sites)[: len(hosts)], dtype="str", name="kind"),
        annual_cost_gbp=float(row.get("annual_cost_gbp", math.nan)),
    )


def fairness_tradeoff(problem: SitingProblem, against: str, watch: Watch | None = None) -> Frontier:
    """Exact Pareto set of coverage against the longest journey, or against the most deprived fifth.

    Parameters
    ----------
    problem : SitingProblem
    against : {"longest", "fifth"}
        `x` is the longest journey in minutes, or the share of the fifth's need that is reached.
    watch : Watch, optional

    Raises
    ------
    HubreachError
        For a budget, which has two kinds of site; for the fifth of a bare matrix, which knows none.
    """
    asked, costs, weights = problem.on_matrix(), problem.costs, problem.weights
    if against == "fifth":
        if not isinstance(problem, PlaceProblem):
            fault = Fault(
                "matrix", None, None, "holds no deprivation", "Give a place, or ask for the longest journey"
            )
            raise HubreachError("This trade-off cannot be found.", [fault])
        group = most_deprived_fifth(problem.demand)
        table = coverage_or_group(costs, weights, asked, group, watch)
        need = float(weights[group.reindex(weights.index).fillna(value=False)].sum())
        across = table["group_covered"].astype(float) / need if need else table["group_covered"] * math.nan
    else:
        table = coverage_or_longest(costs, weights, asked, watch)
        across = table["longest_minutes"].astype(float)
    total = float(problem.weights.sum())
    value = table["need_covered"].to_numpy(float)
    points = pd.DataFrame(
        {
            "x": across.to_numpy(float),
            "value": value,
            "share": value / total if total else value * math.nan,
            "is_knee": _knee(
                np.asarray(across, dtype=np.float64), value, fairer_is_less=against == "longest"
            ),
            "site_names": ["; ".join(problem.names(sites)) for sites in table["sites"]],
        },
        index=pd.Index([str(number) for number in table.index], name="point"),
    )
    rows = table.assign(status="optimal", objective=value, bound=value, gap=0.0).to_dict("records")
    return Frontier(points, tuple(_point_solution("mclp", row) for row in rows), table, otherwise=0)


def _knee(across: FloatArray, value: FloatArray, *, fairer_is_less: bool) -> BoolArray:
    """Where giving up a little coverage stops buying much fairness."""
    marked = np.zeros(len(across), dtype=bool)
    finite = np.flatnonzero(np.isfinite(across))
    # From the fairest point on, coverage rises.
    order = finite[np.argsort(across[finite] if fairer_is_less else -across[finite], kind="stable")]
    at = knee((across if fairer_is_less else -across)[order], value[order])
    if at is not None:
        marked[order[at]] = True
    return marked
