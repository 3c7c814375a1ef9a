"""What a pack was made from: enough to make the same figures again, and to say what has changed since."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import Field

from analysis.base.faults import HubreachError
from analysis.base.records import AboveZero, Record, checked_record, json_values
from analysis.base.text import plain
from analysis.need.estimate import NeedEstimate, estimate_need
from analysis.options.files import find_option, option_text
from analysis.places.england.tables import england_folder
from analysis.places.place import Place
from analysis.report.content import Form
from analysis.scenario.need_settings import COMPOSITE
from analysis.scenario.scenario import Scenario
from analysis.targeting.recipe import estimate_on_recipe, read_recipe

SCHEMA = 2
DEFAULT_SECTIONS = ("need", "targeting", "reach", "method", "data")
PACKAGES = (
    "hubreach",
    "geopandas",
    "matplotlib",
    "numpy",
    "pandas",
    "plotly",
    "python-docx",
    "python-pptx",
    "scipy",
    "shapely",
    "typst",
    "xlsxwriter",
)


UNREADABLE_MANIFEST = "This is not the manifest of a pack."


@dataclass(frozen=True)
class PackRequest:
    """What a user asks for.

    Parameters
    ----------
    scenario : Scenario
        What every figure of the pack depends on.
    sections : tuple of str
        Keys of sections, in the order of the pack.
    options : tuple of str
        Names or slugs of options.
    share : float
        Share of need of the smallest set.
    workshop : str
        Code of a workshop; "" for none.
    title : str
        "" takes "Early help in <place>".
    texts : dict of str to str
        The user's own words for a paragraph, by its key.
    theme : dict
        The council's colours, fonts and logo (`analysis.render.theme_files`); empty for the house's.
    sites : dict
        Values by site instead of the place's own sites; empty for those.
    sites_words : str
        Where these sites are from.
    form : {"short", "long"}
        The findings, or every figure and table.
    choose : int
        Number of sites that the section on siting asks for.
    """

    scenario: Scenario
    sections: tuple[str, ...] = DEFAULT_SECTIONS
    options: tuple[str, ...] = ()
    share: AboveZero = 0.5
    workshop: str = ""
    title: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    theme: dict[str, Any] = field(default_factory=dict)
    sites: dict[str, dict[str, Any]] = field(default_factory=dict)
    sites_words: str = ""
    form: Form = "short"
    choose: int = 3

    @property
    def place(self) -> str:
        """Slug of the place."""
        return self.scenario.place


class _PackedPlace(Record):
    slug: str
    name: str
    hash: str = ""
    files: dict[str, str]


class _Packed(Record):
    """A manifest as its file has it."""

    hubreach_pack: int = SCHEMA
    made: dt.date
    place: _PackedPlace
    options: dict[str, str] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    request: PackRequest


def requested_estimate(place: Place, request: PackRequest) -> NeedEstimate:
    """The estimate of need that a request asks for."""
    settings = request.scenario.need_settings(place)
    if settings.basis == COMPOSITE:
        return estimate_on_recipe(place, settings, read_recipe(request.scenario.index))
    return estimate_need(place, settings)


def manifest_text(place: Place, request: PackRequest, made: dt.date) -> str:
    """The manifest as JSON: place and its files' hashes, versions, request."""
    files = place_hashes(place)
    body = {
        "hubreach_pack": SCHEMA,
        "made": made.isoformat(),
        "place": {"slug": place.slug, "name": place.name, "hash": _joined(files), "files": files},
        "options": {name: _option_hash(place.slug, name) for name in _named(request)},
        "versions": {"python": sys.version.split()[0], **_versions()},
        "request": {**_fields(request), "scenario": request.scenario.manifest()},
    }
    return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True)


def read_manifest(text: str) -> tuple[PackRequest, dt.date]:
    """The request and the date of a manifest.

    Raises
    ------
    HubreachError
        If it is not a manifest of a pack.
    """
    body = _packed(text)
    return body.request, body.made


def _packed(text: str) -> _Packed:
    values = json_values(text, file="manifest", headline=UNREADABLE_MANIFEST)
    asked = values.get("request")
    if isinstance(asked, dict) and values.get("hubreach_pack") == 1:
        values = {**values, "request": _from_first_schema(asked)}
    return checked_record(values, _Packed, file="manifest", headline=UNREADABLE_MANIFEST)


def _named(request: PackRequest) -> list[str]:
    return list(
        dict.fromkeys([*request.options, *([request.scenario.option] if request.scenario.option else [])])
    )


def _fields(request: PackRequest) -> dict[str, Any]:
    return {name: getattr(request, name) for name in PackRequest.__dataclass_fields__ if name != "scenario"}


def _from_first_schema(asked: dict[str, Any]) -> dict[str, Any]:
    """A request of the first schema: every open site counted, whatever its kind."""
    given = dict(asked)
    terms: dict[str, Any] = {name: given.pop(name) for name in ("minutes", "mode", "tier") if name in given}
    scenario = {
        "place": given.pop("place", ""),
        "need": given.pop("settings", {}),
        "index": given.pop("index", ""),
        "terms": terms | {"kinds": []},
        "status": "proposal" if given.get("sites") else "today",
    }
    return {**given, "scenario": scenario}


def changes_since(text: str, place: Place) -> list[str]:
    """What differs between a manifest and the data and programs of now, one sentence each."""
    body = _packed(text)
    before, now = body.place.files, place_hashes(place)
    said = [f"{name} is new" for name in sorted(now.keys() - before.keys())]
    said += [f"{name} is gone" for name in sorted(before.keys() - now.keys())]
    said += [
        f"{name} has changed" for name in sorted(now.keys() & before.keys()) if now[name] != before[name]
    ]
    for name, digest in body.options.items():
        if _option_hash(place.slug, name) != digest:
            said.append(f"the option {plain(name)} has changed")
    then = body.versions
    versions = {"python": sys.version.split()[0], **_versions()}
    said += [
        f"{name} was {then[name]} and is {version}"
        for name, version in versions.items()
        if then.get(name, version) != version
    ]
    return said


def place_hashes(place: Place) -> dict[str, str]:
    """SHA-256 of every file that the figures of a place may come from."""
    own = file_hashes(place.folder)
    if not place.districts:
        return own
    own |= {f"own/{about.kind}": about.table for about in (place.opened_as or place).own_files}
    return own | {f"england/{name}": digest for name, digest in file_hashes(england_folder()).items()}


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a place's folder, by its path in the folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def _joined(files: dict[str, str]) -> str:
    lines = "\n".join(f"{digest}  {name}" for name, digest in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _option_hash(slug: str, name: str) -> str:
    try:
        return hashlib.sha256(option_text(find_option(slug, name)).encode()).hexdigest()
    except HubreachError:
        return "not found"


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
