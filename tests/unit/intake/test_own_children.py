"""A council's own children by small area: any ages that make up 0 to 17, and everything that cannot be used told by name."""

from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

from analysis.base.faults import HubreachError
from analysis.intake.own.children import read_own_children
from analysis.places.england.grounds import find_ground
from analysis.places.england.opening import england_place
from analysis.places.manifest import AGE_BANDS

BANDS = list(AGE_BANDS)


@pytest.fixture(scope="module")
def place():
    return england_place(find_ground("rutland"), own_figures=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("own")


def written(folder: Path, place, columns: dict[str, object], name: str = "own.csv") -> Path:
    table = pd.DataFrame({"LSOA21CD": place.areas.index, **columns})
    path = folder / name
    table.to_csv(path, index=False)
    return path


def faults(path: Path, place) -> list[str]:
    with pytest.raises(HubreachError) as error:
        read_own_children(path, place)
    return [str(fault) for fault in error.value.faults]


@pytest.mark.parametrize(
    "headings",
    [
        ["children_0_4", "children_5_10", "children_11_15", "children_16_17"],
        ["0-4", "5-10", "11-15", "16-17"],
        ["Aged 0 to 4", "Aged 5 to 10 years", "Age 11 – 15", "16 and 17"],
    ],
)
def test_bands_are_taken_as_they_are(folder, place, headings):
    columns = {heading: place.areas[band].to_numpy() for heading, band in zip(headings, BANDS, strict=True)}
    read = read_own_children(written(folder, place, columns), place)
    assert read.table.set_index("area_code")[BANDS].equals(place.areas[BANDS].astype("int64"))
    assert (read.estimated, read.notes) == (False, ())


def test_single_years_of_age_need_no_shares(folder, place):
    read = read_own_children(written(folder, place, {str(age): age for age in range(20)}), place)
    assert not read.estimated
    assert read.table[BANDS].drop_duplicates().to_numpy().tolist() == [[10, 45, 65, 33]]


def test_a_total_is_parted_by_the_shares_of_england_and_stays_the_total(folder, place):
    read = read_own_children(written(folder, place, {"children": place.areas["children"].to_numpy()}), place)
    assert read.estimated
    assert read.table.set_index("area_code")[BANDS].equals(place.areas[BANDS].astype("int64"))
    assert "parted by the shares" in read.notes[0]


def test_five_year_bands_keep_the_bands_that_lie_inside_and_take_off_18_and_19(folder, place):
    columns = {"0-4": 10, "5-9": 20, "10-14": 30, "15-19": 40}
    read = read_own_children(written(folder, place, columns), place)
    table = read.table
    assert table["children_0_4"].eq(10).all()
    assert table["children_5_10"].between(20, 50).all()
    assert table[["children_0_4", "children_5_10"]].sum(axis=1).between(30, 60).all()
    assert (table[BANDS].sum(axis=1) < 100).all()
    assert "18 and 19 were taken off" in read.notes[1]


@settings(max_examples=25)
@given(totals=st.lists(st.integers(0, 2_000), min_size=26, max_size=26).filter(any))
def test_parting_by_shares_loses_no_child(folder, place, totals):
    read = read_own_children(written(folder, place, {"children": totals}), place)
    assert read.table[BANDS].sum(axis=1).tolist() == totals
    assert (read.table[BANDS] >= 0).all().all()


def test_a_national_table_gives_the_rows_of_the_place_and_says_whose_it_left_out(folder, place):
    path = written(folder, place, {"children": 7})
    path.write_text(path.read_text() + "E01011949,5\nW01000001,5\n")
    read = read_own_children(path, place)
    assert len(read.table) == 26
    assert read.notes[-1] == "2 rows of other authorities (Hartlepool, Wales) were left out."


def test_every_code_that_cannot_be_used_is_told_by_name(folder, place):
    codes = [*place.areas.index[3:], "E01099999", "Oakham", place.areas.index[5]]
    path = folder / "codes.csv"
    pd.DataFrame({"area_code": codes, "children": 5}).to_csv(path, index=False)
    found = faults(path, place)
    assert any("row 25, column area_code: E01099999 is no LSOA of 2021" in fault for fault in found)
    assert any("The ONS publishes which LSOA of 2011 became which" in fault for fault in found)
    assert any("row 26" in fault and "'OAKHAM' is no code of an LSOA" in fault for fault in found)
    assert any(
        f"1 code stands in more than one row: {place.areas.index[5]} in rows 4, 27" in f for f in found
    )
    (missing,) = (fault for fault in found if "3 of 26 areas of Rutland are not in it" in fault)
    for code in place.areas.index[:3]:
        assert f"{code} ({place.areas['area_name'][code]})" in missing


def test_a_table_of_another_council_is_refused_in_one_sentence(folder, place):
    path = folder / "leeds.csv"
    pd.DataFrame({"area_code": ["E01011949", "E01011950"], "children": 5}).to_csv(path, index=False)
    assert any("none of the 26 areas of Rutland is in it" in fault for fault in faults(path, place))


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("-5", "'-5' is less than 0"),
        ("2.5", "'2.5' is not a whole number"),
        ("", "the cell is empty"),
        ("<5", "'<5' is no number"),
        ("many", "'many' is not a number"),
    ],
)
def test_a_cell_without_a_number_of_children_is_a_fault_with_its_row(folder, place, cell, found):
    cells: list[object] = [5] * 26
    cells[3] = cell
    (fault,) = faults(written(folder, place, {"children": cells}), place)
    assert fault.startswith(f"own.csv, row 5, column children: {found}. Give a whole number for every area")


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"0-4": 1, "5-10": 1}, "no columns that make up ages 0 to 17 (ages found: 0-4, 5-10"),
        ({"0-15": 1}, "no columns that make up ages 0 to 17"),
        ({"0-3": 1, "4-17": 1}, "ages 4-17 lie across bands that there are no shares for"),
        ({"0-4": 1, "aged 0 to 4": 1, "5-17": 1}, "two columns of ages 0-4"),
        ({"children": 0}, "no child lives in any area"),
    ],
)
def test_ages_that_do_not_make_up_childhood_are_refused(folder, place, columns, found):
    assert any(found in fault for fault in faults(written(folder, place, columns), place))


def test_codes_of_neighbourhoods_are_not_enough(folder, place):
    path = folder / "msoa.csv"
    pd.DataFrame({"MSOA21CD": place.areas["msoa_code"].unique(), "children": 5}).to_csv(path, index=False)
    (fault,) = faults(path, place)
    assert "an MSOA in every row, and no code of an LSOA" in fault
