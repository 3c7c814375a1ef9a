"""One way to undo: what was done and what was taken back, as a value, as text, and in a working copy.

Whatever people change step by step (sites, options, drafts of a contract) keeps a `History` of its steps. A
step is either an edit, from which its user works out the state, or a `Change`, which holds the state before
and after. A working copy is an id under which somebody's histories are kept, one file each, so a reload, another
page and a link find them. Two people meet in one copy only by a link; a change that was made on an older state
than the kept one is refused, so that nobody's change is lost without their knowing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, get_args

from pydantic import ConfigDict

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import place_user_folder
from analysis.base.records import Record, parse_json_record, read_text
from analysis.base.writing import write_whole

Step = TypeVar("Step")
State = TypeVar("State")
HistoryType = TypeVar("HistoryType", bound="History[Any]")

COPY_ID = re.compile(r"[a-z0-9]{4,32}")
ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ID_LENGTH = 10
MOST_STATES = 100
HEADLINE = "The changes cannot be read."
# One file is read, changed and written by one thread of a server at a time.
_lock = threading.Lock()


class Change(Record, Generic[State]):
    """A step that holds what there was and what there is, and says in words what was done."""

    model_config = ConfigDict(str_strip_whitespace=False)

    before: State
    after: State
    words: str = ""


class History(Record, Generic[Step]):
    """Steps that were done, oldest first, and those taken back, the next to be done again last.

    Nothing is changed in place: every method gives a new history.
    """

    model_config = ConfigDict(str_strip_whitespace=False)

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()

    def record(self, step: Step) -> Self:
        """Add a step; what had been taken back can no longer be done again."""
        return self._with((*self.done, step), ())

    def undo(self) -> Self:
        """Take the last step back; without one, the history as it is."""
        return self._with(self.done[:-1], (*self.undone, *self.done[-1:]))

    def redo(self) -> Self:
        """Do the last step again that was taken back; without one, the history as it is."""
        return self._with((*self.done, *self.undone[-1:]), self.undone[:-1])

    def back_to_start(self) -> Self:
        """Take every step back; each can be done again."""
        return self._with((), (*self.undone, *reversed(self.done)))

    @property
    def text(self) -> str:
        """The history as JSON, which `read_history` reads."""
        return self.model_dump_json(indent=1, exclude_defaults=True)

    @property
    def revision(self) -> str:
        """Mark of this state: the same for the same history only."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def _with(self, done: tuple[Step, ...], undone: tuple[Step, ...]) -> Self:
        return self.model_copy(update={"done": done, "undone": undone})


class States(History[Change[State]], Generic[State]):
    """A history of changes that hold their states; the oldest go once there are very many.

    >>> history = States[str]().changed("a", "b").changed("b", "c")
    >>> history.latest("a"), history.undo().latest("a"), history.back_to_start().latest("z")
    ('c', 'b', 'a')
    """

    def changed(self, before: State, after: State, words: str = "") -> Self:
        """Add a change from one state to another."""
        # The kind of change whose states are checked and written as this history's are.
        kind = get_args(type(self).model_fields["done"].annotation)[0]
        longer = self.record(kind(before=before, after=after, words=words))
        return longer._with(longer.done[-MOST_STATES:], ())

    def latest(self, start: State) -> State:
        """The state after the changes in force; `start` where nothing was ever changed."""
        if self.done:
            return self.done[-1].after
        return self.undone[-1].before if self.undone else start


def new_copy_id() -> str:
    """Make an id of a working copy that nobody guesses: letters and digits that are not mistaken for others."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


def copy_path(place_slug: str, subject: str, copy: str, part: str = "") -> Path:
    """File of one history in a working copy, in the user's data folder.

    Parameters
    ----------
    place_slug : str
    subject : str
        What is changed: "site", "option", "contract".
    copy : str
        Id of the working copy.
    part : str
        Which one of several of the subject; "" where there is one a place.

    Raises
    ------
    HubreachError
        If the id is not of the form of one: small letters and digits.
    """
    if not COPY_ID.fullmatch(copy):
        fault = Fault("working copy", None, None, f"{copy!r:.40} is not an id of one", "Check the link")
        raise HubreachError("There are no such changes.", [fault])
    return place_user_folder(place_slug) / f"{subject}_changes" / f"{copy}{f'.{part}' if part else ''}.json"


def kept_copies(place_slug: str, subject: str) -> dict[str, Path]:
    """Working copies in which something of a subject was changed, the latest first."""
    files = place_user_folder(place_slug).glob(f"{subject}_changes/*.json")
    known = [path for path in files if COPY_ID.fullmatch(path.stem) and path.is_file()]
    return {path.stem: path for path in sorted(known, key=lambda path: -path.stat().st_mtime_ns)}


def kept_parts(place_slug: str, subject: str, copy: str) -> list[str]:
    """What of a subject was changed in one working copy: the parts of `copy_path`, in order."""
    files = place_user_folder(place_slug).glob(f"{subject}_changes/{copy}.*.json") if copy else ()
    return sorted(path.stem.partition(".")[2] for path in files)


def rename_part(path: Path, new: Path) -> None:
    """Give a history the path of another part; without one there is nothing to do.

    Raises
    ------
    HubreachError
        If it cannot be moved; it then stands where it was.
    """
    try:
        if path.exists():
            path.replace(new)
    except OSError as error:
        found = f"it cannot be moved ({error.strerror or error})"
        fault = Fault(path.name, None, None, found, "Check the folder named in HUBREACH_DATA_DIR")
        raise HubreachError("The changes were not kept.", [fault]) from error


def parse_history(text: str, kind: type[HistoryType], *, file: str = "changes") -> HistoryType:
    """Read a history from its text.

    Raises
    ------
    HubreachError
        If it is not one, or a step in it could not have been made.
    """
    return parse_json_record(text, kind, file=file, headline=HEADLINE)


def read_history(path: Path, kind: type[HistoryType]) -> HistoryType:
    """Read a history that was kept; an empty one where there is none.

    Raises
    ------
    HubreachError
        As `parse_history`, or if its file cannot be read.
    """
    return parse_history(read_text(path, HEADLINE), kind, file=path.name) if path.exists() else kind()


def change_history(
    path: Path, kind: type[HistoryType], change: Callable[[HistoryType], HistoryType], *, seen: str
) -> HistoryType:
    """Change a history that is kept, if it still is as it was seen.

    Parameters
    ----------
    path : Path
        `copy_path`.
    kind : type of History
    change : callable
        Gives the new history from the kept one. What else it does is done once, before it is kept.
    seen : str
        Revision that the change was made on.

    Raises
    ------
    HubreachError
        If somebody changed it in between (nothing is then written), or it cannot be written.
    """
    with _lock:
        kept = read_history(path, kind)
        if kept.revision != seen:
            found = "somebody with the same link made a change in the meantime"
            remedy = "Look at how it stands now, then make your change again"
            raise HubreachError("Your change was not made.", [Fault("changes", None, None, found, remedy)])
        history = change(kept)
        if history != kept:
            write_whole(path, history.text, "The change was not kept.")
    return history
