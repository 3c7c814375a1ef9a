"""What lies on a print map beside the place: text, legend, scale bar, arrow to grid north. Lengths in points."""

from __future__ import annotations

from typing import Any, Literal

import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon, Rectangle

from analysis.render.hatching import HATCHED, hatch_lines
from analysis.render.labels import Box
from analysis.render.map_layout import Layout
from analysis.render.map_sheet import SIDE, MapLegend
from analysis.render.outlines import round_length_km
from analysis.render.site_marks import draw_symbol
from analysis.render.theme import SURFACES, readable_on
from analysis.render.typefaces import text_width_pt, typeface

SURFACE = SURFACES["light"]
LEGEND_LETTERS = 30
LEGEND_PT, SMALLEST_PT, ROW = 7.5, 7.0, 1.42
# Of a square of two figures.
CELL = (26.0, 16.0)


def write(
    over: Axes,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    weight: int = 400,
    colour: str = SURFACE.text,
    align: Literal["left", "center", "right"] = "left",
    **options: Any,
) -> None:
    """One line of text whose middle height is at `y`; signs are never read as formulas."""
    over.text(
        x,
        y - 0.33 * size,
        text,
        fontproperties=typeface(round(size, 3), weight),
        color=colour,
        ha=align,
        va="baseline",
        parse_math=False,
        **options,
    )


def _legend_lines(title: str) -> list[str]:
    words, lines = title.split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LEGEND_LETTERS:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _side_lines(legend: MapLegend) -> list[str]:
    """Words of the sides of a square, under it."""
    if not legend.square:
        return []
    up, right = legend.square
    return [*_legend_lines(f"↑ {up}"), *_legend_lines(f"→ {right}")]


def _draw_square(over: Axes, legend: MapLegend, corner: tuple[float, float], scale: float) -> None:
    """Nine colours with their counts, from the top left corner."""
    wide, tall = CELL[0] * scale, CELL[1] * scale
    for place, (colour, _, count) in enumerate(legend.in_square):
        down, along = divmod(place, SIDE)
        x, y = corner[0] + along * wide, corner[1] - (down + 1) * tall
        cell = Rectangle((x, y), wide, tall, facecolor=colour)
        cell.set(edgecolor=SURFACE.background, linewidth=0.6)
        over.add_patch(cell)
        middle = (x + wide / 2, y + tall / 2)
        write(over, *middle, count, LEGEND_PT * scale, colour=readable_on(colour), align="center")


def legend_size(legend: MapLegend, scale: float) -> tuple[float, float]:
    """Width and height that a legend needs."""
    size = LEGEND_PT * scale
    titles = [*_legend_lines(legend.title), f"{legend.stamp}   "]
    head = max(text_width_pt(line, size, 600) for line in titles)
    rows = [
        text_width_pt(words, size) + text_width_pt(count, size) + (18 + 12) * scale
        for _, words, count in legend.listed
    ]
    sides = _side_lines(legend)
    head = max([head, SIDE * CELL[0] * scale, *(text_width_pt(line, size) for line in sides)])
    words_only = [words for _, words, _ in legend.symbols] + [legend.outlined]
    symbols = [text_width_pt(words, size) + 18 * scale for words in words_only]
    counted = text_width_pt(legend.counted, SMALLEST_PT * scale)
    wide = max([head, counted, *rows, *symbols]) + 12 * scale
    extras = bool(legend.outlined) + bool(legend.stamp)
    lines = len(_legend_lines(legend.title)) + len(legend.listed) + len(legend.symbols) + extras
    tall = (lines + len(sides)) * ROW * size + (1.25 * size if legend.counted else 0) + 10 * scale
    if legend.square:
        tall += SIDE * CELL[1] * scale
    return wide, tall


def draw_legend(over: Axes, legend: MapLegend, box: Box, scale: float) -> None:
    """Title, classes with counts, and symbols, in a white box."""
    left, bottom, right, top = box
    over.add_patch(
        Rectangle(
            (left, bottom),
            right - left,
            top - bottom,
            facecolor=SURFACE.background,
            edgecolor=SURFACE.quiet_text,
            linewidth=0.5,
        )
    )
    size, step = LEGEND_PT * scale, ROW * LEGEND_PT * scale
    x, y = left + 6 * scale, top - 5 * scale - step / 2
    if legend.stamp:
        _draw_stamp(over, legend.stamp, (x, y), scale)
        y -= step
    for line in _legend_lines(legend.title):
        write(over, x, y, line, size, weight=600)
        y -= step
    if legend.counted:
        write(
            over,
            right - 6 * scale,
            y,
            legend.counted,
            SMALLEST_PT * scale,
            colour=SURFACE.quiet_text,
            align="right",
        )
        y -= 1.25 * size
    if legend.square:
        _draw_square(over, legend, (x, y + step / 2), scale)
        y -= SIDE * CELL[1] * scale
        for line in _side_lines(legend):
            write(over, x, y, line, size)
            y -= step
    for colour, words, count in legend.listed:
        chip = Rectangle((x, y - 0.42 * size), 13 * scale, 0.86 * size, facecolor=colour)
        chip.set(edgecolor=SURFACE.quiet_text, linewidth=0.4)
        over.add_patch(chip)
        if colour in HATCHED:
            lines = hatch_lines(shapely.box(*chip.get_bbox().extents), HATCHED[colour] * LEGEND_PT * scale)
            over.add_collection(LineCollection(lines, colors=SURFACE.text, linewidths=0.4))
        write(over, x + 18 * scale, y, words, size)
        write(over, right - 6 * scale, y, count, size, colour=SURFACE.quiet_text, align="right")
        y -= step
    if legend.outlined:
        chip = Rectangle((x, y - 0.42 * size), 13 * scale, 0.86 * size, facecolor="none")
        chip.set(edgecolor=SURFACE.outline, linewidth=1.6 * scale)
        over.add_patch(chip)
        write(over, x + 18 * scale, y, legend.outlined, size)
        y -= step
    for symbol, words, is_open in legend.symbols:
        draw_symbol(over, x + 6.5 * scale, y, symbol, is_open=is_open, scale=scale)
        write(over, x + 18 * scale, y, words, size)
        y -= step


def _draw_stamp(over: Axes, stamp: str, corner: tuple[float, float], scale: float) -> None:
    """What the plan that is drawn is, in a frame."""
    (x, y), size = corner, LEGEND_PT * scale
    wide = text_width_pt(stamp, size, 600) + 8 * scale
    frame = Rectangle((x, y - 0.7 * size), wide, 1.4 * size, facecolor=SURFACE.background)
    frame.set(edgecolor=SURFACE.text, linewidth=1.1 * scale)
    over.add_patch(frame)
    write(over, x + 4 * scale, y, stamp, size, weight=600)


def furniture_size(scale: float) -> tuple[float, float]:
    """Width and height of scale bar and arrow."""
    return 104 * scale, 26 * scale


def draw_furniture(over: Axes, layout: Layout, scale: float) -> None:
    """Scale bar and arrow to grid north."""
    left, bottom, right, _ = layout.furniture
    length_km = round_length_km(76 * scale / layout.scale)
    length = length_km * 1000 * layout.scale
    y = bottom + 5 * scale
    over.plot([left + 4, left + 4 + length], [y, y], color=SURFACE.text, linewidth=1.6, solid_capstyle="butt")
    for x in (left + 4, left + 4 + length):
        over.plot([x, x], [y - 2.2 * scale, y + 2.2 * scale], color=SURFACE.text, linewidth=0.9)
    write(over, left + 4 + length / 2, y + 8 * scale, f"{length_km:g} km", 7 * scale, align="center")
    x = right - 9 * scale
    arrow = [(x - 4 * scale, y - 3 * scale), (x, y + 9 * scale), (x + 4 * scale, y - 3 * scale), (x, y)]
    over.add_patch(Polygon(arrow, facecolor=SURFACE.text, edgecolor="none"))
    write(over, x, y + 14.5 * scale, "N", 7.5 * scale, weight=600, align="center")
