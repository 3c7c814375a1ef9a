"""Charts of siting: what each further site buys, and how sure a site is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.theme import DARK_BLUE, ORANGE, SURFACES


def _colour(style: FigureStyle) -> str:
    return DARK_BLUE if style.mode == "light" else "#8FB6DA"


@dataclass(frozen=True)
class FrontierWords:
    """How a frontier is written.

    Parameters
    ----------
    title, subtitle, axis : str
        The finding, what is drawn, what runs across.
    value : str
        Column drawn upwards: "share" or "value".
    one, many : str
        How one point is named by its `x`: formats such as "{:,.0f} sites".
    number : str
        Format of `x` in a table.
    is_tradeoff : bool
        Whether two aims are held against each other: then the axes need not begin at nothing.
    """

    title: str
    subtitle: str
    axis: str
    value: str
    one: str
    many: str
    number: str = "localized"
    is_tradeoff: bool = False

    def point(self, x: float) -> str:
        """Name of a point; a journey that some cannot make has no length."""
        if not math.isfinite(x):
            return "without a limit"
        return (self.one if x == 1 else self.many).format(x)


def frontier_line(points: pd.DataFrame, style: FigureStyle, words: FrontierWords, *, at: str) -> go.Figure:
    """A frontier with its knee marked and one point ringed; points carry their place as `customdata`.

    Parameters
    ----------
    points : DataFrame
        Index name of the point; `x`, the column `words.value`, `site_names`, `is_knee`.
    at : str
        The point that is looked at.
    """
    share, surface = words.value == "share", SURFACES[style.mode]
    names = [
        f"{words.point(x)}: {value:.1%}" if share else f"{words.point(x)}: {value:,.0f}"
        for x, value in points[["x", words.value]].itertuples(index=False)
    ]
    figure = go.Figure(
        go.Scatter(
            x=points["x"],
            y=points[words.value],
            mode="lines+markers",
            line={"color": _colour(style), "width": 3},
            marker={"size": 11, "color": _colour(style)},
            customdata=list(range(len(points))),
            hovertext=[
                f"{name}<br>{_wrapped_names(safe(sites))}"
                for name, sites in zip(names, points["site_names"], strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    _mark(figure, points.loc[[at]], words, "circle-open", 28, surface.text, "")
    _mark(figure, points[points["is_knee"]], words, "diamond", 17, ORANGE, "   point of diminishing returns")
    titled(figure, style, title=words.title, subtitle=words.subtitle, height_px=280)
    mode = "normal" if words.is_tradeoff else "tozero"
    figure.update_xaxes(title=words.axis, rangemode=mode)
    figure.update_yaxes(tickformat=".0%" if share else ",.0f", rangemode=mode)
    return figure


def _mark(
    figure: go.Figure,
    points: pd.DataFrame,
    words: FrontierWords,
    symbol: str,
    size: int,
    colour: str,
    text: str,
) -> None:
    if len(points):
        figure.add_scatter(
            x=points["x"],
            y=points[words.value],
            mode="markers+text",
            marker={"size": size, "color": colour, "symbol": symbol, "line": {"color": colour, "width": 2}},
            text=[text],
            textposition="middle right",
            hoverinfo="skip",
        )


def _wrapped_names(names: str) -> str:
    return "<br>".join(names.split("; "))


def share_of_answers(shares: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """How often each site is in the best set, most often first.

    Parameters
    ----------
    shares : DataFrame
        Index `site_id`; `name`, `all` (0 to 1).
    """
    figure = go.Figure(
        go.Bar(
            x=shares["all"],
            y=[safe(name) for name in shares["name"]],
            orientation="h",
            marker={"color": _colour(style)},
            text=[f"{share:.0%}" for share in shares["all"]],
            textposition="auto",
            hovertemplate="%{y}: %{x:.0%}<extra></extra>",
        )
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=26 * max(3, len(shares)))
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    return figure
