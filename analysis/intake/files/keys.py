"""Rows that stand for one area more than once: added up, chosen, asked about or refused; none is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.sheets import Row, Sheet
from analysis.base.text import normal_heading, plain, ungrouped_series
from analysis.intake.files.codes import TOTALS, totals_left_out
from analysis.intake.files.headings import headings as known_headings
from analysis.intake.files.headings import mid_year

Where = Mapping[str, Sequence[str]]
"""Heading to the values that are wanted; of several, the rows are added up."""
FEMALE, MALE, PERSONS = "Females", "Males", "Persons"
SEX_WORDS = {
    **dict.fromkeys(("female", "females", "girls", "women"), FEMALE),
    **dict.fromkeys(("male", "males", "boys", "men"), MALE),
    **dict.fromkeys(
        (
            "person",
            "persons",
            "all persons",
            "people",
            "all people",
            "both",
            "both sexes",
            "all sexes",
            "children",
        ),
        PERSONS,
    ),
}
# Believed only under a heading that says sex; numbers are those of Nomis.
SHORT_SEXES = {
    "f": FEMALE,
    "m": MALE,
    "2": FEMALE,
    "1": MALE,
    **dict.fromkeys(("p", "t", "b", "0", "all", "total", ""), PERSONS),
}
SEX_HEADING = re.compile(r"(?:c_)?(?:sex|gender)(?:[ _(].*)?")
SEX_IN_NAME = re.compile(
    r"\b(females?|males?|girls|boys|women|men|persons|people|both sexes)\b", re.IGNORECASE
)
DIMENSION = re.compile(
    r".*(?:year|period|date|time|quarter|month|measure|variable|indicator|categor|age|code|type|group|statistic).*|c_.*"
)
# Numbers that say what a row is of, or only count the rows: never figures.
NO_FIGURE = re.compile(
    r"(?:year|period|date|time|quarter|month).*|c_.*|.*[ _]codes?|f?id|object ?id|row(?: number)?|fid_.*|shape_.*"
)
SHEET = "sheet"
MOST_NAMED, MOST_OPTIONS = 5, 60


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of a table as text, with what the sheets it was put together from are called.

    Parameters
    ----------
    file : str
        Name for messages.
    frame : DataFrame
        Text; index row of the file, columns positions of `headings`.
    headings : tuple of str
        By position; after those of the file, two that its sheets give: sex and sheet.
    notes : tuple of str
        What was left out or added up.
    """

    file: str
    frame: pd.DataFrame
    headings: Row
    notes: tuple[str, ...] = ()


def read_keyed(
    sheets: Sequence[Sheet], sheet: Sheet, header: int, wanted: Iterable[int], where: Where
) -> Cells:
    """Some columns of a table, every column that may tell its rows apart, and the same of sheets headed alike.

    Of sheets of several years the latest is read.

    Parameters
    ----------
    sheets : sequence of Sheet
        Of the file.
    sheet : Sheet
        That the table was found in.
    header : int
        Row of its headings, from 0.
    wanted : iterable of int
        Positions of the columns that hold keys, first, and figures.
    where : mapping
        Names columns that are read too; "sheet" names sheets.
    """
    head = sheet.preview[header]
    width = max(len(row) for row in sheet.preview[header:])
    headings = (*head, *[""] * (width - len(head)))
    named = {normal_heading(name) for name in where}
    key, *rest = wanted
    positions = sorted(
        {key, *rest, *(at for at in range(width) if _tells_apart(sheet, header, at, headings, named))}
    )
    alike = [(each, at) for each in sheets if (at := _row_of(each, head)) is not None]
    held, notes = _latest(alike or [(sheet, header)], where)
    parts: list[pd.DataFrame] = []
    rows = 0
    for each, at in held:
        part = each.read(at + 1, positions)
        part.index = pd.RangeIndex(rows + at + 2, rows + at + 2 + len(part))
        rows += len(part) if len(held) > 1 else 0
        sex = SEX_IN_NAME.search(each.name)
        part = part[(part != "").any(axis=1)].copy()
        part[width] = SEX_WORDS.get(sex[1].casefold(), PERSONS) if sex else PERSONS
        part[width + 1] = SEX_IN_NAME.sub("", each.name).strip(" -_")
        parts.append(part)
    file = sheet.file if len(held) == 1 else sheet.path.name
    frame = pd.concat(parts).fillna("")
    # Between the rows of areas, those of a ward's total have no code.
    texts = [at for at in positions if at != key]
    total = (frame[key] == "") & frame[texts].apply(
        lambda cells: cells.str.casefold().str.fullmatch(TOTALS)
    ).any(axis=1)
    told = totals_left_out(int(total.sum()))
    return Cells(file, frame[~total], (*headings, "sex", SHEET), (*notes, told) if told else notes)


def _tells_apart(sheet: Sheet, header: int, at: int, headings: Row, named: set[str]) -> bool:
    """Whether a column may say what a row is of: it is asked for, headed so, or holds words."""
    normal = normal_heading(headings[at][:200])
    if normal in named or DIMENSION.fullmatch(normal) or SEX_HEADING.fullmatch(normal):
        return True
    cells = pd.Series(
        [row[at] for row in sheet.preview[header + 1 :] if at < len(row) and row[at]], dtype="str"
    )
    return bool(normal) and bool(pd.to_numeric(ungrouped_series(cells), errors="coerce").isna().mean() > 0.5)


def _row_of(sheet: Sheet, head: Row) -> int | None:
    """Row of the same headings in another sheet."""
    wanted = [normal_heading(cell[:200]) for cell in head]
    rows = ([normal_heading(cell[:200]) for cell in row] for row in sheet.preview[:-1])
    return next((number for number, row in enumerate(rows) if row == wanted), None)


def _latest(held: list[tuple[Sheet, int]], where: Where) -> tuple[list[tuple[Sheet, int]], tuple[str, ...]]:
    """Of sheets that each name a year, those of the latest; of all, those that were asked for."""
    asked = {
        value.casefold()
        for name, values in where.items()
        if normal_heading(name) == SHEET
        for value in values
    }
    chosen = [each for each in held if each[0].name.casefold() in asked]
    if chosen or len(held) == 1:
        return chosen or held, ()
    years = [mid_year(sheet.name) for sheet, _ in held]
    if "" in years or len(set(years)) == 1:
        return held, ()
    latest = [each for each, year in zip(held, years, strict=True) if year == max(years)]
    left = ", ".join(sorted(set(years) - {max(years)}))
    return latest, (f"Of its sheets those of {max(years)} were read, and those of {left} were not",)


def one_row_a_key(
    cells: Cells,
    key: int,
    values: Sequence[int],
    faults: FaultList,
    where: Where | None = None,
    *,
    adds_up: bool,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """One row for each key, whatever stands in several.

    Rows that a choice leaves out go first. Of rows by sex those of both sexes are taken where every key has one; else
    females and males are added up. Rows that differ in anything else are asked about, and rows that differ in
    nothing are faults with their numbers.

    Parameters
    ----------
    cells : Cells
        Rows of the place, or of the country.
    key : int
        Position of the codes.
    values : sequence of int
        Positions of the figures.
    faults : FaultList
        Takes what has to be said or corrected; a fault that a choice answers carries the options.
    where : mapping, optional
        What was chosen.
    adds_up : bool
        Whether parts add up to a whole (numbers of people), or do not (rates).

    Returns
    -------
    frame : DataFrame
        Text, index row of the file (the first of those added up), columns of `cells`, each key once.
    notes : tuple of str
    """
    frame, added, notes = _chosen(cells, where or {}, faults)
    if added and not adds_up:
        named = ", ".join(plain(cells.headings[at]) for at in added)
        faults.add(
            f"several values of {named} are asked for, and its figures do not add up", "Ask for one of them"
        )
    frame = _by_sex(cells, frame, (key, added), notes, faults, adds_up=adds_up, asked=where or {})
    if adds_up:
        # Areas of 2011 that were merged: their rows are parts of the one of 2021.
        added += [at for at in older_columns(cells.headings, key) if at in frame and at not in added]
    repeated = frame.duplicated([key, *added], keep=False)
    if repeated.any():
        _ask_or_refuse(cells, frame[repeated], (key, values), added, faults, adds_up=adds_up)
        return frame.drop_duplicates(key), tuple(notes)
    return (_summed(frame, key, values) if added else frame), tuple(notes)


def older_columns(texts: Sequence[str], key: int) -> list[int]:
    """Positions of columns of codes of LSOAs of an earlier year than that of the keys."""
    years = {each.position: each.year for each in known_headings(texts) if each.field == "lsoa_code"}
    return [at for at, year in years.items() if at != key and year and year < years.get(key, "")]


def _chosen(cells: Cells, where: Where, faults: FaultList) -> tuple[pd.DataFrame, list[int], list[str]]:
    """Rows that were asked for, columns of which several values were, and a note of each."""
    frame, added = cells.frame, []
    notes = list(cells.notes)
    for name, wanted in where.items():
        known = [normal_heading(text[:200]) for text in cells.headings]
        if normal_heading(name) == SHEET:
            last = len(known) - 1 - known[::-1].index(SHEET)
            added += [last] if len(set(frame[last])) > 1 else []
            continue
        if normal_heading(name) not in known:
            shown = ", ".join(repr(plain(text)[:40]) for text in cells.headings if text)
            faults.add(f"no column is headed {name!r:.60}", f"Use one of: {shown:.300}", column="--where")
            continue
        at = known.index(normal_heading(name))
        low = {text.casefold(): text for text in dict.fromkeys(frame[at])}
        missing = [text for text in wanted if text.strip().casefold() not in low]
        if missing:
            remedy = f"Use one of: {_listed(low.values())}"
            faults.add(
                f"no row has {missing[0]!r:.60}",
                remedy,
                column=plain(cells.headings[at]),
                options=tuple(low.values())[:MOST_OPTIONS],
            )
            continue
        values = [low[text.strip().casefold()] for text in dict.fromkeys(wanted)]
        frame = frame[frame[at].isin(values)]
        added += [at] if len(values) > 1 else []
        notes.append(
            f"Of {plain(cells.headings[at])}, {' and '.join(map(plain, values))} {'were added up' if len(values) > 1 else 'was taken'}"
        )
    return frame, added, notes


def _by_sex(
    cells: Cells,
    frame: pd.DataFrame,
    keyed: tuple[int, list[int]],
    notes: list[str],
    faults: FaultList,
    *,
    adds_up: bool,
    asked: Where,
) -> pd.DataFrame:
    """Rows of both sexes where every key has one; else the columns of sex join those that are added up."""
    key, added = keyed
    told = {normal_heading(name) for name in asked}
    for at, text in enumerate(cells.headings):
        if at == key or at in added or at not in frame or normal_heading(text[:200]) in told or frame.empty:
            continue
        sexes = _sexes(text, frame[at])
        if sexes is None:
            continue
        heading, kinds = plain(cells.headings[at]), set(sexes)
        of_key = pd.crosstab(frame[key], sexes).reindex(columns=[FEMALE, MALE, PERSONS], fill_value=0) > 0
        if kinds == {PERSONS}:
            continue
        if of_key[PERSONS].all():
            frame = frame[sexes == PERSONS]
            notes.append(f"Of the rows by sex those of both sexes were taken ({heading})")
        elif (of_key[FEMALE] & of_key[MALE]).all() and PERSONS not in kinds and adds_up:
            added.append(at)
            notes.append(f"Females and males were added up ({heading})")
        elif adds_up:
            short = of_key.index[~of_key[PERSONS] & ~(of_key[FEMALE] & of_key[MALE])]
            some = (
                f"{'1 area has' if len(short) == 1 else f'{len(short):,} areas have'} rows of one sex alone: {_listed(short)}"
                if len(short)
                else "some areas have a row of both sexes, and others have not"
            )
            faults.add(
                some,
                "Give every area a row of both sexes, or one of females and one of males",
                column=heading,
            )
        elif len(kinds) == 1:
            notes.append(f"Every row is of {kinds.pop().lower()} alone ({heading})")
    return frame


def _sexes(heading: str, values: pd.Series) -> pd.Series | None:
    """Sex of each row, or None of a column that does not hold it."""
    low = values.str.casefold()
    if SEX_HEADING.fullmatch(normal_heading(heading[:200])):
        kinds = low.map(SEX_WORDS | SHORT_SEXES)
    else:
        kinds = low.map(SEX_WORDS)
        if not {FEMALE, MALE} & set(kinds.dropna()):
            return None
    return kinds if kinds.notna().all() else None


def _ask_or_refuse(
    cells: Cells,
    rows: pd.DataFrame,
    used: tuple[int, Sequence[int]],
    added: Sequence[int],
    faults: FaultList,
    *,
    adds_up: bool,
) -> None:
    """A fault with options for the column that tells repeated rows apart; without one, their keys and rows."""
    key, values = used
    others = [at for at in range(len(cells.headings)) if at in rows and at not in {key, *values, *added}]
    by = rows.groupby([key, *added])
    differing = [at for at in others if cells.headings[at] and by[at].nunique().gt(1).any()]
    telling = [at for at in differing if _tells(cells.headings[at], rows[[key, at]])]
    words = [at for at in telling if pd.to_numeric(rows[at], errors="coerce").isna().any()]
    if telling:
        at = (words or telling)[0]
        options = tuple(sorted(set(rows[at])))[:MOST_OPTIONS]
        heading = plain(cells.headings[at])
        first = f'--where "{heading}={options[0]}"'
        several = "; several are added up" if adds_up else ""
        remedy = (
            f"Say which of them is meant ({first}){several}"
            if heading != SHEET
            else f"Say which sheet is meant ({first})"
        )
        what = f"an area stands in several rows, which differ by {heading}: {_listed(options)}"
        faults.add(what, remedy, column=heading, options=options)
        return
    numbers = rows.groupby(key, sort=False).apply(lambda part: ", ".join(map(str, part.index[:MOST_NAMED])))
    named = "; ".join(f"{plain(str(code))} in rows {at}" for code, at in numbers[:MOST_NAMED].items())
    more = f"; {len(numbers) - MOST_NAMED:,} more" if len(numbers) > MOST_NAMED else ""
    what = f"{len(numbers):,} code{'s stand' if len(numbers) > 1 else ' stands'} in more than one row: {named}{more}"
    row = int(rows.index[1])
    faults.add(
        what,
        "Keep one row an area, or add a column that tells them apart",
        row=row,
        column=plain(cells.headings[key]) or None,
    )


def _tells(heading: str, pairs: pd.DataFrame) -> bool:
    """Whether a column says what a row is of: by its heading, or since each of its values is of several keys."""
    key, at = pairs.columns
    if (pairs[at] == "").any():
        return False
    return bool(DIMENSION.fullmatch(normal_heading(heading[:200]))) or bool(
        pairs.groupby(at)[key].nunique().min() > 1
    )


def _summed(frame: pd.DataFrame, key: int, values: Sequence[int]) -> pd.DataFrame:
    """Rows of a key added up; a sum with a cell that is no number is that cell."""
    first, by = frame.drop_duplicates(key).copy(), frame[key]
    for at in dict.fromkeys(values):
        numbers = pd.to_numeric(ungrouped_series(frame[at]), errors="coerce")
        total = numbers.groupby(by).sum().map(lambda value: f"{value:.15g}")
        unknown = frame[at][numbers.isna()].groupby(by).first()
        total.update(unknown)
        first[at] = total.reindex(first[key]).to_numpy()
    return first


def _listed(values: Iterable[object]) -> str:
    """The first few, for a message."""
    texts = [plain(str(value))[:60] or "(blank)" for value in values]
    return ", ".join(texts[:12]) + (f" and {len(texts) - 12:,} more" if len(texts) > 12 else "")


def commonest(rows: pd.DataFrame, key: str, faults: FaultList, file: str) -> tuple[pd.DataFrame, int]:
    """What most rows of each key say: a finer lookup (postcodes, output areas) lists an area often.

    Parameters
    ----------
    rows : DataFrame
        Text, index row of the file, `key` and the columns that belong to it.
    key : str
    faults : FaultList
        Takes keys of which as many rows say one thing as another.
    file : str

    Returns
    -------
    best : DataFrame
        Index `key`.
    several : int
        Keys of which some rows say something else.
    """
    said = [str(name) for name in rows if name != key]
    counts = rows.groupby([key, *said], sort=True).size().rename("rows").reset_index()
    counts = counts.sort_values(
        [key, "rows", *said], ascending=[True, False, *[True] * len(said)], kind="stable"
    )
    best = counts.drop_duplicates(key).set_index(key)
    apart = counts[counts.duplicated(key, keep=False)]
    second = apart[apart.duplicated(key)].drop_duplicates(key).set_index(key)["rows"]
    tied = second.index[second == best["rows"].reindex(second.index)]
    if len(tied):
        where = rows[rows[key].isin(tied[:MOST_NAMED])]
        named = "; ".join(
            f"{code} in rows {', '.join(map(str, part.index[:MOST_NAMED]))}"
            for code, part in where.groupby(key)
        )
        what = f"{len(tied):,} code{'s stand' if len(tied) > 1 else ' stands'} in rows that say different things: {named}"
        faults.add(what, "Keep the rows of one date, one row an area", row=int(where.index[1]), file=file)
    return best[said], len(second)
