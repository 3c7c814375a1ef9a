"""Alternatives scored on weighted criteria, with the reasons, as their file states them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from analysis.base.records import Record, read_record
from analysis.commissioning.assumptions import Assumption, blank, parameter_log, refuse_blanks
from analysis.commissioning.money import Number, Pounds

if TYPE_CHECKING:
    from pathlib import Path

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
