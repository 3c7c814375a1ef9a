"""A table of sites that a user brings, turned into changes to the sites there are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.places.place import Place
from analysis.places.sites.edits import SiteEdit, edits_between
from analysis.places.sites.register import read_sites
from analysis.places.sites.values import rows_of_sites, sites_of_rows


def edits_of_table(path: Path, place: Place, sites: pd.DataFrame) -> tuple[SiteEdit, ...]:
    """Read a CSV of sites and work out what it changes.

    A row whose `site_id` is there already (or whose name gives the id of one that is) changes that site
    where its cells are filled; every other row adds a site. Sites that the table leaves out stay.

    Parameters
    ----------
    path : Path
        See `analysis.places.sites.register.read_sites`.
    place : Place
        Its kinds and extent.
    sites : DataFrame
        The sites as they are now.

    Returns
    -------
    tuple of SiteEdit
        In the order of the rows.

    Raises
    ------
    HubreachError
        With every fault of the table.
    """
    west, south, east, north = (float(edge) for edge in place.boundaries.total_bounds)
    given = rows_of_sites(read_sites(path, kinds=place.kinds, bounds=(west, south, east, north)))
    headings = set(pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns)
    rows = rows_of_sites(sites)
    for site_id, values in given.items():
        if site_id in rows:
            filled = {key: value for key, value in values.items() if not (pd.isna(value) or value == "")}
            # what the reader fills in where a table says nothing is no change
            silent = {"is_open", "stage"} - headings
            rows[site_id] = rows[site_id] | {k: v for k, v in filled.items() if k not in silent}
        else:
            rows[site_id] = values
    return edits_between(sites, sites_of_rows(rows))
