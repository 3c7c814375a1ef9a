"""Charts of plans: localities, years, weighted scores."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.options.figures import OPTION_COLOURS, option_colours, short_name
from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows
from analysis.render.theme import ORANGE, SURFACES, percent, whole


def locality_bars(
    table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, colour: str
) -> go.Figure:
    """Need of each locality as a bar, with the even share as a line.

    Parameters
    ----------
    table : DataFrame
        Index `area_code`; `area_name`, `value`, `words`.
    """
    surface = SURFACES[style.mode]
    figure = go.Figure(
        go.Bar(
            x=table["value"],
            y=list(range(len(table))),
            orientation="h",
            marker={"color": colour, "line": {"color": surface.quiet_text, "width": 0.8}},
            text=[whole(value) for value in table["value"]],
            textposition="inside",
            insidetextanchor="start",
            textfont={"size": style.label_px, "color": style.readable_on(colour)},
            hovertext=[
                f"<b>{safe(n)}</b><br>{safe(w)}"
                for n, w in zip(table["area_name"], table["words"], strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            width=0.72,
        )
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=max(110, 30 * len(table)))
    name_rows(figure, table["area_name"])
    figure.add_vline(
        x=float(table["value"].mean()), line={"color": surface.text, "width": 1.5, "dash": "dash"}
    )
    figure.update_xaxes(rangemode="tozero")
    return figure


def year_lines(
    table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, names: Mapping[str, str]
) -> go.Figure:
    """Reach year by year, one small chart an option on one scale; a year with a dip is marked.

    Parameters
    ----------
    table : DataFrame
        `option`, `year`, `share_covered`, `children_covered`, `dip`, `words`.
    names : mapping of str to str
        Name of each option, in order.
    """
    surface = SURFACES[style.mode]
    columns = 1 if style.width_px <= 480 else 2 if len(names) in (2, 4) else min(3, len(names))
    rows = -(-len(names) // columns)
    figure = make_subplots(
        rows,
        columns,
        shared_yaxes="all",
        shared_xaxes="all",
        horizontal_spacing=0.05,
        vertical_spacing=0.3 / rows,
        subplot_titles=[short_name(name) for name in names.values()],
    )
    figure.update_annotations(font={"size": style.label_px, "color": surface.text})
    colours = option_colours(list(names))
    for number, slug in enumerate(names):
        own = table[table["option"] == slug].sort_values("year")
        line = colours[slug] if style.mode == "light" or number else "#8FB6DA"
        figure.add_scatter(
            x=own["year"],
            y=own["share_covered"],
            mode="lines+markers+text",
            line={"color": line, "width": 3, "shape": "linear"},
            marker={
                "size": [15 if dip else 9 for dip in own["dip"]],
                "opacity": 1,
                "symbol": ["triangle-down" if dip else "circle" for dip in own["dip"]],
                "color": [ORANGE if dip else line for dip in own["dip"]],
            },
            text=[
                f"▼ {percent(s)}" if dip else percent(s)
                for s, dip in zip(own["share_covered"], own["dip"], strict=True)
            ],
            textposition=["bottom center" if dip else "top center" for dip in own["dip"]],
            textfont={"size": style.label_px, "color": surface.text},
            hovertext=[safe(words) for words in own["words"]],
            hovertemplate="%{hovertext}<extra></extra>",
            cliponaxis=False,
            row=number // columns + 1,
            col=number % columns + 1,
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=210 * rows)
    figure.update_layout(margin={"t": figure.layout.margin.t + 26})
    last = int(table["year"].max())
    figure.update_xaxes(
        tickvals=list(range(last + 1)),
        range=[-0.35, last + 0.35],
        ticktext=["today", *(f"year {year}" for year in range(1, last + 1))],
        showticklabels=True,
    )
    figure.update_yaxes(range=[-0.18, 1.18], tickformat=".0%", tickvals=[0, 0.5, 1])
    return figure


def score_dots(scores: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Rank of each option with the range of ranks it takes in the draws.

    Parameters
    ----------
    scores : DataFrame
        Index `option`, best first; `name`, `rank`, `rank_low`, `rank_high`, `score`, `p_first`.
    """
    surface = SURFACES[style.mode]
    figure = go.Figure()
    for place, row in enumerate(scores.to_dict("records")):
        figure.add_shape(
            type="line",
            x0=row["rank_low"],
            x1=row["rank_high"],
            y0=place,
            y1=place,
            line={"color": surface.quiet_text, "width": 5},
        )
    figure.add_scatter(
        x=scores["rank"],
        y=list(range(len(scores))),
        mode="markers+text",
        marker={"size": 16, "color": OPTION_COLOURS[1]},
        text=[
            f"{score:.0f} points, first in {percent(p)}"
            for score, p in zip(scores["score"], scores["p_first"], strict=True)
        ],
        textposition="top center",
        textfont={"size": style.label_px, "color": surface.text},
        hovertemplate="rank %{x}<extra></extra>",
        cliponaxis=False,
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=max(140, 54 * len(scores)))
    name_rows(figure, scores["name"])
    ranks = list(range(1, len(scores) + 1))
    figure.update_xaxes(
        tickvals=ranks, ticktext=[f"rank {rank}" for rank in ranks], range=[0.4, len(scores) + 0.6]
    )
    return figure
