"""Whether the codes of a table are those of a place: strange, missing and repeated ones are told by name."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.text import plain
from analysis.intake.files.headings import LSOA_CODE
from analysis.places.england.tables import authorities, bundle_stamp, read_rows
from analysis.places.place import Place

MOST_NAMED = 20
OLDER = (
    "Give the figures on LSOAs of 2021. The ONS publishes which LSOA of 2011 became which (LSOA (2011) to LSOA (2021)); of "
    "one that was split, only its owner knows how many children live in each part"
)


@lru_cache(maxsize=1)
def _homes(stamp: int) -> pd.Series:
    """Code of the authority of every LSOA of 2021."""
    del stamp
    rows = read_rows("areas", None, ["area_code", "authority_code"])
    return rows.set_index("area_code")["authority_code"]


def rows_of_place(codes: pd.Series, place: Place, heading: str, faults: FaultList) -> tuple[pd.Series, str]:
    """Which rows are about the place, once each.

    Parameters
    ----------
    codes : Series
        Codes as they stand in the table, index row of the file.
    place : Place
    heading : str
        Of the column.
    faults : FaultList
        Takes codes that are no LSOA of 2021, that stand twice, and areas of the place without a row.

    Returns
    -------
    mine : Series of bool
    left_out : str
        Rows of other authorities, in a sentence; "" for none.
    """
    homes, column = _homes(bundle_stamp()), plain(heading) or "area_code"
    codes = codes.str.upper()
    owners = homes.reindex(codes).set_axis(codes.index)
    mine = pd.Series(place.areas.index.get_indexer(pd.Index(codes)) >= 0, codes.index)
    elsewhere = ~mine & (owners.notna() | codes.str.match("[WNS]"))
    strange = ~mine & ~elsewhere
    older = strange & codes.str.fullmatch(LSOA_CODE)
    for row in codes.index[older][:MOST_NAMED]:
        what = f"{codes[row]} is no LSOA of 2021: one of 2011 that was split or merged since, or misspelt"
        faults.add(what, OLDER, row=int(row), column=column)
    for row in codes.index[strange & ~older][:MOST_NAMED]:
        what = f"{codes[row]!r:.40} is no code of an LSOA" if codes[row] else "a row without a code"
        faults.add(what, "Give the code of the LSOA, or take the row out", row=int(row), column=column)
    twice = mine & codes.duplicated()
    for row in codes.index[twice][:MOST_NAMED]:
        what = f"{codes[row]} stands in more than one row"
        faults.add(what, "Keep one row an area", row=int(row), column=column)
    for number, what in (
        (int(older.sum()), "codes that are no LSOA of 2021"),
        (int((strange & ~older).sum()), "rows without a code of an LSOA"),
        (int(twice.sum()), "repeated codes"),
    ):
        if number > MOST_NAMED:
            faults.add(f"{number - MOST_NAMED:,} more {what}", "Correct them in the same way", column=column)
    report_missing(place.areas.index.difference(pd.Index(codes[mine])), place, faults, column=column)
    if not elsewhere.any():
        return mine & ~twice, ""
    names = owners[elsewhere].map(authorities()["authority_name"]).dropna().value_counts().index
    named = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
    of = f" ({named})" if named else ""
    return mine & ~twice, f"{int(elsewhere.sum()):,} rows of other authorities{of} were left out"


def report_missing(missing: pd.Index, place: Place, faults: FaultList, *, column: str = "area_code") -> None:
    """Record areas of the place that a file says nothing of, by name."""
    names = place.areas["area_name"]
    if len(missing) == len(names):
        remedy = f"Give a file that covers {place.name}, on LSOAs of 2021"
        faults.add(f"none of the {len(names):,} areas of {place.name} is in it", remedy, column=column)
        return
    for code in missing[:MOST_NAMED]:
        faults.add(f"{code} ({names[code]}) is not in it", "Add it", column=column)
    if len(missing) > MOST_NAMED:
        more = f"{len(missing) - MOST_NAMED:,} more areas of {place.name} are not in it"
        faults.add(more, "Add them", column=column)
