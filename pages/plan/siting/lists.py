"""Lists of sites that are picked by name and kept in the address by id."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.places.sites.duplicates import former_ids
from pages.shared.address import keep_param, kept_param
from pages.shared.short_keys import note_unread


def choose_list(
    key: str, place_slug: str, sites: pd.DataFrame, label: str, *, help_words: str, placeholder: str = ""
) -> tuple[str, ...]:
    """Sites picked by name; the address holds their ids, so that a link reproduces them.

    Parameters
    ----------
    key : str
        Name of the query parameter.
    sites : DataFrame
        Those to pick from; one that the address names by an earlier id is carried over, others of it are told.
    """
    widget = f"{key}-{place_slug}"
    labels, former = distinct(sites["name"]), former_ids(sites)
    given = [former.get(site, site) for site in kept_param(key).split(",") if site]
    if widget not in st.session_state:
        note_unread(key, [site for site in given if site not in sites.index])
    kept = [site for site in given if site in sites.index]
    st.session_state[widget] = [site for site in st.session_state.get(widget, kept) if site in sites.index]

    def keep() -> None:
        note_unread(key, [])
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
