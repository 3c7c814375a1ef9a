"""The fewest areas that hold a share of need, and how unevenly need lies over children."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.schema import Schema
from analysis.need.estimate import NeedEstimate, Range, whole_range
from analysis.places.place import Level, sum_by, weighted_mean_by

NEARLY_SURE = 0.9
SMALLEST_SET = Schema(
    "area_code",
    {
        "area_name": ("text", "Name of the area"),
        "rank": ("whole", "1 has most expected need"),
        "children": ("whole", "All children of the area, counted"),
        "need": ("whole", "Children in the tiers"),
        "low": ("whole", "Lower end of the interval of `need`"),
        "high": ("whole", "Upper end"),
        "need_share": ("number", "Share of the place's need (0 to 1)"),
        "cumulative_share": ("number", "Of need, in this area and all before it"),
        "children_share": ("number", "Of all children, in this area and all before it"),
        "p_top": (
            "number",
            "Share of model runs in which the area is among as many with most need as the set holds",
        ),
        "in_set": ("flag", "Whether the area is in the set"),
    },
)


@dataclass(frozen=True)
class SmallestSetProblem:
    """What is asked: the fewest areas that together hold a share of need.

    Parameters
    ----------
    level : {"lsoa", "ward", "locality", "place"}
    share : float
        Wanted share of all need in the place, above 0 and at most 1.
    tiers : collection of str, optional
        Keys of the tiers to add up; by default the mildest alone.
    """

    level: Level = "ward"
    share: float = 0.5
    tiers: Collection[str] | None = None


@dataclass(frozen=True, eq=False)
class SmallestSet:
    """The fewest areas that hold the share, and every other area in its order.

    Parameters
    ----------
    problem : SmallestSetProblem
    tiers : tuple of str
        Keys of the tiers that are added up.
    table : DataFrame
        As `SMALLEST_SET` says, most need first.
    held : Range
        Share of need in the set (0 to 1), with its range over the draws.
    """

    problem: SmallestSetProblem
    tiers: tuple[str, ...]
    table: pd.DataFrame
    held: Range

    @property
    def inside(self) -> pd.DataFrame:
        """The rows of the set."""
        return self.table[self.table["in_set"]]

    @property
    def count(self) -> int:
        """Number of areas in the set."""
        return len(self.inside)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the areas in the set, most need first."""
        return tuple(self.inside.index)

    @property
    def nearly_sure(self) -> int:
        """How many areas of the set are among as many with most need in nine of ten draws."""
        return int((self.inside["p_top"] >= NEARLY_SURE).sum())


def smallest_set(estimate: NeedEstimate, problem: SmallestSetProblem | None = None) -> SmallestSet:
    """The smallest number of areas that together hold a share of need.

    Areas are taken in order of expected need, the largest first, which is the fewest that can do it.

    Raises
    ------
    HubreachError
        For a share outside 0 to 1, or an unknown tier.

    Examples
    --------
    >>> from analysis.need.estimate import estimate_need
    >>> from analysis.places.read import read_place
    >>> wards = smallest_set(estimate_need(read_place("thurrock"))).inside
    >>> len(wards), bool(wards["cumulative_share"].iloc[-2] < 0.5 <= wards["cumulative_share"].iloc[-1])
    (7, True)
    """
    problem = problem or SmallestSetProblem()
    keys = tier_keys(estimate, problem.tiers)
    check_share(problem.share)
    areas = ranked(estimate, problem.level, keys)
    held = areas["expected"].cumsum() / areas["expected"].sum()
    # Rounding in the running sum must not ask for one area more than the share needs.
    count = min(int((held < problem.share - 1e-9).sum()) + 1, len(areas))
    table = areas[["area_name", "children", "need", "low", "high"]].assign(
        need_share=areas["expected"] / areas["expected"].sum(),
        cumulative_share=held,
        children_share=areas["children"].cumsum() / areas["children"].sum(),
        p_top=share_in_top(estimate, problem.level, keys, count),
        in_set=np.arange(len(areas)) < count,
    )
    table.insert(1, "rank", np.arange(1, len(areas) + 1))
    share = float(table.loc[table["in_set"], "need_share"].sum())
    chosen = estimate.place.names(problem.level).index.isin(table.index[:count])
    return SmallestSet(
        problem, keys, SMALLEST_SET.checked(table), _held(estimate, problem.level, keys, share, chosen)
    )


def _held(
    estimate: NeedEstimate, level: Level, keys: Collection[str], share: float, chosen: np.ndarray
) -> Range:
    """Share of need in chosen areas, with its range over the draws."""
    drawn = _drawn(estimate, level, keys)
    tail = (1 - estimate.settings.interval) / 2
    whole = drawn.sum(axis=1)
    if not whole.any():
        # Without any need there is nothing to have a share of.
        return Range(share, share, share)
    low, high = np.quantile(drawn[whole > 0][:, chosen].sum(axis=1) / whole[whole > 0], [tail, 1 - tail])
    return Range(share, min(float(low), share), max(float(high), share))


@dataclass(frozen=True, eq=False)
class Concentration:
    """How unevenly need lies over children.

    Parameters
    ----------
    curve : DataFrame
        Index `area_code`, areas from the highest rate to the lowest: `area_name`, `children_share` and
        `need_share`, cumulative (0 to 1). The curve starts at (0, 0), which is not a row.
    gini : float
        Twice the area between the curve and the diagonal: 0 where every area has the same rate, near 1
        where few children hold all need.
    """

    curve: pd.DataFrame
    gini: float

    def reaching(self, share: float) -> tuple[float, float]:
        """Share of children and of need where the curve first reaches a share of need."""
        reached = self.curve[self.curve["need_share"] >= share - 1e-9].iloc[0]
        return float(reached["children_share"]), float(reached["need_share"])


def concentration(
    estimate: NeedEstimate, level: Level, tiers: Collection[str] | None = None
) -> Concentration:
    """Concentration curve of need over children, and its Gini coefficient.

    Children are ranked by the rate of need of their area, the highest first.

    Parameters
    ----------
    estimate : NeedEstimate
    level : {"lsoa", "ward", "locality", "place"}
    tiers : collection of str, optional
        By default the mildest tier alone.

    Returns
    -------
    Concentration

    Notes
    -----
    Kakwani, Wagstaff and van Doorslaer 1997, Journal of Econometrics 77, 87-103: the concentration
    index of grouped data, with the areas as groups.

    Examples
    --------
    The whole place as one group has no inequality.

    >>> from analysis.need.estimate import estimate_need
    >>> from analysis.places.read import read_place
    >>> concentration(estimate_need(read_place("thurrock")), "place").gini
    0.0
    """
    areas = ranked(estimate, level, tier_keys(estimate, tiers))
    areas = areas[areas["children"] > 0]
    order = (areas["expected"] / areas["children"]).sort_values(ascending=False, kind="stable").index
    areas = areas.loc[order]
    children = areas["children"].cumsum() / areas["children"].sum()
    need = areas["expected"].cumsum() / areas["expected"].sum()
    curve = pd.DataFrame({"area_name": areas["area_name"], "children_share": children, "need_share": need})
    x, y = np.concatenate([[0.0], children]), np.concatenate([[0.0], need])
    return Concentration(curve, float(2 * np.trapezoid(y, x) - 1))


def need_rate(estimate: NeedEstimate, level: Level, tiers: Collection[str] | None = None) -> pd.Series:
    """Expected share of children in the tiers (0 to 1) by area, index `area_code`; not rounded."""
    keys = list(tier_keys(estimate, tiers))
    weight = estimate.place.areas["children"]
    return weighted_mean_by(estimate.place, estimate.rates[keys], weight, level).sum(axis=1).rename("rate")


def share_in_top(estimate: NeedEstimate, level: Level, tiers: Collection[str], count: int) -> pd.Series:
    """Share of model runs in which each area is among the `count` with most need, index `area_code`."""
    together = _drawn(estimate, level, tiers)
    index = estimate.place.names(level).index
    if count >= len(index):
        return pd.Series(1.0, index=index, name="p_top")
    leaders = np.argpartition(-together, count - 1, axis=1)[:, :count]
    share = np.bincount(leaders.ravel(), minlength=len(index)) / len(together)
    return pd.Series(share, index=index, name="p_top")


def check_share(share: float) -> None:
    """Raise for a share of need outside 0 to 1."""
    if not 0 < share <= 1:
        faults = FaultList("targeting")
        faults.add(f"a share of {share:g}", "Give a share above 0 and at most 1, such as 0.5", column="share")
        faults.raise_if_any("That share of need cannot be used.")


def tier_keys(estimate: NeedEstimate, tiers: Collection[str] | None) -> tuple[str, ...]:
    """Keys of the tiers that are added up: the mildest where none is chosen.

    Raises
    ------
    HubreachError
        For an unknown tier, or an empty choice.
    """
    if tiers is None:
        return estimate.tier_keys[:1]
    faults = FaultList("targeting")
    for key in tiers:
        if key not in estimate.tier_keys:
            known = ", ".join(estimate.tier_keys)
            faults.add(f"there is no tier {key!r}", f"Choose from {known}", column="tier")
    if not tiers:
        faults.add("no tier is chosen", "Choose at least one", column="tier")
    faults.raise_if_any("That tier cannot be used.")
    return tuple(dict.fromkeys(tiers))


def _drawn(estimate: NeedEstimate, level: Level, keys: Collection[str]) -> np.ndarray:
    """Simulated children in some tiers together, shape (draws, areas in order of code)."""
    drawn = estimate.level_draws(level)
    return np.asarray(np.sum([drawn[key] for key in keys], axis=0))


def ranked(estimate: NeedEstimate, level: Level, keys: Collection[str]) -> pd.DataFrame:
    """Areas by expected need, the largest first: `area_name`, `children`, `need`, `low`, `high`, `expected`."""
    place = estimate.place
    parts = {"children": place.areas["children"], "need": estimate.counts[list(keys)].sum(axis=1)}
    counted = sum_by(place, pd.DataFrame(parts), level)
    expected = sum_by(place, estimate.expected[list(keys)], level).sum(axis=1)
    low, high = whole_range(counted["need"], _drawn(estimate, level, keys), estimate.settings.interval)
    table = counted.assign(low=low, high=high, expected=expected)
    table.insert(0, "area_name", place.names(level))
    return table.loc[expected.round(9).sort_values(ascending=False, kind="stable").index]
