"""Charts of reach: coverage by area, what each site carries, capacity per need, sensitivity."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, row_bars, rows_height_px
from analysis.render.theme import SURFACES, TURQUOISE, nearest_ten, percent, whole

ASSUMPTION_WORDS = {"detour": "Detour (times)", "speed_kmh": "Speed (km/h)", "minutes": "Limit (minutes)"}
LONGEST_NAME = 30
UNIQUE, SHARED = TURQUOISE, "#B9C0C7"


def coverage_bars(
    table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, selected: str | None = None
) -> go.Figure:
    """Share of children within reach, one bar an area, in the order given.

    Parameters
    ----------
    table : DataFrame
        Index `area_code`; `area_name`, `children`, `children_covered`, `share_covered`.
    selected : str, optional
        Code of the area whose bar is marked.
    """
    share = table["share_covered"].fillna(0.0) * 100
    counts = [
        f"{percent(part)} · {whole(covered)} of {whole(total)}"
        for part, covered, total in zip(
            table["share_covered"].fillna(0.0), table["children_covered"], table["children"], strict=True
        )
    ]
    hover = [
        f"<b>{safe(name)}</b><br>{words} children within reach"
        for name, words in zip(table["area_name"], counts, strict=True)
    ]
    figure = row_bars(
        share, style, colours=[TURQUOISE] * len(table), hover=hover, selected=selected, text=counts
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(table)))
    name_rows(figure, table["area_name"], selected)
    figure.update_xaxes(range=[0, 200], tickvals=[0, 25, 50, 75, 100], ticksuffix="%")
    return figure


def shortened(name: str) -> str:
    """A name that leaves room for its bar; the hover box has it in full."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def site_bars(table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Need within reach of each site: reached by it alone, and shared with others.

    Parameters
    ----------
    table : DataFrame
        `analysis.reach.loads.site_figures`, in the order to be drawn.
    """
    surface = SURFACES[style.mode]
    rows = list(range(len(table)))
    figure = go.Figure()
    for column, colour, words in (
        ("need_unique", UNIQUE, "by this site alone"),
        ("need_shared", SHARED, "shared with another"),
    ):
        figure.add_bar(
            x=table[column],
            y=rows,
            orientation="h",
            marker={"color": colour, "line": {"color": surface.quiet_text, "width": 0.8}},
            hovertext=[
                f"<b>{safe(name)}</b><br>est. {nearest_ten(value)} {words}"
                for name, value in zip(table["name"], table[column], strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            name=words,
            width=0.72,
        )
    figure.update_layout(barmode="stack")
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(table)))
    name_rows(figure, table["name"].map(shortened))
    figure.update_xaxes(rangemode="tozero")
    return figure


def access_bars(
    table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, selected: str | None = None
) -> go.Figure:
    """Capacity within reach per 1,000 in need, one bar an area.

    Parameters
    ----------
    table : DataFrame
        Index `area_code`; `area_name`, `value`.
    selected : str, optional
        Code of the area whose bar is marked.
    """
    words = [f"{value:,.2f}" for value in table["value"].fillna(0.0)]
    figure = row_bars(
        table["value"].fillna(0.0),
        style,
        colours=[TURQUOISE] * len(table),
        hover=[f"<b>{safe(name)}</b><br>{w}" for name, w in zip(table["area_name"], words, strict=True)],
        selected=selected,
        text=words,
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(table)))
    name_rows(figure, table["area_name"], selected)
    longest = float(table["value"].max()) if len(table) else 1.0
    figure.update_xaxes(range=[0, max(longest, 1e-9) * 1.15])
    return figure


def sensitivity_lines(table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Share of children within reach when one assumption at a time is another; the value in force is marked.

    Parameters
    ----------
    table : DataFrame
        `analysis.reach.sensitivity.coverage_sensitivity`; crossings and ways are told in words, not drawn.
    """
    surface = SURFACES[style.mode]
    names = [name for name in dict.fromkeys(table["assumption"]) if name in ASSUMPTION_WORDS]
    heads = [ASSUMPTION_WORDS[name] for name in names]
    figure = make_subplots(cols=len(names), rows=1, shared_yaxes=True, horizontal_spacing=0.06, x_title="")
    for column, name in enumerate(names, start=1):
        rows = table[table["assumption"] == name].sort_values("value")
        marked = rows["in_force"].to_numpy(bool)
        figure.add_scatter(
            x=rows["value"],
            y=rows["children_share"] * 100,
            mode="lines+markers+text",
            line={"color": TURQUOISE, "width": 2.5},
            marker={
                "size": [13 if here else 7 for here in marked],
                "color": [surface.selected if here else TURQUOISE for here in marked],
            },
            text=[percent(share) for share in rows["children_share"]],
            textposition="top center",
            textfont={"size": style.label_px, "color": surface.text},
            hovertemplate=f"{heads[column - 1]} %{{x:g}}: %{{y:.1f}}%<extra></extra>",
            cliponaxis=False,
            row=1,
            col=column,
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=260)
    top = min(100.0, float(table["children_share"].max()) * 100) * 1.18 + 4
    figure.update_yaxes(range=[0, top], ticksuffix="%")
    for column, name in enumerate(names, start=1):
        values = table.loc[table["assumption"] == name, "value"]
        span = float(values.max() - values.min()) or 1.0
        figure.update_xaxes(
            title={"text": heads[column - 1], "standoff": 6},
            range=[float(values.min()) - span * 0.14, float(values.max()) + span * 0.14],
            tickvals=sorted(values),
            row=1,
            col=column,
        )
    return figure
