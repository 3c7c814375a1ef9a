"""A place: its areas, their boundaries, deprivation and sites, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.kept import kept
from analysis.places.barriers import Barrier
from analysis.places.crossings import Crossing
from analysis.places.manifest import (
    DECISIONS_FILE,
    PLACE_FILE,
    AgeBand,
    Manifest,
    SiteKind,
    Tier,
    Vintage,
)
from analysis.places.own.kept import OwnFile, OwnKind
from analysis.places.own_indicators import HeldIndicator
from analysis.places.points import centre_points, england_points

Level = Literal["lsoa", "ward", "locality", "place"]
"""What is estimated for."""
AreaLevel = Literal["lsoa", "msoa", "ward", "locality", "place"]
"""What figures can be shown for."""
LEVELS: tuple[Level, ...] = ("lsoa", "ward", "locality", "place")
CODE_COLUMNS: dict[AreaLevel, tuple[str, str]] = {
    "lsoa": ("area_code", "area_name"),
    "msoa": ("msoa_code", "neighbourhood"),
    "ward": ("ward_code", "ward_name"),
    "locality": ("locality_code", "locality_name"),
    "place": ("place_code", "place_name"),
}


@dataclass(frozen=True, eq=False)
class Place:
    """Everything that is known of one place. Frames are read-only by convention: copy before a change.

    Parameters
    ----------
    folder : Path
        Where it was read from.
    manifest : Manifest
        `place.toml`.
    areas : DataFrame
        Index `area_code` (small areas, sorted); names, ward, locality, place, population, children in all
        and by age (`age_bands`, where the place's files hold them), `easting` and `northing` in metres (EPSG:27700), `lon`, `lat`.
    boundaries : GeoDataFrame
        Same index; polygons in EPSG:27700.
    deprivation_by_vintage : dict of str to DataFrame
        Same index; official scores and ranks, and national positions (see `deprivation`).
    sites : DataFrame
        Index `site_id`; see `analysis.places.sites.register`.
    own_indicators : tuple of HeldIndicator
        What the user has added, each on the index of `areas`.
    districts : tuple of str
        Lower-tier authorities whose figures of England (`analysis.places.england`) these are; none where the
        place's own folder holds the figures.
    own_points : DataFrame, optional
        Demand points of the council's own in place of those of England, in the form of `points`.
    crossings : tuple of Crossing
        Bridges, tunnels and ferries, open or closed; none where nobody has listed them.
    barriers : tuple of Barrier
        What nobody steps over and the shapes do not show.
    own_files : tuple of OwnFile
        The council's own figures that stand in place of those of England.
    children_edition : str
        Which children are counted: "" is what the place opens with (`analysis.places.england.editions`).
    opened_as : Place, optional
        Of another edition, the place as it opened.
    left_out : tuple of Fault
        What is wrong with indicators of the user's own that cannot be read; the place stands without them.
    """

    folder: Path
    manifest: Manifest
    areas: pd.DataFrame
    boundaries: gpd.GeoDataFrame
    deprivation_by_vintage: dict[str, pd.DataFrame] = field(repr=False)
    sites: pd.DataFrame = field(repr=False)
    own_indicators: tuple[HeldIndicator, ...] = field(default=(), repr=False)
    districts: tuple[str, ...] = ()
    own_points: pd.DataFrame | None = field(default=None, repr=False)
    crossings: tuple[Crossing, ...] = field(default=(), repr=False)
    barriers: tuple[Barrier, ...] = field(default=(), repr=False)
    own_files: tuple[OwnFile, ...] = field(default=(), repr=False)
    children_edition: str = ""
    opened_as: Place | None = field(default=None, repr=False)
    left_out: tuple[Fault, ...] = field(default=(), repr=False)

    @property
    def slug(self) -> str:
        """Short name in URLs and on the command line: the folder's name."""
        return self.folder.name

    @property
    def name(self) -> str:
        """Name of the place."""
        return self.manifest.name

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """Tiers of need, mildest first, as `place.toml` lists them."""
        return self.manifest.tiers

    @property
    def core_offer(self) -> tuple[str, ...]:
        """Services that a site can hold."""
        return self.manifest.core_offer

    @property
    def kinds(self) -> tuple[SiteKind, ...]:
        """Kinds of site that the place uses."""
        return self.manifest.kinds

    @property
    def vintages(self) -> tuple[str, ...]:
        """Editions of the deprivation figures: the one that estimates start from, then the others, oldest first."""
        first = self.manifest.opening_vintage
        return tuple(sorted(self.manifest.vintages, key=lambda vintage: (vintage != first, vintage)))

    @property
    def children(self) -> int:
        """All children, of the ages that `manifest.children_title` names."""
        return int(self.areas["children"].sum())

    @property
    def age_bands(self) -> tuple[AgeBand, ...]:
        """Columns of `areas` with children by age; none where the place's files hold no ages."""
        return self.manifest.age_bands

    @property
    def population(self) -> pd.Series:
        """Residents of each small area: the weight of averages of the deprivation figures."""
        return self.areas[self.manifest.population_column]

    def vintage(self, vintage: str) -> Vintage:
        """One edition's description.

        Raises
        ------
        HubreachError
            If the place has no such edition.
        """
        if vintage not in self.manifest.vintages:
            known = ", ".join(self.vintages)
            fault = Fault("vintage", None, None, f"{vintage!r} is not known", f"Choose one of: {known}")
            raise HubreachError(f"{self.name} has no deprivation figures of {vintage}.", [fault])
        return self.manifest.vintages[vintage]

    def deprivation(self, vintage: str) -> pd.DataFrame:
        """Deprivation by small area for one edition, on the index of `areas`.

        `imd_rank` and, where published, `idaci_rank` are national ranks (1 most deprived; a mean by
        population where an area was split since); `*_position` is 1 - (rank - 0.5) / N, in (0, 1), where
        N is the number of areas in England and 1 is the most deprived.
        """
        self.vintage(vintage)
        return self.deprivation_by_vintage[vintage]

    @cached_property
    def points(self) -> pd.DataFrame:
        """Where people stand, index `point_code`, area by area (`analysis.places.points`).

        The council's own, or the weighted points of the tables of England; one point at the centre of each area where the
        place's own folder holds the figures.
        """
        if self.own_points is not None:
            return self.own_points
        return england_points(self.districts) if self.districts else centre_points(self.areas)

    @property
    def stated_in(self) -> str:
        """File of its folder in which the council's statements stand, or would."""
        return DECISIONS_FILE if self.districts else PLACE_FILE

    @property
    def listed_in(self) -> str:
        """File that lists the sources of its figures."""
        return "data/england/sources.toml" if self.districts else PLACE_FILE

    def own(self, kind: OwnKind) -> OwnFile | None:
        """The council's own figures of a kind, where they are in force."""
        return next((about for about in self.own_files if about.kind == kind), None)

    @cached_property
    def editions(self) -> dict[str, Place]:
        """The place with other editions of children, as far as they were asked for."""
        return {}

    @property
    def at_centres(self) -> bool:
        """Whether everyone in a small area stands at its centre: nothing nearer is known."""
        return len(self.points) == len(self.areas)

    @cached_property
    def wards(self) -> gpd.GeoDataFrame:
        """Ward polygons dissolved from the small areas (EPSG:27700), index `ward_code`, with `ward_name`."""
        return self.outlines("ward")

    def has_level(self, level: AreaLevel) -> bool:
        """Whether the place is cut into areas of a level: localities are two or more, neighbourhoods have names."""
        if level == "locality":
            return len(set(self.areas["locality_code"])) > 1
        return level == "lsoa" or set(CODE_COLUMNS[level]) <= set(self.areas.columns)

    def outlines(self, level: AreaLevel) -> gpd.GeoDataFrame:
        """Polygons of a level, index `area_code`, column `area_name`, EPSG:27700."""
        code, name = CODE_COLUMNS[level]
        if level == "lsoa":
            shapes = self.boundaries[["geometry"]].copy()
            shapes.insert(0, "area_name", self.areas["area_name"])
            return shapes
        joined = self.boundaries[["geometry"]].join(self.areas[[code, name]])
        dissolved = joined.dissolve(by=code, aggfunc="first").rename(columns={name: "area_name"})
        return dissolved.rename_axis("area_code")[["area_name", "geometry"]]

    @kept(5)
    def names(self, level: AreaLevel) -> pd.Series:
        """Names of the areas of a level, index `area_code`, in order of code."""
        if level == "lsoa":
            return self.areas["area_name"]
        code, name = CODE_COLUMNS[level]
        return self.areas.groupby(code)[name].first().rename_axis("area_code").rename("area_name")

    def keys(self, level: AreaLevel) -> pd.Series:
        """For every small area, the code of the area of `level` that it belongs to."""
        if level == "lsoa":
            return self.areas.index.to_series()
        return self.areas[CODE_COLUMNS[level][0]]


def sum_by(place: Place, counts: pd.DataFrame, level: AreaLevel) -> pd.DataFrame:
    """Counts of small areas added up to a level.

    Parameters
    ----------
    place : Place
        Gives the membership.
    counts : DataFrame
        Index small-area code, numeric columns.
    level : {"lsoa", "msoa", "ward", "locality", "place"}
        What to add up to.

    Returns
    -------
    DataFrame
        Index `area_code` in order of code, columns of `counts`.
    """
    if level == "lsoa":
        return counts.copy()
    # pandas looks for a Series of keys among the columns first, and words an error with all of it.
    keys = place.keys(level).reindex(counts.index).array
    return counts.groupby(keys).sum().rename_axis("area_code")


def weighted_mean_by(
    place: Place, scores: pd.DataFrame, weights: pd.Series, level: AreaLevel
) -> pd.DataFrame:
    """Means of scores over small areas, weighted (by children, or population), index `area_code`.

    Never a mean of means: every level is worked out from the small areas. A small area with a missing
    score takes no part in that score's mean.
    """
    if level == "lsoa":
        return scores.copy()
    key = place.keys(level).reindex(scores.index)
    heavy = scores.notna().mul(weights, axis=0)
    total = scores.mul(weights, axis=0).groupby(key).sum()
    return total.div(heavy.groupby(key).sum()).rename_axis("area_code")
