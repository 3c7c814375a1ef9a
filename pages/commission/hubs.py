"""Which sites count as today's hubs, and how far is within reach."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from analysis.reach.selection import today_kinds
from analysis.scenario.travel import DEFAULT_DETOUR, MODE_WORDS, MODES, Mode
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.loading_commissioning import open_sites
from pages.shared.short_keys import note_unknown


@dataclass(frozen=True)
class Hubs:
    """Kinds of site, mode of travel and limit in minutes."""

    kinds: tuple[str, ...]
    mode: Mode
    minutes: float

    @property
    def words(self) -> str:
        """Within reach, in words."""
        kinds = " or ".join(self.kinds) if self.kinds else "site"
        return f"within a {self.minutes:g}-minute {MODE_WORDS[self.mode].trip} of an open {kinds}"


def choose_hubs(now: PageContext, *, limit: bool = True) -> Hubs:
    """Controls for kinds of site, mode and minutes; `limit` leaves the minutes out where none is needed."""
    here = list(dict.fromkeys(open_sites(now.place.slug, ())["kind"]))
    key = f"{state.HUB_KINDS}_{now.place.slug}"
    note_unknown(key, here)
    with st.container(width=290):
        kinds = st.multiselect(
            "Today's hubs",
            here,
            default=list(today_kinds(now.place.kinds, now.place.sites)),
            key=key,
            bind="query-params",
            help="Kinds of open site that count. None chosen: every open site.",
        )
    with st.container(width=140):
        mode = st.selectbox(
            "Travel",
            MODES,
            format_func=lambda key: MODE_WORDS[key].way.capitalize(),
            key=state.HUB_MODE,
            bind="query-params",
            help=f"Straight line with a detour of {DEFAULT_DETOUR:g} at the usual speed.",
        )
    minutes = 20
    if limit:
        with st.container(width=170):
            minutes = st.slider(
                "Within, minutes",
                5,
                60,
                20,
                5,
                key=state.HUB_MINUTES,
                bind="query-params",
                help="The limit that counts as within reach.",
            )
    return Hubs(tuple(kinds), mode, float(minutes))
