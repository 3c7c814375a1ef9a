"""Screen maps by pydeck: no tiles, no glyphs, no request to anywhere.

Colours are computed here and sent as numbers; every layer has an id, so that a rerun changes colours and
keeps the view. The layer that takes the clicks is invisible and lies on top, because the browser pales
whatever a click did not select.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pydeck as pdk

from analysis.output.labels import place_labels
from analysis.output.outlines import Feature, Outlines, fitted_view
from analysis.output.theme import FONT, SITE_COLOURS, SURFACES, Mode, Surface, rgb
from analysis.places import Level
from analysis.places.text import escaped

PICK_LAYER = "areas"
SITE_LAYER = "sites"
TOOLTIP_LINES = ("line1", "line2", "line3", "line4")


class CompactDeck(pdk.Deck):  # type: ignore[misc]
    """A deck whose JSON has no indentation: a quarter of the size."""

    def to_json(self) -> str:
        """Serialise for the browser."""
        return json.dumps(json.loads(super().to_json()), separators=(",", ":"))


@dataclass(frozen=True, eq=False)
class AreaPaint:
    """What one map shows of each area.

    Parameters
    ----------
    level : Level
        Which areas are coloured.
    fill : Series
        Hex colour by `area_code`.
    tooltip : DataFrame
        Index `area_code`; up to four text columns, one a line; the area's name is put above them.
    label_order : Series or None
        Number by `area_code`: larger ones keep their label where labels would overlap.
    """

    level: Level
    fill: pd.Series
    tooltip: pd.DataFrame
    label_order: pd.Series | None = None


@dataclass(frozen=True)
class MapFrame:
    """Size, mode and extras of a screen map; `legend_px` is the top left corner that a legend covers."""

    width_px: int = 640
    height_px: int = 560
    mode: Mode = "light"
    large: bool = False
    labels: bool = True
    selected: str | None = None
    highlighted: tuple[str, ...] = field(default_factory=tuple)
    legend_px: tuple[int, int] = (210, 165)

    def view(self, bounds: tuple[float, float, float, float]) -> dict[str, float]:
        """Centre and zoom of the first view: the place fills the frame, clear of the legend if it can be."""
        return fitted_view(bounds, self.width_px, self.height_px, self.legend_px)


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
        *_ground(shapes, surface),
        _fills(shapes, paint, surface),
        *_lines(shapes, paint.level, surface),
        *_selection(shapes, paint.level, frame, surface),
        _pick(shapes, paint),
    ]
    if frame.labels:
        layers.append(_labels(shapes, paint, frame, surface))
    layers += _scale_bar(shapes, frame, surface)
    if sites is not None and len(sites):
        layers.append(site_layer(sites, frame))
    view = frame.view(shapes.bounds)
    return CompactDeck(
        layers=layers,
        initial_view_state=pdk.ViewState(**view, min_zoom=view["zoom"] - 1.5, max_zoom=view["zoom"] + 5),
        map_provider=None,
        tooltip=_tooltip(surface),
    )


def _tooltip(surface: Surface) -> dict[str, Any]:
    body = "".join(f"<div>{{{line}}}</div>" for line in TOOLTIP_LINES)
    return {
        "html": f"<div style='font-weight:600'>{{name}}</div>{body}",
        "style": {
            "backgroundColor": surface.background,
            "color": surface.text,
            "border": f"1px solid {surface.quiet_text}",
            "borderRadius": "4px",
            "fontFamily": FONT,
            "fontSize": "15px",
            "lineHeight": "1.35",
            "padding": "8px 10px",
            "maxWidth": "320px",
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


def _unfading_text(colour: list[int]) -> dict[str, Any]:
    return {"_subLayerProps": {"characters": {"getColor": colour}}}


def _fills(shapes: Outlines, paint: AreaPaint, surface: Surface) -> pdk.Layer:
    outlines = shapes.features[paint.level]
    features = [
        {**outlines[code], "properties": {"fill": rgb(colour)}}
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


def _lines(shapes: Outlines, level: Level, surface: Surface) -> list[pdk.Layer]:
    widths: list[tuple[Level, float, str]] = [("place", 2.6, surface.outline)]
    if level == "lsoa":
        widths.insert(0, ("ward", 1.6, surface.ward_line))
    return [
        pdk.Layer(
            "GeoJsonLayer",
            _collection(list(shapes.features[name].values())),
            id=f"outline-{name}",
            filled=False,
            stroked=True,
            get_line_color=rgb(colour),
            line_width_units="'pixels'",
            get_line_width=width,
            pickable=False,
        )
        for name, width, colour in widths
    ]


def _selection(shapes: Outlines, level: Level, frame: MapFrame, surface: Surface) -> list[pdk.Layer]:
    layers = []
    outlines = shapes.features[level]
    marked = [outlines[code] for code in frame.highlighted if code in outlines]
    for name, features, width, colour in (
        ("highlighted", marked, 2.5, surface.outline),
        (
            "selected-edge",
            [outlines[frame.selected]] if frame.selected in outlines else [],
            7.0,
            surface.background,
        ),
        ("selected", [outlines[frame.selected]] if frame.selected in outlines else [], 4.0, surface.selected),
    ):
        layers.append(
            pdk.Layer(
                "GeoJsonLayer",
                _collection(features),
                id=name,
                filled=False,
                stroked=True,
                get_line_color=rgb(colour),
                line_width_units="'pixels'",
                get_line_width=width * (1.6 if frame.large else 1),
                pickable=False,
            )
        )
    return layers


def _pick(shapes: Outlines, paint: AreaPaint) -> pdk.Layer:
    outlines = shapes.features[paint.level]
    names = shapes.labels[paint.level]["area_name"]
    lines = paint.tooltip.reindex(paint.fill.index).fillna("").astype(str)
    features = []
    for code in paint.fill.index:
        if code not in outlines:
            continue
        texts = [escaped(text) for text in lines.loc[code]]
        texts += [""] * (len(TOOLTIP_LINES) - len(texts))
        properties = {"code": code, "name": escaped(names[code])} | dict(
            zip(TOOLTIP_LINES, texts, strict=True)
        )
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


def _labels(shapes: Outlines, paint: AreaPaint, frame: MapFrame, surface: Surface) -> pdk.Layer:
    level: Level = "ward" if paint.level == "lsoa" else paint.level
    points = shapes.labels[level]
    size = 22 if frame.large else 13
    order = paint.label_order if paint.label_order is not None else pd.Series(0.0, index=points.index)
    zoom = frame.view(shapes.bounds)["zoom"]
    placed = place_labels(points.assign(order=order.reindex(points.index).fillna(0)), zoom, size)
    rows = [{"text": text, "position": [x, y]} for text, x, y in placed]
    return pdk.Layer(
        "TextLayer",
        rows,
        id="labels",
        get_position="position",
        get_text="text",
        get_size=size,
        **_unfading_text(rgb(surface.text)),
        font_family=f"`{FONT}`",
        font_weight=600,
        character_set="'auto'",
        font_settings={"sdf": True, "fontSize": 64, "buffer": 20, "radius": 24},
        outline_width=10,
        outline_color=rgb(surface.halo),
        line_height=1.05,
        get_text_anchor="'middle'",
        get_alignment_baseline="'center'",
        pickable=False,
    )


def _scale_bar(shapes: Outlines, frame: MapFrame, surface: Surface) -> list[pdk.Layer]:
    line, words = shapes.scale_bar
    middle = [(line[0][0] + line[-1][0]) / 2, line[0][1]]
    return [
        pdk.Layer(
            "GeoJsonLayer",
            {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}},
            id="scale-bar",
            stroked=True,
            get_line_color=rgb(surface.text),
            line_width_units="'pixels'",
            get_line_width=3,
            pickable=False,
        ),
        pdk.Layer(
            "TextLayer",
            [{"text": words, "position": middle}],
            id="scale-words",
            get_position="position",
            get_text="text",
            get_size=22 if frame.large else 13,
            **_unfading_text(rgb(surface.text)),
            font_family=f"`{FONT}`",
            get_pixel_offset=[0, -12],
            pickable=False,
        ),
    ]


def site_icon(symbol: str, *, is_open: bool = True) -> str:
    """Symbol of a kind of site as an SVG data address: told apart by shape as well as colour.

    A hub is a filled circle with a ring, a centre a filled circle, outreach a triangle, a satellite a
    square, a gateway a diamond, a candidate a hollow circle; a closed site is crossed out.
    """
    colour = SITE_COLOURS[symbol]
    edge = "stroke='#FFFFFF' stroke-width='4'"
    shapes = {
        "hub": f"<circle cx='32' cy='32' r='27' fill='#FFFFFF' stroke='{colour}' stroke-width='6'/>"
        f"<circle cx='32' cy='32' r='17' fill='{colour}'/>",
        "centre": f"<circle cx='32' cy='32' r='22' fill='{colour}' {edge}/>",
        "outreach": f"<path d='M32 6 L60 56 L4 56 Z' fill='{colour}' {edge}/>",
        "satellite": f"<rect x='11' y='11' width='42' height='42' fill='{colour}' {edge}/>",
        "gateway": f"<path d='M32 4 L60 32 L32 60 L4 32 Z' fill='{colour}' {edge}/>",
        "candidate": f"<circle cx='32' cy='32' r='18' fill='#FFFFFF' stroke='{colour}' stroke-width='6'/>",
    }
    cross = (
        ""
        if is_open
        else "<path d='M8 8 L56 56 M56 8 L8 56' stroke='#FFFFFF' stroke-width='12'/>"
        "<path d='M8 8 L56 56 M56 8 L8 56' stroke='#1F2328' stroke-width='6'/>"
    )
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64' viewBox='0 0 64 64'>{shapes[symbol]}{cross}</svg>"
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def site_layer(sites: pd.DataFrame, frame: MapFrame) -> pdk.Layer:
    """Sites as icons, smallest kinds first so that hubs lie on top; clicks answer with `site_id`."""
    order = {symbol: number for number, symbol in enumerate(reversed(list(SITE_COLOURS)))}
    ranked = sites.sort_values("symbol", key=lambda symbols: symbols.map(order), kind="stable")
    large = 1.7 if frame.large else 1.0
    rows = []
    for site_id, site in ranked.iterrows():
        texts = {line: escaped(str(site.get(line, ""))) for line in TOOLTIP_LINES}
        small = site["symbol"] == "candidate"
        icon = {"url": site_icon(site["symbol"], is_open=bool(site["is_open"])), "width": 64, "height": 64}
        rows.append(
            {
                "site_id": site_id,
                "name": escaped(str(site["name"])),
                "position": [round(float(site["lon"]), 5), round(float(site["lat"]), 5)],
                "icon": icon | {"id": f"{site['symbol']}-{bool(site['is_open'])}"},
                "size": (11 if small else 20) * large,
                **texts,
            }
        )
    return pdk.Layer(
        "IconLayer",
        rows,
        id=SITE_LAYER,
        get_icon="icon",
        get_position="position",
        get_size="size",
        size_units="'pixels'",
        pickable=True,
    )
