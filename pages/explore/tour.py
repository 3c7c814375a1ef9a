"""Three steps for a first visit, which the browser remembers to leave out once they are closed."""

from __future__ import annotations

import streamlit as st

STEPS = (
    ("Choose the place", "at the left, by name or postcode."),
    ("Ask the map", "(Explore): choose its colour, click an area."),
    ("Try a plan", "(Plan): open, close or move a site."),
)
HTML = (
    "<section aria-label='First steps' hidden><ol>"
    + "".join(f"<li><b>{head}</b> {rest}</li>" for head, rest in STEPS)
    + "</ol><button type='button' aria-label='Close these steps for good' title='Close for good'>×</button></section>"
)
CSS = """
section {border: 1px solid var(--st-border-color); border-radius: 4px; padding: 0.5rem 0.8rem; font: 14px/1.35 var(--st-font);
  color: var(--st-text-color); display: flex; gap: 0.8rem; align-items: flex-start;}
section[hidden] {display: none;}
ol {margin: 0; padding-left: 1.2rem; flex: 1;}
button {font: inherit; font-size: 18px; line-height: 1; color: var(--st-text-color); background: none; border: 0;
  min-width: 24px; min-height: 24px; padding: 0; cursor: pointer;}
"""
SCRIPT = """
export default function ({ parentElement }) {
  const key = "hubreach-first-steps";
  const box = parentElement.querySelector("section");
  let closed = false;
  try { closed = localStorage.getItem(key) === "closed"; } catch { /* private mode: shown on every visit */ }
  box.hidden = closed;
  box.querySelector("button").onclick = () => {
    box.hidden = true;
    try { localStorage.setItem(key, "closed"); } catch { /* private mode: closed until the next visit */ }
  };
}
"""
_COMPONENT = st.components.v2.component("hubreach_first_steps", html=HTML, css=CSS, js=SCRIPT)


def show() -> None:
    """The steps, unless this browser has closed them."""
    _COMPONENT(key="first-steps")
