"""A place that was put together from official files, and what it says of itself: its manifest and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import tomlkit

from analysis.base.folders import dashboard_folder
from analysis.base.text import slugify
from analysis.intake.assemble.assembly import Assembly
from analysis.intake.assemble.editions import EDITIONS, LICENCE, PUBLISHER
from analysis.intake.assemble.gathering import Note

ONS = "Office for National Statistics"
OS_LICENCE = f"{LICENCE}; contains OS data (c) Crown copyright and database right"


@dataclass(frozen=True, eq=False)
class NewPlace:
    """A place that can be written.

    Parameters
    ----------
    name : str
    assembly : Assembly
    shapes : GeoDataFrame
        Index LSOA code, EPSG:27700, with `lon`, `lat`; attribute `centroids`.
    boundary_file : str
    land : GeoDataFrame or None
        The land around, one shape.
    sites : DataFrame
        Rows of sites.csv; none where no list was given.
    notes : tuple of Note
    """

    name: str
    assembly: Assembly
    shapes: gpd.GeoDataFrame
    boundary_file: str
    land: gpd.GeoDataFrame | None
    sites: pd.DataFrame
    notes: tuple[Note, ...]

    @property
    def slug(self) -> str:
        """Its folder's name."""
        return slugify(self.name)

    def preview(self) -> pd.DataFrame:
        """What every file gave: index `file`; `holds`, `rows`, `left_out` (what, and why)."""
        return pd.DataFrame(list(self.notes), columns=["file", "holds", "rows", "left_out"]).set_index("file")


def starting_tables() -> dict[str, Any]:
    """Tiers and kinds of site that a place starts with, until its council sets its own."""
    start = tomlkit.parse((dashboard_folder() / "data" / "new_place.toml").read_text("utf-8")).unwrap()
    return {name: start[name] for name in ("tiers", "kinds")}


def manifest_of(new: NewPlace) -> dict[str, Any]:
    """Everything that the place's place.toml says."""
    assembly = new.assembly
    manifest: dict[str, Any] = {
        "name": new.name,
        "authority": "+".join(assembly.district_names),
        "geography": f"LSOA {assembly.geography}",
        "children_title": assembly.children_title,
        "age_bands": list(assembly.age_bands),
        "population_column": assembly.population_column,
        **starting_tables(),
    }
    if len(assembly.district_names) > 1:
        manifest["localities"] = _localities(assembly)
    manifest["vintages"] = {edition: _vintage(edition, assembly) for edition in sorted(assembly.figures)}
    manifest["sources"] = _sources(new)
    return manifest


def _localities(assembly: Assembly) -> list[dict[str, Any]]:
    """Each of several authorities is a locality of the place that they make."""
    wards = assembly.areas.groupby("district_name")["ward_name"].unique()
    return [{"name": str(name), "wards": sorted(map(str, held))} for name, held in wards.items()]


def _vintage(year: str, assembly: Assembly) -> dict[str, Any]:
    edition = EDITIONS[year]
    vintage: dict[str, Any] = {
        "title": edition.title,
        "file": f"deprivation_{year}.csv",
        "geography": f"LSOA {edition.geography}",
        "areas_in_england": edition.areas_in_england,
    }
    if edition.geography != assembly.geography:
        vintage["changes"] = "lsoa_2011_to_2021.csv"
    if year in assembly.averages:
        vintage["official_imd_average"] = assembly.averages[year]
        vintage["official_imd_average_source"] = f"{edition.title}, File 10: average score of the authority"
    return vintage


def _source(
    file: str, columns: Sequence[str], title: str, publisher: str, vintage: str, **more: str
) -> dict[str, Any]:
    source = {
        "file": file,
        "columns": list(columns),
        "title": title,
        "publisher": publisher,
        "vintage": vintage,
    }
    return {**source, "licence": more.pop("licence", LICENCE), **more}


def _sources(new: NewPlace) -> list[dict[str, Any]]:
    assembly = new.assembly
    columns = list(assembly.areas.columns)
    year = assembly.geography
    best_fit = "Best fit: an LSOA that straddles a ward boundary belongs wholly to one ward."
    wards = f"LSOA {year} to ward {assembly.ward_year} lookup".replace("  ", " ")
    sources = [
        _source(
            "areas.csv", ["area_code", "area_name"], f"Lower layer Super Output Areas ({year})", ONS, year
        ),
        _source(
            "areas.csv",
            ["ward_code", "ward_name", *(name for name in ("msoa_code", "rural_urban") if name in columns)],
            wards,
            ONS,
            assembly.ward_year or year,
            note=f"{best_fit} From {assembly.ward_source}.",
        ),
        *_people_sources(assembly),
        _source(
            "areas.csv",
            ["lon", "lat"],
            f"LSOA {year}: {new.shapes.attrs['centroids']}",
            ONS,
            year,
            licence=OS_LICENCE,
            note=f"From {new.boundary_file}.",
        ),
    ]
    sources.append(
        _source(
            "boundaries.geojson",
            ["area_code"],
            f"LSOA {year} boundaries",
            ONS,
            year,
            licence=OS_LICENCE,
            note=f"From {new.boundary_file}.",
        )
    )
    for edition, figures in assembly.figures.items():
        file, title = f"deprivation_{edition}.csv", EDITIONS[edition].title
        sources.append(_source(file, list(figures.columns), title, PUBLISHER, edition))
    if assembly.changes is not None:
        sources.append(
            _source(
                "lsoa_2011_to_2021.csv",
                ["newer_code", "change"],
                "LSOA 2011 to LSOA 2021 lookup",
                ONS,
                "2022",
            )
        )
    if len(new.sites):
        own = "Sites, from the lists that were given when the place was added"
        held = [str(name) for name in new.sites.columns]
        sources.append(
            _source(
                "sites.csv", held, own, "As named in the column source", "as given", licence="As published"
            )
        )
    return sources


def _people_sources(assembly: Assembly) -> list[dict[str, Any]]:
    counted = ["children", *assembly.age_bands] if not assembly.age_bands else list(assembly.age_bands)
    weight = assembly.population_column
    mid = weight.removeprefix("population_")
    residents = [name for name in assembly.areas.columns if name.startswith("population_") and name != weight]
    weight_from_ages = assembly.population_source == assembly.children_source and bool(assembly.age_bands)
    ages = "Small-area population estimates by age"
    denominators = "English Indices of Deprivation: population denominators"
    weight_title, weight_publisher = (ages, ONS) if weight_from_ages else (denominators, PUBLISHER)
    child_title, child_publisher = (ages, ONS) if assembly.age_bands else (denominators, PUBLISHER)
    note = (
        ""
        if assembly.age_bands
        else (
            "Children aged 16 and 17, and children by single age, are not in these files: "
            "every count of children, and every prevalence, is of dependent children aged 0-15. "
        )
    )
    return [
        _source(
            "areas.csv",
            [weight],
            weight_title,
            weight_publisher,
            mid,
            note=f"From {assembly.population_source}.",
        ),
        _source(
            "areas.csv",
            [*counted, *residents],
            child_title,
            child_publisher,
            assembly.children_title.split(", ")[-1],
            note=f"{note}From {assembly.children_source}.",
        ),
    ]


def new_place_sentences(new: NewPlace) -> list[str]:
    """What a place would be made of, in words: whose it is, its children, its average against the official one."""
    assembly = new.assembly
    names = ", ".join(f"{name} ({code})" for code, name in assembly.district_names.items())
    children = int(assembly.areas[list(assembly.age_bands) or ["children"]].to_numpy().sum())
    areas, wards = len(assembly.areas), assembly.areas["ward_code"].nunique()
    return [
        f"{names}: {areas:,} small areas (LSOA {assembly.geography}), {wards:,} wards, {len(new.sites):,} sites.",
        f"{children:,} children: {assembly.children_title}.",
        *_averages(new),
    ]


def _averages(new: NewPlace) -> list[str]:
    assembly = new.assembly
    weight = assembly.areas[assembly.population_column]
    lines = []
    for edition, figures in assembly.figures.items():
        if not figures.index.equals(assembly.areas.index):
            continue
        mean = (figures["imd_score"] * weight).sum() / weight.sum()
        official = assembly.averages.get(edition)
        beside = "no File 10 to compare it with" if official is None else f"official average {official:.3f}"
        lines.append(f"Population-weighted IMD {edition}: {mean:.3f} ({beside}).")
    return lines
