"""Charts of an envelope that is shared: the amounts, other floors, gains and losses."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.commissioning.figures import ink, set_apart, two_lines
from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, row_bars, rows_height_px
from analysis.render.theme import DIVERGING, LIGHT_PURPLE, ORANGE, SURFACES, TURQUOISE, pounds

HELD_COLOURS = {"floor": ORANGE, "damping": LIGHT_PURPLE, "cap": TURQUOISE}
HELD_SIGNS = {"floor": "▲ floor", "damping": "▲ damping", "cap": "▼ cap"}
MOST_NAMED = 8
LONGEST_NAME = 34


def allocation_bars(
    table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, selected: str | None = None
) -> go.Figure:
    """Pounds by recipient, most first; those that a rule holds are coloured and say which.

    Parameters
    ----------
    table : DataFrame
        Index `area_code`; `area_name`, `allocation_gbp`, `share`, `held_by`.
    selected : str, optional
        Code of the area that is marked.
    """
    figure = row_bars(
        table["allocation_gbp"],
        style,
        colours=[HELD_COLOURS.get(held, ink(style)) for held in table["held_by"]],
        hover=[
            f"<b>{safe(row['area_name'])}</b><br>{pounds(row['allocation_gbp'])}<br>{row['share']:.1%} of the need"
            for row in table.to_dict("records")
        ],
        text=[
            f"£{row['allocation_gbp']:,}  {HELD_SIGNS.get(row['held_by'], '')}"
            for row in table.to_dict("records")
        ],
        selected=selected,
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=_height_px(style, table["area_name"]))
    name_rows(figure, table["area_name"], selected)
    _long_names(figure, table["area_name"])
    figure.update_xaxes(
        range=[0, 1.45 * max(1.0, float(table["allocation_gbp"].max()))],
        tickprefix="£",
        tickformat="~s",
        nticks=5,
    )
    return figure


def floor_lines(
    curve: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, now: float
) -> go.Figure:
    """What each recipient gets at every floor; the first and last are named, the floor in force is marked.

    Parameters
    ----------
    curve : DataFrame
        Columns `area_code`, `area_name`, `floor` (share), `allocation_gbp`.
    now : float
        Floor in force, as a share.
    """
    surface = SURFACES[style.mode]
    first = curve[curve["floor"] == curve["floor"].min()].sort_values("allocation_gbp", ascending=False)
    order = list(first["area_code"])
    named = set(order if len(order) <= MOST_NAMED else [*order[:3], *order[-3:]])
    figure = go.Figure()
    for code in order:
        line = curve[curve["area_code"] == code].sort_values("floor")
        strong = code in named
        figure.add_scatter(
            x=line["floor"],
            y=line["allocation_gbp"],
            mode="lines",
            line={"color": ink(style) if strong else surface.quiet_text, "width": 2.5 if strong else 1},
            opacity=1 if strong else 0.6,
            hovertext=[safe(line["area_name"].iloc[0])] * len(line),
            hovertemplate="%{hovertext}<br>floor %{x:.1%}: £%{y:,}<extra></extra>",
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=300)
    _names_at_start(figure, style, first[first["area_code"].isin(named)])
    figure.add_vline(x=now, line={"color": surface.selected, "width": 2, "dash": "dash"})
    most = float(curve["floor"].max()) or 1.0
    # Room on the left for the longest name that is written there.
    room = min(0.9, 0.03 * max(len(str(name)) for name in first[first["area_code"].isin(named)]["area_name"]))
    figure.update_xaxes(
        range=[-room * most, 1.02 * most], tickformat=".1%", title="floor, share of the envelope"
    )
    ticks = [most * n / 5 for n in range(6)]
    figure.update_xaxes(tickmode="array", tickvals=ticks)
    figure.update_yaxes(rangemode="tozero", tickprefix="£", tickformat=",.0f")
    return figure


def _names_at_start(figure: go.Figure, style: FigureStyle, ends: pd.DataFrame) -> None:
    """Names beside the left ends of their lines, moved apart where they would overlap."""
    step = 0.062 * max(1.0, float(ends["allocation_gbp"].max()))
    values = {
        str(code): float(amount) for code, amount in ends.set_index("area_code")["allocation_gbp"].items()
    }
    names = ends.set_index("area_code")["area_name"]
    for code, height in set_apart(values, step).items():
        figure.add_annotation(
            x=0,
            y=height,
            xshift=-6,
            text=safe(names[code]),
            xanchor="right",
            showarrow=False,
            font={"size": style.label_px - 1, "color": SURFACES[style.mode].text},
        )


def change_bars(changes: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Gains to the right in blue, losses to the left in orange, with signs; the largest loss on top.

    Parameters
    ----------
    changes : DataFrame
        Index `area_code`; `area_name`, `before_gbp`, `after_gbp`, `change_gbp`.
    """
    change = changes["change_gbp"].astype(float)
    better = DIVERGING[-1] if style.mode == "light" else DIVERGING[-2]
    figure = row_bars(
        change,
        style,
        colours=[better if value >= 0 else DIVERGING[0] for value in change],
        hover=[
            f"<b>{safe(row['area_name'])}</b><br>{pounds(row['before_gbp'])} to {pounds(row['after_gbp'])}"
            for row in changes.to_dict("records")
        ],
        text=[f"{'+' if value > 0 else '−' if value < 0 else ''}£{abs(value):,.0f}" for value in change],
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=_height_px(style, changes["area_name"]))
    name_rows(figure, changes["area_name"])
    _long_names(figure, changes["area_name"])
    reach = 1.5 * max(1.0, float(change.abs().max()))
    figure.add_vline(x=0, line={"color": SURFACES[style.mode].text, "width": 1})
    figure.update_xaxes(range=[-reach, reach], tickformat="~s", nticks=5)
    return figure


def _are_long(names: pd.Series) -> bool:
    return bool((names.str.len() > LONGEST_NAME).any())


def _height_px(style: FigureStyle, names: pd.Series) -> int:
    """Height of a chart with a row a recipient: room for two lines where a name needs them."""
    row_px = 36 if _are_long(names) else 0
    return max(rows_height_px(style, len(names)), row_px * len(names), 34 * min(len(names), 5))


def _long_names(figure: go.Figure, names: pd.Series) -> None:
    """Names of sites in two lines, so that the bars keep their room."""
    if _are_long(names):
        figure.update_yaxes(ticktext=[two_lines(str(name)) for name in names])
