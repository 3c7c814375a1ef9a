"""Work that may take long: whoever waits is told how far it is, can stop it, and gets what came of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")
MOST_KEPT = 96
MOST_AT_ONCE = 2


class StoppedError(Exception):
    """Whoever waited stopped the work, and nothing of it is kept."""


@dataclass(eq=False)
class Job(Generic[Answer]):
    """One piece of work, where it stands, and what came of it.

    The work itself calls `tell` before each step. It can be called without a thread too: a command gives a job
    that prints what it is told, and a function that nobody watches takes `UNWATCHED`.

    Parameters
    ----------
    report : callable, optional
        Called with the share done (0 to 1; None where nobody can say) and what is being done.
    share : float, optional
        Share that was said last.
    words : str
        What was said with it.
    future : Future
        The answer, or what the work raised.
    """

    report: Callable[[float | None, str], None] | None = None
    share: float | None = None
    words: str = ""
    future: Future[Answer] = field(default_factory=Future)
    _stopping: threading.Event = field(default_factory=threading.Event, repr=False)

    def start(
        self, work: Callable[[Job[Answer]], Answer], turn: AbstractContextManager[Any] | None = None
    ) -> Job[Answer]:
        """Begin in a thread of its own, once it is its turn; returns at once."""
        turn = turn or nullcontext()

        def run() -> None:
            with turn:
                try:
                    self.future.set_result(work(self))
                except Exception as error:  # noqa: BLE001 - the future holds it for whoever asks for the answer
                    self.future.set_exception(error)

        threading.Thread(target=run, name="hubreach-job", daemon=True).start()
        return self

    @property
    def is_running(self) -> bool:
        """Whether there is neither an answer nor a failure yet."""
        return not self.future.done()

    def stop(self) -> None:
        """Let the work end at its next step."""
        self._stopping.set()

    def is_stopped(self) -> bool:
        """Whether it was told to end."""
        return self._stopping.is_set()

    def say(self, share: float | None, words: str) -> None:
        """Keep and report how far the work is."""
        self.share, self.words = share, words
        if self.report is not None:
            self.report(share, words)

    def tell(self, share: float | None, words: str) -> None:
        """Say how far the work is before its next step.

        Raises
        ------
        StoppedError
            If it was told to end.
        """
        if self.is_stopped():
            raise StoppedError
        self.say(share, words)

    def part(self, start: float, end: float) -> Job[Any]:
        """The same for a part of the work, from one share of the whole to another."""
        return Job(lambda share, words: self.tell(start + (end - start) * (share or 0.0), words))


UNWATCHED: Job[Any] = Job()
"""For work that nobody waits for: what it tells goes nowhere, and nobody stops it."""


class Jobs:
    """Jobs by what they answer, of all who ask: the same question is worked out once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Job[Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.BoundedSemaphore(MOST_AT_ONCE)

    def job(self, key: str, work: Callable[[Job[Any]], Any]) -> Job[Any]:
        """The job of a key; started if there is none, or if the last one failed."""
        with self._lock:
            job = self._kept.get(key)
            if job is None or (not job.is_running and job.future.exception() is not None):
                job = self._kept[key] = Job[Any]().start(work, self._turn)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return job

    def forget(self, key: str) -> None:
        """Let a stopped answer be worked out again."""
        with self._lock:
            self._kept.pop(key, None)
