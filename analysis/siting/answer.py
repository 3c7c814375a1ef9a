"""Answers to siting questions: one solve, its next-best sets, or what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.siting.explanation import explain
from analysis.siting.models.center import least_longest
from analysis.siting.models.covering import fewest_for_share, most_covered, nearer_cover
from analysis.siting.models.instance import Instance, nearest_minutes, prepare_question
from analysis.siting.models.median import least_travel
from analysis.siting.models.model import Columns, Question, SitingResult, Tell, Watch, relative_gap
from analysis.siting.models.set_cover import fewest_cover
from analysis.siting.search.selection import Selection


def answer(
    question: Question, costs: pd.DataFrame, weights: pd.Series[float], watch: Watch | None = None
) -> SitingResult:
    """Answer a siting question, with its proof.

    Equal sets are told apart by need-weighted travel (lscp, pcenter, and mclp where everything within
    reach is covered) and then by site id: the set that holds the earliest id comes first. In a matrix of
    more than 20,000 pairs within the limit, exchanges lead to the set with less travel, and equal
    sets are not searched for the first; nor are they anywhere beyond a counted amount of work. The answer does
    not depend on the order of rows or columns.

    Parameters
    ----------
    question : Question
    costs : DataFrame of shape (areas, sites)
        Minutes; infinite where a site cannot be reached.
    weights : Series of shape (areas,)
        Need by area. Areas without need take no part, but are assigned.
    watch : Watch, optional
        Reports progress, and can stop the solve, which keeps the best so far.

    Returns
    -------
    SitingResult
        With status "infeasible", the areas in the way and remedies if no set of sites can do it.

    Examples
    --------
    >>> costs = pd.DataFrame({"north": [5.0, 25.0], "south": [30.0, 6.0]}, index=["a", "b"])
    >>> answer(Question("mclp", choose=1, minutes=20), costs, pd.Series({"a": 10.0, "b": 40.0})).sites
    ('south',)
    """
    return ranked_answers(question, costs, weights, 1, watch)[0]


def ranked_answers(
    question: Question,
    costs: pd.DataFrame,
    weights: pd.Series[float],
    count: int,
    watch: Watch | None = None,
) -> list[SitingResult]:
    """Find the best `count` distinct sets, best first.

    Returns
    -------
    list of SitingResult
        At least one; a single infeasible one if nothing can be done. Fewer than `count` if there
        are no more sets.
    """
    watch = watch or Watch()
    instance = prepare_question(question, costs, weights)
    selection = solve_question(question, instance, count, watch)
    if not selection.sets:
        return [_unanswered(question, instance, selection, watch)]
    return [
        _result(question, instance, selection, rank, watch.seconds) for rank in range(len(selection.sets))
    ]


def solve_question(
    question: Question,
    instance: Instance,
    count: int = 1,
    watch: Watch | None = None,
    starts: Iterable[Columns] = (),
) -> Selection:
    """Best sets of a prepared question, as column numbers, with their loss (see `objective_of`)."""
    tell = _teller(question, instance, watch) if watch is not None and watch.watching else None
    if not len(instance.weights) or not len(instance.sites):
        return Selection((), (), np.inf, complete=True)
    if question.model == "pmedian":
        return least_travel(instance, question.choose, count=count, starts=starts, tell=tell)
    if question.model == "pcenter":
        if question.choose > len(instance.sites) or instance.kept.sum() > question.choose:
            return Selection((), (), np.inf, complete=True)
        return least_longest(instance, question.choose, count, tell)
    if question.model == "mclp":
        return most_covered(instance, question.choose, question.minutes, count, tell)
    return _fewest(question, instance, count, tell)


def objective_of(question: Question, instance: Instance, loss: float) -> float:
    """Objective that a loss stands for: need covered where more is better."""
    return instance.total - loss if question.higher_is_better else loss


def _fewest(question: Question, instance: Instance, count: int, tell: Tell | None) -> Selection:
    """Sets with the fewest sites; next-best ones have as many, then one more, and so on."""
    if question.model == "lscp":
        columns, bound, complete = fewest_cover(instance.covers(question.minutes), instance.kept, tell)
    else:
        columns, bound, complete = fewest_for_share(instance, question.minutes, question.share, tell)
    if columns is None:
        return Selection((), (), np.inf, complete=True)
    if not complete:
        return Selection((float(len(columns)),), (columns,), bound, complete=False)
    if question.model == "lscp" and count == 1 and columns:
        nearer = nearer_cover(instance, question.minutes, columns)
        if nearer is not None:
            return Selection((float(len(columns)),), (nearer,), bound, complete=True)
    sets: list[Columns] = []
    size = len(columns)
    while len(sets) < count and size <= len(instance.sites):
        sets += _sets_of_size(question, instance, size, count - len(sets), tell)
        size += 1
    sets = sets or [columns]
    return Selection(tuple(float(len(chosen)) for chosen in sets), tuple(sets), bound, complete=True)


def _sets_of_size(
    question: Question, instance: Instance, size: int, count: int, tell: Tell | None
) -> tuple[Columns, ...]:
    if size == 0:
        return ()
    if question.model == "lscp":
        return least_travel(instance, size, count=count, minutes=question.minutes, tell=tell).sets
    found = most_covered(instance, size, question.minutes, count, tell)
    allowed = (1.0 - question.share) * instance.total * (1 + 1e-9) + 1e-9
    return tuple(chosen for loss, chosen in zip(found.values, found.sets, strict=True) if loss <= allowed)


def _teller(question: Question, instance: Instance, watch: Watch) -> Tell:
    def tell(loss: float, bound: float, columns: Columns) -> bool:
        watch.tell(
            objective_of(question, instance, loss),
            objective_of(question, instance, bound),
            instance.names(columns),
        )
        return watch.must_stop()

    return tell


def _result(
    question: Question, instance: Instance, selection: Selection, rank: int, seconds: float
) -> SitingResult:
    sites = instance.names(selection.sets[rank])
    objective = objective_of(question, instance, selection.values[rank])
    bound = objective_of(question, instance, min(selection.bound, selection.values[0]))
    # A later rank is proven against what the earlier ones leave; its own value is its bound.
    bound = objective if rank and selection.complete else bound
    return SitingResult(
        model=question.model,
        status="optimal" if selection.complete else "stopped",
        objective=objective,
        bound=bound,
        gap=relative_gap(objective, bound),
        seconds=seconds,
        sites=sites,
        assignment=instance.assignment(sites),
        unmet=instance.beyond(
            sites, question.minutes if question.model in {"mclp", "lscp", "partial"} else np.inf
        ),
    )


def _unanswered(question: Question, instance: Instance, selection: Selection, watch: Watch) -> SitingResult:
    unmet, remedies = (
        explain(question, instance) if selection.complete else ((), ("Stopped before any set was found",))
    )
    return SitingResult(
        model=question.model,
        status="infeasible" if selection.complete else "stopped",
        objective=np.nan,
        bound=np.nan,
        gap=np.nan,
        seconds=watch.seconds,
        sites=(),
        assignment=instance.assignment(()),
        unmet=unmet,
        remedies=remedies,
    )


def score(
    question: Question, costs: pd.DataFrame, weights: pd.Series[float], sites: Iterable[str]
) -> SitingResult:
    """Objective of a set of the user's own, against the proven optimum.

    Returns
    -------
    SitingResult
        Of the user's set, with the optimum of a set of that size as its bound: the gap is what the
        set gives up.
    """
    watch = Watch()
    chosen = tuple(sorted(sites))
    best = answer(question, costs, weights, watch)
    instance = prepare_question(question, costs, weights)
    columns = [instance.sites.index(site) for site in chosen]
    objective = value_of(question, instance, columns)
    limited = question.model in {"mclp", "lscp", "partial"}
    return SitingResult(
        model=question.model,
        status=best.status,
        objective=objective,
        bound=best.objective,
        gap=relative_gap(best.objective, objective),
        seconds=watch.seconds,
        sites=chosen,
        assignment=instance.assignment(chosen),
        unmet=instance.beyond(chosen, question.minutes if limited else np.inf),
    )


def value_of(question: Question, instance: Instance, columns: list[int]) -> float:
    """Objective of a set, straight from the matrix."""
    nearest = nearest_minutes(instance.minutes, columns)
    if question.model == "mclp":
        covered = instance.covers(question.minutes)[:, columns].any(axis=1)
        return float(instance.weights[covered].sum())
    if question.model == "pmedian":
        return float((nearest * instance.weights).sum())
    if question.model == "pcenter":
        return float(nearest.max())
    return float(len(columns))
