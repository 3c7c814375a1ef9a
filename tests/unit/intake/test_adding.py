"""A place from official files: figures, labels, what is left out, and all of it or nothing."""

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.base.folders import place_folders
from analysis.intake.assemble import shapes
from analysis.intake.assemble.adding import prepare_place
from analysis.intake.assemble.saving import save_place
from analysis.intake.files.mappings import Answers, recalled, remember
from analysis.need.checks import place_checks
from analysis.need.estimate import estimate_need
from analysis.need.opening import open_place
from tests.unit.intake.conftest import (
    ALDERTON,
    BROOKSHIRE,
    CHANGES,
    NEWER,
    OLDER,
    file7_2019,
    single_ages,
    squares,
    wards,
    write_official,
)


def saved(files, **more):
    return save_place(prepare_place(files), **more)


def found_in(caught):
    return "\n".join(str(fault) for fault in caught.value.faults)


def test_file_7_a_lookup_and_boundaries_make_a_place(country, own_data):
    place = saved(country.files())
    assert place.areas.index.tolist() == OLDER[:4]
    assert place.areas["population_mid2015"].tolist() == [1000, 2000, 1000, 2000]
    assert place.areas["ward_name"].tolist() == ["Ash", "Ash", "Birch", "Birch"]
    figures = place.deprivation("2019")
    assert figures["imd_score"].tolist() == [40, 30, 20, 10]
    assert figures["imd_position"]["E01000001"] == pytest.approx(1 - (3000 - 0.5) / 32844)
    assert figures["income_rate"].tolist() == [0.3, 0.2, 0.1, 0.05]
    assert place.manifest.geography == "LSOA 2011"
    assert "alderton" in place_folders()


def test_without_ages_children_are_the_dependent_children_of_the_index_and_say_so(country, own_data):
    place = saved(country.files())
    assert place.children == 1000
    assert place.age_bands == ()
    assert place.manifest.children_title == "Dependent children aged 0-15, mid-2015"
    assert not {"children_0_4", "under_fives"} & set(place.areas)
    checks = place_checks(place)
    assert checks.loc["Children are known by age", "result"] == "note"
    assert (
        "not in this place's files: 0_4, 5_10, 11_15, 16_17"
        in checks.loc["Children are known by age", "found"]
    )
    assert estimate_need(place).counts.sum().tolist() == [150, 50]
    notes = " ".join(source.note for source in place.manifest.sources)
    assert "every prevalence, is of dependent children aged 0-15" in notes


def test_with_ages_children_are_0_to_17_by_band(country, own_data):
    place = saved(country.files("file7_2019", "wards_2011", "ages_mid2020"))
    assert place.manifest.children_title == "Children aged 0-17, mid-2020"
    first = place.areas.loc["E01000002"]
    assert first[["children_0_4", "children_5_10", "children_11_15", "children_16_17"]].tolist() == [
        55,
        66,
        55,
        22,
    ]
    assert first["children"] == 198
    assert first["population_mid2020"] == 198 + 500


def test_the_weighted_average_meets_the_official_one(country, own_data):
    place = saved(country.files("file7_2019", "wards_2011", "file10_2019"))
    # (40 x 1000 + 30 x 2000 + 20 x 1000 + 10 x 2000) / 6000
    assert place.vintage("2019").official_imd_average == 23.333
    check = place_checks(place).loc["Population-weighted IMD 2019 is the official average"]
    assert check.tolist()[:3] == ["passed", "23.333, to 0.001", "23.3333"]


def test_without_file_10_the_average_is_shown_and_not_judged(country, own_data):
    check = place_checks(saved(country.files())).loc["Population-weighted IMD 2019"]
    assert (check["result"], check["found"]) == ("note", "23.3333")


def test_lsoa_2021_is_a_geography_of_its_own(country, own_data):
    place = saved(country.files("file7_2025", "wards_2021", boundaries="boundaries_2021"))
    assert place.areas.index.tolist() == ["E01000001", "E01033901", "E01033902", "E01033903"]
    assert place.vintages == ("2025",)
    assert place.manifest.geography == "LSOA 2021"
    assert place.manifest.population_column == "population_mid2022"
    assert place.population.sum() == 5600
    assert place.vintage("2025").areas_in_england == 33755
    assert (place_checks(place)["result"] != "failed").all()


def test_figures_of_2025_come_to_lsoa_2011_by_residents(country, own_data):
    place = saved(country.files("file7_2019", "file7_2025", "wards_2011", "changes"))
    newer = place.deprivation("2025")
    # Split: (36 x 1000 + 24 x 500) / 1500. Merged: both take the figures of the area that they became.
    assert newer["imd_score"].tolist() == [42, 32, 15, 15]
    # The merged area's 3,000 residents are shared like the 1,000 and 2,000 of 2015.
    assert newer["population_mid2022"].tolist() == [1100, 1500, 1000, 2000]
    checks = place_checks(place)
    assert (checks["result"] != "failed").all()
    assert "Population-weighted IMD 2025 is the same on newer and older areas" in checks.index


def test_newer_figures_without_a_lookup_are_left_out_and_it_is_said(country):
    preview = prepare_place(country.files("file7_2019", "file7_2025", "wards_2011")).preview()
    left_out = preview.loc["English Indices of Deprivation 2025", "left_out"]
    assert left_out == "left out: they are on LSOA 2021: no lookup from LSOA 2011 was given"


def test_several_authorities_make_one_place_with_a_locality_each(country, own_data):
    place = saved(country.files(name="Both", authority=(ALDERTON, "brookshire")))
    assert sorted(place.areas["locality_name"].unique()) == ["Alderton", "Brookshire"]
    # Ash is a ward of both.
    assert sorted(place.areas["ward_name"].unique()) == ["Ash (Alderton)", "Ash (Brookshire)", "Birch"]
    assert place.manifest.authority == f"{ALDERTON}+{BROOKSHIRE}"


def test_centroids_are_those_of_the_boundary_file_else_inside(country, own_data, tmp_path):
    place = saved(country.files())
    assert place.areas["easting"].round().tolist() == [430400, 431400, 432400, 433400]
    plain = squares(OLDER, "LSOA11CD")[["LSOA11CD", "geometry"]].set_crs("EPSG:27700")
    plain.to_file(tmp_path / "plain.gpkg")
    files = country.files()
    other = saved(type(files)("Other", files.authorities, files.tables, tmp_path / "plain.gpkg"))
    inside = gpd.GeoSeries(
        gpd.points_from_xy(other.areas["easting"], other.areas["northing"]), other.areas.index
    )
    assert inside.within(other.boundaries.geometry.buffer(1).set_crs(None, allow_override=True)).all()


def test_a_zipped_shapefile_is_read_where_it_lies(country, own_data, tmp_path):
    shapes = squares(OLDER, "lsoa11cd")
    (tmp_path / "shp").mkdir()
    shapes.to_file(tmp_path / "shp" / "areas.shp")
    import zipfile

    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        for path in (tmp_path / "shp").iterdir():
            archive.write(path, f"inner/{path.name}")
    files = country.files()
    place = saved(type(files)("Zipped", files.authorities, files.tables, tmp_path / "areas.zip"))
    assert place.boundaries.geometry.area.round().tolist() == pytest.approx([1e6] * 4, rel=1e-3)


def test_excel_with_notes_titles_and_merged_cells_is_the_same_place(country, own_data, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["English Indices of Deprivation 2019", "Notes"])
    sheet = book.create_sheet("IoD2019")
    sheet.append(["English Indices of Deprivation 2019: File 7"])
    sheet.append([])
    table = file7_2019()
    sheet.append(list(table.columns))
    sheet.merge_cells("A1:D1")
    for row in table.itertuples(index=False):
        sheet.append(list(row))
    sheet["E20"] = "=1+1"
    book.save(tmp_path / "file7.xlsx")
    files = country.files()
    place = saved(
        type(files)(
            "Excel", files.authorities, (tmp_path / "file7.xlsx", country.wards_2011), files.boundaries
        )
    )
    pd.testing.assert_frame_equal(place.deprivation("2019"), saved(files).deprivation("2019"))


def test_ages_of_females_and_males_in_excel_sheets_of_several_years(country, own_data, tmp_path):
    persons = single_ages(OLDER)
    halves = persons.drop(columns=["LSOA Name"]).rename(
        columns=lambda name: f"F{name}" if name[0].isdigit() else name
    )
    both = halves.join(halves.drop(columns="LSOA Code").rename(columns=lambda name: name.replace("F", "M")))
    with pd.ExcelWriter(tmp_path / "sape.xlsx") as book:
        both.assign(F0=0).to_excel(book, sheet_name="Mid-2019 LSOA 2011", startrow=3, index=False)
        both.to_excel(book, sheet_name="Mid-2020 LSOA 2011", startrow=3, index=False)
    files = country.files()
    tables = (*files.tables, tmp_path / "sape.xlsx")
    place = saved(type(files)("Sexes", files.authorities, tables, files.boundaries))
    assert place.manifest.children_title == "Children aged 0-17, mid-2020"
    assert place.areas["children_0_4"].tolist() == [100, 110, 120, 130]


def test_a_finer_lookup_gives_the_ward_of_most_rows(country, own_data, tmp_path):
    rows = wards(OLDER, "11", "19")
    finer = pd.concat([rows, rows, rows.assign(WD19CD="E05000009", WD19NM="Elsewhere")])
    path = write_official(finer, tmp_path / "postcodes.csv")
    files = country.files()
    new = prepare_place(type(files)("Finer", files.authorities, (files.tables[0], path), files.boundaries))
    assert new.assembly.areas["ward_name"].tolist() == ["Ash", "Ash", "Birch", "Birch"]
    assert new.preview().loc["postcodes.csv", "left_out"].startswith("6 parts of LSOAs in another ward")


def test_the_land_around_is_drawn_from_boundaries_of_more_than_the_place(country, own_data):
    place = saved(country.files())
    land = gpd.read_file(place.folder / "surroundings.geojson").to_crs("EPSG:27700")
    assert land.geometry.iloc[0].area == pytest.approx(6e6, rel=0.01)


def test_everything_that_is_missing_is_told_with_the_file_that_would_give_it(country, tmp_path):
    table = file7_2019().drop(columns=["Index of Multiple Deprivation (IMD) Score"])
    path = write_official(
        table.drop(columns=[c for c in table if "population" in c or "Children aged" in c]),
        tmp_path / "f.csv",
    )
    files = country.files()
    with pytest.raises(HubreachError) as caught:
        prepare_place(type(files)("Poor", files.authorities, (path,), files.boundaries))
    text = found_in(caught)
    assert "no file has scores" in text
    assert "no lookup of wards for LSOA 2011 (found: none)" in text
    assert "Give File 6 or 7 of the indices" in text


def test_boundaries_of_the_other_census_are_told_apart(country):
    with pytest.raises(HubreachError) as caught:
        prepare_place(country.files(boundaries="boundaries_2021"))
    assert "the boundaries are of LSOA 2021, and no file has deprivation ranks for these" in found_in(caught)


def test_an_unknown_authority_gets_the_nearest_names(country):
    with pytest.raises(HubreachError) as caught:
        prepare_place(country.files(authority=("alder",)))
    assert "Did you mean E06000901 Alderton?" in found_in(caught)


def test_missing_polygons_are_named(country, tmp_path):
    squares(OLDER, "LSOA11CD").iloc[1:].to_file(tmp_path / "few.gpkg")
    files = country.files()
    with pytest.raises(HubreachError) as caught:
        prepare_place(type(files)("Few", files.authorities, files.tables, tmp_path / "few.gpkg"))
    assert "1 of 4 small areas have no polygon: E01000001" in found_in(caught)


def test_a_value_that_is_no_number_is_told_with_its_row(country, tmp_path):
    table = file7_2019().astype(object)
    table.iloc[2, 4] = "many"
    path = write_official(table, tmp_path / "file7_2019.csv")
    files = country.files()
    with pytest.raises(HubreachError) as caught:
        prepare_place(type(files)("Wrong", files.authorities, (path, country.wards_2011), files.boundaries))
    (fault,) = caught.value.faults
    assert (fault.row, fault.column) == (4, "Index of Multiple Deprivation (IMD) Score")
    assert fault.found == "'many' is not a number"


def test_what_is_not_recognised_is_asked_for_and_remembered(country, own_data, tmp_path):
    strange = wards(OLDER, "11", "19").rename(
        columns={"LSOA11CD": "Zone", "WD19CD": "Patch", "WD19NM": "Patch title"}
    )
    path = write_official(strange, tmp_path / "patches.csv")
    files = country.files()
    tables = (files.tables[0], path)
    with pytest.raises(HubreachError) as caught:
        prepare_place(type(files)("Strange", files.authorities, tables, files.boundaries))
    assert "no lookup of wards for LSOA 2011" in found_in(caught)
    assert "--column ward_code=HEADING" in found_in(caught)
    mapping = {"lsoa_code": "Zone", "ward_code": "patch", "ward_name": "PATCH TITLE"}
    given = type(files)(
        "Strange", files.authorities, tables, files.boundaries, (), {"patches.csv": Answers(mapping)}
    )
    assert prepare_place(given).assembly.areas["ward_name"].tolist() == ["Ash", "Ash", "Birch", "Birch"]
    remember(path, mapping)
    again = write_official(strange.iloc[::-1], tmp_path / "another_name.csv")
    said = {again.name: Answers(recalled(again))}
    later = prepare_place(
        type(files)("Strange", files.authorities, (files.tables[0], again), files.boundaries, (), said)
    )
    assert later.assembly.areas["ward_code"].tolist() == ["E05000001", "E05000001", "E05000002", "E05000002"]


def test_a_mapping_to_a_heading_that_is_not_there(country, own_data):
    files = country.files()
    wrong = {"wards_2011.csv": Answers({"ward_code": "Nowhere", "shoe_size": "FID"})}
    with pytest.raises(HubreachError) as caught:
        prepare_place(type(files)("W", files.authorities, files.tables, files.boundaries, (), wrong))
    assert [fault.found for fault in caught.value.faults] == [
        "no column is headed 'Nowhere'",
        "'shoe_size' is no meaning of a column",
    ]


def test_a_place_is_never_half_there(country, own_data, monkeypatch):
    new = prepare_place(country.files())
    monkeypatch.setattr("analysis.intake.assemble.saving.tomlkit.dumps", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_place(new)
    assert list((own_data / "places").iterdir()) == []
    assert [path.name for path in own_data.iterdir()] == ["places"]


def test_a_place_is_replaced_only_when_asked_and_keeps_what_its_users_made(country, own_data):
    place = saved(country.files())
    (place.folder / "options").mkdir()
    (place.folder / "options" / "plan.toml").write_text("name = 'x'")
    with pytest.raises(HubreachError, match="is there already"):
        saved(country.files())
    other = saved(country.files("file7_2019", "wards_2011", "ages_mid2020"), replace=True)
    assert other.age_bands != ()
    assert (other.folder / "options" / "plan.toml").exists()
    assert open_place("alderton").children == other.children


@pytest.mark.parametrize("name", ["", "///", "..", "Thurrock"])
def test_names_that_make_no_folder_or_are_taken(country, own_data, name):
    new = prepare_place(country.files(name=name or "x"))
    with pytest.raises(HubreachError):
        save_place(
            type(new)(name, new.assembly, new.shapes, new.boundary_file, new.land, new.sites, new.notes)
        )


def test_the_lookup_of_changes_says_what_changed(country):
    new = prepare_place(country.files("file7_2019", "file7_2025", "wards_2011", "changes"))
    row = new.preview().loc["English Indices of Deprivation 2025"]
    assert row["left_out"] == "3 small areas changed since: their figures are means"
    assert len(new.assembly.changes) == 5
    assert CHANGES["LSOA11CD"].nunique() == 6


def test_a_geojson_too_large_to_hold_gives_the_same_shapes(country, monkeypatch):
    source = shapes.recognise_shapes(country.boundaries_2021)
    assert source.held is not None
    window = (430_500, 430_200, 432_500, 430_800)
    held = (shapes.read_shapes(source, NEWER), shapes.polygons_within(source, window))
    monkeypatch.setattr(shapes, "MOST_HELD_BYTES", 0)
    large = shapes.recognise_shapes(country.boundaries_2021)
    assert large.held is None
    pd.testing.assert_frame_equal(held[0], shapes.read_shapes(large, NEWER))
    assert len(held[1]) == len(shapes.polygons_within(large, window)) == 3
