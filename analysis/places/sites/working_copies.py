"""Working copies: changes to the sites of a place that several people can have open at once.

A working copy is a history of changes with an id, one file each. Whoever starts to change sites gets a
copy of their own, so two people never meet in one file unless one sends the other the link. Then both
work on the same copy, and a change that was made on an older state than the kept one is refused, so that
nobody's change is lost without their knowing.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.places.sites.edit_files import (
    COPY_ID,
    history_from_json,
    history_path,
    history_to_json,
    load_history,
    save_history,
)
from analysis.places.sites.edits import SiteHistory

ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ID_LENGTH = 10
# One file is read, changed and written by one thread of a server at a time.
_lock = threading.Lock()


@dataclass(frozen=True)
class WorkingCopy:
    """A history as it was read, and the mark of that state.

    Parameters
    ----------
    history : SiteHistory
    revision : str
        Changes whenever the history does.
    """

    history: SiteHistory
    revision: str


def new_copy_id() -> str:
    """Make an id that nobody guesses: ten of the letters and digits that are not mistaken for others."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


def read_copy(place_slug: str, copy: str) -> WorkingCopy:
    """Read a working copy; without any changes where it has none for this place.

    Raises
    ------
    HubreachError
        If the id is none, or its file cannot be read.
    """
    history = load_history(place_slug, copy) if copy else SiteHistory()
    return WorkingCopy(history, revision_of(history))


def revision_of(history: SiteHistory) -> str:
    """Mark of a state: the same for the same history only."""
    return hashlib.sha256(history_to_json(history).encode()).hexdigest()[:16]


def change_copy(
    place_slug: str, copy: str, change: Callable[[SiteHistory], SiteHistory], *, seen: str
) -> WorkingCopy:
    """Change a working copy, if it still is as it was seen.

    Parameters
    ----------
    place_slug, copy : str
    change : callable
        Gives the new history from the kept one.
    seen : str
        Revision that the change was made on.

    Raises
    ------
    HubreachError
        If somebody changed the copy in between (nothing is then written), or it cannot be written.
    """
    with _lock:
        kept = read_copy(place_slug, copy)
        if kept.revision != seen:
            found = "somebody with the same link changed the sites in the meantime"
            remedy = "Look at the sites as they are now, then make your change again"
            fault = Fault("changes to sites", None, None, found, remedy)
            raise HubreachError("Your change was not made.", [fault])
        history = change(kept.history)
        save_history(history, place_slug, copy)
    return WorkingCopy(history, revision_of(history))


def list_copies(place_slug: str) -> pd.DataFrame:
    """Working copies of a place, the latest first.

    Returns
    -------
    DataFrame
        Index `copy`; `changed` (UTC), `changes` (number of changes in force). Files that are not
        histories are left out.
    """
    rows = {}
    folder = history_path(place_slug, "none").parent
    for path in folder.glob("*.json"):
        if not COPY_ID.fullmatch(path.stem):
            continue
        try:
            history = history_from_json(path.read_text("utf-8"))
        except (HubreachError, OSError, UnicodeDecodeError):
            continue
        rows[path.stem] = {
            "changed": pd.Timestamp(path.stat().st_mtime, unit="s", tz="UTC"),
            "changes": len(history.done),
        }
    if not rows:
        return pd.DataFrame({"changed": [], "changes": []}, index=pd.Index([], name="copy", dtype="str"))
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("copy")
    return table.sort_values("changed", ascending=False)
