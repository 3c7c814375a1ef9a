"""The table of sites, edited in place: each changed cell is kept at once, and can be undone."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.places.sites.edits import edits_between
from analysis.places.sites.register import STAGES
from analysis.reach.selection import site_kinds
from analysis.reach.sites import (
    EDITOR_COLUMNS,
    LOCKED_COLUMNS,
    condition_choices,
    edited_sites,
    editor_frame,
    offered_services,
    shown_sites,
)
from pages.shared import state
from pages.shared.charts import Columns
from pages.shared.context import PageContext
from pages.shared.downloads import csv_button
from pages.shared.history import editor_key
from pages.shared.short_keys import adopt_address
from pages.shared.sites_in_force import SitesInForce, record_edits

SHOWN = {"open": "Open", "count": "Kinds that count", "all": "All, with possible buildings"}


def choose_shown(now: PageContext, sites: pd.DataFrame) -> pd.DataFrame:
    """Which sites the map and the table show: one and the same."""
    adopt_address(state.SITES_SHOWN, SHOWN)
    which = st.segmented_control(
        "Map and table show",
        list(SHOWN),
        format_func=SHOWN.__getitem__,
        default="count",
        required=True,
        key=state.SITES_SHOWN,
        bind="query-params",
        help="Open sites; open and closed sites of the kinds that count above; or every site, schools as possible "
        "buildings too. Sites that you changed are always shown.",
    )
    kinds = st.session_state.get(state.kinds(now.place.slug)) or ()
    return shown_sites(sites, now.place.sites, which, kinds)


def show(now: PageContext, force: SitesInForce, shown: pd.DataFrame) -> None:
    """The editable table and its download."""
    st.header("The table", anchor=False)
    st.caption(
        f"{len(shown)} of {len(force.sites)} sites. Change any cell: tick to open, type to rename, move by postcode or by "
        "easting and northing. A blank is unknown, not zero."
    )
    frame = editor_frame(shown)
    key = editor_key("sites-editor", (now.place.slug, force.key, tuple(frame.index)))

    def edited() -> None:
        changes = st.session_state[key]["edited_rows"]
        record_edits(
            now.place.slug,
            lambda: edits_between(force.sites, edited_sites(force.sites, frame, changes)),
        )

    with st.container(key="sites-table"):
        st.data_editor(
            frame,
            key=key,
            hide_index=True,
            column_order=list(EDITOR_COLUMNS),
            column_config=_columns(now, force.sites),
            disabled=list(LOCKED_COLUMNS),
            on_change=edited,
            height=min(620, 36 * (len(frame) + 1) + 2),
            placeholder="",
            alt="Sites, editable",
        )
    csv_button("sites", force.sites, f"{now.place.slug} sites")


def _columns(now: PageContext, sites: pd.DataFrame) -> Columns:
    kinds = list(dict.fromkeys([*(kind.name for kind in now.place.kinds), *site_kinds(sites)]))
    number = st.column_config.NumberColumn
    return {
        "is_open": st.column_config.CheckboxColumn("Open", pinned=True, width=76),
        "name": st.column_config.TextColumn("Name", required=True, pinned=True, width=290),
        "kind": st.column_config.SelectboxColumn("Kind", options=kinds, required=True),
        "postcode": st.column_config.TextColumn("Postcode", width=100),
        "services": st.column_config.MultiselectColumn(
            "Services held", options=offered_services(sites, now.place.core_offer), accept_new_options=True
        ),
        "age_from": number("Age from", min_value=0, max_value=25, width=96),
        "age_to": number("Age to", min_value=0, max_value=25, width=84),
        "hours_per_week": number("Hours a week", min_value=0, max_value=168, width=118),
        "capacity_families": number("Capacity (families a year)", min_value=0, format="localized"),
        "annual_cost_gbp": number("Cost a year (£)", min_value=0, format="localized"),
        "condition": st.column_config.SelectboxColumn(
            "Condition", options=condition_choices(), width="small", help="Building survey grade, A best"
        ),
        "ownership": st.column_config.TextColumn(
            "Ownership", width=110, help="Whose the building is: council, school trust, health, church"
        ),
        "stage": st.column_config.SelectboxColumn(
            "Stage", options=list(STAGES), required=True, width="small"
        ),
        "easting": number("Easting (m)", min_value=0, max_value=700_000, format="%.0f"),
        "northing": number("Northing (m)", min_value=0, max_value=1_300_000, format="%.0f"),
        "labels": st.column_config.TextColumn(
            "Also listed as", help="Other names and kinds at the same postcode"
        ),
    }
