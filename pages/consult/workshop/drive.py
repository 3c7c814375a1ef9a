"""Driving: the run of steps, on and back, the question on screen with what has come in."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.workshop.addresses import is_loopback, join_urls, public_url
from analysis.workshop.progress import close_question, move_on, open_question, reveal_question, show_step
from analysis.workshop.result_maps import result_bars
from analysis.workshop.results import count_participants, pulse, read_result
from analysis.workshop.roles import shown_code
from analysis.workshop.state import QuestionState, State
from analysis.workshop.store import shared_store
from pages.consult.workshop import access
from pages.consult.workshop.screen_parts import bars_html
from pages.shared.lasting import lasting
from pages.shared.layout import plain_markdown

COUNT_SECONDS = 1.0
ICONS = {
    "message": ":material/chat:",
    "need": ":material/groups:",
    "ward": ":material/location_on:",
    "option": ":material/map:",
    "compare": ":material/compare:",
    "question": ":material/how_to_vote:",
}


def standing(now: State, place_name: str) -> str:
    """Where the workshop stands, in one sentence."""
    people = count_participants(shared_store(), now.workshop_id)
    step = (
        "nothing is on screen yet" if now.position is None else f"step {now.position + 1} of {len(now.steps)}"
    )
    ending = " **It is closed.**" if now.is_closed else ""
    return (
        f"{plain_markdown(place_name)}: **{step}**; **{people['phone']}** joined by phone, **{people['paper']}** on paper. "
        f"Join with code **{shown_code(now.join_code)}** at {plain_markdown(_entrance())}.{ending}"
    )


def warn_of_closed_door() -> None:
    """Say that phones cannot come in where the server listens to its own computer alone."""
    if is_loopback(str(st.get_option("server.address") or "")) and public_url() is None:
        st.warning(
            "Phones cannot join: this server listens to its own computer alone. Start it with `hubreach serve --host "
            "0.0.0.0`, or `make run HOST=0.0.0.0`.",
            icon=":material/wifi_off:",
        )


def _entrance() -> str:
    return join_urls("", int(st.get_option("server.port")))[0].removeprefix("http://").rstrip("/")


def show_link() -> None:
    """The secret link, once."""
    link = lasting().get(access.LINK)
    if not link:
        return
    with st.container(border=True, key="secret-link"):
        st.markdown("**Keep this secret link.** It is shown once; whoever has it can drive the workshop.")
        st.code(link, language=None, wrap_lines=True)
        st.button("I have kept it", key="link-kept", on_click=lambda: lasting().pop(access.LINK, None))


def act(change: Callable[..., object], *arguments: object) -> None:
    """Change the workshop in a callback; a fault is shown when the page draws."""
    access.attempt(lambda: change(shared_store(), *arguments))


def controls(now: State) -> None:
    """On, back, and the windows for the hall."""
    with st.container(horizontal=True, vertical_alignment="center", key="drive-controls"):
        st.button(
            "Back",
            icon=":material/arrow_back:",
            shortcut="pageup",
            key="drive-back",
            disabled=not now.position,
            on_click=act,
            args=(move_on, now.workshop_id, -1),
        )
        at_end = now.position is not None and now.position + 1 >= len(now.steps)
        st.button(
            "Begin" if now.position is None else "Next",
            icon=":material/arrow_forward:",
            shortcut="pagedown",
            type="primary",
            key="drive-next",
            disabled=at_end,
            on_click=act,
            args=(move_on, now.workshop_id, 1),
        )
        for name, dark in (("Open the screen", False), ("Dark screen", True)):
            st.link_button(
                name,
                access.screen_link(now.workshop_id, dark=dark),
                icon=":material/tv:",
                key=f"open-screen-{dark}",
                on_click=_forget_ticket,
                args=(now.workshop_id, dark),
                help="Opens a window for the projector. Put it in full screen (F11); arrow and page keys drive there too.",
            )
        st.button(
            "Leave",
            icon=":material/logout:",
            type="tertiary",
            key="drive-leave",
            on_click=access.leave,
            help="The workshop goes on; you need the link or password to come back.",
        )


def _forget_ticket(workshop_id: str, dark: bool) -> None:
    """A ticket works once: the next window gets a new one."""
    st.session_state.pop(f"hubreach_ticket_{workshop_id}_{dark}", None)


def run_list(now: State) -> None:
    """Every step; a click puts it on screen."""
    st.markdown("**Run**  \n:gray[a click puts a step on screen; Page Down and Page Up go on and back]")
    with st.container(key="run-list", gap="xxsmall"):
        for number, each in enumerate(now.steps):
            asked = now.questions.get(each.question_id or "")
            words = f"{number + 1}\\. {plain_markdown(each.step.title)}"
            if asked is not None:
                words += f" · {status_words(asked)}"
            st.button(
                words,
                icon=ICONS[each.step.kind],
                key=f"show-{each.id}",
                type="primary" if number == now.position else "tertiary",
                on_click=act,
                args=(show_step, now.workshop_id, each.id),
            )


def status_words(asked: QuestionState) -> str:
    """Waiting, open, closed; and whether its results are on the screen."""
    return f"{asked.status}, shown" if asked.is_revealed else asked.status


def current(now: State) -> None:
    """The step on screen: a question's buttons, and what has come in, which only this page sees yet."""
    shown, asked = now.step, now.current_question
    if shown is None:
        st.info("Open the screen for the hall, then begin.", icon=":material/tv:")
        return
    if asked is None:
        st.markdown(f"**{plain_markdown(shown.step.title)}**  \n{plain_markdown(shown.step.text)}")
        return
    st.markdown(f"**{plain_markdown(asked.question.prompt)}**  \n:gray[{status_words(asked)}]")
    with st.container(horizontal=True, key="question-controls"):
        is_open = asked.status == "open"
        st.button(
            "Close the question" if is_open else "Open the question",
            icon=":material/lock:" if is_open else ":material/lock_open:",
            shortcut="o",
            key="question-open",
            disabled=now.is_closed,
            on_click=act,
            args=(close_question if is_open else open_question, now.workshop_id, asked.id),
            help="Phones answer only while it is open; opened again, its results are hidden first.",
        )
        st.button(
            "Hide the results" if asked.is_revealed else "Show the results",
            icon=":material/visibility_off:" if asked.is_revealed else ":material/visibility:",
            shortcut="s",
            key="question-reveal",
            on_click=_reveal,
            args=(now.workshop_id, asked.id, not asked.is_revealed),
            help="Held back from the screen until you show them.",
        )
    incoming(asked, now.workshop_id)


def _reveal(workshop_id: str, question_id: str, shown: bool) -> None:
    access.attempt(lambda: reveal_question(shared_store(), workshop_id, question_id, shown=shown))


@st.fragment(run_every=COUNT_SECONDS)
def incoming(asked: QuestionState, workshop_id: str) -> None:
    """How many have answered, and how; drawn again each second."""
    try:
        joined = sum(count_participants(shared_store(), workshop_id).values())
        answered, _ = pulse(shared_store(), asked.id)
        result = read_result(shared_store(), asked)
    except HubreachError:
        st.caption("The store does not answer just now; nothing is lost.")
        return
    with st.container(key="incoming"):
        st.markdown(f"**{answered}** of {joined} have answered")
        if asked.question.kind == "text":
            st.caption("Read them under Comments.")
            return
        bars, more = result_bars(asked.question, result)
        st.html(bars_html(bars, more, result, "12px"))
