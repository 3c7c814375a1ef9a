"""Paper: one sheet to print, and quick entry of what comes back."""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.text import slugify
from analysis.workshop.entry import record_paper
from analysis.workshop.paper import ballot_pdf, letters
from analysis.workshop.questions import SCALE_POINTS, Question
from analysis.workshop.results import count_participants
from analysis.workshop.state import State
from analysis.workshop.store import shared_store
from pages.shared.layout import plain_markdown, show_error

NEWS = "hubreach_paper_news"


def show(now: State) -> None:
    """Which questions, the PDF, the entry form."""
    fitting = [key for key, each in now.questions.items() if len(each.question.items) <= 40]
    chosen = st.multiselect(
        "Questions on the sheet",
        list(now.questions),
        default=fitting[:4],
        format_func=lambda key: now.questions[key].question.prompt if key in now.questions else "",
        key=f"paper-questions-{now.workshop_id}",
        help="One page in large type; where it is too full, take one out.",
    )
    if not chosen:
        st.caption("Choose at least one question.")
        return
    try:
        pdf = ballot_pdf(now, chosen)
    except HubreachError as error:
        show_error(error)
    else:
        st.download_button(
            "Ballot (PDF)",
            pdf,
            f"{slugify(now.title)}-ballot.pdf",
            "application/pdf",
            key="paper-pdf",
            icon=":material/print:",
            on_click="ignore",
        )
    if not now.is_closed:
        _entry(now, chosen)


def _entry(now: State, chosen: list[str]) -> None:
    news = st.session_state.pop(NEWS, "")
    if news:
        st.success(news, icon=":material/check:")
    following = count_participants(shared_store(), now.workshop_id)["paper"] + 1
    with st.form("paper-entry", clear_on_submit=True):
        number = st.number_input(
            "Number on the paper",
            1,
            100_000,
            following,
            key=f"paper-number-{following}",
            help="Write it on the sheet. The same number again corrects what was entered.",
        )
        values = {key: _field(now.questions[key].question, key) for key in chosen}
        if not st.form_submit_button("Count this ballot", type="primary", icon=":material/add_task:"):
            return
    given = {key: value for key, value in values.items() if value not in (None, "", [], {})}
    try:
        record_paper(shared_store(), now.workshop_id, int(number), given)
    except HubreachError as error:
        show_error(error)
        return
    st.session_state[NEWS] = f"Ballot {int(number)} is counted, with {len(given)} answers."
    st.rerun()


def _field(question: Question, key: str) -> object:
    """One widget a question; empty means left blank on the paper."""
    labels = {item.key: item.label for item in question.items}
    prompt, name = plain_markdown(question.prompt), f"paper-{key}"
    if question.kind == "text":
        return st.text_area(prompt, key=name)
    if question.kind == "scale":
        return st.segmented_control(prompt, list(SCALE_POINTS), key=name)
    if question.kind in {"single", "place"}:
        # As on the sheet: whoever enters ballots types a letter and presses Enter.
        signs = dict(zip(labels, letters(len(labels)), strict=True))
        return st.selectbox(
            prompt,
            list(labels),
            index=None,
            format_func=lambda item: f"{signs[item]} {labels[item]}",
            key=name,
            placeholder="Left blank",
        )
    if question.kind in {"multiple", "ranking"}:
        hint = " (best first)" if question.kind == "ranking" else ""
        return st.multiselect(
            f"{prompt}{hint}",
            list(labels),
            format_func=labels.__getitem__,
            max_selections=question.limit,
            key=name,
            placeholder="Left blank",
        )
    st.markdown(prompt)
    columns = st.columns(2)
    placed = {
        item: columns[place % 2].number_input(
            plain_markdown(label), 0, question.dots_per_item, 0, key=f"{name}-{item}"
        )
        for place, (item, label) in enumerate(labels.items())
    }
    return {item: int(count) for item, count in placed.items() if count}
