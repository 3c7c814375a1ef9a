"""The frame of a page: question, answer, error box, how it is worked out."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.faults import HubreachError
from analysis.base.text import unmarked
from analysis.render.theme import Mode
from pages.shared import projector
from pages.shared.viewport import Viewport

CSS = """
<style>
.block-container, [data-testid="stMainBlockContainer"] {padding: 3.6rem 2rem 3rem 2rem; max-width: 1880px;}
[data-testid="stSidebarContent"] {padding-top: 0.5rem;}
h1 {font-size: 1.9rem !important; padding: 0 0 0.1rem 0 !important; line-height: 1.2 !important;}
[data-testid="stMarkdownContainer"] h2 {font-size: 1.5rem !important; line-height: 1.25; padding: 0.5rem 0 0.7rem 0;}
[data-testid="stMarkdownContainer"] h3 {font-size: 1.2rem !important; padding: 0.4rem 0 0.5rem 0;}
/* Streamlit's own 0.6 has a contrast of 4.2 to 1. */
[data-testid="stCaptionContainer"] {opacity: 0.75;}
.st-key-answer p {font-size: 1.15rem; line-height: 1.45; margin-bottom: 0.2rem; max-width: 72rem;}
[class*="st-key-map-row-"] {flex-flow: row-reverse wrap !important; gap: 4px 14px !important;}
[class*="st-key-map-row-"] > :has(> [class*="st-key-map-box-"]) {flex: 1 1 19rem !important; width: auto !important;
  min-width: 0;}
[class*="st-key-map-row-"] > :has(> [class*="st-key-legend-"]) {flex: 0 1 9.5rem !important; width: auto !important;}
.hr-legend {font-size: 13px; line-height: 1.3;}
.hr-legend b {display: block; margin-bottom: 4px;}
.hr-legend .stamp {display: inline-block; border: 2px solid currentColor; border-radius: 3px; padding: 0 6px; margin-bottom: 5px;
  font-weight: 700;}
.hr-legend .head {opacity: 0.8; text-align: right; font-size: 12px;}
.hr-legend .row {display: flex; align-items: center; gap: 7px; padding: 1px 0;}
.hr-legend .square {display: grid; grid-template-columns: repeat(3, 2.6em); gap: 1px; margin: 2px 0;}
.hr-legend .square span {height: 1.7em; line-height: 1.7em; text-align: center;}
.hr-legend .chip {width: 20px; height: 13px; border: 1px solid #56606A; flex: none;}
.hr-legend img {width: 16px; height: 16px; flex: none;}
.hr-legend .count {opacity: 0.75; margin-left: auto; padding-left: 10px;}
.deck-tooltip:has(> div:first-child:empty) {display: none !important;}
.hr-source {font-size: 13px; opacity: 0.85;}
.st-key-viewport, .st-key-roles {position: absolute; height: 0; overflow: hidden;}
.st-key-text-table-checks tbody th, .st-key-text-table-checks tbody th * {white-space: nowrap !important;}
[class*="st-key-text-table-"] {overflow-x: auto;}
.hr-card {--hr-bar: #6E93B5; font-size: 13.5px; line-height: 1.28; font-variant-numeric: tabular-nums;}
.hr-card h2 {font-size: 1rem; padding: 0 0 0.15rem 0; margin: 0;}
.hr-card h3 {font-size: 13px; padding: 0.3rem 0 0 0; margin: 0;}
.hr-card hr {margin: 4px 0 3px 0;}
.hr-card p {margin: 0; font-size: inherit;}
.hr-card ul {display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1px 14px; list-style: none; margin: 0; padding: 0;}
.hr-card li {display: flex; justify-content: space-between; gap: 6px; margin: 0; padding: 0 0 3px 0; font-size: 12.5px;}
.hr-card li span {overflow: hidden; text-overflow: ellipsis; white-space: nowrap;}
.hr-card li b {white-space: nowrap;}
.hr-card h2 small {font-weight: 400; font-size: 13px;}
.st-key-map-side {gap: 0.5rem;}
.st-key-area-card {gap: 0.2rem; padding: 0.6rem 0.8rem 0.4rem 0.8rem;}
.hr-bars ol {list-style: none; margin: 0; padding: 0;}
.hr-bars li {margin: 0 0 0.5rem 0; padding: 0; line-height: 1.3;}
.hr-bars li.leads {font-weight: 700;}
.hr-bars .words {display: flex; justify-content: space-between; gap: 1.5rem;}
.hr-bars .number {white-space: nowrap; font-variant-numeric: tabular-nums;}
.hr-bars .bar {height: 100%; min-width: 2px;}
[data-testid="stButtonGroup"] button {min-height: 2.5rem;}
[data-testid="stMetricValue"] {font-variant-numeric: tabular-nums;}
[data-testid="stDeckGlJsonChart"] {border-radius: 4px; overflow: hidden;}
/* A canvas that has not taken its size yet is drawn at this one and stretched: a blurred detail in place of the map. */
[data-testid="stDeckGlJsonChart"] canvas[width="300"][height="150"] {opacity: 0;}
@media (max-width: 640px) {
  .block-container, [data-testid="stMainBlockContainer"] {padding: 3.4rem 0.8rem 2rem 0.8rem;}
  h1 {font-size: 1.5rem !important;}
  .st-key-answer p {font-size: 1.05rem;}
  [class*="st-key-map-row-"] > :has(> [class*="st-key-legend-"]) {flex-basis: 100% !important;}
  .hr-legend {font-size: 12px;}
  .st-key-sheet {position: fixed !important; z-index: 50; left: 0; right: 0; bottom: 0; width: 100% !important;
    max-height: 56vh; overflow-y: auto; flex-wrap: nowrap !important; gap: 0.3rem; padding: 0 0.6rem 0.6rem 0.6rem;
    background: Canvas; border-radius: 12px 12px 0 0; box-shadow: 0 -2px 14px rgba(0, 0, 0, 0.35);}
  .st-key-close-sheet {position: sticky; top: 0; z-index: 1; background: Canvas; align-items: flex-end;}
  .st-key-targeting-controls [data-testid="stButtonGroup"] button {padding-left: 0.4rem; padding-right: 0.4rem;}
}
</style>
"""


# Streamlit writes in white on the dark theme's light blue too, with a contrast of 2.1 to 1.
DARK_CSS = """
<style>
[data-tag-index], [data-tag-index] *, button[kind^="primary"], button[kind^="primary"] * {color: #14181D !important;}
</style>
"""
_ROLES = st.components.v2.component(
    "hubreach_roles", js=(Path(__file__).parent / "roles.js").read_text("utf-8")
)


def page_style() -> None:
    """Put the project's few style rules on the page, and the roles that Streamlit's elements lack."""
    st.html(f"{CSS}{DARK_CSS}" if mode() == "dark" else CSS)
    _ROLES(key="roles", height=0)


def mark_door(position: int) -> None:
    """Show in the menu which door the page stands behind: Streamlit marks it only where the menu is open.

    Parameters
    ----------
    position : int
        Among the menu's entries, Home the first.
    """
    st.html(
        f"<style>[data-testid='stTopNav'] > :nth-child({position + 1}) :is(button, a) "
        "{box-shadow: 0 3px 0 currentColor; font-weight: 700}</style>"
    )


def question(title: str, answer: str) -> None:
    """A page's question as its title, and one computed sentence that answers it."""
    with st.container(key="projector-head") if projector.is_on() else nullcontext():
        st.title(title, anchor=False)
        with st.container(key="answer"):
            st.markdown(answer)


def choices(key: str, viewport: Viewport) -> DeltaGenerator:
    """One row of controls above a map; on a phone folded, so that the map stands on the first screen."""
    if viewport == "narrow":
        return st.expander("Change what is shown", icon=":material/tune:").container(key=key)
    return st.container(horizontal=True, vertical_alignment="bottom", key=key)


def map_columns() -> list[DeltaGenerator]:
    """A wide column for a map with its legend, and a narrower one for what stands beside it."""
    return st.columns([5, 3], gap="medium")


def show_error(error: HubreachError, also: str = "", *, is_warning: bool = False) -> None:
    """One box with everything that is wrong and what to do about each, and what else there is to say."""
    lines = [
        f"**{plain_markdown(error.headline)}**",
        *(f"- {plain_markdown(str(fault))}" for fault in error.faults),
    ]
    if also:
        lines += ["", plain_markdown(also)]
    if is_warning:
        st.warning("\n".join(lines), icon=":material/warning:")
    else:
        st.error("\n".join(lines), icon=":material/error:")


def plain_markdown(text: str) -> str:
    """Text that markdown and HTML leave alone."""
    return unmarked(text)


def mode() -> Mode:
    """Light or dark, as the viewer's browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def source_line(*lines: str) -> None:
    """The quiet line under a chart or table: what it is, where it comes from."""
    st.caption(" ".join(lines))
