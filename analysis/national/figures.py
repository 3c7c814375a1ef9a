"""England's authorities as bars with their ranges."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, row_bars, rows_height_px
from analysis.render.theme import SEQUENTIAL


def authority_bars(
    rows: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, of: int, selected: str | None = None
) -> go.Figure:
    """Authorities by falling value, each with its range as a thin line.

    Parameters
    ----------
    rows : DataFrame
        Index `authority_code`; `authority_name`, `value`, `low`, `high` (NaN without a range), `rank`,
        `words`.
    of : int
        Number of authorities in all.
    selected : str, optional
        Code of the authority that is marked.
    """
    limits = rows[["low", "high"]] if rows["low"].notna().all() else None
    figure = row_bars(
        rows["value"],
        style,
        colours=[SEQUENTIAL["blue"][2]] * len(rows),
        hover=[
            f"<b>{safe(row['authority_name'])}</b><br>{safe(row['words'])}<br>Rank {row['rank']} of {of}"
            for row in rows.to_dict("records")
        ],
        selected=selected,
        limits=limits,
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(rows)))
    name_rows(figure, rows["authority_name"], selected)
    figure.update_xaxes(rangemode="tozero")
    return figure
