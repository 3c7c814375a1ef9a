"""England's small areas as one map: a picture of the country, tiles of shapes for whoever comes closer.

Shapes are fetched once and kept by the browser; a choice sends colours only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pydeck as pdk
import shapely

from analysis.national.picture import AreaGrid, england_picture, picture_name
from analysis.national.shapes import EnglandShapes, keep_file, shapes_folder
from analysis.national.tiles import TILE_ZOOM
from analysis.render.classes import ClassedScale, classed_scale
from analysis.render.layers import CompactDeck, line_layer, map_tooltip
from analysis.render.map_frame import MapFrame
from analysis.render.outlines import Feature, fitted_view
from analysis.render.theme import MISSING, SURFACES, rgb

LAYER = "small-areas"
AUTHORITIES = "authorities"
CLOSE_ZOOM = 7.2
"""From here on small areas are shapes: a pixel of the picture would be larger than one of the screen."""
MOST_PICTURES = 200


@dataclass(frozen=True)
class EnglandPaint:
    """A measure of every small area in colours.

    Parameters
    ----------
    scale : ClassedScale
    digits : str
        Number of the class of every area of the file in rising order of their codes, a digit each; one more than
        the last class where there is no figure.
    picture : str
        Address of the picture of the country (`painted`).
    """

    scale: ClassedScale
    digits: str
    picture: str


def small_area_scale(values: pd.Series) -> ClassedScale:
    """Classes of a measure: a fifth of the country's small areas each."""
    return classed_scale(values, scheme="quantiles", decimals=0 if values.abs().max() >= 20 else 1)


def painted(
    shapes: EnglandShapes,
    scale: ClassedScale,
    values: pd.Series,
    frame: MapFrame,
    grid: Callable[[], AreaGrid],
) -> EnglandPaint:
    """Colour a measure, and keep the picture of it for the browser.

    Parameters
    ----------
    shapes : EnglandShapes
    scale : ClassedScale
    values : Series
        Of all areas of the file, by area code in rising order.
    frame : MapFrame
    grid : callable
        Gives the grid of the shapes; asked for only if the picture is not there yet.
    """
    classes = scale.classes(values)
    line = SURFACES[frame.mode].ward_line
    number = classes.to_numpy(np.int64)
    shown = np.where(number < 0, len(scale.colours), number).astype(np.uint8)
    digits = (shown + ord("0")).tobytes().decode("ascii")
    name = picture_name(shapes.key, digits, scale.colours, line)
    path = shapes_folder() / name
    if not path.exists():
        keep_file(path, england_picture(grid(), shown, scale.colours, line))
        _forget_old_pictures()
    return EnglandPaint(scale, digits, f"shapes/england/{name}")


def _forget_old_pictures() -> None:
    kept = sorted(shapes_folder().glob("*.png"), key=lambda path: path.stat().st_mtime_ns)
    for path in kept[:-MOST_PICTURES]:
        path.unlink(missing_ok=True)


def england_deck(
    shapes: EnglandShapes,
    paint: EnglandPaint,
    frame: MapFrame,
    *,
    authority: Feature | None = None,
    chosen: Feature | None = None,
) -> CompactDeck:
    """Map of every small area.

    Parameters
    ----------
    shapes : EnglandShapes
    paint : EnglandPaint
    frame : MapFrame
    authority : Feature, optional
        Authority that is outlined and fills the view; by default the country does.
    chosen : Feature, optional
        Area that is outlined.
    """
    surface = SURFACES[frame.mode]
    layers = [
        _picture(shapes, paint),
        _authorities(shapes),
        _areas(shapes, paint, surface.background),
        pdk.Layer(
            "TileLayer",
            shapes.lines_address,
            id="authority-lines",
            **_tiling(shapes),
            get_line_color=rgb(surface.ward_line),
            get_line_width=1.2,
            line_width_units="'pixels'",
        ),
    ]
    for name, outlined, colour, width in (
        ("authority", authority, surface.outline, 3),
        ("chosen", chosen, surface.selected, 4),
    ):
        if outlined is not None:
            lines = {"type": "FeatureCollection", "features": [outlined]}
            layers.append(line_layer(name, lines, colour, width))
    country = fitted_view(shapes.bounds, frame.width_px, frame.height_px, frame.legend_px)
    view = country
    if authority is not None:
        bounds = shapely.bounds(shapely.geometry.shape(authority["geometry"]))
        view = fitted_view(tuple(bounds), frame.width_px, frame.height_px, frame.legend_px)
        if view["zoom"] < CLOSE_ZOOM:
            # Larger than the frame: its middle, whatever the legend covers.
            west, south, east, north = bounds
            middle = {"longitude": (west + east) / 2, "latitude": (south + north) / 2}
            view = {**middle, "zoom": CLOSE_ZOOM}
    limits = {"min_zoom": country["zoom"] - 1, "max_zoom": country["zoom"] + 9}
    return CompactDeck(
        layers=layers,
        initial_view_state=pdk.ViewState(**view, **limits),
        map_provider=None,
        tooltip=map_tooltip(surface, large=frame.large, lines=("authority",)),
    )


def _picture(shapes: EnglandShapes, paint: EnglandPaint) -> pdk.Layer:
    return pdk.Layer(
        "BitmapLayer", None, id="country", image=f"'{paint.picture}'", bounds=list(shapes.bounds)
    )


def _authorities(shapes: EnglandShapes) -> pdk.Layer:
    """What answers to the pointer over the picture; it cannot be seen."""
    return pdk.Layer(
        "GeoJsonLayer",
        shapes.authorities_address,
        id=AUTHORITIES,
        filled=True,
        stroked=False,
        pickable=True,
        _subLayerProps={"polygons-fill": {"getFillColor": [0, 0, 0, 0]}},
    )


def _areas(shapes: EnglandShapes, paint: EnglandPaint, ground: str) -> pdk.Layer:
    """Tiles of small areas; what changes with a choice is one digit an area.

    A tile's ground covers the picture, whose coast is rough from close by.
    """
    scale = paint.scale
    colours = [rgb(colour) for colour in (*scale.colours, MISSING, ground)]
    palette = json.dumps(colours, separators=(",", ":"))
    # The brackets are for the browser's parser, which indexes names and groups only; the ground is number -1.
    fill = f"({palette})[('{len(colours) - 1}{paint.digits}')[properties.i+1]]"
    return pdk.Layer(
        "TileLayer",
        shapes.tiles_address,
        id=LAYER,
        **_tiling(shapes),
        filled=True,
        stroked=False,
        pickable=True,
        get_fill_color=fill,
        update_triggers={"getFillColor": [hashlib.sha256(fill.encode()).hexdigest()[:12]]},
    )


def _tiling(shapes: EnglandShapes) -> dict[str, object]:
    return {
        "min_zoom": TILE_ZOOM,
        "max_zoom": TILE_ZOOM,
        "visible_min_zoom": CLOSE_ZOOM,
        "extent": list(shapes.bounds),
        "max_cache_size": 64,
    }
