"""Caching of observed against expected: every authority's answer is the same for all sessions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.benchmark.observed_answer import BenchmarkAnswer, BenchmarkProblem, answer_benchmark, trend
from analysis.places.england.tables import bundle_stamp


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={BenchmarkProblem: repr})
def _benchmark(problem: BenchmarkProblem, stamp: int) -> BenchmarkAnswer:
    del stamp
    return answer_benchmark(problem)


def load_benchmark(problem: BenchmarkProblem) -> BenchmarkAnswer:
    """Observed against expected of all authorities.

    Raises
    ------
    HubreachError
        If no curve can be fitted; not kept.
    """
    return _benchmark(problem, bundle_stamp())


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={BenchmarkProblem: repr})
def _trend(problem: BenchmarkProblem, stamp: int) -> pd.DataFrame:
    return trend(_benchmark(problem, stamp))


def load_trend(problem: BenchmarkProblem) -> pd.DataFrame:
    """The same in every year, of the members and their neighbours."""
    return _trend(problem, bundle_stamp())
