"""A history of changes to sites as text and as a file in the user's data folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from analysis.places.edits import ACTIONS, ALLOWED, Action, SiteEdit, SiteHistory
from analysis.places.faults import Fault, FaultList, HubreachError
from analysis.places.folders import place_user_folder
from analysis.places.site_values import checked_values
from analysis.places.writing import write_whole

FORMAT = 1


def history_path(place_slug: str) -> Path:
    """Where a place's changes are kept: `places/<place>/site_changes.json` in the user's data folder."""
    return place_user_folder(place_slug) / "site_changes.json"


def save_history(history: SiteHistory, place_slug: str) -> Path:
    """Keep a history, whole or not at all.

    Raises
    ------
    HubreachError
        If the folder cannot be written to.
    """
    return write_whole(
        history_path(place_slug), history_to_json(history), "The changes to sites were not saved."
    )


def load_history(place_slug: str) -> SiteHistory:
    """Read the history that was kept; an empty one where there is none.

    Raises
    ------
    HubreachError
        If the file is not a history of changes.
    """
    path = history_path(place_slug)
    return history_from_json(path.read_text("utf-8")) if path.is_file() else SiteHistory()


def history_to_json(history: SiteHistory) -> str:
    """Write a history as text, to keep in a file; unknown numbers become null."""

    def packed(edit: SiteEdit) -> dict[str, Any]:
        unknown = {
            key: None if isinstance(value, float) and np.isnan(value) else value
            for key, value in edit.values.items()
        }
        return {"action": edit.action, "site_id": edit.site_id, "values": unknown}

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
    return SiteEdit(known, str(item["site_id"]), checked_values(dict(item["values"]), ALLOWED[known]))
