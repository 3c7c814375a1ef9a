"""Small maps of options on the page: drawn by the browser from one set of shapes, kept in step."""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from analysis.options.view import SmallMaps, area_minutes
from analysis.render.layers import site_icon
from analysis.render.number_words import with_source
from analysis.render.sheets import SheetWords, sheet
from analysis.render.small_maps import maps_svg, screen_data
from analysis.render.theme import SITE_SHAPES
from pages.plan.options.parts import Comparison
from pages.shared.council_look import look
from pages.shared.downloads import downloads_row

_COMPONENT = st.components.v2.component(
    "hubreach_small_maps", js=(Path(__file__).parent / "small_maps.js").read_text("utf-8")
)
HEIGHTS_PX = {"narrow": 250, "normal": 230, "wide": 340}


def show_small_maps(comparison: Comparison, drawn: SmallMaps) -> None:
    """All maps, their one legend, and their downloads."""
    now = comparison.now
    data = screen_data(drawn.shapes, drawn.maps, now.mode)
    with st.container(key="small-maps"):
        _COMPONENT(key="small-maps-drawn", data={**data, "heightPx": HEIGHTS_PX[now.viewport]})
    _legend(drawn)
    names = ", ".join(item.title for item in drawn.maps)
    words = SheetWords(
        f"Options for {now.place.name}",
        f"Minutes to the nearest site: the darker, the farther. {names}",
        comparison.source,
        f"Maps of {names}. " + "; ".join(f"{item.title}: {item.note}" for item in drawn.maps),
    )
    worn = look()
    downloads_row(
        "small-maps",
        f"{now.place.slug} options maps",
        lambda kind, size: sheet(
            worn.svg(maps_svg(drawn.shapes, drawn.maps, drawn.legend)), words, kind, size
        ),
        numbers=with_source(area_minutes(comparison.view), comparison.source),
        what="map",
    )


def _legend(drawn: SmallMaps) -> None:
    rows = "".join(
        f"<span class='row'><span class='chip' style='background:{colour}'></span>{html.escape(words)}</span>"
        for colour, words in drawn.legend
    )
    rows += "".join(
        f"<span class='row'><img alt='{SITE_SHAPES[symbol]}' src=\"{site_icon(symbol, is_open=is_open)}\">"
        f"{html.escape(words)}</span>"
        for symbol, words, is_open in drawn.symbols
    )
    style = "display:flex;flex-wrap:wrap;gap:4px 16px;border:none;padding:2px 0"
    st.html(f"<div class='hr-legend' style='{style}'>{rows}</div>")
