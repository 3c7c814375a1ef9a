"""Which sites are there, and what if?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.need import words as need_words
from analysis.places.sites.edits import SiteHistory
from analysis.reach import words as reach_words
from analysis.reach.answer import ReachAnswer
from analysis.reach.maps import reach_map
from analysis.reach.sites import map_sites, other_copies, recent_changes
from pages.explore.reach.parts import reach_source
from pages.plan.sites import adding, options, table
from pages.shared import site_card, state
from pages.shared.charts import show_table
from pages.shared.context import PageContext, context
from pages.shared.history import history_buttons
from pages.shared.layout import map_columns, plain_markdown, question, source_line
from pages.shared.maps import MapClicks, show_area_map
from pages.shared.sites_in_force import SitesInForce, current_copy, current_sites, kept_edits, use_copy
from pages.shared.travel_in_force import choose_reach_folded, choose_travel, reach_in_force


def page() -> None:
    """Question, what the changes do, undo and redo, map beside adding and editing, table, options."""
    now = context()
    force = current_sites(now.place)
    head = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", key="history"):
        choice = choose_reach_folded(now, force)
        shown = table.choose_shown(now, force.sites)
        _history_bar(now, force)
    travel = choose_travel(now, force)
    view, _ = reach_in_force(now, force, travel, choice)
    before, _ = reach_in_force(now, force.as_today, travel, choice)
    with head:
        question(
            f"Which sites are there in {now.place.name}, and what if?",
            f"{reach_words.sites_answer(force.sites, force.changes, now.place.name)} "
            f"{reach_words.change_sentence(before, view, force.changes)}",
        )
    left, right = map_columns()
    with left:
        _map(now, view, shown)
    with right:
        site_card.show(now, force, view, "Change a site: type a name, or click it", undo=False)
        adding.show(now, force)
    table.show(now, force, shown)
    options.show(now, force, travel, choice)


def _map(now: PageContext, view: ReachAnswer, shown: pd.DataFrame) -> None:
    drawn = reach_map(view, reach_source(now, view), map_sites(shown, now.place.kinds, view.site_table))
    site, area = st.session_state.get(state.SITE), adding.chosen_area(now.place)
    show_area_map(
        "sites",
        now.shapes,
        drawn.paint,
        now.map_frame(selected=area if site is None else None, catchments=drawn.catchments),
        drawn.sheet,
        sites=drawn.sites,
        numbers=drawn.numbers,
        clicks=MapClicks(adding.place_at, site_card.select),
    )
    source_line(
        f"**{plain_markdown(view.line)}.**",
        need_words.source_sentence(now.need),
        "Click an area to add a site there, a site to open, close, rename or move it.",
    )


def _history_bar(now: PageContext, force: SitesInForce) -> None:
    """Undo, redo, what was done, start again, and copies kept earlier."""
    kept = kept_edits(now.place.slug)
    history_buttons(kept.name, force.history, kept.change)
    with st.popover(f"Changes ({force.changes})", icon=":material/history:", disabled=not force.changes):
        _changes(now, force.history, force.sites["name"])
    with st.popover("Copies", icon=":material/folder_open:"):
        _copies(now.place.slug, force)


def _changes(now: PageContext, history: SiteHistory, names: pd.Series) -> None:
    show_table(
        "changes",
        recent_changes(history.done, names),
        source=f"Changes to the sites of {now.place.name}",
        name=f"{now.place.slug} changes to sites",
        hide_index=True,
        column_config={"step": "No.", "change": "What", "site": "Site", "what": "To"},
    )


def _copies(slug: str, force: SitesInForce) -> None:
    st.caption(
        "Your changes are kept in a copy of their own in the data folder; its id is in this page's address. Someone to "
        "whom you send the link works on the same copy; all others have theirs."
    )
    if force.copy:
        st.button(
            "Start again from today's sites",
            icon=":material/restart_alt:",
            key="start-again",
            on_click=use_copy,
            args=("",),
            help="This copy is kept, and listed here.",
        )
        st.button(
            "Go on in a copy of my own",
            icon=":material/content_copy:",
            key="fork",
            on_click=_fork,
            args=(slug, force.history),
            help="The same changes under a new id, known to you alone.",
        )
    others = other_copies(slug, current_copy())
    if not others:
        st.caption("No other copies are kept for this place.")
        return
    chosen = st.selectbox(
        "Kept copies",
        list(others),
        index=None,
        format_func=lambda copy: others[copy],
        key="kept-copy",
        placeholder="Choose one",
        help="Changes to this place's sites that are kept in the data folder, the latest first.",
    )
    st.button("Open it", key="open-copy", disabled=chosen is None, on_click=use_copy, args=(chosen or "",))


def _fork(slug: str, history: SiteHistory) -> None:
    use_copy("")
    kept_edits(slug).change(lambda _: history)


page()
