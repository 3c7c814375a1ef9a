"""Sites as an option: save them under a name, download the file, load one again."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.text import slugify
from analysis.options.files import (
    TODAY,
    find_option,
    list_options,
    option_text,
    uploaded_option,
    write_option,
)
from analysis.options.option import Catchment, Option, option_from_sites, option_sites
from analysis.places.sites.edits import edits_between
from analysis.scenario.terms import DEFAULT_MINUTES, Terms
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.lasting import lasting
from pages.shared.layout import plain_markdown
from pages.shared.sites_in_force import FAULT, SitesInForce, record_edits
from pages.shared.travel_in_force import MODE_NAMES
from pages.shared.travel_ways import TravelInForce

NEWS = "hubreach_option_news"
UPLOADS = "hubreach_option_uploads"


def show(now: PageContext, force: SitesInForce, travel: TravelInForce, choice: Terms) -> None:
    """Save and download on the left, load on the right."""
    st.header("As an option", anchor=False)
    st.caption(
        "An option is a named set of sites that can be compared with others. It keeps what is open, what differs from "
        "today, and the travel chosen."
    )
    news = lasting().pop(NEWS, None)
    if news:
        st.success(plain_markdown(news), icon=":material/check:")
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, key="save-option"):
        _save(now, force, travel, choice)
    with right, st.container(border=True, key="load-option"):
        _load(now, force)


def _made(
    now: PageContext, force: SitesInForce, travel: TravelInForce, choice: Terms, name: str, note: str
) -> Option:
    own = travel.settings
    minutes = choice.minutes or DEFAULT_MINUTES
    catchment = Catchment(mode=own.mode, minutes=minutes, detour=own.detour, speed_kmh=own.speed_kmh)
    return option_from_sites(name, now.place.sites, force.sites, note=note, catchment=catchment)


def _save(now: PageContext, force: SitesInForce, travel: TravelInForce, choice: Terms) -> None:
    st.markdown("**Save the sites as they are now**")
    name = st.text_input(
        "Name of the option", key="option-name", max_chars=120, placeholder="Three hubs with outreach"
    )
    note = st.text_input(
        "Note", key="option-note", max_chars=500, placeholder="Why, or from where (optional)"
    )
    there = slugify(name) in list_options(now.place.slug)
    replace = there and st.checkbox(
        f"Replace the option {plain_markdown(slugify(name))} that is there already", key="option-replace"
    )

    def save() -> None:
        held = lasting()
        try:
            option = _made(now, force, travel, choice, name, note)
            write_option(option, now.place.slug, replace=replace)
        except HubreachError as error:
            held[FAULT] = error
            return
        held[NEWS] = f"Saved as {option.slug}."

    with st.container(horizontal=True):
        st.button(
            "Save",
            icon=":material/save:",
            key="option-save",
            disabled=not slugify(name) or (there and not replace),
            on_click=save,
            help="As a file in the data folder, where comparisons and the command line find it.",
        )
        if slugify(name):
            option = _made(now, force, travel, choice, name, note)
            st.download_button(
                "Download",
                option_text(option),
                f"{option.slug}.toml",
                "application/toml",
                key="option-download",
                on_click="ignore",
                icon=":material/download:",
                help="The option as a text file (TOML) that can be read, changed, sent and loaded.",
            )


def _load(now: PageContext, force: SitesInForce) -> None:
    st.markdown("**Load an option**")
    slugs = sorted({"today", *list_options(now.place.slug)})
    slug = st.selectbox(
        "Option",
        slugs,
        index=None,
        key="option-chosen",
        placeholder="Choose a saved option",
        help="The sites become as the option has them, as one change that can be undone, and so does the travel.",
    )

    st.button(
        "Load",
        icon=":material/file_open:",
        key="option-load",
        disabled=slug is None,
        on_click=_open,
        args=(now, force, lambda: find_option(now.place.slug, str(slug))),
    )
    key = f"option-upload-{st.session_state.get(UPLOADS, 0)}"
    st.file_uploader(
        "Or an option file (TOML)",
        type="toml",
        key=key,
        on_change=_take,
        args=(now, force, key),
        help="One that was downloaded here, or written by hand.",
    )


def _take(now: PageContext, force: SitesInForce, key: str) -> None:
    file = st.session_state[key]
    if file is None:
        return

    content = file.getvalue()
    _open(now, force, lambda: uploaded_option(content, file.name))
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1


def _open(now: PageContext, force: SitesInForce, find: Callable[[], Option]) -> None:
    """Put an option's sites and its travel in force (from a callback)."""
    held = lasting()
    try:
        option = find()
    except HubreachError as error:
        held[FAULT] = error
        return
    # Today is no plan: it states no travel of its own.
    catchment = None if option.slug == TODAY.slug else option.catchment
    if catchment is not None:
        st.session_state.update(_travel_state(catchment))
    changed = record_edits(
        now.place.slug, lambda: edits_between(force.sites, option_sites(option, now.place.sites))
    )
    if changed or FAULT not in held:
        sites = "its sites are in use" if changed else "its sites were in use already"
        travel = "" if catchment is None else _travel_in_words(catchment)
        held[NEWS] = f"{option.name}: {sites}{travel}."


def _travel_state(catchment: Catchment) -> dict[str, object]:
    """What the controls of travel become."""
    travel = {
        state.MINUTES: round(min(max(catchment.minutes, 5), 60)),
        state.MODE: catchment.mode,
        state.DETOUR: catchment.detour,
        state.speed(catchment.mode): catchment.speed_kmh,
    }
    return {key: value for key, value in travel.items() if value is not None}


def _travel_in_words(catchment: Catchment) -> str:
    given = _travel_state(catchment)
    words = f", and so is its limit of {given[state.MINUTES]} minutes, {MODE_NAMES[catchment.mode].lower()}"
    if given[state.MINUTES] != catchment.minutes:
        words += f" (it says {catchment.minutes:g}, which the control cannot hold)"
    if catchment.minutes_by_kind or catchment.citywide_kinds:
        words += "; its own limits by kind of site count on the page Options only"
    return words
