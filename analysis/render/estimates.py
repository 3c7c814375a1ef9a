"""Which columns of a table are modelled counts, and how those are shown: rounded as every sentence rounds them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

ESTIMATES = ("need", "families")
"""Names that columns of estimates begin with, beside the keys of the tiers."""
NO_ESTIMATE = re.compile(r"(share|per_1000|rank|p_top|minutes|capacity_families)$")
LEAST_ROUNDED = 50.0
"""From here on an estimate is shown to the nearest 10, below to the nearest whole."""


def is_estimate(name: str, tiers: Sequence[str] = ()) -> bool:
    """Whether a column holds modelled counts, by its name.

    >>> is_estimate("need_within"), is_estimate("early_help_low", ["early_help"]), is_estimate("need_share")
    (True, True, False)
    """
    return name.startswith((*ESTIMATES, *tiers)) and not NO_ESTIMATE.search(name)


def rounded_estimates(
    table: pd.DataFrame,
    tiers: Sequence[str] = (),
    *,
    ranges: Sequence[str] = (),
    rows: pd.Series | None = None,
) -> pd.DataFrame:
    """A table as it is shown: modelled counts to the nearest 10, below 50 to the whole; all else untouched.

    Parameters
    ----------
    table : DataFrame
        With the columns of the download, exact.
    tiers : sequence of str
        Keys of the tiers of need.
    ranges : sequence of str
        Columns of modelled counts that their names do not tell; ends of a range (names that end in low or high) are
        rounded as the first of them is.
    rows : Series of bool, optional
        By row, whether `ranges` are estimates there; without it they are in all rows.

    Returns
    -------
    DataFrame
        Same index and columns.

    Examples
    --------
    >>> rounded_estimates(pd.DataFrame({"children": [2063], "need": [456], "need_share": [0.123]})).to_dict("list")
    {'children': [2063], 'need': [460], 'need_share': [0.123]}
    """
    shown = {
        name: _rounded(table[name], table[_estimate_of(str(name), table)])
        for name in table
        if is_estimate(str(name), tiers) and _is_count(table[name])
    }
    here = [name for name in ranges if name in table]
    for name in here:
        rounded = _rounded(table[name], table[here[0] if name.endswith(("low", "high")) else name])
        shown[name] = rounded if rows is None else rounded.where(rows, table[name])
    return table.assign(**{str(name): column for name, column in shown.items()})


def _estimate_of(name: str, table: pd.DataFrame) -> str:
    """The column whose range a column is an end of, or the column itself."""
    stem = re.sub(r"_(low|high)$", "", name)
    return next((each for each in (f"{stem}_children", stem) if each in table), name)


def _is_count(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _rounded(values: pd.Series, by: pd.Series) -> pd.Series:
    numbers = values.astype(float)
    tens = numbers.round(-1).where(by.astype(float) >= LEAST_ROUNDED, numbers.round())
    whole = pd.api.types.is_integer_dtype(values) and bool(np.isfinite(tens).all())
    return tens.astype(values.dtype) if whole else tens
