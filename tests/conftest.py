"""Shared fixtures: a small made-up place whose figures can be checked by hand, and the four real ones."""

import json
from pathlib import Path

import hypothesis
import pandas as pd
import pytest
from pyproj import Transformer

from analysis.places.read import read_place

# The same examples in every run, and no limit on the time of one: a busy machine is not a fault.
hypothesis.settings.register_profile("hubreach", deadline=None, derandomize=True)
hypothesis.settings.load_profile("hubreach")

PLACES_OF_2011 = Path(__file__).parent / "places_of_2011"
REAL_PLACES = ("medway", "plymouth", "thurrock", "wirral")

MANIFEST = """
name = "Sampleton"
authority = "S01"
geography = "LSOA 2011"
children_title = "Children aged 0-17"

[[tiers]]
key = "early_help"
name = "Early help"
prevalence = 0.25
gradient = 4

[[tiers]]
key = "specialist"
name = "Specialist services"
prevalence = 0.055
gradient = 10

[[localities]]
name = "North"
wards = ["Ash", "Birch"]

[[localities]]
name = "South"
wards = ["Cedar"]

[priority]
title = "Named areas"
source = "Made up for tests"

[[priority.areas]]
name = "Ash"
wards = ["Ash"]

[[priority.areas]]
name = "Parts of Cedar"
wards = ["Cedar"]
part = true

[[kinds]]
name = "hub"
symbol = "hub"

[vintages.2019]
title = "Indices of 2019"
file = "deprivation_2019.csv"
geography = "LSOA 2011"
areas_in_england = 10
official_imd_average = 20.0

[vintages.2025]
title = "Indices of 2025"
file = "deprivation_2025.csv"
geography = "LSOA 2021"
areas_in_england = 12
changes = "changes.csv"

[[sources]]
file = "areas.csv"
columns = ["population_mid2015", "children_0_4", "lon"]
title = "Counts"
publisher = "Nobody"
vintage = "2020"
licence = "None"
"""

# Three squares of 1 km in a row (A1 to A3, position 0.95) above three others (A4 to A6, position 0.05).
AREAS = pd.DataFrame(
    {
        "area_code": ["A1", "A2", "A3", "A4", "A5", "A6"],
        "area_name": ["Ash 1", "Ash 2", "Birch 1", "Birch 2", "Cedar 1", "Cedar 2"],
        "ward_code": ["W1", "W1", "W2", "W2", "W3", "W3"],
        "ward_name": ["Ash", "Ash", "Birch", "Birch", "Cedar", "Cedar"],
        "population_mid2015": [200, 200, 200, 400, 400, 400],
        "children_0_4": [40, 30, 20, 10, 20, 30],
        "children_5_10": [20, 30, 40, 50, 40, 30],
        "children_11_15": [30, 30, 30, 30, 30, 30],
        "children_16_17": [10, 10, 10, 10, 10, 10],
    }
)
DEPRIVATION_2019 = pd.DataFrame(
    {
        "area_code": AREAS["area_code"],
        "imd_score": [40, 40, 40, 10, 10, 10],
        "imd_rank": [1, 1, 1, 10, 10, 10],
        "idaci_rank": [1, 2, 3, 8, 9, 10],
    }
)
DEPRIVATION_2025 = pd.DataFrame(
    {
        "area_code": ["A1a", "A1b", "A2", "A3", "A4", "A5", "A6"],
        "imd_score": [50, 30, 40, 30, 20, 10, 5],
        "imd_rank": [1, 3, 2, 4, 6, 9, 12],
        "income_rate": [0.5, 0.3, 0.4, 0.3, 0.2, 0.1, 0.05],
        "health_score": [2.0, 1.0, 1.5, 0.5, 0.0, -1.0, -2.0],
        "population_census2021": [100, 300, 400, 400, 400, 400, 400],
    }
)
CHANGES = pd.DataFrame(
    {
        "area_code": ["A1", "A1", "A2", "A3", "A4", "A5", "A6"],
        "newer_code": DEPRIVATION_2025["area_code"],
        "change": ["S", "S", "U", "U", "U", "U", "U"],
    }
)


def write_small_place(folder: Path) -> Path:
    """Write the made-up place; tests then spoil single files of it."""
    folder.mkdir(parents=True, exist_ok=True)
    west, south = 560_000, 180_000
    corners = [(west + 1000 * column, south + 1000 * row) for row in (1, 0) for column in range(3)]
    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    middles = [to_degrees.transform(x + 500, y + 500) for x, y in corners]
    areas = AREAS.assign(lon=[lon for lon, _ in middles], lat=[lat for _, lat in middles])
    areas.to_csv(folder / "areas.csv", index=False)
    features = [
        {
            "type": "Feature",
            "properties": {"area_code": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x, y], [x + 1000, y], [x + 1000, y + 1000], [x, y + 1000], [x, y]],
                ],
            },
        }
        for code, (x, y) in zip(AREAS["area_code"], corners, strict=True)
    ]
    geography = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        "features": features,
    }
    (folder / "boundaries.geojson").write_text(json.dumps(geography), "utf-8")
    DEPRIVATION_2019.to_csv(folder / "deprivation_2019.csv", index=False)
    DEPRIVATION_2025.to_csv(folder / "deprivation_2025.csv", index=False)
    CHANGES.to_csv(folder / "changes.csv", index=False)
    sites = pd.DataFrame(
        {
            "name": ["Ash Hub", "Cedar Hub"],
            "kind": "hub",
            "easting": [560500, 561500],
            "northing": [181500, 180500],
        }
    )
    sites.to_csv(folder / "sites.csv", index=False)
    (folder / "place.toml").write_text(MANIFEST, "utf-8")
    return folder


@pytest.fixture(scope="session", autouse=True)
def user_data(tmp_path_factory):
    """An empty folder for a user's own data, so that no test reads or writes a real one."""
    folder = tmp_path_factory.mktemp("user-data")
    # The same chance in every run.
    (folder / "rounding.key").write_bytes(bytes(range(32)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBREACH_DATA_DIR", str(folder))
        # Figures that were counted by hand stay true: the four councils as they were on areas of 2011.
        patch.setenv("HUBREACH_PLACES", str(PLACES_OF_2011))
        yield folder


@pytest.fixture(scope="module")
def todays_ground(user_data):
    """The places as the product has them, for the tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HUBREACH_PLACES")
        yield


@pytest.fixture
def small_folder(tmp_path):
    """Folder of the made-up place, to be spoiled at will."""
    return write_small_place(tmp_path / "sampleton")


@pytest.fixture(scope="session")
def small_place(tmp_path_factory):
    """The made-up place: six areas of 100 children, three wards, two localities."""
    return read_place(write_small_place(tmp_path_factory.mktemp("places") / "sampleton"))


@pytest.fixture(scope="session")
def real_places():
    """The four councils on their areas of 2011, by slug."""
    return {slug: read_place(PLACES_OF_2011 / slug) for slug in REAL_PLACES}


@pytest.fixture(scope="session", params=REAL_PLACES)
def real_place(request, real_places):
    """Each of the four in turn."""
    return real_places[request.param]
