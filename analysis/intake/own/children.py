"""A council's own children by small area, in whatever ages it counts them, brought to the product's four bands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.base.faults import FaultList, HubreachError
from analysis.base.limits import refuse
from analysis.base.sheets import open_sheets
from analysis.base.text import plain
from analysis.intake.files.ages import EXPECTED, aged, band_of, in_bands, parts_of, read_by_age
from analysis.intake.files.headings import Span, ages
from analysis.intake.files.mappings import Answers
from analysis.intake.indicators.files import check_numbers, is_mark, locate_codes
from analysis.intake.own.codes import rows_of_place
from analysis.places.place import Place

WHOLE = (
    "Give a whole number for every area, and 0 where no child lives: what is not known cannot be planned for"
)
FAR = 0.25
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
        found = f"a {held.geography} in every row, and no code of an LSOA"
        raise refuse(path.name, found, "Give children by LSOA of 2021: they add up to every ward")
    faults = FaultList(held.sheet.file)
    by_age = [age for age in ages(held.headings) if age.position != held.code]
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
    counts: dict[Span, pd.Series] = {}
    for age in read.columns:
        span = (age.age, age.oldest)
        if band_of(span) is None and parts_of(span) is None:
            faults.add(f"ages {aged(span)} lie across bands that there are no shares for", EXPECTED)
            continue
        numbers = _whole(rows[age.position], read.headings[age.position], faults)
        given = pd.Series(numbers, rows[held.code])
        counts[span] = counts[span] + given if span in counts else given
    if not len(faults) and not any(each.any() for each in counts.values()):
        faults.add("no child lives in any area", "Give the file that has them")
    faults.raise_if_any(HEADLINE)
    by_band, parted = in_bands({span: each.reindex(place.areas.index) for span, each in counts.items()})
    notes = (
        *far_from_england(by_band.sum(axis=1), place),
        *read.notes,
        *parted,
        *([left_out] if left_out else []),
    )
    bands = by_band.rename_axis("area_code").reset_index()
    return OwnChildren(
        bands, bool(parted), tuple(note if note.endswith("?") else f"{note}." for note in notes)
    )


def _whole(cells: pd.Series, heading: str, faults: FaultList) -> list[float]:
    """Whole numbers; a cell without one is a fault: an area without children says 0."""
    numbers, _ = check_numbers(cells, heading, set(), faults, "count", remedy=WHOLE)
    blank = cells[[is_mark(cell.strip(), set()) for cell in cells]]
    said = [f"{cell!r:.40} is no number" if cell else "the cell is empty" for cell in blank]
    faults.add_rows(blank.index, said, WHOLE, column=plain(heading))
    return numbers


def far_from_england(children: pd.Series, place: Place) -> list[str]:
    """A sentence where own children are far from those of England's figures for the same areas."""
    england = place.areas["children"].reindex(children.index)
    total, theirs = float(children.sum()), float(england.sum())
    if not theirs or abs(total - theirs) <= FAR * theirs:
        return []
    far = f"{total:,.0f} children are {total / theirs - 1:+.0%} from the {theirs:,.0f} of England's figures for the same areas"
    return [
        f"Look at this first: {far}. Does the file count every child aged 0 to 17 once, of both sexes and of one year?"
    ]
