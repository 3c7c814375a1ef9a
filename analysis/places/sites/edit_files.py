"""A history of changes to sites as text and as a file in the user's data folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.folders import place_user_folder
from analysis.base.writing import write_whole
from analysis.places.sites.edits import ACTIONS, ALLOWED, Action, SiteEdit, SiteHistory
from analysis.places.sites.values import checked_values

FORMAT = 1
COPY_ID = re.compile(r"[a-z0-9]{4,32}")


def history_path(place_slug: str, copy: str = "") -> Path:
    """Where changes to a place's sites are kept, in the user's data folder.

    Parameters
    ----------
    place_slug : str
    copy : str
        Id of a working copy (see `analysis.places.sites.working_copies`); "" is the only one of a notebook.

    Raises
    ------
    HubreachError
        If the id is not of the form of one: small letters and digits.
    """
    folder = place_user_folder(place_slug)
    if not copy:
        return folder / "site_changes.json"
    if not COPY_ID.fullmatch(copy):
        fault = Fault("working copy", None, None, f"{copy!r:.40} is not an id of one", "Check the link")
        raise HubreachError("There are no such changes to sites.", [fault])
    return folder / "site_changes" / f"{copy}.json"


def save_history(history: SiteHistory, place_slug: str, copy: str = "") -> Path:
    """Keep a history, whole or not at all.

    Raises
    ------
    HubreachError
        If the folder cannot be written to.
    """
    return write_whole(
        history_path(place_slug, copy), history_to_json(history), "The changes to sites were not saved."
    )


def load_history(place_slug: str, copy: str = "") -> SiteHistory:
    """Read the history that was kept; an empty one where there is none.

    Raises
    ------
    HubreachError
        If the file is not a history of changes.
    """
    path = history_path(place_slug, copy)
    return history_from_json(path.read_text("utf-8")) if path.is_file() else SiteHistory()


def history_to_json(history: SiteHistory) -> str:
    """Write a history as text, to keep in a file; unknown numbers become null."""

    def packed(edit: SiteEdit) -> dict[str, Any]:
        unknown = {
            key: None if isinstance(value, float) and np.isnan(value) else value
            for key, value in edit.values.items()
        }
        return {"action": edit.action, "site_id": edit.site_id, "step": edit.step, "values": unknown}

    body = {"format": FORMAT, "done": [*map(packed, history.done)], "undone": [*map(packed, history.undone)]}
    return json.dumps(body, ensure_ascii=False, indent=1)


def history_from_json(text: str) -> SiteHistory:
    """Read a history that `history_to_json` wrote.

    Raises
    ------
    HubreachError
        If it is not one, or a change in it could not have been made.
    """
    faults = FaultList("changes to sites")
    try:
        body = json.loads(text)
        lists = [[_unpacked(item) for item in body[key]] for key in ("done", "undone")]
    except HubreachError as error:
        faults.extend(error.faults)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        faults.add(f"not a history of changes ({error!s:.80})", "Load a file that was saved here")
    faults.raise_if_any("The changes to sites cannot be read.")
    return SiteHistory(tuple(lists[0]), tuple(lists[1]))


def _unpacked(item: Mapping[str, Any]) -> SiteEdit:
    action = item["action"]
    if action not in ACTIONS:
        fault = Fault(
            "changes to sites", None, "action", f"{action!r:.40} is not known", "Load a file saved here"
        )
        raise HubreachError("A change cannot be read.", [fault])
    known = cast("Action", action)
    values = checked_values(dict(item["values"]), ALLOWED[known])
    return SiteEdit(known, str(item["site_id"]), values, int(item.get("step", 0)))
