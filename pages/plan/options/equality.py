"""The equality view: options for groups of people and of areas, with what the data can bear."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options import figures
from analysis.options.equality import equality_table, group_views
from analysis.options.view import option_names
from analysis.options.words import equality_sentence
from analysis.reach.demand import whole_people
from pages.plan.options.parts import Comparison
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.layout import plain_markdown, question, source_line
from pages.shared.short_keys import adopt_address


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Choice of groups, answer, dots, table, caution."""
    now, view = comparison.now, comparison.view
    views = {item.key: item for item in group_views(now.place, now.settings.vintage, view.reaches[0].areas)}
    adopt_address(state.GROUP, views)
    if st.session_state.get(state.GROUP) not in views:
        st.session_state.pop(state.GROUP, None)
    with comparison.bar, st.container(width=300):
        key = st.selectbox(
            "Compare for",
            list(views),
            format_func=lambda key: views[key].name if key in views else key,
            key=state.GROUP,
            bind="query-params",
            help="Deprivation fifths, income deprivation, rural and urban areas, and every further column of the place's "
            "areas file, such as lone parents.",
        )
    chosen = views[key]
    table = whole_people(equality_table(view.reaches, chosen))
    with head:
        question("Is any group of people left behind?", equality_sentence(table, chosen))
    names = option_names(view)
    show_chart(
        "equality",
        lambda style: figures.option_dots(
            table,
            style,
            title=f"{chosen.name}: share within reach",
            subtitle=f"{chosen.unit} within reach, a mark an option; grey: the spread between options",
            names=names,
        ),
        table,
        source=f"{comparison.source} {chosen.caution}",
        name=f"{now.place.slug} equality {chosen.key}",
    )
    number = st.column_config.NumberColumn
    show_table(
        "equality-table",
        table.drop(columns="option").round({"share_covered": 3, "behind": 3, "mean_minutes": 1}),
        source=f"{comparison.source} {chosen.caution}",
        name=f"{now.place.slug} equality table {chosen.key}",
        hide_index=True,
        column_config={
            "name": "Option",
            "group": "Group",
            "people": number(chosen.unit.capitalize(), format="localized"),
            "covered": number("Within reach", format="localized"),
            "share_covered": number("Share", format="percent"),
            "mean_minutes": number("Mean minutes", format="%.1f"),
            "share_of_areas_known": number("Areas known", format="percent"),
            "behind": number("Behind the best", format="percent"),
        },
    )
    if chosen.caution:
        st.caption(f":material/warning: {plain_markdown(chosen.caution)}")
    source_line(comparison.source)
