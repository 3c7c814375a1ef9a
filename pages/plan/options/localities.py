"""Areas of a plan: need, children and sites in each locality, and how evenly they share it."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options import figures
from analysis.options.tables import balance_table, locality_rows, locality_table, named_measures
from analysis.options.words import balance_sentence
from analysis.render.theme import tier_colour
from pages.plan.options.parts import Comparison, tier_heads
from pages.shared.charts import show_chart, show_table
from pages.shared.layout import question, source_line


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Answer, a chart an option and one of today, balance, table."""
    now, view = comparison.now, comparison.view
    balanced = balance_table(view)
    with head:
        question(
            "Do the plan's areas share the need evenly?", balance_sentence(balanced, now.tier, now.tier_name)
        )
    charts = locality_rows(view, now.tier)
    for start in range(0, len(charts), 2):
        for column, (key, name, rows) in zip(
            st.columns(2, gap="medium"), charts[start : start + 2], strict=False
        ):
            with column:
                show_chart(
                    f"localities-{key}",
                    partial(
                        figures.locality_bars,
                        rows,
                        title=name,
                        subtitle=f"estimated children who may need {now.tier_name.lower()} by locality; dashed: an even share",
                        colour=tier_colour(now.tier),
                    ),
                    rows,
                    source=comparison.source,
                    name=f"{now.place.slug} localities {key}",
                )
    st.header("Balance", anchor=False)
    number = st.column_config.NumberColumn
    show_table(
        "balance",
        named_measures(balanced, view),
        source=comparison.source,
        name=f"{now.place.slug} balance",
        hide_index=True,
        column_config={
            "name": "Areas of",
            "measure": "Shared",
            "localities": "Localities",
            "mean": number("Mean", format="%.0f"),
            "smallest": number("Smallest", format="localized"),
            "largest": number("Largest", format="localized"),
            "largest_to_smallest": number("Largest to smallest", format="%.2f"),
            "coefficient_of_variation": number("Coefficient of variation", format="%.2f"),
        },
    )
    st.header("Every locality", anchor=False)
    show_table(
        "localities",
        locality_table(view),
        source=comparison.source,
        name=f"{now.place.slug} localities",
        hide_index=True,
        column_config={
            "option": "Option",
            "area_name": "Locality",
            "wards": "Wards",
            "children": number("Children", format="localized"),
            "under_fives": number("Under 5", format="localized"),
            **tier_heads(view, "{key}"),
            "sites": "Sites",
            "children_covered": number("Within reach", format="localized"),
            "share_covered": number("Share", format="percent"),
            "mean_minutes": number("Mean minutes", format="%.1f"),
        },
    )
    source_line(comparison.source)
    with st.expander("How this is worked out"):
        st.markdown(
            "An option may redraw localities as sets of wards; without that it keeps today's. The coefficient of variation is "
            "the standard deviation over the mean: 0 is an even share. A site belongs to the locality of the small area whose "
            "centre is nearest to it. A balance of need says nothing of workload where sites differ."
        )
