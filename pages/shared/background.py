"""The street background: off by default, on only where the browser can reach the street map."""

from __future__ import annotations

import streamlit as st

from analysis.render.layers import STREET_STYLES
from analysis.render.theme import Mode
from pages.shared import state

# The browser asks, because it is the browser that would fetch the streets; nothing is asked until the switch is on.
SCRIPT = """
export default function ({ setStateValue, data }) {
  if (data.known || !data.address) return;
  const tell = (answer) => setStateValue("connection", answer);
  if (!navigator.onLine) { tell("no"); return; }
  fetch(data.address, { signal: AbortSignal.timeout(6000) })
    .then((response) => tell(response.ok ? "yes" : "no"))
    .catch(() => tell("no"));
}
"""
_COMPONENT = st.components.v2.component("hubreach_connection", js=SCRIPT)
REFUSED, TRIES = "background_refused", "background_tries"
NO_CONNECTION = "No connection to the street map: the maps stay plain. Everything else works without it."


def _try_again() -> None:
    st.session_state[REFUSED] = False
    st.session_state[TRIES] = st.session_state.get(TRIES, 0) + 1


def _refuse_without_connection(key: str) -> None:
    if (st.session_state.get(key) or {}).get("connection") == "no":
        st.session_state[state.BACKGROUND] = False
        st.session_state[REFUSED] = True


def choose_background(mode: Mode) -> bool:
    """The switch in the sidebar; True once it is on and the browser has a connection."""
    wanted = st.toggle(
        "Street background",
        key=state.BACKGROUND,
        bind="query-params",
        on_change=_try_again,
        help="Streets under the areas, from the internet (CARTO, OpenStreetMap). Off without a connection.",
    )
    if not wanted:
        if st.session_state.get(REFUSED):
            st.caption(NO_CONNECTION)
        return False
    key = f"connection-{st.session_state.get(TRIES, 0)}"
    known = (st.session_state.get(key) or {}).get("connection") or ""
    result = _COMPONENT(
        key=key,
        data={"known": known, "address": STREET_STYLES[mode]},
        on_connection_change=lambda: _refuse_without_connection(key),
        height=0,
    )
    return str(result.get("connection") or known) == "yes"
