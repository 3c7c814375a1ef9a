"""Sites as an option: save them under a name, download the file, load one again."""

from __future__ import annotations

import streamlit as st

from analysis.options.files import find_option, list_options, write_option
from analysis.options.option import Catchment, Option, option_from_sites, option_sites
from analysis.options.wording import option_text, parse_option
from analysis.output.reach_view import ReachChoice
from analysis.places import HubreachError
from analysis.places.edits import SiteEdit, edits_between
from analysis.places.text import slugify
from pages.shared.context import PageContext
from pages.shared.lasting import lasting
from pages.shared.layout import plain_markdown
from pages.shared.sites_in_force import FAULT, SitesInForce, record_edits
from pages.shared.travel_ways import TravelInForce

NEWS = "hubreach_option_news"
UPLOADS = "hubreach_option_uploads"


def show(now: PageContext, force: SitesInForce, travel: TravelInForce, choice: ReachChoice) -> None:
    """Save and download on the left, load on the right."""
    st.subheader("As an option", anchor=False)
    st.caption(
        "An option is a named set of sites that can be compared with others. It keeps what is open, what differs from "
        "today, and the travel in force."
    )
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, key="save-option"):
        _save(now, force, travel, choice)
    with right, st.container(border=True, key="load-option"):
        _load(now, force)


def _made(
    now: PageContext, force: SitesInForce, travel: TravelInForce, choice: ReachChoice, name: str, note: str
) -> Option:
    own = travel.settings
    catchment = Catchment(own.mode, choice.minutes, own.detour, own.speed_kmh)
    return option_from_sites(name, now.place.sites, force.sites, note=note, catchment=catchment)


def _save(now: PageContext, force: SitesInForce, travel: TravelInForce, choice: ReachChoice) -> None:
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
        try:
            option = _made(now, force, travel, choice, name, note)
            write_option(option, now.place.slug, replace=replace)
        except HubreachError as error:
            lasting()[FAULT] = error
            return
        st.session_state[NEWS] = f"Saved as {option.slug}."

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
    news = st.session_state.pop(NEWS, None)
    if news:
        st.success(plain_markdown(news), icon=":material/check:")


def _load(now: PageContext, force: SitesInForce) -> None:
    st.markdown("**Load an option**")
    slugs = sorted({"today", *list_options(now.place.slug)})
    slug = st.selectbox(
        "Option",
        slugs,
        index=None,
        key="option-chosen",
        placeholder="Choose a saved option",
        help="The sites become as the option has them, as one change that can be undone.",
    )

    def as_chosen() -> tuple[SiteEdit, ...]:
        return edits_between(
            force.sites, option_sites(find_option(now.place.slug, str(slug)), now.place.sites)
        )

    st.button(
        "Load",
        icon=":material/file_open:",
        key="option-load",
        disabled=slug is None,
        on_click=record_edits,
        args=(now.place.slug, as_chosen),
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

    def made() -> tuple[SiteEdit, ...]:
        text = file.getvalue().decode("utf-8", errors="replace")
        option = parse_option(text, file=file.name)
        return edits_between(force.sites, option_sites(option, now.place.sites))

    record_edits(now.place.slug, made)
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1
