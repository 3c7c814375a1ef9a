"""What stands in the way of a new place is told in the user's own files, and leaves an old place as it was."""

import pytest

from analysis.base.faults import HubreachError
from analysis.intake.assemble.adding import prepare_place
from analysis.intake.assemble.saving import sites_to_drop
from tests.unit.intake.conftest import file7_2019, write_official
from tests.unit.intake.test_adding import saved


@pytest.mark.parametrize(
    ("heading", "value", "found", "remedy"),
    [
        ("Rank", "99999", "'99999' is out of range", "Enter 1 to 32,844"),
        ("Decile", "0", "'0' is out of range", "Enter 1 to 10"),
        ("Dependent Children", "-5", "'-5' is out of range", "Enter 0 or more"),
        ("Score", "1,5", "'1,5' is not a number", "Write decimals with a point"),
    ],
)
def test_a_figure_that_cannot_be_is_told_with_the_users_own_file_and_row(
    country, tmp_path, heading, value, found, remedy
):
    table = file7_2019().astype(object)
    column = next(at for at, name in enumerate(table.columns) if heading in name)
    table.iloc[2, column] = value
    path = write_official(table, tmp_path / "file7_2019.csv")
    files = country.files()
    with pytest.raises(HubreachError) as caught:
        prepare_place(type(files)("Wrong", files.authorities, (path, country.wards_2011), files.boundaries))
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.column) == ("file7_2019.csv", 4, table.columns[column])
    assert fault.found == found
    assert remedy in fault.remedy


@pytest.mark.parametrize(("heading", "name"), [("Rank", "imd_rank"), ("Dependent Children", "children")])
def test_a_figure_that_is_hidden_is_told_with_its_file_and_area(country, tmp_path, heading, name):
    table = file7_2019().astype(object)
    column = next(at for at, text in enumerate(table.columns) if heading in text)
    table.iloc[2, column] = "*"
    path = write_official(table, tmp_path / "file7_2019.csv")
    files = country.files()
    with pytest.raises(HubreachError) as caught:
        prepare_place(type(files)("Wrong", files.authorities, (path, country.wards_2011), files.boundaries))
    (fault,) = caught.value.faults
    assert (fault.file, fault.column) == ("file7_2019.csv", name)
    assert "1 of 4 small areas have no" in fault.found
    assert table.iloc[2, 0] in fault.found


def test_what_no_longer_fits_leaves_the_old_place_as_it_was(country, own_data):
    place = saved(country.files())
    (place.folder / "indicators").mkdir()
    for ending, text in (
        (
            "toml",
            'key = "own_x"\nname = "X"\nunit = "u"\nvintage = "2021"\nsource = "s"\ngeography = "LSOA"\n',
        ),
        ("csv", "area_code,value,status\nE01999999,1,value\n"),
    ):
        (place.folder / "indicators" / f"own_x.{ending}").write_text(text)
    before = {path.name: path.read_bytes() for path in place.folder.iterdir() if path.is_file()}
    with pytest.raises(HubreachError):
        saved(country.files("file7_2019", "wards_2011", "ages_mid2020"), replace=True)
    assert {path.name: path.read_bytes() for path in place.folder.iterdir() if path.is_file()} == before


def test_sites_that_go_with_a_replaced_place_are_counted(country, own_data, tmp_path):
    path = tmp_path / "ours.csv"
    path.write_text("Name,Kind,Easting,Northing\nA,hub,430500,430500\nB,hub,431000,430500\n")
    saved(country.files(sites=(path,)))
    assert sites_to_drop(prepare_place(country.files())) == 2
    assert sites_to_drop(prepare_place(country.files(sites=(path,)))) == 0
