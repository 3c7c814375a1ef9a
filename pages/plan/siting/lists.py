"""Lists of sites that are picked by name and kept in the address by id."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.shared.address import keep_param, kept_param


def choose_list(
    key: str, place_slug: str, names: pd.Series, label: str, *, help_words: str, placeholder: str = ""
) -> tuple[str, ...]:
    """Sites picked by name; the address holds their ids, so that a link reproduces them.

    Parameters
    ----------
    key : str
        Name of the query parameter.
    names : Series
        Names by `site_id`; sites of the address that are not among them are left out.
    """
    widget = f"{key}-{place_slug}"
    labels = distinct(names)
    kept = [site for site in kept_param(key).split(",") if site in names.index]
    st.session_state[widget] = [site for site in st.session_state.get(widget, kept) if site in names.index]

    def keep() -> None:
        keep_param(key, ",".join(st.session_state[widget]))

    chosen = st.multiselect(
        label,
        list(labels.sort_values(key=lambda text: text.str.casefold()).index),
        format_func=lambda site: str(labels.get(site, site)),
        key=widget,
        on_change=keep,
        help=help_words,
        placeholder=placeholder or "Choose sites",
    )
    return tuple(sorted(chosen))


def distinct(names: pd.Series) -> pd.Series:
    """Names with the id behind those that several sites share."""
    shared = names.duplicated(keep=False)
    return names.where(~shared, names + " (" + names.index.astype(str) + ")")
