"""How wide the columns of a table are, so that no word is cut in two."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.render.typefaces import text_width_pt

PADDING_PT = 13.0
WIDER_FACE = 1.12
MOST_WANTED_PT = 210.0


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
    needed, wanted = [], []
    for cells in zip(*lines, strict=True):
        words = [word for cell in cells for word in cell.split()] or [""]
        needed.append(_wide(max(words, key=len), size_pt))
        wanted.append(min(max(_wide(cell, size_pt) for cell in cells), MOST_WANTED_PT))
    room = width_cm / 2.54 * 72 - sum(needed)
    more = [max(want - need, 0.0) for want, need in zip(wanted, needed, strict=True)]
    if room < 0:
        return [width_cm * need / sum(needed) for need in needed]
    if room <= sum(more):
        return [(need + room * part / sum(more)) / 72 * 2.54 for need, part in zip(needed, more, strict=True)]
    full = [need + part for need, part in zip(needed, more, strict=True)]
    return [width_cm * wide / sum(full) for wide in full]


def _wide(text: str, size_pt: float) -> float:
    return text_width_pt(text, size_pt, 600) * WIDER_FACE + PADDING_PT
