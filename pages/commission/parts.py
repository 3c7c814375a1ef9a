"""What the views share: editors that keep their start, pounds as people write them, tables of money, the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.commissioning.assumptions import Assumption
from analysis.commissioning.tables import changed, items_table, table_items
from analysis.commissioning.words import blank_words
from analysis.render.number_words import with_source
from analysis.render.theme import nearest_ten
from pages.commission.drafts import Draft, R
from pages.shared.context import PageContext
from pages.shared.downloads import csv_button
from pages.shared.layout import plain_markdown, show_error

T = TypeVar("T")
NUMBER = st.column_config.NumberColumn
CERTAINTY_COLUMN = st.column_config.SelectboxColumn(
    "Certainty",
    options=["guaranteed", "expected", "at risk"],
    required=True,
    default="expected",
    help="How certain the money is: what is at risk can be left out with one switch.",
)


def money_column(label: str, help_text: str | None = None) -> Any:
    """Column of pounds."""
    return NUMBER(label, format="localized", help=help_text, step=0.01)


def edit_table(key: str, start: Callable[[], pd.DataFrame], **options: Any) -> pd.DataFrame:
    """A table to edit or to paste into; it starts from `start()` when it appears and keeps that while shown."""
    kept = f"start-{key}"
    if key not in st.session_state or kept not in st.session_state:
        st.session_state[kept] = start()
    edited: pd.DataFrame = st.data_editor(st.session_state[kept], key=key, **{"placeholder": "", **options})
    return edited


def text_pounds(amount: Decimal | None) -> str:
    """An amount as it stands in a box: £705,000, with pence where there are any."""
    if amount is None:
        return ""
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


def ask_pounds(label: str, key: str, amount: Decimal | None, help_text: str) -> str:
    """Pounds as people write or paste them; checked with the record that they go into."""
    return st.text_input(label, text_pounds(amount), key=key, help=help_text, placeholder="£")


def ask_percent(
    label: str,
    key: str,
    value: float,
    help_text: str,
    *,
    most: float = 100.0,
    step: float = 0.5,
    least: float = 0.0,
) -> Decimal:
    """Per cent, kept in the address."""
    given = st.number_input(
        label, least, most, value, step, key=key, bind="query-params", help=help_text, format="%.1f"
    )
    return Decimal(str(given))


def attempt(work: Callable[[], T], otherwise: T) -> T:
    """The result of some work, or what there was before with one box that says what is wrong."""
    try:
        return work()
    except HubreachError as error:
        show_error(error)
        return otherwise


def show_money(
    key: str,
    exact: pd.DataFrame,
    *,
    source: str,
    name: str,
    columns: dict[str, Any] | None = None,
    **options: Any,
) -> None:
    """A table of exact decimals: shown with thousands separated, downloaded to the penny."""
    shown = exact.copy()
    for column in shown.columns[[str(c).endswith("_gbp") for c in shown.columns]]:
        shown[column] = shown[column].map(lambda a: None if a is None else float(a)).astype(float)
    money = {str(c): money_column(_heading(str(c))) for c in shown.columns if str(c).endswith("_gbp")}
    st.dataframe(
        shown,
        placeholder="",
        key=f"table-{key}",
        hide_index=True,
        column_config=money | (columns or {}),
        **options,
    )
    csv_button(key, with_source(exact, source).set_index(exact.columns[0]), name)


def _heading(column: str) -> str:
    known = {
        "cash_gbp": "Cash, £",
        "present_value_gbp": "Present value, £",
        "funded_gbp": "Funded, £",
        "gap_gbp": "Gap, £",
        "gap_without_at_risk_gbp": "Gap without what is at risk, £",
        "total_gbp": "Total, £",
        "change_gbp": "Change on the year before, £",
    }
    words = column.removesuffix("_gbp").replace("_", " ")
    return known.get(column, f"{words[:1].upper()}{words[1:]}, £")


def needs_box(blanks: Iterable[Assumption], headline: str) -> None:
    """What is blank and who can fill it: an empty state that says what to do next."""
    by_person: dict[str, list[str]] = {}
    for item in blanks:
        by_person.setdefault(item.confirm_with, []).append(blank_words(item.parameter))
    lines = [f"**{headline}**"]
    for person, parameters in by_person.items():
        lines.append(f"- from {plain_markdown(person)}: {plain_markdown('; '.join(parameters))}")
    st.info("\n".join(lines), icon=":material/edit_note:")


def assumptions_and_log(draft: Draft[R], log: pd.DataFrame, *, name: str) -> None:
    """The parameter log, and a table of the user's own assumptions to add to it."""
    st.header("Parameter log", anchor=False)
    open_points = int((log["confirm_with"] != "").sum())
    st.markdown(f"{len(log)} parameters; **{open_points}** still to be confirmed, each with whom to ask.")
    st.dataframe(
        log,
        key=f"table-log-{draft.kind}",
        hide_index=True,
        column_config={
            "subject": "Of",
            "parameter": "Parameter",
            "value": "Value",
            "source": st.column_config.TextColumn("Source or reason", width="large"),
            "confirm_with": "To be confirmed with",
        },
    )
    csv_button(f"log-{draft.kind}", log.set_index("subject"), f"{name} parameter log")
    with st.expander("Add or change assumptions"):
        columns = ["parameter", "value", "reason", "confirm_with"]
        edited = edit_table(
            draft.key("assumptions"),
            lambda: items_table(draft.record.assumptions, columns),  # type: ignore[attr-defined]
            num_rows="dynamic",
            hide_index=True,
            column_config={
                "parameter": st.column_config.TextColumn("Parameter", required=True),
                "value": st.column_config.TextColumn("Value", default=""),
                "reason": st.column_config.TextColumn("Source or reason", default="", width="large"),
                "confirm_with": st.column_config.TextColumn("To be confirmed with", default=""),
            },
        )
        rows = [
            {"value": "", "reason": "", "confirm_with": "", **row} for row in table_items(edited, "parameter")
        ]
        record = attempt(lambda: changed(draft.record, assumptions=rows), draft.record)
    if record != draft.record:
        draft.change(record)
        st.rerun()


def range_words(row: pd.Series) -> str:
    """The range of a unit cost, and how many it is divided by."""
    low, high = f"£{row['cost_low_gbp']:,.0f}", f"£{row['cost_high_gbp']:,.0f}"
    return f"{low} to {high}, for an estimated {nearest_ten(row['count'])}"


def tier_words(now: PageContext, weights: dict[str, float]) -> str:
    """Need in words: one tier, or a blend."""
    named = [
        f"{tier.name.lower()}{'' if len(weights) == 1 else f' × {weights[tier.key]:g}'}"
        for tier in now.settings.tiers
        if weights.get(tier.key)
    ]
    return f"need for {' + '.join(named)}" if named else "need"
