"""Widgets that return values. Each has a default, a help text and a place in the address."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import streamlit as st

from analysis.base.folders import place_folders
from analysis.base.text import slugify
from analysis.places.england.editions import CAUTION, children_editions
from analysis.places.england.grounds import Ground, find_ground, grounds
from analysis.places.place import AreaLevel, Level, Place
from analysis.render.classes import SCHEMES, Scheme
from analysis.render.theme import percent
from analysis.scenario.levels import level_headings
from analysis.scenario.need_settings import (
    BASES,
    CHILDREN_PER_FAMILY,
    COMPOSITE,
    DIFFER_HELP,
    NAMED_GRADIENTS,
    RANGE_KINDS,
    NeedSettings,
    RangeKind,
    available_bases,
    default_settings,
    with_tiers,
)
from pages.shared import state
from pages.shared.address import kept_param
from pages.shared.loading import load_place, opening_place, place_names
from pages.shared.short_keys import adopt_address, adopt_option, begin_anew

MAP_LEVELS: tuple[Level, ...] = ("ward", "lsoa", "locality")
AnyLevel = TypeVar("AnyLevel", bound=AreaLevel)
OTHER_PLACE, OTHER_PLACES, OTHER_UNKNOWN = "other_place", "other_places", "other_place_unknown"
OPENED_EDITION = "opened_edition"
MOST_GRADIENT = 20.0
RANGE_NAMES: dict[RangeKind, str] = {"rate": "Rate range", "count": "Count range"}
BASIS_NAMES = {"imd": "All people (IMD)", "idaci": "Children (IDACI)", COMPOSITE: "Your own index"}


def choose_place() -> Place:
    """The place, chosen once for every page.

    Raises
    ------
    HubreachError
        If it cannot be read; the choice stays, so that another can be made.
    """
    names = place_names(_places_asked_for())
    slugs = list(names)
    adopt_address(state.PLACE, names)
    start = slugs.index(opening_place())
    slug = st.selectbox(
        "Place",
        slugs,
        index=start,
        format_func=lambda slug: names.get(slug, slug),
        key=state.PLACE,
        bind="query-params",
        help="Every page shows this place. Type to search: every authority with children's services in England, its "
        "districts and the regions.",
    )
    with st.expander("By postcode, or several together", key="other-place"):
        st.text_input(
            "Postcode, code or names",
            key=OTHER_PLACE,
            on_change=_open_other_place,
            placeholder="ME15 6XX, or Leeds, Bradford",
            help="A postcode opens the authority that serves it. Names parted by commas open as one place.",
        )
        if st.session_state.get(OTHER_UNKNOWN):
            st.warning(f"“{st.session_state[OTHER_UNKNOWN]}” is no place in England that is known here.")
    place = load_place(slug)
    _take_its_edition(place)
    return place


def _places_asked_for() -> list[str]:
    """Parts of England that the box does not list: several together, in the address or asked for in this session."""
    kept: list[str] = st.session_state.setdefault(OTHER_PLACES, [])
    given = st.query_params.get(state.PLACE, "")
    if given and state.PLACE not in st.session_state and slugify(given) not in place_folders():
        ground = find_ground(given)
        if ground is not None:
            _keep(ground)
            # A code or a postcode is neither a label nor a slug; a label as it stands costs no second run.
            names = place_names(kept)
            if given not in names.values():
                begin_anew(state.PLACE, names[ground.slug], ground.slug)
    return kept


def _keep(ground: Ground) -> None:
    kept: list[str] = st.session_state[OTHER_PLACES]
    if ground.slug not in grounds() and ground.slug not in kept:
        kept.append(ground.slug)


def _open_other_place() -> None:
    given = str(st.session_state[OTHER_PLACE]).strip()
    ground = find_ground(given) if given else None
    st.session_state[OTHER_UNKNOWN] = given if given and ground is None else ""
    if ground is not None:
        _keep(ground)
        adopt_option(state.PLACE, ground.slug)


def _take_its_edition(place: Place) -> None:
    """Where nobody chose another edition of the figures, a place starts from its own."""
    opening = place.vintages[0]
    before = st.session_state.get(OPENED_EDITION, opening)
    if before != opening and st.session_state.get(state.VINTAGE) == before:
        st.session_state[state.VINTAGE] = opening
    st.session_state[OPENED_EDITION] = opening


def choose_children(place: Place) -> str:
    """Edition of the children counted; no control where the place has one."""
    editions = children_editions(place)
    if len(editions) == 1:
        return ""
    adopt_address(state.CHILDREN, editions)
    return st.selectbox(
        "Children of",
        list(editions),
        format_func=lambda edition: editions.get(edition, edition),
        key=state.CHILDREN,
        bind="query-params",
        help=f"Which count of children every figure rests on. {CAUTION}",
    )


def choose_figures(place: Place) -> tuple[str, str]:
    """Edition and basis of the deprivation figures."""
    adopt_address(state.VINTAGE, {vintage: vintage for vintage in place.vintages})
    vintage = st.selectbox(
        "Indices of Deprivation",
        place.vintages,
        key=state.VINTAGE,
        bind="query-params",
        help="Edition of the English Indices of Deprivation that the estimate follows.",
    )
    own = (COMPOSITE,) if kept_param(state.INDEX) else ()
    bases = (*available_bases(place, vintage), *own)
    adopt_address(state.BASIS, {key: BASIS_NAMES.get(key, key) for key in bases})
    basis = st.selectbox(
        "Base the estimate on",
        bases,
        format_func=lambda key: BASIS_NAMES.get(key, key),
        key=state.BASIS,
        bind="query-params",
        help=f"{BASES['imd']}, or {BASES['idaci']} where its national rank is published, or an index of your own "
        "that you build on the page Targeting.",
    )
    return vintage, basis


def choose_tier(place: Place) -> str:
    """Key of the tier that maps and rankings show."""
    names = {tier.key: tier.name for tier in place.tiers}
    adopt_address(state.TIER, names)
    return st.radio(
        "Tier of need",
        list(names),
        format_func=names.__getitem__,
        key=state.TIER,
        bind="query-params",
        help="Which tier the map and the ranking show.",
    )


def choose_assumptions(place: Place, vintage: str, basis: str) -> NeedSettings:
    """Sliders for prevalence, gradient and children per family, folded, with what is in force as the title.

    Raises
    ------
    HubreachError
        If the tiers together hold more than all children.
    """
    base = replace(default_settings(place), vintage=vintage, basis=basis)
    now = [
        f"{tier.name} {st.session_state.get(state.prevalence(tier.key), 100 * tier.prevalence):.3g}%"
        for tier in place.tiers
    ]
    with st.expander(f"Assumptions: {', '.join(now)}", key="assumptions"):
        prevalence, gradient, fitted = {}, {}, {}
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
            fitted[tier.key] = kept_param(state.gradient_from(tier.key))
            gradient[tier.key] = st.slider(
                f"{tier.name}: most against least deprived (times)",
                1.0,
                MOST_GRADIENT,
                float(tier.gradient),
                0.1,
                format="%.1f",
                key=state.gradient(tier.key),
                bind="query-params",
                help="Gradient: the rate in the most deprived tenth of neighbourhoods in England over the rate "
                f"in the least deprived. Default {tier.gradient:g}. {tier.gradient_source}.",
            )
            st.selectbox(
                f"{tier.name}: a published gradient",
                list(NAMED_GRADIENTS),
                index=None,
                format_func=lambda key: f"{NAMED_GRADIENTS[key].name}: {NAMED_GRADIENTS[key].gradient:g}",
                key=f"named_gradient_{tier.key}",
                placeholder="Take a published one",
                on_change=_take_named_gradient,
                args=(tier.key,),
                help=" ".join(f"{each.gradient:g}: {each.source}." for each in NAMED_GRADIENTS.values()),
            )
        spread = st.slider(
            "How far authorities differ",
            0.0,
            0.5,
            default_settings(place).prevalence_sd,
            0.01,
            key=state.SPREAD,
            bind="query-params",
            help=f"{DIFFER_HELP} Default {default_settings(place).prevalence_sd:g}.",
        )
        adopt_address(state.RANGE, RANGE_NAMES)
        kind: RangeKind = st.segmented_control(
            "Range",
            list(RANGE_NAMES),
            format_func=RANGE_NAMES.__getitem__,
            default="rate",
            required=True,
            key=state.RANGE,
            bind="query-params",
            help=f"{'; '.join(RANGE_KINDS.values())}.",
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
    changed = with_tiers(base, prevalence, gradient, fitted)
    names = {tier.key: tier.name for tier in place.tiers}
    for key, name in names.items():
        found = changed.fitted(key)
        if found is not None:
            st.caption(f"Scenario: {name}'s gradient {found.gradient:g} is {found.words}.")
    return replace(changed, children_per_family=children_per_family, prevalence_sd=spread, range_kind=kind)


def _take_named_gradient(tier_key: str) -> None:
    key = f"named_gradient_{tier_key}"
    chosen = st.session_state[key]
    if chosen is not None:
        st.session_state[state.gradient(tier_key)] = NAMED_GRADIENTS[chosen].gradient
        st.session_state[key] = None


def _reset_assumptions(place: Place) -> None:
    for tier in place.tiers:
        st.session_state[state.prevalence(tier.key)] = tier.prevalence * 100
        st.session_state[state.gradient(tier.key)] = float(tier.gradient)
    st.session_state[state.RANGE] = "rate"
    st.session_state[state.SPREAD] = default_settings(place).prevalence_sd
    st.session_state[state.CHILDREN_PER_FAMILY] = next(iter(CHILDREN_PER_FAMILY))


def choose_level(place: Place, default: Level = "ward", key: str = state.LEVEL) -> Level:
    """Geography of the map: wards, neighbourhoods, or localities where the place has them.

    A look whose answer needs another geography than the other pages keeps its choice under a key of its own.
    """
    return choose_area_level(place, MAP_LEVELS, default, key)


def choose_area_level(place: Place, levels: tuple[AnyLevel, ...], default: AnyLevel, key: str) -> AnyLevel:
    """One of some geographies, those that the place is cut into."""
    headings = level_headings(place, levels)
    adopt_address(key, headings)
    return st.segmented_control(
        "By",
        list(headings),
        format_func=headings.__getitem__,
        default=default,
        required=True,
        key=key,
        bind="query-params",
        on_change=_clear_area,
        help="Which areas the map colours. An LSOA is a census neighbourhood of about 1,500 people.",
    )


def _clear_area() -> None:
    st.session_state[state.AREA] = None


def choose_area(place: Place, level: AreaLevel) -> str | None:
    """The selected area's code, or None. Clicks on maps and charts set the same value."""
    names = place.names(level)
    adopt_address(state.AREA, dict(names))
    area: str | None = st.selectbox(
        "Find an area",
        list(names.sort_values().index),
        index=None,
        format_func=lambda code: names.get(code, code),
        key=state.AREA,
        bind="query-params",
        placeholder="Find an area: type a name, or click the map",
        label_visibility="collapsed",
    )
    return area


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
