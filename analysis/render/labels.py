"""Which names fit on a map: the largest need first, none over another."""

from __future__ import annotations

import math
import textwrap

import pandas as pd

from analysis.places.coordinates import mercator

LETTER_WIDTH = 0.52
LINE_HEIGHT = 1.15
LONGEST_LINE = 17

# How far a name may move from its point, in its own heights and widths.
STEPS = (0.0, -0.6, 0.6, -1.1, 1.1, -1.6, 1.6)
ACROSS = (0.0, -0.35, 0.35)
EDGE_PX = 4.0

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Edges = tuple[float, float, float, float]


def place_labels(
    points: pd.DataFrame,
    zoom: float,
    size_px: float,
    marks: pd.DataFrame | None = None,
    edges: Edges | None = None,
) -> list[tuple[str, float, float]]:
    """Choose the labels that fit at a zoom, taking areas by falling `order`.

    Parameters
    ----------
    points : DataFrame
        Index `area_code`; `area_name`, `lon`, `lat` (degrees), `order` (larger goes first).
    zoom : float
        Web Mercator zoom, 512-pixel tiles.
    size_px : float
        Letter size.
    marks : DataFrame, optional
        `lon`, `lat`, `size` (pixels) of symbols that are drawn over the names: a name moves a little to
        stand clear of them where it can.
    edges : (lon, lat, width, height), optional
        Middle (degrees) and size (pixels) of the map, which no name may leave.

    Returns
    -------
    list of (text, lon, lat)
        Text wrapped into lines; ties in `order` go by area code.
    """
    world = 512 * 2**zoom
    taken: list[Box] = []
    marked = [] if marks is None else _mark_boxes(marks, world)
    placed = []
    ordered = points.sort_index().sort_values("order", ascending=False, kind="stable")
    for name, lon, lat in zip(ordered["area_name"], ordered["lon"], ordered["lat"], strict=True):
        lines = textwrap.wrap(str(name), LONGEST_LINE, break_long_words=False) or [""]
        wide = max(map(len, lines)) * size_px * LETTER_WIDTH
        tall = len(lines) * size_px * LINE_HEIGHT
        boxes = [_box(point, wide, tall) for point in _stands(_point(lon, lat, world), wide, tall)]
        boxes = boxes if edges is None else [_held(box, edges, world) for box in boxes]
        free = [box for box in boxes if not any(_overlap(box, other) for other in taken)]
        clear = [box for box in free if not any(_overlap(box, mark) for mark in marked)]
        chosen = next(iter(clear), boxes[0] if boxes[0] in free else None)
        if chosen is None:
            continue
        taken.append(chosen)
        own = chosen == _box(_point(lon, lat, world), wide, tall)
        placed.append(("\n".join(lines), *((lon, lat) if own else _degrees(chosen, world))))
    return placed


def _stands(middle: Point, wide: float, tall: float) -> list[Point]:
    """Where the middle of a name may stand: at its point, then above and below, then beside."""
    x, y = middle
    away = [(across * wide, up * tall) for up in STEPS for across in ACROSS]
    return [
        middle,
        *((x + dx, y + dy) for dx, dy in sorted(away, key=lambda step: abs(step[0]) + abs(step[1]))),
    ]


def _box(middle: Point, wide: float, tall: float) -> Box:
    x, y = middle
    return (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)


def _held(box: Box, edges: Edges, world: float) -> Box:
    """A box moved inside the map."""
    lon, lat, width, height = edges
    left, top, right, bottom = _box(_point(lon, lat, world), width, height)
    dx = max(left + EDGE_PX - box[0], 0.0) or min(right - EDGE_PX - box[2], 0.0)
    dy = max(top + EDGE_PX - box[1], 0.0) or min(bottom - EDGE_PX - box[3], 0.0)
    return (box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy)


def _point(lon: float, lat: float, world: float) -> Point:
    """Pixels from the corner of the world's map."""
    y = 0.5 - float(mercator(lat)) / (2 * math.pi)
    return world * (lon + 180) / 360, world * y


def _degrees(box: Box, world: float) -> Point:
    """Longitude and latitude of the middle of a box."""
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - (box[1] + box[3]) / world))))
    return (box[0] + box[2]) / 2 / world * 360 - 180, lat


def _mark_boxes(marks: pd.DataFrame, world: float) -> list[Box]:
    rows = zip(marks["lon"], marks["lat"], marks["size"], strict=True)
    return [_box(_point(lon, lat, world), size, size) for lon, lat, size in rows]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
