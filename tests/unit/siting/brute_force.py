"""The independent oracle: every set of sites, valued straight from the matrix."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from analysis.siting.models.model import LocationProblem

Key = tuple[float, float, tuple[str, ...]]


def random_case(seed: int, most_areas: int = 12, most_sites: int = 8) -> tuple[pd.DataFrame, pd.Series]:
    """Small matrix and weights, with ties, far areas and areas without need."""
    rng = np.random.default_rng(seed)
    areas, sites = int(rng.integers(2, most_areas + 1)), int(rng.integers(2, most_sites + 1))
    if seed % 3 == 0:
        minutes = rng.integers(1, 8, (areas, sites)).astype(float)
    else:
        points = rng.uniform(0, 30, (areas + sites, 2))
        minutes = np.hypot(*(points[:areas, None] - points[None, areas:]).transpose(2, 0, 1))
    if seed % 5 == 0:
        minutes[rng.random(minutes.shape) < 0.2] = np.inf
    weights = rng.integers(0 if seed % 4 == 0 else 1, 6, areas).astype(float)
    weights[0] = 3.0
    names = [f"s{k:02}" for k in rng.permutation(sites)]
    costs = pd.DataFrame(minutes, index=[f"a{k:02}" for k in rng.permutation(areas)], columns=names)
    return costs, pd.Series(weights, index=costs.index)


def random_problem(seed: int, model: str, costs: pd.DataFrame) -> LocationProblem:
    rng = np.random.default_rng(seed + 10**6)
    names = sorted(costs.columns)
    keep = (names[int(rng.integers(len(names)))],) if seed % 7 == 0 else ()
    exclude = (
        tuple(n for n in (names[int(rng.integers(len(names)))],) if n not in keep) if seed % 6 == 0 else ()
    )
    return LocationProblem(
        model,
        p=int(rng.integers(1, len(names) + 1)),
        radius_minutes=float(rng.integers(1, 6) if seed % 3 == 0 else rng.uniform(2, 20)),
        share=float(rng.uniform(0.3, 1.0)),
        keep=keep,
        exclude=exclude,
    )


def keys(problem: LocationProblem, costs: pd.DataFrame, weights: pd.Series) -> list[Key]:
    """(loss, what tells equal sets apart, set) of every feasible set, best first."""
    table = costs[weights.reindex(costs.index) > 0]
    need = weights.reindex(table.index).to_numpy()
    sites = sorted(set(costs.columns) - set(problem.exclude))
    minutes = table[sites].to_numpy()
    sizes = [problem.p] if problem.model in {"mclp", "pmedian", "pcenter"} else range(1, len(sites) + 1)
    found = []
    for size in sizes:
        for chosen in combinations(range(len(sites)), size):
            names = tuple(sites[j] for j in chosen)
            if set(problem.keep) <= set(names):
                found += _key(problem, names, minutes[:, list(chosen)].min(axis=1), minutes.min(axis=1), need)
    return sorted(found, key=lambda entry: (round(entry[0], 7), round(entry[1], 7), entry[2]))


def _key(
    problem: LocationProblem, names: tuple[str, ...], nearest: np.ndarray, best: np.ndarray, need: np.ndarray
) -> list[Key]:
    inside = (nearest <= problem.radius_minutes) & np.isfinite(nearest)
    outside = float(need[~inside].sum())
    saturated = outside == float(need[~((best <= problem.radius_minutes) & np.isfinite(best))].sum())
    inner = float((nearest[inside] * need[inside]).sum()) if saturated else 0.0
    everyone = bool(np.isfinite(nearest).all())
    travel = float((nearest * need).sum())
    if problem.model == "pmedian":
        return [(travel, 0.0, names)] if everyone else []
    if problem.model == "pcenter":
        return [(float(nearest.max()), travel, names)] if everyone else []
    if problem.model == "mclp":
        return [(outside, inner, names)]
    if problem.model == "lscp":
        return [(float(len(names)), travel, names)] if outside == 0 else []
    enough = need.sum() - outside >= problem.share * need.sum() - 1e-9
    # Of equally many sites those that cover more come first.
    return [(float(len(names)), outside * 1e6 + inner, names)] if enough else []
