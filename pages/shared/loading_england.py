"""Caching of what is read from files of national answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from analysis.national.files import open_national, rank_authorities, small_area_values
from analysis.national.grid import AreaGrid
from analysis.national.maps import england_sheet, small_area_scale
from analysis.national.shapes import EnglandShapes, area_outline, england_shapes, kept_grid
from analysis.national.words import is_estimated_apart, small_area_numbers, small_areas_sentence
from analysis.render.classes import ClassedScale
from analysis.render.map_sheet import MapSheet
from analysis.render.outlines import Feature


@st.cache_resource(show_spinner="Ranking the authorities…", max_entries=32)
def _ranked(path: str, stamp: int, measure: str) -> pd.DataFrame:
    del stamp
    file = open_national(Path(path))
    return rank_authorities(file, next(each for each in file.measures if each.key == measure))


def load_ranked(path: Path, measure: str) -> pd.DataFrame:
    """Authorities of a file by a measure (`rank_authorities`).

    Raises
    ------
    HubreachError
        If the file cannot be read; not kept.
    """
    return _ranked(str(path), path.stat().st_mtime_ns, measure)


@dataclass(frozen=True, eq=False)
class SmallAreas:
    """Small areas of a file by a measure, and what its map says of them.

    Parameters
    ----------
    table : DataFrame
        See `small_area_values`.
    numbers : DataFrame
        See `small_area_numbers`.
    scale : ClassedScale
    sheet : MapSheet
    sentence : str
    each_by_itself : bool
        See `small_areas_sentence`.
    """

    table: pd.DataFrame
    numbers: pd.DataFrame
    scale: ClassedScale
    sheet: MapSheet
    sentence: str
    each_by_itself: bool


@st.cache_resource(show_spinner="Reading the small areas…", max_entries=8)
def _small_areas(path: str, stamp: int, key: str) -> SmallAreas:
    file = open_national(Path(path))
    measure = next(each for each in file.measures if each.key == key)
    apart = is_estimated_apart(file, _ranked(path, stamp, file.measures[0].key))
    table = small_area_values(file, measure)
    scale = small_area_scale(table["value"])
    return SmallAreas(
        table,
        small_area_numbers(table),
        scale,
        england_sheet(file, measure, table, scale, each_by_itself=apart),
        small_areas_sentence(table, measure, each_by_itself=apart),
        apart,
    )


def load_small_areas(path: Path, measure: str) -> SmallAreas:
    """Small areas of a file with a measure."""
    return _small_areas(str(path), path.stat().st_mtime_ns, measure)


@st.cache_resource(
    show_spinner="Simplifying the shapes of the small areas; this is done once…", max_entries=8
)
def _england_shapes(path: str, stamp: int) -> EnglandShapes:
    del stamp
    return england_shapes(open_national(Path(path)))


def load_england_shapes(path: Path) -> EnglandShapes:
    """Shapes of a file's small areas, ready for the browser (`england_shapes`)."""
    return _england_shapes(str(path), path.stat().st_mtime_ns)


@st.cache_resource(show_spinner=False, max_entries=4)
def _area_grid(key: str) -> AreaGrid:
    return kept_grid(key)


def load_area_grid(shapes: EnglandShapes) -> AreaGrid:
    """Which small area lies where, for a picture (`kept_grid`)."""
    return _area_grid(shapes.key)


@st.cache_resource(show_spinner=False, max_entries=64)
def _area_outline(path: str, stamp: int, code: str) -> Feature | None:
    del stamp
    return area_outline(Path(path), code)


def load_area_outline(path: Path, code: str) -> Feature | None:
    """Outline of a small area of a file (`area_outline`)."""
    return _area_outline(str(path), path.stat().st_mtime_ns, code)
