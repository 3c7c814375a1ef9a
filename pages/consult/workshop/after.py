"""Afterwards: the record, closing, deleting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from analysis.base.text import slugify
from analysis.report.workshop_summary import word_summary
from analysis.workshop.record import Record, csv_bytes, excel_bytes, make_record
from analysis.workshop.retention import close_workshop, delete_workshop
from analysis.workshop.state import State
from analysis.workshop.store import shared_store
from pages.consult.workshop import access
from pages.consult.workshop.drive import act

FILES = (
    (
        "Word summary",
        "docx",
        word_summary,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("Excel", "xlsx", excel_bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("CSV files", "zip", csv_bytes, "application/zip"),
)


def _written(writer: Callable[[Record], bytes], workshop_id: str) -> bytes:
    return writer(make_record(shared_store(), workshop_id))


def show(now: State) -> None:
    """Downloads of the record, then the two ways to end."""
    st.markdown(
        "**Record**  \n:gray[questions, who could answer, results, groups that are large enough, comments, options]"
    )
    with st.container(horizontal=True, key="record-files"):
        for label, ending, writer, mime in FILES:
            st.download_button(
                label,
                partial(_written, writer, now.workshop_id),
                f"{slugify(now.title)}-record.{ending}",
                mime,
                key=f"record-{ending}",
                icon=":material/download:",
                on_click="ignore",
            )
    st.markdown("**End**")
    if now.is_closed:
        st.info(f"Closed. Everything is deleted {now.keep_days} days after closing.", icon=":material/lock:")
    else:
        with st.popover("Close the workshop", icon=":material/lock:"):
            st.markdown(
                f"Phones can answer no more. The data are kept **{now.keep_days} days**, then deleted."
            )
            st.button(
                "Close it for good",
                key="end-close",
                type="primary",
                on_click=act,
                args=(close_workshop, now.workshop_id),
            )
    with st.popover("Delete everything now", icon=":material/delete_forever:"):
        st.markdown("Every answer and comment goes at once, for good. Download the record first.")
        sure = st.checkbox("I am sure", key="end-sure")
        st.button(
            "Delete now", key="end-delete", disabled=not sure, on_click=_delete, args=(now.workshop_id,)
        )


def _delete(workshop_id: str) -> None:
    def gone() -> None:
        delete_workshop(shared_store(), workshop_id)
        access.leave()

    access.attempt(gone)
