"""The pictures of a pack: each drawn once, as SVG, then as PNG where a format asks for it."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure

from analysis.render.alt_text import picture_words
from analysis.render.council_theme import HOUSE, CouncilTheme
from analysis.render.figure_frame import FigureStyle
from analysis.render.images import chart_svg
from analysis.render.installed_browser import image_browser_missing
from analysis.render.printmap import PrintFrame, map_svg, natural_height_cm, svg_settings
from analysis.render.sheets import DPI, PIXELS_PER_CM, PrintSize, drawn_png
from analysis.render.theme import SURFACES
from analysis.report.content import Chart, Formula, Map

Picture = Chart | Map | Formula
FORMULA_PT = 11.0
CHART_PX, CHART_SHARE = 335, 0.69
MAP_SHARE = 0.87
FRACTION, LARGE_FRACTION = "\\frac", "\\dfrac"


@dataclass(eq=False)
class Pictures:
    """Draws the pictures of one pack at one width.

    Parameters
    ----------
    width_cm : float
    height_cm : float, optional
        Most height; by default what a picture needs.
    type_scale : float
        Size of type over that of a report page.
    dpi : int
        Of the PNG files.
    theme : CouncilTheme
    tallest_cm : float
        Most height where it is not given.
    """

    width_cm: float = 16.0
    height_cm: float | None = None
    type_scale: float = 1.0
    dpi: int = DPI
    theme: CouncilTheme = HOUSE
    tallest_cm: float = 9.6
    _drawn: dict[int, Future[bytes]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def missing(self, picture: Picture) -> str:
        """Why a picture cannot be drawn here; "" where it can."""
        return image_browser_missing() if isinstance(picture, Chart) else ""

    def ahead(self, pictures: Iterable[object]) -> None:
        """Begin to draw the charts of a paper, so that the browser works while maps and tables are made."""
        charts = [each for each in pictures if isinstance(each, Chart) and not self.missing(each)]
        if charts:
            pool = ThreadPoolExecutor(1, "hubreach-charts")
            self._drawn.update({id(chart): pool.submit(self._draw, chart) for chart in charts})
            pool.shutdown(wait=False)

    def svg(self, picture: Picture) -> bytes:
        """A picture without words around it."""
        with self._lock:
            if id(picture) not in self._drawn:
                drawn: Future[bytes] = Future()
                drawn.set_result(self._draw(picture))
                self._drawn[id(picture)] = drawn
        return self._drawn[id(picture)].result()

    def png(self, picture: Picture) -> bytes:
        """The same as PNG."""
        return drawn_png(self.svg(picture), self._width_of(picture), self.dpi)

    def _width_of(self, picture: Picture) -> float:
        return formula_width_cm(self.svg(picture)) if isinstance(picture, Formula) else self.width_cm

    def _draw(self, picture: Picture) -> bytes:
        if isinstance(picture, Formula):
            return formula_svg(picture.latex)
        if isinstance(picture, Map):
            height = self.height_cm or min(
                MAP_SHARE * natural_height_cm(picture.shapes, self.width_cm), self.tallest_cm
            )
            frame = PrintFrame(
                self.width_cm,
                height,
                self.type_scale,
                highlighted=picture.highlighted,
                catchments=picture.catchments,
                theme=self.theme,
            )
            return map_svg(picture.shapes, picture.paint, picture.sheet.legend, frame, picture.sites)
        width_px = round(PrintSize(self.width_cm).width_px / self.type_scale)
        style = FigureStyle(width_px=width_px, heading=False, theme=self.theme)
        figure = self.theme.figure(picture.draw(style))
        # Letters keep their size where bars are thin.
        figure.update_traces(constraintext="none", selector={"type": "bar"})
        natural = int(figure.layout.height or 400)
        if self.height_cm is not None:
            return chart_svg(figure, width_px, round(self.height_cm * PIXELS_PER_CM / self.type_scale))
        # Rows of a page may stand closer than on the screen, so that two pictures share a page.
        wanted = max(min(natural, CHART_PX), round(CHART_SHARE * natural))
        return chart_svg(figure, width_px, min(wanted, round(self.tallest_cm * PIXELS_PER_CM)))


def picture_alt(picture: Picture) -> str:
    """A picture in words, written from its numbers."""
    if isinstance(picture, Formula):
        return f"Formula: {picture.latex}"
    if isinstance(picture, Map):
        return picture.sheet.alt
    return picture_words("Chart", *picture.words, picture.numbers)


def picture_title(picture: Chart | Map) -> tuple[str, str]:
    """Title (the finding) and subtitle (what is drawn) of a picture."""
    return (picture.sheet.title, picture.sheet.subtitle) if isinstance(picture, Map) else picture.words


def picture_source(picture: Chart | Map) -> str:
    """Source and assumptions of a picture."""
    return picture.sheet.source if isinstance(picture, Map) else picture.source


def formula_svg(latex: str) -> bytes:
    """A formula as SVG, set by matplotlib, its letters as outlines."""
    outlines: dict[Any, Any] = {"svg.fonttype": "path", "mathtext.fontset": "stix"}
    written = io.BytesIO()
    with svg_settings(outlines):
        figure = Figure(figsize=(0.1, 0.1))
        figure.text(
            0,
            0,
            f"${latex.replace(FRACTION, LARGE_FRACTION)}$",
            fontsize=FORMULA_PT,
            color=SURFACES["light"].text,
        )
        figure.savefig(
            written,
            format="svg",
            bbox_inches="tight",
            pad_inches=0.04,
            transparent=True,
            metadata={"Date": None, "Creator": None},
        )
    return written.getvalue()


def formula_width_cm(svg: bytes) -> float:
    """Width of a formula at its own size."""
    start = svg.index(b'width="') + 7
    return float(svg[start : svg.index(b"pt", start)]) / 72 * 2.54
