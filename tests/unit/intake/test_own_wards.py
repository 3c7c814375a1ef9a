"""A council's own wards, as a table or as polygons, and its own shapes of small areas; what is lost is counted."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.base.faults import FaultList, HubreachError
from analysis.intake.own.boundaries import read_own_boundaries
from analysis.intake.own.preview import (
    changed_shapes,
    loss_sentences,
    moved_areas,
    preview_own,
    preview_sentences,
    wards_lost,
)
from analysis.intake.own.reading import OwnChoices, england_alone, prepare_own
from analysis.intake.own.wards import read_own_wards
from analysis.need.checks import place_checks
from analysis.places.own.applied import with_own
from analysis.places.read import read_place

SAID = OwnChoices("New wards", "The council", "May 2026")


@pytest.fixture(autouse=True)
def _own_data(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def rutland():
    return england_alone(read_place("rutland"))


@pytest.fixture(scope="module")
def kent():
    return england_alone(read_place("kent"))


def lookup(tmp_path: Path, place, **columns: object) -> Path:
    table = pd.DataFrame(
        {"LSOA21CD": place.areas.index, "WD26NM": place.areas["ward_name"].to_numpy(), **columns}
    )
    path = tmp_path / "lookup.csv"
    table.to_csv(path, index=False)
    return path


def halves(tmp_path: Path, place, east: float, crs: int = 27700, suffix: str = "gpkg") -> Path:
    """Two wards that meet in a line from north to south."""
    west, south, most_east, north = place.boundaries.total_bounds
    boxes = [
        shapely.box(west - 500, south - 500, east, north + 500),
        shapely.box(east, south - 500, most_east + 500, north + 500),
    ]
    frame = gpd.GeoDataFrame({"name": ["West", "East"]}, geometry=boxes, crs=27700)
    path = tmp_path / f"halves_{crs}.{suffix}"
    frame.to_crs(crs).to_file(path)
    return path


def faults(path: Path, place) -> list[str]:
    with pytest.raises(HubreachError) as error:
        read_own_wards(path, place)
    return [str(fault) for fault in error.value.faults]


def test_a_lookup_is_taken_as_it_is_and_names_make_codes(tmp_path, rutland):
    read = read_own_wards(lookup(tmp_path, rutland), rutland)
    assert read.table["ward_name"].tolist() == rutland.areas["ward_name"].tolist()
    assert read.table["ward_code"].nunique() == rutland.areas["ward_code"].nunique()
    assert "uppingham" in set(read.table["ward_code"])
    assert read.loss is None


def test_of_two_editions_in_one_lookup_the_newest_counts(tmp_path, rutland):
    columns = {"WD26NM": "New", "WD26CD": "N1", "WD22NM": "Old", "WD22CD": "O1"}
    read = read_own_wards(lookup(tmp_path, rutland, **columns), rutland)
    assert read.table[["ward_code", "ward_name"]].drop_duplicates().to_numpy().tolist() == [["N1", "New"]]


def test_wards_of_one_name_in_two_districts_are_told_apart(tmp_path, kent):
    read = read_own_wards(lookup(tmp_path, kent, WD26NM="Central"), kent)
    names = set(read.table["ward_name"])
    assert len(names) == read.table["ward_code"].nunique() == kent.areas["district_code"].nunique() == 12
    assert "Central (Thanet)" in names


def test_a_ward_in_two_districts_an_unnamed_one_and_two_names_for_a_code_are_faults(tmp_path, kent):
    names = kent.areas["ward_name"].to_numpy().copy()
    names[4] = ""
    assert any(
        "row 6, column WD26NM" in each and "has no ward" in each
        for each in faults(lookup(tmp_path, kent, WD26NM=names), kent)
    )
    found = faults(lookup(tmp_path, kent, WD26NM="Central", WD26CD="C1"), kent)
    assert any("the ward Central lies in" in each and "Thanet" in each for each in found)
    codes = ["C1"] * len(names)
    assert any(
        "one code has several names: C1" in each
        for each in faults(lookup(tmp_path, kent, WD26CD=codes), kent)
    )


@pytest.mark.parametrize(("crs", "suffix"), [(27700, "gpkg"), (4326, "geojson"), (27700, "shp.zip")])
def test_polygons_give_each_area_to_the_ward_where_most_of_its_people_live(tmp_path, rutland, crs, suffix):
    """The oracle counts the points of every area on either side of the line by hand."""
    east = 489_000.0
    read = read_own_wards(halves(tmp_path, rutland, east, crs, suffix), rutland)
    points = rutland.points
    westward = points["share"].where(points["easting"] < east, 0.0).groupby(points["area_code"]).sum()
    expected = np.where(westward > 0.5, "West", "East")
    assert read.table.set_index("area_code")["ward_name"].tolist() == expected.tolist()
    children = rutland.areas["children"]
    lost = float((children * np.minimum(westward, 1 - westward)).sum())
    assert lost > 10
    assert read.loss["children_lost"].sum() == pytest.approx(lost, abs=0.5)
    assert read.loss["children_gained"].sum() == pytest.approx(lost, abs=0.5)
    assert read.loss["children"].sum() == read.loss["children_inside"].sum().round() == rutland.children
    assert f"about {round(lost, -1):,.0f} of 8,012 children ({lost / 8012:.1%})" in read.notes[0]


def test_polygons_that_leave_areas_out_name_them(tmp_path, rutland):
    west, south, _, north = rutland.boundaries.total_bounds
    frame = gpd.GeoDataFrame(
        {"name": ["West"]}, geometry=[shapely.box(west, south, 489_000, north)], crs=27700
    )
    frame.to_file(tmp_path / "west.gpkg")
    found = faults(tmp_path / "west.gpkg", rutland)
    far_east = rutland.areas.index[rutland.areas["easting"] > 495_000]
    assert len(far_east) >= 3
    (told,) = found
    assert "live in no ward of the file" in told
    for code in far_east[:10]:
        assert f"{code} (" in told or "more" in told


def test_polygons_over_each_other_are_refused_by_name(tmp_path, rutland):
    path = halves(tmp_path, rutland, 489_000.0)
    frame = gpd.read_file(path)
    frame.geometry = frame.buffer(3_000)
    frame.to_file(tmp_path / "over.gpkg")
    assert any(
        "East and West lie over each other" in each for each in faults(tmp_path / "over.gpkg", rutland)
    )


def test_polygons_of_elsewhere_without_names_or_without_a_place_on_earth_are_refused(tmp_path, rutland, kent):
    assert any(
        "none of its shapes is near Kent" in each
        for each in faults(halves(tmp_path, rutland, 489_000.0), kent)
    )
    frame = gpd.read_file(halves(tmp_path, rutland, 489_000.0))
    frame.rename(columns={"name": "colour"}).to_file(tmp_path / "unnamed.gpkg")
    assert any(
        "no column with the ward's name" in each for each in faults(tmp_path / "unnamed.gpkg", rutland)
    )
    frame.set_crs(4326, allow_override=True).to_file(tmp_path / "nowhere.geojson")
    assert any(
        "are metres, but the file says degrees" in each
        for each in faults(tmp_path / "nowhere.geojson", rutland)
    )


def test_in_a_county_an_area_only_goes_to_wards_of_its_own_district(tmp_path, kent):
    shapes = kent.outlines("locality")
    frame = gpd.GeoDataFrame(
        {"name": [f"All of {n}" for n in shapes["area_name"]]}, geometry=shapes.geometry.to_numpy(), crs=27700
    )
    # Every district reaches a mile over its border: points there lie in two wards, areas in one district.
    frame.to_file(tmp_path / "districts.gpkg")
    read = read_own_wards(tmp_path / "districts.gpkg", kent)
    assert read.table["ward_name"].tolist() == ("All of " + kent.areas["locality_name"]).tolist()


def test_own_wards_are_in_force_with_their_loss_and_every_check_holds(tmp_path, rutland):
    own = prepare_own("wards", halves(tmp_path, rutland, 489_000.0), rutland, SAID)
    preview = preview_own(rutland, own)
    moved = moved_areas(preview)
    assert len(moved) == 26
    assert moved["percent_inside"].between(50, 100).all()
    loss = wards_lost(preview)
    assert loss["areas"].sum() == 26
    told = " ".join(preview_sentences(preview))
    assert "2 wards in place of 15; 26 of 26 small areas" in told
    west = loss.loc["west"]
    told = " ".join(loss_sentences(preview))
    assert f"West: {west['children_inside']:,} children by points, {west['children']:,} counted" in told
    checks = place_checks(preview.after)
    assert "failed" not in set(checks["result"])
    assert "are counted in another ward" in checks.loc["Own figures in use: wards", "found"]
    assert preview.after.areas["ward_estimated"].all()


def test_in_a_county_localities_list_the_own_wards(tmp_path, kent):
    own = prepare_own("wards", lookup(tmp_path, kent, WD26NM="Central"), kent, SAID)
    faults = FaultList("own")
    after = with_own(kent, {"wards": own}, faults)
    assert not len(faults)
    assert {each.name: each.wards for each in after.manifest.localities}["Thanet"] == ("Central (Thanet)",)
    assert after.areas["locality_name"].equals(kent.areas["locality_name"])


@pytest.mark.parametrize(("crs", "suffix"), [(27700, "gpkg"), (4326, "geojson")])
def test_own_shapes_replace_those_of_england(tmp_path, rutland, crs, suffix):
    shapes = rutland.boundaries.copy()
    shapes.geometry = shapes.geometry.scale(0.9, 0.9)
    path = tmp_path / f"shapes.{suffix}"
    shapes.reset_index(names="LSOA21CD").to_crs(crs).to_file(path)
    preview = preview_own(rutland, prepare_own("boundaries", path, rutland, SAID))
    assert preview.after.boundaries.area.sum() == pytest.approx(
        0.81 * rutland.boundaries.area.sum(), rel=1e-3
    )
    assert changed_shapes(preview)["percent_shared"].between(60, 82).all()
    assert "together -7" in next(iter(preview_sentences(preview)))


def test_shapes_that_leave_areas_out_or_lie_elsewhere_are_told_by_name(tmp_path, rutland):
    shapes = rutland.boundaries.reset_index(names="LSOA21CD")
    shapes.loc[2, "geometry"] = shapely.transform(shapes.geometry[2], lambda xy: xy + np.array([50_000, 0]))
    shapes.iloc[1:].to_file(tmp_path / "short.gpkg")
    with pytest.raises(HubreachError) as error:
        read_own_boundaries(tmp_path / "short.gpkg", rutland)
    told = [str(fault) for fault in error.value.faults]
    assert any(f"{shapes['LSOA21CD'][0]} (" in each and "is not in it" in each for each in told)
    assert any(f"{shapes['LSOA21CD'][2]} (" in each and "lies elsewhere" in each for each in told)
