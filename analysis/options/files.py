"""Option files: TOML that a person can read, change and send.

name = "Three hubs with outreach"
source = "Cabinet, 13 June 2012, item 13"
illustration = true
others = "closed"                # what becomes of sites not listed: "closed" or "as today"

[catchment]
mode = "walk"
minutes = 20
[catchment.minutes_by_kind]      # optional
outreach = 10

[[sites]]                        # a site of today, open, with what differs
site_id = "tilbury-family-hub"
kind = "family hub"
services = ["Family Nurse Partnership"]

[[sites]]                        # a new site
site_id = "library"
new = true
name = "Library"
kind = "outreach"
postcode = "RM17 5DX"
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import tomlkit

from analysis.options.option import OTHERS, Catchment, Option, OptionSite, Others
from analysis.places.faults import FaultList, HubreachError
from analysis.places.folders import bundled_places_folder, place_user_folder
from analysis.places.site_values import Value
from analysis.places.sites import SITE_COLUMNS, split_list
from analysis.places.text import plain, slugify
from analysis.places.writing import write_whole
from analysis.reach.travel import MODES, Mode

KEYS = ("name", "slug", "source", "note", "illustration", "others", "catchment", "sites")
CATCHMENT_KEYS = ("mode", "minutes", "detour", "speed_kmh", "minutes_by_kind")
LARGEST_FILE = 2_000_000


def option_folders(place_slug: str) -> tuple[Path, Path]:
    """Where a place's options are: those that come with it, then the user's own."""
    return bundled_places_folder() / place_slug / "options", place_user_folder(place_slug) / "options"


def list_options(place_slug: str) -> dict[str, Path]:
    """Option files of a place by slug; a user's file stands in for a bundled one of the same name."""
    return {
        path.stem: path for folder in option_folders(place_slug) for path in sorted(folder.glob("*.toml"))
    }


def find_option(place_slug: str, name: str) -> Option:
    """Read an option of a place by name or slug.

    Raises
    ------
    HubreachError
        If there is none (the message lists those there are), or its file cannot be used.
    """
    files = list_options(place_slug)
    slug = slugify(name)
    if slug not in files:
        faults = FaultList("option")
        known = ", ".join(files) or "none yet"
        faults.add(f"{name!r:.60} is not known", f"Choose one of: {known}")
        faults.raise_if_any("There is no such option.")
    return read_option(files[slug])


def read_option(path: Path) -> Option:
    """Read an option file.

    Raises
    ------
    HubreachError
        With everything in it that cannot be used.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults = FaultList(path.name)
        faults.add(f"it cannot be read ({error!s:.80})", "Give an option file (TOML, UTF-8)")
        raise HubreachError("The option cannot be read.", faults) from error
    return parse_option(text, file=path.name)


def parse_option(text: str, *, file: str = "option") -> Option:
    """Read an option from the text of its file.

    Raises
    ------
    HubreachError
        With everything in it that cannot be used.
    """
    faults = FaultList(file)
    body: dict[str, Any] = {}
    if len(text) > LARGEST_FILE:
        faults.add("the file is far too large", "Give an option file")
    else:
        try:
            body = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            faults.add(f"not TOML ({error!s:.80})", "Check quotes and brackets there")
    faults.raise_if_any("The option cannot be read.")
    _report_unknown(body, KEYS, "", faults)
    name = plain(_typed(body, "name", str, "", faults))
    slug = slugify(_typed(body, "slug", str, "", faults) or name)
    if not (slug and name):
        faults.add("it has no name", 'Add a line such as name = "Three hubs"', column="name")
    others = _typed(body, "others", str, "closed", faults)
    if others not in OTHERS:
        faults.add(f"{others!r:.40} is not known", f"Use one of: {', '.join(OTHERS)}", column="others")
    option = Option(
        name,
        slug,
        _sites(body, faults),
        plain(_typed(body, "source", str, "", faults)),
        plain(_typed(body, "note", str, "", faults)),
        _typed(body, "illustration", bool, False, faults),
        cast("Others", others),
        _catchment(_typed(body, "catchment", dict, {}, faults), faults),
    )
    faults.raise_if_any("The option cannot be used as it is.")
    return option


def option_text(option: Option) -> str:
    """Write an option as the text of its file."""
    document = tomlkit.document()
    document["name"], document["slug"] = option.name, option.slug
    for key in ("source", "note"):
        if getattr(option, key):
            document[key] = getattr(option, key)
    document["illustration"], document["others"] = option.illustration, option.others
    catchment = {key: getattr(option.catchment, key) for key in CATCHMENT_KEYS[:-1]}
    document["catchment"] = {key: value for key, value in catchment.items() if value is not None}
    if option.catchment.minutes_by_kind:
        document["catchment"]["minutes_by_kind"] = dict(option.catchment.minutes_by_kind)
    tables = tomlkit.aot()
    for site in option.sites:
        table = tomlkit.table()
        table["site_id"] = site.site_id
        if site.is_new:
            table["new"] = True
        for column, value in site.values.items():
            packed = _packed(column, value)
            if packed is not None:
                table[column] = packed
        tables.append(table)
    if option.sites:
        document["sites"] = tables
    return tomlkit.dumps(document)


def write_option(option: Option, place_slug: str) -> Path:
    """Save an option in the user's data folder, whole or not at all.

    Returns
    -------
    Path
        Of the file: `places/<place>/options/<slug>.toml`.

    Raises
    ------
    HubreachError
        If the folder cannot be written to.
    """
    path = option_folders(place_slug)[1] / f"{slugify(option.slug)}.toml"
    return write_whole(path, option_text(option), "The option was not saved.")


def _packed(column: str, value: Value) -> Any:
    """Value as TOML has it: services as a list, whole numbers without a point, unknown left out."""
    if column == "services":
        return list(split_list(str(value)))
    if isinstance(value, float):
        if math.isnan(value):
            return "" if column in SITE_COLUMNS else None
        return int(value) if value.is_integer() else value
    return value


def _sites(body: Mapping[str, Any], faults: FaultList) -> tuple[OptionSite, ...]:
    listed: list[OptionSite] = []
    for number, entry in enumerate(_typed(body, "sites", list, [], faults), start=1):
        where = f"sites, number {number}"
        if not isinstance(entry, dict) or not isinstance(entry.get("site_id"), str) or not entry["site_id"]:
            faults.add("it has no site_id", 'Add a line such as site_id = "library"', column=where)
            continue
        values = dict(entry)
        site_id, is_new = values.pop("site_id"), bool(values.pop("new", False))
        if any(site.site_id == site_id for site in listed):
            faults.add(f"{site_id!r:.60} is listed twice", "Keep one entry for it", column=where)
        _report_unknown(values, SITE_COLUMNS, where, faults)
        if isinstance(values.get("services"), list):
            values["services"] = ";".join(split_list(";".join(map(str, values["services"]))))
        odd = [column for column, value in values.items() if not isinstance(value, str | int | float | bool)]
        for column in odd:
            faults.add(
                f"{values[column]!r:.40} is not a value", "Give text or a number", column=f"{where}, {column}"
            )
        listed.append(
            OptionSite(site_id, {key: value for key, value in values.items() if key not in odd}, is_new)
        )
    return tuple(listed)


def _catchment(body: Mapping[str, Any], faults: FaultList) -> Catchment:
    _report_unknown(body, CATCHMENT_KEYS, "catchment", faults)
    mode = _typed(body, "mode", str, "walk", faults)
    if mode not in MODES:
        faults.add(f"{mode!r:.40} is not a mode", f"Use one of: {', '.join(MODES)}", column="catchment, mode")
        mode = "walk"
    numbers = {key: body.get(key) for key in ("minutes", "detour", "speed_kmh")}
    by_kind = _typed(body, "minutes_by_kind", dict, {}, faults)
    for key, value in {
        **numbers,
        **{f"minutes_by_kind, {kind}": value for kind, value in by_kind.items()},
    }.items():
        usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf
        if value is not None and not usable:
            faults.add(f"{value!r:.40} cannot be used", "Give a number above 0", column=f"catchment, {key}")
    if faults:
        return Catchment()
    return Catchment(
        cast("Mode", mode),
        float(numbers["minutes"] or Catchment().minutes),
        numbers["detour"],
        numbers["speed_kmh"],
        by_kind,
    )


def _typed(body: Mapping[str, Any], key: str, kind: type, default: Any, faults: FaultList) -> Any:
    value = body.get(key, default)
    if isinstance(value, kind):
        return value
    names = {str: "text in quotes", bool: "true or false", dict: "a table", list: "a list of tables"}
    faults.add(f"{value!r:.40} is not {names[kind]}", f"Give {names[kind]}", column=key)
    return default


def _report_unknown(body: Mapping[str, Any], known: tuple[str, ...], where: str, faults: FaultList) -> None:
    for key in body:
        if key not in known:
            column = f"{where}, {key}" if where else key
            faults.add("this key is not known", f"Use one of: {', '.join(known)}", column=column)
