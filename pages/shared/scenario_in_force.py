"""The scenario that the address and the controls of the other pages say is in force."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.reach.selection import today_kinds
from analysis.scenario.scenario import Scenario
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.sites_in_force import SitesInForce


def scenario_in_force(now: PageContext, force: SitesInForce | None = None) -> Scenario:
    """What every figure depends on: the address, and what widgets of other pages keep in the session."""
    slug = now.place.slug
    modes = st.session_state.get(state.MODE) or "walk"
    keys = (
        *(
            state.MINUTES,
            state.MODE,
            state.AGES,
            state.HOURS,
            state.DETOUR,
            state.CLOSED,
            state.TIME,
            state.SERVICES,
        ),
        *(state.speed(modes), state.fixed_minutes(modes), state.kinds(slug)),
    )
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    for key in keys:
        held = st.session_state.get(key)
        if held is not None:
            query[key] = [str(each) for each in (held if isinstance(held, list | tuple) else [held])]
    found = Scenario.from_address(now.place, query).with_need(now.place, now.settings)
    terms = replace(found.terms, tier=now.tier)
    usual = today_kinds(now.place.kinds, now.place.sites)
    if terms.kinds is not None and set(terms.kinds) == set(usual):
        terms = replace(terms, kinds=None)
    changed = force is not None and force.changes > 0
    return replace(found, terms=terms, index=now.index, status="proposal" if changed else "today")
