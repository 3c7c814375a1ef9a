"""Avoided cost with its range, the year it breaks even and how likely, and what drives it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.commissioning.cohort_plans import EFFECT_FIELDS, CohortPlan, Effect, yearly_cost
from analysis.commissioning.schedules import GREEN_BOOK, Discounting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

INTERVAL = (0.05, 0.5, 0.95)
DRAWS = 10_000


@dataclass(frozen=True, eq=False)
class Payback:
    """A simulated balance of what a plan costs and what it avoids.

    Parameters
    ----------
    cost_gbp : ndarray, shape (years,)
        Cash cost in each year of the horizon.
    avoided_gbp : ndarray, shape (draws, years)
        Cash avoided in each year, in each draw.
    central_gbp : ndarray, shape (years,)
        The same with every figure at its central value.
    factors : ndarray, shape (years,)
        Present value of one pound in each year.
    """

    cost_gbp: NDArray[np.float64]
    avoided_gbp: NDArray[np.float64]
    central_gbp: NDArray[np.float64]
    factors: NDArray[np.float64]

    @cached_property
    def balance_gbp(self) -> NDArray[np.float64]:
        """Cumulative present value of avoided cost less cost, shape (draws, years)."""
        return np.asarray(((self.avoided_gbp - self.cost_gbp) * self.factors).cumsum(axis=1))

    def table(self) -> pd.DataFrame:
        """The balance year by year.

        Returns
        -------
        DataFrame
            Index `year`; `cost_gbp`, `avoided_gbp` (central), `avoided_low_gbp`, `avoided_high_gbp`,
            `balance_gbp` (cumulative, present value, central), `balance_low_gbp`, `balance_high_gbp`
            (90% intervals) and `p_broken_even`: share of draws that have broken even for good by then.
        """
        low, _, high = np.quantile(self.avoided_gbp, INTERVAL, axis=0)
        balance_low, _, balance_high = np.quantile(self.balance_gbp, INTERVAL, axis=0)
        central = ((self.central_gbp - self.cost_gbp) * self.factors).cumsum()
        columns = {
            "cost_gbp": self.cost_gbp,
            "avoided_gbp": self.central_gbp,
            "avoided_low_gbp": low,
            "avoided_high_gbp": high,
            "balance_gbp": central,
            "balance_low_gbp": balance_low,
            "balance_high_gbp": balance_high,
            "p_broken_even": _even_for_good(self.balance_gbp).mean(axis=0),
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(1, len(self.cost_gbp) + 1, name="year"))

    def break_even(self) -> BreakEven:
        """When the balance turns for good, with its range and probability within the horizon."""
        central = ((self.central_gbp - self.cost_gbp) * self.factors).cumsum()[None, :]
        years = _first_year(_even_for_good(self.balance_gbp))
        low, high = (_order_statistic(years, q) for q in (INTERVAL[0], INTERVAL[-1]))
        return BreakEven(
            _finite(_first_year(_even_for_good(central))[0]),
            _finite(low),
            _finite(high),
            float(np.isfinite(years).mean()),
            len(self.cost_gbp),
        )


@dataclass(frozen=True)
class BreakEven:
    """Year in which a plan has paid for itself for good; None: not within the horizon.

    `low` and `high` hold 90% of the draws; `probability` is the share that breaks even within
    `horizon_years`.
    """

    year: int | None
    low: int | None
    high: int | None
    probability: float
    horizon_years: int


def payback(
    plan: CohortPlan,
    *,
    horizon_years: int = 10,
    discounting: Discounting = GREEN_BOOK,
    draws: int = DRAWS,
    seed: int = 1,
) -> Payback:
    """Simulate what a cohort plan avoids, each figure triangular between its low, central and high.

    In year t the service newly supports n_t children. Of these n_t x entry risk x reduction do not come
    into care; each avoids the yearly cost of care for the given number of years, from year t plus the
    delay; the cashable share of that counts. The figures are drawn independently of each other.

    Parameters
    ----------
    plan : CohortPlan
        Without blanks.
    horizon_years : int
        Years that are looked at; the plan's own at least.
    discounting : Discounting
        As for contracts, so that the two can be compared.
    draws, seed : int
        Of the simulation.

    Raises
    ------
    HubreachError
        If a figure is blank.
    """
    plan.refuse_blanks()
    years = max(horizon_years, plan.years)
    cost = np.zeros(years)
    cost[: plan.years] = [float(amount or 0) for amount in yearly_cost(plan)]
    random = np.random.default_rng(seed)
    drawn = {name: _triangular(random, getattr(plan.effect, name).values, draws) for name in EFFECT_FIELDS}
    central = {name: np.array([getattr(plan.effect, name).values[1]]) for name in EFFECT_FIELDS}
    factors = np.array([float(discounting.factor(year)) for year in range(1, years + 1)])
    return Payback(cost, _avoided(plan, drawn, years), _avoided(plan, central, years)[0], factors)


def tornado(
    plan: CohortPlan, *, horizon_years: int = 10, discounting: Discounting = GREEN_BOOK
) -> pd.DataFrame:
    """What drives the balance: each figure at its low and its high, the others at their central value.

    Returns
    -------
    DataFrame
        Index `figure`, the widest first; `meaning`, `low`, `high` (the figure), `balance_at_low_gbp`,
        `balance_at_high_gbp` (present value at the horizon), `swing_gbp`.
    """
    plan.refuse_blanks()

    def balance(effect: Effect) -> float:
        changed = plan.model_copy(update={"effect": effect})
        result = payback(changed, horizon_years=horizon_years, discounting=discounting, draws=1)
        return float(((result.central_gbp - result.cost_gbp) * result.factors).sum())

    rows = {}
    for name, (words, _) in EFFECT_FIELDS.items():
        span = getattr(plan.effect, name)
        ends = [
            balance(plan.effect.model_copy(update={name: span.model_copy(update={"central": end})}))
            for end in (span.low, span.high)
        ]
        rows[name] = [words, float(span.low), float(span.high), *ends, abs(ends[1] - ends[0])]
    columns = ["meaning", "low", "high", "balance_at_low_gbp", "balance_at_high_gbp", "swing_gbp"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("figure")
    return table.sort_values("swing_gbp", ascending=False, kind="stable")


def _avoided(plan: CohortPlan, figures: Mapping[str, NDArray[np.float64]], years: int) -> NDArray[np.float64]:
    """Cash avoided, shape (draws, years)."""
    prevented = figures["entry_risk_percent"] / 100 * figures["reduction_percent"] / 100
    each_year = prevented * figures["annual_care_cost_gbp"] * figures["cashable_percent"] / 100
    avoided = np.zeros((len(each_year), years))
    for start, children in enumerate(plan.children_supported):
        first = start + plan.effect.delay_years
        for year in range(first, years):
            in_care = np.clip(figures["years_in_care"] - (year - first), 0.0, 1.0)
            avoided[:, year] += float(children or 0) * each_year * in_care
    return avoided


def _triangular(
    random: np.random.Generator, span: tuple[float, float, float], draws: int
) -> NDArray[np.float64]:
    low, central, high = span
    return random.triangular(low, central, high, draws) if high > low else np.full(draws, central)


def _even_for_good(balance: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the balance is at or above zero in a year and every later one."""
    return np.asarray(np.logical_and.accumulate((balance >= 0)[:, ::-1], axis=1)[:, ::-1])


def _first_year(even: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(even.any(axis=1), even.argmax(axis=1) + 1.0, np.inf)


def _order_statistic(years: NDArray[np.float64], share: float) -> float:
    """A year that was drawn, not one between two: interpolating with infinity has no meaning."""
    return float(np.quantile(years, share, method="inverted_cdf"))


def _finite(year: float) -> int | None:
    return int(year) if np.isfinite(year) else None
