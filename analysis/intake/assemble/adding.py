"""Add a place from official files: recognise, read, join, preview, save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import box

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.limits import refuse
from analysis.base.text import plain
from analysis.intake.assemble.assembly import Assembly, assemble
from analysis.intake.assemble.gathering import Note, gather
from analysis.intake.assemble.new_place import NewPlace, starting_tables
from analysis.intake.assemble.shapes import ShapeFile, polygons_within, read_shapes, recognise_shapes
from analysis.intake.assemble.site_lists import UnknownKinds, read_site_list
from analysis.intake.files.mappings import Answers
from analysis.places.coordinates import BRITISH_GRID, WGS84
from analysis.places.manifest import SiteKind

Mappings = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class PlaceFiles:
    """The files that a place is to be made of.

    Parameters
    ----------
    name : str
        Of the place.
    authorities : tuple of str
        Codes or names; several make one place, with a locality each.
    tables : tuple of Path
        Indices, lookups, population: in any order.
    boundaries : Path
        Of the place, or of the whole country.
    sites : tuple of Path
        Lists of sites; may be none.
    said : mapping
        By file name: what its columns mean where they are not recognised, and which rows are meant.
    unknown : {"possible", "open", "left out"}
        What becomes of sites of kinds that a new place does not know.
    """

    name: str
    authorities: tuple[str, ...]
    tables: tuple[Path, ...]
    boundaries: Path
    sites: tuple[Path, ...] = ()
    said: Mapping[str, Answers] = field(default_factory=dict)
    unknown: UnknownKinds = "possible"


def prepare_place(files: PlaceFiles) -> NewPlace:
    """Read and join everything; nothing is written.

    Raises
    ------
    HubreachError
        With every fault of every file that could be read as far.

    See Also
    --------
    analysis.intake.assemble.saving.save_place : Writes it.
    """
    faults = FaultList("files")
    mappings = {name: said.columns for name, said in files.said.items()}
    shape_file, tables = None, None
    with faults.collecting():
        tables = gather(files.tables, mappings, {name: said.where for name, said in files.said.items()})
    with faults.collecting():
        shape_file = recognise_shapes(files.boundaries, mappings.get(files.boundaries.name))
    faults.raise_if_any("These files cannot be used as they are.")
    if tables is None or shape_file is None:  # pragma: no cover - absent only when a fault was recorded
        raise AssertionError(files)
    assembly = assemble(tables, files.authorities, shape_file.year)
    shapes = _shapes(shape_file, assembly)
    name = plain(files.name) or next(iter(assembly.district_names.values()))
    sites, notes = _sites(files, assembly, shapes, mappings, name)
    if len(assembly.district_names) > 1:
        home = tables.homes[assembly.geography]["district_name"].reindex(assembly.areas.index)
        assembly.areas.insert(1, "district_name", home)
    land = land_around(shapes.geometry, polygons_within(shape_file, _window(shapes.geometry)))
    joined = shapes.attrs["joined"]
    parts = f"{joined:,} areas were in several shapes, which were put together" if joined else ""
    drawn = Note(shape_file.path.name, f"boundaries of LSOA {shape_file.year}", len(shapes), parts)
    return NewPlace(
        name, assembly, shapes, shape_file.path.name, land, sites, (*assembly.notes, drawn, *notes)
    )


def _shapes(source: ShapeFile, assembly: Assembly) -> gpd.GeoDataFrame:
    codes = [str(code) for code in assembly.areas.index]
    shapes = read_shapes(source, codes)
    missing = sorted(set(codes) - set(shapes.index))
    if missing:
        found = f"{len(missing):,} of {len(codes):,} small areas have no polygon: {', '.join(missing[:5])}"
        remedy = f"Give boundaries that hold all of LSOA {assembly.geography} of the place"
        raise refuse(source.path.name, found, remedy)
    return shapes


def _sites(
    files: PlaceFiles, assembly: Assembly, shapes: gpd.GeoDataFrame, mappings: Mappings, name: str
) -> tuple[pd.DataFrame, list[Note]]:
    faults, lists = FaultList("sites"), []
    for path in files.sites:
        with faults.collecting():
            lists.append(
                read_site_list(
                    path,
                    districts=set(assembly.district_names),
                    names={name, *assembly.district_names.values()},
                    outline=shapes.geometry,
                    kinds=[SiteKind(**kind) for kind in starting_tables()["kinds"]],
                    unknown=files.unknown,
                    given=mappings.get(path.name),
                )
            )
    faults.raise_if_any("The lists of sites cannot be used as they are.")
    if not lists:
        return pd.DataFrame(), [Note("sites", "no list of sites was given", 0, "")]
    sites = pd.concat([held.sites for held in lists], ignore_index=True).fillna("")
    cautions = [
        replace(held.note, left_out=" ".join([held.note.left_out, *held.cautions]).strip()) for held in lists
    ]
    return sites, cautions


def _window(place: gpd.GeoSeries) -> tuple[float, float, float, float]:
    west, south, east, north = (float(edge) for edge in place.total_bounds)
    margin = max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def land_around(place: gpd.GeoSeries, polygons: gpd.GeoSeries) -> gpd.GeoDataFrame | None:
    """The land around a place as one shape in degrees, so that rivers and sea are drawn as what is left.

    Parameters
    ----------
    place, polygons : GeoSeries
        EPSG:27700; `polygons` are those of the place and of others around it.

    Returns
    -------
    GeoDataFrame or None
        One row; None where there are no polygons but the place's own.
    """
    if len(polygons) <= len(place):
        return None
    land = polygons.clip(box(*_window(place))).union_all()
    shape = gpd.GeoSeries([land.simplify(30)], crs=BRITISH_GRID).to_crs(WGS84)
    return gpd.GeoDataFrame({"name": ["land"]}, geometry=shape)


def unknown_file(name: str, known: list[str]) -> HubreachError:
    """The error for a column that was given for a file that was not."""
    fault = Fault(
        "--column", None, None, f"no file {name!r:.60} was given", f"Use one of: {', '.join(known)}"
    )
    return HubreachError("The columns cannot be used.", [fault])
