"""The best set: on the map, what each site adds, who is assigned where, and its reach."""

from __future__ import annotations

import streamlit as st

from analysis.reach.answer import ReachAnswer
from analysis.reach.maps import reach_map
from analysis.reach.sites import site_marks
from analysis.reach.tables import coverage_order
from analysis.siting import tables as siting_tables
from analysis.siting import words as siting_words
from analysis.siting.answer import file_name, planned_sites, set_reach
from analysis.siting.maps import assignment_map
from analysis.siting.models.model import Solution
from analysis.siting.problem import WITH_RADIUS, PlaceProblem
from pages.explore.reach.coverage import area_columns, show_summary
from pages.plan.siting.opening import open_as_option
from pages.plan.siting.parts import show_impossible, siting_source
from pages.shared import state
from pages.shared.charts import Columns, show_table
from pages.shared.context import PageContext
from pages.shared.layout import map_columns, source_line
from pages.shared.maps import NO_CLICKS, show_area_map
from pages.shared.short_keys import adopt_address

COLOURS = {"minutes": "Minutes", "assigned": "Who goes where"}


def show_best(now: PageContext, problem: PlaceProblem, best: Solution) -> None:
    """Map and proof beside what each site adds; then the assignment and the reach of the set."""
    if not best.sites:
        show_impossible(now, problem, best)
        return
    reach = set_reach(problem, best, now.tier)
    left, right = map_columns()
    with right:
        colours = _colours()
        limited = problem.terms.model in WITH_RADIUS
        what = (
            "need within reach, and by this site alone" if limited else "need assigned, and minutes it saves"
        )
        st.markdown(f"**What each site adds**  \n:gray[estimated {what}]")
        chosen = siting_tables.chosen_table(problem, best).round({"extra_minutes_without": 0})
        if len(best.kinds):
            # A closed hub's people might go to outreach: minutes saved say nothing of two kinds.
            chosen = chosen.drop(columns="extra_minutes_without")
        show_table(
            "chosen",
            chosen,
            source=siting_source(now, problem),
            name=file_name(problem),
            column_config=_columns(),
        )
        open_as_option(now, problem, best, "best")
    with left:
        if colours == "assigned":
            _assignment(now, problem, best)
        else:
            _minutes(now, problem, best, reach)
        source_line(siting_words.proof(best), f"{len(problem.candidates)} candidate sites.")
    _tables(now, problem, best, reach)


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


def _minutes(now: PageContext, problem: PlaceProblem, best: Solution, reach: ReachAnswer) -> None:
    planned = planned_sites(problem, best)
    marks = site_marks(planned[planned["is_open"]], now.place.kinds, reach.site_table)
    drawn = reach_map(reach, siting_source(now, problem), marks)
    show_area_map(
        "siting",
        now.shapes,
        drawn.paint,
        now.map_frame(catchments=drawn.catchments if problem.terms.model in WITH_RADIUS else ()),
        drawn.sheet,
        sites=drawn.sites,
        numbers=drawn.numbers,
        clicks=NO_CLICKS,
    )


def _assignment(now: PageContext, problem: PlaceProblem, best: Solution) -> None:
    drawn = assignment_map(problem, best, siting_source(now, problem))
    show_area_map(
        "assigned",
        now.shapes,
        drawn.paint,
        now.map_frame(),
        drawn.sheet,
        sites=drawn.sites,
        numbers=drawn.numbers,
        clicks=NO_CLICKS,
    )


def _tables(now: PageContext, problem: PlaceProblem, best: Solution, reach: ReachAnswer) -> None:
    source, name = siting_source(now, problem), file_name(problem)
    if problem.terms.has_capacities:
        st.caption(
            "The answer counts places; the map and the tables below count everyone within a catchment."
        )
    number = st.column_config.NumberColumn
    st.header("Who is assigned where", anchor=False)
    assigned = siting_tables.assignment_table(problem, best)
    show_table(
        "assignment",
        assigned,
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
    st.header("Reach of this set", anchor=False)
    show_summary("set-summary", reach, source, f"{name} reach")
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
        "name": st.column_config.TextColumn("Site", width=190),
        "hosts": st.column_config.TextColumn("Hosts", width=75),
        "need_within": number("Reaches", format="localized", width=68, help="Need within its catchment."),
        "need_only_here": number(
            "Only here", format="localized", width=74, help="Need that no other chosen site reaches."
        ),
        "need_assigned": number(
            "Nearest for", format="localized", width=82, help="Need that is assigned to it."
        ),
        "extra_minutes_without": number(
            "Saves (min)", format="localized", width=84, help="Child-minutes that closing it would add."
        ),
        "kind": st.column_config.TextColumn("Kind today", width=105),
    }
