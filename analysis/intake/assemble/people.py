"""Residents and children of a new place: by age where an estimate is given, else the indices' own counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from analysis.base.faults import FaultList
from analysis.intake.assemble.gathering import Indices, Note, OfficialTables
from analysis.intake.files.ages import far_from_england
from analysis.places.manifest import AGE_BANDS

MOST_LISTED = 5


def listed_codes(codes: Collection[str]) -> str:
    """The first few codes, for a message."""
    return ", ".join(sorted(codes)[:MOST_LISTED]) + (" ..." if len(codes) > MOST_LISTED else "")


@dataclass(frozen=True, eq=False)
class People:
    """Residents and children of a place's small areas.

    Parameters
    ----------
    frame : DataFrame
        Index LSOA code; whole numbers: residents by date, children by age band or in all.
    weight : str
        Column that weighs averages of the deprivation figures.
    weight_file, children_file : str
        File of each.
    title : str
        What the children are: ages and date.
    bands : tuple of str
        Age bands that are known.
    """

    frame: pd.DataFrame
    weight: str
    weight_file: str
    children_file: str
    title: str
    bands: tuple[str, ...]


def people_of(
    tables: OfficialTables,
    held: Indices,
    codes: pd.Index,
    year: str,
    faults: FaultList,
    notes: list[Note],
) -> People:
    """Residents and children: by age where an estimate is given, else the indices' own dependent children."""
    ages = tables.ages.get(year)
    if ages is None and tables.ages:
        notes.append(
            Note("population", "ages", 0, f"they are on LSOA {', '.join(tables.ages)}, the place on {year}")
        )
    figures = held.figures.reindex(codes)
    columns: dict[str, pd.Series] = {}
    weight, weight_file, title, children_file = "", "", "", ""
    bands: tuple[str, ...] = ()
    if "population" in figures:
        weight, weight_file = f"population_mid{held.edition.population}", held.files["population"]
        columns[weight] = figures["population"]
    if ages is not None:
        mid = str(ages.attrs["year"])
        missing = codes.difference(ages.index)
        if len(missing):
            found = f"{len(missing):,} small areas have no population by age: {listed_codes(list(missing))}"
            faults.add(found, "Give estimates of all of the place", file=str(ages.attrs["file"]))
        if "residents" in ages:
            columns[f"population_mid{mid}"] = ages["residents"].reindex(codes)
            weight, weight_file = weight or f"population_mid{mid}", weight_file or str(ages.attrs["file"])
        columns |= {band: ages[band].reindex(codes) for band in AGE_BANDS}
        title, bands, children_file = f"Children aged 0-17, mid-{mid}", AGE_BANDS, str(ages.attrs["file"])
    elif "children_0_15" in figures:
        columns["children"] = figures["children_0_15"]
        title, children_file = (
            f"Dependent children aged 0-15, mid-{held.edition.population}",
            held.files["children_0_15"],
        )
        notes.append(
            Note(
                children_file,
                f"children: {title.lower()}, since no population by age was given",
                len(codes),
                "ages 16 and 17, and ages one by one, are not in these files",
            )
        )
    if not weight:
        faults.add(
            "no file has the residents of an LSOA", "Give File 6 or 7 of the indices", column="population"
        )
    if not title:
        faults.add("no file has children", "Give File 6 or 7, or population by age", column="children")
    frame = pd.DataFrame(columns, index=codes)
    counted = bands or (("children",) if "children" in frame else ())
    children = frame[list(counted)].sum(axis=1)
    far = far_from_england(children, bands or AGE_BANDS[:-1]) if counted else []
    notes += [Note(children_file, told, len(frame)) for told in far]
    if not faults.faults:
        _tell_blanks(frame, {weight: weight_file}, children_file, faults)
    return People(frame.fillna(0).round().astype("int64"), weight, weight_file, children_file, title, bands)


def _tell_blanks(frame: pd.DataFrame, files: dict[str, str], other: str, faults: FaultList) -> None:
    """A fault for each column with an empty or suppressed cell; `files` names the file of some, `other` the rest's."""
    for name in frame:
        blank = frame.index[frame[name].isna()]
        if len(blank):
            found = (
                f"{len(blank):,} of {len(frame):,} small areas have no figure: {listed_codes(list(blank))}"
            )
            remedy = "Fill these cells, or give a file of all of the place"
            faults.add(found, remedy, file=files.get(str(name), other), column=str(name))
