"""What `hubreach site` prints: tables of sites and of next-best sets, and the proof in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.cli.siting_questions import Setting
from analysis.siting.alternatives import alternatives_table
from analysis.siting.answer import ranked_answers, score
from analysis.siting.candidates import named_sites
from analysis.siting.contributions import site_contributions
from analysis.siting.models.budget import BudgetQuestion, ranked_budget_answers, score_budget
from analysis.siting.models.model import Question, SitingResult, Watch

MEASURES = {
    "mclp": "need covered",
    "budget": "need covered",
    "pmedian": "need-weighted minutes",
    "pcenter": "longest minutes",
    "lscp": "sites",
    "partial": "sites",
}


def ranked(
    question: Question | BudgetQuestion, setting: Setting, count: int, watch: Watch
) -> list[SitingResult]:
    """Best sets, best first."""
    if isinstance(question, BudgetQuestion):
        return ranked_budget_answers(question, setting.costs, setting.weights, count, watch)
    return ranked_answers(question, setting.costs, setting.weights, count, watch)


def scored(question: Question | BudgetQuestion, setting: Setting, names: Sequence[str]) -> SitingResult:
    """A set of the user's own; under a budget a name may say what it hosts: outreach:NAME."""
    if isinstance(question, Question):
        return score(question, setting.costs, setting.weights, named_sites(setting.sites, names, "--score"))
    kinds = [kind.name for kind in question.kinds]
    hosted = {}
    for name in names:
        kind, colon, rest = name.partition(":")
        known = colon and kind in kinds
        hosted[named_sites(setting.sites, [rest if known else name], "--score")[0]] = (
            kind if known else kinds[0]
        )
    return score_budget(question, setting.costs, setting.weights, hosted)


def site_table(question: Question | BudgetQuestion, setting: Setting, best: SitingResult) -> pd.DataFrame:
    """The chosen sites, with what each adds."""
    minutes = _minutes(question)
    table = site_contributions(setting.costs, setting.weights, best.sites, minutes)
    if not np.isfinite(minutes):
        table = table.drop(columns=["need_within", "need_only_here"])
    table.insert(0, "name", setting.sites["name"].reindex(table.index))
    table.insert(1, "kind", setting.sites["kind"].reindex(table.index))
    if len(best.kinds):
        table.insert(2, "hosts", best.kinds.reindex(table.index))
    return table.replace([np.inf], np.nan).rename_axis("site_id")


def _minutes(question: Question | BudgetQuestion) -> float:
    """Catchment that a table of contributions can use: none where there are several or none."""
    if isinstance(question, BudgetQuestion):
        return question.kinds[0].minutes if len(question.kinds) == 1 else np.inf
    return question.minutes if question.model in {"mclp", "lscp", "partial"} else np.inf


def readable_alternatives(results: Sequence[SitingResult], setting: Setting) -> pd.DataFrame:
    """Best and next-best sets with names for ids."""
    table = alternatives_table(results)
    names = setting.sites["name"]
    for column in ("sites", "joins", "leaves"):
        table[column] = ["; ".join(str(names[site]) for site in sites) for sites in table[column]]
    return table


def answer_words(setting: Setting, best: SitingResult) -> list[str]:
    """The answer and its proof, or what stands in the way."""
    if best.status == "infeasible" or np.isnan(best.objective):
        areas = f"Areas in the way: {', '.join(best.unmet[:10])}" + (" ..." if len(best.unmet) > 10 else "")
        return [f"{best.status}: {'; '.join(best.remedies)}.", *([areas] if best.unmet else [])]
    measure = MEASURES[best.model]
    proof = (
        "proven optimal" if best.status == "optimal" else f"best so far, within {best.gap:.2%} of the bound"
    )
    words = [
        f"{len(best.sites)} sites, {_amount(best.objective)} {measure}"
        + _share(setting, best)
        + f": {proof} (bound {_amount(best.bound)}, gap {best.gap:.2%}, {best.seconds:.2f} s)."
    ]
    if np.isfinite(best.annual_cost_gbp) and best.annual_cost_gbp > 0:
        words.append(f"Cost: £{best.annual_cost_gbp:,.0f} a year.")
    if best.unmet:
        words.append(f"{len(best.unmet):,} areas with need are not covered.")
    return words


def distance_words(own: SitingResult, best: SitingResult) -> str:
    """How far a set is from the best."""
    measure = MEASURES[own.model]
    return (
        f"{_amount(own.objective)} {measure}; the best has {_amount(best.objective)} ({own.gap:.1%} apart)."
    )


def _share(setting: Setting, best: SitingResult) -> str:
    total = float(setting.weights.sum())
    if best.model in {"mclp", "budget"} and total:
        return f" ({best.objective / total:.1%} of all)"
    if best.model == "pmedian" and total:
        return f" ({best.objective / total:.1f} on average)"
    return ""


def _amount(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def readable_frontier(table: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """A frontier or a trade-off with the names of its sites."""
    names = setting.sites["name"]
    shown = table.replace([np.inf, -np.inf], np.nan)
    shown["sites"] = ["; ".join(str(names[site]) for site in sites) for sites in table["sites"]]
    if "hosts" in table:
        shown["hosts"] = ["; ".join(kinds) for kinds in table["hosts"]]
    return shown
