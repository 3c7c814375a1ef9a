"""A weighted score, for those who ask for one, with how stable its ranking is."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options import figures
from analysis.options.scores import scorable, score_options
from analysis.options.words import score_sentence
from pages.plan.options.parts import Comparison
from pages.shared.charts import show_chart, show_table
from pages.shared.layout import plain_markdown, question, source_line

QUESTION = "If you weigh the figures, which option comes first?"


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Weights, all 0 at first; then the answer, its stability and the table."""
    view, now = comparison.view, comparison.now
    usable = scorable(view.figures, view.rows) if len(view.figures) > 1 else []
    if not usable:
        with head:
            question(QUESTION, "There is nothing to weigh: choose two options that differ.")
        return
    st.caption("A score hides who loses. It is worked out only once you give a figure a weight.")
    with st.container(key="score-weights", horizontal=True, gap="medium"):
        weights = {
            row.key: st.number_input(
                f"{row.group}: {row.label}",
                0.0,
                10.0,
                0.0,
                1.0,
                format="%.0f",
                width=230,
                key=f"w-{row.key}",
                bind="query-params",
                help=f"{'More' if row.better == 'higher' else 'Less'} is better. {row.help}".strip(),
            )
            for row in usable
        }
    if not any(weights.values()):
        with head:
            question(QUESTION, "No figure has a weight yet, so there is no score.")
        return
    scores = score_options(view.figures, view.rows, weights)
    with head:
        question(QUESTION, score_sentence(scores))
    said = ", ".join(f"{row.label} {weights[row.key]:g}" for row in usable if weights[row.key])
    source = f"{comparison.source} Weights: {said}. 1,000 model runs of weights, scales and means, seed 1."
    show_chart(
        "score",
        lambda style: figures.score_dots(
            scores,
            style,
            title="Rank, and the ranks it takes when the weights are not exact",
            subtitle="grey: 90% of 1,000 model runs of weights around yours, with another scale or mean",
        ),
        scores,
        source=source,
        name=f"{now.place.slug} options score",
    )
    show_table(
        "score-table", scores, source=source, name=f"{now.place.slug} options score table", hide_index=True
    )
    source_line(plain_markdown(source))
