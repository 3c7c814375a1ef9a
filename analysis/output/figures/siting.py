"""Charts of siting: what each further site buys, and how sure a site is."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.output.figures.frame import FigureStyle, safe, titled
from analysis.output.theme import DARK_BLUE, ORANGE, SURFACES


def _colour(style: FigureStyle) -> str:
    return DARK_BLUE if style.mode == "light" else "#8FB6DA"


def frontier_line(
    table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, value: str, axis: str
) -> go.Figure:
    """A frontier with its knee marked; points carry their place in the table as `customdata`.

    Parameters
    ----------
    table : DataFrame
        Index number of sites or pounds a year; the column `value`, `site_names`, `is_knee`.
    value : str
        Column drawn upwards.
    axis : str
        Words under the chart.
    """
    surface = SURFACES[style.mode]
    share = value == "share"
    figure = go.Figure(
        go.Scatter(
            x=table.index,
            y=table[value],
            mode="lines+markers",
            line={"color": _colour(style), "width": 3},
            marker={"size": 10, "color": _colour(style)},
            customdata=list(range(len(table))),
            hovertext=[safe(names) for names in table["site_names"]],
            hovertemplate="%{x:,}: %{y:.1%}<br>%{hovertext}<extra></extra>"
            if share
            else "%{x:,}: %{y:,.0f}<br>%{hovertext}<extra></extra>",
        )
    )
    at = table[table["is_knee"]]
    if len(at):
        figure.add_scatter(
            x=at.index,
            y=at[value],
            mode="markers+text",
            marker={
                "size": 17,
                "color": ORANGE,
                "symbol": "diamond",
                "line": {"color": surface.text, "width": 1.5},
            },
            text=["  knee"],
            textposition="middle right",
            hoverinfo="skip",
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=280)
    figure.update_xaxes(title=axis, rangemode="tozero")
    figure.update_yaxes(tickformat=".0%" if share else ",.0f", rangemode="tozero")
    return figure


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
