"""A travel-time table that a user brings: origin, destination, minutes, in any order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.base.faults import FaultList
from analysis.places.tables import Column, read_table

NO_WAY = ("none", "no route", "inf")
MOST_FAULTS = 20
COLUMNS = (Column("origin", "text"), Column("destination", "text"), Column("minutes", "text"))


@dataclass(frozen=True, eq=False)
class TravelTable:
    """Travel times out of a user's table.

    Parameters
    ----------
    costs : DataFrame
        Minutes, index `area_code` (all areas of the place), columns the sites in the table.
    sites_without : tuple of str
        Sites of the place that the table does not mention: they have no column.
    """

    costs: pd.DataFrame
    sites_without: tuple[str, ...]


def read_travel_table(
    path: Path, area_codes: Sequence[str], site_ids: Sequence[str], *, required: Collection[str] = ()
) -> TravelTable:
    """Read and check a travel-time table.

    Parameters
    ----------
    path : Path
        CSV with `origin` (area code), `destination` (site id) and `minutes`; where there is no way,
        minutes are the word none.
    area_codes : sequence of str
        All areas of the place: each needs a row for every site that the table mentions.
    site_ids : sequence of str
        All sites of the place.
    required : collection of str
        Sites that the table must mention.

    Returns
    -------
    TravelTable

    Raises
    ------
    HubreachError
        With every unknown code, repeated or missing pair, and every cell that is not minutes.
    """
    faults = FaultList(path.name)
    headline = f"The travel times in {path.name} cannot be used as they are; those in use stay in use."
    table = read_table(path, COLUMNS, faults)
    faults.raise_if_any(headline)
    if table is None:  # pragma: no cover - a table is only absent when a fault was recorded
        raise AssertionError(path)
    areas, sites = pd.Index(area_codes), pd.Index(site_ids)
    if _is_turned(table, areas, sites):
        faults.add(
            "the origins are sites and the destinations areas",
            "Swap the headings origin and destination",
            row=1,
            column="origin",
        )
        faults.raise_if_any(headline)
    area_at, site_at = (
        areas.get_indexer(pd.Index(table["origin"])),
        sites.get_indexer(pd.Index(table["destination"])),
    )
    _report(faults, table["origin"], area_at < 0, "origin", "is not an area of this place", _example(areas))
    _report(
        faults,
        table["destination"],
        site_at < 0,
        "destination",
        "is not a site of this place",
        _example(sites),
    )
    minutes = _minutes(table["minutes"], faults)
    known = (area_at >= 0) & (site_at >= 0)
    pair = pd.Series(np.where(known, area_at * len(sites) + site_at, -1 - np.arange(len(table))))
    named = table["origin"] + " to " + table["destination"]
    _report(
        faults,
        named,
        pair.duplicated().to_numpy(),
        "destination",
        "stands in an earlier row too",
        "Keep one row for it",
    )
    values = np.full((len(areas), len(sites)), np.nan)
    values[area_at[known], site_at[known]] = minutes[known]
    listed = np.zeros(values.shape, dtype=bool)
    listed[area_at[known], site_at[known]] = True
    _report_gaps(faults, listed, areas, sites, required)
    faults.raise_if_any(headline)
    mentioned = np.flatnonzero(listed.any(axis=0))
    costs = pd.DataFrame(values, index=areas.rename("area_code"), columns=sites.rename("site_id"))
    return TravelTable(costs.iloc[:, mentioned], tuple(map(str, sites.delete(mentioned))))


def complete_costs(costs: pd.DataFrame, estimate: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Costs for every site of `estimate`: as given where given, else the estimate.

    Parameters
    ----------
    costs : DataFrame
        Minutes from a table or a network, index `area_code`, some of the sites.
    estimate : DataFrame
        Straight-line minutes to all sites.

    Returns
    -------
    DataFrame
        In the shape of `estimate`.
    tuple of str
        Sites whose minutes are estimates.
    """
    given = estimate.columns.intersection(costs.columns)
    full = estimate.copy()
    full[given] = costs[given].reindex(estimate.index)
    return full, tuple(estimate.columns.difference(given))


def _example(codes: pd.Index) -> str:
    return f"Use codes such as {codes[0]}" if len(codes) else "There are none yet"


def _is_turned(table: pd.DataFrame, areas: pd.Index, sites: pd.Index) -> bool:
    straight = table["origin"].isin(areas).sum() + table["destination"].isin(sites).sum()
    turned = table["origin"].isin(sites).sum() + table["destination"].isin(areas).sum()
    return bool(turned > straight)


def _minutes(text: pd.Series, faults: FaultList) -> npt.NDArray[np.float64]:
    """Numbers of minutes; inf where the cell says that there is no way."""
    no_way = text.str.lower().isin(NO_WAY).to_numpy(bool)
    values = pd.to_numeric(text.where(~no_way), errors="coerce").to_numpy(float)
    remedy = "Enter minutes, 0 or more, or the word none where there is no way"
    _report(faults, text, ~np.isfinite(values) & ~no_way, "minutes", "is not a number of minutes", remedy)
    _report(faults, text, values < 0, "minutes", "is negative", remedy)
    return np.where(no_way, np.inf, values)


def _report(
    faults: FaultList, cells: pd.Series, bad: npt.NDArray[np.bool_], column: str, found: str, remedy: str
) -> None:
    rows = np.flatnonzero(bad)
    for row in rows[:MOST_FAULTS]:
        faults.add(f"{cells.iloc[row]!r:.60} {found}", remedy, row=int(row) + 2, column=column)
    if len(rows) > MOST_FAULTS:
        faults.add(f"{len(rows) - MOST_FAULTS:,} more rows where a value {found}", remedy, column=column)


def _report_gaps(
    faults: FaultList,
    listed: npt.NDArray[np.bool_],
    areas: pd.Index,
    sites: pd.Index,
    required: Collection[str],
) -> None:
    """Report areas that lack a row for a site that the table mentions, and sites that it should mention."""
    mentioned = np.asarray(listed.any(axis=0), dtype=bool)
    remedy = "Add a row for every area, with the word none where there is no way"
    gaps = [(int(at), np.flatnonzero(~listed[:, at])) for at in np.flatnonzero(mentioned)]
    gaps = [(position, missing) for position, missing in gaps if len(missing)]
    for position, missing in gaps[:MOST_FAULTS]:
        first = ", ".join(map(str, areas[missing[:3]]))
        more = " ..." if len(missing) > 3 else ""
        faults.add(
            f"{sites[position]} has no row from {len(missing):,} areas: {first}{more}",
            remedy,
            column="destination",
        )
    if len(gaps) > MOST_FAULTS:
        faults.add(f"{len(gaps) - MOST_FAULTS:,} more sites with missing rows", remedy, column="destination")
    absent = [
        str(site) for site, there in zip(sites, mentioned, strict=True) if site in required and not there
    ]
    if absent:
        shown = ", ".join(absent[:5]) + (" ..." if len(absent) > 5 else "")
        faults.add(
            f"{len(absent):,} sites that are asked about have no rows: {shown}",
            "Add their rows",
            column="destination",
        )
