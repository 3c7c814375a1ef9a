"""Comments: read before the hall does, shown or hidden, sorted under themes."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.workshop.comments import assign_themes, count_themes, moderate, read_comments
from analysis.workshop.state import QuestionState, State
from analysis.workshop.store import shared_store
from pages.consult.workshop import access
from pages.consult.workshop.drive import act
from pages.shared.layout import plain_markdown

COUNT_SECONDS = 2.0
PAGE_SIZE = 20
STATES = {"waiting": "Waiting", "shown": "Shown", "hidden": "Hidden"}


def show(now: State) -> None:
    """One question's comments, those that wait first."""
    asked = {
        each.id: each
        for each in now.questions.values()
        if each.question.kind == "text" and each.status != "waiting"
    }
    if not asked:
        st.info("No question for free text has been asked yet.", icon=":material/info:")
        return
    if st.session_state.get("comments-question") not in asked:
        st.session_state["comments-question"] = next(
            (each for each in asked if now.current_question and each == now.current_question.id),
            next(iter(asked)),
        )
    chosen = st.selectbox(
        "Question",
        list(asked),
        format_func=lambda question: asked[question].question.prompt if question in asked else "",
        key="comments-question",
    )
    new_ones(now.workshop_id, asked[chosen], len(read_comments(shared_store(), chosen)))
    state = st.segmented_control(
        "Show",
        list(STATES),
        format_func=STATES.__getitem__,
        default="waiting",
        required=True,
        key="comments-state",
    )
    frame = read_comments(shared_store(), chosen)
    themes = list(count_themes(frame).index)
    kept = frame[frame["status"] == state]
    if kept.empty:
        st.caption("None here.")
    for comment_id, row in kept.head(PAGE_SIZE).iterrows():
        _one(now, str(comment_id), row, themes)
    if len(kept) > PAGE_SIZE:
        st.caption(f"and {len(kept) - PAGE_SIZE} more, when these are sorted.")


@st.fragment(run_every=COUNT_SECONDS)
def new_ones(workshop_id: str, asked: QuestionState, known: int) -> None:
    """Draw the list again when comments have come in."""
    del workshop_id
    if len(read_comments(shared_store(), asked.id)) != known:
        st.rerun()


def _one(now: State, comment_id: str, row: pd.Series, themes: list[str]) -> None:
    with st.container(border=True, key=f"comment-{comment_id}"):
        st.text(row["text"])
        if row["source"] == "paper":
            st.caption("on paper")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            for status, label in (("shown", "Show"), ("hidden", "Hide"), ("waiting", "Put back")):
                if row["status"] != status:
                    st.button(
                        label,
                        key=f"{status}-{comment_id}",
                        on_click=act,
                        args=(moderate, now.workshop_id, comment_id, status),
                    )
            own = [name for name in row["themes"].split("; ") if name]
            st.multiselect(
                "Themes",
                sorted({*themes, *own}),
                default=own,
                key=f"themes-{comment_id}",
                accept_new_options=True,
                placeholder="Themes",
                label_visibility="collapsed",
                on_change=_sort,
                args=(now.workshop_id, comment_id),
                help=plain_markdown("Choose or type a theme."),
            )


def _sort(workshop_id: str, comment_id: str) -> None:
    names = list(st.session_state[f"themes-{comment_id}"])
    access.attempt(lambda: assign_themes(shared_store(), workshop_id, comment_id, names))
