"""What stands in the way of a new place is told in the user's own files, and leaves an old place as it was."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.intake.assemble.adding import prepare_place
from analysis.intake.assemble.assembly import predecessors
from analysis.intake.assemble.saving import sites_to_drop
from analysis.intake.files.mappings import Answers
from analysis.places.england.tables import bundle_stamp, homes
from tests.unit.intake.conftest import OLDER, file7_2019, single_ages, squares, write_official
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


def with_ages(country, tmp_path, table, name="ages_mid2020.csv"):
    files = country.files()
    path = write_official(table, tmp_path / name)
    return type(files)("Ages", files.authorities, (*files.tables, path), files.boundaries)


def by_sex(sexes) -> pd.DataFrame:
    parts = {"Females": 1, "Males": 2, "Persons": 3}
    whole = single_ages(OLDER)
    counted = [name for name in whole if name[0].isdigit()]
    return pd.concat(
        [whole.assign(Sex=sex, **{name: parts[sex] * whole[name] for name in counted}) for sex in sexes]
    )


@pytest.mark.parametrize("sexes", [("Females", "Males"), ("Males", "Persons", "Females")])
def test_a_population_with_a_row_a_sex_counts_every_child(country, own_data, tmp_path, sexes):
    new = prepare_place(with_ages(country, tmp_path, by_sex(sexes)))
    assert new.assembly.areas["children_0_4"].tolist() == [150, 165, 180, 195]
    assert new.assembly.areas["population_mid2020"].tolist() == [3 * (500 + 18 * (10 + n)) for n in range(4)]


def test_half_a_population_and_rows_that_stand_twice_are_refused(country, own_data, tmp_path):
    for table, found in (
        (by_sex(["Females"]), "rows of one sex alone"),
        (pd.concat([single_ages(OLDER), single_ages(OLDER).iloc[[1]]]), "E01000002 in rows 3, 8"),
        (
            pd.concat([single_ages(OLDER).assign(Year=year) for year in (2019, 2020)]),
            "differ by Year: 2019, 2020",
        ),
    ):
        with pytest.raises(HubreachError, match=re.escape(found)):
            prepare_place(with_ages(country, tmp_path, table))
    years = pd.concat([single_ages(OLDER).assign(Year=year) for year in (2019, 2020)])
    files = with_ages(country, tmp_path, years, "ages.csv")
    said = replace(files, said={"ages.csv": Answers(where={"Year": ["2020"]})})
    assert prepare_place(said).assembly.children_title == "Children aged 0-17, mid-2020"


def test_five_year_bands_are_parted_and_the_year_comes_from_a_column(country, own_data, tmp_path):
    bands = {"0-4": 50, "5-9": 50, "10-14": 50, "15-19": 50, "20+": 300}
    table = pd.DataFrame({"lsoa_code": OLDER, "mid_year": 2020, **bands})
    new = prepare_place(with_ages(country, tmp_path, table, "population.csv"))
    assert new.assembly.areas["children_0_4"].tolist() == [50] * 4
    assert new.assembly.children_title == "Children aged 0-17, mid-2020"
    assert "were parted by the shares" in new.preview().loc["population.csv", "left_out"]


def test_a_suppressed_age_is_no_zero(country, own_data, tmp_path):
    table = single_ages(OLDER).astype(object)
    table.loc[0, "3"] = "c"
    with pytest.raises(HubreachError, match="1 of 4 small areas have no figure: E01000001"):
        prepare_place(with_ages(country, tmp_path, table))


def many(ranks, deciles) -> pd.DataFrame:
    codes = [f"E0100{n:04}" for n in range(1, 31)]
    return pd.DataFrame({"lsoa_code": codes, "IMD2019_rank": ranks, "IMD decile": deciles})


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (
            many(range(1, 31), range(1, 31)),
            "its ranks run from 1 to 30, as if the 30 areas of the file were all there are",
        ),
        (many(range(1000, 31000, 1000), [10 - n // 3 for n in range(30)]), "runs against it"),
        (
            many(range(1, 31), 1).assign(lsoa_code=[f"W0100{n:04}" for n in range(30)]),
            "its codes are of Wales",
        ),
    ],
)
def test_ranks_that_are_not_of_england_are_refused(country, own_data, tmp_path, table, found):
    path = write_official(table, tmp_path / "ranks.csv")
    files = country.files()
    with pytest.raises(HubreachError, match=re.escape(found)):
        prepare_place(type(files)("Ranks", files.authorities, (path, *files.tables), files.boundaries))


def test_an_area_in_two_shapes_keeps_both(country, own_data, tmp_path):
    whole = squares(OLDER, "LSOA11CD").drop(columns=["BNG_E", "BNG_N"])
    island = whole.iloc[[0]].assign(geometry=whole.geometry.iloc[[0]].translate(0, 3000))
    files = country.files()
    for shapes, name in (
        (pd.concat([whole, island]), "parts"),
        (pd.concat([whole, whole.iloc[[0]]]), "twice"),
    ):
        shapes.to_file(tmp_path / f"{name}.gpkg")
    new = prepare_place(type(files)("Parts", files.authorities, files.tables, tmp_path / "parts.gpkg"))
    assert new.shapes.area.round().tolist() == [2e6, 1e6, 1e6, 1e6]
    assert "1 areas were in several shapes" in new.preview().loc["parts.gpkg", "left_out"]
    with pytest.raises(
        HubreachError, match="1 code stands in several shapes that lie over each other: E01000001"
    ):
        prepare_place(type(files)("Twice", files.authorities, files.tables, tmp_path / "twice.gpkg"))


def test_an_authority_of_today_in_a_file_of_older_districts_is_those_that_it_was_made_of():
    north = homes(bundle_stamp())
    north = north[north == "E06000061"]
    older = pd.Series(["E07000150"] * 60 + ["E07000153"] * (len(north) - 60), north.index)
    elsewhere = pd.Series("E06000017", index=["E01013787", "E01013788"])
    assert predecessors("North Northamptonshire", pd.concat([older, elsewhere])) == ["E07000150", "E07000153"]
    assert predecessors("Nowhere", older) == []


@pytest.mark.parametrize(
    "given", ["ALDERTON", "City of Alderton", "The Royal Borough of Alderton Council", "E06000901"]
)
def test_an_authority_is_known_however_its_name_is_written(country, own_data, given):
    assert len(prepare_place(country.files(authority=(given,))).assembly.areas) == 4


def test_an_authority_of_wales_is_refused_by_its_nation(country, own_data):
    with pytest.raises(HubreachError, match="It is of Wales"):
        prepare_place(country.files(authority=("W06000022",)))
