"""How often a site is chosen when need and travel are not known for sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.reach.answer import straight_travel
from analysis.scenario.travel import DETOURS
from analysis.siting.models.budget import BudgetProblem
from analysis.siting.models.instance import prepare_problem
from analysis.siting.models.model import Columns, Watch
from analysis.siting.models.solve import Problem, solve, solve_prepared
from analysis.siting.problem import WITH_NUMBER, PlaceProblem

EVERY_ANSWER = 0.995
MOST_ANSWERS = 0.8


@dataclass(frozen=True, eq=False)
class Robustness:
    """Share of solves in which each site is chosen.

    Parameters
    ----------
    shares : DataFrame
        Index `site_id` (all candidates), one column a setting, and `all` over all of them; 0 to 1.
    sets : Series
        Index: each distinct best set (tuple of site ids); values: the share of solves that it won.
    solved, planned : int
        Solves done and meant; fewer are done when the watch stopped it or a draw had no answer.
    impossible : int
        Draws that no set answers.
    """

    shares: pd.DataFrame
    sets: pd.Series[float]
    solved: int
    planned: int
    impossible: int = 0

    @property
    def always(self) -> tuple[str, ...]:
        """Sites that are in (nearly) every best set."""
        return self._at_least(EVERY_ANSWER)

    @property
    def usual(self) -> tuple[str, ...]:
        """Sites that are in most of the best sets, but not in (nearly) every one."""
        return tuple(site for site in self._at_least(MOST_ANSWERS) if site not in self.always)

    def _at_least(self, share: float) -> tuple[str, ...]:
        return tuple(str(site) for site in self.shares.index[self.shares["all"] >= share])


def robustness(
    problem: Problem,
    matrices: Mapping[str, pd.DataFrame],
    draws: pd.DataFrame,
    watch: Watch | None = None,
) -> Robustness:
    """Solve the same question for every draw of need and every setting of travel.

    Parameters
    ----------
    problem : LocationProblem or BudgetProblem
    matrices : mapping of setting name to DataFrame (areas, sites)
        Cost matrices, for instance by detour factor.
    draws : DataFrame of shape (draws, areas)
        Need of each area (columns) in each draw (rows).
    watch : Watch, optional
        When it stops the work, the shares of what was solved are returned.

    Returns
    -------
    Robustness
    """
    watch = watch or Watch()
    chosen: dict[str, dict[str, int]] = {}
    solved_in: dict[str, int] = {}
    sets: dict[tuple[str, ...], int] = {}
    planned, impossible = len(draws) * len(matrices), 0
    for setting, costs in matrices.items():
        counts = chosen.setdefault(setting, dict.fromkeys(sorted(map(str, costs.columns)), 0))
        latest: list[Columns] = []
        for k in range(len(draws)):
            if watch.must_stop():
                break
            names: tuple[str, ...]
            if isinstance(problem, BudgetProblem):
                names = solve(problem, costs, draws.iloc[k], explained=False).sites
            else:
                instance = prepare_problem(problem, costs, draws.iloc[k])
                found = solve_prepared(problem, instance, starts=latest)
                latest = list(found.sets)
                names = instance.names(found.sets[0]) if found.sets else ()
            if not names:
                impossible += 1
                continue
            for site in names:
                counts[site] += 1
            solved_in[setting] = solved_in.get(setting, 0) + 1
            sets[names] = sets.get(names, 0) + 1
            watch.tell(sum(solved_in.values()), planned, names)
    return replace(_robustness(chosen, solved_in, sets, planned), impossible=impossible)


def _robustness(
    chosen: dict[str, dict[str, int]],
    solved_in: dict[str, int],
    sets: dict[tuple[str, ...], int],
    planned: int,
) -> Robustness:
    solved = sum(solved_in.values())
    counts = pd.DataFrame(chosen).fillna(0).sort_index().rename_axis("site_id")
    shares = counts / pd.Series(
        {setting: max(1, solved_in.get(setting, 0)) for setting in chosen}, dtype=float
    )
    shares["all"] = counts.sum(axis=1) / max(1, solved)
    ranked = sorted(sets.items(), key=lambda entry: (-entry[1], entry[0]))
    won = pd.Series([n / max(1, solved) for _, n in ranked], dtype=float, name="share")
    won.index = pd.Index([names for names, _ in ranked], tupleize_cols=False, name="sites")
    return Robustness(shares.sort_values("all", ascending=False, kind="stable"), won, solved, planned)


def siting_robustness(problem: PlaceProblem, draws: int, watch: Watch | None = None) -> Robustness:
    """How often each site is chosen over draws of need and each of `DETOURS` (straight lines).

    Where the problem is not of a number of sites, it is asked of the number that reaches most need.
    """
    model = problem.terms.model
    asked = (
        problem.on_matrix()
        if model == "mclp"
        else problem.of_one_kind(model if model in WITH_NUMBER else "mclp")
    )
    place, settings = problem.estimate.place, problem.travel.settings
    points = place.points
    matrices = {
        f"detour {detour:g}": straight_travel(
            place, problem.candidates, replace(settings, detour=detour)
        ).costs
        for detour in DETOURS
    }
    drawn = problem.estimate.draws.counts.get(problem.terms.weight)
    table = (
        pd.DataFrame([problem.weights])
        if drawn is None
        else pd.DataFrame(np.asarray(drawn)[:draws], columns=problem.estimate.counts.index)[
            points["area_code"]
        ]
        .set_axis(points.index, axis=1)
        .mul(points["share"], axis=1)
    )
    return robustness(asked, matrices, table, watch)
