"""Numbers of people by ward: entered, pasted or uploaded, and shown only as they may be."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.commissioning import figures
from analysis.commissioning.cohort import (
    ShownCohort,
    cohort_bars,
    cohort_from_cells,
    cohort_levels,
    counts_template,
    shown_cohort,
)
from analysis.commissioning.tables import masked, unmasked
from analysis.places.place import Level, Place
from analysis.places.rounding import NOTE
from analysis.scenario.levels import LEVEL_WORDS
from pages.commission import parts
from pages.commission.entry import Entry, open_entry, ways_in
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext

FILE = "counts"
FIXED = ("area_code", "area_name", "period", "quarter", "year")


def show_counts(now: PageContext) -> ShownCohort | None:
    """Ways in, the entry table, and the protected chart and table."""
    entry = open_entry(now, "counts", FILE, lambda cells, name: (cells, _protected(cells, name, now.place)))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.markdown("**Numbers of people, by ward or locality**")
        ways_in(
            entry,
            lambda: _entry_table(now, entry),
            counts_template(now.place, "ward").set_index("area_code"),
            placeholder="ward_name\tmothers\tchildren",
            help_text="A column of wards or localities, perhaps a period, and columns of whole numbers.",
        )
    with right:
        if entry.shown is None:
            st.info(
                "No numbers yet. Type them into the table, paste them from a spreadsheet, or upload a CSV or Excel file: "
                "numbers of people by ward only. Nothing about single people is read or kept.",
                icon=":material/edit_note:",
            )
        else:
            _shown(now, entry.shown)
    return entry.shown


def _protected(cells: pd.DataFrame, name: str, place: Place) -> ShownCohort:
    return shown_cohort(cohort_from_cells(cells, place, name), place)


def _entry_table(now: PageContext, entry: Entry[ShownCohort]) -> None:
    """The table to type into.

    Numbers that were read from the place's folder can only be replaced as a whole: changing one cell and
    watching a total would tell what another hides.
    """
    levels = cohort_levels(now.place)
    level: Level = levels[0]
    if len(levels) > 1:
        level = st.segmented_control(
            "By",
            levels,
            default=levels[0],
            required=True,
            key=f"counts-level-{now.place.slug}",
            format_func=lambda key: LEVEL_WORDS[key].heading,
        )
    kept = entry.cells if entry.own else None
    key = entry.key(f"table-{level}")

    def start() -> pd.DataFrame:
        if kept is None:
            return counts_template(now.place, level)
        return masked(kept, [column for column in map(str, kept) if column.lower() not in FIXED])

    edited = parts.edit_table(
        key,
        start,
        hide_index=True,
        height=330,
        column_config={"area_code": None, "area_name": st.column_config.TextColumn("Area", disabled=True)},
    )
    st.caption(_entry_words(entry))
    if st.button("Use these numbers", key=f"{key}-use", type="primary"):
        before = pd.DataFrame(columns=edited.columns) if kept is None else kept
        entry.take(lambda: (unmasked(edited, before), "the table"))
        st.rerun()


def _entry_words(entry: Entry[ShownCohort]) -> str:
    if entry.cells is None:
        return "Whole numbers; 0 where there are none, blank where it is not known."
    if entry.own:
        return "A cell that is filled says “entered”, never its number: type over it to change it."
    return "Numbers are kept for this place: they can be replaced as a whole, not cell by cell."


def _shown(now: PageContext, shown: ShownCohort) -> None:
    with st.container(horizontal=True):
        measure = shown.measures[0]
        if len(shown.measures) > 1:
            measure = st.segmented_control(
                "Count of", shown.measures, default=shown.measures[0], required=True, key=state.COHORT_MEASURE
            )
        period = shown.periods[-1]
        if len(shown.periods) > 1:
            period = st.selectbox("Period", shown.periods, len(shown.periods) - 1, key="cohort-period")
    bars = cohort_bars(shown, str(measure), period)
    table = shown.table if any(shown.periods) else shown.table.drop(columns="period")
    chart, rows = st.tabs(["Chart", "Table"])
    with chart:
        show_chart(
            "cohort-counts",
            lambda style: figures.protected_bars(
                bars,
                style,
                title=f"{str(measure).capitalize()} by {shown.level}",
                subtitle="entered counts, each up to 4 people off",
            ),
            bars[["area_name", "label"]],
            source=NOTE,
            name=f"{now.place.slug} cohort {measure}",
        )
    with rows:
        show_table(
            "cohort-protected",
            table.set_index("area_code"),
            source=NOTE,
            name=f"{now.place.slug} cohort protected",
            column_config={"area_code": None, "level": "Level", "area_name": "Area", "period": "Period"},
        )
    st.caption(
        NOTE
        + (
            f" {shown.blank_areas} areas have no number: totals are of those given."
            if shown.blank_areas
            else ""
        )
    )
