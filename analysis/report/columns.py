"""How wide the columns of a table are, so that no word is cut in two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.render.typefaces import line_width

PADDING_PT = 13.0
WIDER_FACE = 1.18
STEPS = 60
Floats = npt.NDArray[np.float64]


def column_widths_cm(lines: Sequence[Sequence[str]], size_pt: float, width_cm: float) -> list[float]:
    """Widths of columns that fill a page: each holds its longest word, the rest goes to long texts.

    Parameters
    ----------
    lines : sequence of rows of cells
        Heading first.
    size_pt : float
        Size of type; measured in the shipped face, made wider for Arial.
    width_cm : float
        Of the table.
    """
    cells = np.array([[_wide(cell, size_pt) for cell in row] for row in lines])
    needed = np.array(
        [
            max(_wide(word, size_pt) for cell in column for word in cell.split(" "))
            for column in zip(*lines, strict=True)
        ]
    )
    room, widths = width_cm / 2.54 * 72, needed.copy()
    step = max(room - needed.sum(), 0.0) / STEPS
    for _ in range(STEPS):
        # The column that shortens the table most takes the next part of the room.
        heights = [
            _height(cells, widths + step * (np.arange(len(widths)) == one)) for one in range(len(widths))
        ]
        widths[int(np.argmin(heights))] += step
    return [float(wide) for wide in width_cm * widths / widths.sum()]


def _height(cells: Floats, widths: Floats) -> float:
    """About how many lines a table has, with a little for every column whose text is wider than it."""
    lines = cells / widths
    return float(np.maximum(lines.max(axis=1), 1.0).sum() + 0.01 * np.maximum(lines, 1.0).sum())


def _wide(text: str, size_pt: float) -> float:
    return line_width(text, size_pt, 600) * WIDER_FACE + PADDING_PT
