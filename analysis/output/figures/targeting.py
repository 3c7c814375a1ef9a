"""Charts of targeting: how concentrated need is, and how stable a ranking is."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.output.figures.frame import FigureStyle, safe, titled
from analysis.output.theme import DARK_BLUE, ORANGE, SURFACES


def concentration_lines(
    curve: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
    colour: str,
    mark: tuple[float, float] | None,
) -> go.Figure:
    """Cumulative share of need against cumulative share of children, most concentrated areas first.

    Parameters
    ----------
    curve : DataFrame
        Columns `share_of_children`, `share_of_need` (0 to 1), starting at 0, 0.
    mark : (float, float), optional
        Point that is named on the curve.
    """
    surface = SURFACES[style.mode]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": surface.quiet_text, "dash": "dot", "width": 1.5},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=curve["share_of_children"],
        y=curve["share_of_need"],
        mode="lines",
        line={"color": colour, "width": 3.5},
        hovertemplate="%{x:.0%} of children hold %{y:.0%} of need<extra></extra>",
    )
    figure.add_annotation(
        x=0.72,
        y=0.66,
        text="need spread evenly",
        showarrow=False,
        font={"color": surface.quiet_text},
        textangle=-30,
    )
    if mark is not None:
        figure.add_scatter(
            x=[mark[0]],
            y=[mark[1]],
            mode="markers",
            marker={"size": 12, "color": ORANGE, "line": {"color": surface.text, "width": 1.5}},
            hoverinfo="skip",
        )
        figure.add_annotation(
            x=mark[0],
            y=mark[1],
            ax=40,
            ay=46,
            xanchor="left",
            text=f"{mark[0]:.0%} of children,<br>{mark[1]:.0%} of need",
            font={"color": surface.text},
            arrowcolor=surface.text,
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=300)
    figure.update_xaxes(range=[0, 1.01], tickformat=".0%", title="share of all children")
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%", title="share of need")
    return figure


def rank_interval_lines(ranks: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Median rank with its interval, one line an area, best rank first.

    Parameters
    ----------
    ranks : DataFrame
        Index `area_code`; `area_name`, `rank`, `median_rank`, `low_rank`, `high_rank`.
    """
    surface = SURFACES[style.mode]
    colour = DARK_BLUE if style.mode == "light" else "#8FB6DA"
    rows = list(range(len(ranks)))
    figure = go.Figure()
    for row, (low, high) in enumerate(zip(ranks["low_rank"], ranks["high_rank"], strict=True)):
        figure.add_shape(
            type="line", x0=low, x1=high, y0=row, y1=row, line={"color": surface.quiet_text, "width": 3}
        )
    figure.add_scatter(
        x=ranks["median_rank"],
        y=rows,
        mode="markers",
        marker={"size": 10, "color": colour},
        customdata=list(ranks.index),
        hovertext=[
            f"<b>{safe(row.area_name)}</b><br>rank {row.rank}, median {row.median_rank:g}, {row.low_rank:g} to {row.high_rank:g}"
            for row in ranks.itertuples()
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=22 * len(ranks))
    figure.update_yaxes(
        autorange="reversed", tickmode="array", tickvals=rows, ticktext=[safe(n) for n in ranks["area_name"]]
    )
    figure.update_xaxes(title="rank (1 has most need)", rangemode="tozero")
    return figure
