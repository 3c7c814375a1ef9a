"""Hot spots: neighbouring areas that are alike beyond chance, by local Moran's I."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis.base.faults import FaultList
from analysis.need.estimate import NeedEstimate
from analysis.need.rates import Floats
from analysis.places.place import Level, Place
from analysis.targeting.smallest_set import need_rate, tier_keys

Correction = Literal["none", "false-discovery"]
PERMUTATIONS = 9999
# What a high and a low area are called, beside high neighbours and beside low ones.
HIGH, LOW = ("high-high", "high-low"), ("low-high", "low-low")
NOT_SIGNIFICANT = "not significant"
KINDS = ("high-high", "low-low", "high-low", "low-high", NOT_SIGNIFICANT)


@dataclass(frozen=True)
class HotSpotProblem:
    """What is asked: which areas have neighbours that are alike beyond chance.

    Parameters
    ----------
    level : {"lsoa", "ward", "locality"}
    significance : float
        Largest p-value that counts, or with a correction the rate of false discoveries.
    correction : {"none", "false-discovery"}
        By default allowed for: hundreds of areas are tested at once.
    permutations : int
    tiers : tuple of str, optional
        By default the mildest tier alone.
    """

    level: Level = "lsoa"
    significance: float = 0.05
    correction: Correction = "false-discovery"
    permutations: int = PERMUTATIONS
    tiers: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class HotSpots:
    """Local Moran's I of the rate of need.

    Parameters
    ----------
    problem : HotSpotProblem
    tiers : tuple of str
        Keys of the tiers whose rate it is.
    spots : DataFrame
        As `hot_spots`, `value` and `neighbours_mean` per 1,000 children, highest rate first.
    """

    problem: HotSpotProblem
    tiers: tuple[str, ...]
    spots: pd.DataFrame

    @property
    def cut_off(self) -> float:
        """Largest p-value that counts, after a correction."""
        return float(self.spots["cut_off"].iloc[0])

    def count(self, kind: str) -> int:
        """Number of areas of a kind."""
        return int((self.spots["kind"] == kind).sum())

    @property
    def hot(self) -> tuple[str, ...]:
        """Codes of the hot spots."""
        return tuple(self.spots.index[self.spots["kind"] == "high-high"])


def find_hot_spots(estimate: NeedEstimate, problem: HotSpotProblem | None = None) -> HotSpots:
    """Hot and cold spots of the rate of need, with the seed of the estimate.

    Raises
    ------
    HubreachError
        For an unknown tier, and as `hot_spots`.
    """
    problem = problem or HotSpotProblem()
    keys = tier_keys(estimate, problem.tiers)
    spots = hot_spots(
        estimate.place,
        1000 * need_rate(estimate, problem.level, keys),
        problem.level,
        significance=problem.significance,
        correction=problem.correction,
        permutations=problem.permutations,
        seed=estimate.settings.seed,
    )
    return HotSpots(problem, keys, spots.sort_values("value", ascending=False, kind="stable"))


def contiguity(shapes: gpd.GeoDataFrame) -> NDArray[np.intp]:
    """Queen contiguity: areas that share an edge or a corner are neighbours.

    An area that touches no other (an island, or a gap in generalised boundaries) is joined to the
    nearest one, both ways, so that every area has a neighbour.

    Parameters
    ----------
    shapes : GeoDataFrame
        Polygons in a metric projection.

    Returns
    -------
    ndarray of int, shape (pairs, 2)
        Positions in `shapes` of an area and of its neighbour, in ascending order; each pair stands both ways. None
        where there is one area.
    """
    polygons = shapes.geometry.to_numpy()
    tree = shapely.STRtree(polygons)
    pairs = tree.query(polygons, predicate="intersects").T
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    islands = np.setdiff1d(np.arange(len(polygons)), pairs)
    lone, nearest = tree.query_nearest(polygons[islands], exclusive=True, all_matches=False)
    joined = np.column_stack([islands[lone], nearest])
    return np.unique(np.concatenate([pairs, joined, joined[:, ::-1]]), axis=0)


def hot_spots(
    place: Place,
    values: pd.Series,
    level: Level = "lsoa",
    *,
    significance: float = 0.05,
    correction: Correction = "none",
    permutations: int = PERMUTATIONS,
    seed: int = 1,
) -> pd.DataFrame:
    """Areas whose neighbours are alike (hot and cold spots) or unlike (outliers), beyond chance.

    Local Moran's I with row-standardised queen contiguity on the place's boundaries. Pseudo p-values by
    conditional permutation (an area keeps its value, the others are dealt out again), two-sided: twice
    the smaller tail, so the smallest possible is 2 / (permutations + 1).

    Parameters
    ----------
    place : Place
        Gives the boundaries.
    values : Series
        A rate or score, index `area_code` of `level`. Not a count: large areas would look hot.
    level : {"lsoa", "ward", "locality"}
    significance : float
        Largest p-value that counts, above 0 and below 1.
    correction : {"none", "false-discovery"}
        Whether to lower the cut-off for many tests at once (Benjamini and Hochberg 1995).
    permutations : int
        Random permutations an area, 99 or more.
    seed : int
        Of the permutations.

    Returns
    -------
    DataFrame
        Index `area_code`: `area_name`, `value`, `neighbours_mean`, `local_moran`, `p_value`, `cut_off`
        (p-value in force), `kind` ("high-high", "low-low", "low-high", "high-low", "not significant").

    Raises
    ------
    HubreachError
        For fewer than three areas, values that are missing or all alike, or a wrong option.

    Notes
    -----
    Anselin 1995, Geographical Analysis 27, 93-115.
    """
    shapes = place.outlines(level)
    ordered = values.reindex(shapes.index).astype(float)
    _check(ordered, significance, permutations)
    area, neighbour = contiguity(shapes).T
    cards = np.bincount(area)
    neighbours_mean = np.bincount(area, ordered.to_numpy()[neighbour]) / cards
    mean = ordered.mean()
    z, lag = (np.asarray(each - mean, dtype=np.float64) for each in (ordered, neighbours_mean))
    local_moran = (len(z) - 1) * z * lag / (z @ z)
    p_values = pd.Series(_two_sided(local_moran, _permuted(z, cards, permutations, seed)), index=shapes.index)
    cut_off = significance
    if correction == "false-discovery":
        cut_off = _false_discovery_cut_off(p_values.to_numpy(), significance)
    kind = pd.Series(np.where(z > 0, np.where(lag > 0, *HIGH), np.where(lag > 0, *LOW)), index=shapes.index)
    return pd.DataFrame(
        {
            "area_name": shapes["area_name"],
            "value": ordered,
            "neighbours_mean": neighbours_mean,
            "local_moran": local_moran,
            "p_value": p_values,
            "cut_off": cut_off,
            "kind": kind.where(p_values <= cut_off, NOT_SIGNIFICANT),
        }
    )


def _permuted(z: Floats, neighbours: NDArray[np.int64], permutations: int, seed: int) -> Floats:
    """Local Moran's I of each area under permutations of the others, shape (permutations, areas)."""
    areas = len(z)
    order = np.random.default_rng(seed).random((permutations, areas - 1)).argsort(axis=1)
    chance = np.empty((permutations, areas))
    scale = (areas - 1) / (z @ z)
    for area in range(areas):
        others = np.delete(z, area)
        chance[:, area] = scale * z[area] * others[order[:, : neighbours[area]]].mean(axis=1)
    return chance


def _two_sided(observed: Floats, chance: Floats) -> Floats:
    above, below = (chance >= observed).sum(axis=0), (chance <= observed).sum(axis=0)
    return np.asarray(np.minimum(1.0, 2 * (np.minimum(above, below) + 1) / (len(chance) + 1)))


def _false_discovery_cut_off(p_values: np.ndarray, significance: float) -> float:
    """Largest k significance / n that lies above the k-th smallest of n p-values; without one, k = 1."""
    steps = significance * np.arange(1, len(p_values) + 1) / len(p_values)
    return float(steps[np.sort(p_values) < steps].max(initial=steps[0]))


def _check(values: pd.Series, significance: float, permutations: int) -> None:
    faults = FaultList("hot spots")
    if len(values) < 3:
        faults.add(f"{len(values)} areas", "Choose a level with three areas or more", column="level")
    if values.isna().any():
        codes = ", ".join(values.index[values.isna()][:5])
        faults.add(f"no value for {codes}", "Give every area a value", column="values")
    elif len(values) and np.isclose(values.max(), values.min()):
        faults.add("every area has the same value", "Choose figures that differ", column="values")
    if not 0 < significance < 1:
        faults.add(f"{significance:g}", "Give a share between 0 and 1, such as 0.05", column="significance")
    if not 99 <= permutations <= 19_999:
        faults.add(f"{permutations}", "Give 99 to 19,999", column="permutations")
    faults.raise_if_any("Hot spots cannot be worked out.")
