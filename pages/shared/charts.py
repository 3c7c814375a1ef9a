"""Charts and tables on the page, each with its downloads beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.render.alt_text import picture_words
from analysis.render.estimates import rounded_estimates
from analysis.render.figure_frame import FigureStyle
from analysis.render.images import chart_sheet
from analysis.render.installed_browser import image_browser_missing
from analysis.render.number_words import with_source
from analysis.render.sheets import ImageKind, PrintSize
from pages.shared import projector
from pages.shared.context import context
from pages.shared.council_look import look
from pages.shared.downloads import csv_button, downloads_row
from pages.shared.layout import mode, plain_markdown

# How the columns of a table are shown, by column.
Columns = dict[str, Any]
NO_FIGURE = "–"
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


def show_chart(
    key: str,
    draw: Callable[[FigureStyle], go.Figure],
    numbers: pd.DataFrame,
    *,
    source: str,
    name: str,
    on_point: Callable[[str], None] | None = None,
) -> None:
    """Show a chart under its finding, with PNG, SVG, PDF and CSV of exactly its numbers.

    Parameters
    ----------
    key : str
        Unique on the page.
    draw : callable
        Makes the figure in a style: once for the screen, once more for a file (with its source line).
    numbers : DataFrame
        What the chart draws; the CSV, with `source` as its last column.
    source : str
        Source and assumptions.
    name : str
        Start of the file names.
    on_point : callable, optional
        Called with the `customdata` of a clicked mark.
    """
    chart = f"chart-{key}"

    def clicked() -> None:
        points = st.session_state[chart]["selection"]["points"]
        if points and on_point is not None and points[0].get("customdata") is not None:
            data = points[0]["customdata"]
            on_point(str(data[0] if isinstance(data, list) else data))

    if projector.is_on():
        _fill_screen(key, draw, numbers, source)
        return
    figure = draw(FigureStyle(mode=mode(), heading=False))
    title, subtitle = figure.layout.meta["title"], figure.layout.meta["subtitle"]
    st.markdown(f"**{plain_markdown(title)}**  \n:gray[{plain_markdown(subtitle)}]")
    st.plotly_chart(
        figure,
        theme=None,
        config=CONFIG,
        key=chart,
        on_select=clicked if on_point else "ignore",
        selection_mode="points",
        alt=picture_words("Chart", title, subtitle, numbers),
    )
    worn = look()

    def file(kind: ImageKind, size: PrintSize) -> bytes:
        return chart_sheet(draw, kind, source=source, numbers=numbers, size=size, theme=worn)

    downloads_row(
        key,
        name,
        file,
        numbers=with_source(numbers, source),
        missing=image_browser_missing(),
    )


def _fill_screen(
    key: str, draw: Callable[[FigureStyle], go.Figure], numbers: pd.DataFrame, source: str
) -> None:
    """The page's first chart as the picture of a projector, where it has no map."""
    if not projector.takes("chart"):
        return
    projector.name_source(source)
    width, height = projector.body_size()
    figure = draw(FigureStyle(mode=mode(), large=True, heading=False, width_px=round(0.96 * width)))
    title, subtitle = figure.layout.meta["title"], figure.layout.meta["subtitle"]
    with projector.picture("chart"):
        st.markdown(f"**{plain_markdown(title)}**  \n{plain_markdown(subtitle)}")
        st.plotly_chart(
            figure,
            theme=None,
            config=CONFIG,
            key=f"chart-{key}",
            height=round(0.86 * height),
            alt=picture_words("Chart", title, subtitle, numbers),
        )


def show_table(
    key: str,
    table: pd.DataFrame,
    *,
    source: str,
    name: str,
    ranges: Sequence[str] = (),
    estimated: pd.Series | None = None,
    **options: Any,
) -> None:
    """Show a table, estimates rounded as in sentences, with a CSV of its exact numbers; no figure is a dash.

    Parameters
    ----------
    source : str
        Source and assumptions: the last column of the CSV.
    ranges, estimated
        Columns of estimates that their names do not tell, and the rows where they are (`rounded_estimates`).
    **options
        Of the table itself.
    """
    shown = rounded_estimates(
        table, [tier.key for tier in context().settings.tiers], ranges=ranges, rows=estimated
    )
    st.dataframe(shown, key=f"table-{key}", **{"placeholder": NO_FIGURE, **options})
    csv_button(key, with_source(table, source), name)


def show_text_table(
    key: str,
    table: pd.DataFrame,
    *,
    headings: list[str],
    source: str,
    name: str,
    stacked: bool = False,
) -> None:
    """Show a table of words in full, every line wrapped, with a CSV of exactly its cells under it.

    Parameters
    ----------
    headings : list of str
        Of the index and of every column.
    stacked : bool
        One block a row instead of a grid: on a phone, columns would be a word wide.
    """
    words = table.reset_index().map(lambda cell: plain_markdown(str(cell))).set_axis(headings, axis=1)
    with st.container(key=f"text-table-{key}"):
        if not stacked:
            st.table(words.set_index(headings[0]))
        for row in words.to_dict("records") if stacked else ():
            lines = [f"{heading}: {row[heading]}" for heading in headings[2:] if row[heading]]
            st.markdown("  \n".join([f"**{row[headings[0]]}** · {row[headings[1]]}", *lines]))
    csv_button(key, with_source(table, source), name)
