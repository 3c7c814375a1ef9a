"""What stands around a map, on the screen and in print: its words, its legend, its file name."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.render.classes import ClassedScale
from analysis.render.theme import MISSING

LegendRow = tuple[str, str, str]
SymbolRow = tuple[str, str, bool]
SIDE = 3


@dataclass(frozen=True)
class MapLegend:
    """Legend of a map.

    Parameters
    ----------
    title : str
        What is mapped, with units.
    rows : tuple of (colour, words, count)
        One a class, highest first.
    counted : str
        What the counts are of, such as "wards".
    symbols : tuple of (symbol, words, is_open)
        Kinds of site on the map; keys of the theme's site colours.
    outlined : str
        What a heavy outline stands for; "" where none is drawn.
    square : (str, str) or None
        Of a map of two figures: what grows upwards and what grows to the right in the square that its first nine rows
        make, the top line first.
    stamp : str
        What the plan that is drawn is, such as "Illustration"; "" for what is there.
    """

    title: str
    rows: tuple[LegendRow, ...]
    counted: str = ""
    symbols: tuple[SymbolRow, ...] = ()
    outlined: str = ""
    square: tuple[str, str] | None = None
    stamp: str = ""

    @property
    def in_square(self) -> tuple[LegendRow, ...]:
        """The rows that stand in the square, line by line; none where there is no square."""
        return self.rows[: SIDE * SIDE] if self.square else ()

    @property
    def listed(self) -> tuple[LegendRow, ...]:
        """The rows that stand one under the other."""
        return self.rows[len(self.in_square) :]

    @property
    def alt(self) -> str:
        """The map in words: what is mapped, and how many areas are in each class."""
        classes = "; ".join(f"{words}: {count}" for _, words, count in self.rows)
        stamp = f"{self.stamp}. " if self.stamp else ""
        return f"Map. {stamp}{self.title}, number of {self.counted or 'areas'} in each class: {classes}."


@dataclass(frozen=True)
class MapSheet:
    """A map as a sheet for a report: everything but the map itself.

    Parameters
    ----------
    name : str
        Start of the file names.
    title : str
        The finding.
    subtitle : str
        What is drawn, of which place and date, with units.
    source : str
        Source, licence and the assumptions in force; says modelled or counted.
    legend : MapLegend
    """

    name: str
    title: str
    subtitle: str
    source: str
    legend: MapLegend

    @property
    def alt(self) -> str:
        """The map in words: finding, what is drawn, and how many areas are in each class."""
        return f"Map. {self.title}. {self.subtitle}. {self.legend.alt.removeprefix('Map. ')}"


def legend_rows(scale: ClassedScale, values: pd.Series, unit: str = "") -> list[LegendRow]:
    """Colour, words and number of areas of each class, highest first."""
    counts = scale.classes(values).value_counts()
    rows = [
        (colour, f"{label}{unit}", str(int(counts.get(number, 0))))
        for number, (colour, label) in enumerate(zip(scale.colours, scale.labels(), strict=True))
    ][::-1]
    if counts.get(-1, 0):
        rows.append((MISSING, "no figure", str(int(counts[-1]))))
    return rows
