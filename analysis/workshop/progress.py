"""Driving a workshop: put a step on screen, change the run, open, close and reveal a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, func, select, update

from analysis.base.faults import Fault, HubreachError
from analysis.places.place import Place
from analysis.workshop import schema
from analysis.workshop.questions import Question
from analysis.workshop.rows import locked, now, touch
from analysis.workshop.run import OptionChoice, Run, Step, fit_run
from analysis.workshop.state import read_state
from analysis.workshop.store import Store
from analysis.workshop.workshops import add_step


def show_step(store: Store, workshop_id: str, step_id: str) -> int:
    """Put a step on screen; a question that has not been asked yet opens with it.

    Returns
    -------
    int
        The new version of the state. Going back to a question that was closed leaves it closed.

    Raises
    ------
    HubreachError
        If the step is not (or no longer) part of the run.
    """

    def change(connection: Connection) -> None:
        table = schema.step
        row = connection.execute(
            select(table.c.question_id).where(table.c.id == step_id, table.c.workshop_id == workshop_id)
        ).first()
        if row is None:
            raise _missing("step", step_id)
        connection.execute(
            update(schema.workshop).where(schema.workshop.c.id == workshop_id).values(current_step=step_id)
        )
        if row.question_id and not _closed(connection, workshop_id):
            _set_status(connection, row.question_id, "open", only_if="waiting")

    return _change(store, workshop_id, change, when_closed=True)


def move_on(store: Store, workshop_id: str, steps: int = 1) -> int:
    """Go forward (or back, with a negative number) by the clicker; the ends of the run hold.

    Returns
    -------
    int
        The new version of the state.
    """
    ids = store.read(lambda connection: _ordered_ids(connection, workshop_id))
    query = select(schema.workshop.c.current_step).where(schema.workshop.c.id == workshop_id)
    current = store.read(lambda connection: connection.execute(query).scalar())
    if not ids:
        raise _missing("step", "the first")
    position = ids.index(current) + steps if current in ids else 0
    return show_step(store, workshop_id, ids[min(max(position, 0), len(ids) - 1)])


def open_question(store: Store, workshop_id: str, question_id: str) -> int:
    """Take answers to a question, again if it was closed; hides its results. Returns the new version."""
    return _drive(
        store, workshop_id, question_id, lambda connection: _set_status(connection, question_id, "open")
    )


def close_question(store: Store, workshop_id: str, question_id: str) -> int:
    """Take no more answers from phones to a question. Returns the new version.

    Answers that were acknowledged before are in; one that arrives later is told that it was too late.
    """
    return _drive(
        store, workshop_id, question_id, lambda connection: _set_status(connection, question_id, "closed")
    )


def reveal_question(store: Store, workshop_id: str, question_id: str, *, shown: bool = True) -> int:
    """Show (or hide again) a question's results on the screen. Returns the new version."""

    def change(connection: Connection) -> None:
        table = schema.question
        connection.execute(update(table).where(table.c.id == question_id).values(is_revealed=shown))

    return _drive(store, workshop_id, question_id, change, when_closed=True)


def insert_step(store: Store, place: Place, workshop_id: str, step: Step, position: int) -> str:
    """Add a step to a run, live, before the step that now stands at `position`.

    Returns
    -------
    str
        Id of the new step.

    Raises
    ------
    HubreachError
        If it does not fit the place or the options, or its question's key is taken.
    """
    state = read_state(store, workshop_id)
    options = [OptionChoice.model_validate(option) for option in state.options]
    run = Run(title=state.title, purpose=state.purpose, steps=(step,))
    fitted = fit_run(run, place, options).steps[0]
    made: list[str] = []

    def change(connection: Connection) -> None:
        ids = _ordered_ids(connection, workshop_id)
        if fitted.question and _key_is_taken(connection, workshop_id, fitted.question.key):
            found = f"the key {fitted.question.key!r} is taken"
            fault = Fault("question", None, "key", found, "Give the question a key of its own")
            raise HubreachError("The step cannot be added.", [fault])
        made[:] = [add_step(connection, workshop_id, fitted, len(ids), place)]
        _write_order(connection, [*ids[:position], *made, *ids[position:]])

    _change(store, workshop_id, change)
    return made[0]


def move_step(store: Store, workshop_id: str, step_id: str, position: int) -> int:
    """Move a step to another position (0 is first), live. Returns the new version."""

    def change(connection: Connection) -> None:
        ids = _ordered_ids(connection, workshop_id)
        if step_id not in ids:
            raise _missing("step", step_id)
        ids.remove(step_id)
        ids.insert(position, step_id)
        _write_order(connection, ids)

    return _change(store, workshop_id, change)


def remove_step(store: Store, workshop_id: str, step_id: str) -> int:
    """Take a step out of the run, live. Returns the new version.

    Raises
    ------
    HubreachError
        If its question has answers: they would be lost; close the question instead.
    """

    def change(connection: Connection) -> None:
        table = schema.step
        question_id = connection.execute(select(table.c.question_id).where(table.c.id == step_id)).scalar()
        if question_id and _has_answers(connection, question_id):
            remedy = "Close the question and leave the step out"
            fault = Fault("step", None, None, "its question has answers", remedy)
            raise HubreachError("The step cannot be removed.", [fault])
        removed = delete(table).where(table.c.id == step_id, table.c.workshop_id == workshop_id)
        if not connection.execute(removed).rowcount:
            raise _missing("step", step_id)
        connection.execute(delete(schema.question).where(schema.question.c.id == question_id))
        _write_order(connection, _ordered_ids(connection, workshop_id))

    return _change(store, workshop_id, change)


def edit_question(store: Store, workshop_id: str, question: Question) -> int:
    """Change a question found by its key; once it has answers, only its words. Returns the new version.

    Raises
    ------
    HubreachError
        If the question has answers and more than `prompt` and `help` would change.
    """

    def change(connection: Connection) -> None:
        table = schema.question
        here = (table.c.workshop_id == workshop_id, table.c.key == question.key)
        row = connection.execute(select(table.c.id, table.c.body).where(*here)).first()
        if row is None:
            raise _missing("question", question.key)
        words = {"prompt": question.prompt, "help": question.help}
        if _has_answers(connection, row.id) and Question.model_validate(row.body | words) != question:
            fault = Fault("question", None, question.key, "it has answers", "Ask a new question instead")
            raise HubreachError("Only the words of the question can change now.", [fault])
        connection.execute(update(table).where(*here).values(body=question.model_dump(mode="json")))

    return _change(store, workshop_id, change)


def _drive(
    store: Store,
    workshop_id: str,
    question_id: str,
    change: Callable[[Connection], None],
    *,
    when_closed: bool = False,
) -> int:
    def checked(connection: Connection) -> None:
        table = schema.question
        mine = select(table.c.id).where(table.c.id == question_id, table.c.workshop_id == workshop_id)
        if connection.execute(mine).first() is None:
            raise _missing("question", question_id)
        change(connection)

    return _change(store, workshop_id, checked, when_closed=when_closed)


def _change(
    store: Store, workshop_id: str, change: Callable[[Connection], None], *, when_closed: bool = False
) -> int:
    def write(connection: Connection) -> int:
        row = locked(connection, workshop_id)
        if row.closed_at is not None and not when_closed:
            fault = Fault("workshop", None, None, "it is closed", "Create a new workshop")
            raise HubreachError("A closed workshop cannot be changed.", [fault])
        change(connection)
        return touch(connection, workshop_id)

    return store.write(write)


def _set_status(connection: Connection, question_id: str, status: str, *, only_if: str | None = None) -> None:
    table = schema.question
    chosen = update(table).where(table.c.id == question_id)
    if only_if:
        chosen = chosen.where(table.c.status == only_if)
    if status == "open":
        opened = func.coalesce(table.c.opened_at, now())
        connection.execute(chosen.values(status=status, is_revealed=False, opened_at=opened, closed_at=None))
    else:
        connection.execute(chosen.values(status=status, closed_at=now()))


def _closed(connection: Connection, workshop_id: str) -> bool:
    query = select(schema.workshop.c.closed_at).where(schema.workshop.c.id == workshop_id)
    return connection.execute(query).scalar() is not None


def _ordered_ids(connection: Connection, workshop_id: str) -> list[str]:
    table = schema.step.c
    query = select(table.id).where(table.workshop_id == workshop_id).order_by(table.position)
    return list(connection.execute(query).scalars())


def _write_order(connection: Connection, ids: Sequence[str]) -> None:
    for position, each in enumerate(ids):
        connection.execute(update(schema.step).where(schema.step.c.id == each).values(position=position))


def _has_answers(connection: Connection, question_id: str) -> bool:
    table = schema.answer.c
    return (
        connection.execute(select(table.answer_id).where(table.question_id == question_id).limit(1)).first()
        is not None
    )


def _key_is_taken(connection: Connection, workshop_id: str, key: str) -> bool:
    table = schema.question.c
    return (
        connection.execute(select(table.id).where(table.workshop_id == workshop_id, table.key == key)).first()
        is not None
    )


def _missing(what: str, which: str) -> HubreachError:
    fault = Fault(what, None, None, f"{which!r:.40} is not in this workshop", "Refresh the page")
    return HubreachError(f"There is no such {what}.", [fault])
