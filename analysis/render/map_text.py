"""Words on a screen map: names of areas, and the scale bar with its length."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pydeck as pdk

from analysis.places.place import AreaLevel
from analysis.render.labels import Box, Name, NameFrame, place_names
from analysis.render.map_frame import AreaPaint, MapFrame, Projection
from analysis.render.outlines import Outlines, fitted_view, polygons
from analysis.render.site_symbols import site_sizes
from analysis.render.theme import FONT, Surface, rgb

NAME_PX, LEAST_NAME_PX, LARGE_PX = 13, 12, 24
# Maps whose names are kept: placing those of a county takes half a second.
KEPT = 32
HALO_LETTERS = {"sdf": True, "fontSize": 64, "buffer": 20, "radius": 24}


def unfading_text(colour: list[int]) -> dict[str, Any]:
    """Colour of a TextLayer given to its inner layer, where the browser does not pale it after a click."""
    return {"_subLayerProps": {"characters": {"getColor": colour}}}


def screen_names(
    shapes: Outlines, paint: AreaPaint, frame: MapFrame, sites: pd.DataFrame | None = None
) -> tuple[list[Name], Projection]:
    """Names of the areas (of the wards, on a map of neighbourhoods) where they stand in the first view.

    Returns
    -------
    names : list of Name
        In pixels from the top left corner.
    projection : Projection
        Of the first view.
    """
    level: AreaLevel = "ward" if paint.level == "lsoa" else paint.level
    codes = shapes.labels[level].index
    order = pd.Series(0.0, codes) if paint.label_order is None else paint.label_order.reindex(codes).fillna(0)
    marks = () if sites is None or sites.empty else _marks(sites, large=frame.large)
    return _placed(shapes, level, tuple(order), frame.width_px, frame.height_px, frame.large, marks)


@lru_cache(maxsize=KEPT)
def _placed(
    shapes: Outlines,
    level: AreaLevel,
    order: tuple[float, ...],
    width_px: int,
    height_px: int,
    large: bool,
    marks: tuple[tuple[float, float, float], ...],
) -> tuple[list[Name], Projection]:
    """Names of a level by their order; marks are longitude, latitude and size of symbols."""
    view = fitted_view(shapes.bounds, width_px, height_px)
    seen = Projection(view["longitude"], view["latitude"], view["zoom"], width_px, height_px)
    areas = {
        code: [[seen.pixels(ring) for ring in part] for part in polygons(feature)]
        for code, feature in shapes.features[level].items()
    }
    size = LARGE_PX if large else NAME_PX
    symbols = []
    for lon, lat, across in marks:
        x, y = seen.pixels(np.array([[lon, lat]]))[0]
        symbols.append((x - across / 2, y - across / 2, x + across / 2, y + across / 2))
    least = size if large else LEAST_NAME_PX
    room = NameFrame(width_px, height_px, size, least, taken=[_scale_box(shapes, seen, size)], marks=symbols)
    names = shapes.labels[level]
    x, y = seen.pixels(names[["lon", "lat"]].to_numpy(dtype=float)).T
    return place_names(names.assign(x=x, y=y, order=order), areas, room), seen


def name_layers(
    shapes: Outlines, paint: AreaPaint, frame: MapFrame, surface: Surface, sites: pd.DataFrame | None = None
) -> list[pdk.Layer]:
    """Names with a halo, in their areas or on a line; where the map is zoomed out they shrink with it."""
    names, seen = screen_names(shapes, paint, frame, sites)
    scale = seen.world / 512
    rows = [
        {
            "text": "\n".join(name.lines),
            "position": seen.degrees(name.x, name.y),
            "size": name.size / scale,
            "plate": [*rgb(surface.halo), 255 if name.anchor else 0],
        }
        for name in names
    ]
    lines = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "LineString",
                "coordinates": [seen.degrees(name.x, name.y), seen.degrees(*name.anchor)],
            },
        }
        for name in names
        if name.anchor
    ]
    leaders = [
        pdk.Layer(
            "GeoJsonLayer",
            {"type": "FeatureCollection", "features": lines},
            id=key,
            stroked=True,
            get_line_color=rgb(colour),
            line_width_units="'pixels'",
            get_line_width=width,
            pickable=False,
        )
        for key, colour, width in (("leader-edges", surface.halo, 3.0), ("leaders", surface.text, 1.2))
    ]
    text = pdk.Layer(
        "TextLayer",
        rows,
        id="labels",
        get_position="position",
        get_text="text",
        get_size="size",
        size_units="'common'",
        size_max_pixels=LARGE_PX if frame.large else NAME_PX,
        **unfading_text(rgb(surface.text)),
        background=True,
        get_background_color="plate",
        background_padding=[3, 1],
        font_family=f"`{FONT}`",
        font_weight=600,
        character_set="'auto'",
        font_settings=HALO_LETTERS,
        outline_width=10,
        outline_color=rgb(surface.halo),
        line_height=1.05,
        get_text_anchor="'middle'",
        get_alignment_baseline="'center'",
        pickable=False,
    )
    return [*(leaders if lines else []), text]


def _marks(sites: pd.DataFrame, *, large: bool) -> tuple[tuple[float, float, float], ...]:
    """Longitude, latitude and size in pixels of the sites' symbols."""
    sizes = site_sizes(sites, large=large)
    return tuple(zip(sites["lon"].astype(float), sites["lat"].astype(float), map(float, sizes), strict=True))


def _scale_box(shapes: Outlines, seen: Projection, size: float) -> Box:
    """What the scale bar and its words take, in pixels."""
    (left, foot), (right, _) = seen.pixels(np.asarray(shapes.scale_bar[0]))
    return float(left), float(foot - 2 * size), float(right), float(foot + size / 2)


def scale_bar_layers(shapes: Outlines, frame: MapFrame, surface: Surface) -> list[pdk.Layer]:
    """A scale bar and its words below the place, with a halo: readable on land, on water and on streets."""
    line, words = shapes.scale_bar
    middle = [(line[0][0] + line[-1][0]) / 2, line[0][1]]
    bar = {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}}
    return [
        *(
            pdk.Layer(
                "GeoJsonLayer",
                bar,
                id=name,
                stroked=True,
                get_line_color=rgb(colour),
                line_width_units="'pixels'",
                get_line_width=width,
                pickable=False,
            )
            for name, colour, width in (("scale-edge", surface.halo, 6), ("scale-bar", surface.text, 3))
        ),
        pdk.Layer(
            "TextLayer",
            [{"text": words, "position": middle}],
            id="scale-words",
            get_position="position",
            get_text="text",
            get_size=LARGE_PX if frame.large else NAME_PX,
            **unfading_text(rgb(surface.text)),
            font_family=f"`{FONT}`",
            font_settings=HALO_LETTERS,
            outline_width=10,
            outline_color=rgb(surface.halo),
            get_pixel_offset=[0, -22 if frame.large else -12],
            pickable=False,
        ),
    ]
