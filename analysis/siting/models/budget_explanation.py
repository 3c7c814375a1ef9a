"""Why a budget question has no answer, and the least change that would give it one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.siting.models.budget_model import BudgetInstance, build
from analysis.siting.models.model import Tell
from analysis.siting.search.solver import solve

Explanation = tuple[tuple[str, ...], tuple[str, ...]]
LEAST_FACTOR = 0.001
NOT_WORKED_OUT = "Stopped before the least change was worked out"


def explain_budget(prepared: BudgetInstance, tell: Tell | None = None) -> Explanation:
    """Areas in the way of a budget question that has no answer, and what would make it possible.

    Parameters
    ----------
    prepared : BudgetInstance
        Found infeasible.
    tell : callable, optional
        True stops the explanation, which then says as much as is known.

    Returns
    -------
    (unmet, remedies)
        Area ids; sentences, what cannot be met first.
    """
    if not len(prepared.instance.weights):
        return (), ("No area has any need: give at least one area a weight above zero",)
    loose = build(prepared, floor_slack=True)
    missed = np.zeros(len(loose.program.cost))
    missed[len(missed) - len(prepared.floors) :] = 1.0
    outcome = solve(loose.program.with_cost(missed), tell=tell)
    if not outcome.complete:
        return (), ("Nothing meets every floor, every kept site and the budget at once", NOT_WORKED_OUT)
    if outcome.values is None:
        return (), _choices_clash(prepared, tell)
    short = outcome.values[len(missed) - len(prepared.floors) :]
    outside = outcome.values[prepared.n_decisions : prepared.n_decisions + len(prepared.instance.weights)]
    unmet: set[str] = set()
    remedies: list[str] = []
    for (name, (members, share)), lacking in zip(prepared.floors.items(), short, strict=True):
        if lacking > 1e-6:
            unmet |= {prepared.instance.areas[i] for i in np.flatnonzero(members & (outside > 1e-6))}
            need = float(prepared.instance.weights[members].sum())
            remedies.append(f"{name}: {share - lacking / need:.1%} of need can be covered, not {share:.0%}")
    return tuple(sorted(unmet)), (*remedies, *_least_changes(prepared, tell))


def _least_changes(prepared: BudgetInstance, tell: Tell | None) -> tuple[str, ...]:
    """The least budget, or number of sites, that meets every floor, and the highest floors as things are."""
    by_money = np.isfinite(prepared.annual_budget_gbp)
    unlimited = tuple(replace(kind, most=kind.most if by_money else None) for kind in prepared.kinds)
    richer = build(replace(prepared, kinds=unlimited), with_budget=False)
    counting = (np.arange(len(richer.program.cost)) < prepared.n_decisions).astype(float)
    least = solve(richer.program.with_cost(richer.objectives[1] if by_money else counting), tell=tell)
    if not least.complete:
        return (NOT_WORKED_OUT,)
    if least.values is None:
        first = _least_minutes(prepared)
    elif by_money:
        amount = np.ceil(least.objective - 1e-6)
        first = f"Raise the budget to £{amount:,.0f} a year: the least that meets every floor"
    else:
        first = f"Choose {least.objective:.0f} sites: the fewest that meet every floor"
    factor = _common_factor(prepared, tell)
    if factor is None or factor < LEAST_FACTOR:
        return (first,)
    return (
        first,
        f"Or lower every floor to {np.floor(factor * 1000) / 1000:.1%} of what it is: the most that can be met as things are",
    )


def _least_minutes(prepared: BudgetInstance) -> str:
    """What to do when no sites at all meet every floor: the catchment with which some do."""
    general = "Nothing meets every floor: lower the floors, widen the catchments or allow more sites"
    if not prepared.n_sites or np.isfinite(prepared.capacities).any():
        return general
    instance = prepared.instance
    nearest = instance.minutes.min(axis=1)
    needed = 0.0
    for members, share in prepared.floors.values():
        order = np.flatnonzero(members)[np.argsort(nearest[members], kind="stable")]
        covered = np.cumsum(instance.weights[order])
        if len(order) and share > 0:
            enough = int(np.searchsorted(covered, share * covered[-1] * (1 - 1e-9)))
            needed = max(needed, float(nearest[order[min(enough, len(order) - 1)]]))
    widest = max(prepared.kinds, key=lambda kind: kind.minutes)
    if not np.isfinite(needed) or needed <= widest.minutes:
        return general
    least = np.ceil(needed * 10 - 1e-9) / 10
    return f"Allow {least:g} minutes for a {widest.name}: with fewer, no number of sites meets every floor"


def _common_factor(prepared: BudgetInstance, tell: Tell | None) -> float | None:
    """Largest part of every floor that can be met at once; None when stopped before it was found."""
    model = build(prepared, floor_slack=True)
    n_floors = len(prepared.floors)
    program = model.program
    first = len(program.cost) - n_floors
    lacking = np.array(
        [share * prepared.instance.weights[members].sum() for members, share in prepared.floors.values()]
    )
    # All floors are missed by one part of themselves: each slack is that part of its floor.
    for k in range(1, n_floors):
        row = np.zeros(len(program.cost))
        row[first], row[first + k] = lacking[k], -lacking[0]
        program = program.with_row(row, 0.0, 0.0)
    cost = np.zeros(len(program.cost))
    cost[first] = 1.0
    outcome = solve(program.with_cost(cost), tell=tell)
    if not outcome.complete:
        return None
    return 0.0 if outcome.values is None else float(1.0 - outcome.values[first] / lacking[0])


def _choices_clash(prepared: BudgetInstance, tell: Tell | None) -> tuple[str, ...]:
    """Kept sites and numbers of sites that the money or the candidates do not allow."""
    model = build(prepared, with_budget=False, floor_slack=True)
    cheapest = solve(model.program.with_cost(model.objectives[1]), tell=tell)
    if not cheapest.complete:
        return (NOT_WORKED_OUT,)
    if cheapest.values is None:
        return (
            "The kept sites, the candidates and the numbers of each kind contradict each other: loosen one of them",
        )
    least, allowed = f"£{cheapest.objective:,.0f}", f"£{prepared.annual_budget_gbp:,.0f}"
    return (
        f"The kept sites and numbers of each kind cost {least} a year at least, more than {allowed}",
        f"Raise the budget to £{np.ceil(cheapest.objective - 1e-6):,.0f} a year, or keep fewer",
    )
