"""Which authorities in England have most need, and which reach fewest?"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.faults import HubreachError
from analysis.intake.files.uploads import UploadFolder
from analysis.national import words as national_words
from analysis.national.figures import authority_bars
from analysis.national.files import (
    MOST_ROWS,
    NationalFile,
    NationalMeasure,
    national_files,
    open_national,
    query_national,
    ready_questions,
)
from analysis.national.words import EnglandView
from pages.explore.england import small_areas
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.layout import plain_markdown, question, show_error, source_line
from pages.shared.loading_england import load_ranked
from pages.shared.short_keys import adopt_address

TITLE = "How do England's authorities compare?"
UPLOAD, ANSWER = "england_upload", "england_answer"
LOOKS = {"authorities": "Ranked authorities", "map": "Map of small areas"}
COUNTS = (20, 40, 80, 400)


def page() -> None:
    """Answer, ranked bars, table, and questions of one's own."""
    head = st.container()
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="england-controls")
    _show(_choose_file(bar), head, bar)


def _choose_file(bar: DeltaGenerator) -> NationalFile:
    found = national_files()
    chooser = bar.container(width=230)
    with bar.popover("Another file", icon=":material/upload:"):
        upload = st.file_uploader("Parquet of hubreach national", ["parquet"], key="england_file")
        _how_to_make_one()
    if upload is not None:
        try:
            return open_national(_kept_path(upload.file_id, upload.name, upload.getvalue()))
        except HubreachError as error:
            show_error(error)
    names = {file.path.name: file for file in reversed(found)}
    chosen = chooser.selectbox(
        "File",
        list(reversed(names)),
        format_func=lambda name: national_words.file_sentence(names[name]),
        key=state.ENGLAND_FILE,
        bind="query-params",
    )
    return names[chosen]


def _kept_path(file_id: str, name: str, data: bytes) -> Path:
    """The upload in a folder of this session, which goes away with it."""
    kept = st.session_state.get(UPLOAD)
    if kept is None or kept[0] != file_id:
        folder = UploadFolder()
        kept = (file_id, folder, folder.keep(name, data))
        st.session_state[UPLOAD] = kept
    return kept[2]


def _how_to_make_one() -> None:
    st.caption("Other assumptions, or who is within reach, are worked out by a command:")
    for command in national_words.making_commands().values():
        st.code(command, language="bash", wrap_lines=True)
    source_line(
        "FILE7 is File 7 of the Indices of Deprivation, LOOKUP the lookup from LSOA to ward and authority, LSOA the "
        "boundaries of the country, SITES a table of sites. A run that is stopped goes on where it was."
    )


def _show(file: NationalFile, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    measures = {each.key: each for each in file.measures}
    adopt_address(state.ENGLAND_LOOK, LOOKS)
    look = bar.segmented_control(
        "Look",
        list(LOOKS),
        format_func=LOOKS.__getitem__,
        default="authorities",
        required=True,
        key=state.ENGLAND_LOOK,
        bind="query-params",
    )
    by = state.england_measure(file.kind)
    adopt_address(by, measures)
    key = bar.selectbox(
        "By",
        list(measures),
        format_func=lambda each: measures[each].title,
        key=by,
        bind="query-params",
        width=280,
    )
    try:
        if look == "map":
            words = small_areas.show(file, measures[key], bar)
        else:
            words = _authorities(file, measures[key], bar)
    except HubreachError as error:
        show_error(error)
        return
    with head:
        question(TITLE, words)
    _questions(file)


def _authorities(file: NationalFile, measure: NationalMeasure, bar: DeltaGenerator) -> str:
    """Bars and table of the authorities; gives the sentence of the page."""
    count = bar.selectbox(
        "Show",
        COUNTS,
        format_func=lambda n: "all" if n == COUNTS[-1] else f"first {n}",
        key=state.ENGLAND_COUNT,
        bind="query-params",
    )
    view = national_words.england_view(load_ranked(file.path, measure.key), measure)
    names = dict(view.table["authority_name"].sort_values())
    adopt_address(state.ENGLAND_AUTHORITY, names)
    chosen = bar.selectbox(
        "Find an authority",
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=state.ENGLAND_AUTHORITY,
        bind="query-params",
        placeholder="Find an authority",
    )
    _ranking(file, view, count, chosen)
    return national_words.england_sentence(view)


def _ranking(file: NationalFile, view: EnglandView, count: int, chosen: str | None) -> None:
    rows, total = national_words.shortened_view(view, count, chosen), len(view.table)
    part = f"first {len(rows)} of {total}" if len(rows) < total else f"all {total}"
    numbers = national_words.ranked_numbers(view)
    source = f"{file.path.name}: {national_words.HOW_MADE}."
    spread = ", line: range" if view.has_ranges else ""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_chart(
            "england",
            lambda style: authority_bars(
                rows,
                style,
                title=f"{view.table['authority_name'].iloc[0]} comes first",
                subtitle=f"{view.measure.title}, {view.measure.unit}; {part} authorities{spread}",
                of=total,
                selected=chosen,
            ),
            numbers,
            source=source,
            name=f"england {view.measure.key}",
            on_point=_choose,
        )
    with right:
        show_table(
            "england-list",
            numbers,
            source=source,
            name=f"england {view.measure.key} table",
            hide_index=True,
            height=560 if total > COUNTS[0] else "auto",
            column_config={
                "authority_name": "Authority",
                "children": st.column_config.NumberColumn("Children", format="localized"),
                "value": st.column_config.NumberColumn("Value", format="%,.1f"),
                "low": st.column_config.NumberColumn("from", format="%,.1f"),
                "high": st.column_config.NumberColumn("to", format="%,.1f"),
                "rank": "Rank",
            },
            column_order=["rank", "authority_name", "value", "low", "high", "children"],
        )
    source_line(source)


def _choose(code: str) -> None:
    st.session_state[state.ENGLAND_AUTHORITY] = code


def _questions(file: NationalFile) -> None:
    st.header("Ask the file", anchor=False, divider="gray")
    ready = ready_questions(file)
    name = st.selectbox(
        "A question that is ready",
        list(ready),
        format_func=lambda key: key.replace("-", " "),
        key="england_ready",
    )
    with st.form("england_query"):
        sql = st.text_area(
            "Or in your own words: one SELECT about the table england",
            value=ready[name],
            key=f"england_sql_{file.kind}_{name}",
            height=110,
            help=f"Columns: {', '.join(plain_markdown(column) for column in file.columns)}.",
        )
        asked = st.form_submit_button("Ask", type="primary")
    if asked:
        try:
            st.session_state[ANSWER] = (str(file.path), query_national(file, sql))
        except HubreachError as error:
            st.session_state.pop(ANSWER, None)
            show_error(error)
    kept = st.session_state.get(ANSWER)
    if kept is not None and kept[0] == str(file.path):
        show_table(
            "england-query",
            kept[1],
            source=f"{file.path.name}, by a query of your own.",
            name="england query",
            hide_index=True,
        )
        source_line(
            f"{len(kept[1]):,} rows; {MOST_ROWS:,} at the most. Only this file is read; nothing is changed."
        )


page()
