"""Close and open sites of an option for a look, and keep the result as an option of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.history import States
from analysis.options.applied import apply_option
from analysis.options.changes import SiteChanges, changes_text, read_changes, with_changes
from analysis.options.library import LibraryChange, LibraryHistory, save_option
from analysis.options.option import Option
from analysis.options.view import site_states
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.history import KeptHistory, history_buttons
from pages.shared.layout import show_error

CLOSED, OPENED, NAME, DONE = "what-if-closed", "what-if-opened", "what-if-name", "hubreach_option_done"
Looks = States[str]
"""Steps of changes for a look, each the text that the address then carries."""


def changes_in_force() -> dict[str, SiteChanges]:
    """What the address says is opened and closed in each option."""
    try:
        return read_changes(_in_address())
    except HubreachError as error:
        show_error(error)
        return {}


def kept_library(place_slug: str) -> KeptHistory[LibraryHistory]:
    """What was done to a place's own options in the working copy of the address."""
    return KeptHistory(place_slug, "option", LibraryHistory)


def change_library(place_slug: str, work: Callable[[], LibraryChange]) -> LibraryChange | None:
    """Change the place's own options in a way that can be undone; None where that failed, which the next run tells."""
    made: list[LibraryChange] = []

    def recorded(history: LibraryHistory) -> LibraryHistory:
        made.append(work())
        return history.record(made[0])

    return made[0] if kept_library(place_slug).change(recorded) else None


def keep_changes(place_slug: str, changes: dict[str, SiteChanges]) -> None:
    """Put changes into the address, so that a link reproduces them, as a step that can be undone."""
    before, after = _in_address(), changes_text(changes)
    if before != after:
        _look(
            place_slug,
            # A link that was opened in between is where a new history starts.
            lambda looks: (looks if looks.latest(before) == before else Looks()).changed(before, after),
        )


def _look(place_slug: str, change: Callable[[Looks], Looks]) -> None:
    """Change the history of looks, and with it the address."""
    made: list[Looks] = []

    def changed(looks: Looks) -> Looks:
        made.append(change(looks))
        return made[0]

    if _kept_looks(place_slug).change(changed):
        text = made[0].latest("")
        if text:
            st.query_params[state.WHAT_IF] = text
        else:
            st.query_params.pop(state.WHAT_IF, None)


def _kept_looks(place_slug: str) -> KeptHistory[Looks]:
    return KeptHistory(place_slug, "what_if", Looks)


def _in_address() -> str:
    return str(st.query_params.get(state.WHAT_IF, ""))


def show_what_if(
    now: PageContext, known: dict[str, Option], chosen: list[str], changes: dict[str, SiteChanges]
) -> None:
    """Two lists of sites for one option: those it closes and those it opens; nothing is saved until asked."""
    slug = st.selectbox(
        "Change",
        chosen,
        format_func=lambda key: known[key].name,
        key="what-if-option",
        help="Sites are closed or opened for a look only: the option's file stays as it is, and the link carries it.",
    )
    option, change = known[slug], changes.get(slug, SiteChanges())
    there, closed = site_states(apply_option(option, now.place).sites, now.place)
    # the widgets' keys hold the option, so that each keeps its own lists
    closed_key, opened_key = f"{CLOSED}-{now.place.slug}-{slug}", f"{OPENED}-{now.place.slug}-{slug}"
    st.session_state[closed_key] = [site for site in change.closed if site in there]
    st.session_state[opened_key] = [site for site in change.opened if site in closed]
    for key, label, names, words in (
        (closed_key, "Close", there, "Sites that are open under this option."),
        (opened_key, "Open", closed, "Sites that are closed under this option, and possible buildings."),
    ):
        st.multiselect(
            label,
            list(names),
            format_func=names.__getitem__,
            key=key,
            on_change=_changed,
            args=(now.place.slug, slug, closed_key, opened_key, changes),
            placeholder="Choose sites",
            help=words,
        )
    if change.closed or change.opened:
        name = st.text_input("Save as", f"{option.name}, changed", key=f"{NAME}-{slug}", max_chars=80)
        with st.container(horizontal=True):
            st.button(
                "Save as an option",
                icon=":material/save:",
                on_click=_save,
                args=(now.place.slug, option, change, f"{NAME}-{slug}", changes),
                disabled=not name.strip(),
                help="A new option of your own, with these sites.",
            )
            st.button(
                "Put back",
                icon=":material/undo:",
                on_click=keep_changes,
                args=(now.place.slug, {key: value for key, value in changes.items() if key != slug}),
                help="The option as its file has it.",
            )
    kept = _kept_looks(now.place.slug)
    kept.tell_fault()
    looks = kept.read()
    with st.container(horizontal=True):
        known_look = looks.latest(_in_address()) == _in_address()
        history_buttons(kept.name, looks if known_look else Looks(), partial(_look, now.place.slug))
    said = st.session_state.pop(DONE, None)
    if said:
        st.success(said)


def _changed(
    place_slug: str, slug: str, closed_key: str, opened_key: str, changes: dict[str, SiteChanges]
) -> None:
    own = SiteChanges(tuple(st.session_state[opened_key]), tuple(st.session_state[closed_key]))
    keep_changes(place_slug, {**changes, slug: own})


def _save(
    place_slug: str, option: Option, change: SiteChanges, name_key: str, changes: dict[str, SiteChanges]
) -> None:
    name = st.session_state[name_key]
    changed = replace(with_changes(option, change), name=name, illustration=True)
    source = f"Changed from {option.name}. {option.source}".strip()
    saved = change_library(place_slug, lambda: save_option(replace(changed, source=source), place_slug))
    if saved is None:
        return
    keep_changes(place_slug, {key: value for key, value in changes.items() if key != option.slug})
    st.session_state[state.OPTIONS] = [
        saved.slug if slug == option.slug else slug for slug in st.session_state[state.OPTIONS]
    ]
    st.session_state[DONE] = f"{saved.words}."
