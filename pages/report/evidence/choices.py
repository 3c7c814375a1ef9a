"""What goes into a pack, in which format, and in whose colours."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.render.installed_browser import image_browser_missing
from analysis.render.theme_files import example_theme, read_theme_parts, theme_notes
from analysis.report.content import FORMS, Form
from analysis.report.files import FORMATS
from analysis.report.manifest import DEFAULT_SECTIONS
from analysis.report.sections.catalogue import SECTIONS
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.council_look import keep_look, kept_look
from pages.shared.layout import plain_markdown, show_error
from pages.shared.loading_options import load_options
from pages.shared.short_keys import note_unknown

COMPARING = {"options", "under-fives", "equality"}
TEMPLATED = (".docx", ".pptx")


def choose_content(now: PageContext) -> tuple[list[str], list[str], str]:
    """Sections, options to compare, and the workshop to record."""
    note_unknown(state.SECTIONS, [section.title for section in SECTIONS.values()])
    sections = st.multiselect(
        "Sections, in the order of the report",
        list(SECTIONS),
        default=list(DEFAULT_SECTIONS),
        format_func=lambda key: SECTIONS[key].title,
        key=state.SECTIONS,
        bind="query-params",
        help="They stand in the order in which you choose them.",
    )
    for key in sections:
        st.caption(f"**{SECTIONS[key].title}**: {SECTIONS[key].words}.")
    options: list[str] = []
    if COMPARING & set(sections):
        known, faults = load_options(now.place.slug)
        options = st.multiselect(
            "Options, the one to compare with first",
            list(known),
            format_func=lambda slug: known[slug].name if slug in known else slug,
            key=f"evidence_options_{now.place.slug}",
            placeholder="All of the place, today first",
            help="The under-fives statement and the difference compare the first with the last.",
        )
        if faults:
            show_error(HubreachError("Some saved options cannot be used; the others are here.", faults))
    workshop = ""
    if "workshop" in sections:
        workshop = st.text_input(
            "Workshop",
            key="evidence_workshop",
            placeholder="Start of its id",
            help="The id stands on the page Workshop.",
        )
    return sections, options, workshop


def choose_form(sections: list[str]) -> tuple[Form, int]:
    """Short or long, and the number of sites that the section on siting asks for."""
    form: Form = st.radio(
        "Length",
        list(FORMS),
        format_func=lambda key: f"{FORMS[key][0].upper()}{FORMS[key][1:]}",
        horizontal=True,
        key="evidence_form",
        help="The short form has a figure a finding; the long one every figure and table. Excel always has all.",
    )
    choose = 3
    if "siting" in sections:
        choose = int(
            st.number_input(
                "Sites to choose",
                1,
                50,
                3,
                key="evidence_choose",
                help="The section on siting finds the sites that together have most need within reach.",
            )
        )
    return form, choose


def choose_format(now: PageContext) -> tuple[str, str, bytes | None]:
    """Ending of the file, title, and the council's own template."""
    ending = st.radio(
        "Format",
        list(FORMATS),
        format_func=lambda key: f"{FORMATS[key][0].upper()}{FORMATS[key][1:]}",
        horizontal=True,
        key=state.FORMAT,
        bind="query-params",
        help="Word and PowerPoint can be edited; the web page opens without a server and without internet.",
    )
    title = st.text_input(
        "Title",
        key="evidence_title",
        placeholder=f"Early help in {now.place.name}",
        help="On the front and in the file.",
    )
    template = None
    if ending in TEMPLATED:
        template = st.file_uploader(
            f"The council's own template ({ending})",
            ending.lstrip("."),
            key=f"evidence_template_{ending}",
            help="Its styles, fonts and colours are used.",
        )
    missing = image_browser_missing()
    if missing:
        st.info(missing, icon=":material/info:")
    return ending, title, template.getvalue() if template else None


def choose_theme() -> dict[str, Any]:
    """The council's colours, fonts and logo from its file; faults and pale colours are told.

    What is given stays for the session, also for the pictures under each chart, until it is taken off.
    """
    given = st.file_uploader(
        "The council's colours (.toml, and its logo)",
        ["toml", "png", "jpg", "jpeg"],
        accept_multiple_files=True,
        key="evidence_theme",
        help="Colours of charts and maps, here and in every picture downloaded from another page; the font of Word and "
        "PowerPoint, a logo.",
    )
    if not given and kept_look():
        st.button(
            f"Take off the colours of {kept_look().get('name') or 'the council'}",
            on_click=_take_off,
            type="tertiary",
            icon=":material/format_color_reset:",
        )
        return kept_look()
    if not given:
        st.download_button(
            "An example to start from",
            example_theme,
            "theme.toml",
            "application/toml",
            key="evidence-theme-example",
            on_click="ignore",
            type="tertiary",
            icon=":material/palette:",
            help="The colours that are used without a theme, each with what it stands for.",
        )
        return {}
    try:
        theme = read_theme_parts([(one.name, one.getvalue()) for one in given])
    except HubreachError as error:
        show_error(error)
        keep_look({})
        return {}
    keep_look(theme)
    for note in theme_notes(theme):
        st.warning(plain_markdown(f"{note}."), icon=":material/contrast:")
    return theme


def _take_off() -> None:
    keep_look({})
