"""Print maps by geopandas and matplotlib: the same fills, classes and sites as the screen map, in EPSG:27700.

No tiles, no browser, no network. The map is drawn as SVG; `analysis.render.sheets` sets it on a sheet with
its words and writes PNG, SVG or PDF.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.places.coordinates import WGS84
from analysis.render.council_theme import HOUSE, CouncilTheme
from analysis.render.hatching import HATCHED, hatch_lines, hatched_ground
from analysis.render.labels import Box
from analysis.render.layers import AreaPaint, MapFrame, selected_feature
from analysis.render.map_frame import Dot
from analysis.render.map_furniture import SURFACE, draw_furniture, draw_legend, furniture_size, legend_size
from analysis.render.map_layout import Layout, fitted_layout
from analysis.render.map_sheet import MapLegend, MapSheet
from analysis.render.outlines import Feature, Outlines
from analysis.render.print_names import NAME_PT, draw_names, level_shapes, print_names
from analysis.render.sheets import SIZES, ImageKind, PrintSize, SheetWords, sheet
from analysis.render.site_marks import draw_sites, site_boxes

BRITISH_GRID = "EPSG:27700"
POINTS_PER_CM = 72 / 2.54
AREA_GROUP, HATCH_GROUP = "areas", "hatching"
NARROWEST, TALLEST = 0.62, 1.2
# matplotlib keeps SVG settings for the whole process: maps are written one at a time.
_lock = threading.Lock()
_SVG_SETTINGS: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "hubreach", "svg.image_inline": True}


@dataclass(frozen=True)
class PrintFrame:
    """Size and extras of a print map.

    Parameters
    ----------
    width_cm : float
    height_cm : float or None
        None takes the height that suits the place.
    type_scale : float
        1 for a report page; about 1.8 for a slide.
    labels : bool
        Whether names are drawn.
    highlighted : tuple of str
        Codes of areas with a heavy outline.
    selected : str or None
        Code of the area (or, on a map of neighbourhoods, the ward) with an orange outline.
    catchments : tuple of Feature
        Outlines drawn over the areas.
    dots : tuple of Dot
        Small dots over the areas, filled or hollow.
    theme : CouncilTheme
    """

    width_cm: float = 16.0
    height_cm: float | None = None
    type_scale: float = 1.0
    labels: bool = True
    highlighted: tuple[str, ...] = field(default_factory=tuple)
    selected: str | None = None
    catchments: tuple[Feature, ...] = field(default_factory=tuple)
    dots: tuple[Dot, ...] = field(default_factory=tuple)
    theme: CouncilTheme = HOUSE


@contextmanager
def svg_settings(more: Mapping[Any, Any] | None = None) -> Iterator[None]:
    """Write SVG with the house's settings, one thread at a time."""
    with _lock, mpl.rc_context({**_SVG_SETTINGS, **(more or {})}):
        yield


def map_svg(
    shapes: Outlines,
    paint: AreaPaint,
    legend: MapLegend,
    frame: PrintFrame,
    sites: pd.DataFrame | None = None,
) -> bytes:
    """A print map as SVG, the same bytes for the same input.

    Parameters
    ----------
    shapes, paint
        As for `analysis.render.layers.area_map`, whose map it shares fills and sites with.
    legend : MapLegend
    frame : PrintFrame
    sites : DataFrame, optional
        As for `analysis.render.layers.area_map`.

    Returns
    -------
    bytes
        SVG whose text is text, in the shipped typeface.
    """
    return figure_svg(lambda: print_map(shapes, paint, legend, frame, sites), frame.theme)


def figure_svg(draw: Callable[[], Figure], theme: CouncilTheme) -> bytes:
    """What `draw` draws, as SVG in the house's typeface and a theme's colours."""
    with svg_settings():
        written = io.BytesIO()
        draw().savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return theme.svg(written.getvalue())


def map_file(
    shapes: Outlines,
    paint: AreaPaint,
    words: MapSheet,
    kind: ImageKind,
    size: PrintSize = SIZES["report"],
    *,
    sites: pd.DataFrame | None = None,
    marks: MapFrame | None = None,
    theme: CouncilTheme = HOUSE,
) -> bytes:
    """A map as a file for a report: title, subtitle, map with legend, source and assumptions.

    Parameters
    ----------
    shapes, paint
        As for the screen map.
    words : MapSheet
    kind : {"png", "svg", "pdf"}
    size : PrintSize
    sites : DataFrame, optional
        As for the screen map.
    marks : MapFrame, optional
        The screen map's frame, whose selected and highlighted areas are marked here too.
    theme : CouncilTheme
    """
    frame = PrintFrame(
        size.width_cm - 2 * size.margin_cm,
        size.picture_height_cm,
        size.type_scale,
        labels=marks is None or marks.labels,
        highlighted=marks.highlighted if marks else (),
        selected=marks.selected if marks else None,
        catchments=marks.catchments if marks else (),
        dots=marks.dots if marks else (),
        theme=theme,
    )
    svg = map_svg(shapes, paint, words.legend, frame, sites)
    return sheet(svg, SheetWords(words.title, words.subtitle, words.source, words.alt), kind, size)


def print_map(
    shapes: Outlines,
    paint: AreaPaint,
    legend: MapLegend,
    frame: PrintFrame,
    sites: pd.DataFrame | None = None,
) -> Figure:
    """The map as a matplotlib figure whose one axes counts in points (see `map_svg`)."""
    ground = level_shapes(shapes, "place")
    layout = map_layout(ground, legend, frame)
    figure, chart, over = map_axes(layout)
    _draw_ground(chart, shapes, layout, ground)
    _draw_areas(chart, shapes, paint, frame, layout.scale)
    fix_extent(chart, layout)
    marks: list[Box] = []
    points = None if sites is None or sites.empty else _site_points(sites, layout)
    if points is not None:
        marks = site_boxes(points, frame.type_scale)
        draw_sites(over, points, frame.type_scale)
    if frame.labels:
        names = print_names(shapes, paint, layout, frame.type_scale, marks)
        draw_names(over, names, frame.type_scale)
    draw_legend(over, legend, layout.legend, frame.type_scale)
    draw_furniture(over, layout, frame.type_scale)
    return figure


def map_axes(layout: Layout) -> tuple[Figure, Axes, Axes]:
    """A figure with one axes for the ground (call `fix_extent` when it is drawn) and one over it, in points."""
    figure = Figure(figsize=(layout.width_pt / 72, layout.height_pt / 72))
    chart = figure.add_axes((0, 0, 1, 1))
    over = figure.add_axes((0, 0, 1, 1))
    over.set(xlim=(0, layout.width_pt), ylim=(0, layout.height_pt))
    over.set_axis_off()
    return figure, chart, over


def fix_extent(chart: Axes, layout: Layout) -> None:
    """Show the frame's part of the ground, however far what is drawn reaches."""
    west, south, east, north = layout.extent_m
    chart.set(xlim=(west, east), ylim=(south, north))
    chart.set_axis_off()


def map_layout(ground: gpd.GeoDataFrame, legend: MapLegend, frame: PrintFrame) -> Layout:
    """Where ground (EPSG:27700), legend and furniture go on a frame."""
    width = frame.width_cm * POINTS_PER_CM
    height = (
        _natural_cm(ground, frame.width_cm) if frame.height_cm is None else frame.height_cm
    ) * POINTS_PER_CM
    return fitted_layout(
        ground.geometry.union_all(),
        width,
        height,
        legend_size(legend, frame.type_scale),
        furniture_size(frame.type_scale),
    )


def natural_height_cm(shapes: Outlines, width_cm: float) -> float:
    """Height of a map that suits the place."""
    return _natural_cm(level_shapes(shapes, "place"), width_cm)


def _natural_cm(ground: gpd.GeoDataFrame, width_cm: float) -> float:
    west, south, east, north = ground.total_bounds
    return min(max(float((north - south) / (east - west)), NARROWEST), TALLEST) * width_cm


def _draw_ground(chart: Axes, shapes: Outlines, layout: Layout, ground: gpd.GeoDataFrame) -> None:
    if shapes.surroundings:
        land = gpd.GeoDataFrame.from_features(shapes.surroundings, crs=WGS84).to_crs(BRITISH_GRID)
        west, south, east, north = layout.extent_m
        chart.add_patch(
            Rectangle((west, south), east - west, north - south, facecolor=SURFACE.water, edgecolor="none")
        )
        near = land.clip(layout.extent_m)
        near[~near.is_empty].plot(ax=chart, color=SURFACE.land, linewidth=0, aspect=None)
    ground.plot(ax=chart, color=SURFACE.land, linewidth=0, aspect=None)


def _draw_areas(
    chart: Axes, shapes: Outlines, paint: AreaPaint, frame: PrintFrame, points_a_metre: float
) -> None:
    areas = level_shapes(shapes, paint.level)
    filled = _filled(areas, paint)
    filled.plot(
        ax=chart,
        color=list(paint.fill.loc[filled.index]),
        edgecolor=SURFACE.area_line,
        linewidth=0.35,
        aspect=None,
    )
    chart.collections[-1].set_gid(AREA_GROUP)
    for colour, ground in hatched_ground(areas.geometry, paint.fill).items():
        lines = hatch_lines(ground, HATCHED[colour] * NAME_PT * frame.type_scale / points_a_metre)
        chart.add_collection(LineCollection(lines, colors=SURFACE.text, linewidths=0.4, gid=HATCH_GROUP))
    if paint.level == "lsoa":
        level_shapes(shapes, "ward").boundary.plot(
            ax=chart, color=SURFACE.ward_line, linewidth=0.8, aspect=None
        )
    for features, width in ((shapes.mainland, 1.5), (shapes.islets, 0.4)):
        if features:
            _boundary(features).plot(ax=chart, color=SURFACE.outline, linewidth=width, aspect=None)
    marked = areas.loc[areas.index.intersection(pd.Index(frame.highlighted))]
    if len(marked):
        marked.boundary.plot(ax=chart, color=SURFACE.outline, linewidth=1.6, aspect=None)
    if frame.catchments:
        _boundary(list(frame.catchments)).plot(ax=chart, color=SURFACE.halo, linewidth=2.6, aspect=None)
        _boundary(list(frame.catchments)).plot(ax=chart, color=SURFACE.catchment, linewidth=1.2, aspect=None)
    if frame.dots:
        lon, lat, filled = (list(each) for each in zip(*frame.dots, strict=True))
        gpd.GeoSeries(gpd.points_from_xy(lon, lat, crs=WGS84)).to_crs(BRITISH_GRID).plot(
            ax=chart,
            marker="o",
            markersize=2.4,
            color=[SURFACE.text if full else SURFACE.background for full in filled],
            edgecolor=SURFACE.text,
            linewidth=0.3,
            aspect=None,
        )
    selected = selected_feature(shapes, paint.level, frame.selected)
    if selected:
        chosen = _boundary(selected)
        chosen.plot(ax=chart, color=SURFACE.background, linewidth=4.0, aspect=None)
        chosen.plot(ax=chart, color=SURFACE.selected, linewidth=2.4, aspect=None)


def _boundary(features: list[Feature]) -> gpd.GeoSeries:
    """Lines around features, in metres."""
    return gpd.GeoDataFrame.from_features(features, crs=WGS84).to_crs(BRITISH_GRID).boundary


def _filled(areas: gpd.GeoDataFrame, paint: AreaPaint) -> gpd.GeoDataFrame:
    return areas.loc[areas.index.intersection(paint.fill.index)]


def drawn_codes(shapes: Outlines, paint: AreaPaint) -> list[str]:
    """Area codes in the order of the paths in the group `AREA_GROUP`, one path an area."""
    return list(_filled(level_shapes(shapes, paint.level), paint).index)


def _site_points(sites: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    placed = gpd.points_from_xy(sites["lon"], sites["lat"], crs=WGS84).to_crs(BRITISH_GRID)
    points = [layout.point(point.x, point.y) for point in placed]
    return sites.assign(x=[x for x, _ in points], y=[y for _, y in points])
