"""Where to start: the place, its headline figures, what is worth knowing, and where to go next."""

from __future__ import annotations

import itertools

import streamlit as st

from analysis.base.text import date_words
from analysis.need import maps as need_maps
from analysis.need import words as need_words
from analysis.need.tables import headline_figures
from analysis.reach.measures import CHILDREN
from analysis.report import findings
from pages.explore import tour
from pages.shared import projector, state
from pages.shared.catalogue import CATALOGUE
from pages.shared.context import PageContext, context
from pages.shared.layout import map_columns, question, source_line
from pages.shared.maps import show_area_map
from pages.shared.short_keys import adopt_option

VIEWS: dict[findings.Finding, tuple[str, str, dict[str, str]]] = {
    "named areas": (
        "explore/targeting/page.py",
        "The named areas against the figures",
        {state.LOOK: "named"},
    ),
    "reach": (
        "explore/figures.py",
        "Map of the children further away",
        {state.FIGURE: CHILDREN},
    ),
    "concentration": ("explore/targeting/page.py", "The smallest set of areas", {state.LOOK: "set"}),
    "uncertainty": ("explore/need/page.py", "Map of the uncertainty", {state.MEASURE: "range"}),
}
"""By finding: the page that shows it, the words of its link, and what is chosen there."""


def page() -> None:
    """Question, headline figures, map, what is worth knowing, next pages."""
    now = context()
    question(
        f"Early help in {now.place.name}: how many, where, and how uncertain?",
        need_words.need_sentence(now.need, now.tier, "ward"),
    )
    for notice in now.place.manifest.notices:
        st.info(f"**{notice.title}.** {notice.words} Source: {notice.source}", icon=":material/info:")
    headlines = headline_figures(now.need)
    with st.container(horizontal=True, key="headlines"):
        for row in headlines.to_dict("records"):
            st.metric(
                row["label"], row["value"], row["detail"], delta_color="off", delta_arrow="off", border=True
            )
    left, right = map_columns()
    with left:
        _map(now)
    with right:
        if not projector.is_on():
            tour.show()
        st.header("Worth knowing first", anchor=False)
        for about, sentence in findings.worth_knowing(now.need, now.tier).items():
            with st.container(gap=None):
                st.markdown(sentence)
                _view_link(about)
        _decisions(now)
    _next_pages()


def _view_link(about: findings.Finding) -> None:
    """A link to the view that shows a finding, which sets what is asked there."""
    path, label, asked = VIEWS[about]
    # A link alone would lose to what another page was left at.
    if st.button(
        label,
        icon=":material/arrow_forward:",
        type="tertiary",
        key=f"finding-{about}",
        on_click=_ask,
        args=(asked,),
    ):
        st.switch_page(path, query_params={})


def _ask(asked: dict[str, str]) -> None:
    for key, option in asked.items():
        adopt_option(key, option)


def _map(now: PageContext) -> None:
    drawn = need_maps.need_map(now.need, now.tier, "ward")
    show_area_map(
        "home",
        now.shapes,
        drawn.paint,
        now.map_frame(),
        need_maps.need_map_sheet(now.need, drawn, now.tier),
        numbers=drawn.numbers,
    )
    source_line(need_words.source_sentence(now.need), need_words.parameters_sentence(now.need))


def _decisions(now: PageContext) -> None:
    for decision in now.place.manifest.decisions:
        when = f", {date_words(decision.date)}" if decision.date else ""
        with st.expander(f"{decision.title} ({decision.body}{when})"):
            for fact in decision.facts:
                st.markdown(f"- {fact}")


def _next_pages() -> None:
    st.header("Where to go next", anchor=False)
    doors = itertools.groupby(CATALOGUE[1:], lambda entry: entry.door)
    with st.container(horizontal=True, gap="small", key="next-doors"):
        for door, entries in doors:
            with st.container(width=190, gap="small", key=f"next-{door}"):
                st.markdown(f"### {door}")
                for entry in entries:
                    with st.container(gap=None):
                        st.page_link(entry.path, label=f"**{entry.title}**", icon=entry.icon)
                        st.caption(entry.words)


page()
