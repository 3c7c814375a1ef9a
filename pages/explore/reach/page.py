"""Who can reach a hub, and who cannot?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.need import words as need_words
from analysis.reach import words as reach_words
from analysis.reach.answer import ReachAnswer, gap_list
from analysis.reach.demand import whole_people
from analysis.reach.groups import By
from analysis.reach.maps import point_dots, reach_map
from analysis.render import number_words
from analysis.render.estimates import rounded_estimates
from analysis.scenario.levels import level_headings
from pages.explore.reach import assumptions, coverage, crossings, each_site, from_ward
from pages.explore.reach.parts import chosen_ward, reach_source, select_ward_of
from pages.shared import site_card, state
from pages.shared.charts import NO_FIGURE, Columns
from pages.shared.context import PageContext, context
from pages.shared.downloads import csv_button
from pages.shared.layout import map_columns, plain_markdown, question, source_line
from pages.shared.maps import MapClicks, show_area_map
from pages.shared.short_keys import adopt_address
from pages.shared.sites_in_force import changes_note, current_sites
from pages.shared.tabs import show_tabs
from pages.shared.travel_in_force import choose_reach, choose_travel, reach_in_force

POINT_WORDS = "dots: points where people live, filled where within reach"
GAP_LEVELS: tuple[By, ...] = ("ward", "lsoa", "locality")


def page() -> None:
    """Question, answer, map with a ward, the gaps and one site beside it, and tabs of what explains them."""
    now = context()
    force = current_sites(now.place)
    head = st.container()
    choice = choose_reach(now, force)
    travel = choose_travel(now, force)
    view, key = reach_in_force(now, force, travel, choice)
    with head:
        question(f"Who can reach a hub in {now.place.name}, and who cannot?", reach_words.reach_answer(view))
        changes_note(force)
    left, right = map_columns()
    ward = chosen_ward(now.place)
    with left:
        _map(now, view, ward)
    with right:
        from_ward.choose(now, view)
        _gaps(now, view)
        site_card.show(now, force, view, "What if a site opened or closed? Pick one, or click it")
    show_tabs(
        state.REACH_PART,
        {
            "How many": lambda: coverage.show(now, view, ward),
            "Each site": lambda: each_site.show(now, view),
            "Capacity": lambda: each_site.show_access(now, view),
            "A ward's view": lambda: from_ward.show(now, view, ward),
            "Water and crossings": lambda: crossings.show(now, view),
            "If assumptions were others": lambda: assumptions.show(now, view, key),
        },
        held=(state.COVERED_BY, state.DECAY),
    )
    assumptions.show_method(now, view)


def _map(now: PageContext, view: ReachAnswer, ward: str | None) -> None:
    drawn = reach_map(view, reach_source(now, view))
    shown = not now.place.at_centres and st.toggle(
        "Show the points",
        key=state.POINTS,
        bind="query-params",
        help=f"The {len(now.place.points):,} points where people are taken to live: filled within reach, hollow not.",
    )
    sheet = replace(drawn.sheet, subtitle=f"{drawn.sheet.subtitle}; {POINT_WORDS}") if shown else drawn.sheet
    show_area_map(
        "reach",
        now.shapes,
        drawn.paint,
        now.map_frame(selected=ward, catchments=drawn.catchments, dots=point_dots(view) if shown else ()),
        sheet,
        sites=drawn.sites,
        numbers=drawn.numbers,
        clicks=MapClicks(lambda code: select_ward_of(now.place, code), site_card.select),
    )
    source_line(
        f"**{plain_markdown(view.line)}.**",
        need_words.source_sentence(now.need),
        reach_words.water_sentence(view),
        f"{POINT_WORDS[:1].upper()}{POINT_WORDS[1:]}." if shown else "",
        f"Lines: how far people can come {reach_words.limit_words(view)}. Click an area for its ward's view, a site "
        "to open or close it.",
    )


def _gaps(now: PageContext, view: ReachAnswer) -> None:
    headings = level_headings(now.place, GAP_LEVELS)
    adopt_address(state.GAPS_BY, headings)
    with st.container(horizontal=True, vertical_alignment="bottom", key="gap-controls"):
        st.markdown(f"**Who is left out, worst first**  \n:gray[estimated children, {now.tier_name.lower()}]")
        by = st.segmented_control(
            "Gaps by",
            list(headings),
            format_func=headings.__getitem__,
            default="ward",
            required=True,
            key=state.GAPS_BY,
            bind="query-params",
            label_visibility="collapsed",
            help="Areas that the list adds up to. An LSOA is a census neighbourhood.",
        )
    gaps = whole_people(gap_list(view, by))
    if gaps.empty:
        st.success(f"No {reach_words.smallest_part(now.place)} is out of reach.", icon=":material/check:")
        return

    def picked() -> None:
        cells = st.session_state["table-gaps"]["selection"]["cells"]
        code = str(gaps.index[int(cells[0][0])]) if cells else None
        select_ward_of(now.place, code if by != "locality" else None)

    shown = rounded_estimates(gaps[["area_name", "need_not_reached", "nearest_name", "nearest_minutes"]])
    st.dataframe(
        shown,
        placeholder=NO_FIGURE,
        key="table-gaps",
        hide_index=True,
        on_select=picked,
        selection_mode="single-cell",
        height=min(now.map_size[1] - 150, 36 * (len(shown) + 1) + 2),
        column_config=_gap_columns(),
        alt="Areas by need not reached, with the nearest site and its minutes",
    )
    csv_button(
        "gaps", number_words.with_source(gaps, reach_source(now, view)), f"{now.place.slug} gaps by {by}"
    )


def _gap_columns() -> Columns:
    return {
        "area_name": st.column_config.TextColumn("Area", width=140),
        "need_not_reached": st.column_config.NumberColumn("Left out", format="localized", width=66),
        "nearest_name": st.column_config.TextColumn("Nearest site", width=132),
        "nearest_minutes": st.column_config.NumberColumn("min", format="%.0f", width=46),
    }


page()
