"""Is it working: each outcome against its plan, and whether a change is more than chance?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.commissioning.cohorts import read_cells
from analysis.commissioning.entered_tables import (
    as_text,
    entered_table,
    masked,
    pasted_cells,
    read_entered_table,
    unmasked,
)
from analysis.commissioning.monitoring import monitoring_from_cells
from analysis.commissioning.storage import is_saved, record_files, remove_record, save_record
from analysis.output import commissioning_sentences, monitoring_view
from analysis.output.figures import appraisals as figures
from analysis.output.monitoring_view import MonitoringView
from analysis.places import HubreachError, place_folder
from analysis.places.disclosure import NOTE
from pages.commissioning_views import parts
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.downloads import csv_button
from pages.shared.layout import question, show_error

TITLE = "Is it working?"
SESSION_KEY = "commissioning_outcomes"
FILE = "outcomes"
PEOPLE = ("baseline", "actual")


@dataclass
class Outcomes:
    """Outcomes of one place as entered and as they may be shown."""

    cells: pd.DataFrame | None = None
    view: MonitoringView | None = None
    version: int = 0
    earlier: list[tuple[pd.DataFrame | None, MonitoringView | None]] = field(default_factory=list)
    error: HubreachError | None = None

    def take(self, cells: pd.DataFrame) -> None:
        """Check, protect and keep a table; rows without any entry are left out."""
        text = as_text(cells)
        filled = text[
            (text[[c for c in text.columns if c not in ("better", "counts_people")]] != "").any(axis=1)
        ]
        view = monitoring_view.monitoring_view(monitoring_from_cells(filled.reset_index(drop=True)))
        self.earlier.append((self.cells, self.view))
        self.cells, self.view, self.error = filled.reset_index(drop=True), view, None
        self.version += 1

    def undo(self) -> None:
        """Back to the table before."""
        self.cells, self.view = self.earlier.pop()
        self.version += 1
        self.error = None


def show(now: PageContext, head: DeltaGenerator, _bar: DeltaGenerator) -> None:
    """Answer, run chart, each measure against plan, entry."""
    outcomes = _open(now)
    answer = st.container()
    _entry(now, outcomes)
    view = outcomes.view
    if view is None or not view.measures:
        with head:
            question(TITLE, f"No outcome is kept for **{now.place.name}** yet: nothing can be said.")
        with answer:
            st.info(
                "Enter a row for each measure and quarter: its baseline, its target and what was counted or measured; or "
                "fill the template in a spreadsheet and upload it. Numbers of people are protected as soon as they are "
                "taken over.",
                icon=":material/monitoring:",
            )
        return
    with head:
        question(TITLE, commissioning_sentences.monitoring_sentence(view))
    with answer:
        _run_chart(now, view)
        _against_plan(now, view)
    _explained()


def _open(now: PageContext) -> Outcomes:
    kept: dict[str, Outcomes] = st.session_state.setdefault(SESSION_KEY, {})
    slug = now.place.slug
    if slug not in kept:
        kept[slug] = Outcomes()
        path = record_files(place_folder(slug), "monitoring").get(FILE)
        if path is not None:
            try:
                kept[slug].take(read_entered_table(path).frame())
                kept[slug].earlier.clear()
            except HubreachError as error:
                kept[slug].error = error
    return kept[slug]


def _run_chart(now: PageContext, view: MonitoringView) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with right:
        measure = st.selectbox(
            "Measure",
            view.measures,
            key=state.OUTCOME,
            help="Whose run chart is drawn.",
            persist_state="session",
        )
        rows = view.table[view.table["measure"] == measure]
        most = int(rows["actual"].notna().sum())
        limits_from = None
        if most > monitoring_view.LEAST_VALUES:
            limits_from = st.slider(
                "Limits from the first so many quarters",
                monitoring_view.LEAST_VALUES,
                most,
                most,
                key=f"limits-{now.place.slug}-{most}",
                help="Work out mean and limits from the quarters before a change, to see whether the change shows.",
            )
        show_table(
            "latest",
            view.latest.set_index("measure"),
            placeholder="",
            source=NOTE,
            name=f"{now.place.slug} latest outcomes",
            column_config={
                "measure": "Measure",
                "quarter": "Latest",
                "actual": parts.NUMBER("Actual", format="localized"),
                "target": parts.NUMBER("Target", format="localized"),
                "status": "Status",
                "signals": "Signals",
            },
        )
    with left:
        if not monitoring_view.can_be_charted(view, str(measure)):
            st.info("A run chart needs at least two figures that may be shown.", icon=":material/show_chart:")
            return
        chart = monitoring_view.run_chart(view, str(measure), limits_from)
        signals = int((chart["signal"] != "").sum())
        loose = " (provisional: fewer than 8 quarters)" if bool(chart["provisional"].iloc[0]) else ""
        show_chart(
            "run",
            lambda style: figures.run_chart_lines(
                chart,
                style,
                title=f"{measure}: {f'{signals} signals' if signals else 'no change beyond chance'}",
                subtitle=f"by quarter, with mean and natural limits{loose}; diamonds: signals",
            ),
            chart.set_index("quarter"),
            source=f"Entered by the user. XmR chart (Wheeler 1993). {NOTE}",
            name=f"{now.place.slug} run chart {measure}",
        )


def _against_plan(now: PageContext, view: MonitoringView) -> None:
    st.subheader("Against the plan", anchor=False)
    number = {
        name: parts.NUMBER(words, format="localized")
        for name, words in {
            "baseline": "Baseline",
            "target": "Target",
            "actual": "Actual",
            "against_target": "Against target",
            "since_baseline": "Since baseline",
        }.items()
    }
    show_table(
        "monitoring",
        view.table.set_index("measure"),
        placeholder="",
        source=f"Entered by the user. {NOTE}",
        name=f"{now.place.slug} outcomes",
        column_config={
            "measure": "Measure",
            "quarter": "Quarter",
            "status": "Status",
            "better": "Better",
            "counts_people": "People",
            **number,
        },
    )
    st.caption(f"Numbers of people: {NOTE[0].lower()}{NOTE[1:]} Here a suppressed figure is blank.")


def _entry(now: PageContext, outcomes: Outcomes) -> None:
    slug = now.place.slug
    with st.expander("Enter outcomes", expanded=outcomes.view is None):
        table, paste, upload = st.tabs(["Type", "Paste", "Upload"])
        with table:
            _entry_table(slug, outcomes)
        with paste:
            key = f"outcomes-paste-{slug}-{outcomes.version}"
            st.text_area("Cells copied from a spreadsheet, with their headings", key=key, height=120)
            st.button(
                "Use what is pasted",
                key=f"{key}-use",
                on_click=_attempt,
                args=(outcomes, lambda: pasted_cells(st.session_state[key])),
                type="primary",
            )
        with upload:
            key_up = f"outcomes-upload-{slug}-{outcomes.version}"
            st.file_uploader(
                "CSV or Excel",
                type=["csv", "xlsx", "xlsm"],
                key=key_up,
                on_change=_attempt,
                args=(outcomes, lambda: _uploaded(key_up)),
            )
            csv_button(
                "outcomes-template",
                monitoring_view.monitoring_template().set_index("measure"),
                f"{slug} outcomes template",
            )
        if outcomes.error is not None:
            show_error(outcomes.error)
        _keeping(slug, outcomes)


def _uploaded(key: str) -> pd.DataFrame | None:
    given = st.session_state.get(key)
    return None if given is None else read_cells(given.getvalue(), given.name)


def _attempt(outcomes: Outcomes, cells: Callable[[], pd.DataFrame | None]) -> None:
    try:
        given = cells()
        if given is not None:
            outcomes.take(given)
    except HubreachError as error:
        outcomes.error = error


def _entry_table(slug: str, outcomes: Outcomes) -> None:
    key = f"outcomes-table-{slug}-{outcomes.version}"
    kept = monitoring_view.monitoring_template() if outcomes.cells is None else outcomes.cells

    def start() -> pd.DataFrame:
        people = kept["counts_people"].str.lower() == "yes"
        return masked(kept, PEOPLE, people)

    edited = parts.edit_table(
        key,
        start,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "measure": "Measure",
            "quarter": st.column_config.TextColumn("Quarter", help="2021-22 Q3 or 2022 Q1"),
            "baseline": "Baseline",
            "target": "Target",
            "actual": "Actual",
            "better": st.column_config.SelectboxColumn("Better", options=["up", "down"], default="up"),
            "counts_people": st.column_config.SelectboxColumn(
                "Numbers of people", options=["yes", "no"], default="yes", help="Yes: they are protected."
            ),
        },
    )
    if st.button("Use these outcomes", key=f"{key}-use", type="primary"):
        _attempt(outcomes, lambda: unmasked(edited, kept))
        st.rerun()


def _keeping(slug: str, outcomes: Outcomes) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Save with the place",
            key=f"outcomes-save-{slug}",
            on_click=_save,
            args=(slug, outcomes),
            disabled=outcomes.cells is None,
            icon=":material/save:",
            help="Writes the outcomes as entered into the place's folder on the server, readable by its owner only.",
        )
        st.button(
            "Undo",
            key=f"outcomes-undo-{slug}",
            on_click=outcomes.undo,
            disabled=not outcomes.earlier,
            icon=":material/undo:",
        )
        st.button(
            "Forget",
            key=f"outcomes-forget-{slug}",
            on_click=_forget,
            args=(slug,),
            disabled=outcomes.cells is None,
            icon=":material/delete:",
            help="Removes the outcomes from this session and from the place's folder.",
        )
    if outcomes.cells is not None:
        on_file = is_saved(slug, "monitoring", FILE)
        st.caption("Saved with the place." if on_file else "**Not saved**: in this session only.")


def _save(slug: str, outcomes: Outcomes) -> None:
    if outcomes.cells is None:
        return
    try:
        save_record(entered_table(FILE, outcomes.cells), slug, "monitoring")
        st.toast("Saved: outcomes", icon=":material/check:")
    except HubreachError as error:
        outcomes.error = error


def _forget(slug: str) -> None:
    remove_record(slug, "monitoring", FILE)
    version = st.session_state[SESSION_KEY][slug].version
    st.session_state[SESSION_KEY][slug] = Outcomes(version=version + 1)


def _explained() -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "Mean and natural limits of single values (XmR): mean ± 2.66 × the mean difference between neighbours. A "
            "signal is a figure outside the limits, or one of eight or more in a row on one side of the mean. With fewer "
            "than eight figures the limits are provisional. Numbers of people are protected first, so limits are worked out "
            "from what may be shown."
        )
