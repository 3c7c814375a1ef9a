"""How much each further site, or pound, buys; and what fairness costs in coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.siting.answer import answer
from analysis.siting.models.budget import BudgetQuestion, answer_budget
from analysis.siting.models.model import FloatArray, Question, SitingResult, Watch

COLUMNS = ["objective", "share", "gained", "sites", "n_sites", "status", "bound", "gap", "is_knee"]


def frontier_by_sites(
    question: Question | BudgetQuestion,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    numbers: Iterable[int],
    watch: Watch | None = None,
) -> pd.DataFrame:
    """Answer one question for several numbers of sites.

    Parameters
    ----------
    question : Question or BudgetQuestion
        "mclp", "pmedian" or "pcenter", whose `choose` is replaced; or most coverage with floors, as a budget
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
        Index `choose`; `objective`, `share` (of all need covered, for mclp; else NaN), `gained` over the point
        before, `sites`, `n_sites`, `status`, `bound`, `gap`, and `is_knee`: the point beyond which a further
        site buys clearly less (Satopaa et al. 2011). A number of sites that cannot keep the floors is
        "infeasible".
    """
    watch = watch or Watch()
    candidates = len(set(map(str, costs.columns)) - set(question.exclude))
    fitting = [n for n in sorted(set(numbers)) if max(1, len(question.keep)) <= n <= candidates]
    points: dict[float, SitingResult] = {}
    if isinstance(question, BudgetQuestion):
        points = _with_floors(question, costs, weights, fitting, watch)
        return _frontier(points, float(weights.sum()), "choose")
    for number in fitting:
        if watch.must_stop():
            break
        points[number] = answer(replace(question, choose=number), costs, weights, watch)
    total = float(weights.sum()) if question.higher_is_better else np.nan
    return _frontier(points, total, "choose")


def _with_floors(
    question: BudgetQuestion,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    numbers: list[int],
    watch: Watch,
) -> dict[float, SitingResult]:
    """From the most sites down: where so many cannot keep the floors, fewer cannot either."""
    (kind,) = question.kinds
    points: dict[float, SitingResult] = {}
    impossible: SitingResult | None = None
    for number in reversed(numbers):
        if watch.must_stop():
            break
        if impossible is None:
            asked = replace(question, kinds=(replace(kind, least=number, most=number),))
            points[number] = answer_budget(asked, costs, weights, watch, explained=False)
            impossible = points[number] if points[number].status == "infeasible" else None
        else:
            points[number] = impossible
    return dict(sorted(points.items()))


def frontier_by_budget(
    question: BudgetQuestion,
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
    points: dict[float, SitingResult] = {}
    for budget in sorted(set(budgets)):
        if watch.must_stop():
            break
        points[budget] = answer_budget(replace(question, annual_budget_gbp=budget), costs, weights, watch)
    table = _frontier(points, float(weights.sum()), "annual_budget_gbp")
    return table.assign(
        annual_cost_gbp=[points[budget].annual_cost_gbp for budget in table.index],
        hosts=pd.Series([tuple(points[budget].kinds) for budget in table.index], table.index, dtype=object),
    )


def _frontier(points: dict[float, SitingResult], total: float, name: str) -> pd.DataFrame:
    rows = [
        {
            "objective": result.objective,
            "share": result.objective / total if total else np.nan,
            "sites": result.sites,
            "n_sites": len(result.sites),
            "status": result.status,
            "bound": result.bound,
            "gap": result.gap,
        }
        for result in points.values()
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
