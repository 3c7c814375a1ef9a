"""Which names fit on a map: the largest need first, none over another."""

from __future__ import annotations

import math
import textwrap

import pandas as pd

LETTER_WIDTH = 0.52
LINE_HEIGHT = 1.15
LONGEST_LINE = 17


def place_labels(points: pd.DataFrame, zoom: float, size_px: float) -> list[tuple[str, float, float]]:
    """Choose the labels that fit at a zoom, taking areas by falling `order`.

    Parameters
    ----------
    points : DataFrame
        Index `area_code`; `area_name`, `lon`, `lat` (degrees), `order` (larger goes first).
    zoom : float
        Web Mercator zoom, 512-pixel tiles.
    size_px : float
        Letter size.

    Returns
    -------
    list of (text, lon, lat)
        Text wrapped into lines; ties in `order` go by area code.
    """
    world = 512 * 2**zoom
    taken: list[tuple[float, float, float, float]] = []
    placed = []
    ordered = points.sort_index().sort_values("order", ascending=False, kind="stable")
    for name, lon, lat in zip(ordered["area_name"], ordered["lon"], ordered["lat"], strict=True):
        lines = textwrap.wrap(str(name), LONGEST_LINE, break_long_words=False) or [""]
        wide = max(map(len, lines)) * size_px * LETTER_WIDTH
        tall = len(lines) * size_px * LINE_HEIGHT
        x = world * (lon + 180) / 360
        y = world * (0.5 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi))
        box = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
        if any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        placed.append(("\n".join(lines), lon, lat))
    return placed


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
