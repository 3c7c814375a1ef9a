"""Cost matrices and weights out of CSV files: area ids down, site ids across."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.places.tables import Column, read_table

NO_WAY = ("none", "no route", "inf")
MOST_FAULTS = 20


def read_matrix(path: Path) -> pd.DataFrame:
    """Read a cost matrix.

    Parameters
    ----------
    path : Path
        CSV, UTF-8. First column: area ids. Other columns: one a site, headed by its id. Cells: minutes
        (or any cost) of zero or more, or the word none where there is no way.

    Returns
    -------
    DataFrame
        Index `area_code`, columns `site_id`, infinite where there is no way.

    Raises
    ------
    HubreachError
        With every repeated id and every cell that is not minutes.
    """
    faults = FaultList(path.name)
    headline = f"The cost matrix in {path.name} cannot be used."
    text = _text(path, faults, headline)
    if text.shape[1] < 2:
        faults.add("there is no site column", "Give every site a column headed by its id", row=1)
    ids, cells = text.iloc[:, 0], text.iloc[:, 1:]
    _report_ids(ids, faults)
    no_way = cells.apply(lambda column: column.str.lower().isin(NO_WAY)).to_numpy(dtype=bool)
    values = cells.apply(lambda column: pd.to_numeric(column, errors="coerce")).to_numpy(dtype=float)
    bad = np.argwhere(~no_way & ~(np.isfinite(values) & (values >= 0)))
    for row, column in bad[:MOST_FAULTS]:
        faults.add(
            f"{cells.iloc[row, column]!r:.60} is not a cost",
            "Enter a number of zero or more, or the word none where there is no way",
            row=int(row) + 2,
            column=str(cells.columns[column]),
        )
    if len(bad) > MOST_FAULTS:
        faults.add(
            f"{len(bad) - MOST_FAULTS:,} more cells that are not costs", "Enter numbers, or the word none"
        )
    faults.raise_if_any(headline)
    return pd.DataFrame(
        np.where(no_way, np.inf, values),
        index=pd.Index(ids.to_numpy(), name="area_code"),
        columns=pd.Index(cells.columns, name="site_id"),
    )


def read_weights(path: Path) -> pd.Series[float]:
    """Read the need of every area.

    Parameters
    ----------
    path : Path
        CSV, UTF-8, two columns: area id, and a number of zero or more.

    Returns
    -------
    Series
        Index `area_code`, named "weight".

    Raises
    ------
    HubreachError
        With every repeated id and every cell that is not a number.
    """
    faults = FaultList(path.name)
    headline = f"The weights in {path.name} cannot be used."
    text = _text(path, faults, headline)
    if text.shape[1] != 2:
        faults.add(f"there are {text.shape[1]} columns", "Give an area id and a number in each row", row=1)
        faults.raise_if_any(headline)
    _report_ids(text.iloc[:, 0], faults)
    name = str(text.columns[1])
    checked = read_table(path, (Column(name, "number", least=0.0),), faults)
    faults.raise_if_any(headline)
    values = text.iloc[:, 1] if checked is None else checked[name]
    return pd.Series(
        values.to_numpy(dtype=float),
        index=pd.Index(text.iloc[:, 0].to_numpy(), name="area_code"),
        name="weight",
    )


def _text(path: Path, faults: FaultList, headline: str) -> pd.DataFrame:
    text = read_table(path, (), faults)
    faults.raise_if_any(headline)
    if text is None:  # pragma: no cover - a table is only absent when a fault was recorded
        raise AssertionError(path)
    return text


def _report_ids(ids: pd.Series[str], faults: FaultList) -> None:
    for row in np.flatnonzero((ids == "").to_numpy())[:MOST_FAULTS]:
        faults.add("the area id is empty", "Give every row an id", row=int(row) + 2)
    for row in np.flatnonzero((ids.duplicated() & (ids != "")).to_numpy())[:MOST_FAULTS]:
        faults.add(
            f"area {ids.iloc[row]!r:.60} stands in an earlier row too", "Keep one row", row=int(row) + 2
        )
