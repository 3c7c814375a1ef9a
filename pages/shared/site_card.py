"""One site, chosen on a map or by name: open, close, rename, re-kind, move, and back."""

from __future__ import annotations

from typing import cast

import pandas as pd
import streamlit as st

from analysis.places.sites.edits import (
    SiteEdit,
    check_near,
    close_site,
    move_site,
    open_site,
    rekind_site,
    rename_site,
)
from analysis.places.sites.values import position_given
from analysis.reach.answer import ReachAnswer
from analysis.reach.selection import site_kinds
from analysis.reach.words import site_card
from pages.shared import state
from pages.shared.address import keep_param
from pages.shared.context import PageContext
from pages.shared.history import history_buttons
from pages.shared.sites_in_force import SitesInForce, kept_edits, record_edits


def select(site_id: str) -> None:
    """Choose a site from a click (from a callback)."""
    st.session_state[state.SITE] = site_id
    keep_param(state.PLACE_AT, "")


def is_chosen() -> bool:
    """Whether a site is chosen, by a click, a box or the address."""
    return bool(st.session_state.get(state.SITE) or st.query_params.get(state.SITE))


def show(
    now: PageContext, force: SitesInForce, view: ReachAnswer, placeholder: str, *, undo: bool = True
) -> None:
    """Choose a site; its card with what can be done to it.

    Parameters
    ----------
    placeholder : str
        What the box says while no site is chosen.
    undo : bool
        Whether the card has the buttons of the history of changes.
    """
    site = _choose(force, placeholder)
    if site is None:
        return
    with st.container(border=True, key="one-site"):
        st.markdown(site_card(view, cast("pd.Series", force.sites.loc[site]), site))
        with st.container(horizontal=True):
            _toggle(now, force, site)
            with st.popover("Rename or move", icon=":material/edit:", key="edit-site"):
                _form(now, force, site)
        if undo and (force.history.done or force.history.undone):
            kept = kept_edits(now.place.slug)
            with st.container(horizontal=True):
                history_buttons(kept.name, force.history, kept.change)


def _choose(force: SitesInForce, placeholder: str) -> str | None:
    """The chosen site's id, or None; a site that is no longer there is forgotten."""
    names = force.sites["name"]
    order = list(names.sort_values(key=lambda text: text.str.casefold()).index)
    if st.session_state.get(state.SITE) not in (None, *order):
        st.session_state[state.SITE] = None
    site: str | None = st.selectbox(
        "A site",
        order,
        index=None,
        format_func=lambda site_id: str(names.get(site_id, site_id)),
        key=state.SITE,
        bind="query-params",
        placeholder=placeholder,
        label_visibility="collapsed",
    )
    return site


def _toggle(now: PageContext, force: SitesInForce, site: str) -> None:
    """A button that opens a closed site, or closes an open one."""
    is_open = bool(force.sites.loc[site, "is_open"])
    edit = close_site(site) if is_open else open_site(site)

    def toggle() -> None:
        record_edits(now.place.slug, lambda: (edit,))

    st.button(
        "Close this site" if is_open else "Open this site",
        icon=":material/block:" if is_open else ":material/add_location:",
        key="toggle-site",
        on_click=toggle,
        help="On your own copy of the sites: every figure follows, and it can be undone.",
    )


def _form(now: PageContext, force: SitesInForce, site: str) -> None:
    row = force.sites.loc[site]
    kinds = list(dict.fromkeys([*(kind.name for kind in now.place.kinds), *site_kinds(force.sites)]))
    with st.form(f"form-{site}", border=False):
        name = st.text_input("Name", str(row["name"]), key=f"name-{site}", max_chars=200)
        kind = st.selectbox(
            "Kind", kinds, kinds.index(str(row["kind"])), key=f"newkind-{site}", accept_new_options=True
        )
        postcode = st.text_input(
            "New postcode",
            key=f"postcode-{site}",
            max_chars=10,
            placeholder=str(row["postcode"]) or "such as RM18 8EY",
        )
        east, north = st.columns(2)
        easting = east.number_input(
            "or easting (m)", 0.0, 700_000.0, None, 1.0, format="%.0f", key=f"east-{site}"
        )
        northing = north.number_input(
            "and northing (m)", 0.0, 1_300_000.0, None, 1.0, format="%.0f", key=f"north-{site}"
        )

        def made() -> tuple[SiteEdit, ...]:
            position = position_given(
                st.session_state[f"postcode-{site}"],
                st.session_state[f"east-{site}"],
                st.session_state[f"north-{site}"],
            )
            new_name, new_kind = st.session_state[f"name-{site}"], st.session_state[f"newkind-{site}"]
            edits = [rename_site(site, new_name)] if new_name != row["name"] else []
            edits += [rekind_site(site, new_kind)] if new_kind != row["kind"] else []
            return (*edits, check_near(move_site(site, **position), now.place)) if position else tuple(edits)

        def keep() -> None:
            record_edits(now.place.slug, made)

        st.form_submit_button("Keep", on_click=keep, key=f"keep-{site}")
    del name, kind, postcode, easting, northing
