"""Maps on the page: the deck, its legend inside it, and clicks that select an area."""

from __future__ import annotations

import html
import time
from collections.abc import Callable

import pandas as pd
import streamlit as st

from analysis.render.layers import PICK_LAYER, SITE_LAYER, AreaPaint, MapFrame, area_map, site_icon
from analysis.render.map_sheet import MapSheet, legend_rows
from analysis.render.map_sketch import map_sketch, sketch_address
from analysis.render.number_words import with_source
from analysis.render.outlines import Outlines
from analysis.render.sheets import ImageKind, PrintSize
from analysis.render.theme import SITE_SHAPES, SURFACES, Mode
from pages.shared import projector
from pages.shared.controls import select_area
from pages.shared.council_look import look
from pages.shared.downloads import downloads_row

__all__ = ["just_opened", "legend", "legend_rows", "show_area_map", "stand_behind"]

WATER_NOTE = "Land and water from the same boundaries; no background map is needed."
# How long a map may take to be drawn for the first time, by a computer without a graphics card.
SKETCH_SECONDS = 15.0
STREETS_NOTE = "Streets: © OpenStreetMap contributors, © CARTO."


def legend(
    key: str,
    title: str,
    rows: list[tuple[str, str, str]],
    *,
    mode: Mode,
    counted: str = "",
    outlined: str = "",
    symbols: list[tuple[str, str, bool]] | None = None,
) -> None:
    """Draw a legend over a map (call it inside the map's container).

    Parameters
    ----------
    rows : list of (colour, words, count)
    counted : str
        What the counts are of, such as "wards".
    outlined : str
        What a heavy outline on the map stands for.
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
    if outlined:
        edge = f"border:3px solid {surface.outline}"
        body += f"<div class='row'><span class='chip' style='{edge}'></span>{html.escape(outlined)}</div>"
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
    words: MapSheet | Callable[[], None],
    *,
    alt: str = "",
    sites: pd.DataFrame | None = None,
    numbers: pd.DataFrame | None = None,
    on_area: Callable[[str | None], None] = select_area,
    on_site: Callable[[str], None] | None = None,
) -> None:
    """Show a map whose clicks select an area (a click on an empty spot clears it), with its downloads.

    Parameters
    ----------
    key : str
        Unique on the page.
    shapes, paint, frame, sites
        As for `analysis.render.layers.area_map`; the print map draws the same.
    words : MapSheet or callable
        Title, subtitle, source and legend, given once for screen and print; or, where a page draws its
        legend itself, what draws it (no downloads then).
    alt : str
        The map in words; by default from the sheet.
    numbers : DataFrame, optional
        What the map shows: the CSV, with the source as its last column.
    on_area : callable
        Called with the code of a clicked area, or None.
    on_site : callable, optional
        Called with the `site_id` of a clicked site, in place of `on_area`.
    """
    chart = f"deck-{key}"

    def clicked() -> None:
        objects = st.session_state[chart]["selection"]["objects"]
        sites_hit = objects.get(SITE_LAYER, [])
        if sites_hit and on_site is not None:
            on_site(str(sites_hit[0]["site_id"]))
            return
        picked = objects.get(PICK_LAYER, [])
        on_area(picked[0]["properties"]["code"] if picked else None)

    sheet = words if isinstance(words, MapSheet) else None
    if projector.is_on():
        if not projector.takes("map"):
            return
        projector.name_source(sheet.source if sheet else "")
    room = projector.picture("map") if projector.is_on() else st.container(key=f"map-box-{key}")
    # Only a map with ground of its own covers the sketch for good.
    is_sketched = just_opened(chart) and bool(shapes.surroundings) and not frame.streets
    with room:
        sketch = sketch_address(map_sketch(shapes, paint, frame)) if is_sketched else ""
        stand_behind(key, f'url("{sketch}") no-repeat center top' if sketch else "")
        st.pydeck_chart(
            area_map(shapes, paint, frame, sites),
            height=frame.height_px,
            on_select=clicked,
            selection_mode="single-object",
            key=chart,
            alt=alt or (sheet.alt if sheet else key),
        )
        if isinstance(words, MapSheet):
            drawn = words.legend
            legend(
                key,
                drawn.title,
                list(drawn.rows),
                mode=frame.mode,
                counted=drawn.counted,
                outlined=drawn.outlined,
                symbols=list(drawn.symbols),
            )
        else:
            words()
    if frame.streets:
        st.caption(STREETS_NOTE)
    if sheet is not None and not projector.is_on():
        worn = look()

        def file(kind: ImageKind, size: PrintSize) -> bytes:
            from analysis.render.printmap import map_file  # noqa: PLC0415 - a page opens without it

            return map_file(shapes, paint, sheet, kind, size, sites=sites, marks=frame, theme=worn)

        downloads_row(
            f"map-{key}",
            sheet.name,
            file,
            numbers=None if numbers is None else with_source(numbers, sheet.source),
            what="map",
        )


def just_opened(chart: str) -> bool:
    """Whether a map came to the page so lately that a browser may not have drawn it yet."""
    opened = f"opened-{chart}"
    if chart not in st.session_state or opened not in st.session_state:
        st.session_state[opened] = time.monotonic()
    return bool(time.monotonic() - st.session_state[opened] < SKETCH_SECONDS)


def stand_behind(key: str, background: str, *, covered: bool = True) -> None:
    """Put a still picture behind a map, for the seconds until the map is drawn.

    Parameters
    ----------
    background : str
        In CSS; blank for none.
    covered : bool
        Whether the map covers it for good. If not, it goes by itself in time, and at once where a pointer
        could move the map.
    """
    box = "projector-body-map" if projector.is_on() else f"map-box-{key}"
    rule = f".st-key-{box} {{background: {background}}}" if background else ""
    if background and not covered:
        rule += (
            f" .st-key-{box} {{animation: hr-sketch 0s {SKETCH_SECONDS}s forwards}} .st-key-{box}:hover "
            "{background: none} @keyframes hr-sketch {to {background-image: none}}"
        )
    st.html(f"<style>{rule} .st-key-{box} [data-testid='stSkeleton'] {{opacity: 0}}</style>")
