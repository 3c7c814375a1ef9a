"""A place with a council's own figures in place of those of England."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import cast

import geopandas as gpd
import pandas as pd
import shapely

from analysis.base.faults import FaultList, HubreachError
from analysis.base.folders import user_data_folder
from analysis.base.text import date_words
from analysis.places.coordinates import BRITISH_GRID
from analysis.places.england.grounds import find_ground
from analysis.places.manifest import AGE_BANDS, Locality, Manifest, Notice, Priority, Source
from analysis.places.own.kept import KIND_WORDS, UNREADABLE, OwnFile, OwnKind, OwnTable, own_files, own_tables
from analysis.places.place import Place
from analysis.places.points import POINT_COLUMNS
from analysis.places.sites.register import NUMBER_COLUMNS, OPEN_WORDS, SITE_COLUMNS, TEXT_COLUMNS
from analysis.places.sites.values import rows_of_sites, sites_of_rows

OWN_FIGURES = "own figures"
MOST_NAMED = 5
LICENCE = "The council's own, as it stated"
# Table that a kind stands in for, as source lines name it.
TABLES: dict[OwnKind, str] = {
    "boundaries": "boundaries",
    "children": "areas",
    "wards": "areas",
    "sites": "sites",
    "points": "demand_points",
}


def with_own_figures(place: Place, faults: FaultList | None = None) -> Place:
    """The place with what its council has brought of its own, as it is kept.

    Parameters
    ----------
    place : Place
        A place of England.
    faults : FaultList, optional
        Takes what is wrong; without one it is raised.

    Raises
    ------
    HubreachError
        If no list is given and something kept cannot be read or does not fit the place.
    """
    found = FaultList(OWN_FIGURES)
    changed = with_own(place, own_tables(place.slug, found), found)
    changed = _told_of_others(changed)
    if faults is None:
        found.raise_if_any(UNREADABLE)
    else:
        faults.extend(found)
    return changed


def _told_of_others(place: Place) -> Place:
    """The place with a notice where a part of it, or a place around it, has own figures in force that are not its own."""
    told = []
    for path in sorted((user_data_folder() / "places").glob("*/own/own.json")):
        slug = path.parent.parent.name
        ground = find_ground(slug) if slug != place.slug else None
        if ground is None or not set(ground.districts) & set(place.districts):
            continue
        try:
            named = ", ".join(f"{KIND_WORDS[about.kind]} ({about.title})" for about in own_files(slug))
        except HubreachError as error:
            named = f"figures that cannot be read ({error.headline.rstrip('.')})"
        if named:
            told.append(f"{ground.name} has its own {named}")
    if not told:
        return place
    notice = Notice(
        title="Own figures are in use elsewhere",
        words=f"{'; '.join(told)}. They count where that place is opened; here the figures of England stand in their stead.",
        source="Own figures kept on this computer",
    )
    notices = (*place.manifest.notices, notice)
    return replace(place, manifest=place.manifest.model_copy(update={"notices": notices}))


def with_own(place: Place, own: Mapping[OwnKind, OwnTable], faults: FaultList) -> Place:
    """The place with own figures, kept or not.

    Parameters
    ----------
    place : Place
    own : mapping of kind to OwnTable
    faults : FaultList
        Takes what does not fit the place; that kind is then left out.

    Returns
    -------
    Place
        `own_files` says what was applied; sources and titles name it.
    """
    applied = []
    for kind, step in STEPS.items():
        if kind in own:
            before = len(faults)
            changed = step(place, own[kind], faults)
            if len(faults) == before:
                place = changed
                applied.append(own[kind].about)
    return replace(place, own_files=tuple(applied))


def _of_place(place: Place, own: OwnTable, faults: FaultList) -> pd.DataFrame:
    """Rows by small area, in the order of the place's."""
    about, areas = own.about, place.areas.index
    table = own.table.set_index("area_code")
    apart = sorted(set(areas) ^ set(table.index))
    if apart:
        named = ", ".join(apart[:MOST_NAMED])
        faults.add(
            f"{KIND_WORDS[about.kind]} ({about.title}): {len(apart):,} areas are only in one of it and the place ({named})",
            f"Bring it again, or remove it: hubreach own {place.slug} --remove {about.kind}",
            file=about.table or about.file,
            column="area_code",
        )
    return table.reindex(areas)


def _boundaries(place: Place, own: OwnTable, faults: FaultList) -> Place:
    table = _of_place(place, own, faults)
    shapes = shapely.from_wkb(table["wkb"].to_numpy(dtype=object), on_invalid="ignore")
    unread = shapely.is_missing(shapes) & table["wkb"].notna().to_numpy()
    if unread.any():
        named = ", ".join(map(str, table.index[unread][:MOST_NAMED]))
        remedy = f"Remove it: hubreach own {place.slug} --remove boundaries"
        faults.add(f"no shape can be read for {named}", remedy, file=own.about.table, column="wkb")
    frame = gpd.GeoDataFrame(index=table.index, geometry=shapes, crs=BRITISH_GRID)
    return replace(place, boundaries=frame, manifest=_named(place.manifest, own.about, ["geometry"]))


def _children(place: Place, own: OwnTable, faults: FaultList) -> Place:
    table, bands = _of_place(place, own, faults), list(AGE_BANDS)
    counts = table[bands].fillna(0).astype("int64")
    areas = place.areas.assign(**{band: counts[band] for band in bands}, children=counts.sum(axis=1))
    # What follows the last comma of a title is read as the date of the figures.
    vintage = own.about.vintage.replace(",", "")
    title = f"Children aged 0-17, {vintage} ({OWN_FIGURES})"
    manifest = place.manifest.model_copy(update={"children_title": title, "age_bands": AGE_BANDS})
    return replace(place, areas=areas, manifest=_named(manifest, own.about, ["children", *bands]))


def _wards(place: Place, own: OwnTable, faults: FaultList) -> Place:
    table = _of_place(place, own, faults)
    areas = place.areas.assign(
        ward_code=table["ward_code"], ward_name=table["ward_name"], ward_estimated=own.about.estimated
    )
    manifest = _named(place.manifest, own.about, ["ward_code", "ward_name", "ward_estimated"])
    left = tuple(notice for notice in manifest.notices if notice.concerns != "wards")
    manifest = manifest.model_copy(update={"notices": left})
    if len(set(areas["locality_code"])) > 1:
        areas = _whole_wards(areas)
        groups = areas.drop_duplicates("ward_code").groupby("locality_name")["ward_name"]
        localities = tuple(Locality(name=str(name), wards=tuple(sorted(names))) for name, names in groups)
        manifest = manifest.model_copy(update={"localities": localities})
    if manifest.priority is not None:
        priority = _known_wards(manifest.priority, set(areas["ward_name"]))
        manifest = manifest.model_copy(update={"priority": priority})
    return replace(place, areas=areas, manifest=manifest)


def _whole_wards(areas: pd.DataFrame) -> pd.DataFrame:
    """Each ward in the locality that holds most of its children."""
    held = areas.groupby(["ward_code", "locality_code", "locality_name"])["children"].sum().reset_index()
    held = held.sort_values(["children", "locality_code"], ascending=[False, True], kind="stable")
    home = held.drop_duplicates("ward_code").set_index("ward_code")
    return areas.assign(
        locality_code=areas["ward_code"].map(home["locality_code"]),
        locality_name=areas["ward_code"].map(home["locality_name"]),
    )


def _known_wards(priority: Priority, wards: Collection[str]) -> Priority | None:
    """A council's list of areas without the wards that are no more; see `left_out_wards`."""
    kept = [
        area.model_copy(update={"wards": tuple(ward for ward in area.wards if ward in wards)})
        for area in priority.areas
    ]
    kept = [area for area in kept if area.wards]
    return priority.model_copy(update={"areas": tuple(kept)}) if kept else None


def left_out_wards(place: Place, names: Collection[str]) -> tuple[str, ...]:
    """Wards that the council's list of areas names and that are not among some names."""
    if place.manifest.priority is None:
        return ()
    named = dict.fromkeys(ward for area in place.manifest.priority.areas for ward in area.wards)
    return tuple(ward for ward in named if ward not in names)


def _sites(place: Place, own: OwnTable, faults: FaultList) -> Place:
    del faults
    new = own_sites(own.table)
    replaced = set(new["kind"])
    kept = place.sites[~place.sites["kind"].isin(replaced) & ~place.sites.index.isin(list(new.index))]
    # As values and back, so that columns of both have one type.
    sites = sites_of_rows(rows_of_sites(kept) | rows_of_sites(new))
    listed = ";".join(kept["source"].unique())
    sources = tuple(
        source for source in place.manifest.sources if not source.cited_as or source.cited_as in listed
    )
    manifest = place.manifest.model_copy(update={"sources": sources})
    return replace(place, sites=sites, manifest=_named(manifest, own.about, ["name"], others_stay=True))


def own_sites(table: pd.DataFrame) -> pd.DataFrame:
    """Sites of a kept table, as a place holds them."""
    blank = pd.Series("", table.index, dtype="str")
    texts = {name: table.get(name, blank).fillna("").astype("str") for name in TEXT_COLUMNS}
    numbers = {
        name: table.get(name, pd.Series(float("nan"), table.index)).astype(float) for name in NUMBER_COLUMNS
    }
    # What says nothing of itself is open, as in any list of sites.
    is_open = [OPEN_WORDS.get(str(word).lower(), True) for word in table.get("is_open", blank)]
    full = table[["site_id"]].assign(**texts, **numbers, is_open=pd.Series(is_open, table.index, dtype=bool))
    return full.set_index("site_id")[list(SITE_COLUMNS)]


def _points(place: Place, own: OwnTable, faults: FaultList) -> Place:
    table = own.table
    apart = sorted(set(place.areas.index) ^ set(table["area_code"]))
    if apart:
        faults.add(
            f"{len(apart):,} areas are only in one of the points and the place ({', '.join(apart[:MOST_NAMED])})",
            f"Bring them again, or take them away: hubreach own {place.slug} --remove points",
            file=own.about.table or own.about.file,
            column="area_code",
        )
    points = table.sort_values(["area_code", "share"], ascending=[True, False], kind="stable")
    by_area = points.groupby("area_code")["share"]
    number = (by_area.cumcount() + 1).astype("str")
    points = points.assign(share=points["share"] / by_area.transform("sum"))
    index = pd.Index(points["area_code"] + "." + number, name="point_code")
    points = points[list(POINT_COLUMNS)].set_axis(index)
    return replace(place, own_points=points, manifest=_named(place.manifest, own.about, ["share"]))


def _named(
    manifest: Manifest, about: OwnFile, columns: Collection[str], *, others_stay: bool = False
) -> Manifest:
    """The manifest with the own source of some columns, in place of those that had them."""
    kept: list[Source] = []
    for source in manifest.sources:
        stays = others_stay or source.file.rsplit(".", 1)[0] != TABLES[about.kind]
        left = tuple(column for column in source.columns if stays or column not in columns)
        if left:
            kept.append(source.model_copy(update={"columns": left}))
    by = f", brought by {about.by}" if about.by else ""
    own = Source(
        file=f"{TABLES[about.kind]}.csv",
        columns=tuple(columns),
        title=about.title,
        publisher=about.source,
        vintage=about.vintage,
        licence=LICENCE,
        note=" ".join([f"From {about.file}, {date_words(about.added.date())}{by}.", *about.notes]),
        status="estimated" if about.estimated else "",
    )
    return manifest.model_copy(update={"sources": (own, *kept)})


STEPS = cast(
    "dict[OwnKind, Callable[[Place, OwnTable, FaultList], Place]]",
    {
        "boundaries": _boundaries,
        "children": _children,
        "wards": _wards,
        "sites": _sites,
        "points": _points,
    },
)
