"""Changes to sites: how they are made, and what the sites are after a history of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, Literal, get_args

import pandas as pd
from pydantic import Field, ValidationInfo, field_validator, model_validator

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.history import History
from analysis.base.records import Record
from analysis.places.place import Place
from analysis.places.sites.duplicates import former_ids
from analysis.places.sites.register import SITE_COLUMNS, new_site_id, within_bounds
from analysis.places.sites.values import (
    Value,
    changed_values,
    checked_values,
    located_values,
    rows_of_sites,
    sites_of_rows,
)

Action = Literal["open", "close", "add", "move", "rename", "rekind", "change"]
ACTIONS: tuple[Action, ...] = get_args(Action)
VALUE_ACTIONS: tuple[Action, ...] = ("rename", "rekind", "move", "change")
POSITION = frozenset({"easting", "northing", "lon", "lat", "postcode"})
ALLOWED: dict[Action, frozenset[str]] = {
    "open": frozenset(),
    "close": frozenset(),
    "add": frozenset(SITE_COLUMNS),
    "move": POSITION,
    "rename": frozenset({"name"}),
    "rekind": frozenset({"kind"}),
    "change": frozenset(SITE_COLUMNS) - POSITION - {"name", "kind", "is_open", "labels"},
}


class SiteEdit(Record):
    """One change to one site.

    Parameters
    ----------
    action : {"open", "close", "add", "move", "rename", "rekind", "change"}
        What is done.
    site_id : str
        To which site; of an added one, its new id.
    values : dict of str to str, float or bool
        Columns of the sites frame that it sets; unknown numbers are NaN.
    """

    action: Action
    site_id: str
    values: dict[str, Any] = Field(default_factory=dict)

    @field_validator("values")
    @classmethod
    def _can_be_set(cls, values: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        return {**checked_values(values, ALLOWED[info.data["action"]])} if "action" in info.data else values


class SiteHistory(History[tuple[SiteEdit, ...]]):
    """What has been done to the sites: a step is the changes that were made at once."""

    @model_validator(mode="before")
    @classmethod
    def _in_steps(cls, given: Any) -> Any:
        """Histories were once kept as single changes, each with the number of its step."""
        if not isinstance(given, dict) or "format" not in given:
            return given
        done, undone = (_steps(given.get(key)) for key in ("done", "undone"))
        return {"done": done, "undone": [step[::-1] for step in undone]}

    @property
    def edits(self) -> tuple[SiteEdit, ...]:
        """Every change in force, oldest first."""
        return tuple(chain.from_iterable(self.done))

    @property
    def in_force(self) -> str:
        """What is done, as text: the same where the sites are."""
        return SiteHistory(done=self.done).text


def _steps(edits: Any) -> list[list[dict[str, Any]]]:
    """Single changes by step; those with number 0 stand alone."""
    steps: list[list[dict[str, Any]]] = []
    last: object = 0
    for edit in edits if isinstance(edits, list) else ():
        values = dict(edit) if isinstance(edit, dict) else {}
        number = values.pop("step", 0)
        if number and number == last:
            steps[-1].append(values)
        else:
            steps.append([values])
        last = number
    return steps


def site_edit(action: Action, site_id: str, values: Mapping[str, Any] | None = None) -> SiteEdit:
    """Make a change of checked values.

    Raises
    ------
    HubreachError
        If a value cannot be used.
    """
    return SiteEdit(action=action, site_id=site_id, values=checked_values(values or {}, ALLOWED[action]))


def open_site(site_id: str) -> SiteEdit:
    """Open a site."""
    return site_edit("open", site_id)


def close_site(site_id: str) -> SiteEdit:
    """Close a site; it stays in the table."""
    return site_edit("close", site_id)


def rename_site(site_id: str, name: str) -> SiteEdit:
    """Give a site another name."""
    return site_edit("rename", site_id, {"name": name})


def rekind_site(site_id: str, kind: str) -> SiteEdit:
    """Give a site another kind."""
    return site_edit("rekind", site_id, {"kind": kind})


def change_site(site_id: str, values: Mapping[str, Any]) -> SiteEdit:
    """Set services, ages, hours, capacity, cost, condition, ownership or stage."""
    return site_edit("change", site_id, values)


def move_site(site_id: str, **position: Any) -> SiteEdit:
    """Move a site to `postcode=`, `easting=` and `northing=`, or `lon=` and `lat=`."""
    checked = located_values(checked_values(position, ALLOWED["move"]))
    # an old postcode would now name the wrong place
    return site_edit("move", site_id, {"postcode": "", **checked})


def add_site(sites: pd.DataFrame, name: str, kind: str, **values: Any) -> SiteEdit:
    """Add a site at a postcode, an easting and northing, or a longitude and latitude.

    Parameters
    ----------
    sites : DataFrame
        The sites as they are, for an id that none of them has.
    name, kind : str
        What it is called and what it is.
    **values
        Its position, and any other column of the sites frame. It starts open and proposed.

    Raises
    ------
    HubreachError
        If a value cannot be used or the position is missing or unknown.
    """
    given = {"is_open": True, "stage": "proposed", "name": name, "kind": kind, **values}
    checked = located_values(checked_values(given))
    site_id = new_site_id(str(checked["name"]), set(sites.index), str(checked.get("postcode", "")))
    return site_edit("add", site_id, checked)


def check_near(edit: SiteEdit, place: Place) -> SiteEdit:
    """The edit, if where it puts a site is in the place or no more than 20 km outside, as for a file of sites.

    Raises
    ------
    HubreachError
    """
    if "easting" not in edit.values:
        return edit
    position = [float(edit.values[axis]) for axis in ("easting", "northing")]
    east, north = (pd.Series([metres]) for metres in position)
    west, south, most_east, most_north = (float(edge) for edge in place.boundaries.total_bounds)
    if not within_bounds(east, north, (west, south, most_east, most_north)).all():
        found = f"{position[0]:,.0f} E, {position[1]:,.0f} N is over 20 km outside {place.name}"
        fault = Fault("site", None, "easting", found, "Check the easting and northing, in metres")
        raise HubreachError("The site has no usable position.", [fault])
    return edit


def apply_edits(sites: pd.DataFrame, history: SiteHistory) -> pd.DataFrame:
    """Work out the sites after every step in `history.done`.

    Parameters
    ----------
    sites : DataFrame
        As the place has them.
    history : SiteHistory
        What was done; what was undone takes no part.

    Returns
    -------
    DataFrame
        A new sites frame; added sites come last.

    Raises
    ------
    HubreachError
        If a change is to a site that is not there, or adds one that is: the history belongs to other sites.
    """
    rows = rows_of_sites(sites)
    former = former_ids(sites)
    faults = FaultList("changes to sites")
    for number, made in enumerate(history.edits, start=1):
        renamed = {} if made.action == "add" else former
        edit = made.model_copy(update={"site_id": renamed.get(made.site_id, made.site_id)})
        if (edit.site_id in rows) == (edit.action == "add"):
            found = "is there already" if edit.action == "add" else "is not among the sites"
            remedy = "Undo this change, or load the sites that it was made for"
            faults.add(f"change {number} ({edit.action}): {edit.site_id!r:.60} {found}", remedy)
            continue
        if edit.action == "add":
            rows[edit.site_id] = dict(edit.values)
        elif edit.action in ("open", "close"):
            rows[edit.site_id]["is_open"] = edit.action == "open"
        else:
            rows[edit.site_id].update(edit.values)
    faults.raise_if_any("These changes do not fit the sites.")
    return sites_of_rows(rows)


def edits_between(before: pd.DataFrame, after: pd.DataFrame) -> tuple[SiteEdit, ...]:
    """The changes that lead from one state of the sites to another, as an edited table gives them.

    A site that is gone from `after` is closed, not forgotten. Rows whose id is new are added.

    Raises
    ------
    HubreachError
        If a value in `after` cannot be used.
    """
    old, new = rows_of_sites(before), rows_of_sites(after)
    edits: list[SiteEdit] = []
    for site_id, values in new.items():
        if site_id not in old:
            edits.append(site_edit("add", site_id, located_values(checked_values(values))))
            continue
        changes = changed_values(old[site_id], values)
        for action in VALUE_ACTIONS:
            part = {column: value for column, value in changes.items() if column in ALLOWED[action]}
            if action == "move" and part:
                edits.append(move_site(site_id, **_new_position(part, values)))
            elif part:
                edits.append(site_edit(action, site_id, part))
        if "is_open" in changes:
            edits.append(open_site(site_id) if changes["is_open"] else close_site(site_id))
    edits += [close_site(site_id) for site_id in old if site_id not in new and old[site_id]["is_open"]]
    return tuple(edits)


def _new_position(changed: Mapping[str, Value], values: Mapping[str, Value]) -> dict[str, Value]:
    """Say where a row of an edited table now is: by the grid, by degrees, or by its postcode."""
    for pair in (("easting", "northing"), ("lon", "lat")):
        if changed.keys() & set(pair):
            postcode = {"postcode": changed["postcode"]} if "postcode" in changed else {}
            return {column: values[column] for column in pair} | postcode
    return {"postcode": changed["postcode"]}
