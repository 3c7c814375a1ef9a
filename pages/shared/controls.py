"""Widgets that return values. Each has a default, a help text and a place in the address."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.need import (
    BASES,
    CHILDREN_PER_FAMILY,
    NeedSettings,
    available_bases,
    default_settings,
    with_tiers,
)
from analysis.output.classes import SCHEMES, Scheme
from analysis.output.theme import percent
from analysis.places import HubreachError, Level, Place
from pages.shared import state
from pages.shared.layout import show_error
from pages.shared.loading import load_place, place_names


def choose_place() -> Place:
    """The place, chosen once for every page; a place that cannot be read stops the page with its faults."""
    names = place_names()
    slugs = list(names)
    start = slugs.index(state.DEFAULT_PLACE) if state.DEFAULT_PLACE in slugs else 0
    slug = st.selectbox(
        "Place",
        slugs,
        index=start,
        format_func=lambda slug: names.get(slug, slug),
        key=state.PLACE,
        bind="query-params",
        help="Every page shows this place.",
    )
    try:
        return load_place(slug)
    except HubreachError as error:
        with st.main:
            show_error(error)
            st.stop()


def choose_figures(place: Place) -> tuple[str, str]:
    """Edition and basis of the deprivation figures."""
    vintage = st.selectbox(
        "Deprivation figures",
        place.vintages,
        format_func=lambda key: f"Indices of {key}",
        key=state.VINTAGE,
        bind="query-params",
        help="Edition of the English Indices of Deprivation that the estimate follows.",
    )
    bases = available_bases(place, vintage)
    basis = st.selectbox(
        "Deprivation of",
        bases,
        format_func=lambda key: {"imd": "Everyone (IMD)", "idaci": "Children (IDACI)"}.get(key, key),
        key=state.BASIS,
        bind="query-params",
        help=f"{BASES['imd']}, or {BASES['idaci']} where its national rank is published.",
    )
    return vintage, basis


def choose_tier(place: Place) -> str:
    """Key of the tier that maps and rankings show."""
    names = {tier.key: tier.name for tier in place.tiers}
    return st.segmented_control(
        "Tier of need",
        list(names),
        format_func=names.get,
        default=place.tiers[0].key,
        required=True,
        key=state.TIER,
        bind="query-params",
        help="Which tier the map and the ranking show.",
    )


def choose_assumptions(place: Place, vintage: str, basis: str) -> NeedSettings:
    """Sliders for prevalence, gradient and children per family, folded, with what is in force as the title."""
    base = replace(default_settings(place), vintage=vintage, basis=basis)
    now = [
        f"{tier.name} {st.session_state.get(state.prevalence(tier.key), round(tier.prevalence * 100))}%"
        for tier in place.tiers
    ]
    with st.expander(f"Assumptions: {', '.join(now)}", key="assumptions"):
        prevalence, gradient = {}, {}
        for tier in place.tiers:
            prevalence[tier.key] = (
                st.slider(
                    f"{tier.name}: share of all children (%)",
                    0.0,
                    40.0,
                    tier.prevalence * 100,
                    0.5,
                    format="%.1f%%",
                    key=state.prevalence(tier.key),
                    bind="query-params",
                    help=f"Prevalence. Default {percent(tier.prevalence)}: {tier.prevalence_source}.",
                )
                / 100
            )
            gradient[tier.key] = st.slider(
                f"{tier.name}: most against least deprived (times)",
                1.0,
                20.0,
                float(tier.gradient),
                0.5,
                format="%.1f",
                key=state.gradient(tier.key),
                bind="query-params",
                help="Gradient: the rate in the most deprived tenth of neighbourhoods in England over the rate "
                f"in the least deprived. Default {tier.gradient:g}. {tier.gradient_source}.",
            )
        children_per_family = st.selectbox(
            "Children in a family",
            list(CHILDREN_PER_FAMILY),
            format_func=lambda k: f"{k:g}",
            key=state.CHILDREN_PER_FAMILY,
            bind="query-params",
            help=" ".join(f"{k:g}: {why}." for k, why in CHILDREN_PER_FAMILY.items()),
        )
        st.button(
            "Back to the defaults",
            on_click=_reset_assumptions,
            args=(place,),
            icon=":material/restart_alt:",
            help="Every slider above returns to its default and its source.",
        )
    try:
        changed = with_tiers(base, prevalence, gradient)
    except HubreachError as error:
        with st.main:
            show_error(error)
            st.stop()
    return replace(changed, children_per_family=children_per_family)


def _reset_assumptions(place: Place) -> None:
    for tier in place.tiers:
        st.session_state[state.prevalence(tier.key)] = tier.prevalence * 100
        st.session_state[state.gradient(tier.key)] = float(tier.gradient)
    st.session_state[state.CHILDREN_PER_FAMILY] = next(iter(CHILDREN_PER_FAMILY))


def choose_level(place: Place) -> Level:
    """Geography of the map: wards, neighbourhoods, or localities where the place has them."""
    levels: list[Level] = ["ward", "lsoa"]
    if place.manifest.localities:
        levels.append("locality")
    return st.segmented_control(
        "By",
        levels,
        format_func=state.LEVEL_NAMES.get,
        default="ward",
        required=True,
        key=state.LEVEL,
        bind="query-params",
        on_change=_clear_area,
        help="Which areas the map colours.",
    )


def _clear_area() -> None:
    st.session_state[state.AREA] = None


def choose_area(place: Place, level: Level, *, label: str = "Find an area") -> str | None:
    """The selected area's code, or None. Clicks on maps and charts set the same value."""
    names = place.names(level)
    return st.selectbox(
        label,
        list(names.sort_values().index),
        index=None,
        format_func=lambda code: names.get(code, code),
        key=state.AREA,
        bind="query-params",
        placeholder="Type a name, or click the map",
        help="Selects the area on the map and in the ranking, and opens its profile.",
    )


def select_area(code: str | None) -> None:
    """Select an area from a click (call it from a widget's callback)."""
    st.session_state[state.AREA] = code


def choose_scheme() -> Scheme:
    """How values are put into classes of colour."""
    return st.selectbox(
        "Classes",
        SCHEMES,
        format_func=str.capitalize,
        key=state.SCHEME,
        bind="query-params",
        help="Natural breaks keep like with like; quantiles put as many areas in each class; equal steps are even.",
    )
