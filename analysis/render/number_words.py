"""Numbers and lists as a sentence writes them."""

from __future__ import annotations

import pandas as pd

from analysis.render.theme import whole

NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_word(number: int) -> str:
    """A small number in words, a larger one in figures."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else whole(number)


def listed(names: list[str]) -> str:
    """Names joined as a sentence does: "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def with_source(table: pd.DataFrame, *lines: str) -> pd.DataFrame:
    """A table with its source and assumptions as a last column, so that they survive copy and paste."""
    return table.assign(source=" ".join(lines))
