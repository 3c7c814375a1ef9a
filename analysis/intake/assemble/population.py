"""Small-area population estimates by single year of age, as the age bands of a place."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from analysis.base.faults import FaultList
from analysis.intake.files.headings import LSOA_CODE, Age, Heading
from analysis.intake.files.recognition import Table, area_codes, numbers, year_in
from analysis.places.manifest import AGE_BANDS

LIMITS = {
    "children_0_4": (0, 4),
    "children_5_10": (5, 10),
    "children_11_15": (11, 15),
    "children_16_17": (16, 17),
}
ONE_SEX = re.compile(r"\b(?:fe)?males?\b", re.IGNORECASE)


def ages_table(tables: Sequence[Table]) -> Table | None:
    """Of the sheets of one file, the one with the latest population by age, both sexes; None without any."""
    by_age = [table for table in tables if table.by_age]
    whole = [table for table in by_age if not ONE_SEX.search(table.sheet.name)] or by_age
    return max(whole, key=lambda table: mid_year(table.sheet.name), default=None)


def mid_year(text: str) -> str:
    """The year that an estimate is for, in the name of a sheet or file.

    >>> mid_year("Mid-2020 LSOA 2011")
    '2020'
    """
    named = re.search(r"mid[-_ ]?(20\d\d)", text, re.IGNORECASE)
    return named[1] if named else year_in(text)


def read_ages(table: Table, faults: FaultList) -> pd.DataFrame | None:
    """Children by age band and all residents.

    Parameters
    ----------
    table : Table
        With single years of age (persons, or females and males), or with the bands of a place.
    faults : FaultList
        Takes what is wrong.

    Returns
    -------
    DataFrame or None
        Index LSOA code; columns `AGE_BANDS`, and `residents` where all ages are known; whole numbers
        (estimates with decimals are rounded). Attribute `year`. None where ages 0 to 17 are not all there.
    """
    code = table.column("lsoa_code")
    if code is None:
        return None
    single = _persons(table.by_age)
    wanted: dict[str, Heading | Age] = {"lsoa": code}
    missing = sorted(set(range(18)) - {age.age for age in single if not age.open_ended})
    if single and missing:
        listed = ", ".join(map(str, missing))
        faults.add(f"no column for age {listed}", "Give single years of age from 0 to 17", file=table.file)
        return None
    if single:
        wanted |= {f"{age.sex}{age.age}": age for age in single}
    else:
        held = {band: table.column(band) for band in AGE_BANDS}
        wanted |= {band: column for band, column in held.items() if column is not None}
        if len(wanted) < len(AGE_BANDS) + 1:
            faults.add("not all age bands are there", f"Give {', '.join(AGE_BANDS)}", file=table.file)
            return None
    frame = table.read(wanted)
    frame = frame.assign(lsoa=area_codes(frame["lsoa"]))
    frame = frame[frame["lsoa"].str.fullmatch(LSOA_CODE.pattern)].drop_duplicates("lsoa")
    values = pd.DataFrame(
        {name: numbers(frame[name], table.file, name, faults) for name in wanted if name != "lsoa"}
    ).set_axis(frame["lsoa"].rename("lsoa"))
    bands = _bands(values, single) if single else values
    bands = bands.fillna(0).round().astype("int64")
    bands.attrs["year"] = mid_year(table.sheet.name) or mid_year(table.sheet.path.name)
    bands.attrs["file"] = table.file
    return bands


def _persons(by_age: Sequence[Age]) -> list[Age]:
    """Columns of persons; females and males where there are none."""
    persons = [age for age in by_age if not age.sex]
    return persons if len({age.age for age in persons}) >= 18 else [age for age in by_age if age.sex]


def _bands(values: pd.DataFrame, single: Sequence[Age]) -> pd.DataFrame:
    columns = {
        band: [f"{age.sex}{age.age}" for age in single if low <= age.age <= high and not age.open_ended]
        for band, (low, high) in LIMITS.items()
    }
    bands = pd.DataFrame({band: values[names].sum(axis=1) for band, names in columns.items()})
    if any(age.open_ended for age in single):
        bands["residents"] = values.sum(axis=1)
    return bands
