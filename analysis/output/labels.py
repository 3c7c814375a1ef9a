"""Which names fit on a map: the largest need first, none over another."""

from __future__ import annotations

import math
import textwrap

import pandas as pd

LETTER_WIDTH = 0.52
LINE_HEIGHT = 1.15
LONGEST_LINE = 17

Box = tuple[float, float, float, float]


def place_labels(
    points: pd.DataFrame, zoom: float, size_px: float, marks: pd.DataFrame | None = None, mark_px: float = 0.0
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
        `lon`, `lat` of symbols that are drawn over the names: a name goes above or below one where it can.
    mark_px : float
        Height of a symbol.

    Returns
    -------
    list of (text, lon, lat)
        Text wrapped into lines; ties in `order` go by area code.
    """
    world = 512 * 2**zoom
    taken: list[Box] = []
    marked = [] if marks is None else _mark_boxes(marks, world, mark_px)
    placed = []
    ordered = points.sort_index().sort_values("order", ascending=False, kind="stable")
    for name, lon, lat in zip(ordered["area_name"], ordered["lon"], ordered["lat"], strict=True):
        lines = textwrap.wrap(str(name), LONGEST_LINE, break_long_words=False) or [""]
        wide = max(map(len, lines)) * size_px * LETTER_WIDTH
        tall = len(lines) * size_px * LINE_HEIGHT
        x, middle = _point(lon, lat, world)
        step = (tall + mark_px) / 2
        boxes = [
            (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
            for y in (middle, middle - step, middle + step)
        ]
        free = [box for box in boxes if not any(_overlap(box, other) for other in taken)]
        clear = [box for box in free if not any(_overlap(box, mark) for mark in marked)]
        chosen = next(iter(clear), boxes[0] if boxes[0] in free else None)
        if chosen is None:
            continue
        taken.append(chosen)
        placed.append(("\n".join(lines), lon, lat if chosen == boxes[0] else _latitude(chosen, world)))
    return placed


def _point(lon: float, lat: float, world: float) -> tuple[float, float]:
    """Pixels from the corner of the world's map."""
    y = 0.5 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
    return world * (lon + 180) / 360, world * y


def _latitude(box: Box, world: float) -> float:
    """Latitude of the middle of a box."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - (box[1] + box[3]) / world))))


def _mark_boxes(marks: pd.DataFrame, world: float, mark_px: float) -> list[Box]:
    half = mark_px / 2
    points = [_point(lon, lat, world) for lon, lat in zip(marks["lon"], marks["lat"], strict=True)]
    return [(x - half, y - half, x + half, y + half) for x, y in points]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
