"""Small things that every writer of rows shares: ids, moments, the lock on a workshop, its version."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Connection, Row, select, update

from analysis.base.faults import Fault, HubreachError
from analysis.workshop import schema


class NoSuchWorkshopError(HubreachError):
    """There is no such workshop in this store; it may have been deleted."""

    def __init__(self, workshop_id: str) -> None:
        fault = Fault(
            "workshop", None, None, f"{workshop_id!r:.40} is not in the store", "See the list of workshops"
        )
        super().__init__("There is no such workshop.", [fault])


def now() -> dt.datetime:
    """Give this moment, aware, UTC."""
    return dt.datetime.now(dt.UTC)


def new_id() -> str:
    """Random id of 32 hexadecimal digits."""
    return uuid.uuid4().hex


def locked(connection: Connection, workshop_id: str) -> Row[Any]:
    """The workshop's row, held until the commit, so that two servers change it one after the other.

    Its key is not held: an answer in flight, which names it, would otherwise wait for us while we wait for the
    question that the answer holds.

    Raises
    ------
    NoSuchWorkshopError
        If it is not there.
    """
    table = schema.workshop
    row = connection.execute(
        select(table).where(table.c.id == workshop_id).with_for_update(key_share=True)
    ).first()
    if row is None:
        raise NoSuchWorkshopError(workshop_id)
    return row


def touch(connection: Connection, workshop_id: str) -> int:
    """Count the workshop's version up, so that every screen and phone fetches the new state."""
    table = schema.workshop
    connection.execute(
        update(table).where(table.c.id == workshop_id).values(version=table.c.version + 1, touched_at=now())
    )
    version: int = connection.execute(select(table.c.version).where(table.c.id == workshop_id)).scalar_one()
    return version
