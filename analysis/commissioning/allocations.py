"""An envelope shared by need, with a floor, a supplement and damping, in whole pounds that add up."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.commissioning.feasibility import explain_infeasible
from analysis.need.rounding import largest_remainder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, eq=False)
class AllocationRules:
    """What an allocation by need has to respect.

    Parameters
    ----------
    floor : float
        Least that any area gets, as a share of the envelope: 0.1 is a tenth. Areas below are topped up to
        it and the others share the rest by need.
    supplement : Series or None
        Extra weight for sparsity or travel, index `area_code`: 0.1 counts an area's need as 10% more.
    today_gbp : Series or None
        Today's allocation, index `area_code`; needed for `most_loss` and `most_gain`.
    most_loss : float or None
        Most that an area may lose of today's allocation, as a share: 0.05 is 5%.
    most_gain : float or None
        Most that an area may gain on today's allocation, as a share; None for no limit.
    """

    floor: float = 0.0
    supplement: pd.Series | None = None
    today_gbp: pd.Series | None = None
    most_loss: float | None = None
    most_gain: float | None = None


BY_NEED_ALONE = AllocationRules()


def blend_need(need_by_tier: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """One measure of need from several tiers: the weighted sum of their counts.

    Parameters
    ----------
    need_by_tier : DataFrame
        Index `area_code`, a column a tier, counts.
    weights : mapping of str to float
        Weight of a child in each tier; tiers that are left out weigh nothing.

    Raises
    ------
    HubreachError
        If a tier is unknown, a weight is negative, or all are zero.
    """
    faults = FaultList("weights")
    for tier, weight in weights.items():
        if tier not in need_by_tier.columns:
            known = ", ".join(map(str, need_by_tier.columns))
            faults.add(f"{tier!r} is not a tier", f"Choose from: {known}", column=tier)
        elif not (np.isfinite(weight) and weight >= 0):
            faults.add(f"{weight} was given", "Give a weight of 0 or more", column=tier)
    if not any(weights.values()):
        faults.add("every weight is zero", "Give at least one tier a weight above 0")
    faults.raise_if_any("The tiers cannot be blended.")
    blended = sum(
        (need_by_tier[tier] * weight for tier, weight in weights.items()),
        pd.Series(0.0, index=need_by_tier.index),
    )
    blended = blended.round(6)
    whole = bool((blended % 1 == 0).all())
    return (blended.astype("int64") if whole else blended).rename("need")


def travel_supplement(
    travel_minutes: pd.Series, *, beyond_minutes: float, per_minute: float, most: float = 0.5
) -> pd.Series:
    """Extra weight for areas that are far from help: so much for each minute beyond a threshold.

    Parameters
    ----------
    travel_minutes : Series
        Index `area_code`, mean travel minutes to the nearest site; infinite where there is none.
    beyond_minutes : float
        Minutes that are part of an ordinary service.
    per_minute : float
        Share of need added for each further minute: 0.01 is 1%.
    most : float
        Cap on the supplement.
    """
    unreachable_minutes = 1e6
    extra = (travel_minutes - beyond_minutes).clip(0.0, unreachable_minutes) * per_minute
    return extra.clip(upper=most).rename("supplement")


def allocate(need: pd.Series, envelope_gbp: int, rules: AllocationRules = BY_NEED_ALONE) -> pd.DataFrame:
    """Share an envelope over areas by need, in whole pounds that add up to it.

    Each area gets max(its lower limit, min(its upper limit, k x weighted need)), where k is the one rate a
    unit of need that spends the envelope: limits are kept, and areas between them are paid alike.

    Parameters
    ----------
    need : Series
        Index `area_code`, need of each area, 0 or more.
    envelope_gbp : int
        Whole pounds to share.
    rules : AllocationRules
        Floor, supplement and damping.

    Returns
    -------
    DataFrame
        Index `area_code`; the workings `need`, `supplement`, `weighted_need`, `share` (of weighted need),
        `before_limits_gbp`, `lower_limit_gbp`, `upper_limit_gbp` (NaN: none), `held_by` ("floor",
        "damping", "cap" or ""), and `allocation_gbp` (int64).

    Raises
    ------
    HubreachError
        If an input is wrong, or the limits cannot all hold; the message says what would fit.

    Examples
    --------
    >>> allocate(pd.Series({"north": 30.0, "south": 10.0}), 1000)["allocation_gbp"].to_dict()
    {'north': 750, 'south': 250}
    """
    _check(need, envelope_gbp, rules)
    supplement = _aligned(rules.supplement, need.index)
    weighted = need.astype(float) * (1 + supplement)
    lower, upper = limits(need.index, envelope_gbp, rules)
    # More money a unit of need brings an area without need nothing: it stays at its lower limit.
    upper = [low if w == 0 else high for low, high, w in zip(lower, upper, weighted, strict=True)]
    explain_infeasible(lower, upper, envelope_gbp, rules.floor, _today(rules, need.index), rules.most_loss)
    rate, shares = _between_limits([Fraction(w) for w in weighted], envelope_gbp, lower, upper)
    whole = largest_remainder([float(s) for s in shares], envelope_gbp) if envelope_gbp else [0] * len(shares)
    share = weighted / weighted.sum()
    table = pd.DataFrame({"need": need, "supplement": supplement, "weighted_need": weighted, "share": share})
    table["before_limits_gbp"] = share * envelope_gbp
    table["lower_limit_gbp"] = pd.Series(lower, index=need.index, dtype=float)
    table["upper_limit_gbp"] = pd.Series(upper, index=need.index, dtype=float)
    table["held_by"] = _held_by(table, rate, rules.floor * envelope_gbp)
    table["allocation_gbp"] = np.asarray(whole, dtype="int64")
    return table.rename_axis("area_code")


def limits(areas: pd.Index, envelope_gbp: int, rules: AllocationRules) -> tuple[list[int], list[int | None]]:
    """Least and most whole pounds for each area under the rules; None where there is no most."""
    # 1/22 as a float is a hair above a twenty-second: read it as the fraction that is meant.
    exact_floor = Fraction(str(rules.floor)).limit_denominator(10**9) * envelope_gbp
    floor = -int(-exact_floor // 1)
    if floor * len(areas) > envelope_gbp >= exact_floor * len(areas):
        floor = int(exact_floor // 1)
    lower: list[int] = [floor] * len(areas)
    upper: list[int | None] = [None] * len(areas)
    today = _today(rules, areas)
    if today is None:
        return lower, upper
    for position, amount in enumerate(today):
        exact = Fraction(str(amount))
        if rules.most_loss is not None:
            kept = -(-(exact * (1 - Fraction(str(rules.most_loss)))) // 1)
            lower[position] = max(lower[position], int(kept))
        if rules.most_gain is not None:
            cap = int(exact * (1 + Fraction(str(rules.most_gain))) // 1)
            upper[position] = max(cap, floor)
    return lower, upper


def floor_curve(
    need: pd.Series, envelope_gbp: int, floors: Sequence[float], rules: AllocationRules = BY_NEED_ALONE
) -> pd.DataFrame:
    """What each area would get if the floor were each of several shares.

    Returns
    -------
    DataFrame
        Index `area_code`, a column for each floor that can be kept, ascending; higher floors are left out.
    """
    columns: dict[float, pd.Series] = {}
    for floor in sorted(floors):
        tried = AllocationRules(floor, rules.supplement, rules.today_gbp, rules.most_loss, rules.most_gain)
        lower, _ = limits(need.index, envelope_gbp, tried)
        if sum(lower) <= envelope_gbp:
            columns[floor] = allocate(need, envelope_gbp, tried)["allocation_gbp"]
    return (
        pd.DataFrame(columns, index=need.index).rename_axis("area_code").rename_axis("floor", axis="columns")
    )


def compare_allocations(before_gbp: pd.Series, after_gbp: pd.Series) -> pd.DataFrame:
    """Who gains and who loses between two allocations of the same areas, the largest loss first.

    Returns
    -------
    DataFrame
        Index `area_code`; `before_gbp`, `after_gbp`, `change_gbp`, `change_share` (of before; NaN where
        that is 0), `outcome` ("gains", "loses", "unchanged").
    """
    table = pd.DataFrame({"before_gbp": before_gbp, "after_gbp": after_gbp}).fillna(0)
    table["change_gbp"] = table["after_gbp"] - table["before_gbp"]
    table["change_share"] = table["change_gbp"] / table["before_gbp"].where(table["before_gbp"] != 0)
    table["outcome"] = np.select(
        [table["change_gbp"] > 0, table["change_gbp"] < 0], ["gains", "loses"], "unchanged"
    )
    return table.sort_values("change_gbp", kind="stable").rename_axis("area_code")


def _between_limits(
    weights: list[Fraction], envelope: int, lower: list[int], upper: list[int | None]
) -> tuple[Fraction, list[Fraction]]:
    """Rate k, and k times weight within limits, adding up to the envelope exactly (k by its breakpoints)."""

    def spend(rate: Fraction) -> list[Fraction]:
        paid = [max(Fraction(low), rate * w) for low, w in zip(lower, weights, strict=True)]
        return [p if high is None else min(p, Fraction(high)) for p, high in zip(paid, upper, strict=True)]

    turns = {Fraction(0)}
    for weight, low, high in zip(weights, lower, upper, strict=True):
        if weight > 0:
            turns |= {low / weight} | (set() if high is None else {high / weight})
    ordered = sorted(turns)
    first, last = 0, len(ordered) - 1
    while first < last:
        middle = (first + last + 1) // 2
        first, last = (middle, last) if sum(spend(ordered[middle])) <= envelope else (first, middle - 1)
    at_turn = spend(ordered[first])
    beyond = spend(ordered[first + 1] if first + 1 < len(ordered) else ordered[first] + 1)
    moving = [w for w, a, b in zip(weights, at_turn, beyond, strict=True) if b > a]
    left = envelope - sum(at_turn)
    rate = ordered[first] + (left / sum(moving, Fraction(0)) if moving else Fraction(0))
    return rate, spend(rate)


def _held_by(table: pd.DataFrame, rate: Fraction, floor_gbp: float) -> list[str]:
    """Which limit an area stands at, when its need alone would have taken it past."""
    held = []
    columns = table[["weighted_need", "lower_limit_gbp", "upper_limit_gbp"]]
    for weight, low, high in columns.itertuples(index=False):
        by_need = rate * Fraction(weight)
        if by_need < low:
            held.append("damping" if low > np.ceil(floor_gbp) else "floor")
        else:
            held.append("cap" if by_need > high and weight > 0 else "")
    return held


def _today(rules: AllocationRules, areas: pd.Index) -> pd.Series | None:
    return None if rules.today_gbp is None else rules.today_gbp.reindex(areas)


def _aligned(values: pd.Series | None, areas: pd.Index) -> pd.Series:
    return pd.Series(0.0, index=areas) if values is None else values.reindex(areas).astype(float)


def _check(need: pd.Series, envelope_gbp: int, rules: AllocationRules) -> None:
    faults = FaultList("allocation")
    if envelope_gbp < 0:
        faults.add(f"£{envelope_gbp:,} was given", "Give whole pounds, 0 or more", column="envelope")
    if not 0 <= rules.floor <= 1:
        faults.add(f"{rules.floor} was given", "Give a share from 0 to 1, 0.1 for a tenth", column="floor")
    if not np.isfinite(need.astype(float)).all() or (need < 0).any() or not need.sum() > 0:
        faults.add(
            "need is missing, negative or zero everywhere", "Give each area's need, 0 or more", column="need"
        )
    supplement = _aligned(rules.supplement, need.index)
    if not np.isfinite(supplement).all() or (supplement < 0).any():
        faults.add("a supplement is missing or negative", "Give every area 0 or more", column="supplement")
    for name, value in (("most_loss", rules.most_loss), ("most_gain", rules.most_gain)):
        if value is not None and rules.today_gbp is None:
            faults.add("today's allocation is missing", "Give it for every area", column=name)
        if value is not None and not (value >= 0 and (name == "most_gain" or value <= 1)):
            faults.add(f"{value} was given", "Give a share, 0.05 for 5%", column=name)
    today = _today(rules, need.index)
    if today is not None and (not np.isfinite(today.astype(float)).all() or (today < 0).any()):
        faults.add("an area has no amount, or a negative one", "Give each area's amount", column="today_gbp")
    faults.raise_if_any("The envelope cannot be shared out.")
