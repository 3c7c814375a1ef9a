"""Paper ballots entered by the facilitator: counted with the rest, and told apart."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.workshop import schema
from analysis.workshop.answers import read_answer
from analysis.workshop.ballots import Ballot, QuestionClosedError, question_row, write_answer
from analysis.workshop.questions import Question
from analysis.workshop.rows import locked, new_id, now
from analysis.workshop.store import Store


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
            row = question_row(connection, workshop_id, question_id)
            if row is None:
                faults.add(f"{question_id!r:.40} is not a question of this workshop", "Refresh the page")
                continue
            with faults.collecting():
                value = read_answer(Question.model_validate(row.body), given)
                ballot = Ballot(workshop_id, question_id, participant, new_id(), revision, given)
                write_answer(connection, row.body["kind"], ballot, value)
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
