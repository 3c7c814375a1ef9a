"""Maps on the page: the deck, its legend inside it, and clicks that select an area."""

from __future__ import annotations

import html
from collections.abc import Callable

import pandas as pd
import streamlit as st

from analysis.output.classes import ClassedScale
from analysis.output.layers import PICK_LAYER, AreaPaint, MapFrame, area_map, site_icon
from analysis.output.outlines import Outlines
from analysis.output.theme import MISSING, SITE_SHAPES, SURFACES, Mode
from pages.shared.controls import select_area

WATER_NOTE = "Land and water from the same boundaries; no background map is needed."


def legend_rows(scale: ClassedScale, values: pd.Series, unit: str = "") -> list[tuple[str, str, str]]:
    """Colour, words and number of areas of each class, highest first."""
    counts = scale.classes(values).value_counts()
    rows = [
        (colour, f"{label}{unit}", str(int(counts.get(number, 0))))
        for number, (colour, label) in enumerate(zip(scale.colours, scale.labels(), strict=True))
    ][::-1]
    if counts.get(-1, 0):
        rows.append((MISSING, "no figure", str(int(counts[-1]))))
    return rows


def legend(
    key: str,
    title: str,
    rows: list[tuple[str, str, str]],
    *,
    mode: Mode,
    counted: str = "",
    symbols: list[tuple[str, str, bool]] | None = None,
) -> None:
    """Draw a legend over a map (call it inside the map's container).

    Parameters
    ----------
    rows : list of (colour, words, count)
    counted : str
        What the counts are of, such as "wards".
    symbols : list of (symbol, words, is_open), optional
        Kinds of site on the map.
    """
    surface = SURFACES[mode]
    body = f"<div class='head'>{html.escape(counted)}</div>" if counted else ""
    body += "".join(
        f"<div class='row'><span class='chip' style='background:{colour}'></span>{html.escape(words)}"
        f"<span class='count'>{html.escape(count)}</span></div>"
        for colour, words, count in rows
    )
    for symbol, words, is_open in symbols or []:
        body += (
            f"<div class='row'><img alt='{SITE_SHAPES[symbol]}' src=\"{site_icon(symbol, is_open=is_open)}\">"
            f"{html.escape(words)}</div>"
        )
    with st.container(key=f"legend-{key}"):
        st.html(
            f"<div class='hr-legend' style='background:{surface.background}F2;color:{surface.text};"
            f"border-color:{surface.quiet_text}'><b>{html.escape(title)}</b>{body}</div>"
        )


def show_area_map(
    key: str,
    shapes: Outlines,
    paint: AreaPaint,
    frame: MapFrame,
    draw_legend: Callable[[], None],
    *,
    alt: str,
    sites: pd.DataFrame | None = None,
    on_area: Callable[[str | None], None] = select_area,
) -> None:
    """Show a map whose clicks select an area (a click on an empty spot clears it)."""
    chart = f"deck-{key}"

    def clicked() -> None:
        picked = st.session_state[chart]["selection"]["objects"].get(PICK_LAYER, [])
        on_area(picked[0]["properties"]["code"] if picked else None)

    with st.container(key=f"map-box-{key}"):
        st.pydeck_chart(
            area_map(shapes, paint, frame, sites),
            height=frame.height_px,
            on_select=clicked,
            selection_mode="single-object",
            key=chart,
            alt=alt,
        )
        draw_legend()
