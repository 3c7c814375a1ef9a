"""Charts of options: gains and losses, moves from site to site, groups of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from analysis.options.difference import column_of
from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, rows_height_px
from analysis.render.theme import CATEGORIES, SURFACES, percent, whole

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
