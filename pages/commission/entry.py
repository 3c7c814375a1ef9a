"""Tables that people type, paste or upload: taken over as a whole, protected at once, kept, saved, forgotten.

What has been entered is never sent back to the browser where it counts people: the table that it was entered
in says "entered". Nor is it written to a disk before somebody says so, so that its history is the session's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.history import States
from analysis.commissioning.storage import Kind, record_files, remove_record, save_record
from analysis.commissioning.tables import (
    EnteredTable,
    entered_table,
    pasted_cells,
    read_entered_table,
)
from analysis.intake.files.uploads import read_cells
from analysis.places.finding import place_folder
from pages.shared.context import PageContext
from pages.shared.downloads import csv_button
from pages.shared.history import history_buttons
from pages.shared.layout import show_error

S = TypeVar("S")
Protect = Callable[[pd.DataFrame, str], tuple[pd.DataFrame, S]]
SESSION_KEY = "commissioning_entries"


@dataclass
class Entry(Generic[S]):
    """One table of one place as it was entered (never shown) and as it may be shown.

    Parameters
    ----------
    kind, place, file
        Where it is saved.
    protect : callable
        Checks cells (with a name for messages) and answers with what is kept of them and what may be shown.
    own : bool
        Whether it was entered in this session.
    """

    kind: Kind
    place: str
    file: str
    protect: Protect[S]
    cells: pd.DataFrame | None = None
    shown: S | None = None
    own: bool = True
    on_file: EnteredTable | None = None
    version: int = 0
    history: States[Any] = field(default_factory=States)
    error: HubreachError | None = None

    def key(self, part: str) -> str:
        """Key of a widget; what was typed into one is gone from the browser when a table is taken over."""
        return f"{self.file}-{part}-{self.place}-{self.version}"

    def take(self, get: Callable[[], tuple[pd.DataFrame, str] | None]) -> None:
        """Take over a table; what was there before can be brought back, and a refused one changes nothing."""
        self.error = None
        try:
            given = get()
            if given is not None:
                before, after = self._state, (*self.protect(*given), True)
                self.history = self.history.changed(before, after)
                self.cells, self.shown, self.own = after
        except HubreachError as error:
            self.error = error
        self.version += 1

    def move(self, move: Callable[[States[Any]], States[Any]]) -> None:
        """A step back or forth."""
        self.history = move(self.history)
        self.cells, self.shown, self.own = self.history.latest(self._state)
        self.version += 1
        self.error = None

    def save(self) -> None:
        """Write the table, as it was entered, into the place's folder."""
        if self.cells is None:
            return
        try:
            table = entered_table(self.file, self.cells)
            save_record(table, self.place, self.kind)
            self.on_file = table
            st.toast("Saved with the place", icon=":material/check:")
        except HubreachError as error:
            self.error = error

    def forget(self) -> None:
        """Remove the table from the session and from the place's folder."""
        remove_record(self.place, self.kind, self.file)
        self.cells, self.shown, self.own, self.on_file, self.error = None, None, True, None, None
        self.history = States()
        self.version += 1

    @property
    def _state(self) -> tuple[pd.DataFrame | None, S | None, bool]:
        return self.cells, self.shown, self.own

    @property
    def saved(self) -> bool:
        """Whether what stands here is on file."""
        return self.cells is not None and entered_table(self.file, self.cells) == self.on_file


def open_entry(now: PageContext, kind: Kind, file: str, protect: Protect[S]) -> Entry[S]:
    """The table of a place: of this session, else of its folder, else empty."""
    kept: dict[tuple[str, str], Entry[Any]] = st.session_state.setdefault(SESSION_KEY, {})
    slug = now.place.slug
    if (slug, file) not in kept:
        entry = kept[slug, file] = Entry(kind, slug, file, protect)
        path = record_files(place_folder(slug), kind).get(file)
        if path is not None:
            entry.take(lambda: (read_entered_table(path).frame(), path.name))
            entry.history = States()
            entry.own = False
            entry.on_file = None if entry.cells is None else entered_table(file, entry.cells)
    return kept[slug, file]


def ways_in(
    entry: Entry[S], table: Callable[[], None], template: pd.DataFrame, *, placeholder: str, help_text: str
) -> None:
    """Three tabs (type, paste, upload), what is wrong, and the row that keeps or forgets.

    Parameters
    ----------
    table : callable
        Draws the table to type into.
    template : DataFrame
        Empty table for a spreadsheet.
    """
    typed, pasted, uploaded = st.tabs(["Type", "Paste", "Upload"])
    with typed:
        table()
    with pasted:
        box = entry.key("paste")
        st.text_area(
            "Cells copied from a spreadsheet, with their headings",
            key=box,
            height=120,
            placeholder=placeholder,
            help="The box is emptied when the cells are taken over.",
        )
        st.button(
            "Use what is pasted",
            key=f"{box}-use",
            on_click=entry.take,
            args=(lambda: (pasted_cells(st.session_state[box]), "pasted cells"),),
            type="primary",
        )
    with uploaded:
        file = entry.key("upload")
        st.file_uploader(
            "CSV or Excel",
            type=["csv", "xlsx", "xlsm"],
            key=file,
            on_change=entry.take,
            args=(lambda: _uploaded(file),),
            help=help_text,
        )
        st.caption("An empty table to be filled in a spreadsheet:")
        csv_button(f"{entry.file}-template", template, f"{entry.place} {entry.file} template")
    if entry.error is not None:
        show_error(entry.error)
    _keeping(entry)


def _uploaded(key: str) -> tuple[pd.DataFrame, str] | None:
    given = st.session_state.get(key)
    return None if given is None else (read_cells(given.getvalue(), given.name), given.name)


def _keeping(entry: Entry[S]) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Save with the place",
            key=f"{entry.file}-save-{entry.place}",
            on_click=entry.save,
            disabled=entry.cells is None or entry.saved,
            icon=":material/save:",
            help="Writes what was entered, as it was entered, into the place's folder on the server, readable by its owner "
            "only; the pages show numbers of people protected, here and after a reload.",
        )
        history_buttons(f"{entry.file}-{entry.place}", entry.history, entry.move)
        st.button(
            "Forget",
            key=f"{entry.file}-forget-{entry.place}",
            on_click=entry.forget,
            disabled=entry.cells is None and entry.on_file is None,
            icon=":material/delete:",
            help="Removes it from this session and from the place's folder.",
        )
    if entry.cells is not None:
        st.caption("Saved with the place." if entry.saved else "**Not saved**: in this session only.")
