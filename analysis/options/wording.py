"""The text of an option file: TOML that a person can read, change and send.

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
import tomllib
from collections.abc import Mapping
from typing import Any, cast

import tomlkit
from pydantic import ValidationError

from analysis.base.faults import FaultList
from analysis.base.text import plain, slugify
from analysis.options.option import OTHERS, Catchment, Option, OptionSite, Others
from analysis.places.manifest import Locality
from analysis.places.sites.register import SITE_COLUMNS, split_list
from analysis.places.sites.values import Value
from analysis.scenario.travel import MODES, Mode

KEYS = ("name", "slug", "source", "note", "illustration", "others", "catchment", "localities", "sites")
CATCHMENT_NUMBERS = ("minutes", "detour", "speed_kmh")
CATCHMENT_KEYS = ("mode", *CATCHMENT_NUMBERS, "minutes_by_kind", "citywide_kinds")
YEARS = ("opens_year", "closes_year")
LAST_YEAR = 30
LARGEST_FILE = 2_000_000


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
        _localities(body, faults),
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
    document["catchment"] = _catchment_table(option.catchment)
    if option.localities:
        areas = tomlkit.aot()
        for locality in option.localities:
            areas.append(tomlkit.item({"name": locality.name, "wards": list(locality.wards)}))
        document["localities"] = areas
    if option.sites:
        tables = tomlkit.aot()
        for site in option.sites:
            tables.append(_site_table(site))
        document["sites"] = tables
    return tomlkit.dumps(document)


def _catchment_table(catchment: Catchment) -> dict[str, Any]:
    table = {key: getattr(catchment, key) for key in ("mode", *CATCHMENT_NUMBERS)}
    table = {key: value for key, value in table.items() if value is not None}
    if catchment.citywide_kinds:
        table["citywide_kinds"] = list(catchment.citywide_kinds)
    if catchment.minutes_by_kind:
        table["minutes_by_kind"] = dict(catchment.minutes_by_kind)
    return table


def _site_table(site: OptionSite) -> Any:
    table = tomlkit.table()
    table["site_id"] = site.site_id
    if site.is_new:
        table["new"] = True
    for key in YEARS:
        if getattr(site, key) is not None:
            table[key] = getattr(site, key)
    for column, value in site.values.items():
        packed = _packed(column, value)
        if packed is not None:
            table[column] = packed
    return table


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
        years = {key: _year(values.pop(key, None), f"{where}, {key}", faults) for key in YEARS}
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
            OptionSite(
                site_id, {key: value for key, value in values.items() if key not in odd}, is_new, **years
            )
        )
    return tuple(listed)


def _year(value: Any, where: str, faults: FaultList) -> int | None:
    if value is None or (isinstance(value, int) and 1 <= value <= LAST_YEAR):
        return None if value is None else int(value)
    faults.add(f"{value!r:.40} is not a year", f"Give a whole number, 1 to {LAST_YEAR}", column=where)
    return None


def _localities(body: Mapping[str, Any], faults: FaultList) -> tuple[Locality, ...]:
    listed, home = [], dict[str, str]()
    for number, entry in enumerate(_typed(body, "localities", list, [], faults), start=1):
        where = f"localities, number {number}"
        try:
            locality = Locality.model_validate(entry)
        except ValidationError:
            remedy = 'Give it a name and wards, such as wards = ["Ash", "Birch"]'
            faults.add("it is not a name with a list of wards", remedy, column=where)
            continue
        for ward in locality.wards:
            if home.setdefault(ward, locality.name) != locality.name:
                found = f"ward {ward!r:.60} is also in {home[ward]}"
                faults.add(found, "Leave it in one", column=where)
        listed.append(locality)
    return tuple(listed)


def _catchment(body: Mapping[str, Any], faults: FaultList) -> Catchment:
    _report_unknown(body, CATCHMENT_KEYS, "catchment", faults)
    mode = _typed(body, "mode", str, "walk", faults)
    if mode not in MODES:
        faults.add(f"{mode!r:.40} is not a mode", f"Use one of: {', '.join(MODES)}", column="catchment, mode")
        mode = "walk"
    numbers = {key: body.get(key) for key in CATCHMENT_NUMBERS}
    citywide = _typed(body, "citywide_kinds", list, [], faults)
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
        tuple(plain(str(kind)) for kind in citywide),
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
