"""What a user is working on: kept in the session, saved with the place when they say so, undone step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import pandas as pd
import streamlit as st
from pydantic import BaseModel

from analysis.base.faults import Fault, HubreachError
from analysis.base.records import parse_record
from analysis.base.text import slugify
from analysis.commissioning.assumptions import ENTERED, mark_entered
from analysis.commissioning.storage import Kind, record_files
from analysis.places.finding import place_folder
from pages.shared.context import PageContext
from pages.shared.layout import show_error

R = TypeVar("R", bound=BaseModel)
SESSION_KEY = "commissioning_drafts"
FAULT_KEY = "commissioning_fault"
NOUNS: dict[Kind, str] = {
    "contracts": "contract",
    "allocations": "allocation",
    "appraisals": "appraisal",
    "cohorts": "cohort plan",
    "counts": "counts",
    "monitoring": "outcomes",
}


@dataclass
class Draft(Generic[R]):
    """One record as it stands, as it is on file, and the steps that led here.

    `version` is part of every widget's key: a step back draws the widgets anew, with the values of then.
    """

    kind: Kind
    place: str
    slug: str
    record: R
    on_file: R | None
    published: R | None = None
    version: int = 0
    earlier: list[R] = field(default_factory=list)
    error: HubreachError | None = None
    blank: R | None = None
    drawn: set[str] = field(default_factory=set)

    def key(self, part: str) -> str:
        """Key of a widget of this draft."""
        return f"{self.kind}-{self.place}-{self.slug}-{self.version}-{part}"

    def change(self, record: R) -> None:
        """Take over what the widgets say now."""
        if record != self.record:
            self.earlier.append(self.record)
            self.record = record

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
        """Take over a record that the widgets do not show yet."""
        self.change(record)
        self.version += 1

    def undo(self) -> None:
        """Go one step back."""
        if self.earlier:
            self.record = self.earlier.pop()
            self.version += 1
            self.error = None

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
    names = list(dict.fromkeys([*files, *drafts]))
    if not names:
        if start is None:
            return None
        draft = add_draft(now, kind, start())
        draft.blank = draft.record
        return draft
    name = names[0]
    if len(names) > 1:
        chosen = f"open-{kind}-{slug}"
        if st.session_state.get(chosen) not in names:
            st.session_state[chosen] = names[-1] if names[-1] in drafts else names[0]
        with st.container(width=320):
            name = st.selectbox(f"Which {NOUNS[kind]}", names, key=chosen, persist_state="session")
    if name not in drafts:
        try:
            record = read(files[name])
        except HubreachError as error:
            show_error(error)
            return None
        drafts[name] = Draft(kind, slug, name, record, record, _published(slug, kind, name, read))
    return drafts[name]


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
    headline = f"{name} was not loaded."
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(name, None, None, "not UTF-8 text", "Save the file as UTF-8")
        raise HubreachError(headline, [fault]) from error
    return parse_record(text, model, file=name, headline=headline)


def _published(slug: str, kind: Kind, name: str, read: Callable[..., R]) -> R | None:
    """The record as it came with the place, under a copy that the user has saved."""
    path = place_folder(slug) / kind / f"{name}.toml"
    try:
        return read(path) if path.is_file() else None
    except HubreachError:
        # A bundled file that cannot be read is told where it is opened; a saved copy is still of use.
        return None


def add_draft(now: PageContext, kind: Kind, record: R) -> Draft[R]:
    """Begin a draft that is on no file yet."""
    slug = now.place.slug
    drafts: dict[str, Draft[R]] = st.session_state.setdefault(SESSION_KEY, {}).setdefault((slug, kind), {})
    name = slugify(str(getattr(record, "name", ""))) or kind
    drafts[name] = Draft(kind, slug, name, record, None)
    st.session_state[f"open-{kind}-{slug}"] = name
    return drafts[name]
