"""Minutes by other ways than a straight line: the user's own table, or the streets of an extract."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.intake.files.mappings import MEANINGS, Answers
from analysis.intake.files.uploads import UploadFolder
from analysis.places.place import Place
from analysis.reach.kept_tables import keep_table
from analysis.reach.network import network_available
from analysis.reach.network_files import keep_extract, kept_extracts
from analysis.reach.travel_tables import read_travel_table
from analysis.scenario.travel import TravelSettings
from pages.shared import state
from pages.shared.address import keep_param, kept_param
from pages.shared.context import PageContext
from pages.shared.file_answers import ask_rows, file_answers
from pages.shared.layout import show_error
from pages.shared.loading_reach import ReachKey
from pages.shared.sites_in_force import SitesInForce

LARGEST_EXTRACT_MB = 64
FAULT = "hubreach_times_fault"
NEWS = "hubreach_times_news"
REFUSED = "hubreach_times_refused"


@dataclass(frozen=True)
class TravelInForce:
    """How minutes are found: settings, way ("", "table" or "streets") and the way's table or extract."""

    settings: TravelSettings
    way: str = ""
    source: str = ""

    def key(self, now: PageContext, force: SitesInForce) -> ReachKey:
        """What answers about reach are kept by."""
        return (now.place.slug, now.settings, now.index, force.key, self.settings, self.way, self.source)


def choose_table(place: Place, sites: pd.DataFrame, settings: TravelSettings) -> TravelInForce:
    """Upload a table of travel times, see its faults, and what is in use."""
    st.file_uploader(
        "Travel times (origin, destination, minutes)",
        type=["csv", "txt", "xlsx", "zip"],
        key="times-upload",
        on_change=_receive_table,
        args=(place, sites),
        help="One row for every area and site, in any order; origin is an area code, destination a site id; the word "
        "none where there is no way. A table with faults is refused, and the one before stays in use.",
    )
    if _show_fault(place.slug) and REFUSED in st.session_state:
        refused = st.session_state[REFUSED]
        said = file_answers("times", refused[1], MEANINGS["travel"], is_open=True)
        st.button(
            "Read it with these columns",
            key="times-again",
            on_click=_take_table,
            args=(place, sites, *refused, said),
        )
    table = kept_param(state.TIMES)
    if not table:
        st.info("No table is in use: straight lines are used until you upload one.", icon=":material/info:")
        return TravelInForce(settings)
    st.success(st.session_state.get(NEWS) or f"Table {table} is in use.", icon=":material/check:")
    return TravelInForce(settings, "table", table)


def _receive_table(place: Place, sites: pd.DataFrame) -> None:
    file = st.session_state["times-upload"]
    if file is not None:
        folder = UploadFolder()
        _take_table(place, sites, folder, folder.keep(file.name, file.getvalue()), Answers())


def _take_table(place: Place, sites: pd.DataFrame, folder: UploadFolder, path: Path, said: Answers) -> None:
    """Check a table; only one without faults comes into force, and one with them is kept so that its columns can be told."""
    try:
        given = read_travel_table(
            path,
            list(place.areas.index),
            list(sites.index),
            names=dict(sites["name"]),
            said=said,
        )
        table = keep_table(place.slug, given.costs)
    except HubreachError as error:
        st.session_state[FAULT] = (place.slug, error)
        st.session_state[REFUSED] = (folder, path)
        ask_rows(path, error)
        return
    st.session_state.pop(FAULT, None)
    st.session_state.pop(REFUSED, None)
    missing = len(given.sites_without)
    rest = f" {missing} sites are not in it: straight-line minutes stand for them." if missing else ""
    st.session_state[NEWS] = (
        f"{given.costs.shape[1]} sites have times from your table.{rest} {' '.join(given.notes)}".strip()
    )
    keep_param(state.TIMES, table)


def choose_streets(place: Place, settings: TravelSettings) -> TravelInForce:
    """Upload or choose a street extract, or say that the extra is missing."""
    if not network_available():
        st.warning(
            "Street networks need an extra that is not installed here: `pip install 'hubreach[network]'`. Straight "
            "lines are used.",
            icon=":material/warning:",
        )
        return TravelInForce(settings)
    st.file_uploader(
        "OpenStreetMap extract (.osm.pbf)",
        key="streets-upload",
        on_change=_take_streets,
        args=(place.slug,),
        max_upload_size=LARGEST_EXTRACT_MB,
        help="Of the place and 2 km around it; download one from an OpenStreetMap mirror. It is kept in your data folder.",
    )
    _show_fault(place.slug)
    names = kept_extracts(place.slug)
    if not names:
        st.info("No extract is kept for this place: straight lines are used.", icon=":material/info:")
        return TravelInForce(settings)
    if st.session_state.get(state.STREETS) not in (None, *names):
        st.session_state[state.STREETS] = names[0]
    name = st.selectbox(
        "Streets of", names, key=state.STREETS, bind="query-params", help="Extracts that are kept."
    )
    return TravelInForce(settings, "streets", name)


def _take_streets(place_slug: str) -> None:
    file = st.session_state["streets-upload"]
    if file is None:
        return
    try:
        st.session_state[state.STREETS] = keep_extract(place_slug, file.name, file.getvalue())
        st.session_state.pop(FAULT, None)
    except HubreachError as error:
        st.session_state[FAULT] = (place_slug, error)


def _show_fault(place_slug: str) -> bool:
    """What was wrong with the last upload for this place, if anything."""
    slug, error = st.session_state.get(FAULT, ("", None))
    if slug != place_slug or error is None:
        return False
    show_error(error)
    return True
