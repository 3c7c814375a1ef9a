"""Which alternative comes first, how firmly, and what would have to be true for another to win."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.commissioning.appraisals import Appraisal

INTERVAL = (0.05, 0.5, 0.95)
CONCENTRATION = 30.0
SCORE_SD = 0.1
DRAWS = 5_000


def rank_alternatives(appraisal: Appraisal) -> pd.DataFrame:
    """Weighted total of each alternative, best first.

    Returns
    -------
    DataFrame
        Index `alternative`; `rank` (1 is best; equal totals share a rank), `total` (0 to 100: the weighted
        mean of scores on their scale), then for each criterion its contribution to the total, then
        `cost_gbp` (decimal or None) and `need_reached`, which are shown beside and not weighed.

    Raises
    ------
    HubreachError
        If a score or a weight is blank.
    """
    appraisal.refuse_blanks()
    parts = 100 * _relative(appraisal) * appraisal.weights()
    total = parts.sum(axis=1).round(9)
    table = parts.copy()
    table.insert(0, "total", total)
    table.insert(0, "rank", total.rank(method="min", ascending=False).astype("int64"))
    table["cost_gbp"] = pd.Series(
        [a.cost_gbp for a in appraisal.alternatives], index=table.index, dtype=object
    )
    reached = [np.nan if a.need_reached is None else float(a.need_reached) for a in appraisal.alternatives]
    table["need_reached"] = reached
    return table.rename_axis(columns=None).sort_values("rank", kind="stable")


def rank_stability(
    appraisal: Appraisal,
    *,
    concentration: float = CONCENTRATION,
    score_sd: float = SCORE_SD,
    draws: int = DRAWS,
    seed: int = 1,
) -> pd.DataFrame:
    """How firmly each alternative holds its rank when weights and scores are not taken as exact.

    Parameters
    ----------
    appraisal : Appraisal
        Without blanks.
    concentration : float
        Weights ~ Dirichlet(concentration x chosen weights): the higher, the closer to the chosen ones.
    score_sd : float
        Standard deviation of each score, as a share of the scale; scores stay on the scale.
    draws, seed : int
        Of the simulation.

    Returns
    -------
    DataFrame
        Index `alternative`, in order of rank; `rank`, `median_rank`, `rank_low`, `rank_high` (90%
        interval), `p_first` (ties for first count for each), `p_last`.

    Raises
    ------
    HubreachError
        If a score or a weight is blank, or a parameter is out of range.

    References
    ----------
    Saisana, Saltelli and Tarantola (2005), JRSS A 168, 307-323.
    """
    if not (concentration > 0 and score_sd >= 0 and draws >= 1):
        found = f"concentration {concentration}, score s.d. {score_sd}, draws {draws}"
        fault = Fault(
            "stability",
            None,
            None,
            found,
            "Give a positive concentration, an s.d. of 0 or more, 1 draw or more",
        )
        raise HubreachError("The stability of the ranking cannot be worked out.", [fault])
    table = rank_alternatives(appraisal)[["rank"]].copy()
    random = np.random.default_rng(seed)
    weights = dirichlet_weights(random, appraisal.weights().to_numpy(dtype=float), concentration, draws)
    scores = _relative(appraisal).reindex(table.index).to_numpy(dtype=float)
    drawn = np.clip(scores + score_sd * random.standard_normal((draws, *scores.shape)), 0.0, 1.0)
    totals = np.einsum("dac,dc->da", drawn, weights).round(9)
    ranks = pd.DataFrame(totals).rank(axis=1, method="min", ascending=False).to_numpy()
    low, median, high = np.quantile(ranks, INTERVAL, axis=0, method="inverted_cdf")
    table["median_rank"], table["rank_low"], table["rank_high"] = median, low, high
    table["p_first"] = (ranks == 1).mean(axis=0)
    table["p_last"] = (totals == totals.min(axis=1, keepdims=True)).mean(axis=0)
    return table.astype({"median_rank": "int64", "rank_low": "int64", "rank_high": "int64"})


def arguments(appraisal: Appraisal) -> pd.DataFrame:
    """The case for and against every alternative, the losing ones as fully as the winning one.

    A criterion speaks for an alternative where it scores above the mean of the others, against it where
    below; the strongest first by weight x difference.

    Returns
    -------
    DataFrame
        Columns `alternative` (in order of rank), `side` ("for", "against"), `criterion`, `weight`, `score`,
        `others_mean`, `reason`.
    """
    ranking = rank_alternatives(appraisal)
    scores, reasons, weights = appraisal.score_table(), appraisal.reasons(), appraisal.weights()
    rows = []
    for alternative in ranking.index:
        mean = scores.drop(index=alternative).mean()
        difference = scores.loc[alternative] - mean
        strength = (difference * weights).abs().sort_values(ascending=False, kind="stable")
        for side, holds in (("for", difference > 0), ("against", difference < 0)):
            rows += [
                [
                    alternative,
                    side,
                    c,
                    weights[c],
                    scores.loc[alternative, c],
                    mean[c],
                    reasons.loc[alternative, c],
                ]
                for c in strength.index
                if holds[c]
            ]
    columns = ["alternative", "side", "criterion", "weight", "score", "others_mean", "reason"]
    return pd.DataFrame(rows, columns=columns)


def switching_weights(appraisal: Appraisal) -> pd.DataFrame:
    """What would have to be true for another alternative to draw level with the first.

    Returns
    -------
    DataFrame
        Index `alternative` (all but the first), a column a criterion: the weight at which its total equals
        that of the first, the other weights kept in proportion; NaN where no weight does it.
    """
    leader = rank_alternatives(appraisal).index[0]
    relative, weights = _relative(appraisal), appraisal.weights()
    ahead = relative.loc[leader] - relative.drop(index=leader)
    others = 1 - weights
    elsewhere = ((ahead * weights).sum(axis=1).to_numpy()[:, None] - ahead * weights) / others.where(
        others > 0
    )
    level = elsewhere / (elsewhere - ahead).where((elsewhere - ahead).abs() > 1e-12)
    possible: pd.DataFrame = level.where((level >= 0) & (level <= 1)).rename_axis(columns=None)
    return possible


def dirichlet_weights(
    random: np.random.Generator, weights: NDArray[np.float64], concentration: float, draws: int
) -> NDArray[np.float64]:
    """Weights around chosen ones that add up to 1, shape (draws, criteria); a weight of zero stays zero."""
    drawn = np.zeros((draws, len(weights)))
    used = weights > 0
    drawn[:, used] = random.dirichlet(concentration * weights[used] / weights[used].sum(), draws)
    return drawn


def _relative(appraisal: Appraisal) -> pd.DataFrame:
    """Scores from 0 (bottom of the scale) to 1 (top)."""
    height = float(appraisal.scale_high - appraisal.scale_low)
    relative: pd.DataFrame = appraisal.score_table().sub(float(appraisal.scale_low)).div(height)
    return relative
