"""Files that came through a browser: kept apart, under harmless names, and asked about where they are not known."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from analysis.base.faults import HubreachError
from analysis.intake.files.limits import refuse
from analysis.intake.files.recognition import recognise
from analysis.intake.files.sheets import open_sheets

MOST_NAME = 120


def safe_name(given: str, taken: Collection[str] = ()) -> str:
    """A file name without folders, control characters or clashes.

    >>> safe_name("../../etc/pass wd.csv"), safe_name("a.csv", ["a.csv"])
    ('pass_wd.csv', '2_a.csv')
    """
    last = re.split(r"[\\/]", given)[-1]
    name = re.sub(r"[^A-Za-z0-9._()-]+", "_", last).lstrip(".")[-MOST_NAME:] or "file"
    number = 2
    unique = name
    while unique in taken:
        unique = f"{number}_{name}"
        number += 1
    return unique


class UploadFolder:
    """A folder of one visitor's uploads, which goes away with the object."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="hubreach-"))
        self._end = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def keep(self, name: str, data: bytes) -> Path:
        """Write an upload under a harmless name of its own."""
        path = self.path / safe_name(name, [held.name for held in self.path.iterdir()])
        path.write_bytes(data)
        return path


def read_cells(source: Path | bytes, name: str) -> pd.DataFrame:
    """Cells of the first table of a file as text, blanks as empty text; notes above and below are left out.

    Parameters
    ----------
    source : Path or bytes
        The file, or the content of an upload.
    name : str
        For messages.

    Returns
    -------
    DataFrame
        Text, a row a row of the file, index two less than the row that a spreadsheet shows.

    Raises
    ------
    HubreachError
        If it is no table, is damaged or too large, or two columns have the same heading. No cell is repeated in it.
    """
    if isinstance(source, bytes):
        folder = UploadFolder()
        return read_cells(folder.keep(name, source), name)
    sheet = next((each for each in open_sheets(source) if any(map(any, each.preview))), None)
    if sheet is None:
        raise refuse(
            name, "not a table: every cell is blank", "Save it as CSV or Excel with one row of headings"
        )
    # Notes above a table stand in one cell: its headings are the first row with as many as its rows have.
    filled = [sum(map(bool, row)) for row in sheet.preview]
    usual = min(2, max(filled))
    first = next(number for number, cells in enumerate(filled) if cells >= usual)
    if len(sheet.preview) == first + 1:
        raise refuse(name, "a row of headings and nothing below it", "Give a row for each area or measure")
    width = max(map(len, sheet.preview))
    headings = [cell.strip() for cell in sheet.preview[first]] + [""] * (width - len(sheet.preview[first]))
    cells = sheet.read(first + 1, range(width)).fillna("")
    # So that a row is told by the number that a spreadsheet shows: two more than its index.
    cells.index = pd.RangeIndex(first, first + len(cells))
    last = cells.index[(cells != "").sum(axis=1) >= usual].max()
    cells = cells.loc[:last]
    unnamed = [at for at, heading in enumerate(headings) if not heading]
    if (cells[unnamed] != "").any(axis=None) or len(headings) - len(unnamed) > len(set(headings) - {""}):
        raise refuse(name, "a column without a heading of its own", "Give every column a different heading")
    return cells.drop(columns=unnamed).set_axis([heading for heading in headings if heading], axis="columns")


def file_headings(path: Path) -> list[str]:
    """Headings of a table or of shapes, to choose from; none where it cannot be read."""
    try:
        sheets = open_sheets(path)
    except HubreachError:
        return []
    rows = [row for sheet in sheets for row in sheet.preview]
    fullest = max(rows, key=lambda row: sum(bool(cell) for cell in row), default=())
    first = next((row for row in rows if sum(map(bool, row)) == sum(map(bool, fullest))), ())
    return [cell for cell in dict.fromkeys(first) if cell][:200]


def is_recognised(path: Path) -> bool:
    """Whether the columns of an official table are known without being told."""
    try:
        tables = recognise(path)
    except HubreachError:
        return False
    return any(len(table.found) > 1 or table.counts_ages for table in tables)
