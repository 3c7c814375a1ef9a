"""Codes of areas as people write them: in small letters, with blanks, beside a name, or as the name alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from analysis.places.england.tables import authorities, bundle_stamp, districts, read_rows

CODE = re.compile(r"[EWSNK]\d{8}")
WITHIN = re.compile(r"(?<![A-Z0-9])[EWSNK]\d{8}(?![A-Z0-9])")
OF_OUTPUT_AREAS, OF_AUTHORITIES = re.compile(r"E00\d{6}"), re.compile(r"E(?:0[6-9]|10)\d{6}")
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
LSOA_NAME = re.compile(r".+ \d{3}[A-Z]")
IN_BRACKETS = re.compile(r".*\(([^()]+)\)")
LARGER = r"[EWNSK](?:0[2-9]|[1-9]\d)\d{6}"
TOTALS = re.compile(
    r"(?:grand |sub-?|overall |column )?totals?(?:\b.*)?|.*\btotals?|sum|all(?: areas| lsoas| wards| msoas)?|"
    r"england(?: and wales)?|great britain|united kingdom|average|mean"
)


def code_of(cell: str) -> str:
    """The code that a cell holds, by itself, beside words, or as the name of an LSOA of 2021; else the cell in capitals.

    >>> code_of(" e01013787 "), code_of("E01013787 : Rutland 005A"), code_of("Rutland 005A"), code_of("Total")
    ('E01013787', 'E01013787', 'E01013787', 'TOTAL')
    """
    text = " ".join(cell.split()).upper()
    if CODE.fullmatch(text):
        return text
    held = set(WITHIN.findall(text))
    if len(held) == 1:
        return str(held.pop())
    named = IN_BRACKETS.fullmatch(text)
    name = named[1] if named else text
    if not LSOA_NAME.fullmatch(name):
        return text
    code: str = _codes_by_name(bundle_stamp()).get(name, text)
    return code


def is_whole(codes: pd.Series) -> pd.Series:
    """Which of some codes (of `area_codes`) are larger areas than an LSOA, or stand for totals."""
    names = names_of_wholes(bundle_stamp())
    low = codes.str.casefold()
    return codes.str.fullmatch(LARGER) | low.str.fullmatch(TOTALS) | low.map(plain_authority).isin(names)


@lru_cache(maxsize=1)
def names_of_wholes(stamp: int) -> frozenset[str]:
    """Names of authorities, districts and regions, as `plain_authority` has them."""
    del stamp
    names = {*authorities()["authority_name"], *districts()["district_name"], *districts()["region_name"]}
    return frozenset(map(plain_authority, names)) - {""}


def area_codes(cells: pd.Series) -> pd.Series:
    """As `code_of`, for every cell."""
    texts = {str(cell): code_of(str(cell)) for cell in cells.unique()}
    return cells.map(texts).astype("str")


@lru_cache(maxsize=1)
def _codes_by_name(stamp: int) -> Mapping[str, str]:
    """Codes of LSOAs by their names in capitals: Rutland 005A."""
    del stamp
    rows = read_rows("areas", None, ["area_code", "area_name"])
    return dict(zip(rows["area_name"].str.upper(), rows["area_code"], strict=True))


def plain_authority(name: str) -> str:
    """Name of an authority without what is written in many ways.

    >>> plain_authority("Bristol, City of"), plain_authority("The City of Bristol Council")
    ('bristol', 'bristol')
    """
    plain = re.sub(
        r"\b(?:council|borough|city|county|london|metropolitan|district|of|the|royal)\b", " ", name.casefold()
    )
    return re.sub(r"[^a-z]+", " ", plain.replace("&", "and")).strip()


def totals_left_out(number: int) -> str:
    """Rows of totals in a sentence; "" for none."""
    return (
        ""
        if not number
        else f"{number:,} {'row of a total was' if number == 1 else 'rows of totals were'} left out"
    )


@lru_cache(maxsize=1)
def changed_since_2011(stamp: int) -> frozenset[str]:
    """Codes of LSOAs of 2021 that are no LSOA of 2011: split, merged or moved about; `stamp` is `bundle_stamp`."""
    del stamp
    rows = read_rows("deprivation_2019", None, ["area_code", "carried"])
    return frozenset(rows.loc[rows["carried"] != "unchanged", "area_code"])


def kinds_of_codes(cells: pd.Series) -> str:
    """What some cells seem to be that are no codes of LSOAs, MSOAs or wards, in words; "" for nothing known."""
    kinds = {
        "codes of output areas, which are finer": OF_OUTPUT_AREAS,
        "codes of authorities, which are larger": OF_AUTHORITIES,
        "postcodes": POSTCODE,
    }
    upper = cells.str.strip().str.upper()
    return next((words for words, form in kinds.items() if upper.str.fullmatch(form).sum() > 0), "")
