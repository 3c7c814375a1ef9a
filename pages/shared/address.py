"""Values of the address that no widget holds: kept from page to page, and in every link.

A widget that is bound to the address keeps its own value; a page switch drops everything else. These
values are therefore kept in the session too, and written back on the next page.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.shared import state
from pages.shared.lasting import lasting

CARRIED = (state.CHANGES, state.DRAFTS, state.TIMES)
PREFIX = "hubreach_address_"


def kept_param(key: str) -> str:
    """Value of a query parameter, "" without one; after a page switch it is written back."""
    given = st.query_params.get(key)
    if given is not None:
        lasting()[PREFIX + key] = given
        return str(given)
    kept = str(lasting().get(PREFIX + key, ""))
    if kept:
        st.query_params[key] = kept
    return kept


def keep_param(key: str, value: str) -> None:
    """Set a query parameter, or with "" take it out."""
    lasting()[PREFIX + key] = value
    if value:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)


def hold_param(held: dict[str, Any], key: str, value: str) -> None:
    """Set a query parameter for the next run, through what `lasting` gave: no run that ends here loses it."""
    held[PREFIX + key] = value


def carry_params() -> None:
    """Write back what a page switch dropped (call it once a run, on every page)."""
    for key in CARRIED:
        kept_param(key)
