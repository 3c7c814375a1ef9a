"""How wide the viewer's window is, in three steps, so that a map fits it from the start."""

from __future__ import annotations

from typing import Literal, cast

import streamlit as st

Viewport = Literal["narrow", "normal", "wide"]
# Window widths in pixels; "normal" needs no answer from the browser, so a laptop never draws twice.
SCRIPT = """
export default function ({ setStateValue, data }) {
  const width = window.innerWidth;
  const seen = width <= 640 ? "narrow" : width >= 1700 ? "wide" : "normal";
  if (seen !== data.known) setStateValue("viewport", seen);
}
"""
_COMPONENT = st.components.v2.component("hubreach_viewport", js=SCRIPT)
KEY = "viewport"
# Width and height of the main map in pixels, without its legend.
MAP_SIZES: dict[Viewport, tuple[int, int]] = {"narrow": (350, 420), "normal": (460, 510), "wide": (810, 760)}


def read_viewport() -> Viewport:
    """The width step of this viewer's window; "normal" until the browser says otherwise."""
    known = (st.session_state.get(KEY) or {}).get("viewport") or "normal"
    result = _COMPONENT(key=KEY, data={"known": known}, on_viewport_change=lambda: None, height=0)
    return cast(Viewport, result.get("viewport") or known)
