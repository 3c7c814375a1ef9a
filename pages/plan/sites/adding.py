"""Add sites: at an area clicked on the map, at a postcode, by easting and northing, or from a list."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.intake.files.mappings import MEANINGS, Answers
from analysis.intake.files.uploads import UploadFolder
from analysis.intake.own.sites import edits_of_table
from analysis.places.place import Place
from analysis.places.sites.edits import SiteEdit, add_site, check_near
from analysis.places.sites.values import position_given
from analysis.reach.selection import site_kinds
from pages.shared import state
from pages.shared.address import keep_param, kept_param
from pages.shared.context import PageContext
from pages.shared.file_answers import file_answers, unknown_kinds
from pages.shared.lasting import lasting
from pages.shared.layout import plain_markdown
from pages.shared.short_keys import GIVEN, note_unread
from pages.shared.sites_in_force import FAULT, SitesInForce, record_edits

UPLOADS = "hubreach_uploads"
REFUSED, NOTES = "hubreach_sites_refused", "hubreach_sites_notes"
# What the form's fields go back to once a site was added; after a fault they keep what was typed.
BLANK: dict[str, str | None] = {
    "add-name": "",
    "add-postcode": "",
    "add-easting": None,
    "add-northing": None,
}


def place_at(code: str | None) -> None:
    """Take a clicked area as where the next site goes (from a callback)."""
    keep_param(state.PLACE_AT, code or "")
    if code is not None:
        st.session_state[state.SITE] = None


def chosen_area(place: Place) -> str | None:
    """Code of the small area at which the next site goes: clicked on the map, or named by the address."""
    code = kept_param(state.PLACE_AT)
    if not code or code in place.areas.index:
        return code or None
    # One that was selected in another place is dropped; one that a link names is told.
    if st.session_state.get(GIVEN, {}).get(state.PLACE_AT) == code:
        note_unread(state.PLACE_AT, [code])
    keep_param(state.PLACE_AT, "")
    return None


def show(now: PageContext, force: SitesInForce) -> None:
    """The form, and the upload under it."""
    area = chosen_area(now.place)
    kinds = list(dict.fromkeys([*(kind.name for kind in now.place.kinds), *site_kinds(force.sites)]))
    with st.container(border=True, key="add-site"):
        st.markdown("**Add a site**")
        if area is None:
            st.caption("Click an area on the map, or give a postcode or a grid reference.")
        else:
            row = now.place.areas.loc[area]
            where = plain_markdown(f"{row['area_name']} ({row['ward_name']})")
            st.caption(
                f":material/location_on: At the centre of **{where}**, selected on the map; a postcode goes first."
            )
        with st.form("add-form", border=False, clear_on_submit=False):
            left, right = st.columns(2)
            left.text_input("Name", key="add-name", max_chars=200, placeholder="Such as Library outreach")
            right.selectbox(
                "Kind",
                kinds,
                _first_outreach(kinds),
                key="add-kind",
                accept_new_options=True,
                help="Choose or type one.",
            )
            one, two, three = st.columns(3)
            one.text_input("Postcode", key="add-postcode", max_chars=10)
            two.number_input("Easting (m)", 0.0, 700_000.0, None, 1.0, format="%.0f", key="add-easting")
            three.number_input("Northing (m)", 0.0, 1_300_000.0, None, 1.0, format="%.0f", key="add-northing")
            st.form_submit_button(
                "Add",
                icon=":material/add_location_alt:",
                key="add-button",
                on_click=_add,
                args=(now, force, area),
            )
        told = bool(st.session_state.get(NOTES) or st.session_state.get(REFUSED))
        with st.expander("Or from a list of sites", expanded=told):
            _upload(now, force)


def _first_outreach(kinds: list[str]) -> int:
    return kinds.index("outreach") if "outreach" in kinds else 0


def _add(now: PageContext, force: SitesInForce, area: str | None) -> None:
    given = {field: st.session_state[field] for field in BLANK | {"add-kind": ""}}

    def made() -> tuple[SiteEdit, ...]:
        position = position_given(given["add-postcode"], given["add-easting"], given["add-northing"])
        if not position and area is not None:
            areas = now.place.areas
            position = {axis: float(areas[axis][area]) for axis in ("easting", "northing")}
        added = add_site(force.sites, given["add-name"], given["add-kind"] or "", **position)
        return (check_near(added, now.place),)

    if record_edits(now.place.slug, made):
        keep_param(state.PLACE_AT, "")
        st.session_state.update(BLANK)


def _upload(now: PageContext, force: SitesInForce) -> None:
    for note in st.session_state.pop(NOTES, []):
        st.info(plain_markdown(note), icon=":material/info:")
    key = f"sites-upload-{st.session_state.get(UPLOADS, 0)}"
    unknown_kinds("sites-upload-unknown")
    st.file_uploader(
        "List of sites (CSV, Excel, GeoJSON, GeoPackage)",
        type=["csv", "txt", "xlsx", "zip", "geojson", "json", "gpkg"],
        key=key,
        on_change=_receive,
        args=(now, force, key),
        help="At least a name and a position (postcode, easting and northing, or lon and lat). A row whose site_id is "
        "here already changes that site; others are added. The table's own download can be changed and brought back.",
    )
    refused = st.session_state.get(REFUSED)
    if refused is not None:
        said = file_answers("sites-upload", refused[1], MEANINGS["sites"], is_open=True)
        st.button(
            "Bring it in with these columns",
            on_click=_take,
            args=(now, force, *refused, said),
            key="sites-upload-again",
        )


def _receive(now: PageContext, force: SitesInForce, key: str) -> None:
    file = st.session_state[key]
    if file is not None:
        folder = UploadFolder()
        _take(now, force, folder, folder.keep(file.name, file.getvalue()), Answers())
        st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1


def _take(now: PageContext, force: SitesInForce, folder: UploadFolder, path: Path, said: Answers) -> None:
    """Make what a list says of the sites; one that is refused is kept, so that its columns can be told."""
    held, unknown, notes = lasting(), st.session_state["sites-upload-unknown"], list[str]()

    def made() -> tuple[SiteEdit, ...]:
        edits, told = edits_of_table(path, now.place, force.sites, said, unknown)
        notes.extend(told)
        return edits

    changed = record_edits(now.place.slug, made)
    st.session_state[REFUSED] = (folder, path) if not changed and FAULT in held else None
    st.session_state[NOTES] = notes if changed else []
    if not changed and FAULT not in held:
        held[FAULT] = HubreachError(f"{path.name} says what the sites already are: nothing changed.")
