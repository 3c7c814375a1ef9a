"""Where names stand on a map, on screen and in print: inside their area, or beside it on a line; largest need first.

Areas are laid on a grid of cells a quarter of a letter wide, on which a name is a box: what a box would cover is
counted for every place that it could have at once. A name stands where its middle is well inside its own area and
next to nothing of it lies on another area. Where there is no such place it goes outside all areas, or (one of the
few with most need) onto another, and a line leads from it to the point of its area that is farthest from the edge.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from PIL import Image, ImageDraw
from scipy import ndimage

from analysis.places.coordinates import FloatArray
from analysis.render.typefaces import line_width

LINE_HEIGHT = 1.12
LONGEST_LINE = 17
LINE_LENGTHS = (LONGEST_LINE, 12, 9, 6, 26)
CELLS_A_LETTER = 4
# Of a name's box: how much may lie on other areas, and how much has to lie on its own (the rest is sea).
MOST_ON_OTHERS, LEAST_ON_OWN = 0.08, 0.7
# The names with most need may stand on another area, on a longer line; lengths in letters.
FOREMOST, FOREMOST_LEADER, LONGEST_LEADER = 5, 9.0, 4.5
SECTORS = 24
WEIGHT = 600

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Rings = list[list[FloatArray]]


@dataclass(frozen=True)
class NameFrame:
    """Room for names: sizes in the map's own unit (pixels, points).

    Parameters
    ----------
    width, height : float
    size, least_size : float
        Of the letters, and how small they may become to fit.
    edge : float
        What is left free along the frame.
    taken : sequence of Box
        Where no name may stand, such as a scale bar.
    marks : sequence of Box
        Symbols, which a name leaves uncovered where it can.
    """

    width: float
    height: float
    size: float
    least_size: float
    edge: float = 4.0
    taken: Sequence[Box] = field(default=(), repr=False)
    marks: Sequence[Box] = field(default=(), repr=False)


@dataclass(frozen=True)
class Name:
    """A name that found its place.

    Parameters
    ----------
    code : str
    lines : tuple of str
    x, y : float
        Middle.
    size : float
        Of the letters.
    box : Box
    anchor : Point or None
        Where in its area the line from a name ends that does not stand in it.
    """

    code: str
    lines: tuple[str, ...]
    x: float
    y: float
    size: float
    box: Box
    anchor: Point | None = None


def place_names(names: pd.DataFrame, areas: Mapping[str, Rings], frame: NameFrame) -> list[Name]:
    """Give each name its place, by falling `order`; those that find none are left out.

    Parameters
    ----------
    names : DataFrame
        Index `area_code`; `area_name`, `x`, `y` (a point in the area), `order` (larger goes first; ties go by code).
    areas : mapping of str to list of polygon
        By code: rings (outer first) of points from a corner of the frame.
    frame : NameFrame
    """
    ground = _Ground(areas, frame)
    ordered = names.sort_index().sort_values("order", ascending=False, kind="stable")
    found = []
    columns = (ordered[column] for column in ("area_name", "x", "y"))
    for rank, (code, text, x, y) in enumerate(zip(ordered.index, *columns, strict=True)):
        name = ground.inside(str(code), str(text)) or ground.beside(
            str(code), str(text), (float(x), float(y)), foremost=rank < FOREMOST
        )
        if name is not None:
            found.append(name)
    return found


def wrapped(name: str, longest: int = LONGEST_LINE) -> list[str]:
    """A name in lines of about equal length, at most `longest` letters where its words allow."""
    lines = textwrap.wrap(name, longest, break_long_words=False) or [""]
    for width in range(max(map(len, lines)), 3, -1):
        tighter = textwrap.wrap(name, width, break_long_words=False, break_on_hyphens=False)
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines


@dataclass(frozen=True)
class _Block:
    """A name in lines of one size, with the half of its box in cells."""

    lines: tuple[str, ...]
    size: float
    wide: float
    tall: float
    across: int
    up: int

    @property
    def cells(self) -> int:
        return (2 * self.up + 1) * (2 * self.across + 1)


class _Ground:
    """The areas, and what already stands on them, in cells."""

    def __init__(self, areas: Mapping[str, Rings], frame: NameFrame) -> None:
        self.frame = frame
        self.cell = frame.size / CELLS_A_LETTER
        self.shape = (math.ceil(frame.height / self.cell), math.ceil(frame.width / self.cell))
        self.areas = areas
        self.number = {code: place for place, code in enumerate(areas, start=1)}
        self.owner = self._drawn(areas)
        self.windows = ndimage.find_objects(self.owner, len(areas))
        self.taken = np.zeros(self.shape, dtype=bool)
        edge = math.ceil(frame.edge / self.cell)
        self.taken[:edge], self.taken[-edge:], self.taken[:, :edge], self.taken[:, -edge:] = (True,) * 4
        self.marked = np.zeros(self.shape, dtype=bool)
        for boxes, mask in ((frame.taken, self.taken), (frame.marks, self.marked)):
            for box in boxes:
                self._fill(mask, box)
        self.leaders: list[tuple[Point, Point]] = []

    def _drawn(self, areas: Mapping[str, Rings]) -> np.ndarray:
        """Number of the area of each cell, 0 outside; large ones first, so that what lies in a hole stays."""
        picture = Image.new("I", self.shape[::-1], 0)
        draw = ImageDraw.Draw(picture)
        polygons = [(self.number[code], rings) for code, parts in areas.items() for rings in parts]
        for number, rings in sorted(polygons, key=lambda part: -np.prod(np.ptp(part[1][0], axis=0))):
            for fill, ring in zip((number, *(0,) * len(rings)), rings, strict=False):
                if len(ring) > 2:
                    draw.polygon((ring / self.cell - 0.5).ravel().tolist(), fill=fill)
        return np.asarray(picture)

    def inside(self, code: str, text: str) -> Name | None:
        """The name in its own area, in the largest size and the fewest lines that fit."""
        window = self._window(code)
        if window is None:
            return None
        cells = (self.owner[window] == self.number[code]).sum()
        if cells * self.cell**2 < LEAST_ON_OWN * line_width(text, self.frame.least_size, WEIGHT) * self.cell:
            return None
        for block in self._blocks(text):
            if cells >= LEAST_ON_OWN * block.cells:
                spot = self._spot_inside(self.number[code], window, block)
                if spot is not None and self._holds(code, spot):
                    return self._put(code, block, spot)
        return None

    def _window(self, code: str) -> tuple[slice, slice] | None:
        """Rows and columns of an area; None where it is too small for a cell, or has no shape."""
        found = self.windows[self.number[code] - 1] if code in self.number else None
        return None if found is None else (found[0], found[1])

    def _blocks(self, text: str) -> Iterator[_Block]:
        variants = dict.fromkeys(tuple(wrapped(text, longest)) for longest in LINE_LENGTHS)
        for size in dict.fromkeys((self.frame.size, self.frame.least_size)):
            for lines in variants:
                yield self._block(lines, size)

    def _block(self, lines: tuple[str, ...], size: float) -> _Block:
        wide = max(line_width(line, size, WEIGHT) for line in lines) + 0.2 * size
        tall = len(lines) * size * LINE_HEIGHT
        return _Block(
            lines, size, wide, tall, math.ceil(wide / self.cell / 2), math.ceil(tall / self.cell / 2)
        )

    def _spot_inside(self, number: int, window: tuple[slice, slice], block: _Block) -> tuple[int, int] | None:
        rows, columns = (
            slice(max(0, span.start - half), span.stop + half)
            for span, half in zip(window, (block.up, block.across), strict=True)
        )
        owner = self.owner[rows, columns]
        own = owner == number
        middle = ndimage.binary_erosion(own, iterations=1)
        on_own, on_others, taken, marked = (
            _covered(mask, block) / block.cells
            for mask in (own, (owner > 0) & ~own, self.taken[rows, columns], self.marked[rows, columns])
        )
        fits = middle & (on_others <= MOST_ON_OTHERS) & (on_own >= LEAST_ON_OWN) & (taken == 0)
        if not fits.any():
            return None
        depth = ndimage.distance_transform_edt(own)
        down, along = np.indices(own.shape) - np.array(ndimage.center_of_mass(own))[:, None, None]
        from_middle = np.hypot(down, along) / max(own.shape)
        cost = 6 * on_others + 2 * (1 - on_own) + 3 * marked - depth / depth.max() + 0.5 * from_middle
        row, column = np.unravel_index(np.argmin(np.where(fits, cost, np.inf)), cost.shape)
        return int(row) + rows.start, int(column) + columns.start

    def beside(self, code: str, text: str, point: Point, *, foremost: bool) -> Name | None:
        """The name on a line, as near as there is room outside all areas; one of the foremost on others too."""
        anchor = self._anchor(code, point)
        block = self._block(tuple(wrapped(text)), self.frame.least_size)
        longest = (FOREMOST_LEADER if foremost else LONGEST_LEADER) * CELLS_A_LETTER
        middle = [int(value // self.cell) for value in anchor[::-1]]
        rows, columns = (
            slice(max(0, at - round(longest) - 2 * half), max(0, at + round(longest) + 2 * half))
            for at, half in zip(middle, (block.up, block.across), strict=True)
        )
        owner, taken = self.owner[rows, columns], self.taken[rows, columns]
        # What the window cuts off is not known to be free.
        whole = _covered(np.ones_like(taken), block) == block.cells
        free = whole & (_covered(taken, block) == 0)
        rooms = [free & (_covered(owner > 0, block) == 0)]
        if foremost:
            rooms.append(free & (_covered(owner == self.number.get(code, -1), block) == 0))
        for room in rooms:
            for spot in _nearest_around(
                room, (middle[0] - rows.start, middle[1] - columns.start), block, longest
            ):
                at = (spot[0] + rows.start, spot[1] + columns.start)
                if self._is_clear(at, anchor, block):
                    return self._put(code, block, at, anchor)
        return None

    def _anchor(self, code: str, point: Point) -> Point:
        """The point of an area that is farthest from its edge; of one of a few cells, a point that lies in it."""
        window = self._window(code)
        if window is None:
            return point
        depth = ndimage.distance_transform_edt(np.pad(self.owner[window] == self.number[code], 1))
        row, column = np.unravel_index(np.argmax(depth), depth.shape)
        spot = (int(row) - 1 + window[0].start, int(column) - 1 + window[1].start)
        return self._point(spot) if self._holds(code, spot) else point

    def _holds(self, code: str, spot: tuple[int, int]) -> bool:
        """Whether a cell's middle lies in an area: cells are too coarse for inlets."""
        point = shapely.Point(self._point(spot))
        return any(shapely.Polygon(part[0], part[1:]).contains(point) for part in self.areas[code])

    def _is_clear(self, spot: tuple[int, int], anchor: Point, block: _Block) -> bool:
        start, end = self._line(spot, anchor, block)
        if any(_crosses(start, end, *other) for other in self.leaders):
            return False
        rows, columns = self._cells_between(start, end)
        return not self.taken[rows, columns].any()

    def _line(self, spot: tuple[int, int], anchor: Point, block: _Block) -> tuple[Point, Point]:
        """From the edge of a name's box to its anchor."""
        (x, y), (to_x, to_y) = self._point(spot), anchor
        from_x = min(max(to_x, x - block.wide / 2), x + block.wide / 2)
        from_y = min(max(to_y, y - block.tall / 2), y + block.tall / 2)
        return (from_x, from_y), (to_x, to_y)

    def _cells_between(self, start: Point, end: Point) -> tuple[np.ndarray, np.ndarray]:
        steps = max(2, math.ceil(2 * math.dist(start, end) / self.cell))
        along = np.linspace(start, end, steps)
        columns, rows = np.floor(along / self.cell).astype(int).T
        return np.clip(rows, 0, self.shape[0] - 1), np.clip(columns, 0, self.shape[1] - 1)

    def _point(self, spot: tuple[int, int]) -> Point:
        return (spot[1] + 0.5) * self.cell, (spot[0] + 0.5) * self.cell

    def _put(self, code: str, block: _Block, spot: tuple[int, int], anchor: Point | None = None) -> Name:
        x, y = self._point(spot)
        box = (x - block.wide / 2, y - block.tall / 2, x + block.wide / 2, y + block.tall / 2)
        self.taken[
            max(0, spot[0] - block.up) : spot[0] + block.up + 1,
            max(0, spot[1] - block.across) : spot[1] + block.across + 1,
        ] = True
        if anchor is None:
            return Name(code, block.lines, x, y, block.size, box)
        leader = self._line(spot, anchor, block)
        self.leaders.append(leader)
        self.taken[self._cells_between(*leader)] = True
        return Name(code, block.lines, x, y, block.size, box, leader[1])

    def _fill(self, mask: np.ndarray, box: Box) -> None:
        left, low, right, high = (value / self.cell for value in box)
        mask[
            max(0, math.floor(low)) : max(0, math.ceil(high)),
            max(0, math.floor(left)) : max(0, math.ceil(right)),
        ] = True


def _covered(mask: np.ndarray, block: _Block) -> np.ndarray:
    """How many cells of a mask a block's box would cover, for every cell that its middle could be; beyond it is free."""
    sums = np.pad(mask, ((1, 0), (1, 0))).cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    height, width = mask.shape
    rows, columns = np.arange(height), np.arange(width)
    low, high = np.clip(rows - block.up, 0, height), np.clip(rows + block.up + 1, 0, height)
    left, right = np.clip(columns - block.across, 0, width), np.clip(columns + block.across + 1, 0, width)
    covered: np.ndarray = (
        sums[np.ix_(high, right)]
        - sums[np.ix_(low, right)]
        - sums[np.ix_(high, left)]
        + sums[np.ix_(low, left)]
    )
    return covered


def _nearest_around(
    room: np.ndarray, middle: tuple[int, int], block: _Block, longest: float
) -> Iterator[tuple[int, int]]:
    """The nearest cell of room in each direction, so that a line to the block there is not too long; nearest first."""
    rows, columns = np.nonzero(room)
    down, along = rows - middle[0], columns - middle[1]
    length = np.hypot(np.maximum(np.abs(down) - block.up, 0), np.maximum(np.abs(along) - block.across, 0))
    sector = np.floor((np.arctan2(down, along) / (2 * np.pi) + 0.5) * SECTORS).astype(int) % SECTORS
    near = np.flatnonzero(length <= longest)
    # Of cells that are equally near, the one straight beside or above.
    order = near[np.argsort(length[near] + 0.01 * (np.abs(down) + np.abs(along))[near], kind="stable")]
    _, first = np.unique(sector[order], return_index=True)
    for place in order[np.sort(first)]:
        yield int(rows[place]), int(columns[place])


def _crosses(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) != _side(a, b, d) and _side(c, d, a) != _side(c, d, b)


def _side(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])
