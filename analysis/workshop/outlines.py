"""A map small enough for a phone: outlines of areas, and sites, in a box of whole numbers."""

from __future__ import annotations

from typing import Literal, TypedDict, cast

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.places.place import Place
from analysis.workshop.questions import Question

WIDTH = 1000
TOLERANCE_M = 60.0


class Shape(TypedDict):
    """One area that can be tapped: SVG path, and where its name goes."""

    key: str
    name: str
    path: str


class Spot(TypedDict):
    """One site that can be tapped."""

    key: str
    name: str
    x: int
    y: int


class Outline(TypedDict):
    """The map of one question, `width` x `height` units, y downwards."""

    width: int
    height: int
    choose: Literal["area", "site"]
    areas: list[Shape]
    sites: list[Spot]


def outline_of(place: Place, question: Question) -> Outline | None:
    """Map for a `place` question, or None for any other.

    Parameters
    ----------
    place : Place
        Its wards or localities are drawn; sites on top where the items are sites.
    question : Question
        With its items filled in.

    Returns
    -------
    Outline or None
        None also when the items are neither areas nor sites of the place: the phone then shows a list.

    Notes
    -----
    Outlines are simplified to about 60 m for the screen; they answer "which area", not "which side of
    the street".
    """
    if question.kind != "place":
        return None
    for level in ("ward", "locality"):
        shapes = place.outlines(level)
        if set(question.keys) <= set(shapes.index):
            return _draw(shapes.loc[list(question.keys)], place.sites.iloc[:0], "area")
    if set(question.keys) <= set(place.sites.index):
        return _draw(place.outlines("ward"), place.sites.loc[list(question.keys)], "site")
    return None


def _draw(shapes: pd.DataFrame, sites: pd.DataFrame, choose: Literal["area", "site"]) -> Outline:
    geometries = shapely.coverage_simplify(shapes["geometry"].to_numpy(), TOLERANCE_M)
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(geometries))
    scale = WIDTH / (east - west)
    areas: list[Shape] = [
        {"key": str(key), "name": str(name), "path": _path(geometry, west, north, scale)}
        for key, name, geometry in zip(shapes.index, shapes["area_name"], geometries, strict=True)
    ]
    spots: list[Spot] = [
        {
            "key": str(site.Index),
            "name": str(site.name),
            "x": round((cast("float", site.easting) - west) * scale),
            "y": round((north - cast("float", site.northing)) * scale),
        }
        for site in sites.itertuples()
    ]
    height = round((north - south) * scale)
    return {"width": WIDTH, "height": height, "choose": choose, "areas": areas, "sites": spots}


def _path(geometry: BaseGeometry, west: float, north: float, scale: float) -> str:
    rings = []
    for polygon in getattr(geometry, "geoms", [geometry]):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [f"{round((x - west) * scale)} {round((north - y) * scale)}" for x, y in ring.coords]
            rings.append("M" + "L".join(points[:-1]) + "Z")
    return "".join(rings)
