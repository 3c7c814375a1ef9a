"""Neighbouring areas that are alike beyond chance: local Moran's I with a stated p-value."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.need import words as need_words
from analysis.places.place import Level
from analysis.scenario.levels import LEVEL_WORDS
from analysis.targeting import hot_spot_view, spot_figures
from analysis.targeting import sheets as targeting_sheets
from analysis.targeting import words as targeting_words
from analysis.targeting.hot_spot_view import HotSpotView
from analysis.targeting.hotspots import PERMUTATIONS, Correction
from pages.explore.targeting import parts
from pages.shared import controls, state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import question, source_line
from pages.shared.loading import load_hot_spots
from pages.shared.maps import show_area_map
from pages.shared.short_keys import adopt_address

P_VALUES = (0.05, 0.01, 0.001)
PERMUTATION_CHOICES = (999, PERMUTATIONS, 19_999)
CORRECTIONS: dict[Correction, str] = {"none": "As it is", "false-discovery": "False discovery"}


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """Controls, answer, map with scatter, table."""
    with bar:
        level = controls.choose_level(now.place, "lsoa", state.SPOTS_LEVEL)
        p_value, correction, permutations = _choose_test()
    spots = load_hot_spots(
        now.place.slug, now.settings, now.index, (now.tier, level, p_value, correction, permutations)
    )
    view = hot_spot_view.hot_spot_view(now.need, spots, level)
    with head:
        question(
            parts.TITLE,
            targeting_words.hot_spot_sentence(view, now.tier_name, level, p_value, correction),
        )
    left, right = st.columns([3, 2], gap="medium")
    with right:
        area = controls.choose_area(now.place, level)
    with left:
        _map(now, view, level, permutations, area)
    with right:
        _scatter(now, view, level)
    _table(now, view, level, permutations)


def _choose_test() -> tuple[float, Correction, int]:
    with st.container(width=120):
        p_value = st.selectbox(
            "p-value up to",
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
            "Permutations",
            PERMUTATION_CHOICES,
            index=PERMUTATION_CHOICES.index(PERMUTATIONS),
            format_func=lambda count: f"{count:,}",
            key=state.PERMUTATIONS,
            bind="query-params",
            help=f"Random reshuffles behind each p-value. Default {PERMUTATIONS:,}.",
        )
    return p_value, correction, permutations


def _map(now: PageContext, view: HotSpotView, level: Level, permutations: int, area: str | None) -> None:
    method = targeting_words.hot_spot_method(permutations)
    show_area_map(
        "hot",
        now.shapes,
        view.paint,
        now.map_frame(selected=area, highlighted=view.hot),
        targeting_sheets.hot_spot_sheet(now.need, now.tier, level, view, method),
        numbers=hot_spot_view.spots_table(view),
    )
    source_line(need_words.source_sentence(now.need), "Heavy outline: hot spot.")


def _scatter(now: PageContext, view: HotSpotView, level: Level) -> None:
    show_chart(
        "moran",
        lambda style: spot_figures.moran_points(
            view.spots,
            style,
            title="Hot spots have high rates among high rates",
            subtitle=f"each {LEVEL_WORDS[level].one}: its rate, and the mean of its neighbours; dotted: the mean "
            "of all. Full triangles: ▲ hot, ▼ cold; hollow: unlike their neighbours",
            symbols=hot_spot_view.SYMBOLS,
            names=hot_spot_view.NAMES,
        ),
        hot_spot_view.spots_table(view),
        source=parts.source(now),
        name=f"{now.place.slug} hot spots {now.tier} {level}",
        on_point=controls.select_area,
    )


def _table(now: PageContext, view: HotSpotView, level: Level, permutations: int) -> None:
    st.subheader("Every area, spots first", anchor=False)
    number = st.column_config.NumberColumn
    show_table(
        "hot",
        hot_spot_view.spots_table(view),
        source=parts.source(now, f"{targeting_words.hot_spot_method(permutations)}"),
        name=f"{now.place.slug} hot spots table {now.tier} {level}",
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
            "p_value": number("p", format="%.4f"),
            "local_moran": number("local Moran's I", format="%.2f"),
        },
    )
    with st.expander("How this is worked out"):
        st.markdown(targeting_words.hot_spot_method(permutations))
