"""Names of areas on a print map."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import Stroke

from analysis.places.coordinates import BRITISH_GRID, WGS84
from analysis.places.place import AreaLevel
from analysis.render.layers import AreaPaint
from analysis.render.map_furniture import SURFACE, write
from analysis.render.map_layout import Box, Layout, placed_names
from analysis.render.outlines import Outlines


def level_shapes(shapes: Outlines, level: AreaLevel) -> gpd.GeoDataFrame:
    """Areas of a level in EPSG:27700, by code."""
    features = [
        {**feature, "properties": {"area_code": code}} for code, feature in shapes.features[level].items()
    ]
    areas = gpd.GeoDataFrame.from_features(features, crs=WGS84)
    return areas.to_crs(BRITISH_GRID).set_index("area_code")


def draw_names(
    over: Axes, shapes: Outlines, paint: AreaPaint, layout: Layout, type_scale: float, taken: list[Box]
) -> None:
    """Write names where they fit: clear of each other, and of the boxes that are taken."""
    level: AreaLevel = "ward" if paint.level == "lsoa" else paint.level
    labels = shapes.labels[level]
    ground = gpd.points_from_xy(labels["lon"], labels["lat"], crs=WGS84).to_crs(BRITISH_GRID)
    order = paint.label_order if paint.label_order is not None else pd.Series(0.0, index=labels.index)
    points = pd.DataFrame(
        {
            "area_name": labels["area_name"],
            "easting": ground.x,
            "northing": ground.y,
            "order": order.reindex(labels.index).fillna(0),
            "geometry": level_shapes(shapes, level).geometry.reindex(labels.index),
        }
    )
    size = 7.0 * type_scale
    for name in placed_names(points, layout, size, taken):
        for row, line in enumerate(name.lines):
            y = name.y + ((len(name.lines) - 1) / 2 - row) * size * 1.12
            halo = [Stroke(linewidth=2.2 * type_scale, foreground=SURFACE.halo)]
            write(over, name.x, y, line, size, weight=600, align="center", path_effects=halo)
            write(over, name.x, y, line, size, weight=600, align="center")
