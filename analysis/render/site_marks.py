"""Symbols of sites in print: the shapes of the screen map, told apart without colour."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import AbstractPathEffect, withStroke

from analysis.render.labels import Box
from analysis.render.theme import SITE_COLOURS, SURFACES

WHITE = SURFACES["light"].background
BLACK = SURFACES["light"].text
MARKERS = {
    "youth-hub": "p",
    "youth-zone": "*",
    "centre": "o",
    "outreach": "^",
    "satellite": "s",
    "gateway": "D",
}
SIZES_PT = {
    "hub": 9.0,
    "youth-hub": 9.0,
    "youth-zone": 11.0,
    "centre": 7.0,
    "outreach": 7.5,
    "satellite": 6.5,
    "gateway": 6.2,
    "candidate": 4.2,
}


def site_boxes(points: pd.DataFrame, scale: float) -> list[Box]:
    """The box of each symbol, in points; small hollow candidates may lie under a name."""
    boxes = []
    for symbol, x, y in zip(points["symbol"], points["x"], points["y"], strict=True):
        if symbol == "candidate":
            continue
        half = SIZES_PT[symbol] * scale / 2
        boxes.append((x - half, y - half, x + half, y + half))
    return boxes


def draw_sites(over: Axes, points: pd.DataFrame, scale: float) -> None:
    """Draw every site, smallest kinds first so that hubs lie on top."""
    order = {symbol: number for number, symbol in enumerate(reversed(list(SITE_COLOURS)))}
    ranked = points.sort_values("symbol", key=lambda symbols: symbols.map(order), kind="stable")
    rows = zip(ranked["x"], ranked["y"], ranked["symbol"], ranked["is_open"], strict=True)
    for x, y, symbol, is_open in rows:
        draw_symbol(over, float(x), float(y), str(symbol), is_open=bool(is_open), scale=scale)


def draw_symbol(over: Axes, x: float, y: float, symbol: str, *, is_open: bool, scale: float) -> None:
    """One symbol with a white edge; a closed site is crossed out."""
    colour, size = SITE_COLOURS[symbol], SIZES_PT[symbol] * scale
    if symbol in ("hub", "candidate"):
        ring = _mark(x, y, "o", size, fill=WHITE, edge=colour, edge_width=0.14 * size)
        edge: list[AbstractPathEffect] = [withStroke(linewidth=0.14 * size + 1.2, foreground=WHITE)]
        ring.set_path_effects(edge)
        over.add_line(ring)
        if symbol == "hub":
            over.add_line(_mark(x, y, "o", 0.56 * size, fill=colour, edge=colour, edge_width=0))
    else:
        over.add_line(_mark(x, y, MARKERS[symbol], size, fill=colour, edge=WHITE, edge_width=0.8 * scale))
    if not is_open:
        for shade, width in ((WHITE, 0.26), (BLACK, 0.12)):
            over.add_line(_mark(x, y, "x", size, fill=shade, edge=shade, edge_width=width * size))


def _mark(x: float, y: float, marker: str, size: float, *, fill: str, edge: str, edge_width: float) -> Line2D:
    return Line2D(
        [x],
        [y],
        linestyle="none",
        marker=marker,
        markersize=size,
        markerfacecolor=fill,
        markeredgecolor=edge,
        markeredgewidth=edge_width,
    )
