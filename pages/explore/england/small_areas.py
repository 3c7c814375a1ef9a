"""The map of England's small areas: any measure of the file, an authority from close by, the area that was chosen."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.text import plain
from analysis.national.files import NationalFile, NationalMeasure
from analysis.national.maps import (
    AUTHORITIES,
    LAYER,
    area_fills,
    england_deck,
    england_sheet,
    painted,
    picture_behind,
    with_outline,
)
from analysis.national.print_maps import england_map_file
from analysis.national.shapes import has_shapes
from analysis.national.words import HOW_MADE, area_sentence, authority_words, making_commands
from analysis.render.number_words import with_source
from analysis.render.sheets import ImageKind, PrintSize
from pages.shared import projector, state
from pages.shared.charts import show_table
from pages.shared.context import context
from pages.shared.council_look import look
from pages.shared.downloads import downloads_row
from pages.shared.layout import map_columns, plain_markdown, source_line
from pages.shared.loading_england import (
    SmallAreas,
    load_area_grid,
    load_area_outline,
    load_england_shapes,
    load_small_areas,
)
from pages.shared.maps import beside_legend, just_opened, map_room, stand_behind
from pages.shared.short_keys import adopt_address

CHART = "deck-england"
FIRST = 50


def show(file: NationalFile, measure: NationalMeasure, bar: DeltaGenerator) -> str:
    """Map, legend, the highest small areas and the one that was chosen; gives the sentence of the page."""
    areas = load_small_areas(file.path, measure.key)
    if not has_shapes(file):
        st.info(
            "This file holds no shapes, so that there is no map of it. Make it with the boundaries of the small areas:",
            icon=":material/info:",
        )
        st.code(making_commands()[file.kind], language="bash", wrap_lines=True)
        return areas.sentence
    authority = _choose_authority(areas.table, bar)
    area = _choose_area(areas.table, authority, bar)
    left, right = map_columns()
    with left:
        _map(file, measure, areas, authority, area)
    with right:
        _lists(measure, areas, f"{file.path.name}: {HOW_MADE}.", authority, area)
    if authority is None:
        return areas.sentence
    near = authority_words(areas.table, authority, each_by_itself=areas.each_by_itself)
    return f"{plain_markdown(near)}. {areas.sentence}"


def _choose_authority(table: pd.DataFrame, bar: DeltaGenerator) -> str | None:
    names = (
        table.drop_duplicates("authority_code").set_index("authority_code")["authority_name"].sort_values()
    )
    adopt_address(state.ENGLAND_AUTHORITY, dict(names))
    chosen: str | None = bar.selectbox(
        "Find an authority",
        list(names.index),
        index=None,
        format_func=dict(names).__getitem__,
        key=state.ENGLAND_AUTHORITY,
        bind="query-params",
        placeholder="All of England",
        width=280,
    )
    return chosen


def _choose_area(table: pd.DataFrame, authority: str | None, bar: DeltaGenerator) -> str | None:
    """One of the authority's small areas, or one that was clicked elsewhere."""
    offered = table["area_name"][table["authority_code"] == authority].sort_values()
    asked = st.session_state.get(state.ENGLAND_AREA, st.query_params.get(state.ENGLAND_AREA))
    # An address has the name, a click the code.
    elsewhere = table["area_name"][(table.index == asked) | (table["area_name"] == asked)]
    offered = pd.concat([elsewhere[~elsewhere.index.isin(offered.index)], offered])
    adopt_address(state.ENGLAND_AREA, dict(offered))
    chosen: str | None = bar.selectbox(
        "Small area",
        list(offered.index),
        index=None,
        format_func=dict(offered).__getitem__,
        key=state.ENGLAND_AREA,
        bind="query-params",
        placeholder="Choose an authority first" if offered.empty else "Click one, or find it",
        disabled=offered.empty,
        width=280,
    )
    return chosen


def _map(
    file: NationalFile, measure: NationalMeasure, areas: SmallAreas, authority: str | None, area: str | None
) -> None:
    if projector.is_on() and not projector.takes("map"):
        return
    shapes = load_england_shapes(file.path)
    frame = context().map_frame(labels=False)
    whole, outlined = (
        None if code is None else load_area_outline(file.path, code) for code in (authority, area)
    )
    table, sheet = areas.table, areas.sheet
    if authority is not None:
        apart = areas.each_by_itself
        sheet = england_sheet(file, measure, table, areas.scale, each_by_itself=apart, authority=authority)
    paint = painted(shapes, areas.scale, table["value"], frame, lambda: load_area_grid(shapes))
    with map_room(), beside_legend("england", sheet.legend, frame.mode):
        is_seen = just_opened(CHART) and authority is None
        behind = picture_behind(paint.picture, shapes.bounds, frame) if is_seen else ""
        stand_behind("england", behind, covered=False)
        st.pydeck_chart(
            england_deck(shapes, paint, frame, authority=whole, chosen=outlined),
            height=frame.height_px,
            on_select=_clicked,
            selection_mode="single-object",
            key=CHART,
            alt=sheet.alt,
        )
    if not projector.is_on():
        words = (
            sheet if area is None or outlined is None else with_outline(sheet, str(table["area_name"][area]))
        )
        worn = look()

        def print_map(kind: ImageKind, size: PrintSize) -> bytes:
            fills = area_fills(table["value"])
            if authority is not None:
                fills = fills[table["authority_code"] == authority]
            return england_map_file(
                shapes, fills, words, kind, size, authority=whole, chosen=outlined, theme=worn
            )

        downloads_row(
            "map-england",
            sheet.name,
            print_map,
            numbers=with_source(areas.numbers, sheet.source),
            what="map",
        )


def _clicked() -> None:
    objects = st.session_state[CHART]["selection"]["objects"]
    areas, authorities = objects.get(LAYER, []), objects.get(AUTHORITIES, [])
    if areas:
        st.session_state[state.ENGLAND_AREA] = areas[0]["properties"]["code"] or None
    elif authorities:
        st.session_state[state.ENGLAND_AUTHORITY] = authorities[0]["properties"]["code"]
    else:
        st.session_state[state.ENGLAND_AREA] = None


def _lists(
    measure: NationalMeasure, areas: SmallAreas, source: str, authority: str | None, area: str | None
) -> None:
    if area is not None:
        with st.container(border=True, key="england-area"):
            st.markdown(area_sentence(areas.table, area, measure))
    elif authority is None:
        st.caption("Click an authority to come closer, and there a small area: its figures stand here then.")
    else:
        st.caption("Click a small area, and its figures stand here.")
    numbers = areas.numbers
    where, which = "", ["authority_name"]
    if authority is not None:
        numbers = numbers[numbers["authority_code"] == authority]
        which = []
        where = f" of {plain(str(numbers['authority_name'].iloc[0]))}"
    show_table(
        "england-areas",
        numbers.head(FIRST),
        source=source,
        name=f"england {measure.key} first small areas",
        hide_index=True,
        height=420,
        column_order=["rank", "area_name", *which, "value", "low", "high"],
        column_config={
            "rank": "Rank",
            "area_name": "Small area",
            "authority_name": "Authority",
            "value": st.column_config.NumberColumn("Value", format="%,.1f"),
            "low": st.column_config.NumberColumn("from", format="%,.1f"),
            "high": st.column_config.NumberColumn("to", format="%,.1f"),
        },
    )
    part = f"The first {FIRST} of {len(numbers):,}" if len(numbers) > FIRST else f"All {len(numbers)}"
    st.caption(f"{part} small areas{where}, ranked in all of England; every one is in the map's CSV.")
    source_line(source)
