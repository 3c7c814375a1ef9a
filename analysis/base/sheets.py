"""Tables as published, opened whatever their wrapping: CSV, packed CSV, Excel, a zip of either."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, cast

import openpyxl
import pandas as pd

from analysis.base.faults import FaultList, HubreachError
from analysis.base.limits import (
    MOST_CELL_LENGTH,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_LINE_BYTES,
    MOST_ROWS,
    MOST_SHEET_BYTES,
    SPLIT,
    BoundedStream,
    check_archive,
    check_size,
    own_members,
    refuse,
    unpacking,
)
from analysis.base.text import normal_heading

PREVIEW_ROWS = 40
PREVIEW_BYTES = 256_000
CHUNK_ROWS = 200_000
NARROW_COLUMNS = 20
# The place of a row or a cell, such as r="XFD1048576", in the XML of a sheet.
CELL_REFERENCE = re.compile(rb'<(?:\w+:)?(?:c|row)\s[^>]*?\br="([A-Z]{0,3})(\d{1,7})"')
LONGEST_CELL_TAG = 400
MOST_BLANK_ROWS = 20_000
BEYOND = "Delete what stands beyond the table, or save the table alone as CSV"
NO_TABLES = {
    b"%PDF": "a PDF, not a table",
    b"\x89PNG": "a picture, not a table",
    b"\xff\xd8\xff": "a picture, not a table",
    b"<": "a web page or XML (HTML, KML), not a table",
    b"{": "JSON, not a table",
    b"[{": "JSON, not a table",
    b"SQLite": "a database or GeoPackage, not a table",
}
DELIMITERS = ",\t;|"
SAVE_AS = "Save it as CSV (UTF-8) or Excel (.xlsx)"

Row = tuple[str, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """One table of a file: its first rows, and the means to read the rest.

    Parameters
    ----------
    path : Path
    name : str
        Of the sheet, or of the member of an archive; "" for plain CSV.
    preview : tuple of rows
        Up to 40 rows of cells as text.
    read : callable
        Takes the row where data begin and the positions of the columns wanted; gives a frame of text,
        a column a position, rows as in the file.
    """

    path: Path
    name: str
    preview: Rows
    read: Callable[[int, Sequence[int]], pd.DataFrame]

    @property
    def file(self) -> str:
        """Name for messages."""
        return f"{self.path.name} ({self.name})" if self.name else self.path.name


def open_sheets(path: Path, columns: Mapping[str, str] | None = None) -> list[Sheet]:
    """Open every table of a file.

    What the file is, is told from its first bytes, not from its name.

    Parameters
    ----------
    path : Path
    columns : mapping, optional
        What a column means, to its heading: it is headed by what it means from here on.

    Raises
    ------
    HubreachError
        If it is no table, is damaged, or is too large, or has no column of a heading that is given.
    """
    sheets = [
        _repeats_blanked(replace(sheet, preview=_one_heading(sheet.preview))) for sheet in _sheets(path)
    ]
    return headed(sheets, path, columns or {})


def headed(sheets: list[Sheet], path: Path, columns: Mapping[str, str]) -> list[Sheet]:
    """Sheets whose headings are those of `columns` (meaning to heading), where it has some; what it says goes before others.

    Raises
    ------
    HubreachError
        If no column has a heading that is given.
    """
    if not columns:
        return sheets
    named = {normal_heading(text): meaning for meaning, text in columns.items()}
    known = {normal_heading(cell) for sheet in sheets for row in sheet.preview for cell in row}
    faults = FaultList(path.name)
    for meaning, text in columns.items():
        if normal_heading(text) not in known:
            faults.add(
                f"no column is headed {text!r:.60}", "Give the heading as it is in the file", column=meaning
            )
    faults.raise_if_any(f"The columns given for {path.name} cannot be used.")

    def meant(cell: str) -> str:
        normal = normal_heading(cell)
        # Another column that is headed like a meaning that was given to one is not it.
        return named.get(normal) or (f"({cell})" if normal in columns else cell)

    return [
        replace(sheet, preview=tuple(tuple(map(meant, row)) for row in sheet.preview)) for sheet in sheets
    ]


def first_table(path: Path, name: str = "", *, wanted: Collection[str] = ()) -> pd.DataFrame:
    """Cells of the first table of a file as text, blanks as empty text; notes above and below are left out.

    Parameters
    ----------
    path : Path
    name : str
        For messages; "" for the file's own.
    wanted : collection of str
        Headings that are looked for: the row that holds most of them is that of the headings.

    Returns
    -------
    DataFrame
        Text, a row a row of the file, index two less than the row that a spreadsheet shows.

    Raises
    ------
    HubreachError
        If it is no table, is damaged or too large, or two columns have the same heading. No cell is repeated in it.
    """
    name = name or path.name
    sheet = next((each for each in open_sheets(path) if any(map(any, each.preview))), None)
    if sheet is None:
        raise refuse(
            name, "not a table: every cell is blank", "Save it as CSV or Excel with one row of headings"
        )
    # Notes above a table stand in one cell: its headings are the first row with as many as its rows have.
    filled = [sum(map(bool, row)) for row in sheet.preview]
    usual = min(2, max(filled))
    held = [len({as_heading(cell) for cell in row} & set(wanted)) for row in sheet.preview]
    first = (
        held.index(max(held)) if any(held) else next(n for n, cells in enumerate(filled) if cells >= usual)
    )
    width = max(map(len, sheet.preview))
    headings = [cell.strip().lstrip("\ufeff") for cell in sheet.preview[first]]
    headings += [""] * (width - len(headings))
    cells = sheet.read(first + 1, range(width)).fillna("")
    # So that a row is told by the number that a spreadsheet shows: two more than its index.
    cells.index = pd.RangeIndex(first, first + len(cells))
    full = (cells != "").sum(axis=1) >= usual
    cells = cells.loc[: cells.index[full].max()] if full.any() else cells
    unnamed = [at for at, heading in enumerate(headings) if not heading]
    if (cells[unnamed] != "").any(axis=None) or len(headings) - len(unnamed) > len(set(headings) - {""}):
        # A heading may be a cell about a person where the row of headings is missing: it is not repeated.
        raise refuse(name, "a column without a heading of its own", "Give every column a different heading")
    return cells.drop(columns=unnamed).set_axis([heading for heading in headings if heading], axis="columns")


def as_heading(text: str) -> str:
    """A heading as the product writes its own, whatever its case and signs.

    >>> as_heading("Area Code"), as_heading(" area-code ")
    ('area_code', 'area_code')
    """
    return re.sub(r"[\s_-]+", "_", normal_heading(text[:200]))


def _repeats_blanked(sheet: Sheet) -> Sheet:
    """A sheet whose headings stand once: where a page of print began they may stand again, and are no row."""

    def read(first_row: int, positions: Sequence[int]) -> pd.DataFrame:
        cells = sheet.read(first_row, positions)
        head = sheet.preview[first_row - 1] if 0 < first_row <= len(sheet.preview) else ()
        texts = {at: head[at] if at < len(head) else "" for at in map(int, cells.columns)}
        if sum(map(bool, texts.values())) > 1 and len(cells):
            cells[(cells == pd.Series(texts)).all(axis=1)] = ""
        return cells

    return replace(sheet, read=read)


def _one_heading(preview: Rows) -> Rows:
    """Rows with headings of two rows (merged cells: Males over 0, 1, 2) made one in the second of them."""
    for number, (upper, lower) in enumerate(pairwise(preview[:-1])):
        width = max(len(upper), len(lower))
        above, below = ((*row, *[""] * (width - len(row))) for row in (upper, lower))
        merged_down = [bool(a) and not b for a, b in zip(above, below, strict=True)]
        merged_across = [bool(b) and not a for a, b in zip(above, below, strict=True)]
        is_text = not any(
            any(sign.isdigit() for sign in cell)
            for cell, down in zip(above, merged_down, strict=True)
            if not down
        )
        full = all(a or b for a, b in zip(above, below, strict=True))
        if not (full and is_text and any(merged_down[:1]) and any(merged_across)):
            continue
        group, heads = "", []
        for a, b in zip(above, below, strict=True):
            group = a or group
            heads.append(f"{group} {b}" if b else a)
        return (*preview[: number + 1], tuple(heads), *preview[number + 2 :])
    return preview


def _sheets(path: Path) -> list[Sheet]:
    check_size(path)
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return _archive_sheets(path)
    if start.startswith(b"\x1f\x8b"):
        return [_text_sheet(path, "", lambda: cast("BinaryIO", gzip.open(path)))]
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse(path.name, "an Excel file of the old kind (.xls), or a locked one", SAVE_AS)
    known = next(
        (words for form, words in NO_TABLES.items() if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(form)),
        "",
    )
    if known:
        raise refuse(path.name, known, SAVE_AS)
    return [_text_sheet(path, "", lambda: path.open("rb"))]


def _archive_sheets(path: Path) -> list[Sheet]:
    with check_archive(path) as archive:
        names = archive.namelist()
    if "xl/workbook.xml" in names:
        return _excel_sheets(path)
    if "content.xml" in names and "mimetype" in names:
        raise refuse(path.name, "an OpenDocument spreadsheet", SAVE_AS)
    tables = [name for name in own_members(names) if name.lower().endswith((".csv", ".txt", ".tsv"))]
    if not tables:
        found = f"a zip archive without a CSV file in it (found {', '.join(names[:5])})"
        raise refuse(path.name, found, "Unpack it and give the file that is in it")
    return [_text_sheet(path, name, lambda name=name: _member(path, name)) for name in tables[:10]]  # type: ignore[misc]


def _member(path: Path, name: str) -> BinaryIO:
    return cast("BinaryIO", zipfile.ZipFile(path).open(name))


def _text_sheet(path: Path, name: str, opened: Callable[[], BinaryIO]) -> Sheet:
    file = f"{path.name} ({name})" if name else path.name
    with BoundedStream(opened, file) as stream:
        start = io.BufferedReader(stream).read(PREVIEW_BYTES)
    encoding = _encoding(start)
    if "utf-16" not in encoding and b"\x00" in start:
        raise refuse(file, "not text: it holds zero bytes", SAVE_AS)
    text = start.decode(encoding, errors="replace")
    delimiter = _delimiter(text)
    preview = _preview(text, delimiter, file, whole=len(start) < PREVIEW_BYTES)

    # Rows with a comma too many are found where all columns are read, which only narrow tables can afford.
    strict = max((len(row) for row in preview), default=0) <= NARROW_COLUMNS

    def read(first_row: int, positions: Sequence[int]) -> pd.DataFrame:
        # UTF-8 is tried first: the first bytes of an older encoding can look like it.
        for attempt in dict.fromkeys((encoding, "cp1252")):
            try:
                return _read_text(opened, file, (attempt, delimiter), first_row, positions, strict=strict)
            except UnicodeDecodeError:
                continue
        raise refuse(file, "text in an unknown encoding", "Save it as CSV UTF-8")

    return Sheet(path, name, preview, read)


def _encoding(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        # The last character may be cut in two.
        start[:-4].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(text: str) -> str:
    lines = text.splitlines()[:PREVIEW_ROWS]
    return max(DELIMITERS, key=lambda sign: sum(line.count(sign) for line in lines))


def _preview(text: str, delimiter: str, file: str, *, whole: bool) -> Rows:
    lines = text.splitlines()
    lines = lines[: PREVIEW_ROWS * 2] if whole else lines[: PREVIEW_ROWS * 2][: max(1, len(lines) - 1)]
    csv.field_size_limit(MOST_LINE_BYTES)
    try:
        rows = [tuple(row) for row in csv.reader(lines, delimiter=delimiter)][:PREVIEW_ROWS]
    except csv.Error as error:
        found = "not a CSV table: a quotation mark is opened and never closed, or it holds zero bytes"
        raise refuse(file, found, SAVE_AS) from error
    if max((len(row) for row in rows), default=0) > MOST_COLUMNS:
        raise refuse(file, f"more than {MOST_COLUMNS:,} columns", SPLIT)
    return tuple(rows)


def _read_text(
    opened: Callable[[], BinaryIO],
    file: str,
    form: tuple[str, str],
    first_row: int,
    positions: Sequence[int],
    *,
    strict: bool,
) -> pd.DataFrame:
    encoding, delimiter = form
    chunks, rows, wanted_columns = [], 0, frozenset(positions)
    try:
        with BoundedStream(opened, file) as stream:
            text = io.TextIOWrapper(io.BufferedReader(stream, 1 << 20), encoding=encoding, newline=None)
            reader = pd.read_csv(
                text,
                header=None,
                skiprows=first_row,
                usecols=None if strict else sorted(wanted_columns),
                dtype=str,
                sep=delimiter,
                keep_default_na=False,
                chunksize=CHUNK_ROWS,
                skip_blank_lines=False,
            )
            for chunk in reader:
                rows += len(chunk)
                if rows > MOST_ROWS:
                    raise refuse(file, f"more than {MOST_ROWS:,} rows", SPLIT)
                # Rows may end before the widest of the notes above them.
                wanted = chunk.reindex(columns=sorted(wanted_columns), fill_value="")
                chunks.append(wanted.apply(lambda cells: cells.str.strip()))
    except (UnicodeDecodeError, HubreachError):
        raise
    except pd.errors.EmptyDataError:
        pass  # nothing below the headings
    except (pd.errors.ParserError, ValueError, KeyError) as error:
        longer = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        found = (
            f"row {longer[2]} has {longer[3]} cells, and those above it have {longer[1]}"
            if longer
            else "not a CSV table"
        )
        raise refuse(file, found, "Give every row as many cells as the header") from error
    return (
        pd.concat(chunks, ignore_index=True) if chunks else pd.DataFrame(columns=list(positions), dtype=str)
    )


def _excel_sheets(path: Path) -> list[Sheet]:
    with check_archive(path, MOST_SHEET_BYTES) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                _check_extent(path.name, archive, name)
    sheets = []
    for name in _sheet_names(path):
        preview = tuple(_excel_rows(path, name, PREVIEW_ROWS))

        def read(first_row: int, positions: Sequence[int], name: str = name) -> pd.DataFrame:
            wanted = sorted(set(positions))
            rows = (
                tuple(row[p] if p < len(row) else "" for p in wanted)
                for number, row in enumerate(_excel_rows(path, name))
                if number >= first_row
            )
            return pd.DataFrame(rows, columns=wanted, dtype=str)

        sheets.append(Sheet(path, name, preview, read))
    return sheets


def _check_extent(file: str, archive: zipfile.ZipFile, member: str) -> None:
    """Refuse a sheet with a cell so far out that the blanks before it would fill the memory.

    The XML is searched, not parsed: what a sheet says of its own size may be wrong, and a reader fills the blanks.
    """
    rows = columns = 1
    with unpacking(file), archive.open(member) as xml:
        rest = b""
        while block := xml.read(1 << 20):
            for column, row in CELL_REFERENCE.findall(rest + block):
                rows, columns = max(rows, int(row)), max(columns, _column_number(column))
            rest = block[-LONGEST_CELL_TAG:]
    if rows * columns > MOST_CELLS:
        found = f"too many cells: a sheet that reaches to row {rows:,} and to column {columns:,}"
        raise refuse(file, found, BEYOND)


def _column_number(letters: bytes) -> int:
    """Number of a column by its letters: A is 1, XFD is 16,384; blank is 1."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return max(number, 1)


def _sheet_names(path: Path) -> list[str]:
    return list(_workbook(path).sheetnames)[:40]


def _workbook(path: Path) -> Any:
    try:
        # A workbook may have come under another ending, which the reader would refuse.
        source = path if path.suffix.lower() == ".xlsx" else io.BytesIO(path.read_bytes())
        return openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # the reader raises whatever its XML parser met
        raise _damaged_excel(path) from error


def _damaged_excel(path: Path) -> HubreachError:
    # What a parser says may repeat a cell, which may be about a person.
    return refuse(path.name, "an Excel file that cannot be read: it is damaged, or no workbook", SAVE_AS)


def _check_cells(file: str, rows: int, cells: int, blank: int) -> None:
    if blank > MOST_BLANK_ROWS:
        raise refuse(file, f"over {MOST_BLANK_ROWS:,} blank rows between its cells", BEYOND)
    if rows > MOST_ROWS or cells > MOST_CELLS:
        raise refuse(file, "a sheet with too many cells", SPLIT)


def _excel_rows(path: Path, name: str, most: int | None = None) -> Iterator[Row]:
    """Rows of a sheet as text: stored values, never formulas; cells of merged ranges but the first are blank."""
    book = _workbook(path)
    cells = blank = 0
    try:
        sheet = book[name]
        if not hasattr(sheet, "reset_dimensions"):
            return
        # What a sheet says of its own size may be wrong, or a trap.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True)):
            if most is not None and number >= most:
                return
            cells += len(row)
            # The reader fills every gap, however the sheet writes where its next cell stands.
            blank = 0 if any(cell is not None for cell in row) else blank + 1
            _check_cells(f"{path.name} ({name})", number, cells, blank)
            yield tuple("" if cell is None else str(cell)[:MOST_CELL_LENGTH].strip() for cell in row)
    except HubreachError:
        raise
    except Exception as error:  # the reader raises whatever its XML parser met
        raise _damaged_excel(path) from error
    finally:
        book.close()
