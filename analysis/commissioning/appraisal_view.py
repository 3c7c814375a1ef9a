"""The numbers behind an appraisal: the ranking, how firmly it stands, and both sides of every argument."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.commissioning.appraisals import Appraisal
from analysis.commissioning.rankings import arguments, rank_alternatives, rank_stability, switching_weights


@dataclass(frozen=True, eq=False)
class AppraisalView:
    """An appraisal worked out.

    Parameters
    ----------
    ranking : DataFrame
        `rank_alternatives`.
    parts : DataFrame
        What each total is made of: `alternative`, `criterion`, `points` (of 100), best alternative first.
    stability : DataFrame
        `rank_stability`.
    arguments : DataFrame
        `arguments`.
    switching : DataFrame
        `switching_weights`, as per cent.
    weights : Series
        Per cent by criterion.
    """

    ranking: pd.DataFrame
    parts: pd.DataFrame
    stability: pd.DataFrame
    arguments: pd.DataFrame
    switching: pd.DataFrame
    weights: pd.Series

    @property
    def winner(self) -> str:
        """Name of the alternative that comes first."""
        return str(self.ranking.index[0])


def appraisal_view(appraisal: Appraisal, concentration: float, score_sd: float) -> AppraisalView:
    """Rank the alternatives, and see how far weights and scores can move before another wins.

    Raises
    ------
    HubreachError
        If a score or a weight is blank.
    """
    ranking = rank_alternatives(appraisal)
    points = ranking[appraisal.criterion_names]
    parts = points.reset_index().melt("alternative", var_name="criterion", value_name="points")
    return AppraisalView(
        ranking,
        parts,
        rank_stability(appraisal, concentration=concentration, score_sd=score_sd),
        arguments(appraisal),
        100 * switching_weights(appraisal),
        100 * appraisal.weights(),
    )


def ranking_table(view: AppraisalView) -> pd.DataFrame:
    """Ranking and stability in one table: `rank`, `total`, stability, `cost_gbp`, `need_reached`."""
    kept = view.stability.drop(columns="rank")
    table = view.ranking[["rank", "total", "cost_gbp", "need_reached"]].join(kept)
    table["cost_gbp"] = (
        table["cost_gbp"].map(lambda cost: None if cost is None else float(cost)).astype(float)
    )
    table[["p_first", "p_last"]] *= 100
    return table


def both_sides(view: AppraisalView, alternative: str) -> dict[str, pd.DataFrame]:
    """What speaks for an alternative and what against, the strongest first."""
    own = view.arguments[view.arguments["alternative"] == alternative]
    return {side: own[own["side"] == side] for side in ("for", "against")}


def scored_count(appraisal: Appraisal) -> tuple[int, int]:
    """Scores that are given, and how many there have to be."""
    table = appraisal.score_table()
    return int(table.notna().to_numpy().sum()), int(table.size)
