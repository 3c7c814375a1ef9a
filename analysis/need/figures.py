"""Charts of need: ranking with ranges, pyramid, ages, domains."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import name_rows, row_bars, rows_height_px
from analysis.render.theme import DARK_BLUE, SURFACES, estimate_words, nearest_ten, percent, tier_colour


def ranking_bars(
    ranking: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
    selected: str | None = None,
) -> go.Figure:
    """Areas by falling value, each with its range, where it has one, as a thin line.

    Parameters
    ----------
    ranking : DataFrame
        Index `area_code`, largest first; `area_name`, `value`, `rank`, `fill` (hex colour of the area on the
        map), `words` (value with its range), and of estimates `low` and `high`.
    style : FigureStyle
    title, subtitle : str
    selected : str, optional
        Code of the area that is marked.

    Returns
    -------
    Figure
        Points carry the area code as `customdata`.
    """
    figure = row_bars(
        ranking["value"],
        style,
        colours=list(ranking["fill"]),
        hover=[
            f"<b>{safe(name)}</b><br>{safe(words)}<br>Rank {rank}"
            for name, words, rank in zip(ranking["area_name"], ranking["words"], ranking["rank"], strict=True)
        ],
        selected=selected,
        limits=ranking[["low", "high"]] if "low" in ranking else None,
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(ranking)))
    name_rows(figure, ranking["area_name"], selected)
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
                f"<b>{safe(step['name'])}</b><br>est. {estimate_words(step['children'], step['low'], step['high'])} children"
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
            text=f"<b>{safe(step['name'])}</b>  {nearest_ten(step['children'])}  ({percent(step['share'])})",
            showarrow=False,
            font={"color": SURFACES[style.mode].text, "size": style.label_px},
            bgcolor=SURFACES[style.mode].background,
            borderpad=2,
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=(64 if style.large else 46) * len(steps))
    figure.update_yaxes(autorange="reversed", showticklabels=False, showgrid=False)
    figure.update_xaxes(showticklabels=False, showgrid=False)
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
