"""Make a place of a part of England from the tables that come with the product."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.folders import bundled_places_folder, dashboard_folder
from analysis.base.text import slugify
from analysis.places.barriers import Barrier, place_barriers
from analysis.places.coordinates import BRITISH_GRID, lon_lat_of_grid
from analysis.places.crossings import Crossing, place_crossings
from analysis.places.deprivation import with_positions
from analysis.places.england.decisions import read_decisions, stated_tiers
from analysis.places.england.grounds import Ground
from analysis.places.england.tables import (
    AREAS_2019,
    AREAS_2025,
    BANDS_MID2024,
    authorities,
    districts,
    england_sources,
    read_rows,
    read_shapes,
)
from analysis.places.localities import report_unknown_wards, with_localities
from analysis.places.manifest import (
    DECISIONS_FILE,
    Decisions,
    Locality,
    Manifest,
    SiteKind,
    Source,
    Tier,
    Vintage,
)
from analysis.places.own.applied import with_own_figures
from analysis.places.own_indicators import HeldIndicator, read_own_indicators
from analysis.places.place import Place
from analysis.places.sites.register import SITE_COLUMNS, empty_sites
from analysis.places.sites.values import sites_of_rows

NEWEST = "2025"
VINTAGES = {
    "2019": Vintage(
        title="English Indices of Deprivation 2019, carried to the areas of 2021",
        file="deprivation_2019.parquet",
        geography="LSOA 2021",
        areas_in_england=AREAS_2019,
    ),
    NEWEST: Vintage(
        title="English Indices of Deprivation 2025",
        file="deprivation_2025.parquet",
        geography="LSOA 2021",
        areas_in_england=AREAS_2025,
    ),
}
AREA_COLUMNS = {
    "area_name": "area_name",
    "neighbourhood": "neighbourhood",
    "ward_code": "ward_code",
    "ward_name": "ward_name",
    "ward_estimated": "ward_estimated",
    "district_code": "district_code",
    "authority_code": "authority_code",
    "msoa_code": "msoa_code",
    "rural_urban": "rural_urban",
    "population_census2021": "population_census2021",
    **{column: band for band, column in BANDS_MID2024.items()},
    "easting": "easting",
    "northing": "northing",
}
READ_TABLES = ("areas", "deprivation_2025", "deprivation_2019", "boundaries", "sites", "demand_points")


@lru_cache(maxsize=1)
def _start() -> dict[str, Any]:
    """Tiers and kinds of a place about which nobody has said anything yet (`data/new_place.toml`)."""
    return tomllib.loads((dashboard_folder() / "data" / "new_place.toml").read_text("utf-8"))


def england_kinds() -> tuple[SiteKind, ...]:
    """Kinds of site that a place of England starts with, in the order in which a double listing is read."""
    return tuple(SiteKind.model_validate(kind) for kind in _start()["kinds"])


def england_place(
    ground: Ground, faults: FaultList | None = None, *, figures_only: bool = False, own_figures: bool = True
) -> Place:
    """Everything that the tables of England hold about one part of it.

    Parameters
    ----------
    ground : Ground
    faults : FaultList, optional
        Takes what is wrong with the user's own additions; without one it is raised.
    figures_only : bool
        Whether shapes, sites and the user's own additions are left out.
    own_figures : bool
        Whether the council's own children, wards, sites, shapes and points stand in place of those of England.

    Returns
    -------
    Place
        On LSOAs of 2021, wards of May 2025, children of mid-2024 and the indices of 2025; its folder is the one
        that would hold the council's decisions, and need not exist.
    """
    folder = bundled_places_folder() / ground.slug
    found = FaultList(DECISIONS_FILE) if faults is None else faults
    said = read_decisions(folder, found)
    areas = _areas(ground)
    if said.localities:
        areas = with_localities(areas, said, found)
    report_unknown_wards(areas, said, found)
    deprivation = {
        key: _deprivation(ground, vintage).reindex(areas.index) for key, vintage in VINTAGES.items()
    }
    boundaries = gpd.GeoDataFrame(index=areas.index, geometry=[None] * len(areas), crs=BRITISH_GRID)
    left_out = FaultList("indicators")
    own, crossings, barriers = tuple[HeldIndicator, ...](), tuple[Crossing, ...](), tuple[Barrier, ...]()
    if figures_only:
        sites = empty_sites()
    else:
        own = read_own_indicators(folder, areas, left_out)
        boundaries = read_shapes("boundaries", ground.districts, index="area_code").reindex(areas.index)
        sites = _sites(ground)
        crossings = place_crossings(folder, ground.authorities, found)
        barriers = place_barriers(folder, found)
    manifest = _manifest(ground, said, areas, sites, found)
    if faults is None:
        found.raise_if_any(f"{ground.name} cannot be opened with its own additions.")
    place = Place(
        folder,
        manifest,
        areas,
        boundaries,
        deprivation,
        sites,
        own,
        districts=ground.districts,
        crossings=crossings,
        barriers=barriers,
        left_out=tuple(left_out),
    )
    return with_own_figures(place, faults) if own_figures and not figures_only else place


def _areas(ground: Ground) -> pd.DataFrame:
    rows = read_rows("areas", ground.districts, ["area_code", *AREA_COLUMNS])
    areas = rows.rename(columns=AREA_COLUMNS).set_index("area_code").sort_index()
    lon, lat = lon_lat_of_grid(areas["easting"], areas["northing"])
    locality_code, locality_name = _localities(ground, areas)
    return areas.assign(
        area_name=areas["neighbourhood"] + " (" + areas["area_name"] + ")",
        ward_name=told_apart(areas),
        children=areas[list(BANDS_MID2024)].sum(axis=1),
        easting=areas["easting"].astype(float),
        northing=areas["northing"].astype(float),
        lon=lon.round(5),
        lat=lat.round(5),
        place_code=ground.code,
        place_name=ground.name,
        locality_code=locality_code,
        locality_name=locality_name,
    )


def _localities(ground: Ground, areas: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Code and name of each area's locality: authority, district of a county, or the whole place."""
    if len(ground.authorities) > 1:
        codes, names = areas["authority_code"], authorities()["authority_name"]
    elif len(ground.districts) > 1:
        codes, names = areas["district_code"], districts()["district_name"]
    else:
        codes, names = pd.Series(ground.code, areas.index), pd.Series({ground.code: ground.name})
    return codes, codes.map(names)


def told_apart(areas: pd.DataFrame) -> pd.Series:
    """Ward names; with the district where two wards of the place have one name.

    Parameters
    ----------
    areas : DataFrame
        Index area; `ward_code`, `ward_name`, `district_code`.

    Returns
    -------
    Series
        On the index of `areas`.
    """
    names = areas["ward_name"]
    wards = areas.drop_duplicates("ward_code")
    shared = set(wards["ward_name"][wards["ward_name"].duplicated()])
    district = areas["district_code"].map(districts()["district_name"])
    return names.where(~names.isin(shared), names + " (" + district + ")")


def _deprivation(ground: Ground, vintage: Vintage) -> pd.DataFrame:
    rows = read_rows(vintage.file.removesuffix(".parquet"), ground.districts).set_index("area_code")
    return with_positions(rows.select_dtypes("number").astype(float), vintage.areas_in_england)


def _sites(ground: Ground) -> pd.DataFrame:
    rows = read_rows("sites", ground.districts)
    lon, lat = lon_lat_of_grid(rows["easting"], rows["northing"])
    ids = rows["site_id"]
    if len(ground.authorities) > 1:
        # An id is an authority's own: where two of them use it, each says whose it is.
        owner = rows["authority_code"].map(authorities()["authority_name"].map(slugify))
        ids = ids.where(~ids.duplicated(keep=False), ids + "-" + owner)
    given = rows[[name for name in SITE_COLUMNS if name in rows]]
    given = given.assign(lon=lon.round(5), lat=lat.round(5))
    records = ({str(column): value for column, value in row.items()} for row in given.to_dict("records"))
    return sites_of_rows(dict(zip(ids, records, strict=True)))


def _manifest(
    ground: Ground, said: Decisions, areas: pd.DataFrame, sites: pd.DataFrame, faults: FaultList
) -> Manifest:
    statements = said.statements
    if not said.localities and len(set(areas["locality_code"])) > 1:
        wards = areas.drop_duplicates("ward_code").groupby("locality_name")["ward_name"]
        statements["localities"] = tuple(
            Locality(name=str(name), wards=tuple(sorted(inside))) for name, inside in wards
        )
    start = tuple(Tier.model_validate(tier) for tier in _start()["tiers"])
    own_kinds = {kind.name for kind in said.kinds}
    return Manifest(
        name=ground.name,
        authority=ground.code,
        geography="LSOA 2021",
        children_title="Children aged 0-17, mid-2024",
        population_column="population_census2021",
        opening_vintage=NEWEST,
        tiers=stated_tiers(start, said.tiers, faults),
        vintages=VINTAGES,
        kinds=(*said.kinds, *(kind for kind in england_kinds() if kind.name not in own_kinds)),
        sources=_sources(sites),
        **statements,
    )


def _sources(sites: pd.DataFrame) -> tuple[Source, ...]:
    """Sources of what the place shows, under the names that its own tables have."""
    listed = ";".join(sites["source"].unique())
    kept = []
    for source in england_sources():
        table = source.file.removesuffix(".parquet")
        columns = tuple(AREA_COLUMNS.get(c, c) if table == "areas" else c for c in source.columns)
        if table in READ_TABLES and (not source.cited_as or source.cited_as in listed):
            kept.append(source.model_copy(update={"columns": columns}))
    return tuple(kept)
