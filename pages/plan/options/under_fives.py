"""The under-fives statement of a statutory consultation: before and after, ward by ward, ready for the report."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options import words as options_words
from analysis.reach.demand import whole_people
from analysis.scenario.travel import MODE_WORDS
from pages.plan.options.parts import TITLE, Comparison, choose_pair
from pages.shared.charts import Columns, show_table
from pages.shared.layout import question, source_line
from pages.shared.loading_options import load_statement

NUMBER = st.column_config.NumberColumn


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Controls, answer, table by ward, text for the report."""
    now = comparison.now
    if "children_0_4" not in now.place.areas:
        with head:
            question(TITLE, f"The files of {now.place.name} hold no children under five.")
        return
    pair = choose_pair(comparison)
    if pair is None:
        with head:
            question(TITLE, "One option is chosen: a statement needs two.")
        return
    statement = load_statement(*comparison.key, pair, comparison.terms, comparison.least_minutes)
    before, after = (comparison.reach(option) for option in pair)
    with head:
        question(
            "What can families with children under five reach?",
            options_words.statement_sentence(statement, before, after),
        )
    order = {"worse": 0, "mixed": 1, "the same": 2, "better": 3}
    ranked = statement.assign(order=statement["verdict"].map(order)).sort_values(
        ["order", "under_fives_losing", "area_name"], ascending=[True, False, True]
    )
    show_table(
        "statement",
        whole_people(ranked.drop(columns="order")),
        source=comparison.source,
        name=f"{now.place.slug} under fives {pair[0].slug} {pair[1].slug}",
        hide_index=True,
        height=560,
        column_order=[
            "area_name",
            "verdict",
            "under_fives",
            *(f"{mode}_{side}" for mode in ("walk", "cycle", "drive") for side in ("before", "after")),
            "minutes_before",
            "minutes_after",
            "under_fives_losing",
            "under_fives_out_of_reach",
            "under_fives_gaining",
            "nearest_before",
            "nearest_after",
        ],
        column_config=_columns(),
    )
    source_line(comparison.source)
    st.header("Text for the report", anchor=False)
    text = options_words.statement_text(statement, before, after)
    st.code(text, language=None, wrap_lines=True, height=320)
    st.download_button(
        "Text",
        f"{text}\n\n{comparison.source}\n",
        f"{now.place.slug}-under-fives-{pair[0].slug}-{pair[1].slug}.txt",
        "text/plain",
        key="statement-text",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help="The text above with its sources.",
    )


def _columns() -> Columns:
    columns: Columns = {
        f"{mode}_{side}": NUMBER(f"{words.way.capitalize()}, {side}", format="localized")
        for mode, words in MODE_WORDS.items()
        for side in ("before", "after")
    }
    return columns | {
        "area_name": "Ward",
        "verdict": "Families are",
        "under_fives": NUMBER("Under 5", format="localized"),
        "minutes_before": NUMBER("Minutes before", format="%.0f"),
        "minutes_after": NUMBER("after", format="%.0f"),
        "under_fives_losing": NUMBER("− lose", format="localized"),
        "under_fives_out_of_reach": NUMBER("of them out of reach", format="localized"),
        "under_fives_gaining": NUMBER("+ gain", format="localized"),
        "nearest_before": "Nearest before",
        "nearest_after": "Nearest after",
    }
