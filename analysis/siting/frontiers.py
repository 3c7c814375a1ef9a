"""Frontiers of a siting question: what a further site or pound buys, what fairness costs, and each point as an answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.siting.candidates import most_deprived_fifth
from analysis.siting.frontier import frontier_by_budget, frontier_by_sites, knee
from analysis.siting.models.budget import BudgetQuestion
from analysis.siting.models.model import BoolArray, FloatArray, SitingResult, Watch
from analysis.siting.pareto import coverage_or_group, coverage_or_longest
from analysis.siting.view import WITH_NUMBER, SitingSetting, plain_question, siting_question

AGAINST = {"longest": "the longest journey", "fifth": "the most deprived fifth"}


@dataclass(frozen=True, eq=False)
class Frontier:
    """A frontier, point by point.

    Parameters
    ----------
    points : DataFrame
        Index the name of a point in an address ("6", "400000"); `x` (sites, pounds a year, minutes or share),
        `value`, `share` (of all that counts), `is_knee`, `site_names`.
    results : tuple of SitingResult
        One a point: what is opened as an option.
    otherwise : int
        Position of the point that is looked at first where there is no knee.
    impossible : int
        Most sites of which no set keeps the floor; 0 where every number has an answer.
    """

    points: pd.DataFrame
    results: tuple[SitingResult, ...]
    otherwise: int = -1
    impossible: int = 0

    @property
    def start(self) -> str | None:
        """The point that is looked at first: the knee, if there is one."""
        if not len(self.points):
            return None
        at = self.points.index[self.points["is_knee"]]
        return str(at[0] if len(at) else self.points.index[self.otherwise])

    def result(self, point: str) -> SitingResult:
        """The answer at a point."""
        return self.results[list(self.points.index).index(point)]


def siting_frontier(setting: SitingSetting, most: int, watch: Watch | None = None) -> Frontier:
    """What each further site buys; under a budget, what each tenth of it does."""
    choice = setting.choice
    question = siting_question(setting)
    if choice.model == "budget" and isinstance(question, BudgetQuestion):
        steps = np.linspace(0.1, 1.2, 12) * question.annual_budget_gbp
        table = frontier_by_budget(question, setting.costs, setting.weights, np.round(steps), watch)
    else:
        base = plain_question(setting, choice.model if choice.model in WITH_NUMBER else "mclp")
        asked = question if choice.model == "mclp" else replace(base, choose=1)
        table = frontier_by_sites(asked, setting.costs, setting.weights, range(1, most + 1), watch)
    answered = table[table["objective"].notna()]
    model = "budget" if choice.model == "budget" else base.model
    points = pd.DataFrame(
        {
            "x": answered.index.to_numpy(float),
            "value": answered["objective"].to_numpy(float),
            "share": answered["share"].to_numpy(float),
            "gained": answered["gained"].to_numpy(float),
            "is_knee": answered["is_knee"].to_numpy(bool),
            "site_names": ["; ".join(setting.names(sites)) for sites in answered["sites"]],
            "proof": answered["status"].to_numpy(),
        },
        index=pd.Index([f"{x:.0f}" for x in answered.index], name="point"),
    )
    none = table.index[(table["status"] == "infeasible") & (model == "mclp")]
    return Frontier(
        points,
        tuple(_result(model, row) for row in answered.to_dict("records")),
        impossible=int(max(none, default=0)),
    )


def _result(model: str, row: Mapping[Any, Any]) -> SitingResult:
    sites = tuple(map(str, row["sites"]))
    hosts = list(row.get("hosts", ()))
    return SitingResult(
        model=model,
        status=row["status"],
        objective=float(row["objective"]),
        bound=float(row["bound"]),
        gap=float(row["gap"]),
        seconds=math.nan,
        sites=sites,
        assignment=pd.Series([], dtype="str"),
        kinds=pd.Series(hosts, index=list(sites)[: len(hosts)], dtype="str", name="kind"),
        annual_cost_gbp=float(row.get("annual_cost_gbp", math.nan)),
    )


def fairness_tradeoff(setting: SitingSetting, against: str, watch: Watch | None = None) -> Frontier:
    """Exact Pareto set of coverage against the longest journey, or against the most deprived fifth.

    Parameters
    ----------
    against : {"longest", "fifth"}
        `x` is the longest journey in minutes, or the share of the fifth's need that is reached.
    """
    question = siting_question(setting)
    if against == "fifth":
        group = most_deprived_fifth(setting.demand)
        table = coverage_or_group(setting.costs, setting.weights, question, group, watch)
        need = float(setting.weights[group.reindex(setting.weights.index).fillna(value=False)].sum())
        across = table["group_covered"].astype(float) / need if need else table["group_covered"] * math.nan
    else:
        table = coverage_or_longest(setting.costs, setting.weights, question, watch)
        across = table["longest_minutes"].astype(float)
    total = float(setting.weights.sum())
    value = table["need_covered"].to_numpy(float)
    points = pd.DataFrame(
        {
            "x": across.to_numpy(float),
            "value": value,
            "share": value / total if total else value * math.nan,
            "is_knee": _knee(
                np.asarray(across, dtype=np.float64), value, fairer_is_less=against == "longest"
            ),
            "site_names": ["; ".join(setting.names(sites)) for sites in table["sites"]],
        },
        index=pd.Index([str(number) for number in table.index], name="point"),
    )
    rows = table.assign(status="optimal", objective=value, bound=value, gap=0.0).to_dict("records")
    return Frontier(points, tuple(_result("mclp", row) for row in rows), otherwise=0)


def _knee(across: FloatArray, value: FloatArray, *, fairer_is_less: bool) -> BoolArray:
    """Where giving up a little coverage stops buying much fairness."""
    marked = np.zeros(len(across), dtype=bool)
    finite = np.flatnonzero(np.isfinite(across))
    # From the fairest point on, coverage rises.
    order = finite[np.argsort(across[finite] if fairer_is_less else -across[finite], kind="stable")]
    at = knee((across if fairer_is_less else -across)[order], value[order])
    if at is not None:
        marked[order[at]] = True
    return marked
