"""Children and families in each tier of need, by area, with ranges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.base.faults import FaultList
from analysis.base.rounding import whole_numbers
from analysis.base.schema import Schema
from analysis.need.rates import Floats, NoRateCurveError, RateCurve, fit_curve
from analysis.need.simulation import Draws, found_children, simulate
from analysis.places.england.editions import with_children
from analysis.places.manifest import Tier
from analysis.places.place import LEVELS, Level, Place, sum_by
from analysis.scenario.need_settings import (
    ImpossibleTiersError,
    NeedSettings,
    RangeKind,
    check_settings,
    default_settings,
    tiers_together,
    unknown_level,
)

NEED = Schema(
    "area_code",
    {
        "area_name": ("text", "Name of the area"),
        "tier": ("text", "Key of the tier of need"),
        "children": ("whole", "All children of the area, counted"),
        "need": ("whole", "Children in the tier: whole numbers that add up to the place's total"),
        "low": ("whole", "Lower end of the interval, whole children, at most `need`"),
        "high": ("whole", "Upper end of the interval, whole children, at least `need`"),
        "rate_per_1000": ("number", "Children in the tier per 1,000 children; none where no child lives"),
        "rank": ("whole", "1 has most children in the tier"),
        "p_top": (
            "number",
            "Share of model runs in which the area is among the k with most (see `top_count`)",
        ),
    },
)
FAMILIES = Schema(
    "area_code",
    {
        "area_name": ("text", "Name of the area"),
        "families": ("whole", "Families with a child in any tier"),
        "low": ("whole", "Lower end of the interval, whole families"),
        "high": ("whole", "Upper end of the interval, whole families"),
    },
)


class Range(NamedTuple):
    """An estimate with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class NeedEstimate:
    """Need in one place under one set of settings; tables and draws are worked out when first asked for.

    Parameters
    ----------
    place : Place
    settings : NeedSettings
    position : Series
        National position of each small area (0 to 1), index `area_code`.
    curves : dict of str to RateCurve
        Fitted rate curve of each tier, by key.
    rates : DataFrame
        Expected share of children in each tier (0 to 1), index `area_code`, a column a tier.
    counts : DataFrame
        The same as whole children, by largest remainder: they add up to the place's total exactly.
    """

    place: Place
    settings: NeedSettings
    position: pd.Series
    curves: dict[str, RateCurve]
    rates: pd.DataFrame
    counts: pd.DataFrame

    def tier(self, key: str) -> Tier:
        """A tier under the settings in force, by key."""
        return next(tier for tier in self.settings.tiers if tier.key == key)

    @property
    def tier_keys(self) -> tuple[str, ...]:
        """Keys of the tiers, mildest first."""
        return tuple(tier.key for tier in self.settings.tiers)

    @cached_property
    def expected(self) -> pd.DataFrame:
        """Expected children in each tier before rounding, index `area_code`."""
        return self.rates.mul(self.place.areas["children"], axis=0)

    @cached_property
    def draws(self) -> Draws:
        """The simulation behind the ranges; areas in the order of `counts`."""
        children = self.place.areas["children"].to_numpy(dtype=float)
        wards = pd.factorize(self.place.keys("ward").reindex(self.counts.index), sort=True)[0]
        return simulate(children, self.position.to_numpy(dtype=float), self.settings, wards)

    def with_ranges(self) -> NeedEstimate:
        """The same, with the model runs behind its ranges worked out.

        Raises
        ------
        HubreachError
            If the tiers cannot hold together in most of them.
        """
        self.draws  # noqa: B018 - worked out and kept
        return self

    @cached_property
    def found(self) -> dict[str, NDArray[np.int64]]:
        """Children whom one would find in each tier in each model run, chance included; shape (draws, areas)."""
        children = self.place.areas["children"].reindex(self.counts.index).to_numpy(dtype=float)
        return {
            key: found_children(np.asarray(drawn, dtype=float), children, self.settings.seed + at)
            for at, (key, drawn) in enumerate(self.draws.counts.items())
        }

    @cached_property
    def _tables(self) -> dict[Level, pd.DataFrame]:
        return {}

    @cached_property
    def _level_draws(self) -> dict[Level, dict[str, Floats]]:
        return {}

    def table(self, level: Level) -> pd.DataFrame:
        """Need by area and tier: a row for each area of a level and each tier, mildest tier first.

        Returns
        -------
        DataFrame
            As `NEED` says, areas in order of their codes.

        Raises
        ------
        HubreachError
            For an unknown level.
        """
        if level not in LEVELS:
            raise unknown_level(level)
        if level not in self._tables:
            parts = [_tier_table(self, level, key) for key in self.tier_keys]
            self._tables[level] = NEED.checked(pd.concat(parts))
        return self._tables[level]

    def tier_table(self, level: Level, tier: str) -> pd.DataFrame:
        """The rows of `table` for one tier, index `area_code`, without the column `tier`."""
        table = self.table(level)
        return table[table["tier"] == tier].drop(columns="tier")

    def total(self, tier: str) -> Range:
        """Children of the whole place in a tier, with the range."""
        row = self.tier_table("place", tier).iloc[0]
        return Range(int(row["need"]), int(row["low"]), int(row["high"]))

    @property
    def total_families(self) -> Range:
        """Families of the whole place with a child in any tier, with the range."""
        row = self.families("place").iloc[0]
        return Range(int(row["families"]), int(row["low"]), int(row["high"]))

    def families(self, level: Level) -> pd.DataFrame:
        """Families with a child in any tier, by area: children of all tiers divided by children a family.

        The range holds every reading of the settings' `family_readings` beside the one in force.

        Returns
        -------
        DataFrame
            As `FAMILIES` says, areas in order of their codes.

        Raises
        ------
        HubreachError
            For an unknown level.
        """
        if level not in LEVELS:
            raise unknown_level(level)
        children = sum_by(self.place, self.counts, level).sum(axis=1)
        drawn = np.asarray(sum(self.level_draws(level).values()))
        per_family = self.settings.children_per_family
        families = np.floor(children / per_family + 0.5).astype("int64")
        readings = (per_family, *self.settings.family_readings)
        low = whole_range(families, drawn / max(readings), self.settings.interval)[0]
        high = whole_range(families, drawn / min(readings), self.settings.interval)[1]
        table = pd.DataFrame(
            {"area_name": self.place.names(level), "families": families, "low": low, "high": high}
        )
        return FAMILIES.checked(table)

    def level_draws(self, level: Level) -> dict[str, Floats]:
        """Simulated children in each tier by area of a level: arrays of shape (draws, areas)."""
        if level == "lsoa":
            return {key: np.asarray(drawn) for key, drawn in self.draws.counts.items()}
        if level not in self._level_draws:
            member = _membership(self.place.keys(level).reindex(self.counts.index))
            drawn = self.draws.counts
            self._level_draws[level] = {key: np.asarray((member @ each.T).T) for key, each in drawn.items()}
        return self._level_draws[level]

    def ranges(self, level: Level, tier: str, kind: RangeKind) -> pd.DataFrame:
        """Ends of one kind of range of a tier by area, whole children around `need`.

        Parameters
        ----------
        level : {"lsoa", "ward", "locality", "place"}
        tier : str
            Key.
        kind : {"rate", "count"}

        Returns
        -------
        DataFrame
            Index `area_code`; `low`, `high`.
        """
        need = sum_by(self.place, self.counts[[tier]], level)[tier]
        if kind == "rate":
            low, high = whole_range(need, self.level_draws(level)[tier], self.settings.interval)
        else:
            found = self.found[tier]
            if level != "lsoa":
                found = np.asarray(
                    (_membership(self.place.keys(level).reindex(self.counts.index)) @ found.T).T
                )
            low, high = counted_range(need, found, self.settings.interval)
        return pd.DataFrame({"low": low, "high": high})

    def top_count(self, level: Level) -> int:
        """The k of `p_top`: the setting, else a quarter of the areas, at least one."""
        areas = self.place.keys(level).nunique()
        return min(areas, self.settings.top or max(1, round(areas / 4)))


def estimate_need(place: Place, settings: NeedSettings | None = None) -> NeedEstimate:
    """How many children need each tier, by small area.

    Each tier's rate follows national deprivation on a logistic curve whose total over the place is the
    prevalence x children, exactly, and whose ratio between national positions 0.95 and 0.05 is the
    gradient.

    Parameters
    ----------
    place : Place
    settings : NeedSettings, optional
        By default the place's own tiers on its earliest edition and the IMD.

    Returns
    -------
    NeedEstimate

    Raises
    ------
    HubreachError
        If a prevalence and a gradient cannot hold together, or tiers exceed all children of an area.

    Examples
    --------
    >>> from analysis.places.read import read_place
    >>> estimate_need(read_place("thurrock")).counts.sum().tolist()
    [6941, 2314]
    """
    settings = settings or default_settings(place)
    check_settings(place, settings)
    place = with_children(place, settings.children)
    position = place.deprivation(settings.vintage)[f"{settings.basis}_position"]
    return estimate_on(place, settings, position)


def estimate_on(place: Place, settings: NeedSettings, position: pd.Series) -> NeedEstimate:
    """`estimate_need` on any position from 0 (least) to 1 (most deprived), index `area_code`."""
    place = with_children(place, settings.children)
    children = place.areas["children"]
    curves = _curves(place, settings, position)
    rates = pd.DataFrame(
        {key: curve.rate(position.to_numpy(dtype=float)) for key, curve in curves.items()},
        index=place.areas.index,
    )
    _report_over_full(place, settings, rates)
    totals = _totals(place, settings)
    counts = pd.DataFrame({key: _rounded(rates[key] * children, total) for key, total in totals.items()})
    return NeedEstimate(place, settings, position, curves, rates, _within_children(counts, children))


def _totals(place: Place, settings: NeedSettings) -> dict[str, int]:
    """Children of the place in each tier: prevalence x children, rounded half up, at most all of them."""
    totals: dict[str, int] = {}
    for tier in settings.tiers:
        rounded = int(np.floor(tier.prevalence * place.children + 0.5))
        totals[tier.key] = min(rounded, place.children - sum(totals.values()))
    return totals


def _rounded(expected: pd.Series, total: int) -> pd.Series:
    return whole_numbers(expected, total) if total else expected.mul(0).astype("int64")


def _curves(place: Place, settings: NeedSettings, position: pd.Series) -> dict[str, RateCurve]:
    faults = FaultList(place.stated_in if settings.tiers == place.tiers else "tiers")
    children = place.areas["children"].to_numpy(dtype=float)
    curves = {}
    for tier in settings.tiers:
        try:
            curves[tier.key] = fit_curve(
                children, position.to_numpy(dtype=float), tier.prevalence, tier.gradient
            )
        except NoRateCurveError as error:
            faults.add(str(error), "Lower the prevalence, or bring the gradient closer to 1", column=tier.key)
    faults.raise_if_any(f"Need in {place.name} cannot be estimated.", ImpossibleTiersError)
    return curves


def _report_over_full(place: Place, settings: NeedSettings, rates: pd.DataFrame) -> None:
    together = rates.sum(axis=1)
    if together.max() <= 1 + 1e-9:
        return
    worst = together.index[int(together.to_numpy().argmax())]
    faults = FaultList("tiers")
    faults.add(
        f"{tiers_together(settings.tiers)} cannot hold together: "
        f"in {place.areas.loc[worst, 'area_name']} ({worst}) the tiers' rates add up to {together.max():.0%}"
        f", and {int((together > 1 + 1e-9).sum()):,} areas are over 100%",
        "Lower a prevalence or a gradient",
    )
    faults.raise_if_any(f"Need in {place.name} cannot be estimated.", ImpossibleTiersError)


def _within_children(counts: pd.DataFrame, children: pd.Series) -> pd.DataFrame:
    """Move single children between areas where rounding put more into the tiers than live there."""
    spare = children - counts.sum(axis=1)
    if (spare >= 0).all():
        return counts
    whole, left = counts.to_numpy(copy=True), spare.to_numpy(copy=True)
    for area in np.flatnonzero(left < 0):
        while left[area] < 0:
            tier, room = int(whole[area].argmax()), int(left.argmax())
            whole[area, tier] -= 1
            whole[room, tier] += 1
            left[area] += 1
            left[room] -= 1
    return pd.DataFrame(whole, index=counts.index, columns=counts.columns)


def _membership(codes: pd.Series) -> sparse.csr_array:
    """Matrix (areas of the level, small areas) of ones, in order of code."""
    columns, unique = pd.factorize(codes, sort=True)
    ones = np.ones(len(codes))
    return sparse.csr_array((ones, (columns, np.arange(len(codes)))), shape=(len(unique), len(codes)))


def whole_range(value: pd.Series, drawn: Floats, interval: float) -> tuple[pd.Series, pd.Series]:
    """Ends of the interval that draws of shape (draws, areas) leave, as whole numbers around a value by area.

    Outward, and never so narrow that rounding puts the value outside.
    """
    tail = (1 - interval) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return (
        np.minimum(np.floor(low), value).astype("int64"),
        np.maximum(np.ceil(high), value).astype("int64"),
    )


def counted_range(value: pd.Series, found: NDArray[np.int64], interval: float) -> tuple[pd.Series, pd.Series]:
    """Ends of the interval that whole counts leave, with tails as near to what they should be as whole numbers can.

    Parameters
    ----------
    value : Series
        Estimate by area, which the ends stand around.
    found : ndarray of int, shape (draws, areas)
    interval : float

    Returns
    -------
    Series, Series
        Lower and upper ends, both inside the interval.
    """
    tail = (1 - interval) / 2
    low = pd.Series(_nearest_tail(found, tail), value.index)
    high = pd.Series(-_nearest_tail(-found, tail), value.index)
    return low.clip(upper=value).astype("int64"), high.clip(lower=value).astype("int64")


def _nearest_tail(found: NDArray[np.int64], tail: float) -> NDArray[np.int64]:
    """Whole numbers below which the share of draws is nearest to a tail, shape (areas,)."""
    start = np.quantile(found, tail, axis=0, method="inverted_cdf").astype(np.int64)
    below, up_to = (found < start).mean(axis=0), (found <= start).mean(axis=0)
    return np.where(np.abs(up_to - tail) < np.abs(below - tail), start + 1, start)


def _tier_table(estimate: NeedEstimate, level: Level, key: str) -> pd.DataFrame:
    place = estimate.place
    need = sum_by(place, estimate.counts[[key]], level)[key]
    expected = sum_by(place, estimate.expected[[key]], level)[key]
    children = sum_by(place, place.areas[["children"]], level)["children"]
    drawn = estimate.level_draws(level)[key]
    ends = estimate.ranges(level, key, estimate.settings.range_kind)
    return pd.DataFrame(
        {
            "area_name": place.names(level),
            "tier": key,
            "children": children,
            "need": need,
            "low": ends["low"],
            "high": ends["high"],
            "rate_per_1000": (1000 * need / children.where(children > 0)).round(1),
            "rank": expected.round(9).rank(ascending=False, method="first").astype("int64"),
            "p_top": _share_in_top(drawn, estimate.top_count(level)).round(3),
        }
    )


def _share_in_top(drawn: Floats, top: int) -> Floats:
    """Share of model runs in which each area is among the `top` largest, shape (areas,)."""
    draws, areas = drawn.shape
    if top >= areas:
        return np.ones(areas)
    leaders = np.argpartition(-drawn, top - 1, axis=1)[:, :top]
    share: Floats = np.bincount(leaders.ravel(), minlength=areas) / draws
    return share
