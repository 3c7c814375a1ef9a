"""How people travel and which sites count: the controls that reach, siting and options share."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.faults import HubreachError
from analysis.places.place import Place
from analysis.reach.answer import ReachAnswer
from analysis.reach.selection import choose_sites, site_kinds, sites_without_services, today_kinds
from analysis.reach.sites import offered_services
from analysis.scenario.ages import AGE_GROUPS
from analysis.scenario.terms import Terms
from analysis.scenario.travel import (
    DEFAULT_SETTINGS,
    DETOUR_SOURCE,
    MODE_WORDS,
    MODES,
    Mode,
    is_time,
    travel_settings,
)
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.layout import choices, show_error
from pages.shared.loading_reach import ReachKey, load_reach
from pages.shared.short_keys import adopt_address, note_unknown
from pages.shared.sites_in_force import SitesInForce
from pages.shared.travel_ways import TravelInForce, choose_streets, choose_table

MODE_NAMES: dict[str, str] = {mode: words.name for mode, words in MODE_WORDS.items()}
MODE_ICONS = {
    "walk": ":material/directions_walk:",
    "cycle": ":material/directions_bike:",
    "drive": ":material/directions_car:",
}
WAYS = {"straight": "Straight line", "table": "Your table of times", "streets": "Street network"}
SPEEDS = {"walk": (2.0, 7.0), "cycle": (8.0, 25.0), "drive": (10.0, 60.0)}
ANY_TIME = "Any time"


def choose_minutes() -> float:
    """The limit in minutes."""
    return float(
        st.slider(
            "Within (minutes)",
            5,
            60,
            20,
            key=state.MINUTES,
            bind="query-params",
            help="The limit, included. 20 is a default, not a standard: 15 minutes ('pram-pushing distance') and 30 "
            "are local conventions.",
        )
    )


def choose_mode() -> Mode:
    """Walk, cycle or drive."""
    adopt_address(state.MODE, MODE_NAMES)
    return st.segmented_control(
        "By",
        MODES,
        format_func=MODE_NAMES.__getitem__,
        default="walk",
        required=True,
        key=state.MODE,
        bind="query-params",
        help="Each mode has its own speed and fixed minutes, under Travel at the side.",
    )


def choose_kinds(place: Place, sites: pd.DataFrame) -> tuple[str, ...] | None:
    """Kinds of site that count; none chosen means all, None those that count by default."""
    there = site_kinds(sites)
    kinds = [kind.name for kind in place.kinds if kind.name in there]
    kinds += [kind for kind in there if kind not in kinds]
    start = list(today_kinds(place.kinds, place.sites))
    key = state.kinds(place.slug)
    if key in st.session_state:
        st.session_state[key] = [kind for kind in st.session_state[key] if kind in kinds]
    note_unknown(key, kinds)
    chosen = st.multiselect(
        "Sites that count",
        kinds,
        default=start,
        key=key,
        bind="query-params",
        placeholder="All open sites",
        help="Kinds of site; a site that carries several labels counts under each. None chosen: every open site.",
    )
    return None if set(chosen) == set(start) else tuple(chosen)


def choose_filters(
    place: Place, sites: pd.DataFrame, box: DeltaGenerator
) -> tuple[tuple[str, ...], str, float]:
    """Services, age group and opening hours, in a box of the page."""
    services = offered_services(sites, place.core_offer)
    with box:
        if state.SERVICES in st.session_state:
            kept = [item for item in st.session_state[state.SERVICES] if item in services]
            st.session_state[state.SERVICES] = kept
        note_unknown(state.SERVICES, services)
        wanted = st.multiselect(
            "Services held",
            services,
            key=state.SERVICES,
            bind="query-params",
            placeholder="Any" if services else "This place lists no core offer",
            disabled=not services,
            help="A site counts only if it holds all of them. Sites state their services on the page Sites.",
        )
        names = {key: group.words.capitalize() for key, group in AGE_GROUPS.items()}
        adopt_address(state.AGES, names)
        ages = st.selectbox(
            "Age group",
            list(names),
            format_func=names.__getitem__,
            key=state.AGES,
            bind="query-params",
            help="Counts children of these ages, and sites that serve all of them; a site that states no ages serves all.",
        )
        hours = st.slider(
            "Open at least (hours a week)",
            0,
            60,
            0,
            5,
            key=state.HOURS,
            bind="query-params",
            help="0 takes every site; above it, a site that states no hours does not count.",
        )
    return tuple(wanted), ages, float(hours)


def choose_reach(now: PageContext, force: SitesInForce) -> Terms:
    """One row of controls: minutes, mode, kinds, filters (the mode is read by `choose_travel`)."""
    with choices("reach-controls", now.viewport):
        with st.container(width=210):
            minutes = choose_minutes()
        choose_mode()
        with st.container(width=340):
            kinds = choose_kinds(now.place, force.sites)
        folded = st.popover("More filters", icon=":material/filter_alt:", key="filters")
        services, ages, hours = choose_filters(now.place, force.sites, folded)
    _say_what_is_not_stated(force.sites, services, hours)
    return _terms(now, minutes, kinds, (services, ages, hours))


def choose_reach_folded(now: PageContext, force: SitesInForce) -> Terms:
    """The same controls behind one button that says what is in force."""
    minutes, mode = st.session_state.get(state.MINUTES, 20), st.session_state.get(state.MODE) or "walk"
    with st.popover(
        f"{minutes:g} minutes, {MODE_NAMES[mode].lower()}", icon=MODE_ICONS[mode], key="reach-folded"
    ):
        limit = choose_minutes()
        choose_mode()
        kinds = choose_kinds(now.place, force.sites)
        services, ages, hours = choose_filters(now.place, force.sites, st.container())
    return _terms(now, limit, kinds, (services, ages, hours))


def _terms(
    now: PageContext,
    minutes: float,
    kinds: tuple[str, ...] | None,
    filters: tuple[tuple[str, ...], str, float],
) -> Terms:
    services, ages, hours = filters
    mode: Mode = st.session_state.get(state.MODE) or "walk"
    return Terms(
        minutes=minutes,
        mode=mode,
        kinds=kinds,
        services=services,
        ages=ages,
        least_hours=hours,
        tier=now.tier,
    )


def _say_what_is_not_stated(sites: pd.DataFrame, services: tuple[str, ...], hours: float) -> None:
    """An answer that rests on what sites do not state must say so."""
    silent = sites_without_services(sites)
    if services and silent:
        st.info(f"{silent} open sites state no services and count as holding none.", icon=":material/info:")
    untimed = int((choose_sites(sites)["hours_per_week"].isna()).sum())
    if hours > 0 and untimed:
        st.info(f"{untimed} open sites state no opening hours and do not count.", icon=":material/info:")


def choose_travel(now: PageContext, force: SitesInForce) -> TravelInForce:
    """Draw the sidebar group that says how minutes are found, and lets the user change it."""
    mode: Mode = st.session_state.get(state.MODE) or "walk"
    base = DEFAULT_SETTINGS[mode]
    speed = st.session_state.get(state.speed(mode), base.speed_kmh)
    detour = st.session_state.get(state.DETOUR, base.detour)
    with (
        st.sidebar,
        st.expander(f"Travel: {MODE_NAMES[mode].lower()}, {speed:g} km/h, detour {detour:g}", key="travel"),
    ):
        adopt_address(state.WAY, WAYS)
        way = st.radio(
            "Minutes by",
            list(WAYS),
            format_func=WAYS.__getitem__,
            key=state.WAY,
            bind="query-params",
            help="Straight line times detour over speed; a table of travel times that you bring; or the streets of an "
            "OpenStreetMap extract.",
        )
        low, high = SPEEDS[mode]
        speed = st.slider(
            f"Speed ({MODE_NAMES[mode].lower()}, km/h)",
            low,
            high,
            base.speed_kmh,
            0.1,
            key=state.speed(mode),
            bind="query-params",
            help=f"Default {base.speed_kmh:g} km/h.",
        )
        detour = st.slider(
            "Detour (way over straight line)",
            1.0,
            2.0,
            base.detour,
            0.05,
            key=state.DETOUR,
            bind="query-params",
            help=f"Default {base.detour:g}. {DETOUR_SOURCE}.",
        )
        fixed = st.slider(
            "Fixed minutes a journey",
            0.0,
            15.0,
            base.fixed_minutes,
            0.5,
            key=state.fixed_minutes(mode),
            bind="query-params",
            help=f"Added once, to park and walk in. Default {base.fixed_minutes:g}.",
        )
        settings = travel_settings(
            mode,
            speed_kmh=speed,
            detour=detour,
            fixed_minutes=fixed,
            closed=_choose_closed(now.place),
            time=_choose_time(now.place),
        )
        if way == "table":
            return choose_table(now.place, force.sites, settings)
        if way == "streets":
            return choose_streets(now.place, settings)
    return TravelInForce(settings)


def _choose_closed(place: Place) -> tuple[str, ...]:
    """Crossings that are taken to be closed; the list itself is changed on Reach."""
    names = [each.name for each in place.crossings if each.is_open]
    kept = st.session_state.get(state.CLOSED)
    if kept is not None:
        st.session_state[state.CLOSED] = [name for name in kept if name in names]
    note_unknown(state.CLOSED, names)
    if not names:
        return ()
    return tuple(
        st.multiselect(
            "If these crossings were closed",
            names,
            key=state.CLOSED,
            bind="query-params",
            placeholder="None",
            help="Bridges, tunnels and ferries over water. Ways go round by the others; it is part of the link.",
        )
    )


def _choose_time(place: Place) -> str:
    """Time of day of the journey, where a crossing does not run at all hours."""
    if not any(each.hours for each in place.crossings):
        return ""
    times = [f"{hour:02}:00" for hour in range(24)]
    kept = st.session_state.get(state.TIME) or st.query_params.get(state.TIME, "")
    if is_time(kept) and kept not in times:
        times = sorted([*times, kept])
    chosen = st.selectbox(
        "Time of day",
        [ANY_TIME, *times],
        key=state.TIME,
        bind="query-params",
        help="A ferry that does not run at this time is not a crossing. Its hours are in the table of crossings on Reach.",
    )
    return "" if chosen == ANY_TIME else chosen


def reach_in_force(
    now: PageContext, force: SitesInForce, travel: TravelInForce, terms: Terms
) -> tuple[ReachAnswer, ReachKey]:
    """The answer in force and what it is kept by; minutes that cannot be had are told, and straight lines used."""
    key = travel.key(now, force)
    terms = terms.travelling(travel.settings)
    try:
        return load_reach(key, terms), key
    except HubreachError as error:
        show_error(error)
        straight = TravelInForce(travel.settings).key(now, force)
        return load_reach(straight, terms), straight
