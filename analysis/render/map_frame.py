"""What one map shows, and how large: the same for the screen and for print."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.places.coordinates import FloatArray, mercator
from analysis.places.place import AreaLevel
from analysis.render.outlines import Feature, fitted_view
from analysis.render.theme import Mode

# Outline of the place, and of its parts that so heavy a line would fill.
PLACE_LINE_PX, ISLET_LINE_PX = 2.2, 0.8


@dataclass(frozen=True, eq=False)
class AreaPaint:
    """What one map shows of each area.

    Parameters
    ----------
    level : AreaLevel
        Which areas are coloured.
    fill : Series
        Hex colour by `area_code`, of the light theme (`analysis.render.theme.shown` turns it).
    tooltip : DataFrame
        Index `area_code`; up to four text columns, one a line; the area's name is put above them.
    label_order : Series or None
        Number by `area_code`: larger ones keep their label where labels would overlap.
    """

    level: AreaLevel
    fill: pd.Series
    tooltip: pd.DataFrame
    label_order: pd.Series | None = None


class Projection:
    """Web Mercator, 512-pixel tiles, in pixels from the top left corner of a view."""

    def __init__(self, longitude: float, latitude: float, zoom: float, width: int, height: int) -> None:
        self.world = 512 * 2**zoom
        self.corner = self._world_pixels(np.array([[longitude, latitude]]))[0] - (width / 2, height / 2)
        self.width, self.height = width, height

    def pixels(self, points: FloatArray) -> FloatArray:
        """Pixels of points (a row each: longitude, latitude)."""
        placed: FloatArray = self._world_pixels(points) - self.corner
        return placed

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude of a pixel."""
        across, down = (np.array([x, y]) + self.corner) / self.world
        return float(across) * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * float(down)))))

    def _world_pixels(self, points: FloatArray) -> FloatArray:
        across = points[:, 0] / 360 + 0.5
        down = 0.5 - mercator(points[:, 1]) / (2 * np.pi)
        return np.column_stack([across, down]) * self.world


Dot = tuple[float, float, bool]
DOT_PX = 2.2
"""Radius of a dot."""


@dataclass(frozen=True)
class MapFrame:
    """Size, mode and extras of a screen map.

    Parameters
    ----------
    width_px, height_px : int
    selected : str or None
        Code of the area that is outlined; of the map's own level, or a ward on a map of neighbourhoods.
    highlighted : tuple of str
        Codes of areas with a heavy outline.
    catchments : tuple of Feature
        Outlines (WGS 84) drawn as lines over the areas, such as how far people can come.
    dots : tuple of (longitude, latitude, filled)
        Small dots over the areas (WGS 84), such as where people stand; filled or hollow.
    streets : bool
        Whether a street map from the internet lies under the areas, which let it show through.
    """

    width_px: int = 640
    height_px: int = 560
    mode: Mode = "light"
    large: bool = False
    labels: bool = True
    selected: str | None = None
    highlighted: tuple[str, ...] = field(default_factory=tuple)
    catchments: tuple[Feature, ...] = field(default_factory=tuple)
    dots: tuple[Dot, ...] = field(default_factory=tuple)
    streets: bool = False

    def view(self, bounds: tuple[float, float, float, float]) -> dict[str, float]:
        """Centre and zoom of the first view: the place fills the frame."""
        return fitted_view(bounds, self.width_px, self.height_px)
