"""A place's options in order: duplicate, rename, delete with undo, export, import."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options.applied import apply_option
from analysis.options.files import option_text, uploaded_option
from analysis.options.library import (
    LibraryChange,
    LibraryHistory,
    delete_option,
    duplicate_option,
    import_option,
    is_own,
    move_library,
    rename_option,
)
from analysis.options.view import options_table
from pages.plan.options.parts import Comparison
from pages.plan.options.what_if import change_library, kept_library
from pages.shared.history import history_buttons
from pages.shared.layout import plain_markdown, question

SAID = "hubreach_option_said"
LARGEST_UPLOAD_MB = 2


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Every option, one of them to be worked on, and a file to be brought in."""
    place, known = comparison.now.place, comparison.known
    own = {slug for slug in known if is_own(place.slug, slug)}
    with head:
        question(
            f"Which options are there for {place.name}?",
            f"**{len(known)}** options, **{len(own)}** of them your own. Each is one readable file.",
        )
    _told(place.slug)
    counts = {slug: int(apply_option(option, place).sites["is_open"].sum()) for slug, option in known.items()}
    st.dataframe(
        options_table(known, counts, own),
        key="options-known",
        column_config={
            "slug": "In links",
            "name": "Option",
            "sites": "Sites",
            "status": "Status",
            "source": "Source",
            "note": st.column_config.TextColumn("Note", width="large"),
        },
    )
    left, right = st.columns(2, gap="large")
    with left:
        _work_on(comparison, own)
    with right:
        _bring_in(place.slug)


def _told(place_slug: str) -> None:
    said = st.session_state.pop(SAID, None)
    if said:
        st.success(plain_markdown(said), icon=":material/check:")
    kept = kept_library(place_slug)

    def move(to: Callable[[LibraryHistory], LibraryHistory]) -> None:
        kept.change(lambda history: move_library(place_slug, history, to))

    with st.container(horizontal=True):
        history_buttons(kept.name, kept.read(), move)


def _work_on(comparison: Comparison, own: set[str]) -> None:
    place, known = comparison.now.place, comparison.known
    st.header("One option", anchor=False)
    slug = st.selectbox(
        "Option",
        list(known),
        format_func=lambda key: known[key].name,
        key="library-option",
        help="Which to work on.",
    )
    name = st.text_input("Name", known[slug].name, key=f"library-name-{slug}", max_chars=80)
    fixed = "" if slug in own else "It comes with the place: duplicate it, and change the copy."
    with st.container(horizontal=True):
        st.button(
            "Duplicate",
            icon=":material/content_copy:",
            on_click=_do,
            args=(place.slug, lambda: duplicate_option(place.slug, slug)),
            help="A copy of your own.",
        )
        st.button(
            "Rename",
            icon=":material/edit:",
            disabled=slug not in own,
            on_click=_do,
            args=(place.slug, lambda: rename_option(place.slug, slug, name)),
            help=fixed or "Gives it the name above.",
        )
        st.button(
            "Delete",
            icon=":material/delete:",
            disabled=slug not in own,
            on_click=_do,
            args=(place.slug, lambda: delete_option(place.slug, slug)),
            help=fixed or "Can be undone.",
        )
        st.download_button(
            "Export",
            option_text(known[slug]),
            f"{slug}.toml",
            "application/toml",
            key="option-export",
            on_click="ignore",
            icon=":material/download:",
            help="The option as one readable file.",
        )
    with st.expander("Its file"):
        st.code(option_text(known[slug]), language="toml")


def _bring_in(place_slug: str) -> None:
    st.header("Bring in an option", anchor=False)
    given = st.file_uploader(
        "Option file",
        type=["toml"],
        key="option-upload",
        max_upload_size=LARGEST_UPLOAD_MB,
        help="A file that was exported here, or written like one.",
    )
    if given is not None:
        st.button(
            "Import",
            icon=":material/upload:",
            on_click=_do,
            args=(
                place_slug,
                lambda: import_option(place_slug, uploaded_option(given.getvalue(), given.name)),
            ),
            help="Saves it among your own options; where its name is taken it gets another.",
        )


def _do(place_slug: str, work: Callable[[], LibraryChange]) -> None:
    change = change_library(place_slug, work)
    if change is not None:
        st.session_state[SAID] = f"{change.words}."
