"""The map: need, reach, deprivation, children or any other figure as its colour, with each area's card and the ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pandas as pd
import streamlit as st

from analysis.benchmark.indicator_answer import (
    NEED_PREFIX,
    IndicatorAnswer,
    PairAnswer,
    all_indicators,
    answer_indicator,
    answer_pair,
    indicator_levels,
    need_indicators,
)
from analysis.benchmark.indicator_maps import IndicatorMap, indicator_map, pair_map
from analysis.benchmark.indicator_tables import look_table, pair_table, standing_table, without_empty
from analysis.benchmark.indicator_words import (
    ESTIMATED_NUMBER,
    area_figures,
    figure_card,
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
from analysis.reach.answer import ReachAnswer
from analysis.reach.maps import sites_over
from analysis.reach.measures import MEASURES, MINUTES, answer_look, reach_indicators
from analysis.render.classes import SCHEMES, Scheme
from analysis.render.figure_rows import shortened
from analysis.scenario.levels import LEVEL_WORDS
from pages.explore import area_card
from pages.explore.area_search import choose_area
from pages.explore.reach.parts import reach_source
from pages.shared import controls, site_card, state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext, context
from pages.shared.layout import choices, plain_markdown, question, source_line
from pages.shared.loading import load_level_outlines
from pages.shared.maps import MapClicks, show_area_map
from pages.shared.short_keys import adopt_address
from pages.shared.sites_in_force import SitesInForce, changes_note, current_sites
from pages.shared.travel_in_force import choose_reach_folded, choose_travel, reach_in_force

LEVELS: tuple[AreaLevel, ...] = ("ward", "msoa", "lsoa", "locality")
MOST_BARS = 22


def page() -> None:
    """Question, answer, map with the ranked list, the place in England, table."""
    now = context()
    force = current_sites(now.place)
    needs = need_indicators(now.need)
    known = needs | reach_indicators(now.need, now.tier) | all_indicators(now.need)
    names = {key: listing(indicator) for key, indicator in known.items()}
    head = st.container()
    with choices("data-controls", now.viewport):
        key = _choose_figure(names, f"{NEED_PREFIX}{now.tier}")
        layers = st.popover("Layers", icon=":material/layers:", key="layers")
        with layers:
            against, over = _choose_layers(names, key)
        chosen = [known[each] for each in (key, against) if each]
        level = _choose_level(now, chosen)
        with layers:
            scheme = _choose_scheme(known[key].at(level), against)
        terms = choose_reach_folded(now, force)
    travel = choose_travel(now, force)

    def within_reach() -> ReachAnswer:
        return reach_in_force(now, force, travel, terms)[0]

    view = within_reach() if {key, against} & set(MEASURES) else None

    def answered(each: str) -> IndicatorAnswer:
        return answer_indicator(now.need, each, level) if view is None else answer_look(view, each, level)

    answer = answered(key)
    pair = answer_pair(answer, answered(against)) if against else None
    shown = [answer] if pair is None else [answer, pair.second]
    source = look_source(now.need, answer, pair)
    with head:
        question(
            f"Where is need in {now.place.name}, and who can reach a hub?",
            look_sentence(answer) if pair is None else pair_sentence(pair),
        )
        changes_note(force)
    drawn = indicator_map(answer, source, scheme) if pair is None else pair_map(pair, source)
    table = look_table(answer) if pair is None else pair_table(pair)
    left, side = st.columns([3, 2], gap="medium")
    right = side.container(key="map-side")
    with right:
        common = [each for each in LEVELS if all(each in indicator_levels(now.need, one) for one in chosen)]
        area = choose_area(now.place, level, common, force.sites)
    with left:
        sites = force.sites if over else None
        _map(now, drawn, table, area, sites)
    with right:
        _cards(now, force, lambda: view or within_reach(), shown, area)
        _ranking(now, answer, drawn, source, area)
    # On a phone the card comes before what can wait.
    with st.container() if now.viewport == "narrow" else left:
        scenario = [] if view is None else [f"**{plain_markdown(view.line)}.**"]
        source_line(*scenario, "Click an area or a site for its card.", plain_markdown(drawn.sheet.source))
    _england(now, shown, source)
    _table(now, answer, pair, table, source)


def _cards(
    now: PageContext,
    force: SitesInForce,
    reach: Callable[[], ReachAnswer],
    shown: list[IndicatorAnswer],
    area: str | None,
) -> None:
    """The card of the chosen site and of the chosen area; reach is worked out only for them."""
    if not site_card.is_chosen() and area is None:
        return
    view = reach()
    with _sheet(now):
        if site_card.is_chosen():
            site_card.show(now, force, view, "No site is chosen")
        if area is not None:
            words = _on_the_map(shown, area)
            area_card.show(view, shown[0].level, area, reach_source(now, view), words)


@contextmanager
def _sheet(now: PageContext) -> Iterator[None]:
    """Room for the cards: beside the map; on a phone a sheet from below, over what the user looks at."""
    if now.viewport != "narrow":
        yield
        return
    with st.container(key="sheet"):
        st.button("Close", icon=":material/close:", type="tertiary", key="close-sheet", on_click=_close_cards)
        yield


def _close_cards() -> None:
    st.session_state[state.AREA] = st.session_state[state.SITE] = None


def _on_the_map(shown: list[IndicatorAnswer], area: str) -> list[str]:
    """What colours the map, said of one area, but for need, which the card has."""
    # Minutes to each child's nearest site are not those to one site, which the card has too.
    alone = len(shown) == 1 and shown[0].indicator.key != MINUTES
    return [
        f"{'On the map' if alone else plain_markdown(each.indicator.title)}: {figure_card(each, area)}"
        for each in shown
        if each.indicator.table != "need"
    ]


def _choose_figure(names: dict[str, str], first: str) -> str:
    """Key of the figure that colours the map."""
    adopt_address(state.FIGURE, names)
    with st.container(width=350):
        key: str = st.selectbox(
            "Colour by",
            list(names),
            index=list(names).index(first),
            format_func=lambda each: names.get(each, each),
            key=state.FIGURE,
            bind="query-params",
            help="Type to search: need, reach, deprivation, children by age, Census, and figures of your own.",
        )
    return key


def _choose_layers(names: dict[str, str], key: str) -> tuple[str | None, bool]:
    """Key of a second figure to compare with, if any, and whether sites are drawn over it."""
    over = st.toggle(
        "Sites",
        True,
        key=state.FIGURE_SITES,
        bind="query-params",
        help="Draw the sites that count today over the map.",
    )
    others = {each: name for each, name in names.items() if each != key}
    adopt_address(state.FIGURE_AGAINST, others)
    against: str | None = st.selectbox(
        "Compare with",
        list(others),
        index=None,
        format_func=lambda each: names.get(each, each),
        key=state.FIGURE_AGAINST,
        bind="query-params",
        placeholder="Nothing",
        help="A second figure on the same map: each area by its third of the place on both.",
    )
    return against, over


def _choose_scheme(told: Indicator, against: str | None) -> Scheme:
    """How values are put into classes, where that is not given.

    Ranks have England's fifths, two figures thirds, minutes parts of the limit.
    """
    if against or told.measure in ("rank", "decile") or told.key == MINUTES:
        return SCHEMES[0]
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


def _map(
    now: PageContext, drawn: IndicatorMap, table: pd.DataFrame, area: str | None, sites: pd.DataFrame | None
) -> None:
    sheet, marks = drawn.sheet, None
    if sites is not None:
        sheet, marks = sites_over(now.place, sites, sheet)
    show_area_map(
        "data",
        load_level_outlines(now.place.slug, drawn.paint.level),
        drawn.paint,
        now.map_frame(selected=area),
        sheet,
        sites=marks,
        numbers=table,
        clicks=MapClicks(site=site_card.select),
    )


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
    st.header(f"{now.place.name} in England", anchor=False)
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
    st.header("All figures", anchor=False)
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
        ranges=("value", "low", "high", "count") if answer.indicator.unit == ESTIMATED_NUMBER else (),
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
