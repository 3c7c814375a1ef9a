"""One undo on every page: the histories of a working copy whose id is in the address, and their row of buttons.

Whoever makes a first change gets a copy of their own; a reload, another page and a link find it by its id
(`analysis.base.history`). What people look at (`changes=`) and what they are drafting (`drafts=`) are two
copies, so that going back to today's sites leaves a draft of a contract where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.history import (
    History,
    change_history,
    copy_path,
    new_copy_id,
    read_history,
    rename_part,
)
from pages.shared import state
from pages.shared.address import hold_param, kept_param
from pages.shared.lasting import lasting
from pages.shared.layout import show_error

H = TypeVar("H", bound=History[Any])


@dataclass(frozen=True)
class KeptHistory(Generic[H]):
    """One history of the working copy in the address.

    Parameters
    ----------
    place, subject, part
        As `analysis.base.history.copy_path` has them.
    kind : type of History
    address : str
        Query parameter with the id of the copy.
    """

    place: str
    subject: str
    kind: type[H]
    part: str = ""
    address: str = state.DRAFTS

    @property
    def name(self) -> str:
        """Start of the keys of its widgets, and of what the session holds of it."""
        return "-".join(filter(None, (self.subject, self.place, self.part)))

    @property
    def fault(self) -> str:
        """Key under which `lasting` holds why the last change was not made."""
        return f"hubreach_fault_{self.subject}"

    def read(self) -> H:
        """The history as it is kept, which the next change is then made on (in a run).

        Raises
        ------
        HubreachError
            If it cannot be read.
        """
        copy = kept_param(self.address)
        history = read_history(self._path(copy), self.kind) if copy else self.kind()
        lasting()[self._seen] = copy, history.revision
        return history

    def change(self, change: Callable[[H], H]) -> bool:
        """Change it, in a copy that is started where there is none; if that fails, `tell_fault` says why.

        `change` must not touch the session: a run that is stopped in it would lose what was entered.

        Returns
        -------
        bool
            Whether it was changed.
        """
        held, current = lasting(), kept_param(self.address)
        copy = current or new_copy_id()
        at, revision = held.get(self._seen) or (current, "")
        seen = revision if at == current and revision else self.kind().revision
        try:
            history = change_history(self._path(copy), self.kind, change, seen=seen)
        except HubreachError as error:
            held[self.fault] = error
            return False
        if history.revision == seen:
            return False
        held[self._seen] = copy, history.revision
        hold_param(held, self.address, copy)
        return True

    def renamed(self, part: str) -> KeptHistory[H]:
        """The same history under the name of another part.

        Raises
        ------
        HubreachError
        """
        other, copy = replace(self, part=part), kept_param(self.address)
        if copy:
            rename_part(self._path(copy), other._path(copy))
            lasting()[other._seen] = lasting().get(self._seen)
        return other

    def tell_fault(self) -> None:
        """Show why the last change was not made, once."""
        fault = lasting().pop(self.fault, None)
        if fault is not None:
            show_error(fault)

    @property
    def _seen(self) -> str:
        return f"hubreach_seen_{self.name}"

    def _path(self, copy: str) -> Path:
        return copy_path(self.place, self.subject, copy, self.part)


def history_buttons(name: str, history: H, change: Callable[[Callable[[H], H]], object]) -> None:
    """Undo, redo, back to start: the same three buttons wherever something can be undone.

    Parameters
    ----------
    name : str
        Start of their keys.
    history : History
    change : callable
        Makes the history another one, such as `KeptHistory.change`.
    """
    moves: tuple[tuple[str, str, str, Callable[[H], H], bool, str], ...] = (
        ("undo", "Undo", "undo", History.undo, bool(history.done), "Take the last change back"),
        (
            "redo",
            "Redo",
            "redo",
            History.redo,
            bool(history.undone),
            "Make the change again that was taken back",
        ),
        (
            "start",
            "Back to start",
            "restart_alt",
            History.back_to_start,
            bool(history.done),
            "Take every change back; redo makes them again",
        ),
    )

    def moved(move: Callable[[H], H]) -> None:
        change(move)

    next_step = {"undo": history.done[-1:], "redo": history.undone[-1:]}
    for key, label, icon, move, can, words in moves:
        said = next((getattr(step, "words", "") for step in next_step.get(key, ())), "")
        st.button(
            label,
            icon=f":material/{icon}:",
            key=f"{name}-{key}",
            disabled=not can,
            on_click=moved,
            args=(move,),
            help=f"{words}: {said}." if said else f"{words}.",
        )


def editor_key(name: str, shown: object) -> str:
    """Key of an editable table: a new one whenever it shows another state, also one that it showed before.

    An editor that comes back under an old key would make the changes again that were typed into it then.
    """
    held = f"hubreach_{name}"
    known, number = st.session_state.get(held, (None, 0))
    if known != shown:
        number += 1
        st.session_state[held] = (shown, number)
    return f"{name}-{number}"
