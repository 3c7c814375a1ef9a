"""The straight line round water: by hand, by an independent visibility graph, and what must always hold."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.faults import HubreachError
from analysis.places.crossings import Crossing
from analysis.reach.water import (
    CLEAR_M,
    Obstacles,
    around_m,
    crossing_span,
    usable_crossings,
    water_shape,
    with_barriers,
)
from analysis.scenario.travel import TravelSettings

LAKE = shapely.box(0, 0, 200, 200)
# A river from west to east through a window: its banks join nowhere inside.
RIVER = shapely.box(-5000, 0, 5000, 200)
WINDOW = (-4000.0, -4000.0, 4000.0, 4000.0)
NONE = np.empty(0)


def at(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, float).reshape(-1, 2)


def river(*bridges: float) -> Obstacles:
    return Obstacles(RIVER, WINDOW, [crossing_span(RIVER, easting, 100) for easting in bridges])


def test_the_way_round_a_square_lake_by_hand():
    points = at((-100, 100), (-100, 300), (100, -50))
    sites = at((300, 100), (300, 300))
    ways = around_m(points, sites, Obstacles(LAKE), NONE)
    # West to east from the middle: to a corner, along a side, from a corner; the corner stands a metre off.
    corner = np.hypot(99, 101)
    assert ways[0, 0] == pytest.approx(2 * corner + 202)
    assert ways[1, 1] == 400  # north of the lake all the way
    # From the middle of the south bank, 50 m off, round the south-east corner.
    assert ways[2, 1] == pytest.approx(np.hypot(101, 49) + np.hypot(99, 301))
    assert ways[2, 0] == pytest.approx(np.hypot(101, 49) + np.hypot(99, 101))


def test_a_point_in_the_water_stands_at_the_shore_and_no_way_is_shorter_than_the_straight_line():
    points, sites = at((10, 100), (100, 100)), at((300, 100))
    ways = around_m(points, sites, Obstacles(LAKE), NONE)
    # 10 m off the west shore: from (-1, 100) round either corner.
    assert ways[0, 0] == pytest.approx(101 + 202 + np.hypot(99, 101))
    assert ways[1, 0] >= 200


def test_a_river_is_crossed_by_its_bridge_and_not_at_all_without_one():
    points, sites = at((0, -100), (1000, -100)), at((0, 300), (0, -300))
    assert np.isinf(around_m(points, sites, river(), NONE)[:, 0]).all()
    ways = around_m(points, sites, river(400), np.zeros(1))
    north = 2 * np.hypot(400, 98) + 204  # the bridge's ends stand 2 m off the banks
    assert ways[0] == pytest.approx([north, 200])
    assert ways[1, 0] == pytest.approx(np.hypot(600, 98) + 204 + np.hypot(400, 98))
    closed = around_m(points, sites, river(400), np.array([np.inf]))
    assert np.isinf(closed[:, 0]).all()
    assert closed[:, 1] == pytest.approx(ways[:, 1])


def test_the_wait_for_a_ferry_is_paid_once():
    points, sites = at((0, -100)), at((0, 300))
    bridge, ferry = (around_m(points, sites, river(0), np.array([extra])) for extra in (0.0, 1200.0))
    assert ferry - bridge == pytest.approx(1200)


def test_pairs_further_apart_than_asked_keep_their_straight_line():
    points, sites = at((0, -100)), at((0, 300), (50, 300))
    ways = around_m(points, sites, river(), NONE, within_m=400)
    assert np.isinf(ways[0, 0])
    assert ways[0, 1] == pytest.approx(np.hypot(400, 50))


coordinates = st.integers(-1500, 1500).map(float)
positions = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=8, unique=True)
bridges = st.lists(st.integers(-1500, 1500), min_size=1, max_size=4, unique=True)


@given(positions, bridges)
@settings(max_examples=40, deadline=None)
def test_a_closed_crossing_changes_only_ways_that_used_it_and_none_is_shorter(places, where):
    points = at(*[(x, y if not 0 <= y <= 200 else y + 300) for x, y in places])
    obstacles = river(*where)
    every = around_m(points, points, obstacles, np.zeros(len(where)))
    straight = np.hypot(*(points[:, None] - points[None]).T).T
    assert (every >= straight - 1e-9).all()
    same_bank = (points[:, None, 1] < 0) == (points[None, :, 1] < 0)
    assert every[same_bank] == pytest.approx(straight[same_bank])  # the banks are convex
    without = around_m(points, points, obstacles, np.array([np.inf, *[0.0] * (len(where) - 1)]))
    assert (without >= every - 1e-9).all()
    only = around_m(points, points, obstacles, np.array([0.0, *[np.inf] * (len(where) - 1)]))
    used_another = every < only - 1e-9
    assert without[used_another] == pytest.approx(every[used_another])


@given(positions, bridges)
@settings(max_examples=30, deadline=None)
def test_no_way_is_longer_than_by_another_place(places, where):
    points = at(*[(x, y if not -50 <= y <= 250 else y + 600) for x, y in places])
    shape = shapely.union_all([RIVER, shapely.box(300, 400, 900, 800), shapely.box(-900, -900, -300, -300)])
    # Whoever stands nearer to the shore than a corner can cut a millimetre.
    points = points[~shapely.intersects(shapely.buffer(shape, 3), shapely.points(points))]
    obstacles = Obstacles(shape, WINDOW, [crossing_span(shape, bridge, 100) for bridge in where])
    ways = around_m(points, points, obstacles, np.zeros(len(where)))
    by_another = (ways[:, :, None] + ways[None, :, :]).min(axis=1) if len(points) else ways
    assert (ways <= by_another + 1e-6).all()
    assert ways == pytest.approx(ways.T)


def slow_way(points: np.ndarray, shape: shapely.Geometry) -> np.ndarray:
    """Every corner a node, every line tried, Floyd and Warshall: independent of tangents and of the sparse graph."""
    wider = shapely.buffer(shape, CLEAR_M, join_style="mitre")
    nodes = np.concatenate([points, shapely.get_coordinates(wider)])
    ways = np.full((len(nodes), len(nodes)), np.inf)
    for one in range(len(nodes)):
        for other in range(len(nodes)):
            line = shapely.LineString([nodes[one], nodes[other]])
            if not line.intersects(shape):
                ways[one, other] = line.length
    for by in range(len(nodes)):
        ways = np.minimum(ways, ways[:, by, None] + ways[None, by, :])
    return ways[: len(points), : len(points)]


boxes = st.lists(
    st.tuples(st.integers(-10, 10), st.integers(-10, 10), st.integers(1, 6), st.integers(1, 6)),
    min_size=1,
    max_size=5,
)


@given(positions, boxes)
@settings(max_examples=25, deadline=None)
def test_ways_are_those_of_an_independent_graph(places, sizes):
    shape = shapely.union_all(
        [shapely.box(100 * x, 100 * y, 100 * (x + w), 100 * (y + h)) for x, y, w, h in sizes]
    )
    points = at(*places) + 0.5
    points = points[~shapely.intersects(shapely.buffer(shape, 3), shapely.points(points))]
    ways, shortest = around_m(points, points, Obstacles(shape), NONE), slow_way(points, shape)
    assert (np.isfinite(ways) == np.isfinite(shortest)).all()
    there = np.isfinite(shortest)
    # Bending only where a line touches a corner's clearance, a way may be longer than one that cuts into the clearance,
    # by less than the clearance for each of its ends; it is never shorter than any way.
    longer = ways[there] - shortest[there]
    assert (longer >= -1e-6 * shortest[there]).all()
    assert (longer <= 2 * CLEAR_M).all()


def test_a_crossing_is_the_shortest_line_that_saves_a_way_along_the_shore():
    # A creek 100 m wide between banks, open to the sea in the south.
    creek = shapely.union_all([shapely.box(0, 0, 2000, 300), shapely.box(900, 0, 1000, 1500)])
    span = crossing_span(creek, 930, 1000)
    assert np.hypot(*(span[0] - span[1])) == pytest.approx(104)
    assert sorted(span[:, 0]) == pytest.approx([898, 1002])
    assert span[:, 1] == pytest.approx([1000, 1000])
    # 150 m from the creek it is still that crossing; far from it there is none.
    beside = crossing_span(creek, 750, 1000)
    assert sorted(beside[:, 0]) == pytest.approx([898, 1002])
    assert crossing_span(creek, 500, 1000) is None
    # At the head of the creek a line over it saves nothing.
    assert crossing_span(shapely.box(0, 0, 300, 300), 290, 290) is None


def test_a_barrier_is_a_line_with_a_way_round_its_ends_unless_it_reaches_water():
    line = shapely.LineString([(0, 0), (1000, 0)])
    points, sites = at((900, -100)), at((900, 100))
    alone = with_barriers(shapely.Polygon(), [line])
    assert around_m(points, sites, Obstacles(alone), NONE)[0, 0] == pytest.approx(
        2 * np.hypot(101, 98) + 4, abs=0.5
    )
    # Water 80 m beyond the east end: nobody slips through between.
    joined = with_barriers(shapely.box(1080, -3000, 1500, 3000), [line])
    west = np.hypot(900, 100)
    assert around_m(points, sites, Obstacles(joined), NONE)[0, 0] == pytest.approx(2 * west, abs=10)
    bridge = crossing_span(joined, 500, 60)
    assert np.hypot(*(bridge[0] - bridge[1])) == pytest.approx(2 * CLEAR_M + 4)


def test_a_line_that_keeps_near_the_shore_crosses_no_water():
    land = shapely.box(0, 0, 2000, 1000).difference(shapely.box(500, 0, 1500, 400))
    shape = water_shape(land, (0, 0, 2000, 1000))
    lines = ((400, 385, 1600, 385), (400, 300, 1600, 300), (400, 500, 1600, 500))
    starts, ends = at(*[line[:2] for line in lines]), at(*[line[2:] for line in lines])
    assert Obstacles(shape).blocks(starts, ends).tolist() == [False, True, False]


def test_crossings_that_can_be_used_are_open_on_the_settings_and_for_the_mode():
    crossings = (
        Crossing(name="Old Bridge", kind="bridge", easting=0, northing=0),
        Crossing(name="Tunnel", kind="tunnel", easting=0, northing=0, walk=False, cycle=False),
        Crossing(name="Ferry", kind="ferry", easting=0, northing=0, drive=False, is_open=False),
    )
    assert usable_crossings(crossings, TravelSettings()) == [True, False, False]
    assert usable_crossings(crossings, TravelSettings(mode="drive")) == [True, True, False]
    assert usable_crossings(crossings, TravelSettings(closed=("old bridge",))) == [False, False, False]
    with pytest.raises(HubreachError, match=r"New Bridge.*There are: Old Bridge, Tunnel, Ferry"):
        usable_crossings(crossings, TravelSettings(closed=("New Bridge",)))


ASKED_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import numpy as np
import shapely
from analysis.reach.water import Obstacles

angles = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
shore = 5000 + 300 * np.sin(40 * angles)
outline = np.stack([shore * np.cos(angles), shore * np.sin(angles)], axis=1)
random = np.random.default_rng(1)
starts, ends = random.uniform(4600, 5600, (2, 4000, 2))
for _ in range(15):
    lake, together = Obstacles(shapely.Polygon(outline)), Barrier(8)
    lake._grid

    def ask(_):
        together.wait()
        return lake.blocks(starts, ends).sum()

    with ThreadPoolExecutor(8) as visitors:
        assert len(set(visitors.map(ask, range(8)))) == 1
"""


def test_visitors_who_ask_at_once_get_one_answer_and_leave_the_server_alive():
    done = subprocess.run(
        [sys.executable, "-c", ASKED_AT_ONCE], cwd=Path(__file__).parents[3], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
