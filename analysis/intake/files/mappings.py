"""What a user has said of a file's columns, remembered for the next file with the same headings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.base.faults import FaultList
from analysis.base.folders import user_data_folder
from analysis.base.records import kept_values
from analysis.base.text import normal_heading, plain
from analysis.base.writing import write_whole
from analysis.intake.files.keys import Where
from analysis.intake.files.uploads import file_headings, heading_rows

Kept = MutableMapping[str, dict[str, str]]
"""Mappings by the shape of a file, of one user."""
CODES = {"lsoa_code": "Code of the LSOA"}
MEANINGS: dict[str, dict[str, str]] = {
    "tables": {
        **CODES,
        "ward_code": "Code of the ward",
        "ward_name": "Name of the ward",
        "district_code": "Code of the authority",
        "district_name": "Name of the authority",
    },
    "children": {
        **CODES,
        "children": "Children in all",
        **{
            f"children_{ages}": f"Children aged {ages.replace('_', '-')}"
            for ages in ("0_4", "5_10", "11_15", "16_17")
        },
    },
    "wards": {**CODES, "ward_name": "Name of the ward", "ward_code": "Code of the ward"},
    "boundaries": CODES,
    "points": {
        "postcode": "Postcode",
        "easting": "Easting",
        "northing": "Northing",
        "lon": "Longitude",
        "lat": "Latitude",
        "weight": "How many stand there",
    },
    "sites": {
        "name": "Name of the site",
        "kind": "Kind of site",
        "postcode": "Postcode",
        "easting": "Easting",
        "northing": "Northing",
        "lon": "Longitude",
        "lat": "Latitude",
        "is_open": "Open or not",
    },
    "travel": {
        "origin": "Area that a trip starts in",
        "destination": "Site that it ends at",
        "minutes": "Minutes",
        "seconds": "Seconds, where it has no minutes",
    },
}
"""What the columns of each kind of file can mean, and that in words."""
FILE = "column_mappings.json"
MOST_KEPT = 500


@dataclass(frozen=True)
class Answers:
    """What a user has said of a file.

    Parameters
    ----------
    columns : mapping
        What a column means (lsoa_code, children_0_4, name, postcode), to its heading in the file.
    where : mapping
        Heading to the values that are meant, where an area stands in several rows.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    where: Where = field(default_factory=dict)


def named_columns(columns: Mapping[str, str]) -> str:
    """A mapping in words.

    >>> named_columns({"lsoa_code": "Zone", "ward_name": "Patch"})
    'lsoa_code=Zone, ward_name=Patch'
    """
    return ", ".join(f"{meaning}={plain(heading)}" for meaning, heading in columns.items())


def check_meanings(columns: Mapping[str, str], kind: str) -> None:
    """Refuse a meaning that no column of a kind of file has.

    Raises
    ------
    HubreachError
        With every one.
    """
    known = MEANINGS[kind]
    faults = FaultList("what is said of the file")
    for meaning in columns:
        if meaning not in known:
            found = f"{meaning!r:.40} is no meaning of a column of {kind}"
            faults.add(found, f"Use one of: {', '.join(known)}", column="--column")
    faults.raise_if_any("The columns cannot be used.")


def recalled(path: Path, kept: Kept | None = None) -> dict[str, str]:
    """The mapping that is kept for a file's headings; none where there is none.

    Parameters
    ----------
    path : Path
    kept : mapping, optional
        Of a visitor; without it, the user's own file.
    """
    kept = _kept() if kept is None else kept
    if not kept:
        return {}
    return next((kept[key] for key in _signatures(path) if key in kept), {})


def remember(path: Path, given: Mapping[str, str], kept: Kept | None = None) -> None:
    """Keep a mapping for every file with these headings: with a visitor, or in the user's own file.

    An empty mapping forgets what was kept for the file.
    """
    own: Kept = _kept() if kept is None else kept
    for key in _signatures(path, list(given.values())):
        own.pop(key, None)
        if given:
            own[key] = dict(given)
    if kept is None:
        newest = dict(list(own.items())[-MOST_KEPT:])
        text = json.dumps(newest, ensure_ascii=False, indent=1)
        write_whole(user_data_folder() / FILE, text, "The columns were not remembered.")


def shape_of(path: Path) -> str:
    """A mark of how a file is headed: files headed alike have the same; "" where it cannot be read."""
    return next(iter(_signatures(path, file_headings(path))), "")


def _signatures(path: Path, holding: list[str] | None = None) -> list[str]:
    """Marks of the rows of a file that can be headings: the same words in the same order."""
    wanted = {normal_heading(text) for text in holding or ()}
    marks = []
    for row in heading_rows(path):
        words = [normal_heading(cell) for cell in row]
        if len(set(words) - {""}) > 1 and wanted <= set(words):
            marks.append(hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:24])
    return marks


def _kept() -> dict[str, dict[str, str]]:
    return {
        str(key): {str(name): str(text) for name, text in value.items()}
        for key, value in kept_values(user_data_folder() / FILE).items()
        if isinstance(value, dict)
    }
