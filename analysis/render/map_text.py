"""Words on a screen map: names of areas, and the scale bar with its length."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pydeck as pdk

from analysis.places.place import AreaLevel
from analysis.render.labels import place_labels
from analysis.render.map_frame import AreaPaint, MapFrame
from analysis.render.outlines import Outlines
from analysis.render.site_symbols import site_sizes
from analysis.render.theme import FONT, Surface, rgb

HALO_LETTERS = {"sdf": True, "fontSize": 64, "buffer": 20, "radius": 24}


def unfading_text(colour: list[int]) -> dict[str, Any]:
    """Colour of a TextLayer given to its inner layer, where the browser does not pale it after a click."""
    return {"_subLayerProps": {"characters": {"getColor": colour}}}


def label_layer(
    shapes: Outlines, paint: AreaPaint, frame: MapFrame, surface: Surface, sites: pd.DataFrame | None = None
) -> pdk.Layer:
    """Names of the areas that fit, with a halo, clear of the sites where they can be."""
    level: AreaLevel = "ward" if paint.level == "lsoa" else paint.level
    points = shapes.labels[level]
    size = 24 if frame.large else 13
    order = paint.label_order if paint.label_order is not None else pd.Series(0.0, index=points.index)
    view = frame.view(shapes.bounds)
    edges = (view["longitude"], view["latitude"], frame.width_px, frame.height_px)
    ordered = points.assign(order=order.reindex(points.index).fillna(0))
    placed = place_labels(ordered, view["zoom"], size, _marks(sites, frame), edges)
    rows = [{"text": text, "position": [x, y]} for text, x, y in placed]
    return pdk.Layer(
        "TextLayer",
        rows,
        id="labels",
        get_position="position",
        get_text="text",
        get_size=size,
        **unfading_text(rgb(surface.text)),
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


def _marks(sites: pd.DataFrame | None, frame: MapFrame) -> pd.DataFrame | None:
    """Sites with the size in pixels at which their symbols are drawn."""
    if sites is None or sites.empty:
        return None
    return sites[["lon", "lat"]].assign(size=site_sizes(sites, large=frame.large))


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
            get_size=24 if frame.large else 13,
            **unfading_text(rgb(surface.text)),
            font_family=f"`{FONT}`",
            font_settings=HALO_LETTERS,
            outline_width=10,
            outline_color=rgb(surface.halo),
            get_pixel_offset=[0, -22 if frame.large else -12],
            pickable=False,
        ),
    ]
