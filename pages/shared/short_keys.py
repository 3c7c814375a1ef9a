"""Addresses that people type: `?place=wirral` opens what `?place=Wirral` opens, and stays in the address.

The browser writes labels into the address; links that people type, and those of the command line, use keys.
A bound widget takes an unknown label for a mistake and deletes it; it writes what code gave it only from its
second run on. So what was adopted is said a second time, in a run that the browser asks for.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from analysis.places.text import slugify

ADOPTED, AGAIN = "adopted_keys", "adopted_again"
_COMPONENT = st.components.v2.component(
    "hubreach_short_keys",
    js="export default function ({ setTriggerValue }) { setTriggerValue('again', true); }",
)


def adopt_address(key: str, options: Iterable[str]) -> None:
    """Let an address name an option by its short key; call it before the widget is drawn."""
    again: dict[str, str] = st.session_state.get(AGAIN, {})
    if key in again:
        option = again.pop(key)
        # What the user chose in the meantime stays.
        if st.session_state.get(key, option) == option:
            st.session_state[key] = option
        return
    given = st.query_params.get(key)
    if given is None or key in st.session_state:
        return
    option = {slugify(each): each for each in options}.get(slugify(given))
    if option is None:
        return
    st.session_state[key] = option
    if given == slugify(given):
        # A key, not a label: the widget takes it out of the address.
        st.session_state.setdefault(ADOPTED, {})[key] = option


def keep_adopted() -> None:
    """Have the browser ask for one more run where this one adopted keys; call it last."""
    adopted = st.session_state.pop(ADOPTED, None)
    if adopted:
        st.session_state[AGAIN] = adopted
        _COMPONENT(key="short_keys", on_again_change=lambda: None, height=0)
