"""What the hall sees: it follows the workshop, and is opened from the facilitator's page in a window of its own."""

from __future__ import annotations

import time

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.workshop.database import StoreUnavailable
from analysis.workshop.progress import move_on
from analysis.workshop.roles import shown_code
from analysis.workshop.rows import NoSuchWorkshopError
from analysis.workshop.screens import is_screen, screen_mark, tickets
from analysis.workshop.state import QuestionState, State, read_state
from analysis.workshop.store import shared_store
from analysis.workshop.words import standing_line
from pages.consult.workshop import screen_parts
from pages.shared import projector, state
from pages.shared.layout import plain_markdown, show_error
from pages.shared.loading import load_place
from pages.shared.loading_workshop import load_step_map

WATCH_SECONDS = 0.6
# A screen in a hall stands for hours with nobody to reload it: what a browser lost comes back by itself.
REDRAW_SECONDS = 15.0
CLOSED = "This workshop has ended, or its screen has to be opened again from the facilitator's page."


def page() -> None:
    """Headline, picture and foot of the step on screen; redrawn when something has changed, else now and then."""
    projector.start()
    workshop_id, key = (st.query_params.get(name, "") for name in (state.WORKSHOP, state.SCREEN_KEY))
    try:
        if not is_screen(shared_store(), workshop_id, key):
            screen_parts.head("Hubreach", CLOSED)
            return
        if may_drive(workshop_id):
            projector.listen("screen")
            step = projector.asked_to_go()
            if step:
                move_on(shared_store(), workshop_id, step)
        now = read_state(shared_store(), workshop_id)
        watch(workshop_id, now.current_question, mark(workshop_id, now.current_question), time.monotonic())
        draw(now)
    except NoSuchWorkshopError:
        screen_parts.head("Hubreach", CLOSED)
    except HubreachError as error:
        show_error(error)
        watch(workshop_id, None, None, time.monotonic())


def may_drive(workshop_id: str) -> bool:
    """Whether this window was opened by the facilitator: its ticket is taken out of the address at once."""
    held = f"hubreach_drives_{workshop_id}"
    ticket = st.query_params.pop(state.TICKET, "")
    if ticket and tickets.redeem(workshop_id, ticket):
        st.session_state[held] = True
    return bool(st.session_state.get(held))


def mark(workshop_id: str, asked: QuestionState | None) -> tuple[object, ...] | None:
    """What the screen shows now, in short; None while the store is away."""
    try:
        return screen_mark(shared_store(), workshop_id, asked)
    except StoreUnavailable:
        return None
    except NoSuchWorkshopError:
        return ()


@st.fragment(run_every=WATCH_SECONDS)
def watch(
    workshop_id: str, asked: QuestionState | None, seen: tuple[object, ...] | None, drawn_at: float
) -> None:
    """Look for a change, and draw the screen again then; while the store is away it stays as it is."""
    current = mark(workshop_id, asked)
    if current is not None and (current != seen or time.monotonic() - drawn_at > REDRAW_SECONDS):
        st.rerun()


def draw(now: State) -> None:
    """One step."""
    place = load_place(now.place_slug)
    asked, shown = now.current_question, now.step
    source, standing = "", f":gray[{plain_markdown(standing_line(now))}]"
    if now.is_closed:
        screen_parts.head(plain_markdown(now.title), "The workshop is closed. Thank you.")
    elif shown is None:
        screen_parts.head(plain_markdown(now.title), plain_markdown(now.purpose), standing)
        screen_parts.join_panel(now, wide=True)
    elif asked is not None and asked.is_revealed:
        screen_parts.head(plain_markdown(asked.question.prompt), plain_markdown(shown.step.text), standing)
        screen_parts.results(place, asked)
    elif asked is not None:
        screen_parts.head(
            plain_markdown(asked.question.prompt),
            plain_markdown(asked.question.help or shown.step.text),
            standing,
        )
        screen_parts.ballot(now, asked)
        screen_parts.join_panel(now, wide=False)
    elif shown.step.kind == "message":
        screen_parts.head(plain_markdown(shown.step.title), plain_markdown(shown.step.text), standing)
        screen_parts.join_panel(now, wide=True)
    else:
        drawn = load_step_map(now, shown.step)
        line = f":gray[{plain_markdown(drawn.scenario)}]" if drawn.scenario else standing
        screen_parts.head(
            plain_markdown(shown.step.title), drawn.message, plain_markdown(shown.step.text), line
        )
        screen_parts.step_map(place, drawn)
        source = drawn.source
    step = f"{now.position + 1} of {len(now.steps)}" if now.position is not None else ""
    projector.footer(place.name, step, f"Join: code {shown_code(now.join_code)}", source)


page()
