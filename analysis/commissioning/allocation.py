"""An envelope shared out: who shares, by which rules, what a council would minute, and the numbers to be shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field, model_validator

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.records import Record, read_record
from analysis.base.rounding import largest_remainder
from analysis.commissioning.assumptions import Assumption, blank, parameter_log
from analysis.commissioning.money import Pounds, as_number
from analysis.need.estimate import NeedEstimate
from analysis.reach.coverage import nearest_sites
from analysis.reach.water import rerouted_minutes
from analysis.scenario.travel import TravelSettings

SMALLEST_STEP = 0.001


def largest_floor(areas: int) -> float:
    """Largest floor, as a share of the envelope, that every one of so many areas can have."""
    return 1 / areas if areas else 1.0


def smallest_loss_limit(today_gbp: pd.Series, envelope_gbp: int, floor: float) -> float | None:
    """Smallest limit on losses that fits an envelope, up to the next 0.1%; None where not even 100% fits.

    Parameters
    ----------
    today_gbp : Series
        Today's allocation by area.
    envelope_gbp : int
        What there is to share.
    floor : float
        Floor that holds as well, as a share of the envelope.
    """
    today = today_gbp.to_numpy(dtype=float)
    for limit in np.arange(0.0, 1.0 + SMALLEST_STEP, SMALLEST_STEP):
        least = np.ceil(np.maximum(floor * envelope_gbp, today * (1 - min(limit, 1.0))) - 1e-9)
        if least.sum() <= envelope_gbp:
            return round(float(limit), 3)
    return None


def explain_infeasible(
    lower: list[int],
    upper: list[int | None],
    envelope_gbp: int,
    floor: float,
    today_gbp: pd.Series | None,
    most_loss: float | None,
) -> None:
    """Raise if the limits cannot all hold, saying by how much and which limit would fit.

    Parameters
    ----------
    lower, upper : list of int
        Limits of each area in whole pounds; None has no upper one.
    envelope_gbp : int
        Whole pounds to share.
    floor : float
        Share of the envelope that no area falls below.
    today_gbp : Series, optional
        Amounts now, index `area_code`, which `most_loss` is a share of.
    most_loss : float, optional
        Largest share of its amount now that an area may lose.

    Raises
    ------
    HubreachError
        With one fault for each rule that cannot be kept.
    """
    faults = FaultList("allocation")
    areas = len(lower)
    crossed = sum(high is not None and low > high for low, high in zip(lower, upper, strict=True))
    if floor * areas > 1 + 1e-12:
        faults.add(
            f"{areas} areas at {floor:.1%} each would take {floor * areas:.0%} of the envelope",
            f"The largest floor that fits is {_down(largest_floor(areas)):.1%}",
            column="floor",
        )
    elif sum(lower) > envelope_gbp:
        found = f"the least that the rules allow adds up to £{sum(lower):,}, £{sum(lower) - envelope_gbp:,} too much"
        faults.add(
            found,
            _looser(envelope_gbp, floor, today_gbp, most_loss),
            column="most_loss" if most_loss is not None else "floor",
        )
    elif crossed:
        faults.add(
            f"{crossed} areas have a lower limit above their cap",
            "Allow a larger gain, or a larger loss",
            column="most_gain",
        )
    elif all(high is not None for high in upper) and sum(high or 0 for high in upper) < envelope_gbp:
        most = sum(high or 0 for high in upper)
        faults.add(
            f"the caps leave £{envelope_gbp - most:,} of the envelope unspent",
            f"Allow a larger gain, or share at most £{most:,}",
            column="most_gain",
        )
    faults.raise_if_any("The envelope cannot be shared under these rules.")


def _looser(envelope_gbp: int, floor: float, today_gbp: pd.Series | None, most_loss: float | None) -> str:
    if today_gbp is None or most_loss is None:
        return "Lower the floor"
    change = envelope_gbp / float(today_gbp.sum()) - 1
    fits = smallest_loss_limit(today_gbp, envelope_gbp, floor)
    limit = (
        "no limit fits beside this floor"
        if fits is None
        else f"the smallest limit on losses that fits is {fits:.1%}"
    )
    return f"The envelope is {change:+.1%} on today's total: {limit}"


def _down(share: float) -> float:
    return math.floor(share * 1000) / 1000


Recipient = Literal["lsoa", "ward", "locality", "place", "site"]


@dataclass(frozen=True, eq=False)
class Recipients:
    """Those that an envelope is shared over; every small area belongs to exactly one of them.

    Parameters
    ----------
    names : Series
        Index `area_code` (code of an area, or id of a site).
    need : DataFrame
        Same index, a column a tier: children, whole numbers that add up to the place's.
    children : Series
        Same index: all children.
    travel_minutes : Series
        Same index: mean minutes to the nearest open site, weighted by children; inf without any site.
    """

    names: pd.Series
    need: pd.DataFrame
    children: pd.Series
    travel_minutes: pd.Series


def find_recipients(
    estimate: NeedEstimate, by: Recipient, sites: pd.DataFrame, settings: TravelSettings | None = None
) -> Recipients:
    """Need of each area of a level, or of each site: a neighbourhood's need goes to its nearest site.

    Parameters
    ----------
    estimate : NeedEstimate
    by : {"lsoa", "ward", "locality", "place", "site"}
    sites : DataFrame
        Open sites, already chosen (`analysis.reach.selection.choose_sites`).
    settings : TravelSettings, optional
        How people travel; walking if left out.

    Raises
    ------
    HubreachError
        If it is to be shared by site and there is none.
    """
    place = estimate.place
    nearest = nearest_sites(rerouted_minutes(place.areas, sites, settings or TravelSettings(), place))
    if by != "site":
        return _summed(estimate, place.names(by), place.keys(by), nearest["nearest_minutes"])
    if sites.empty:
        fault = Fault("sites", None, None, "no site of these kinds is open", "Choose other kinds of site")
        raise HubreachError("An envelope cannot be shared over sites.", [fault])
    names = sites["name"].sort_index().rename_axis("area_code")
    return _summed(estimate, names, nearest["nearest_site"], nearest["nearest_minutes"])


def _summed(estimate: NeedEstimate, names: pd.Series, member: pd.Series, minutes: pd.Series) -> Recipients:
    areas = estimate.place.areas.index
    key = member.reindex(areas).to_numpy()
    children = estimate.place.areas["children"]
    need = estimate.counts.reindex(areas).groupby(key).sum().reindex(names.index, fill_value=0)
    total = children.groupby(key).sum().reindex(names.index, fill_value=0)
    spent = (children * minutes.reindex(areas)).groupby(key).sum().reindex(names.index)
    # A site that is nearest for nobody has no journey to it: 0 adds nothing to its need of 0.
    mean = pd.Series(np.where(total > 0, spent / total.where(total > 0), 0.0), index=names.index)
    return Recipients(
        names.rename("area_name"),
        need.rename_axis("area_code"),
        total.rename("children").rename_axis("area_code"),
        mean.rename("travel_minutes").rename_axis("area_code"),
    )


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

    Returns
    -------
    Series
        Index `area_code`, weighted children.

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

    Returns
    -------
    Series
        Index `area_code`, share of its need that is added to each area's.
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


COMMITTEE = "the committee that decides the allocation"
Share = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False), BeforeValidator(as_number)]
"""Per cent, 10 for a tenth."""
OptionalShare = Annotated[
    Annotated[Decimal, Field(ge=0, le=1000, allow_inf_nan=False)] | None, BeforeValidator(as_number)
]
Weight = Annotated[Decimal, Field(ge=0, le=1000, allow_inf_nan=False), BeforeValidator(as_number)]


class TravelSupplement(Record):
    """Extra weight for need that is far from help: so many per cent for each minute beyond a threshold."""

    percent_per_minute: Share = Decimal(0)
    beyond_minutes: Annotated[Decimal, Field(ge=0, le=1000), BeforeValidator(as_number)] = Decimal(20)
    most_percent: Share = Decimal(50)


class AllocationPlan(Record):
    """An envelope and the rules that share it; today's amounts are by code of area or id of site."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    source: str = ""
    envelope_gbp: Pounds = None
    by: Literal["locality", "ward", "site"] = "ward"
    weights: dict[str, Weight] = Field(default_factory=dict)
    floor_percent: Share = Decimal(0)
    supplement: TravelSupplement = TravelSupplement()
    today_gbp: dict[str, Pounds] = Field(default_factory=dict)
    most_loss_percent: OptionalShare = None
    most_gain_percent: OptionalShare = None
    assumptions: tuple[Assumption, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _whole_pounds(self) -> AllocationPlan:
        if self.envelope_gbp is not None and self.envelope_gbp % 1:
            raise ValueError("the envelope has pence: give whole pounds")
        if self.most_loss_percent is not None and self.most_loss_percent > 100:
            raise ValueError("no area can lose more than 100%")
        return self

    def today(self, names: pd.Series) -> pd.Series | None:
        """Today's amounts of these recipients, NaN where none is given; None where none of them has one."""
        given = {code: amount for code, amount in self.today_gbp.items() if amount is not None}
        amounts = [float(given[code]) if code in given else float("nan") for code in names.index]
        today = pd.Series(amounts, index=names.index, name="today_gbp", dtype=float)
        return None if today.isna().all() else today

    def rules(self, recipients: Recipients) -> AllocationRules:
        """The rules as `analysis.commissioning.allocation.allocate` takes them."""
        extra = self.supplement
        supplement = None
        if extra.percent_per_minute:
            supplement = travel_supplement(
                recipients.travel_minutes,
                beyond_minutes=float(extra.beyond_minutes),
                per_minute=float(extra.percent_per_minute) / 100,
                most=float(extra.most_percent) / 100,
            )
        damped = self.most_loss_percent is not None or self.most_gain_percent is not None
        return AllocationRules(
            floor=float(self.floor_percent) / 100,
            supplement=supplement,
            today_gbp=self.today(recipients.names) if damped else None,
            most_loss=_share(self.most_loss_percent),
            most_gain=_share(self.most_gain_percent),
        )

    def blanks(self) -> tuple[Assumption, ...]:
        """What has to be filled in before anything can be shared, and by whom."""
        return () if self.envelope_gbp is not None else (blank("envelope_gbp", COMMITTEE),)

    def log(self) -> pd.DataFrame:
        """Parameter log of the allocation: every rule is the committee's to confirm."""
        extra = self.supplement
        values = {
            "envelope_gbp": self.envelope_gbp,
            "shared by": self.by,
            "weights": ", ".join(f"{tier} {weight:f}" for tier, weight in self.weights.items()) or None,
            "floor_percent": self.floor_percent,
            "supplement": f"{extra.percent_per_minute:f}% a minute beyond {extra.beyond_minutes:f} minutes, "
            f"at most {extra.most_percent:f}%"
            if extra.percent_per_minute
            else "none",
            "most_loss_percent": self.most_loss_percent,
            "most_gain_percent": self.most_gain_percent,
        }
        why = "Entered on the page or in the file"
        rules = [
            Assumption(parameter=name, value=str(value), reason=why, confirm_with=COMMITTEE)
            for name, value in values.items()
            if value is not None
        ]
        return parameter_log(self.name, self.source, {}, [*rules, *self.assumptions, *self.blanks()])


def read_allocation_plan(path: Path) -> AllocationPlan:
    """Read an allocation plan (TOML).

    Raises
    ------
    HubreachError
        With every fault of the file.
    """
    return read_record(path, AllocationPlan, f"The allocation in {path.name} cannot be read.")


def _share(percent: Decimal | None) -> float | None:
    return None if percent is None else float(percent) / 100


FLOOR_STEPS = 20
EQUAL, CHILDREN, NEED_ALONE, TODAY = (
    "Equal shares",
    "By number of children",
    "By need alone",
    "Today's amounts",
)
HELD_WORDS = {
    "": "by need",
    "floor": "at the floor",
    "damping": "held up by damping",
    "cap": "held down by the cap",
}
PER_CENT = ("share", "supplement")


@dataclass(frozen=True, eq=False)
class AllocationView:
    """An envelope shared out.

    Parameters
    ----------
    table : DataFrame
        Index `area_code`, most money first: `area_name`, the workings of
        `analysis.commissioning.allocation.allocate`, `per_child_gbp`, `per_need_gbp` (per child in need).
    envelope_gbp : int
    recipients : Recipients
    need : Series
        Blended need.
    """

    table: pd.DataFrame
    envelope_gbp: int
    recipients: Recipients
    need: pd.Series


def allocation_view(plan: AllocationPlan, recipients: Recipients) -> AllocationView:
    """Share the envelope of a plan.

    Raises
    ------
    HubreachError
        If the envelope is blank, no tier has a weight, or the rules cannot all hold.
    """
    if plan.envelope_gbp is None:
        fault = Fault(
            "allocation", None, "envelope_gbp", "is blank", "Enter the pounds that there are to share"
        )
        raise HubreachError("There is nothing to share yet.", [fault])
    need = blended(plan, recipients)
    envelope = int(plan.envelope_gbp)
    table = allocate(need, envelope, plan.rules(recipients))
    table.insert(0, "area_name", recipients.names.reindex(table.index))
    children = recipients.children.reindex(table.index)
    table["per_child_gbp"] = table["allocation_gbp"] / children.where(children > 0)
    table["per_need_gbp"] = table["allocation_gbp"] / table["need"].where(table["need"] > 0)
    ordered = table.sort_values("allocation_gbp", ascending=False, kind="stable")
    return AllocationView(ordered, envelope, recipients, need)


def blended(plan: AllocationPlan, recipients: Recipients) -> pd.Series:
    """Need by the weights of a plan: the mildest tier alone where it gives none."""
    given = {tier: float(weight) for tier, weight in plan.weights.items()}
    return blend_need(recipients.need, given or {str(recipients.need.columns[0]): 1.0})


def what_if_floor(view: AllocationView, plan: AllocationPlan) -> pd.DataFrame:
    """What everyone would get at other floors, the largest that fits included.

    Returns
    -------
    DataFrame
        Columns `area_code`, `area_name`, `floor` (share of the envelope), `allocation_gbp`.
    """
    most = np.floor(largest_floor(len(view.need)) * 1000) / 1000
    steps = np.unique(
        np.round(np.append(np.linspace(0, most, FLOOR_STEPS + 1), float(plan.floor_percent) / 100), 4)
    )
    curve = floor_curve(view.need, view.envelope_gbp, list(steps), plan.rules(view.recipients))
    long = curve.reset_index().melt("area_code", var_name="floor", value_name="allocation_gbp")
    long.insert(1, "area_name", long["area_code"].map(view.recipients.names))
    return long.astype({"floor": float, "allocation_gbp": "int64"})


def rivals(view: AllocationView, plan: AllocationPlan) -> dict[str, pd.Series]:
    """Allocations of the same envelope to compare with, by name; today's amounts where all are given."""
    names = view.recipients.names
    ones = pd.Series(1, index=names.index)
    found = {
        EQUAL: allocate(ones, view.envelope_gbp)["allocation_gbp"],
        CHILDREN: allocate(view.recipients.children, view.envelope_gbp)["allocation_gbp"],
        NEED_ALONE: allocate(view.need, view.envelope_gbp)["allocation_gbp"],
    }
    today = plan.today(names)
    return {TODAY: today, **found} if today is not None and today.notna().all() else found


def gains_and_losses(view: AllocationView, before_gbp: pd.Series) -> pd.DataFrame:
    """Who gains and who loses against another allocation, the largest loss first, with names."""
    table = compare_allocations(before_gbp, view.table["allocation_gbp"])
    table.insert(0, "area_name", view.recipients.names.reindex(table.index))
    return table


def workings(view: AllocationView) -> pd.DataFrame:
    """Every step of the allocation for people: shares as per cent, limits in pounds."""
    table = view.table.copy()
    table[list(PER_CENT)] *= 100
    table["held_by"] = table["held_by"].map(HELD_WORDS)
    return table
