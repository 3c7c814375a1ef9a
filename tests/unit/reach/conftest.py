"""A place of six areas in a row, 500 m apart, that a person can work out by hand.

Walking at 6 km/h without detour takes 10 minutes a kilometre: 5 minutes from one area to the next.
Area c carries most of the need. Ward W1 is a, b, c; ward W2 is d, e, f. Sites stand on a, c and f.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.places.sites.values import sites_of_rows
from analysis.reach.demand import demand_frame
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.travel import TravelSettings

CODES = list("abcdef")
CHILDREN = [100, 200, 300, 150, 0, 250]


@pytest.fixture
def areas() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_name": [f"Area {code.upper()}" for code in CODES],
            "ward_code": ["W1", "W1", "W1", "W2", "W2", "W2"],
            "ward_name": ["First", "First", "First", "Second", "Second", "Second"],
            "locality_code": "L1",
            "locality_name": "All",
            "place_code": "P",
            "place_name": "Row",
            "population_mid2015": [1000] * 6,
            "children": CHILDREN,
            "children_0_4": [20, 60, 80, 30, 0, 50],
            "children_5_10": [30, 70, 90, 40, 0, 80],
            "children_11_15": [30, 50, 90, 50, 0, 80],
            "children_16_17": [20, 20, 40, 30, 0, 40],
            "easting": np.arange(6) * 500.0 + 400_000,
            "northing": 300_000.0,
        },
        index=pd.Index(CODES, name="area_code"),
    )


@pytest.fixture
def demand(areas) -> pd.DataFrame:
    need = pd.DataFrame(
        {"early_help": [10, 20, 60, 15, 0, 25], "specialist": [5, 5, 20, 5, 0, 5]}, index=areas.index
    )
    position = pd.Series([0.9, 0.8, 0.7, 0.5, 0.3, 0.1], index=areas.index)
    return demand_frame(areas, need, position)


@pytest.fixture
def sites() -> pd.DataFrame:
    def site(name: str, easting: float, **more) -> dict:
        return {"name": name, "easting": easting, "northing": 300_000.0, "kind": "family hub", **more}

    return sites_of_rows(
        {
            "s1": site(
                "One", 400_000.0, capacity_families=50.0, services="Play;Advice", age_from=0, age_to=5
            ),
            "s2": site("Two", 401_000.0, labels="Old centre [children's centre]", services="Play"),
            "s3": site("Three", 402_500.0, kind="outreach", capacity_families=100.0, hours_per_week=10.0),
            "s4": site("Four", 401_500.0, kind="school (primary)", is_open=False),
        }
    )


@pytest.fixture
def pace() -> TravelSettings:
    return TravelSettings("walk", speed_kmh=6.0, detour=1.0)


@pytest.fixture
def costs(demand, sites, pace) -> pd.DataFrame:
    return straight_line_matrix(demand, sites.loc[["s1", "s2", "s3"]], pace)
