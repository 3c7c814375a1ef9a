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
from analysis.base.limits import refuse
from analysis.base.sheets import Row, first_table, open_sheets
from analysis.intake.files.recognition import recognise
from analysis.places.geography import holds_shapes, shape_fields

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
    cells = first_table(source, name)
    if cells.empty:
        raise refuse(name, "a row of headings and nothing below it", "Give a row for each area or measure")
    return cells


def file_headings(path: Path) -> list[str]:
    """Headings of a table or properties of shapes, to choose from; none where it cannot be read."""
    rows = heading_rows(path)
    most = max((sum(map(bool, row)) for row in rows), default=0)
    first = next((row for row in rows if sum(map(bool, row)) == most), ())
    return [cell for cell in dict.fromkeys(first) if cell][:200]


def heading_rows(path: Path) -> list[Row]:
    """Rows of a file that can be its headings; of shapes one, their properties; none where it cannot be read."""
    try:
        if holds_shapes(path):
            return [tuple(shape_fields(path))]
        return [row for sheet in open_sheets(path) for row in sheet.preview]
    except HubreachError:
        return []


def is_recognised(path: Path) -> bool:
    """Whether the columns of an official table are known without being told."""
    try:
        tables = recognise(path)
    except HubreachError:
        return False
    return any(len(table.found) > 1 or table.counts_ages for table in tables)
