"""Words, legend and colours of a map of England's small areas: the same on the screen and in print."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.base.text import plain, slugify
from analysis.national.files import NationalFile, NationalMeasure
from analysis.national.maps import small_area_scale
from analysis.national.words import APART, HOW_MADE, LICENCE, authority_words, small_areas_finding
from analysis.render.classes import ClassedScale
from analysis.render.map_sheet import MapLegend, MapSheet, legend_rows
from analysis.render.theme import MISSING


def england_sheet(
    file: NationalFile,
    measure: NationalMeasure,
    table: pd.DataFrame,
    scale: ClassedScale | None = None,
    *,
    each_by_itself: bool,
    authority: str | None = None,
) -> MapSheet:
    """Words and legend of the map of a measure, for screen and print.

    Parameters
    ----------
    file : NationalFile
    measure : NationalMeasure
    table : DataFrame
        As `small_area_values` gives it.
    scale : ClassedScale, optional
        Of the table's values; by default `small_area_scale` works it out.
    each_by_itself : bool
        As for `small_areas_sentence`.
    authority : str, optional
        Code of the one authority that the map is of; its colours are those of the country.
    """
    scale = scale or small_area_scale(table["value"])
    if authority is None:
        part, where, counted = table, "England", "small areas"
        finding = small_areas_finding(table, each_by_itself=each_by_itself)
    else:
        part = table[table["authority_code"] == authority]
        where = plain(str(part["authority_name"].iloc[0]))
        counted = f"in {where}"
        finding = authority_words(table, authority, each_by_itself=each_by_itself)
    rows = tuple(
        (colour, words, f"{int(count):,}") for colour, words, count in legend_rows(scale, part["value"])
    )
    unit = "" if measure.title.endswith(measure.unit) else f", {measure.unit}"
    apart = f"; {APART[0].lower()}{APART[1:]}" if each_by_itself else ""
    return MapSheet(
        f"{slugify(where)} {measure.key} map",
        finding,
        f"{measure.title}{unit}, {len(part):,} small areas of {where}; classes: about a fifth of England's each",
        f"{file.path.name}: {HOW_MADE}{apart}. {LICENCE}",
        MapLegend(measure.title, rows, counted),
    )


def with_outline(words: MapSheet, name: str) -> MapSheet:
    """The sheet of a map on which one area is outlined."""
    return replace(words, subtitle=f"{words.subtitle}; outlined: {name}")


def area_fills(values: pd.Series) -> pd.Series:
    """Hex colour of each small area by its value."""
    scale = small_area_scale(values)
    return scale.classes(values).map({-1: MISSING, **dict(enumerate(scale.colours))})
