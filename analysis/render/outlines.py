"""Shapes of a place ready for a screen map: made once, sent often."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.places.coordinates import WGS84, FloatArray, mercator
from analysis.places.england.tables import read_land
from analysis.places.place import LEVELS, AreaLevel, Place

DIGITS = 5
# Of the longer side of the place: narrower polygons are drawn with a thin outline.
LEAST_BREADTH = 0.01
# WGS 84.
EQUATOR_M, SQUARED_ECCENTRICITY = 6_378_137.0, 0.006694379990141
Feature = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Outlines:
    """GeoJSON features of a place's areas at every level, its surroundings, labels and bounds.

    Parameters
    ----------
    features : dict of AreaLevel to dict of str to Feature
        Geometry features by level and area code, WGS 84, properties empty.
    surroundings : list of Feature
        Land around the place; empty where the place has none.
    labels : dict of AreaLevel to DataFrame
        Index `area_code`; `area_name`, `lon`, `lat` of a point inside the polygon.
    bounds : tuple of float
        West, south, east, north in degrees, scale bar included.
    scale_bar : tuple
        Line coordinates of a scale bar below the place, and its words.
    mainland, islets : list of Feature
        Polygons of the place: those that a heavy outline leaves visible, and those that it would fill.
    """

    features: dict[AreaLevel, dict[str, Feature]]
    surroundings: list[Feature]
    labels: dict[AreaLevel, pd.DataFrame]
    bounds: tuple[float, float, float, float]
    scale_bar: tuple[list[list[float]], str]
    mainland: list[Feature]
    islets: list[Feature]


def outlines(place: Place) -> Outlines:
    """Work out the map shapes of a place.

    Ward, locality and place polygons are dissolved from the small areas, so that lines meet.
    """
    features: dict[AreaLevel, dict[str, Feature]] = {}
    labels: dict[AreaLevel, pd.DataFrame] = {}
    for level in LEVELS:
        features[level], labels[level] = _of_level(place, level)
    west, south, east, north = map(float, place.boundaries.to_crs(WGS84).total_bounds)
    bar = _scale_bar((west, south, east, north))
    bounds = (west, min(south, bar[0][0][1]), east, north)
    mainland, islets = _by_breadth(place.outlines("place").geometry)
    return Outlines(features, _surroundings(place), labels, bounds, bar, mainland, islets)


def with_level(shapes: Outlines, place: Place, level: AreaLevel) -> Outlines:
    """The same with the areas of a level that not every map needs."""
    if level in shapes.features:
        return shapes
    features, labels = _of_level(place, level)
    return replace(
        shapes, features=shapes.features | {level: features}, labels=shapes.labels | {level: labels}
    )


def _of_level(place: Place, level: AreaLevel) -> tuple[dict[str, Feature], pd.DataFrame]:
    """Features of the areas of a level, and where their names stand."""
    shapes = place.outlines(level)
    points = shapes.geometry.representative_point().to_crs(WGS84)
    labels = pd.DataFrame(
        {"area_name": shapes["area_name"], "lon": points.x.round(DIGITS), "lat": points.y.round(DIGITS)}
    )
    return _features(shapes.geometry), labels


def _features(shapes: gpd.GeoSeries) -> dict[str, Feature]:
    rounded = shapely.set_precision(shapes.to_crs(WGS84).to_numpy(), 10.0**-DIGITS, mode="pointwise")
    texts = shapely.to_geojson(rounded)
    return {
        str(code): {"type": "Feature", "properties": {}, "geometry": json.loads(text)}
        for code, text in zip(shapes.index, texts, strict=True)
    }


def _by_breadth(whole: gpd.GeoSeries) -> tuple[list[Feature], list[Feature]]:
    """Polygons of a place, and those among them whose mean breadth is next to nothing of the place's extent."""
    parts = whole.explode(ignore_index=True)
    west, south, east, north = whole.total_bounds
    breadth = 2 * parts.area / parts.length
    # A single polygon is the place, however thin.
    thin = (breadth < LEAST_BREADTH * max(east - west, north - south)) & (parts.area < parts.area.max())
    main, small = (list(_features(chosen).values()) for chosen in (parts[~thin], parts[thin]))
    return main, small


def _surroundings(place: Place) -> list[Feature]:
    path = place.folder / "surroundings.geojson"
    if path.exists():
        return list(json.loads(path.read_text("utf-8"))["features"])
    if not place.districts:
        return []
    west, south, east, north = place.boundaries.total_bounds
    margin = max(east - west, north - south)
    land = read_land(west - margin, south - margin, east + margin, north + margin)
    return list(_features(gpd.GeoSeries([land], ["land"], crs=place.boundaries.crs)).values())


def _scale_bar(bounds: tuple[float, float, float, float]) -> tuple[list[list[float]], str]:
    """A level bar of a round length, about a fifth of the place's width, along the parallel at the foot of the map."""
    west, south, east, north = bounds
    latitude = south - 0.05 * max((east - west) * math.cos(math.radians(south)), north - south)
    degree_m = _degree_of_longitude_m(latitude)
    length_km = round_length_km((east - west) * degree_m / 5)
    ends = [west, west + 1000 * length_km / degree_m]
    return [[round(lon, DIGITS + 1), round(latitude, DIGITS)] for lon in ends], f"{length_km:g} km"


def _degree_of_longitude_m(latitude: float) -> float:
    """Length of a degree of longitude on the WGS 84 ellipsoid."""
    phi = math.radians(latitude)
    return math.radians(EQUATOR_M) * math.cos(phi) / math.sqrt(1 - SQUARED_ECCENTRICITY * math.sin(phi) ** 2)


def polygons(feature: Feature) -> list[list[FloatArray]]:
    """Polygons of a feature, each as its rings (the outer first) of points."""
    geometry = feature["geometry"]
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[np.asarray(ring, dtype=float) for ring in part] for part in parts]


def round_length_km(most_m: float) -> float:
    """The longest of 1, 2 or 5 times a power of ten, in km, that is no longer than `most_m` metres.

    >>> round_length_km(3400)
    2.0
    """
    wanted = most_m / 1000
    power = 10.0 ** math.floor(math.log10(wanted))
    return max(step * power for step in (1, 2, 5) if step * power <= wanted)


def fitted_view(bounds: tuple[float, float, float, float], width_px: int, height_px: int) -> dict[str, float]:
    """Centre and zoom (Web Mercator, 512-pixel tiles) at which bounds fill a map of a given size.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north in degrees.
    width_px, height_px : int
        Size of the map.
    """
    west, south, east, north = bounds
    wide = (east - west) / 360
    top, bottom = float(mercator(north)), float(mercator(south))
    tall = (top - bottom) / (2 * math.pi)
    zoom = round(
        math.log2(min(width_px / 512 / max(wide, 1e-12), height_px / 512 / max(tall, 1e-12))) - 0.12, 3
    )
    latitude = math.degrees(2 * math.atan(math.exp((top + bottom) / 2)) - math.pi / 2)
    return {"longitude": (west + east) / 2, "latitude": latitude, "zoom": zoom}
