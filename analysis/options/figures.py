"""Charts of options: measures side by side, gains and losses, scores, years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.options.difference import column_of
from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, rows_height_px
from analysis.render.theme import CATEGORIES, ORANGE, SURFACES, percent, whole

OPTION_COLOURS = CATEGORIES
OPTION_MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
LOSING = ("out of reach", "farther")
GAINING = ("into reach", "nearer")
LABEL_LETTERS = 34


def option_colours(slugs: Sequence[str]) -> dict[str, str]:
    """Colour of each option, in the order in which they are compared."""
    return {slug: OPTION_COLOURS[number % len(OPTION_COLOURS)] for number, slug in enumerate(slugs)}


def gain_loss_bars(
    rows: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, colours: Mapping[str, str]
) -> go.Figure:
    """Children who lose to the left and who gain to the right, each side in two steps.

    Parameters
    ----------
    rows : DataFrame
        Index `area_code`, first on top; `area_name`, `children`, a column an outcome (`column_of`).
    colours : mapping of str to str
        By outcome.
    """
    figure = go.Figure()
    places = list(range(len(rows)))
    for sign, outcomes in ((-1, LOSING), (1, GAINING)):
        for outcome in reversed(outcomes):
            counts = rows[column_of(outcome)]
            figure.add_bar(
                x=sign * counts,
                y=places,
                orientation="h",
                base=0 if outcome == outcomes[1] else sign * rows[column_of(outcomes[1])],
                marker={
                    "color": colours[outcome],
                    "line": {"color": SURFACES[style.mode].quiet_text, "width": 0.8},
                },
                customdata=list(rows.index),
                hovertext=[
                    f"<b>{safe(name)}</b><br>{whole(count)} of {whole(total)} children {outcome}"
                    for name, count, total in zip(rows["area_name"], counts, rows["children"], strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
                width=0.72,
            )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(rows)))
    name_rows(figure, rows["area_name"])
    most = max(1.0, float(rows[[column_of(o) for o in (*LOSING, *GAINING)]].to_numpy().max(initial=1)))
    step = _round_step(most)
    ends = [step * number for number in range(-3, 4)]
    figure.update_xaxes(
        tickangle=0,
        tickvals=ends,
        ticktext=[f"{'−' if x < 0 else '+' if x else ''}{whole(abs(x))}" for x in ends],
    )
    figure.update_layout(barmode="overlay")
    figure.add_vline(x=0, line={"color": SURFACES[style.mode].text, "width": 1.5})
    return figure


def moves_sankey(moves: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Children who go from one nearest site to another.

    Parameters
    ----------
    moves : DataFrame
        `from_site`, `to_site`, `from_name`, `to_name`, `children`, `minutes_before`, `minutes_after`.
    """
    surface = SURFACES[style.mode]
    left = list(dict.fromkeys(zip(moves["from_site"], moves["from_name"], strict=True)))
    right = list(dict.fromkeys(zip(moves["to_site"], moves["to_name"], strict=True)))
    starts = {site: number for number, (site, _) in enumerate(left)}
    ends = {site: len(left) + number for number, (site, _) in enumerate(right)}
    farther = moves["minutes_after"] > moves["minutes_before"]
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [short_name(name) for _, name in (*left, *right)],
                "color": surface.quiet_text,
                "pad": 12,
                "thickness": 12,
                "line": {"width": 0},
                "hovertemplate": "%{label}: %{value:,} children<extra></extra>",
            },
            link={
                "source": [starts[site] for site in moves["from_site"]],
                "target": [ends[site] for site in moves["to_site"]],
                "value": list(moves["children"]),
                "color": ["rgba(244,106,37,0.55)" if worse else "rgba(58,110,165,0.5)" for worse in farther],
                "customdata": [
                    f"{whole(row['children'])} children from {safe(row['from_name'])} to {safe(row['to_name'])}: "
                    f"{row['minutes_before']:.0f} to {row['minutes_after']:.0f} min"
                    for row in moves.to_dict("records")
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
            textfont={"size": style.label_px, "color": surface.text, "shadow": "none"},
        )
    )
    rows = max(len(left), len(right))
    return titled(figure, style, title=title, subtitle=subtitle, height_px=max(220, 34 * rows))


def option_dots(
    table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, names: Mapping[str, str]
) -> go.Figure:
    """One row a group and one mark an option: share within reach.

    Parameters
    ----------
    table : DataFrame
        `option`, `group`, `people`, `share_covered`, one row an option and group, groups in order.
    names : mapping of str to str
        Name of each option, in order.
    """
    surface = SURFACES[style.mode]
    groups = list(dict.fromkeys(table["group"]))
    colours = option_colours(list(names))
    figure = go.Figure()
    for row, group in enumerate(groups):
        shares = table.loc[table["group"] == group, "share_covered"].dropna()
        if len(shares) > 1:
            figure.add_shape(
                type="line",
                x0=shares.min(),
                x1=shares.max(),
                y0=row,
                y1=row,
                line={"color": surface.grid, "width": 6},
                layer="below",
            )
    for number, (slug, name) in enumerate(names.items()):
        own = table[table["option"] == slug].set_index("group").reindex(groups)
        figure.add_scatter(
            x=own["share_covered"],
            y=list(range(len(groups))),
            mode="markers",
            name=safe(name),
            marker={
                "size": 14,
                "color": colours[slug] if style.mode == "light" or slug != next(iter(names)) else "#8FB6DA",
                "symbol": OPTION_MARKS[number % len(OPTION_MARKS)],
                "line": {"color": surface.background, "width": 1.5},
            },
            hovertext=[
                f"<b>{safe(name)}</b><br>{safe(group)}: {percent(share)} of {whole(people)}"
                for group, share, people in zip(groups, own["share_covered"], own["people"], strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    titled(
        figure, style, title=title, subtitle=subtitle, height_px=max(130, 38 * len(groups)) + 26 * len(names)
    )
    name_rows(figure, pd.Series(groups, index=groups))
    figure.update_xaxes(range=[-0.02, 1.02], tickformat=".0%")
    return _with_legend(figure)


def _with_legend(figure: go.Figure) -> go.Figure:
    return figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": -0.12,
            "yref": "paper",
            "yanchor": "top",
            "itemclick": False,
        },
        margin={"b": 70},
    )


def short_name(name: object) -> str:
    """A name that fits a label, safe for plotly."""
    text = str(name)
    return safe(text if len(text) <= LABEL_LETTERS else f"{text[: LABEL_LETTERS - 1]}…")


def _round_step(most: float) -> float:
    """A round step of which two or so reach the most.

    >>> _round_step(2900.0)
    2000.0
    """
    power = 10.0 ** (len(str(int(most))) - 1)
    return next((step * power for step in (0.5, 1.0, 2.0, 5.0) if 2.5 * step * power >= most), 5 * power)


def locality_bars(
    table: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, colour: str
) -> go.Figure:
    """Need of each locality as a bar, with the even share as a line.

    Parameters
    ----------
    table : DataFrame
        Index `area_code`; `area_name`, `value`, `words`.
    colour : str
        Of the bars, as #RRGGBB.
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
