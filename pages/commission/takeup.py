"""Who uses a service, of those who could: users against the children who live there."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.commissioning import takeup_figures as figures
from analysis.commissioning import takeup_words as words
from analysis.commissioning.deciles import METHOD, SOURCES, decile_cells, decile_counts
from analysis.commissioning.maps import takeup_map
from analysis.commissioning.tables import as_text
from analysis.commissioning.takeup import (
    TAKEUP_WORDS,
    TakeupAnswer,
    TakeupBy,
    Users,
    answer_takeup,
    users_from_cells,
)
from analysis.render.map_sheet import MapLegend, MapSheet, legend_rows
from analysis.scenario.ages import AGE_GROUPS
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.terms import Terms
from pages.commission import parts
from pages.commission.entry import Entry, open_entry, ways_in
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import map_columns, question, source_line
from pages.shared.maps import show_area_map

TITLE = "Who uses it, of those who could?"
FILE = "users"


def show(now: PageContext, head: DeltaGenerator, _bar: DeltaGenerator) -> None:
    """Answer, map of who could be reached, rates, funnel, table, entry and postcodes."""
    entry = open_entry(now, "users", FILE, lambda cells, name: _protected(cells, name, now))
    answer = st.container()
    _entry(now, entry)
    if entry.shown is None:
        with head:
            question(TITLE, f"No data yet: no users of a service are entered for **{now.place.name}**.")
        with answer:
            st.info(
                "Give numbers of users by LSOA, ward, site or IDACI decile: they are set against the children who live there. "
                "Numbers only, protected as soon as they are taken over; nothing about single people is read or kept.",
                icon=":material/groups:",
            )
        return
    with answer:
        choices = st.container(horizontal=True, vertical_alignment="bottom", key="takeup-controls")
        ages = choices.selectbox(
            "Ages",
            list(AGE_GROUPS),
            list(AGE_GROUPS).index(entry.shown.ages),
            format_func=lambda key: AGE_GROUPS[key].words.capitalize(),
            key=state.TAKEUP_AGES,
            help="Whom the users are: they are set against residents of the same ages.",
            width=300,
        )
        found = answer_takeup(entry.shown, now.need, Terms(ages=ages))
        with head:
            question(TITLE, words.takeup_sentence(found))
        _answer(now, found, choices)


def _protected(cells: pd.DataFrame, name: str, now: PageContext) -> tuple[pd.DataFrame, Users]:
    text = as_text(cells)
    kept = text[text.iloc[:, -1] != ""].reset_index(drop=True)
    return kept, users_from_cells(kept, now.place, name)


def _answer(now: PageContext, found: TakeupAnswer, choices: DeltaGenerator) -> None:
    notes = words.takeup_notes(found, now.need)
    source = ". ".join(note.rstrip(".") for note in notes) + "."
    by: TakeupBy = found.by
    if len(found.tables) > 1:
        by = choices.segmented_control(
            "By",
            list(found.tables),
            default=found.by,
            required=True,
            format_func=lambda key: TAKEUP_WORDS[key][1][0].upper() + TAKEUP_WORDS[key][1][1:],
            key=state.TAKEUP_BY,
            help="LSOAs add up to wards and to deciles by children's income (IDACI).",
        )
    name = f"{now.place.slug} take-up {by} {found.ages}"
    left, right = map_columns() if by in ("lsoa", "ward") else (None, st.container())
    if left is not None:
        with left:
            _map(now, found, "lsoa" if by == "lsoa" else "ward", source, name)
    with right:
        title, subtitle = words.bars_words(found, by)
        show_chart(
            "takeup-rates",
            lambda style: figures.takeup_bars(found, by, style, title=title, subtitle=subtitle),
            found.tables[by],
            source=source,
            name=f"{name} rates",
        )
    if found.funnel is not None:
        title, subtitle = words.funnel_words(found)
        show_chart(
            "takeup-funnel",
            lambda style: figures.takeup_funnel(found, style, title=title, subtitle=subtitle),
            found.table,
            source=source,
            name=f"{now.place.slug} take-up funnel",
        )
    number = parts.NUMBER
    show_table(
        "takeup",
        found.tables[by],
        ranges=("not_reached", "could_be_reached"),
        source=source,
        name=name,
        placeholder="",
        column_config={
            "area_code": None,
            "area_name": "Name",
            "users": number("Users", format="localized"),
            "children": number("Children", format="%,.0f"),
            "rate": number("Rate", format="percent"),
            "low": number("from", format="percent"),
            "high": number("to", format="percent"),
            "expected": None,
            "gap_children": number("Gap to the mean", format="%,.0f"),
            "not_reached": number("Not reached", format="%,.0f"),
            "within_reach": number("Within reach", format="percent"),
            "could_be_reached": number("Could be reached", format="%,.0f"),
        },
    )
    with st.expander("How this is worked out", expanded=False):
        st.markdown("\n".join(f"- {note}" for note in notes))


def _map(
    now: PageContext, found: TakeupAnswer, level: Literal["lsoa", "ward"], source: str, name: str
) -> None:
    scale, paint = takeup_map(found, level)
    title, subtitle, heading = words.map_words(found, level)
    rows = tuple(legend_rows(scale, found.tables[level]["could_be_reached"]))
    sheet = MapSheet(
        name=f"{name} map",
        title=title,
        subtitle=subtitle,
        source=source,
        legend=MapLegend(heading, rows, LEVEL_WORDS[level].many),
    )
    show_area_map("takeup", now.shapes, paint, now.map_frame(), sheet, numbers=found.tables[level])
    source_line("Darker: more children who are not reached and live within reach of a site.")


def _entry(now: PageContext, entry: Entry[Users]) -> None:
    with st.expander("Enter users", expanded=entry.shown is None):
        wards = now.place.names("ward").sort_values()
        template = pd.DataFrame({"ward_name": wards.to_numpy(), "users": ""}, index=wards.index, dtype=str)
        ways_in(
            entry,
            lambda: _entry_table(entry, template),
            template.rename_axis("ward_code"),
            placeholder="ward_name\tusers",
            help_text="A column of LSOAs, wards, sites or IDACI deciles, and one column of whole numbers.",
        )
        st.markdown("**Postcodes to IDACI deciles**")
        box = entry.key("postcodes")
        st.text_area(
            "Postcodes, one a line, one for each user",
            key=box,
            height=100,
            help="They are counted by decile and thrown away: nothing of them is kept or logged.",
        )
        st.button(
            "Count by decile",
            key=f"{box}-use",
            on_click=_count_postcodes,
            args=(entry, box),
            icon=":material/tag:",
        )
        source_line(METHOD, SOURCES)


def _count_postcodes(entry: Entry[Users], box: str) -> None:
    """Numbers by decile in the place of what was pasted, which goes with its box."""
    pasted = str(st.session_state.pop(box, ""))
    entry.take(lambda: (decile_cells(decile_counts(pasted)), "postcodes"))


def _entry_table(entry: Entry[Users], template: pd.DataFrame) -> None:
    key = entry.key("table")
    edited = parts.edit_table(
        key,
        lambda: template.reset_index(drop=True),
        hide_index=True,
        height=280,
        column_config={"ward_name": st.column_config.TextColumn("Ward", disabled=True), "users": "Users"},
    )
    st.caption(
        "Whole numbers; 0 where there are none, blank where it is not known. Numbers replace those before."
    )
    if st.button("Use these users", key=f"{key}-use", type="primary"):
        entry.take(lambda: (edited, "the table"))
        st.rerun()
