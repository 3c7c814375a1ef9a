"""A made-up country in official form: six LSOAs of two authorities, as IoD 2019 and 2025, lookups and boundaries.

LSOA E01000001 to E01000004 are Alderton (E06000901), E01000005 and E01000006 Brookshire (E06000902). Until
2021, E01000002 was split into E01033901 and E01033902, and E01000003 and E01000004 were merged into E01033903.
"""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from analysis.intake.assemble.adding import PlaceFiles

ALDERTON, BROOKSHIRE = "E06000901", "E06000902"
OLDER = [f"E0100000{n}" for n in range(1, 7)]
NEWER = ["E01000001", "E01033901", "E01033902", "E01033903", "E01000005", "E01000006"]
TITLE = "(where 1 is most deprived)"
TENTH = "(where 1 is most deprived 10% of LSOAs)"
HOMES = {
    "LSOA code (2011)": OLDER,
    "LSOA name (2011)": [f"Alderton 00{n}A" for n in range(1, 5)] + ["Brookshire 001A", "Brookshire 001B"],
    "Local Authority District code (2019)": [ALDERTON] * 4 + [BROOKSHIRE] * 2,
    "Local Authority District name (2019)": ["Alderton"] * 4 + ["Brookshire"] * 2,
}
SCORES_2019 = [40.0, 30.0, 20.0, 10.0, 5.0, 50.0]
RESIDENTS_2015 = [1000, 2000, 1000, 2000, 1000, 1000]
SCORES_2025 = [42.0, 36.0, 24.0, 15.0, 6.0, 50.0]
RESIDENTS_2022 = [1100, 1000, 500, 3000, 1000, 1000]


@dataclass(frozen=True)
class Country:
    """Paths of the made-up country's files."""

    folder: Path

    def __getattr__(self, name: str) -> Path:
        return next(self.folder.glob(f"{name}.*"))

    def files(
        self, *tables: str, boundaries="boundaries_2011", name="Alderton", authority=(ALDERTON,), **more
    ):
        paths = tuple(getattr(self, table) for table in tables or ("file7_2019", "wards_2011"))
        return PlaceFiles(name, tuple(authority), paths, getattr(self, boundaries), **more)


def write_official(table: pd.DataFrame, path: Path) -> Path:
    """As the official files are written: a byte-order mark, Windows line ends, whole numbers as 1.00."""
    text = table.map(lambda value: f"{value:.2f}" if isinstance(value, float) else value)
    text.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return path


def file7_2019() -> pd.DataFrame:
    return pd.DataFrame(HOMES).assign(
        **{
            "Index of Multiple Deprivation (IMD) Score": SCORES_2019,
            f"Index of Multiple Deprivation (IMD) Rank {TITLE}": [
                3000.0,
                9000.0,
                15000.0,
                25000.0,
                31000.0,
                1000.0,
            ],
            f"Index of Multiple Deprivation (IMD) Decile {TENTH}": [1.0, 3.0, 5.0, 8.0, 10.0, 1.0],
            "Income Score (rate)": [0.3, 0.2, 0.1, 0.05, 0.02, 0.4],
            "Income Deprivation Affecting Children Index (IDACI) Score (rate)": [
                0.35,
                0.25,
                0.15,
                0.05,
                0.02,
                0.4,
            ],
            f"Income Deprivation Affecting Children Index (IDACI) Rank {TITLE}": [
                2000.0,
                8000.0,
                16000.0,
                26000.0,
                32000.0,
                900.0,
            ],
            "Total population: mid 2015 (excluding prisoners)": [float(n) for n in RESIDENTS_2015],
            "Dependent Children aged 0-15: mid 2015 (excluding prisoners)": [
                200.0,
                400.0,
                100.0,
                300.0,
                100.0,
                200.0,
            ],
        }
    )


def file7_2025() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "LSOA code (2021)": NEWER,
            "LSOA name (2021)": [f"New {n}" for n in range(1, 7)],
            "Local Authority District code (2024)": [ALDERTON] * 4 + [BROOKSHIRE] * 2,
            "Local Authority District name (2024)": ["Alderton"] * 4 + ["Brookshire"] * 2,
            "Index of Multiple Deprivation (IMD) Score": SCORES_2025,
            f"Index of Multiple Deprivation (IMD) Rank {TITLE}": [2500, 6000, 12000, 20000, 31000, 1000],
            f"Index of Multiple Deprivation (IMD) Decile {TENTH}": [1, 2, 4, 6, 10, 1],
            "Total population: mid 2022": RESIDENTS_2022,
            "Dependent Children aged 0-15: mid 2022": [210, 190, 110, 380, 100, 200],
        }
    )


def wards(codes: list[str], year: str, ward_year: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "FID": range(1, 7),
            f"LSOA{year}CD": codes,
            f"LSOA{year}NM": [f"Area {n}" for n in range(1, 7)],
            f"WD{ward_year}CD": [
                "E05000001",
                "E05000001",
                "E05000002",
                "E05000002",
                "E05000003",
                "E05000003",
            ],
            f"WD{ward_year}NM": ["Ash", "Ash", "Birch", "Birch", "Ash", "Ash"],
            f"LAD{ward_year}CD": [ALDERTON] * 4 + [BROOKSHIRE] * 2,
            f"LAD{ward_year}NM": ["Alderton"] * 4 + ["Brookshire"] * 2,
        }
    )


CHANGES = pd.DataFrame(
    {
        "LSOA11CD": [
            "E01000001",
            "E01000002",
            "E01000002",
            "E01000003",
            "E01000004",
            "E01000005",
            "E01000006",
        ],
        "LSOA21CD": [
            "E01000001",
            "E01033901",
            "E01033902",
            "E01033903",
            "E01033903",
            "E01000005",
            "E01000006",
        ],
        "CHGIND": ["U", "S", "S", "M", "M", "U", "U"],
    }
)


def squares(codes: list[str], column: str) -> gpd.GeoDataFrame:
    """Squares of 1 km in a row; the centroid that the file gives is 100 m west of the middle."""
    west = [430_000 + 1000 * n for n in range(6)]
    return gpd.GeoDataFrame(
        {column: codes, "BNG_E": [x + 400 for x in west], "BNG_N": 430_500},
        geometry=[box(x, 430_000, x + 1000, 431_000) for x in west],
        crs="EPSG:27700",
    )


def single_ages(codes: list[str]) -> pd.DataFrame:
    """Ten children at every single age in the first LSOA, one more in each next, and 500 adults."""
    ages = {str(age): [10 + n for n in range(6)] for age in range(18)}
    return pd.DataFrame({"LSOA Code": codes, "LSOA Name": codes, **ages, "18": 450, "19+": 50})


@pytest.fixture(scope="session")
def country(tmp_path_factory) -> Country:
    folder = tmp_path_factory.mktemp("country")
    write_official(file7_2019(), folder / "file7_2019.csv")
    write_official(file7_2025(), folder / "file7_2025.csv")
    write_official(wards(OLDER, "11", "19"), folder / "wards_2011.csv")
    write_official(wards(NEWER, "21", "24"), folder / "wards_2021.csv")
    write_official(CHANGES, folder / "changes.csv")
    write_official(single_ages(OLDER), folder / "ages_mid2020.csv")
    averages = pd.DataFrame(
        {
            "Local Authority District code (2019)": [ALDERTON, BROOKSHIRE],
            "IMD - Average score ": [23.333, 27.5],
        }
    )
    write_official(averages.astype({"IMD - Average score ": str}), folder / "file10_2019.csv")
    squares(OLDER, "LSOA11CD").to_file(folder / "boundaries_2011.gpkg", layer="lsoa")
    squares(NEWER, "lsoa21cd").to_crs("EPSG:4326").to_file(
        folder / "boundaries_2021.geojson", driver="GeoJSON"
    )
    return Country(folder)


@pytest.fixture
def own_data(tmp_path, monkeypatch) -> Path:
    """An empty folder for the user's own places."""
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "own"))
    return tmp_path / "own"
