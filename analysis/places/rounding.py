"""Disclosure control by controlled rounding: tables of small counts that add up and tell nobody's number.

Every count, and every total of counts, is rounded to a multiple of 5, up or down by chance, such that the
rounded tables still add up (Cox 1987). No cell is chosen for hiding, so that the choice tells nothing; and
since what is published is itself a possible world, and stays one if any one count is up to 4 more or less
and its totals with it, a reader who solves for a count is left with every number within 4 of its figure.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.special import ndtri

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import user_data_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

BASE = 5
PROTECTION = BASE - 1
"""A count may be up to so many people more or less than its figure, whatever else is published with it."""
MARK = f"0 to {PROTECTION}"
NOTE = (
    f"Numbers of people are rounded to a multiple of {BASE}, up or down by chance and so that totals add up: each may "
    f"be up to {PROTECTION} people off, and 0 (or {MARK}) means fewer than {BASE}, perhaps none."
)
MOST_SECONDS = 20.0
NEAR_SUM_COST = 100.0
KEY_BYTES = 32


@dataclass(frozen=True)
class Sum:
    """A count that readers would take for the sum of others: a year and its quarters, children and girls and boys.

    Parameters
    ----------
    whole : int
        Row of the counts.
    parts : tuple of int
        Rows of the counts.
    """

    whole: int
    parts: tuple[int, ...]


def protect(
    counts: pd.DataFrame,
    tables: Mapping[str, Sequence[str]],
    count: str = "count",
    *,
    sums: Sequence[Sum] = (),
    key: bytes | None = None,
) -> dict[str, pd.Series]:
    """Tables of counts of people that are safe to publish together.

    Parameters
    ----------
    counts : DataFrame
        The finest counts: a row for each combination of the columns that tables are made by, and a column
        of whole numbers of people, 0 or more.
    tables : mapping of str to sequence of str
        Name of each table and the columns it is made by; an empty sequence is the grand total. Give every
        table that readers can see, in one call: two that are rounded apart need not add up.
    count : str
        Column of the counts.
    sums : sequence of Sum
        Counts that readers would subtract from each other, though no table adds them up.
    key : bytes, optional
        Secret of the chance; by default this installation's own. The same count of the same row is rounded
        by the same chance each time, so that asking again tells nothing new.

    Returns
    -------
    dict of str to Series
        For each table its counts on the values of its columns (Int64): multiples of 5, each within
        `PROTECTION` of the true one, and all together additive.

    Raises
    ------
    HubreachError
        If a count is missing, negative or not whole, or no rounding keeps all the sums.

    References
    ----------
    Cox (1987), A constructive procedure for unbiased controlled rounding, JASA 82(398), 520-524.
    """
    whole = _whole_counts(counts, count)
    frames = {name: _grouped(counts, list(columns), whole) for name, columns in tables.items()}
    members = sparse.csr_array(sparse.vstack([each for _, each in frames.values()]))
    chance = _chance(counts, installation_key() if key is None else key)
    finest = _rounded_together(whole, members, sums, chance)
    shown = pd.array(BASE * np.asarray(members @ finest, dtype=np.int64), dtype="Int64")
    edges = np.cumsum([0, *(len(index) for index, _ in frames.values())])
    return {
        name: pd.Series(shown[first:last], index=index, name=count)
        for (name, (index, _)), (first, last) in zip(frames.items(), pairwise(edges), strict=True)
    }


def marked(protected: pd.Series) -> pd.Series:
    """Protected counts as text: "0 to 4" for 0, empty where none was given.

    >>> marked(pd.Series([0, 1235, pd.NA], dtype="Int64")).tolist()
    ['0 to 4', '1,235', '']
    """
    return protected.map(lambda n: "" if pd.isna(n) else f"{n:,}" if n else MARK).astype(str)


@cache
def installation_key() -> bytes:
    """Secret of this installation, made on first use and kept where only its owner reads it.

    Where nothing can be written it lasts as long as the process.
    """
    kept = user_data_folder() / "rounding.key"
    made = secrets.token_bytes(KEY_BYTES)
    fresh = kept.with_suffix(f".{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        if not kept.exists():
            fresh.touch(mode=0o600)
            fresh.write_bytes(made)
            # A link is made whole or not at all, and never over the key of another process.
            with suppress(FileExistsError):
                kept.hardlink_to(fresh)
            fresh.unlink()
        return kept.read_bytes()
    except OSError:
        return made


def _rounded_together(
    counts: NDArray[np.int64],
    members: sparse.csr_array,
    sums: Sequence[Sum],
    chance: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Each finest count in fives, up or down, such that every total is rounded up or down as well.

    Sets: finest counts i with x_i people, published cells c (sets of them), sums s.
    Variables: u_i in {floor(x_i/5), ceil(x_i/5)}; for a sum that is off by 1 to 4 people, its gap in fives.
    Minimise: sum_i k_i u_i, k_i normal about the point at which u_i would go up with the chance of its
    remainder, so that any rounding that is allowed may come out; and the gaps.
    Subject to: floor(x_c/5) <= sum_{i in c} u_i <= ceil(x_c/5); a sum that is exact stays exact, and a
    whole that is more (less) than its parts is not less (more).
    """
    leaves = len(counts)
    totals = np.asarray(members @ counts, dtype=np.int64)
    rows, low, high = _sum_rows(counts, sums)
    several = np.array([len(each.parts) > 1 for each in sums], dtype=bool)
    near = np.flatnonzero(several & np.isinf(high) & (np.abs(rows @ counts) < BASE))
    gaps = sparse.csr_array(
        (-np.ones(len(near)), (near, np.arange(len(near)))), shape=(rows.shape[0], len(near))
    )
    # A gap is what the whole has over its parts: held at nought where that can be.
    high = high.copy()
    high[near] = 0.0
    blank = sparse.csr_array((members.shape[0], len(near)))
    matrix = sparse.vstack([sparse.hstack([members, blank]), sparse.hstack([rows, gaps])])
    remainder = np.clip((counts % BASE) / BASE, 1e-9, 1 - 1e-9)
    answer = milp(
        np.concatenate([chance - ndtri(remainder), np.full(len(near), NEAR_SUM_COST)]),
        integrality=np.ones(leaves + len(near), dtype=np.int64),
        bounds=Bounds(
            np.concatenate([counts // BASE, np.zeros(len(near))]),
            np.concatenate([-(-counts // BASE), np.full(len(near), np.inf)]),
        ),
        constraints=LinearConstraint(
            sparse.csr_array(matrix),
            np.concatenate([totals // BASE, low]),
            np.concatenate([-(-totals // BASE), high]),
        ),
        options={"time_limit": MOST_SECONDS},
    )
    if answer.x is None:
        raise HubreachError(
            "These counts cannot be protected together.",
            [
                Fault(
                    "counts",
                    None,
                    None,
                    "no rounding of all columns keeps the sums between them",
                    "Leave out a column that is the sum of others, or give fewer columns at once",
                )
            ],
        )
    return np.asarray(np.round(answer.x[:leaves]), dtype=np.int64)


def _sum_rows(
    counts: NDArray[np.int64], sums: Sequence[Sum]
) -> tuple[sparse.csr_array, NDArray[np.float64], NDArray[np.float64]]:
    """Whole less parts, turned so that it is never negative, with its least and most."""
    rows = sparse.lil_array((len(sums), len(counts)))
    for number, each in enumerate(sums):
        rows[number, each.whole] = 1.0
        for part in each.parts:
            rows[number, part] = -1.0
    over = np.asarray(rows @ counts, dtype=float)
    turned = sparse.csr_array(sparse.diags_array(np.where(over < 0, -1.0, 1.0)) @ rows) if sums else rows
    return sparse.csr_array(turned), np.zeros(len(sums)), np.where(over == 0, 0.0, np.inf)


def _chance(counts: pd.DataFrame, key: bytes) -> NDArray[np.float64]:
    """A normal number for each row, the same for the same row and count."""
    texts = counts.astype(str).agg("\x1f".join, axis=1) if len(counts) else pd.Series(dtype=str)
    names = "\x1f".join(map(str, counts.columns))
    drawn = [
        int.from_bytes(hmac.new(key, f"{names}\x1e{text}".encode(), hashlib.sha256).digest()[:8])
        for text in texts
    ]
    return np.asarray(ndtri((np.array(drawn, dtype=float) + 0.5) / 2.0**64).clip(-6, 6))


def _grouped(
    counts: pd.DataFrame, columns: list[str], whole: NDArray[np.int64]
) -> tuple[pd.Index, sparse.csr_array]:
    if columns:
        groups = counts.groupby(columns, sort=True, observed=True)
        number, index = groups.ngroup().to_numpy(), groups.size().index
    else:
        number, index = np.zeros(len(whole), dtype=int), pd.Index(["all"])
    shape = (len(index), len(whole))
    return index, sparse.csr_array((np.ones(len(whole)), (number, np.arange(len(whole)))), shape=shape)


def _whole_counts(counts: pd.DataFrame, count: str) -> NDArray[np.int64]:
    values = pd.to_numeric(counts[count], errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(values) | (values < 0) | (values % 1 != 0)
    # The value itself is not repeated: it may be what must not be shown.
    faults = [
        Fault("counts", int(r) + 2, count, "not a whole number, 0 or more", "Enter a count")
        for r in np.flatnonzero(bad)[:20]
    ]
    if faults:
        raise HubreachError("The counts cannot be protected.", faults)
    return values.astype("int64")
