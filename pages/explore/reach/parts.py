"""What the parts of the reach page share: the ward that is looked from, and the source line."""

from __future__ import annotations

import streamlit as st

from analysis.need import words as need_words
from analysis.places.place import Place
from analysis.reach import words as reach_words
from analysis.reach.answer import ReachAnswer
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.short_keys import adopt_address


def reach_source(now: PageContext, view: ReachAnswer) -> str:
    """Source and assumptions for under a chart or in a download."""
    return " ".join(
        [
            reach_words.travel_source(view),
            need_words.source_sentence(now.need),
            need_words.parameters_sentence(now.need),
        ]
    )


def chosen_ward(place: Place) -> str | None:
    """Code of the ward that is looked from, or None (before its control is drawn)."""
    names = place.names("ward")
    adopt_address(state.WARD, dict(names))
    ward = st.session_state.get(state.WARD)
    if ward is None and state.WARD in st.query_params:
        by_name = {str(name): code for code, name in names.items()}
        ward = by_name.get(st.query_params[state.WARD])
    return ward if ward in names.index else None


def select_ward_of(place: Place, code: str | None) -> None:
    """Look from the ward that an area belongs to (from a callback)."""
    wards = place.areas["ward_code"]
    st.session_state[state.WARD] = wards.get(code, code) if code else None


def share_column(label: str) -> object:
    """A share as whole per cent."""
    return st.column_config.NumberColumn(label, format="percent")


def count_column(label: str) -> object:
    """A count with thousands separated."""
    return st.column_config.NumberColumn(label, format="localized")


def minutes_column(label: str) -> object:
    """Minutes to a whole one."""
    return st.column_config.NumberColumn(label, format="%.0f")
