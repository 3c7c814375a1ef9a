"""A map as a small still picture, to be seen until the browser can draw the map itself.

A browser needs some seconds for its first interactive map: it has to read the drawing library and to make its
programmes ready. The sketch has the same colours, lines and view, so that nothing moves when the map takes
its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import numpy as np

from analysis.places.coordinates import FloatArray, mercator
from analysis.render.map_frame import ISLET_LINE_PX, PLACE_LINE_PX, AreaPaint, MapFrame
from analysis.render.outlines import Feature, Outlines
from analysis.render.theme import SURFACES

BREADTH = 2
"""Times the width of the frame: a window may give the map more room than that."""


def map_sketch(shapes: Outlines, paint: AreaPaint, frame: MapFrame) -> str:
    """Fills and outlines of a map, without names, as SVG.

    Parameters
    ----------
    shapes, paint, frame
        As for `analysis.render.layers.area_map`.

    Returns
    -------
    str
        As high as the frame and twice as wide, with the same middle.
    """
    surface = SURFACES[frame.mode]
    width, height = BREADTH * frame.width_px, frame.height_px
    view = frame.view(shapes.bounds)
    to_pixels = _Projection(view["longitude"], view["latitude"], view["zoom"], width, height)
    areas = shapes.features[paint.level]
    drawn = [
        f"<rect width='{width}' height='{height}' fill='{surface.water}'/>",
        f"<path fill='{surface.land}' d='{to_pixels.path(shapes.surroundings)}'/>",
    ]
    fill = paint.fill[paint.fill.index.isin(list(areas))]
    for colour, codes in fill.groupby(fill).groups.items():
        line = to_pixels.path(areas[code] for code in codes)
        drawn.append(f"<path fill='{colour}' stroke='{surface.area_line}' d='{line}'/>")
    if paint.level == "lsoa":
        wards = to_pixels.path(shapes.features["ward"].values())
        drawn.append(f"<path fill='none' stroke='{surface.ward_line}' stroke-width='1.6' d='{wards}'/>")
    for features, breadth in ((shapes.mainland, PLACE_LINE_PX), (shapes.islets, ISLET_LINE_PX)):
        edge = to_pixels.path(features)
        if edge:
            drawn.append(
                f"<path fill='none' stroke='{surface.outline}' stroke-width='{breadth}' d='{edge}'/>"
            )
    size = f"width='{width}' height='{height}'"
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size} fill-rule='evenodd'>{''.join(drawn)}</svg>"


def sketch_address(sketch: str) -> str:
    """A sketch as a `data:` address that CSS can hold between double quotes."""
    return "data:image/svg+xml," + quote(sketch, safe="/:=,'() -.")


class _Projection:
    """Web Mercator, 512-pixel tiles, to pixels from the top left corner."""

    def __init__(self, longitude: float, latitude: float, zoom: float, width: int, height: int) -> None:
        self.world = 512 * 2**zoom
        self.left = longitude / 360 * self.world - width / 2
        self.top = float(self._down(latitude)) - height / 2
        self.width, self.height = width, height

    def _down(self, latitudes: float | FloatArray) -> FloatArray:
        return -mercator(latitudes) / (2 * np.pi) * self.world

    def path(self, features: Iterable[Feature]) -> str:
        """Rings of polygons as an SVG path, to the pixel; what lies wholly outside is left out."""
        parts: list[str] = []
        for feature in features:
            geometry = feature["geometry"]
            polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
            for ring in (ring for polygon in polygons for ring in polygon):
                parts += self._ring(np.asarray(ring, dtype=float))
        return "".join(parts)

    def _ring(self, ring: FloatArray) -> list[str]:
        across = np.rint(ring[:, 0] / 360 * self.world - self.left).astype(int)
        down = np.rint(self._down(ring[:, 1]) - self.top).astype(int)
        if across.max() < 0 or across.min() > self.width or down.max() < 0 or down.min() > self.height:
            return []
        new = np.ones(len(ring), dtype=bool)
        new[1:] = (np.diff(across) != 0) | (np.diff(down) != 0)
        points = [f"{x} {y}" for x, y in zip(across[new].tolist(), down[new].tolist(), strict=True)]
        return [f"M{' '.join(points)}z"]
