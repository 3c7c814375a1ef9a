"""Changing the run while it goes on: another order, a step less, a step more."""

from __future__ import annotations

from typing import Any

import streamlit as st
from pydantic import ValidationError

from analysis.base.faults import HubreachError
from analysis.base.records import record_faults
from analysis.base.text import slugify
from analysis.places.place import Place
from analysis.workshop.progress import insert_step, move_step, remove_step
from analysis.workshop.questions import Item, Question
from analysis.workshop.questions import Kind as QuestionKind
from analysis.workshop.run import Step, StepKind
from analysis.workshop.state import State
from analysis.workshop.store import shared_store
from pages.consult.workshop.drive import act
from pages.shared.layout import show_error

KINDS: dict[StepKind, str] = {
    "question": "Ask a question",
    "message": "Say something",
    "need": "Show need",
    "ward": "Show a ward",
    "option": "Show an option",
    "compare": "Compare two options",
}
QUESTION_KINDS: dict[QuestionKind, str] = {
    "single": "Choose one",
    "multiple": "Choose several",
    "ranking": "Put in order",
    "dots": "Share dots",
    "scale": "1 to 5",
    "place": "A place on the map",
    "text": "Free text",
}
ITEM_SOURCES = {
    "options": "The options",
    "sites": "Today's open sites",
    "wards": "Wards",
    "localities": "Localities",
    "own": "My own list",
}


def show(place: Place, now: State) -> None:
    """Two folded boxes."""
    if now.is_closed:
        return
    with st.expander("Change the order", icon=":material/swap_vert:"):
        _order(now)
    with st.expander("Add a step", icon=":material/add:"):
        _add(place, now)


def _order(now: State) -> None:
    titles = {each.id: f"{number}. {each.step.title}" for number, each in enumerate(now.steps, start=1)}
    if st.session_state.get("order-step") not in titles:
        st.session_state["order-step"] = next(iter(titles))
    chosen = st.selectbox(
        "Step", list(titles), format_func=lambda step: titles.get(step, ""), key="order-step"
    )
    at = list(titles).index(chosen)
    with st.container(horizontal=True):
        for name, icon, to, ends in (
            ("Up", "arrow_upward", at - 1, at == 0),
            ("Down", "arrow_downward", at + 1, at == len(titles) - 1),
        ):
            st.button(
                name,
                icon=f":material/{icon}:",
                key=f"order-{name}",
                disabled=ends,
                on_click=act,
                args=(move_step, now.workshop_id, chosen, to),
            )
        st.button(
            "Remove",
            icon=":material/delete:",
            key="order-remove",
            on_click=act,
            args=(remove_step, now.workshop_id, chosen),
            help="A question that has answers stays: close it instead.",
        )


def _add(place: Place, now: State) -> None:
    kind = st.selectbox("What", list(KINDS), format_func=KINDS.__getitem__, key="add-kind")
    asks = (
        st.selectbox(
            "Kind of question", list(QUESTION_KINDS), format_func=QUESTION_KINDS.__getitem__, key="add-asks"
        )
        if kind == "question"
        else None
    )
    with st.form("add-step", border=False, clear_on_submit=True):
        title = st.text_input("Question" if asks else "Headline", key="add-title", max_chars=300)
        text = st.text_input("One sentence under it", key="add-text", max_chars=300)
        more: dict[str, Any] = {}
        if kind == "ward":
            names = place.names("ward")
            more["ward"] = st.selectbox(
                "Ward", list(names.index), format_func=names.__getitem__, key="add-ward"
            )
        if kind in {"option", "compare"}:
            more["options"] = _choose_options(now, 1 if kind == "option" else 2)
        body = _question_fields(place, asks) if asks else {}
        after = st.toggle("Straight after the step on screen", True, key="add-after", help="Off: at the end.")
        if not st.form_submit_button("Add it", type="primary"):
            return
    position = now.position + 1 if after and now.position is not None else len(now.steps)
    try:
        question = _question(now, asks, title, text, body) if asks else None
        step = Step(kind=kind, title=title, text="" if asks else text, question=question, **more)
    except ValidationError as error:
        show_error(HubreachError("The step cannot be added.", record_faults(error, "the step", typed=True)))
        return
    try:
        insert_step(shared_store(), place, now.workshop_id, step, position)
    except HubreachError as error:
        show_error(error)
        return
    st.rerun()


def _choose_options(now: State, count: int) -> tuple[int, ...]:
    numbers = list(range(1, len(now.options) + 1))
    labels = ("Option",) if count == 1 else ("Before", "After")
    return tuple(
        st.selectbox(
            label,
            numbers,
            index=min(place, len(numbers) - 1),
            format_func=lambda number: str(now.options[number - 1]["name"]),
            key=f"add-option-{count}-{place}",
        )
        for place, label in enumerate(labels)
    )


def _question_fields(place: Place, asks: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if asks == "scale":
        fields["low_label"] = st.text_input("1 means", key="add-low")
        fields["high_label"] = st.text_input("5 means", key="add-high")
        return fields
    if asks == "text":
        return fields
    sources = [key for key in ITEM_SOURCES if key != "localities" or place.manifest.localities]
    if asks == "place":
        sources = [key for key in sources if key not in {"options", "own"}]
    fields["source"] = st.selectbox(
        "Among", sources, format_func=ITEM_SOURCES.__getitem__, key=f"add-among-{asks == 'place'}"
    )
    if asks != "place":
        fields["own"] = st.text_area(
            "My own list, one a line", key="add-own", help="Used with 'My own list'."
        )
    if asks == "dots":
        fields["dots"] = st.number_input("Dots each", 1, 50, 5, key="add-dots")
        fields["dots_per_item"] = st.number_input("At most on one", 1, 50, 3, key="add-dots-each")
    if asks in {"single", "multiple"}:
        fields["is_demographic"] = st.toggle(
            "About the person",
            key="add-about",
            help="Always optional, and reported only with disclosure control.",
        )
    return fields


def _question(now: State, asks: QuestionKind, title: str, text: str, fields: dict[str, Any]) -> Question:
    source, own = fields.pop("source", None), str(fields.pop("own", ""))
    if source == "own":
        labels = [line.strip() for line in own.splitlines() if line.strip()]
        fields["items"] = tuple(Item(key=f"item-{n}", label=label) for n, label in enumerate(labels, start=1))
    elif source:
        fields["items_from"] = source
    return Question(key=_free_key(now, title), kind=asks, prompt=title, help=text, **fields)


def _free_key(now: State, title: str) -> str:
    taken = {each.question.key for each in now.questions.values()}
    start = (slugify(title) or "question")[:40]
    return next(key for n in range(1, 1000) if (key := start if n == 1 else f"{start}-{n}") not in taken)
