"""Floating catchments: how much of the sites' capacity there is for each child in need.

Two steps (Luo and Wang 2003; with decay, E2SFCA, Luo and Qi 2009). First every site's capacity is
divided by the need in its catchment; then every area adds up the ratios of the sites in its own
catchment. Both steps weigh nearer pairs more. Only pairs within the catchment are ever held, in blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from analysis.base.faults import Fault, HubreachError
from analysis.scenario.travel import TravelSettings

Decay = Literal["none", "steps", "steep steps", "linear", "gaussian"]
DECAYS: tuple[Decay, ...] = ("none", "steps", "steep steps", "linear", "gaussian")
DECAY_WORDS: dict[Decay, str] = {
    "none": "Every site in the catchment counts in full (2SFCA)",
    "steps": "Thirds of the catchment count 1, 0.68 and 0.22 (Luo and Qi 2009)",
    "steep steps": "Thirds of the catchment count 1, 0.42 and 0.09 (Luo and Qi 2009, steeper set)",
    "linear": "Falls evenly from 1 at the door to 0 at the edge",
    "gaussian": "Bell-shaped, 1 at the door, 0 at the edge (Dai 2010)",
}
ZONE_WEIGHTS = {"steps": (1.0, 0.68, 0.22), "steep steps": (1.0, 0.42, 0.09)}
PAIRS_A_BLOCK = 3_000_000

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Pairs:
    """Some pairs of area and site within a catchment: positions in the two lists, and minutes."""

    area: IntArray
    site: IntArray
    minutes: FloatArray


class CatchmentPairs(Protocol):
    """All pairs within a catchment, in blocks, as often as asked."""

    @property
    def area_codes(self) -> pd.Index:
        """Areas, in the order that `Pairs.area` counts."""

    @property
    def site_ids(self) -> pd.Index:
        """Sites, in the order that `Pairs.site` counts."""

    def __iter__(self) -> Iterator[Pairs]: ...


@dataclass(frozen=True, eq=False)
class MatrixPairs:
    """Pairs within a catchment out of a cost matrix."""

    costs: pd.DataFrame
    catchment_minutes: float

    @property
    def area_codes(self) -> pd.Index:
        """Areas of the matrix."""
        return self.costs.index

    @property
    def site_ids(self) -> pd.Index:
        """Sites of the matrix."""
        return self.costs.columns

    def __iter__(self) -> Iterator[Pairs]:
        yield self._pairs

    @cached_property
    def _pairs(self) -> Pairs:
        """Found once for both steps; never more than the matrix itself holds."""
        values = self.costs.to_numpy(float)
        inside = np.flatnonzero(values <= min(self.catchment_minutes, np.finfo(float).max))
        area, site = np.divmod(inside, max(1, values.shape[1]))
        return Pairs(area, site, values.ravel()[inside])


@dataclass(frozen=True, eq=False)
class StraightLinePairs:
    """Pairs within a catchment by straight line, found with a KD-tree; the matrix is never built.

    Parameters
    ----------
    areas, sites : DataFrame
        With `easting` and `northing` in metres.
    settings : TravelSettings
        Turns metres into minutes.
    catchment_minutes : float
        The limit, included.
    """

    areas: pd.DataFrame
    sites: pd.DataFrame
    settings: TravelSettings
    catchment_minutes: float

    @property
    def area_codes(self) -> pd.Index:
        """Index of the areas."""
        return self.areas.index

    @property
    def site_ids(self) -> pd.Index:
        """Index of the sites."""
        return self.sites.index

    def __iter__(self) -> Iterator[Pairs]:
        if self.sites.empty or self.areas.empty or self.catchment_minutes < self.settings.fixed_minutes:
            return
        area_points = self.areas[["easting", "northing"]].to_numpy(float)
        site_points = self.sites[["easting", "northing"]].to_numpy(float)
        tree = cKDTree(site_points)
        # A hair more than the limit, so that rounding never loses a pair on the edge; the minutes decide.
        radius_m = self.settings.distance_m(self.catchment_minutes) * (1 + 1e-9) + 1e-6
        rows = max(1, PAIRS_A_BLOCK // len(site_points))
        for start in range(0, len(area_points), rows):
            block = cKDTree(area_points[start : start + rows])
            found = block.sparse_distance_matrix(tree, radius_m, output_type="ndarray")
            area, site = found["i"] + start, found["j"]
            apart = area_points[area] - site_points[site]
            minutes = self.settings.minutes(np.sqrt(apart[:, 0] ** 2 + apart[:, 1] ** 2))
            inside = minutes <= self.catchment_minutes
            yield Pairs(area[inside], site[inside], minutes[inside])


def decay_weights(minutes: FloatArray, catchment_minutes: float, decay: Decay) -> FloatArray:
    """Weight of pairs that lie within the catchment.

    Parameters
    ----------
    minutes : array
        Travel minutes, none above the catchment.
    catchment_minutes : float
        Edge of the catchment; a third of it is one zone of the stepped forms, edges included.
    decay : {"none", "steps", "steep steps", "linear", "gaussian"}
        See `DECAY_WORDS`.

    Returns
    -------
    array
        In [0, 1].
    """
    if decay not in DECAYS:
        fault = Fault("decay", None, None, f"{decay!r} is not known", f"Choose one of: {', '.join(DECAYS)}")
        raise HubreachError("The catchment cannot be worked out.", [fault])
    if decay == "none":
        return np.ones_like(minutes)
    share = minutes / catchment_minutes
    if decay == "linear":
        return np.maximum(0.0, 1.0 - share)
    if decay == "gaussian":
        edge = np.exp(-0.5)
        return np.asarray(np.maximum(0.0, (np.exp(-0.5 * share**2) - edge) / (1.0 - edge)), float)
    edges = catchment_minutes * np.array([1.0, 2.0]) / 3.0
    return np.asarray(ZONE_WEIGHTS[decay], float)[np.searchsorted(edges, minutes, side="left")]


def site_ratios(
    pairs: CatchmentPairs,
    need: pd.Series,
    capacity: pd.Series,
    catchment_minutes: float,
    decay: Decay = "steps",
) -> pd.Series:
    """First step: each site's capacity over the weighted need in its catchment, 0 where there is none.

    Parameters
    ----------
    pairs : CatchmentPairs
        `MatrixPairs` or `StraightLinePairs`, of the same catchment.
    need : Series
        Children (or families) in need, index `area_code`.
    capacity : Series
        What the site can serve, index `site_id`, in the unit of `need`; 1 each counts sites.
    catchment_minutes : float
        Edge of the catchment.
    decay : str
        See `decay_weights`.

    Returns
    -------
    Series
        Capacity per unit of need, index `site_id`.
    """
    wanted = need.reindex(pairs.area_codes).to_numpy(float)
    offered = capacity.reindex(pairs.site_ids).to_numpy(float)
    if np.isnan(offered).any():
        fault = Fault(
            "capacity",
            None,
            "capacity_families",
            f"{int(np.isnan(offered).sum())} sites state no capacity",
            "Enter a capacity for each, or count each site as 1",
        )
        raise HubreachError("Capacity per need cannot be worked out.", [fault])
    load = np.zeros(len(offered))
    for block in pairs:
        weights = decay_weights(block.minutes, catchment_minutes, decay)
        load += np.bincount(block.site, weights=weights * wanted[block.area], minlength=len(offered))
    ratios = np.divide(offered, load, out=np.zeros(len(offered)), where=load > 0)
    return pd.Series(ratios, index=pairs.site_ids, name="capacity_per_need")


def floating_catchment(
    pairs: CatchmentPairs,
    need: pd.Series,
    capacity: pd.Series,
    catchment_minutes: float,
    decay: Decay = "steps",
) -> pd.Series:
    """Capacity within reach per unit of need, for every area (E2SFCA).

    Parameters
    ----------
    pairs, need, capacity, catchment_minutes, decay
        As for `site_ratios`.

    Returns
    -------
    Series
        Index `area_code`; 0 where no site is in the catchment. Weighted by need it averages to capacity
        over need, so long as every site has need in its catchment.

    References
    ----------
    Luo, W. and Qi, Y. (2009), An enhanced two-step floating catchment area method, Health and Place 15.

    Examples
    --------
    One site with room for 30 families, 60 in need within its catchment and 40 outside: half a place each.

    >>> costs = pd.DataFrame({"hub": [5.0, 10.0, 60.0]}, index=["a", "b", "c"])
    >>> need = pd.Series([20.0, 40.0, 40.0], index=costs.index)
    >>> floating_catchment(MatrixPairs(costs, 20), need, pd.Series({"hub": 30.0}), 20, "none").tolist()
    [0.5, 0.5, 0.0]
    """
    ratios = site_ratios(pairs, need, capacity, catchment_minutes, decay).to_numpy(float)
    access = np.zeros(len(pairs.area_codes))
    for block in pairs:
        weights = decay_weights(block.minutes, catchment_minutes, decay)
        access += np.bincount(block.area, weights=weights * ratios[block.site], minlength=len(access))
    return pd.Series(access, index=pairs.area_codes, name="capacity_per_need")


def covered_by_pairs(pairs: CatchmentPairs) -> pd.Series:
    """Whether each area has any site within the catchment of `pairs`."""
    covered = np.zeros(len(pairs.area_codes), dtype=bool)
    for block in pairs:
        covered[block.area] = True
    return pd.Series(covered, index=pairs.area_codes, name="covered")
