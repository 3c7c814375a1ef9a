"""A broken folder gives one error with every fault, each with file, row, column, value and remedy."""

import io
import json

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.need.opening import open_place
from analysis.places.read import read_place


def faults_of(folder):
    with pytest.raises(HubreachError) as caught:
        open_place(folder)
    assert all(fault.remedy and fault.found and fault.file for fault in caught.value.faults)
    assert all(str(fault) in str(caught.value) for fault in caught.value.faults)
    return caught.value.faults


def where(fault):
    return fault.file, fault.row, fault.column


def spoil(folder, file, row, column, value):
    table = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
    table.loc[row - 2, column] = value
    table.to_csv(folder / file, index=False)


def rewrite(folder, old, new):
    text = (folder / "place.toml").read_text("utf-8")
    assert text.count(old) == 1
    (folder / "place.toml").write_text(text.replace(old, new), "utf-8")


def change_shapes(folder, change):
    path = folder / "boundaries.geojson"
    shapes = json.loads(path.read_text("utf-8"))
    change(shapes["features"])
    path.write_text(json.dumps(shapes), "utf-8")


def test_the_made_up_place_is_sound(small_folder):
    place = open_place(small_folder)
    assert place.children == 600
    assert place.sites.index.tolist() == ["ash-hub", "cedar-hub"]


@pytest.mark.parametrize(
    "file",
    ["areas.csv", "deprivation_2019.csv", "deprivation_2025.csv", "changes.csv", "sites.csv", "place.toml"],
)
def test_a_missing_file(small_folder, file):
    (small_folder / file).unlink()
    faults = faults_of(small_folder)
    assert [where(f) for f in faults if "the file is missing" in f.found] == [(file, None, None)]


def test_missing_boundaries(small_folder):
    (small_folder / "boundaries.geojson").unlink()
    (fault,) = faults_of(small_folder)
    assert where(fault) == ("boundaries.geojson", None, None)
    assert "property area_code" in fault.remedy


def test_a_wrong_column(small_folder):
    path = small_folder / "areas.csv"
    path.write_text(path.read_text("utf-8").replace("children_0_4", "infants"), "utf-8")
    (fault,) = faults_of(small_folder)
    assert where(fault) == ("areas.csv", None, "children_0_4")
    assert "infants" in fault.found
    assert fault.remedy == "Add a column headed children_0_4"


@pytest.mark.parametrize(
    ("row", "column", "value", "found", "remedy"),
    [
        (3, "children_5_10", "many", "'many' is not a number", "Enter a number"),
        (4, "children_0_4", "-3", "'-3' is negative", "Enter 0 or more"),
        (5, "children_11_15", "2.5", "'2.5' is not whole", "Enter a whole number"),
        (6, "population_mid2015", "", "a cell is empty", "Give it a value"),
        (7, "lat", "5.1", "'5.1' is too small", "Enter 49 or more"),
    ],
)
def test_a_wrong_cell(small_folder, row, column, value, found, remedy):
    spoil(small_folder, "areas.csv", row, column, value)
    (fault,) = faults_of(small_folder)
    assert (*where(fault), fault.found, fault.remedy) == ("areas.csv", row, column, found, remedy)


def test_a_code_that_stands_twice(small_folder):
    spoil(small_folder, "areas.csv", 3, "area_code", "A1")
    found = {where(f): f.found for f in faults_of(small_folder)}
    assert found["areas.csv", 3, "area_code"] == "'A1' stands in more than one row"
    assert found["boundaries.geojson", None, "area_code"] == "polygon A2 has no row in areas.csv"
    assert found["deprivation_2019.csv", 3, "area_code"] == "A2 is not in areas.csv"


def test_a_code_with_no_polygon_and_a_polygon_with_no_code(small_folder):
    change_shapes(small_folder, lambda shapes: shapes[0]["properties"].update(area_code="ZZ"))
    assert [f.found for f in faults_of(small_folder)] == [
        "no polygon for A1",
        "polygon ZZ has no row in areas.csv",
    ]


def test_two_polygons_a_point_and_nothing(small_folder):
    def change(shapes):
        shapes[1]["geometry"] = {"type": "Point", "coordinates": [560000, 180000]}
        shapes[2]["geometry"] = None
        shapes.append(shapes[3])

    change_shapes(small_folder, change)
    assert [f.found for f in faults_of(small_folder)] == [
        "A3 has no shape",
        "A2 is a Point",
        "two polygons for A4",
    ]


def test_boundaries_that_are_no_geography(small_folder):
    (small_folder / "boundaries.geojson").write_text("polygons", "utf-8")
    (fault,) = faults_of(small_folder)
    assert fault.found == "no GeoJSON, GeoPackage or zipped shapefile"


def test_tiers_over_all_children(small_folder):
    rewrite(small_folder, "prevalence = 0.25", "prevalence = 0.95")
    first = faults_of(small_folder)[0]
    assert where(first) == ("place.toml", None, "tiers.prevalence")
    assert first.found == "the tiers' prevalences add up to 100.5% (0.95 + 0.055), more than all children"


def test_a_prevalence_and_a_gradient_that_cannot_hold_together(small_folder):
    # At most r(0.95) = 1 and r(0.05) = 1 / 50: half of the children at each gives 51%.
    rewrite(small_folder, "prevalence = 0.25\ngradient = 4", "prevalence = 0.6\ngradient = 50")
    faults = [f for f in faults_of(small_folder) if "Indices of 2019" in f.found]
    assert [where(f) for f in faults] == [("place.toml", None, "early_help")]
    assert "a prevalence of 60.0% and a gradient of 50 cannot hold together" in faults[0].found
    assert "at the most" in faults[0].found
    assert float(faults[0].found.split("can be ")[1].split("%")[0]) == pytest.approx(51.0, abs=0.11)


def test_tiers_that_fill_an_area(small_folder):
    # Rates of 0.8 and 0.5 at position 0.95 are 130% of its children.
    rewrite(small_folder, "prevalence = 0.25\ngradient = 4", "prevalence = 0.5\ngradient = 4")
    rewrite(small_folder, "prevalence = 0.055\ngradient = 10", "prevalence = 0.3\ngradient = 5")
    faults = faults_of(small_folder)
    assert "in Ash 1 (A1) the tiers' rates add up to 130%" in faults[0].found
    assert "3 areas are over 100%" in faults[0].found


def test_wrong_keys_of_the_manifest_are_told_together(small_folder):
    rewrite(small_folder, "areas_in_england = 10", 'areas_in_england = "ten"')
    rewrite(small_folder, 'authority = "S01"', 'autority = "S01"')
    columns = {f.column: f.found for f in faults_of(small_folder)}
    assert "'ten'" in columns["vintages.2019.areas_in_england"]
    assert {"authority", "autority"} <= set(columns)


def test_wards_that_no_locality_or_area_has(small_folder):
    rewrite(small_folder, 'wards = ["Ash", "Birch"]', 'wards = ["Ash", "Elm"]')
    assert [f.found for f in faults_of(small_folder)] == [
        "ward 'Birch' is in no locality",
        "the place has no ward 'Elm'",
    ]


def test_a_table_with_too_many_cells_and_one_with_two_like_headings(small_folder):
    path = small_folder / "deprivation_2019.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], *(f"{line},9" for line in lines[1:])]), "utf-8")
    other = small_folder / "changes.csv"
    other.write_text(other.read_text("utf-8").replace("newer_code,change", "newer_code,newer_code"), "utf-8")
    found = {f.found for f in faults_of(small_folder)}
    assert found == {"a column without a heading of its own"}


def test_a_table_that_is_not_text(small_folder):
    (small_folder / "areas.csv").write_bytes(b"\x89\x00\x00a")
    assert "not text: it holds zero bytes" in {f.found for f in faults_of(small_folder)}


def as_councils_keep_them(text):
    rows = [line.split(",") for line in text.splitlines()]
    head = [name.replace("_", " ").title() for name in rows[0]]
    lines = [
        ";".join(row)
        for row in [["Children of the place"], [], head, *rows[1:], [], ["Source: the register"]]
    ]
    return ("\ufeff\ufeff" + "\r\n".join(lines)).encode()


def as_a_workbook(text):
    held = io.BytesIO()
    pd.read_csv(io.StringIO(text), dtype=str).to_excel(held, index=False)
    return held.getvalue()


@pytest.mark.parametrize(
    "written", [as_councils_keep_them, as_a_workbook, lambda text: text.encode("utf-16")]
)
def test_a_folder_of_its_own_is_read_as_leniently_as_an_upload(small_folder, written):
    before = open_place(small_folder)
    for name in ("areas.csv", "deprivation_2019.csv", "deprivation_2025.csv", "changes.csv", "sites.csv"):
        path = small_folder / name
        path.write_bytes(written(path.read_text("utf-8")))
    after = open_place(small_folder)
    pd.testing.assert_frame_equal(after.areas, before.areas)
    pd.testing.assert_frame_equal(after.sites, before.sites)
    assert after.vintages == before.vintages


def test_a_fault_below_notes_names_its_row_in_the_file(small_folder):
    path = small_folder / "areas.csv"
    spoil(small_folder, "areas.csv", 4, "children_0_4", "many")
    path.write_bytes(as_councils_keep_them(path.read_text("utf-8")))
    (fault,) = faults_of(small_folder)
    assert where(fault) == ("areas.csv", 6, "children_0_4")


def test_every_fault_of_every_file_at_once(small_folder):
    spoil(small_folder, "areas.csv", 3, "children_5_10", "many")
    spoil(small_folder, "areas.csv", 4, "children_0_4", "-3")
    spoil(small_folder, "areas.csv", 7, "area_code", "A5")
    spoil(small_folder, "deprivation_2019.csv", 2, "imd_rank", "11")
    spoil(small_folder, "sites.csv", 2, "easting", "east")
    (small_folder / "changes.csv").unlink()
    change_shapes(small_folder, lambda shapes: shapes.pop(0))
    rewrite(small_folder, "prevalence = 0.25\ngradient = 4", "prevalence = 0.97\ngradient = 50")
    places = {where(f) for f in faults_of(small_folder)}
    assert places >= {
        ("place.toml", None, "tiers.prevalence"),
        ("areas.csv", 3, "children_5_10"),
        ("areas.csv", 4, "children_0_4"),
        ("areas.csv", 7, "area_code"),
        ("boundaries.geojson", None, "area_code"),
        ("deprivation_2019.csv", 2, "imd_rank"),
        ("changes.csv", None, None),
        ("sites.csv", 2, "easting"),
        ("place.toml", None, "early_help"),
    }


def test_reading_alone_tells_the_same_faults_but_those_of_need(small_folder):
    rewrite(small_folder, "prevalence = 0.25\ngradient = 4", "prevalence = 0.6\ngradient = 50")
    assert read_place(small_folder).children == 600
    with pytest.raises(HubreachError, match="cannot hold together"):
        open_place(small_folder)


def test_an_unknown_place_says_where_all_are_listed():
    with pytest.raises(HubreachError, match="hubreach places lists them all"):
        open_place("nowhere")
