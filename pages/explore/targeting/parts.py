"""What the four looks share: title, source line, the share of need."""

from __future__ import annotations

import streamlit as st

from analysis.need.words import assumed_source
from pages.shared import state
from pages.shared.context import PageContext

TITLE = "Which areas have most need, and how far do model runs agree?"


def source(now: PageContext, *more: str) -> str:
    """Source and assumptions for under a chart or in a download."""
    return assumed_source(now.need, *more)


def choose_share(label: str) -> float:
    """Share of need, 0 to 1."""
    return (
        st.slider(
            label,
            5,
            100,
            50,
            5,
            format="%d%%",
            key=state.SHARE,
            bind="query-params",
            help="The set is the fewest areas that together hold at least this share of the children in the tier. "
            "Default 50%.",
        )
        / 100
    )
