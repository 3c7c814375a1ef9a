"""A table of the user's own, keyed by LSOA, MSOA or ward, read cell by cell for one place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.limits import refuse
from analysis.base.sheets import Row, Rows, Sheet, open_sheets
from analysis.base.text import POINT, normal_heading, plain, ungrouped
from analysis.intake.files.codes import area_codes, code_of, is_whole, kinds_of_codes
from analysis.intake.files.headings import headings as known_headings
from analysis.intake.files.headings import nations_of
from analysis.intake.files.keys import NO_FIGURE, Where, one_row_a_key, read_keyed
from analysis.intake.indicators.looks import look_at
from analysis.places.england.tables import bundle_stamp, wards_of_england
from analysis.places.own_indicators import Measure

# Finest first: where a table has codes of several geographies, its rows are of the finest.
CODE_PATTERNS = {
    "LSOA": re.compile(r"E01\d{6}"),
    "MSOA": re.compile(r"E02\d{6}"),
    "ward": re.compile(r"E05\d{6}"),
}
GEOGRAPHIES = tuple(CODE_PATTERNS)
CODE_MEANINGS = ("lsoa_code", "msoa_code", "area_code", "code")
ANY_CODE = re.compile(r"[A-Z]\d{8}")
SUPPRESSED = re.compile(
    r"\*+|\[?c\]?|#|s|supp(?:ressed)?|\[low\]|(?:<|less than|under) ?\d+|1 ?(?:-|–|to) ?4"
)
NOT_THERE = re.compile(r"|\.{1,3}|:|-|–|n\.?/?a\.?|nan|null|none|missing|\[?[xzu]\]?")
NUMBER_SIGNS = str.maketrans("", "", "£%")
REMEDY = "Enter a number, leave the cell empty, or say what marks a suppressed one (--suppressed)"
MOST_FAULTS = 20
# A row may name an area in several geographies, of several years; one with more codes is a table on its side.
MOST_CODES_A_ROW = 8
BIGGEST = 1e12


@dataclass(frozen=True)
class Wanted:
    """Which columns of a table hold what, where the user has said so, and which marks hide a number.

    Parameters
    ----------
    value, base, code : str
        Headings (for `base` also HEADING=VALUE: the same column in another row of the area); "" for `value` and `code` lets the table decide, for `base` means that it has none.
    marks : sequence of str
        Cells that stand for a number that was suppressed, beside the usual ones.
    measure : {"rate", "count"}
        A count is a whole number, 0 or more.
    where : mapping
        Heading to the values that are wanted, where an area stands in several rows.
    """

    value: str = ""
    base: str = ""
    code: str = ""
    marks: Sequence[str] = ()
    measure: Measure = "rate"
    where: Where = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class IndicatorRows:
    """The rows of a table that are about a place.

    Parameters
    ----------
    file : str
    geography : str
        "LSOA", "MSOA", "ward", or in words for a file of shapes.
    rows : DataFrame
        Index code; `value` and `base` as numbers (NaN where there is none), `suppressed`.
    value_heading, base_heading : str
    left_out : tuple of str
        What was left out, in words.
    cautions : tuple of str
        What looks wrong in its numbers, in sentences.
    """

    file: str
    geography: str
    rows: pd.DataFrame
    value_heading: str
    base_heading: str
    left_out: tuple[str, ...]
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodedTable:
    """Where the table of a sheet is.

    Parameters
    ----------
    sheet : Sheet
    header : int
        Row of the headings, from 0.
    geography : str
        "LSOA", "MSOA" or "ward".
    code : int
        Position of the column of codes.
    headings : tuple of str
    """

    sheet: Sheet
    header: int
    geography: str
    code: int
    headings: Row


def value_headings(path: Path, codes: Mapping[str, frozenset[str]]) -> list[str]:
    """Headings of the columns of a file that could be its values: some cell of theirs is a number."""
    return list(_number_columns(locate_codes(path, codes, "")).values())


def read_indicator_rows(path: Path, codes: Mapping[str, frozenset[str]], wanted: Wanted) -> IndicatorRows:
    """Read the rows of a place out of a table.

    Parameters
    ----------
    path : Path
        CSV or Excel; may cover the country.
    codes : mapping
        Codes of the place by geography ("LSOA", "MSOA", "ward").
    wanted : Wanted

    Raises
    ------
    HubreachError
        With every cell that is neither a number nor a mark for none, and codes that stand twice.
    """
    found = locate_codes(path, codes, wanted.code)
    base_row = _base_row(found, wanted)
    value = _value_column(found, replace(wanted, base="") if base_row else wanted)
    base = _named_column(found, wanted.base, "base") if wanted.base and not base_row else None
    positions = [found.code, value, *([] if base is None else [base])]
    where: Where = {**dict.fromkeys(base_row, ()), **wanted.where}
    cells = read_keyed(open_sheets(path), found.sheet, found.header, positions, where)
    spelt = {code.upper(): code for code in codes[found.geography]}
    upper = area_codes(cells.frame[found.code])
    frame = cells.frame.copy()
    frame[found.code] = upper.map(spelt).fillna(upper)
    faults = FaultList(cells.file)
    mine, left_out = _rows_of_place(frame, found, value, codes[found.geography], faults)
    told, adds_up = replace(cells, frame=mine), wanted.measure == "count"
    keyed, notes = one_row_a_key(told, found.code, positions[1:], faults, wanted.where, adds_up=adds_up)
    if base_row:
        others, more = one_row_a_key(
            told, found.code, [value], faults, _instead(wanted.where, base_row), adds_up=adds_up
        )
        base = len(cells.headings)
        keyed[base] = others.set_index(found.code)[value].reindex(keyed[found.code]).fillna("").to_numpy()
        notes += tuple(note for note in more if note not in notes)
    names = {
        "value": found.headings[value],
        "base": wanted.base if base_row else "" if base is None else found.headings[base],
    }
    marks = {mark.strip().casefold() for mark in wanted.marks}
    rows = pd.DataFrame(index=keyed[found.code].rename("code"))
    rows["value"], rows["suppressed"] = check_numbers(
        keyed[value], names["value"], marks, faults, wanted.measure
    )
    rows["base"] = (
        np.nan if base is None else check_numbers(keyed[base], names["base"], marks, faults, "count")[0]
    )
    faults.raise_if_any(f"{plain(found.sheet.file)} cannot be used as it is.")
    left_out += (*notes, *_unread_sheets(path, found))
    areas = frame[found.code]
    of_all = frame.loc[areas.isin(rows.index) | areas.str.fullmatch(CODE_PATTERNS[found.geography]), value]
    every = pd.Series([_number(cell) for cell in of_all if cell.strip().casefold() not in marks], dtype=float)
    return IndicatorRows(
        found.sheet.file,
        found.geography,
        rows,
        plain(names["value"]),
        plain(names["base"]),
        left_out,
        tuple(look_at(every, names["value"])),
    )


def _unread_sheets(path: Path, found: CodedTable) -> tuple[str, ...]:
    """Sheets of the file that hold codes of the same kind too, and are not read."""
    pattern = CODE_PATTERNS[found.geography]
    others = [
        sheet.name
        for sheet in open_sheets(path)
        if sheet.name != found.sheet.name
        and found.headings[: len(found.sheet.preview[found.header])] not in sheet.preview
        and any(pattern.fullmatch(cell.strip().upper()) for row in sheet.preview for cell in row)
    ]
    if not others:
        return ()
    named = ", ".join(plain(name)[:40] for name in others[:5])
    return (
        f"sheet {named}: only {plain(found.sheet.name)[:40]} was read; save another one by itself to use it",
    )


def locate_codes(
    path: Path, codes: Mapping[str, frozenset[str]], heading: str, columns: Mapping[str, str] | None = None
) -> CodedTable:
    """Find the column of codes in a file, and the row of headings above its first code.

    Parameters
    ----------
    path : Path
        CSV or Excel.
    codes : mapping
        Codes of the place by geography ("LSOA", "MSOA", "ward"); codes of elsewhere are known by their form.
    heading : str
        Heading of the codes; "" takes the finest.
    columns : mapping, optional
        What a column means, to its heading; a code there goes before `heading`.

    Raises
    ------
    HubreachError
        If there is none.
    """
    sheets = open_sheets(path, columns)
    heading = next((name for name in columns or {} if name in CODE_MEANINGS), heading)
    known = {kind: frozenset(code.upper() for code in held) for kind, held in codes.items()}
    for sheet in sheets:
        for number, row in enumerate(sheet.preview):
            kinds = {at: _geography(code_of(cell), known) for at, cell in enumerate(row)}
            head = _heading_above(sheet.preview, number)
            if head is None:
                continue
            headings = (*sheet.preview[head], *[""] * len(row))[: max(len(row), len(sheet.preview[head]))]
            fitting = {at: kind for at, kind in kinds.items() if kind and _is_heading(headings[at], heading)}
            if fitting:
                at, kind = min(
                    fitting.items(), key=lambda item: (*_fineness(item[1], headings[item[0]]), item[0])
                )
                return CodedTable(sheet, head, kind, at, headings)
    rows = [row for sheet in sheets for row in sheet.preview if any(row)]
    cells = pd.Series([cell.strip() for row in rows for cell in row], dtype="str")
    heads = ", ".join(repr(plain(cell)[:40]) for cell in (rows[0] if rows else ())[:10] if cell) or "none"
    of = f" headed {heading!r:.60}" if heading else ""
    known_kinds = kinds_of_codes(cells)
    nations = nations_of(cells)
    whose = "".join(
        f"{words}, and " for words in (f"codes of {nations}" if nations else "", known_kinds) if words
    )
    found = f"{whose}no column{of} of codes of LSOAs, MSOAs or wards of England (headings found: {heads})"
    if any(sum(_geography(code_of(cell), known) != "" for cell in row) > MOST_CODES_A_ROW for row in rows):
        raise refuse(
            path.name,
            "its codes stand side by side in one row",
            "Turn the table: a row an area, with its code",
        )
    raise refuse(path.name, found, "Give a table with a row an area, and its code, such as E01015921")


def _heading_above(rows: Rows, number: int) -> int | None:
    """Row of the headings of a table: above its first code, and above rows of totals, which are mostly numbers as well."""
    filled = [[cell for cell in row if cell.strip()] for row in rows[:number]]
    figures = [sum(_number(cell) is not None for cell in cells) for cells in filled]
    above = [
        at
        for at in range(number - 1, -1, -1)
        if filled[at] and (rows[at][0].strip() or figures[at] < len(filled[at]))
    ]
    head = next(iter(above), None)
    for at in above:
        if head is None or not len(filled[at]) >= len(filled[head]) > 1:
            continue
        # Units under the headings repeat each other (number, number), and headings do not.
        alike = figures[at] == figures[head] and len(set(filled[at])) > len(set(filled[head]))
        head = at if figures[at] < figures[head] or alike else head
    return head


def _fineness(kind: str, heading: str) -> tuple[int, int]:
    """What goes before: the finest areas, of the latest year that a heading names."""
    year = next((each.year for each in known_headings([heading])), "")
    return GEOGRAPHIES.index(kind), -int(year or 0)


def _geography(code: str, codes: Mapping[str, frozenset[str]]) -> str:
    for kind, pattern in CODE_PATTERNS.items():
        if code in codes[kind] or pattern.fullmatch(code):
            return kind
    return ""


def _is_heading(text: str, wanted: str) -> bool:
    return not wanted or normal_heading(text[:200]) == normal_heading(wanted)


def _number_columns(found: CodedTable) -> dict[int, str]:
    """Columns whose cells in the first rows are numbers or marks, by position; headings without repeats."""
    rows = found.sheet.preview[found.header + 1 :]
    columns: dict[int, str] = {}
    for at, heading in enumerate(found.headings):
        cells = [row[at].strip() for row in rows if at < len(row)]
        numbers = [cell for cell in cells if _number(cell) is not None]
        others = [c for c in cells if _number(c) is None and not is_mark(c, set())]
        is_figure = heading.strip() and not NO_FIGURE.fullmatch(normal_heading(heading[:200]))
        if at != found.code and is_figure and len(numbers) > len(others):
            columns[at] = heading.strip()
    return columns


def _value_column(found: CodedTable, wanted: Wanted) -> int:
    if wanted.value:
        return _named_column(found, wanted.value, "value")
    base = _named_column(found, wanted.base, "base") if wanted.base else None
    columns = {at: heading for at, heading in _number_columns(found).items() if at != base}
    if len(columns) == 1:
        return next(iter(columns))
    named = ", ".join(repr(plain(heading)[:40]) for heading in list(columns.values())[:12]) or "none"
    what = "several columns could be the values" if columns else "no column of numbers"
    raise _unusable(
        found, None, f"{what}: {named}", f"Say which column holds the values (--value HEADING). {POINT}"
    )


def _base_row(found: CodedTable, wanted: Wanted) -> dict[str, list[str]]:
    """Of a base that stands in another row (HEADING=VALUE): its heading and its value; none of a column."""
    heading, equals, value = wanted.base.partition("=")
    known = [normal_heading(text[:200]) for text in found.headings]
    if not equals or normal_heading(wanted.base) in known or normal_heading(heading) not in known:
        return {}
    return {heading.strip(): [value.strip()]}


def _instead(where: Where, other: Where) -> Where:
    """What was chosen, with other values of a heading in place of those that were."""
    told = {normal_heading(name) for name in other}
    return {name: values for name, values in where.items() if normal_heading(name) not in told} | dict(other)


def _named_column(found: CodedTable, heading: str, meaning: str) -> int:
    at = next((n for n, text in enumerate(found.headings) if _is_heading(text, heading)), None)
    if at is None:
        named = ", ".join(repr(plain(text)[:40]) for text in found.headings[:12] if text)
        raise _unusable(
            found, heading[:60], "there is no such column", f"For --{meaning}, use one of: {named}"
        )
    return at


def _unusable(found: CodedTable, column: str | None, what: str, remedy: str) -> HubreachError:
    file = found.sheet.file
    return HubreachError(f"{plain(file)} cannot be used.", [Fault(file, None, column, what, remedy)])


def _rows_of_place(
    frame: pd.DataFrame, found: CodedTable, value: int, known: frozenset[str], faults: FaultList
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Rows of the place; those of other areas, of larger ones and of totals are counted, others are faults."""
    heading, codes = plain(found.headings[found.code]) or "code", frame[found.code]
    blank = (codes == "") & (frame[value] == "")
    mine = codes.isin(list(known))
    official = codes.str.fullmatch(ANY_CODE)
    here = codes.str.fullmatch(CODE_PATTERNS[found.geography])
    total = is_whole(codes) & ~official
    # What stands below the table, without a figure, is a note.
    note = ~official & (frame[value] == "")
    strange = codes[~(blank | mine | official | total | note)]
    said = [f"{code!r:.60} is no code of an area" if code else "a value without a code" for code in strange]
    faults.add_rows(
        strange.index, said, f"Give the code of the {found.geography}, or take the row out", column=heading
    )
    if not mine.any():
        nations = nations_of(codes[official])
        whose = f": they are of {nations}, and the figures here are of England" if nations else ""
        of_a_year = (
            found.geography == "ward" and not here[here & codes.isin(wards_of_england(bundle_stamp()))].any()
        )
        older = ": they are of wards of another year than 2024 or 2025" if of_a_year and not nations else ""
        what = f"none of its {int(here.sum()):,} codes of a {found.geography} is in this place{whose}{older}"
        remedy = "Give a table that covers the place, on its own areas"
        if older:
            remedy = "Give the same figures as polygons of those wards (GeoJSON, GeoPackage): they are brought over by land"
        faults.add(what, remedy, column=heading)
    left_out = []
    for rows, words in (
        (here & ~mine, f"{found.geography}s of elsewhere"),
        (official & ~here & ~mine, "areas of other kinds"),
        (total & ~mine, "rows of totals"),
    ):
        if rows.any():
            left_out.append(f"{int(rows.sum()):,} {words}")
    return frame[mine], tuple(left_out)


def _number(cell: str) -> float | None:
    try:
        number = float(ungrouped(cell).translate(NUMBER_SIGNS))
    except ValueError:
        return None
    return number if abs(number) <= BIGGEST else None


def is_mark(cell: str, marks: set[str]) -> bool:
    """Whether a cell stands for a number that is not there: blank, suppressed, or one of some marks (small letters)."""
    low = cell.casefold()
    return low in marks or bool(SUPPRESSED.fullmatch(low) or NOT_THERE.fullmatch(low))


def check_numbers(
    cells: pd.Series,
    heading: str,
    marks: set[str],
    faults: FaultList,
    measure: Measure,
    *,
    remedy: str = REMEDY,
) -> tuple[list[float], list[bool]]:
    """Numbers (NaN where there is none) and whether a number was suppressed; every other cell is a fault."""
    numbers: list[float] = []
    hidden: list[bool] = []
    wrong: dict[tuple[str, str], list[tuple[object, str]]] = {}
    for row, cell in cells.items():
        low = cell.strip().casefold()
        own_mark = low in marks
        number = None if own_mark else _number(cell)
        mark = own_mark or (number is None and is_mark(cell.strip(), marks))
        problem = "" if mark else _problem(number, measure)
        if problem:
            kind = (problem, POINT if "," in cell else remedy)
            wrong.setdefault(kind, []).append((row, f"{cell!r:.60} {problem}"))
        numbers.append(np.nan if mark or number is None else number)
        hidden.append(own_mark or (mark and bool(SUPPRESSED.fullmatch(low))))
    signed = {
        "%" in cell for cell, number in zip(cells, numbers, strict=True) if number and np.isfinite(number)
    }
    if len(signed) == 2:
        told = "some of its figures have a per cent sign and others have none"
        faults.add(
            told,
            "Write all of them alike: 12.3% and 0.123 are the same, 12.3% and 12.3 may not be",
            column=plain(heading),
        )
    for (_, what_to_do), found in wrong.items():
        faults.add_rows(
            [row for row, _ in found], [what for _, what in found], what_to_do, column=plain(heading)
        )
    return numbers, hidden


def _problem(number: float | None, measure: Measure) -> str:
    if number is None or not np.isfinite(number):
        return "is not a number"
    if measure == "count" and number < 0:
        return "is less than 0"
    if measure == "count" and number % 1:
        return "is not a whole number"
    return ""
