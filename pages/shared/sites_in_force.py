"""The sites that every page works on: the place's own, with the changes of one working copy.

The id of the copy is in the address (`changes=`), so a reload, another page and a link all find the changes
(`pages.shared.history`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.places.place import Place
from analysis.places.sites.edits import SiteEdit, SiteHistory
from pages.shared import state
from pages.shared.address import keep_param, kept_param
from pages.shared.history import KeptHistory
from pages.shared.layout import show_error
from pages.shared.loading_reach import load_sites

FAULT = "hubreach_fault_site"


@dataclass(frozen=True, eq=False)
class SitesInForce:
    """The sites of one run of a page.

    Parameters
    ----------
    sites : DataFrame
        As they are with the changes.
    today : DataFrame
        As the place has them.
    history : SiteHistory
    copy : str
        Id of the working copy, "" where nothing was changed.
    key : str
        The history as text: what caches go by.
    """

    sites: pd.DataFrame
    today: pd.DataFrame
    history: SiteHistory
    copy: str
    key: str

    @property
    def as_today(self) -> SitesInForce:
        """The same place without any change."""
        empty = SiteHistory()
        return SitesInForce(self.today, self.today, empty, "", empty.in_force)

    @property
    def changes(self) -> int:
        """Number of changes in force."""
        return len(self.history.edits)


def kept_edits(place_slug: str) -> KeptHistory[SiteHistory]:
    """The changes to a place's sites in the working copy of the address."""
    return KeptHistory(place_slug, "site", SiteHistory, address=state.CHANGES)


def current_sites(place: Place) -> SitesInForce:
    """The sites in force; faults of the changes, or of the last one, are shown in one box."""
    kept = kept_edits(place.slug)
    kept.tell_fault()
    try:
        history = kept.read()
        sites = load_sites(place.slug, history.in_force)
    except HubreachError as error:
        show_error(error)
        history, sites = SiteHistory(), place.sites
    return SitesInForce(sites, place.sites, history, current_copy(), history.in_force)


def current_copy() -> str:
    """Id of the working copy in the address; "" for the sites as they are today."""
    return kept_param(state.CHANGES)


def record_edits(place_slug: str, make: Callable[[], tuple[SiteEdit, ...]]) -> bool:
    """Work out changes and make them as one step (from a callback); faults are told by the next run.

    `make` must not touch the session: a run that is stopped in it would lose what was entered.

    Returns
    -------
    bool
        Whether something was changed.
    """

    def recorded(history: SiteHistory) -> SiteHistory:
        edits = make()
        return history.record(edits) if edits else history

    return kept_edits(place_slug).change(recorded)


def use_copy(copy: str) -> None:
    """Take up a working copy, or with "" the sites as they are today (from a callback)."""
    keep_param(state.CHANGES, copy)


def changes_note(force: SitesInForce) -> None:
    """Say on a page that it does not show today's sites, and where to change them."""
    if force.changes:
        many = "1 change" if force.changes == 1 else f"{force.changes} changes"
        with st.container(horizontal=True, vertical_alignment="center", key="changes-note"):
            st.caption(
                f":material/edit_location: **{many} to today's sites** {'is' if force.changes == 1 else 'are'} in use."
            )
            st.page_link("plan/sites/page.py", label="See or undo", query_params=dict(st.query_params))
