"""Projector mode: one map and one message fill the screen, the same way on every page and on the workshop's screen.

A page needs to do nothing for it. Its question becomes the headline, its first map (or, where it has none, its
first chart) becomes the picture; everything else is there but not seen, so that no choice is lost.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import streamlit as st

from pages.shared import state
from pages.shared.catalogue import PageEntry
from pages.shared.window import read_window

Picture = Literal["map", "chart"]
Word = Literal["next", "back", "leave"]
HEAD_SHARE, FOOT_SHARE = 0.2, 0.075
# Of the screen's width (projector.css).
LEGEND_SHARE = 0.19
LONGEST_SOURCE = 190
SLOT, TAKEN, SIZE, GO, SOURCE, LEFT = (
    f"hubreach_projector_{name}" for name in ("slot", "taken", "size", "go", "source", "left")
)
KEYS = {
    "ArrowRight": "next",
    "PageDown": "next",
    "ArrowLeft": "back",
    "PageUp": "back",
    "Escape": "leave",
}
_LISTENER = st.components.v2.component(
    "hubreach_keys", js=(Path(__file__).parent / "keys.js").read_text("utf-8")
)
CSS = (Path(__file__).parent / "projector.css").read_text("utf-8")


def is_on() -> bool:
    """Whether this run draws for a projector."""
    return bool(st.session_state.get(SLOT))


def choose_projector() -> bool:
    """The switch in the sidebar: one click on every page, and `?projector=1` in a link."""
    given = st.query_params.get(state.PROJECTOR, "")
    if given.lower() in {"1", "yes", "on"} and state.PROJECTOR not in st.session_state:
        st.session_state[state.PROJECTOR] = True
    # The switch is out of sight on a projector, so only the key ends it: a browser that says "off" by itself, because
    # the address came with a word of ours, is not believed.
    if is_on() and not st.session_state.pop(LEFT, False):
        st.session_state[state.PROJECTOR] = True
    return st.toggle(
        "Projector",
        key=state.PROJECTOR,
        bind="query-params",
        help="Map and message fill the screen. Arrow or page keys go on and back, Escape ends it.",
    )


def start() -> None:
    """Lay the screen out for a projector; called before the page draws."""
    st.html(f"<style>{CSS}</style>")
    st.session_state[SIZE] = read_window()
    st.session_state[SLOT] = st.empty()
    st.session_state[TAKEN] = st.session_state[SOURCE] = ""


def stop() -> None:
    """Draw as usual from here."""
    st.session_state[SLOT] = None


def body_size() -> tuple[int, int]:
    """Width and height in pixels of the picture between headline and footer."""
    width, height = st.session_state[SIZE]
    return width, round(height * (1 - HEAD_SHARE - FOOT_SHARE))


def map_size(share: float = 1.0) -> tuple[int, int]:
    """Width and height in pixels of a map beside its legend, both on a share of the screen's width."""
    width, height = body_size()
    return round(width * (share - LEGEND_SHARE)), height


def takes(kind: Picture) -> bool:
    """Whether a picture of this kind is the one to be shown: the first map, else the first chart."""
    taken = st.session_state[TAKEN]
    return not taken or (kind == "map" and taken == "chart")


@contextmanager
def picture(kind: Picture) -> Iterator[None]:
    """Room for the one picture."""
    st.session_state[TAKEN] = kind
    with st.session_state[SLOT].container(key=f"projector-body-{kind}"):
        yield


def footer(*parts: str) -> None:
    """The slim line at the foot: place, step, source."""
    words = " · ".join(html.escape(part) for part in parts if part)
    with st.container(key="projector-foot"):
        st.html(f"<footer>{words}</footer>")


def finish(place: str, here: PageEntry, shown: list[PageEntry]) -> None:
    """After a page: its place in the row of pages, and a word where it has no picture."""
    if not here.on_projector:
        with st.container(key="projector-head"):
            st.title(here.title, anchor=False)
        nothing_to_show(
            f"{here.title} is not made for a projector. → and ← go to pages with a map, Esc ends projector mode."
        )
    elif not st.session_state[TAKEN]:
        nothing_to_show(
            "There is no map or chart here yet. → and ← go to other pages, Esc ends projector mode."
        )
    step = f"{here.title}, {shown.index(here) + 1} of {len(shown)}" if here in shown else here.title
    footer(place, step, st.session_state.get(SOURCE) or "")


def name_source(words: str) -> None:
    """Source of the picture, for the foot of the screen: as many of its parts as fit there, never none of it."""
    st.session_state[SOURCE] = fitting(words, LONGEST_SOURCE)


def fitting(words: str, longest: int) -> str:
    """As many whole sentences and parts of a sentence as fit, with a sign where something is left out.

    Parameters
    ----------
    words : str
        Sentences that end with a full stop, their parts divided by semicolons.
    longest : int
        Most characters.
    """
    if len(words) <= longest:
        return words
    ends = [match.end() for match in re.finditer(r"[.;](?= )", words) if match.end() <= longest]
    return f"{words[: ends[-1]].rstrip('.;')} …" if ends else f"{words[: longest - 2].rstrip()} …"


def nothing_to_show(why: str) -> None:
    """Say what to do where a page has neither map nor chart."""
    with st.container(key="projector-nothing"):
        st.html(f"<p role='status'>{html.escape(why)}</p>")


def listen(name: str) -> None:
    """Follow arrow and page keys, which a clicker sends too; `pressed` tells what was asked."""
    key = f"keys-{name}"

    def heard() -> None:
        word: Word | None = (st.session_state.get(key) or {}).get("pressed")
        if word == "leave":
            st.session_state[state.PROJECTOR], st.session_state[LEFT] = False, True
        elif word:
            st.session_state[GO] = 1 if word == "next" else -1

    with st.container(key="projector-keys"):
        _LISTENER(key=key, data={"keys": KEYS}, on_pressed_change=heard, height=0)


def asked_to_go() -> int:
    """Steps that a key asked for since the last run: 1 forward, -1 back, 0 none."""
    return int(st.session_state.pop(GO, 0))
