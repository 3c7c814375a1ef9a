"""Charts of need: ranking with ranges, pyramid, ages, domains."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.theme import DARK_BLUE, SURFACES, percent, tier_colour


def ranking_bars(
    ranking: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
    colour: str,
    selected: str | None = None,
) -> go.Figure:
    """Areas by falling value, each with its range as a thin line.

    Parameters
    ----------
    ranking : DataFrame
        Index `area_code`, largest first; `area_name`, `value`, `low`, `high`, `rank`, `p_top`, `fill`
        (hex colour of the area on the map), `words` (value with its range).
    style : FigureStyle
    title, subtitle : str
    colour : str
        Colour of the range line.
    selected : str, optional
        Code of the area that is marked.

    Returns
    -------
    Figure
        Points carry the area code as `customdata`.
    """
    surface = SURFACES[style.mode]
    names = [safe(name) for name in ranking["area_name"]]
    marked = [code == selected for code in ranking.index]
    labels = [f"<b>{n}</b>" if m else n for n, m in zip(names, marked, strict=True)]
    spread = {
        "type": "data",
        "symmetric": False,
        "array": (ranking["high"] - ranking["value"]).clip(lower=0),
        "arrayminus": (ranking["value"] - ranking["low"]).clip(lower=0),
        "color": surface.text,
        "thickness": 3 if style.large else 1.6,
        "width": 0,
    }
    figure = go.Figure(
        go.Bar(
            x=ranking["value"],
            y=list(range(len(ranking))),
            orientation="h",
            marker={
                "color": list(ranking["fill"]),
                "line": {
                    "color": [surface.selected if m else colour for m in marked],
                    "width": [3 if m else 0.8 for m in marked],
                },
            },
            error_x=spread,
            customdata=list(ranking.index),
            hovertext=[
                f"<b>{n}</b><br>{safe(words)}<br>Rank {rank} of {len(ranking)}"
                for n, words, rank in zip(names, ranking["words"], ranking["rank"], strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            width=0.72,
        )
    )
    row_px = 40 if style.large else 21
    titled(figure, style, title=title, subtitle=subtitle, height_px=max(90, row_px * len(ranking)))
    figure.update_yaxes(
        autorange="reversed",
        tickmode="array",
        tickvals=list(range(len(ranking))),
        ticktext=labels,
        showgrid=False,
    )
    figure.update_xaxes(rangemode="tozero", side="bottom")
    return figure


def pyramid_bars(steps: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """The pyramid of need as one bar a step, the broadest at the foot, labelled with number and share.

    Parameters
    ----------
    steps : DataFrame
        Index `step` from "universal" up; `name`, `children`, `low`, `high`, `share`.
    """
    top_down = steps.iloc[::-1]
    colours = [tier_colour(str(key), number) for number, key in enumerate(top_down.index)]
    figure = go.Figure(
        go.Bar(
            x=top_down["children"],
            y=[safe(name) for name in top_down["name"]],
            base=-top_down["children"] / 2,
            orientation="h",
            marker={"color": colours},
            hovertext=[
                f"<b>{safe(step['name'])}</b><br>{step['children']:,} children ({step['low']:,} to {step['high']:,})"
                for step in top_down.to_dict("records")
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            width=0.86,
        )
    )
    for step in top_down.to_dict("records"):
        figure.add_annotation(
            x=0,
            y=safe(step["name"]),
            text=f"<b>{safe(step['name'])}</b>  {step['children']:,}  ({percent(step['share'])})",
            showarrow=False,
            font={"color": SURFACES[style.mode].text, "size": style.label_px},
            bgcolor=SURFACES[style.mode].background,
            borderpad=2,
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=(64 if style.large else 46) * len(steps))
    figure.update_yaxes(autorange="reversed", showticklabels=False, showgrid=False)
    figure.update_xaxes(showticklabels=False, showgrid=False)
    return figure


def share_bars(shares: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Tiers as shares of all children for several places or areas, side by side, with ranges.

    Parameters
    ----------
    shares : DataFrame
        Columns `name`, `tier`, `tier_name`, `rate`, `low`, `high` (per 1,000 children), `marked`.
    """
    surface = SURFACES[style.mode]
    figure = go.Figure()
    tiers = list(dict.fromkeys(shares["tier"]))
    for number, tier in enumerate(tiers):
        rows = shares[shares["tier"] == tier]
        figure.add_bar(
            x=rows["rate"],
            y=[
                f"<b>{safe(n)}</b>" if m else safe(n)
                for n, m in zip(rows["name"], rows["marked"], strict=True)
            ],
            orientation="h",
            name=str(rows["tier_name"].iloc[0]),
            marker={"color": tier_colour(tier, number)},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": rows["high"] - rows["rate"],
                "arrayminus": rows["rate"] - rows["low"],
                "color": surface.text,
                "thickness": 1.6,
                "width": 0,
            },
            text=[f"{safe(row.tier_name)} {row.rate:,.0f}" for row in rows.itertuples()],
            textposition="inside",
            insidetextanchor="start",
            hovertemplate="%{y}: %{text} per 1,000<extra></extra>",
        )
    count = shares["name"].nunique()
    titled(figure, style, title=title, subtitle=subtitle, height_px=count * (24 * len(tiers) + 14))
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(rangemode="tozero")
    return figure


def age_bars(ages: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Children by age band.

    Parameters
    ----------
    ages : DataFrame
        Columns `band` (text), `children`.
    """
    figure = go.Figure(
        go.Bar(
            x=ages["children"],
            y=ages["band"],
            orientation="h",
            marker={"color": DARK_BLUE if style.mode == "light" else "#8FB6DA"},
            text=[f"{value:,}" for value in ages["children"]],
            textposition="auto",
            hovertemplate="%{y}: %{x:,} children<extra></extra>",
        )
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=30 * len(ages))
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(rangemode="tozero")
    return figure


def domain_bars(domains: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str) -> go.Figure:
    """Position of an area within its place on each domain of deprivation, 100 the most deprived.

    Parameters
    ----------
    domains : DataFrame
        Columns `domain`, `position` (0 to 100), `words`.
    """
    surface = SURFACES[style.mode]
    colour = DARK_BLUE if style.mode == "light" else "#8FB6DA"
    figure = go.Figure()
    figure.add_scatter(
        x=domains["position"],
        y=domains["domain"],
        mode="markers",
        marker={"size": 13, "color": colour},
        hovertext=domains["words"],
        hovertemplate="%{y}: %{hovertext}<extra></extra>",
    )
    for row in domains.itertuples():
        figure.add_shape(
            type="line",
            x0=50,
            x1=row.position,
            y0=row.domain,
            y1=row.domain,
            line={"color": colour, "width": 3},
        )
    figure.add_vline(x=50, line={"color": surface.quiet_text, "width": 1, "dash": "dot"})
    titled(figure, style, title=title, subtitle=subtitle, height_px=28 * len(domains))
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(
        range=[-2, 102],
        tickvals=[0, 50, 100],
        ticktext=["least deprived here", "middle", "most deprived here"],
    )
    return figure
