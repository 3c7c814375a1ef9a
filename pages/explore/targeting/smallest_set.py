"""The fewest areas that hold a chosen share of need, how concentrated need is, and how sure each place is."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.need import words as need_words
from analysis.places.place import Level
from analysis.render import number_words
from analysis.render.theme import percent, tier_colour
from analysis.scenario.levels import LEVEL_WORDS
from analysis.targeting import figures as targeting_figures
from analysis.targeting import priority_view
from analysis.targeting import sheets as targeting_sheets
from analysis.targeting import view as targeting_view
from analysis.targeting import words as targeting_words
from analysis.targeting.view import FocusSet
from pages.explore.targeting import parts
from pages.shared import controls
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import question, source_line
from pages.shared.maps import show_area_map

MOST_BARS = 20


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """Controls, answer, map with ranked list, concentration, chances, table."""
    with bar:
        level = controls.choose_level(now.place)
        with st.container(width=300):
            share = parts.choose_share("Share of need to reach")
    focus = targeting_view.focus_set(now.need, now.tier, level, share)
    named = priority_view.priority_view(now.need, now.tier, share=share)
    answer = [targeting_words.set_sentence(now.need, now.tier, level, focus)]
    if named is not None:
        answer.append(targeting_words.priority_sentence(named))
    with head:
        question(parts.TITLE, " ".join(answer))
    left, right = st.columns([3, 2], gap="medium")
    with right:
        area = controls.choose_area(now.place, level)
    with left:
        _map(now, focus, level, area)
    with right:
        _ranking(now, focus, level, share, area)
    lower_left, lower_right = st.columns(2, gap="medium")
    with lower_left:
        _concentration(now, level, share)
    with lower_right:
        _chances(now, focus, level)
    _table(now, focus, level, share)


def _map(now: PageContext, focus: FocusSet, level: Level, area: str | None) -> None:
    show_area_map(
        "set",
        now.shapes,
        focus.paint,
        now.map_frame(selected=area, highlighted=focus.codes),
        targeting_sheets.set_sheet(now.need, now.tier, level, focus),
        numbers=targeting_view.focus_table(focus),
    )
    source_line(
        need_words.source_sentence(now.need), "Heavy outline: in the smallest set. Click an area to mark it."
    )


def _ranking(now: PageContext, focus: FocusSet, level: Level, share: float, area: str | None) -> None:
    rows = targeting_view.focus_rows(focus, MOST_BARS, area)
    many = LEVEL_WORDS[level].many
    shown = f"first {len(rows)} of {len(focus.table)}" if len(rows) < len(focus.table) else f"all {len(rows)}"
    show_chart(
        "set-ranking",
        lambda style: targeting_figures.set_bars(
            rows,
            style,
            title=f"{focus.count} {many} are enough for {percent(share)} of need",
            subtitle=f"{shown} {many}, estimated children in {now.tier_name.lower()}, with range as a line",
            cut=f"{percent(focus.held[0])} of need is above this line",
            selected=area,
        ),
        targeting_view.focus_table(focus),
        source=parts.source(now),
        name=f"{now.place.slug} smallest set {now.tier} {level}",
        on_point=controls.select_area,
    )


def _concentration(now: PageContext, level: Level, share: float) -> None:
    view = targeting_view.concentration_view(now.need, now.tier, level, share)
    show_chart(
        "concentration",
        lambda style: targeting_figures.concentration_lines(
            view.curve,
            style,
            title=targeting_words.concentration_title(view),
            subtitle=f"{LEVEL_WORDS[level].many} from the highest rate to the lowest; Gini coefficient {view.gini:.2f} "
            "(0: the same rate everywhere, 1: all need with one child)",
            colour=tier_colour(now.tier),
            mark=view.mark,
        ),
        view.curve,
        source=parts.source(now, f"Gini coefficient {view.gini:.4f}."),
        name=f"{now.place.slug} concentration {now.tier} {level}",
    )


def _chances(now: PageContext, focus: FocusSet, level: Level) -> None:
    rows = targeting_view.chances(focus, MOST_BARS)
    sure = targeting_view.nearly_sure(focus)
    many = LEVEL_WORDS[level].many
    show_chart(
        "chances",
        lambda style: targeting_figures.chance_bars(
            rows,
            style,
            title=f"{number_words.number_word(sure).capitalize()} of the {focus.count} are nearly certain",
            subtitle=f"P(top {focus.count}): chance to be among the {focus.count} {many} with most need, nearest to the "
            f"edge of the set; hollow: not in it. {now.settings.draws:,} simulated worlds",
            colour=tier_colour(now.tier),
        ),
        rows,
        source=parts.source(now),
        name=f"{now.place.slug} p top {focus.count} {now.tier} {level}",
        on_point=controls.select_area,
    )


def _table(now: PageContext, focus: FocusSet, level: Level, share: float) -> None:
    st.subheader("Every area in order", anchor=False)
    number = st.column_config.NumberColumn
    show_table(
        "set",
        targeting_view.focus_table(focus),
        source=parts.source(now),
        name=f"{now.place.slug} areas in order {now.tier} {level}",
        hide_index=True,
        column_config={
            "area_name": "Area",
            "ward_name": "Ward",
            "rank": "Rank",
            "in_set": "In the set",
            "children": number("Children", format="localized"),
            "value": number(f"{now.tier_name} (est.)", format="localized"),
            "low": number("from", format="localized"),
            "high": number("to", format="localized"),
            "need_share": number("Share of need", format="%.1f%%"),
            "cumulative_share": number("Need so far", format="%.1f%%"),
            "children_share": number("Children so far", format="%.1f%%"),
            "p_top": number(f"P(top {focus.count})", format="%.1f%%"),
        },
    )
    source_line(parts.source(now))
    with st.expander("How this is worked out"):
        st.markdown(
            "Areas are taken in order of their expected number of children in the tier, the largest first, until "
            f"together they hold {percent(share)}: no smaller number of areas can. Large areas come first for being "
            "large: the concentration curve, ordered by rate, allows for that. Its Gini coefficient is twice the area "
            "between the curve and the diagonal (Kakwani, Wagstaff and van Doorslaer 1997). P(top k) is the share of "
            f"the {now.settings.draws:,} simulated worlds in which an area is among the k with most need, where k is "
            "the size of the set. An area outside the set is not without need: what lies outside is "
            f"{percent(1 - focus.held[0])} of all need."
        )
