"""Parts of the screen: headline, map, ballot, code to join by, results."""

from __future__ import annotations

import base64
import html

import pandas as pd
import streamlit as st

from analysis.base.text import plain
from analysis.places.place import Place
from analysis.render.layers import MapFrame, area_map
from analysis.render.theme import SURFACES
from analysis.workshop.addresses import join_urls, public_url, qr_svg
from analysis.workshop.comments import count_themes
from analysis.workshop.questions import SCALE_POINTS, Question
from analysis.workshop.result_maps import Bar, result_bars, result_map
from analysis.workshop.results import Result, count_participants, pulse, read_result
from analysis.workshop.roles import shown_code
from analysis.workshop.state import QuestionState, State
from analysis.workshop.step_maps import ScreenMap
from analysis.workshop.store import shared_store
from pages.shared import projector
from pages.shared.layout import mode
from pages.shared.loading import load_outlines
from pages.shared.maps import beside_legend

MOST_ITEMS, MOST_COMMENTS, MOST_MAP_BARS = 8, 6, 6
MAP_SHARE = 0.64
BESIDE_TRACK = "2.4vh"
HIDDEN = "[c]"
# Of the screen's height (projector.css): the room for bars, a line below them, and the words of a row with its gap.
BARS_VH, FOOT_LINE_VH, WORDS_VH = 71.0, 7.0, 5.7
RULES = {
    "single": "Choose one",
    "multiple": "Choose up to {limit}",
    "ranking": "Put up to {limit} in order, best first",
    "dots": "Share {dots} dots, at most {each} on one",
    "scale": "Choose a number from 1 to 5",
    "place": "Choose a place on the map of your phone",
    "text": "Write a few words",
}


def head(title: str, *messages: str) -> None:
    """Headline and message; text from people comes escaped, `**` is bold."""
    with st.container(key="projector-head"):
        st.title(title, anchor=False)
        st.markdown("  \n".join(message for message in messages if message))


def step_map(place: Place, drawn: ScreenMap, *, share: float = 1.0) -> None:
    """A map with its legend, over the whole width or the left share of it."""
    width, _ = projector.body_size()
    frame = MapFrame(
        *projector.map_size(share),
        mode=mode(),
        large=True,
        selected=drawn.selected,
        highlighted=drawn.highlighted,
    )
    with (
        projector.picture("map"),
        st.container(key="projector-map", width=round(width * share)),
        beside_legend("screen", drawn.legend, frame.mode),
    ):
        st.pydeck_chart(
            area_map(load_outlines(place.slug), drawn.paint, frame, drawn.sites),
            height=frame.height_px,
            key="deck-screen",
            alt=plain(f"Map. {drawn.legend.title}. {drawn.message}".replace("*", "")),
        )


def entrances(port: int) -> list[str]:
    """Addresses for those who type: the public one if there is one, and the likeliest of the hall's network."""
    return join_urls("", port)[: 2 if public_url() else 1]


def join_panel(now: State, *, wide: bool) -> None:
    """QR code, short code and addresses: how a phone gets in."""
    port = int(st.get_option("server.port"))
    width, height = projector.body_size()
    size = round(min(height * (0.8 if wide else 0.5), width * 0.32))
    addresses = "".join(
        f"<p class='where'>{html.escape(url.removeprefix('http://').rstrip('/'))}</p>"
        for url in entrances(port)
    )
    joined = sum(count_participants(shared_store(), now.workshop_id).values())
    with st.container(key="projector-join-wide" if wide else "projector-join"):
        st.html(
            f"<section aria-label='Join' class='hr-join'><img class='qr' alt='QR code to join' width='{size}' "
            f"height='{size}' src='{qr_picture(join_urls(now.invite, port)[0])}'><div>"
            f"<p>Scan to join, or go to</p>{addresses}<p>and type</p>"
            f"<p class='code'>{html.escape(shown_code(now.join_code))}</p>"
            f"<p class='joined'>{joined} joined</p></div></section>"
        )


def qr_picture(url: str) -> str:
    """QR code of an address as the source of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(qr_svg(url).encode()).decode()


def ballot(now: State, asked: QuestionState) -> None:
    """What can be chosen, how, and how many have answered; nothing of what they answered."""
    question = asked.question
    joined = sum(count_participants(shared_store(), now.workshop_id).values())
    # How many answered a question about people is told only with disclosure control.
    answered = "" if question.is_demographic else f"<b>{pulse(shared_store(), asked.id)[0]}</b> answered, "
    rule = RULES[question.kind].format(limit=question.limit, dots=question.dots, each=question.dots_per_item)
    states = {"open": "Open", "closed": "Closed: results follow", "waiting": "Opens soon"}
    items = "".join(f"<li>{html.escape(words)}</li>" for words in choices(question))
    with st.container(key="projector-ballot"):
        st.html(
            f"<section aria-label='Question'><p class='state'>{states[asked.status]}</p>"
            f"<p class='rule'>{html.escape(rule)}</p><ul>{items}</ul>"
            f"<p class='count' role='status'>{answered}{joined} joined</p></section>"
        )


def choices(question: Question) -> list[str]:
    """Items as the screen lists them: as many as can be read from the back row."""
    if question.kind == "scale":
        ends = {SCALE_POINTS[0]: question.low_label, SCALE_POINTS[-1]: question.high_label}
        return [f"{point}  {ends[point]}" for point in SCALE_POINTS if ends.get(point)]
    if question.kind in {"place", "text"}:
        return []
    labels = [item.label for item in question.items]
    if len(labels) <= MOST_ITEMS:
        return labels
    return [*labels[: MOST_ITEMS - 1], f"and {len(labels) - MOST_ITEMS + 1} more on your phone"]


def results(place: Place, asked: QuestionState) -> None:
    """Large bars; a map with its first rows for a place question; comments that were let through."""
    result = read_result(shared_store(), asked)
    if asked.question.kind == "text":
        comments(result)
        return
    drawn = result_map(place, asked.question, result, mode()) if asked.question.kind == "place" else None
    if drawn is None:
        bars, more = result_bars(asked.question, result)
        with st.container(key="projector-bars"):
            lines = 1 + bool(more) + any(bar.number == HIDDEN for bar in bars)
            st.html(bars_html(bars, more, result, track_height(len(bars), foot_lines=lines)))
        return
    step_map(place, drawn, share=MAP_SHARE)
    bars, more = result_bars(asked.question, result, MOST_MAP_BARS)
    with st.container(key="projector-beside"):
        st.html(bars_html(bars, more, result, BESIDE_TRACK))


def track_height(rows: int, *, foot_lines: int) -> str:
    """Height of a bar on the screen: few rows are thicker, and what is said below them keeps its room."""
    room = (BARS_VH - foot_lines * FOOT_LINE_VH) / max(rows, 1)
    return f"{max(min(6.0, room - WORDS_VH), 1.0):.1f}vh"


def bars_html(bars: list[Bar], more: int, result: Result, track: str) -> str:
    """Rows of words, number and bar; the longest stands out by weight as well as colour."""
    surface = SURFACES[mode()]
    strong, quiet = ("#8FB6DA", "#5C7186") if mode() == "dark" else ("#12436D", "#6F9AC4")
    rows = "".join(
        f"<li class='{'leads' if bar.leads else ''}'><div class='words'><span>{html.escape(bar.label)}</span>"
        f"<span class='number'>{html.escape(bar.number)}</span></div><div class='track' style='background:{surface.grid};height:{track}'>"
        f"<div class='bar' style='width:{100 * bar.length:.1f}%;background:{strong if bar.leads else quiet}'></div></div></li>"
        for bar in bars
    )
    left = f"<p class='more'>and {more} more with fewer</p>" if more else ""
    hidden = (
        "<p class='more'>[c]: too few people to be shown</p>" if any(b.number == HIDDEN for b in bars) else ""
    )
    return f"<section aria-label='Results' class='hr-bars'><ol>{rows}</ol>{left}{hidden}<p class='count' role='status'>{answered_words(result)}</p></section>"


def answered_words(result: Result) -> str:
    """How many answers a result holds, and how many of them came on paper; about people, as rounded."""
    if "all" in result.table.index:
        everybody = result.table["people"]["all"]
        return "" if pd.isna(everybody) else f"<b>{everybody}</b> answered, to the nearest 5"
    phone, paper = result.answered["phone"], result.answered["paper"]
    points = (
        " Points: the first of an order counts most, each next one less."
        if result.headline == "points"
        else ""
    )
    return f"<b>{phone + paper}</b> answered" + (f", {paper} of them on paper" if paper else "") + points


def comments(result: Result) -> None:
    """Comments that the facilitator let through, as text, with their themes."""
    shown = result.comments
    themes = count_themes(shown)
    cards = "".join(f"<li>{html.escape(text)}</li>" for text in shown["text"].tail(MOST_COMMENTS))
    chips = "".join(
        f"<span class='theme'>{html.escape(str(theme))} {count}</span>"
        for theme, count in themes["comments"].head(6).items()
    )
    more = len(shown) - MOST_COMMENTS
    left = f"<p class='more'>and {more} more</p>" if more > 0 else ""
    nothing = "" if len(shown) else "<p class='more'>The facilitator reads the comments first.</p>"
    with st.container(key="projector-comments"):
        st.html(
            f"<section aria-label='Comments' class='hr-comments'><div>{chips}</div><ul>{cards}</ul>{left}{nothing}"
            f"<p class='count' role='status'>{answered_words(result)}, {len(shown)} shown</p></section>"
        )
