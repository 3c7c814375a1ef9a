"""Need and reach in a future year, by a table of children by area and year that the user brings."""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.need import words as need_words
from analysis.places.place import Level
from analysis.reach.growth import growth_notes, growth_table, read_growth
from analysis.scenario.terms import Terms
from pages.shared.charts import show_table
from pages.shared.context import PageContext
from pages.shared.layout import show_error, source_line

NUMBER = st.column_config.NumberColumn


def show(now: PageContext, level: Level) -> None:
    """Upload, year, and the table of now and then, marked as a projection."""
    given = st.file_uploader(
        "Children by area and year (CSV or Excel)",
        type=["csv", "xlsx", "xlsm"],
        key=f"growth-{now.place.slug}",
        help="A column of LSOAs, wards or the place, and a column a year, headed 2024, 2030 and so on. It is not kept.",
    )
    if given is None:
        return
    try:
        growth = read_growth(given.getvalue(), now.place, given.name)
        year = st.selectbox(
            "Year",
            growth.years,
            len(growth.years) - 1,
            key=f"growth-year-{now.place.slug}",
            help=f"Growth is measured from {growth.base}, the first year of the table.",
            width=150,
        )
        table = growth_table(now.need, growth, year, terms=Terms(tier=now.tier), level=level)
    except HubreachError as error:
        show_error(error)
        return
    notes = [f"{note}." for note in growth_notes(growth, year)]
    st.markdown(f"**Projection for {year}**")
    show_table(
        "growth",
        table,
        ranges=("need_now", "need_then", "low", "high"),
        source=" ".join([*notes, need_words.assumed_source(now.need)]),
        name=f"{now.place.slug} projection {year} {level}",
        column_config={
            "area_code": None,
            "area_name": "Area",
            "children_now": NUMBER("Children now", format="%,.0f"),
            "children_then": NUMBER(f"Children {year}", format="%,.0f"),
            "change": NUMBER("Change", format="%+,.0f"),
            "need_now": NUMBER(f"{now.tier_name} now (est.)", format="%,.0f"),
            "need_then": NUMBER(f"{now.tier_name} {year}", format="%,.0f"),
            "low": NUMBER("from", format="%,.0f"),
            "high": NUMBER("to", format="%,.0f"),
            "reached_now": NUMBER("Within reach now", format="%,.0f"),
            "reached_then": NUMBER(f"Within reach {year}", format="%,.0f"),
        },
    )
    source_line(*notes)
