"""The council's own look: given once on the page Evidence, worn by every picture that is downloaded after it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis.render.council_theme import CouncilTheme
from analysis.render.theme_files import council_theme

KEPT = "council_look"


def keep_look(kept: dict[str, Any]) -> None:
    """Wear a theme, as `read_theme_parts` gives it, from now on in this session; {} takes it off."""
    st.session_state[KEPT] = kept


def kept_look() -> dict[str, Any]:
    """The theme in force, as a request for a pack keeps it; {} for the house's own look."""
    kept: dict[str, Any] = st.session_state.get(KEPT, {})
    return kept


def look() -> CouncilTheme:
    """The theme in force."""
    return council_theme(kept_look())
