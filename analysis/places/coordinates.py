"""British National Grid and longitude, latitude, one way and the other; and Web Mercator, of every map in a browser."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

BRITISH_GRID = "EPSG:27700"
WGS84 = "EPSG:4326"

FloatArray = npt.NDArray[np.float64]


@lru_cache(maxsize=2)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def lon_lat_of_grid(easting: Any, northing: Any) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude in degrees (WGS 84) of eastings and northings in metres (EPSG:27700).

    >>> lon, lat = lon_lat_of_grid([564570], [176263])
    >>> float(lon[0].round(3)), float(lat[0].round(3))
    (0.368, 51.461)
    """
    lon, lat = _transformer(BRITISH_GRID, WGS84).transform(
        np.asarray(easting, float), np.asarray(northing, float)
    )
    return np.asarray(lon, float), np.asarray(lat, float)


def grid_of_lon_lat(lon: Any, lat: Any) -> tuple[FloatArray, FloatArray]:
    """Eastings and northings in metres (EPSG:27700) of longitudes and latitudes in degrees (WGS 84)."""
    easting, northing = _transformer(WGS84, BRITISH_GRID).transform(
        np.asarray(lon, float), np.asarray(lat, float)
    )
    return np.asarray(easting, float), np.asarray(northing, float)


def mercator(latitude: float | FloatArray) -> FloatArray:
    """How far north of the equator a latitude lies on a Web Mercator map, where the Earth is 2 pi wide.

    >>> float(mercator(60.0).round(6))
    1.316958
    """
    angle: FloatArray = np.asarray(np.log(np.tan(np.pi / 4 + np.radians(latitude) / 2)))
    return angle
