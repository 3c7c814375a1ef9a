"""Caching of reach: sites with their changes, minutes, and the answers worked out from them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.base.history import parse_history
from analysis.places.sites.edits import SiteHistory, apply_edits
from analysis.reach.answer import ReachAnswer, Travel, answer_reach, straight_travel
from analysis.reach.kept_tables import load_kept_table
from analysis.reach.network import network_matrix
from analysis.reach.network_files import kept_extract_path
from analysis.reach.selection import opened_since
from analysis.reach.sensitivity import Sensitivity, reach_sensitivity
from analysis.reach.travel import at_points
from analysis.reach.travel_tables import complete_costs
from analysis.scenario.need_settings import NeedSettings
from analysis.scenario.terms import Status, Terms
from analysis.scenario.travel import TravelSettings
from pages.shared.loading import HashFunctions, file_mark, load_need, load_place, place_stamp

BY_WORDS: HashFunctions = {TravelSettings: repr, NeedSettings: repr, Terms: repr}


@st.cache_resource(show_spinner=False, max_entries=64)
def _sites(slug: str, stamp: int, history: str) -> pd.DataFrame:
    del stamp
    return apply_edits(load_place(slug).sites, parse_history(history, SiteHistory))


def load_sites(slug: str, history: str) -> pd.DataFrame:
    """Sites of a place after a history of changes, given as its text.

    Raises
    ------
    HubreachError
        If the changes do not fit the sites; not kept.
    """
    return _sites(slug, place_stamp(slug), history)


def travel_stamp(slug: str, way: str, source: str) -> tuple[int, int]:
    """Newest change in the place's folder, and of the street extract, whose name can come again."""
    if way != "streets":
        return place_stamp(slug), 0
    path = kept_extract_path(slug, source)
    return place_stamp(slug), file_mark(path)[1]


@st.cache_resource(show_spinner="Working out the minutes…", max_entries=64, hash_funcs=BY_WORDS)
def _travel(
    slug: str, stamp: tuple[int, int], history: str, settings: TravelSettings, way: str, source: str
) -> Travel:
    place, sites = load_place(slug), _sites(slug, stamp[0], history)
    points = place.points
    if way == "table":
        straight = straight_travel(place, sites, settings).costs
        costs, estimated = complete_costs(at_points(load_kept_table(slug, source), points), straight)
        words = f"your table of travel times ({settings.mode})"
        return Travel(costs, settings, words, is_straight=False, estimated=estimated)
    if way == "streets":
        costs = network_matrix(kept_extract_path(slug, source), points, sites, settings)
        words = f"{settings.mode.capitalize()}, {settings.speed_kmh:g} km/h along streets ({source})"
        return Travel(costs, settings, words, is_straight=False)
    return straight_travel(place, sites, settings)


def load_travel(slug: str, history: str, settings: TravelSettings, way: str = "", source: str = "") -> Travel:
    """Minutes from every demand point to every site, open or closed.

    Parameters
    ----------
    history : str
        Changes to sites, as text.
    way : {"", "table", "streets"}
        Straight line, the user's table, or a street network.
    source : str
        Id of the kept table, or name of the kept extract.

    Raises
    ------
    HubreachError
        If the table or the streets cannot be used; not kept.
    """
    return _travel(slug, travel_stamp(slug, way, source), history, settings, way, source)


ReachKey = tuple[str, NeedSettings, str, str, TravelSettings, str, str]


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=BY_WORDS)
def _reach(stamp: tuple[int, int], key: ReachKey, terms: Terms) -> ReachAnswer:
    slug, need, index, history, settings, way, source = key
    estimate = load_need(slug, need, index)
    travel = _travel(slug, stamp, history, settings, way, source)
    sites = _sites(slug, stamp[0], history)
    changed = bool(parse_history(history, SiteHistory).done)
    status: Status = "proposal" if changed else "today"
    opened = opened_since(sites, load_place(slug).sites) if changed else ()
    return answer_reach(estimate, terms, sites=sites, travel=travel, status=status, opened=opened)


def load_reach(key: ReachKey, terms: Terms) -> ReachAnswer:
    """The answer to one question about reach.

    Parameters
    ----------
    key : tuple
        Place, need settings, the user's index, changes to sites, travel settings, way of travel, its source.
    """
    return _reach(travel_stamp(key[0], key[5], key[6]), key, terms)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=BY_WORDS)
def _sensitivity(stamp: tuple[int, int], key: ReachKey, terms: Terms) -> Sensitivity:
    return reach_sensitivity(_reach(stamp, key, terms))


def load_sensitivity(key: ReachKey, terms: Terms) -> Sensitivity:
    """`reach_sensitivity` of the same question."""
    return _sensitivity(travel_stamp(key[0], key[5], key[6]), key, terms)
