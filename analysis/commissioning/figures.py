"""Charts of commissioning: money by year, an envelope shared out, an appraisal, outcomes, what a plan avoids."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import log10
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, row_bars, rows_height_px
from analysis.render.theme import (
    CATEGORIES,
    DARK_BLUE,
    DIVERGING,
    LIGHT_PURPLE,
    ORANGE,
    SURFACES,
    TURQUOISE,
    percent,
    pounds,
    tier_colour,
)

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
    figure = row_bars(
        change,
        style,
        colours=[DIVERGING[-1] if value >= 0 else DIVERGING[0] for value in change],
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


MOST_QUARTERS_NAMED = 4


def contribution_bars(
    parts: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, order: Sequence[str]
) -> go.Figure:
    """Points of each alternative in parts by criterion, the best on top.

    Parameters
    ----------
    parts : DataFrame
        Columns `alternative`, `criterion`, `points`.
    order : sequence of str
        Every criterion.
    """
    surface, colours = SURFACES[style.mode], in_order(order, style)
    names = list(dict.fromkeys(parts["alternative"]))
    figure = go.Figure()
    for criterion in order:
        rows = parts[parts["criterion"] == criterion].set_index("alternative")["points"].reindex(names)
        figure.add_bar(
            x=rows,
            y=list(range(len(names))),
            orientation="h",
            name=safe(criterion),
            marker={"color": colours[criterion], "line": {"color": surface.background, "width": 1}},
            text=[f"{points:.0f}" if points >= 4 else "" for points in rows],
            textposition="inside",
            insidetextanchor="middle",
            textfont={"color": style.readable_on(colours[criterion])},
            hovertext=[
                f"{safe(name)}<br>{safe(criterion)}: {points:.1f} points" for name, points in rows.items()
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            width=0.66,
        )
    totals = parts.groupby("alternative", sort=False)["points"].sum().reindex(names)
    figure.add_scatter(
        x=totals,
        y=list(range(len(names))),
        mode="text",
        text=[f" <b>{total:.0f}</b>" for total in totals],
        textposition="middle right",
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=max(120, 46 * len(names)))
    name_rows(figure, pd.Series(names))
    figure.update_yaxes(ticktext=[two_lines(str(name)) for name in names])
    figure.update_xaxes(range=[0, 108])
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "y": -0.2, "x": 0, "traceorder": "normal"},
    )
    return figure


def first_place_bars(stability: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Share of simulated weights and scores in which each alternative comes first.

    Parameters
    ----------
    stability : DataFrame
        Index `alternative`; `p_first`, `rank_low`, `rank_high`.
    """
    figure = row_bars(
        stability["p_first"],
        style,
        colours=[ink(style)] * len(stability),
        hover=[
            f"<b>{safe(name)}</b><br>first in {percent(row['p_first'])}<br>rank {row['rank_low']} to {row['rank_high']}"
            for name, row in zip(stability.index, stability.to_dict("records"), strict=True)
        ],
        text=[percent(chance) for chance in stability["p_first"]],
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=max(120, 46 * len(stability)))
    name_rows(figure, pd.Series(list(stability.index)))
    figure.update_yaxes(ticktext=[two_lines(str(name)) for name in stability.index])
    figure.update_xaxes(range=[0, 1.15], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    return figure


def run_chart_lines(chart: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """A measure by quarter with its mean, its limits, the target and the baseline; signals are marked.

    Parameters
    ----------
    chart : DataFrame
        `quarter`, `actual`, `centre`, `lower`, `upper`, `signal`, `target`, `baseline`.
    """
    surface = SURFACES[style.mode]
    quarters = [safe(quarter).replace(" ", "<br>") for quarter in chart["quarter"]]
    figure = go.Figure()
    for column, dash, width in (("upper", "dash", 1.5), ("centre", "solid", 1.5), ("lower", "dash", 1.5)):
        figure.add_scatter(
            x=quarters, y=chart[column], mode="lines", hoverinfo="skip",
            line={"color": surface.quiet_text, "dash": dash, "width": width},
        )  # fmt: skip
    for column, colour, dash in (("target", TURQUOISE, "dot"), ("baseline", surface.text, "longdashdot")):
        figure.add_scatter(
            x=quarters, y=chart[column], mode="lines", connectgaps=True,
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate=f"{column}: %{{y:,.6~g}}<extra></extra>",
        )  # fmt: skip
    signal = chart["signal"] != ""
    figure.add_scatter(
        x=quarters,
        y=chart["actual"],
        mode="lines+markers",
        line={"color": ink(style), "width": 2.5},
        marker={
            "size": [14 if s else 9 for s in signal],
            "symbol": ["diamond" if s else "circle" for s in signal],
            "color": [ORANGE if s else ink(style) for s in signal],
            "line": {"color": surface.text, "width": [1.5 if s else 0 for s in signal]},
        },
        hovertext=[
            {"outside": "outside the limits", "run": "one of 8 or more on one side"}.get(s, "")
            for s in chart["signal"]
        ],
        hovertemplate="<b>%{x}</b>: %{y:,.6~g}<br>%{hovertext}<extra></extra>",
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=300)
    words = {
        "upper": "upper limit",
        "centre": "mean",
        "lower": "lower limit",
        "target": "target",
        "baseline": "baseline",
    }
    ends = {column: float(chart[column].dropna().iloc[-1]) for column in words if chart[column].notna().any()}
    known = chart[[*ends, "actual"]].to_numpy(dtype=float)
    step = 0.07 * (float(np.nanmax(known) - np.nanmin(known)) or 1.0)
    for column, height in set_apart(ends, step).items():
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=height,
            text=words[column],
            showarrow=False,
            font={"size": style.label_px - 1, "color": surface.text},
        )
    figure.update_layout(margin={"r": 96})
    every = -(-len(quarters) // MOST_QUARTERS_NAMED)
    figure.update_xaxes(
        type="category", showgrid=False, tickmode="array", tickvals=quarters[::-every], tickangle=0
    )
    return figure


def protected_bars(bars: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Counts by area as they may be shown; few or none have their mark and no length of their own.

    Parameters
    ----------
    bars : DataFrame
        Index `area_code`; `area_name`, `value`, `label`.
    """
    surface = SURFACES[style.mode]
    known = bars["value"]
    figure = row_bars(
        known,
        style,
        colours=[ink(style)] * len(bars),
        hover=[f"<b>{safe(row['area_name'])}</b><br>{safe(row['label'])}" for row in bars.to_dict("records")],
        text=[str(label) for label in bars["label"]],
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(bars)))
    name_rows(figure, bars["area_name"])
    figure.update_traces(marker_line_color=surface.background)
    figure.update_xaxes(range=[0, 1.15 * max(5.0, float(known.max() or 0))])
    return figure


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
