"""What does it cost for each child, each family, each family that can get to a hub?"""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.text import slugify
from analysis.commissioning import contract as commissioning_contract
from analysis.commissioning import figures
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.contract import read_contract
from analysis.commissioning.money import read_pounds
from analysis.need import words as need_words
from analysis.render.theme import pounds
from pages.commission import parts
from pages.commission.contract import annual_cost
from pages.commission.drafts import open_draft
from pages.commission.hubs import choose_hubs
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import question
from pages.shared.loading_commissioning import load_denominators

TITLE = "What does it cost for each family?"


def show(now: PageContext, head: DeltaGenerator, _bar: DeltaGenerator) -> None:
    """Answer, yearly cost and reach, costs with ranges, table."""
    draft = open_draft(now, "contracts", read_contract)
    known = annual_cost(draft)
    with st.container(horizontal=True, vertical_alignment="bottom", key="unit-controls"):
        with st.container(width=190):
            key = f"unit-cost-{now.place.slug}-{slugify(str(known))}"
            text = st.text_input(
                "Yearly cost",
                parts.text_pounds(known),
                key=key,
                placeholder="£",
                persist_state="session",
                help="Of the open contract; another amount can be tried here without changing the contract.",
            )
        hubs = choose_hubs(now)
    cost = parts.attempt(lambda: read_pounds(text, "Yearly cost"), None)
    if not cost:
        with head:
            question(TITLE, "Enter what the service costs a year: the open contract does not say.")
        st.info("A yearly cost in pounds is needed, such as £705,000.", icon=":material/edit_note:")
        return
    denominators = load_denominators(
        now.place.slug, now.settings, now.index, hubs.kinds, hubs.mode, hubs.minutes
    )
    costs = commissioning_contract.unit_cost_view(cost, denominators, now.settings.tiers)
    with head:
        question(TITLE, commissioning_words.unit_cost_sentence(costs, float(cost), now.tier_name, hubs.words))
    source = (
        f"{need_words.source_sentence(now.need)} {need_words.parameters_sentence(now.need)} Yearly cost {pounds(float(cost))}; "
        f"within reach: {hubs.words}."
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_chart(
            "unit-costs",
            lambda style: figures.unit_cost_points(
                costs,
                style,
                title=f"{pounds(float(cost))} a year, divided",
                subtitle="cost a year for each, scale of ratios; the line holds 90% of the model runs of the estimate",
            ),
            costs.drop(columns=["label"]),
            source=source,
            name=f"{now.place.slug} unit costs",
        )
    with right:
        _headlines(now, costs)
    with st.container():
        show_table(
            "unit-costs-table",
            costs.drop(columns=["tier"]).set_index("label"),
            source=source,
            name=f"{now.place.slug} unit costs table",
            column_config={
                "label": "For each",
                "count": parts.NUMBER("How many (est.)", format="%,.0f"),
                "count_low": parts.NUMBER("from", format="%,.0f"),
                "count_high": parts.NUMBER("to", format="%,.0f"),
                "cost_gbp": parts.NUMBER("£ a year", format="%,.2f"),
                "cost_low_gbp": parts.NUMBER("£ from", format="%,.2f"),
                "cost_high_gbp": parts.NUMBER("£ to", format="%,.2f"),
            },
        )
    _explained(now)


def _headlines(now: PageContext, costs: pd.DataFrame) -> None:
    """The three costs of the tier in force, large."""
    tier = now.tier_name.lower()
    for unit in (f"child in {tier}", f"family in {tier}", f"family in {tier} within reach"):
        row = costs.loc[unit]
        words: str = "no family is within reach" if pd.isna(row["cost_gbp"]) else parts.range_words(row)
        st.metric(
            str(row["label"]),
            "n/a" if pd.isna(row["cost_gbp"]) else f"£{row['cost_gbp']:,.0f}",
            words,
            delta_color="off",
            delta_arrow="off",
            border=True,
        )


def _explained(now: PageContext) -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "The cost is known, the number of families is an estimate: each cost is the yearly cost divided by the count, "
            "in every model run of the estimate, and the range holds 90% of them. Many families make each one cheap, so the low "
            "end of the cost belongs to the high end of the count. Families are children in need divided by the children "
            f"in a family ({now.settings.children_per_family:g}). Within reach: families in neighbourhoods from whose "
            "centre an open site of the chosen kinds can be reached in the chosen time. It is a cost for each family "
            "that *could* be served, not for each that *is*: enter those that are served under Monitoring."
        )
