"""The viewer's window in pixels, so that a picture can fill it exactly."""

from __future__ import annotations

import streamlit as st

# A projector's own size needs no answer from the browser, so the hall never sees a picture drawn twice.
PROJECTOR_SIZE = (1920, 1080)
SCRIPT = """
export default function ({ setStateValue, data }) {
  const tell = () => {
    const seen = [window.innerWidth, window.innerHeight];
    if (seen[0] !== data.known[0] || seen[1] !== data.known[1]) setStateValue("size", seen);
  };
  let waiting = 0;
  const resized = () => { clearTimeout(waiting); waiting = setTimeout(tell, 300); };
  tell();
  window.addEventListener("resize", resized);
  return () => { clearTimeout(waiting); window.removeEventListener("resize", resized); };
}
"""
_COMPONENT = st.components.v2.component("hubreach_window", js=SCRIPT)
KEY = "window"
SMALLEST, LARGEST = 200, 8000


def read_window() -> tuple[int, int]:
    """Width and height of this viewer's window; a projector's until the browser says otherwise."""
    known = _sensible((st.session_state.get(KEY) or {}).get("size"))
    with st.container(key="window-size"):
        result = _COMPONENT(key=KEY, data={"known": list(known)}, on_size_change=lambda: None, height=0)
    return _sensible(result.get("size") or known)


def _sensible(size: object) -> tuple[int, int]:
    if not isinstance(size, (list, tuple)) or len(size) != 2:
        return PROJECTOR_SIZE
    if not all(isinstance(each, (int, float)) for each in size):
        return PROJECTOR_SIZE
    width, height = (min(max(round(each), SMALLEST), LARGEST) for each in size)
    return width, height
