"""Whether the codes of a table are those of a place: strange, missing and repeated ones are told by name."""

from __future__ import annotations

import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.text import plain
from analysis.intake.files.codes import area_codes, changed_since_2011, is_whole, totals_left_out
from analysis.intake.files.headings import LSOA_CODE, OTHER_NATIONS, nations_of
from analysis.places.england.tables import authorities, bundle_stamp, homes
from analysis.places.place import Place

MOST_NAMED = 10
MOST_OF_2011 = 0.5
OLDER = (
    "Give the figures on LSOAs of 2021. The ONS publishes which LSOA of 2011 became which (LSOA (2011) to LSOA (2021)): with both "
    "codes in each row (LSOA11CD, LSOA21CD), children of one that was split are parted by the shares of England's figures"
)


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
        Takes codes that are no LSOA of 2021, and areas of the place without a row.

    Returns
    -------
    mine : Series of bool
    left_out : str
        Rows of other authorities, in a sentence; "" for none.
    """
    owner, column = homes(bundle_stamp()), plain(heading) or "area_code"
    codes = area_codes(codes)
    owners = owner.reindex(codes).set_axis(codes.index)
    mine = pd.Series(place.areas.index.get_indexer(pd.Index(codes)) >= 0, codes.index)
    abroad = ~mine & codes.str.match(OTHER_NATIONS)
    whole = ~mine & is_whole(codes)
    elsewhere = ~mine & (owners.notna() | abroad)
    strange = ~mine & ~elsewhere & ~whole
    older = strange & codes.str.fullmatch(LSOA_CODE)
    said = [
        f"{code} is no LSOA of 2021: one of 2011 that was split or merged since, or misspelt"
        for code in codes[older]
    ]
    missing = place.areas.index.difference(pd.Index(codes[mine]))
    of_2011 = (
        older.any()
        and len(missing)
        and missing.isin(changed_since_2011(bundle_stamp())).mean() > MOST_OF_2011
    )
    if of_2011:
        told = f"it is on LSOAs of 2011: some of its codes were split or merged since ({_first(pd.Index(codes[older].unique()))})"
        remade = (
            f"{len(missing):,} of {len(place.areas):,} areas of {place.name} are not in it: {_first(missing)}"
        )
        faults.add(f"{told}, and {remade}", OLDER, column=column)
    elif len(missing):
        faults.add_rows(codes.index[older], said, OLDER, column=column)
    rest = codes[strange & ~older]
    said = [f"{code!r:.40} is no code of an LSOA" if code else "a row without a code" for code in rest]
    faults.add_rows(rest.index, said, "Give the code of the LSOA, or take the row out", column=column)
    twice = mine & codes.duplicated()
    if not of_2011:
        report_missing(missing, place, faults, column=column, nations=nations_of(codes[abroad]))
    return mine & ~twice, "; ".join(
        filter(
            None,
            [
                _left_out(owners[elsewhere], nations_of(codes[abroad])),
                # With every area of the place in the file, such a code is of elsewhere.
                f"{int(older.sum()):,} rows of codes that are no LSOA of 2021 were left out"
                if older.any() and not len(missing)
                else "",
                totals_left_out(int(whole.sum())),
            ],
        )
    )


def _first(codes: pd.Index) -> str:
    more = f" and {len(codes) - MOST_NAMED:,} more" if len(codes) > MOST_NAMED else ""
    return ", ".join(map(str, codes[:MOST_NAMED])) + more


def _left_out(owners: pd.Series, nations: str) -> str:
    """Rows of other authorities in a sentence; "" for none."""
    if owners.empty:
        return ""
    names = owners.map(authorities()["authority_name"]).dropna().value_counts().index
    named = ", ".join([*names[:3], *([nations] if nations else [])]) + (
        " and others" if len(names) > 3 else ""
    )
    of = f" ({named})" if named else ""
    return f"{len(owners):,} rows of other authorities{of} were left out"


def report_missing(
    missing: pd.Index, place: Place, faults: FaultList, *, column: str = "area_code", nations: str = ""
) -> None:
    """Record areas of the place that a file says nothing of, by name; `nations` names other nations whose codes it has."""
    names = place.areas["area_name"]
    if len(missing) == len(names):
        remedy = f"Give a file that covers {place.name}, on LSOAs of 2021"
        whose = f": its codes are of {nations}, and the figures here are of England" if nations else ""
        faults.add(f"none of the {len(names):,} areas of {place.name} is in it{whose}", remedy, column=column)
    elif len(missing):
        named = ", ".join(f"{code} ({names[code]})" for code in missing[:MOST_NAMED])
        more = f" and {len(missing) - MOST_NAMED:,} more" if len(missing) > MOST_NAMED else ""
        told = f"{len(missing):,} of {len(names):,} areas of {place.name} {'is' if len(missing) == 1 else 'are'} not in it: {named}{more}"
        faults.add(told, "Add them, with 0 where there is none", column=column)
