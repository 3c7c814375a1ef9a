"""England's small areas in print: the screen map's classes, drawn by geopandas and matplotlib in EPSG:27700."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from matplotlib.figure import Figure

from analysis.national.shapes import EnglandShapes, kept_features
from analysis.places.coordinates import BRITISH_GRID, WGS84
from analysis.render.council_theme import HOUSE, CouncilTheme
from analysis.render.map_furniture import SURFACE, draw_furniture, draw_legend
from analysis.render.map_sheet import MapSheet
from analysis.render.outlines import Feature
from analysis.render.printmap import PrintFrame, figure_svg, fix_extent, map_axes, map_layout
from analysis.render.sheets import SIZES, ImageKind, PrintSize, SheetWords, sheet

# At 300 dots an inch the country has 300 m a dot on a page: gaps of half of that between neighbours do not show.
SIMPLIFY_M = 150.0


def england_map_file(
    shapes: EnglandShapes,
    fill: pd.Series,
    words: MapSheet,
    kind: ImageKind,
    size: PrintSize = SIZES["report"],
    *,
    authority: Feature | None = None,
    chosen: Feature | None = None,
    theme: CouncilTheme = HOUSE,
) -> bytes:
    """The map of England, or of one authority, as a file for a report: title, map with legend, source.

    Parameters
    ----------
    shapes : EnglandShapes
    fill : Series
        Hex colour by area code: of what is drawn.
    words : MapSheet
    kind : {"png", "svg", "pdf"}
    size : PrintSize
    authority : Feature, optional
        The one authority whose areas are drawn.
    chosen : Feature, optional
        Area that is outlined.
    theme : CouncilTheme
    """
    width_cm = size.width_cm - 2 * size.margin_cm
    frame = PrintFrame(width_cm, size.picture_height_cm, size.type_scale, labels=False, theme=theme)
    svg = figure_svg(lambda: _figure(shapes, fill, words, frame, authority, chosen), theme)
    return sheet(svg, SheetWords(words.title, words.subtitle, words.source, words.alt), kind, size)


def _figure(
    shapes: EnglandShapes,
    fill: pd.Series,
    words: MapSheet,
    frame: PrintFrame,
    authority: Feature | None,
    chosen: Feature | None,
) -> Figure:
    areas = kept_features(shapes.key).set_index("code")
    drawn = areas.loc[areas.index.intersection(fill.index)]
    if authority is None:
        drawn = drawn.set_geometry(drawn.geometry.simplify(SIMPLIFY_M))
        lines = kept_features(f"{shapes.key}-lines")
        layout = map_layout(_ground(lines), words.legend, frame)
    else:
        whole = _in_metres(authority)
        lines = whole.boundary
        layout = map_layout(whole, words.legend, frame)
    figure, chart, over = map_axes(layout)
    colours = list(fill.loc[drawn.index])
    # A hair of its own colour closes the seams that a reader of vector files leaves between neighbours; from close
    # by, neighbours of one class are told apart.
    edges = colours if authority is None else SURFACE.area_line
    drawn.plot(ax=chart, color=colours, edgecolor=edges, linewidth=0.15, aspect=None)
    lines.plot(ax=chart, color=SURFACE.ward_line, linewidth=0.3 if authority is None else 1.2, aspect=None)
    if chosen is not None:
        _in_metres(chosen).boundary.plot(ax=chart, color=SURFACE.selected, linewidth=2.4, aspect=None)
    fix_extent(chart, layout)
    draw_legend(over, words.legend, layout.legend, frame.type_scale)
    draw_furniture(over, layout, frame.type_scale)
    return figure


def _in_metres(feature: Feature) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame.from_features([feature], crs=WGS84).to_crs(BRITISH_GRID)


def _ground(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The country as one rough shape, for what must stand clear of it."""
    rings = shapely.get_parts(lines.geometry.to_numpy())
    closed = rings[shapely.is_closed(rings)]
    whole = shapely.union_all(shapely.make_valid([shapely.Polygon(ring) for ring in closed]))
    return gpd.GeoDataFrame(geometry=[whole], crs=BRITISH_GRID)
