"""Tables that people type in: kept as text, and masked where they hold numbers of people.

Numbers of people that somebody has entered are never shown again as they are, not even in the table they
were entered in: it says only that a cell is filled. Typing into such a cell replaces it.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Annotated

import pandas as pd
from pydantic import Field, model_validator

from analysis.base.faults import Fault, HubreachError
from analysis.base.records import Record, read_record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ENTERED = "entered"
"""What stands in a cell that is filled and not to be shown."""
MOST_CELLS = 50_000


class EnteredTable(Record):
    """A table as text, headings and rows, as it was entered."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    columns: Annotated[tuple[str, ...], Field(min_length=1, max_length=60)]
    rows: tuple[tuple[str, ...], ...] = ()

    @model_validator(mode="after")
    def _rectangular(self) -> EnteredTable:
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("two columns have the same heading")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has more or fewer cells than there are headings")
        if len(self.rows) * len(self.columns) > MOST_CELLS:
            raise ValueError(f"more than {MOST_CELLS:,} cells")
        return self

    def frame(self) -> pd.DataFrame:
        """The table as a frame of text."""
        return pd.DataFrame(list(self.rows), columns=list(self.columns), dtype=str)


def entered_table(name: str, cells: pd.DataFrame) -> EnteredTable:
    """A frame as an entered table: blanks as empty text."""
    text = as_text(cells)
    return EnteredTable(
        name=name,
        columns=tuple(map(str, text.columns)),
        rows=tuple(tuple(row) for row in text.itertuples(index=False)),
    )


def read_entered_table(path: Path) -> EnteredTable:
    """Read a saved table (TOML).

    Raises
    ------
    HubreachError
        With every fault of the file.
    """
    return read_record(path, EnteredTable, f"The table in {path.name} cannot be read.")


def as_text(cells: pd.DataFrame) -> pd.DataFrame:
    """Every cell as text without blanks around it, missing ones as empty text; rows numbered anew."""
    filled = cells.astype(object).where(cells.notna(), "")
    return filled.astype(str).map(str.strip).reset_index(drop=True)


def pasted_cells(text: str) -> pd.DataFrame:
    """Cells pasted from a spreadsheet: a row of headings, then rows; columns by tab, or by comma.

    Raises
    ------
    HubreachError
        If there is no row below the headings, or rows differ in length. No cell is repeated in it.
    """
    separator = "\t" if "\t" in text else ","
    rows = [
        row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(cell.strip() for cell in row)
    ]
    found = ""
    if len(rows) < 2:
        found = "there is no row below the headings"
    elif len({len(row) for row in rows}) > 1:
        found = "the rows have different numbers of cells"
    elif len(set(rows[0])) < len(rows[0]):
        found = "two columns have the same heading"
    if found:
        fault = Fault("pasted cells", None, None, found, "Copy the whole table with its headings")
        raise HubreachError("What was pasted is not a table.", [fault])
    return pd.DataFrame(rows[1:], columns=[heading.strip() for heading in rows[0]], dtype=str)


def masked(cells: pd.DataFrame, columns: Sequence[str], rows: pd.Series | None = None) -> pd.DataFrame:
    """The table with `ENTERED` in place of every filled cell of some columns (and, if given, rows)."""
    shown = as_text(cells)
    chosen = pd.Series(True, index=shown.index) if rows is None else rows.reset_index(drop=True)
    for column in columns:
        shown[column] = shown[column].mask(chosen & (shown[column] != ""), ENTERED)
    return shown


def unmasked(edited: pd.DataFrame, kept: pd.DataFrame, still: pd.Series | None = None) -> pd.DataFrame:
    """What was edited, with the kept value wherever the mask still stands.

    Parameters
    ----------
    edited : DataFrame
        From an editor that started with `masked(kept, ...)`: its index says which kept row a row was;
        rows that were added have other labels.
    kept : DataFrame
        As it was entered before.
    still : Series of bool, optional
        On the index of `edited`: rows whose numbers are to be hidden still. A mask in any other row is
        refused, or a number could be brought to light by saying that it counts no people.

    Raises
    ------
    HubreachError
        If a mask stands where nothing was kept (it was copied to another cell), or may not stand any more.
    """
    known, before = edited.copy(), as_text(kept)
    known = known.astype(object).where(known.notna(), "").astype(str).map(str.strip)
    for column in known.columns:
        mask = known[column] == ENTERED
        old = before[column] if column in before else pd.Series("", index=before.index, dtype=str)
        values = old.reindex(known.index, fill_value="")
        if (mask & (values == "")).any() or (still is not None and (mask & ~still).any()):
            found = f"{ENTERED!r} stands in a cell that holds no number, or in a row that counts no people"
            raise HubreachError(
                "The table cannot be used.", [Fault("table", None, column, found, "Type the number")]
            )
        known[column] = known[column].mask(mask, values)
    return known.reset_index(drop=True)
