"""What a further site or pound buys, and what fairness costs: each point opens as an option."""

from __future__ import annotations

import streamlit as st

from analysis.siting import words as siting_words
from analysis.siting.answer import file_name
from analysis.siting.figures import FrontierWords, frontier_line
from analysis.siting.frontier import AGAINST, Frontier, fairness_tradeoff, siting_frontier
from analysis.siting.problem import PlaceProblem
from pages.plan.siting.opening import open_as_option
from pages.plan.siting.parts import siting_source
from pages.plan.siting.searching import worked_out
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.short_keys import adopt_address

MOST_SITES = 12
SHARE = st.column_config.NumberColumn("Share of need", format="percent")
COLUMNS = {
    "value": st.column_config.NumberColumn("Achieves", format="localized"),
    "share": SHARE,
    "gained": st.column_config.NumberColumn("More than the last", format="localized"),
    "is_knee": st.column_config.CheckboxColumn("Diminishing returns"),
    "site_names": st.column_config.TextColumn("Sites", width="large"),
    "proof": "Proof",
}


def show_frontier(now: PageContext, problem: PlaceProblem, key: str) -> None:
    """The frontier by sites or money with one point in words, then the trade-off with fairness likewise."""
    found: Frontier = worked_out(
        f"frontier {key}",
        lambda watch: siting_frontier(problem, range(1, MOST_SITES + 1), watch=watch),
        what="Working out the frontier",
    )
    if not found.solutions:
        none = f"No set of up to {found.impossible or MOST_SITES} sites answers this question."
        st.info(none, icon=":material/info:")
        return
    words = siting_words.frontier_words(problem, found)
    _one_frontier(now, problem, found, words, "frontier", state.SITING_POINT)
    if problem.terms.model != "mclp":
        st.info("The trade-off with fairness is worked out for “reach most need”.", icon=":material/info:")
        return
    st.header("Coverage against fairness", anchor=False)
    against = _against()
    trade: Frontier = worked_out(
        f"tradeoff {against} {key}",
        lambda watch: fairness_tradeoff(problem, against, watch),
        what="Working out the trade-off",
    )
    if not trade.solutions:
        none = siting_words.no_tradeoff_words(problem)
        st.info(none, icon=":material/info:")
        return
    words = siting_words.tradeoff_words(problem, trade, against)
    _one_frontier(now, problem, trade, words, f"tradeoff-{against}", state.SITING_TRADE)


def _against() -> str:
    adopt_address(state.SITING_FAIRNESS, AGAINST)
    chosen: str = st.segmented_control(
        "Coverage against",
        list(AGAINST),
        format_func=AGAINST.__getitem__,
        default="longest",
        required=True,
        key=state.SITING_FAIRNESS,
        bind="query-params",
        help="Every set that no other beats on both counts (an exact Pareto set).",
    )
    return chosen


def _one_frontier(
    now: PageContext, problem: PlaceProblem, found: Frontier, words: FrontierWords, key: str, point_key: str
) -> None:
    source, name = siting_source(now, problem), f"{file_name(problem)} {key}"
    left, right = st.columns([3, 2], gap="medium")
    with right:
        point = _choose_point(found, words, point_key)
        solution = found.solution(point)
        st.markdown(siting_words.point_words(problem, found, point, words))
        which = words.point(float(found.points["x"][point])) if words.is_tradeoff else ""
        open_as_option(now, problem, solution, key, which)
    with left:

        def look_at(position: str) -> None:
            st.session_state[point_key] = str(found.points.index[int(position)])

        show_chart(
            key,
            lambda style: frontier_line(found.points, style, words, at=point),
            found.points,
            source=source,
            name=name,
            on_point=look_at,
        )
    show_table(
        f"{key}-points",
        found.points,
        source=source,
        name=f"{name} points",
        hide_index=True,
        column_config={
            "x": st.column_config.NumberColumn(words.axis.capitalize(), format=words.number),
            **COLUMNS,
        },
    )


def _choose_point(found: Frontier, words: FrontierWords, key: str) -> str:
    points = list(found.points.index)
    adopt_address(key, points)
    if st.session_state.get(key) not in (None, *points):
        st.session_state[key] = found.start
    labels = {point: words.point(x) for point, x in found.points["x"].items()}
    chosen: str = st.selectbox(
        "Look at one point (or click it)",
        points,
        index=points.index(found.start),
        format_func=lambda point: labels.get(point, point),
        key=key,
        bind="query-params",
        help="Every point is a proven best set, which can be opened as an option.",
    )
    return chosen
