"""Neighbouring areas that are alike beyond chance: local Moran's I with a stated p-value."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.need import words as need_words
from analysis.scenario.levels import LEVEL_WORDS
from analysis.targeting import figures as targeting_figures
from analysis.targeting import maps as targeting_maps
from analysis.targeting import tables as targeting_tables
from analysis.targeting import words as targeting_words
from analysis.targeting.hot_spots import PERMUTATIONS, Correction, HotSpotProblem, HotSpots
from pages.explore.targeting import parts
from pages.shared import controls, state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import map_columns, question, source_line
from pages.shared.loading import load_hot_spots
from pages.shared.maps import show_area_map
from pages.shared.short_keys import adopt_address

P_VALUES = (0.05, 0.01, 0.001)
PERMUTATION_CHOICES = (999, PERMUTATIONS, 19_999)
CORRECTIONS: dict[Correction, str] = {"false-discovery": "False discovery", "none": "As it is"}


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """Controls, answer, map with scatter, table."""
    with bar:
        problem = _choose_problem(now)
    view = load_hot_spots(now.place.slug, now.settings, now.index, problem)
    with head:
        question(parts.TITLE, targeting_words.hot_spot_sentence(now.need, view))
    left, right = map_columns()
    with right:
        area = controls.choose_area(now.place, problem.level)
    with left:
        _map(now, view, area)
    with right:
        _scatter(now, view)
    _table(now, view)


def _choose_problem(now: PageContext) -> HotSpotProblem:
    level = controls.choose_level(now.place, HotSpotProblem.level, state.SPOTS_LEVEL)
    with st.container(width=160):
        p_value = st.selectbox(
            "By chance at most",
            P_VALUES,
            format_func=lambda value: f"{value:g}",
            key=state.P_VALUE,
            bind="query-params",
            help="An area counts as a spot when chance alone would give a pattern like its own at most this often.",
        )
    adopt_address(state.CORRECTION, CORRECTIONS)
    with st.container(width=150):
        correction = st.selectbox(
            "For many tests",
            list(CORRECTIONS),
            format_func=CORRECTIONS.__getitem__,
            key=state.CORRECTION,
            bind="query-params",
            help="False discovery (Benjamini and Hochberg 1995): among the spots shown, at most the stated share is "
            "expected to be chance.",
        )
    with st.container(width=130):
        permutations = st.selectbox(
            "Reshuffles",
            PERMUTATION_CHOICES,
            index=PERMUTATION_CHOICES.index(PERMUTATIONS),
            format_func=lambda count: f"{count:,}",
            key=state.PERMUTATIONS,
            bind="query-params",
            help=f"Random reshuffles that say what chance alone would give. Default {PERMUTATIONS:,}.",
        )
    return HotSpotProblem(level, p_value, correction, permutations, (now.tier,))


def _map(now: PageContext, view: HotSpots, area: str | None) -> None:
    drawn = targeting_maps.hot_spot_map(now.need, view)
    show_area_map(
        "hot",
        now.shapes,
        drawn.paint,
        now.map_frame(selected=area, highlighted=view.hot),
        drawn.sheet,
        numbers=targeting_tables.spots_table(now.place, view),
    )
    source_line(need_words.source_sentence(now.need), "Heavy outline: hot spot.")


def _scatter(now: PageContext, view: HotSpots) -> None:
    show_chart(
        "moran",
        lambda style: targeting_figures.moran_points(
            view.spots,
            style,
            title="Hot spots have high rates among high rates",
            subtitle=f"each {LEVEL_WORDS[view.problem.level].one}: its rate, and the mean of its neighbours; dotted: the mean "
            "of all. Full triangles: ▲ hot, ▼ cold; hollow: unlike their neighbours",
        ),
        targeting_tables.spots_table(now.place, view),
        source=parts.source(now),
        name=f"{now.place.slug} hot spots {now.tier} {view.problem.level}",
        on_point=controls.select_area,
    )


def _table(now: PageContext, view: HotSpots) -> None:
    method = targeting_words.hot_spot_method(view.problem.permutations)
    st.header("Every area, spots first", anchor=False)
    number = st.column_config.NumberColumn
    show_table(
        "hot",
        targeting_tables.spots_table(now.place, view),
        source=parts.source(now, method),
        name=f"{now.place.slug} hot spots table {now.tier} {view.problem.level}",
        hide_index=True,
        column_order=[
            "area_name",
            "ward_name",
            "kind_words",
            "value",
            "neighbours_mean",
            "p_value",
            "local_moran",
        ],
        column_config={
            "area_name": "Area",
            "ward_name": "Ward",
            "kind_words": "Kind",
            "value": number("per 1,000 (est.)", format="%.0f"),
            "neighbours_mean": number("neighbours' mean", format="%.0f"),
            "p_value": number("By chance alone", format="percent"),
            "local_moran": number("Likeness to neighbours", format="%.2f"),
        },
    )
    with st.expander("How this is worked out"):
        st.markdown(method)
