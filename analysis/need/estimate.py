"""Children and families in each tier of need, by area, with ranges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.base.faults import FaultList
from analysis.need.rates import Floats, NoRateCurveError, RateCurve, fit_curve
from analysis.need.rounding import whole_numbers
from analysis.need.simulation import Draws, simulate
from analysis.places.place import LEVELS, Level, Place, sum_by
from analysis.scenario.need_settings import NeedSettings, check_settings, default_settings, unknown_level


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
        return simulate(children, self.position.to_numpy(dtype=float), self.settings)

    @cached_property
    def _tables(self) -> dict[Level, pd.DataFrame]:
        return {}

    def table(self, level: Level) -> pd.DataFrame:
        """Need by area of a level, in order of area code.

        Returns
        -------
        DataFrame
            Index `area_code`; `area_name`, `children`; for each tier `<tier>_children`, `<tier>_low`,
            `<tier>_high` (the interval, whole children, always around the estimate),
            `<tier>_rate_per_1000`, `<tier>_rank` (1 has most children in the tier), `<tier>_p_top`
            (share of draws among the k with most); `families`, `families_low`, `families_high` (all
            tiers together, divided by children per family).

        Raises
        ------
        HubreachError
            For an unknown level.
        """
        if level not in LEVELS:
            raise unknown_level(level)
        if level not in self._tables:
            self._tables[level] = _table(self, level)
        return self._tables[level]

    def level_draws(self, level: Level) -> dict[str, Floats]:
        """Simulated children in each tier by area of a level: arrays of shape (draws, areas)."""
        if level == "lsoa":
            return {key: np.asarray(drawn) for key, drawn in self.draws.counts.items()}
        codes = self.place.keys(level).reindex(self.counts.index)
        member = _membership(codes)
        return {key: np.asarray((member @ drawn.T).T) for key, drawn in self.draws.counts.items()}

    def top_count(self, level: Level) -> int:
        """The k of `<tier>_p_top`: the setting, else a quarter of the areas, at least one."""
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
    >>> from analysis.places import read_place
    >>> estimate_need(read_place("thurrock")).counts.sum().tolist()
    [6807, 2269]
    """
    settings = settings or default_settings(place)
    check_settings(place, settings)
    position = place.deprivation(settings.vintage)[f"{settings.basis}_position"]
    return estimate_on(place, settings, position)


def estimate_on(place: Place, settings: NeedSettings, position: pd.Series) -> NeedEstimate:
    """`estimate_need` on any position from 0 (least) to 1 (most deprived), index `area_code`."""
    children = place.areas["children"]
    curves = _curves(place, settings, position)
    rates = pd.DataFrame(
        {key: curve.rate(position.to_numpy(dtype=float)) for key, curve in curves.items()},
        index=place.areas.index,
    )
    _report_over_full(place, rates)
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
    faults = FaultList("place.toml" if settings.tiers == place.tiers else "tiers")
    children = place.areas["children"].to_numpy(dtype=float)
    curves = {}
    for tier in settings.tiers:
        try:
            curves[tier.key] = fit_curve(
                children, position.to_numpy(dtype=float), tier.prevalence, tier.gradient
            )
        except NoRateCurveError as error:
            faults.add(str(error), "Lower the prevalence, or bring the gradient closer to 1", column=tier.key)
    faults.raise_if_any(f"Need in {place.name} cannot be estimated.")
    return curves


def _report_over_full(place: Place, rates: pd.DataFrame) -> None:
    together = rates.sum(axis=1)
    if together.max() <= 1 + 1e-9:
        return
    worst = together.index[int(together.to_numpy().argmax())]
    faults = FaultList("tiers")
    faults.add(
        f"in {place.areas.loc[worst, 'area_name']} ({worst}) the tiers' rates add up to {together.max():.0%}"
        f", and {int((together > 1 + 1e-9).sum()):,} areas are over 100%",
        "Lower a prevalence or a gradient",
    )
    faults.raise_if_any(f"Need in {place.name} cannot be estimated.")


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


def _table(estimate: NeedEstimate, level: Level) -> pd.DataFrame:
    place, keys = estimate.place, list(estimate.tier_keys)
    counts = sum_by(place, estimate.counts, level)
    expected = sum_by(place, estimate.expected, level)
    children = sum_by(place, place.areas[["children"]], level)["children"]
    drawn = estimate.level_draws(level)
    table = pd.DataFrame({"area_name": place.names(level), "children": children}, index=counts.index)
    tail = (1 - estimate.settings.interval) / 2
    top = estimate.top_count(level)
    for key in keys:
        low, high = np.quantile(drawn[key], [tail, 1 - tail], axis=0)
        table[f"{key}_children"] = counts[key]
        # Outward to whole children, and never so narrow that rounding puts the estimate outside.
        table[f"{key}_low"] = np.minimum(np.floor(low), counts[key]).astype("int64")
        table[f"{key}_high"] = np.maximum(np.ceil(high), counts[key]).astype("int64")
        table[f"{key}_rate_per_1000"] = (1000 * counts[key] / children.where(children > 0)).round(1)
        table[f"{key}_rank"] = expected[key].round(9).rank(ascending=False, method="first").astype("int64")
        table[f"{key}_p_top"] = _share_in_top(drawn[key], top).round(3)
    families = counts.sum(axis=1) / estimate.settings.children_per_family
    together = np.asarray(sum(drawn[key] for key in keys)) / estimate.settings.children_per_family
    low, high = np.quantile(together, [tail, 1 - tail], axis=0)
    table["families"] = np.floor(families + 0.5).astype("int64")
    table["families_low"] = np.minimum(np.floor(low), table["families"]).astype("int64")
    table["families_high"] = np.maximum(np.ceil(high), table["families"]).astype("int64")
    return table


def _share_in_top(drawn: Floats, top: int) -> Floats:
    """Share of draws in which each area is among the `top` largest, shape (areas,)."""
    draws, areas = drawn.shape
    if top >= areas:
        return np.ones(areas)
    leaders = np.argpartition(-drawn, top - 1, axis=1)[:, :top]
    share: Floats = np.bincount(leaders.ravel(), minlength=areas) / draws
    return share
