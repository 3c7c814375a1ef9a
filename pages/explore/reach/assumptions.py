"""How far the answer hangs on the assumptions, and how everything is worked out."""

from __future__ import annotations

import streamlit as st

from analysis.reach import figures as reach_figures
from analysis.reach import words as reach_words
from analysis.reach.answer import ReachAnswer
from analysis.reach.demand import whole_people
from analysis.reach.tables import readable
from analysis.scenario.travel import DETOUR_SOURCE
from pages.explore.reach.parts import count_column, reach_source, share_column
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import source_line
from pages.shared.loading_reach import ReachKey, load_sensitivity


def show(now: PageContext, view: ReachAnswer, key: ReachKey) -> None:
    """Sensitivity, and the wards whose answer depends on an assumption."""
    if view.sites.empty:
        st.info("No site counts, so no assumption changes the answer.", icon=":material/info:")
    else:
        _sensitivity(now, view, key)


def show_method(now: PageContext, view: ReachAnswer) -> None:
    """Sources, and how everything on the page is worked out."""
    source_line(reach_source(now, view))
    with st.expander("How this is worked out"):
        st.markdown(_method(view))


def _sensitivity(now: PageContext, view: ReachAnswer, key: ReachKey) -> None:
    found = load_sensitivity(key, view.terms)
    table, depending = found.table, found.depending
    st.markdown(f"{reach_words.wards_kept(found)} {reach_words.closing_sentence(found)}")
    show_chart(
        "sensitivity",
        lambda style: reach_figures.sensitivity_lines(
            table,
            style,
            title=reach_words.sensitivity_sentence(found),
            subtitle="share of children within reach, one assumption changed at a time; orange is in use",
        ),
        whole_people(table),
        source=reach_source(now, view),
        name=f"{now.place.slug} reach sensitivity",
    )
    if depending.empty:
        return
    one = len(depending) == 1
    st.markdown(
        f"**{len(depending)} ward{'' if one else 's'} whose answer depends on an assumption**  \n:gray[at least half of "
        f"{'its' if one else 'their'} children within reach under some of these assumptions, less under others]"
    )
    show_table(
        "flips",
        readable(depending.assign(flips_with=depending["flips_with"].map(reach_words.depends_on))),
        source=reach_source(now, view),
        name=f"{now.place.slug} wards that depend on an assumption",
        hide_index=True,
        column_config={
            "area_name": "Ward",
            "children": count_column("Children"),
            "share_in_force": share_column("In use"),
            "lowest_share": share_column("Lowest"),
            "highest_share": share_column("Highest"),
            "flips_with": "Depends on",
        },
    )


def _method(view: ReachAnswer) -> str:
    return (
        "Children are within reach when the nearest open site that counts is at most the chosen minutes away (the limit "
        f"is included). {reach_words.standing(view.place)} By straight "
        "line, minutes = distance × detour ÷ speed + fixed minutes, in British National Grid metres. "
        f"{DETOUR_SOURCE}. Each point is assigned to one nearest site, ties by id. Need is the estimate "
        "of the page Need: modelled, with its range. *By it alone* is what would be lost if only that site closed. "
        "Fifths hold a fifth of the place's population each, by national deprivation rank. Capacity per need is the "
        "enhanced two-step floating catchment (Luo and Qi 2009). A ward counts as reached when at least half of its "
        f"children are. In use now: {view.travel.words}; {view.minutes:g} minutes."
    )
