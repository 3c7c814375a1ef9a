"""What the views of the siting page share."""

from __future__ import annotations

import streamlit as st

from analysis.need import words as need_words
from analysis.siting import tables as siting_tables
from analysis.siting import words as siting_words
from analysis.siting.answer import file_name
from analysis.siting.models.model import Solution
from analysis.siting.problem import PlaceProblem
from pages.shared.charts import show_table
from pages.shared.context import PageContext
from pages.shared.layout import plain_markdown


def siting_source(now: PageContext, problem: PlaceProblem) -> str:
    """Source and assumptions under every chart, table and map of the page."""
    return (
        f"{need_words.source_sentence(now.need)} {need_words.parameters_sentence(now.need)} {problem.travel.words}. Question: "
        f"{siting_words.question_words(problem)}."
    )


def show_impossible(now: PageContext, problem: PlaceProblem, solution: Solution) -> None:
    """What cannot be met, the least change that would make it possible, and the areas in the way."""
    short = siting_words.shortfalls(solution)
    if len(short) > 1:
        st.info(plain_markdown(siting_words.shortfall_words(short)), icon=":material/info:")
    if solution.unmet:
        st.markdown("**Neighbourhoods in the way**  \n:gray[need that cannot be met as things are]")
        show_table(
            "unmet",
            siting_tables.unmet_table(problem, solution),
            source=siting_source(now, problem),
            name=f"{file_name(problem)} in the way",
            column_config={
                "area_code": None,
                "area_name": "Neighbourhood",
                "ward_name": "Ward",
                "need": st.column_config.NumberColumn("Need (est.)", format="localized"),
                "nearest_site": "Nearest candidate",
                "nearest_minutes": st.column_config.NumberColumn("Minutes", format="%.1f"),
            },
        )
    st.caption(siting_words.proof(solution))
