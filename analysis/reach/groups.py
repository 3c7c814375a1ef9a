"""Small areas in groups (wards, localities, fifths, the place), and sums and means over them.

Works on arrays, because a page adds up several levels each time that a site is opened or closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.reach.demand import FIFTH_NAMES, area_codes

By = Literal["lsoa", "ward", "locality", "fifth", "place"]
BYS: tuple[By, ...] = ("lsoa", "ward", "locality", "fifth", "place")

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class AreaGroups:
    """Which group each small area belongs to.

    Parameters
    ----------
    codes, names : Index
        Of the groups, in order of code.
    member : array of int
        Position of each small area's group, shape (areas,).
    """

    codes: pd.Index
    names: pd.Index
    member: IntArray

    def totals(self, values: Any) -> npt.NDArray[Any]:
        """Sums by group; whole numbers stay whole."""
        given = np.asarray(values)
        summed = np.bincount(self.member, weights=given, minlength=len(self.codes))
        return summed.astype(given.dtype) if np.issubdtype(given.dtype, np.integer) else summed

    def means(self, values: Any, weights: Any) -> FloatArray:
        """Weighted means by group; areas of no weight take no part, and a group of none is NaN."""
        heavy = np.asarray(weights, float)
        product = np.where(heavy > 0, np.asarray(values, float), 0.0) * heavy
        total = np.bincount(self.member, weights=heavy, minlength=len(self.codes))
        summed = np.bincount(self.member, weights=product, minlength=len(self.codes))
        means = np.full(len(total), np.nan)
        np.divide(summed, total, out=means, where=total > 0)
        return means

    def leading(self, labels: Any, weights: Any) -> npt.NDArray[np.object_]:
        """Label that holds most of each group's weight; of equals, the one that sorts first."""
        position, known = pd.factorize(np.asarray(labels, object), sort=True)
        pairs, where = np.unique(self.member * len(known) + position, return_inverse=True)
        held = np.bincount(where, weights=np.asarray(weights, float))
        group, label = np.divmod(pairs, len(known))
        order = np.lexsort((label, -held, group))
        first = order[np.flatnonzero(np.diff(group[order], prepend=-1))]
        leaders: npt.NDArray[np.object_] = np.asarray(known, object)[label[first]]
        return leaders


def area_groups(demand: pd.DataFrame, by: By) -> AreaGroups:
    """Group the areas of a demand frame."""
    if by == "lsoa":
        code, name = area_codes(demand).to_numpy(object), demand["area_name"].to_numpy(object)
    elif by == "fifth":
        code = demand["fifth"].astype(str).to_numpy(object)
        name = demand["fifth"].map(FIFTH_NAMES).to_numpy(object)
    else:
        code, name = demand[f"{by}_code"].to_numpy(object), demand[f"{by}_name"].to_numpy(object)
    member, codes = pd.factorize(code, sort=True)
    first = np.unique(member, return_index=True)[1]
    return AreaGroups(
        pd.Index(codes, name="area_code", dtype="str"),
        pd.Index(name[first], dtype="str"),
        member.astype(np.intp),
    )
