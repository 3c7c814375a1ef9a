"""The user's own composite index as one value: indicators with signed weights, and how they are put together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList, HubreachError
from analysis.need.estimate import NeedEstimate
from analysis.places.england.editions import with_children
from analysis.places.place import Level, Place
from analysis.scenario.need_settings import NeedSettings
from analysis.targeting.composite import (
    AGGREGATIONS,
    NORMALISATIONS,
    Aggregation,
    Normalisation,
    WeightDraws,
    composite_index,
    estimate_on_composite,
    rank_stability,
)
from analysis.targeting.indicators import indicator_values, indicators

WRITTEN = "imd_score:2,under_five_share:1;rank;arithmetic"


@dataclass(frozen=True)
class IndexRecipe:
    """How a composite index is built.

    Parameters
    ----------
    signed_weights : tuple of (str, float)
        By indicator, in order. Below 0 where a higher figure means less need; only ratios matter.
    normalisation : {"rank", "z-score", "min-max"}
    aggregation : {"arithmetic", "geometric"}
    """

    signed_weights: tuple[tuple[str, float], ...]
    normalisation: Normalisation = "rank"
    aggregation: Aggregation = "arithmetic"

    @property
    def text(self) -> str:
        """The recipe in one line, as it stands in a link; `read_recipe` reads it back."""
        parts = ",".join(f"{key}:{weight:g}" for key, weight in self.signed_weights)
        return f"{parts};{self.normalisation};{self.aggregation}"

    @property
    def weights(self) -> dict[str, float]:
        """Weights without their sign, by indicator."""
        return {key: abs(weight) for key, weight in self.signed_weights}

    @property
    def directions(self) -> dict[str, int]:
        """1 where a higher figure means more need, -1 where it means less, by indicator."""
        return {key: -1 if weight < 0 else 1 for key, weight in self.signed_weights}

    @property
    def shares(self) -> dict[str, float]:
        """Weights scaled to add up to 1, by indicator; those of 0 are left out."""
        total = sum(self.weights.values())
        return {key: weight / total for key, weight in self.weights.items() if weight > 0}


def read_recipe(text: str) -> IndexRecipe:
    """Read a recipe from one line such as `imd_score:2,under_five_share:-1;z-score;geometric`.

    Raises
    ------
    HubreachError
        With one fault for each part that cannot be read.
    """
    faults = FaultList("index")
    parts = text.split(";")
    if len(parts) != 3:
        faults.add(f"{text[:80]!r}", f"Write it as {WRITTEN}")
        faults.raise_if_any("The composite index cannot be read.")
    weights: dict[str, float] = {}
    for part in parts[0].split(","):
        key, _, number = part.strip().partition(":")
        try:
            weight = float(number)
        except ValueError:
            weight = float("nan")
        if not key or not np.isfinite(weight) or key in weights:
            faults.add(f"{part[:80]!r}", "Give each indicator once, with a weight, such as imd_score:2")
        weights[key] = weight
    normalisation = next((name for name in NORMALISATIONS if name == parts[1]), None)
    aggregation = next((name for name in AGGREGATIONS if name == parts[2]), None)
    if normalisation is None:
        faults.add(f"{parts[1][:80]!r}", f"Choose {', '.join(NORMALISATIONS)}", column="normalisation")
    if aggregation is None:
        faults.add(f"{parts[2][:80]!r}", f"Choose {' or '.join(AGGREGATIONS)}", column="aggregation")
    if faults.faults or normalisation is None or aggregation is None:
        raise HubreachError("The composite index cannot be read.", faults.faults)
    return IndexRecipe(tuple(weights.items()), normalisation, aggregation)


def starting_recipe(place: Place, vintage: str) -> IndexRecipe:
    """Where a user starts from: the broadest index of deprivation twice, under-fives once.

    A starting point that counts no domain twice, and no recommendation.
    """
    known = indicators(place, vintage)
    first = next(iter(known))
    weights = {first: 2.0 * known[first].direction}
    if first != "under_five_share":
        weights["under_five_share"] = 1.0
    return IndexRecipe(tuple(weights.items()))


def recipe_values(place: Place, vintage: str, recipe: IndexRecipe, level: Level) -> pd.DataFrame:
    """Figures of the recipe's indicators with a weight, by area of a level.

    Raises
    ------
    HubreachError
        If the edition does not hold an indicator.
    """
    values = indicator_values(place, vintage, level)
    faults = FaultList("index")
    for key in recipe.shares:
        if key not in values:
            known = ", ".join(values.columns)
            faults.add(
                f"{key!r} is not among the figures of {vintage}",
                f"Choose other deprivation figures, or indicators from {known}",
                column=key[:40],
            )
    faults.raise_if_any("The composite index cannot be worked out.")
    return values[list(recipe.shares)]


def recipe_stability(place: Place, settings: NeedSettings, recipe: IndexRecipe, level: Level) -> pd.DataFrame:
    """`rank_stability` of a recipe by area of a level, with the draws and seed of the settings."""
    ranks = rank_stability(
        recipe_values(place, settings.vintage, recipe, level),
        recipe.shares,
        recipe.directions,
        normalisation=recipe.normalisation,
        aggregation=recipe.aggregation,
        draws=WeightDraws(settings.draws, settings.seed),
        top=settings.top,
        interval=settings.interval,
    )
    ranks.insert(0, "area_name", place.names(level))
    return ranks.sort_values("rank")


def estimate_on_recipe(place: Place, settings: NeedSettings, recipe: IndexRecipe) -> NeedEstimate:
    """`estimate_need` where a recipe's index of the small areas says who is how deprived."""
    place = with_children(place, settings.children)
    index = composite_index(
        recipe_values(place, settings.vintage, recipe, "lsoa"),
        recipe.shares,
        recipe.directions,
        recipe.normalisation,
        recipe.aggregation,
    )
    return estimate_on_composite(place, settings, index)
