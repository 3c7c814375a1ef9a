"""Refuse a file that looks as if it holds people rather than numbers, without repeating what it holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.base.faults import FaultList
from analysis.base.text import slugify

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

PERSONAL_HEADINGS = re.compile(
    r"^(age|sex|gender|initials|upn|name|names|(first|last|full|middle|given|family|child|mother|father|parent|"
    r"carer|client|person|sibling|baby)-?names?|names?-of-.*|(fore|sur)names?|.*(date-of-birth|birth-?date)|dob|"
    r".*-dob|born|nhs|.*nhs-(n(o|um|umber)|id)(-.*)?|ni-number|nino|national-insurance.*|.*address.*|.*post-?code.*|e-?mail.*|"
    r".*(phone|mobile).*|(case|client|person|child|mother|record|system|mosaic|liquidlogic)-?(id|ref|reference|number)|"
    r"uprn|diagnosis|ethnicity)$"
)
FULL_DATE = re.compile(
    r"^(\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2,4}|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}([ T].*)?|"
    r"\d{1,2}(st|nd|rd|th)?[ \-](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ \-,]+\d{2,4})$",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NATIONAL_INSURANCE = re.compile(r"^[A-CEGHJ-PR-TW-Z]{2}\s?(\d{2}\s?){3}[A-D]$", re.IGNORECASE)
TELEPHONE = re.compile(r"^(\+44|0)[\d\s()\-]{9,14}$")
NHS_NUMBER = re.compile(r"^\d{3}[ \-]?\d{3}[ \-]?\d{4}$")
UNIQUE_PUPIL_NUMBER = re.compile(r"^[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]$", re.IGNORECASE)
REMEDY = (
    "Give numbers of people by ward or locality only, and keep everything about single people out of the file"
)


def is_nhs_number(text: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11).

    >>> is_nhs_number("943 476 5919"), is_nhs_number("943 476 5918")
    (True, False)
    """
    if not NHS_NUMBER.match(text):
        return False
    digits = [int(c) for c in text if c.isdigit()]
    check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (0 if check == 11 else check) == digits[9]


def personal_kind(text: str) -> str | None:
    """What kind of personal data a cell looks like, in words; None if it does not."""
    kinds = (
        ("an NHS number", is_nhs_number(text)),
        ("a date", bool(FULL_DATE.match(text))),
        ("a postcode", bool(POSTCODE.search(text))),
        ("an e-mail address", bool(EMAIL.search(text))),
        ("a National Insurance number", bool(NATIONAL_INSURANCE.match(text))),
        ("a unique pupil number", bool(UNIQUE_PUPIL_NUMBER.match(text))),
        ("a telephone number", bool(TELEPHONE.match(text))),
    )
    return next((kind for kind, matches in kinds if matches), None)


def refuse_personal_data(cells: pd.DataFrame, file: str, known_texts: Iterable[str] = ()) -> None:
    """Raise if a table looks as if it held a row a person, or details of single people.

    Parameters
    ----------
    cells : DataFrame
        The table as text, one column a heading.
    file : str
        Name for the message.
    known_texts : iterable of str
        Texts that are certainly not personal: names and codes of the place's areas.

    Raises
    ------
    HubreachError
        Names the columns and rows and the kind of data, never the data.
    """
    faults = FaultList(file)
    known = {text.casefold() for text in known_texts}
    for position, heading in enumerate(cells.columns, start=1):
        column = cells.iloc[:, position - 1].astype(str).str.strip()
        named_areas = bool(column.any()) and bool(column.str.casefold().isin(known | {""}).all())
        if not named_areas and PERSONAL_HEADINGS.match(slugify(str(heading))):
            faults.add(f"column {position} is headed like a detail of a person", REMEDY, row=1)
        elif kind := personal_kind(str(heading).strip()):
            faults.add(f"the heading of column {position} looks like {kind}", REMEDY, row=1)
        kinds: dict[str, list[int]] = {}
        for row, text in column.items():
            kind = None if text.casefold() in known else personal_kind(text)
            if kind:
                kinds.setdefault(kind, []).append(int(str(row)) + 2)
        for kind, rows in kinds.items():
            found = f"{kind} seems to stand in column {position} ({len(rows)} of {len(column)} rows)"
            faults.add(found, REMEDY, row=rows[0])
    faults.raise_if_any(
        "This file looks as if it holds personal data: it has not been read, and nothing of it is kept."
    )
