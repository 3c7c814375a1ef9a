"""What a page shows in place of a traceback."""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.unforeseen import keep_story
from pages.shared.layout import show_error


def tell(error: Exception) -> bool:
    """Say that something could not be shown, with the number of its story in the log.

    Returns
    -------
    bool
        True: Streamlit is to show nothing else.
    """
    if isinstance(error, HubreachError):
        show_error(error)
        return True
    st.error(
        f"**This could not be shown (error {keep_story(error)}).** Reload the page or choose something else. If it "
        "happens again, give this number to whoever runs Hubreach here: its log says what happened.",
        icon=":material/error:",
    )
    return True
