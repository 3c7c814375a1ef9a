"""Casting and counting: every answer once, changed until its question closes, phone and paper told apart."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from analysis.places.faults import Fault, FaultList, HubreachError
from analysis.workshop import schema
from analysis.workshop.answers import Value, read_answer
from analysis.workshop.comments import keep_comment
from analysis.workshop.questions import Question
from analysis.workshop.roles import participant_id
from analysis.workshop.rows import locked, new_id, now
from analysis.workshop.store import Store

Source = Literal["phone", "paper"]
MOST_PARTICIPANTS = 5_000
LARGEST_REVISION = 2**53
LONGEST_ANSWER_ID = 64


class QuestionClosedError(HubreachError):
    """The answer came after its question closed (or before it opened); what was counted before stands."""

    def __init__(self) -> None:
        fault = Fault("question", None, None, "it takes no answers now", "Look at the screen")
        super().__init__("The question is closed; this answer was not counted.", [fault])


@dataclass(frozen=True)
class Ballot:
    """One answer as it arrives.

    Parameters
    ----------
    workshop_id, question_id : str
        What it answers.
    participant : str
        Id of the person (`roles.participant_id`).
    answer_id : str
        Made by the phone for this answer; the same when it is sent again.
    revision : int
        Made by the phone, larger with each change; the largest one counts, in whatever order they arrive.
    value : object
        As sent; checked when it is counted.
    """

    workshop_id: str
    question_id: str
    participant: str
    answer_id: str
    revision: int
    value: object


@dataclass(frozen=True)
class Receipt:
    """What is counted now for this person and question; told only after it is on disk."""

    answer_id: str
    revision: int
    value: Value


def join(connection: Connection, workshop_id: str, participant: str) -> None:
    """Count a phone among those who can answer; joining twice counts once.

    Raises
    ------
    HubreachError
        If the workshop is closed or full.
    """
    table = schema.participant
    if connection.execute(select(table.c.id).where(table.c.id == participant)).first():
        return
    workshop = schema.workshop.c
    row = connection.execute(select(workshop.closed_at).where(workshop.id == workshop_id)).first()
    if row is None or row.closed_at is not None:
        raise QuestionClosedError
    joined = connection.execute(select(func.count()).where(table.c.workshop_id == workshop_id)).scalar_one()
    if joined >= MOST_PARTICIPANTS:
        fault = Fault(
            "workshop", None, None, f"{joined} have joined", "Ask the facilitator for a paper ballot"
        )
        raise HubreachError("The workshop is full.", [fault])
    row_values = {"id": participant, "workshop_id": workshop_id, "source": "phone", "joined_at": now()}
    connection.execute(_insert(connection, table).values(row_values).on_conflict_do_nothing())


def cast(connection: Connection, ballot: Ballot) -> Receipt:
    """Count an answer from a phone, inside the writer's transaction.

    Sent again, it changes nothing; an older one that arrives late changes nothing either, and the receipt
    says what does count.

    Raises
    ------
    QuestionClosedError
        If the question takes no answers.
    HubreachError
        If the value breaks a rule of the ballot, or the workshop is full.
    """
    row = _question_row(connection, ballot.workshop_id, ballot.question_id)
    if row is None or row.status != "open":
        raise QuestionClosedError
    value = read_answer(Question.model_validate(row.body), ballot.value)
    join(connection, ballot.workshop_id, ballot.participant)
    return _write(connection, row.body["kind"], ballot, value)


def _question_row(connection: Connection, workshop_id: str, question_id: str) -> Any:
    """The question's row; PostgreSQL holds a shared lock, so that closing waits for answers in flight."""
    table = schema.question.c
    query = select(table.status, table.body).where(table.id == question_id, table.workshop_id == workshop_id)
    return connection.execute(query.with_for_update(read=True)).first()


def _write(connection: Connection, kind: str, ballot: Ballot, value: Value) -> Receipt:
    table = schema.answer
    moment = now()
    statement = _insert(connection, table).values(
        question_id=ballot.question_id,
        participant_id=ballot.participant,
        answer_id=ballot.answer_id,
        revision=ballot.revision,
        value=value,
        answered_at=moment,
        changed_at=moment,
    )
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=[table.c.question_id, table.c.participant_id],
        set_={
            "answer_id": new.answer_id,
            "revision": new.revision,
            "value": new.value,
            "changed_at": new.changed_at,
        },
        where=new.revision > table.c.revision,
    )
    written = connection.execute(statement.returning(table.c.revision)).first() is not None
    if written and kind == "text":
        keep_comment(connection, ballot.question_id, ballot.participant, str(value))
    if written:
        return Receipt(ballot.answer_id, ballot.revision, value)
    stands = connection.execute(
        select(table.c.answer_id, table.c.revision, table.c.value).where(
            table.c.question_id == ballot.question_id, table.c.participant_id == ballot.participant
        )
    ).one()
    return Receipt(stands.answer_id, stands.revision, stands.value)


def _insert(connection: Connection, table: Any) -> Any:
    """INSERT with ON CONFLICT, which both databases spell alike."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def read_ballot(workshop_id: str, posted: Mapping[str, object]) -> Ballot:
    """Check what a phone sent, before it is queued.

    Parameters
    ----------
    workshop_id : str
        Of the invite in the address.
    posted : mapping
        The posted JSON: `participant` (the phone's key), `question`, `answer_id`, `revision`, `value`.

    Raises
    ------
    HubreachError
        With a fault for every field that cannot be read.
    """
    faults = FaultList("answer")
    question, answer_id, revision = (posted.get(key) for key in ("question", "answer_id", "revision"))
    if not isinstance(question, str) or not question.isalnum() or len(question) > 32:
        faults.add("no question's id", "Open the page again", column="question")
    if (
        not isinstance(answer_id, str)
        or not 8 <= len(answer_id) <= LONGEST_ANSWER_ID
        or not answer_id.isascii()
    ):
        faults.add("no answer's id", "Open the page again", column="answer_id")
    if type(revision) is not int or not 0 <= revision < LARGEST_REVISION:
        faults.add("no revision", "Open the page again", column="revision")
    participant = ""
    with faults.collecting():
        participant = participant_id(workshop_id, str(posted.get("participant", "")))
    faults.raise_if_any("The answer cannot be read.")
    return Ballot(
        workshop_id, str(question), participant, str(answer_id), int(str(revision)), posted.get("value")
    )


def record_paper(store: Store, workshop_id: str, number: int, values: Mapping[str, object]) -> str:
    """Enter one paper ballot; the same number again corrects it.

    Parameters
    ----------
    store : Store
        Where it is kept.
    workshop_id : str
        Whose ballot it is.
    number : int
        Written on the paper by whoever enters it, from 1.
    values : mapping
        Question id to answer, as `read_answer` takes it; a question left blank is left out.

    Returns
    -------
    str
        Id of the ballot's participant row.

    Raises
    ------
    HubreachError
        With a fault for every answer that breaks a rule; then nothing of the ballot is counted.
    """

    def write(connection: Connection) -> str:
        if locked(connection, workshop_id).closed_at is not None:
            raise QuestionClosedError
        participant = _paper_participant(connection, workshop_id, number)
        faults = FaultList(f"ballot {number}")
        revision = time.time_ns() // 1_000
        answer = schema.answer
        left_blank = answer.c.question_id.not_in(list(values))
        connection.execute(delete(answer).where(answer.c.participant_id == participant, left_blank))
        for question_id, given in values.items():
            row = _question_row(connection, workshop_id, question_id)
            if row is None:
                faults.add(f"{question_id!r:.40} is not a question of this workshop", "Refresh the page")
                continue
            with faults.collecting():
                value = read_answer(Question.model_validate(row.body), given)
                ballot = Ballot(workshop_id, question_id, participant, new_id(), revision, given)
                _write(connection, row.body["kind"], ballot, value)
        faults.raise_if_any(f"Ballot {number} cannot be counted.")
        return participant

    return store.write(write)


def _paper_participant(connection: Connection, workshop_id: str, number: int) -> str:
    if number < 1:
        fault = Fault("ballot", None, "number", f"{number}", "Number the papers from 1")
        raise HubreachError("The ballot's number cannot be read.", [fault])
    table = schema.participant
    here = (table.c.workshop_id == workshop_id, table.c.paper_number == number)
    found = connection.execute(select(table.c.id).where(*here)).scalar()
    if found:
        return str(found)
    made = secrets.token_hex(32)
    row = {
        "id": made,
        "workshop_id": workshop_id,
        "source": "paper",
        "paper_number": number,
        "joined_at": now(),
    }
    connection.execute(schema.participant.insert(), row)
    return made


def withdraw(connection: Connection, participant: str) -> None:
    """Delete a person and all their answers, on their own wish, while the workshop is open."""
    table = schema.participant
    row = connection.execute(
        select(schema.workshop.c.closed_at).join(table).where(table.c.id == participant)
    ).first()
    if row is not None and row.closed_at is not None:
        raise QuestionClosedError
    connection.execute(delete(table).where(table.c.id == participant))


def pulse(store: Store, question_id: str) -> tuple[int, int]:
    """Number of answers to a question and their latest revision sum: changes whenever a result changes."""
    table = schema.answer.c
    query = select(func.count(), func.coalesce(func.sum(table.revision), 0)).where(
        table.question_id == question_id
    )
    count, total = store.read(lambda connection: connection.execute(query).one())
    return int(count), int(total)


def read_answers(store: Store, question_id: str) -> pd.DataFrame:
    """Every counted answer to a question.

    Returns
    -------
    DataFrame
        Index `participant` (an opaque id); `value` (canonical), `source` ("phone" or "paper").
    """
    answer, person = schema.answer.c, schema.participant.c
    query = (
        select(answer.participant_id.label("participant"), answer.value, person.source)
        .join(schema.participant, person.id == answer.participant_id)
        .where(answer.question_id == question_id)
        .order_by(answer.participant_id)
    )
    rows = store.read(lambda connection: connection.execute(query).all())
    return pd.DataFrame(
        {"value": [row.value for row in rows], "source": [row.source for row in rows]},
        index=pd.Index([row.participant for row in rows], name="participant", dtype="str"),
        dtype=object,
    )


def count_participants(store: Store, workshop_id: str) -> dict[str, int]:
    """People who have joined, by source: {"phone": 41, "paper": 3}."""
    table = schema.participant.c
    query = select(table.source, func.count()).where(table.workshop_id == workshop_id).group_by(table.source)
    counted = {row[0]: int(row[1]) for row in store.read(lambda connection: connection.execute(query).all())}
    return {"phone": counted.get("phone", 0), "paper": counted.get("paper", 0)}
