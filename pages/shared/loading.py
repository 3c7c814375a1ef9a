"""All caching of the dashboard: scalars in, read-only frames out, no failure kept.

`st.cache_resource` hands every session the same object: nothing here is ever changed by a page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.records import read_values
from analysis.base.text import inert_frame
from analysis.need.checks import place_checks
from analysis.need.estimate import NeedEstimate, estimate_need
from analysis.need.opening import open_place
from analysis.places.barriers import barrier_history_path
from analysis.places.crossings import history_path
from analysis.places.england.grounds import find_ground, grounds
from analysis.places.england.tables import bundle_stamp
from analysis.places.finding import ground_of, own_places, place_folder
from analysis.places.manifest import DECISIONS_FILE, PLACE_FILE
from analysis.places.own.kept import own_history_path
from analysis.places.own_indicators import indicators_folder
from analysis.places.place import AreaLevel, Place
from analysis.render.outlines import Outlines, outlines, with_level
from analysis.scenario.need_settings import COMPOSITE, NeedSettings
from analysis.targeting.hot_spots import HotSpotProblem, HotSpots, find_hot_spots
from analysis.targeting.own_index import IndexProblem, OwnIndex, own_index
from analysis.targeting.recipe import estimate_on_recipe, read_recipe

# How the cache tells arguments of a type apart.
HashFunctions = dict[str | type[Any], Callable[[Any], Any]]


def file_mark(path: Path) -> tuple[str, int, int]:
    """What changes when a file does; a file that went since its folder was listed has a mark too."""
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), found.st_mtime_ns, found.st_size


def place_stamp(slug: str) -> int:
    """A number that changes when a file of a place's folder comes, goes or is replaced, by an older one too."""
    folder = place_folder(slug)
    own = indicators_folder(folder)
    paths = sorted(path for root in (folder, own) if root.is_dir() for path in root.iterdir())
    kept = (history_path, barrier_history_path, own_history_path)
    paths += [path for path in (path_of(folder.name) for path_of in kept) if path.is_file()]
    files = tuple(map(file_mark, paths))
    return hash((files, bundle_stamp() if ground_of(folder) else 0))


@st.cache_resource(show_spinner="Reading the place…", max_entries=24)
def _place(slug: str, stamp: int) -> Place:
    del stamp
    return open_place(slug)


def load_place(slug: str) -> Place:
    """A place, read and checked once for all sessions.

    Raises
    ------
    HubreachError
        With every fault of the folder; not kept.
    """
    return _place(slug, place_stamp(slug))


@st.cache_resource(show_spinner=False, max_entries=24)
def _outlines(slug: str, stamp: int) -> Outlines:
    return outlines(_place(slug, stamp))


def load_outlines(slug: str) -> Outlines:
    """Map shapes of a place."""
    return _outlines(slug, place_stamp(slug))


@st.cache_resource(show_spinner=False, max_entries=24)
def _level_outlines(slug: str, stamp: int, level: AreaLevel) -> Outlines:
    return with_level(_outlines(slug, stamp), _place(slug, stamp), level)


def load_level_outlines(slug: str, level: AreaLevel) -> Outlines:
    """Map shapes of a place with those of a level that not every map needs."""
    return _level_outlines(slug, place_stamp(slug), level)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={NeedSettings: repr})
def _need(slug: str, stamp: int, settings: NeedSettings, index: str) -> NeedEstimate:
    place = _place(slug, stamp)
    if settings.basis == COMPOSITE:
        return estimate_on_recipe(place, settings, read_recipe(index)).with_ranges()
    return estimate_need(place, settings).with_ranges()


def load_need(slug: str, settings: NeedSettings, index: str = "") -> NeedEstimate:
    """The estimate of need under one set of settings.

    Parameters
    ----------
    index : str
        Recipe of the user's composite index, where the settings' basis is "composite".

    Raises
    ------
    HubreachError
        If the settings cannot hold together, its ranges included; not kept.
    """
    own = index if settings.basis == COMPOSITE else ""
    return _need(slug, place_stamp(slug), settings, own)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={NeedSettings: repr, IndexProblem: repr})
def _own_index(slug: str, stamp: int, settings: NeedSettings, index: str, problem: IndexProblem) -> OwnIndex:
    return own_index(_need(slug, stamp, settings, index), problem)


def load_own_index(slug: str, settings: NeedSettings, index: str, problem: IndexProblem) -> OwnIndex:
    """Ranks on a composite index and their stability.

    Raises
    ------
    HubreachError
        If the recipe cannot be read or used; not kept.
    """
    own = index if settings.basis == COMPOSITE else ""
    return _own_index(slug, place_stamp(slug), settings, own, problem)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={NeedSettings: repr, HotSpotProblem: repr})
def _hot_spots(
    slug: str, stamp: int, settings: NeedSettings, index: str, problem: HotSpotProblem
) -> HotSpots:
    return find_hot_spots(_need(slug, stamp, settings, index), problem)


def load_hot_spots(slug: str, settings: NeedSettings, index: str, problem: HotSpotProblem) -> HotSpots:
    """Hot spots of an estimate.

    Raises
    ------
    HubreachError
        If they cannot be worked out; not kept.
    """
    own = index if settings.basis == COMPOSITE else ""
    return _hot_spots(slug, place_stamp(slug), settings, own, problem)


@st.cache_resource(show_spinner=False, max_entries=24)
def _checks(slug: str, stamp: int) -> pd.DataFrame:
    return place_checks(_place(slug, stamp))


def load_checks(slug: str) -> pd.DataFrame:
    """Every check of a place and its result."""
    return _checks(slug, place_stamp(slug))


@st.cache_data(show_spinner=False, max_entries=512)
def _place_name(slug: str, path: str, stamp: int) -> str:
    del stamp
    try:
        return str(read_values(Path(path), "")["name"])
    except (HubreachError, KeyError):
        return slug


def place_names(also: Collection[str] = ()) -> dict[str, str]:
    """Slug to name of every place: those with decisions or figures of their own, then all authorities, districts and regions.

    A place that cannot be read keeps its slug.

    Parameters
    ----------
    also : collection of str
        Slugs of other parts of England, such as several authorities together.
    """
    names = {
        slug: _place_name(slug, *file_mark(path)[:2])
        if (path := folder / "place.toml").exists()
        else grounds()[slug].name
        for slug, folder in own_places().items()
    }
    found = [*grounds().values(), *(ground for slug in also if (ground := find_ground(slug)) is not None)]
    for ground in found:
        names.setdefault(ground.slug, ground.name)
    # Two places of one name are told apart by their folders, the first one keeps the plain name.
    first = {name: slug for slug, name in reversed(names.items())}
    return {slug: name if first[name] == slug else f"{name} ({slug})" for slug, name in names.items()}


@st.cache_data(show_spinner=False, max_entries=512)
def _opens_first(path: str, stamp: int) -> bool:
    del stamp
    try:
        return read_values(Path(path), "").get("opens_first") is True
    except HubreachError:
        return False


def opening_place() -> str:
    """Slug of the place to show where an address names none: the one that says so, else the first."""
    places = own_places() or {ground.slug: Path() for ground in grounds().values()}
    said = {
        slug: path
        for slug, folder in places.items()
        for name in (PLACE_FILE, DECISIONS_FILE)
        if (path := folder / name).is_file()
    }
    chosen = (slug for slug, path in said.items() if _opens_first(*file_mark(path)[:2]))
    return next(chosen, next(iter(places)))


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV for a download: UTF-8 with a byte-order mark, so that Excel reads the pound sign."""
    return inert_frame(frame).to_csv().encode("utf-8-sig")
