"""Lists of sites as published or kept: GIAS extracts, the list of family hubs, a council's own table."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import contains_xy

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.sheets import PREVIEW_ROWS, Row, Sheet, headed, open_sheets
from analysis.base.text import normal_heading
from analysis.intake.assemble.gathering import Note
from analysis.intake.files.codes import TOTALS, names_of_wholes, plain_authority
from analysis.intake.files.mappings import check_meanings
from analysis.intake.indicators.shapes import cell_text
from analysis.places.coordinates import grid_of_lon_lat
from analysis.places.england.tables import bundle_stamp
from analysis.places.geography import holds_shapes, read_layers, valid_shapes
from analysis.places.manifest import SiteKind
from analysis.places.sites.postcodes import locate_postcodes
from analysis.places.sites.register import SITE_COLUMNS, known_kind

PATTERNS = {
    "name": r"establishment ?name|(?:name of )?(?:the )?(?:family hub|hub|site|centre|school|setting|building|venue|provider)(?: site)?(?: name)?|name|title",
    "kind": r"typeofestablishment \(name\)|(?:site |hub )?kind|(?:site |hub )?type(?: of (?:site|hub|building))?|category",
    "phase": r"phaseofeducation \(name\)",
    "status": r"establishmentstatus \(name\)",
    "district_code": r"districtadministrative \(code\)|l(?:ad|a)(?:\d\d)?cd",
    "district_name": r"la \(name\)|local authority(?: name| area)?|la(?: name)?|l(?:ad|a)(?:\d\d)?nm",
    "postcode": r"p(?:ost(?:al)?)?[ -]?code(?: of (?:the )?site)?|(?:site|hub|venue) post ?code|pc",
    "easting": r"eastings?|bng[ _]?e|x(?:[ _]?coord(?:inate)?)?",
    "northing": r"northings?|bng[ _]?n|y(?:[ _]?coord(?:inate)?)?",
    "lon": r"lon|long|longitude",
    "lat": r"lat|latitude",
    "coordinates": r"coordinates?|lat(?:itude)?[ ,/&_-]+(?:and )?lon(?:g(?:itude)?)?|location|position|point",
    "grid_reference": r"(?:os |national )?grid[ _]?ref(?:erence)?(?: .*)?",
    "address": r"(?:full |site |postal )?address",
    "age_from": r"statutorylowage|age_from|age from",
    "age_to": r"statutoryhighage|age_to|age to",
    "urn": r"urn",
    "site_id": r"site_id",
    "is_open": r"is[_ ]open\??|open\??|(?:current |opening |site )?status|open(?: or |/)closed|open now\??",
}
PATTERNS |= {name: name.replace("_", "[ _]") for name in SITE_COLUMNS if name not in PATTERNS}
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
NEEDED = (
    ("name", "postcode"),
    ("name", "easting", "northing"),
    ("name", "lon", "lat"),
    ("name", "coordinates"),
    ("name", "grid_reference"),
    ("name", "address"),
)
PAIR = re.compile(r"\D*?(-?\d+(?:\.\d+)?)[°\s]*[,; ]\s*(-?\d+(?:\.\d+)?)\D*")
GRID = re.compile(r"([HNST])([A-HJ-Z])((?:\d\d){2,5})")
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
POSTCODE_AT_END = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\W*$", re.IGNORECASE)
POSITION = ("postcode", "easting", "northing", "lon", "lat")
EDGE_M = 1_000.0
FAR_M = 3_000.0
MOST_NAMED = 5
UnknownKinds = Literal["possible", "open", "left out"]
"""What becomes of sites of kinds that a place does not know: possible buildings, open hubs, or left out."""
EXPECTED = (
    "Give a table with a name and a postcode (or easting and northing) for each site, headed name, postcode"
)


@dataclass(frozen=True, eq=False)
class SiteList:
    """A list of sites that was read.

    Parameters
    ----------
    sites : DataFrame
        Columns of a place's sites.csv as text, index row of the file.
    note : Note
    cautions : tuple of str
        What is not known of them, and what looks wrong, in sentences.
    columns : frozenset of str
        Columns that the list has itself.
    """

    sites: pd.DataFrame
    note: Note
    cautions: tuple[str, ...] = ()
    columns: frozenset[str] = frozenset()


def read_site_list(
    path: Path,
    *,
    districts: Collection[str],
    names: Collection[str],
    outline: gpd.GeoSeries,
    kinds: Sequence[SiteKind] = (),
    unknown: UnknownKinds = "possible",
    given: Mapping[str, str] | None = None,
    check_names: bool = True,
) -> SiteList:
    """Read the sites of a place from any list.

    Parameters
    ----------
    path : Path
        GIAS extract of schools or children's centres, the DfE's list of family hubs, own CSV or Excel, or GeoJSON, GeoPackage
        or a zipped shapefile of points (of a polygon, a point inside).
    districts, names : collections of str
        Codes and names of the place's authorities: rows of others are left out where the list says whose
        they are.
    outline : GeoSeries
        Polygons of the place, EPSG:27700: in a published list, sites more than 1 km outside are left out.
    kinds : sequence of SiteKind
        Kinds that the place knows.
    unknown : {"possible", "open", "left out"}
        What sites of other kinds are where the list does not say whether they are open.
    given : mapping, optional
        Meaning to heading, where the user has said so.
    check_names : bool
        Whether a site without a name is a fault here; a reader of the sites afterwards tells it with all others.

    Raises
    ------
    HubreachError
        If it is no list of sites.
    """
    sheet, number, columns = _recognised(path, given or {})
    raw = sheet.read(number + 1, tuple(columns.values()))
    table = pd.DataFrame({name: raw[position] for name, position in columns.items()})
    table.index = pd.RangeIndex(number + 2, number + 2 + len(table))
    table = table[(table != "").any(axis=1)]
    table = _positioned(table)
    total = table["name"].str.casefold().str.fullmatch(TOTALS) & (
        table.reindex(columns=list(POSITION), fill_value="") == ""
    ).all(axis=1)
    table = table[~total]
    # Notes below the list are no sites: they have a name at most.
    noted = (table.drop(columns="name") == "").all(axis=1) & (
        table.index > table.index[(table != "").sum(axis=1) > 1].max()
    )
    table = table[~noted]
    held = len(table)
    left: list[str] = []
    table = _keep(table, _is_ours(table, districts, names, outline), "of other authorities", left)
    _check_table(table, sheet.file, names=check_names)
    published = "status" in table or "family hub" in _words(sheet, number)
    if "status" in table:
        table = _keep(table, table["status"].str.fullmatch(OPEN), "not open", left)
    table = table.assign(
        kind=_kinds(table, "family hub" in _words(sheet, number)), source=_source(sheet, table)
    )
    table = _keep(table, table["kind"] != "", "of no kind that a place uses", left)
    if published:
        table = _keep(table, _inside(table, outline), "without a known position in the place", left)
    sites = table[[name for name in ("site_id", *SITE_COLUMNS) if name in table]]
    sites, cautions = _of_unknown_kinds(sites, kinds, unknown)
    note = Note(sheet.file, f"sites ({held:,} listed)", len(sites), ", ".join(left))
    return SiteList(sites, note, (*_far_from_postcode(sites), *cautions), frozenset(columns))


def _positioned(table: pd.DataFrame) -> pd.DataFrame:
    """Where each site stands in the columns of a sites table, if it is told in another way.

    A pair in one cell, a grid reference of the Ordnance Survey (the south-western corner of its square), the postcode at the
    end of an address; X and Y that are degrees.
    """
    if {"easting", "northing"} <= set(table):
        east, north = (pd.to_numeric(table[axis], errors="coerce") for axis in ("easting", "northing"))
        if east.between(-9, 3).any() and north.between(49, 61).any() and not (east > 1_000).any():
            table = table.rename(columns={"easting": "lon", "northing": "lat"})
    given = {
        name: table[name].tolist() for name in ("coordinates", "grid_reference", "address") if name in table
    }
    table = table.drop(columns=list(given))
    told = [dict[str, str]() for _ in range(len(table))]
    for name, how in (("address", _at_end), ("grid_reference", _of_grid), ("coordinates", _of_pair)):
        told = [held | how(cell) for held, cell in zip(told, given.get(name, [""] * len(told)), strict=True)]
    for column in dict.fromkeys(name for held in told for name in held):
        own = table.get(column, pd.Series("", table.index))
        table = table.assign(**{column: own.where(own != "", [held.get(column, "") for held in told])})
    return table


def _at_end(address: str) -> dict[str, str]:
    found = POSTCODE_AT_END.search(address)
    return {"postcode": found[1]} if found else {}


def _of_pair(cell: str) -> dict[str, str]:
    """Degrees, either first, or metres."""
    found = PAIR.fullmatch(cell)
    if not found:
        return {}
    one, other = float(found[1]), float(found[2])
    if abs(one) > 1_000:
        return {"easting": found[1], "northing": found[2]}
    lat, lon = (found[1], found[2]) if one > other else (found[2], found[1])
    return {"lat": lat, "lon": lon}


def _of_grid(cell: str) -> dict[str, str]:
    """Metres of a reference such as SK 861 088.

    >>> _of_grid("SK 861 088")
    {'easting': '486100', 'northing': '308800'}
    """
    found = GRID.fullmatch(re.sub(r"\s", "", cell.upper()))
    if not found:
        return {}
    large, small = (LETTERS.index(letter) for letter in found.group(1, 2))
    half = len(found[3]) // 2
    east, north = (int(digits) * 10 ** (5 - half) for digits in (found[3][:half], found[3][half:]))
    corner = ((large % 5 - 2) * 500 + small % 5 * 100, (3 - large // 5) * 500 + (4 - small // 5) * 100)
    return {"easting": str(corner[0] * 1_000 + east), "northing": str(corner[1] * 1_000 + north)}


def _of_unknown_kinds(
    sites: pd.DataFrame, kinds: Sequence[SiteKind], unknown: UnknownKinds
) -> tuple[pd.DataFrame, list[str]]:
    """Sites of kinds that the place does not know, as was said or as possible buildings, and a sentence about them."""
    strange = sites["kind"].map(lambda name: bool(kinds) and known_kind(name, kinds) is None).astype(bool)
    blank = sites.get("is_open", pd.Series("", sites.index)) == ""
    strange &= blank | (unknown == "left out")
    if not strange.any():
        return sites, []
    many = int(strange.sum())
    named = ", ".join(sites.loc[strange, "kind"].value_counts().index[:MOST_NAMED])
    told = f"{'1 site is of a kind' if many == 1 else f'{many:,} sites are of kinds'} that the place does not know ({named})"
    if unknown == "left out":
        return sites[~strange], [f"{told}: left out, as you said."]
    is_open = sites.get("is_open", pd.Series("", sites.index)).mask(
        strange, "yes" if unknown == "open" else "no"
    )
    became = (
        "open, as you said"
        if unknown == "open"
        else f"{'it starts as a possible building, not as an open hub' if many == 1 else 'they start as possible buildings, not as open hubs'}, until you say otherwise (--unknown-kinds open)"
    )
    return sites.assign(is_open=is_open), [f"{told}: {became}."]


def _far_from_postcode(sites: pd.DataFrame) -> list[str]:
    """Sites whose coordinates are over 3 km from their own postcode, in a sentence; the coordinates stand."""
    if "postcode" not in sites:
        return []
    east, north = _given_position(sites)
    where = locate_postcodes(sites["postcode"])
    apart = pd.Series(np.hypot(where["easting"] - east, where["northing"] - north), sites.index)
    far = apart[apart > FAR_M].sort_values(ascending=False)
    if far.empty:
        return []
    named = ", ".join(
        f"{name} ({metres / 1000:,.0f} km)"
        for name, metres in zip(sites["name"][far.index][:MOST_NAMED], far[:MOST_NAMED], strict=True)
    )
    more = f" and {len(far) - MOST_NAMED:,} more" if len(far) > MOST_NAMED else ""
    stand = "1 site stands" if len(far) == 1 else f"{len(far):,} sites stand"
    told = f"Look at this first: {stand} over 3 km from the postcode in the same row: {named}{more}"
    return [f"{told}. The coordinates were used: correct whichever is wrong."]


def _given_position(sites: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Metres that a list gives itself, as easting and northing or as degrees; NaN where it does not."""
    nowhere = pd.Series(np.nan, index=sites.index)
    number = {
        axis: pd.to_numeric(sites.get(axis, nowhere), errors="coerce").astype(float)
        for axis in ("easting", "northing", "lon", "lat")
    }
    east, north = grid_of_lon_lat(number["lon"], number["lat"])
    east, north = (np.where(np.isfinite(metres), metres, np.nan) for metres in (east, north))
    on_grid = (number["easting"] > 0) & (number["northing"] > 0)
    return (
        number["easting"].where(on_grid, pd.Series(east, sites.index)),
        number["northing"].where(on_grid, pd.Series(north, sites.index)),
    )


def _check_table(table: pd.DataFrame, file: str, *, names: bool) -> None:
    faults = FaultList(file)
    nameless = table.index[(table["name"] == "") & names]
    said = ["the site has no name"] * len(nameless)
    faults.add_rows(nameless, said, "Give it one, or take the row out", column="name")
    if {"lon", "lat"} <= set(table.columns):
        lon, lat = (pd.to_numeric(table[axis], errors="coerce").median() for axis in ("lon", "lat"))
        if 49 <= lon <= 61 and -9 <= lat <= 3:
            found = f"longitudes about {lon:.1f} and latitudes about {lat:.1f} are the other way round"
            faults.add(found, "Swap the headings of the two columns", column="lon")
    faults.raise_if_any(f"{file} cannot be used as it is.")


def _recognised(path: Path, given: Mapping[str, str]) -> tuple[Sheet, int, dict[str, int]]:
    check_meanings(given, "sites")
    best: tuple[Sheet, int, dict[str, int]] | None = None
    sheets = sheets_of(path, given)
    for sheet in sheets:
        for number, row in enumerate(sheet.preview):
            columns = _columns(row)
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


def sheets_of(path: Path, given: Mapping[str, str]) -> list[Sheet]:
    """Tables of a file; of shapes, a table a layer: its properties, and where each stands as easting and northing."""
    if not holds_shapes(path):
        return open_sheets(path, given)
    return headed([_points_sheet(path, valid_shapes(frame)) for frame in read_layers(path)], path, given)


def _points_sheet(path: Path, frame: gpd.GeoDataFrame) -> Sheet:
    inside = frame.geometry.representative_point()
    texts = pd.DataFrame(frame.drop(columns=frame.geometry.name)).map(cell_text)
    own = [
        name
        for name in texts
        if COMPILED["easting"].fullmatch(normal_heading(str(name)))
        or COMPILED["northing"].fullmatch(normal_heading(str(name)))
    ]
    texts = texts.drop(columns=own).assign(
        easting=inside.x.round(1).map(str), northing=inside.y.round(1).map(str)
    )
    rows = [tuple(map(str, texts.columns)), *texts.itertuples(index=False, name=None)]

    def read(first_row: int, positions: Sequence[int]) -> pd.DataFrame:
        wanted = sorted(set(positions))
        return pd.DataFrame(
            [[row[at] for at in wanted] for row in rows[first_row:]], columns=wanted, dtype=str
        )

    return Sheet(path, "", tuple(rows[:PREVIEW_ROWS]), read)


def _columns(row: Row) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, cell in enumerate(row[:400]):
        normal = normal_heading(cell[:200])
        spaced = normal.replace("_", " ")
        name = next((n for n, p in COMPILED.items() if p.fullmatch(normal) or p.fullmatch(spaced)), None)
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


def _is_ours(
    table: pd.DataFrame, districts: Collection[str], names: Collection[str], outline: gpd.GeoSeries
) -> pd.Series:
    if "district_code" in table and table["district_code"].isin(set(districts)).any():
        return table["district_code"].isin(set(districts))
    if "district_name" in table:
        ours = {plain_authority(name) for name in names}
        named = table["district_name"].map(plain_authority)
        if not named.isin(ours).any():
            # Of districts that are no longer, where a site stands says whose it is.
            return (named != "") & ~named.isin(names_of_wholes(bundle_stamp())) & _inside(table, outline)
        return named.isin(ours)
    return pd.Series(True, index=table.index)


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
    east, north = _given_position(table)
    unknown = east.isna() | north.isna()
    if unknown.any() and "postcode" in table:
        found = locate_postcodes(table.loc[unknown, "postcode"])
        east, north = east.fillna(found["easting"]), north.fillna(found["northing"])
    land = outline.union_all().buffer(EDGE_M)
    within = contains_xy(land, east.fillna(0).to_numpy(), north.fillna(0).to_numpy())
    return pd.Series(within, index=table.index)
