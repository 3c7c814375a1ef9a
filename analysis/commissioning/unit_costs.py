"""What a service costs for each child, family and family within reach, with the range of the estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from numpy.typing import NDArray

    from analysis.need.estimate import NeedEstimate

INTERVAL = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class Denominator:
    """How many there are of something, and how sure that is.

    Parameters
    ----------
    count : float
        The estimate (or the count).
    draws : ndarray, shape (draws,), or None
        Simulated counts of the same thing; None for a count that is not an estimate.
    """

    count: float
    draws: NDArray[np.float64] | None = None

    def divided(self, by: float) -> Denominator:
        """The same in other units: children into families by children a family."""
        if not by > 0:
            fault = Fault("children per family", None, None, f"{by} was given", "Give a number above 0")
            raise HubreachError("Children cannot be turned into families.", [fault])
        return Denominator(self.count / by, None if self.draws is None else self.draws / by)


def service_denominators(
    estimate: NeedEstimate, within_reach: pd.Series | None = None
) -> dict[str, Denominator]:
    """What the cost of a service is divided by: children and families, in all, by tier and within reach.

    Parameters
    ----------
    estimate : NeedEstimate
        Need of the place, with its draws and its children per family.
    within_reach : Series of bool, optional
        Index `area_code`: small areas from which a site is in reach.

    Returns
    -------
    dict of str to Denominator
        "child", then for each tier "child in <tier>" and "family in <tier>" and, with `within_reach`,
        "family in <tier> within reach".
    """
    units = {"child": Denominator(float(estimate.place.children))}
    a_family = estimate.settings.children_per_family
    for tier in estimate.settings.tiers:
        name, drawn = tier.name.lower(), np.asarray(estimate.draws.counts[tier.key], dtype=float)
        children = Denominator(float(estimate.counts[tier.key].sum()), drawn.sum(axis=1))
        units[f"child in {name}"] = children
        units[f"family in {name}"] = children.divided(a_family)
        if within_reach is not None:
            reached = within_reach.reindex(estimate.counts.index, fill_value=False).to_numpy(dtype=bool)
            count = float(estimate.counts.loc[reached, tier.key].sum())
            units[f"family in {name} within reach"] = Denominator(
                count, drawn[:, reached].sum(axis=1)
            ).divided(a_family)
    return units


def unit_costs(annual_cost_gbp: Decimal, denominators: Mapping[str, Denominator]) -> pd.DataFrame:
    """Yearly cost for each of several things, as an estimate with its 90% interval.

    The cost is known and the count is not, so the interval of the cost is that of cost / draw: many
    families make each one cheap. A count of zero has no cost for each: NaN.

    Parameters
    ----------
    annual_cost_gbp : Decimal
        Cost of one year.
    denominators : mapping of str to Denominator
        For example "child", "child in early help", "family in early help within reach".

    Returns
    -------
    DataFrame
        Index `unit`, columns `count`, `count_low`, `count_high`, `cost_gbp`, `cost_low_gbp`,
        `cost_high_gbp` (float64).
    """
    cost = float(annual_cost_gbp)
    rows = []
    for denominator in denominators.values():
        draws = np.array([denominator.count]) if denominator.draws is None else denominator.draws
        low, high = np.quantile(draws, INTERVAL)
        each = [cost / n if n > 0 else np.nan for n in (denominator.count, high, low)]
        rows.append([denominator.count, low, high, *each])
    columns = ["count", "count_low", "count_high", "cost_gbp", "cost_low_gbp", "cost_high_gbp"]
    return pd.DataFrame(rows, index=pd.Index(list(denominators), name="unit"), columns=columns, dtype=float)
