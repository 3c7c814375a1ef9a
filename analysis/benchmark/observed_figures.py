"""Charts of observed against expected: funnel, neighbours, years, the fitted gradient, the pyramid."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.benchmark.funnel import LIMITS, Funnel
from analysis.benchmark.observed_answer import BenchmarkAnswer, funnel_top
from analysis.benchmark.observed_words import amount, ratio_words
from analysis.need.rates import LEAST_DEPRIVED, MOST_DEPRIVED, Floats
from analysis.places.england.outcomes import Outcome
from analysis.places.manifest import Tier
from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, rows_height_px
from analysis.render.theme import DARK_BLUE, ORANGE, SURFACES, percent, tier_colour

DASHES = {0.95: "solid", 0.998: "dot"}
STEPS = 120


def _blue(style: FigureStyle) -> str:
    return DARK_BLUE if style.mode == "light" else "#8FB6DA"


def _hover(rows: pd.DataFrame, outcome: Outcome) -> list[str]:
    return [
        f"<b>{safe(row['authority_name'])}</b><br>{amount(outcome, row['observed'])} observed, "
        f"{amount(outcome, row['expected'], estimated=True)} expected<br>{ratio_words(row)}"
        for _, row in rows.iterrows()
    ]


def funnel_frame(funnel: Funnel, size: pd.Series, style: FigureStyle) -> go.Figure:
    """The limits that rates usually stay in by size, 95% solid and 99.8% dotted, and the line of the expected."""
    surface = SURFACES[style.mode]
    across = np.geomspace(float(size.min()) * 0.9, float(size.max()) * 1.1, STEPS)
    figure = go.Figure()
    for share in LIMITS:
        for limit in funnel.limits(across, share):
            figure.add_scatter(
                x=across,
                y=limit,
                mode="lines",
                line={"color": surface.quiet_text, "width": 1.2, "dash": DASHES[share]},
                hoverinfo="skip",
            )
    figure.add_hline(y=1, line={"color": surface.text, "width": 1.2})
    return figure


def funnel_plot(answer: BenchmarkAnswer, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Observed over expected by size, with the limits that authorities usually stay in; members named."""
    rows, surface, outcome = answer.known, SURFACES[style.mode], answer.problem.outcome
    size = rows["expected"] if outcome.counted else answer.people[rows.index]
    figure = funnel_frame(answer.funnel, size, style)
    near = rows["neighbour"].notna()
    own = rows.index.isin(answer.problem.members)
    top = funnel_top(answer)
    for chosen, colour, mark in (
        (~near & ~own, surface.quiet_text, {"size": 7, "opacity": 0.55}),
        (near, _blue(style), {"size": 10, "symbol": "diamond"}),
        (pd.Series(own, rows.index), ORANGE, {"size": 15, "line": {"color": surface.text, "width": 1.6}}),
    ):
        part = rows[chosen]
        above = part["ratio"] > top
        shape = {"symbol": ["triangle-up" if each else mark.get("symbol", "circle") for each in above]}
        figure.add_scatter(
            x=size[part.index],
            y=part["ratio"].clip(upper=top),
            mode="markers",
            marker={"color": colour, **mark, **shape},
            cliponaxis=False,
            hovertext=_hover(part, outcome),
            hovertemplate="%{hovertext}<extra></extra>",
        )
    _name_points(figure, rows[own], size, style)
    titled(figure, style, title=title, subtitle=subtitle, height_px=360)
    what = f"expected number of {outcome.noun}" if outcome.counted else "children 0-17"
    figure.update_xaxes(type="log", title=f"{what} (logarithmic)", tickformat=",.0f", dtick=1)
    figure.update_yaxes(title="observed over expected", range=[0, 1.02 * top], tickformat=".1f")
    return figure


def _name_points(figure: go.Figure, rows: pd.DataFrame, size: pd.Series, style: FigureStyle) -> None:
    surface = SURFACES[style.mode]
    for across, (_, row) in zip(np.log10(size[rows.index].to_numpy(float)), rows.iterrows(), strict=True):
        figure.add_annotation(
            x=across,
            y=row["ratio"],
            text=f"<b>{safe(row['authority_name'])}</b>",
            showarrow=False,
            yshift=17,
            font={"size": style.label_px, "color": surface.text},
            bgcolor=surface.background,
            opacity=0.9,
        )


def neighbour_rows(answer: BenchmarkAnswer) -> pd.DataFrame:
    """Members and neighbours with a figure, the highest ratio first."""
    rows = pd.concat([answer.members, answer.neighbours])
    return rows[rows["ratio"].notna()].sort_values("ratio", ascending=False)


def neighbour_dots(answer: BenchmarkAnswer, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Ratios of members and their statistical neighbours with intervals, the highest first."""
    rows, surface = neighbour_rows(answer), SURFACES[style.mode]
    own = [code in answer.problem.members for code in rows.index]
    figure = go.Figure(
        go.Scatter(
            x=rows["ratio"],
            y=list(range(len(rows))),
            mode="markers",
            marker={
                "size": [14 if mine else 10 for mine in own],
                "color": [ORANGE if mine else _blue(style) for mine in own],
                "symbol": ["circle" if mine else "diamond" for mine in own],
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": rows["high"] - rows["ratio"],
                "arrayminus": rows["ratio"] - rows["low"],
                "color": surface.text,
                "thickness": 1.6,
                "width": 0,
            },
            hovertext=_hover(rows, answer.problem.outcome),
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    figure.add_vline(x=1, line={"color": surface.text, "width": 1.2})
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(rows)) + 40)
    name_rows(figure, rows["authority_name"], answer.problem.members[0])
    figure.update_xaxes(tickformat=".1f", title="observed over expected")
    return figure


def trend_lines(
    years: pd.DataFrame, answer: BenchmarkAnswer, style: FigureStyle, *, title: str, subtitle: str
) -> go.Figure:
    """Ratios by year: members with their intervals, neighbours in grey.

    Parameters
    ----------
    years : DataFrame
        As `trend` gives.
    """
    surface, figure = SURFACES[style.mode], go.Figure()
    for code in answer.neighbours.index:
        rows = years.loc[[code]]
        figure.add_scatter(
            x=rows["year"],
            y=rows["ratio"],
            mode="lines",
            line={"color": surface.quiet_text, "width": 1},
            opacity=0.55,
            hovertext=_hover(rows, answer.problem.outcome),
            hovertemplate="%{x} %{hovertext}<extra></extra>",
        )
    figure.add_hline(y=1, line={"color": surface.text, "width": 1.2})
    for number, code in enumerate(answer.problem.members):
        rows = years.loc[[code]]
        figure.add_scatter(
            x=rows["year"],
            y=rows["ratio"],
            mode="lines+markers",
            line={"color": ORANGE if number == 0 else surface.text, "width": 3},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": rows["high"] - rows["ratio"],
                "arrayminus": rows["ratio"] - rows["low"],
                "color": surface.text,
                "thickness": 1.2,
                "width": 0,
            },
            hovertext=_hover(rows, answer.problem.outcome),
            hovertemplate="%{x} %{hovertext}<extra></extra>",
        )
        known = rows[rows["ratio"].notna()]
        if len(known):
            figure.add_annotation(
                x=known["year"].iloc[-1],
                y=known["ratio"].iloc[-1],
                text=f"<b>{safe(known['authority_name'].iloc[-1])}</b>",
                showarrow=False,
                xanchor="left",
                xshift=10,
                font={"size": style.label_px, "color": surface.text},
            )
    titled(figure, style, title=title, subtitle=subtitle, height_px=300)
    figure.update_layout(margin_r=110)
    figure.update_xaxes(tickformat="d", dtick=2, separatethousands=False)
    figure.update_yaxes(title="observed over expected", tickformat=".1f")
    return figure


def gradient_numbers(answer: BenchmarkAnswer, tiers: Mapping[str, Floats]) -> pd.DataFrame:
    """What `gradient_curves` draws.

    Parameters
    ----------
    tiers : mapping of str to ndarray, shape (21,)
        Rates of each tier at positions 0 to 1 in steps of 0.05, over its prevalence.

    Returns
    -------
    DataFrame
        `position` (0 to 1, the most deprived), `fitted`, `low`, `high` (rates over that of England), and a column a tier.
    """
    position = np.linspace(0, 1, 21)
    scale = answer.rates[1]
    fitted, low, high = (each / scale for each in answer.fit.curve(position))
    return pd.DataFrame({"position": position, "fitted": fitted, "low": low, "high": high, **tiers})


def gradient_curves(
    answer: BenchmarkAnswer,
    numbers: pd.DataFrame,
    tiers: tuple[Tier, ...],
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
) -> go.Figure:
    """The fitted curve with its interval over the curves of the model, all relative to England; authorities as dots.

    Parameters
    ----------
    numbers : DataFrame
        As `gradient_numbers` gives.
    tiers : tuple of Tier
    """
    surface, blue = SURFACES[style.mode], _blue(style)
    rates, england = answer.rates
    known = answer.known
    figure = go.Figure()
    own = known.index.isin(answer.problem.members)
    for chosen, colour, size in ((~own, surface.quiet_text, 6), (own, ORANGE, 14)):
        part = known[chosen]
        figure.add_scatter(
            x=answer.position[part.index],
            y=rates[part.index] / england,
            mode="markers",
            marker={"color": colour, "size": size, "opacity": 0.5 if size < 10 else 1},
            hovertext=_hover(part, answer.problem.outcome),
            hovertemplate="%{hovertext}<extra></extra>",
        )
    figure.add_scatter(
        x=pd.concat([numbers["position"], numbers["position"][::-1]]),
        y=pd.concat([numbers["high"], numbers["low"][::-1]]),
        fill="toself",
        fillcolor=f"rgba({','.join(str(int(blue[i : i + 2], 16)) for i in (1, 3, 5))},0.22)",
        line={"width": 0},
        hoverinfo="skip",
    )
    gradient = answer.fit.gradient[0]
    lines = [("fitted", f"Fitted: {gradient:.1f} times", blue, "solid")]
    lines += [
        (tier.key, f"{tier.name}: {tier.gradient:g} times", tier_colour(tier.key, number), "dash")
        for number, tier in enumerate(tiers)
        if tier.key in numbers
    ]
    ends = _apart([float(numbers[key].iloc[-1]) for key, *_ in lines], float(numbers["high"].max()))
    for (key, words, colour, dash), end in zip(lines, ends, strict=True):
        figure.add_scatter(
            x=numbers["position"],
            y=numbers[key],
            mode="lines",
            line={"color": colour, "width": 3, "dash": dash},
            hovertemplate=f"{safe(words)}: %{{y:.2f}} times England<extra></extra>",
        )
        figure.add_annotation(
            x=1,
            y=end,
            text=f"<b>{safe(words)}</b>",
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"size": style.label_px, "color": surface.text},
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=320)
    figure.update_layout(margin_r=190)
    figure.update_xaxes(
        range=[0, 1],
        tickvals=[LEAST_DEPRIVED, 0.5, MOST_DEPRIVED],
        ticktext=["least deprived tenth", "middle", "most deprived tenth"],
    )
    figure.update_yaxes(title="rate, England = 1", rangemode="tozero", tickformat=".1f")
    return figure


def _apart(heights: list[float], highest: float) -> list[float]:
    """Heights of labels, moved so that none is nearer to the next than a fifteenth of the picture."""
    least = max([highest, *heights]) / 15
    moved = dict.fromkeys(range(len(heights)), 0.0)
    at = -np.inf
    for number in sorted(moved, key=heights.__getitem__):
        at = max(heights[number], at + least)
        moved[number] = at
    return [moved[number] for number in range(len(heights))]


def pyramid_rows(steps: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Observed numbers and modelled tiers, the narrowest on top; what is expected as an upright line.

    Parameters
    ----------
    steps : DataFrame
        As `observed_pyramid` gives.
    """
    surface = SURFACES[style.mode]
    rows = steps.iloc[::-1]
    colours = [
        tier_colour(str(key)) if kind == "modelled" else _blue(style) for key, kind in rows["kind"].items()
    ]
    at = list(range(len(rows)))
    figure = go.Figure(
        go.Bar(
            x=rows["children"],
            y=at,
            orientation="h",
            marker={"color": colours},
            width=0.7,
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (rows["high"] - rows["children"]).fillna(0),
                "arrayminus": (rows["children"] - rows["low"]).fillna(0),
                "color": surface.text,
                "thickness": 1.6,
                "width": 0,
            },
            hovertext=[f"<b>{safe(name)}</b><br>{safe(words)}" for name, words in _step_words(rows).items()],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=rows["expected"],
        y=at,
        mode="markers",
        marker={"symbol": "line-ns", "size": 22, "line": {"width": 3, "color": ORANGE}},
        hovertemplate="expected from deprivation: %{x:,.0f}<extra></extra>",
    )
    ends = rows[["children", "high", "expected"]].max(axis=1).fillna(0.0).to_numpy(float)
    for number, (name, words) in enumerate(_step_words(rows).items()):
        figure.add_annotation(
            x=float(ends[number]),
            y=number,
            text=safe(words),
            showarrow=False,
            xanchor="left",
            xshift=10,
            font={"size": style.label_px, "color": surface.text},
            name=str(name),
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, 2 * len(rows)))
    name_rows(figure, rows["name"])
    figure.update_xaxes(range=[0, 1.7 * float(ends.max())], tickformat=",.0f")
    return figure


def _step_words(rows: pd.DataFrame) -> dict[str, str]:
    """Number, share and ratio of each step, by its name."""
    words = {}
    for row in rows.to_dict("records"):
        if pd.isna(row["children"]):
            words[str(row["name"])] = "no figure"
        elif row["kind"] == "modelled":
            words[str(row["name"])] = (
                f"est. {round(row['children'], -1):,.0f} ({round(row['low'], -1):,.0f} to "
                f"{round(row['high'], -1):,.0f}), {percent(row['share'])}"
            )
        else:
            words[str(row["name"])] = (
                f"{row['children']:,.0f}, {percent(row['share'])}; {row['ratio']:.2f} times expected"
            )
    return words
