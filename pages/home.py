"""Where to start: the place, its headline figures, and where to go next."""

from __future__ import annotations

import streamlit as st

from analysis.output import need_view, sentences
from pages.shared.context import context
from pages.shared.layout import question

page_context = context()
question(
    f"Early help in {page_context.place.name}: how many, where, and how sure?",
    sentences.need_sentence(page_context.need, page_context.tier, "ward"),
)
for column, row in zip(
    st.columns(4), need_view.headline_figures(page_context.need).itertuples(), strict=False
):
    column.metric(row.label, row.value, row.detail, delta_color="off", delta_arrow="off", border=True)
