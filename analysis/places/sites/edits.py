"""Changes to sites as a history: apply, undo, redo. Nothing is changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from types import MappingProxyType
from typing import Any, Literal, get_args

import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.places.place import Place
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


@dataclass(frozen=True)
class SiteEdit:
    """One change to one site.

    Parameters
    ----------
    action : {"open", "close", "add", "move", "rename", "rekind", "change"}
        What is done.
    site_id : str
        To which site; of an added one, its new id.
    values : mapping of str to str, float or bool
        Columns of the sites frame that it sets; unknown numbers are NaN.
    step : int
        Changes with the same number were made at once and are undone at once; 0 stands alone.
    """

    action: Action
    site_id: str
    values: Mapping[str, Value] = field(default_factory=dict)
    step: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


@dataclass(frozen=True)
class SiteHistory:
    """What has been done to the sites, oldest first, and what was undone and can be done again."""

    done: tuple[SiteEdit, ...] = ()
    undone: tuple[SiteEdit, ...] = ()


def record(history: SiteHistory, *edits: SiteEdit) -> SiteHistory:
    """Add changes as one step; what had been undone before can no longer be done again."""
    if not edits:
        return history
    step = max((edit.step for edit in history.done), default=0) + 1
    return SiteHistory((*history.done, *(replace(edit, step=step) for edit in edits)))


def undo(history: SiteHistory) -> SiteHistory:
    """Take the last step back; without one, the history as it is."""
    kept = len(history.done) - _last_step(history.done)
    return SiteHistory(history.done[:kept], (*history.undone, *reversed(history.done[kept:])))


def redo(history: SiteHistory) -> SiteHistory:
    """Do the last undone step again; without one, the history as it is."""
    kept = len(history.undone) - _last_step(history.undone)
    return SiteHistory((*history.done, *reversed(history.undone[kept:])), history.undone[:kept])


def _last_step(edits: tuple[SiteEdit, ...]) -> int:
    """Number of changes at the end that were made at once."""
    if not edits or edits[-1].step == 0:
        return min(1, len(edits))
    return sum(1 for _ in takewhile(lambda edit: edit.step == edits[-1].step, reversed(edits)))


def open_site(site_id: str) -> SiteEdit:
    """Open a site."""
    return SiteEdit("open", site_id)


def close_site(site_id: str) -> SiteEdit:
    """Close a site; it stays in the table."""
    return SiteEdit("close", site_id)


def rename_site(site_id: str, name: str) -> SiteEdit:
    """Give a site another name."""
    return SiteEdit("rename", site_id, checked_values({"name": name}))


def rekind_site(site_id: str, kind: str) -> SiteEdit:
    """Give a site another kind."""
    return SiteEdit("rekind", site_id, checked_values({"kind": kind}))


def change_site(site_id: str, values: Mapping[str, Any]) -> SiteEdit:
    """Set services, ages, hours, capacity, cost, condition, ownership or stage."""
    return SiteEdit("change", site_id, checked_values(values, ALLOWED["change"]))


def move_site(site_id: str, **position: Any) -> SiteEdit:
    """Move a site to `postcode=`, `easting=` and `northing=`, or `lon=` and `lat=`."""
    checked = located_values(checked_values(position, ALLOWED["move"]))
    # an old postcode would now name the wrong place
    return SiteEdit("move", site_id, {"postcode": "", **checked})


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
    return SiteEdit("add", site_id, checked)


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
    """Work out the sites after everything in `history.done`.

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
    faults = FaultList("changes to sites")
    for number, edit in enumerate(history.done, start=1):
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
            edits.append(SiteEdit("add", site_id, located_values(checked_values(values))))
            continue
        changes = changed_values(old[site_id], values)
        for action in VALUE_ACTIONS:
            part = {column: value for column, value in changes.items() if column in ALLOWED[action]}
            if action == "move" and part:
                edits.append(move_site(site_id, **_new_position(part, values)))
            elif part:
                edits.append(SiteEdit(action, site_id, checked_values(part, ALLOWED[action])))
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
