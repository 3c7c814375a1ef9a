"""Charts with one row an area: bars, the names down the side, the line between two rows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe
from analysis.render.theme import SURFACES, shown


def shortened(table: pd.DataFrame, most: int, selected: str | None) -> pd.DataFrame:
    """The first `most` rows of a table; the selected area takes the last place if it is further down."""
    shown = table.head(most)
    if selected in table.index and selected not in shown.index:
        return pd.concat([shown.head(most - 1), table.loc[[selected]]])
    return shown


def rows_height_px(style: FigureStyle, count: int) -> int:
    """Height of a chart with so many rows."""
    return max(90, (40 if style.large else 21) * count)


def row_bars(
    values: pd.Series,
    style: FigureStyle,
    *,
    colours: Sequence[str],
    hover: Sequence[str],
    selected: str | None = None,
    text: Sequence[str] | None = None,
    limits: pd.DataFrame | None = None,
) -> go.Figure:
    """A horizontal bar an area, first on top, whose points carry the area code as `customdata`.

    Parameters
    ----------
    values : Series
        Length of each bar, index `area_code`.
    colours, hover : sequence of str
        Fill (of the light theme) and hover text (HTML) of each bar.
    selected : str, optional
        Code of the area that is marked.
    text : sequence of str, optional
        Words at the end of each bar.
    limits : DataFrame, optional
        `low` and `high` of each value, drawn as a thin line.
    """
    surface = SURFACES[style.mode]
    spread = {}
    if limits is not None:
        spread["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": (limits["high"] - values).clip(lower=0),
            "arrayminus": (values - limits["low"]).clip(lower=0),
            "color": surface.text,
            "thickness": 3 if style.large else 1.6,
            "width": 0,
        }
    marked = [code == selected for code in values.index]
    edge = {
        "color": [surface.selected if m else surface.quiet_text for m in marked],
        "width": [3 if m else 0.8 for m in marked],
    }
    return go.Figure(
        go.Bar(
            x=values,
            y=list(range(len(values))),
            orientation="h",
            marker={"color": [shown(colour, style.mode) for colour in colours], "line": edge},
            text=None if text is None else list(text),
            textposition=None if text is None else "outside",
            textfont={"size": style.label_px, "color": surface.text},
            cliponaxis=False,
            customdata=list(values.index),
            hovertext=list(hover),
            hovertemplate="%{hovertext}<extra></extra>",
            width=0.72,
            **spread,
        )
    )


def name_rows(figure: go.Figure, names: pd.Series, selected: str | None = None) -> None:
    """Names down the side, the first on top, the selected one in bold."""
    words = [
        f"<b>{safe(name)}</b>" if code == selected else safe(name)
        for code, name in zip(names.index, names, strict=True)
    ]
    figure.update_yaxes(
        autorange="reversed",
        tickmode="array",
        tickvals=list(range(len(words))),
        ticktext=words,
        showgrid=False,
    )


def cut_line(figure: go.Figure, style: FigureStyle, after: int, words: str = "") -> None:
    """A line after so many rows, with words, if any, at the right end."""
    surface = SURFACES[style.mode]
    at = after - 0.5
    figure.add_hline(y=at, line={"color": surface.text, "width": 1.5, "dash": "dash"})
    if not words:
        return
    figure.add_annotation(
        text=safe(words),
        x=1,
        xref="paper",
        xanchor="right",
        y=at,
        yanchor="top",
        showarrow=False,
        font={"size": style.label_px, "color": surface.text},
        bgcolor=surface.background,
    )
