"""Add an authority that the tables of England do not hold."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analysis.base.faults import HubreachError
from analysis.intake.assemble.adding import PlaceFiles, prepare_place
from analysis.intake.assemble.new_place import NewPlace, new_place_sentences
from analysis.intake.assemble.saving import place_target, save_place
from analysis.intake.files.mappings import recalled, remember
from analysis.intake.files.uploads import UploadFolder, unknown_headings
from pages.shared.charts import NO_FIGURE
from pages.shared.layout import plain_markdown, question, show_error, source_line

PREPARED = "add_place_prepared"
HELD = "add_place_files"
TABLES = ["csv", "gz", "zip", "xlsx", "txt"]
MEANINGS = {
    "lsoa_code": "Code of the LSOA",
    "ward_code": "Code of the ward",
    "ward_name": "Name of the ward",
    "district_code": "Code of the authority",
    "district_name": "Name of the authority",
}
NONE = "(not in this file)"
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
            TABLES,
            accept_multiple_files=True,
            key="add_place_sites",
        )
        asked = st.form_submit_button("Check files", type="primary")
    if asked:
        st.session_state.pop(PREPARED, None)
        _receive(tables or [], shapes, sites or [])
    _ask_about_headings()
    if asked or st.session_state.pop("add_place_again", False):
        _prepare(name, authority)
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


def _ask_about_headings() -> None:
    """For each table that is not recognised: which column is which; the answer is remembered."""
    for path in st.session_state.get(HELD, {}).get("tables", []):
        headings = [] if recalled(path) else unknown_headings(path)
        if not headings:
            continue
        with st.form(f"add_place_headings_{path.name}"):
            st.markdown(f"**{plain_markdown(path.name)}** is not recognised. Which column is which?")
            chosen = {
                meaning: st.selectbox(words, [NONE, *headings], key=f"add_place_{path.name}_{meaning}")
                for meaning, words in MEANINGS.items()
            }
            if st.form_submit_button("Use these columns"):
                remember(path, {meaning: text for meaning, text in chosen.items() if text != NONE})
                st.session_state["add_place_again"] = True
                st.rerun()


def _prepare(name: str, authority: str) -> None:
    held = st.session_state.get(HELD)
    if held is None or held["shapes"] is None or not held["tables"] or not authority.strip():
        st.info("Give an authority, at least File 7 of the indices and a lookup to wards, and boundaries.")
        return
    authorities = tuple(text.strip() for text in authority.split(",") if text.strip())
    files = PlaceFiles(name, authorities, tuple(held["tables"]), held["shapes"], tuple(held["sites"]))
    try:
        with st.spinner("Reading the files…"):
            st.session_state[PREPARED] = prepare_place(files)
    except HubreachError as error:
        show_error(error)


def _preview(new: NewPlace) -> None:
    st.subheader("What was found", anchor=False, divider="gray")
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
