"""Names of areas on a print map."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import Normal, Stroke

from analysis.places.coordinates import BRITISH_GRID, WGS84, grid_of_lon_lat
from analysis.places.place import AreaLevel
from analysis.render.labels import LINE_HEIGHT, WEIGHT, Box, Name, NameFrame, place_names
from analysis.render.layers import AreaPaint
from analysis.render.map_furniture import SURFACE, write
from analysis.render.map_layout import Layout
from analysis.render.outlines import Outlines

NAME_PT, LEAST_NAME_PT = 7.5, 7.0


def level_shapes(shapes: Outlines, level: AreaLevel) -> gpd.GeoDataFrame:
    """Areas of a level in EPSG:27700, by code."""
    features = [
        {**feature, "properties": {"area_code": code}} for code, feature in shapes.features[level].items()
    ]
    areas = gpd.GeoDataFrame.from_features(features, crs=WGS84)
    return areas.to_crs(BRITISH_GRID).set_index("area_code")


def print_names(
    shapes: Outlines, paint: AreaPaint, layout: Layout, type_scale: float, marks: list[Box]
) -> list[Name]:
    """Names of the areas (of the wards, on a map of neighbourhoods) where they stand in print, in points.

    Parameters
    ----------
    shapes, paint, layout, type_scale
        As for `analysis.render.printmap.print_map`.
    marks : list of Box
        Of the sites' symbols.
    """
    level: AreaLevel = "ward" if paint.level == "lsoa" else paint.level
    names = shapes.labels[level]
    order = paint.label_order if paint.label_order is not None else pd.Series(0.0, index=names.index)
    corner = np.array([layout.left_m, layout.bottom_m])
    areas = {
        str(code): [
            [(shapely.get_coordinates(ring) - corner) * layout.scale for ring in shapely.get_rings(part)]
            for part in shapely.get_parts(area)
        ]
        for code, area in level_shapes(shapes, level).geometry.items()
    }
    room = NameFrame(
        layout.width_pt,
        layout.height_pt,
        NAME_PT * type_scale,
        LEAST_NAME_PT * type_scale,
        edge=1.0,
        taken=[layout.legend, layout.furniture],
        marks=marks,
    )
    points = np.column_stack(grid_of_lon_lat(names["lon"], names["lat"]))
    x, y = ((points - corner) * layout.scale).T
    return place_names(names.assign(x=x, y=y, order=order.reindex(names.index).fillna(0)), areas, room)


def draw_names(over: Axes, names: list[Name], type_scale: float) -> None:
    """Write names, each with a halo; a line leads from one that does not stand in its area."""
    halo = [Stroke(linewidth=2.2 * type_scale, foreground=SURFACE.halo)]
    for name in names:
        if name.anchor:
            ends = zip((name.x, name.y), name.anchor, strict=True)
            over.plot(*ends, color=SURFACE.text, linewidth=0.5 * type_scale, path_effects=[*halo, Normal()])
            left, low, right, high = name.box
            plate = Rectangle((left, low), right - left, high - low, facecolor=SURFACE.halo)
            over.add_patch(plate)
    for name in names:
        for row, line in enumerate(name.lines):
            y = name.y + ((len(name.lines) - 1) / 2 - row) * name.size * LINE_HEIGHT
            write(over, name.x, y, line, name.size, weight=WEIGHT, align="center", path_effects=halo)
            write(over, name.x, y, line, name.size, weight=WEIGHT, align="center")
