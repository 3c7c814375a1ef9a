"""Small-area population estimates by single year of age, as the age bands of a place."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.base.faults import FaultList
from analysis.intake.files.ages import bands_of, read_by_age
from analysis.intake.files.headings import LSOA_CODE, mid_year
from analysis.intake.files.keys import Where
from analysis.intake.files.recognition import Table, numbers


def ages_table(tables: Sequence[Table]) -> Table | None:
    """Of the sheets of one file, the one with the latest population by age; None without any."""
    by_age = [table for table in tables if table.counts_ages]
    return max(by_age, key=lambda table: mid_year(table.sheet.name), default=None)


def read_ages(tables: Sequence[Table], table: Table, faults: FaultList, where: Where) -> pd.DataFrame | None:
    """Children by age band and all residents.

    Parameters
    ----------
    tables : sequence of Table
        Of the file: females and males may stand in sheets of their own.
    table : Table
        With ages (persons, or females and males) as columns or as rows.
    faults : FaultList
        Takes what is wrong.
    where : mapping
        Heading to the values wanted, where an area stands in several rows.

    Returns
    -------
    DataFrame or None
        Index LSOA code; columns `AGE_BANDS`, and `residents` where all ages are known; whole numbers (estimates with
        decimals are rounded), NaN where a cell has no number. Attributes `year`, `file`, `notes`. None where ages 0 to 17
        are not all there.
    """
    code, own = table.column("lsoa_code"), FaultList(table.file)
    if code is None:
        return None
    sheets = [each.sheet for each in tables]
    place = (table.sheet, table.header_row, code.position)
    read = read_by_age(
        sheets, place, table.by_age, lambda codes: codes.str.fullmatch(LSOA_CODE.pattern), where, own
    )
    if read is None or len(own):
        faults.extend(own)
        return None
    rows = read.frame[read.frame[read.code].str.fullmatch(LSOA_CODE.pattern)]
    values = pd.DataFrame(
        {
            age.position: numbers(rows[age.position], own.file, read.headings[age.position], faults)
            for age in dict.fromkeys([*read.columns, *read.every])
        }
    ).set_axis(rows[read.code].rename("lsoa"))
    bands = bands_of(values, read, faults)
    if bands is None:
        return None
    if read.every:
        bands["residents"] = values[[age.position for age in read.every]].sum(axis=1, skipna=False).round()
    named = mid_year(table.sheet.name) or mid_year(table.sheet.path.name) or read.year
    bands.attrs |= {
        "year": named,
        "file": own.file,
        "notes": [*read.notes, *bands.attrs["parted"], *bands.attrs["rounded"]],
    }
    return bands
