"""Charts as pictures, drawn by an installed Chrome, Chromium or Edge with the shipped fonts; no network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import cast

import kaleido
import pandas as pd
import plotly.graph_objects as go

from analysis.render.alt_text import picture_words
from analysis.render.council_theme import HOUSE, CouncilTheme
from analysis.render.figure_frame import FigureStyle
from analysis.render.installed_browser import find_browser, image_browser_missing
from analysis.render.picture_browser import PictureBrowser
from analysis.render.sheets import PIXELS_PER_CM, SIZES, ImageKind, PrintSize, SheetWords, sheet
from analysis.render.typefaces import FAMILY, WEIGHTS, font_face_css


class _Page(kaleido.PageGenerator):  # type: ignore[misc]
    """The browser's page, with the shipped fonts loaded before a chart is measured."""

    def generate_index(self) -> str:
        """Write the page."""
        loads = "".join(f"document.fonts.load('{weight} 13px \\'{FAMILY}\\'');" for weight in WEIGHTS)
        head = f"<style>{font_face_css(compressed=False)}</style><script>{loads}</script>"
        return cast("str", super().generate_index()).replace("</head>", f"{head}</head>", 1)


def _drawer() -> kaleido.Kaleido:
    return kaleido.Kaleido(n=1, path=find_browser(), page_generator=_Page(mathjax=False))


BROWSER = PictureBrowser(_drawer, {"data": [], "layout": {"font": {"family": FAMILY}}})


def chart_svg(figure: go.Figure, width_px: int, height_px: int | None = None) -> bytes:
    """Draw a chart as SVG: text as text in the shipped typeface, the same bytes for the same figure.

    Parameters
    ----------
    figure : Figure
    width_px, height_px : int
        CSS pixels, 96 to an inch; without a height the figure's own.

    Raises
    ------
    RuntimeError
        If no browser is installed.
    """
    missing = image_browser_missing()
    if missing:
        raise RuntimeError(missing)
    return _drawn(figure.to_json(), width_px, height_px or figure.layout.height or 400)


@lru_cache(maxsize=128)
def _drawn(figure: str, width_px: int, height_px: int) -> bytes:
    options = {"format": "svg", "width": width_px, "height": height_px}
    return _with_plain_ids(BROWSER.draw(json.loads(figure), options))


def _with_plain_ids(svg: bytes) -> bytes:
    """The same picture with a fixed word where plotly puts a random one into every id."""
    found = re.search(rb'id="(?:top)?defs-([0-9a-f]{6})"', svg)
    return svg.replace(found.group(1), b"hubreach") if found else svg


def chart_sheet(
    draw: Callable[[FigureStyle], go.Figure],
    kind: ImageKind,
    *,
    source: str,
    numbers: pd.DataFrame | None = None,
    size: PrintSize = SIZES["report"],
    theme: CouncilTheme = HOUSE,
) -> bytes:
    """A chart as a file for a report: title, subtitle, chart, source and assumptions.

    Parameters
    ----------
    draw : callable
        Makes the figure in a style, as for the screen; its words are in `layout.meta`.
    kind : {"png", "svg", "pdf"}
    source : str
    numbers : DataFrame, optional
        What the chart draws, for its alternative text.
    size : PrintSize
    theme : CouncilTheme

    Raises
    ------
    RuntimeError
        If no browser is installed.
    """
    style = FigureStyle(width_px=size.width_px, large=size.type_scale > 1.4, heading=False, theme=theme)
    figure = theme.figure(draw(style))
    words = figure_words(figure, source, numbers)
    return sheet(chart_svg(figure, *_canvas_px(figure, size)), words, kind, size)


def _canvas_px(figure: go.Figure, size: PrintSize) -> tuple[int, int | None]:
    """Width and height to draw at: the sheet's, or more of both where the chart needs more height."""
    if size.picture_height_cm is None:
        return size.width_px, None
    room = size.picture_height_cm * PIXELS_PER_CM
    more = max(1.0, float(figure.layout.height or 0) / room)
    return round(size.width_px * more), round(room * more)


def figure_words(figure: go.Figure, source: str, numbers: pd.DataFrame | None = None) -> SheetWords:
    """Title, subtitle and words of a chart for those who cannot see it."""
    title, subtitle = str(figure.layout.meta["title"]), str(figure.layout.meta["subtitle"])
    return SheetWords(title, subtitle, source, picture_words("Chart", title, subtitle, numbers))
