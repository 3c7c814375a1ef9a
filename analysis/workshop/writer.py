"""One connection that writes, and commits what has queued up in one go."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from analysis.workshop.database import Database, StoreUnavailable

T = TypeVar("T")
Operation = Callable[[Connection], T]

GROUP_SIZE = 256
QUEUE_SIZE = 20_000
TRIES = 3
RETRIED_STATES = frozenset({"40001", "40P01"})  # serialisation failure, deadlock


@dataclass
class Task:
    """One operation that waits to be written, and where its result goes after the commit."""

    operation: Operation[Any]
    future: Future[Any] = field(default_factory=Future)


@dataclass(frozen=True)
class Outcome:
    """What one operation returned or raised, told only once its group is on disk."""

    task: Task
    result: object = None
    error: Exception | None = None


class Writer:
    """Queue of operations behind one connection, committed in groups.

    A commit costs one flush to disk however many answers it holds, so while one group is flushed the
    next one gathers: the more people answer at once, the larger the groups.

    Parameters
    ----------
    database : Database
        Its `writer` engine is used by this object's thread alone.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: queue.Queue[Task | None] = queue.Queue(QUEUE_SIZE)
        self._inode = _inode(database)
        self._closed = False
        self.operations = 0
        self.groups = 0
        self._thread = threading.Thread(target=self._run, name="workshop-writer", daemon=True)
        self._thread.start()

    def submit(self, operation: Operation[T]) -> Future[T]:
        """Queue an operation. Its future is done only when the change is committed, or was refused.

        The future raises `StoreUnavailable` if nothing was committed, or what the operation raised.
        """
        task = Task(operation)
        if self._closed:
            task.future.set_exception(StoreUnavailable("the server is stopping"))
            return task.future
        try:
            self._queue.put_nowait(task)
        except queue.Full:
            task.future.set_exception(StoreUnavailable("too many answers are waiting"))
        return task.future

    def close(self) -> None:
        """Write what is queued, then stop."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            try:
                outcomes = self._commit(group)
            except Exception as error:  # noqa: BLE001 - the thread must outlive any fault; the waiters are told
                outcomes = [Outcome(task, error=_unavailable(error)) for task in group]
            for outcome in outcomes:
                _settle(outcome)

    def _next_group(self) -> list[Task] | None:
        first = self._queue.get()
        if first is None:
            return None
        group = [first]
        while len(group) < GROUP_SIZE:
            try:
                task = self._queue.get_nowait()
            except queue.Empty:
                break
            if task is None:
                self._queue.put(None)
                break
            group.append(task)
        return group

    def _commit(self, group: list[Task]) -> list[Outcome]:
        for attempt in range(1, TRIES + 1):
            try:
                return self._commit_once(group)
            except DBAPIError as error:
                if attempt == TRIES or getattr(error.orig, "sqlstate", None) not in RETRIED_STATES:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")  # pragma: no cover

    def _commit_once(self, group: list[Task]) -> list[Outcome]:
        """Run a group in one transaction; where one of it fails, again with a savepoint round each."""
        self._check_file()
        try:
            with self._database.writer.begin() as connection:
                outcomes = [Outcome(task, result=task.operation(connection)) for task in group]
        except Exception as error:
            if _is_of_store(error):
                raise
            with self._database.writer.begin() as connection:
                outcomes = [_apply(connection, task) for task in group]
        self.groups += 1
        self.operations += len(group)
        return outcomes

    def _check_file(self) -> None:
        """A deleted SQLite file can still be written through an open handle: those answers would be lost."""
        if _inode(self._database) != self._inode:
            self._database.dispose()
            raise StoreUnavailable("the database file is gone")


def _inode(database: Database) -> tuple[int, int] | None:
    if database.file is None:
        return None
    try:
        found = database.file.stat()
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino


def _apply(connection: Connection, task: Task) -> Outcome:
    """Run one operation behind a savepoint: its own fault undoes it alone, a fault of the store all."""
    try:
        with connection.begin_nested():
            return Outcome(task, result=task.operation(connection))
    except Exception as error:
        if _is_of_store(error):
            raise
        return Outcome(task, error=error)


def _is_of_store(error: Exception) -> bool:
    """Whether the database failed, rather than one operation on it."""
    return isinstance(error, SQLAlchemyError) and not isinstance(error, (IntegrityError, DataError))


def _unavailable(error: Exception) -> StoreUnavailable:
    if isinstance(error, StoreUnavailable):
        return error
    cause = error.orig if isinstance(error, DBAPIError) else error
    unavailable = StoreUnavailable(str(cause).strip().split("\n")[0] or type(cause).__name__)
    unavailable.__cause__ = error
    return unavailable


def _settle(outcome: Outcome) -> None:
    future = outcome.task.future
    if not future.set_running_or_notify_cancel():
        return
    if outcome.error is not None:
        future.set_exception(outcome.error)
    else:
        future.set_result(outcome.result)
