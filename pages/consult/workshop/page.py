"""What do residents and partners make of it, live, in the room?"""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.workshop.rows import NoSuchWorkshopError
from analysis.workshop.state import State, read_state, read_version
from analysis.workshop.store import shared_store
from pages.consult.workshop import access, after, comments, drive, paper, run_editor, start
from pages.shared.context import context
from pages.shared.layout import plain_markdown, question, show_error
from pages.shared.loading import load_place
from pages.shared.loading_workshop import delete_overdue

WATCH_SECONDS = 1.0


def page() -> None:
    """Start or open a workshop; then its run, its question, comments, paper, record."""
    try:
        delete_overdue()
        access.adopt_link()
        workshop_id = access.opened()
        if workshop_id is None:
            question(
                "What do people in the room make of it?",
                "A **screen** for the hall, **phones** that join by a code, and this page to drive them.",
            )
            access.show_trouble()
            start.show(context())
            return
        _facilitate(read_state(shared_store(), workshop_id))
    except NoSuchWorkshopError as error:
        access.leave()
        show_error(error)
    except HubreachError as error:
        show_error(error)


def _facilitate(now: State) -> None:
    place = load_place(now.place_slug)
    question(plain_markdown(now.title), drive.standing(now, place.name))
    drive.warn_of_closed_door()
    follow(now.workshop_id, now.version)
    # Rooms of their own: what comes and goes moves nothing below it.
    with st.container():
        access.show_trouble()
    with st.container():
        drive.show_link()
    drive.controls(now)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        drive.run_list(now)
        run_editor.show(place, now)
    with right:
        shown, words, ballots, record = st.tabs(["Now", "Comments", "Paper", "Record and end"])
        with shown:
            drive.current(now)
        with words:
            comments.show(now)
        with ballots:
            paper.show(now)
        with record:
            after.show(now)


@st.fragment(run_every=WATCH_SECONDS)
def follow(workshop_id: str, version: int) -> None:
    """Draw the page again when the workshop was moved on from elsewhere: by the clicker, on another laptop."""
    try:
        changed = read_version(shared_store(), workshop_id) != version
    except NoSuchWorkshopError:
        changed = True
    except HubreachError:
        return
    if changed:
        st.rerun()


page()
