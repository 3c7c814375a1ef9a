"""Cut the official tables into authorities: for each, a place in memory that every measure can be asked of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.intake.assemble.assembly import assemble
from analysis.intake.assemble.editions import EDITIONS
from analysis.intake.assemble.gathering import OfficialTables
from analysis.intake.assemble.new_place import starting_tables
from analysis.places.coordinates import BRITISH_GRID
from analysis.places.deprivation import with_positions
from analysis.places.england.grounds import find_ground, grounds
from analysis.places.england.opening import NEWEST, england_place
from analysis.places.manifest import Manifest
from analysis.places.place import Place
from analysis.places.sites.register import empty_sites

NOWHERE = "There is nothing to work out."


@dataclass(frozen=True, eq=False)
class Authority:
    """One authority's rows of the national tables: all that a worker needs, and small enough to send.

    Parameters
    ----------
    code, name : str
    manifest : Manifest
        What its place says of itself.
    areas : DataFrame
        Index LSOA code; as `Place.areas`; `easting`, `northing` are NaN where no boundaries were given.
    figures : DataFrame
        Deprivation of the edition that the manifest names, same index.
    """

    code: str
    name: str
    manifest: Manifest
    areas: pd.DataFrame
    figures: pd.DataFrame

    @property
    def place(self) -> Place:
        """The authority as a place without boundaries and without sites of its own."""
        shapes = gpd.GeoDataFrame(index=self.areas.index, geometry=[None] * len(self.areas), crs=BRITISH_GRID)
        vintage = next(iter(self.manifest.vintages))
        return Place(
            Path(self.code), self.manifest, self.areas, shapes, {vintage: self.figures}, empty_sites()
        )


def bundled_authorities(only: Collection[str] = ()) -> list[Authority]:
    """Authorities of the tables of England that come with the product, in order of code.

    Parameters
    ----------
    only : collection of str
        Whatever a place is called (`find_ground`); none means all 153.

    Raises
    ------
    HubreachError
        With every name that is none of an authority.
    """
    every = {ground.code: ground for ground in grounds().values() if ground.kind == "authority"}
    faults, chosen = FaultList("--authority"), set[str]()
    for name in only:
        ground = find_ground(name)
        chosen |= set() if ground is None else set(ground.authorities)
        if ground is None:
            faults.add(f"{name!r:.60} is not known", "hubreach places lists them all")
    faults.raise_if_any(NOWHERE)
    found = []
    for code in sorted(chosen or every):
        place = england_place(every[code], figures_only=True)
        newest = {NEWEST: place.manifest.vintages[NEWEST]}
        manifest = place.manifest.model_copy(update={"vintages": newest})
        found.append(Authority(code, place.name, manifest, place.areas, place.deprivation(NEWEST)))
    return found


def english_authorities(
    tables: OfficialTables,
    centroids: pd.DataFrame | None = None,
    only: Collection[str] = (),
    geography: str = "",
) -> list[Authority]:
    """Every authority in England that the tables hold, in order of code.

    Parameters
    ----------
    tables : OfficialTables
    centroids : DataFrame, optional
        Index LSOA code; `easting`, `northing`, `lon`, `lat`. Needed for reach.
    only : collection of str
        Codes or names; none means all of England.
    geography : str
        Census year of the LSOAs; "" for the oldest edition that is there.

    Raises
    ------
    HubreachError
        If the tables do not hold what a place needs, or there is no such authority.
    """
    year = geography or next(iter(sorted(tables.homes)), "")
    homes = tables.homes.get(year)
    if homes is None or "district_code" not in homes:
        fault = Fault(
            "official files", None, None, "no file says which authority an LSOA is in", "Give a lookup"
        )
        raise HubreachError(NOWHERE, [fault])
    codes = homes["district_code"].dropna()
    wanted = list(only) or sorted({str(code) for code in codes if str(code).startswith("E")})
    assembly = assemble(tables, wanted, year)
    edition = EDITIONS[next(iter(assembly.figures))]
    figures = with_positions(assembly.figures[edition.year], edition.areas_in_england)
    areas = assembly.areas
    if "children" not in areas:
        areas = areas.assign(children=areas[list(assembly.age_bands)].sum(axis=1))
    nowhere = pd.DataFrame(float("nan"), index=areas.index, columns=["easting", "northing", "lon", "lat"])
    areas = areas.join(
        nowhere if centroids is None else centroids.reindex(areas.index)[list(nowhere.columns)]
    )
    found = []
    for code, rows in areas.groupby(homes["district_code"].reindex(areas.index), sort=True):
        name = assembly.district_names[str(code)]
        own = rows.assign(place_code=str(code), place_name=name, locality_code=str(code), locality_name=name)
        values = {
            **starting_tables(),
            "name": name,
            "authority": str(code),
            "geography": f"LSOA {year}",
            "children_title": assembly.children_title,
            "age_bands": assembly.age_bands,
            "population_column": assembly.population_column,
            "vintages": {
                edition.year: {
                    "title": edition.title,
                    "file": f"deprivation_{edition.year}.csv",
                    "geography": f"LSOA {edition.geography}",
                    "areas_in_england": edition.areas_in_england,
                }
            },
        }
        manifest = Manifest.model_validate(values)
        found.append(Authority(str(code), name, manifest, own, figures.loc[rows.index]))
    return found
