"""Read a table against a list of columns, telling every fault with its row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList, HubreachError
from analysis.base.sheets import as_heading, first_table
from analysis.base.text import POINT, plain, ungrouped_series

MOST_FAULTS_A_COLUMN = 20


@dataclass(frozen=True)
class Column:
    """What one column may hold.

    Parameters
    ----------
    name : str
        Heading.
    kind : {"text", "count", "number"}
        A count is a whole number, 0 or more.
    required : bool
        Whether the column must be there.
    blank : bool
        Whether a cell may be empty.
    least, most : float or None
        Limits, both included.
    unique : bool
        Whether a value may stand in one row only.
    """

    name: str
    kind: Literal["text", "count", "number"] = "number"
    required: bool = True
    blank: bool = False
    least: float | None = None
    most: float | None = None
    unique: bool = False


def read_table(
    path: Path,
    columns: tuple[Column, ...],
    faults: FaultList,
    *,
    partial: bool = False,
    may_be_empty: bool = False,
) -> pd.DataFrame | None:
    """Read the first table of a file and check it; the rows keep their order.

    It is opened as any upload is (`analysis.base.sheets`): any encoding and delimiter, Excel, notes above and below the table,
    blank rows. Headings may differ in case and in what parts their words.

    Parameters
    ----------
    path : Path
        With a row of headings.
    columns : tuple of Column
        What is expected; other columns are kept as text.
    faults : FaultList
        Takes what is wrong.
    partial : bool
        Whether a table without a required column is still returned, with that column blank, so that
        its codes can be checked against other files in the same go.
    may_be_empty : bool
        Whether a header without rows is a table (a place whose sites nobody has listed yet).

    Returns
    -------
    DataFrame or None
        Numbers as float64 (counts as int64 where none is blank), index two less than the row that a spreadsheet shows; None
        where nothing can be read.
    """
    names = {column.name for column in columns}
    try:
        text = first_table(path, wanted=names)
    except HubreachError as error:
        faults.extend(error.faults)
        return None
    text = text.rename(
        columns={each: as_heading(str(each)) for each in text if as_heading(str(each)) in names - set(text)}
    )
    return checked_table(
        text[(text != "").any(axis=1)], path.name, columns, faults, partial=partial, may_be_empty=may_be_empty
    )


def checked_table(
    text: pd.DataFrame,
    file: str,
    columns: tuple[Column, ...],
    faults: FaultList,
    *,
    partial: bool = False,
    may_be_empty: bool = False,
) -> pd.DataFrame | None:
    """Check a table of text whose index is two less than the row of `file`; see `read_table`."""
    if text.empty and not may_be_empty:
        faults.add("there are no rows below the header", "Add at least one", file=file)
        return None
    missing = [c.name for c in columns if c.required and c.name not in text.columns]
    for name in missing:
        faults.add(
            f"the column is missing (found {', '.join(map(plain, text.columns[:12]))})",
            f"Add a column headed {name}",
            file=file,
            column=name,
        )
    table = text.copy()
    for column in columns:
        if column.name in text.columns:
            table[column.name] = _checked(text[column.name], column, file, faults)
    for column in columns:
        if column.name in missing:
            table[column.name] = "" if column.kind == "text" else np.nan
    return table if partial or not missing else None


def _checked(text: pd.Series, column: Column, file: str, faults: FaultList) -> pd.Series:
    empty = text == ""
    if not column.blank:
        _report(faults, file, column, text, empty, "a cell is empty", "Give it a value")
    if column.unique:
        twice = text.duplicated(keep="first") & ~empty
        _report(faults, file, column, text, twice, "stands in more than one row", "Keep one row for it")
    if column.kind == "text":
        return text
    values = _numbers(text)
    unread = values.isna() & ~empty
    if unread.any():
        _report(faults, file, column, text, unread, "is not a number", _number_remedy(text[unread]))
    if column.kind == "count":
        _report(faults, file, column, text, values < 0, "is negative", "Enter 0 or more")
        _report(
            faults, file, column, text, values.mod(1).fillna(0) != 0, "is not whole", "Enter a whole number"
        )
    if column.least is not None:
        remedy = f"Enter {column.least:,g} or more"
        _report(faults, file, column, text, values < column.least, "is too small", remedy)
    if column.most is not None:
        remedy = f"Enter {column.most:,g} or less"
        _report(faults, file, column, text, values > column.most, "is too large", remedy)
    whole = column.kind == "count" and bool(values.notna().all()) and bool((values.mod(1) == 0).all())
    return values.astype("int64") if whole else values


def _numbers(text: pd.Series) -> pd.Series:
    """Every cell as a finite number, or NaN; only what does not read at once may have parted thousands."""
    values = pd.to_numeric(text, errors="coerce").astype(float)
    if values.isna().any():
        values = pd.to_numeric(ungrouped_series(text), errors="coerce").astype(float)
    return values.where(np.isfinite(values))


def _number_remedy(wrong: pd.Series) -> str:
    return f"Enter a number. {POINT}" if wrong.str.contains(",").any() else "Enter a number"


def _report(
    faults: FaultList, file: str, column: Column, text: pd.Series, bad: pd.Series, what: str, remedy: str
) -> None:
    rows = text.index[bad.to_numpy(bool)]
    for row in rows[:MOST_FAULTS_A_COLUMN]:
        found = f"{text[row]!r:.60} {what}" if text[row] else what
        faults.add(found, remedy, file=file, row=int(row) + 2, column=column.name)
    if len(rows) > MOST_FAULTS_A_COLUMN:
        faults.add(
            f"{len(rows) - MOST_FAULTS_A_COLUMN:,} more rows where a value {what}",
            remedy,
            file=file,
            column=column.name,
        )
