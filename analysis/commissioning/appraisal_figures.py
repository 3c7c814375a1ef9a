"""Charts of an appraisal and of monitoring, and of counts that are protected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.commissioning.figures import in_order, ink, set_apart, two_lines
from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, row_bars, rows_height_px
from analysis.render.theme import ORANGE, SURFACES, TURQUOISE, percent

MOST_QUARTERS_NAMED = 4


def contribution_bars(
    parts: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, order: Sequence[str]
) -> go.Figure:
    """Points of each alternative in parts by criterion, the best on top.

    Parameters
    ----------
    parts : DataFrame
        Columns `alternative`, `criterion`, `points`.
    order : sequence of str
        Every criterion.
    """
    surface, colours = SURFACES[style.mode], in_order(order, style)
    names = list(dict.fromkeys(parts["alternative"]))
    figure = go.Figure()
    for criterion in order:
        rows = parts[parts["criterion"] == criterion].set_index("alternative")["points"].reindex(names)
        figure.add_bar(
            x=rows,
            y=list(range(len(names))),
            orientation="h",
            name=safe(criterion),
            marker={"color": colours[criterion], "line": {"color": surface.background, "width": 1}},
            text=[f"{points:.0f}" if points >= 4 else "" for points in rows],
            textposition="inside",
            insidetextanchor="middle",
            textfont={"color": style.readable_on(colours[criterion])},
            hovertext=[
                f"{safe(name)}<br>{safe(criterion)}: {points:.1f} points" for name, points in rows.items()
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            width=0.66,
        )
    totals = parts.groupby("alternative", sort=False)["points"].sum().reindex(names)
    figure.add_scatter(
        x=totals,
        y=list(range(len(names))),
        mode="text",
        text=[f" <b>{total:.0f}</b>" for total in totals],
        textposition="middle right",
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=max(120, 46 * len(names)))
    name_rows(figure, pd.Series(names))
    figure.update_yaxes(ticktext=[two_lines(str(name)) for name in names])
    figure.update_xaxes(range=[0, 108])
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "y": -0.2, "x": 0, "traceorder": "normal"},
    )
    return figure


def first_place_bars(stability: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Share of simulated weights and scores in which each alternative comes first.

    Parameters
    ----------
    stability : DataFrame
        Index `alternative`; `p_first`, `rank_low`, `rank_high`.
    """
    figure = row_bars(
        stability["p_first"],
        style,
        colours=[ink(style)] * len(stability),
        hover=[
            f"<b>{safe(name)}</b><br>first in {percent(row['p_first'])}<br>rank {row['rank_low']} to {row['rank_high']}"
            for name, row in zip(stability.index, stability.to_dict("records"), strict=True)
        ],
        text=[percent(chance) for chance in stability["p_first"]],
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=max(120, 46 * len(stability)))
    name_rows(figure, pd.Series(list(stability.index)))
    figure.update_yaxes(ticktext=[two_lines(str(name)) for name in stability.index])
    figure.update_xaxes(range=[0, 1.15], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    return figure


def run_chart_lines(chart: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """A measure by quarter with its mean, its limits, the target and the baseline; signals are marked.

    Parameters
    ----------
    chart : DataFrame
        `quarter`, `actual`, `centre`, `lower`, `upper`, `signal`, `target`, `baseline`.
    """
    surface = SURFACES[style.mode]
    quarters = [safe(quarter).replace(" ", "<br>") for quarter in chart["quarter"]]
    figure = go.Figure()
    for column, dash, width in (("upper", "dash", 1.5), ("centre", "solid", 1.5), ("lower", "dash", 1.5)):
        figure.add_scatter(
            x=quarters, y=chart[column], mode="lines", hoverinfo="skip",
            line={"color": surface.quiet_text, "dash": dash, "width": width},
        )  # fmt: skip
    for column, colour, dash in (("target", TURQUOISE, "dot"), ("baseline", surface.text, "longdashdot")):
        figure.add_scatter(
            x=quarters, y=chart[column], mode="lines", connectgaps=True,
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate=f"{column}: %{{y:,.6~g}}<extra></extra>",
        )  # fmt: skip
    signal = chart["signal"] != ""
    figure.add_scatter(
        x=quarters,
        y=chart["actual"],
        mode="lines+markers",
        line={"color": ink(style), "width": 2.5},
        marker={
            "size": [14 if s else 9 for s in signal],
            "symbol": ["diamond" if s else "circle" for s in signal],
            "color": [ORANGE if s else ink(style) for s in signal],
            "line": {"color": surface.text, "width": [1.5 if s else 0 for s in signal]},
        },
        hovertext=[
            {"outside": "outside the limits", "run": "one of 8 or more on one side"}.get(s, "")
            for s in chart["signal"]
        ],
        hovertemplate="<b>%{x}</b>: %{y:,.6~g}<br>%{hovertext}<extra></extra>",
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=300)
    words = {
        "upper": "upper limit",
        "centre": "mean",
        "lower": "lower limit",
        "target": "target",
        "baseline": "baseline",
    }
    ends = {column: float(chart[column].dropna().iloc[-1]) for column in words if chart[column].notna().any()}
    known = chart[[*ends, "actual"]].to_numpy(dtype=float)
    step = 0.07 * (float(np.nanmax(known) - np.nanmin(known)) or 1.0)
    for column, height in set_apart(ends, step).items():
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=height,
            text=words[column],
            showarrow=False,
            font={"size": style.label_px - 1, "color": surface.text},
        )
    figure.update_layout(margin={"r": 96})
    every = -(-len(quarters) // MOST_QUARTERS_NAMED)
    figure.update_xaxes(
        type="category", showgrid=False, tickmode="array", tickvals=quarters[::-every], tickangle=0
    )
    return figure


def protected_bars(bars: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Counts by area as they may be shown; a suppressed one has its mark and no length of its own.

    Parameters
    ----------
    bars : DataFrame
        Index `area_code`; `area_name`, `value` (NaN where suppressed), `label`.
    """
    surface = SURFACES[style.mode]
    known = bars["value"].fillna(0.0)
    figure = row_bars(
        known,
        style,
        colours=[ink(style)] * len(bars),
        hover=[f"<b>{safe(row['area_name'])}</b><br>{safe(row['label'])}" for row in bars.to_dict("records")],
        text=[str(label) for label in bars["label"]],
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(bars)))
    name_rows(figure, bars["area_name"])
    figure.update_traces(marker_line_color=surface.background)
    figure.update_xaxes(range=[0, 1.15 * max(5.0, float(known.max() or 0))])
    return figure
