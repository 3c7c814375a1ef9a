"""Alternatives scored on weighted criteria: as their file states them, which comes first, how firmly, and both sides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from analysis.base.faults import Fault, HubreachError
from analysis.base.records import Record, read_record
from analysis.commissioning.assumptions import Assumption, blank, parameter_log, refuse_blanks
from analysis.commissioning.money import Number, Pounds

Name = Annotated[str, Field(min_length=1, max_length=200)]
PANEL = "the appraisal panel"


class Criterion(Record):
    """What matters and how much; weights are relative, so they need not add up to anything."""

    name: Name
    weight: Number = None
    source: str = ""


class Alternative(Record):
    """One of the things that could be done."""

    name: Name
    preferred: bool = False
    cost_gbp: Pounds = None
    need_reached: Number = None
    note: str = ""


class Score(Record):
    """How well an alternative does on a criterion, and why."""

    alternative: Name
    criterion: Name
    score: Number = None
    reason: str = ""


class Appraisal(Record):
    """Alternatives, criteria and scores; a score that nobody has given is blank."""

    name: Name
    source: str = ""
    scale_low: Annotated[int, Field(ge=-100, le=100)] = 0
    scale_high: Annotated[int, Field(ge=-100, le=100)] = 10
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=30)]
    alternatives: Annotated[tuple[Alternative, ...], Field(min_length=2, max_length=30)]
    scores: tuple[Score, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Appraisal:
        wrong = [
            *_repeated("criterion", self.criterion_names),
            *_repeated("alternative", self.alternative_names),
        ]
        pairs = [f"{s.alternative} / {s.criterion}" for s in self.scores]
        wrong += _repeated("score for", pairs)
        if self.scale_high <= self.scale_low:
            wrong.append("scale_high must be above scale_low")
        for score in self.scores:
            if score.alternative not in self.alternative_names:
                wrong.append(f"a score names the alternative {score.alternative!r}, which is not listed")
            if score.criterion not in self.criterion_names:
                wrong.append(f"a score names the criterion {score.criterion!r}, which is not listed")
            if score.score is not None and not self.scale_low <= score.score <= self.scale_high:
                wrong.append(
                    f"score {score.score} is outside the scale {self.scale_low} to {self.scale_high}"
                )
        if any(c.weight is not None and c.weight < 0 for c in self.criteria):
            wrong.append("a weight is negative")
        if not any(c.weight is None or c.weight > 0 for c in self.criteria):
            wrong.append("every weight is zero")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def criterion_names(self) -> list[str]:
        """Names of the criteria, in the order of the file."""
        return [c.name for c in self.criteria]

    @property
    def alternative_names(self) -> list[str]:
        """Names of the alternatives, in the order of the file."""
        return [a.name for a in self.alternatives]

    @property
    def equal_weights(self) -> bool:
        """Whether no weight is given, so that all count alike until the panel gives them."""
        return all(c.weight is None for c in self.criteria)

    def weights(self) -> pd.Series:
        """Weights that add up to 1, index `criterion`: equal ones where the file gives none."""
        given = [1.0 if self.equal_weights else float(c.weight or 0) for c in self.criteria]
        weights = pd.Series(given, index=pd.Index(self.criterion_names, name="criterion"), name="weight")
        return weights / weights.sum()

    def score_table(self) -> pd.DataFrame:
        """Scores on the file's own scale, index `alternative`, a column a criterion; NaN where blank."""
        index = pd.Index(self.alternative_names, name="alternative")
        table = pd.DataFrame(np.nan, index=index, columns=pd.Index(self.criterion_names, name="criterion"))
        for score in self.scores:
            if score.score is not None:
                table.loc[score.alternative, score.criterion] = float(score.score)
        return table

    def reasons(self) -> pd.DataFrame:
        """Reason for each score, in the shape of `score_table`; empty where none is given."""
        index = pd.Index(self.alternative_names, name="alternative")
        table = pd.DataFrame(
            "", index=index, columns=pd.Index(self.criterion_names, name="criterion"), dtype=str
        )
        for score in self.scores:
            table.loc[score.alternative, score.criterion] = score.reason
        return table

    def sheet(self) -> pd.DataFrame:
        """Every score with its weight and reason: columns `alternative`, `criterion`, `weight`, `score`, `reason`."""
        scores, reasons, weights = self.score_table(), self.reasons(), self.weights()
        rows = [
            [a, c, weights[c], scores.loc[a, c], reasons.loc[a, c]]
            for a in self.alternative_names
            for c in self.criterion_names
        ]
        return pd.DataFrame(rows, columns=["alternative", "criterion", "weight", "score", "reason"])

    def blanks(self) -> tuple[Assumption, ...]:
        """Scores and weights that nobody has given, and who has to."""
        needed = []
        if not self.equal_weights:
            needed += [blank(f"weight: {c.name}", PANEL) for c in self.criteria if c.weight is None]
        given = {(s.alternative, s.criterion) for s in self.scores if s.score is not None}
        needed += [
            blank(f"score: {alternative} on {criterion}", PANEL)
            for alternative in self.alternative_names
            for criterion in self.criterion_names
            if (alternative, criterion) not in given
        ]
        return tuple(needed)

    def log(self) -> pd.DataFrame:
        """Parameter log of the appraisal."""
        facts = {f"weight: {c.name}": str(c.weight) for c in self.criteria if c.weight is not None}
        points = [*self.assumptions, *self.blanks()]
        if self.equal_weights:
            equal = Assumption(
                parameter="weights",
                value="equal",
                reason="no weights are published or given",
                confirm_with=PANEL,
            )
            points.insert(0, equal)
        return parameter_log(self.name, self.source, facts, points)

    def refuse_blanks(self) -> None:
        """Raise one error that lists every blank score and weight.

        Raises
        ------
        HubreachError
        """
        refuse_blanks("appraisal", f"{self.name} cannot be ranked yet.", self.blanks())


def read_appraisal(path: Path) -> Appraisal:
    """Read an appraisal (TOML).

    Raises
    ------
    HubreachError
        With every fault of the file.
    """
    return read_record(path, Appraisal, f"The appraisal in {path.name} cannot be read.")


def _repeated(what: str, names: list[str]) -> list[str]:
    return [
        f"the {what} {name!r} is there twice" for name in sorted({n for n in names if names.count(n) > 1})
    ]


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
        found = f"concentration {concentration}, score s.d. {score_sd}, {draws} model runs"
        fault = Fault(
            "stability",
            None,
            None,
            found,
            "Give a positive concentration, an s.d. of 0 or more, 1 model run or more",
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
