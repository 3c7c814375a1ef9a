"""Counting: all answers to one question in, one table out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import mean, median

import pandas as pd

from analysis.workshop.answers import Value
from analysis.workshop.questions import SCALE_POINTS, Kind, Question

HEADLINE: dict[Kind, str] = {
    "dots": "dots",
    "ranking": "points",
    "single": "people",
    "multiple": "people",
    "scale": "people",
    "place": "people",
    "text": "people",
}


def _frame(question: Question, columns: dict[str, list[int] | list[float]]) -> pd.DataFrame:
    index = pd.Index(question.keys, name="item", dtype="str")
    labels = pd.Series([item.label for item in question.items], index=index, dtype="str")
    return pd.DataFrame({"label": labels, **columns}, index=index)


def _shares(counts: Sequence[int], whole: int) -> list[float]:
    return [count / whole if whole else 0.0 for count in counts]


def _choices(question: Question, values: Sequence[Value]) -> pd.DataFrame:
    counted = Counter(
        key
        for value in values
        for key in (value if isinstance(value, list) else [value])
        if isinstance(key, str)
    )
    people = [counted[key] for key in question.keys]
    return _frame(question, {"people": people, "share": _shares(people, len(values))})


def _dots(question: Question, values: Sequence[Value]) -> pd.DataFrame:
    dots: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for value in values:
        if isinstance(value, dict):
            dots.update(value)
            people.update(value.keys())
    placed = [dots[key] for key in question.keys]
    columns: dict[str, list[int] | list[float]] = {
        "dots": placed,
        "share": _shares(placed, sum(placed)),
        "people": [people[key] for key in question.keys],
    }
    return _frame(question, columns)


def _ranking(question: Question, values: Sequence[Value]) -> pd.DataFrame:
    ranks: dict[str, list[int]] = {key: [] for key in question.keys}
    for value in values:
        if isinstance(value, list):
            for rank, key in enumerate(value, start=1):
                ranks[key].append(rank)
    size = question.limit
    columns: dict[str, list[int] | list[float]] = {
        "points": [sum(size + 1 - rank for rank in ranks[key]) for key in question.keys],
        "first_choices": [ranks[key].count(1) for key in question.keys],
        "people": [len(ranks[key]) for key in question.keys],
        "mean_rank": [mean(ranks[key]) if ranks[key] else float("nan") for key in question.keys],
    }
    return _frame(question, columns)


def _scale(question: Question, values: Sequence[Value]) -> pd.DataFrame:
    counted = Counter(value for value in values if isinstance(value, int))
    people = [counted[point] for point in SCALE_POINTS]
    ends = {SCALE_POINTS[0]: question.low_label, SCALE_POINTS[-1]: question.high_label}
    index = pd.Index([str(point) for point in SCALE_POINTS], name="item", dtype="str")
    labels = [f"{point} {ends.get(point, '')}".strip() for point in SCALE_POINTS]
    data = {"label": labels, "people": people, "share": _shares(people, len(values))}
    return pd.DataFrame(data, index=index).astype({"label": "str"})


def _text(question: Question, values: Sequence[Value]) -> pd.DataFrame:
    index = pd.Index([question.key], name="item", dtype="str")
    return pd.DataFrame({"label": "Comments", "people": len(values)}, index=index).astype({"label": "str"})


COUNTERS: dict[Kind, Callable[[Question, Sequence[Value]], pd.DataFrame]] = {
    "dots": _dots,
    "ranking": _ranking,
    "single": _choices,
    "multiple": _choices,
    "scale": _scale,
    "place": _choices,
    "text": _text,
}


def tally(question: Question, values: Sequence[Value]) -> pd.DataFrame:
    """Result of a question: one row an item, in the ballot's order, items without a vote included.

    Parameters
    ----------
    question : Question
        The question as it was put.
    values : sequence
        Canonical answers (`read_answer`), one a person.

    Returns
    -------
    DataFrame
        Index `item`; `label`, then by kind: `people` and `share` of those who answered (single, multiple,
        scale, place); `dots`, `share` of all dots, `people` (dots); `points`, `first_choices`, `people`,
        `mean_rank` (ranking); `people` (text). `HEADLINE[question.kind]` names the column to chart.

    Notes
    -----
    Ranking points are a Borda count: with at most m items in an answer, the first scores m, the next
    m - 1, an item left out 0. `mean_rank` is over those who ranked the item, NaN if nobody did.
    """
    return COUNTERS[question.kind](question, values)


def scale_summary(values: Sequence[Value]) -> dict[str, float]:
    """Mean and median of a 1-5 scale, with the number who answered; NaN when nobody did."""
    points = [value for value in values if isinstance(value, int)]
    if not points:
        return {"people": 0, "mean": float("nan"), "median": float("nan")}
    return {"people": len(points), "mean": mean(points), "median": median(points)}
