"""Caching of what options are compared by: an option's own text is its key, so a saved change is never missed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analysis.base.faults import Fault
from analysis.options.applied import AppliedOption, apply_option
from analysis.options.comparison import option_row
from analysis.options.difference_view import DifferenceView, difference_view
from analysis.options.files import option_folders, option_text, read_options
from analysis.options.option import Option
from analysis.options.phases import reach_by_year
from analysis.options.reached import OptionReach, option_reach
from analysis.options.statement import under_fives_statement
from analysis.options.view import SideBySide, side_by_side
from analysis.reach.demand import estimated_demand
from analysis.render.small_maps import MapShapes, map_shapes
from analysis.scenario.need_settings import NeedSettings
from analysis.scenario.terms import Terms
from pages.shared.loading import HashFunctions, file_mark, load_need, load_outlines, load_place, place_stamp

BY_TEXT: HashFunctions = {NeedSettings: repr, Terms: repr, Option: option_text}


@st.cache_resource(show_spinner=False, max_entries=24)
def _options(
    slug: str, stamp: tuple[tuple[str, int, int], ...]
) -> tuple[dict[str, Option], tuple[Fault, ...]]:
    del stamp
    return read_options(slug)


def load_options(slug: str) -> tuple[dict[str, Option], tuple[Fault, ...]]:
    """Every option of a place, and what is wrong with files that cannot be used."""
    files = [
        path for folder in option_folders(slug) if folder.is_dir() for path in sorted(folder.glob("*.toml"))
    ]
    return _options(slug, tuple(map(file_mark, files)))


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=BY_TEXT)
def _demand(slug: str, stamp: int, settings: NeedSettings, index: str) -> pd.DataFrame:
    del stamp
    return estimated_demand(load_need(slug, settings, index))


@st.cache_resource(show_spinner=False, max_entries=128, hash_funcs=BY_TEXT)
def _applied(slug: str, stamp: int, option: Option) -> AppliedOption:
    del stamp
    return apply_option(option, load_place(slug))


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=BY_TEXT)
def _reach(
    slug: str, stamp: int, settings: NeedSettings, index: str, option: Option, terms: Terms
) -> OptionReach:
    demand = _demand(slug, stamp, settings, index)
    return option_reach(load_need(slug, settings, index), _applied(slug, stamp, option), terms, demand)


def load_option_reach(
    slug: str, settings: NeedSettings, index: str, option: Option, terms: Terms
) -> OptionReach:
    """Whom an option reaches.

    Raises
    ------
    HubreachError
        If the terms cannot be used; not kept.
    """
    return _reach(slug, place_stamp(slug), settings, index, option, terms)


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=BY_TEXT)
def _row(
    slug: str, stamp: int, settings: NeedSettings, index: str, option: Option, terms: Terms
) -> dict[str, Any]:
    return option_row(_reach(slug, stamp, settings, index, option, terms))


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=BY_TEXT)
def _side_by_side(
    slug: str, stamp: int, settings: NeedSettings, index: str, options: tuple[Option, ...], terms: Terms
) -> SideBySide:
    key = (slug, stamp, settings, index)
    rows = {option.slug: _row(*key, option, terms) for option in options}
    return side_by_side([_reach(*key, option, terms) for option in options], rows)


def load_side_by_side(
    slug: str, settings: NeedSettings, index: str, options: tuple[Option, ...], terms: Terms
) -> SideBySide:
    """Options side by side; each option's own reach is kept, so that changing one costs one."""
    return _side_by_side(slug, place_stamp(slug), settings, index, options, terms)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=BY_TEXT)
def _difference(
    slug: str,
    stamp: int,
    settings: NeedSettings,
    index: str,
    pair: tuple[Option, Option],
    terms: Terms,
    least: float,
) -> DifferenceView:
    before, after = (_reach(slug, stamp, settings, index, option, terms) for option in pair)
    return difference_view(before, after, least)


def load_difference(
    slug: str, settings: NeedSettings, index: str, pair: tuple[Option, Option], terms: Terms, least: float
) -> DifferenceView:
    """One option against another."""
    return _difference(slug, place_stamp(slug), settings, index, pair, terms, least)


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs=BY_TEXT)
def _statement(
    slug: str,
    stamp: int,
    settings: NeedSettings,
    index: str,
    pair: tuple[Option, Option],
    terms: Terms,
    least: float,
) -> pd.DataFrame:
    before, after = (_reach(slug, stamp, settings, index, option, terms) for option in pair)
    return under_fives_statement(before, after, least)


def load_statement(
    slug: str, settings: NeedSettings, index: str, pair: tuple[Option, Option], terms: Terms, least: float
) -> pd.DataFrame:
    """The under-fives statement of two options."""
    return _statement(slug, place_stamp(slug), settings, index, pair, terms, least)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=BY_TEXT)
def _years(
    slug: str, stamp: int, settings: NeedSettings, index: str, option: Option, terms: Terms, until: int
) -> dict[int, OptionReach]:
    del stamp
    return reach_by_year(load_need(slug, settings, index), option, terms, until=until)


def load_years(
    slug: str, settings: NeedSettings, index: str, option: Option, terms: Terms, until: int
) -> dict[int, OptionReach]:
    """An option's reach in every year of its plan."""
    return _years(slug, place_stamp(slug), settings, index, option, terms, until)


@st.cache_resource(show_spinner=False, max_entries=24)
def _small_shapes(slug: str, stamp: int) -> MapShapes:
    del stamp
    return map_shapes(load_outlines(slug))


def load_small_shapes(slug: str) -> MapShapes:
    """Shapes of a place for small maps."""
    return _small_shapes(slug, place_stamp(slug))
