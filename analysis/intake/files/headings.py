"""What the headings of official tables mean, whatever their year, case and spacing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.base.text import normal_heading

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
BANDS = ("children_0_4", "children_5_10", "children_11_15", "children_16_17")
INDEX = r"(?:index of multiple deprivation(?: \(imd\))?|imd) ?(?P<year>20\d\d)?"
IDACI = r"(?:income deprivation affecting children index(?: \(idaci\))?|idaci) ?(?P<year>20\d\d)?"
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
    **{band: (band,) for band in BANDS},
    "average_score": ("imd ?[-–] ?average score",),
    "all_ages": ("all ages", "total", "all persons", "all usual residents", "persons"),
    "longitude": ("long", "lon", "longitude"),
    "latitude": ("lat", "latitude"),
    "easting": ("bng_e", "bng e", "easting", "eastings"),
    "northing": ("bng_n", "bng n", "northing", "northings"),
}
COMPILED = {field: tuple(re.compile(p) for p in patterns) for field, patterns in PATTERNS.items()}
# Headings that many files use for the code of whatever they are about: believed if the values are LSOAs.
ANY_CODE = re.compile(r"(?:area|geography|geo|gss|ons)? ?code|geography|area|mnemonic|lsoa")
SEX = r"females?|males?|girls?|boys?|persons?|people|children|child|pupils?|[fmp]"
AGE = re.compile(
    rf"(?:(?P<sex>{SEX})[ _,:;-]*)?(?:aged?|ages)?[ _]*(?:(?P<below>under|less than|<) ?)?(?P<low>\d{{1,2}})"
    r"(?:[ _]*(?:-|–|to|_|and)[ _]*(?P<high>\d{1,2}))?[ _]*(?:years?|yrs?)?(?: of age)?"
    r"(?P<over> ?\+| ?(?:and|or) (?:over|above|older)| ?plus)?(?P<under> ?(?:and|or) (?:under|below|younger))?"
    rf"(?: years?)?(?: olds?)?(?: inclusive)?(?:[ _,:;(-]+(?P<other>{SEX})\)?)?"
)
ALL_CHILDREN = re.compile(
    r"(?:(?:all |total |number of )?children(?: in all| total)?|children_total|under 18s?|0_17)(?:[ _,(-]*(?:mid[- ]?)?20\d\d\)?)?"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = "|".join(MONTHS)
DATED = re.compile(
    rf"(?P<number>\d{{1,2}})[- ](?P<name>{MONTH})|(?P<name2>{MONTH})[- ](?P<number2>\d{{1,2}})|"
    r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?: 00:00:00)?"
)
# A date of a later year is one of now, whose year says nothing.
FIRST_YEAR_OF_NOW = 20
DATE_AS_AGES = ", a date read as ages "
LSOA_CODE = re.compile(r"[EW]01\d{6}")
DISTRICT_CODE = re.compile(r"[EW]0[6-9]\d{6}")
FIELDS = tuple(PATTERNS)
# First letters of codes of Wales, Scotland (which has others too) and Northern Ireland.
OTHER_NATIONS = r"W\d{8}|S\d{8}|N\d{8}|95[A-Z]{2}\d{2}[A-Z]\d"
NATIONS = {"W": "Wales", "S": "Scotland", "N": "Northern Ireland", "9": "Northern Ireland"}


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


Span = tuple[int, int]
"""Youngest and oldest age of a column, both in it."""


@dataclass(frozen=True)
class Age:
    """A column of people of some ages, `age` to `oldest`; `open_ended` stands for these and over; `sex` is f, m or blank."""

    position: int
    age: int
    open_ended: bool
    sex: str
    oldest: int
    words: str = ""


def heading(text: str, position: int) -> Heading | None:
    """What a heading means, or None.

    >>> heading("LSOA11CD", 0).year
    '2011'
    """
    normal = normal_heading(text)
    spaced = normal.replace("_", " ").strip()
    for field, patterns in COMPILED.items():
        for pattern in patterns:
            match = pattern.fullmatch(normal) or pattern.fullmatch(spaced)
            if match:
                year = match.groupdict().get("year") or ""
                return Heading(field, text.strip(), position, _four_digits(year))
    return None


def headings(cells: Iterable[str]) -> tuple[Heading, ...]:
    """Every heading of a row that is recognised."""
    found = (heading(cell, position) for position, cell in enumerate(cells) if len(cell) < 200)
    return tuple(item for item in found if item is not None)


def undated(text: str) -> str:
    """Ages that a spreadsheet took for a date, as ages again; any other text as it is.

    >>> undated("05-Oct"), undated("Nov-15"), undated("14-Oct"), undated("2015-11-01 00:00:00"), undated("2026-10-05 00:00:00")
    ('5-10', '11-15', '10-14', '11-15', '5-10')
    """
    dated = DATED.fullmatch(text.strip().casefold())
    if not dated:
        return text
    if dated["year"]:
        # The first of a month comes of a month and a year (11-15), unless no such age is wanted of that year.
        month, day, end = int(dated["month"]), int(dated["day"]), int(dated["year"][2:])
        pair = (month, end) if day == 1 and month < end < FIRST_YEAR_OF_NOW else (day, month)
    else:
        pair = (MONTHS.index(dated["name"] or dated["name2"]) + 1, int(dated["number"] or dated["number2"]))
    return f"{min(pair)}-{max(pair)}"


def ages(cells: Iterable[str]) -> tuple[Age, ...]:
    """Columns of ages: 0, 1 ... 90+, Age 5, F0, 5-9, Aged 4 years and under, Males 10 to 14, children."""
    found = []
    for position, cell in enumerate(cells):
        given = normal_heading(cell) if len(cell) < 80 else ""
        normal = undated(given)
        words = cell.strip() if normal == given else f"{cell.strip()}{DATE_AS_AGES}{normal}"
        match = AGE.fullmatch(normal)
        if match:
            sex = (match["sex"] or match["other"] or "")[:1].replace("g", "f").replace("b", "m")
            low, high = int(match["low"]), int(match["high"] or match["low"])
            low, high = (0, low - 1) if match["below"] else (0, high) if match["under"] else (low, high)
            found.append(Age(position, low, bool(match["over"]), sex if sex in "fm" else "", high, words))
        elif ALL_CHILDREN.fullmatch(normal):
            found.append(Age(position, 0, False, "", 17, cell.strip()))
    return tuple(found)


def nations_of(codes: Iterable[str]) -> str:
    """Nations other than England whose codes are among some, in words; "" for none.

    >>> nations_of(["E01000001", "W01001958", "S01006506"])
    'Wales and Scotland'
    """
    letters = {code[0].upper() for code in codes if re.fullmatch(OTHER_NATIONS, code.upper())}
    return " and ".join(dict.fromkeys(name for letter, name in NATIONS.items() if letter in letters))


def _four_digits(year: str) -> str:
    return f"20{year}" if len(year) == 2 else year


def mid_year(text: str) -> str:
    """The year that an estimate is for, in the name of a sheet or file.

    >>> mid_year("Mid-2020 LSOA 2011")
    '2020'
    """
    named = re.search(r"mid[-_ ]?(20\d\d)", text, re.IGNORECASE)
    return named[1] if named else year_in(text)


def year_in(text: str) -> str:
    """A year of this century in a name: "sape-mid2020", "Mid-2019 Persons"; "" without one.

    >>> year_in("Mid-2020 Persons")
    '2020'
    """
    found = re.findall(r"(?<!\d)20[0-4]\d(?!\d)", text)
    return found[-1] if found else ""
