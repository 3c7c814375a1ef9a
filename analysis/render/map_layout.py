"""Where everything goes on a print map: the place, its legend, scale bar, north arrow and names.

All lengths are in points on a frame whose lower left corner is (0, 0).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from analysis.render.labels import Box

MARGIN_PT = 8.0
GAP_PT = 6.0
CORNERS = (("left", "top"), ("right", "top"), ("left", "bottom"), ("right", "bottom"))
SHRINKS = (1.0, 0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.79, 0.76, 0.73, 0.7, 0.66, 0.62, 0.58, 0.54, 0.5)


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
    beside = _beside(simple, width_pt, height_pt, legend_size, furniture_size)
    first = next(choices)
    if _is_clear(simple, first):
        return first
    least = 0.0 if beside is None else beside.scale
    larger = itertools.takewhile(lambda choice: choice.scale > least, choices)
    # A frame that has no room beside its words has the place under them.
    return next((choice for choice in larger if _is_clear(simple, choice)), beside or first)


def _beside(
    ground: BaseGeometry,
    width_pt: float,
    height_pt: float,
    legend_size: tuple[float, float],
    furniture_size: tuple[float, float],
) -> Layout | None:
    """The place to the right of legend and scale bar, or below them where that leaves it larger."""
    west, south, east, north = ground.bounds
    wide, tall = east - west, north - south
    spacing = 2 * MARGIN_PT + GAP_PT
    column = max(legend_size[0], furniture_size[0]) + GAP_PT
    row = max(legend_size[1], furniture_size[1]) + GAP_PT
    stacked = legend_size[1] + furniture_size[1] + GAP_PT + 2 * MARGIN_PT <= height_pt
    right = min((width_pt - column - spacing) / wide, (height_pt - 2 * MARGIN_PT) / tall) if stacked else 0.0
    in_row = legend_size[0] + furniture_size[0] + GAP_PT + 2 * MARGIN_PT <= width_pt
    below = min((width_pt - 2 * MARGIN_PT) / wide, (height_pt - row - spacing) / tall) if in_row else 0.0
    scale = max(right, below)
    if scale <= 0:
        return None
    spare_x, spare_y = width_pt - wide * scale, height_pt - tall * scale
    across = spare_x - MARGIN_PT if right >= below else spare_x / 2
    up = spare_y / 2 if right >= below else MARGIN_PT
    corner = ("left", "bottom") if right >= below else ("right", "top")
    return Layout(
        width_pt,
        height_pt,
        scale,
        west - across / scale,
        south - up / scale,
        _corner_box(("left", "top"), legend_size, width_pt, height_pt),
        _corner_box(corner, furniture_size, width_pt, height_pt),
    )


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
