"""A small cohort: how many, who pays in which year, what it is claimed to avoid, when it has paid for itself."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.commissioning import cohort as commissioning_cohort
from analysis.commissioning import figures
from analysis.commissioning import published_words as words
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.cohort import CohortPlan, Partner, PaybackView, funding_by_year, read_cohort_plan
from analysis.commissioning.figures import signed_pounds
from analysis.commissioning.storage import record_text
from analysis.commissioning.tables import (
    changed,
    effect_table,
    partners_table,
    supported_table,
    table_effect,
    table_partners,
    table_supported,
    year_columns,
)
from analysis.places.rounding import NOTE
from analysis.render.theme import percent
from pages.commission import counts, parts
from pages.commission.drafts import Draft, open_draft, toolbar
from pages.commission.fields import type_table
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import plain_markdown, question, source_line
from pages.shared.loading_commissioning import load_payback, load_published

TITLE = "What does the cohort cost, and what does it save?"


def blank_plan() -> CohortPlan:
    """A plan to begin with: three years, two partners to name, no figure."""
    partners = tuple(Partner(name=f"Partner {n} (enter its name)", amounts_gbp=()) for n in (1, 2))
    return CohortPlan(name="Cohort plan", years=3, partners=partners)


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """Answer, numbers by ward, funding, effect, payback, log."""
    draft = open_draft(now, "cohorts", read_cohort_plan, blank_plan)
    if draft is None:
        return
    st.header("How many, and where", anchor=False)
    with st.container(key="people"):
        shown = counts.show_counts(now)
    _funding(now, draft)
    _effect(now, draft)
    with bar:
        toolbar(draft, CohortPlan)
    _payback(now, draft, head, shown)
    parts.assumptions_and_log(draft, draft.log(), name=f"{now.place.slug} {draft.record.name}")
    _explained()


def _funding(now: PageContext, draft: Draft[CohortPlan]) -> None:
    st.header("Who pays, year by year", anchor=False)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            with st.container(width=330):
                name = st.text_input("Plan", draft.record.name, key=draft.key("name"), max_chars=200)
            with st.container(width=110):
                years = st.number_input(
                    "Years", 1, 20, draft.record.years, key=draft.key("years"), help="Years of funding."
                )
        draft.change(parts.attempt(lambda: _with_years(draft.record, name, years), draft.record))
        years = draft.record.years
        amounts = {
            year: parts.money_column(f"{year}, £", "Blank: not known yet.") for year in year_columns(years)
        }
        edited = type_table(
            draft.key(f"partners-{years}"),
            lambda: partners_table(draft.record),
            {
                "name": st.column_config.TextColumn("Partner", max_chars=120),
                "certainty": parts.CERTAINTY_COLUMN,
                **amounts,
            },
            may_grow=True,
            pounds=tuple(amounts),
        )
        st.caption("Pounds by partner and year, a line for each partner; clear a name to take its line out.")
        people = type_table(
            draft.key(f"supported-{years}"),
            lambda: supported_table(draft.record),
            {
                year: parts.NUMBER(
                    f"{year}: children planned",
                    min_value=0,
                    step=1,
                    help="Places planned, not a count of people.",
                )
                for year in year_columns(years)
            },
        )
        values = {
            "partners": table_partners(edited, years),
            "children_supported": table_supported(people, years),
        }
        draft.take(f"funding-{years}", parts.attempt(lambda: changed(draft.record, **values), draft.record))
    with right:
        _funding_chart(now, draft.record, draft.origin)


def _with_years(plan: CohortPlan, name: str, years: int) -> CohortPlan:
    if years == plan.years:
        return changed(plan, name=name)
    partners = [{**p.model_dump(), "amounts_gbp": p.amounts_gbp[:years]} for p in plan.partners]
    return changed(
        plan, name=name, years=years, partners=partners, children_supported=plan.children_supported[:years]
    )


def _funding_chart(now: PageContext, plan: CohortPlan, origin: str) -> None:
    rows = commissioning_cohort.funding_parts(plan)
    if rows.empty:
        st.info(
            "No amount is entered yet: the chart of who pays in which year appears with the first.",
            icon=":material/bar_chart:",
        )
        return
    falls = commissioning_cohort.funding_falls(plan)
    titles = {
        True: "The cost falls every year",
        False: "The cost does not fall every year",
        None: "Funding so far",
    }
    show_chart(
        "funding",
        lambda style: figures.year_stacks(
            rows,
            style,
            title=titles[falls],
            subtitle="pounds by partner and year, as entered",
            order=[partner.name for partner in plan.partners],
        ),
        funding_by_year(plan),
        source=origin,
        name=f"{now.place.slug} {plan.name} funding",
    )


def _effect(now: PageContext, draft: Draft[CohortPlan]) -> None:
    st.header("Expected effect", anchor=False)
    st.caption(
        "Each figure with its low, central and high value, from a study or from the council's own records."
    )
    delay = st.number_input(
        "Years until it works",
        0,
        20,
        draft.record.effect.delay_years,
        key=draft.key("delay"),
        width=170,
        help="Between the support and the first avoided cost.",
    )
    edited = type_table(
        draft.key("effect"),
        lambda: effect_table(draft.record),
        {
            "figure": st.column_config.TextColumn("Figure", disabled=True, width="large"),
            "low": parts.NUMBER("Low", min_value=0.0, format="localized"),
            "central": parts.NUMBER("Central", min_value=0.0, format="localized"),
            "high": parts.NUMBER("High", min_value=0.0, format="localized"),
            "confirm_with": st.column_config.TextColumn("Ask", disabled=True),
        },
    )
    draft.take(
        "effect",
        parts.attempt(lambda: changed(draft.record, effect=table_effect(edited, delay)), draft.record),
    )
    _published_cost(now, draft)


def _published_cost(now: PageContext, draft: Draft[CohortPlan]) -> None:
    """What the council itself publishes of the cost of care: offered, never filled in without a click."""
    money = load_published(now.place)
    if money is None:
        return
    if money.care_cost_gbp is not None:
        st.button(
            f"Use £{money.care_cost_gbp:,} as the central cost of a year in care",
            key=draft.key("published-cost"),
            icon=":material/account_balance:",
            on_click=_use_published_cost,
            args=(draft, money.care_cost_gbp),
            help="Puts the published figure into the table above; its range stays to be given.",
        )
    source_line(plain_markdown(words.care_cost_words(money)), words.money_source(money))


def _use_published_cost(draft: Draft[CohortPlan], cost_gbp: int) -> None:
    """The published figure as the central one; ends that it would leave are cleared, to be given anew."""
    effect = draft.record.effect.model_dump()
    span = effect["annual_care_cost_gbp"]
    low, high = (span[end] for end in ("low", "high"))
    effect["annual_care_cost_gbp"] = {
        "low": low if low is None or low <= cost_gbp else None,
        "central": cost_gbp,
        "high": high if high is None or high >= cost_gbp else None,
    }
    draft.change(parts.attempt(lambda: changed(draft.record, effect=effect), draft.record))
    draft.version += 1


def _payback(
    now: PageContext,
    draft: Draft[CohortPlan],
    head: DeltaGenerator,
    shown: commissioning_cohort.ShownCohort | None,
) -> None:
    plan = draft.record
    st.header("What it avoids, and when it would have paid for itself", anchor=False)
    blanks = plan.blanks()
    sentence = commissioning_words.cohort_sentence(plan, plain_markdown(plan.name), shown)
    if blanks:
        with head:
            question(TITLE, sentence)
        parts.needs_box(
            blanks, "Avoided cost and break-even need these, and are left blank until they are given"
        )
        return
    with st.container(horizontal=True):
        with st.container(width=220):
            horizon = st.slider(
                "Years looked at",
                1,
                30,
                10,
                key=state.HORIZON,
                bind="query-params",
                help="The horizon of the balance.",
            )
        with st.container(width=220):
            rate = parts.ask_percent(
                "Discount rate, % a year",
                state.DISCOUNT,
                3.5,
                "Real; 3.5% is that of the Green Book.",
                most=20.0,
            )
    view = load_payback(record_text(plan), horizon, str(rate))
    with head:
        question(TITLE, f"{sentence}{commissioning_words.payback_sentence(view)}")
    _payback_charts(now, plan, view, f"{draft.origin}. Discounted at {rate}% a year, real.")


def _payback_charts(now: PageContext, plan: CohortPlan, view: PaybackView, source: str) -> None:
    left, right = st.columns(2, gap="medium")
    year = f"year {view.even.year}" if view.even.year else f"not within {view.even.horizon_years} years"
    with left:
        show_chart(
            "balance",
            lambda style: figures.balance_line(
                view.table,
                style,
                title=f"Paid for itself: {year}, in {percent(view.even.probability)} of model runs",
                subtitle="pounds avoided less pounds spent, added up, present value; band: 90% of model runs",
            ),
            view.table,
            source=source,
            name=f"{now.place.slug} {plan.name} balance",
        )
    with right:
        centre = float(view.table["balance_gbp"].iloc[-1])
        first = view.drivers.iloc[0]
        show_chart(
            "tornado",
            lambda style: figures.tornado_bars(
                view.drivers,
                style,
                title=f"What drives it: {first['meaning']}",
                subtitle=f"pounds, balance after {len(view.table)} years with each figure at its low and high; centre {signed_pounds(centre)}",
                centre_gbp=centre,
            ),
            view.drivers,
            source=source,
            name=f"{now.place.slug} {plan.name} drivers",
        )
    money = {
        str(c): parts.NUMBER(
            f"{str(c).removesuffix('_gbp').replace('_', ' ').capitalize()}, £", format="%,.0f"
        )
        for c in view.table.columns
        if str(c).endswith("_gbp")
    }
    show_table(
        "payback",
        view.table.assign(p_broken_even=100 * view.table["p_broken_even"]),
        placeholder="",
        source=source,
        name=f"{now.place.slug} {plan.name} payback",
        column_config={
            "year": "Year",
            **money,
            "p_broken_even": parts.NUMBER("Paid for itself by then", format="%.0f%%"),
        },
    )


def _explained() -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            f"{NOTE} The same holds in every table, chart and download together. Avoided cost in a year: children "
            "supported × share who would come into care × share of those entries prevented × yearly cost of care × share "
            "that can leave the budget, for as many years as an entry lasts, from the year they are supported plus the "
            "delay. Every figure is drawn from a triangle between its low, central and high value, 10,000 times, "
            "independently. Break-even is the year from which the balance stays at or above zero for good."
        )
