"""What does it cost, year by year: terms and funding, charts and tables."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.commissioning import contract as commissioning_contract
from analysis.commissioning import figures
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.assumptions import LOG_COLUMNS
from analysis.commissioning.contract import (
    GAP,
    Contract,
    ContractView,
    Discounting,
    PartYears,
    Timing,
    YearBasis,
    YearKind,
    read_contract,
)
from analysis.commissioning.storage import record_text
from analysis.commissioning.tables import changed, items_table, table_items
from analysis.render.theme import pounds
from pages.commission import parts
from pages.commission.drafts import Draft, add_draft, load_new, loading_fault, open_draft, toolbar
from pages.commission.fields import type_table
from pages.shared import state
from pages.shared.charts import show_chart
from pages.shared.context import PageContext
from pages.shared.layout import plain_markdown, question

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
    st.header("Who pays", anchor=False)
    st.caption(
        "One line a budget. Leave an amount blank until somebody gives it; clear a name to take its line out."
    )
    edited = type_table(
        draft.key("funding"),
        lambda: items_table(
            draft.record.funding,
            ["name", "certainty", "annual_gbp", "from_year", "to_year", "note"],
            ["annual_gbp", "from_year", "to_year"],
        ),
        {
            "name": st.column_config.TextColumn("Funding line", max_chars=120),
            "certainty": parts.CERTAINTY_COLUMN,
            "annual_gbp": parts.money_column("£ a year", "Blank: not known yet."),
            "from_year": parts.NUMBER("From year", min_value=1, step=1, default=1),
            "to_year": parts.NUMBER("To year", min_value=1, step=1, help="Blank: to the end."),
            "note": st.column_config.TextColumn("Note", default=""),
        },
        may_grow=True,
        pounds=("annual_gbp",),
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
        edited = type_table(
            draft.key("extensions"),
            lambda: items_table(
                draft.record.extensions, ["years", "annual_value_gbp"], ["years", "annual_value_gbp"]
            ),
            {
                "years": parts.NUMBER("Extension, years", min_value=1, max_value=20, step=1),
                "annual_value_gbp": parts.money_column(
                    "£ a year, where it differs", "Blank: as the contract."
                ),
            },
            may_grow=True,
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


TITLE = "What does the contract cost, and who pays?"


def blank_contract() -> Contract:
    """A contract to begin with: nothing is given."""
    return Contract(name="New contract", extensions=())


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """Answer, terms, years with who pays, totals by length, schedule, funding, log."""
    draft = open_draft(now, "contracts", read_contract)
    if draft is None:
        with head:
            question(TITLE, f"No contract is kept for **{plain_markdown(now.place.name)}** yet.")
        _empty(now)
        return
    terms = st.container()
    answer = st.container()
    below = st.container()
    with terms:
        discounting, basis = choose_terms(draft)
    with below:
        edit_funding(draft)
        edit_details(draft)
    with bar:
        toolbar(draft, Contract)
    _answer(now, draft, head, answer, (discounting, basis))
    log = pd.concat([draft.log(), commissioning_contract.discounting_log(discounting, basis)])
    with below:
        parts.assumptions_and_log(draft, log[LOG_COLUMNS], name=f"{now.place.slug} {draft.record.name}")
        _explained()


def _empty(now: PageContext) -> None:
    def start() -> None:
        add_draft(now, "contracts", blank_contract())

    st.info(
        "Start with an empty contract and fill in its yearly value, its term and its start; or load a contract file that "
        "somebody has saved. Nothing is invented: what is blank stays blank, and the page says what it needs.",
        icon=":material/description:",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Start an empty contract",
            on_click=start,
            icon=":material/add:",
            type="primary",
        )
        st.download_button(
            "Template (TOML)",
            record_text(_template()),
            "contract-template.toml",
            "application/toml",
            on_click="ignore",
            icon=":material/download:",
            help="A contract file with every key, to be filled in a text editor.",
        )
    key = f"contract-first-{now.place.slug}"
    st.file_uploader(
        "Load a contract (TOML)",
        type="toml",
        key=key,
        on_change=load_new,
        args=(now, "contracts", Contract, key),
    )
    loading_fault()


def _template() -> Contract:
    return changed(
        blank_contract(),
        extensions=[{"years": 2}],
        funding=[{"name": "Name of a budget", "certainty": "expected"}],
    )


def _answer(
    now: PageContext,
    draft: Draft[Contract],
    head: DeltaGenerator,
    answer: DeltaGenerator,
    terms: tuple[Discounting, YearBasis],
) -> None:
    contract, name = draft.record, plain_markdown(draft.record.name)
    blanks = commissioning_contract.contract_needs(contract)
    if blanks:
        with head:
            question(TITLE, commissioning_words.needs_sentence(name, "costed", blanks))
        with answer:
            parts.needs_box(contract.blanks(), "Still blank")
            if contract.note:
                st.caption(plain_markdown(contract.note))
        return
    risky = any(line.certainty == "at risk" for line in contract.funding)
    with answer:
        without = risky and st.toggle(
            "Without the funding at risk",
            key=state.WITHOUT_AT_RISK,
            bind="query-params",
            help="Shows the years as if the lines marked at risk were gone.",
        )
    with answer:
        view = parts.attempt(
            lambda: commissioning_contract.contract_view(contract, *terms, without_at_risk=without), None
        )
    with head:
        known = commissioning_words.contract_sentence(view, terms[0], name) if view else f"**{name}**"
        question(TITLE, known)
    if view is not None:
        with answer:
            source = _source(draft.origin, terms)
            _charts(now, view, (source, terms[1].kind), without=without)
            _schedule(now, view, source)


def _source(origin: str, terms: tuple[Discounting, YearBasis]) -> str:
    return f"{origin}. {str(terms[1]).capitalize()}; present value at {terms[0]}."


def _charts(now: PageContext, view: ContractView, words: tuple[str, str], *, without: bool) -> None:
    contract, (source, kind) = view.contract, words
    order = commissioning_contract.part_order(contract)
    present = view.schedule["present_value_gbp"].astype(float)
    marks = pd.Series(present.to_numpy(), index=list(dict.fromkeys(view.parts["year_label"])))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        paid = "who pays" if not view.funding.empty else "term and extensions"
        show_chart(
            "years",
            lambda style: figures.year_stacks(
                view.parts,
                style,
                title=f"{pounds(float(view.cash_gbp))} over {contract.years} years"
                + (", without the funding at risk" if without else ""),
                subtitle=f"cash by {kind} year, by {paid}; a line for the present value",
                order=order,
                hollow=GAP,
                marks=marks,
            ),
            view.parts,
            source=source,
            name=f"{now.place.slug} {contract.name} years",
        )
    with right:
        lengths = view.scenarios.assign(
            cash_gbp=view.scenarios["cash_gbp"].astype(float),
            present_value_gbp=view.scenarios["present_value_gbp"].astype(float),
        )
        longest = lengths.iloc[-1]
        show_chart(
            "lengths",
            lambda style: figures.length_bars(
                lengths,
                style,
                title=f"Up to {pounds(longest['cash_gbp'])} over {longest['years']} years",
                subtitle="totals in cash by length, the chosen one filled; dot: present value",
            ),
            view.scenarios.drop(columns="label").set_index("years"),
            source=source,
            name=f"{now.place.slug} {contract.name} totals",
        )
        for row in view.funding.to_dict("records"):
            st.markdown(
                f"- {row['certainty'].capitalize()}: **{pounds(float(row['amount_gbp']))}** over all years"
            )


def _schedule(now: PageContext, view: ContractView, source: str) -> None:
    st.header("Year by year", anchor=False)
    parts.show_money(
        "schedule",
        view.schedule,
        source=source,
        name=f"{now.place.slug} {view.contract.name} schedule",
        columns={
            "year": "Year",
            "start": st.column_config.DateColumn("From", format="DD/MM/YYYY"),
            "end": st.column_config.DateColumn("To", format="DD/MM/YYYY"),
        },
    )


def _explained() -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "Cash: the yearly value, indexed at each anniversary of the start and rounded to the penny; an extension costs "
            "the same a year unless it has a value of its own. Present value: cash of year *n* divided by "
            "$(1 + r)^{n-1}$ with *r* the real rate, after inflation is taken out if a rate is given (HM Treasury, Green "
            "Book). All money is decimal: rows add up to totals exactly. A gap is counted year by year: a surplus in one "
            "year does not pay for another."
        )


def annual_cost(draft: Draft[Contract] | None) -> Decimal | None:
    """What the open contract costs in its first year; None where that is blank."""
    return None if draft is None else draft.record.annual_value_gbp
