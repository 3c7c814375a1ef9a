"""A composite index that the user builds, the stability of its ranks, and need estimated on it."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.faults import HubreachError
from analysis.need import words as need_words
from analysis.render.figure_rows import shortened
from analysis.render.theme import DARK_BLUE
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.need_settings import COMPOSITE
from analysis.targeting import figures as targeting_figures
from analysis.targeting import maps as targeting_maps
from analysis.targeting import tables as targeting_tables
from analysis.targeting import words as targeting_words
from analysis.targeting.indicators import Indicator, indicators
from analysis.targeting.own_index import IndexProblem, OwnIndex
from analysis.targeting.recipe import IndexRecipe, read_recipe, starting_recipe
from pages.explore.targeting import parts
from pages.shared import controls, state
from pages.shared.address import keep_param
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import map_columns, plain_markdown, question, show_error, source_line
from pages.shared.loading import load_own_index
from pages.shared.maps import show_area_map

MOST_BARS = 20
NORMALISATION_NAMES = {"rank": "Rank", "z-score": "z-score", "min-max": "Min-max"}
AGGREGATION_NAMES = {"arithmetic": "Arithmetic mean", "geometric": "Geometric mean"}


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """Controls, answer, map with rank stability, chances, recipe, table, and the index as a basis."""
    recipe = _recipe(now)
    with bar:
        level = controls.choose_level(now.place)
        _choose_recipe(now, recipe)
    view = load_own_index(now.place.slug, now.settings, now.index, IndexProblem(recipe, level))
    words = targeting_words.recipe_words(now.place, now.settings.vintage, recipe)
    with head:
        question(parts.TITLE, targeting_words.index_sentence(now.need, view))
    for warning in view.warnings:
        st.warning(f"{plain_markdown(warning)}.", icon=":material/warning:")
    left, right = map_columns()
    with right:
        area = controls.choose_area(now.place, level)
    with left:
        _map(now, view, area)
    with right:
        _stability(now, view, words, area)
    _basis(now, recipe)
    _chances_and_recipe(now, view, words)
    _table(now, view, words)


def _recipe(now: PageContext) -> IndexRecipe:
    """The recipe of the address, or where a user starts; one that cannot be read is told and put aside."""
    if not now.index:
        return starting_recipe(now.place, now.settings.vintage)
    try:
        return read_recipe(now.index)
    except HubreachError as error:
        show_error(error)
        return starting_recipe(now.place, now.settings.vintage)


def _choose_recipe(now: PageContext, recipe: IndexRecipe) -> None:
    known = indicators(now.place, now.settings.vintage)
    with st.popover("Indicators and weights", icon=":material/tune:", width=240):
        st.caption("0 leaves an indicator out; only the ratios of the weights matter.")
        for key, item in known.items():
            _choose_weight(key, item, recipe, list(known))
        _choose_step(
            "index-normalisation",
            "Put on one scale by",
            NORMALISATION_NAMES,
            recipe.normalisation,
            list(known),
            help="Rank: only the order counts. z-score: distance from the mean in standard deviations. Min-max: from "
            "the least to the most.",
        )
        _choose_step(
            "index-aggregation",
            "Put together by",
            AGGREGATION_NAMES,
            recipe.aggregation,
            list(known),
            help="With a geometric mean, a low figure is made up for less easily by a high one.",
        )
        st.button(
            "Back to the start",
            icon=":material/restart_alt:",
            on_click=_forget,
            args=(list(known),),
            help="The starting weights, and no index of your own in use.",
        )


def _choose_step(
    key: str, label: str, names: dict[str, str], chosen: str, known: list[str], **options: Any
) -> None:
    choices = list(names)
    st.selectbox(
        label,
        choices,
        index=choices.index(chosen),
        format_func=names.__getitem__,
        key=key,
        on_change=_remember,
        args=(known,),
        **options,
    )


def _choose_weight(key: str, item: Indicator, recipe: IndexRecipe, known: list[str]) -> None:
    weight_key, lower_key = f"weight-{key}", f"lower-{key}"
    slider, toggle = st.columns([2, 1], vertical_alignment="bottom")
    slider.slider(
        plain_markdown(item.name),
        0.0,
        10.0,
        # As the control's own start: the browser draws a closed popover late, and takes nothing else for given.
        min(10.0, recipe.weights.get(key, 0.0)),
        step=0.5,
        format="%.1f",
        key=weight_key,
        on_change=_remember,
        args=(known,),
        help=plain_markdown(f"{item.unit}, {item.file}. {item.note}"),
    )
    toggle.toggle(
        "reverse",
        recipe.directions.get(key, item.direction) < 0,
        key=lower_key,
        on_change=_remember,
        args=(known,),
        help="On: a lower figure means more need. Off: a higher one does.",
    )


def _remember(known: list[str]) -> None:
    """Put the recipe that the controls show into the address."""
    session = st.session_state
    signed = tuple(
        (key, (-1 if session[f"lower-{key}"] else 1) * session[f"weight-{key}"])
        for key in known
        if session[f"weight-{key}"] > 0
    )
    recipe = IndexRecipe(signed, session["index-normalisation"], session["index-aggregation"])
    keep_param(state.INDEX, recipe.text)


def _forget(known: list[str]) -> None:
    for key in (*(f"weight-{k}" for k in known), *(f"lower-{k}" for k in known)):
        st.session_state.pop(key, None)
    for key in ("index-normalisation", "index-aggregation"):
        st.session_state.pop(key, None)
    _stop_using()
    keep_param(state.INDEX, "")


def _use(text: str) -> None:
    keep_param(state.INDEX, text)
    st.session_state[state.BASIS] = COMPOSITE


def _stop_using() -> None:
    if st.session_state.get(state.BASIS) == COMPOSITE:
        st.session_state[state.BASIS] = "imd"


def _map(now: PageContext, view: OwnIndex, area: str | None) -> None:
    drawn = targeting_maps.index_map(now.need, view)
    show_area_map(
        "index",
        now.shapes,
        drawn.paint,
        now.map_frame(selected=area),
        drawn.sheet,
        numbers=targeting_tables.ranks_table(now.place, view),
    )
    source_line(need_words.source_sentence(now.need), "100 is the highest index in the place, 0 the lowest.")


def _stability(now: PageContext, view: OwnIndex, words: str, area: str | None) -> None:
    rows = shortened(targeting_tables.index_rows(now.place, view), MOST_BARS, area)
    many = LEVEL_WORDS[view.level].many
    shown = f"first {len(rows)} of {len(view.ranks)}" if len(rows) < len(view.ranks) else f"all {len(rows)}"
    show_chart(
        "stability",
        lambda style: targeting_figures.rank_interval_lines(
            rows,
            style,
            title="How far the ranks would move",
            subtitle=f"{shown} {many} in the order of your index; dot: median rank, line: "
            f"{now.settings.interval:.0%} of {now.settings.draws:,} other weightings",
            of=len(view.ranks),
            selected=area,
        ),
        targeting_tables.ranks_table(now.place, view),
        source=parts.source(now, f"Index: {words}."),
        name=f"{now.place.slug} own index ranks {view.level}",
        on_point=controls.select_area,
    )


def _basis(now: PageContext, recipe: IndexRecipe) -> None:
    in_force = now.settings.basis == COMPOSITE
    with st.container(border=True, key="index-basis"):
        st.markdown(
            "**Need is estimated on your index now, on every page.**"
            if in_force
            else "**Use this index as the basis of the estimate?**"
        )
        st.markdown(targeting_words.basis_words())
        if in_force:
            st.button("Go back to the IMD", on_click=_stop_using, icon=":material/undo:", key="index-stop")
        else:
            st.button(
                "Use this index as the basis",
                on_click=_use,
                args=(recipe.text,),
                icon=":material/function:",
                key="index-use",
            )


def _chances_and_recipe(now: PageContext, view: OwnIndex, words: str) -> None:
    left, right = st.columns(2, gap="medium")
    ranks = targeting_tables.index_rows(now.place, view)
    leaders = ranks.head(max(view.top + 6, 10)).assign(in_set=lambda t: t["rank"] <= view.top)
    with left:
        show_chart(
            "index-chances",
            lambda style: targeting_figures.chance_bars(
                leaders.head(MOST_BARS),
                style,
                title=f"Who stays among the first {view.top}",
                subtitle=f"chance of the top {view.top} over {now.settings.draws:,} other weightings; hollow: not among the first "
                f"{view.top} on your index",
                colour=DARK_BLUE if now.mode == "light" else "#8FB6DA",
            ),
            leaders[["area_name", "rank", "p_top", "in_set"]],
            source=parts.source(now, f"Index: {words}."),
            name=f"{now.place.slug} own index p top {view.level}",
            on_point=controls.select_area,
        )
    with right:
        st.markdown("**What your index is made of**")
        show_table(
            "recipe",
            targeting_tables.recipe_table(now.place, now.settings.vintage, view.recipe),
            source=parts.source(now),
            name=f"{now.place.slug} own index recipe",
            column_config={
                "indicator": "Indicator",
                "share": st.column_config.NumberColumn("Share", format="%.1f%%"),
                "direction": "Direction",
                "unit": "Unit",
                "domains": "Domain",
                "file": "File",
                "note": "Note",
            },
        )


def _table(now: PageContext, view: OwnIndex, words: str) -> None:
    st.header("Every area on your index", anchor=False)
    number = st.column_config.NumberColumn
    show_table(
        "index",
        targeting_tables.ranks_table(now.place, view),
        source=parts.source(now, f"Index: {words}."),
        name=f"{now.place.slug} own index {view.level}",
        hide_index=True,
        column_config={
            "area_name": "Area",
            "composite": number("Index", format="%.3f"),
            "position": number("0 to 100 here", format="%.0f"),
            "rank": "Rank",
            "rank_median": number("Median rank", format="%.1f"),
            "rank_low": "from",
            "rank_high": "to",
            "p_top": number(f"Chance of top {view.top}", format="%.1f%%"),
        },
    )
    with st.expander("How this is worked out"):
        st.markdown(targeting_words.index_method(now.settings))
