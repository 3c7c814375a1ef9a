"""What do the figures say? Any of them on the map, against England, and two at once."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.benchmark.indicator_answer import (
    IndicatorAnswer,
    PairAnswer,
    all_indicators,
    answer_indicator,
    answer_pair,
    indicator_levels,
)
from analysis.benchmark.indicator_maps import IndicatorMap, indicator_map, pair_map
from analysis.benchmark.indicator_tables import look_table, pair_table, standing_table, without_empty
from analysis.benchmark.indicator_words import (
    area_card,
    area_figures,
    level_words,
    listing,
    look_sentence,
    look_source,
    look_title,
    map_title,
    pair_sentence,
)
from analysis.need import figures as need_figures
from analysis.places.indicators import Indicator
from analysis.places.place import AreaLevel
from analysis.reach.maps import sites_over
from analysis.render.classes import SCHEMES, Scheme
from analysis.render.figure_rows import shortened
from analysis.scenario.levels import LEVEL_WORDS
from pages.shared import controls, state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext, context
from pages.shared.layout import choices, map_columns, plain_markdown, question, source_line
from pages.shared.loading import load_level_outlines
from pages.shared.maps import show_area_map
from pages.shared.short_keys import adopt_address
from pages.shared.sites_in_force import current_sites

LEVELS: tuple[AreaLevel, ...] = ("ward", "msoa", "lsoa", "locality")
FIRST = "imd_score"
MOST_BARS = 22


def page() -> None:
    """Question, answer, map with the ranked list, the place in England, table."""
    now = context()
    known = all_indicators(now.need)
    head = st.container()
    with choices("data-controls", now.viewport):
        key, against = _choose_figures(known)
        level = _choose_level(now, [known[each] for each in (key, against) if each])
        scheme = _choose_scheme(known[key].at(level), against)
        over = st.toggle(
            "Sites",
            key=state.FIGURE_SITES,
            bind="query-params",
            help="Draw the sites that count today over the map.",
        )
    answer = answer_indicator(now.need, key, level)
    pair = answer_pair(answer, answer_indicator(now.need, against, level)) if against else None
    shown = [answer] if pair is None else [answer, pair.second]
    source = look_source(now.need, answer, pair)
    with head:
        question(
            f"What do the figures say of {now.place.name}?",
            look_sentence(answer) if pair is None else pair_sentence(pair),
        )
    drawn = indicator_map(answer, source, scheme) if pair is None else pair_map(pair, source)
    table = look_table(answer) if pair is None else pair_table(pair)
    left, right = map_columns()
    with right:
        area = controls.choose_area(now.place, level)
    with left:
        _map(now, drawn, table, area, over=over)
    with right:
        _card(shown, area)
        _ranking(now, answer, drawn, source, area)
    _england(now, shown, source)
    _table(now, answer, pair, table, source)


def _choose_figures(known: dict[str, Indicator]) -> tuple[str, str | None]:
    """Keys of the figure and of the second one, if any."""
    names = {key: listing(indicator) for key, indicator in known.items()}
    adopt_address(state.FIGURE, names)
    with st.container(width=420):
        key = st.selectbox(
            "Figure",
            list(names),
            index=list(names).index(FIRST) if FIRST in names else 0,
            format_func=lambda each: names.get(each, each),
            key=state.FIGURE,
            bind="query-params",
            help="Type to search: deprivation, children by age, Census, need, and figures of your own.",
        )
    others = {each: name for each, name in names.items() if each != key}
    adopt_address(state.FIGURE_AGAINST, others)
    with st.container(width=300):
        against: str | None = st.selectbox(
            "And at once",
            list(others),
            index=None,
            format_func=lambda each: names.get(each, each),
            key=state.FIGURE_AGAINST,
            bind="query-params",
            placeholder="One figure only",
            help="A second figure on the same map: each area by its third of the place on both.",
        )
    return key, against


def _choose_scheme(told: Indicator, against: str | None) -> Scheme:
    """How values are put into classes, where that is not given: ranks have England's fifths, two figures thirds."""
    if against or told.measure in ("rank", "decile"):
        return SCHEMES[0]
    with st.container(width=170):
        return controls.choose_scheme()


def _choose_level(now: PageContext, chosen: list[Indicator]) -> AreaLevel:
    """The level in force: what is not published so finely is shown by ward, and said to be."""
    level = controls.choose_area_level(now.place, LEVELS, "ward", state.FIGURE_LEVEL)
    for indicator in chosen:
        if level not in indicator_levels(now.need, indicator):
            many = level_words(level)
            st.caption(f"By ward: there are no figures of {plain_markdown(indicator.title)} for {many}.")
            return "ward"
    return level


def _map(now: PageContext, drawn: IndicatorMap, table: pd.DataFrame, area: str | None, *, over: bool) -> None:
    sheet, marks = drawn.sheet, None
    if over:
        force = current_sites(now.place)
        sheet, marks = sites_over(now.place, force.sites, sheet)
    show_area_map(
        "data",
        load_level_outlines(now.place.slug, drawn.paint.level),
        drawn.paint,
        now.map_frame(selected=area),
        sheet,
        sites=marks,
        numbers=table,
    )
    source_line(plain_markdown(sheet.source), "Click an area for its card.")


def _card(answers: list[IndicatorAnswer], area: str | None) -> None:
    """What is known of the chosen area on the figures shown."""
    if area is None or area not in answers[0].table.index:
        return
    with st.container(border=True, key="data-card"):
        st.markdown(f"**{plain_markdown(str(answers[0].table.loc[area, 'area_name']))}**")
        for answer in answers:
            st.markdown(f"{plain_markdown(map_title(answer.indicator))}: {area_card(answer, area)}")


def _ranking(
    now: PageContext, answer: IndicatorAnswer, drawn: IndicatorMap, source: str, area: str | None
) -> None:
    known = answer.known
    rows = known.assign(fill=drawn.fill.reindex(known.index), words=area_figures(answer).reindex(known.index))
    rows = rows.drop(columns=["low", "high"] if known["low"].isna().all() else [])
    shown = shortened(rows, MOST_BARS, area)
    many = LEVEL_WORDS[answer.level].many
    part = (
        f"first {len(shown)} of {len(rows)} {many}" if len(shown) < len(rows) else f"all {len(rows)} {many}"
    )
    if len(rows):
        show_chart(
            "data-ranking",
            lambda style: need_figures.ranking_bars(
                shown,
                style,
                title=look_title(answer),
                subtitle=f"{part}: {map_title(answer.indicator)}",
                selected=area,
            ),
            look_table(answer),
            source=source,
            name=f"{now.place.slug} {answer.indicator.key} ranked {answer.level}",
            on_point=controls.select_area,
        )


def _england(now: PageContext, answers: list[IndicatorAnswer], source: str) -> None:
    """The place against England, figure by figure."""
    table = standing_table(answers)
    if table.empty:
        return
    st.subheader(f"{now.place.name} in England", anchor=False)
    show_table(
        "data-england",
        table,
        source=source,
        name=f"{now.place.slug} {answers[0].indicator.key} in England",
        column_config={
            "figure": st.column_config.TextColumn("Figure", width="medium"),
            "place": now.place.name,
            "england": "England",
            "rank": "Rank (1 has most need)" if answers[0].whole.direction else "Rank (1 has the highest)",
            "peers": "of",
            "among": "",
        },
    )


def _table(
    now: PageContext, answer: IndicatorAnswer, pair: PairAnswer | None, table: pd.DataFrame, source: str
) -> None:
    st.subheader("All figures", anchor=False)
    names = {
        "area_name": "Area",
        "value": map_title(answer.indicator),
        "low": "from",
        "high": "to",
        "rank": "Rank",
        "england_percentile": "% of England's areas with less need",
        "count": "Count",
        "parts": "Parts",
        "parts_missing": "Parts without a figure",
        "first_third": "Third on it",
    }
    if pair is not None:
        second = map_title(pair.second.indicator)
        names |= {"second_value": second, "second_third": "Third on the second"}
    shown = without_empty(table)
    show_table(
        "data",
        shown,
        source=source,
        name=f"{now.place.slug} {answer.indicator.key} by {answer.level}",
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(heading, format="localized")
            if pd.api.types.is_numeric_dtype(shown[name])
            else heading
            for name, heading in names.items()
            if name in shown
        },
    )
    source_line(plain_markdown(source))
    with st.expander("How this is worked out"):
        st.markdown(
            f"{plain_markdown(answer.indicator.method)} Every level is worked out from the smallest areas that a figure is "
            "published for, never as a mean of means. England and its authorities are put together in the same way from "
            "all of England's areas; an area's percentile is its place among England's areas of the same level, those with "
            "the same figure counting half. Two at once: areas are cut into thirds of the place by need (of context, by "
            "height); areas of equal figures are in the same third, so thirds need not be of one size."
        )


page()
