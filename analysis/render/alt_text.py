"""A picture in words, written from its numbers."""

from __future__ import annotations

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

MOST_NUMBERS = 5


def picture_words(kind: str, title: str, subtitle: str, numbers: pd.DataFrame | None = None) -> str:
    """Alternative text of a chart: finding, what is drawn, and its first numbers.

    Parameters
    ----------
    kind : str
        "Chart" or "Map".
    title, subtitle : str
    numbers : DataFrame, optional
        What is drawn, in its order: the first text column names a row, the first numeric one counts.
    """
    words = f"{kind}. {_stopped(title)} {_stopped(subtitle)}"
    pairs = [] if numbers is None else _pairs(numbers)
    if not pairs:
        return words
    more = "" if numbers is None or len(numbers) <= len(pairs) else f"; and {len(numbers) - len(pairs)} more"
    return f"{words} {'; '.join(pairs)}{more}."


def _pairs(numbers: pd.DataFrame) -> list[str]:
    flat = numbers.reset_index() if numbers.index.name else numbers
    texts = [name for name in flat.columns if not is_numeric_dtype(flat[name])]
    preferred = [name for name in ("area_name", "name", "tier_name") if name in texts]
    counts = [name for name in flat.columns if is_numeric_dtype(flat[name]) and not is_bool_dtype(flat[name])]
    chosen = [name for name in ("value", "rate", "position") if name in counts]
    if not texts or not counts:
        return []
    label, count = (preferred or texts)[0], (chosen or counts)[0]
    shown = flat[[label, count]].dropna().head(MOST_NUMBERS)
    return [
        f"{name}: {value:,.4g}" if abs(value) < 1 else f"{name}: {value:,.0f}"
        for name, value in shown.itertuples(index=False)
    ]


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
