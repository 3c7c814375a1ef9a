"""Why a floor, a damping or a cap cannot be kept, and which one could."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from analysis.base.faults import FaultList

if TYPE_CHECKING:
    import pandas as pd

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
