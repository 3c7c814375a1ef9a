"""The best set: on the map, what each site adds, who is assigned where, and its reach."""

from __future__ import annotations

import streamlit as st

from analysis.reach.answer import ReachView
from analysis.reach.maps import reach_map
from analysis.reach.sites import site_marks
from analysis.reach.tables import coverage_order, summary_table
from analysis.siting import tables as siting_tables
from analysis.siting import view as siting_view
from analysis.siting import words as siting_words
from analysis.siting.maps import assignment_map
from analysis.siting.models.model import SitingResult
from analysis.siting.view import SitingSetting
from pages.explore.reach.coverage import area_columns, summary_columns
from pages.plan.siting.opening import open_as_option
from pages.plan.siting.parts import show_impossible, siting_source
from pages.shared import state
from pages.shared.charts import Columns, show_table
from pages.shared.context import PageContext
from pages.shared.layout import source_line
from pages.shared.maps import NO_CLICKS, show_area_map
from pages.shared.short_keys import adopt_address

COLOURS = {"minutes": "Minutes", "assigned": "Who goes where"}


def show_best(now: PageContext, setting: SitingSetting, best: SitingResult) -> None:
    """Map and proof beside what each site adds; then the assignment and the reach of the set."""
    if not best.sites:
        show_impossible(now, setting, best)
        return
    reach = siting_view.set_reach(setting, best)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        colours = _colours()
        limited = setting.choice.model in siting_view.WITH_MINUTES
        what = (
            "need within reach, and by this site alone" if limited else "need assigned, and minutes it saves"
        )
        st.markdown(f"**What each site adds**  \n:gray[estimated {what}]")
        show_table(
            "chosen",
            siting_tables.chosen_table(setting, best),
            source=siting_source(now, setting),
            name=siting_view.file_name(setting),
            column_config=_columns(),
        )
        open_as_option(now, setting, best, "best")
    with left:
        if colours == "assigned":
            _assignment(now, setting, best)
        else:
            _minutes(now, setting, best, reach)
        source_line(siting_words.proof(best), f"{len(setting.candidates)} candidate sites.")
    _tables(now, setting, best, reach)


def _colours() -> str:
    adopt_address(state.SITING_COLOURS, COLOURS)
    chosen: str = st.segmented_control(
        "The map shows",
        list(COLOURS),
        format_func=COLOURS.__getitem__,
        default="minutes",
        required=True,
        key=state.SITING_COLOURS,
        bind="query-params",
        help="Minutes to the nearest chosen site, or each neighbourhood in the colour of the site it is assigned to.",
    )
    return chosen


def _minutes(now: PageContext, setting: SitingSetting, best: SitingResult, reach: ReachView) -> None:
    planned = siting_view.planned_sites(setting, best)
    marks = site_marks(planned[planned["is_open"]], now.place.kinds, reach.site_table)
    drawn = reach_map(reach, siting_source(now, setting), marks)
    show_area_map(
        "siting",
        now.shapes,
        drawn.paint,
        now.map_frame(
            catchments=drawn.catchments if setting.choice.model in siting_view.WITH_MINUTES else (),
            legend_px=(225, 190),
        ),
        drawn.sheet,
        sites=drawn.sites,
        numbers=drawn.numbers,
        clicks=NO_CLICKS,
    )


def _assignment(now: PageContext, setting: SitingSetting, best: SitingResult) -> None:
    drawn = assignment_map(setting, best, siting_source(now, setting))
    show_area_map(
        "assigned",
        now.shapes,
        drawn.paint,
        now.map_frame(legend_px=(260, 220)),
        drawn.sheet,
        sites=drawn.sites,
        numbers=drawn.numbers,
        clicks=NO_CLICKS,
    )


def _tables(now: PageContext, setting: SitingSetting, best: SitingResult, reach: ReachView) -> None:
    source, name = siting_source(now, setting), siting_view.file_name(setting)
    if siting_words.limited_places(setting):
        st.caption(
            "The answer counts places; the map and the tables below count everyone within a catchment."
        )
    number = st.column_config.NumberColumn
    st.subheader("Who is assigned where", anchor=False)
    show_table(
        "assignment",
        siting_tables.assignment_table(setting, best),
        source=source,
        name=f"{name} assignment",
        height=320,
        hide_index=True,
        column_config={
            "site_id": None,
            "area_name": "Neighbourhood",
            "ward_name": "Ward",
            "site": "Assigned to",
            "hosts": "Hosts",
            "minutes": number("Minutes", format="%.1f"),
            "need": number("Need (est.)", format="localized"),
            "within": "Near enough",
        },
    )
    st.subheader("Reach of this set", anchor=False)
    show_table(
        "set-summary",
        summary_table(reach),
        source=source,
        name=f"{name} reach",
        hide_index=True,
        placeholder="",
        column_config=summary_columns(),
    )
    show_table(
        "set-wards",
        coverage_order(reach, "ward"),
        source=source,
        name=f"{name} wards",
        hide_index=True,
        column_config=area_columns(reach),
    )


def _columns() -> Columns:
    number = st.column_config.NumberColumn
    return {
        "site_id": None,
        "name": st.column_config.TextColumn("Site", width=235),
        "hosts": st.column_config.TextColumn("Hosts", width=75),
        "need_within": number("Reaches", format="localized", width=72, help="Need within its catchment."),
        "need_only_here": number(
            "Only here", format="localized", width=78, help="Need that no other chosen site reaches."
        ),
        "need_assigned": number(
            "Nearest for", format="localized", width=88, help="Need that is assigned to it."
        ),
        "extra_minutes_without": number(
            "Saves (minutes)", format="localized", width=112, help="Child-minutes that closing it would add."
        ),
        "kind": "Kind today",
    }
