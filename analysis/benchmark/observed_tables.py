"""Observed against expected as it is downloaded and as a person reads it."""

from __future__ import annotations

import pandas as pd

from analysis.benchmark.observed_answer import BenchmarkAnswer, standing
from analysis.benchmark.observed_words import amount, ratio_words
from analysis.places.england.outcomes import Outcome


def benchmark_table(answer: BenchmarkAnswer) -> pd.DataFrame:
    """All authorities, or the rows of `trend`, exact: counts and places of neighbours as whole numbers.

    Returns
    -------
    DataFrame
        Index `authority_code`; `authority_name`, `year`, `observed`, `expected`, `ratio`, `low`, `high`, `neighbour`.
    """
    return whole_counts(answer.table, answer.problem.outcome)


def whole_counts(table: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """A table as `OBSERVED` says, with counts and places of neighbours as whole numbers, blank where there is none."""
    kinds = {"neighbour": "Int64"} | ({"observed": "Int64"} if outcome.counted else {})
    return table.astype(kinds)


def neighbours_table(answer: BenchmarkAnswer) -> pd.DataFrame:
    """Members and their statistical neighbours as words, the highest ratio first.

    Returns
    -------
    DataFrame
        Index `Authority`; `Neighbour`, `Observed`, `Expected`, `Observed over expected`, `In the funnel`.
    """
    rows = pd.concat([answer.members, answer.neighbours]).sort_values("ratio", ascending=False)
    outcome = answer.problem.outcome
    return pd.DataFrame(
        {
            "Authority": rows["authority_name"],
            "Neighbour": ["" if pd.isna(each) else f"{each:.0f}" for each in rows["neighbour"]],
            "Observed": [amount(outcome, each) for each in rows["observed"]],
            "Expected": [amount(outcome, each, estimated=True) for each in rows["expected"]],
            "Observed over expected": [
                "no figure" if pd.isna(row["ratio"]) else ratio_words(row) for _, row in rows.iterrows()
            ],
            "In the funnel": [standing(answer, str(code)) for code in rows.index],
        }
    ).set_index("Authority")
