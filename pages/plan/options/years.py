"""The journey of a plan: reach year by year, with every dip told, and the years set in a table."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options import figures
from analysis.options.applied import last_year
from analysis.options.library import save_option
from analysis.options.tables import phase_frame, with_phases, years_table
from analysis.options.view import option_names
from analysis.options.words import years_sentence
from pages.plan.options.parts import Comparison, tier_heads
from pages.plan.options.what_if import change_library
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.layout import question, source_line
from pages.shared.loading_options import load_years

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


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Answer, a small chart an option, table, and the years of each site to be set."""
    now = comparison.now
    until = max(last_year(option) for option in comparison.options)
    journeys = {
        option.slug: load_years(*comparison.key, option, comparison.terms, until)
        for option in comparison.options
    }
    names = option_names(comparison.view)
    table = years_table(journeys, names)
    with head:
        question("What happens on the way to the plan?", years_sentence(table))
    show_chart(
        "years",
        lambda style: figures.year_lines(
            table,
            style,
            title="Children within reach, year by year",
            subtitle="share of children within reach at the end of each year; a triangle marks a year with fewer than before",
            names=names,
        ),
        table,
        source=comparison.source,
        name=f"{now.place.slug} options by year",
    )
    number = st.column_config.NumberColumn
    show_table(
        "years-table",
        table.drop(columns=["option", "words"]).round({"share_covered": 3}),
        source=comparison.source,
        name=f"{now.place.slug} options by year table",
        hide_index=True,
        column_config={
            "name": "Option",
            "year": "Year",
            "sites_open": "Sites open",
            "opened": st.column_config.TextColumn("Opens", width="medium"),
            "closed": st.column_config.TextColumn("Closes", width="medium"),
            **tier_heads(comparison.view, "{key}_covered"),
            "children_covered": number("Children within reach", format="localized"),
            "share_covered": number("Share", format="percent"),
            "under_fives_covered": number("Under 5", format="localized"),
            "mean_minutes": number("Mean minutes", format="%.1f"),
            "dip": "Fewer than before",
        },
    )
    source_line(comparison.source)
    show_phase_editor(comparison)
