"""Work that may take long, on a page: it runs beside the page, shows how far it is, can be stopped, and is kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import TimeoutError as NotYet
from typing import Any, TypeVar

import streamlit as st

from analysis.base.jobs import Job, Jobs

Answer = TypeVar("Answer")
AT_ONCE_SECONDS = 1.2
LOOK_EVERY_SECONDS = 0.7


@st.cache_resource(show_spinner=False)
def all_jobs() -> Jobs:
    """The jobs of this server."""
    return Jobs()


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def show_progress(job: Job[Any], what: str, stop: str) -> None:
    """A line of progress and the button that stops the job; the page is drawn again at its end."""
    if not job.is_running:
        st.rerun()
    if job.share is None:
        st.markdown(f"**{what}…** {job.words}")
    else:
        st.progress(min(job.share, 1.0), text=f"{job.words or what}…")
    st.button(stop, on_click=job.stop, icon=":material/stop_circle:", key="stop-job")


def worked_out(key: str, work: Callable[[Job[Any]], Answer], *, what: str) -> Answer:
    """The answer of some work: at once if it is there, else progress with a stop button in place of the page.

    Parameters
    ----------
    key : str
        Everything that the answer depends on.
    work : callable
        Takes its job; when told to stop it returns the best so far.
    what : str
        What is worked out, for the progress line.

    Raises
    ------
    HubreachError
        What the work raised.
    """
    job = all_jobs().job(key, work)
    try:
        answer: Answer = job.future.result(AT_ONCE_SECONDS)
    except NotYet:
        with st.container(border=True, key="working"):
            show_progress(job, what, "Stop and keep the best so far")
        st.stop()
    if job.is_stopped():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning("Stopped: this is the best found so far, with its bound.", icon=":material/pause:")
            st.button("Go on", on_click=all_jobs().forget, args=(key,), icon=":material/play_arrow:")
    return answer
