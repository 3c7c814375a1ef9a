"""Where water is crossed: the list of the place, changed in the table, with undo."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.history import read_history
from analysis.places.crossings import (
    CROSSING_KINDS,
    EASTINGS,
    LONGEST_WAIT,
    NORTHINGS,
    Crossing,
    CrossingHistory,
    change_crossings,
    crossing_table,
    crossings_of_rows,
    history_path,
)
from analysis.reach import words as reach_words
from analysis.reach.answer import ReachAnswer
from pages.explore.reach import barriers
from pages.shared.charts import Columns
from pages.shared.context import PageContext
from pages.shared.downloads import csv_button
from pages.shared.history import editor_key, history_buttons
from pages.shared.layout import show_error

FAULT = "hubreach_crossings_fault"
NAME = "crossings"


def show(now: PageContext, view: ReachAnswer) -> None:
    """The list of crossings and barriers; changes hold for everybody who opens the place here."""
    place = now.place
    listed = f"{len(place.crossings)} listed" if place.crossings else "None listed"
    with st.container(key="crossings"):
        st.markdown(f"**{listed}.**")
        st.markdown(f"{reach_words.crossings_sentence(place)} {reach_words.water_sentence(view)}")
        fault = st.session_state.pop(FAULT, None)
        if fault is not None:
            show_error(fault)
        history = read_history(history_path(place.slug), CrossingHistory)
        _table(place.slug, place.crossings, history.revision)
        with st.container(horizontal=True, key="crossings-history"):
            history_buttons(NAME, history, lambda move: _change(place.slug, move, history.revision))
            csv_button(NAME, crossing_table(place.crossings), f"{place.slug} crossings")
        barriers.show(place, FAULT)


def _table(slug: str, now: tuple[Crossing, ...], revision: str) -> None:
    columns = list(Crossing.model_fields)
    frame = pd.DataFrame([each.model_dump() for each in now], columns=columns)
    key = editor_key(NAME, (slug, revision))

    def edited() -> None:
        typed = st.session_state[key]
        rows = [row | typed["edited_rows"].get(at, {}) for at, row in enumerate(frame.to_dict("records"))]
        kept = [row for at, row in enumerate(rows) if at not in typed["deleted_rows"]]
        try:
            after = crossings_of_rows([*kept, *typed["added_rows"]])
        except HubreachError as error:
            st.session_state[FAULT] = error
            return
        if after != now:
            words = f"Crossings {len(now)} to {len(after)}" if len(now) != len(after) else "Crossings changed"
            _change(slug, lambda history: history.changed(now, after, words), revision)

    st.data_editor(
        frame,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_order=[
            "is_open",
            "name",
            "kind",
            *columns[2:4],
            "walk",
            "cycle",
            "drive",
            "wait_minutes",
            *columns[8:12],
        ],
        column_config=_columns(),
        on_change=edited,
        placeholder="",
        alt="Crossings of water, editable",
    )


def _change(slug: str, change: Callable[[CrossingHistory], CrossingHistory], seen: str) -> None:
    try:
        change_crossings(slug, change, seen=seen)
    except HubreachError as error:
        st.session_state[FAULT] = error


def _columns() -> Columns:
    number, tick = st.column_config.NumberColumn, st.column_config.CheckboxColumn
    return {
        "is_open": tick("Open", default=True, width=70),
        "name": st.column_config.TextColumn("Name", required=True, width=240),
        "kind": st.column_config.SelectboxColumn("Kind", options=list(CROSSING_KINDS), required=True),
        "easting": number(
            "Easting (m)", required=True, min_value=EASTINGS[0], max_value=EASTINGS[1], format="%.0f"
        ),
        "northing": number(
            "Northing (m)", required=True, min_value=NORTHINGS[0], max_value=NORTHINGS[1], format="%.0f"
        ),
        "walk": tick("On foot", default=True, width=80),
        "cycle": tick("By bicycle", default=True, width=90),
        "drive": tick("By car", default=True, width=76),
        "wait_minutes": number("Wait (min)", min_value=0, max_value=LONGEST_WAIT, width=96),
        "hours": st.column_config.TextColumn(
            "Runs", help="When it runs, as 07:00-22:45; blank: at all hours", width=110
        ),
        "water": st.column_config.TextColumn("Water"),
        "certainty": st.column_config.TextColumn("Certainty", width=260),
        "source": st.column_config.TextColumn("Source"),
    }
