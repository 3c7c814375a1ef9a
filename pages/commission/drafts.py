"""What a user is working on: kept in a working copy, saved with the place when they say so, undone step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar, cast

import pandas as pd
import streamlit as st
from pydantic import BaseModel

from analysis.base.faults import Fault, HubreachError
from analysis.base.history import States, kept_parts
from analysis.base.records import decoded_text, parse_record
from analysis.base.text import slugify
from analysis.commissioning.allocation import AllocationPlan
from analysis.commissioning.appraisal import Appraisal
from analysis.commissioning.assumptions import ENTERED, mark_entered
from analysis.commissioning.cohort import CohortPlan
from analysis.commissioning.contract import Contract
from analysis.commissioning.storage import (
    Kind,
    is_saved,
    record_files,
    record_text,
    remove_record,
    save_record,
)
from analysis.places.finding import place_folder
from pages.shared import state
from pages.shared.address import kept_param
from pages.shared.context import PageContext
from pages.shared.history import KeptHistory, history_buttons
from pages.shared.layout import plain_markdown, show_error

R = TypeVar("R", bound=BaseModel)
SESSION_KEY = "commissioning_drafts"
FAULT_KEY = "commissioning_fault"
NOUNS: dict[Kind, str] = {
    "contracts": "contract",
    "allocations": "allocation",
    "appraisals": "appraisal",
    "cohorts": "cohort plan",
}
STATES: dict[Kind, object] = {
    "contracts": States[Contract],
    "allocations": States[AllocationPlan],
    "appraisals": States[Appraisal],
    "cohorts": States[CohortPlan],
}


@dataclass
class Draft(Generic[R]):
    """One record as it stands, as it is on file, and the steps that led here.

    `version` is part of every widget's key: a step back draws the widgets anew, with the values of then.
    """

    kept: KeptHistory[States[R]]
    record: R
    on_file: R | None
    published: R | None = None
    version: int = 0
    history: States[R] = field(default_factory=States)
    error: HubreachError | None = None
    blank: R | None = None
    drawn: set[str] = field(default_factory=set)

    @property
    def kind(self) -> Kind:
        """Which kind of record it is."""
        return cast("Kind", self.kept.subject)

    @property
    def place(self) -> str:
        """Slug of the place."""
        return self.kept.place

    @property
    def slug(self) -> str:
        """Name of its file."""
        return self.kept.part

    def key(self, part: str) -> str:
        """Key of a widget of this draft."""
        return f"{self.kept.name}-{self.version}-{part}"

    def refresh(self) -> None:
        """Take up what the working copy has: after a reload, a step back, a change by somebody with the same link."""
        history = self.kept.read()
        if history.revision != self.history.revision:
            self.history, self.record = history, history.latest(self.on_file or self.record)
            self.version += 1

    def change(self, record: R) -> None:
        """Take over what the widgets say now; if somebody else was first, the next run shows how it stands."""
        if record == self.record:
            return
        before = self.record
        if not self.kept.change(lambda history: history.changed(before, record)):
            # What the widgets say now is not what stands: they are drawn anew.
            self.version += 1
            st.rerun()
        self.history, self.record = self.kept.read(), record

    def take(self, part: str, record: R) -> None:
        """Take over what a table says now; what it says when it first appears is what stands, in the table's words.

        A table writes a blank in one way (an empty row, a missing cell), a file in another: that is no change.
        """
        drawing = self.key(part)
        if drawing in self.drawn:
            self.change(record)
            return
        self.drawn.add(drawing)
        stood, self.record = self.record, record
        self.on_file = record if self.on_file == stood else self.on_file
        self.published = record if self.published == stood else self.published
        self.blank = record if self.blank == stood else self.blank

    def put(self, record: R) -> None:
        """Take over a record that the widgets do not show yet (from a callback, or before they are drawn)."""
        before = self.record
        self.kept.change(lambda history: history.changed(before, record))

    @property
    def origin(self) -> str:
        """Where the figures come from, in words: the source, and whether the user has changed them."""
        source = str(getattr(self.record, "source", ""))
        if self.published is None or not source:
            return source or ENTERED
        return source if self.record == self.published else f"{source}; changed by the user"

    def log(self) -> pd.DataFrame:
        """Parameter log, with what the user entered told from what is published."""
        before = None if self.published is None else self.published.log()  # type: ignore[attr-defined]
        return mark_entered(self.record.log(), before)  # type: ignore[attr-defined]

    @property
    def saved(self) -> bool:
        """Whether what stands here is on file."""
        return self.record == self.on_file

    @property
    def untouched(self) -> bool:
        """Whether nothing was entered yet in a record that is on no file."""
        return self.on_file is None and self.record == self.blank


def open_draft(
    now: PageContext, kind: Kind, read: Callable[..., R], start: Callable[[], R] | None = None
) -> Draft[R] | None:
    """The draft that is open for a place: of its own file, or a new one; None where there is nothing yet.

    Parameters
    ----------
    read : callable
        Reads a file of this kind.
    start : callable, optional
        Makes a record to begin with where there is no file; without it the page offers a template.
    """
    slug = now.place.slug
    drafts: dict[str, Draft[R]] = st.session_state.setdefault(SESSION_KEY, {}).setdefault((slug, kind), {})
    files = record_files(place_folder(slug), kind)
    begun = kept_parts(slug, kind, kept_param(state.DRAFTS))
    names = list(dict.fromkeys([*files, *begun, *drafts]))
    if not names:
        if start is None:
            return None
        draft = add_draft(now, kind, start())
        draft.blank = draft.record
        names = [draft.slug]
    name = names[0]
    if len(names) > 1:
        chosen = f"open-{kind}-{slug}"
        if st.session_state.get(chosen) not in names:
            st.session_state[chosen] = names[-1] if names[-1] in drafts else names[0]
        with st.container(width=320):
            name = st.selectbox(f"Which {NOUNS[kind]}", names, key=chosen, persist_state="session")
    try:
        if name not in drafts:
            drafts[name] = _opened(_kept(slug, kind, name), files.get(name), read)
        draft = drafts[name]
        draft.kept.tell_fault()
        draft.refresh()
    except HubreachError as error:
        show_error(error)
        return None
    return draft


def _opened(kept: KeptHistory[States[R]], path: Path | None, read: Callable[..., R]) -> Draft[R]:
    """A draft of a file, or of what the working copy has where there is no file yet."""
    if path is None:
        history = kept.read()
        if history == type(history)():
            found = f"nothing is kept of {kept.part!r:.60}"
            raise HubreachError(
                "There is no such draft.", [Fault("drafts", None, None, found, "Choose another")]
            )
        return Draft(kept, history.back_to_start().undone[-1].before, None)
    record = read(path)
    return Draft(kept, record, record, _published(kept, read))


def load_new(now: PageContext, kind: Kind, model: type[R], upload: str) -> None:
    """Begin a draft from an upload (call it from a widget's callback); `loading_fault` has what is wrong."""
    given = st.session_state.get(upload)
    if given is not None:
        try:
            add_draft(now, kind, parsed(given.name, given.getvalue(), model))
        except HubreachError as error:
            st.session_state[FAULT_KEY] = error


def loading_fault() -> None:
    """Show what was wrong with the last upload, once."""
    fault = st.session_state.pop(FAULT_KEY, None)
    if fault is not None:
        show_error(fault)


def parsed(name: str, content: bytes, model: type[R]) -> R:
    """A record from an upload.

    Raises
    ------
    HubreachError
    """
    headline = f"{name} was not loaded."
    return parse_record(
        decoded_text(content, file=name, headline=headline), model, file=name, headline=headline
    )


def _published(kept: KeptHistory[States[R]], read: Callable[..., R]) -> R | None:
    """The record as it came with the place, under a copy that the user has saved."""
    path = place_folder(kept.place) / kept.subject / f"{kept.part}.toml"
    try:
        return read(path) if path.is_file() else None
    except HubreachError:
        # A bundled file that cannot be read is told where it is opened; a saved copy is still of use.
        return None


def _kept(place: str, kind: Kind, name: str) -> KeptHistory[States[R]]:
    return KeptHistory(place, kind, cast("type[States[R]]", STATES[kind]), name)


def add_draft(now: PageContext, kind: Kind, record: R) -> Draft[R]:
    """Begin a draft that is on no file yet."""
    slug = now.place.slug
    drafts: dict[str, Draft[R]] = st.session_state.setdefault(SESSION_KEY, {}).setdefault((slug, kind), {})
    name = slugify(str(getattr(record, "name", ""))) or kind
    drafts[name] = Draft(_kept(slug, kind, name), record, None)
    st.session_state[f"open-{kind}-{slug}"] = name
    return drafts[name]


def toolbar(draft: Draft[R], model: type[R]) -> None:
    """The row over a record: save, undo, download, load again, and a word that says where things stand."""
    noun = NOUNS[draft.kind]
    with st.container(horizontal=True, vertical_alignment="center", key=f"toolbar-{draft.kind}", gap="small"):
        st.button(
            "Save with the place",
            key=draft.key("save"),
            on_click=_save,
            args=(draft,),
            icon=":material/save:",
            type="secondary" if draft.saved or draft.untouched else "primary",
            disabled=draft.saved,
            help=f"Writes this {noun} into the place's folder, so that it is there after a reload and for everyone who "
            "uses this installation. Until then it is in this session only.",
        )
        history_buttons(draft.kept.name, draft.history, draft.kept.change)
        with st.popover("File", icon=":material/folder_open:"):
            _file(draft, model)
        st.caption(_status(draft))
    if draft.error is not None:
        show_error(draft.error)
        draft.error = None


def _file(draft: Draft[R], model: type[R]) -> None:
    noun = NOUNS[draft.kind]
    st.download_button(
        f"Download this {noun}",
        lambda: record_text(draft.record),
        f"{slugify(str(getattr(draft.record, 'name', noun))) or noun}.toml",
        "application/toml",
        key=draft.key("toml"),
        on_click="ignore",
        icon=":material/download:",
        help="As a TOML file that can be loaded again, here or on the command line.",
    )
    upload = draft.key("upload")
    st.file_uploader(
        f"Load a {noun} (TOML)", type="toml", key=upload, on_change=_load, args=(draft, model, upload)
    )
    st.button(
        "Back to what is on file",
        key=draft.key("revert"),
        on_click=_revert,
        args=(draft,),
        disabled=draft.saved or draft.on_file is None,
        help="Leaves every change since then; undo brings them back.",
    )
    st.button(
        "Delete the saved copy",
        key=draft.key("delete"),
        on_click=_delete,
        args=(draft,),
        disabled=not is_saved(draft.place, draft.kind, draft.slug),
        help="Removes the file that was saved here. What came with the place is there again after a reload.",
    )


def _status(draft: Draft[R]) -> str:
    if draft.untouched:
        return "Nothing entered yet"
    if not draft.saved:
        return "**Not saved**"
    own = is_saved(draft.place, draft.kind, draft.slug)
    return "Saved" if own else "As published"


def _save(draft: Draft[R]) -> None:
    try:
        path = save_record(draft.record, draft.place, draft.kind)  # type: ignore[arg-type]  # every record that is drafted has a name
    except HubreachError as error:
        draft.error = error
        return
    draft.on_file = draft.record
    drafts = st.session_state[SESSION_KEY][(draft.place, draft.kind)]
    if path.stem != draft.slug:
        drafts.pop(draft.slug, None)
        draft.kept = draft.kept.renamed(path.stem)
        drafts[draft.slug] = draft
        st.session_state[f"open-{draft.kind}-{draft.place}"] = draft.slug
    st.toast(f"Saved: {plain_markdown(str(getattr(draft.record, 'name', '')))}", icon=":material/check:")


def _load(draft: Draft[R], model: type[R], upload: str) -> None:
    given = st.session_state.get(upload)
    if given is None:
        return
    try:
        draft.put(parsed(given.name, given.getvalue(), model))
    except HubreachError as error:
        draft.error = error


def _revert(draft: Draft[R]) -> None:
    if draft.on_file is not None:
        draft.put(draft.on_file)


def _delete(draft: Draft[R]) -> None:
    remove_record(draft.place, draft.kind, draft.slug)
    draft.on_file = None
