"""Costs and weights: read from files, checked, and put in one canonical form, areas and sites in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.places.tables import Column, read_table
from analysis.reach.coverage import nearest_names
from analysis.siting.models.model import BoolArray, FloatArray, IntArray, LocationProblem

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
    for row in ids.index[ids == ""][:MOST_FAULTS]:
        faults.add("the area id is empty", "Give every row an id", row=int(row) + 2)
    for row in ids.index[ids.duplicated() & (ids != "")][:MOST_FAULTS]:
        faults.add(
            f"area {ids[row]!r:.60} stands in an earlier row too",
            "Keep one row",
            row=int(row) + 2,
        )


@dataclass(frozen=True, eq=False)
class Instance:
    """Areas with need and sites that may be chosen, sorted by id.

    Parameters
    ----------
    costs : DataFrame
        Minutes, all areas x all sites, sorted both ways.
    minutes : array of shape (areas with need, candidate sites)
        The part of it that a solve sees.
    weights : array of shape (areas with need,)
        Need of those areas, above zero.
    areas, sites : tuple of str
        Ids of rows and columns of `minutes`.
    kept : bool array over `sites`
        Locked in.
    """

    costs: pd.DataFrame
    minutes: FloatArray
    weights: FloatArray
    areas: tuple[str, ...]
    sites: tuple[str, ...]
    kept: BoolArray

    @property
    def total(self) -> float:
        """All need."""
        return float(self.weights.sum())

    def names(self, columns: Iterable[int] | IntArray) -> tuple[str, ...]:
        """Site ids of column numbers."""
        return tuple(self.sites[j] for j in columns)

    def assignment(self, sites: Iterable[str]) -> pd.Series[str]:
        """Chosen site with least minutes for every area, ties to the first id; "" when none can be reached."""
        ordered = sorted(sites)
        place = {name: j for j, name in enumerate(self.costs.columns.tolist())}
        names = nearest_names(self.costs.to_numpy()[:, [place[site] for site in ordered]], ordered)
        return pd.Series(names, index=self.costs.index, dtype="str", name="site_id")

    def beyond(self, sites: Iterable[str], minutes: float) -> tuple[str, ...]:
        """Areas with need that none of these sites reaches within the minutes."""
        columns = [self.sites.index(site) for site in sites]
        return tuple(self.areas[i] for i in np.flatnonzero(~self.covers(minutes)[:, columns].any(axis=1)))

    def covers(self, minutes: float) -> BoolArray:
        """Which area with need is within the catchment of which site: bool array (areas, sites)."""
        covered: BoolArray = np.isfinite(self.minutes) & (self.minutes <= minutes)
        return covered


def nearest_minutes(minutes: FloatArray, columns: list[int]) -> FloatArray:
    """Minutes to the nearest of some sites, infinite when there are none."""
    if not columns:
        return np.full(len(minutes), np.inf)
    nearest: FloatArray = minutes[:, columns].min(axis=1)
    return nearest


def prepare(
    costs: pd.DataFrame,
    weights: pd.Series[float],
    *,
    keep: Iterable[str] = (),
    exclude: Iterable[str] = (),
) -> Instance:
    """Check a cost matrix and its weights, and put them in canonical order.

    Parameters
    ----------
    costs : DataFrame
        Minutes, areas x sites; infinite where a site cannot be reached.
    weights : Series
        Need of every area, zero or more. Areas without need take no part in the solve.
    keep, exclude : iterable of str
        Site ids that must, and must not, be chosen.

    Raises
    ------
    HubreachError
        With every fault of the matrix, the weights and the two lists.
    """
    faults = FaultList("costs")
    _check_ids(costs, weights, faults)
    faults.raise_if_any("The cost matrix and the weights do not fit together.")
    table, need = _sorted(costs, weights)
    _check_values(table, need, faults)
    ruled_out, locked = set(map(str, exclude)), set(map(str, keep))
    every = table.columns.tolist()
    for name in sorted((ruled_out | locked) - set(every)):
        faults.add(
            f"'{name}' is not a site of the matrix", "Use a site id of the matrix", column="keep or exclude"
        )
    for name in sorted(ruled_out & locked):
        faults.add(f"'{name}' is both kept and excluded", "Keep it or exclude it", column="keep")
    faults.raise_if_any("The cost matrix or the weights cannot be used.")
    candidates = [site for site in every if site not in ruled_out]
    asked = np.array([site not in ruled_out for site in every], dtype=bool)
    amounts = np.asarray(need, dtype=np.float64)
    with_need = amounts > 0
    return Instance(
        costs=table,
        minutes=np.ascontiguousarray(table.to_numpy()[np.ix_(with_need, asked)]),
        weights=amounts[with_need],
        areas=tuple(table.index[with_need].tolist()),
        sites=tuple(candidates),
        kept=np.array([site in locked for site in candidates], dtype=bool),
    )


def _sorted(costs: pd.DataFrame, weights: pd.Series[float]) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Both as numbers under text ids, in the order of the ids."""
    areas, sites = costs.index.astype(str), costs.columns.astype(str)
    down, across = np.argsort(areas), np.argsort(sites)
    values = np.asarray(costs, dtype=np.float64)[np.ix_(down, across)]
    table = pd.DataFrame(values, index=areas[down], columns=sites[across])
    amounts = np.asarray(weights, dtype=np.float64)[np.argsort(weights.index.astype(str))]
    return table, pd.Series(amounts, index=table.index)


def prepare_problem(problem: LocationProblem, costs: pd.DataFrame, weights: pd.Series[float]) -> Instance:
    """Canonical form for a question, with the question's own sites kept and excluded."""
    return prepare(costs, weights, keep=problem.keep, exclude=problem.exclude)


def _check_ids(costs: pd.DataFrame, weights: pd.Series[float], faults: FaultList) -> None:
    areas, weighted = costs.index.astype(str), weights.index.astype(str)
    for label, repeated in (("area", areas), ("site", costs.columns.astype(str)), ("area", weighted)):
        if repeated.is_unique:
            continue
        for name in repeated[repeated.duplicated()].unique()[:5]:
            faults.add(
                f"{label} id '{name}' occurs twice",
                f"Give every {label} one {'row' if label == 'area' else 'column'}",
            )
    in_costs, in_weights = set(areas.tolist()), set(weighted.tolist())
    for name in sorted(in_costs - in_weights)[:5]:
        faults.add(f"area '{name}' has no weight", "Give every area of the matrix a weight", file="weights")
    for name in sorted(in_weights - in_costs)[:5]:
        faults.add(
            f"area '{name}' has a weight but no costs",
            "Give it a row in the matrix, or drop it",
            file="weights",
        )


def _check_values(table: pd.DataFrame, need: pd.Series[float], faults: FaultList) -> None:
    values, amounts = table.to_numpy(), need.to_numpy()
    if (values >= 0).all() and (np.isfinite(amounts) & (amounts >= 0)).all():
        return
    for i, j in np.argwhere(~(values >= 0))[:5]:
        faults.add(
            f"area '{table.index[i]}' has {values[i, j]} minutes",
            "Give minutes of zero or more, or inf where the site cannot be reached",
            column=str(table.columns[j]),
        )
    for name, value in need[~(np.isfinite(need) & (need >= 0))].head(5).items():
        faults.add(f"area '{name}' has a weight of {value}", "Give a number of zero or more", file="weights")
