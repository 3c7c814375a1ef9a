"""Charts of targeting: the set and its ranking, concentration, chances, verdicts, rank stability, hot spots."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.render.figure_frame import FigureStyle, safe, titled
from analysis.render.figure_rows import cut_line, name_rows, row_bars, rows_height_px
from analysis.render.theme import DARK_BLUE, ORANGE, SURFACES, nearest_ten, shown
from analysis.targeting.hot_spots import KINDS, NOT_SIGNIFICANT
from analysis.targeting.maps import KIND_COLOURS, VERDICT_COLOURS
from analysis.targeting.words import KIND_WORDS, VERDICT_NAMES, VERDICT_SIGNS

KIND_SYMBOLS = {
    "high-high": "triangle-up",
    "low-low": "triangle-down",
    "high-low": "triangle-up-open",
    "low-high": "triangle-down-open",
    NOT_SIGNIFICANT: "circle",
}


def set_bars(
    rows: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
    cut: str,
    selected: str | None = None,
) -> go.Figure:
    """Areas by falling need: those in the set in the map's colours, the others hollow, with a line between.

    Parameters
    ----------
    rows : DataFrame
        Index `area_code`; `area_name`, `value`, `low`, `high`, `in_set`, `fill`, `words`, `label` (how
        far the running sum has come), `rank`.
    cut : str
        What the line says.
    selected : str, optional
        Code of the area that is marked.
    """
    figure = row_bars(
        rows["value"],
        style,
        colours=list(rows["fill"].where(rows["in_set"], SURFACES[style.mode].background)),
        hover=[
            f"<b>{safe(row['area_name'])}</b><br>est. {safe(row['words'])}<br>rank {row['rank']}: {safe(row['label'])}"
            for row in rows.to_dict("records")
        ],
        selected=selected,
        limits=rows[["low", "high"]],
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(rows)))
    count = int(rows["in_set"].sum())
    if count < len(rows):
        cut_line(figure, style, count, cut)
    name_rows(figure, rows["area_name"], selected)
    figure.update_xaxes(rangemode="tozero")
    return figure


def concentration_lines(
    curve: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
    colour: str,
    mark: tuple[float, float] | None,
) -> go.Figure:
    """Cumulative share of need against cumulative share of children, most concentrated areas first.

    Parameters
    ----------
    curve : DataFrame
        Columns `area_name`, `children_share`, `need_share` (0 to 1), starting at 0, 0.
    colour : str
        Of the line, as #RRGGBB.
    mark : (float, float), optional
        Point that is named on the curve.
    """
    surface = SURFACES[style.mode]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": surface.quiet_text, "dash": "dot", "width": 1.5},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=curve["children_share"],
        y=curve["need_share"],
        mode="lines",
        line={"color": colour, "width": 3.5},
        hovertext=[safe(name) for name in curve["area_name"]],
        hovertemplate="up to %{hovertext}: %{x:.0%} of children hold %{y:.0%} of need<extra></extra>",
    )
    figure.add_annotation(
        x=1,
        y=0.42,
        xanchor="right",
        text="dotted: need spread evenly",
        showarrow=False,
        font={"color": surface.quiet_text, "size": style.label_px},
    )
    if mark is not None:
        figure.add_scatter(
            x=[mark[0]],
            y=[mark[1]],
            mode="markers",
            marker={"size": 12, "color": ORANGE, "line": {"color": surface.text, "width": 1.5}},
            hoverinfo="skip",
        )
        figure.add_annotation(
            x=mark[0],
            y=mark[1],
            ax=-30,
            ay=-42,
            xanchor="right",
            text=f"{mark[0]:.0%} of children,<br>{mark[1]:.0%} of need",
            font={"color": surface.text, "size": style.label_px},
            arrowcolor=surface.text,
        )
    titled(figure, style, title=title, subtitle=subtitle, height_px=300)
    figure.update_xaxes(range=[0, 1.01], tickformat=".0%", title="share of all children")
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%", title="share of need")
    return figure


def chance_bars(
    chances: pd.DataFrame, style: FigureStyle, *, title: str, subtitle: str, colour: str
) -> go.Figure:
    """Chance of each area to be among the first k: filled where it is in the set, hollow where it is not.

    Parameters
    ----------
    chances : DataFrame
        Index `area_code`; `area_name`, `p_top` (0 to 1), `in_set`.
    colour : str
        Of the bars, as #RRGGBB.
    """
    figure = row_bars(
        chances["p_top"],
        style,
        colours=[colour if inside else SURFACES[style.mode].background for inside in chances["in_set"]],
        hover=[
            f"{safe(name)}: {chance:.1%}"
            for name, chance in zip(chances["area_name"], chances["p_top"], strict=True)
        ],
        text=[f"{chance:.0%}" for chance in chances["p_top"]],
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(chances)))
    name_rows(figure, chances["area_name"])
    figure.update_xaxes(range=[0, 1.12], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    return figure


def verdict_bars(
    wards: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
    top: int,
    selected: str | None = None,
) -> go.Figure:
    """Wards by falling need with the sign, the word and the colour of their verdict, and a line at the cut.

    Parameters
    ----------
    wards : DataFrame
        Index ward code; `area_name`, `need`, `rank`, `verdict`, `named_as`, `p_top`.
    top : int
        Rank after which the line stands.
    selected : str, optional
        Code of the ward that is marked.
    """
    figure = row_bars(
        wards["need"],
        style,
        colours=list(wards["verdict"].map(VERDICT_COLOURS)),
        hover=[
            f"<b>{safe(row['area_name'])}</b><br>rank {row['rank']}, est. {nearest_ten(row['need'])} children"
            + (f"<br>named: {safe(row['named_as'])}" if row["named_as"] else "")
            + f"<br>among the first {top} in {row['p_top']:.0%} of model runs"
            for row in wards.to_dict("records")
        ],
        selected=selected,
        text=[
            f"{VERDICT_SIGNS[verdict]} {VERDICT_NAMES[verdict]}" if verdict else ""
            for verdict in wards["verdict"]
        ],
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(wards)))
    if top < len(wards):
        cut_line(figure, style, top)
    name_rows(figure, wards["area_name"], selected)
    figure.update_xaxes(range=[0, 1.75 * float(wards["need"].max())])
    return figure


def rank_interval_lines(
    ranks: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
    of: int,
    selected: str | None = None,
) -> go.Figure:
    """Median rank with its interval, one line an area, best rank first.

    Parameters
    ----------
    ranks : DataFrame
        Index `area_code`; `area_name`, `rank`, `rank_median`, `rank_low`, `rank_high`, `p_top`.
    of : int
        Number of areas that are ranked.
    selected : str, optional
        Code of the area that is marked.
    """
    surface = SURFACES[style.mode]
    colour = DARK_BLUE if style.mode == "light" else "#8FB6DA"
    rows = list(range(len(ranks)))
    figure = go.Figure()
    for row, (low, high) in enumerate(zip(ranks["rank_low"], ranks["rank_high"], strict=True)):
        figure.add_shape(
            type="line", x0=low, x1=high, y0=row, y1=row, line={"color": surface.quiet_text, "width": 3}
        )
    figure.add_scatter(
        x=ranks["rank_median"],
        y=rows,
        mode="markers",
        marker={
            "size": 10,
            "color": colour,
            "line": {
                "color": [
                    surface.selected if code == selected else surface.background for code in ranks.index
                ],
                "width": [4 if code == selected else 1 for code in ranks.index],
            },
        },
        customdata=list(ranks.index),
        hovertext=[
            f"<b>{safe(row['area_name'])}</b><br>rank {row['rank']} on your index<br>median {row['rank_median']:g}, "
            f"{row['rank_low']} to {row['rank_high']} on other weightings"
            for row in ranks.to_dict("records")
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    titled(figure, style, title=title, subtitle=subtitle, height_px=rows_height_px(style, len(ranks)))
    name_rows(figure, ranks["area_name"], selected)
    figure.update_xaxes(title=f"rank of {of} (1 has most need)", range=[0, 1.03 * max(ranks["rank_high"])])
    return figure


def moran_points(
    spots: pd.DataFrame,
    style: FigureStyle,
    *,
    title: str,
    subtitle: str,
) -> go.Figure:
    """Each area's rate against the mean of its neighbours, with a shape and colour for each kind of spot.

    Parameters
    ----------
    spots : DataFrame
        Index `area_code`; `area_name`, `value`, `neighbours_mean`, `kind`.
    """
    surface = SURFACES[style.mode]
    figure = go.Figure()
    for kind in reversed(KINDS):
        rows = spots[spots["kind"] == kind]
        if rows.empty:
            continue
        figure.add_scatter(
            x=rows["value"],
            y=rows["neighbours_mean"],
            mode="markers",
            name=KIND_WORDS[kind],
            marker={
                "size": 12,
                "symbol": KIND_SYMBOLS[kind],
                "color": shown(KIND_COLOURS[kind], style.mode),
                "line": {"color": surface.quiet_text, "width": 1},
            },
            customdata=list(rows.index),
            hovertext=[safe(name) for name in rows["area_name"]],
            hovertemplate="<b>%{hovertext}</b><br>%{x:.0f} per 1,000; neighbours %{y:.0f}<extra></extra>",
        )
    mean = float(spots["value"].mean())
    figure.add_vline(x=mean, line={"color": surface.quiet_text, "width": 1, "dash": "dot"})
    figure.add_hline(y=mean, line={"color": surface.quiet_text, "width": 1, "dash": "dot"})
    titled(figure, style, title=title, subtitle=subtitle, height_px=400)
    figure.update_xaxes(title="children per 1,000 here")
    figure.update_yaxes(title="mean of its neighbours")
    return figure
