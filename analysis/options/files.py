"""Option files: TOML that a person can read, change and send, those of a place and the user's own.

name = "Three hubs with outreach"
source = "Cabinet, 13 June 2012, item 13"
illustration = true
others = "closed"                # what becomes of sites not listed: "closed" or "as today"

[catchment]
mode = "walk"
minutes = 20
[catchment.minutes_by_kind]      # optional
outreach = 10

[[localities]]                   # optional: areas that the option redraws
name = "East"
wards = ["Ash", "Birch"]

[[sites]]                        # a site of today, open, with what differs
site_id = "tilbury-family-hub"
kind = "family hub"
services = ["Family Nurse Partnership"]
opens_year = 2                   # optional: from the second year of the plan

[[sites]]                        # a new site
site_id = "library"
new = true
name = "Library"
kind = "outreach"
postcode = "RM17 5DX"
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import tomlkit
from pydantic import AfterValidator, BeforeValidator, Field, create_model

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.folders import bundled_places_folder, place_user_folder
from analysis.base.records import OneLine, Record, decoded_text, parse_record, read_text
from analysis.base.text import slugify
from analysis.base.writing import write_whole
from analysis.options.option import Catchment, Option, OptionSite, Others
from analysis.places.manifest import Locality
from analysis.places.sites.register import SITE_COLUMNS, split_list

HEADLINE = "The option cannot be used as it is."
YEARS = ("opens_year", "closes_year")
LAST_YEAR = 30


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str | int | float):
        return value
    raise ValueError("it is neither text nor a number")


def _services(value: Any) -> Any:
    return ";".join(split_list(";".join(map(str, value)))) if isinstance(value, list) else _cell(value)


def _listed_once(sites: tuple[Any, ...]) -> tuple[Any, ...]:
    ids = [site.site_id for site in sites]
    twice = sorted({site_id for site_id in ids if ids.count(site_id) > 1})
    if twice:
        raise ValueError(f"{', '.join(map(repr, twice))} is listed twice: keep one entry for it")
    return sites


def _in_one_locality(localities: tuple[Locality, ...]) -> tuple[Locality, ...]:
    home: dict[str, str] = {}
    for locality in localities:
        for ward in locality.wards:
            if home.setdefault(ward, locality.name) != locality.name:
                raise ValueError(
                    f"ward {ward!r:.60} is in {home[ward]} and in {locality.name}: leave it in one"
                )
    return localities


def _named(name: str) -> str:
    if not slugify(name):
        raise ValueError('it has no letter or digit: write it like name = "Three hubs"')
    return name


Year = Annotated[int, Field(ge=1, le=LAST_YEAR)]


class _SiteEntry(Record):
    site_id: Annotated[str, Field(min_length=1)]
    new: bool = False
    opens_year: Year | None = None
    closes_year: Year | None = None


_cells: dict[str, Any] = {
    column: (Annotated[Any, BeforeValidator(_services if column == "services" else _cell)], None)
    for column in SITE_COLUMNS
}
SiteEntry = create_model(
    "SiteEntry",
    __base__=_SiteEntry,
    __doc__="A site in an option's file: what is said of it, and any column of the sites frame.",
    **_cells,
)


class OptionFile(Record):
    """All of an option's file."""

    name: Annotated[OneLine, AfterValidator(_named)]
    slug: str = ""
    source: OneLine = ""
    note: OneLine = ""
    illustration: bool = False
    others: Others = "closed"
    catchment: Catchment = Catchment()
    localities: Annotated[tuple[Locality, ...], AfterValidator(_in_one_locality)] = ()
    sites: Annotated[tuple[SiteEntry, ...], AfterValidator(_listed_once)] = ()  # type: ignore[valid-type]


def parse_option(text: str, *, file: str = "option") -> Option:
    """Read an option from the text of its file.

    Raises
    ------
    HubreachError
        With everything in it that cannot be used.
    """
    given = parse_record(text, OptionFile, file=file, headline=HEADLINE)
    return Option(
        given.name,
        slugify(given.slug or given.name),
        tuple(map(_site, given.sites)),
        given.source,
        given.note,
        given.illustration,
        given.others,
        given.catchment,
        given.localities,
    )


def uploaded_option(content: bytes, file: str) -> Option:
    """As `parse_option`, from the bytes of an upload."""
    return parse_option(decoded_text(content, file=file, headline=HEADLINE), file=file)


def _site(entry: _SiteEntry) -> OptionSite:
    cells = entry.model_dump(exclude_unset=True, exclude={"site_id", "new", *YEARS})
    return OptionSite(entry.site_id, cells, entry.new, entry.opens_year, entry.closes_year)


def option_text(option: Option) -> str:
    """Write an option as the text of its file; what is left out there is left out here."""
    body: dict[str, Any] = {"name": option.name, "slug": option.slug}
    body |= {key: words for key in ("source", "note") if (words := getattr(option, key))}
    body |= {"illustration": option.illustration, "others": option.others}
    travel = {"mode": option.catchment.mode, "minutes": option.catchment.minutes}
    body["catchment"] = travel | option.catchment.model_dump(exclude_defaults=True, exclude_none=True)
    if option.localities:
        body["localities"] = [locality.model_dump() for locality in option.localities]
    if option.sites:
        body["sites"] = [_site_table(site) for site in option.sites]
    return tomlkit.dumps(body)


def _site_table(site: OptionSite) -> dict[str, Any]:
    """A site as TOML has it: services as a list, whole numbers without a point, an unknown one as blank."""
    table: dict[str, Any] = {"site_id": site.site_id}
    table |= {"new": True} if site.is_new else {}
    table |= {year: value for year in YEARS if (value := getattr(site, year)) is not None}
    for column, value in site.values.items():
        if column == "services":
            table[column] = list(split_list(str(value)))
        elif isinstance(value, float) and not math.isfinite(value):
            table[column] = ""
        else:
            table[column] = int(value) if isinstance(value, float) and value.is_integer() else value
    return table


TODAY = Option("Today", "today", source="The place's sites as they are listed", others="as today")
TODAY_TAKEN = "today is the place's own open sites, on every page and in every pack"
FORMER_TODAY = ("todays-family-hubs", "todays-hubs")


def option_folders(place_slug: str) -> tuple[Path, Path]:
    """Where a place's options are: those that come with it, then the user's own."""
    return bundled_places_folder() / place_slug / "options", place_user_folder(place_slug) / "options"


def list_options(place_slug: str) -> dict[str, Path]:
    """Option files of a place by slug; a user's file stands in for a bundled one of the same name."""
    return {
        path.stem: path
        for folder in option_folders(place_slug)
        for path in sorted(folder.glob("*.toml"), key=lambda path: path.stem)
    }


def current_slug(slug: str) -> str:
    """Slug of an option that had another: links and drafts of 0.1 name files that only said what today is."""
    return TODAY.slug if slug in FORMER_TODAY else slug


def find_option(place_slug: str, name: str) -> Option:
    """Read an option of a place by name or slug; "today" is always there.

    Raises
    ------
    HubreachError
        If there is none (the message lists those there are), or its file cannot be used.
    """
    files = list_options(place_slug)
    slug = current_slug(slugify(name))
    if slug == TODAY.slug:
        return TODAY
    if slug in files:
        return _read_as(slug, files[slug])
    faults = FaultList("option")
    known = ", ".join(sorted({*files, TODAY.slug}))
    faults.add(f"{name!r:.60} is not known", f"Choose one of: {known}")
    raise HubreachError("There is no such option.", faults)


def read_options(place_slug: str) -> tuple[dict[str, Option], tuple[Fault, ...]]:
    """Every option of a place by slug, today first.

    Returns
    -------
    dict of str to Option
    tuple of Fault
        What is wrong with files that cannot be used; the others are there all the same.
    """
    found, faults = {TODAY.slug: TODAY}, FaultList("options")
    for slug, path in list_options(place_slug).items():
        if slug == TODAY.slug:
            faults.add(TODAY_TAKEN, "Give the file another name", file=path.name)
            continue
        with faults.collecting():
            found[slug] = _read_as(slug, path)
    return found, tuple(faults)


def _read_as(slug: str, path: Path) -> Option:
    """Read an option whose file's name says what it is called on the command line and in links."""
    return replace(read_option(path), slug=slug)


def read_option(path: Path) -> Option:
    """Read an option file.

    Raises
    ------
    HubreachError
        With everything in it that cannot be used.
    """
    return parse_option(read_text(path, HEADLINE), file=path.name)


def write_option(option: Option, place_slug: str, *, replace: bool = True) -> Path:
    """Save an option in the user's data folder, whole or not at all.

    Parameters
    ----------
    option : Option
    place_slug : str
    replace : bool
        Whether an option of the same name, one that comes with the place too, may give way to it.

    Returns
    -------
    Path
        Of the file: `places/<place>/options/<slug>.toml`.

    Raises
    ------
    HubreachError
        If the name is taken or is "today", or the folder cannot be written to.
    """
    if slugify(option.slug) == TODAY.slug:
        fault = Fault("option", None, "name", TODAY_TAKEN, "Take another name")
        raise HubreachError("The option was not saved.", [fault])
    if not replace and slugify(option.slug) in list_options(place_slug):
        found = f"there is an option {option.slug} already"
        fault = Fault("option", None, "name", found, "Take another name, or say that it may be replaced")
        raise HubreachError("The option was not saved.", [fault])
    path = option_folders(place_slug)[1] / f"{slugify(option.slug)}.toml"
    return write_whole(path, option_text(option), "The option was not saved.")
