"""Counts that readers would subtract from each other: a year and its quarters, a column and those that make it up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.places.rounding import PROTECTION, Sum

QUARTER = re.compile(r"[ -]*q[1-4][ -]*", re.IGNORECASE)
MOST_PARTS = 4
NEAR = 0.5
"""Columns are taken to make up another where they miss it by no more than this share in all."""


def find_sums(counts: pd.DataFrame) -> list[Sum]:
    """Sums that hold, or nearly hold, between the numbers of a table.

    Parameters
    ----------
    counts : DataFrame
        Index 0, 1, ...; `unit` (an area, or always the same), `period`, `measure`, `count` (int).

    Returns
    -------
    list of Sum
        Each year and its quarters, whatever they come to; each two measures of which one is nowhere more
        than the other; and each measure with two to four others, or all others, that come to it within 4
        people in every row and within half of it in all.
    """
    return [*_years(counts), *_measures(counts)]


def _years(counts: pd.DataFrame) -> Iterator[Sum]:
    quarter = counts["period"].str.contains(QUARTER)
    year = counts["period"].str.replace(QUARTER, "", regex=True)
    year = year.str.replace(r"[-/](?:\d\d)?(\d\d)$", r"-\1", regex=True)
    for _, rows in counts.groupby([counts["unit"], counts["measure"], year], sort=False):
        parts = tuple(int(row) for row in rows.index[quarter[rows.index]])
        for whole in rows.index[~quarter[rows.index]]:
            yield from (Sum(int(whole), each) for each in {parts, *((part,) for part in parts)} if each)


def _measures(counts: pd.DataFrame) -> Iterator[Sum]:
    rows = counts.reset_index(names="row").pivot_table(
        index=["unit", "period"], columns="measure", values="row", aggfunc="first"
    )
    names = list(rows.columns)
    values = counts["count"].to_numpy()
    for whole in names:
        others = [name for name in names if name != whole]
        sizes = {1, *range(2, min(MOST_PARTS, len(others)) + 1), len(others)} - {0}
        for parts in (each for size in sorted(sizes) for each in combinations(others, size)):
            known = rows[[whole, *parts]].dropna().to_numpy(dtype=int)
            if len(known) and _adds_up(values[known]):
                yield from (Sum(int(row[0]), tuple(int(part) for part in row[1:])) for row in known)


def _adds_up(table: np.ndarray) -> bool:
    """Whether the first column is (nearly) the sum of the others, or is nowhere less than the only other."""
    over = table[:, 0] - table[:, 1:].sum(axis=1)
    if table.shape[1] == 2:
        return bool((over >= 0).all())
    close = (np.abs(over) <= PROTECTION).all() and np.abs(over).sum() <= NEAR * table[:, 0].sum()
    return bool(close and table.any(axis=0).all())
