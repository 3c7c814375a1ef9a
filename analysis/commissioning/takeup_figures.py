"""Charts of take-up against need: rates by area, site or decile, and the funnel."""

from __future__ import annotations

import plotly.graph_objects as go

from analysis.benchmark.observed_figures import funnel_frame
from analysis.commissioning.takeup import TakeupAnswer, TakeupBy
from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, row_bars, rows_height_px
from analysis.render.theme import DARK_BLUE, ORANGE, SURFACES, percent, whole

MOST_BARS = 24


def _hover(row: dict[str, object]) -> str:
    return (
        f"<b>{safe(row['area_name'])}</b><br>{whole(float(str(row['users'])))} users, "
        f"{whole(float(str(row['children'])))} children<br>{percent(float(str(row['rate'])))}"
    )


def takeup_bars(
    answer: TakeupAnswer, by: TakeupBy, style: FigureStyle, *, title: str, subtitle: str
) -> go.Figure:
    """Rates by a breakdown, the lowest first, with their range and the place's mean."""
    rows = answer.tables[by].dropna(subset="rate").head(MOST_BARS)
    records = [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
    figure = row_bars(
        rows["rate"],
        style,
        colours=[DARK_BLUE] * len(rows),
        hover=[_hover(row) for row in records],
        limits=rows[["low", "high"]],
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(rows)))
    name_rows(figure, rows["area_name"])
    figure.add_vline(x=answer.mean, line={"color": ORANGE, "width": 3})
    # A neighbourhood of a few children has a range of several hundred per cent: its line is cut.
    most = max(float(rows["high"].quantile(0.75)), float(rows["rate"].max()), answer.mean)
    figure.update_xaxes(tickformat=".0%", range=[0, 1.1 * most])
    return figure


def takeup_funnel(answer: TakeupAnswer, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Users over expected by size, with the limits that areas usually stay in; those outside as orange diamonds.

    Raises
    ------
    ValueError
        If there are too few for a funnel (`TakeupAnswer.funnel`).
    """
    funnel = answer.funnel
    if funnel is None:
        raise ValueError("too few areas for a funnel")
    rows, surface = answer.expecting, SURFACES[style.mode]
    size, ratio = rows["expected"], rows["users"] / rows["expected"]
    figure = funnel_frame(funnel, size, style)
    outside = rows["area_name"].isin(answer.outside)
    figure.add_scatter(
        x=size,
        y=ratio,
        mode="markers",
        marker={
            "color": [ORANGE if out else surface.quiet_text for out in outside],
            "symbol": ["diamond" if out else "circle" for out in outside],
            "size": [14 if out else 9 for out in outside],
            "line": {"color": surface.text, "width": 1},
        },
        hovertext=[
            _hover({str(key): value for key, value in row.items()}) for row in rows.to_dict("records")
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=340)
    figure.update_xaxes(type="log", title="expected users (logarithmic)", tickformat=",.0f", dtick=1)
    figure.update_yaxes(title="users over expected", rangemode="tozero", tickformat=".1f")
    return figure
