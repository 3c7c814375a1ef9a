"""Caching of what is read from files of national answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from analysis.output.england_map import EnglandShapes, england_shapes, grid_file
from analysis.output.england_sketch import IntGrid, read_grid
from analysis.reach.national.files import open_national, rank_authorities, small_area_values


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


@st.cache_resource(show_spinner="Reading the small areas…", max_entries=8)
def _small_areas(path: str, stamp: int, measure: str) -> pd.DataFrame:
    del stamp
    file = open_national(Path(path))
    return small_area_values(file, next(each for each in file.measures if each.key == measure))


def load_small_areas(path: Path, measure: str) -> pd.DataFrame:
    """Small areas of a file with a measure (`small_area_values`)."""
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
def _area_grid(key: str) -> IntGrid:
    return read_grid(grid_file(key))


def load_area_grid(shapes: EnglandShapes) -> IntGrid:
    """Which small area lies where, for a sketch (`read_grid`)."""
    return _area_grid(shapes.key)
