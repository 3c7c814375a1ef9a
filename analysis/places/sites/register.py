"""Sites: hubs, outreach, centres and possible buildings, read from a table and checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.text import inert, plain, slugify
from analysis.places.coordinates import grid_of_lon_lat, lon_lat_of_grid
from analysis.places.manifest import SiteKind
from analysis.places.sites.duplicates import merge_duplicates
from analysis.places.sites.postcodes import locate_postcodes, normal_postcode
from analysis.places.tables import Column, checked_table, read_table

Bounds = tuple[float, float, float, float]

TEXT_COLUMNS = (
    "name",
    "kind",
    "postcode",
    "services",
    "condition",
    "ownership",
    "stage",
    "labels",
    "source",
    "urn",
)
NUMBER_COLUMNS = (
    "easting",
    "northing",
    "lon",
    "lat",
    "age_from",
    "age_to",
    "hours_per_week",
    "capacity_families",
    "annual_cost_gbp",
)
SITE_COLUMNS = (
    "name",
    "kind",
    "postcode",
    "easting",
    "northing",
    "lon",
    "lat",
    "services",
    "age_from",
    "age_to",
    "hours_per_week",
    "capacity_families",
    "annual_cost_gbp",
    "condition",
    "ownership",
    "stage",
    "is_open",
    "labels",
    "source",
    "urn",
)
CONDITIONS = ("A", "B", "C", "D")
STAGES = ("existing", "proposed")
OPEN_WORDS = {
    "yes": True,
    "true": True,
    "open": True,
    "1": True,
    "no": False,
    "false": False,
    "closed": False,
    "0": False,
    **dict.fromkeys(("y", "active", "operational", "live", "in use"), True),
    **dict.fromkeys(("n", "inactive", "shut", "not open", "permanently closed", "temporarily closed"), False),
}
# What lists call the kinds that places have.
CALLED = {
    **dict.fromkeys(
        ("hub", "family-hub-site", "best-start-hub", "best-start-family-hub", "best-start-family-hub-site"),
        "family-hub",
    ),
    "childrens-centre-linked": "childrens-centre-linked-site",
}
MARGIN_M = 20_000.0
# A grid reference and degrees of one place differ by metres.
APART_M = 2_000.0

COLUMNS = (
    Column("site_id", "text", required=False, blank=True, unique=True),
    Column("name", "text"),
    Column("kind", "text"),
    *(Column(name, "text", required=False, blank=True) for name in TEXT_COLUMNS[2:]),
    Column("is_open", "text", required=False, blank=True),
    Column("easting", required=False, blank=True, least=0, most=700_000),
    Column("northing", required=False, blank=True, least=0, most=1_300_000),
    Column("lon", required=False, blank=True, least=-9, most=2),
    Column("lat", required=False, blank=True, least=49, most=61),
    Column("age_from", required=False, blank=True, least=0, most=25),
    Column("age_to", required=False, blank=True, least=0, most=25),
    Column("hours_per_week", required=False, blank=True, least=0, most=168),
    Column("capacity_families", required=False, blank=True, least=0),
    Column("annual_cost_gbp", required=False, blank=True, least=0),
)


def read_sites(
    path: Path,
    *,
    kinds: Sequence[SiteKind] = (),
    bounds: Bounds | None = None,
    merge: bool = True,
    may_be_empty: bool = False,
) -> pd.DataFrame:
    """Read a table of sites, place each on the map and merge those that are listed twice.

    Parameters
    ----------
    path : Path
        Table with at least `name` and `kind`, and a position: easting and northing, or lon and lat, or a
        postcode. Every other column of `SITE_COLUMNS` may be given.
    kinds : sequence of SiteKind, optional
        The place's kinds: they say whether a site starts open (where `is_open` is blank) and which of
        two labels comes first when a site is listed twice. Other kinds are welcome; where a place has kinds, they start
        closed, as possible buildings: that somewhere is a school does not make it a hub.
    bounds : (west, south, east, north) in metres, optional
        Extent of the place: a site more than 20 km outside it is a fault.
    merge : bool
        Whether to merge sites listed twice (see `analysis.places.sites.duplicates`).
    may_be_empty : bool
        Whether a header without rows is a list too: no site is known yet.

    Returns
    -------
    DataFrame
        Index `site_id`, columns `SITE_COLUMNS`; unknown numbers NaN, unknown text "".

    Raises
    ------
    HubreachError
        With every fault and its row.
    """
    faults = FaultList(path.name)
    table = read_table(path, COLUMNS, faults, may_be_empty=may_be_empty)
    return _sites_of(table, faults, kinds, bounds, merge=merge)


def sites_of_table(
    text: pd.DataFrame, file: str, *, kinds: Sequence[SiteKind] = (), bounds: Bounds | None = None
) -> pd.DataFrame:
    """As `read_sites`, of a table of text whose index is two less than the row of `file`."""
    faults = FaultList(file)
    return _sites_of(checked_table(text, file, COLUMNS, faults), faults, kinds, bounds, merge=True)


def _sites_of(
    table: pd.DataFrame | None,
    faults: FaultList,
    kinds: Sequence[SiteKind],
    bounds: Bounds | None,
    *,
    merge: bool,
) -> pd.DataFrame:
    if table is not None:
        sites = _completed(table, kinds)
        _check(sites, table, faults)
        sites = _located(sites)
        _check_positions(sites, bounds, faults)
    faults.raise_if_any(f"The sites in {faults.file} cannot be used as they are.")
    if sites.empty:
        return empty_sites()
    sites = sites.set_index("site_id")[list(SITE_COLUMNS)]
    order = [kind.name for kind in kinds]
    return merge_duplicates(sites, order) if merge else sites


def empty_sites() -> pd.DataFrame:
    """Make a sites frame with no rows and the right columns and types."""
    columns: dict[str, pd.Series] = {name: pd.Series(dtype="str") for name in TEXT_COLUMNS}
    columns |= {name: pd.Series(dtype=float) for name in NUMBER_COLUMNS}
    columns["is_open"] = pd.Series(dtype=bool)
    return pd.DataFrame(columns, index=pd.Index([], name="site_id", dtype="str"))[list(SITE_COLUMNS)]


def new_site_id(name: str, taken: Collection[str], hint: str = "") -> str:
    """Make a slug of a site's name that no other site has; `hint` (a URN or postcode) tells namesakes apart.

    >>> new_site_id("Tilbury Hub", ["tilbury-hub"], "RM18 8EY")
    'tilbury-hub-rm18-8ey'
    """
    stem = slugify(name) or "site"
    candidates = [stem, f"{stem}-{slugify(hint)}"] if slugify(hint) else [stem]
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    number = 2
    while f"{candidates[-1]}-{number}" in taken:
        number += 1
    return f"{candidates[-1]}-{number}"


def split_list(text: str) -> tuple[str, ...]:
    """Items of a ';' separated cell, each once, in order."""
    return tuple(dict.fromkeys(item.strip() for item in text.split(";") if item.strip()))


def _as_typed(cell: str) -> str:
    """Undo the apostrophe that a download puts before text that looks like a formula."""
    return cell[1:] if cell.startswith("'") and inert(cell[1:]) == cell else cell


def _completed(table: pd.DataFrame, kinds: Sequence[SiteKind]) -> pd.DataFrame:
    """Every column of a sites frame, text cleaned, ids given, open or closed by kind where blank."""
    sites = pd.DataFrame(index=table.index)
    blank = pd.Series("", index=table.index, dtype="str")
    for column in ("site_id", *TEXT_COLUMNS):
        sites[column] = table.get(column, blank).map(_as_typed).map(plain).astype("str")
    for column in NUMBER_COLUMNS:
        sites[column] = table.get(column, pd.Series(np.nan, index=table.index)).astype(float)
    own = [known_kind(name, kinds) for name in sites["kind"]]
    sites["kind"] = [
        name if kind is None else kind.name for name, kind in zip(sites["kind"], own, strict=True)
    ]
    starts_open = pd.Series([not kinds if kind is None else kind.open for kind in own], index=table.index)
    given = table.get("is_open", blank).str.lower().map(OPEN_WORDS)
    sites["is_open"] = given.where(given.notna(), starts_open).astype(bool)
    sites["postcode"] = [normal_postcode(text) or text for text in sites["postcode"]]
    sites["condition"] = sites["condition"].str.upper()
    sites["stage"] = sites["stage"].str.lower().replace("", "existing").astype("str")
    sites["services"] = sites["services"].map(lambda cell: ";".join(split_list(cell))).astype("str")
    sites["site_id"] = _with_ids(sites)
    return sites


def known_kind(name: str, kinds: Sequence[SiteKind]) -> SiteKind | None:
    """The place's kind that a word means, in one or many, whatever its case and signs; None where it knows none.

    A "hub" alone is a family hub, and so is a Best Start Family Hub.
    """
    listed = {slugify(kind.name): kind for kind in kinds}
    slug = slugify(name)
    one = CALLED.get(slug.removesuffix("s"), slug.removesuffix("s"))
    return listed.get(slug) or listed.get(one)


def _with_ids(sites: pd.DataFrame) -> list[str]:
    """Ids as given; where blank, from the name, told apart by URN or postcode."""
    ids = sites["site_id"].tolist()
    taken = {given for given in ids if given}
    for row, (given, name, urn, postcode) in enumerate(
        zip(ids, sites["name"], sites["urn"], sites["postcode"], strict=True)
    ):
        if not given:
            ids[row] = new_site_id(name, taken, urn or postcode)
            taken.add(ids[row])
    return ids


def _check(sites: pd.DataFrame, table: pd.DataFrame, faults: FaultList) -> None:
    """Report cells that are of the right type but say nothing sensible."""

    def report(bad: pd.Series, column: str, found: str, remedy: str) -> None:
        for row in table.index[bad.to_numpy(bool)]:
            value = str(table[column][row])
            faults.add(f"{value!r:.60} {found}", remedy, row=int(row) + 2, column=column)

    usable_id = sites["site_id"].map(lambda text: bool(re.fullmatch(r"[a-z0-9][a-z0-9-]*", text)))
    report(~usable_id, "site_id", "is not an id", "Use small letters, digits and hyphens, or leave it blank")
    wrong = ~sites["condition"].isin(["", *CONDITIONS])
    report(wrong, "condition", "is not a survey grade", "Use A, B, C or D, or leave it blank")
    report(~sites["stage"].isin(STAGES), "stage", "is not a stage", "Use existing or proposed")
    if "is_open" in table.columns:
        odd = ~table["is_open"].str.lower().isin(["", *OPEN_WORDS])
        report(odd, "is_open", "is neither open nor closed", "Use yes or no, or leave it blank")
    turned = sites["age_from"] > sites["age_to"]
    if turned.any():
        report(turned, "age_from", "is above age_to", "Put the younger age in age_from")


def _located(sites: pd.DataFrame) -> pd.DataFrame:
    """Fill easting and northing, then lon and lat, from whichever of the three positions is given."""
    located = sites.copy()
    for column in ("easting", "northing"):
        located[column] = located[column].where(located[["easting", "northing"]].notna().all(axis=1))
    by_degrees = located["easting"].isna() & located[["lon", "lat"]].notna().all(axis=1)
    easting, northing = grid_of_lon_lat(located.loc[by_degrees, "lon"], located.loc[by_degrees, "lat"])
    located.loc[by_degrees, "easting"], located.loc[by_degrees, "northing"] = (
        easting.round(1),
        northing.round(1),
    )
    by_postcode = located["easting"].isna() & (located["postcode"] != "")
    if by_postcode.any():
        points = locate_postcodes(located.loc[by_postcode, "postcode"])
        located.loc[by_postcode, ["easting", "northing"]] = points[["easting", "northing"]]
    degrees_missing = located["easting"].notna() & located[["lon", "lat"]].isna().any(axis=1)
    lon, lat = lon_lat_of_grid(
        located.loc[degrees_missing, "easting"], located.loc[degrees_missing, "northing"]
    )
    located.loc[degrees_missing, "lon"], located.loc[degrees_missing, "lat"] = lon.round(5), lat.round(5)
    return located


def _check_positions(sites: pd.DataFrame, bounds: Bounds | None, faults: FaultList) -> None:
    for row in sites.index[sites["easting"].isna()]:
        postcode = str(sites["postcode"][row])
        found = f"the postcode {postcode!r:.40} is not known" if postcode else "the site has no position"
        remedy = "Give easting and northing in metres, or lon and lat in degrees, or a current postcode"
        faults.add(found, remedy, row=int(row) + 2, column="postcode" if postcode else "easting")
    if bounds is None:
        return
    away = _metres_apart(sites)
    for row in sites.index[away > APART_M]:
        found = f"the grid reference and the degrees are {away[row] / 1000:,.0f} km apart"
        faults.add(found, "Give one of the two, or correct the other", row=int(row) + 2, column="lon")
    outside = ~within_bounds(sites["easting"], sites["northing"], bounds) & sites["easting"].notna()
    swapped = within_bounds(sites["northing"], sites["easting"], bounds)
    for row in sites.index[outside]:
        east, north = sites["easting"][row], sites["northing"][row]
        found = f"the site lies at {east:,.0f} E, {north:,.0f} N, over 20 km outside the place"
        remedy = "Swap easting and northing" if swapped[row] else "Check its easting and northing"
        faults.add(found, remedy, row=int(row) + 2, column="easting")


def _metres_apart(sites: pd.DataFrame) -> pd.Series:
    """From the grid reference to the degrees of the same site; 0 where one is not given."""
    east, north = grid_of_lon_lat(sites["lon"], sites["lat"])
    apart = np.hypot(np.asarray(east) - sites["easting"], np.asarray(north) - sites["northing"])
    return pd.Series(apart, index=sites.index).fillna(0.0)


def within_bounds(easting: pd.Series, northing: pd.Series, bounds: Bounds) -> pd.Series:
    """Whether points (metres, EPSG:27700) lie in the bounds or no more than 20 km outside them."""
    west, south, east, north = bounds
    across = easting.between(west - MARGIN_M, east + MARGIN_M)
    return across & northing.between(south - MARGIN_M, north + MARGIN_M)
