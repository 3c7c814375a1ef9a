"""Find an area on the map: by its name at any level, by a site in it, or by a postcode that is typed."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.places.place import AreaLevel, Place
from analysis.reach.search import find_area
from analysis.scenario.levels import LEVEL_WORDS
from pages.shared import state
from pages.shared.layout import show_error
from pages.shared.short_keys import adopt_address, adopt_option, note_unread

SITE = "site "
FAULT = "hubreach_area_fault"


def choose_area(
    place: Place, level: AreaLevel, levels: Collection[AreaLevel], sites: pd.DataFrame
) -> str | None:
    """Code of the selected area of the level in force, or None; a click on map or ranking sets the same value.

    Parameters
    ----------
    level : {"ward", "msoa", "lsoa", "locality"}
    levels : collection of str
        Those that the figures shown have: an area of another is answered by the one in force that holds it.
    sites : DataFrame
        Sites in force: one that is chosen selects its area, and opens its card.
    """
    names = place.names(level)
    adopt_address(state.AREA, dict(names))
    labels = _labels(place, level, levels, sites)

    def meant(given: str) -> tuple[AreaLevel, str]:
        found_level, code = find_area(place, given.removeprefix(SITE), level, sites)
        if found_level in levels:
            return found_level, code
        first = place.areas.index[(place.keys(found_level) == code).to_numpy()][0]
        return level, str(place.keys(level)[first])

    def found() -> None:
        given = st.session_state[state.AREA]
        if given is None or given in names.index:
            return
        try:
            found_level, code = meant(str(given))
        except HubreachError as error:
            st.session_state[FAULT], st.session_state[state.AREA] = error, None
            return
        adopt_option(state.AREA, code)
        if found_level != level:
            adopt_option(state.FIGURE_LEVEL, found_level)
        if str(given).startswith(SITE):
            st.session_state[state.SITE] = str(given).removeprefix(SITE)

    area: str | None = st.selectbox(
        "Find an area",
        list(labels),
        index=None,
        format_func=lambda code: labels.get(code, code),
        key=state.AREA,
        bind="query-params",
        on_change=found,
        accept_new_options=True,
        placeholder="Find a ward, neighbourhood, site or postcode, or click the map",
        label_visibility="collapsed",
        help="Type a name, or a postcode in full and press Enter: the area it lies in is selected.",
    )
    fault = st.session_state.pop(FAULT, None)
    if fault is not None:
        show_error(fault)
    if area is None or area in names.index:
        return area
    # A link may say what is typed here.
    try:
        found_level, code = meant(area)
    except HubreachError:
        found_level, code = level, ""
    is_here = found_level == level and bool(code)
    note_unread(state.AREA, [] if is_here else [area])
    return code if is_here else None


def _labels(
    place: Place, level: AreaLevel, levels: Collection[AreaLevel], sites: pd.DataFrame
) -> dict[str, str]:
    """What can be chosen, by code: areas of the level in force first, then those of the others, then open sites."""
    labels = {str(code): str(name) for code, name in place.names(level).sort_values().items()}
    for each in levels:
        if each != level:
            one = LEVEL_WORDS[each].one
            others = {str(code): f"{name} ({one})" for code, name in place.names(each).items()}
            labels |= {code: name for code, name in others.items() if code not in labels}
    is_open = sites[sites["is_open"].astype(bool)]
    return labels | {f"{SITE}{site}": f"{name} (site)" for site, name in is_open["name"].items()}
