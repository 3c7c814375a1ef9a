"""Plans side by side: the table of every measure, and a small map of each."""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options import words as options_words
from analysis.options.view import SmallMaps, area_minutes, numbers_table, small_maps, words_table
from analysis.render.layers import site_icon
from analysis.render.number_words import with_source
from analysis.render.sheets import SheetWords, sheet
from analysis.render.small_maps import maps_svg, screen_data
from analysis.render.theme import SITE_SHAPES, Mode, shown
from pages.plan.options.parts import TITLE, Comparison
from pages.shared.council_look import look
from pages.shared.downloads import csv_button, downloads_row
from pages.shared.layout import plain_markdown, question, source_line
from pages.shared.loading_options import load_small_shapes

_COMPONENT = st.components.v2.component(
    "hubreach_small_maps", js=(Path(__file__).parent / "small_maps.js").read_text("utf-8")
)
HEIGHTS_PX = {"narrow": 250, "normal": 230, "wide": 340}


def show_small_maps(comparison: Comparison, drawn: SmallMaps) -> None:
    """All maps, their one legend, and their downloads."""
    now = comparison.now
    data = screen_data(drawn.shapes, drawn.maps, now.mode)
    with st.container(key="small-maps"):
        _COMPONENT(key="small-maps-drawn", data={**data, "heightPx": HEIGHTS_PX[now.viewport]})
    _legend(drawn, now.mode)
    names = ", ".join(item.title for item in drawn.maps)
    words = SheetWords(
        f"Options for {now.place.name}",
        f"Minutes to the nearest site: the stronger the colour, the further. {names}",
        comparison.source,
        f"Maps of {names}. " + "; ".join(f"{item.title}: {item.note}" for item in drawn.maps),
    )
    worn = look()
    downloads_row(
        "small-maps",
        f"{now.place.slug} options maps",
        lambda kind, size: sheet(
            worn.svg(maps_svg(drawn.shapes, drawn.maps, drawn.legend)), words, kind, size
        ),
        numbers=with_source(area_minutes(comparison.view), comparison.source),
        what="map",
    )


def _legend(drawn: SmallMaps, mode: Mode) -> None:
    rows = "".join(
        f"<span class='row'><span class='chip' style='background:{shown(colour, mode)}'></span>{html.escape(words)}</span>"
        for colour, words in drawn.legend
    )
    rows += "".join(
        f"<span class='row'><img alt='{SITE_SHAPES[symbol]}' src=\"{site_icon(symbol, is_open=is_open)}\">"
        f"{html.escape(words)}</span>"
        for symbol, words, is_open in drawn.symbols
    )
    style = "display:flex;flex-wrap:wrap;gap:4px 16px;border:none;padding:2px 0"
    st.html(f"<div class='hr-legend' style='{style}'>{rows}</div>")


BADGES = {"▲ best": ":blue-badge[▲ best]", "▼ worst": ":orange-badge[▼ worst]"}


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Answer, maps, table, and how it is worked out."""
    view, now = comparison.view, comparison.now
    with head:
        question(TITLE, options_words.comparison_sentence(view))
    show_small_maps(comparison, small_maps(view, load_small_shapes(now.place.slug)))
    st.header("Every figure, side by side", anchor=False)
    table = words_table(view)
    first = ~table["About"].duplicated()
    # A row's own words name it: an empty cell would leave a screen reader without any.
    table["Figure"] = [
        f"**{about}**  \n{figure}" if leads else figure
        for about, figure, leads in zip(table["About"], table["Figure"], first, strict=True)
    ]
    shown = table.drop(columns="About")
    for column in shown.columns[1:]:
        shown[column] = [_badged(cell) for cell in shown[column]]
    shown.columns = ["Figure", *(plain_markdown(name) for name in shown.columns[1:])]
    with st.container(key="options-table"):
        st.table(shown.set_index("Figure"), border="horizontal")
    csv_button(
        "options-table",
        with_source(numbers_table(view), comparison.source),
        f"{now.place.slug} options compared",
    )
    source_line(comparison.source)
    _notes(comparison)
    _explained(comparison)


def _badged(cell: str) -> str:
    value, _, sign = cell.partition("  ")
    return f"{plain_markdown(value)} {BADGES[sign]}" if sign else plain_markdown(value)


def _notes(comparison: Comparison) -> None:
    for option in comparison.options:
        marked = " :orange-badge[illustration]" if option.illustration else ""
        source = f" {plain_markdown(option.source)}." if option.source else ""
        note = f" {plain_markdown(option.note)}" if option.note else ""
        st.markdown(f"**{plain_markdown(option.name)}**{marked}{source}{note}")


def _explained(comparison: Comparison) -> None:
    rows = "\n".join(
        f"- **{plain_markdown(row.label)}**: {row.help}" for row in comparison.view.rows if row.help
    )
    with st.expander("How this is worked out"):
        st.markdown(
            "Each option is put on the place's sites; what it does not list is closed or as today, as its file says. "
            "Every figure then comes from the same functions as on the page Reach: an area is within reach when its "
            "nearest open site is within the limit, and children, need and minutes are added up from small areas. A "
            "team that comes to families (a citywide kind) counts for no minutes and no cover. Best and worst are "
            "marked where options differ and one way is plainly better.\n\n" + rows
        )
