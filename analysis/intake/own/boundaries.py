"""A council's own shapes of small areas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import shapely

from analysis.base.faults import FaultList
from analysis.intake.assemble.shapes import read_shapes, recognise_shapes
from analysis.intake.own.codes import MOST_NAMED, report_missing
from analysis.places.place import Place

HEADLINE = "The shapes cannot be used as they are."
MOST_CORNERS = 2_000_000
GRID_M = 0.1


def read_own_boundaries(
    path: Path, place: Place, columns: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, str]:
    """Read polygons of a place's small areas.

    Parameters
    ----------
    path : Path
        GeoJSON, GeoPackage or a zipped shapefile with a property of codes of LSOAs of 2021; may cover the country.
    place : Place
        A place of England.
    columns : mapping, optional
        `lsoa_code` to the property that holds the codes.

    Returns
    -------
    table : DataFrame
        `area_code`, `wkb` (hexadecimal, EPSG:27700), every area of the place.
    note : str
        Areas that stood in several features; "" for none.

    Raises
    ------
    HubreachError
        With every area without a polygon, or whose polygon lies elsewhere than that of England's figures.
    """
    shapes = read_shapes(recognise_shapes(path, columns), list(place.areas.index))
    faults = FaultList(path.name)
    report_missing(place.areas.index.difference(shapes.index), place, faults)
    drawn = shapes.geometry.reindex(place.areas.index.intersection(shapes.index))
    flat = drawn.index[~drawn.geom_type.isin(["Polygon", "MultiPolygon"]) | (drawn.area <= 0)]
    apart = drawn.index[~drawn.intersects(place.boundaries.geometry.reindex(drawn.index))].difference(flat)
    for codes, what, several in (
        (flat, "is no polygon", "are no polygons"),
        (
            apart,
            "lies elsewhere than England's figures have it",
            "lie elsewhere than England's figures have them",
        ),
    ):
        if len(codes):
            named = ", ".join(f"{code} ({place.areas['area_name'][code]})" for code in codes[:MOST_NAMED])
            more = f" and {len(codes) - MOST_NAMED:,} more" if len(codes) > MOST_NAMED else ""
            told = f"{named}{more} {what if len(codes) == 1 else several}"
            faults.add(told, "Check the shapes and the codes", column="geometry")
    corners = int(shapely.get_num_coordinates(drawn.to_numpy()).sum())
    if corners > MOST_CORNERS:
        told = f"the shapes have {corners:,} corners, more than {MOST_CORNERS:,}"
        faults.add(told, "Give generalised boundaries (20 m), as the ONS publishes them", column="geometry")
    faults.raise_if_any(HEADLINE)
    snapped = shapely.set_precision(drawn.to_numpy(), GRID_M, mode="pointwise")
    table = pd.DataFrame({"area_code": drawn.index, "wkb": shapely.to_wkb(snapped, hex=True)})
    joined = shapes.attrs["joined"]
    return (
        table,
        f"{joined:,} areas stand in the file in several shapes, which were put together." if joined else "",
    )
