"""Tabs below a page's picture or answer, named by the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.shared.short_keys import adopt_address


def show_tabs(
    key: str, tabs: Mapping[str, Callable[[], None]], *, held: tuple[str, ...] = (), every: bool = False
) -> None:
    """Tabs that the address names; what is chosen in one is still chosen when the user comes back to it.

    Parameters
    ----------
    key : str
        Of the open tab, in the session and in the address.
    tabs : mapping of str to callable
        What each tab shows, by its label.
    held : tuple of str
        Keys of the controls inside tabs.
    every : bool
        Work out the closed ones too: for what is quick, and for forms, which would lose what was typed.
    """
    adopt_address(key, {label: label for label in tabs})
    for each in held:
        # Streamlit forgets a control that a run does not draw, but not what code put into the session.
        if each in st.session_state:
            st.session_state[each] = st.session_state[each]
    drawn = st.tabs(list(tabs), key=key, on_change="rerun", bind="query-params")
    for tab, show in zip(drawn, tabs.values(), strict=True):
        if tab.open or every:
            with tab:
                show()
