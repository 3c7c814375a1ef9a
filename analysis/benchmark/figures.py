"""The chart of several places beside each other."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.theme import SURFACES, tier_colour


def share_bars(shares: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Tiers as shares of all children for several places or areas, side by side, with ranges.

    Parameters
    ----------
    shares : DataFrame
        Columns `name`, `tier`, `tier_name`, `rate`, `low`, `high` (per 1,000 children), `marked`.
    """
    surface = SURFACES[style.mode]
    figure = go.Figure()
    tiers = list(dict.fromkeys(shares["tier"]))
    for number, tier in enumerate(tiers):
        rows = shares[shares["tier"] == tier]
        figure.add_bar(
            x=rows["rate"],
            y=[
                f"<b>{safe(n)}</b>" if m else safe(n)
                for n, m in zip(rows["name"], rows["marked"], strict=True)
            ],
            orientation="h",
            name=str(rows["tier_name"].iloc[0]),
            marker={"color": tier_colour(tier, number)},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": rows["high"] - rows["rate"],
                "arrayminus": rows["rate"] - rows["low"],
                "color": surface.text,
                "thickness": 1.6,
                "width": 0,
            },
            text=[f"{safe(row.tier_name)} {row.rate:,.0f}" for row in rows.itertuples()],
            textposition="inside",
            insidetextanchor="start",
            hovertemplate="%{y}: %{text} per 1,000<extra></extra>",
        )
    count = shares["name"].nunique()
    titled(figure, style, title=title, subtitle=subtitle, height_px=count * (24 * len(tiers) + 14))
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(rangemode="tozero")
    return figure
