"""Find the table in a file: the sheet, the row of headings, and what the columns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.sheets import Row, Sheet, open_sheets
from analysis.base.text import POINT, normal_heading, ungrouped_series
from analysis.intake.files.ages import holds_ages
from analysis.intake.files.codes import code_of
from analysis.intake.files.headings import (
    ANY_CODE,
    BANDS,
    FIELDS,
    LSOA_CODE,
    Age,
    Heading,
    ages,
    headings,
    nations_of,
)

AREA_FIELDS = (
    "lsoa_code",
    "lsoa_name",
    "msoa_code",
    "ward_code",
    "ward_name",
    "district_code",
    "district_name",
)
EXPECTED = (
    "Give a table with one row an LSOA, headed like the official files: LSOA code (2011), LSOA11CD, LSOA21CD ...; "
    "or say which column is which (--column lsoa_code=HEADING)"
)


@dataclass(frozen=True, eq=False)
class Table:
    """A table that was recognised; nothing but its first rows has been read.

    Parameters
    ----------
    sheet : Sheet
    header : tuple of str
        All headings as published.
    header_row : int
        Row of the headings, from 0.
    found : tuple of Heading
        Columns that were recognised.
    by_age : tuple of Age
        Columns of ages.
    counts_ages : bool
        Whether it counts people by age: a column an age, or a row an age.
    """

    sheet: Sheet
    header: Row
    header_row: int
    found: tuple[Heading, ...]
    by_age: tuple[Age, ...] = field(default=())
    counts_ages: bool = False

    @property
    def file(self) -> str:
        """Name for messages."""
        return self.sheet.file

    def columns(self, name: str) -> list[Heading]:
        """Columns of one meaning, the latest year first."""
        return sorted((h for h in self.found if h.field == name), key=lambda h: h.year, reverse=True)

    def column(self, name: str, year: str = "") -> Heading | None:
        """The column of one meaning: of a year, or the latest."""
        matching = [h for h in self.columns(name) if not year or h.year in ("", year)]
        return matching[0] if matching else None

    def has(self, *names: str) -> bool:
        """Whether every one of these meanings has a column."""
        held = {h.field for h in self.found}
        return held.issuperset(names)

    def read(self, wanted: Mapping[str, Heading | Age]) -> pd.DataFrame:
        """Columns by new name, as text; rows without any of them are left out, the index is the row number."""
        positions = {name: column.position for name, column in wanted.items()}
        raw = self.sheet.read(self.header_row + 1, tuple(positions.values()))
        frame = pd.DataFrame({name: raw[position] for name, position in positions.items()})
        frame.index = pd.RangeIndex(self.header_row + 2, self.header_row + 2 + len(frame))
        return frame[(frame != "").any(axis=1)]


def recognise(path: Path, given: Mapping[str, str] | None = None) -> list[Table]:
    """Recognise the tables of a file.

    Parameters
    ----------
    path : Path
    given : mapping, optional
        Meaning to heading, where the user has said so: it goes before what is recognised.

    Returns
    -------
    list of Table
        Those with areas or authorities in them; notes and contents pages are left out.

    Raises
    ------
    HubreachError
        If the file has no such table; it says which headings were found and what is expected.
    """
    sheets = open_sheets(path)
    tables = [table for table in (_table(sheet, given or {}) for sheet in sheets) if table is not None]
    if not tables:
        raise HubreachError(f"{path.name} is not recognised.", [_unrecognised(path.name, sheets)])
    _report_unknown_mapping(path, tables, given or {})
    return tables


def _unrecognised(name: str, sheets: Sequence[Sheet]) -> Fault:
    rows = [row for sheet in sheets for row in sheet.preview if sum(bool(cell) for cell in row) > 1]
    shown = ", ".join(repr(cell[:40]) for cell in (rows[0] if rows else ())[:10] if cell)
    nations = nations_of(cell for row in rows for cell in row)
    whose = f"codes of {nations}, and no" if nations else "no"
    found = f"{whose} column of LSOA codes of England or authorities (headings found: {shown or 'none'})"
    return Fault(name, None, None, found, EXPECTED)


def _report_unknown_mapping(path: Path, tables: Sequence[Table], given: Mapping[str, str]) -> None:
    known = {normal_heading(cell) for table in tables for cell in table.header}
    faults = FaultList(path.name)
    for name, text in given.items():
        if name not in FIELDS:
            faults.add(f"{name!r:.40} is no meaning of a column", f"Use one of: {', '.join(FIELDS)}")
        elif normal_heading(text) not in known:
            faults.add(
                f"no column is headed {text!r:.60}", "Give the heading as it is in the file", column=name
            )
    faults.raise_if_any(f"The columns given for {path.name} cannot be used.")


def _table(sheet: Sheet, given: Mapping[str, str]) -> Table | None:
    best: Table | None = None
    for number, row in enumerate(sheet.preview[:-1]):
        table = _with_header(sheet, row, number, given)
        if table is not None and (best is None or _weight(table) > _weight(best)):
            best = table
    return best


def _weight(table: Table) -> int:
    return len(table.found) + len(table.by_age)


def _with_header(sheet: Sheet, row: Row, number: int, given: Mapping[str, str]) -> Table | None:
    mapped = {normal_heading(text): name for name, text in given.items() if name in FIELDS}
    found = [h for h in headings(row) if h.field not in given and normal_heading(h.text) not in mapped]
    found += [
        Heading(mapped[normal_heading(cell)], cell.strip(), position, "")
        for position, cell in enumerate(row)
        if normal_heading(cell) in mapped
    ]
    below = [r for r in sheet.preview[number + 1 :] if any(r)]
    if not any(h.field == "lsoa_code" for h in found):
        found += _by_values(row, below, {h.position for h in found})
    held = {h.field for h in found}
    if not held & {"lsoa_code"} and not {"district_code", "average_score"} <= held:
        return None
    code = next((h.position for h in found if h.field == "lsoa_code"), None)
    said = {h.position: ages([h.field]) for h in found if h.field in BANDS and h.field in given}
    by_age = [age for age in ages(row) if age.position not in said]
    by_age += [replace(age, position=position) for position, held in said.items() for age in held]
    counted = code is not None and holds_ages(sheet, number, code, by_age)
    return Table(sheet, row, number, tuple(found), tuple(by_age), counted)


def _by_values(row: Row, below: Sequence[Row], taken: set[int]) -> list[Heading]:
    """The column whose values are LSOA codes, whatever its heading; one headed as a code goes before others."""
    held = []
    for position, cell in enumerate(row):
        values = [code_of(r[position]) for r in below if position < len(r) and r[position].strip()]
        if position in taken or not cell.strip() or not values:
            continue
        if sum(bool(LSOA_CODE.fullmatch(value)) for value in values) > len(values) / 2:
            held.append((not ANY_CODE.fullmatch(normal_heading(cell[:200])), position, cell.strip()))
    return [Heading("lsoa_code", text, position, "") for _, position, text in sorted(held)[:1]]


def numbers(text: pd.Series, file: str, heading_text: str, faults: FaultList) -> pd.Series:
    """Numbers as published ("1296.00", "1,296", blank) as floats; anything else is a fault with its row."""
    plain = ungrouped_series(text)
    values = pd.to_numeric(plain, errors="coerce").astype(float)
    values = values.where(np.isfinite(values))
    blank = plain.isin(["", "-", "..", ":", "*", "c", "x", "[x]", "[c]", "[z]"])
    wrong = values.isna() & ~blank
    for row in text.index[wrong][:5]:
        faults.add(
            f"{text[row]!r:.60} is not a number",
            POINT if "," in text[row] else "Correct the cell",
            file=file,
            row=int(row),
            column=heading_text,
        )
    if wrong.sum() > 5:
        faults.add(
            f"{int(wrong.sum()) - 5:,} more cells that are no numbers",
            "Correct them",
            file=file,
            column=heading_text,
        )
    return values
