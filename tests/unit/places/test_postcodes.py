"""Postcodes are found without a network, and what cannot be found is said."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.places.coordinates import grid_of_lon_lat, lon_lat_of_grid
from analysis.places.sites.postcodes import _letter, locate_postcode, locate_postcodes, normal_postcode


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("rm188ey", "RM18 8EY"),
        (" ch41  3hx ", "CH41 3HX"),
        ("W1A 1AA", "W1A 1AA"),
        ("Tilbury", ""),
        ("RM18", ""),
        ("", ""),
    ],
)
def test_normal_form(typed, normal):
    assert normal_postcode(typed) == normal


def test_a_postcode_is_where_the_register_says():
    point = locate_postcode("ch413hx")
    assert (point.postcode, point.easting, point.northing) == ("CH41 3HX", 331465.0, 389353.0)
    assert point.authority == "E08000015"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Tilbury", "not of a postcode's form"),
        ("RM18 9ZZ", "not in the postcode directory"),
        ("BT1 1AA", "no place on the British grid"),
    ],
)
def test_what_cannot_be_found_is_said(typed, said):
    with pytest.raises(HubreachError, match=said):
        locate_postcode(typed)


def test_many_at_once_leave_gaps_where_unknown():
    postcodes = pd.Series(["RM18 8EY", "nowhere", "ch41 3hx", "BT1 1AA", "RM18 9ZZ"], index=list("abcde"))
    points = locate_postcodes(postcodes)
    assert points.loc["a"].tolist() == [564570.0, 176263.0]
    assert points.loc["c"].tolist() == [331465.0, 389353.0]
    assert points.loc[["b", "d", "e"]].isna().to_numpy().all()


def test_only_the_letter_that_is_needed_is_read():
    _letter.cache_clear()
    locate_postcode("ZE1 0AA")
    assert _letter.cache_info().currsize == 1
    assert len(_letter("Z")) < 1000


def test_grid_and_degrees_go_both_ways():
    lon, lat = lon_lat_of_grid([331465.0, 564570.0], [389353.0, 176263.0])
    assert lon == pytest.approx([-3.03215, 0.36758], abs=2e-5)
    assert lat == pytest.approx([53.39654, 51.46142], abs=2e-5)
    easting, northing = grid_of_lon_lat(lon, lat)
    assert np.abs(easting - [331465.0, 564570.0]).max() < 0.01
    assert np.abs(northing - [389353.0, 176263.0]).max() < 0.01
