"""Where a workshop stands: its steps, its questions, what is on screen, at one version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from analysis.workshop import schema
from analysis.workshop.questions import Question
from analysis.workshop.rows import NoSuchWorkshopError
from analysis.workshop.run import Step
from analysis.workshop.store import Store

Status = Literal["waiting", "open", "closed"]


@dataclass(frozen=True)
class QuestionState:
    """A question and how far it has got."""

    id: str
    question: Question
    status: Status
    is_revealed: bool
    has_map: bool


@dataclass(frozen=True)
class StepState:
    """A step in its place in the run; `question_id` for a question step."""

    id: str
    step: Step
    question_id: str | None


@dataclass(frozen=True)
class State:
    """Everything that the screen, the phones and the facilitator show, at one `version`.

    The version grows with every change that the facilitator makes; a viewer that polls fetches the state
    only when it has grown. Answers do not change it: see `ballots.pulse`.
    """

    workshop_id: str
    version: int
    title: str
    purpose: str
    place_slug: str
    join_code: str
    invite: str
    keep_days: int
    is_closed: bool
    options: tuple[dict[str, Any], ...]
    parameters: dict[str, Any]
    steps: tuple[StepState, ...]
    questions: dict[str, QuestionState]
    position: int | None

    @property
    def step(self) -> StepState | None:
        """The step on screen, or None before the first."""
        return None if self.position is None else self.steps[self.position]

    @property
    def current_question(self) -> QuestionState | None:
        """The question of the step on screen, if it asks one."""
        step = self.step
        return self.questions[step.question_id] if step and step.question_id else None

    @property
    def open_questions(self) -> tuple[QuestionState, ...]:
        """Questions that take answers now, the one on screen first."""
        current = self.current_question
        ordered = sorted(self.questions.values(), key=lambda each: each is not current)
        return tuple(each for each in ordered if each.status == "open")


def read_version(store: Store, workshop_id: str) -> int:
    """The state's version: one small query, for polling.

    Raises
    ------
    NoSuchWorkshopError
        If the workshop was deleted.
    """
    query = select(schema.workshop.c.version).where(schema.workshop.c.id == workshop_id)
    version = store.read(lambda connection: connection.execute(query).scalar())
    if version is None:
        raise NoSuchWorkshopError(workshop_id)
    return int(version)


def read_state(store: Store, workshop_id: str) -> State:
    """The whole state of a workshop.

    Raises
    ------
    NoSuchWorkshopError
        If the workshop was deleted.
    """
    return store.read(lambda connection: _read_state(connection, workshop_id))


def _read_state(connection: Connection, workshop_id: str) -> State:
    row = connection.execute(select(schema.workshop).where(schema.workshop.c.id == workshop_id)).first()
    if row is None:
        raise NoSuchWorkshopError(workshop_id)
    questions = _questions(connection, workshop_id)
    steps = _steps(connection, workshop_id, questions)
    ids = [step.id for step in steps]
    return State(
        workshop_id=row.id,
        version=row.version,
        title=row.title,
        purpose=row.purpose,
        place_slug=row.place_slug,
        join_code=row.join_code,
        invite=row.invite,
        keep_days=row.keep_days,
        is_closed=row.closed_at is not None,
        options=tuple(row.options),
        parameters=row.parameters,
        steps=steps,
        questions={step.question_id: questions[step.question_id] for step in steps if step.question_id},
        position=ids.index(row.current_step) if row.current_step in ids else None,
    )


def _questions(connection: Connection, workshop_id: str) -> dict[str, QuestionState]:
    table = schema.question.c
    columns = (
        table.id,
        table.body,
        table.status,
        table.is_revealed,
        table.outline.is_not(None).label("has_map"),
    )
    rows = connection.execute(select(*columns).where(table.workshop_id == workshop_id))
    return {
        row.id: QuestionState(
            row.id, Question.model_validate(row.body), row.status, row.is_revealed, row.has_map
        )
        for row in rows
    }


def _steps(
    connection: Connection, workshop_id: str, questions: dict[str, QuestionState]
) -> tuple[StepState, ...]:
    table = schema.step
    rows = connection.execute(
        select(table).where(table.c.workshop_id == workshop_id).order_by(table.c.position)
    )
    return tuple(StepState(row.id, _step(row, questions), row.question_id) for row in rows)


def _step(row: Row[Any], questions: dict[str, QuestionState]) -> Step:
    asked = questions[row.question_id].question if row.question_id else None
    return Step.model_validate(row.body | {"question": asked})


def read_outline(store: Store, workshop_id: str, question_id: str) -> dict[str, Any] | None:
    """Map of a question that has been asked, or None."""
    table = schema.question.c
    query = select(table.outline).where(
        table.id == question_id, table.workshop_id == workshop_id, table.status != "waiting"
    )
    return store.read(lambda connection: connection.execute(query).scalar())
