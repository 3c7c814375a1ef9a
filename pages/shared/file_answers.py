"""What a visitor says of a file: which column is which, and which rows are meant; seen, changed and forgotten here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.intake.assemble.site_lists import UnknownKinds
from analysis.intake.files.mappings import Answers, recalled, remember, shape_of
from analysis.intake.files.uploads import file_headings

COLUMNS, ASKED = "file_columns", "file_rows_asked"
AS_FOUND = "(as recognised)"
UNKNOWN: dict[UnknownKinds, str] = {
    "possible": "possible buildings",
    "open": "open hubs",
    "left out": "left out",
}


def file_answers(key: str, path: Path, meanings: Mapping[str, str], *, is_open: bool = False) -> Answers:
    """Boxes for the columns of a file and for rows that have to be told apart.

    What is said of the columns stays with this visitor, for files headed alike, and goes with the visit.

    Parameters
    ----------
    key : str
        Of the boxes.
    path : Path
        The upload.
    meanings : mapping
        What a column can mean, in words.
    is_open : bool
        Whether the boxes are in sight at once.
    """
    kept = st.session_state.setdefault(COLUMNS, {})
    before, shape, headings = recalled(path, kept), shape_of(path), file_headings(path)
    columns: dict[str, str] = {}
    if headings and meanings:
        with st.expander(f"Which column of {path.name} is which", expanded=is_open or bool(before)):
            sides = st.columns(3)
            for number, (meaning, words) in enumerate(meanings.items()):
                options = [AS_FOUND, *headings]
                at = options.index(before[meaning]) if before.get(meaning) in options else 0
                chosen = sides[number % len(sides)].selectbox(
                    words, options, index=at, key=f"{key}_column_{shape}_{meaning}"
                )
                if chosen != AS_FOUND:
                    columns[meaning] = chosen
            if columns:
                st.button(
                    "Forget these columns",
                    icon=":material/undo:",
                    key=f"{key}_forget_{shape}",
                    on_click=_forget,
                    args=(path, [f"{key}_column_{shape}_{meaning}" for meaning in meanings]),
                    help="They are kept for files headed like this one, for this visit alone.",
                )
    if columns != before:
        remember(path, columns, kept)
    asked = st.session_state.get(ASKED, {}).get(shape, {})
    where = {
        heading: st.multiselect(
            f"{heading}: which rows are meant? Several are added up.",
            list(options),
            key=f"{key}_rows_{shape}_{heading}",
        )
        for heading, options in asked.items()
    }
    return Answers(columns, {heading: values for heading, values in where.items() if values})


def asked_rows(path: Path) -> list[str]:
    """Rows that a file was asked about, as HEADING=VALUE: one of them may be a denominator."""
    asked = st.session_state.get(ASKED, {}).get(shape_of(path), {})
    return [f"{heading}={value}" for heading, values in asked.items() for value in values]


def _forget(path: Path, keys: Sequence[str]) -> None:
    remember(path, {}, st.session_state[COLUMNS])
    st.session_state.update(dict.fromkeys(keys, AS_FOUND))


def ask_rows(path: Path, error: HubreachError) -> bool:
    """Keep the choices that an error offers, so that `file_answers` shows them; whether there are new ones."""
    asked = st.session_state.setdefault(ASKED, {}).setdefault(shape_of(path), {})
    new = {fault.column: fault.options for fault in error.faults if fault.options and fault.column}
    fresh = {heading: options for heading, options in new.items() if asked.get(heading) != options}
    asked.update(fresh)
    return bool(fresh)


def unknown_kinds(key: str) -> UnknownKinds:
    """One question for a list of sites: what those of kinds are that the place does not know."""
    return st.radio(
        "Sites of kinds that the place does not know are",
        list(UNKNOWN),
        format_func=UNKNOWN.__getitem__,
        horizontal=True,
        key=key,
    )
