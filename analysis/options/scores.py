"""A weighted score of options, for those who ask for one, and how stable its ranking is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.options.measures import Figure
from analysis.targeting.composite import WeightDraws, rank_stability


def scorable(figures: pd.DataFrame, rows: Sequence[Figure]) -> list[Figure]:
    """Figures that a score can rest on: one way is better, known for every option, and not all the same."""
    known = []
    for row in rows:
        values = figures[row.key].astype(float).round(9)
        finite = bool(values.notna().all()) and not values.isin([float("inf"), float("-inf")]).any()
        if row.better and finite and bool((values != values.iloc[0]).any()):
            known.append(row)
    return known


def score_options(
    figures: pd.DataFrame,
    rows: Sequence[Figure],
    weights: Mapping[str, float],
    *,
    draws: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """Rank options by a weighted mean of figures, and say how firmly each holds its rank.

    Each figure is brought to one scale (least to most), turned so that more is better. Stability: weights
    drawn around the chosen ones, with another scale and mean in each draw, as for the composite index.

    Parameters
    ----------
    figures : DataFrame
        `analysis.options.comparison.option_figures`, two options or more.
    rows : sequence of Figure
        Which way each figure is better.
    weights : mapping of str to float
        By figure key, 0 or more.
    draws, seed : int
        Of the simulation.

    Returns
    -------
    DataFrame
        Index `option`, best first; `name`, `score` (0 to 100), `rank`, `rank_median`, `rank_low`,
        `rank_high` (90% of draws), `p_first`.

    Raises
    ------
    HubreachError
        If there are fewer than two options, or a weighted figure is unknown or the same for all.

    Notes
    -----
    Saisana, Saltelli and Tarantola 2005, Journal of the Royal Statistical Society A 168, 307-323.
    """
    if len(figures) < 2:
        fault = Fault("options", None, None, f"{len(figures)} option", "Choose two options or more")
        raise HubreachError("One option has no rank.", [fault])
    usable = {row.key: 1 if row.better == "higher" else -1 for row in scorable(figures, rows)}
    values = figures[list(usable)].astype(float)
    ranks = rank_stability(
        values, weights, usable, normalisation="min-max", draws=WeightDraws(draws, seed), top=1
    ).rename(columns={"composite": "score", "p_top": "p_first"})
    ranks["score"] = 100 * (ranks["score"] - 0.01) / 0.99
    ranks.insert(0, "name", figures["name"])
    return ranks.sort_values(["rank", "name"]).rename_axis("option")
