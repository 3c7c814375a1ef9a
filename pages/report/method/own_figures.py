"""The council's own children, wards, sites, shapes and points: what is in force, a new file with a look before it is kept, a way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.history import Change
from analysis.base.text import date_words
from analysis.intake.files.mappings import MEANINGS
from analysis.intake.files.uploads import UploadFolder
from analysis.intake.own.preview import OwnPreview, preview_own, preview_sentences, preview_table, wards_lost
from analysis.intake.own.reading import OwnChoices, england_alone, prepare_own
from analysis.places.own.kept import (
    KIND_WORDS,
    OwnFile,
    OwnHistory,
    OwnKind,
    own_history,
    redo_own,
    remove_own,
    save_own,
    undo_own,
)
from analysis.places.place import Place
from pages.shared.charts import NO_FIGURE, Columns
from pages.shared.context import PageContext
from pages.shared.file_answers import ask_rows, file_answers, unknown_kinds
from pages.shared.layout import plain_markdown, show_error, source_line

KEPT, LOOKED_AT, SAID, PROBLEM = "own_file_upload", "own_file_preview", "own_file_said", "own_file_problem"
KINDS: dict[OwnKind, str] = {
    "children": "Children by small area",
    "wards": "Wards",
    "sites": "Sites",
    "boundaries": "Shapes of small areas",
    "points": "Where children live",
}
WANTED: dict[OwnKind, str] = {
    "children": "CSV or Excel with a row an LSOA of 2021: children in the product's bands, five-year bands, single years of age, "
    "or in all (then parted by the shares of England's figures).",
    "wards": "CSV or Excel with the ward of each LSOA of 2021; or the wards as polygons (GeoJSON, GeoPackage, zipped shapefile): "
    "an area then goes to the ward where most of its people live, and what is lost by that is shown.",
    "sites": "CSV, Excel, GeoJSON or GeoPackage with a name, a kind and a position a site: every site of the kinds that are in it. Other kinds stay.",
    "boundaries": "Polygons of the LSOAs of 2021 by code (GeoJSON, GeoPackage, zipped shapefile).",
    "points": "CSV or Excel with a row a postcode, or an easting and a northing, and how many children or homes stand there "
    "(weight). Never names or other facts about persons: such a file is refused. Minutes are then measured from these points.",
}
TABLES, SHAPES = ["csv", "txt", "gz", "xlsx"], ["gpkg", "geojson", "json", "zip"]
TYPES: dict[OwnKind, list[str]] = {
    "children": [*TABLES, "zip"],
    "wards": [*TABLES, *SHAPES],
    "sites": [*TABLES, *SHAPES],
    "boundaries": SHAPES,
    "points": [*TABLES, "zip"],
}


def _count(words: str) -> Any:
    return st.column_config.NumberColumn(words, format="localized")


WORDS: Columns = {
    "area_name": "Area",
    "england": _count("England's figures"),
    "own": _count("Your own"),
    "difference": _count("Difference"),
    "percent": st.column_config.NumberColumn("Per cent", format="%+.1f"),
    "ward_name": "Ward",
    "ward_before": "Ward now",
    "ward_after": "Ward then",
    "children": _count("Children"),
    "percent_inside": st.column_config.NumberColumn("People in that ward", format="%.0f%%"),
    "areas": "Areas",
    "children_inside": _count("Children by points"),
    "children_lost": _count("Counted in other wards"),
    "children_gained": _count("Counted, but live outside"),
    "name": "Site",
    "kind": "Kind",
    "change": "Change",
    "moved_m": _count("Moved (m)"),
    "points_before": _count("Points now"),
    "points_after": _count("Points then"),
    "km2_before": "km² now",
    "km2_after": "km² then",
    "percent_shared": st.column_config.NumberColumn("Land in both", format="%.0f%%"),
}


def show(now: PageContext) -> None:
    """What is in force, then the form for a new file."""
    for said in st.session_state.pop(SAID, []):
        st.success(plain_markdown(said), icon=":material/check:")
    for problem in st.session_state.pop(PROBLEM, []):
        show_error(problem)
    if not now.place.districts:
        st.info(
            f"The figures of {plain_markdown(now.place.name)} are those of a folder of its own: change its files, or add the "
            "place again.",
            icon=":material/info:",
        )
        return
    _in_force(now.place)
    with st.expander(
        "Bring children, wards, sites, shapes or points of your own",
        icon=":material/upload_file:",
        expanded=LOOKED_AT in st.session_state,
    ):
        _new(now.place)


def _in_force(place: Place) -> None:
    history = own_history(place.slug)
    if not place.own_files:
        st.markdown(
            f"None yet: children, wards, sites, shapes and points of {plain_markdown(place.name)} are those of England's figures."
        )
    for about in place.own_files:
        with st.container(border=True, key=f"own-file-{about.kind}"):
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.markdown(_about(about))
            right.button(
                "Remove",
                icon=":material/delete:",
                key=f"own_file_remove_{about.kind}",
                on_click=_change,
                args=(lambda kind=about.kind: remove_own(place.slug, kind),),
                help="England's figures stand again; undo brings yours back.",
            )
    if history.done or history.undone:
        with st.container(horizontal=True, key="own-file-history"):
            _step("Undo", history.done, lambda: undo_own(place.slug))
            _step("Redo", history.undone, lambda: redo_own(place.slug))


def _about(about: OwnFile) -> str:
    by = f" by {about.by}" if about.by else ""
    words = KINDS.get(about.kind, KIND_WORDS[about.kind])
    named = f"{about.title} ({about.source}, {about.vintage})"
    rest = f"{about.file}, brought on {date_words(about.added.date())}{by}. {' '.join(about.notes)}"
    return f"**{words}**: {plain_markdown(named)}  \n:gray[{plain_markdown(rest.strip())}]"


def _step(word: str, steps: tuple[Change[tuple[OwnFile, ...]], ...], do: Callable[[], OwnHistory]) -> None:
    st.button(
        word,
        icon=f":material/{word.lower()}:",
        key=f"own_file_{word.lower()}",
        disabled=not steps,
        on_click=_change,
        args=(do,),
        help=plain_markdown(steps[-1].words) if steps else None,
    )


def _change(do: Callable[[], object]) -> None:
    """Change what is in force before the page runs again, so that the place is read with it."""
    try:
        do()
    except HubreachError as error:
        st.session_state[PROBLEM] = [error]


def _new(place: Place) -> None:
    kind = st.segmented_control(
        "What you bring",
        list(KINDS),
        format_func=KINDS.__getitem__,
        default="children",
        key="own_file_kind",
        required=True,
    )
    upload = st.file_uploader(WANTED[kind], TYPES[kind], key=f"own_file_{kind}")
    if upload is None:
        st.session_state.pop(LOOKED_AT, None)
        source_line("One file at a time. It may cover the country: rows of other authorities are left out.")
        return
    path = _kept_path(upload.file_id, upload.name, upload.getvalue())
    said = file_answers("own_file", path, MEANINGS[kind])
    unknown = unknown_kinds("own_file_unknown") if kind == "sites" else "possible"
    # In a form, so that no rerun comes between the last word typed and the click.
    with st.form("own_file_form", border=False):
        left, right = st.columns(2)
        choices = OwnChoices(
            left.text_input("What it is", key="own_file_title", max_chars=80, placeholder="GP register"),
            right.text_input("Who counted or drew it", key="own_file_source", max_chars=80),
            left.text_input("Of when", key="own_file_vintage", max_chars=40, placeholder="January 2026"),
            right.text_input("Your name (may be left out)", key="own_file_by", max_chars=80),
            said,
            unknown,
        )
        asked = st.form_submit_button("Look at what changes", type="primary", key="own_file_look")
    if asked:
        st.session_state.pop(LOOKED_AT, None)
        try:
            england = england_alone(place)
            preview = preview_own(england, prepare_own(kind, path, england, choices))
            st.session_state[LOOKED_AT] = (place.slug, upload.file_id, preview)
        except HubreachError as error:
            if ask_rows(path, error):
                st.session_state[PROBLEM] = [error]
                st.rerun()
            show_error(error)
    held = st.session_state.get(LOOKED_AT)
    if held is not None and held[:2] == (place.slug, upload.file_id):
        _preview(place, held[2])


def _kept_path(file_id: str, name: str, data: bytes) -> Path:
    """The upload in a folder of this session, which goes away with it."""
    kept = st.session_state.get(KEPT)
    if kept is None or kept[0] != file_id:
        folder = UploadFolder()
        kept = (file_id, folder, folder.keep(name, data))
        st.session_state[KEPT] = kept
    return kept[2]


def _preview(place: Place, preview: OwnPreview) -> None:
    loss = wards_lost(preview)
    sentences = preview_sentences(preview)
    st.markdown("\n".join(f"- {plain_markdown(sentence)}" for sentence in sentences))
    changes = preview_table(preview)
    if len(changes):
        _table("own_file_changes", changes)
    if len(loss):
        st.markdown("**What giving whole areas to wards loses**")
        _table("own_file_loss", loss)
    st.button(
        "Use these figures",
        type="primary",
        key="own_file_save",
        on_click=_save,
        args=(place, preview),
        help="On every page, in every command and pack of this place, for all who use this copy.",
    )


def _table(key: str, table: pd.DataFrame) -> None:
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        placeholder=NO_FIGURE,
        column_config={name: WORDS[name] for name in table.columns if name in WORDS},
    )


def _save(place: Place, preview: OwnPreview) -> None:
    try:
        kept = save_own(place.slug, preview.own)
    except HubreachError as error:
        st.session_state[PROBLEM] = [error]
        return
    st.session_state.pop(LOOKED_AT, None)
    st.session_state[SAID] = [f"{kept.title} is in use in {place.name}: {KIND_WORDS[kept.kind]}."]
