"""Work that may take long: it runs beside the page, shows how far it is, can be stopped, and is kept."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from analysis.siting.models.model import Progress, Watch

Answer = TypeVar("Answer")
AT_ONCE_SECONDS = 1.2
LOOK_EVERY_SECONDS = 0.7
MOST_SECONDS = 300.0
MOST_KEPT = 96


@dataclass
class Job:
    """One piece of work and where it stands."""

    stop: threading.Event = field(default_factory=threading.Event)
    progress: Progress | None = None
    future: Future[Any] = field(default_factory=Future)

    def watch(self, most_seconds: float) -> Watch:
        """What the work reports to, and asks whether to stop."""

        def report(progress: Progress) -> None:
            self.progress = progress

        return Watch(report=report, should_stop=self.stop.is_set, seconds_allowed=most_seconds)


@dataclass
class Jobs:
    """Jobs of all sessions by what they answer; the same question is worked out once."""

    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "siting"))
    kept: OrderedDict[str, Job] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def job(self, key: str, work: Callable[[Watch], Any], most_seconds: float = MOST_SECONDS) -> Job:
        """The job of a key; started if there is none, or if the last one failed."""
        with self.lock:
            job = self.kept.get(key)
            if job is None or (job.future.done() and job.future.exception() is not None):
                job = Job()
                job.future = self.workers.submit(work, job.watch(most_seconds))
                self.kept[key] = job
            self.kept.move_to_end(key)
            while len(self.kept) > MOST_KEPT:
                self.kept.popitem(last=False)
            return job

    def forget(self, key: str) -> None:
        """Let a stopped answer be worked out again."""
        with self.lock:
            self.kept.pop(key, None)


@st.cache_resource(show_spinner=False)
def all_jobs() -> Jobs:
    """The jobs of this server."""
    return Jobs()


def worked_out(
    key: str, work: Callable[[Watch], Answer], *, what: str, most_seconds: float = MOST_SECONDS
) -> Answer:
    """The answer of some work: at once if it is there, else progress with a stop button in place of the page.

    Parameters
    ----------
    key : str
        Everything that the answer depends on.
    work : callable
        Takes a `Watch`; when told to stop it returns the best so far.
    what : str
        What is worked out, for the progress line.
    most_seconds : float
        After this the work stops by itself and its best so far is the answer.

    Raises
    ------
    HubreachError
        What the work raised.
    """
    job = all_jobs().job(key, work, most_seconds)
    try:
        answer: Answer = job.future.result(AT_ONCE_SECONDS)
    except NotYet:
        with st.container(border=True, key="working"):
            _progress(job, what)
        st.stop()
    if job.stop.is_set():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning("Stopped: this is the best found so far, with its bound.", icon=":material/pause:")
            st.button("Go on", on_click=all_jobs().forget, args=(key,), icon=":material/play_arrow:")
    return answer


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _progress(job: Job, what: str) -> None:
    if job.future.done():
        st.rerun()
    st.markdown(progress_words(what, job.progress))
    st.button(
        "Stop and keep the best so far", on_click=job.stop.set, icon=":material/stop_circle:", key="stop-job"
    )


def progress_words(what: str, seen: Progress | None) -> str:
    """How far a job is (markdown): no best is told before there is one, no bound before it is known."""
    if seen is None:
        return f"**{what}…**"
    best = f"Best so far {seen.objective:,.1f}" if math.isfinite(seen.objective) else "Nothing found so far"
    bound = f"; nothing can be better than {seen.bound:,.1f}" if math.isfinite(seen.bound) else ""
    return f"**{what}…** {seen.seconds:.0f} s. {best}{bound}."
