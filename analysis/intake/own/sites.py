"""A list of sites that a user brings, whoever made it: as sites of a place, or as changes to the sites there are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.base.limits import refuse
from analysis.intake.assemble.site_lists import UnknownKinds, read_site_list
from analysis.intake.files.mappings import Answers
from analysis.places.england.tables import authorities, districts
from analysis.places.place import Place
from analysis.places.sites.edits import SiteEdit, edits_between
from analysis.places.sites.register import sites_of_table
from analysis.places.sites.values import rows_of_sites, sites_of_rows


@dataclass(frozen=True, eq=False)
class OwnSites:
    """Sites that were read.

    Parameters
    ----------
    sites : DataFrame
        Sites frame (index `site_id`).
    notes : tuple of str
        What was left out, what is not known, and what looks wrong.
    columns : frozenset of str
        Columns of a sites frame that the file has.
    """

    sites: pd.DataFrame
    notes: tuple[str, ...]
    columns: frozenset[str]


def read_own_sites(
    path: Path, place: Place, said: Answers | None = None, unknown: UnknownKinds = "possible"
) -> OwnSites:
    """Read the sites of a place from any list: an official extract, or a council's own table or points.

    Parameters
    ----------
    path : Path
        See `analysis.intake.assemble.site_lists.read_site_list`.
    place : Place
        Its kinds, authorities and extent.
    said : Answers, optional
        What its columns mean.
    unknown : {"possible", "open", "left out"}
        What sites of kinds are that the place does not know.

    Raises
    ------
    HubreachError
        With every fault of the list, in rows of the file.
    """
    lower = districts().reindex(list(place.districts)).dropna(subset=["authority_code"])
    upper = authorities()["authority_name"].reindex(sorted(set(lower["authority_code"])))
    listed = read_site_list(
        path,
        districts=place.districts,
        names=[*lower["district_name"], *upper, place.name],
        outline=place.boundaries.geometry,
        kinds=place.kinds,
        unknown=unknown,
        given=(said or Answers()).columns,
        check_names=False,
    )
    if listed.sites.empty:
        found = f"no site of {place.name} is in it (left out: {listed.note.left_out or 'nothing'})"
        raise refuse(path.name, found, "Give a list with sites of the place")
    west, south, east, north = (float(edge) for edge in place.boundaries.total_bounds)
    table = listed.sites.set_axis(listed.sites.index - 2)
    sites = sites_of_table(table, path.name, kinds=place.kinds, bounds=(west, south, east, north))
    left_out = [f"Left out: {listed.note.left_out}."] if listed.note.left_out else []
    return OwnSites(sites, (*listed.cautions, *left_out), listed.columns)


def edits_of_table(
    path: Path,
    place: Place,
    sites: pd.DataFrame,
    said: Answers | None = None,
    unknown: UnknownKinds = "possible",
) -> tuple[tuple[SiteEdit, ...], tuple[str, ...]]:
    """Read a list of sites and work out what it changes.

    A row whose `site_id` is there already (or whose name gives the id of one that is) changes that site
    where its cells are filled; every other row adds a site. Sites that the table leaves out stay.

    Parameters
    ----------
    path : Path
        See `read_own_sites`.
    place : Place
        Its kinds and extent.
    sites : DataFrame
        The sites as they are now.
    said, unknown
        See `read_own_sites`.

    Returns
    -------
    edits : tuple of SiteEdit
        In the order of the rows.
    notes : tuple of str

    Raises
    ------
    HubreachError
        With every fault of the table.
    """
    read = read_own_sites(path, place, said, unknown)
    rows = rows_of_sites(sites)
    # What the reader fills in where a list says nothing is no change.
    silent = {"is_open", "stage", "kind", "source"} - read.columns
    for site_id, values in rows_of_sites(read.sites).items():
        if site_id in rows:
            filled = {key: value for key, value in values.items() if not (pd.isna(value) or value == "")}
            rows[site_id] = rows[site_id] | {key: value for key, value in filled.items() if key not in silent}
        else:
            rows[site_id] = values
    return edits_between(sites, sites_of_rows(rows)), read.notes
