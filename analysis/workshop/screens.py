"""Who may look at the screen and who may drive from it: keys for links, tickets that work once.

The address of a screen stands in front of the hall, so it holds nothing that drives the workshop: its key only
shows what the hall sees anyway. The right to go on by the clicker is handed over once, by a ticket that is
worthless as soon as the screen has opened.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time

from sqlalchemy import select

from analysis.workshop import schema
from analysis.workshop.comments import read_comments
from analysis.workshop.results import count_participants, pulse
from analysis.workshop.rows import NoSuchWorkshopError
from analysis.workshop.state import QuestionState, read_version
from analysis.workshop.store import Store

TICKET_SECONDS = 12 * 3600.0
MOST_TICKETS = 10_000


def screen_key(store: Store, workshop_id: str) -> str:
    """Key of a workshop's screen: the same after a restart, of no use for anything else.

    Raises
    ------
    NoSuchWorkshopError
        If the workshop was deleted.
    """
    query = select(schema.workshop.c.facilitator_hash).where(schema.workshop.c.id == workshop_id)
    stored = store.read(lambda connection: connection.execute(query).scalar())
    if stored is None:
        raise NoSuchWorkshopError(workshop_id)
    return hmac.new(str(stored).encode(), b"screen", hashlib.sha256).hexdigest()[:32]


def is_screen(store: Store, workshop_id: str, key: str) -> bool:
    """Whether a key opens a workshop's screen, compared in constant time."""
    try:
        wanted = screen_key(store, workshop_id)
    except NoSuchWorkshopError:
        return False
    return hmac.compare_digest(wanted.encode(), key.encode())


class Tickets:
    """Rights to drive a screen, each handed over once; kept in memory by each server."""

    def __init__(self) -> None:
        self._issued: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def issue(self, workshop_id: str) -> str:
        """A new ticket for whoever has shown to be the facilitator."""
        ticket = secrets.token_urlsafe(18)
        with self._lock:
            now = time.monotonic()
            fresh = {key: held for key, held in self._issued.items() if held[1] > now}
            self._issued = dict(list(fresh.items())[-MOST_TICKETS:])
            self._issued[ticket] = (workshop_id, now + TICKET_SECONDS)
        return ticket

    def redeem(self, workshop_id: str, ticket: str) -> bool:
        """Whether a ticket gives the right to drive this workshop; it never does again."""
        with self._lock:
            held = self._issued.get(ticket)
            if held is None or held[0] != workshop_id or held[1] <= time.monotonic():
                return False
            del self._issued[ticket]
        return True


tickets = Tickets()


def screen_mark(store: Store, workshop_id: str, asked: QuestionState | None) -> tuple[object, ...]:
    """A value that changes whenever the screen has to be drawn again; a few small queries.

    Parameters
    ----------
    store : Store
    workshop_id : str
    asked : QuestionState or None
        The question on screen, if the step asks one.

    Returns
    -------
    tuple
        To be compared only with another.

    Raises
    ------
    NoSuchWorkshopError
        If the workshop was deleted.
    """
    mark: tuple[object, ...] = (
        read_version(store, workshop_id),
        *count_participants(store, workshop_id).values(),
    )
    if asked is None:
        return mark
    mark = (*mark, *pulse(store, asked.id))
    if asked.question.kind != "text" or not asked.is_revealed:
        return mark
    comments = read_comments(store, asked.id)
    shown = comments[comments["status"] == "shown"]
    return (*mark, *shown.index, *shown["themes"])
