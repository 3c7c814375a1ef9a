"""User text that must stay text: in a spreadsheet, a tooltip, a file name."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
import unicodedata

import pandas as pd

GROUPED = re.compile(r"[-+]?[£$€]?[-+]?\d{1,3}(?:(?:,\d{3})+|(?:\s\d{3})+)(?:\.\d*)?\s?[%£]?")
POINT = "Write decimals with a point; a comma only parts thousands, as in 1,296"
LONGEST_SLUG = 150
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def slugify(text: str) -> str:
    """Lower-case ASCII name for files, URLs and site ids; of a very long text its start and a mark of the whole.

    >>> slugify("St Chad's Children’s Centre")
    'st-chads-childrens-centre'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").lower()).strip("-")
    if len(slug) <= LONGEST_SLUG:
        return slug
    mark = hashlib.sha256(slug.encode()).hexdigest()[:12]
    return f"{slug[: LONGEST_SLUG - 13].rstrip('-')}-{mark}"


def date_words(day: dt.date) -> str:
    """A day as it is written in a sentence; `strftime` has no day without a zero that every system knows.

    >>> date_words(dt.date(2012, 6, 3))
    '3 June 2012'
    """
    return f"{day.day} {day:%B %Y}"


def plain(text: str) -> str:
    r"""Text without control characters, in one line.

    >>> plain("Hub\x00 one\nside door")
    'Hub one side door'
    """
    spaced = re.sub(r"\s+", " ", text)
    return "".join(c for c in spaced if unicodedata.category(c)[0] != "C").strip()


def normal_heading(text: str) -> str:
    r"""A heading without what differs between publications: case, spacing, byte-order mark, quotes.

    >>> normal_heading("\ufeffLSOA  code\n(2011)")
    'lsoa code (2011)'
    """
    flat = unicodedata.normalize("NFKC", text).replace("\ufeff", "").strip().strip("\"'")
    # One lookup is published with the prefix that a database gave it: F_LSOA11CD.
    return re.sub(r"\s+", " ", flat).strip().casefold().removeprefix("f_")


def ungrouped(text: str) -> str:
    """A number without the commas or blanks that part its thousands; any other comma stays.

    So "25,8", which some spreadsheets write for 25.8, is never taken for 258.

    >>> ungrouped("1,296.00"), ungrouped("12 345"), ungrouped("25,8"), ungrouped("1,23,4")
    ('1296.00', '12345', '25,8', '1,23,4')
    """
    trimmed = text.strip()
    return re.sub(r"[,\s]", "", trimmed) if GROUPED.fullmatch(trimmed) else trimmed


def ungrouped_series(texts: pd.Series) -> pd.Series:
    """As `ungrouped`, for every cell."""
    trimmed = texts.str.strip()
    parted = trimmed.str.contains(r"[,\s]", regex=True, na=False)
    return trimmed.where(~parted, trimmed[parted].map(ungrouped).reindex(trimmed.index))


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading apostrophe where one is needed.

    >>> inert("=HYPERLINK(1)"), inert("Hub")
    ("'=HYPERLINK(1)", 'Hub')
    """
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def inert_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Copy of a frame whose text cells, text index and headings are safe to open in a spreadsheet.

    Numbers are left as they are: -3 is a number, "-3" typed by a user is text.
    """

    def cell(value: object) -> object:
        return inert(value) if isinstance(value, str) else value

    safe = frame.map(cell)
    safe.columns = safe.columns.map(cell)
    if frame.index.nlevels == 1:
        safe.index = safe.index.map(cell)
    return safe


def escaped(text: str) -> str:
    """Text for an HTML context (tooltips, labels), quotes included."""
    return html.escape(plain(text), quote=True)


def unmarked(text: str) -> str:
    """Text that markdown and HTML leave alone, for a sentence with marks of its own around it."""
    flat = plain(text)
    for sign in "\\`*_{}[]()<>#|~$:":
        flat = flat.replace(sign, f"\\{sign}")
    return flat
