"""Screen maps by pydeck: no tiles, no glyphs, no request to anywhere, unless a street background is asked for.

Colours are computed here and sent as numbers; every layer has an id, so that a rerun changes colours and
keeps the view. The layer that takes the clicks is invisible and lies on top, because the browser pales
whatever a click did not select.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pydeck as pdk
import shapely
from pydeck.bindings.json_tools import default_serialize

from analysis.base.text import plain
from analysis.places.place import AreaLevel
from analysis.render.hatching import HATCHED, hatch_lines, hatched_ground
from analysis.render.map_frame import DOT_PX, ISLET_LINE_PX, PLACE_LINE_PX, AreaPaint, MapFrame
from analysis.render.map_text import LARGE_PX, NAME_PX, name_layers, scale_bar_layers
from analysis.render.outlines import DIGITS, Feature, Outlines
from analysis.render.site_symbols import SITE_LAYER, TOOLTIP_LINES, site_icon, site_layer
from analysis.render.theme import FONT, SURFACES, Mode, Surface, rgb, shown

__all__ = ["PICK_LAYER", "SITE_LAYER", "AreaPaint", "MapFrame", "area_map", "selected_feature", "site_icon"]

PICK_LAYER = "areas"
# Street maps by CARTO from OpenStreetMap data, by mode; the map shows their attribution.
STREET_STYLES: dict[Mode, str] = {
    "light": pdk.map_styles.CARTO_LIGHT,
    "dark": pdk.map_styles.CARTO_DARK,
}
# How opaque areas are over streets (0-255).
OVER_STREETS = 165


class CompactDeck(pdk.Deck):  # type: ignore[misc]
    """A deck whose JSON has no indentation: a quarter of the size, in a tenth of the time."""

    def to_json(self) -> str:
        """Serialise for the browser."""
        return json.dumps(self, sort_keys=True, default=default_serialize, separators=(",", ":"))


def area_map(
    shapes: Outlines, paint: AreaPaint, frame: MapFrame, sites: pd.DataFrame | None = None
) -> CompactDeck:
    """A choropleth of a place with outlines, labels, scale bar, selection and, if given, sites.

    Parameters
    ----------
    shapes : Outlines
    paint : AreaPaint
    frame : MapFrame
    sites : DataFrame, optional
        `lon`, `lat`, `symbol` (a key of the theme's site colours), `is_open`, `name`, and text columns
        `line1` to `line4` for the tooltip.

    Returns
    -------
    CompactDeck
        Clicks answer with layer "areas" (property `code`) or "sites" (`site_id`).
    """
    surface = SURFACES[frame.mode]
    layers = [
        *([] if frame.streets else _ground(shapes, surface)),
        _fills(shapes, paint, frame),
        *_hatching(shapes, paint, frame),
        *_lines(shapes, paint.level, surface),
        *_catchments(frame, surface),
        *_dots(frame, surface),
        *_selection(shapes, paint.level, frame, surface),
        _pick(shapes, paint),
    ]
    if frame.labels:
        layers += name_layers(shapes, paint, frame, surface, sites)
    layers += scale_bar_layers(shapes, frame, surface)
    if sites is not None and len(sites):
        layers.append(site_layer(sites, frame))
    view = frame.view(shapes.bounds)
    return CompactDeck(
        layers=layers,
        initial_view_state=pdk.ViewState(**view, min_zoom=view["zoom"] - 1.5, max_zoom=view["zoom"] + 5),
        **_background(frame),
        tooltip=map_tooltip(surface, large=frame.large),
    )


def _background(frame: MapFrame) -> dict[str, str | None]:
    """What lies under all layers. No style at all would have the dashboard fetch its own."""
    if not frame.streets:
        return {"map_provider": None}
    return {"map_provider": "carto", "map_style": STREET_STYLES[frame.mode]}


def map_tooltip(surface: Surface, *, large: bool, lines: tuple[str, ...] = TOOLTIP_LINES) -> dict[str, Any]:
    """What a map says of the area under the pointer: its name, and properties of it, one a line."""
    body = "".join(f"<div>{{{line}}}</div>" for line in lines)
    return {
        "html": f"<div style='font-weight:600'>{{name}}</div>{body}",
        "style": {
            "backgroundColor": surface.background,
            "color": surface.text,
            "border": f"1px solid {surface.quiet_text}",
            "borderRadius": "4px",
            "fontFamily": FONT,
            "fontSize": "26px" if large else "15px",
            "lineHeight": "1.35",
            "padding": "8px 10px",
            "maxWidth": "640px" if large else "320px",
        },
    }


def _collection(features: list[Feature]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _ground(shapes: Outlines, surface: Surface) -> list[pdk.Layer]:
    if not shapes.surroundings:
        return []
    west, south, east, north = shapes.bounds
    margin = 3 * max(east - west, north - south)
    ring = [
        [west - margin, south - margin],
        [east + margin, south - margin],
        [east + margin, north + margin],
        [west - margin, north + margin],
    ]
    water = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }
    return [
        pdk.Layer(
            "GeoJsonLayer",
            _collection([water]),
            id="water",
            filled=True,
            stroked=False,
            pickable=False,
            **_unfading(rgb(surface.water)),
        ),
        pdk.Layer(
            "GeoJsonLayer",
            _collection(shapes.surroundings),
            id="surroundings",
            filled=True,
            stroked=False,
            pickable=False,
            **_unfading(rgb(surface.land)),
        ),
    ]


def _unfading(colour: list[int] | str) -> dict[str, Any]:
    """Fill of a GeoJsonLayer given to its inner layer, where the browser does not pale it after a click."""
    return {"_subLayerProps": {"polygons-fill": {"getFillColor": colour}}}


def _fills(shapes: Outlines, paint: AreaPaint, frame: MapFrame) -> pdk.Layer:
    outlines, surface = shapes.features[paint.level], SURFACES[frame.mode]
    alpha = [OVER_STREETS] if frame.streets else []
    features = [
        {**outlines[code], "properties": {"fill": rgb(shown(colour, frame.mode)) + alpha}}
        for code, colour in paint.fill.items()
        if code in outlines
    ]
    return pdk.Layer(
        "GeoJsonLayer",
        _collection(features),
        id="fills",
        filled=True,
        stroked=True,
        get_line_color=rgb(surface.area_line),
        line_width_units="'pixels'",
        get_line_width=1,
        pickable=False,
        **_unfading("@@=properties.fill"),
    )


def _hatching(shapes: Outlines, paint: AreaPaint, frame: MapFrame) -> list[pdk.Layer]:
    """Lines over what is worse, on maps of a difference."""
    outlines = shapes.features[paint.level]
    worse = [code for code in paint.fill.index[paint.fill.isin(list(HATCHED))] if code in outlines]
    if not worse:
        return []
    areas = pd.Series([shapely.from_geojson(json.dumps(outlines[code])) for code in worse], worse)
    view = frame.view(shapes.bounds)
    shrink = np.array([math.cos(math.radians(view["latitude"])), 1.0])
    letter = (LARGE_PX if frame.large else NAME_PX) * 360 / (512 * 2 ** view["zoom"]) * shrink[0]
    lines = [
        (line / shrink).round(DIGITS).tolist()
        for colour, ground in hatched_ground(areas, paint.fill).items()
        for line in hatch_lines(
            shapely.transform(ground, lambda points: points * shrink), HATCHED[colour] * letter
        )
    ]
    drawn = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "MultiLineString", "coordinates": lines},
    }
    return [line_layer("hatching", _collection([drawn]), SURFACES[frame.mode].text, 0.9)]


def line_layer(name: str, data: dict[str, Any] | str, colour: str, width_px: float) -> pdk.Layer:
    """Outlines of a collection of features, or of one at an address, which take no clicks."""
    return pdk.Layer(
        "GeoJsonLayer",
        data,
        id=name,
        filled=False,
        stroked=True,
        get_line_color=rgb(colour),
        line_width_units="'pixels'",
        get_line_width=width_px,
        pickable=False,
    )


def _lines(shapes: Outlines, level: AreaLevel, surface: Surface) -> list[pdk.Layer]:
    lines = [
        ("place", shapes.mainland, surface.outline, PLACE_LINE_PX),
        ("islets", shapes.islets, surface.outline, ISLET_LINE_PX),
    ]
    if level == "lsoa":
        lines.insert(0, ("ward", list(shapes.features["ward"].values()), surface.ward_line, 1.6))
    return [
        line_layer(f"outline-{name}", _collection(features), colour, width)
        for name, features, colour, width in lines
    ]


def _catchments(frame: MapFrame, surface: Surface) -> list[pdk.Layer]:
    """A dark line on a light one, so that it is seen on every fill."""
    if not frame.catchments:
        return []
    return [
        pdk.Layer(
            "GeoJsonLayer",
            _collection(list(frame.catchments)),
            id=name,
            filled=False,
            stroked=True,
            get_line_color=rgb(colour),
            line_width_units="'pixels'",
            get_line_width=width * (1.6 if frame.large else 1),
            pickable=False,
        )
        for name, colour, width in (
            ("catchments-edge", surface.halo, 4.5),
            ("catchments", surface.catchment, 2.0),
        )
    ]


def _dots(frame: MapFrame, surface: Surface) -> list[pdk.Layer]:
    """Dots with a dark edge, filled dark or light."""
    if not frame.dots:
        return []
    fills = {True: rgb(surface.text), False: rgb(surface.background)}
    return [
        pdk.Layer(
            "ScatterplotLayer",
            [
                {"at": [round(lon, DIGITS), round(lat, DIGITS)], "fill": fills[full]}
                for lon, lat, full in frame.dots
            ],
            id="dots",
            get_position="at",
            get_fill_color="fill",
            get_line_color=rgb(surface.text),
            stroked=True,
            radius_units="'pixels'",
            get_radius=DOT_PX * (1.6 if frame.large else 1),
            line_width_units="'pixels'",
            get_line_width=0.8,
            pickable=False,
        )
    ]


def selected_feature(shapes: Outlines, level: AreaLevel, code: str | None) -> list[Feature]:
    """Outline of the selected area: of the map's level, else of a ward."""
    if code is None:
        return []
    found = shapes.features[level].get(code) or shapes.features["ward"].get(code)
    return [found] if found else []


def _selection(shapes: Outlines, level: AreaLevel, frame: MapFrame, surface: Surface) -> list[pdk.Layer]:
    layers = []
    outlines = shapes.features[level]
    chosen = selected_feature(shapes, level, frame.selected)
    marked = [outlines[code] for code in frame.highlighted if code in outlines]
    for name, features, width, colour in (
        ("highlighted", marked, 2.5, surface.outline),
        (
            "selected-edge",
            chosen,
            7.0,
            surface.background,
        ),
        ("selected", chosen, 4.0, surface.selected),
    ):
        thick = width * (1.6 if frame.large else 1)
        layers.append(line_layer(name, _collection(features), colour, thick))
    return layers


def _pick(shapes: Outlines, paint: AreaPaint) -> pdk.Layer:
    outlines = shapes.features[paint.level]
    names = shapes.labels[paint.level]["area_name"]
    lines = paint.tooltip.reindex(paint.fill.index).fillna("").astype(str)
    features = []
    for code in paint.fill.index:
        if code not in outlines:
            continue
        texts = [plain(text) for text in lines.loc[code]]
        texts += [""] * (len(TOOLTIP_LINES) - len(texts))
        properties = {"code": code, "name": plain(names[code])} | dict(zip(TOOLTIP_LINES, texts, strict=True))
        features.append({**outlines[code], "properties": properties})
    return pdk.Layer(
        "GeoJsonLayer",
        _collection(features),
        id=PICK_LAYER,
        filled=True,
        stroked=False,
        pickable=True,
        auto_highlight=True,
        highlight_color=[255, 255, 255, 70],
        **_unfading([0, 0, 0, 0]),
    )
