"""Charts of money: years in parts, totals by length, unit costs with ranges."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import log10
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, row_bars
from analysis.render.theme import CATEGORIES, DARK_BLUE, ORANGE, SURFACES, pounds, tier_colour

PALE_BLUE, LIGHT_BLUE = "#8FB6DA", "#6F9AC4"
FUNDING_COLOURS = {"Guaranteed": DARK_BLUE, "Expected": LIGHT_BLUE, "At risk": ORANGE}
FUNDING_PATTERNS = {"At risk": "/"}
MOST_LABELLED = 12


def ink(style: FigureStyle) -> str:
    """The one colour of a chart with one series, told from the background in both modes."""
    return DARK_BLUE if style.mode == "light" else PALE_BLUE


def in_order(parts: Sequence[str], style: FigureStyle) -> dict[str, str]:
    """A colour for each part by its place among all parts, so that one that is left out recolours nothing."""
    dark = style.mode == "dark"
    colours = [PALE_BLUE if dark and colour == DARK_BLUE else colour for colour in CATEGORIES]
    return {part: FUNDING_COLOURS.get(part, colours[n % len(colours)]) for n, part in enumerate(parts)}


def year_stacks(
    parts: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
    order: Sequence[str],
    hollow: str = "",
    marks: pd.Series | None = None,
) -> go.Figure:
    """A bar a year, in parts, with the year's total on top and, if given, a second figure as a mark.

    Parameters
    ----------
    parts : DataFrame
        Columns `year_label`, `part`, `amount_gbp`.
    order : sequence of str
        Every part there can be, from the foot up.
    hollow : str
        Part that is only outlined: what is missing.
    marks : Series, optional
        Index `year_label`: amount in pounds, drawn as a short line across the bar.
    """
    surface, colours = SURFACES[style.mode], in_order(order, style)
    years = list(dict.fromkeys(parts["year_label"]))
    figure = go.Figure()
    for part in [p for p in order if (parts["part"] == p).any()]:
        rows = parts[(parts["part"] == part) & parts["amount_gbp"].notna()]
        amounts = rows.groupby("year_label", sort=False)["amount_gbp"].sum()
        if not amounts.any():
            continue
        empty = part == hollow
        figure.add_bar(
            x=list(amounts.index),
            y=amounts,
            name=safe(part),
            marker={
                "color": surface.background if empty else colours[part],
                "line": {
                    "color": surface.text if empty else surface.background,
                    "width": 1.5 if empty else 0.8,
                },
                "pattern": {
                    "shape": FUNDING_PATTERNS.get(part, ""),
                    "bgcolor": colours[part],
                    "fgcolor": surface.background,
                    "size": 7,
                },
            },
            hovertext=[f"{safe(part)}, {year}: {pounds(a)}" for year, a in amounts.items()],
            hovertemplate="%{hovertext}<extra></extra>",
            width=0.66,
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=300)
    totals = parts.groupby("year_label", sort=False)["amount_gbp"].sum().reindex(years).fillna(0)
    _totals_on_top(figure, style, totals)
    if marks is not None:
        _marks_across(figure, style, marks.reindex(years))
    several = sum(trace.type == "bar" for trace in figure.data) > 1
    figure.update_layout(
        barmode="stack",
        showlegend=several or marks is not None,
        legend={"orientation": "h", "y": -0.24, "x": 0},
    )
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=years, showgrid=False)
    figure.update_yaxes(
        rangemode="tozero", tickprefix="£", tickformat=",.0f", range=[0, 1.16 * float(totals.max() or 1)]
    )
    return figure


def two_lines(text: str, most: int = 24) -> str:
    """A long name in two lines of about the same length, safe for a label."""
    words = text.split()
    if len(text) <= most or len(words) < 2:
        return safe(text)
    cut = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(text) / 2))
    return f"{safe(' '.join(words[:cut]))}<br>{safe(' '.join(words[cut:]))}"


def set_apart(values: Mapping[str, float], step: float) -> dict[str, float]:
    """Heights for labels near their values, the highest first, none closer to the next than `step`."""
    placed, last = {}, float("inf")
    for name, value in sorted(values.items(), key=lambda item: -item[1]):
        last = placed[name] = min(value, last - step)
    return placed


def _totals_on_top(figure: go.Figure, style: FigureStyle, totals: pd.Series) -> None:
    if len(totals) > MOST_LABELLED:
        return
    figure.add_scatter(
        x=list(totals.index),
        y=totals,
        mode="text",
        text=[f"£{amount / 1000:,.0f}k" if amount >= 100_000 else pounds(amount) for amount in totals],
        textposition="top center",
        textfont={"size": style.label_px, "color": SURFACES[style.mode].text},
        hoverinfo="skip",
        showlegend=False,
    )


def _marks_across(figure: go.Figure, style: FigureStyle, marks: pd.Series) -> None:
    figure.add_scatter(
        x=list(marks.index),
        y=marks,
        mode="markers",
        name="present value",
        marker={
            "symbol": "line-ew",
            "size": 26,
            "line": {"width": 3, "color": SURFACES[style.mode].selected},
        },
        hovertext=[f"{year}, present value: {pounds(amount)}" for year, amount in marks.items()],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def length_bars(lengths: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Totals in cash by length, the chosen one filled, with the present value as a dot.

    Parameters
    ----------
    lengths : DataFrame
        Columns `label`, `cash_gbp`, `present_value_gbp` (floats), `chosen`.
    """
    surface = SURFACES[style.mode]
    figure = row_bars(
        lengths["cash_gbp"],
        style,
        colours=[ink(style) if chosen else surface.background for chosen in lengths["chosen"]],
        hover=[
            f"<b>{safe(row['label'])}</b><br>cash {pounds(row['cash_gbp'])}<br>present value {pounds(row['present_value_gbp'])}"
            for row in lengths.to_dict("records")
        ],
        text=[pounds(cash) for cash in lengths["cash_gbp"]],
    )
    figure.add_scatter(
        x=lengths["present_value_gbp"],
        y=list(range(len(lengths))),
        mode="markers",
        marker={"size": 11, "color": surface.selected, "line": {"color": surface.background, "width": 1.5}},
        hoverinfo="skip",
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=46 * len(lengths))
    name_rows(figure, lengths["label"])
    most = float(lengths["cash_gbp"].max())
    figure.update_xaxes(range=[0, 1.3 * most], tickprefix="£", tickformat="~s", nticks=5)
    return figure


def unit_cost_points(costs: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Cost for each of several things on a scale of ratios, with its range as a thin line.

    Parameters
    ----------
    costs : DataFrame
        `label`, `tier`, `cost_gbp`, `cost_low_gbp`, `cost_high_gbp`.
    """
    surface = SURFACES[style.mode]
    known = costs[costs["cost_gbp"].notna()].iloc[::-1]
    rows = list(range(len(known)))
    colours = [tier_colour(tier, n) if tier else surface.quiet_text for n, tier in enumerate(known["tier"])]
    figure = go.Figure()
    for row, (low, high) in enumerate(zip(known["cost_low_gbp"], known["cost_high_gbp"], strict=True)):
        figure.add_shape(
            type="line",
            x0=low,
            x1=high,
            y0=row,
            y1=row,
            line={"color": colours[row], "width": 5},
            opacity=0.55,
        )
    figure.add_scatter(
        x=known["cost_gbp"],
        y=rows,
        mode="markers",
        marker={"size": 13, "color": colours, "line": {"color": surface.text, "width": 1}},
        hovertext=[
            f"<b>{safe(row['label'])}</b><br>{pounds(row['cost_gbp'])} "
            f"({pounds(row['cost_low_gbp'])} to {pounds(row['cost_high_gbp'])})"
            for row in known.to_dict("records")
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    titled(
        figure,
        style,
        title=title,
        subtitle=subtitle,
        height_px=max(120, (108 if style.large else 60) * len(known)),
    )
    # The numbers stand with the names: beside the points a phone has no room for them.
    words = [f"{two_lines(str(row['label']))}<br>{_cost_words(row)}" for row in known.to_dict("records")]
    figure.update_yaxes(tickmode="array", tickvals=rows, ticktext=words, range=[-0.6, len(rows) - 0.4])
    ticks = [lead * 10**power for power in range(7) for lead in (1, 2, 5)]
    figure.update_xaxes(
        type="log", tickvals=ticks, ticktext=[f"£{tick:,}" for tick in ticks], range=_log_range(known)
    )
    return figure


def _cost_words(row: Mapping[Hashable, Any]) -> str:
    words = f"<b>£{row['cost_gbp']:,.0f}</b>"
    if row["cost_low_gbp"] == row["cost_high_gbp"]:
        return words
    return f"{words} ({row['cost_low_gbp']:,.0f} to {row['cost_high_gbp']:,.0f})"


def _log_range(known: pd.DataFrame) -> list[float]:
    low, high = float(known["cost_low_gbp"].min()), float(known["cost_high_gbp"].max())
    return [log10(low) - 0.15, log10(high) + 0.15]
