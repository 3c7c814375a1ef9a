"""What the headings of official tables mean, whatever their year, case and spacing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

YEAR = r"(?P<year>\d{4}|\d{2})"
BRACKETED = rf"(?: \({YEAR}(?: boundaries)?\))?"
CODE, NAME = r"(?:code|cd)", r"(?:name|nm)"


def _geography(*words: str) -> tuple[str, str, str]:
    """Patterns of a heading about one geography: LSOA11CD, LSOA code (2011), LSOA 2021 Code."""
    either = "|".join(words)
    return (rf"(?:{either}) ?{YEAR}? ?PART", rf"(?:{either}) PART{BRACKETED}", rf"{YEAR} (?:{either}) PART")


GEOGRAPHIES = {
    "lsoa": _geography("lsoa", "lower layer super output areas?", "lower super output area"),
    "msoa": _geography("msoa", "middle layer super output areas?"),
    "ward": _geography("wd", "ward", "electoral ward", "electoral wards and divisions"),
    "district": _geography(
        "lad", "local authority district", "la", "ltla", "lower tier local authorit(?:y|ies)"
    ),
}
INDEX = r"(?:index of multiple deprivation \(imd\)|imd)(?: 20\d\d)?"
IDACI = r"(?:income deprivation affecting children index \(idaci\)|idaci)(?: 20\d\d)?"
MOST = r"(?: \(where 1 is most deprived.*)?"
MID = rf":? ?mid[- ]?{YEAR}.*"

PATTERNS: dict[str, tuple[str, ...]] = {
    **{
        f"{key}_code": tuple(p.replace("PART", CODE) for p in patterns)
        for key, patterns in GEOGRAPHIES.items()
    },
    **{
        f"{key}_name": tuple(p.replace("PART", NAME) for p in patterns)
        for key, patterns in GEOGRAPHIES.items()
    },
    "rural_urban": (
        rf"ruc ?{YEAR}? ?(?:cd|code)",
        rf"ruc{YEAR}",
        "rural_urban",
        "rural urban classification.*code",
    ),
    "change": ("ch(?:a?n)?gi?nd", "change indicator", "change"),
    "imd_score": (f"{INDEX}[ _]score",),
    "imd_rank": (f"{INDEX}[ _]rank{MOST}",),
    "imd_decile": (f"{INDEX}[ _]decile{MOST}",),
    "idaci_rate": (rf"{IDACI} score(?: \(rate\))?", "idaci_rate"),
    "idaci_rank": (f"{IDACI}[ _]rank{MOST}",),
    "idaci_decile": (f"{IDACI}[ _]decile{MOST}",),
    "income_rate": (r"income(?: deprivation)?(?: domain)? score \(rate\)", "income_rate"),
    "employment_rate": (r"employment(?: deprivation)?(?: domain)? score \(rate\)", "employment_rate"),
    "education_score": ("education, skills and training(?: domain)? score", "education_score"),
    "health_score": ("health(?: deprivation)? and disability(?: domain)? score", "health_score"),
    "crime_score": ("crime(?: domain)? score", "crime_score"),
    "barriers_score": ("barriers to housing and services(?: domain)? score", "barriers_score"),
    "living_environment_score": ("living environment(?: domain)? score", "living_environment_score"),
    **{
        f"transformed_{key}": (rf"{words}(?: domain)? score ?[-–] ?exponentially transformed",)
        for key, words in (
            ("income", "income(?: deprivation)?"),
            ("employment", "employment(?: deprivation)?"),
            ("education", "education(?:, skills and training)?"),
            ("health", "health(?: deprivation and disability)?"),
            ("crime", "crime"),
            ("barriers", "barriers(?: to housing and services)?"),
            ("living_environment", "living environment"),
        )
    },
    "population": (f"total population{MID}", "population_mid(?P<year>\\d{4})"),
    "children_0_15": (f"dependent children aged 0-15{MID}",),
    **{band: (band,) for band in ("children_0_4", "children_5_10", "children_11_15", "children_16_17")},
    "average_score": ("imd ?[-–] ?average score",),
    "all_ages": ("all ages", "total", "all persons", "all usual residents", "persons"),
    "longitude": ("long", "lon", "longitude"),
    "latitude": ("lat", "latitude"),
    "easting": ("bng_e", "bng e", "easting", "eastings"),
    "northing": ("bng_n", "bng n", "northing", "northings"),
}
COMPILED = {field: tuple(re.compile(p) for p in patterns) for field, patterns in PATTERNS.items()}
# Headings that many files use for the code of whatever they are about: believed if the values are LSOAs.
ANY_CODE = re.compile(r"area[_ ]?code|geography[_ ]?code|geo[_ ]?code|mnemonic|code|ons code|lsoa")
AGE = re.compile(
    r"(?:(?P<sex>[fmp])|age[ds]? ?)? ?(?P<age>\d{1,2})(?P<over> ?\+| and over| or over)?(?: years?)?(?: old)?"
)
LSOA_CODE = re.compile(r"[EW]01\d{6}")
DISTRICT_CODE = re.compile(r"[EW]0[6-9]\d{6}")
FIELDS = tuple(PATTERNS)


@dataclass(frozen=True)
class Heading:
    """One column that was recognised.

    Parameters
    ----------
    field : str
        What it holds: a key of `PATTERNS`.
    text : str
        The heading as published.
    position : int
        Column, from 0.
    year : str
        Year in the heading (boundaries, or middle of the year of an estimate), four digits; "" for none.
    """

    field: str
    text: str
    position: int
    year: str


@dataclass(frozen=True)
class Age:
    """A column of people of one age; `open_ended` stands for that age and over."""

    position: int
    age: int
    open_ended: bool
    sex: str


def normal_heading(text: str) -> str:
    r"""A heading without what differs between publications: case, spacing, byte-order mark, quotes.

    >>> normal_heading("\ufeffLSOA  code\n(2011)")
    'lsoa code (2011)'
    """
    flat = unicodedata.normalize("NFKC", text).replace("\ufeff", "").strip().strip("\"'")
    # One lookup is published with the prefix that a database gave it: F_LSOA11CD.
    return re.sub(r"\s+", " ", flat).strip().casefold().removeprefix("f_")


def heading(text: str, position: int) -> Heading | None:
    """What a heading means, or None.

    >>> heading("LSOA11CD", 0).year
    '2011'
    """
    normal = normal_heading(text)
    for field, patterns in COMPILED.items():
        for pattern in patterns:
            match = pattern.fullmatch(normal)
            if match:
                year = match.groupdict().get("year") or ""
                return Heading(field, text.strip(), position, _four_digits(year))
    return None


def headings(cells: Iterable[str]) -> tuple[Heading, ...]:
    """Every heading of a row that is recognised."""
    found = (heading(cell, position) for position, cell in enumerate(cells) if len(cell) < 200)
    return tuple(item for item in found if item is not None)


def ages(cells: Iterable[str]) -> tuple[Age, ...]:
    """Columns of single years of age: 0, 1 ... 90+, Age 5, F0, M0."""
    found = []
    for position, cell in enumerate(cells):
        match = AGE.fullmatch(normal_heading(cell)) if len(cell) < 40 else None
        if match:
            sex = match["sex"] or ""
            found.append(Age(position, int(match["age"]), bool(match["over"]), sex.replace("p", "")))
    return tuple(found)


def _four_digits(year: str) -> str:
    return f"20{year}" if len(year) == 2 else year
