"""Casting: every answer counted once, and changed until its question closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.workshop import schema
from analysis.workshop.answers import Value, read_answer
from analysis.workshop.comments import keep_comment
from analysis.workshop.questions import Question
from analysis.workshop.roles import participant_id
from analysis.workshop.rows import now

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


def _upsert(insert: Any) -> Any:
    """One statement for a first answer and for a change, where only a larger revision changes anything."""
    table = schema.answer.c
    statement = insert(schema.answer)
    new = statement.excluded
    changes = {
        "answer_id": new.answer_id,
        "revision": new.revision,
        "value": new.value,
        "changed_at": new.changed_at,
    }
    return statement.on_conflict_do_update(
        index_elements=[table.question_id, table.participant_id],
        set_=changes,
        where=new.revision > table.revision,
    ).returning(table.revision)


def _of(table: Table, **columns: str) -> list[ColumnElement[bool]]:
    return [table.c[column] == bindparam(name) for column, name in columns.items()]


# Built once: an answer is the one thing that a thousand people do in the same minute.
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
WRITE_ANSWER = {name: _upsert(insert) for name, insert in INSERTS.items()}
ADD_PERSON = {name: insert(schema.participant).on_conflict_do_nothing() for name, insert in INSERTS.items()}
FIND_PERSON = select(schema.participant.c.id).where(*_of(schema.participant, id="person"))
COUNT_PEOPLE = select(func.count()).where(*_of(schema.participant, workshop_id="workshop"))
FIND_WORKSHOP = select(schema.workshop.c.closed_at).where(*_of(schema.workshop, id="workshop"))
# PostgreSQL holds a shared lock on the question, so that closing it waits for answers in flight.
FIND_QUESTION = (
    select(schema.question.c.status, schema.question.c.body)
    .where(*_of(schema.question, id="question", workshop_id="workshop"))
    .with_for_update(read=True)
)
FIND_ANSWER = select(schema.answer.c.answer_id, schema.answer.c.revision, schema.answer.c.value).where(
    *_of(schema.answer, question_id="question", participant_id="person")
)


def join(connection: Connection, workshop_id: str, participant: str) -> None:
    """Count a phone among those who can answer; joining twice counts once.

    Raises
    ------
    HubreachError
        If the workshop is closed or full.
    """
    if connection.execute(FIND_PERSON, {"person": participant}).first():
        return
    row = connection.execute(FIND_WORKSHOP, {"workshop": workshop_id}).first()
    if row is None or row.closed_at is not None:
        raise QuestionClosedError
    joined = connection.execute(COUNT_PEOPLE, {"workshop": workshop_id}).scalar_one()
    if joined >= MOST_PARTICIPANTS:
        fault = Fault(
            "workshop", None, None, f"{joined} have joined", "Ask the facilitator for a paper ballot"
        )
        raise HubreachError("The workshop is full.", [fault])
    person = {"id": participant, "workshop_id": workshop_id, "source": "phone", "joined_at": now()}
    connection.execute(ADD_PERSON[connection.dialect.name], person)


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
    row = question_row(connection, ballot.workshop_id, ballot.question_id)
    if row is None or row.status != "open":
        raise QuestionClosedError
    value = read_answer(Question.model_validate(row.body), ballot.value)
    join(connection, ballot.workshop_id, ballot.participant)
    return write_answer(connection, row.body["kind"], ballot, value)


def question_row(connection: Connection, workshop_id: str, question_id: str) -> Row[Any, Any] | None:
    """Status and body of a question of this workshop, or None."""
    return connection.execute(FIND_QUESTION, {"question": question_id, "workshop": workshop_id}).first()


def write_answer(connection: Connection, kind: str, ballot: Ballot, value: Value) -> Receipt:
    """Write a checked answer unless a newer one stands; the receipt says which one counts."""
    moment = now()
    row = {
        "question_id": ballot.question_id,
        "participant_id": ballot.participant,
        "answer_id": ballot.answer_id,
        "revision": ballot.revision,
        "value": value,
        "answered_at": moment,
        "changed_at": moment,
    }
    if connection.execute(WRITE_ANSWER[connection.dialect.name], row).first() is None:
        here = {"question": ballot.question_id, "person": ballot.participant}
        stands = connection.execute(FIND_ANSWER, here).one()
        return Receipt(stands.answer_id, stands.revision, stands.value)
    if kind == "text":
        keep_comment(connection, ballot.question_id, ballot.participant, str(value))
    return Receipt(ballot.answer_id, ballot.revision, value)


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


def withdraw(connection: Connection, participant: str) -> None:
    """Delete a person and all their answers, on their own wish, while the workshop is open."""
    table = schema.participant
    row = connection.execute(
        select(schema.workshop.c.closed_at).join(table).where(table.c.id == participant)
    ).first()
    if row is not None and row.closed_at is not None:
        raise QuestionClosedError
    connection.execute(delete(table).where(table.c.id == participant))
