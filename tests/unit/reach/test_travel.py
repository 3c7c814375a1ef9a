"""Minutes from metres: hand-checked."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.reach.travel import straight_line_m, straight_line_matrix
from analysis.scenario.travel import TravelSettings, travel_settings


def test_defaults_are_those_of_the_methods():
    # 1 km x 1.2 at 4.8 km/h = 15 min; at 16 km/h 4.5; at 30 km/h 2.4 and 5 to park
    minutes = {mode: float(travel_settings(mode).minutes(1000.0)) for mode in ("walk", "cycle", "drive")}
    assert minutes == pytest.approx({"walk": 15.0, "cycle": 4.5, "drive": 7.4})


def test_distance_is_the_inverse_of_minutes():
    drive = travel_settings("drive")
    assert drive.distance_m(float(drive.minutes(2345.0))) == pytest.approx(2345.0)
    assert drive.distance_m(3.0) == 0.0


def test_matrix_is_areas_by_sites_in_minutes(costs):
    assert costs.index.tolist() == list("abcdef")
    assert costs.columns.tolist() == ["s1", "s2", "s3"]
    assert costs.loc["b"].tolist() == pytest.approx([5, 5, 20])
    assert costs.loc["f"].tolist() == pytest.approx([25, 15, 0])


def test_a_three_four_five_triangle():
    areas = pd.DataFrame({"easting": [0.0], "northing": [0.0]}, index=["a"])
    sites = pd.DataFrame({"easting": [300.0], "northing": [400.0]}, index=["s"])
    assert straight_line_m(areas, sites).loc["a", "s"] == 500.0
    assert straight_line_matrix(areas, sites).loc["a", "s"] == pytest.approx(500 * 1.2 / 80)


def test_no_sites_give_a_matrix_without_columns(demand, sites, pace):
    assert straight_line_matrix(demand, sites.iloc[:0], pace).shape == (6, 0)


def test_what_cannot_be_is_told_together():
    with pytest.raises(HubreachError) as raised:
        TravelSettings("walk", speed_kmh=0.0, detour=0.9, fixed_minutes=np.nan)
    assert [fault.column for fault in raised.value.faults] == ["speed_kmh", "detour", "fixed_minutes"]
    with pytest.raises(HubreachError, match="'swim' is not a mode"):
        travel_settings("swim")


def test_words_say_what_is_in_force():
    assert travel_settings("drive").words == "Drive, 30 km/h, detour 1.2 plus 5 min"
