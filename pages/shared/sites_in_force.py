"""The sites that every page works on: the place's own, with the changes of one working copy.

The changes are in the user's data folder; their id is in the address (`changes=`), so a reload, another
page and a link all find them. Whoever makes a first change gets a copy of their own. Two people meet in
one copy only by a link; a change that was made on an older state is then refused and said, so nobody
writes over another unknowingly (`analysis.places.sites.working_copies`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.places.place import Place
from analysis.places.sites.edit_files import history_to_json
from analysis.places.sites.edits import SiteEdit, SiteHistory, record
from analysis.places.sites.working_copies import WorkingCopy, change_copy, new_copy_id, read_copy, revision_of
from pages.shared import state
from pages.shared.address import hold_param, keep_param, kept_param
from pages.shared.lasting import lasting
from pages.shared.layout import show_error
from pages.shared.loading_reach import load_sites

FAULT = "hubreach_sites_fault"
SEEN = "hubreach_sites_seen"


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
        return SitesInForce(self.today, self.today, empty, "", history_to_json(empty))

    @property
    def changes(self) -> int:
        """Number of changes in force."""
        return len(self.history.done)


def current_sites(place: Place) -> SitesInForce:
    """The sites in force; faults of the changes, or of the last one, are shown in one box."""
    fault = lasting().pop(FAULT, None)
    if fault is not None:
        show_error(fault)
    copy = current_copy()
    try:
        kept = read_copy(place.slug, copy)
        key = history_to_json(SiteHistory(kept.history.done))
        sites = load_sites(place.slug, key)
    except HubreachError as error:
        show_error(error)
        empty = SiteHistory()
        kept, key, sites = WorkingCopy(empty, revision_of(empty)), history_to_json(empty), place.sites
    lasting()[SEEN] = {"place": place.slug, "copy": copy, "revision": kept.revision}
    return SitesInForce(sites, place.sites, kept.history, copy, key)


def current_copy() -> str:
    """Id of the working copy in the address; "" for the sites as they are today."""
    return kept_param(state.CHANGES)


def change_sites(place_slug: str, change: Callable[[SiteHistory], SiteHistory]) -> bool:
    """Change the working copy, or start one (call it from a widget's callback).

    Returns
    -------
    bool
        Whether it was changed; if not, the next run says why.
    """
    held, current = lasting(), current_copy()
    return _change(held, current, place_slug, change)


def _change(
    held: dict[str, Any], current: str, place_slug: str, change: Callable[[SiteHistory], SiteHistory]
) -> bool:
    """Change the copy and note its id where a run that is stopped here keeps it."""
    seen = held.get(SEEN, {})
    copy = current or new_copy_id()
    known = seen.get("place") == place_slug and seen.get("copy") == current
    revision = str(seen["revision"]) if known else revision_of(SiteHistory())
    try:
        change_copy(place_slug, copy, change, seen=revision)
    except HubreachError as error:
        held[FAULT] = error
        return False
    hold_param(held, state.CHANGES, copy)
    return True


def record_edits(place_slug: str, make: Callable[[], tuple[SiteEdit, ...]]) -> bool:
    """Work out changes and make them as one step (from a callback); faults are told by the next run.

    `make` must not touch the session: a run that is stopped in it would lose what was entered.

    Returns
    -------
    bool
        Whether something was changed.
    """
    held, current = lasting(), current_copy()
    try:
        edits = make()
    except HubreachError as error:
        held[FAULT] = error
        return False
    return bool(edits) and _change(held, current, place_slug, lambda history: record(history, *edits))


def use_copy(copy: str) -> None:
    """Take up a working copy, or with "" the sites as they are today (from a callback)."""
    keep_param(state.CHANGES, copy)


def changes_note(force: SitesInForce) -> None:
    """Say on a page that it does not show today's sites, and where to change them."""
    if force.changes:
        many = "1 change" if force.changes == 1 else f"{force.changes} changes"
        with st.container(horizontal=True, vertical_alignment="center", key="changes-note"):
            st.caption(
                f":material/edit_location: **{many} to today's sites** {'is' if force.changes == 1 else 'are'} in force."
            )
            st.page_link("plan/sites/page.py", label="See or undo", query_params=dict(st.query_params))
