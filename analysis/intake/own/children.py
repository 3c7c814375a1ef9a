"""A council's own children by small area, in whatever ages it counts them, brought to the product's four bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.base.faults import FaultList, HubreachError
from analysis.base.limits import refuse
from analysis.base.sheets import open_sheets
from analysis.base.text import plain
from analysis.intake.files.ages import bands_of, far_from_england, read_by_age
from analysis.intake.files.headings import ages
from analysis.intake.files.keys import older_columns
from analysis.intake.files.mappings import Answers
from analysis.intake.indicators.files import check_numbers, is_mark, locate_codes
from analysis.intake.own.codes import rows_of_place
from analysis.places.place import Place

WHOLE = (
    "Give a whole number for every area, and 0 where no child lives: what is not known cannot be planned for"
)
MOST_BY_MISTAKE = 0.1
HEADLINE = "The children cannot be used as they are."


@dataclass(frozen=True, eq=False)
class OwnChildren:
    """Children by small area that were read.

    Parameters
    ----------
    table : DataFrame
        `area_code` and the four bands, whole children, every area of the place.
    estimated : bool
        Whether ages were parted by shares.
    notes : tuple of str
    """

    table: pd.DataFrame
    estimated: bool
    notes: tuple[str, ...]


def read_own_children(path: Path, place: Place, said: Answers | None = None) -> OwnChildren:
    """Read children by LSOA of 2021 out of a table.

    Ages may be columns or rows, of persons or of both sexes. A column that holds ages of two bands (five-year bands, or all
    children) is parted by the shares that the figures of England have for these ages in the area, or in the place where the
    area has none; the total of the area stays.

    Parameters
    ----------
    path : Path
        CSV or Excel; may cover the country.
    place : Place
        A place of England.
    said : Answers, optional
        What its columns mean, and which rows are meant where an area stands in several.

    Raises
    ------
    HubreachError
        With every code, age and number that cannot be used, and every area of the place without a row.
    """
    said = said or Answers()
    codes = {"LSOA": frozenset(place.areas.index), "MSOA": frozenset[str](), "ward": frozenset[str]()}
    held = locate_codes(path, codes, "", said.columns)
    if held.geography != "LSOA":
        found = f"{'an' if held.geography == 'MSOA' else 'a'} {held.geography} in every row, and no code of an LSOA"
        raise refuse(path.name, found, "Give children by LSOA of 2021: they add up to every ward")
    faults = FaultList(held.sheet.file)
    by_age = [age for age in ages(held.headings) if age.position != held.code]
    meant = {(age.age, age.oldest) for age in by_age if age.words in said.columns}
    by_age = [age for age in by_age if age.words in said.columns or (age.age, age.oldest) not in meant]
    table = (held.sheet, held.header, held.code)
    read = read_by_age(
        open_sheets(path, said.columns),
        table,
        by_age,
        lambda keys: keys.isin(place.areas.index),
        said.where,
        faults,
    )
    if read is None:
        raise HubreachError(HEADLINE, faults)
    mine, left_out = rows_of_place(read.frame[held.code], place, held.headings[held.code], faults)
    rows = read.frame[mine]
    columns = {
        age.position: _numbers(rows[age.position], read.headings[age.position], faults)
        for age in read.columns
    }
    values = pd.DataFrame(columns, index=rows.index)
    _tell_few_decimals(values, rows, read.headings, faults)
    parents = older_columns(held.headings, held.code)
    split = 0
    if parents and parents[0] in rows:
        values, split = _parted(values, rows[parents[0]], rows[held.code], place)
    values = values.set_axis(rows[held.code])
    by_band = None if len(faults) else bands_of(values, read, faults)
    if by_band is not None and not by_band.any(axis=None):
        faults.add("no child lives in any area", "Give the file that has them")
    faults.raise_if_any(HEADLINE)
    if by_band is None:  # pragma: no cover - a table is only absent when a fault was recorded
        raise AssertionError(path)
    by_band = by_band.reindex(place.areas.index).astype("int64")
    parted = by_band.attrs["parted"]
    notes = (
        *far_from_england(by_band.sum(axis=1)),
        *read.notes,
        *parted,
        *by_band.attrs["rounded"],
        *(
            [
                f"{'1 area of 2011 was' if split == 1 else f'{split:,} areas of 2011 were'} split since: the children were parted by those of England's figures"
            ]
            if split
            else []
        ),
        *([left_out] if left_out else []),
    )
    bands = by_band.rename_axis("area_code").reset_index()
    return OwnChildren(
        bands, bool(parted or split), tuple(note if note.endswith("?") else f"{note}." for note in notes)
    )


def _numbers(cells: pd.Series, heading: str, faults: FaultList) -> list[float]:
    """Numbers of 0 or more; a cell without one is a fault: an area without children says 0."""
    numbers, _ = check_numbers(cells, heading, set(), faults, "rate", remedy=WHOLE)
    less = cells[[number < 0 for number in numbers]]
    faults.add_rows(
        less.index, [f"{cell!r:.40} is less than 0" for cell in less], WHOLE, column=plain(heading)
    )
    blank = cells[[is_mark(cell.strip(), set()) for cell in cells]]
    said = [f"{cell!r:.40} is no number" if cell else "the cell is empty" for cell in blank]
    faults.add_rows(blank.index, said, WHOLE, column=plain(heading))
    return numbers


def _parted(
    values: pd.DataFrame, parents: pd.Series, codes: pd.Series, place: Place
) -> tuple[pd.DataFrame, int]:
    """Children of areas of 2011 that stand, the same, beside each part of theirs: parted by England's figures; and how many."""
    whole = values.groupby(parents)
    alike = (whole.transform("min") == whole.transform("max")).all(axis=1)
    split = alike & parents.duplicated(keep=False) & (parents != "")
    england = codes.map(place.areas["children"]).clip(lower=1).astype(float)
    share = (england / england.groupby(parents).transform("sum")).where(split, 1.0)
    return values.mul(share, axis=0), int(parents[split].nunique())


def _tell_few_decimals(
    values: pd.DataFrame, rows: pd.DataFrame, headings: Mapping[int, str], faults: FaultList
) -> None:
    """Estimates have decimals in most cells; in a file of whole numbers one with decimals is a mistake."""
    parts = values % 1 > 0
    if parts.to_numpy().sum() > MOST_BY_MISTAKE * parts.size:
        return
    for at in map(int, parts.columns):
        cells = rows[at][parts[at]]
        said = [f"{cell!r:.40} is not a whole number" for cell in cells]
        faults.add_rows(cells.index, said, WHOLE, column=plain(headings[at]))
