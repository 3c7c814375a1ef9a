"""Numbers of people by ward: entered, pasted or uploaded, and shown only as they may be.

What has been entered is never sent back to the browser: the table that it was entered in says "entered".
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from analysis.commissioning.cohorts import cohort_from_cells, read_cells
from analysis.commissioning.entered_tables import (
    EnteredTable,
    entered_table,
    masked,
    pasted_cells,
    read_entered_table,
    unmasked,
)
from analysis.commissioning.storage import is_saved, record_files, remove_record, save_record
from analysis.output.cohort_view import ShownCohort, cohort_bars, cohort_levels, counts_template, shown_cohort
from analysis.output.figures import appraisals as figures
from analysis.places import HubreachError, Level, Place, place_folder
from analysis.places.disclosure import NOTE
from pages.commissioning_views import parts
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.downloads import csv_button
from pages.shared.layout import show_error

SESSION_KEY = "commissioning_counts"
FILE = "counts"
FIXED = ("area_code", "area_name", "period", "quarter", "year")


@dataclass
class Counts:
    """Numbers of one place as entered (never shown) and as they may be shown.

    `own` is whether they were entered in this session: numbers that were read from the place's folder can only
    be replaced as a whole, since changing one cell and watching a total would tell what another hides.
    """

    cells: pd.DataFrame | None = None
    shown: ShownCohort | None = None
    own: bool = True
    version: int = 0
    earlier: list[tuple[pd.DataFrame | None, ShownCohort | None, bool]] = field(default_factory=list)
    error: HubreachError | None = None


def show_counts(now: PageContext) -> ShownCohort | None:
    """Ways in, the entry table, and the protected chart and table."""
    counts = _open(now)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _ways_in(now, counts)
    with right:
        if counts.shown is None:
            st.info(
                "No numbers yet. Type them into the table, paste them from a spreadsheet, or upload a CSV or Excel file: "
                "numbers of people by ward only. Nothing about single people is read or kept.",
                icon=":material/edit_note:",
            )
        else:
            _shown(now, counts.shown)
    return counts.shown


def counts_of(now: PageContext) -> ShownCohort | None:
    """The protected numbers that are in the session or on file."""
    return _open(now).shown


def _open(now: PageContext) -> Counts:
    kept: dict[str, Counts] = st.session_state.setdefault(SESSION_KEY, {})
    slug = now.place.slug
    if slug not in kept:
        kept[slug] = Counts()
        path = record_files(place_folder(slug), "counts").get(FILE)
        if path is not None:
            try:
                _take(kept[slug], read_entered_table(path).frame(), now.place, own=False)
            except HubreachError as error:
                kept[slug].error = error
    return kept[slug]


def _take(
    counts: Counts, cells: pd.DataFrame, place: Place, *, own: bool = True, name: str = "counts"
) -> None:
    """Protect and keep; what was there before can be brought back."""
    shown = shown_cohort(cohort_from_cells(cells, place, name), place)
    if counts.shown is not None:
        counts.earlier.append((counts.cells, counts.shown, counts.own))
    counts.cells, counts.shown, counts.own, counts.error = cells, shown, own, None
    counts.version += 1


def _ways_in(now: PageContext, counts: Counts) -> None:
    slug = now.place.slug
    st.markdown("**Numbers of people, by ward or locality**")
    table, paste, upload = st.tabs(["Type", "Paste", "Upload"])
    with table:
        _entry_table(now, counts)
    with paste:
        key = f"counts-paste-{slug}-{counts.version}"
        st.text_area(
            "Cells copied from a spreadsheet, with their headings",
            key=key,
            height=120,
            placeholder="ward_name\tmothers\tchildren",
            help="The box is emptied when the numbers are taken over.",
        )
        st.button(
            "Use what is pasted",
            key=f"{key}-use",
            on_click=_use_paste,
            args=(now.place, counts, key),
            type="primary",
        )
    with upload:
        key = f"counts-upload-{slug}-{counts.version}"
        st.file_uploader(
            "CSV or Excel",
            type=["csv", "xlsx", "xlsm"],
            key=key,
            on_change=_use_upload,
            args=(now.place, counts, key),
            help="A column of wards or localities, perhaps a period, and columns of whole numbers.",
        )
        st.caption("An empty table of the wards, to be filled in a spreadsheet:")
        template = counts_template(now.place, "ward").set_index("area_code")
        csv_button("counts-template", template, f"{slug} counts template")
    if counts.error is not None:
        show_error(counts.error)
    _keeping(now, counts)


def _entry_table(now: PageContext, counts: Counts) -> None:
    slug, levels = now.place.slug, cohort_levels(now.place)
    level: Level = levels[0]
    if len(levels) > 1:
        level = st.segmented_control(
            "By",
            levels,
            default=levels[0],
            required=True,
            key=f"counts-level-{slug}",
            format_func=state.LEVEL_NAMES.get,
        )
    reuse = counts.cells is not None and counts.own
    key = f"counts-table-{slug}-{level}-{counts.version}"

    def start() -> pd.DataFrame:
        if reuse and counts.cells is not None:
            measures = [c for c in counts.cells.columns if str(c).lower() not in FIXED]
            return masked(counts.cells, measures)
        return counts_template(now.place, level)

    edited = parts.edit_table(
        key,
        start,
        hide_index=True,
        height=330,
        column_config={"area_code": None, "area_name": st.column_config.TextColumn("Area", disabled=True)},
    )
    st.caption(
        "A cell that is filled says “entered”, never its number: type over it to change it."
        if reuse
        else "Whole numbers; 0 where there are none, blank where it is not known."
    )
    if st.button("Use these numbers", key=f"{key}-use", type="primary"):
        kept = counts.cells if reuse and counts.cells is not None else pd.DataFrame(columns=edited.columns)
        try:
            _take(counts, unmasked(edited, kept), now.place)
        except HubreachError as error:
            counts.error = error
        st.rerun()


def _use_paste(place: Place, counts: Counts, key: str) -> None:
    try:
        _take(counts, pasted_cells(st.session_state[key]), place, name="pasted cells")
    except HubreachError as error:
        counts.error = error


def _use_upload(place: Place, counts: Counts, key: str) -> None:
    given = st.session_state.get(key)
    if given is None:
        return
    try:
        _take(counts, read_cells(given.getvalue(), given.name), place, name=given.name)
    except HubreachError as error:
        counts.error = error
        counts.version += 1


def _keeping(now: PageContext, counts: Counts) -> None:
    slug = now.place.slug
    on_file = is_saved(slug, "counts", FILE)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Save with the place",
            key=f"counts-save-{slug}",
            on_click=_save,
            args=(slug, counts),
            disabled=counts.cells is None or not counts.own,
            icon=":material/save:",
            help="Writes the numbers as entered into the place's folder on the server, readable by its owner only; the "
            "pages show them protected, here and after a reload.",
        )
        st.button(
            "Undo",
            key=f"counts-undo-{slug}",
            on_click=_undo,
            args=(counts,),
            disabled=not counts.earlier,
            icon=":material/undo:",
            help="Back to the numbers before.",
        )
        st.button(
            "Forget",
            key=f"counts-forget-{slug}",
            on_click=_forget,
            args=(slug,),
            disabled=counts.cells is None and not on_file,
            icon=":material/delete:",
            help="Removes the numbers from this session and from the place's folder.",
        )
    if counts.cells is not None:
        words = "Saved with the place. " if on_file else "**Not saved**: in this session only. "
        locked = "" if counts.own else "They can be replaced as a whole, not cell by cell. "
        st.caption(f"{words}{locked}The download is protected as the table is.")


def _save(slug: str, counts: Counts) -> None:
    if counts.cells is None:
        return
    try:
        table: EnteredTable = entered_table(FILE, counts.cells)
        save_record(table, slug, "counts")
        st.toast("Saved: numbers of people", icon=":material/check:")
    except HubreachError as error:
        counts.error = error


def _undo(counts: Counts) -> None:
    counts.cells, counts.shown, counts.own = counts.earlier.pop()
    counts.version += 1
    counts.error = None


def _forget(slug: str) -> None:
    remove_record(slug, "counts", FILE)
    version = st.session_state[SESSION_KEY][slug].version
    st.session_state[SESSION_KEY][slug] = Counts(version=version + 1)


def _shown(now: PageContext, shown: ShownCohort) -> None:
    with st.container(horizontal=True):
        measure = shown.measures[0]
        if len(shown.measures) > 1:
            measure = st.segmented_control(
                "Count of", shown.measures, default=shown.measures[0], required=True, key=state.COHORT_MEASURE
            )
        period = shown.periods[-1]
        if len(shown.periods) > 1:
            period = st.selectbox("Period", shown.periods, len(shown.periods) - 1, key="cohort-period")
    bars = cohort_bars(shown, str(measure), period)
    table = shown.table if any(shown.periods) else shown.table.drop(columns="period")
    chart, rows = st.tabs(["Chart", "Table"])
    with chart:
        show_chart(
            "cohort-counts",
            lambda style: figures.protected_bars(
                bars,
                style,
                title=f"{str(measure).capitalize()} by {shown.level}",
                subtitle="entered counts to the nearest 5; [c]: suppressed",
            ),
            bars[["area_name", "label"]],
            source=NOTE,
            name=f"{now.place.slug} cohort {measure}",
        )
    with rows:
        show_table(
            "cohort-protected",
            table.set_index("area_code"),
            source=NOTE,
            name=f"{now.place.slug} cohort protected",
            column_config={"area_code": None, "level": "Level", "area_name": "Area", "period": "Period"},
        )
    st.caption(
        NOTE
        + (
            f" {shown.blank_areas} areas have no number: totals are of those given."
            if shown.blank_areas
            else ""
        )
    )
