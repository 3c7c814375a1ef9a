"""England as it comes with the product: totals as published, every authority by any of its names."""

import dataclasses

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from analysis.base.faults import HubreachError
from analysis.need.checks import place_checks
from analysis.need.opening import open_place
from analysis.places.england.checks import official_checks
from analysis.places.england.grounds import find_ground, grounds, together
from analysis.places.england.official import report_totals
from analysis.places.england.opening import england_place
from analysis.places.england.tables import (
    BANDS_CENSUS2021,
    authorities,
    districts,
    england_folder,
    england_sources,
    read_land,
    read_rows,
)
from analysis.places.finding import place_folder
from analysis.places.read import read_place
from analysis.places.sources import source_line, sources_table

TABLES = ("areas", "deprivation_2025", "districts", "authorities", "demand_points")
KEYS = {"authority_code", "district_code", "area_code"}


@pytest.fixture(scope="module")
def tables():
    """The committed tables that hold published totals."""
    return {name: read_rows(name) for name in TABLES}


@pytest.fixture(scope="module")
def kent():
    """A county of twelve districts."""
    return read_place("kent")


def test_the_committed_tables_hold_the_published_totals(tables):
    report_totals(tables)
    assert read_rows("areas", columns=["population_census2021"])["population_census2021"].sum() == 56_490_091
    assert tables["areas"]["age_0_4_census2021"].sum() == 3_076_851
    assert (len(tables["authorities"]), len(tables["districts"])) == (153, 296)


@pytest.mark.parametrize(
    ("table", "column", "found"),
    [
        ("areas", "children_5_10_mid2024", "children in England"),
        ("areas", "children_0_15_census2021", "aged 0-15 in England"),
        ("authorities", "children_mid2024", "children in Hartlepool"),
        ("demand_points", "share", "largest error of an area's shares"),
        ("districts", "imd_share_most_deprived_tenth", "most deprived tenth, Hartlepool"),
    ],
)
def test_tables_that_are_off_by_a_little_are_refused(tables, table, column, found):
    spoiled = tables[table].copy()
    spoiled.loc[spoiled.index[0], column] += 0.001 if spoiled[column].dtype.kind == "f" else 1
    with pytest.raises(HubreachError, match=found):
        report_totals(tables | {table: spoiled})


def test_tables_without_an_area_are_refused(tables):
    with pytest.raises(HubreachError, match=r"LSOAs of 2021: 33,754, and the ONS has 33,755"):
        report_totals(tables | {"areas": tables["areas"].iloc[1:]})


def test_every_column_of_every_table_has_a_source_with_licence_and_status():
    named = {(source.file, column) for source in england_sources() for column in source.columns}
    held = {
        (path.name, column)
        for path in england_folder().glob("*.parquet")
        for column in pq.ParquetFile(path).schema_arrow.names
    }
    keys = {(file, column) for file, column in held if column in KEYS}
    assert held - named - keys == set()
    # lon and lat are worked out from easting and northing when a place opens.
    assert {column for file, column in named - held} == {"lon", "lat"}
    assert all(source.licence and source.status and source.vintage for source in england_sources())
    unconfirmed = {
        source.publisher for source in england_sources() if source.licence.startswith("Not confirmed")
    }
    assert unconfirmed == {"Department for Education", "Arts Council England"}


def test_bands_of_census_2021_are_those_that_are_published_or_marked_as_ours(tables):
    areas = tables["areas"]
    under_16 = areas[
        [BANDS_CENSUS2021[band] for band in ("children_0_4", "children_5_10", "children_11_15")]
    ].sum(axis=1)
    apart = (under_16 - areas["children_0_15_census2021"]).abs()
    assert ((apart > 0).sum(), apart.max()) == (19, 3)


def test_tables_are_sorted_so_that_an_authority_is_read_from_few_row_groups():
    file = pq.ParquetFile(england_folder() / "boundaries.parquet")
    column = file.schema_arrow.names.index("authority_code")
    spans = [
        file.metadata.row_group(group).column(column).statistics
        for group in range(file.metadata.num_row_groups)
    ]
    assert sum(span.min <= "E10000016" <= span.max for span in spans) <= 2
    assert len(spans) > 10


@pytest.mark.parametrize(
    ("given", "slug", "kind"),
    [
        ("leeds", "leeds", "authority"),
        ("E08000035", "leeds", "authority"),
        ("e08000035 ", "leeds", "authority"),
        ("LS1 1UR", "leeds", "authority"),
        ("ls11ur", "leeds", "authority"),
        ("E08000016", "barnsley", "authority"),
        ("E08000038", "barnsley", "authority"),
        ("E08000019", "sheffield", "authority"),
        ("S70 2TA", "barnsley", "authority"),
        ("Bristol, City of", "bristol", "authority"),
        ("Herefordshire, County of", "herefordshire", "authority"),
        ("St. Helens", "st-helens", "authority"),
        ("Bournemouth, Christchurch and Poole", "bournemouth-christchurch-and-poole", "authority"),
        ("Kent", "kent", "authority"),
        ("ME15 6XX", "kent", "authority"),
        ("dover", "dover", "district"),
        ("E07000108", "dover", "district"),
        ("South East", "south-east", "region"),
        ("E12000008", "south-east", "region"),
        ("leeds,bradford", "bradford,leeds", "several"),
        ("bradford, E08000035, Leeds", "bradford,leeds", "several"),
        ("leeds+bradford", "bradford,leeds", "several"),
        ("Bradford and Leeds", "bradford,leeds", "several"),
        ("Bath and North East Somerset and Bristol", "bath-and-north-east-somerset,bristol", "several"),
        (
            "Bournemouth, Christchurch and Poole, Bristol and Dorset",
            "bournemouth-christchurch-and-poole,bristol,dorset",
            "several",
        ),
        ("kent,dover", "kent", "authority"),
        ("cornwall,isles-of-scilly", "cornwall,isles-of-scilly", "several"),
    ],
)
def test_a_part_of_england_is_found_by_whatever_it_is_called(given, slug, kind):
    ground = find_ground(given)
    assert (ground.slug, ground.kind) == (slug, kind)
    # What the product calls it leads back to it.
    for name in (ground.slug, ground.name, *([ground.code] if kind != "several" else [])):
        assert find_ground(name) == ground


@pytest.mark.parametrize(
    "given", ["", ",", "atlantis", "leeds,atlantis", "E99999999", "CF10 1EP", "ZZ9 9ZZ", "and"]
)
def test_what_is_no_part_of_england_is_none(given):
    assert find_ground(given) is None


def test_every_ground_has_a_slug_and_a_name_of_its_own_and_they_cover_england():
    found = list(grounds().values())
    assert len({ground.name for ground in found}) == len(found)
    of_kind = pd.Series([ground.kind for ground in found]).value_counts()
    # 132 unitary authorities are their own only district.
    assert of_kind.to_dict() == {"authority": 153, "district": 164, "region": 9}
    for kind in ("authority", "region"):
        codes = [code for ground in found if ground.kind == kind for code in ground.districts]
        assert sorted(codes) == sorted(districts().index)


def test_all_authorities_together_are_england():
    everything = together(tuple(ground for ground in grounds().values() if ground.kind == "authority"))
    assert set(everything.districts) == set(districts().index)


def test_an_unknown_place_is_told_with_those_that_are_spelled_like_it():
    with pytest.raises(HubreachError, match=r"Did you mean: kingston-upon-hull"):
        read_place("hull")
    with pytest.raises(HubreachError, match=r"Did you mean: birmingham"):
        read_place("Birmingam")


def test_a_place_with_a_folder_of_its_own_comes_first(real_places):
    assert place_folder("E06000034") == real_places["thurrock"].folder
    assert read_place("RM17 6SL").slug == "thurrock"
    assert read_place("thurrock").districts == ()


def test_a_users_own_place_comes_before_the_tables_of_england(tmp_path, monkeypatch):
    from tests.conftest import write_small_place

    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    write_small_place(tmp_path / "places" / "leeds")
    assert read_place("leeds").children == 600
    assert read_place("E08000035").children == 600
    assert read_place("bradford,leeds").children == 142_483 + 176_239


def test_a_county_opens_with_its_districts_as_localities(kent):
    assert (len(kent.areas), kent.children, kent.areas["ward_code"].nunique()) == (938, 355_390, 255)
    assert kent.slug == "kent"
    assert len(kent.manifest.localities) == 12
    assert kent.names("locality")["E07000108"] == "Dover"
    assert kent.vintages == ("2025", "2019")
    assert kent.manifest.tiers[0].prevalence == 0.15
    assert not kent.boundaries.geometry.isna().any()
    assert kent.boundaries.crs.to_epsg() == 27700
    # Two wards of one name are told apart by their district.
    wards = kent.areas.drop_duplicates("ward_code")["ward_name"]
    assert wards.is_unique
    assert "Aylesham, Eythorne & Shepherdswell" in set(wards)


def test_figures_of_a_place_are_those_that_are_published():
    leeds = read_place("leeds")
    area = leeds.areas.loc["E01011264"]
    row = read_rows("areas", ["E01011264"], key="area_code").iloc[0]
    assert area["area_name"] == f"{row['neighbourhood']} ({row['area_name']})"
    figures = leeds.deprivation("2025").loc["E01011264"]
    assert figures["imd_position"] == pytest.approx(1 - (figures["imd_rank"] - 0.5) / 33_755)
    older = leeds.deprivation("2019").loc["E01011264"]
    assert older["imd_position"] == pytest.approx(1 - (older["imd_rank"] - 0.5) / 32_844)
    # The place's own figures against the pilot folders, compiled from another copy of the same files.
    newer = england_place(find_ground("medway")).deprivation("2025")
    pilot = pd.read_csv(place_folder("medway") / "deprivation_2025.csv", index_col="area_code")
    for column in ("imd_score", "imd_rank", "income_rate", "crime_score"):
        assert np.allclose(newer[column].reindex(pilot.index), pilot[column], atol=5e-4)


def test_parts_of_england_add_up_to_each_other():
    district = read_place("dover")
    assert district.areas.index.isin(read_place("kent").areas.index).all()
    both = read_place("leeds,bradford")
    assert both.children == 142_483 + 176_239
    assert list(both.names("locality")) == ["Bradford", "Leeds"]
    region = read_place("north east")
    assert region.areas["locality_code"].nunique() == len(region.manifest.localities) == 12
    assert region.sites.index.is_unique


def test_sites_start_open_by_kind_and_doubtful_ones_closed_and_marked():
    rows = read_rows("sites")
    assert len(set(zip(rows["authority_code"], rows["site_id"], strict=True))) == len(rows)
    doubtful = rows[rows["position_doubt"] != ""]
    assert len(doubtful) == 26
    assert not doubtful["is_open"].any()
    assert doubtful["source"].str.contains("position doubtful").all()
    open_kinds = set(rows["kind"][rows["is_open"]])
    assert open_kinds == {"family hub", "children's centre", "children's centre linked site"}
    assert not rows["source"].str.contains("family hub")[rows["kind"] != "family hub"].any()
    hubs = rows["source"][rows["kind"] == "family hub"]
    assert hubs.str.contains("programme list before April 2026").all()
    medway = england_place(find_ground("medway"))
    assert "position doubtful" in medway.sites.loc["maritime-academy", "source"]
    assert not medway.sites.loc["maritime-academy", "is_open"]


def test_sites_are_those_of_the_pilot_folders(real_place):
    newer = england_place(find_ground(real_place.slug)).sites
    older = real_place.sites
    # The older list calls twelve hubs by the name of the children's centre that they grew from.
    renamed = older.index.difference(newer.index)
    assert len(renamed) == {"plymouth": 8, "wirral": 4}.get(real_place.slug, 0)
    assert (older.loc[renamed, "kind"] == "family hub").all()
    assert set(older.loc[renamed, "urn"]) <= set(newer["urn"])
    shared = older.index.intersection(newer.index)
    assert (older.loc[shared, "name"] == newer.loc[shared, "name"]).all()
    apart = np.hypot(*(older.loc[shared, c] - newer.loc[shared, c] for c in ("easting", "northing")))
    assert apart.max() < 1.0
    more = newer.loc[newer.index.difference(older.index), "kind"].value_counts()
    assert set(more.index) <= {"family hub", "public library"}


def test_sources_are_those_of_what_the_place_shows(kent):
    line = source_line(kent, [f"{kent.vintage('2019').file}:imd_rank"])
    assert "2019, carried to the areas of 2021" in line
    assert "2025" not in line
    assert "mid-2024" in source_line(kent, ["children_0_4"])
    sites = source_line(kent, ["sites.csv:name"])
    assert "programme list before April 2026" in sites
    assert "Arts Council England" in sites
    # Leeds is in no list of family hubs of the programme.
    assert "Family hub" not in source_line(read_place("leeds"), ["sites.csv:name"])
    table = sources_table(kent)
    assert table["licence"].str.len().min() > 10


def test_checks_of_a_place_compare_with_published_totals(kent):
    checks = place_checks(kent)
    assert (checks["result"] != "failed").all()
    children = checks.loc["Children aged 0-17 are the authority's published total"]
    assert (children["expected"], children["source"]) == ("Kent 355,390", "ONS mid-2024 population estimates")
    assert checks["source"].str.contains("File 10").sum() == 2


def test_checks_of_a_place_fail_where_its_figures_are_not_the_published_ones():
    place = read_place("rutland")
    fewer = dataclasses.replace(place, areas=place.areas.assign(children=place.areas["children"] - 1))
    assert _results(fewer) == ["failed", "passed", "passed"]
    figures = place.deprivation("2025")
    poorer = dataclasses.replace(
        place,
        deprivation_by_vintage={"2025": figures.assign(imd_decile=1, imd_score=figures["imd_score"] + 1)},
    )
    assert _results(poorer) == ["passed", "failed", "failed"]
    assert list(official_checks(dataclasses.replace(place, districts=()))) == []


def _results(place):
    return [check.result for check in official_checks(place)]


def test_a_district_has_no_official_total_of_children():
    assert [check.check.split()[0] for check in official_checks(read_place("dover"))] == ["Share", "Average"]


def test_the_smallest_authorities_open():
    scilly, city = open_place("isles-of-scilly"), open_place("city of london")
    assert (len(scilly.areas), scilly.children) == (1, 319)
    assert (len(city.areas), city.children) == (6, 847)


def test_land_around_a_place_of_the_border_holds_wales():
    west, south, east, north = read_place("herefordshire").boundaries.total_bounds
    land = read_land(west - 30_000, south, east, north)
    # Hay-on-Wye's hills, and Brecon: on the Welsh side.
    from shapely import Point

    assert land.contains(Point(304_500, 228_500))


def test_outlines_are_valid_and_hold_their_districts():
    outlines = read_rows("outlines")
    shapes = shapely.from_wkb(outlines["geometry"].to_numpy())
    assert shapely.is_valid(shapes).all()
    assert set(outlines["code"]) == {*districts().index, "W92000004"}
    england = read_land(0, 0, 700_000, 700_000)
    # England has 130,310 km2 of land and Wales 20,735; the rest is open water that old boundaries take in.
    assert england.area / 1e6 == pytest.approx(130_310 + 20_735, rel=0.01)


def test_own_additions_of_a_place_of_england_are_kept_in_the_users_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    from analysis.places.own_indicators import indicators_folder

    folder = place_folder("rutland")
    assert indicators_folder(folder) == tmp_path / "places" / "rutland" / "indicators"
    bad = indicators_folder(folder) / "own_x.toml"
    bad.parent.mkdir(parents=True)
    bad.write_text("key = 3", "utf-8")
    left_out = england_place(find_ground("rutland")).left_out
    assert left_out
    assert all("own_x.toml" in str(fault) for fault in left_out)


def test_a_place_says_which_file_its_statements_would_stand_in(small_place):
    assert england_place(find_ground("rutland")).stated_in == "decisions.toml"
    assert small_place.stated_in == small_place.listed_in == "place.toml"


def test_official_children_are_the_sum_of_regions():
    upper = authorities()
    assert upper.groupby("region_code")["children_mid2024"].sum().sum() == 12_183_016
