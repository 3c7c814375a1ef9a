"""What has been answered: by how many, from where, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select

from analysis.workshop import schema
from analysis.workshop.comments import read_comments
from analysis.workshop.groups import protected_counts
from analysis.workshop.state import QuestionState
from analysis.workshop.store import Store
from analysis.workshop.tallies import HEADLINE, tally


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


@dataclass(frozen=True)
class Result:
    """What the screen shows of a question once it is revealed.

    Parameters
    ----------
    table : DataFrame
        From `tally`; from `protected_counts` for a question about people.
    headline : str
        Column of `table` to chart.
    answered : dict of str to int
        Answers by source: {"phone": 41, "paper": 3}.
    comments : DataFrame
        For free text, the comments that the facilitator shows (`read_comments`); else empty.
    """

    table: pd.DataFrame
    headline: str
    answered: dict[str, int]
    comments: pd.DataFrame


def read_result(store: Store, asked: QuestionState) -> Result:
    """Result of a question as it stands; whether it may be on the screen is `asked.is_revealed`."""
    answers = read_answers(store, asked.id)
    question = asked.question
    comments = read_comments(store, asked.id)
    by_source = answers["source"].value_counts()
    return Result(
        table=protected_counts(question, answers["value"])
        if question.is_demographic
        else tally(question, answers["value"].tolist()),
        headline=HEADLINE[question.kind],
        answered={source: int(by_source.get(source, 0)) for source in ("phone", "paper")},
        comments=comments[comments["status"] == "shown"],
    )
