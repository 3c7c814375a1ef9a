"""Why a question has no answer, and the least change that would give it one."""

from __future__ import annotations

import numpy as np

from analysis.siting.models.covering import most_covered
from analysis.siting.models.instance import Instance
from analysis.siting.models.model import Question
from analysis.siting.models.set_cover import fewest_cover

Explanation = tuple[tuple[str, ...], tuple[str, ...]]


def explain(question: Question, instance: Instance) -> Explanation:
    """Areas in the way of a question that has no answer, and what would make it possible.

    Parameters
    ----------
    question : Question
        Found infeasible.
    instance : Instance

    Returns
    -------
    (unmet, remedies)
        Area ids; sentences, the first saying what is wrong.
    """
    if not len(instance.weights):
        return (), ("No area has any need: give at least one area a weight above zero",)
    if not instance.sites:
        return instance.areas, ("Every site is ruled out: allow at least one",)
    if question.model in {"mclp", "pmedian", "pcenter"}:
        counted = _count_faults(question, instance)
        if counted:
            return (), counted
        return _unreachable(question, instance)
    return _too_far(question, instance)


def _count_faults(question: Question, instance: Instance) -> tuple[str, ...]:
    kept, candidates = int(instance.kept.sum()), len(instance.sites)
    if kept > question.choose:
        return (
            f"{kept} sites are kept but only {question.choose} may be chosen: choose {kept} or more, or keep fewer",
        )
    if question.choose > candidates:
        return (f"{question.choose} sites are to be chosen from {candidates}: choose {candidates} or fewer",)
    return ()


def _unreachable(question: Question, instance: Instance) -> Explanation:
    """The p-median and p-center need a finite journey for every area with need."""
    reached = instance.covers(np.inf)
    lost = tuple(instance.areas[i] for i in np.flatnonzero(~reached.any(axis=1)))
    if lost:
        return lost, (
            f"No site can be reached from {len(lost)} of {len(instance.areas)} areas with need",
            "Add a site that they can reach, or leave them out of the weights",
        )
    columns, _, _ = fewest_cover(reached, instance.kept)
    fewest = len(columns or ())
    best = most_reached(instance, question.choose)
    return best, (
        f"No {question.choose} sites can be reached from every area with need",
        f"Choose {fewest} sites: that is the fewest that all can reach",
    )


def most_reached(instance: Instance, choose: int) -> tuple[str, ...]:
    """Areas that the best `choose` sites still leave without any site they can reach."""
    found = most_covered(instance, choose, float("inf"))
    return instance.beyond(instance.names(found.sets[0]), np.inf) if found.sets else instance.areas


def _too_far(question: Question, instance: Instance) -> Explanation:
    """Fewest sites for everyone, or a share: some need is beyond every site."""
    nearest = instance.minutes.min(axis=1)
    far = ~(nearest <= question.minutes)
    unmet = tuple(instance.areas[i] for i in np.flatnonzero(far))
    share = 1.0 if question.model == "lscp" else question.share
    reachable = float(instance.weights[~far].sum() / instance.total)
    remedies = [
        f"{len(unmet)} areas with {1 - reachable:.1%} of need are more than {question.minutes:g} minutes from every site"
    ]
    order = np.argsort(nearest, kind="stable")
    enough = int(np.searchsorted(np.cumsum(instance.weights[order]), share * instance.total * (1 - 1e-9)))
    least = float(nearest[order[min(enough, len(order) - 1)]])
    if np.isfinite(least):
        remedies.append(
            f"Allow {np.ceil(least * 10 - 1e-9) / 10:g} minutes: that is the least with which {share:.0%} of need can be covered"
        )
    remedies.append(
        f"Or ask for {np.floor(reachable * 1000) / 1000:.1%} of need, the most within {question.minutes:g} minutes"
    )
    return unmet, tuple(remedies)
