"""Add an authority that the tables of England do not hold."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analysis.base.faults import HubreachError
from analysis.intake.assemble.adding import PlaceFiles, prepare_place
from analysis.intake.assemble.new_place import NewPlace, new_place_sentences
from analysis.intake.assemble.saving import place_target, save_place
from analysis.intake.assemble.site_lists import UnknownKinds
from analysis.intake.files.mappings import MEANINGS, Answers
from analysis.intake.files.uploads import UploadFolder, is_recognised
from pages.shared.charts import NO_FIGURE
from pages.shared.file_answers import ask_rows, file_answers, unknown_kinds
from pages.shared.layout import plain_markdown, question, show_error, source_line

PREPARED = "add_place_prepared"
HELD = "add_place_files"
PROBLEM = "add_place_problem"
TABLES = ["csv", "gz", "zip", "xlsx", "txt"]
ANSWER = (
    "Give the official files as they were published: what each one is, is recognised. "
    "**Nothing is saved before you have seen what was found**, what was left out, and why."
)


def page() -> None:
    """Files and name in one form; then what was found; then save."""
    question("Add an authority", ANSWER)
    with st.form("add_place"):
        left, right = st.columns(2)
        name = left.text_input("Name of the place", key="add_place_name", max_chars=80)
        authority = right.text_input(
            "Authority: code or name",
            key="add_place_authority",
            help="Such as E08000035. Several: with commas.",
        )
        tables = left.file_uploader(
            "Indices of Deprivation (any of Files 1 to 10), lookups to wards, population by age",
            TABLES,
            accept_multiple_files=True,
            key="add_place_tables",
        )
        shapes = right.file_uploader(
            "LSOA boundaries (GeoJSON, GeoPackage, zipped shapefile)",
            ["geojson", "json", "gpkg", "zip"],
            key="add_place_boundaries",
        )
        sites = right.file_uploader(
            "Sites: GIAS extract, list of family hubs, or your own (may be left out)",
            [*TABLES, "geojson", "json", "gpkg"],
            accept_multiple_files=True,
            key="add_place_sites",
        )
        with right:
            unknown = unknown_kinds("add_place_unknown")
        asked = st.form_submit_button("Check files", type="primary")
    if asked:
        st.session_state.pop(PREPARED, None)
        _receive(tables or [], shapes, sites or [])
    if PROBLEM in st.session_state:
        show_error(st.session_state.pop(PROBLEM))
    said = _ask_about_files()
    again = HELD in st.session_state and st.button(
        "Check again with these columns and rows", key="add_place_again"
    )
    if asked or again:
        st.session_state.pop(PREPARED, None)
        _prepare(name, authority, said, unknown)
    if PREPARED in st.session_state:
        _preview(st.session_state[PREPARED])


def _receive(
    tables: Sequence[UploadedFile], shapes: UploadedFile | None, sites: Sequence[UploadedFile]
) -> None:
    """Keep the uploads in a folder of this session, which goes away with it."""
    folder = UploadFolder()
    held = {
        "folder": folder,
        "tables": [folder.keep(file.name, file.getvalue()) for file in tables],
        "shapes": None if shapes is None else folder.keep(shapes.name, shapes.getvalue()),
        "sites": [folder.keep(file.name, file.getvalue()) for file in sites],
    }
    st.session_state[HELD] = held


def _ask_about_files() -> dict[str, Answers]:
    """For each table: which column is which, in sight where it is not recognised, and which rows are meant."""
    held = st.session_state.get(HELD, {})
    said = {}
    for path in held.get("tables", []):
        said[path.name] = file_answers("add_place", path, MEANINGS["tables"], is_open=not is_recognised(path))
    for path in held.get("sites", []):
        said[path.name] = file_answers("add_place", path, MEANINGS["sites"])
    if held.get("shapes") is not None:
        said[held["shapes"].name] = file_answers("add_place", held["shapes"], MEANINGS["boundaries"])
    return said


def _prepare(name: str, authority: str, said: dict[str, Answers], unknown: UnknownKinds) -> None:
    held = st.session_state.get(HELD)
    if held is None or held["shapes"] is None or not held["tables"] or not authority.strip():
        st.info("Give an authority, at least File 7 of the indices and a lookup to wards, and boundaries.")
        return
    authorities = tuple(text.strip() for text in authority.split(",") if text.strip())
    tables, sites = tuple(held["tables"]), tuple(held["sites"])
    files = PlaceFiles(name, authorities, tables, held["shapes"], sites, said, unknown)
    try:
        with st.spinner("Reading the files…"):
            st.session_state[PREPARED] = prepare_place(files)
    except HubreachError as error:
        asked = [
            ask_rows(path, error)
            for path in (*tables, *sites)
            if any(path.name in fault.file for fault in error.faults)
        ]
        if any(asked):
            st.session_state[PROBLEM] = error
            st.rerun()
        show_error(error)


def _preview(new: NewPlace) -> None:
    st.header("What was found", anchor=False, divider="gray")
    st.markdown("\n".join(f"- {plain_markdown(sentence)}" for sentence in new_place_sentences(new)))
    st.dataframe(
        new.preview(),
        placeholder=NO_FIGURE,
        column_config={
            "file": "File",
            "holds": "What it holds",
            "rows": st.column_config.NumberColumn("Rows", format="localized"),
            "left_out": "Left out, and why",
        },
        width="stretch",
        key="add_place_preview",
    )
    source_line("Each count is of the file as it was given, which may be of the whole country.")
    replace = st.checkbox("Replace my own place of this name", key="add_place_replace")
    if st.button("Save the place", type="primary", key="add_place_save"):
        try:
            place_target(new.name, replace=replace)
            place = save_place(new, replace=replace)
        except HubreachError as error:
            show_error(error)
            return
        del st.session_state[PREPARED]
        st.success(
            f"{plain_markdown(place.name)} is there: choose it in the list of places.",
            icon=":material/check:",
        )
        st.link_button("Open it", f"?place={place.slug}")


page()
