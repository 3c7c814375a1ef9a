"""A small group of people as numbers by ward or locality, and the tables that may be shown of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.text import slugify, ungrouped_series
from analysis.commissioning.personal_data import refuse_personal_data
from analysis.intake.files.uploads import read_cells
from analysis.places.disclosure import marked, protect
from analysis.places.place import CODE_COLUMNS, Level, Place

if TYPE_CHECKING:
    from pathlib import Path

COHORT_LEVELS: tuple[Level, ...] = ("ward", "locality")
AREA_HEADINGS = re.compile(r"^(area|ward|locality|neighbourhood|wd\d*)?-?(code|name|cd|nm)?$|^wd\d+(cd|nm)$")
PERIOD_HEADINGS = ("period", "quarter", "year", "financial-year")
PERIOD = re.compile(r"^(\d{4}([-/]\d{2,4})?[ -]*(q[1-4])?|q[1-4][ -]*\d{4}([-/]\d{2,4})?)$", re.IGNORECASE)
MOST_PEOPLE = 100_000
MOST_MEASURES = 12


@dataclass(frozen=True, eq=False)
class Cohort:
    """Numbers of people, as given: not to be shown before they are protected.

    Parameters
    ----------
    level : {"ward", "locality"}
        What the numbers are by.
    counts : DataFrame
        Columns `area_code`, `period` ("" if the file has none), `measure`, `count` (int64); only what
        was given.
    blank_areas : int
        Areas of the place for which no number was given.
    """

    level: Level
    counts: pd.DataFrame
    blank_areas: int

    @property
    def measures(self) -> list[str]:
        """Names of the measures, in the order of the file."""
        return list(dict.fromkeys(self.counts["measure"]))


def read_cohort(source: Path | bytes, place: Place, file: str = "") -> Cohort:
    """Read numbers of people by ward or locality from a CSV or Excel file.

    The file has a column of areas of the place (codes or names, or one of each), perhaps one headed
    period, quarter or year, and any other column is a measure: whole numbers, blank where not known.

    Parameters
    ----------
    source : Path or bytes
        The file, or the content of an upload.
    place : Place
        Whose wards and localities the areas must be.
    file : str
        Name of an upload, for messages and the file type.

    Raises
    ------
    HubreachError
        If the file looks as if it holds personal data, or cannot be used. No cell is repeated in it.
    """
    name = file or getattr(source, "name", "cohort file")
    return cohort_from_cells(read_cells(source, name), place, name)


def cohort_from_cells(cells: pd.DataFrame, place: Place, file: str) -> Cohort:
    """As `read_cohort`, from a table of text (an editor on a page, a paste from a spreadsheet)."""
    cells = cells.fillna("").astype(str).map(str.strip).reset_index(drop=True)
    cells = cells.loc[(cells != "").any(axis=1)]
    refuse_personal_data(cells, file, _area_texts(place))
    level, codes, area_columns = _areas(cells, place, file)
    headings = {heading: slugify(str(heading)) for heading in cells.columns}
    period_columns = [h for h, slug in headings.items() if slug in PERIOD_HEADINGS]
    measures = [h for h in cells.columns if h not in {*area_columns, *period_columns}]
    faults = FaultList(file)
    periods = _periods(cells, period_columns, faults)
    counts = [_counts(cells[measure], codes, periods, str(measure), faults) for measure in measures]
    _check_shape(codes, periods, measures, faults)
    faults.raise_if_any("The cohort file cannot be used.")
    table = pd.concat(counts, ignore_index=True)
    if table.empty:
        fault = Fault(
            file, None, None, "every number is blank", "Enter numbers of people; 0 where there are none"
        )
        raise HubreachError("The cohort is still to be entered.", [fault])
    _refuse_sums(table, [str(m) for m in measures], file)
    given = table["area_code"].nunique()
    return Cohort(level, table, len(place.names(level)) - given)


def protected_counts(cohort: Cohort, place: Place) -> pd.DataFrame:
    """Every table that may be shown of a cohort, protected together.

    Returns
    -------
    DataFrame
        Columns `level`, `area_code`, `area_name`, `period`, then each measure: counts to the nearest 5
        (Int64), NA where suppressed or not given. Numbers are never added up over periods, since the same
        people may stand in several.
    """
    return _assembled(cohort, place, as_text=False)


def shown_counts(cohort: Cohort, place: Place) -> pd.DataFrame:
    """`protected_counts` as text: "[c]" where suppressed, empty where not given."""
    return _assembled(cohort, place, as_text=True)


def _assembled(cohort: Cohort, place: Place, *, as_text: bool) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for measure in cohort.measures:
        leaves = cohort.counts[cohort.counts["measure"] == measure]
        tables = _protected_tables(leaves, cohort.level, place)
        columns[measure] = marked(tables) if as_text else tables
    frame = pd.DataFrame(columns, index=pd.MultiIndex.from_tuples(_row_order(cohort, place)))
    if as_text:
        frame = frame.fillna("")
    frame.index.names = ["level", "area_code", "period"]
    frame = frame.reset_index()
    names = {
        (level, code): name
        for level in _levels(cohort.level, place)
        for code, name in place.names(level).items()
    }
    keys = zip(frame["level"], frame["area_code"], strict=True)
    frame.insert(2, "area_name", pd.Series([names[key] for key in keys], dtype=str))
    return frame


def _row_order(cohort: Cohort, place: Place) -> list[tuple[str, str, str]]:
    periods = sorted(set(cohort.counts["period"]))
    return [
        (level, str(code), period)
        for level in _levels(cohort.level, place)
        for code in place.names(level).index
        for period in periods
    ]


def _levels(finest: Level, place: Place) -> list[Level]:
    levels: list[Level] = [finest]
    if finest == "ward" and len(place.names("locality")) > 1:
        levels.append("locality")
    return [*levels, "place"]


def _protected_tables(leaves: pd.DataFrame, finest: Level, place: Place) -> pd.Series:
    member = place.areas.drop_duplicates(CODE_COLUMNS[finest][0]).set_index(
        CODE_COLUMNS[finest][0], drop=False
    )
    levels = _levels(finest, place)
    table = leaves[["period", "count"]].copy()
    for level in levels:
        table[level] = member[CODE_COLUMNS[level][0]].reindex(leaves["area_code"]).to_numpy()
    tables = protect(table, {level: [level, "period"] for level in levels})
    joined: pd.Series = pd.concat(tables)
    return joined


def _area_texts(place: Place) -> list[str]:
    return [str(text) for level in COHORT_LEVELS for pair in place.names(level).items() for text in pair]


def _areas(cells: pd.DataFrame, place: Place, file: str) -> tuple[Level, pd.Series, list[str]]:
    """Level, area code of each row, and the columns that name areas."""
    candidates = [h for h in cells.columns if AREA_HEADINGS.match(slugify(str(h)))] or list(cells.columns[:1])
    best: tuple[tuple[int, bool], Level, pd.Series] | None = None
    for heading, level in product(candidates, COHORT_LEVELS):
        pairs = place.names(level).items()
        by_text = {str(text).casefold(): str(code) for code, name in pairs for text in (code, name)}
        codes = cells[heading].str.casefold().map(by_text)
        # A name can be a ward's and a locality's: the other rows tell which, and then the heading.
        fit = (int(codes.notna().sum()), level in slugify(str(heading)))
        if fit[0] and (best is None or fit > best[0]):
            best = (fit, level, codes)
    if best is not None:
        _refuse_unknown(best[2], best[1], place, file)
        return best[1], best[2], candidates
    found = f"no column of {place.name}'s wards or localities"
    remedy = "Give a column headed area_code or area_name with one ward or locality in each row"
    raise HubreachError("The cohort file cannot be used.", [Fault(file, None, None, found, remedy)])


def _refuse_unknown(codes: pd.Series, level: Level, place: Place, file: str) -> None:
    faults = FaultList(file)
    for position, unknown in codes.isna().items():
        if unknown:
            faults.add(
                f"not a {level} of {place.name}", "Correct it, and leave totals out", row=_sheet_row(position)
            )
    faults.raise_if_any("The cohort file cannot be used.")


def _periods(cells: pd.DataFrame, columns: list[str], faults: FaultList) -> pd.Series:
    if not columns:
        return pd.Series("", index=cells.index)
    joined = cells[columns].agg(" ".join, axis=1).str.strip()
    for position, text in joined.items():
        if not PERIOD.match(text):
            faults.add(
                "not a year or quarter",
                "Write 2021-22, 2022 or 2022 Q1",
                row=_sheet_row(position),
                column=columns[0],
            )
    return joined


def _counts(
    texts: pd.Series, codes: pd.Series, periods: pd.Series, measure: str, faults: FaultList
) -> pd.DataFrame:
    values = pd.to_numeric(ungrouped_series(texts), errors="coerce").where(texts != "")
    bad = (texts != "") & ~(values.ge(0) & values.le(MOST_PEOPLE) & (values % 1 == 0))
    for position, wrong in bad.items():
        if wrong:
            faults.add(
                "not a whole number of people",
                "Enter a count, or leave it blank",
                row=_sheet_row(position),
                column=measure,
            )
    given = values.notna() & ~bad
    table = pd.DataFrame({"area_code": codes, "period": periods, "measure": measure})[given]
    return table.assign(count=values[given].astype("int64"))


def _sheet_row(position: object) -> int:
    """Row as a spreadsheet shows it: below the heading."""
    return int(str(position)) + 2


def _check_shape(codes: pd.Series, periods: pd.Series, measures: list[str], faults: FaultList) -> None:
    keys = pd.DataFrame({"area": codes, "period": periods})
    for position, twice in keys.duplicated().items():
        if twice:
            remedy = "Give one row for each area and period, with numbers: not a row for each person"
            faults.add("the same area and period as an earlier row", remedy, row=_sheet_row(position))
    if not 1 <= len(measures) <= MOST_MEASURES:
        faults.add(f"{len(measures)} columns of numbers", f"Give 1 to {MOST_MEASURES}")


def _refuse_sums(table: pd.DataFrame, measures: list[str], file: str) -> None:
    """A column that is the sum of others would give away what they hide."""
    wide = table.pivot_table(
        index=["area_code", "period"], columns="measure", values="count", aggfunc="sum"
    ).dropna()
    faults = FaultList(file)
    for total in measures:
        others = [m for m in measures if m != total and m in wide]
        if total not in wide or len(wide) < 2 or not wide[total].any():
            continue
        for parts in (p for size in (2, 3, 4) for p in combinations(others, size)):
            if (wide[list(parts)].sum(axis=1) == wide[total]).all() and wide[list(parts)].any().all():
                faults.add(f"the column is the sum of {', '.join(parts)}", "Leave it out", column=total)
                break
    faults.raise_if_any("The cohort file holds a column that would give away what the others hide.")
