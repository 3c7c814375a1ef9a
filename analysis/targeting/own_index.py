"""The user's own composite index: what is asked, its ranks and how stable they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.base.faults import FaultList
from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level, Place
from analysis.targeting.composite import Aggregation, Normalisation
from analysis.targeting.indicators import double_counts, indicators
from analysis.targeting.recipe import IndexRecipe, recipe_stability, starting_recipe


@dataclass(frozen=True)
class IndexProblem:
    """What is asked: which areas have most need on an index of one's own.

    Parameters
    ----------
    recipe : IndexRecipe, optional
        By default where a user starts from (`starting_recipe`).
    level : {"lsoa", "ward", "locality"}
    """

    recipe: IndexRecipe | None = None
    level: Level = "ward"


@dataclass(frozen=True, eq=False)
class OwnIndex:
    """A composite index by area.

    Parameters
    ----------
    recipe : IndexRecipe
    level : Level
    ranks : DataFrame
        Index `area_code`, rank 1 first: `area_name`, `composite`, `rank`, `rank_median`, `rank_low`, `rank_high`,
        `p_top`, `position` (0 the least, 100 the most on this index here).
    top : int
        The k of `p_top`.
    warnings : list of str
        Domains that count twice.
    """

    recipe: IndexRecipe
    level: Level
    ranks: pd.DataFrame
    top: int
    warnings: list[str]

    @property
    def leaders(self) -> tuple[str, ...]:
        """Codes of the `top` areas, rank 1 first."""
        return tuple(self.ranks.index[: self.top])


def own_index(estimate: NeedEstimate, problem: IndexProblem | None = None) -> OwnIndex:
    """Index, ranks and their stability, with the edition, draws, seed and k of the estimate.

    Raises
    ------
    HubreachError
        If the edition does not hold an indicator, or the recipe cannot be worked out.
    """
    problem = problem or IndexProblem()
    place, settings = estimate.place, estimate.settings
    recipe = problem.recipe or starting_recipe(place, settings.vintage)
    known = indicators(place, settings.vintage)
    ranks = recipe_stability(place, settings, recipe, problem.level)
    lowest, highest = ranks["composite"].min(), ranks["composite"].max()
    position = 100 * (ranks["composite"] - lowest) / max(highest - lowest, 1e-12)
    ranks = ranks.assign(position=position.round(1))
    warnings = double_counts([known[key] for key in recipe.shares if key in known])
    return OwnIndex(recipe, problem.level, ranks, estimate.top_count(problem.level), warnings)


def recipe_of(
    place: Place,
    vintage: str,
    weights: Mapping[str, float],
    normalisation: Normalisation = "rank",
    aggregation: Aggregation = "arithmetic",
) -> IndexRecipe:
    """A recipe from weights of 0 or more by indicator, each in its own direction; without any, the starting one.

    Raises
    ------
    HubreachError
        With one fault for each unknown indicator or wrong weight.
    """
    known = indicators(place, vintage)
    faults = FaultList("composite index")
    for key, weight in weights.items():
        if key not in known:
            faults.add(f"there is no indicator {key!r}", f"Choose from {', '.join(known)}", column=key)
        elif not 0 <= weight < float("inf"):
            faults.add(f"a weight of {weight:g}", "Give 0 or more", column=key)
    faults.raise_if_any("The composite index cannot be worked out.")
    start = starting_recipe(place, vintage).signed_weights
    signed = tuple((key, known[key].direction * weight) for key, weight in weights.items())
    return IndexRecipe(signed or start, normalisation, aggregation)
