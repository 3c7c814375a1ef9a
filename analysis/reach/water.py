"""The straight line round water: where open water or a barrier lies in the way, people go by crossings.

The shortest way round obstacles bends only at their corners. So the corners that one can bend at, and both ends of
every crossing, are the nodes of a visibility graph; its legs are the straight lines between nodes that no obstacle
cuts (Lozano-Pérez and Wesley 1979). A way is a leg from a point to a node, legs along the graph, and a leg to a site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from threading import Lock

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial.distance import cdist
from shapely.geometry.base import BaseGeometry

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import slugify
from analysis.places.crossings import Crossing, find_crossing
from analysis.places.england.tables import read_land
from analysis.places.place import Place
from analysis.scenario.travel import TravelSettings

MARGIN_M = 5000.0
"""How far beyond a place water is known, so that a way may leave it."""
FARTHEST_MINUTES = 90.0
"""Pairs further apart than this in a straight line keep it: no limit that is asked about comes near."""
SHORE_M = 20.0
"""A line that keeps within so many metres of the shore does not cross water: shapes are drawn no finer."""
CLEAR_M = 1.0
"""Nodes stand so far off an obstacle, so that a way along it does not touch it."""
JOINED_M = 150.0
"""A barrier that ends so near to water is taken to reach it."""
NEAR_CROSSING_M = 300.0
"""How far from water or a barrier the point given for a crossing may lie."""
LONGEST_CROSSING_M = 5000.0
ANGLES = 72
GRID_CELLS = 400
TRIED_SHARES = (0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875, 0.06, 0.19, 0.31, 0.44, 0.56, 0.69, 0.81, 0.94)
ROUND = 3.0
"""A line over water is a crossing where the way along the shore is so many times longer."""

# The index of a prepared shape is built when it is first asked, outside Python's own lock: two visitors who ask at once
# would end the whole server.
PREPARED = Lock()

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Obstacles:
    """What lies in people's way, and the visibility graph round it.

    Parameters
    ----------
    shape : geometry
        Polygons (EPSG:27700) that no way enters.
    window : tuple of float, optional
        West, south, east, north of what is known: no way bends outside.
    crossings : sequence of array, shape (2, 2), or None
        Both ends of every crossing, easting and northing in metres, with an obstacle between them (`crossing_span`);
        None for one that lies at none.
    """

    shape: BaseGeometry
    window: tuple[float, float, float, float] = (-np.inf, -np.inf, np.inf, np.inf)
    crossings: Sequence[FloatArray | None] = ()

    @cached_property
    def spans(self) -> FloatArray:
        """Ends of the crossings that lie at an obstacle, in order, shape (spans, 2, 2)."""
        return np.array([span for span in self.crossings if span is not None]).reshape(-1, 2, 2)

    @cached_property
    def _corners(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Corners that a way may bend at, and their neighbours before and after along the shore."""
        wider = shapely.buffer(self.shape, CLEAR_M, join_style="mitre")
        found: list[tuple[FloatArray, FloatArray, FloatArray]] = []
        for polygon in shapely.get_parts(shapely.orient_polygons(wider)):
            for ring in (polygon.exterior, *polygon.interiors):
                at = shapely.get_coordinates(ring)[:-1]
                before, after = np.roll(at, 1, axis=0), np.roll(at, -1, axis=0)
                west, south, east, north = self.window
                inside = (at > (west, south)).all(axis=1) & (at < (east, north)).all(axis=1)
                # The obstacle lies to the left of its outline, so a left turn is a corner that sticks out.
                out = inside & (_cross(at - before, after - at) > 0)
                found.append((at[out], before[out], after[out]))
        if not found:
            return np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 2))
        at, before, after = (np.concatenate(each) for each in zip(*found, strict=True))
        return at, before, after

    @cached_property
    def nodes(self) -> FloatArray:
        """Corners, then both ends of every crossing in order, shape (nodes, 2)."""
        return np.concatenate([self._corners[0], self.spans.reshape(-1, 2)])

    def blocks(self, starts: FloatArray, ends: FloatArray) -> BoolArray:
        """Whether an obstacle cuts the straight line from each start to its end, both of shape (lines, 2)."""
        blocked = np.zeros(len(starts), dtype=bool)
        open_lines = np.arange(len(starts))
        if self.shape.is_empty:
            return blocked
        # Most lines over water have a point far out in it, which is found at once.
        for share in TRIED_SHARES:
            far_out = self._far_out(starts[open_lines] + share * (ends - starts)[open_lines])
            blocked[open_lines[far_out]] = True
            open_lines = open_lines[~far_out]
        lines = np.asarray(shapely.linestrings(np.stack([starts[open_lines], ends[open_lines]], axis=1)))
        blocked[open_lines] = self._meets(lines)
        return blocked

    def _meets(self, shapes: npt.NDArray[np.object_]) -> BoolArray:
        """Whether an obstacle meets each shape."""
        with PREPARED:
            shapely.prepare(self.shape)
            return np.asarray(shapely.intersects(self.shape, shapes))

    def _far_out(self, points: FloatArray) -> BoolArray:
        """Whether points lie in a cell of `_grid` that an obstacle fills; others may lie in it too."""
        filled, corner, cell_m = self._grid
        at = np.floor((points - corner) / cell_m).astype(np.intp)
        inside: BoolArray = np.asarray(((at >= 0) & (at < GRID_CELLS)).all(axis=1))
        return np.asarray(inside & filled[tuple(np.where(inside[:, None], at, 0).T)])

    @cached_property
    def _grid(self) -> tuple[BoolArray, FloatArray, float]:
        """Square cells over the obstacles: which they fill, the corner of the first, and their side in metres."""
        west, south, east, north = shapely.bounds(self.shape)
        cell_m = max(east - west, north - south) / GRID_CELLS
        across = west + cell_m * (np.arange(GRID_CELLS) + 0.5)
        along = south + cell_m * (np.arange(GRID_CELLS) + 0.5)
        # The middle of a cell lies half a diagonal from its corners.
        middle = shapely.buffer(self.shape, -cell_m * np.sqrt(0.5))
        shapely.prepare(middle)
        filled = shapely.contains_xy(middle, across[:, None], along[None, :])
        return np.asarray(filled, bool), np.array([west, south]), float(cell_m)

    def ashore(self, points: FloatArray) -> FloatArray:
        """The points; one that lies in an obstacle (a pier, a generalised shore) stands at the nearest shore."""
        given = np.asarray(shapely.points(points))
        wet = np.flatnonzero(self._meets(given))
        if not len(wet):
            return points
        shore = shapely.boundary(shapely.buffer(self.shape, CLEAR_M, join_style="mitre"))
        nearest = shapely.line_interpolate_point(
            shapely.shortest_line(given[wet], shore), 1.0, normalized=True
        )
        moved = points.copy()
        moved[wet] = shapely.get_coordinates(nearest)
        return moved

    def legs(self, points: FloatArray) -> csr_array:
        """Straight legs from points to nodes that a shortest way can begin with, metres, shape (points, nodes)."""
        rows, columns = np.nonzero(self._touching(points))
        return self._seen(points, rows, columns)

    @cached_property
    def graph(self) -> csr_array:
        """Straight legs between nodes that a shortest way can hold, metres, shape (nodes, nodes)."""
        touching = self._touching(self.nodes)
        rows, columns = np.nonzero(np.triu(touching & touching.T, k=1))
        one_way = self._seen(self.nodes, rows, columns)
        return csr_array(one_way + one_way.T)

    def _touching(self, points: FloatArray) -> BoolArray:
        """Whether a way from each point could bend at each node: the obstacle's corner lies to one side of the leg."""
        corners, before, after = self._corners
        across = corners[None] - points[:, None]
        sides = _cross(across, (before - corners)[None]) * _cross(across, (after - corners)[None])
        ends = np.ones((len(points), 2 * len(self.spans)), dtype=bool)
        return np.concatenate([sides >= 0, ends], axis=1)

    def _seen(self, points: FloatArray, rows: IntArray, columns: IntArray) -> csr_array:
        starts, ends = points[rows], self.nodes[columns]
        metres = np.hypot(*(starts - ends).T)
        clear = np.flatnonzero(metres > 0)
        clear = clear[~self.blocks(starts[clear], ends[clear])]
        shape = (len(points), len(self.nodes))
        return csr_array(coo_array((metres[clear], (rows[clear], columns[clear])), shape=shape))


def around_m(
    points: FloatArray,
    sites: FloatArray,
    obstacles: Obstacles,
    crossing_m: FloatArray,
    *,
    within_m: float = np.inf,
) -> FloatArray:
    """Metres from points to sites: the straight line, or the shortest way round where an obstacle cuts it.

    Parameters
    ----------
    points, sites : array, shape (n, 2) and (m, 2)
        Easting and northing in metres.
    obstacles : Obstacles
    crossing_m : array, shape (crossings,)
        What each crossing costs beyond its length, in metres (a wait for a ferry is that much walking); inf
        where it cannot be used.
    within_m : float
        Pairs further apart than this keep their straight line.

    Returns
    -------
    array, shape (n, m)
        Never less than the straight line; inf where there is no way round.

    Examples
    --------
    Round a lake 200 m wide and 200 m deep, from the middle of one bank to the middle of the other:

    >>> lake = Obstacles(shapely.box(0, 0, 200, 200))
    >>> at, to = np.array([[-100.0, 100.0]]), np.array([[300.0, 100.0]])
    >>> float(around_m(at, to, lake, np.empty(0))[0, 0].round())
    485.0
    """
    return cut_lines(points, sites, obstacles, within_m=within_m).around_m(crossing_m)


@dataclass(frozen=True, eq=False)
class CutLines:
    """Straight lines from points to sites, which of them an obstacle cuts, and what a way round those begins with.

    Parameters
    ----------
    straight_m : array, shape (points, sites)
        Their metres.
    rows, columns : array of int, shape (cut,)
        Point and site of each line that is cut, in order of the point.
    legs : csr_array, shape (points that have one, nodes)
        Legs of those points to the nodes of the visibility graph, metres.
    ashore : array, shape (sites that have one, 2)
        Where those sites stand.
    obstacles : Obstacles
    """

    straight_m: FloatArray
    rows: IntArray
    columns: IntArray
    legs: csr_array
    ashore: FloatArray
    obstacles: Obstacles

    def around_m(self, crossing_m: FloatArray) -> FloatArray:
        """Metres with each crossing costing so much beyond its length (see the function `around_m`)."""
        metres = self.straight_m.copy()
        if not len(self.rows):
            return metres
        target_of = np.unique(self.columns, return_inverse=True)[1]
        from_nodes = _from_nodes(self.ashore, self.obstacles, crossing_m)
        first = np.unique(self.rows, return_index=True)[1]
        # Pairs come in order of their point, so those of one point stand together.
        for origin, pairs in enumerate(np.split(np.arange(len(self.rows)), first[1:])):
            leg = slice(self.legs.indptr[origin], self.legs.indptr[origin + 1])
            ways = from_nodes[np.ix_(target_of[pairs], self.legs.indices[leg])] + self.legs.data[leg]
            at = self.rows[pairs], self.columns[pairs]
            metres[at] = np.maximum(metres[at], ways.min(axis=1, initial=np.inf))
        return metres


def cut_lines(
    points: FloatArray, sites: FloatArray, obstacles: Obstacles, *, within_m: float = np.inf
) -> CutLines:
    """What `around_m` needs to know whatever the crossings cost; the same parameters."""
    metres = cdist(points, sites)
    rows, columns = np.nonzero(metres <= within_m)
    at, to = obstacles.ashore(points), obstacles.ashore(sites)
    cut = obstacles.blocks(at[rows], to[columns])
    rows, columns = rows[cut], columns[cut]
    legs = obstacles.legs(at[np.unique(rows)])
    return CutLines(metres, rows, columns, legs, to[np.unique(columns)], obstacles)


def _from_nodes(sites: FloatArray, obstacles: Obstacles, crossing_m: FloatArray) -> FloatArray:
    """Metres of the shortest way from each site to every node, shape (sites, nodes)."""
    legs = obstacles.legs(sites)
    spans, nodes = obstacles.spans, len(obstacles.nodes)
    extra = crossing_m[[span is not None for span in obstacles.crossings]]
    over = np.hypot(*(spans[:, 0] - spans[:, 1]).T) + extra
    usable = np.isfinite(over)
    one = (nodes - 2 * len(spans) + 2 * np.arange(len(spans)))[usable]
    # Water lies between both ends of a crossing, so it never doubles a leg.
    crossings = coo_array((over[usable], (one, one + 1)), shape=(nodes, nodes))
    between = obstacles.graph + crossings + crossings.T
    first, then = legs.tocoo(), between.tocoo()
    rows = np.concatenate([first.row, then.row + len(sites)])
    columns = np.concatenate([first.col, then.col]) + len(sites)
    size = len(sites) + nodes
    whole = csr_array((np.concatenate([first.data, then.data]), (rows, columns)), shape=(size, size))
    found: FloatArray = dijkstra(whole, indices=np.arange(len(sites)))[:, len(sites) :]
    return found


def _cross(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])


def water_shape(land: BaseGeometry, window: tuple[float, float, float, float]) -> BaseGeometry:
    """Open water of a window, as far as it lies in the way: what is left of it `SHORE_M` from land, in straight lines.

    Parameters
    ----------
    land : geometry
        Land of the window and of `SHORE_M` around it (EPSG:27700).
    window : tuple of float
        West, south, east, north.
    """
    west, south, east, north = window
    open_water = shapely.box(west - SHORE_M, south - SHORE_M, east + SHORE_M, north + SHORE_M).difference(
        land
    )
    return shapely.simplify(shapely.buffer(open_water, -SHORE_M), SHORE_M)


def with_barriers(water: BaseGeometry, lines: Sequence[BaseGeometry]) -> BaseGeometry:
    """Water with barriers, each a line that nobody steps over; one that ends near water reaches it."""
    walls = [shapely.buffer(line, CLEAR_M, cap_style="flat", join_style="mitre") for line in lines]
    ends = [shapely.Point(at) for line in lines for at in shapely.get_coordinates(line)[[0, -1]]]
    gaps = [shapely.shortest_line(end, water) for end in ends if 0 < end.distance(water) <= JOINED_M]
    walls += [shapely.buffer(gap, CLEAR_M, cap_style="square") for gap in gaps]
    return shapely.union_all([water, *walls]) if walls else water


def crossing_span(shape: BaseGeometry, easting: float, northing: float) -> FloatArray | None:
    """Both ends of a crossing, shore to shore, shape (2, 2); None where the point given lies at no water.

    It is the shortest straight line over the obstacle at that point that saves a way along the shore: `ROUND` times
    its length, or any where the shores are not joined.
    """
    at = shapely.Point(easting, northing)
    if shape.is_empty or shape.distance(at) > NEAR_CROSSING_M:
        return None
    middle = (
        shapely.line_interpolate_point(shapely.shortest_line(shape, at), 0.0) if shape.distance(at) else at
    )
    angles = np.arange(ANGLES) * (np.pi / ANGLES)
    half = LONGEST_CROSSING_M / 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    centre = shapely.get_coordinates(middle)
    over = shapely.intersection(shape, shapely.linestrings(np.stack([centre - half, centre + half], axis=1)))
    parts = shapely.get_parts(over)
    parts = parts[(shapely.distance(parts, middle) < 1e-3) & (shapely.length(parts) > 0)]
    for part in parts[np.argsort(shapely.length(parts), kind="stable")]:
        ends = shapely.get_coordinates(part)[[0, -1]]
        if _shore_m(shape, ends) >= ROUND * part.length:
            step = (ends[1] - ends[0]) / part.length * (2 * CLEAR_M)
            return np.asarray(ends + np.stack([-step, step]), float)
    return None


def _shore_m(shape: BaseGeometry, ends: FloatArray) -> float:
    """Metres along the shore between two points on it; inf where they lie on different shores."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    one, other = map(shapely.Point, ends)
    near_one, near_other = (int(np.argmin(shapely.distance(rings, end))) for end in (one, other))
    if near_one != near_other:
        return float("inf")
    ring = rings[near_one]
    along = abs(ring.project(one) - ring.project(other))
    return float(min(along, ring.length - along))


def goes_round(place: Place) -> bool:
    """Whether lines of a place are rerouted: round open water where it lists crossings, round barriers wherever it has any."""
    return bool(place.crossings or place.barriers)


def place_obstacles(place: Place, *, water: bool = True) -> Obstacles:
    """Open water and barriers of a place and `MARGIN_M` around it, with those of its crossings that lie at any.

    With `water` False, its barriers alone: what is in people's way as far as anybody has said.
    """
    west, south, east, north = (float(edge) for edge in place.boundaries.total_bounds)
    window = west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M
    lines = tuple(barrier.line.wkb for barrier in place.barriers)
    crossings = tuple((each.easting, each.northing) for each in place.crossings)
    return _obstacles(window, lines, crossings, water=water)


@lru_cache(maxsize=16)
def _obstacles(
    window: tuple[float, float, float, float],
    barriers: tuple[bytes, ...],
    crossings: tuple[tuple[float, float], ...],
    *,
    water: bool,
) -> Obstacles:
    west, south, east, north = window
    open_water: BaseGeometry = shapely.Polygon()
    if water:
        land = read_land(west - SHORE_M, south - SHORE_M, east + SHORE_M, north + SHORE_M, fine=True)
        open_water = water_shape(land, window)
    shape = with_barriers(open_water, [shapely.from_wkb(line) for line in barriers])
    spans = [crossing_span(shape, *at) for at in crossings]
    return Obstacles(shape, window, spans)


@lru_cache(maxsize=4)
def _kept_metres(
    points: bytes, sites: bytes, obstacles: Obstacles, crossing_m: bytes, within_m: float
) -> FloatArray:
    """`around_m` of coordinates, kept: a site that opens or closes stands where it stood. Do not change it."""
    at, to, crossings = (np.frombuffer(given) for given in (points, sites, crossing_m))
    return around_m(at.reshape(-1, 2), to.reshape(-1, 2), obstacles, crossings, within_m=within_m)


def minutes_if_closed(
    points: pd.DataFrame,
    sites: pd.DataFrame,
    settings: TravelSettings,
    place: Place,
    closings: Iterable[tuple[str, ...]],
    *,
    within_minutes: float = FARTHEST_MINUTES,
) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    """`rerouted_minutes` for each set of crossings that is closed besides those of the settings.

    Where a place lists no crossings, water is here gone round nevertheless: nobody crosses it. Pairs that are more than
    `within_minutes` apart in a straight line keep it: nothing brings them within fewer.
    """
    at, to = (frame[["easting", "northing"]].to_numpy(float) for frame in (points, sites))
    lines = cut_lines(at, to, place_obstacles(place), within_m=settings.distance_m(within_minutes))
    for names in closings:
        metres = lines.around_m(_crossing_m(place, replace(settings, closed=(*settings.closed, *names))))
        yield names, pd.DataFrame(settings.minutes(metres), index=points.index, columns=sites.index)


def crossings_in_use(place: Place, settings: TravelSettings) -> list[str]:
    """Names of the crossings that can be used on these settings and lie at water or a barrier."""
    if not place.crossings:
        return []
    usable, spans = usable_crossings(place.crossings, settings), place_obstacles(place).crossings
    pairs = zip(place.crossings, usable, spans, strict=True)
    return [each.name for each, ok, span in pairs if ok and span is not None]


def _crossing_m(place: Place, settings: TravelSettings) -> FloatArray:
    """What each crossing of a place costs beyond its length, in metres; inf where it cannot be used."""
    usable = usable_crossings(place.crossings, settings)
    waits = [each.wait_minutes if ok else np.inf for each, ok in zip(place.crossings, usable, strict=True)]
    return np.array(waits, float) / settings.minutes_a_metre


def crossings_without_water(place: Place) -> list[Crossing]:
    """Crossings that lie at no open water or barrier that the shapes show: no way uses them."""
    if not place.crossings:
        return []
    spans = place_obstacles(place).crossings
    return [each for each, span in zip(place.crossings, spans, strict=True) if span is None]


def rerouted_minutes(
    points: pd.DataFrame, sites: pd.DataFrame, settings: TravelSettings, place: Place
) -> pd.DataFrame:
    """Minutes in a straight line, round water and barriers by the place's crossings.

    Parameters
    ----------
    points, sites : DataFrame
        `easting`, `northing` in metres (EPSG:27700).
    settings : TravelSettings
        Its `closed` crossings cannot be used.
    place : Place
        Without crossings nobody knows where water is crossed, and straight lines over it stay.

    Returns
    -------
    DataFrame
        Index of `points`, columns index of `sites`; inf where there is no way.

    Raises
    ------
    HubreachError
        For a closed crossing that the place does not have.
    """
    at, to = (frame[["easting", "northing"]].to_numpy(float) for frame in (points, sites))
    crossing_m = _crossing_m(place, settings)
    if goes_round(place):
        metres = _kept_metres(
            at.tobytes(),
            to.tobytes(),
            place_obstacles(place, water=bool(place.crossings)),
            crossing_m.tobytes(),
            settings.distance_m(FARTHEST_MINUTES),
        )
    else:
        metres = cdist(at, to)
    return pd.DataFrame(settings.minutes(metres), index=points.index, columns=sites.index)


def way_words(place: Place, settings: TravelSettings) -> str:
    """How minutes are found without a table or streets: "straight line round water, Laira Bridge closed"."""
    if not place.crossings:
        return "straight line round barriers" if place.barriers else "straight line"
    shut = [f"{find_crossing(place.crossings, name).name} closed" for name in settings.closed]
    idle = [each.name for each in place.crossings if each.is_open and not each.runs_at(settings.time)]
    if settings.time:
        shut.append(f"at {settings.time}" + (f" without {' and '.join(idle)}" if idle else ""))
    return ", ".join(["straight line round water", *shut])


def usable_crossings(crossings: Sequence[Crossing], settings: TravelSettings) -> list[bool]:
    """Whether each crossing is open on these settings, for their mode and at their time of day.

    Raises
    ------
    HubreachError
        For a closed one that is none of them.
    """
    closed = {slugify(name): name for name in settings.closed}
    unknown = [name for key, name in closed.items() if key not in {slugify(each.name) for each in crossings}]
    if unknown:
        known = ", ".join(each.name for each in crossings) or "none"
        faults = [
            Fault("closed crossings", None, None, f"{name!r:.60} is not known", f"There are: {known}")
            for name in unknown
        ]
        raise HubreachError("A crossing that is not there cannot be closed.", faults)
    return [
        each.is_open
        and bool(getattr(each, settings.mode))
        and slugify(each.name) not in closed
        and each.runs_at(settings.time)
        for each in crossings
    ]


def across_water(points: pd.DataFrame, sites: pd.DataFrame, place: Place) -> BoolArray:
    """Whether open water lies on the straight line from each point to its site, row by row."""
    obstacles = place_obstacles(replace(place, barriers=()))
    at, to = (obstacles.ashore(frame[["easting", "northing"]].to_numpy(float)) for frame in (points, sites))
    return obstacles.blocks(at, to)
