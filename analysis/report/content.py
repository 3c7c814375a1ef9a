"""What a pack is made of, before any file format: sections of paragraphs, charts, maps and tables."""

from __future__ import annotations

import datetime as dt
import html
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import geopandas as gpd
import pandas as pd
import plotly.graph_objects as go

from analysis.base.text import plain
from analysis.render.council_theme import HOUSE, CouncilTheme
from analysis.render.figure_frame import FigureStyle
from analysis.render.layers import AreaPaint
from analysis.render.map_sheet import MapSheet
from analysis.render.outlines import Feature, Outlines
from analysis.render.tables import TableSheet

INLINE_MATH = {r"\\sim": "~", r"\\text\{([^}]*)\}": r"\1", r"\\,": " ", r"\\times": "×", r"\\varepsilon": "ε"}


@dataclass(frozen=True)
class Paragraph:
    """Text of one paragraph, bold between double asterisks.

    Parameters
    ----------
    key : str
        Name under which a user may give other words before export ("need.answer").
    text : str
    detail : bool
        Whether only the long form has it (of every kind of block).
    """

    key: str
    text: str
    detail: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of short texts."""

    items: tuple[str, ...]
    detail: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A formula on its own line, in LaTeX."""

    latex: str
    detail: bool = False


@dataclass(frozen=True, eq=False)
class BarData:
    """The numbers of a chart as a presentation's own bars, to be edited there.

    Parameters
    ----------
    names : tuple of str
        One a bar, first on top.
    series : mapping of str to tuple of float
    colours : mapping of str to tuple of str
        Hex colours by series: one for all its bars, or one a bar.
    low, high : tuple of float
        Range of the first series; empty where it has none.
    unit : str
        What the bars count.
    """

    names: tuple[str, ...]
    series: Mapping[str, tuple[float, ...]]
    colours: Mapping[str, tuple[str, ...]]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart: how it is drawn, its numbers and its source.

    Parameters
    ----------
    key : str
        Unique in the pack.
    draw : callable
        The figure in a style, as on the page; its words are in `layout.meta`.
    numbers : DataFrame
        Exactly what is drawn.
    source : str
        Source, licence, assumptions.
    bars : BarData, optional
        For a presentation's own chart.
    """

    key: str
    draw: Callable[[FigureStyle], go.Figure]
    numbers: pd.DataFrame
    source: str
    bars: BarData | None = None
    detail: bool = False

    @cached_property
    def words(self) -> tuple[str, str]:
        """Title (the finding) and subtitle (what is drawn)."""
        meta = self.draw(FigureStyle(heading=False)).layout.meta
        return str(meta["title"]), str(meta["subtitle"])


@dataclass(frozen=True, eq=False)
class Map:
    """A map: the same paint as on the page, its sheet and its numbers."""

    key: str
    shapes: Outlines
    paint: AreaPaint
    sheet: MapSheet
    numbers: pd.DataFrame
    sites: pd.DataFrame | None = None
    highlighted: tuple[str, ...] = ()
    catchments: tuple[Feature, ...] = ()
    detail: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """A table as people read it.

    Parameters
    ----------
    key : str
        Unique in the pack.
    title : str
    table : DataFrame
        Only the columns that are shown, named by `heads`; the index is not shown.
    heads : mapping of str to str
        Column to heading, in order.
    source : str
    forms : mapping of str to str
        How a number is written (a Python format such as ",.0f"); by default by its type.
    data : DataFrame, optional
        The full figures for Excel; by default `table`.
    on_slide : bool
        Whether a presentation shows it too.
    """

    key: str
    title: str
    table: pd.DataFrame
    heads: Mapping[str, str]
    source: str
    forms: Mapping[str, str] = field(default_factory=dict)
    data: pd.DataFrame | None = None
    on_slide: bool = True
    detail: bool = False

    def rows(self) -> list[list[str]]:
        """Cells as text, row by row."""
        columns = [[_cell(value, self.forms.get(name)) for value in self.table[name]] for name in self.heads]
        return [list(row) for row in zip(*columns, strict=True)]

    @property
    def right_aligned(self) -> list[bool]:
        """Whether each column holds numbers."""
        return [pd.api.types.is_numeric_dtype(self.table[name]) for name in self.heads]


Form = Literal["short", "long"]
FORMS: dict[Form, str] = {"short": "short: the findings", "long": "long: every figure and table"}
Block = Paragraph | Bullets | Heading | Formula | Chart | Map | Table


@dataclass(frozen=True, eq=False)
class Section:
    """One section of a pack.

    Parameters
    ----------
    key : str
    title : str
    message : str
        The section in one sentence.
    blocks : tuple of Block
    more : tuple of str
        What else belongs among the findings.
    is_appendix : bool
        Whether it stands behind the others and is no finding.
    """

    key: str
    title: str
    message: str
    blocks: tuple[Block, ...]
    more: tuple[str, ...] = ()
    is_appendix: bool = False

    @property
    def findings(self) -> tuple[str, ...]:
        """What the section found, a sentence each."""
        return () if self.is_appendix else (self.message, *self.more)


@dataclass(frozen=True)
class Failure:
    """A section that could not be made, or a part of one that is blank, and why: told on screen, never in a paper."""

    key: str
    title: str
    why: str


@dataclass(frozen=True, eq=False)
class Pack:
    """Everything that a file of any format is written from.

    Parameters
    ----------
    title, subtitle : str
    place_name : str
    made : date
    sections : tuple of Section
    failures : tuple of Failure
    manifest : str
        JSON, see `analysis.report.manifest`.
    parameters : DataFrame
        `name`, `value`: for the notes of a workbook.
    layers : callable
        Areas and sites with their figures, for geographic formats.
    theme : CouncilTheme
    form : {"short", "long"}
        Whether what is written leaves details out; a workbook has all.
    scenario : str
        What every figure depends on, in one line, as on the screen.
    """

    title: str
    subtitle: str
    place_name: str
    made: dt.date
    sections: tuple[Section, ...]
    failures: tuple[Failure, ...]
    manifest: str
    parameters: pd.DataFrame
    layers: Callable[[], dict[str, gpd.GeoDataFrame]]
    theme: CouncilTheme = HOUSE
    form: Form = "short"
    scenario: str = ""

    def as_read(self) -> Pack:
        """The pack with what its form shows: no details in the short one, no heading with nothing under it."""
        if self.form == "long":
            return self
        return replace(self, sections=tuple(_short(section) for section in self.sections))

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Every block with its section, in order."""
        for section in self.sections:
            for block in section.blocks:
                yield section, block

    def sheets(self) -> list[TableSheet]:
        """Every table, and the numbers of every chart and map, for a workbook."""
        sheets = []
        for _, block in self.blocks():
            if isinstance(block, Table):
                full = block.table if block.data is None else block.data
                sheets.append(TableSheet(block.key, full, block.title, block.source))
            elif isinstance(block, Chart):
                sheets.append(TableSheet(block.key, block.numbers, ". ".join(block.words), block.source))
            elif isinstance(block, Map):
                words = f"{block.sheet.title}. {block.sheet.subtitle}"
                sheets.append(TableSheet(block.key, block.numbers, words, block.sheet.source))
        return sheets


def details(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks that only the long form has."""
    for block in blocks:
        yield block if isinstance(block, Heading) else replace(block, detail=True)


def _short(section: Section) -> Section:
    kept: list[Block] = []
    for block in section.blocks:
        if isinstance(block, Heading) and kept and isinstance(kept[-1], Heading):
            kept.pop()
        if isinstance(block, Heading) or not block.detail:
            kept.append(block)
    if kept and isinstance(kept[-1], Heading):
        kept.pop()
    return replace(section, blocks=tuple(kept))


def runs(text: str) -> list[tuple[str, bool]]:
    r"""Text in pieces, each with whether it is bold; HTML entities, escaped signs and small formulas become letters.

    >>> runs("About **6,810** of St Mary&#x27;s")
    [('About ', False), ('6,810', True), (" of St Mary's", False)]
    >>> runs(r"St Mary \(Medway\)")
    [('St Mary (Medway)', False)]
    """
    simple = re.sub(r"\$([^$]+)\$", lambda match: _letters(match.group(1)), text)
    # Words between single asterisks are said with another stress on a page; a paper has them plain.
    simple = re.sub(r"(?<![*\\])\*(?!\*)([^*\n]+)(?<!\\)\*(?!\*)", r"\1", simple)
    pieces = re.split(r"\*\*(.+?)\*\*", simple)
    return [
        (_plain_spaced(html.unescape(re.sub(r"\\([^\w\s])", r"\1", piece))), bool(number % 2))
        for number, piece in enumerate(pieces)
        if piece
    ]


def unmarked(text: str) -> str:
    """Text without marks, in one line."""
    return plain("".join(piece for piece, _ in runs(text)))


def prose(key: str, text: str) -> list[Block]:
    """Paragraphs and formulas of a text with blank lines between them and `$$` around formulas."""
    blocks: list[Block] = []
    for number, part in enumerate(re.split(r"\n\s*\n", text.strip())):
        if part.startswith("$$") and part.endswith("$$"):
            blocks.append(Formula(" ".join(part.strip("$").split())))
        else:
            blocks.append(Paragraph(f"{key}.{number}", part))
    return blocks


def _letters(latex: str) -> str:
    for pattern, letters in INLINE_MATH.items():
        latex = re.sub(pattern, letters, latex)
    return latex


def _plain_spaced(text: str) -> str:
    """Like `plain`, with a space kept at either end."""
    inner = plain(text)
    return f"{' ' if text[:1].isspace() else ''}{inner}{' ' if inner and text[-1:].isspace() else ''}"


def _cell(value: object, form: str | None) -> str:
    if isinstance(value, str):
        return plain(value)
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _number(value, form) if isinstance(value, float | int) else plain(str(value))


def _number(value: float, form: str | None) -> str:
    if not math.isfinite(value):
        return "none"
    if form is None:
        form = ",.0f" if float(value).is_integer() else ",.1f"
    return f"{value:{form}}"
