"""Where hubs and outreach sites should go: exact answers on a cost matrix, with their proof."""

from analysis.siting.alternatives import alternatives, alternatives_table
from analysis.siting.answer import answer, ranked_answers, score
from analysis.siting.contributions import site_contributions
from analysis.siting.districts.districts import Districts, best_balance, fewest_changes, score_districts
from analysis.siting.frontier import frontier_by_budget, frontier_by_sites, knee
from analysis.siting.matrices import read_matrix, read_weights
from analysis.siting.models.budget import (
    BudgetQuestion,
    Floor,
    answer_budget,
    ranked_budget_answers,
    score_budget,
)
from analysis.siting.models.budget_model import Kind
from analysis.siting.models.model import Progress, Question, SitingResult, Watch
from analysis.siting.pareto import coverage_or_group, coverage_or_longest
from analysis.siting.robustness import Robustness, robustness

__all__ = [
    "BudgetQuestion",
    "Districts",
    "Floor",
    "Kind",
    "Progress",
    "Question",
    "Robustness",
    "SitingResult",
    "Watch",
    "alternatives",
    "alternatives_table",
    "answer",
    "answer_budget",
    "best_balance",
    "coverage_or_group",
    "coverage_or_longest",
    "fewest_changes",
    "frontier_by_budget",
    "frontier_by_sites",
    "knee",
    "ranked_answers",
    "ranked_budget_answers",
    "read_matrix",
    "read_weights",
    "robustness",
    "score",
    "score_budget",
    "score_districts",
    "site_contributions",
]
