"""Charts of what a plan avoids: the balance over the years, and what drives it."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.commissioning.figures import ink, two_lines
from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import rows_height_px
from analysis.render.theme import ORANGE, SURFACES, TURQUOISE, pounds


def signed_pounds(amount: float) -> str:
    """Pounds with a true minus sign before the sign of the currency: −£182,292."""
    return f"{'−' if amount < 0 else ''}{pounds(abs(amount))}"


def balance_line(balance: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Cumulative balance by year in present value, its range as a band, and the line it has to cross.

    Parameters
    ----------
    balance : DataFrame
        Index `year`; `balance_gbp`, `balance_low_gbp`, `balance_high_gbp`.
    """
    surface, colour = SURFACES[style.mode], TURQUOISE
    years = list(balance.index)
    figure = go.Figure()
    figure.add_scatter(
        x=[*years, *years[::-1]],
        y=[*balance["balance_high_gbp"], *balance["balance_low_gbp"][::-1]],
        fill="toself",
        fillcolor=f"rgba(40,161,151,{0.22 if style.mode == 'light' else 0.35})",
        line={"width": 0},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=years,
        y=balance["balance_gbp"],
        mode="lines+markers",
        line={"color": colour, "width": 3},
        marker={"size": 8},
        hovertext=[
            f"<b>Year {year}</b><br>{signed_pounds(row['balance_gbp'])} "
            f"({signed_pounds(row['balance_low_gbp'])} to {signed_pounds(row['balance_high_gbp'])})"
            for year, row in zip(years, balance.to_dict("records"), strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.add_hline(y=0, line={"color": surface.text, "width": 1.5})
    figure.add_annotation(
        x=years[0],
        y=0,
        text="paid for itself above this line",
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=280)
    figure.update_xaxes(title="year", dtick=1, showgrid=False)
    figure.update_yaxes(tickformat=",.0f")
    return figure


def tornado_bars(
    drivers: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, centre_gbp: float
) -> go.Figure:
    """Balance at the low and the high end of each figure, the widest on top.

    Parameters
    ----------
    drivers : DataFrame
        Index `figure`; `meaning`, `low`, `high`, `balance_at_low_gbp`, `balance_at_high_gbp`.
    centre_gbp : float
        Balance with every figure at its central value.
    """
    surface = SURFACES[style.mode]
    rows = list(range(len(drivers)))
    figure = go.Figure()
    for end, colour, pattern in (("low", ORANGE, "/"), ("high", ink(style), "")):
        figure.add_bar(
            x=drivers[f"balance_at_{end}_gbp"] - centre_gbp,
            y=rows,
            base=centre_gbp,
            orientation="h",
            name=f"at its {end}",
            marker={
                "color": colour,
                "pattern": {"shape": pattern, "bgcolor": colour, "fgcolor": surface.background, "size": 6},
            },
            hovertext=[
                f"{safe(row['meaning'])}<br>at {row[end]:,g}: {signed_pounds(row[f'balance_at_{end}_gbp'])}"
                for row in drivers.to_dict("records")
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            width=0.6,
        )
    figure.add_vline(x=0, line={"color": surface.text, "width": 1.5, "dash": "dot"})
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, 2 * len(drivers)))
    words = pd.Series([two_lines(str(m)) for m in drivers["meaning"]])
    figure.update_yaxes(
        autorange="reversed", tickmode="array", tickvals=rows, ticktext=list(words), showgrid=False
    )
    figure.update_xaxes(tickformat="~s", nticks=6)
    figure.update_layout(barmode="overlay", showlegend=True, legend={"orientation": "h", "y": -0.2, "x": 0})
    return figure
