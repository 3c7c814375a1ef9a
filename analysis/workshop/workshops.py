"""Workshops as a whole: set up, found again, opened by their facilitator, listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from analysis.places.place import Place
from analysis.workshop import schema
from analysis.workshop.outlines import outline_of
from analysis.workshop.retention import default_keep_days, read_keep_days
from analysis.workshop.roles import (
    LINK_HASH,
    guesses,
    hash_link_secret,
    hash_password,
    matches_link_secret,
    matches_password,
    new_code,
    new_invite,
    new_secret,
)
from analysis.workshop.rows import new_id, now
from analysis.workshop.run import OptionChoice, Run, Step, fit_run
from analysis.workshop.store import Store


@dataclass(frozen=True)
class NewWorkshop:
    """A workshop just created; `secret` is told this once and kept nowhere."""

    workshop_id: str
    join_code: str
    invite: str
    secret: str


def create_workshop(
    store: Store,
    place: Place,
    run: Run,
    options: Sequence[OptionChoice],
    *,
    title: str = "",
    password: str = "",
    keep_days: int | None = None,
    parameters: Mapping[str, object] | None = None,
) -> NewWorkshop:
    """Set a workshop up: its options, its run of steps, its codes.

    Parameters
    ----------
    store : Store
        Where it is kept.
    place : Place
        The place it is about.
    run : Run
        Ready-made (`read_run`) or written by the facilitator; `items_from` is filled in here.
    options : sequence of OptionChoice
        Two to six, as they stand now.
    title : str
        Title on screen and phone; empty takes the run's.
    password : str
        The facilitator's own; empty makes a secret for a link.
    keep_days : int or None
        Days that answers are kept after closing; None takes `default_keep_days()`.
    parameters : mapping, optional
        Parameters in force (tier, vintage, minutes ...), kept for the record.

    Raises
    ------
    HubreachError
        If the run does not fit the place, or the password is too short.
    StoreUnavailable
        If it cannot be written.
    """
    fitted = fit_run(run, place, options)
    created = NewWorkshop(new_id(), new_code(), new_invite(), password or new_secret())
    moment = now()
    row = {
        "id": created.workshop_id,
        "place_slug": place.slug,
        "title": (title or fitted.title).strip()[:300],
        "purpose": fitted.purpose,
        "join_code": created.join_code,
        "invite": created.invite,
        "facilitator_hash": hash_password(password) if password else hash_link_secret(created.secret),
        "version": 1,
        "options": [option.model_dump(mode="json") for option in options],
        "parameters": dict(parameters or {}),
        "keep_days": read_keep_days(default_keep_days() if keep_days is None else keep_days),
        "created_at": moment,
        "touched_at": moment,
    }

    def write(connection: Connection) -> None:
        connection.execute(insert(schema.workshop), row)
        for position, step in enumerate(fitted.steps):
            add_step(connection, created.workshop_id, step, position, place)

    store.write(write)
    return created


def add_step(connection: Connection, workshop_id: str, step: Step, position: int, place: Place) -> str:
    """Write one step, and its question with the outlines that its map needs."""
    question_id = None
    if step.question is not None:
        question_id = new_id()
        row = {
            "id": question_id,
            "workshop_id": workshop_id,
            "key": step.question.key,
            "body": step.question.model_dump(mode="json"),
            "outline": outline_of(place, step.question),
            "status": "waiting",
            "is_revealed": False,
        }
        connection.execute(insert(schema.question), row)
    step_id = new_id()
    body = step.model_dump(mode="json", exclude={"question"})
    connection.execute(
        insert(schema.step),
        {
            "id": step_id,
            "workshop_id": workshop_id,
            "position": position,
            "body": body,
            "question_id": question_id,
        },
    )
    return step_id


def find_by_code(store: Store, code: str) -> str | None:
    """Invite of the workshop with this join code, or None."""
    query = select(schema.workshop.c.invite).where(schema.workshop.c.join_code == code)
    return store.read(lambda connection: connection.execute(query).scalar())


def find_by_invite(store: Store, invite: str) -> str | None:
    """Id of the workshop with this invite, or None."""
    query = select(schema.workshop.c.id).where(schema.workshop.c.invite == invite)
    return store.read(lambda connection: connection.execute(query).scalar())


def is_facilitator(store: Store, workshop_id: str, secret: str, address: str) -> bool:
    """Whether a secret opens the facilitator's page.

    Parameters
    ----------
    workshop_id, secret : str
        From the link, or typed.
    address : str
        Who asks, as the server sees it; what does not open at once is counted by it. A link that fits always opens.

    Raises
    ------
    TooManyGuessesError
        After ten wrong links or passwords of any kind within a minute, or sixty within an hour.
    """
    query = select(schema.workshop.c.facilitator_hash).where(schema.workshop.c.id == workshop_id)
    stored = str(store.read(lambda connection: connection.execute(query).scalar()) or "")
    if matches_link_secret(stored, secret):
        return True
    guesses.count_secret(address)
    return bool(stored) and not stored.startswith(LINK_HASH) and matches_password(stored, secret)


def list_workshops(store: Store) -> pd.DataFrame:
    """Every workshop in the store, newest first.

    Returns
    -------
    DataFrame
        Index `workshop_id`; `place`, `title`, `created_at`, `closed_at`, `purge_on` (UTC, NaT where not
        yet), `participants` (phones and papers), `answers`.
    """
    table = schema.workshop.c
    participants = select(func.count()).where(schema.participant.c.workshop_id == table.id).scalar_subquery()
    answers = (
        select(func.count())
        .select_from(schema.answer.join(schema.question))
        .where(schema.question.c.workshop_id == table.id)
        .scalar_subquery()
    )
    query = select(
        table.id.label("workshop_id"),
        table.place_slug.label("place"),
        table.title,
        table.created_at,
        table.closed_at,
        table.purge_on,
        participants.label("participants"),
        answers.label("answers"),
    ).order_by(table.created_at.desc(), table.id)
    rows = store.read(lambda connection: connection.execute(query).mappings().all())
    columns = [column.name for column in query.selected_columns]
    frame = pd.DataFrame([dict(row) for row in rows], columns=columns).set_index("workshop_id")
    for column in ("created_at", "closed_at", "purge_on"):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame
