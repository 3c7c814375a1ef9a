"""Lists of sites as published or kept: GIAS extracts, the list of family hubs, a council's own table."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import contains_xy

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.intake.assemble.gathering import Note
from analysis.intake.files.headings import normal_heading
from analysis.intake.files.sheets import Row, Sheet, open_sheets
from analysis.places.sites.postcodes import locate_postcodes
from analysis.places.sites.register import SITE_COLUMNS

PATTERNS = {
    "name": r"establishment ?name|(?:name of )?(?:the )?(?:family hub|hub|site|centre)(?: site)?(?: name)?|name",
    "kind": r"typeofestablishment \(name\)|kind|(?:site |hub )?type|category",
    "phase": r"phaseofeducation \(name\)",
    "status": r"establishmentstatus \(name\)",
    "district_code": r"districtadministrative \(code\)|l(?:ad|a)(?:\d\d)?cd",
    "district_name": r"la \(name\)|local authority(?: name| area)?|la(?: name)?|l(?:ad|a)(?:\d\d)?nm",
    "postcode": r"post ?code",
    "easting": r"eastings?",
    "northing": r"northings?",
    "lon": r"lon|long|longitude",
    "lat": r"lat|latitude",
    "age_from": r"statutorylowage|age_from|age from",
    "age_to": r"statutoryhighage|age_to|age to",
    "urn": r"urn",
    **{
        name: name.replace("_", "[ _]")
        for name in SITE_COLUMNS
        if name
        not in {"name", "kind", "postcode", "easting", "northing", "lon", "lat", "age_from", "age_to", "urn"}
    },
}
COMPILED = {name: re.compile(pattern) for name, pattern in PATTERNS.items()}
OPEN = re.compile(r"open\b.*", re.IGNORECASE)
PHASES = {
    "nursery": "school (nursery)",
    "primary": "school (primary)",
    "middle deemed primary": "school (primary)",
    "secondary": "school (secondary)",
    "middle deemed secondary": "school (secondary)",
    "all-through": "school (all-through)",
}
NEEDED = (("name", "postcode"), ("name", "easting", "northing"), ("name", "lon", "lat"))
EDGE_M = 1_000.0
EXPECTED = (
    "Give a table with a name and a postcode (or easting and northing) for each site, headed name, postcode"
)


MOST_FAULTS = 20


@dataclass(frozen=True, eq=False)
class SiteList:
    """A list of sites that was read.

    Parameters
    ----------
    sites : DataFrame
        Columns of a place's sites.csv as text.
    note : Note
    """

    sites: pd.DataFrame
    note: Note


def read_site_list(
    path: Path,
    *,
    districts: Collection[str],
    names: Collection[str],
    outline: gpd.GeoSeries,
    given: Mapping[str, str] | None = None,
) -> SiteList:
    """Read the sites of a place from any list.

    Parameters
    ----------
    path : Path
        GIAS extract of schools or children's centres, the DfE's list of family hubs, or own CSV or Excel.
    districts, names : collections of str
        Codes and names of the place's authorities: rows of others are left out where the list says whose
        they are.
    outline : GeoSeries
        Polygons of the place, EPSG:27700: in a published list, sites more than 1 km outside are left out.
    given : mapping, optional
        Meaning to heading, where the user has said so.

    Raises
    ------
    HubreachError
        If it is no list of sites.
    """
    sheet, number, columns = _recognised(path, given or {})
    raw = sheet.read(number + 1, tuple(columns.values()))
    table = pd.DataFrame({name: raw[position] for name, position in columns.items()})
    table = table[(table != "").any(axis=1)]
    held = len(table)
    left: list[str] = []
    table = _keep(table, _is_ours(table, districts, names), "of other authorities", left)
    _check_names(table, sheet.file, number + 2)
    published = "status" in table or "family hub" in _words(sheet, number)
    if "status" in table:
        table = _keep(table, table["status"].str.fullmatch(OPEN), "not open", left)
    table = table.assign(
        kind=_kinds(table, "family hub" in _words(sheet, number)), source=_source(sheet, table)
    )
    table = _keep(table, table["kind"] != "", "of no kind that a place uses", left)
    if published:
        table = _keep(table, _inside(table, outline), "without a known position in the place", left)
    sites = table[[name for name in SITE_COLUMNS if name in table]].reset_index(drop=True)
    return SiteList(sites, Note(sheet.file, f"sites ({held:,} listed)", len(sites), ", ".join(left)))


def _check_names(table: pd.DataFrame, file: str, first_row: int) -> None:
    faults = FaultList(file)
    for row in table.index[table["name"] == ""][:MOST_FAULTS]:
        faults.add(
            "the site has no name",
            "Give it one, or take the row out",
            row=first_row + int(row),
            column="name",
        )
    faults.raise_if_any(f"{file} cannot be used as it is.")


def _recognised(path: Path, given: Mapping[str, str]) -> tuple[Sheet, int, dict[str, int]]:
    wanted = {normal_heading(text): name for name, text in given.items()}
    best: tuple[Sheet, int, dict[str, int]] | None = None
    sheets = open_sheets(path)
    for sheet in sheets:
        for number, row in enumerate(sheet.preview):
            columns = _columns(row, wanted)
            usable = any(set(needed) <= set(columns) for needed in NEEDED)
            if usable and (best is None or len(columns) > len(best[2])):
                best = (sheet, number, columns)
    if best is None:
        rows = [row for sheet in sheets for row in sheet.preview if any(row)]
        shown = ", ".join(repr(cell[:40]) for cell in (rows[0] if rows else ())[:10] if cell)
        fault = Fault(
            path.name, None, None, f"no list of sites (headings found: {shown or 'none'})", EXPECTED
        )
        raise HubreachError(f"{path.name} is not recognised.", [fault])
    return best


def _columns(row: Row, given: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, cell in enumerate(row[:400]):
        normal = normal_heading(cell[:200])
        name = given.get(normal) or next((n for n, p in COMPILED.items() if p.fullmatch(normal)), None)
        if name is not None and name not in found:
            found[name] = position
    return found


def _words(sheet: Sheet, number: int) -> str:
    heads = " ".join(cell for row in sheet.preview[: number + 1] for cell in row)
    return re.sub(r"[_-]+", " ", f"{sheet.file} {heads}").casefold()


def _keep(table: pd.DataFrame, kept: pd.Series, why: str, left: list[str]) -> pd.DataFrame:
    out = len(table) - int(kept.sum())
    if out:
        left.append(f"{out:,} {why}")
    return table[kept.astype(bool)]


def _is_ours(table: pd.DataFrame, districts: Collection[str], names: Collection[str]) -> pd.Series:
    if "district_code" in table and table["district_code"].isin(set(districts)).any():
        return table["district_code"].isin(set(districts))
    if "district_name" in table:
        ours = {_plain_name(name) for name in names}
        return table["district_name"].map(_plain_name).isin(ours)
    return pd.Series(True, index=table.index)


def _plain_name(name: str) -> str:
    plain = re.sub(
        r"\b(?:council|borough|city|county|london|metropolitan|district|of|the|royal)\b", " ", name.casefold()
    )
    return re.sub(r"[^a-z]+", " ", plain.replace("&", "and")).strip()


def _kinds(table: pd.DataFrame, hubs: bool) -> pd.Series:
    given = table.get("kind", pd.Series("", index=table.index, dtype="str")).str.replace(
        "’", "'", regex=False
    )
    if "phase" not in table:
        return given.where(given != "", "family hub" if hubs else "site").astype("str")
    centre = given.str.casefold().str.contains("children's centre", regex=False)
    schools = table["phase"].str.casefold().map(PHASES).fillna("")
    return given.str.casefold().where(centre, schools).astype("str")


def _source(sheet: Sheet, table: pd.DataFrame) -> pd.Series:
    own = table.get("source", pd.Series("", index=table.index, dtype="str"))
    return own.where(own != "", sheet.path.name).astype("str")


def _inside(table: pd.DataFrame, outline: gpd.GeoSeries) -> pd.Series:
    nowhere = pd.Series(np.nan, index=table.index)
    position = {
        axis: pd.to_numeric(table.get(axis, nowhere), errors="coerce").astype(float)
        for axis in ("easting", "northing")
    }
    unknown = position["easting"].isna() | (position["easting"] <= 0) | position["northing"].isna()
    if unknown.any() and "postcode" in table:
        found = locate_postcodes(table.loc[unknown, "postcode"])
        position = {
            axis: values.where(~unknown, found[axis].reindex(values.index))
            for axis, values in position.items()
        }
    land = outline.union_all().buffer(EDGE_M)
    within = contains_xy(
        land, position["easting"].fillna(0).to_numpy(), position["northing"].fillna(0).to_numpy()
    )
    return pd.Series(within, index=table.index)
