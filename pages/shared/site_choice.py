"""One site: chosen by name or from a click on the map, and opened or closed on the working copy."""

from __future__ import annotations

import streamlit as st

from analysis.places.sites.edits import close_site, open_site
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.sites_in_force import SitesInForce, record_edits


def choose_site(force: SitesInForce, label: str, *, placeholder: str, help_words: str = "") -> str | None:
    """The chosen site's id, or None; a site that is no longer there is forgotten.

    Without `help_words` the label is for screen readers only.
    """
    names = force.sites["name"]
    order = list(names.sort_values(key=lambda text: text.str.casefold()).index)
    if st.session_state.get(state.SITE) not in (None, *order):
        st.session_state[state.SITE] = None
    site: str | None = st.selectbox(
        label,
        order,
        index=None,
        format_func=lambda site_id: str(names.get(site_id, site_id)),
        key=state.SITE,
        bind="query-params",
        placeholder=placeholder,
        help=help_words or None,
        label_visibility="visible" if help_words else "collapsed",
    )
    return site


def toggle_site(now: PageContext, force: SitesInForce, site: str, *, help_words: str) -> None:
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
        help=help_words,
    )
