"""A map as a small still picture, to be seen until the browser can draw the map itself.

A browser needs some seconds for its first interactive map: it has to read the drawing library and to make its
programmes ready. The sketch has the same colours, lines and view, so that nothing moves when the map takes
its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import numpy as np

from analysis.places.coordinates import FloatArray
from analysis.render.map_frame import ISLET_LINE_PX, PLACE_LINE_PX, AreaPaint, MapFrame, Projection
from analysis.render.outlines import Feature, Outlines, polygons
from analysis.render.theme import SURFACES, shown

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
    to_pixels = Projection(view["longitude"], view["latitude"], view["zoom"], width, height)
    areas = shapes.features[paint.level]
    drawn = [
        f"<rect width='{width}' height='{height}' fill='{surface.water}'/>",
        f"<path fill='{surface.land}' d='{_path(to_pixels, shapes.surroundings)}'/>",
    ]
    fill = paint.fill[paint.fill.index.isin(list(areas))]
    for colour, codes in fill.groupby(fill).groups.items():
        line = _path(to_pixels, [areas[code] for code in codes])
        drawn.append(
            f"<path fill='{shown(str(colour), frame.mode)}' stroke='{surface.area_line}' d='{line}'/>"
        )
    if paint.level == "lsoa":
        wards = _path(to_pixels, shapes.features["ward"].values())
        drawn.append(f"<path fill='none' stroke='{surface.ward_line}' stroke-width='1.6' d='{wards}'/>")
    for features, breadth in ((shapes.mainland, PLACE_LINE_PX), (shapes.islets, ISLET_LINE_PX)):
        edge = _path(to_pixels, features)
        if edge:
            drawn.append(
                f"<path fill='none' stroke='{surface.outline}' stroke-width='{breadth}' d='{edge}'/>"
            )
    size = f"width='{width}' height='{height}'"
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size} fill-rule='evenodd'>{''.join(drawn)}</svg>"


def sketch_address(sketch: str) -> str:
    """A sketch as a `data:` address that CSS can hold between double quotes."""
    return "data:image/svg+xml," + quote(sketch, safe="/:=,'() -.")


def _path(to_pixels: Projection, features: Iterable[Feature]) -> str:
    """Rings of polygons as an SVG path, to the pixel; what lies wholly outside is left out."""
    rings = (ring for feature in features for polygon in polygons(feature) for ring in polygon)
    return "".join(_ring(to_pixels, ring) for ring in rings)


def _ring(to_pixels: Projection, ring: FloatArray) -> str:
    across, down = np.rint(to_pixels.pixels(ring)).astype(int).T
    outside = across.max() < 0 or across.min() > to_pixels.width
    if outside or down.max() < 0 or down.min() > to_pixels.height:
        return ""
    new = np.ones(len(ring), dtype=bool)
    new[1:] = (np.diff(across) != 0) | (np.diff(down) != 0)
    points = [f"{x} {y}" for x, y in zip(across[new].tolist(), down[new].tolist(), strict=True)]
    return f"M{' '.join(points)}z"
