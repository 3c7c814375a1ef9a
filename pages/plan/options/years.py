"""The journey of a plan: reach year by year, with every dip told."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options import plan_figures as figures
from analysis.options.applied import last_year
from analysis.options.tables import years_table
from analysis.options.view import option_names
from analysis.options.words import years_sentence
from pages.plan.options.parts import Comparison, tier_heads
from pages.plan.options.phase_editor import show_phase_editor
from pages.shared.charts import show_chart, show_table
from pages.shared.layout import question, source_line
from pages.shared.loading_options import load_years


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
