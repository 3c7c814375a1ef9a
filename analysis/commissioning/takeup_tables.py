"""Take-up against need as a person reads it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.commissioning.takeup import TakeupAnswer, TakeupBy
from analysis.commissioning.takeup_words import range_words, rate_words
from analysis.render.theme import nearest_ten, whole


def readable_takeup(answer: TakeupAnswer, by: TakeupBy | None = None) -> pd.DataFrame:
    """One breakdown as words, the lowest rate first; what is estimated to the nearest 10.

    Returns
    -------
    DataFrame
        Index `Name`; `Users`, `Children`, `Rate`, `Range`, `Gap to the mean`, `Not reached`, `Could be reached`.

    Raises
    ------
    HubreachError
        If what was given does not add up to that breakdown.
    """
    rows = answer.breakdown(by)
    spans = zip(rows["rate"], rows["low"], rows["high"], strict=True)
    return pd.DataFrame(
        {
            "Users": _words(rows["users"], whole),
            "Children": _words(rows["children"], whole),
            "Rate": _words(rows["rate"], rate_words),
            "Range": ["" if pd.isna(low) else range_words(rate, low, high) for rate, low, high in spans],
            "Gap to the mean": _words(rows["gap_children"], "{:+,.0f}".format),
            "Not reached": _words(rows["not_reached"], nearest_ten),
            "Could be reached": _words(rows["could_be_reached"], nearest_ten),
        },
        index=pd.Index(rows["area_name"], name="Name"),
    )


def _words(values: pd.Series, word: Callable[[float], str]) -> list[str]:
    return ["" if pd.isna(value) else word(value) for value in values]
