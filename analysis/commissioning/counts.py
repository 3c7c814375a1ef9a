"""Numbers of people by area, site or decile as a council keeps them: one reader of files, pastes and typed tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from typing import TypeVar

import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.text import slugify, ungrouped_series
from analysis.commissioning.personal_data import refuse_personal_data

Unit = TypeVar("Unit", bound=str)
UNIT_HEADINGS = re.compile(
    r"^(area|ward|locality|neighbourhood|lsoa|site|hub|idaci|wd\d*|lsoa\d*)?-?(code|name|cd|nm|decile)?$|^(wd|lsoa)\d+(cd|nm)$"
)
UNIT_WORDS = {
    "ward": "wards",
    "locality": "localities",
    "lsoa": "neighbourhoods",
    "site": "sites",
    "decile": "IDACI deciles",
}
PERIOD_HEADINGS = ("period", "quarter", "year", "financial-year")
PERIOD = re.compile(r"^(\d{4}([-/]\d{2,4})?[ -]*(q[1-4])?|q[1-4][ -]*\d{4}([-/]\d{2,4})?)$", re.IGNORECASE)
MOST_PEOPLE = 100_000
MOST_MEASURES = 12
UNUSABLE = "The file of numbers cannot be used."


def counts_from_cells(
    cells: pd.DataFrame, names: Mapping[Unit, pd.Series], whose: str, file: str
) -> tuple[Unit, pd.DataFrame]:
    """Numbers of people out of a table of text.

    Parameters
    ----------
    cells : DataFrame
        A column of units (codes or names, or one of each), perhaps one headed period, quarter or year; any
        other column is a measure: whole numbers, blank where not known.
    names : mapping of str to Series
        What the numbers may be by ("ward", "site", ...): names on the index of codes.
    whose : str
        Name of the place, for messages.
    file : str
        Name of the file, for messages.

    Returns
    -------
    str, DataFrame
        What they are by; and `area_code`, `period` ("" if there is none), `measure`, `count` (int64), only
        what was given.

    Raises
    ------
    HubreachError
        If the file looks as if it holds personal data, or cannot be used. No cell is repeated in it.
    """
    cells = cells.fillna("").astype(str).map(str.strip)
    cells = cells.loc[(cells != "").any(axis=1)]
    known = [str(text) for each in names.values() for pair in each.items() for text in pair]
    refuse_personal_data(cells, file, known)
    unit, codes, unit_columns = _units(cells, names, whose, file)
    headings = {heading: slugify(str(heading)) for heading in cells.columns}
    period_columns = [h for h, slug in headings.items() if slug in PERIOD_HEADINGS]
    measures = [h for h in cells.columns if h not in {*unit_columns, *period_columns}]
    faults = FaultList(file)
    periods = _periods(cells, period_columns, faults)
    counts = [_counts(cells[measure], codes, periods, str(measure), faults) for measure in measures]
    _check_shape(codes, periods, measures, faults)
    faults.raise_if_any(UNUSABLE)
    table = pd.concat(counts, ignore_index=True)
    if table.empty:
        fault = Fault(
            file, None, None, "every number is blank", "Enter numbers of people; 0 where there are none"
        )
        raise HubreachError("The numbers are still to be entered.", [fault])
    return unit, table


def _units(
    cells: pd.DataFrame, names: Mapping[Unit, pd.Series], whose: str, file: str
) -> tuple[Unit, pd.Series, list[str]]:
    """What the rows are by, the code of each row, and the columns that name them."""
    candidates = [h for h in cells.columns if UNIT_HEADINGS.match(slugify(str(h)))] or list(cells.columns[:1])
    best: tuple[tuple[int, bool], Unit, pd.Series] | None = None
    for heading, unit in product(candidates, names):
        codes = cells[heading].str.casefold().map(_codes_by_text(names[unit]))
        # A name can be a ward's and a locality's: the other rows tell which, and then the heading.
        fit = (int(codes.notna().sum()), unit in slugify(str(heading)))
        if fit[0] and (best is None or fit > best[0]):
            best = (fit, unit, codes)
    words = [UNIT_WORDS[unit] for unit in names]
    if best is None:
        found = f"no column of {whose}'s {' or '.join(words)}"
        remedy = "Give a column headed area_code or area_name with one of them in each row"
        raise HubreachError(UNUSABLE, [Fault(file, None, None, found, remedy)])
    faults = FaultList(file)
    unknown = _sheet_rows(best[2].index[best[2].isna()])
    said = [f"not one of {whose}'s {UNIT_WORDS[best[1]]}, or the name of several"] * len(unknown)
    faults.add_rows(unknown, said, "Correct it, give its code, and leave totals out")
    faults.raise_if_any(UNUSABLE)
    return best[1], best[2], candidates


def _codes_by_text(names: pd.Series) -> dict[str, str]:
    """Code by name and by code, in small letters; a name that several have stands for none of them."""
    by_name = names.astype(str).str.casefold()
    single = by_name[~by_name.duplicated(keep=False)]
    return {
        **{name: str(code) for code, name in single.items()},
        **{str(code).casefold(): str(code) for code in names.index},
    }


def _periods(cells: pd.DataFrame, columns: list[str], faults: FaultList) -> pd.Series:
    if not columns:
        return pd.Series("", index=cells.index)
    joined = cells[columns].agg(" ".join, axis=1).str.strip()
    wrong = _sheet_rows(joined.index[~joined.str.match(PERIOD)])
    faults.add_rows(
        wrong, ["not a year or quarter"] * len(wrong), "Write 2021-22, 2022 or 2022 Q1", column=columns[0]
    )
    return joined


def _counts(
    texts: pd.Series, codes: pd.Series, periods: pd.Series, measure: str, faults: FaultList
) -> pd.DataFrame:
    values = pd.to_numeric(ungrouped_series(texts), errors="coerce").where(texts != "")
    bad = (texts != "") & ~(values.ge(0) & values.le(MOST_PEOPLE) & (values % 1 == 0))
    wrong = _sheet_rows(texts.index[bad])
    said = ["not a whole number of people"] * len(wrong)
    faults.add_rows(wrong, said, "Enter a count, or leave it blank", column=measure)
    given = values.notna() & ~bad
    table = pd.DataFrame({"area_code": codes, "period": periods, "measure": measure})[given]
    return table.assign(count=values[given].astype("int64"))


def _sheet_rows(positions: pd.Index) -> list[int]:
    """Rows as a spreadsheet shows them: below the heading."""
    return [int(str(position)) + 2 for position in positions]


def _check_shape(codes: pd.Series, periods: pd.Series, measures: list[str], faults: FaultList) -> None:
    keys = pd.DataFrame({"area": codes, "period": periods})
    twice = _sheet_rows(keys.index[keys.duplicated()])
    remedy = (
        "Give one row for each area and period, with numbers of both sexes: not a row for each person or sex"
    )
    faults.add_rows(twice, ["the same area and period as an earlier row"] * len(twice), remedy)
    if not 1 <= len(measures) <= MOST_MEASURES:
        faults.add(f"{len(measures)} columns of numbers", f"Give 1 to {MOST_MEASURES}")
