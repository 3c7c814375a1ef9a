"""Which areas to focus on: smallest sets, concentration, and the council's own list against the figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.need.estimate import NeedEstimate
from analysis.places.manifest import Priority
from analysis.places.place import Level, sum_by, weighted_mean_by

PART_RULE = (
    "A neighbourhood is counted as part of the area when it stands in the smallest set of LSOAs of the "
    "whole place that holds the chosen share of need"
)


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


def smallest_set(
    estimate: NeedEstimate, level: Level, share: float, tiers: Collection[str] | None = None
) -> pd.DataFrame:
    """The smallest number of areas that together hold a share of need.

    Areas are taken in order of expected need, the largest first, which is the fewest that can do it.

    Parameters
    ----------
    estimate : NeedEstimate
    level : {"lsoa", "ward", "locality", "place"}
    share : float
        Wanted share of all need in the place, above 0 and at most 1.
    tiers : collection of str, optional
        Keys of the tiers to add up; by default the mildest alone.

    Returns
    -------
    DataFrame
        Index `area_code`, in order: `area_name`, `children`, `need` (whole children), `need_share`,
        `cumulative_share` (of need), `children_share` (cumulative, of all children), `p_top` (share of
        draws in which the area is among as many areas with most need as the set holds).

    Raises
    ------
    HubreachError
        For a share outside 0 to 1, or an unknown tier.

    Examples
    --------
    >>> from analysis.need.estimate import estimate_need
    >>> from analysis.places.read import read_place
    >>> wards = smallest_set(estimate_need(read_place("thurrock")), "ward", 0.5)
    >>> len(wards), bool(wards["cumulative_share"].iloc[-2] < 0.5 <= wards["cumulative_share"].iloc[-1])
    (6, True)
    """
    keys = _tier_keys(estimate, tiers)
    check_share(share)
    ranked = _ranked(estimate, level, keys)
    held = ranked["expected"].cumsum() / ranked["expected"].sum()
    # Rounding in the running sum must not ask for one area more than the share needs.
    count = min(int((held < share - 1e-9).sum()) + 1, len(ranked))
    chosen = ranked.head(count)
    return pd.DataFrame(
        {
            "area_name": chosen["area_name"],
            "children": chosen["children"],
            "need": chosen["need"],
            "need_share": chosen["expected"] / ranked["expected"].sum(),
            "cumulative_share": held.head(count),
            "children_share": (ranked["children"].cumsum() / ranked["children"].sum()).head(count),
            "p_top": share_in_top(estimate, level, keys, count).loc[chosen.index],
        }
    )


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
    ranked = _ranked(estimate, level, _tier_keys(estimate, tiers))
    ranked = ranked[ranked["children"] > 0]
    order = (ranked["expected"] / ranked["children"]).sort_values(ascending=False, kind="stable").index
    ranked = ranked.loc[order]
    children = ranked["children"].cumsum() / ranked["children"].sum()
    need = ranked["expected"].cumsum() / ranked["expected"].sum()
    curve = pd.DataFrame({"area_name": ranked["area_name"], "children_share": children, "need_share": need})
    x, y = np.concatenate([[0.0], children]), np.concatenate([[0.0], need])
    return Concentration(curve, float(2 * np.trapezoid(y, x) - 1))


def priority_comparison(
    estimate: NeedEstimate,
    tiers: Collection[str] | None = None,
    *,
    top: int | None = None,
    priority: Priority | None = None,
) -> pd.DataFrame | None:
    """The council's named priority areas against the figures, ward by ward.

    A named ward among the wards with most need is found, a named ward below them missed, and another
    ward among them extra. Of an area named in part, a ward below them is partly found where another of
    its wards is found.

    Parameters
    ----------
    estimate : NeedEstimate
    tiers : collection of str, optional
        By default the mildest tier alone.
    top : int, optional
        How many wards to take from the top of the figures; by default as many as the council named.
    priority : Priority, optional
        Another list to hold against the figures; by default the council's own.

    Returns
    -------
    DataFrame or None
        Index `area_code` (wards, most need first): `area_name`, `named_as` (the council's words, "" if
        not named), `part` (whether only parts are meant), `rank`, `need`, `rate_per_1000`, `p_top`
        (share of draws in which the ward is among those with most need), `verdict` ("found",
        "partly", "missed", "extra", ""). None where the council has named no areas.
    """
    priority = priority or estimate.place.manifest.priority
    if priority is None:
        return None
    keys = _tier_keys(estimate, tiers)
    ranked = _ranked(estimate, "ward", keys)
    named = {ward: area for area in priority.areas for ward in area.wards}
    is_named = ranked["area_name"].isin(named)
    count = min(len(ranked), top or int(is_named.sum()))
    is_top = pd.Series(np.arange(len(ranked)) < count, index=ranked.index)
    named_as = ranked["area_name"].map(lambda ward: named[ward].name if ward in named else "")
    in_part = ranked["area_name"].map(lambda ward: ward in named and named[ward].part).astype(bool)
    with_found = named_as.isin(named_as[is_named & is_top])
    verdict = np.select(
        [is_named & is_top, is_named & in_part & with_found, is_named, is_top],
        ["found", "partly", "missed", "extra"],
        default="",
    )
    return pd.DataFrame(
        {
            "area_name": ranked["area_name"],
            "named_as": named_as,
            "part": in_part,
            "rank": np.arange(1, len(ranked) + 1),
            "need": ranked["need"],
            "rate_per_1000": (1000 * ranked["need"] / ranked["children"].where(ranked["children"] > 0)).round(
                1
            ),
            "p_top": share_in_top(estimate, "ward", keys, count).loc[ranked.index],
            "verdict": verdict,
        }
    )


def priority_parts(
    estimate: NeedEstimate, share: float = 0.5, tiers: Collection[str] | None = None
) -> pd.DataFrame | None:
    """The LSOAs meant by a priority area of which the council named only parts, by a stated rule.

    The rule (`PART_RULE`): of the area's wards, the LSOAs in the smallest set of LSOAs of the whole
    place that holds `share` of need.

    Parameters
    ----------
    estimate : NeedEstimate
    share : float
        Share of the place's need that defines the smallest set.
    tiers : collection of str, optional
        By default the mildest tier alone.

    Returns
    -------
    DataFrame or None
        Index `area_code`, every LSOA of such areas: `area_name`, `priority_area`, `ward_name`, `need`,
        `rank` (in the place), `inside` (whether the rule takes it). None where no priority area is
        named in part.
    """
    priority = estimate.place.manifest.priority
    partial = {} if priority is None else {w: a.name for a in priority.areas if a.part for w in a.wards}
    if not partial:
        return None
    inside = smallest_set(estimate, "lsoa", share, tiers).index
    ranked = _ranked(estimate, "lsoa", _tier_keys(estimate, tiers))
    ranked.insert(0, "rank", np.arange(1, len(ranked) + 1))
    wards = estimate.place.areas["ward_name"].reindex(ranked.index)
    chosen = ranked[wards.isin(partial)]
    wards = wards.loc[chosen.index]
    return pd.DataFrame(
        {
            "area_name": chosen["area_name"],
            "priority_area": wards.map(partial),
            "ward_name": wards,
            "need": chosen["need"],
            "rank": chosen["rank"],
            "inside": chosen.index.isin(inside),
        }
    )


def need_rate(estimate: NeedEstimate, level: Level, tiers: Collection[str] | None = None) -> pd.Series:
    """Expected share of children in the tiers (0 to 1) by area, index `area_code`; not rounded."""
    keys = list(_tier_keys(estimate, tiers))
    weight = estimate.place.areas["children"]
    return weighted_mean_by(estimate.place, estimate.rates[keys], weight, level).sum(axis=1).rename("rate")


def share_in_top(estimate: NeedEstimate, level: Level, tiers: Collection[str], count: int) -> pd.Series:
    """Share of draws in which each area is among the `count` with most need, index `area_code`."""
    drawn = estimate.level_draws(level)
    together = np.sum([drawn[key] for key in tiers], axis=0)
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


def _tier_keys(estimate: NeedEstimate, tiers: Collection[str] | None) -> tuple[str, ...]:
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


def _ranked(estimate: NeedEstimate, level: Level, keys: Collection[str]) -> pd.DataFrame:
    """Areas by expected need, the largest first: `area_name`, `children`, `need`, `expected`."""
    table = estimate.tier_table(level, next(iter(keys)))
    expected = sum_by(estimate.place, estimate.expected[list(keys)], level).sum(axis=1)
    ranked = pd.DataFrame(
        {
            "area_name": table["area_name"],
            "children": table["children"],
            "need": sum_by(estimate.place, estimate.counts[list(keys)], level).sum(axis=1),
            "expected": expected,
        }
    )
    return ranked.loc[expected.round(9).sort_values(ascending=False, kind="stable").index]
