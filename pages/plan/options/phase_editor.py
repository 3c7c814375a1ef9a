"""Years in which sites of an option open and close, set in a table and kept as an option of one's own."""

from __future__ import annotations

import streamlit as st

from analysis.options.library import save_option
from analysis.options.tables import phase_frame, with_phases
from pages.plan.options.parts import Comparison
from pages.plan.options.what_if import change_library
from pages.shared import state

DONE = "hubreach_phases_done"


def show_phase_editor(comparison: Comparison) -> None:
    """What differs from today, a row a site, with the year in which it does."""
    place = comparison.now.place
    with st.expander("Set the years"):
        slugs = list(comparison.names)
        slug = st.selectbox(
            "Option",
            slugs,
            format_func=comparison.names.__getitem__,
            key="phase-option",
            help="Whose years are set.",
        )
        option = next(option for option in comparison.options if option.slug == slug)
        frame = phase_frame(option, place)
        if frame.empty:
            st.info("Nothing opens or closes under this option.", icon=":material/info:")
            return
        edited = st.data_editor(
            frame,
            key=f"phases-{place.slug}-{slug}",
            hide_index=True,
            disabled=["name", "kind", "change"],
            column_config={
                "name": "Site",
                "kind": "Kind",
                "change": "Under the option it",
                "year": st.column_config.NumberColumn(
                    "From the start of year", min_value=1, max_value=30, step=1, required=True
                ),
            },
        )
        name = st.text_input("Save as", f"{option.name}, in steps", key=f"phase-name-{slug}", max_chars=80)
        if st.button(
            "Save as an option",
            icon=":material/save:",
            key="phase-save",
            help="A new option with these years.",
        ):
            stepped = with_phases(option, place, edited["year"], name)
            saved = change_library(place.slug, lambda: save_option(stepped, place.slug))
            if saved is not None:
                st.session_state[DONE] = (slug, saved.slug)
            st.rerun()


def adopt_saved() -> None:
    """Put an option that was just saved in the place of the one that it was made from (before any widget)."""
    done = st.session_state.pop(DONE, None)
    if done and state.OPTIONS in st.session_state:
        old, new = done
        st.session_state[state.OPTIONS] = [
            new if slug == old else slug for slug in st.session_state[state.OPTIONS]
        ]
