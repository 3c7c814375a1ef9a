"""The next-best sets of sites, and what each gives up."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis.siting.answer import ranked_answers
from analysis.siting.models.model import Question, SitingResult, Watch


def alternatives(
    question: Question,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    count: int = 5,
    watch: Watch | None = None,
) -> pd.DataFrame:
    """Find the best set and the next `count`, each proven best among those not yet named.

    Parameters
    ----------
    question : Question
    costs : DataFrame of shape (areas, sites)
    weights : Series of shape (areas,)
    count : int
        How many sets after the best.
    watch : Watch, optional

    Returns
    -------
    DataFrame
        See `alternatives_table`. Empty if the question has no answer.
    """
    return alternatives_table(ranked_answers(question, costs, weights, count + 1, watch))


def alternatives_table(results: Sequence[SitingResult]) -> pd.DataFrame:
    """Ranked answers as a table.

    Parameters
    ----------
    results : sequence of SitingResult
        Best first, as `ranked_answers` and `ranked_budget_answers` return them.

    Returns
    -------
    DataFrame
        Index `rank` from 1; `sites` (tuple), `objective`, `gives_up` (how much worse than the best, never
        negative), `gives_up_share` of the best, `joins` and `leaves` (sites against the best), `status`.
    """
    columns = ["sites", "objective", "gives_up", "gives_up_share", "joins", "leaves", "status"]
    feasible = [result for result in results if not math.isnan(result.objective)]
    if not feasible:
        return pd.DataFrame(columns=columns, index=pd.RangeIndex(0, name="rank"))
    best = feasible[0]
    rows = []
    for result in feasible:
        gives_up = abs(result.objective - best.objective)
        rows.append(
            {
                "sites": result.sites,
                "objective": result.objective,
                "gives_up": gives_up,
                "gives_up_share": gives_up / abs(best.objective) if best.objective else 0.0,
                "joins": tuple(sorted(set(result.sites) - set(best.sites))),
                "leaves": tuple(sorted(set(best.sites) - set(result.sites))),
                "status": result.status,
            }
        )
    return pd.DataFrame(rows, columns=columns, index=pd.RangeIndex(1, len(rows) + 1, name="rank"))
