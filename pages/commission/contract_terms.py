"""What a contract says, to be entered: terms, extensions, discounting, who pays, name and source."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from analysis.commissioning.contracts import Contract
from analysis.commissioning.editing import changed, items_table, table_items
from analysis.commissioning.schedules import Discounting, PartYears, Timing, YearBasis, YearKind
from pages.commission import parts
from pages.commission.drafts import Draft
from pages.shared import state

KINDS = {"none": "None", "fixed": "A fixed rate", "series": "A rate for each year"}
TIMINGS: dict[Timing, str] = {"start": "At its start", "middle": "In the middle", "end": "At its end"}
DAYS = (dt.date(1990, 1, 1), dt.date(2100, 12, 31))
PART_YEARS: tuple[PartYears, ...] = ("days", "months")
BASES: dict[YearKind, str] = {"contract": "Contract years", "financial": "April to March"}


def choose_terms(draft: Draft[Contract]) -> tuple[Discounting, YearBasis]:
    """Value, term, start, indexation and extensions; answers with discounting and kind of year."""
    contract = draft.record
    with st.container(horizontal=True, vertical_alignment="bottom", key="contract-terms"):
        with st.container(width=115):
            annual = parts.ask_pounds(
                "A year", draft.key("annual"), contract.annual_value_gbp, "Value of the first year."
            )
        with st.container(width=95):
            term = st.number_input(
                "Term, years",
                1,
                50,
                contract.term_years,
                key=draft.key("term"),
                help="Without any extension.",
            )
        with st.container(width=130):
            start = st.date_input(
                "Starts",
                contract.start,
                *DAYS,
                key=draft.key("start"),
                format="DD/MM/YYYY",
                help="First day.",
            )
        indexation = _indexation(draft)
        extensions = _extensions(draft)
        with st.popover("Discounting", icon=":material/percent:"):
            chosen = _discounting()
    values = {
        "annual_value_gbp": annual,
        "term_years": term,
        "start": start,
        "indexation": indexation,
        "extensions": extensions,
    }
    draft.change(parts.attempt(lambda: changed(draft.record, **values), draft.record))
    return chosen


def _indexation(draft: Draft[Contract]) -> dict[str, object]:
    now = draft.record.indexation
    with st.container(width=145):
        kind = st.selectbox(
            "Indexation",
            list(KINDS),
            list(KINDS).index(now.kind),
            format_func=KINDS.__getitem__,
            key=draft.key("indexation"),
            help="How the yearly value moves at each anniversary of the start.",
        )
    if kind == "none":
        return {"kind": "none"}
    with st.container(width=170):
        if kind == "fixed":
            rate = st.number_input(
                "Per cent a year",
                -50.0,
                100.0,
                float(now.rate_percent or 0),
                0.1,
                key=draft.key("rate"),
                help="Added at each anniversary.",
            )
            return {"kind": "fixed", "rate_percent": str(rate)}
        given = ", ".join(f"{rate:f}" for rate in now.series_percent if rate is not None)
        text = st.text_input(
            "Per cent, from year 2",
            given,
            key=draft.key("series"),
            placeholder="2, 2.5, 3",
            help="One rate for each year from the second, separated by commas, or pasted from a column.",
        )
    rates = [
        rate
        for rate in text.replace(";", ",").replace("\t", ",").replace("\n", ",").split(",")
        if rate.strip()
    ]
    return {"kind": "series", "series_percent": rates} if rates else {"kind": "none"}


def _extensions(draft: Draft[Contract]) -> list[dict[str, object]]:
    """One switch an extension; one that follows a refused one cannot be taken."""
    values, possible = [], True
    for number, extension in enumerate(draft.record.extensions, start=1):
        key = draft.key(f"extension-{number}")
        if not possible:
            st.session_state[key] = False
        taken = st.toggle(
            f"Extension {number} (+{extension.years})",
            extension.taken,
            key=key,
            disabled=not possible,
            help="Taken or refused. An extension can only follow one that is taken.",
        )
        values.append({**extension.model_dump(), "taken": taken and possible})
        possible = possible and taken
    return values


def _discounting() -> tuple[Discounting, YearBasis]:
    rate = parts.ask_percent(
        "Discount rate, % a year",
        state.DISCOUNT,
        3.5,
        "Real. 3.5% is that of HM Treasury's Green Book.",
        most=20.0,
    )
    inflation = parts.ask_percent(
        "Inflation in the cash, %",
        state.INFLATION,
        0.0,
        "Taken out before discounting; 0 takes cash as real.",
        most=30.0,
    )
    timing = st.selectbox(
        "Paid",
        list(TIMINGS),
        format_func=TIMINGS.__getitem__,
        key=state.TIMING,
        bind="query-params",
        help="At its start: the first year is not discounted, as in the Green Book's table of factors.",
    )
    basis = st.selectbox(
        "Years",
        list(BASES),
        format_func=BASES.__getitem__,
        key=state.YEAR_BASIS,
        bind="query-params",
        help="Contract years run from the start; financial years have part years at both ends.",
    )
    part_years = st.selectbox(
        "Part years by",
        PART_YEARS,
        key=state.PART_YEARS,
        bind="query-params",
        disabled=basis == "contract",
        help="How a contract year is divided between two financial years.",
    )
    return Discounting(rate, timing, inflation), YearBasis(basis, part_years)


def edit_funding(draft: Draft[Contract]) -> None:
    """Funding lines, one a row."""
    st.subheader("Who pays", anchor=False)
    st.caption(
        "One line a budget. Leave an amount blank until somebody gives it; paste from a spreadsheet works."
    )
    edited = parts.edit_table(
        draft.key("funding"),
        lambda: items_table(
            draft.record.funding,
            ["name", "certainty", "annual_gbp", "from_year", "to_year", "note"],
            ["annual_gbp", "from_year", "to_year"],
        ),
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn("Funding line", required=True, max_chars=120),
            "certainty": parts.CERTAINTY_COLUMN,
            "annual_gbp": parts.money_column("£ a year", "Blank: not known yet."),
            "from_year": parts.NUMBER("From year", min_value=1, step=1, default=1),
            "to_year": parts.NUMBER("To year", min_value=1, step=1, help="Blank: to the end."),
            "note": st.column_config.TextColumn("Note", default="", width="large"),
        },
    )
    draft.change(parts.attempt(lambda: changed(draft.record, funding=table_items(edited)), draft.record))


def edit_details(draft: Draft[Contract]) -> None:
    """Name, source, note, and the extensions on offer."""
    with st.expander("Name, source, and the extensions on offer"):
        name = st.text_input("Name", draft.record.name, key=draft.key("name"), max_chars=200)
        source = st.text_input(
            "Source", draft.record.source, key=draft.key("source"), help="Where this is published."
        )
        note = st.text_area("Note", draft.record.note, key=draft.key("note"))
        edited = parts.edit_table(
            draft.key("extensions"),
            lambda: items_table(
                draft.record.extensions, ["years", "annual_value_gbp"], ["years", "annual_value_gbp"]
            ),
            num_rows="dynamic",
            hide_index=True,
            column_config={
                "years": parts.NUMBER("Extension, years", min_value=1, max_value=20, step=1, required=True),
                "annual_value_gbp": parts.money_column(
                    "£ a year, where it differs", "Blank: as the contract."
                ),
            },
        )
    taken = [extension.taken for extension in draft.record.extensions]
    offered = [
        {**row, "taken": n < len(taken) and taken[n]} for n, row in enumerate(table_items(edited, "years"))
    ]
    values = {"name": name, "source": source, "note": note, "extensions": offered}
    record = parts.attempt(lambda: changed(draft.record, **values), draft.record)
    grew = len(record.extensions) != len(draft.record.extensions)
    draft.change(record)
    if grew:
        st.rerun()
