"""Cohort files: numbers only, people refused, small numbers never shown."""

import io
import tracemalloc
import zipfile

import openpyxl
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.base.limits import MOST_SHEET_BYTES
from analysis.commissioning.cohort import protected_counts, read_cohort, shown_counts
from analysis.commissioning.monitoring import read_monitoring
from analysis.commissioning.personal_data import is_nhs_number, personal_kind
from analysis.intake.files.uploads import read_cells
from analysis.places.read import read_place


@pytest.fixture(scope="module")
def medway():
    return read_place("medway")


@pytest.fixture(scope="module")
def wirral():
    return read_place("wirral")


def read(text, place):
    return read_cohort(text.encode(), place, "cohort.csv")


def value(frame, area, measure, period=""):
    row = frame[(frame["area_name"] == area) & (frame["period"] == period)]
    return row[measure].iloc[0]


def test_a_count_of_three_is_never_shown(medway):
    cohort = read("ward_name,mothers\nChatham Central,3\nRiver,12\nTwydall,8\n", medway)
    table = shown_counts(cohort, medway)
    assert value(table, "Chatham Central", "mothers") in {"0 to 4", "5"}
    assert value(table, "River", "mothers") in {"10", "15"}
    assert value(table, "Medway", "mothers") in {"20", "25"}
    assert "3" not in table["mothers"].tolist()
    assert value(table, "Peninsula", "mothers") == ""
    assert cohort.blank_areas == 19


def test_numbers_for_maps_add_up_to_the_place(medway):
    table = protected_counts(read("ward_name,mothers\nRiver,2\nTwydall,8\n", medway), medway)
    assert str(table["mothers"].dtype) == "Int64"
    # Two and eight are ten, and ten is a multiple of 5: one is rounded down where the other goes up.
    assert value(table, "Medway", "mothers") == 10
    assert (value(table, "River", "mothers"), value(table, "Twydall", "mothers")) in {(0, 10), (5, 5)}
    assert pd.isna(value(table, "Peninsula", "mothers"))


def test_localities_are_protected_with_their_wards(wirral):
    table = shown_counts(read("area_name,mothers\nBebington,4\nHeswall,4\nOxton,9\n", wirral), wirral)
    assert set(table["level"]) == {"ward", "locality", "place"}
    wards = [int(value(table, ward, "mothers").removesuffix(" to 4")) for ward in ("Bebington", "Heswall")]
    assert value(table, "Wirral South", "mothers") == str(sum(wards)) in {"5", "10"}


def test_codes_and_names_and_localities_all_work(wirral):
    by_locality = read("locality,mothers\nwallasey,20\nWirral West,30\n", wirral)
    assert by_locality.level == "locality"
    assert read("ward,mothers\nWallasey,20\n", wirral).level == "ward"
    assert read("locality,mothers\nWallasey,20\n", wirral).level == "locality"
    code = wirral.names("ward").index[0]
    assert read(f"ward_code,mothers\n{code},20\n", wirral).counts["area_code"].tolist() == [code]


def test_numbers_are_not_added_up_over_quarters(medway):
    text = "ward,quarter,mothers\nRiver,2021-22 Q3,12\nRiver,2021-22 Q4,20\n"
    table = shown_counts(read(text, medway), medway)
    assert value(table, "Medway", "mothers", "2021-22 Q3") in {"10", "15"}
    assert value(table, "Medway", "mothers", "2021-22 Q4") == "20"
    assert sorted(set(table["period"])) == ["2021-22 Q3", "2021-22 Q4"]


def test_an_excel_file_is_read(medway):
    written = io.BytesIO()
    pd.DataFrame({"ward": ["River"], "mothers": [12]}).to_excel(written, index=False)
    cohort = read_cohort(written.getvalue(), medway, "cohort.xlsx")
    assert cohort.counts["count"].tolist() == [12]


def excel(cells: dict[str, object]) -> bytes:
    book = openpyxl.Workbook()
    for place, cell in cells.items():
        book.active[place] = cell
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def respelt(data: bytes, before: bytes, after: bytes) -> bytes:
    """The same workbook with its sheet's XML written another way."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(written, "w") as other:
        for name in book.namelist():
            text = book.read(name)
            other.writestr(name, text.replace(before, after) if "worksheets" in name else text)
    return written.getvalue()


TABLE = {"A1": "ward", "B1": "mothers", "A2": "River", "B2": 12}


@pytest.mark.parametrize("reader", [read_cells, lambda data, name: read_monitoring(data, file=name)])
@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        (lambda data: data[: len(data) // 2], "a damaged archive"),
        (
            lambda data: data.replace(b"xl/workbook.xml", b"xl/workbook.xmm"),
            "a zip archive without a CSV file",
        ),
        (lambda data: b"PK\x03\x04" + b"Jane Doe" * 50, "a damaged archive"),
        (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an Excel file of the old kind"),
        (
            lambda _: excel(TABLE | {"XFD1048576": "Jane Doe"}),
            "reaches to row 1,048,576 and to column 16,384",
        ),
        (
            lambda _: respelt(excel(TABLE | {"XFD1048576": "Jane Doe"}), b'"XFD1048576"', b"'XFD1048576'"),
            "over 20,000 blank rows",
        ),
        (
            lambda _: respelt(excel(TABLE | {"C1048576": "Jane Doe"}), b"1048576", b"10485&#55;6"),
            "over 20,000 blank rows",
        ),
        (lambda _: excel({}), "every cell is blank"),
        (lambda _: excel(TABLE | {"C2": "Jane Doe"}), "a column without a heading"),
        (lambda _: excel(TABLE | {"C1": "mothers"}), "a column without a heading of its own"),
    ],
)
def test_an_excel_file_that_cannot_be_used_is_refused_at_once_without_a_word_of_its_cells(
    spoilt, message, reader
):
    data = spoilt(excel(TABLE))
    tracemalloc.start()
    with pytest.raises(HubreachError, match=message) as error:
        reader(data, "cohort.xlsx")
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 20_000_000
    assert "Jane" not in str(error.value)


def test_an_archive_that_unpacks_to_too_much_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (MOST_SHEET_BYTES + 1))
    with pytest.raises(HubreachError, match="it would unpack to 400 MB"):
        read_cells(packed.getvalue(), "cohort.xlsx")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("ward,name\nRiver,Jane Doe\n", "Jane"),
        ("ward,Mother's name,count\nRiver,Jane Doe,1\n", "Jane"),
        ("ward,Date of Birth,count\nRiver,x,1\n", "x,1"),
        ("ward,DOB\nRiver,1\n", "River,1"),
        ("ward,joined,count\nRiver,01/02/1990,1\n", "1990"),
        ("ward,joined,count\nRiver,1990-02-01,1\n", "1990"),
        ("ward,number\nRiver,943 476 5919\n", "943"),
        ("ward,number\nRiver,9434765919\n", "943"),
        ("ward,where,count\nRiver,ME4 4AA,1\n", "ME4"),
        ("ward,Postcode,count\nRiver,,1\n", "River,,1"),
        ("ward,contact\nRiver,jane@example.org\n", "jane"),
        ("ward,contact\nRiver,07700 900123\n", "07700"),
        ("ward,ref\nRiver,QQ123456C\n", "QQ12"),
        ("ward,943 476 5919\nRiver,5\n", "943 476"),
    ],
)
def test_files_that_look_like_people_are_refused_without_repeating_them(text, secret, medway):
    with pytest.raises(HubreachError) as error:
        read(text, medway)
    assert secret not in str(error.value)


def test_a_row_for_each_person_is_refused(medway):
    with pytest.raises(HubreachError, match="not a row for each person"):
        read("ward,mothers\nRiver,1\nRiver,1\nTwydall,1\n", medway)


def test_free_text_is_refused_without_repeating_it(medway):
    with pytest.raises(HubreachError, match="not a whole number of people") as error:
        read("ward,note\nRiver,Jane is moving\n", medway)
    assert "Jane" not in str(error.value)


def test_ward_names_under_the_heading_name_are_not_people(medway):
    assert read("name,mothers\nRiver,12\n", medway).measures == ["mothers"]


def test_a_column_that_is_a_sum_of_others_stays_their_sum(medway):
    table = protected_counts(read("ward,girls,boys,children\nRiver,3,9,12\nTwydall,4,8,12\n", medway), medway)
    given = table.dropna()
    assert len(given) == 3
    assert (given["girls"] + given["boys"] == given["children"]).all()


def test_every_fault_names_its_row(medway):
    with pytest.raises(HubreachError) as error:
        read("ward,mothers,children\nRiver,-1,2\nTwydall,3,1.5\n", medway)
    assert [(f.row, f.column) for f in error.value.faults] == [(2, "mothers"), (3, "children")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ward,mothers\nNowhere,5\n", "no column of Medway's wards"),
        ("ward,mothers\nRiver,5\nTotal,5\n", "not one of Medway's wards"),
        ("ward,mothers\nRiver,\n", "every number is blank"),
        ("ward\nRiver\n", "0 columns of numbers"),
        ("ward,mothers\n", "a row of headings and nothing below it"),
        ("ward,quarter,mothers\nRiver,soon,5\n", "not a year or quarter"),
        ("", "the file is empty"),
    ],
)
def test_what_cannot_be_used_is_said(text, message, medway):
    with pytest.raises(HubreachError, match=message):
        read(text, medway)


def test_the_bundled_template_is_blank(medway):
    with pytest.raises(HubreachError, match="still to be entered"):
        read_cohort(medway.folder / "cohorts" / "advocacy.csv", medway)


def test_the_check_digit_of_an_nhs_number():
    # 9x10 + 4x9 + 3x8 + 4x7 + 7x6 + 6x5 + 5x4 + 9x3 + 1x2 = 299; 11 - 299 mod 11 = 9.
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("94347659")


@pytest.mark.parametrize("text", ["2021-22", "2021-22 Q3", "12", "1,200", "River", "E05002249", "3.5", ""])
def test_ordinary_cells_are_not_personal(text):
    assert personal_kind(text) is None
