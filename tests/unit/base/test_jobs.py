"""One job for all that takes long: how far, stopped, failed, kept by what it answers."""

import math
import threading

import pytest

from analysis.base.jobs import Job, Jobs, StoppedError
from analysis.siting.models.model import Progress
from analysis.siting.words import progress_words


def test_work_that_is_stopped_at_its_next_step_says_so_and_keeps_what_it_said_last():
    begun = threading.Event()

    def work(job):
        for step in range(1_000_000):
            job.tell(step / 1_000_000, f"step {step}")
            begun.set()
        return "all of it"

    job = Job().start(work)
    assert begun.wait(20)
    job.stop()
    assert isinstance(job.future.exception(20), StoppedError)
    assert job.words.startswith("step ")


def test_work_that_keeps_its_best_looks_whether_it_is_stopped_and_answers():
    begun = threading.Event()

    def work(job):
        while not job.is_stopped():
            job.say(None, "3.0")
            begun.set()
        return "best so far"

    job = Jobs().job("key", work)
    assert begun.wait(20)
    job.stop()
    assert job.future.result(20) == "best so far"
    assert (job.share, job.words) == (None, "3.0")


def test_the_shares_of_a_part_are_shares_of_the_whole_and_stopping_the_whole_stops_the_part():
    said = []
    whole = Job(lambda share, words: said.append((share, words)))
    part = whole.part(0.25, 0.75)
    part.tell(0.0, "a")
    part.tell(0.5, "b")
    part.part(0.5, 1.0).tell(1.0, "c")
    assert said == [(0.25, "a"), (0.5, "b"), (0.75, "c")]
    whole.stop()
    with pytest.raises(StoppedError):
        part.tell(1.0, "d")


def test_a_question_is_worked_out_once_a_failed_or_forgotten_one_again():
    calls = []

    def work(_):
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("not this time")
        return len(calls)

    kept = Jobs()
    with pytest.raises(ValueError, match="not this time"):
        kept.job("key", work).future.result(20)
    assert kept.job("key", work).future.result(20) == 2
    assert kept.job("key", work).future.result(20) == 2
    kept.forget("key")
    assert kept.job("key", work).future.result(20) == 3


def test_no_more_than_two_are_at_work_at_once():
    gate, running, most = threading.Event(), [], []

    def work(_):
        running.append(1)
        most.append(len(running))
        assert gate.wait(20)
        running.pop()

    jobs = Jobs()
    started = [jobs.job(str(number), work) for number in range(5)]
    gate.set()
    for job in started:
        job.future.result(20)
    assert max(most) <= 2


def test_progress_of_a_search_tells_no_best_and_no_bound_that_there_are_not():
    assert progress_words(Progress(7.2, math.inf, -math.inf, ())) == "7 s. Nothing found so far."
    words = progress_words(Progress(9.0, 1234.0, 1000.0, ()))
    assert words == "9 s. Best so far 1,234.0; nothing can be better than 1,000.0."
