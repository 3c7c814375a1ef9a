"""How long answers are kept: closing a workshop, deleting it, and deleting what is overdue."""

from __future__ import annotations

import datetime as dt
import os

from sqlalchemy import Connection, delete, func, select, update

from analysis.base.faults import Fault, HubreachError
from analysis.workshop import schema
from analysis.workshop.rows import locked, now, touch
from analysis.workshop.store import Store

KEEP_DAYS = 90
KEEP_VARIABLE = "HUBREACH_WORKSHOP_KEEP_DAYS"
LONGEST_KEEP_DAYS = 3650


def default_keep_days() -> int:
    """Days that answers are kept after closing: `HUBREACH_WORKSHOP_KEEP_DAYS`, or 90.

    Raises
    ------
    HubreachError
        If the setting is not a whole number of days from 0 to 3650.
    """
    return read_keep_days(os.environ.get(KEEP_VARIABLE) or KEEP_DAYS)


def read_keep_days(given: str | int) -> int:
    """Check a number of days."""
    text = str(given).strip()
    if not (text.isascii() and text.isdigit() and int(text) <= LONGEST_KEEP_DAYS):
        remedy = f"Give whole days, 0 to {LONGEST_KEEP_DAYS}"
        fault = Fault(KEEP_VARIABLE, None, None, f"{text!r:.40} is not a number of days", remedy)
        raise HubreachError("The days to keep answers cannot be read.", [fault])
    return int(text)


def close_workshop(store: Store, workshop_id: str, *, moment: dt.datetime | None = None) -> dt.datetime:
    """Close a workshop and all its questions for good; returns when its data will be deleted."""
    at = moment or now()

    def write(connection: Connection) -> dt.datetime:
        keep_days = locked(connection, workshop_id).keep_days
        purge_on = at + dt.timedelta(days=keep_days)
        table = schema.workshop
        connection.execute(
            update(table)
            .where(table.c.id == workshop_id)
            .values(
                closed_at=func.coalesce(table.c.closed_at, at),
                purge_on=func.coalesce(table.c.purge_on, purge_on),
            )
        )
        connection.execute(
            update(schema.question)
            .where(schema.question.c.workshop_id == workshop_id, schema.question.c.status == "open")
            .values(status="closed", closed_at=at)
        )
        touch(connection, workshop_id)
        kept: dt.datetime = connection.execute(
            select(table.c.purge_on).where(table.c.id == workshop_id)
        ).scalar_one()
        return kept

    return store.write(write)


def delete_workshop(store: Store, workshop_id: str) -> None:
    """Delete a workshop at once: every answer, comment and code of it.

    Raises
    ------
    HubreachError
        If there is no such workshop.
    """

    def write(connection: Connection) -> None:
        locked(connection, workshop_id)
        connection.execute(delete(schema.workshop).where(schema.workshop.c.id == workshop_id))

    store.write(write)
    store.wipe_traces()


def purge(store: Store, *, moment: dt.datetime | None = None) -> list[str]:
    """Delete every workshop whose days are over; returns their ids.

    A workshop that nobody closed counts as closed when it was last used; one that nobody has joined
    holds nothing about anybody and stays.
    """
    at = moment or now()
    table = schema.workshop.c
    joined = select(schema.participant.c.id).where(schema.participant.c.workshop_id == table.id).exists()
    open_ones = select(table.id, table.touched_at, table.keep_days).where(table.closed_at.is_(None), joined)
    due = select(table.id).where(table.purge_on <= at)

    def write(connection: Connection) -> list[str]:
        ids = list(connection.execute(due).scalars())
        ids += [
            row.id
            for row in connection.execute(open_ones)
            if row.touched_at + dt.timedelta(days=row.keep_days + 1) <= at
        ]
        connection.execute(delete(schema.workshop).where(schema.workshop.c.id.in_(ids)))
        return sorted(ids)

    purged = store.write(write)
    if purged:
        store.wipe_traces()
    return purged
