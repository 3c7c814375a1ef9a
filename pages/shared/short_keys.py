"""Addresses that people type: `?place=wirral` opens what `?place=Wirral` opens, and stays in the address.

The browser writes labels into the address; links that people type, and those of the command line, use keys.
A bound widget takes an unknown label for a mistake and deletes it; it writes what code gave it only from its
second run on. So what was adopted is said again until the browser shows it.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from analysis.places.text import slugify

ADOPTED, RUNS = "adopted_keys", "adopted_runs"
# A machine that is busy may need a second try; a page that does not bind a key would ask for ever.
MOST_RUNS = 6
SCRIPT = """
export default function ({ setTriggerValue, data }) {
  const waiting = setTimeout(() => {
    const shown = new URLSearchParams(window.location.search);
    if (data.keys.some((key) => !shown.has(key))) setTriggerValue("missing", data.run);
  }, 400);
  return () => clearTimeout(waiting);
}
"""
_COMPONENT = st.components.v2.component("hubreach_short_keys", js=SCRIPT)


def adopt_address(key: str, options: Iterable[str]) -> None:
    """Let an address name an option by its short key; call it before the widget is drawn."""
    adopted: dict[str, str] = st.session_state.setdefault(ADOPTED, {})
    given = st.query_params.get(key)
    if key in adopted:
        if given is None and st.session_state.get(key, adopted[key]) == adopted[key]:
            st.session_state[key] = adopted[key]
        else:
            del adopted[key]
    elif given is not None and key not in st.session_state:
        by_slug = {slugify(option): option for option in options}
        if slugify(given) in by_slug:
            st.session_state[key] = adopted[key] = by_slug[slugify(given)]


def keep_adopted() -> None:
    """Have the browser ask for another run while an adopted key is not in its address; call it last."""
    adopted = st.session_state.get(ADOPTED)
    run = st.session_state.get(RUNS, 0)
    if adopted and run < MOST_RUNS:
        st.session_state[RUNS] = run + 1
        _COMPONENT(
            key="short_keys",
            data={"keys": list(adopted), "run": run},
            on_missing_change=lambda: None,
            height=0,
        )
