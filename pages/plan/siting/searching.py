"""A search for sites beside the page: its best so far and its bound are shown, and kept when it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from analysis.base.jobs import Job
from analysis.siting.models.model import Watch
from analysis.siting.words import progress_words
from pages.shared import jobs

Answer = TypeVar("Answer")
MOST_SECONDS = 300.0


def worked_out(
    key: str, search: Callable[[Watch], Answer], *, what: str, most_seconds: float = MOST_SECONDS
) -> Answer:
    """The answer of a search that a `Watch` stops: by the user, or after some time, usually five minutes."""

    def work(job: Job[Answer]) -> Answer:
        return search(
            Watch(
                report=lambda seen: job.say(None, progress_words(seen)),
                should_stop=job.is_stopped,
                seconds_allowed=most_seconds,
            )
        )

    return jobs.worked_out(key, work, what=what)
