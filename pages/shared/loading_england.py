"""Caching of what is read from files of national answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from analysis.reach.national.files import open_national, rank_authorities


@st.cache_resource(show_spinner="Ranking the authorities…", max_entries=32)
def _ranked(path: str, stamp: int, measure: str) -> pd.DataFrame:
    del stamp
    file = open_national(Path(path))
    return rank_authorities(file, next(each for each in file.measures if each.key == measure))


def load_ranked(path: Path, measure: str) -> pd.DataFrame:
    """Authorities of a file by a measure (`rank_authorities`).

    Raises
    ------
    HubreachError
        If the file cannot be read; not kept.
    """
    return _ranked(str(path), path.stat().st_mtime_ns, measure)
