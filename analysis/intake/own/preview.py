"""What own figures would change: by ward, area by area that moves, and site by site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.places.own.applied import with_own
from analysis.places.own.kept import KIND_WORDS, OwnKind, OwnTable, own_tables
from analysis.places.place import Place, sum_by

MOVED_M = 100.0


@dataclass(frozen=True, eq=False)
class OwnPreview:
    """A place before and after a file of one kind.

    Parameters
    ----------
    own : OwnTable
        What would be kept.
    england : Place
        With England's figures alone.
    before, after : Place
        With the own figures in force, and with the new one among them.
    """

    own: OwnTable
    england: Place
    before: Place
    after: Place


def preview_own(england: Place, own: OwnTable) -> OwnPreview:
    """A place with a file that is not kept yet, beside the other own figures in force.

    Raises
    ------
    HubreachError
        If something does not fit the place.
    """
    faults = FaultList("own figures")
    kept = own_tables(england.slug, faults)
    before = with_own(england, kept, faults)
    with_new: dict[OwnKind, OwnTable] = {**kept, own.about.kind: own}
    after = with_own(england, with_new, faults)
    faults.raise_if_any("The file was not taken.")
    return OwnPreview(own, england, before, after)


def children_by_ward(preview: OwnPreview) -> pd.DataFrame:
    """Children of England's figures and of the own ones on the wards that would be in force.

    Returns
    -------
    DataFrame
        Index `area_code`, the largest difference first and the place last; `area_name`, `england`, `own`, `difference`
        (children), `percent` (of England's).
    """
    after = preview.after
    england = preview.england.areas["children"]
    both = pd.DataFrame({"england": england, "own": after.areas["children"]})
    wards = sum_by(after, both, "ward")
    order = (wards["own"] - wards["england"]).abs().sort_values(ascending=False, kind="stable").index
    table = pd.concat([wards.loc[order], sum_by(after, both, "place")])
    names = pd.concat([after.names("ward"), after.names("place")])
    difference = table["own"] - table["england"]
    table.insert(0, "area_name", names.reindex(table.index))
    percent = (100 * difference / table["england"].where(table["england"] > 0)).round(1)
    return table.assign(difference=difference, percent=percent)


def moved_areas(preview: OwnPreview) -> pd.DataFrame:
    """Small areas whose ward would have another name.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `ward_before`, `ward_after`, `children`; of polygons `percent_inside`, the share of
        the area's people whose points lie in its ward.
    """
    old, new = preview.before.areas, preview.after.areas
    moved = old["ward_name"] != new["ward_name"]
    table = pd.DataFrame(
        {
            "area_name": old["area_name"],
            "ward_before": old["ward_name"],
            "ward_after": new["ward_name"],
            "children": new["children"],
        }
    )
    inside = preview.own.inside
    if inside is not None:
        table["percent_inside"] = (100 * inside.reindex(table.index)).round(1)
    return table[moved]


def wards_lost(preview: OwnPreview) -> pd.DataFrame:
    """What giving areas whole to wards loses, ward by ward, in whole children; no rows where the wards were no polygons.

    Returns
    -------
    DataFrame
        Index `ward_code`; see `analysis.intake.own.wards.OwnWards`.
    """
    loss = preview.own.loss
    if loss is None:
        columns = ["ward_name", "areas", "children", "children_inside", "children_lost", "children_gained"]
        return pd.DataFrame(columns=columns).rename_axis("ward_code")
    counts = [column for column in loss.columns if column.startswith("children")]
    return loss.assign(**{column: loss[column].round().astype("int64") for column in counts})


def changed_sites(preview: OwnPreview) -> pd.DataFrame:
    """Sites that would come, go, or stand elsewhere by more than 100 m.

    Returns
    -------
    DataFrame
        Index `site_id`; `name`, `kind`, `change` ("added", "gone", "moved"), `moved_m`.
    """
    old, new = preview.before.sites, preview.after.sites
    both = old.index.intersection(new.index)
    metres = pd.Series(
        np.hypot(
            old.loc[both, "easting"] - new.loc[both, "easting"],
            old.loc[both, "northing"] - new.loc[both, "northing"],
        ),
        both,
    )
    parts = {
        "added": new.loc[new.index.difference(old.index)],
        "gone": old.loc[old.index.difference(new.index)],
        "moved": new.loc[metres.index[metres > MOVED_M]],
    }
    found = pd.concat([rows[["name", "kind"]].assign(change=word) for word, rows in parts.items()])
    return found.assign(moved_m=metres.where(metres > MOVED_M).reindex(found.index)).rename_axis("site_id")


def changed_shapes(preview: OwnPreview) -> pd.DataFrame:
    """Small areas by how unlike their shapes are, the most unlike first.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `km2_before`, `km2_after`, `percent_shared` (land in both, of the land in either).
    """
    old, new = preview.england.boundaries.geometry, preview.after.boundaries.geometry
    both = old.intersection(new).area
    table = pd.DataFrame(
        {
            "area_name": preview.after.areas["area_name"],
            "km2_before": (old.area / 1e6).round(3),
            "km2_after": (new.area / 1e6).round(3),
            "percent_shared": (100 * both / (old.area + new.area - both)).round(1),
        }
    )
    return table.sort_values("percent_shared", kind="stable")


def changed_points(preview: OwnPreview) -> pd.DataFrame:
    """Small areas by how far the middle of their points moves, the farthest first.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `points_before`, `points_after`, `moved_m` (between the weighted means, metres).
    """
    counts, middles = {}, {}
    for word, place in (("before", preview.before), ("after", preview.after)):
        points = place.points
        by_area = points["area_code"]
        counts[f"points_{word}"] = by_area.value_counts()
        weighted = points[["easting", "northing"]].mul(points["share"], axis=0)
        middles[word] = weighted.groupby(by_area).sum()
    apart = middles["after"] - middles["before"]
    table = pd.DataFrame({"area_name": preview.after.areas["area_name"], **counts})
    table["moved_m"] = np.hypot(apart["easting"], apart["northing"]).round()
    return table.sort_values("moved_m", ascending=False, kind="stable").rename_axis("area_code")


def preview_table(preview: OwnPreview) -> pd.DataFrame:
    """The table that shows best what a file of its kind changes."""
    tables = {
        "wards": moved_areas,
        "sites": changed_sites,
        "boundaries": changed_shapes,
        "points": changed_points,
    }
    return tables.get(preview.own.about.kind, children_by_ward)(preview)


def preview_sentences(preview: OwnPreview) -> Iterator[str]:
    """What would change, in sentences, then what has to be known."""
    about = preview.own.about
    england, before, after = preview.england, preview.before, preview.after
    if about.kind == "children":
        difference = after.children - england.children
        yield (
            f"{after.children:,} children in {england.name}; England's figures have {england.children:,} "
            f"({difference:+,}, {difference / max(england.children, 1):+.1%})."
        )
    elif about.kind == "wards":
        moved = moved_areas(preview)
        yield (
            f"{after.areas['ward_code'].nunique():,} wards in place of {before.areas['ward_code'].nunique():,}; "
            f"{len(moved):,} of {len(after.areas):,} small areas, with {int(moved['children'].sum()):,} children, have a ward of "
            "another name."
        )
        locality = before.areas["locality_name"] != after.areas["locality_name"]
        if locality.any():
            yield (
                f"{int(locality.sum()):,} small areas come to another locality: a ward lies whole in the one with most of its "
                "children."
            )
    elif about.kind == "sites":
        changes = changed_sites(preview)["change"].value_counts()
        told = ", ".join(f"{changes.get(word, 0):,} {word}" for word in ("added", "gone", "moved"))
        yield f"{len(after.sites):,} sites in place of {len(before.sites):,}: {told}."
        if changes.get("gone", 0):
            yield "Changes that somebody made on the Sites page to a site that is gone fit no more."
    elif about.kind == "boundaries":
        land = (after.boundaries.area.sum() - england.boundaries.area.sum()) / 1e6
        yield f"Shapes of {len(after.areas):,} small areas; together {land:+,.1f} km² against England's."
    else:
        yield f"{len(after.points):,} points in place of {len(before.points):,}."
    yield from about.notes
    replaced = before.own(about.kind)
    if replaced is not None:
        yield f"It replaces the own {KIND_WORDS[about.kind]} in use: {replaced.title}."


def loss_sentences(preview: OwnPreview) -> Iterator[str]:
    """`wards_lost`, a sentence a ward."""
    for ward in wards_lost(preview).itertuples():
        yield (
            f"{ward.ward_name}: {ward.children_inside:,} children by points, {ward.children:,} counted; {ward.children_lost:,} "
            f"of those by points are counted in other wards, {ward.children_gained:,} of those counted stand outside."
        )
