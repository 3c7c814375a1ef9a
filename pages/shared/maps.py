"""Maps on the page: the deck, its legend beside it, and clicks that select an area."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analysis.render.hatching import HATCHED
from analysis.render.layers import PICK_LAYER, SITE_LAYER, AreaPaint, MapFrame, area_map, site_icon
from analysis.render.map_sheet import MapLegend, MapSheet
from analysis.render.map_sketch import map_sketch, sketch_address
from analysis.render.map_text import NAME_PX
from analysis.render.number_words import with_source
from analysis.render.outlines import Outlines
from analysis.render.printmap import map_file
from analysis.render.sheets import ImageKind, PrintSize
from analysis.render.theme import SITE_SHAPES, SURFACES, Mode, readable_on, shown
from pages.shared import projector
from pages.shared.controls import select_area
from pages.shared.council_look import look
from pages.shared.downloads import downloads_row

WATER_NOTE = "Land and water from the same boundaries; no background map is needed."
# How long a map may take to be drawn for the first time, by a computer without a graphics card.
SKETCH_SECONDS = 30.0
STREETS_NOTE = "Streets: © OpenStreetMap contributors, © CARTO."


@dataclass(frozen=True)
class MapClicks:
    """What clicks on a map do.

    Parameters
    ----------
    area : callable, optional
        Called with the code of a clicked area, or None for an empty spot.
    site : callable, optional
        Called with the `site_id` of a clicked site, in place of `area`.
    """

    area: Callable[[str | None], None] | None = select_area
    site: Callable[[str], None] | None = None


SELECT_AREA = MapClicks()
NO_CLICKS = MapClicks(area=None)


def map_room() -> AbstractContextManager[object]:
    """Where a map and its legend go: on a projector, the picture."""
    return projector.picture("map") if projector.is_on() else nullcontext()


@contextmanager
def beside_legend(key: str, words: MapLegend, mode: Mode) -> Iterator[None]:
    """Room for a map, with its legend beside it or, on a phone, below it."""
    with st.container(key=f"map-row-{key}"):
        with st.container(key=f"map-box-{key}"):
            yield
        _show_legend(key, words, mode)


def _show_legend(key: str, words: MapLegend, mode: Mode) -> None:
    surface = SURFACES[mode]
    body = f"<div class='head'>{html.escape(words.counted)}</div>" if words.counted else ""
    if words.square:
        cells = "".join(
            f"<span style='background:{shown(colour, mode)};color:{readable_on(shown(colour, mode))}' title='{html.escape(label)}'>"
            f"{html.escape(count)}</span>"
            for colour, label, count in words.in_square
        )
        up, right = (html.escape(side) for side in words.square)
        body += f"<div class='square'>{cells}</div><div class='side'>↑ {up}<br>→ {right}</div>"
    body += "".join(
        f"<div class='row'><span class='chip' style='background:{_chip(colour, mode)}'></span>{html.escape(label)}"
        f"<span class='count'>{html.escape(count)}</span></div>"
        for colour, label, count in words.listed
    )
    if words.outlined:
        edge = f"border:3px solid {surface.outline}"
        body += (
            f"<div class='row'><span class='chip' style='{edge}'></span>{html.escape(words.outlined)}</div>"
        )
    for symbol, label, is_open in words.symbols:
        body += (
            f"<div class='row'><img alt='{SITE_SHAPES[symbol]}' src=\"{site_icon(symbol, is_open=is_open)}\">"
            f"{html.escape(label)}</div>"
        )
    stamp = f"<span class='stamp'>{html.escape(words.stamp)}</span>" if words.stamp else ""
    title = f"<b>{html.escape(words.title)}</b>"
    with st.container(key=f"legend-{key}"):
        st.html(f"<div class='hr-legend' style='color:{surface.text}'>{stamp}{title}{body}</div>")


def _chip(colour: str, mode: Mode) -> str:
    """A legend's colour in CSS, under lines where its areas are."""
    fill = shown(colour, mode)
    if colour not in HATCHED:
        return fill
    gap = round(HATCHED[colour] * NAME_PX)
    ink = SURFACES[mode].text
    return f"repeating-linear-gradient(135deg,{ink} 0 1px,transparent 1px {gap}px),{fill}"


def show_area_map(
    key: str,
    shapes: Outlines,
    paint: AreaPaint,
    frame: MapFrame,
    words: MapSheet | MapLegend,
    *,
    sites: pd.DataFrame | None = None,
    numbers: pd.DataFrame | None = None,
    clicks: MapClicks = SELECT_AREA,
) -> None:
    """Show a map with its legend and its downloads; by default a click selects an area.

    Parameters
    ----------
    key : str
        Unique on the page.
    shapes, paint, frame, sites
        As for `analysis.render.layers.area_map`; the print map draws the same.
    words : MapSheet or MapLegend
        Title, subtitle, source and legend, given once for screen and print; of a map without downloads,
        its legend.
    numbers : DataFrame, optional
        What the map shows: the CSV, with the source as its last column.
    clicks : MapClicks
    """
    chart = f"deck-{key}"

    def clicked() -> None:
        objects = st.session_state[chart]["selection"]["objects"]
        sites_hit = objects.get(SITE_LAYER, [])
        if sites_hit and clicks.site is not None:
            clicks.site(str(sites_hit[0]["site_id"]))
        elif clicks.area is not None:
            picked = objects.get(PICK_LAYER, [])
            clicks.area(picked[0]["properties"]["code"] if picked else None)

    sheet = words if isinstance(words, MapSheet) else None
    if projector.is_on():
        if not projector.takes("map"):
            return
        projector.name_source(sheet.source if sheet else "")
    # Only a map with ground of its own covers the sketch for good.
    is_sketched = just_opened(chart) and bool(shapes.surroundings) and not frame.streets
    legend = words.legend if isinstance(words, MapSheet) else words
    with map_room(), beside_legend(key, legend, frame.mode):
        sketch = sketch_address(map_sketch(shapes, paint, frame)) if is_sketched else ""
        stand_behind(key, f'url("{sketch}") no-repeat center top' if sketch else "")
        st.pydeck_chart(
            area_map(shapes, paint, frame, sites),
            height=frame.height_px,
            on_select=clicked,
            selection_mode="single-object",
            key=chart,
            alt=words.alt,
        )
    if frame.streets:
        st.caption(STREETS_NOTE)
    if sheet is not None and not projector.is_on():
        worn = look()

        def file(kind: ImageKind, size: PrintSize) -> bytes:
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
    box = f"map-box-{key}"
    rule = f".st-key-{box} {{background: {background}}}" if background else ""
    if background and not covered:
        rule += (
            f" .st-key-{box} {{animation: hr-sketch 0s {SKETCH_SECONDS}s forwards}} .st-key-{box}:hover "
            "{background: none} @keyframes hr-sketch {to {background-image: none}}"
        )
    st.html(f"<style>{rule} .st-key-{box} [data-testid='stSkeleton'] {{opacity: 0}}</style>")
