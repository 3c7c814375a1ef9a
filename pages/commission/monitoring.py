"""Is it working: each outcome against its plan, and whether a change is more than chance?"""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.commissioning import figures
from analysis.commissioning import monitoring as commissioning_monitoring
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.monitoring import (
    MONITORING_COLUMNS,
    WITHIN_ROUNDING,
    MonitoringView,
    counts_people,
    monitoring_from_cells,
)
from analysis.commissioning.tables import as_text, masked, unmasked
from analysis.places.rounding import NOTE
from pages.commission import parts
from pages.commission.entry import Entry, open_entry, ways_in
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import question

TITLE = "Is it working?"
FILE = "outcomes"
PEOPLE = ("baseline", "actual")
CHOICES = ("better", "counts_people")


def show(now: PageContext, head: DeltaGenerator, _bar: DeltaGenerator) -> None:
    """Answer, run chart, each measure against plan, entry."""
    outcomes = open_entry(now, "monitoring", FILE, _protected)
    answer = st.container()
    _entry(now, outcomes)
    view = outcomes.shown
    if view is None or not view.measures:
        with head:
            question(TITLE, f"No data yet: no outcome is kept for **{now.place.name}**.")
        with answer:
            st.info(
                "Enter a row for each measure and quarter: its baseline, its target and what was counted or measured; or "
                "fill the template in a spreadsheet and upload it. Numbers of people are protected as soon as they are "
                "taken over.",
                icon=":material/monitoring:",
            )
        return
    with head:
        question(TITLE, commissioning_words.monitoring_sentence(view))
    with answer:
        _run_chart(now, view)
        _against_plan(now, view)
    _explained()


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
        if most > commissioning_monitoring.LEAST_VALUES:
            limits_from = st.slider(
                "Limits from the first so many quarters",
                commissioning_monitoring.LEAST_VALUES,
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
        if not commissioning_monitoring.can_be_charted(view, str(measure)):
            st.info("A run chart needs at least two figures that may be shown.", icon=":material/show_chart:")
            return
        chart = commissioning_monitoring.run_chart(view, str(measure), limits_from)
        signals = int((chart["signal"] != "").sum())
        loose = " (provisional: fewer than 8 quarters)" if bool(chart["provisional"].iloc[0]) else ""
        show_chart(
            "run",
            lambda style: figures.run_chart_lines(
                chart,
                style,
                title=f"{measure}: {f'{signals} signals' if signals else 'inside its control limits'}",
                subtitle=f"by quarter, with mean and natural limits{loose}; diamonds: signals",
            ),
            chart.set_index("quarter"),
            source=f"Entered by the user. XmR chart (Wheeler 1993). {NOTE}",
            name=f"{now.place.slug} run chart {measure}",
        )


def _against_plan(now: PageContext, view: MonitoringView) -> None:
    st.header("Against the plan", anchor=False)
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
    st.caption(f"{NOTE} {WITHIN_ROUNDING}.")


def _protected(cells: pd.DataFrame, name: str) -> tuple[pd.DataFrame, MonitoringView]:
    """What is kept of a table (rows with an entry) and what may be shown of it."""
    text = as_text(cells)
    said = [column for column in text.columns if column not in CHOICES]
    kept = text[(text[said] != "").any(axis=1)].reset_index(drop=True)
    return kept, commissioning_monitoring.monitoring_view(monitoring_from_cells(kept, name))


def _entry(now: PageContext, outcomes: Entry[MonitoringView]) -> None:
    with st.expander("Enter outcomes", expanded=outcomes.shown is None):
        ways_in(
            outcomes,
            lambda: _entry_table(outcomes),
            commissioning_monitoring.monitoring_template().set_index("measure"),
            placeholder="\t".join(MONITORING_COLUMNS),
            help_text=f"A row for each measure and quarter of {now.place.name}, with the headings of the template.",
        )


def _entry_table(outcomes: Entry[MonitoringView]) -> None:
    key = outcomes.key("table")
    kept = commissioning_monitoring.monitoring_template() if outcomes.cells is None else outcomes.cells
    edited = parts.edit_table(
        key,
        lambda: masked(kept, PEOPLE, counts_people(kept)),
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
        outcomes.take(lambda: (unmasked(edited, kept, still=counts_people(edited)), "the table"))
        st.rerun()


def _explained() -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "Mean and natural limits of single values (XmR): mean ± 2.66 × the mean difference between neighbours. A "
            "signal is a figure outside the limits, or one of eight or more in a row on one side of the mean. With fewer "
            "than eight figures the limits are provisional. Numbers of people are protected first, so limits are worked out "
            "from what may be shown."
        )
