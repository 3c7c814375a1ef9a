"""Lines that cannot be stepped over: the list of the place, changed in the table, with undo."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.history import read_history
from analysis.places.barriers import (
    BarrierHistory,
    Barriers,
    barrier_history_path,
    barrier_table,
    barriers_of_rows,
    change_barriers,
)
from analysis.places.place import Place
from pages.shared.downloads import csv_button
from pages.shared.history import editor_key, history_buttons

NAME = "barriers"


def show(place: Place, fault_key: str) -> None:
    """The list of barriers; changes hold for everybody who opens the place here.

    Parameters
    ----------
    fault_key : str
        Where in the session what is wrong with a change is left, to be shown above.
    """

    def change(move: Callable[[BarrierHistory], BarrierHistory]) -> None:
        try:
            change_barriers(place.slug, move, seen=history.revision)
        except HubreachError as error:
            st.session_state[fault_key] = error

    history = read_history(barrier_history_path(place.slug), BarrierHistory)
    st.markdown(
        "**Barriers**  \n:gray[Lines that cannot be stepped over and that the shapes do not show: docks, a motorway, a railway. "
        "Corners in order along the line, a semicolon between them, as easting,northing in metres or lon,lat. They are "
        "crossed by a listed crossing, or round their ends.]"
    )
    _table(place.slug, place.barriers, history.revision, fault_key, change)
    with st.container(horizontal=True, key="barriers-history"):
        history_buttons(NAME, history, change)
        csv_button(NAME, barrier_table(place.barriers), f"{place.slug} barriers")


def _table(
    slug: str,
    now: Barriers,
    revision: str,
    fault_key: str,
    change: Callable[[Callable[[BarrierHistory], BarrierHistory]], None],
) -> None:
    frame, key = barrier_table(now), editor_key(NAME, (slug, revision))

    def edited() -> None:
        typed = st.session_state[key]
        rows = [row | typed["edited_rows"].get(at, {}) for at, row in enumerate(frame.to_dict("records"))]
        kept = [row for at, row in enumerate(rows) if at not in typed["deleted_rows"]]
        try:
            after: Barriers = barriers_of_rows([*kept, *typed["added_rows"]])
        except HubreachError as error:
            st.session_state[fault_key] = error
            return
        if after != now:
            change(lambda history: history.changed(now, after, f"Barriers {len(now)} to {len(after)}"))

    st.data_editor(
        frame,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn("Name", required=True, width=200),
            "kind": st.column_config.TextColumn("Kind", required=True, width=110),
            "corners": st.column_config.TextColumn("Corners", required=True, width=420),
            "source": st.column_config.TextColumn("Source"),
        },
        on_change=edited,
        placeholder="",
        alt="Barriers, editable",
    )
