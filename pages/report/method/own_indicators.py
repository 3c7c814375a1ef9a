"""Figures of the user's own that join the place: what is there, a new one by upload, preview before saving."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.intake.files.keys import Where
from analysis.intake.files.uploads import UploadFolder, file_headings
from analysis.intake.indicators import preview as indicators_preview
from analysis.intake.indicators.files import Wanted
from analysis.intake.indicators.reading import (
    IndicatorChoices,
    NewIndicator,
    indicator_headings,
    prepare_indicator,
)
from analysis.places.own_indicators import Fill, Measure, remove_own_indicator, save_own_indicator
from analysis.places.place import Place
from pages.shared.charts import NO_FIGURE, show_table
from pages.shared.context import PageContext
from pages.shared.file_answers import ask_rows, asked_rows, file_answers
from pages.shared.layout import plain_markdown, show_error, source_line

KEPT, PREPARED = "own_indicator_upload", "own_indicator_prepared"
SAID, PROBLEM = "own_indicator_said", "own_indicator_problem"
NO_BASE = "(none)"
FINEST = "(the finest areas)"
DIRECTIONS = {
    None: "as its heading says (of ranks and deciles a lower figure, else a higher)",
    True: "↑ a higher figure",
    False: "↓ a lower figure",
}
MEASURES: dict[Measure, str] = {
    "rate": "a rate, share, mean or score",
    "count": "a count of people or events",
}
FILLS: dict[Fill, str] = {
    "none": "stay gaps (no index can use it)",
    "ward": "take the mean of their ward, or of the place where a ward has none",
}


def show(now: PageContext) -> None:
    """What is kept, then the form for a new one."""
    for said in st.session_state.pop(SAID, []):
        st.success(plain_markdown(said), icon=":material/check:")
    for problem in st.session_state.pop(PROBLEM, []):
        show_error(problem)
    st.markdown(indicators_preview.held_sentence(now.place))
    if now.place.own_indicators:
        _held(now)
    with st.expander(
        "Add a figure of your own", icon=":material/add:", expanded=PREPARED in st.session_state
    ):
        _new(now.place)


def _held(now: PageContext) -> None:
    table = indicators_preview.held_table(now.place)
    show_table(
        "own-indicators",
        table,
        source="The user's own tables, as named.",
        name=f"{now.place.slug} own indicators",
        hide_index=True,
        column_config={
            "name": "Indicator",
            "direction": "Direction",
            "unit": "Unit",
            "vintage": "Vintage",
            "source": "Source",
            "geography": "Keyed by",
            **indicators_preview.STATUS_WORDS,
            "in_index": "For an index",
            "cautions": "To know",
        },
    )
    names = dict(table["name"])
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    key = left.selectbox("Remove one", list(names), format_func=names.__getitem__, key="own_indicator_away")
    right.button("Remove it", on_click=_remove, args=(now.place, key), icon=":material/delete:")


def _remove(place: Place, key: str) -> None:
    try:
        remove_own_indicator(place.folder, key)
    except HubreachError as error:
        st.session_state[PROBLEM] = [error]


def _new(place: Place) -> None:
    upload = st.file_uploader(
        "Table with a row an area: a code (LSOA, MSOA or ward) and a figure; or shapes with a figure each",
        ["csv", "txt", "gz", "zip", "xlsx", "gpkg", "geojson", "json"],
        key="own_indicator_file",
    )
    if upload is None:
        st.session_state.pop(PREPARED, None)
        source_line(
            "It may cover the country: rows of other places are left out. CSV or Excel; GeoPackage, GeoJSON or a zipped shapefile."
        )
        return
    path = _kept_path(upload.file_id, upload.name, upload.getvalue())
    try:
        headings = indicator_headings(path, place)
    except HubreachError as error:
        show_error(error)
        return
    said = file_answers("own_indicator", path, {})
    # In a form, so that no rerun comes between the last word typed and the click.
    with st.form("own_indicator_form", border=False):
        choices = _choices(headings, file_headings(path), said.where, asked_rows(path))
        asked = st.form_submit_button("Check the file", type="primary", key="own_indicator_look")
    if asked:
        st.session_state.pop(PREPARED, None)
        try:
            st.session_state[PREPARED] = (place.slug, prepare_indicator(path, place, choices))
        except HubreachError as error:
            if ask_rows(path, error):
                st.session_state[PROBLEM] = [error]
                st.rerun()
            show_error(error)
    held = st.session_state.get(PREPARED)
    if held is not None and held[0] == place.slug:
        _preview(place, held[1])


def _kept_path(file_id: str, name: str, data: bytes) -> Path:
    """The upload in a folder of this session, which goes away with it."""
    kept = st.session_state.get(KEPT)
    if kept is None or kept[0] != file_id:
        folder = UploadFolder()
        kept = (file_id, folder, folder.keep(name, data))
        st.session_state[KEPT] = kept
    return kept[2]


def _choices(headings: list[str], every: list[str], where: Where, rows: list[str]) -> IndicatorChoices:
    left, middle, right = st.columns(3)
    name = left.text_input("Name", key="own_indicator_name", max_chars=80)
    unit = middle.text_input(
        "Unit", key="own_indicator_unit", max_chars=80, placeholder="per cent of children"
    )
    source = right.text_input("Source", key="own_indicator_source", max_chars=120)
    vintage = left.text_input("Of which year", key="own_indicator_vintage", max_chars=40)
    value = middle.selectbox("Column of the figure", headings, key="own_indicator_value")
    base = right.selectbox(
        "Column or row of those it rests on",
        [NO_BASE, *headings, *rows],
        key="own_indicator_base",
        help="Registered children, pupils: where few stand for many residents, the figure is flagged.",
    )
    higher = left.selectbox(
        "More need is", list(DIRECTIONS), format_func=DIRECTIONS.__getitem__, key="own_indicator_higher"
    )
    measure = middle.selectbox(
        "The figure is",
        list(MEASURES),
        format_func=MEASURES.__getitem__,
        key="own_indicator_measure",
        help="A count is divided by the children of the area, or by the column it rests on.",
    )
    fill = right.selectbox(
        "Areas without one", list(FILLS), format_func=FILLS.__getitem__, key="own_indicator_fill"
    )
    marks = left.text_input(
        "Marks of suppressed figures", key="own_indicator_marks", help="With commas; *, c and <5 are known."
    )
    code = right.selectbox("Column of the codes", [FINEST, *every], key="own_indicator_code")
    wanted = Wanted(
        value=value or "",
        base="" if base == NO_BASE else base,
        code="" if code == FINEST else code,
        where=where,
        marks=tuple(mark.strip() for mark in marks.split(",") if mark.strip()),
        measure=measure,
    )
    return IndicatorChoices(name, unit, vintage, source, higher, wanted, fill)


def _preview(place: Place, new: NewIndicator) -> None:
    st.markdown(
        "\n".join(f"- {plain_markdown(sentence)}" for sentence in indicators_preview.new_sentences(new))
    )
    st.dataframe(
        indicators_preview.coverage_table(new),
        placeholder=NO_FIGURE,
        hide_index=True,
        column_config={
            "area_name": "Ward",
            "small_areas": "LSOAs",
            "children_known": st.column_config.NumberColumn("Children with a figure", format="%.1f%%"),
        },
        key="own_indicator_preview",
    )
    st.checkbox("Replace my indicator of this name", key="own_indicator_replace")
    st.button("Save the figure", type="primary", key="own_indicator_save", on_click=_save, args=(place, new))


def _save(place: Place, new: NewIndicator) -> None:
    """Keep it before the page runs again, so that the place is read with it."""
    try:
        save_own_indicator(place.folder, new.held, replace=st.session_state["own_indicator_replace"])
    except HubreachError as error:
        st.session_state[PROBLEM] = [error]
        return
    del st.session_state[PREPARED]
    st.session_state[SAID] = [f"{new.held.about.name} joined {place.name}: see Targeting, Own index."]
