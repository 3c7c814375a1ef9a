"""One site, chosen on the map or by name: open, close, rename, re-kind, move."""

from __future__ import annotations

from typing import cast

import pandas as pd
import streamlit as st

from analysis.places.sites.edits import SiteEdit, check_near, move_site, rekind_site, rename_site
from analysis.places.sites.values import position_given
from analysis.reach.answer import ReachAnswer
from analysis.reach.selection import site_kinds
from analysis.reach.words import site_card
from pages.shared import state
from pages.shared.address import keep_param
from pages.shared.context import PageContext
from pages.shared.site_choice import choose_site, toggle_site
from pages.shared.sites_in_force import SitesInForce, record_edits


def select(site_id: str) -> None:
    """Choose a site from a click (from a callback)."""
    st.session_state[state.SITE] = site_id
    keep_param(state.PLACE_AT, "")


def show(now: PageContext, force: SitesInForce, view: ReachAnswer) -> None:
    """Choose a site; its card with what can be done to it."""
    site = choose_site(
        force,
        "Change a site",
        placeholder="Type a name, or click a site on the map",
        help_words="Or change its cells in the table below.",
    )
    if site is None:
        return
    with st.container(border=True, key="one-site"):
        st.markdown(site_card(view, cast("pd.Series", force.sites.loc[site]), site))
        with st.container(horizontal=True):
            toggle_site(now, force, site, help_words="It stays in the table either way.")
            with st.popover("Rename or move", icon=":material/edit:", key="edit-site"):
                _form(now, force, site)


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
