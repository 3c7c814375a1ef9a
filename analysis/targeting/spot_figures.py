"""The chart of hot spots."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.theme import SURFACES


def moran_points(
    spots: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
    symbols: dict[str, str],
    names: dict[str, str],
) -> go.Figure:
    """Each area's rate against the mean of its neighbours, with a shape and colour for each kind of spot.

    Parameters
    ----------
    spots : DataFrame
        Index `area_code`; `area_name`, `value`, `neighbours_mean`, `kind`, `fill`.
    symbols, names : dict of str to str
        Plotly symbol and words of each kind, in the order that they are drawn, the last one first.
    """
    surface = SURFACES[style.mode]
    figure = go.Figure()
    for kind in reversed(names):
        rows = spots[spots["kind"] == kind]
        if rows.empty:
            continue
        figure.add_scatter(
            x=rows["value"],
            y=rows["neighbours_mean"],
            mode="markers",
            name=names[kind],
            marker={
                "size": 12,
                "symbol": symbols[kind],
                "color": list(rows["fill"]),
                "line": {"color": surface.quiet_text, "width": 1},
            },
            customdata=list(rows.index),
            hovertext=[safe(name) for name in rows["area_name"]],
            hovertemplate="<b>%{hovertext}</b><br>%{x:.0f} per 1,000; neighbours %{y:.0f}<extra></extra>",
        )
    mean = float(spots["value"].mean())
    figure.add_vline(x=mean, line={"color": surface.quiet_text, "width": 1, "dash": "dot"})
    figure.add_hline(y=mean, line={"color": surface.quiet_text, "width": 1, "dash": "dot"})
    titled(figure, style, title=title, subtitle=subtitle, height_px=400)
    figure.update_xaxes(title="children per 1,000 here")
    figure.update_yaxes(title="mean of its neighbours")
    return figure
