"""The map of reach: areas by minutes to the nearest site, catchments, and sites by kind."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis.base.rounding import largest_remainder
from analysis.places.coordinates import BRITISH_GRID, WGS84, lon_lat_of_grid
from analysis.places.place import Place
from analysis.places.sources import sites_source
from analysis.reach.answer import ReachAnswer, counted_kinds, counted_sites
from analysis.reach.demand import whole_people
from analysis.reach.groups import IntArray
from analysis.reach.sensitivity import REACHED_SHARE
from analysis.reach.sites import site_marks, symbol_rows
from analysis.reach.water import goes_round, place_obstacles, usable_crossings
from analysis.reach.words import limit_words, reach_headline, sites_noun, starts
from analysis.render.layers import AreaPaint
from analysis.render.map_frame import Dot
from analysis.render.map_sheet import LegendRow, MapLegend, MapSheet
from analysis.render.outlines import Feature
from analysis.render.theme import MISSING, SEQUENTIAL, nearest_ten, percent, whole
from analysis.scenario.ages import AGE_GROUPS
from analysis.scenario.terms import Terms, stamp_of

# Shares of the limit at which a new class of minutes begins: the limit is always an edge.
EDGES = (0.5, 1.0, 1.5, 2.0)
MOST_CIRCLES = 12
# Circles that lie over each other this many times are drawn as one outline.
MOST_OVERLAP = 1.8
CIRCLE_SEGMENTS = 24
MARK_M = 20.0
"""Half the width of the bar that stands for a crossing."""
BARRIER_M = 5.0
"""Half the width of the line that stands for a barrier."""


@dataclass(frozen=True, eq=False)
class ReachMap:
    """A map of reach, ready to be drawn on the screen and in print.

    Parameters
    ----------
    paint : AreaPaint
    sheet : MapSheet
    sites : DataFrame
        Sites with symbols and tooltips (`site_marks`).
    catchments : tuple of Feature
    numbers : DataFrame
        What is drawn, by small area.
    """

    paint: AreaPaint
    sheet: MapSheet
    sites: pd.DataFrame
    catchments: tuple[Feature, ...]
    numbers: pd.DataFrame


def reach_map(view: ReachAnswer, source: str, marks: pd.DataFrame | None = None) -> ReachMap:
    """Colour the small areas of a view: the stronger the colour, the further; two classes lie within the limit.

    Parameters
    ----------
    source : str
        Sources and assumptions, for the printed sheet.
    marks : DataFrame, optional
        Sites to draw (`site_marks`), in place of those that count.
    """
    fill, rows = minute_classes(view)
    wards = view.by("ward")
    left_out = wards["children"] - wards["children_covered"]
    if marks is None:
        marks = site_marks(shown_sites(view), view.estimate.place.kinds, view.site_table)
    noun = sites_noun(view)
    legend = MapLegend(
        f"Minutes to the nearest {noun}{served_words(view)} (stronger is further)",
        rows,
        counted=AGE_GROUPS[view.terms.ages].words.split(" aged")[0],
        symbols=symbol_rows(marks),
        stamp=stamp_of(view.status),
    )
    place = view.estimate.place.name
    subtitle = f"Minutes in {place}, {starts(view.place)} ({view.travel.words}); {limit_words(view)}"
    name = f"{view.estimate.place.slug} reach {view.minutes:g} minutes"
    sheet = MapSheet(name, reach_headline(view), subtitle, source, legend)
    numbers = whole_people(view.by("lsoa")).join(view.areas["ward_name"])
    return ReachMap(
        AreaPaint("lsoa", fill, area_tooltips(view), left_out),
        sheet,
        marks,
        (*catchment_outlines(view), *crossing_marks(view)),
        numbers,
    )


def sites_over(place: Place, sites: pd.DataFrame, sheet: MapSheet) -> tuple[MapSheet, pd.DataFrame]:
    """The sites that count today over a map of anything else: its sheet with their symbols and source, and the marks."""
    counted = counted_sites(sites, Terms(), counted_kinds(place, sites, Terms()))
    marks = site_marks(counted, place.kinds)
    legend = replace(sheet.legend, symbols=symbol_rows(marks))
    return replace(sheet, legend=legend, source=f"{sheet.source} {sites_source(counted)}".strip()), marks


def served_words(view: ReachAnswer) -> str:
    """For whom a map of minutes is coloured, where sites serve certain ages only."""
    return ", for the ages served" if view.serves_a_part else ""


def minute_classes(view: ReachAnswer) -> tuple[pd.Series, tuple[LegendRow, ...]]:
    """Colour of each small area by its mean minutes, and the legend: classes of minutes, within the limit or not.

    The legend counts children by the minutes from the point where they live, so that those of the classes within the
    limit are the answer's, whatever the mean of their area.
    """
    edges = [round(view.minutes * share, 1) for share in EDGES]

    def class_of(minutes: pd.Series) -> IntArray:
        known = np.isfinite(minutes.to_numpy(float))
        return np.where(known, np.searchsorted(np.asarray(edges), minutes.to_numpy(float), side="left"), -1)

    mean = view.served_nearest["nearest_minutes"]
    palette = SEQUENTIAL["turquoise"]
    fill = pd.Series([MISSING if n < 0 else palette[n] for n in class_of(mean)], index=mean.index)
    words = [
        f"up to {edges[0]:g}",
        *(f"over {low:g} to {high:g}" for low, high in itertools.pairwise(edges)),
        f"over {edges[-1]:g}",
    ]
    own = class_of(view.nearest["nearest_minutes"])
    children = np.bincount(own + 1, weights=view.demand["children"].to_numpy(float), minlength=6)
    # Whole children that add up to the answer's, and with the rest to all.
    counts = np.zeros(6, dtype=np.int64)
    within, beyond, reached = [1, 2], [3, 4, 5, 0], round(float(children[1:3].sum()))
    counts[within] = largest_remainder(children[within], reached)
    counts[beyond] = largest_remainder(children[beyond], round(float(children.sum())) - reached)
    rows = [
        (colour, f"{text}{', reached' if n < 2 else ''}", whole(counts[n + 1]))
        for n, (colour, text) in enumerate(zip(palette, words, strict=True))
    ]
    if (own < 0).any():
        rows.append((MISSING, "no way to any", whole(counts[0])))
    return fill, tuple(rows)


def area_tooltips(view: ReachAnswer) -> pd.DataFrame:
    """Four lines a small area: its ward, its minutes and nearest site, its children, whether it is reached."""
    names = view.all_sites["name"].to_dict()
    tier = view.measures[view.tier]
    who = AGE_GROUPS[view.terms.ages].words
    near = [
        f"{minutes:.0f} min to {names[site]}" if site else "no way to any site that counts"
        for site, minutes in view.served_nearest.itertuples(index=False)
    ]
    need_words = nearest_ten if view.tier in view.estimate.tier_keys else whole
    counted = [
        f"{whole(children)} {who}, {tier}: {need_words(need)}"
        for children, need in view.areas[["children", view.tier]].itertuples(index=False)
    ]
    share = view.area_share.to_numpy(float)
    reached = np.select(
        [share >= 1, share <= 0],
        ["within reach", "out of reach"],
        [f"{percent(part)} within reach" for part in share],
    )
    lines = {
        "line1": view.areas["ward_name"].to_numpy(object),
        "line2": near,
        "line3": counted,
        "line4": [f"{word} at {view.minutes:g} min" for word in reached],
    }
    return pd.DataFrame(lines, index=view.areas.index)


def shown_sites(view: ReachAnswer) -> pd.DataFrame:
    """Sites for the map: those that count, and closed ones that would count if they were open."""
    would = counted_sites(view.all_sites, view.terms, view.kinds, include_closed=True)
    # possible buildings that nobody has opened or asked about would bury the map
    asked = would["kind"].isin(view.kinds) if view.kinds else would["is_open"].astype(bool)
    return would[would["is_open"].astype(bool) | asked]


def catchment_outlines(view: ReachAnswer) -> tuple[Feature, ...]:
    """How far people can come: circles about the sites, one outline of them all where there are many.

    Where water is gone round, a circle is what of it lies on the banks from which somebody is within reach.

    With a table or a street network there are no circles: the outline is that of the areas within reach.
    """
    if view.sites.empty:
        return ()
    if view.travel.is_straight:
        radius_m = view.travel.settings.distance_m(view.minutes)
        if radius_m <= 0:
            return ()
        points = shapely.points(view.sites[["easting", "northing"]].to_numpy(float))
        shapes = np.asarray(shapely.buffer(points, radius_m, quad_segs=CIRCLE_SEGMENTS))
        if goes_round(view.place):
            shapes = _parts_reached(view, shapes)
        together = shapely.union_all(shapes)
        if len(shapes) > MOST_CIRCLES or shapely.area(shapes).sum() > MOST_OVERLAP * together.area:
            shapes = np.asarray([together])
    else:
        reached = view.estimate.place.boundaries.geometry[view.area_share.to_numpy() > 0]
        if reached.empty:
            return ()
        shapes = np.asarray([shapely.union_all(reached.to_numpy())])
    return _features(shapes)


def point_dots(view: ReachAnswer) -> tuple[Dot, ...]:
    """The points where people live, filled where at least half of a point's children are within reach."""
    demand = view.demand
    children = demand["children"].to_numpy(float)
    at = demand[["easting", "northing"]].to_numpy(float)
    each, member = np.unique(at, axis=0, return_inverse=True)
    held = np.bincount(member.ravel(), weights=children)
    inside = np.bincount(member.ravel(), weights=np.where(view.covered.to_numpy(bool), children, 0.0))
    lon, lat = lon_lat_of_grid(each[:, 0], each[:, 1])
    filled = (inside >= REACHED_SHARE * held) & (inside > 0)
    return tuple(zip(lon.tolist(), lat.tolist(), filled.tolist(), strict=True))


def crossing_marks(view: ReachAnswer) -> tuple[Feature, ...]:
    """Barriers as lines, and a bar over the water at every crossing that can be used, as outlines."""
    if not goes_round(view.place) or not view.travel.is_straight:
        return ()
    usable = usable_crossings(view.place.crossings, view.settings)
    spans = place_obstacles(view.place).crossings
    lines = [span for span, open_ in zip(spans, usable, strict=True) if open_ and span is not None]
    shapes = [shapely.LineString(line).buffer(MARK_M, cap_style="flat") for line in lines]
    shapes += [barrier.line.buffer(BARRIER_M, cap_style="flat") for barrier in view.place.barriers]
    return _features(np.asarray(shapes)) if shapes else ()


def _parts_reached(view: ReachAnswer, circles: NDArray[np.object_]) -> NDArray[np.object_]:
    """What is left of circles on each side of water, where somebody is within reach of a site."""
    obstacles = place_obstacles(view.place, water=bool(view.place.crossings))
    parts = shapely.get_parts(shapely.difference(circles, obstacles.shape))
    reached = view.demand.loc[view.covered.to_numpy(bool), ["easting", "northing"]].drop_duplicates()
    tree = shapely.STRtree(np.asarray(shapely.points(reached.to_numpy(float))))
    held: NDArray[np.intp] = np.unique(tree.query(parts, predicate="intersects")[0])
    return np.asarray(np.asarray(parts)[held])


def _features(shapes: NDArray[np.object_]) -> tuple[Feature, ...]:
    degrees = gpd.GeoSeries(shapes, crs=BRITISH_GRID).to_crs(WGS84)
    return tuple(
        {"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__}
        for shape in shapely.set_precision(degrees.to_numpy(), 1e-5, mode="pointwise")
    )
