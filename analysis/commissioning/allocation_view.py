"""The numbers behind an allocation: workings, the map, what another floor would do, two allocations compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.commissioning.allocation_plans import AllocationPlan
from analysis.commissioning.allocations import allocate, blend_need, compare_allocations, floor_curve
from analysis.commissioning.feasibility import largest_floor
from analysis.commissioning.recipients import Recipients
from analysis.places.place import Level
from analysis.render.classes import ClassedScale, classed_scale
from analysis.render.layers import AreaPaint
from analysis.render.theme import percent, pounds, whole

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
        `analysis.commissioning.allocations.allocate`, `per_child_gbp`, `per_need_gbp` (per child in need).
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


def allocation_map(view: AllocationView, level: Level) -> tuple[ClassedScale, AreaPaint]:
    """Classes and colours of the amounts by area."""
    table = view.table
    scale = classed_scale(table["allocation_gbp"].astype(float), hue="blue")
    tooltip = pd.DataFrame(
        {
            "line1": [
                f"{pounds(amount)} of {pounds(view.envelope_gbp)}" for amount in table["allocation_gbp"]
            ],
            "line2": [f"{percent(share)} of the need" for share in table["share"]],
            "line3": [f"{whole(need)} children in need (est.)" for need in table["need"]],
            "line4": [HELD_WORDS[held].capitalize() for held in table["held_by"]],
        },
        index=table.index,
    )
    fill = scale.colours_of(table["allocation_gbp"].astype(float))
    return scale, AreaPaint(level, fill, tooltip, table["allocation_gbp"].astype(float))


def site_amounts(view: AllocationView, sites: pd.DataFrame) -> pd.DataFrame:
    """Sites with their amount in the tooltip, for a map."""
    table = view.table.reindex(sites.index)
    return sites.assign(
        line1=[f"{pounds(amount)} a year" for amount in table["allocation_gbp"]],
        line2=[f"{whole(need)} children in need (est.), nearest to here" for need in table["need"]],
    )


def workings(view: AllocationView) -> pd.DataFrame:
    """Every step of the allocation for people: shares as per cent, limits in pounds."""
    table = view.table.copy()
    table[list(PER_CENT)] *= 100
    table["held_by"] = table["held_by"].map(HELD_WORDS)
    return table
