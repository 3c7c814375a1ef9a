"""What does the contract cost, year by year, and who pays?"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.commissioning import contract_view, figures
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.assumptions import LOG_COLUMNS
from analysis.commissioning.contract_view import GAP, ContractView
from analysis.commissioning.contracts import Contract, read_contract
from analysis.commissioning.editing import changed
from analysis.commissioning.schedules import Discounting, YearBasis
from analysis.commissioning.storage import record_text
from analysis.render.theme import pounds
from pages.commission import parts
from pages.commission.contract_terms import choose_terms, edit_details, edit_funding
from pages.commission.drafts import Draft, add_draft, load_new, loading_fault, open_draft, toolbar
from pages.shared import state
from pages.shared.charts import show_chart
from pages.shared.context import PageContext
from pages.shared.layout import plain_markdown, question

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
    log = pd.concat([draft.log(), contract_view.discounting_log(discounting, basis)])
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
    blanks = contract_view.contract_needs(contract)
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
            help="Draws the years as if the lines marked at risk were gone.",
        )
    with answer:
        view = parts.attempt(
            lambda: contract_view.contract_view(contract, *terms, without_at_risk=without), None
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
    order = contract_view.part_order(contract)
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
                subtitle="totals in cash by length, the one in force filled; dot: present value",
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
    st.subheader("Year by year", anchor=False)
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
