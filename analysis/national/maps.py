"""England on a map: words and legend, a picture of the country, tiles of shapes for whoever comes closer.

Shapes are fetched once and kept by the browser; a choice sends colours only.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pydeck as pdk
import shapely
from PIL import Image

from analysis.base.text import plain, slugify
from analysis.national.files import NationalFile, NationalMeasure
from analysis.national.grid import AreaGrid
from analysis.national.shapes import EnglandShapes, keep_file, shapes_folder
from analysis.national.tiles import TILE_ZOOM, Bounds
from analysis.national.words import APART, HOW_MADE, LICENCE, authority_words, small_areas_finding
from analysis.places.coordinates import mercator
from analysis.render.classes import ClassedScale, classed_scale
from analysis.render.layers import CompactDeck, line_layer, map_tooltip
from analysis.render.map_frame import MapFrame
from analysis.render.map_sheet import MapLegend, MapSheet, legend_rows
from analysis.render.outlines import Feature, fitted_view
from analysis.render.theme import MISSING, SURFACES, Mode, rgb, shown

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
    numbers = np.where(number < 0, len(scale.colours), number).astype(np.uint8)
    digits = (numbers + ord("0")).tobytes().decode("ascii")
    colours = [shown(colour, frame.mode) for colour in (*scale.colours, MISSING)]
    name = picture_name(shapes.key, digits, colours, line)
    path = shapes_folder() / name
    if not path.exists():
        keep_file(path, england_picture(grid(), numbers, colours, line))
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
        _areas(shapes, paint, frame.mode),
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
    country = fitted_view(shapes.bounds, frame.width_px, frame.height_px)
    view = country
    if authority is not None:
        bounds = shapely.bounds(shapely.geometry.shape(authority["geometry"]))
        view = fitted_view(tuple(bounds), frame.width_px, frame.height_px)
        if view["zoom"] < CLOSE_ZOOM:
            # Larger than the frame: its middle.
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


def _areas(shapes: EnglandShapes, paint: EnglandPaint, mode: Mode) -> pdk.Layer:
    """Tiles of small areas; what changes with a choice is one digit an area.

    A tile's ground covers the picture, whose coast is rough from close by.
    """
    colours = [
        rgb(colour)
        for colour in (
            *(shown(each, mode) for each in (*paint.scale.colours, MISSING)),
            SURFACES[mode].background,
        )
    ]
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


def england_sheet(
    file: NationalFile,
    measure: NationalMeasure,
    table: pd.DataFrame,
    scale: ClassedScale | None = None,
    *,
    each_by_itself: bool,
    authority: str | None = None,
) -> MapSheet:
    """Words and legend of the map of a measure, for screen and print.

    Parameters
    ----------
    file : NationalFile
    measure : NationalMeasure
    table : DataFrame
        As `small_area_values` gives it.
    scale : ClassedScale, optional
        Of the table's values; by default `small_area_scale` works it out.
    each_by_itself : bool
        As for `small_areas_sentence`.
    authority : str, optional
        Code of the one authority that the map is of; its colours are those of the country.
    """
    scale = scale or small_area_scale(table["value"])
    if authority is None:
        part, where, counted = table, "England", "small areas"
        finding = small_areas_finding(table, each_by_itself=each_by_itself)
    else:
        part = table[table["authority_code"] == authority]
        where = plain(str(part["authority_name"].iloc[0]))
        counted = f"in {where}"
        finding = authority_words(table, authority, each_by_itself=each_by_itself)
    rows = tuple(
        (colour, words, f"{int(count):,}") for colour, words, count in legend_rows(scale, part["value"])
    )
    unit = "" if measure.title.endswith(measure.unit) else f", {measure.unit}"
    apart = f"; {APART[0].lower()}{APART[1:]}" if each_by_itself else ""
    return MapSheet(
        f"{slugify(where)} {measure.key} map",
        finding,
        f"{measure.title}{unit}, {len(part):,} small areas of {where}; classes: about a fifth of England's each",
        f"{file.path.name}: {HOW_MADE}{apart}. {LICENCE}",
        MapLegend(measure.title, rows, counted),
    )


def with_outline(words: MapSheet, name: str) -> MapSheet:
    """The sheet of a map on which one area is outlined."""
    return replace(words, subtitle=f"{words.subtitle}; outlined: {name}")


def area_fills(values: pd.Series) -> pd.Series:
    """Hex colour of each small area by its value."""
    scale = small_area_scale(values)
    return scale.classes(values).map({-1: MISSING, **dict(enumerate(scale.colours))})


def england_picture(
    grid: AreaGrid, numbers: npt.NDArray[np.uint8], colours: Sequence[str], line: str
) -> bytes:
    """A measure's classes as a PNG, transparent outside of the country.

    Parameters
    ----------
    grid : AreaGrid
    numbers : array of uint8, shape (n_areas,)
        Number of the class of all areas in rising order of their codes, one more than the last for none.
    colours : sequence of str
        Hex colour of each class, and of areas without a figure.
    line : str
        Hex colour of the outlines of authorities.
    """
    nothing, border = len(colours), len(colours) + 1
    picture = np.append(numbers, np.uint8(nothing))[grid.areas]
    picture[grid.borders] = border
    image = Image.fromarray(picture, "P")
    image.putpalette([part for colour in (*colours, "#FFFFFF", line) for part in rgb(colour)])
    buffer = io.BytesIO()
    # A quick packing: the picture is made while somebody waits for it.
    image.save(buffer, "PNG", transparency=nothing, compress_level=3)
    return buffer.getvalue()


def picture_name(key: str, digits: str, colours: Sequence[str], line: str) -> str:
    """Name of a picture by all that it depends on."""
    content = digits + "".join(colours) + line
    return f"{key}-{hashlib.sha256(content.encode()).hexdigest()[:12]}.png"


def picture_behind(address: str, bounds: Bounds, frame: MapFrame) -> str:
    """A picture of the country behind the map, where the map's first view will show it.

    Parameters
    ----------
    address : str
        Of the picture.
    bounds : (west, south, east, north)
        What it covers.
    frame : MapFrame

    Returns
    -------
    str
        The value of a `background` in CSS.
    """
    view = frame.view(bounds)
    west, south, east, north = bounds
    world = 512 * 2 ** view["zoom"] / (2 * math.pi)
    wide, tall = math.radians(east - west) * world, float(mercator(north) - mercator(south)) * world
    right = math.radians((west + east) / 2 - view["longitude"]) * world
    top = frame.height_px / 2 + float(mercator(view["latitude"]) - mercator(north)) * world
    place = f"calc(50% + {right:.1f}px) {top:.1f}px / {wide:.1f}px {tall:.1f}px no-repeat"
    return f'url("{address}") {place}'
