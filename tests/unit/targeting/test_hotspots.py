"""Hot spots: neighbours by hand, the statistic and its p-value against the library, seeds, corrections."""

import random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from esda.moran import Moran_Local
from esda.util import fdr
from libpysal.graph import Graph
from shapely.geometry import box

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.targeting.hot_spots import contiguity, hot_spots


def neighbours_of(shapes, code):
    codes = shapes.index.to_numpy()
    return [str(codes[other]) for one, other in contiguity(shapes) if codes[one] == code]


def test_neighbours_share_an_edge_or_a_corner(small_place):
    shapes = small_place.outlines("lsoa")
    assert neighbours_of(shapes, "A1") == ["A2", "A4", "A5"]
    assert neighbours_of(shapes, "A5") == ["A1", "A2", "A3", "A4", "A6"]


def test_an_island_is_joined_to_the_nearest_area_both_ways():
    shapes = gpd.GeoDataFrame(
        index=pd.Index(["a", "b", "island"], name="area_code"),
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1), box(5, 0, 6, 1)],
        crs="EPSG:27700",
    )
    assert neighbours_of(shapes, "island") == ["b"]
    assert neighbours_of(shapes, "b") == ["a", "island"]


@pytest.mark.parametrize("level", ["lsoa", "ward"])
def test_neighbours_in_every_place_are_those_of_libpysal(real_place, level):
    shapes = real_place.outlines(level)
    ours = {(shapes.index[one], shapes.index[other]) for one, other in contiguity(shapes)}
    graph = Graph.build_contiguity(shapes, rook=False)
    islands = set(graph.isolates)
    assert {pair for pair in ours if not islands & set(pair)} == set(graph.adjacency.drop(islands).index)
    assert {one for one, _ in ours} == set(shapes.index)
    assert {(other, one) for one, other in ours} == ours


def test_the_statistic_by_hand(small_place):
    values = pd.Series([3.0, 3, 3, 1, 1, 1], index=small_place.areas.index)
    table = hot_spots(small_place, values, permutations=99)
    # z is 1 above and -1 below; A1 has one like and two unlike neighbours: I = 5/6 x (1 - 1 - 1) / 3.
    assert table["local_moran"]["A1"] == pytest.approx(5 / 6 * -1 / 3)
    assert table["neighbours_mean"]["A1"] == pytest.approx((3 + 1 + 1) / 3)
    # A2 has two like and three unlike.
    assert table["local_moran"]["A2"] == pytest.approx(5 / 6 * -1 / 5)


def test_statistic_and_quadrant_are_those_of_the_library(real_places):
    place = real_places["wirral"]
    rate = estimate_need(place).rates["early_help"]
    table = hot_spots(place, rate)
    graph = Graph.build_contiguity(place.outlines("lsoa"), rook=False).transform("r")
    theirs = Moran_Local(rate.to_numpy(), graph, permutations=0)
    assert table["local_moran"].to_numpy() == pytest.approx(theirs.Is)
    kinds = {"high-high": 1, "low-high": 2, "low-low": 3, "high-low": 4}
    told = table["kind"].map(kinds).dropna()
    assert len(told) > 40
    assert (pd.Series(theirs.q, index=table.index)[told.index] == told).all()


def test_the_cut_off_for_many_tests_is_that_of_the_library(real_place):
    rate = estimate_need(real_place).rates["early_help"]
    table = hot_spots(real_place, rate, correction="false-discovery")
    assert table["cut_off"].iloc[0] == pytest.approx(min(0.05, fdr(table["p_value"].to_numpy(), 0.05)))


def test_p_values_against_a_plain_shuffle(real_places):
    place = real_places["thurrock"]
    rate = estimate_need(place).rates["early_help"]
    table = hot_spots(place, rate)
    shapes = place.outlines("lsoa")
    shuffler = random.Random(3)
    mean = rate.mean()
    for code in table["p_value"].sort_values().index[[5, 30, 60, 90]]:
        others = (rate.drop(code) - mean).tolist()
        size = len(neighbours_of(shapes, code))
        seen = (table.loc[code, "neighbours_mean"] - mean) * (rate[code] - mean)
        dealt = [sum(shuffler.sample(others, size)) / size * (rate[code] - mean) for _ in range(4000)]
        tail = min(sum(value >= seen for value in dealt), sum(value <= seen for value in dealt))
        assert table.loc[code, "p_value"] == pytest.approx(min(1, 2 * (tail + 1) / 4001), abs=0.04)


def test_hot_and_cold_spots_are_where_rates_are_high_and_low(real_place):
    rate = estimate_need(real_place).rates["early_help"]
    table = hot_spots(real_place, rate)
    hot, cold = table[table["kind"] == "high-high"], table[table["kind"] == "low-low"]
    assert hot["value"].min() > rate.mean() > cold["value"].max()
    assert hot["neighbours_mean"].min() > rate.mean() > cold["neighbours_mean"].max()
    assert (table.loc[table["kind"] == "not significant", "p_value"] > 0.05).all()
    assert table["p_value"].between(2 / 10_000, 1).all()


def test_a_correction_for_many_tests_finds_no_more(real_place):
    rate = estimate_need(real_place).rates["early_help"]
    usual, strict = (hot_spots(real_place, rate, correction=c) for c in ("none", "false-discovery"))
    assert strict["cut_off"].iloc[0] < usual["cut_off"].iloc[0] == 0.05
    found = strict.index[strict["kind"] != "not significant"]
    assert 0 < len(found) < (usual["kind"] != "not significant").sum()
    assert (usual.loc[found, "kind"] != "not significant").all()


def test_the_same_seed_gives_the_same_p_values(small_place):
    values = pd.Series([5.0, 4, 3, 1, 2, 1], index=small_place.areas.index)
    first, again, other = (hot_spots(small_place, values, seed=s, permutations=199) for s in (1, 1, 2))
    assert first.equals(again)
    assert not first["p_value"].equals(other["p_value"])


def test_noise_has_few_hot_spots(real_places):
    place = real_places["wirral"]
    noise = pd.Series(np.random.default_rng(11).normal(size=206), index=place.areas.index)
    table = hot_spots(place, noise, correction="false-discovery")
    assert (table["kind"] != "not significant").sum() <= 2


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ([1.0] * 6, {}, "every area has the same value"),
        ([1.0, 2, 3, np.nan, 5, 6], {}, "no value for A4"),
        ([1.0, 2, 3, 4, 5, 6], {"significance": 0}, "Give a share between 0 and 1"),
        ([1.0, 2, 3, 4, 5, 6], {"permutations": 5}, "Give 99 to 19,999"),
        ([1.0, 2, 3, 4, 5, 6], {"level": "locality"}, "three areas or more"),
    ],
)
def test_wrong_questions(small_place, values, options, message):
    with pytest.raises(HubreachError, match=message):
        hot_spots(small_place, pd.Series(values, index=small_place.areas.index), **options)
