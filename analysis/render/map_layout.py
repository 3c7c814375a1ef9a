"""Where everything goes on a print map: the place, its legend, scale bar, north arrow and names.

All lengths are in points on a frame whose lower left corner is (0, 0).
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.render.labels import LONGEST_LINE
from analysis.render.typefaces import text_width_pt

MARGIN_PT = 8.0
GAP_PT = 6.0
LINE_HEIGHT = 1.12
CORNERS = (("left", "top"), ("right", "top"), ("left", "bottom"), ("right", "bottom"))
SHRINKS = (1.0, 0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.79, 0.76, 0.73, 0.7, 0.66, 0.62, 0.58, 0.54, 0.5)
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Layout:
    """A frame with a place in it.

    Parameters
    ----------
    width_pt, height_pt : float
        Size of the frame.
    scale : float
        Points to a metre.
    left_m, bottom_m : float
        Easting and northing of the frame's lower left corner.
    legend, furniture : Box
        Left, bottom, right, top of the legend, and of scale bar and north arrow.
    """

    width_pt: float
    height_pt: float
    scale: float
    left_m: float
    bottom_m: float
    legend: Box
    furniture: Box

    @property
    def extent_m(self) -> Box:
        """West, south, east, north of the frame."""
        return (
            self.left_m,
            self.bottom_m,
            self.left_m + self.width_pt / self.scale,
            self.bottom_m + self.height_pt / self.scale,
        )

    def point(self, easting: float, northing: float) -> tuple[float, float]:
        """A place on the ground as a point in the frame."""
        return (easting - self.left_m) * self.scale, (northing - self.bottom_m) * self.scale


def fitted_layout(
    ground: BaseGeometry,
    width_pt: float,
    height_pt: float,
    legend_size: tuple[float, float],
    furniture_size: tuple[float, float],
) -> Layout:
    """Fit a place into a frame as large as can be while neither legend nor scale bar lies on it.

    Parameters
    ----------
    ground : Geometry
        The place, metres.
    width_pt, height_pt : float
        Size of the frame in points.
    legend_size, furniture_size : (width, height) in points

    Returns
    -------
    Layout
        With the legend at the top left where that costs nothing.
    """
    simple = ground.simplify(60.0)
    choices = _choices(simple, width_pt, height_pt, legend_size, furniture_size)
    first = next(choices)
    return first if _is_clear(simple, first) else next((c for c in choices if _is_clear(simple, c)), first)


def _choices(
    ground: BaseGeometry,
    width_pt: float,
    height_pt: float,
    legend_size: tuple[float, float],
    furniture_size: tuple[float, float],
) -> Iterator[Layout]:
    west, south, east, north = ground.bounds
    full = min((width_pt - 2 * MARGIN_PT) / (east - west), (height_pt - 2 * MARGIN_PT) / (north - south))
    for shrink in SHRINKS:
        scale = full * shrink
        spare_x = width_pt - (east - west) * scale
        spare_y = height_pt - (north - south) * scale
        for across, up in itertools.product(_places(spare_x), _places(spare_y)):
            left, bottom = west - across / scale, south - up / scale
            for one, other in itertools.permutations(CORNERS, 2):
                yield Layout(
                    width_pt,
                    height_pt,
                    scale,
                    left,
                    bottom,
                    _corner_box(one, legend_size, width_pt, height_pt),
                    _corner_box(other, furniture_size, width_pt, height_pt),
                )


def _places(spare: float) -> tuple[float, ...]:
    """Distances of the place from the frame's edge: in the middle, then to either side."""
    return spare / 2, spare - MARGIN_PT, MARGIN_PT


def _corner_box(corner: tuple[str, str], size: tuple[float, float], width: float, height: float) -> Box:
    left = MARGIN_PT if corner[0] == "left" else width - MARGIN_PT - size[0]
    bottom = MARGIN_PT if corner[1] == "bottom" else height - MARGIN_PT - size[1]
    return left, bottom, left + size[0], bottom + size[1]


def _is_clear(ground: BaseGeometry, layout: Layout) -> bool:
    boxes = (layout.legend, layout.furniture)
    if overlap(*boxes):
        return False
    return not any(ground.intersects(_on_ground(box, layout)) for box in boxes)


def _on_ground(box: Box, layout: Layout) -> BaseGeometry:
    west, south = layout.left_m, layout.bottom_m
    left, bottom, right, top = (
        box[0] - GAP_PT,
        box[1] - GAP_PT,
        box[2] + GAP_PT,
        box[3] + GAP_PT,
    )
    s = layout.scale
    return shapely.box(west + left / s, south + bottom / s, west + right / s, south + top / s)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def wrapped(name: str) -> list[str]:
    """A name in lines of about equal length, at most `LONGEST_LINE` letters where its words allow."""
    lines = textwrap.wrap(name, LONGEST_LINE, break_long_words=False) or [""]
    for width in range(max(map(len, lines)), 3, -1):
        tighter = textwrap.wrap(name, width, break_long_words=False, break_on_hyphens=False)
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines


@dataclass(frozen=True)
class Name:
    """A name that found its place: lines, middle, and the box that it takes."""

    lines: tuple[str, ...]
    x: float
    y: float
    box: Box


def placed_names(
    points: pd.DataFrame, layout: Layout, size_pt: float, taken: list[Box], weight: int = 600
) -> list[Name]:
    """Names that fit, by falling `order`; each may move a little, none lies on another or on what is taken.

    Parameters
    ----------
    points : DataFrame
        Index `area_code`; `area_name`, `easting`, `northing` (a point inside the area), `order`,
        `geometry` (the area, metres): the middle of a name that moves stays in its own area.
    layout : Layout
    size_pt : float
        Of the letters.
    taken : list of Box
        Legend, scale bar and symbols.
    weight : int
        Of the letters, 400 or 600.
    """
    held = [*taken, layout.legend, layout.furniture]
    names = []
    rows = points.sort_index().sort_values("order", ascending=False, kind="stable")
    for name, easting, northing, area in zip(
        rows["area_name"], rows["easting"], rows["northing"], rows["geometry"], strict=True
    ):
        lines = wrapped(str(name))
        wide = max(text_width_pt(line, size_pt, weight) for line in lines) + 2
        tall = len(lines) * size_pt * LINE_HEIGHT
        middle = layout.point(float(easting), float(northing))
        for x, y in _stands(middle, area, layout, wide, tall):
            box = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
            if _inside(box, layout) and not any(overlap(box, other) for other in held):
                held.append(box)
                names.append(Name(tuple(lines), x, y, box))
                break
    return names


def _stands(
    middle: tuple[float, float], area: BaseGeometry, layout: Layout, wide: float, tall: float
) -> list[tuple[float, float]]:
    """Where the middle of a name may stand: its own point, then others in its area, the nearest first."""
    across = np.arange(-1.5 * wide, 1.5 * wide, 4.0)
    up = np.arange(-4 * tall, 4 * tall, 3.0)
    x, y = (grid.ravel() for grid in np.meshgrid(middle[0] + across, middle[1] + up))
    inside = shapely.contains_xy(area, layout.left_m + x / layout.scale, layout.bottom_m + y / layout.scale)
    far = (x - middle[0]) ** 2 + (2 * (y - middle[1])) ** 2
    order = np.flatnonzero(inside)[np.argsort(far[inside], kind="stable")]
    return [middle, *zip(x[order].tolist(), y[order].tolist(), strict=True)]


def _inside(box: Box, layout: Layout) -> bool:
    return box[0] >= 1 and box[1] >= 1 and box[2] <= layout.width_pt - 1 and box[3] <= layout.height_pt - 1
