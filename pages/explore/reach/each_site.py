"""Children near each site: need within reach, assigned, load, overlap, unique reach; capacity per need."""

from __future__ import annotations

import streamlit as st

from analysis.reach import figures as reach_figures
from analysis.reach import words as reach_words
from analysis.reach.answer import ReachAnswer
from analysis.reach.catchments import DECAY_WORDS, DECAYS, Decay
from analysis.reach.tables import access_table, overlap_table, site_order
from pages.explore.reach.parts import count_column, minutes_column, reach_source, share_column
from pages.shared import state
from pages.shared.charts import Columns, show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.short_keys import adopt_address

MOST_OVERLAPS = 25
MOST_BARS = 24


def show(now: PageContext, view: ReachAnswer) -> None:
    """Sites as bars and a table, and who shares with whom."""
    table = site_order(view)
    if table.empty:
        _tell_empty()
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        shown = table.head(MOST_BARS)
        show_chart(
            "sites",
            lambda style: reach_figures.site_bars(
                shown,
                style,
                title=reach_words.site_sentence(view),
                subtitle=f"estimated children who may need {now.tier_name.lower()} within {view.minutes:g} minutes: "
                "turquoise by this site alone, grey shared with another",
            ),
            table,
            source=reach_source(now, view),
            name=f"{now.place.slug} sites",
        )
    with right:
        show_table(
            "by-site",
            table,
            source=reach_source(now, view),
            name=f"{now.place.slug} reach by site",
            hide_index=True,
            placeholder="",
            height=min(560, 36 * (len(table) + 1) + 2),
            column_config=_site_columns(),
        )
        if table["capacity_families"].isna().all():
            st.caption(
                "No site states a capacity, so no load can be given: enter capacities on the page Sites."
            )
        if 1 < len(table) <= MOST_OVERLAPS:
            with st.expander("Which sites share their reach"):
                overlaps = overlap_table(view)
                show_table(
                    "overlaps",
                    overlaps,
                    ranges=list(overlaps.columns),
                    source=reach_source(now, view),
                    name=f"{now.place.slug} overlap",
                )
                st.caption("Need within reach of both sites; the diagonal is each site's own.")


def _tell_empty() -> None:
    st.info(
        "No open site counts under the kinds and filters above: choose others, or open a site.",
        icon=":material/info:",
    )


def _site_columns() -> Columns:
    return {
        "name": "Site",
        "kind": "Kind",
        "children_within": count_column("Children within reach"),
        "under_fives_within": count_column("Under-fives"),
        "need_within": count_column("Need within reach (est.)"),
        "need_unique": count_column("by it alone"),
        "need_shared": count_column("shared"),
        "need_assigned": count_column("Need nearest to it"),
        "need_assigned_within": count_column("of that within reach"),
        "families_assigned": count_column("Families nearest"),
        "capacity_families": count_column("Capacity (families)"),
        "load": share_column("Load"),
        "children_unique": count_column("Children lost if it closed"),
        "mean_minutes": minutes_column("Mean min"),
    }


def show_access(now: PageContext, view: ReachAnswer) -> None:
    """Capacity per need by ward."""
    if view.sites.empty:
        _tell_empty()
        return
    adopt_address(state.DECAY, DECAYS)
    decay: Decay = st.selectbox(
        "How nearness counts",
        DECAYS,
        index=DECAYS.index("steps"),
        format_func=DECAY_WORDS.__getitem__,
        key=state.DECAY,
        bind="query-params",
        help="Two-step floating catchment (E2SFCA): a site's capacity is divided by the need in its catchment, then each "
        "area adds up the sites that it reaches.",
    )
    table, unit = access_table(view, decay, "ward")
    show_chart(
        "access",
        lambda style: reach_figures.access_bars(
            table,
            style,
            title=reach_words.access_sentence(table),
            subtitle=f"{unit}, by ward, within {view.minutes:g} minutes",
        ),
        table,
        source=reach_source(now, view),
        name=f"{now.place.slug} capacity per need {decay}",
    )
    if unit.startswith("sites"):
        st.caption(
            "Not every site states a capacity, so each counts as one site. Enter capacities on the page Sites."
        )
