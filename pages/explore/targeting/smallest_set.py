"""The fewest areas that hold a chosen share of need, how concentrated need is, and how sure each place is."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.need import words as need_words
from analysis.render import number_words
from analysis.render.theme import percent, tier_colour
from analysis.scenario.levels import LEVEL_WORDS
from analysis.targeting import figures as targeting_figures
from analysis.targeting import maps as targeting_maps
from analysis.targeting import tables as targeting_tables
from analysis.targeting import words as targeting_words
from analysis.targeting.maps import TargetMap
from analysis.targeting.named_areas import NamedAreasProblem, named_areas
from analysis.targeting.smallest_set import SmallestSet, SmallestSetProblem, concentration, smallest_set
from pages.explore.targeting import parts
from pages.shared import controls
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import map_columns, question, source_line
from pages.shared.maps import show_area_map

MOST_BARS = 20


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """Controls, answer, map with ranked list, concentration, chances, table."""
    with bar:
        level = controls.choose_level(now.place)
        with st.container(width=300):
            share = parts.choose_share("Share of need to reach")
    focus = smallest_set(now.need, SmallestSetProblem(level, share, (now.tier,)))
    drawn = targeting_maps.set_map(now.need, focus)
    named = named_areas(now.need, NamedAreasProblem(share=share, tiers=(now.tier,)))
    answer = [targeting_words.set_sentence(now.need, focus)]
    if named is not None:
        answer.append(targeting_words.priority_sentence(named))
    with head:
        question(parts.TITLE, " ".join(answer))
    left, right = map_columns()
    with right:
        area = controls.choose_area(now.place, level)
    with left:
        _map(now, focus, drawn, area)
    with right:
        _ranking(now, focus, drawn, area)
    lower_left, lower_right = st.columns(2, gap="medium")
    with lower_left:
        _concentration(now, focus)
    with lower_right:
        _chances(now, focus)
    _table(now, focus)


def _map(now: PageContext, focus: SmallestSet, drawn: TargetMap, area: str | None) -> None:
    show_area_map(
        "set",
        now.shapes,
        drawn.paint,
        now.map_frame(selected=area, highlighted=focus.codes),
        drawn.sheet,
        numbers=targeting_tables.set_table(now.place, focus),
    )
    source_line(
        need_words.source_sentence(now.need), "Heavy outline: in the smallest set. Click an area to mark it."
    )


def _ranking(now: PageContext, focus: SmallestSet, drawn: TargetMap, area: str | None) -> None:
    rows = targeting_tables.set_rows(now.place, focus, drawn, MOST_BARS, area)
    many = LEVEL_WORDS[focus.problem.level].many
    shown = f"first {len(rows)} of {len(focus.table)}" if len(rows) < len(focus.table) else f"all {len(rows)}"
    show_chart(
        "set-ranking",
        lambda style: targeting_figures.set_bars(
            rows,
            style,
            title=f"{focus.count} {many} are enough for {percent(focus.problem.share)} of need",
            subtitle=f"{shown} {many}, estimated children who may need {now.tier_name.lower()}, with range as a line",
            cut=f"{percent(focus.held.value)} of need is above this line",
            selected=area,
        ),
        targeting_tables.set_table(now.place, focus),
        source=parts.source(now),
        name=f"{now.place.slug} smallest set {now.tier} {focus.problem.level}",
        on_point=controls.select_area,
    )


def _concentration(now: PageContext, focus: SmallestSet) -> None:
    view = concentration(now.need, focus.problem.level, focus.tiers)
    mark, curve = view.reaching(focus.problem.share), targeting_tables.concentration_table(view)
    show_chart(
        "concentration",
        lambda style: targeting_figures.concentration_lines(
            curve,
            style,
            title=targeting_words.concentration_title(mark),
            subtitle=f"{LEVEL_WORDS[focus.problem.level].many} from the highest rate to the lowest; dashed: the same rate everywhere",
            colour=tier_colour(now.tier),
            mark=mark,
        ),
        curve,
        source=parts.source(now),
        name=f"{now.place.slug} concentration {now.tier} {focus.problem.level}",
    )


def _chances(now: PageContext, focus: SmallestSet) -> None:
    rows, sure = targeting_tables.chances(now.place, focus, MOST_BARS), focus.nearly_sure
    many = LEVEL_WORDS[focus.problem.level].many
    show_chart(
        "chances",
        lambda style: targeting_figures.chance_bars(
            rows,
            style,
            title=f"{number_words.number_word(sure).capitalize()} of the {focus.count} are nearly certain",
            subtitle=f"Chance of being among the {focus.count} {many} with most need, nearest to the "
            f"edge of the set; hollow: not in it. {now.settings.draws:,} model runs",
            colour=tier_colour(now.tier),
        ),
        rows,
        source=parts.source(now),
        name=f"{now.place.slug} p top {focus.count} {now.tier} {focus.problem.level}",
        on_point=controls.select_area,
    )


def _table(now: PageContext, focus: SmallestSet) -> None:
    st.header("Every area in order", anchor=False)
    number = st.column_config.NumberColumn
    show_table(
        "set",
        targeting_tables.set_table(now.place, focus),
        ranges=("value", "low", "high"),
        source=parts.source(now),
        name=f"{now.place.slug} areas in order {now.tier} {focus.problem.level}",
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
            "p_top": number(f"Chance of top {focus.count}", format="%.1f%%"),
        },
    )
    source_line(parts.source(now))
    with st.expander("How this is worked out"):
        st.markdown(
            "Areas are taken in order of their expected number of children in the tier, the largest first, until "
            f"together they hold {percent(focus.problem.share)}: no smaller number of areas can. Large areas come first for being "
            "large: the concentration curve, ordered by rate, allows for that. Its Gini coefficient is twice the area "
            "between the curve and the diagonal (Kakwani, Wagstaff and van Doorslaer 1997). The chance of the top k is the share of "
            f"the {now.settings.draws:,} model runs in which an area is among the k with most need, where k is "
            "the size of the set. An area outside the set is not without need: what lies outside is "
            f"{percent(1 - focus.held.value)} of all need."
        )
