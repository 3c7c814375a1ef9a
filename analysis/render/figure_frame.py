"""What every chart shares: type, title that says the finding, quiet grid, source line."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import plotly.graph_objects as go

from analysis.base.text import escaped
from analysis.render.council_theme import HOUSE, CouncilTheme
from analysis.render.theme import FONT, SURFACES, Mode, readable_on


@dataclass(frozen=True)
class FigureStyle:
    """Mode, size of type and width of a chart.

    Parameters
    ----------
    mode : {"light", "dark"}
    large : bool
        Type for the back row of a hall.
    width_px : int
        Width that titles are wrapped to.
    source : str
        Line under the chart; empty leaves it out (a page prints its own).
    heading : bool
        Whether title and subtitle are drawn; a page writes them as text above the chart instead, from
        the figure's `layout.meta`.
    theme : CouncilTheme
        Whose colours it will wear: letters on a bar are chosen to read on them.
    """

    mode: Mode = "light"
    large: bool = False
    width_px: int = 560
    source: str = ""
    heading: bool = True
    theme: CouncilTheme = HOUSE

    @property
    def label_px(self) -> int:
        """Size of chart labels."""
        return 24 if self.large else 13

    def readable_on(self, colour: str) -> str:
        """Near-black or white, whichever reads better on what stands for one of the house's colours."""
        return readable_on(self.theme.colour(colour))


def titled(
    figure: go.Figure, style: FigureStyle, *, title: str, subtitle: str, height_px: int, left_px: int = 8
) -> go.Figure:
    """Give a figure its title (the finding), subtitle (what is drawn, and its units), type and size."""
    surface = SURFACES[style.mode]
    head_px, sub_px = (34, 24) if style.large else (18, 14)
    head = _wrapped(title, style.width_px / head_px / 0.52)
    sub = _wrapped(subtitle, style.width_px / sub_px / 0.48)
    lines, sub_lines = head.count("<br>") + 1, sub.count("<br>") + 1
    top = int(lines * head_px * 1.3 + sub_lines * sub_px * 1.35 + 22) if style.heading else 6
    foot = _wrapped(style.source, style.width_px / 11 / 0.48) if style.source else ""
    bottom = 44 + (16 * (foot.count("<br>") + 1) + 8 if foot else 0)
    heading = f"<b>{head}</b><br><span style='font-size:{sub_px}px;color:{surface.quiet_text}'>{sub}</span>"
    figure.update_layout(
        title={
            "text": heading if style.heading else "",
            "font": {"size": head_px, "color": surface.text},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "pad": {"l": 8, "t": 14},
            "y": 1,
            "yref": "container",
            "yanchor": "top",
        },
        font={"family": FONT, "size": style.label_px, "color": surface.text},
        paper_bgcolor=surface.background,
        plot_bgcolor=surface.background,
        margin={"l": left_px, "r": 16, "t": top, "b": bottom},
        height=height_px + top + bottom,
        showlegend=False,
        hoverlabel={
            "bgcolor": surface.background,
            "bordercolor": surface.quiet_text,
            "font": {"family": FONT, "size": 15, "color": surface.text},
            "align": "left",
        },
        dragmode=False,
        separators=".,",
        meta={"title": title, "subtitle": subtitle},
    )
    figure.update_xaxes(
        gridcolor=surface.grid, zeroline=False, linecolor=surface.quiet_text, automargin=True, fixedrange=True
    )
    figure.update_yaxes(gridcolor=surface.grid, zeroline=False, automargin=True, fixedrange=True)
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(exponentformat="none", separatethousands=True)
    if foot:
        figure.add_annotation(
            text=foot,
            x=0,
            xref="paper",
            y=0,
            yref="paper",
            yshift=-40,
            yanchor="top",
            xanchor="left",
            align="left",
            showarrow=False,
            font={"size": 11, "color": surface.quiet_text},
        )
    return figure


def _wrapped(text: str, letters: float) -> str:
    return "<br>".join(escaped(line) for line in textwrap.wrap(text, max(20, int(letters)))) or " "


def safe(text: object) -> str:
    """Text for a label or hover box: plotly reads HTML there, so it is escaped."""
    return escaped(str(text))
