"""A council's own wards: a table of which small area is in which, or polygons that areas are given to by where people live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.base.faults import FaultList
from analysis.base.limits import refuse
from analysis.base.text import normal_heading, plain, slugify
from analysis.intake.assemble.shapes import one_shape_a_key
from analysis.intake.files.codes import area_codes
from analysis.intake.files.headings import LSOA_CODE, headings
from analysis.intake.files.keys import commonest
from analysis.intake.files.mappings import Answers
from analysis.intake.indicators.files import locate_codes
from analysis.intake.own.codes import MOST_NAMED, rows_of_place
from analysis.places.england.opening import told_apart
from analysis.places.england.tables import districts, read_rows
from analysis.places.geography import holds_shapes, read_polygons
from analysis.places.place import Place

HEADLINE = "The wards cannot be used as they are."
NAMED = ("ward", "ward name", "name", "ward_name", "electoral ward", "division", "title")
# Where a shore or a border is drawn more coarsely than the points, a point this near belongs to the ward.
NEAR_M = 200.0
# Two polygons that share more than this part of the smaller one cannot both be wards of one map.
MOST_SHARED = 0.02


@dataclass(frozen=True, eq=False)
class OwnWards:
    """Wards that were read.

    Parameters
    ----------
    table : DataFrame
        `area_code`, `ward_code`, `ward_name`, every area of the place.
    notes : tuple of str
    inside : Series or None
        Of polygons: share of each area's people whose points lie in its ward, index `area_code`.
    loss : DataFrame or None
        Of polygons: index `ward_code`; `ward_name`, `areas`, `children` (of its areas), `children_inside` (at the points in
        the polygon), `children_lost` (at points in the polygon, counted in other wards), `children_gained` (of its areas, at
        points outside it). Not rounded.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]
    inside: pd.Series | None = None
    loss: pd.DataFrame | None = None


def read_own_wards(path: Path, place: Place, said: Answers | None = None) -> OwnWards:
    """Read wards out of a table (LSOA to ward) or a file of polygons.

    An area goes whole to the ward in which most of its people live, by the demand points of the place; what is lost by that
    is counted. In a county, an area only goes to wards of its own district.

    Parameters
    ----------
    path : Path
        CSV or Excel with a row an LSOA of 2021; or GeoJSON, GeoPackage, a zipped shapefile.
    place : Place
        A place of England.
    said : Answers, optional
        What the columns of a table mean.

    Raises
    ------
    HubreachError
        With every code, name and shape that cannot be used, and every area without a ward.
    """
    return (
        _of_polygons(path, place)
        if holds_shapes(path)
        else _of_table(path, place, (said or Answers()).columns)
    )


def _of_table(path: Path, place: Place, columns: Mapping[str, str]) -> OwnWards:
    codes = {"LSOA": frozenset(place.areas.index), "MSOA": frozenset[str](), "ward": frozenset[str]()}
    held = locate_codes(path, codes, "", columns)
    if held.geography != "LSOA":
        remedy = "Give a row an LSOA of 2021 with the name of its ward, or the wards as polygons"
        raise refuse(
            path.name,
            f"{'an' if held.geography == 'MSOA' else 'a'} {held.geography} in every row, and no code of an LSOA",
            remedy,
        )
    name, code = _columns(path, held.headings, held.code)
    raw = held.sheet.read(held.header + 1, list({held.code, name, name if code is None else code}))
    raw.index = pd.RangeIndex(held.header + 2, held.header + 2 + len(raw))
    raw = raw[(raw != "").any(axis=1)]
    faults = FaultList(held.sheet.file)
    column = plain(held.headings[name])
    wards = read_rows("wards", None, ["ward_code", "ward_name"]).drop_duplicates("ward_code", keep="last")
    known = dict(zip(wards["ward_code"], wards["ward_name"], strict=True))
    said = pd.DataFrame(
        {
            "area_code": area_codes(raw[held.code]),
            "name": raw[name].map(lambda text: known.get(text, plain(text)) if name == code else plain(text)),
            "code": "" if code is None else raw[code],
        }
    )
    # What stands below the table, without a ward, is a note.
    said = said[(said["name"] != "") | said["area_code"].str.fullmatch(LSOA_CODE.pattern)]
    mine = said["area_code"].isin(place.areas.index)
    best, several = commonest(said[mine], "area_code", faults, held.sheet.file)
    first = said[~mine | ~said["area_code"].duplicated()]
    _, left_out = rows_of_place(first["area_code"], place, held.headings[held.code], faults)
    blank = said[mine & (said["name"] == "")]
    faults.add_rows(
        blank.index,
        [f"{area} has no ward" for area in blank["area_code"]],
        "Give every area its ward",
        column=column,
    )
    faults.raise_if_any(HEADLINE)
    best = best.reindex(place.areas.index)
    table = _checked(best["name"], None if code is None else best["code"], place, faults, column)
    faults.raise_if_any(HEADLINE)
    parts = (
        f"{several:,} areas stand in rows of several wards: each is in that of most of its rows"
        if several
        else ""
    )
    return OwnWards(table, tuple(f"{note}." for note in (parts, left_out) if note))


def _columns(path: Path, texts: Sequence[str], areas: int) -> tuple[int, int | None]:
    """Positions of the ward's name and, where there is one, its code: of the newest wards, where there are several."""
    found = sorted(headings(texts), key=lambda heading: heading.year, reverse=True)
    names = [heading for heading in found if heading.field == "ward_name"]
    if names:
        codes = [each for each in found if each.field == "ward_code" and each.year == names[0].year]
        return names[0].position, codes[0].position if codes else None
    normal = [normal_heading(text[:200]) for text in texts]
    for wanted in NAMED:
        if wanted in normal and normal.index(wanted) != areas:
            codes = [each for each in found if each.field == "ward_code"]
            return normal.index(wanted), codes[0].position if codes else None
    codes = [each for each in found if each.field == "ward_code"]
    if codes:
        # Codes alone: England's figures know the names of wards of 2024 and 2025.
        return codes[0].position, codes[0].position
    shown = ", ".join(repr(plain(text)[:40]) for text in texts[:12] if text) or "none"
    raise refuse(path.name, f"no column with the ward's name (headings: {shown})", "Head it ward_name")


def _checked(
    names: pd.Series, codes: pd.Series | None, place: Place, faults: FaultList, column: str
) -> pd.DataFrame:
    """Ward of every area, each in one district and under one name; without codes, names make them."""
    district = place.areas["district_code"]
    several = len(set(district)) > 1
    # One name written in several ways is one: the way that most of its areas have.
    keys = names.map(slugify)
    names = keys.map(names.groupby(keys).agg(lambda texts: texts.value_counts().index[0]))
    if codes is None or (codes == "").any():
        codes = names.map(slugify)
        codes = district + "-" + codes if several else codes
    areas = pd.DataFrame({"ward_code": codes, "ward_name": names, "district_code": district})
    for wards, what in (
        (areas.groupby("ward_code")["ward_name"].unique(), "one code has several names"),
        (areas.groupby(["district_code", "ward_name"])["ward_code"].unique(), "one name has several codes"),
    ):
        for key, found in wards[wards.map(len) > 1].items():
            told = f"{what}: {key if isinstance(key, str) else key[1]} ({', '.join(map(str, found))})"  # type: ignore[index]
            faults.add(told, "Give each ward one name and one code", column=plain(column))
    homes = areas.groupby("ward_code")["district_code"].unique()
    for ward, found in homes[homes.map(len) > 1].items():
        inside = ", ".join(districts()["district_name"].reindex(found))
        told = f"the ward {areas.loc[areas['ward_code'] == ward, 'ward_name'].iloc[0]} lies in {inside}"
        faults.add(told, "A ward lies in one district: give each its own", column=plain(column))
    areas["ward_name"] = told_apart(areas)
    return areas[["ward_code", "ward_name"]].rename_axis("area_code").reset_index()


def _of_polygons(path: Path, place: Place) -> OwnWards:
    wards = _ward_shapes(path, place)
    held = _people_in(wards, place)
    best = held.idxmax(axis=1).where(held.max(axis=1) > 0)
    inside = held.max(axis=1)
    faults = FaultList(path.name)
    where = " in its district" if len(set(place.areas["district_code"])) > 1 else ""
    out = place.areas.index[(1 - held.sum(axis=1) > 0.5) | best.isna()]
    if len(out):
        named = ", ".join(f"{area} ({place.areas['area_name'][area]})" for area in out[:MOST_NAMED])
        more = f" and {len(out) - MOST_NAMED:,} more" if len(out) > MOST_NAMED else ""
        told = f"most people of {len(out):,} areas live in no ward of the file{where}: {named}{more}"
        faults.add(told, "Give polygons that cover the whole place")
    faults.raise_if_any(HEADLINE)
    table = _checked(best.map(wards["ward_name"]), best.astype("str"), place, faults, "ward")
    faults.raise_if_any(HEADLINE)
    loss = _loss(table.set_index("area_code"), held, wards, place.areas["children"])
    return OwnWards(table, tuple(_loss_notes(loss, held, place)), inside, loss)


def _ward_shapes(path: Path, place: Place) -> gpd.GeoDataFrame:
    """Wards near the place, index code, each once; `ward_name`, `geometry` (EPSG:27700)."""
    frame = read_polygons(path, lambda names: any(each.field == "ward_name" for each in headings(names)))
    west, south, east, north = place.boundaries.total_bounds
    frame = frame.cx[west:east, south:north]
    if len(frame) and not frame.geom_type.isin(["Polygon", "MultiPolygon", "GeometryCollection"]).any():
        raise refuse(path.name, "its shapes are points or lines", "Give the wards as polygons")
    if frame.empty:
        raise refuse(path.name, f"none of its shapes is near {place.name}", "Give the wards of the place")
    fields = [str(name) for name in frame.columns if name != frame.geometry.name]
    name, code = _columns(path, fields, -1)
    names = frame[fields[name]].fillna("").astype("str").str.strip().map(plain)
    codes = names.map(slugify) if code is None else frame[fields[code]].fillna("").astype("str").str.strip()
    blank = int(((names == "") | (codes == "")).sum())
    if blank:
        raise refuse(path.name, f"{blank:,} shapes have no name or no code", "Name every ward")
    keyed = gpd.GeoDataFrame({"ward_code": codes, "ward_name": names}, geometry=frame.geometry, crs=frame.crs)
    wards, _ = one_shape_a_key(keyed, "ward_code", path.name)
    _check_overlaps(path, wards)
    return wards


def _check_overlaps(path: Path, wards: gpd.GeoDataFrame) -> None:
    shapes, areas = wards.geometry.to_numpy(), wards.area.to_numpy()
    one, other = wards.sindex.query(shapes, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    faults = FaultList(path.name)
    for pair in np.flatnonzero(shared > MOST_SHARED * np.minimum(areas[one], areas[other]))[:MOST_NAMED]:
        names = wards["ward_name"].iloc[[one[pair], other[pair]]]
        told = f"{names.iloc[0]} and {names.iloc[1]} lie over each other on {shared[pair] / 1e6:,.2f} km²"
        faults.add(told, "Give one layer of wards that do not overlap")
    faults.raise_if_any(HEADLINE)


def _people_in(wards: gpd.GeoDataFrame, place: Place) -> pd.DataFrame:
    """Share of each small area's people in each ward, by the demand points: index `area_code`, a column a ward.

    In a place of several districts a ward takes part in the district only where most of its people live.
    """
    points = place.points
    where = gpd.GeoSeries(
        gpd.points_from_xy(points["easting"], points["northing"]), points.index, crs=wards.crs
    )
    at, ward = wards.sindex.nearest(where, max_distance=NEAR_M, return_all=False)
    held = pd.DataFrame(
        {
            "area_code": points["area_code"].to_numpy()[at],
            "ward_code": wards.index.to_numpy()[ward],
            "share": points["share"].to_numpy()[at],
        }
    )
    table = held.pivot_table(
        index="area_code", columns="ward_code", values="share", aggfunc="sum", fill_value=0.0
    )
    table = table.reindex(index=place.areas.index, columns=wards.index, fill_value=0.0)
    district = place.areas["district_code"]
    if len(set(district)) > 1:
        people = table.mul(place.areas["children"], axis=0).groupby(district).sum()
        home = people.idxmax()
        table = table.where(np.equal.outer(district.to_numpy(), home.to_numpy()), 0.0)
    return table


def _loss(
    table: pd.DataFrame, held: pd.DataFrame, wards: gpd.GeoDataFrame, children: pd.Series
) -> pd.DataFrame:
    """What is lost by giving areas whole to wards, ward by ward (see `OwnWards`)."""
    chosen = table["ward_code"]
    stood = held.mul(children, axis=0)
    own = pd.DataFrame(np.equal.outer(chosen.to_numpy(), held.columns.to_numpy()), held.index, held.columns)
    both = stood.where(own, 0.0).sum()
    counted = children.groupby(chosen).sum().reindex(wards.index, fill_value=0)
    return pd.DataFrame(
        {
            "ward_name": wards["ward_name"],
            "areas": chosen.value_counts().reindex(wards.index, fill_value=0),
            "children": counted,
            "children_inside": stood.sum(),
            "children_lost": stood.sum() - both,
            "children_gained": counted - both,
        }
    ).rename_axis("ward_code")


def _loss_notes(loss: pd.DataFrame, held: pd.DataFrame, place: Place) -> Iterator[str]:
    children = place.areas["children"]
    gained, total = float(loss["children_gained"].sum()), float(children.sum())
    yield (
        f"Small areas were given whole to the ward where most of their people live, by demand points: about {round(gained, -1):,.0f} of "
        f"{total:,.0f} children ({gained / max(total, 1):.1%}) are counted in another ward than that of their point."
    )
    outside = float((children * (1 - held.sum(axis=1)).clip(lower=0)).sum())
    if outside >= 5:
        yield f"About {round(outside, -1):,.0f} children stand at points in no ward of the file and are counted with their area."
    empty = loss.index[loss["areas"] == 0]
    if len(empty):
        named = ", ".join(loss["ward_name"].reindex(empty))
        yield f"No small area has most of its people in {named}: its children are counted in the wards around it."
