"""The map of England's small areas: any measure of the file, and the area that was clicked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.output.classes import ClassedScale
from analysis.output.england_map import LAYER, EnglandShapes, england_deck, has_shapes, small_area_scale
from analysis.output.england_print import area_fills, england_map_file, england_sheet, with_outline
from analysis.output.england_sketch import england_sketch
from analysis.output.england_view import (
    HOW_MADE,
    area_sentence,
    is_estimated_apart,
    making_commands,
    small_area_numbers,
    small_areas_sentence,
)
from analysis.output.map_frame import MapFrame
from analysis.output.map_sheet import MapSheet
from analysis.output.outlines import Feature
from analysis.output.sentences import with_source
from analysis.reach.national.files import NationalFile, NationalMeasure
from pages.shared import projector
from pages.shared.charts import show_table
from pages.shared.context import context
from pages.shared.council_look import look
from pages.shared.downloads import downloads_row
from pages.shared.layout import source_line
from pages.shared.loading_england import load_area_grid, load_england_shapes, load_ranked, load_small_areas
from pages.shared.maps import just_opened, legend, stand_behind

PICKED = "england_picked"
CHART = "deck-england"
FIRST = 50


def show(file: NationalFile, measure: NationalMeasure) -> str:
    """Map, legend, the highest small areas and the one that was clicked; gives the sentence of the page."""
    table = load_small_areas(file.path, measure.key)
    by_itself = is_estimated_apart(file, load_ranked(file.path, file.measures[0].key))
    words = small_areas_sentence(table, measure, each_by_itself=by_itself)
    if not has_shapes(file):
        st.info(
            "This file holds no shapes, so that there is no map of it. Make it with the boundaries of the small areas:",
            icon=":material/info:",
        )
        st.code(making_commands(shapes=True)[file.kind], language="bash", wrap_lines=True)
        return words
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _map(file, table, england_sheet(file, measure, table, each_by_itself=by_itself))
    with right:
        _lists(measure, table, f"{file.path.name}: {HOW_MADE}.")
    return words


def _map(file: NationalFile, table: pd.DataFrame, sheet: MapSheet) -> None:
    scale = small_area_scale(table["value"])
    shapes = load_england_shapes(file.path)
    frame = context().map_frame(labels=False)
    picked: Feature | None = st.session_state.get(PICKED)
    if picked is not None and picked["properties"]["code"] not in table.index:
        picked = None
    if projector.is_on() and not projector.takes("map"):
        return
    room = projector.picture("map") if projector.is_on() else st.container(key="map-box-england")
    classes = scale.classes(table["value"])
    with room:
        sketch = _sketch(shapes, scale, classes, frame) if just_opened(CHART) else ""
        stand_behind("england", sketch, covered=False)
        st.pydeck_chart(
            england_deck(shapes, scale, classes, frame, picked),
            height=frame.height_px,
            on_select=_pick,
            selection_mode="single-object",
            key=CHART,
            alt=sheet.alt,
        )
        legend(
            "england",
            sheet.legend.title,
            list(sheet.legend.rows),
            mode=frame.mode,
            counted=sheet.legend.counted,
        )
    if not projector.is_on():
        code = None if picked is None else picked["properties"]["code"]
        outlined = sheet if code is None else with_outline(sheet, str(table.loc[code, "area_name"]))
        worn = look()
        downloads_row(
            "map-england",
            sheet.name,
            lambda kind, size: england_map_file(
                shapes, area_fills(table["value"]), outlined, kind, size, chosen=picked, theme=worn
            ),
            numbers=with_source(small_area_numbers(table), sheet.source),
            what="map",
        )


def _sketch(shapes: EnglandShapes, scale: ClassedScale, classes: pd.Series, frame: MapFrame) -> str:
    return england_sketch(load_area_grid(shapes), classes, scale.colours, shapes.bounds, frame)


def _pick() -> None:
    hit = st.session_state[CHART]["selection"]["objects"].get(LAYER, [])
    st.session_state[PICKED] = hit[0] if hit else None


def _lists(measure: NationalMeasure, table: pd.DataFrame, source: str) -> None:
    picked = st.session_state.get(PICKED)
    if picked is not None and picked["properties"]["code"] in table.index:
        with st.container(border=True, key="england-area"):
            st.markdown(area_sentence(table, picked["properties"]["code"], measure))
    else:
        st.caption("Click a small area, and its figures stand here.")
    numbers = small_area_numbers(table)
    show_table(
        "england-areas",
        numbers.head(FIRST),
        source=source,
        name=f"england {measure.key} first small areas",
        hide_index=True,
        height=420,
        column_order=["rank", "area_name", "authority_name", "value", "low", "high"],
        column_config={
            "rank": "Rank",
            "area_name": "Small area",
            "authority_name": "Authority",
            "value": st.column_config.NumberColumn("Value", format="%,.1f"),
            "low": st.column_config.NumberColumn("from", format="%,.1f"),
            "high": st.column_config.NumberColumn("to", format="%,.1f"),
        },
    )
    st.caption(f"The first {FIRST} of {len(numbers):,} small areas; all of them are in the map's CSV.")
    source_line(source)
