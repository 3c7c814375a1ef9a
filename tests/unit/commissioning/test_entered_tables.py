"""What people type: pasted cells, masks, and a mask that gives nothing away and loses nothing."""

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.monitoring import counts_people
from analysis.commissioning.storage import is_saved, record_files, remove_record, save_record
from analysis.commissioning.tables import (
    ENTERED,
    as_text,
    entered_table,
    masked,
    pasted_cells,
    read_entered_table,
    unmasked,
)
from analysis.places.finding import place_folder

CELLS = pd.DataFrame({"ward": ["Ash", "Birch", "Cedar"], "mothers": ["3", "", "12"]})


def test_cells_are_pasted_by_tab_or_comma():
    tabbed = pasted_cells("ward\tmothers\nAsh\t3\n\nBirch, upper\t4\n")
    assert tabbed.to_dict("list") == {"ward": ["Ash", "Birch, upper"], "mothers": ["3", "4"]}
    assert pasted_cells('ward,mothers\n"Birch, upper",4').iloc[0].tolist() == ["Birch, upper", "4"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "no row below"),
        ("ward\tmothers", "no row below"),
        ("a\tb\n1\t2\t3", "different numbers"),
        ("a\ta\n1\t2", "same heading"),
    ],
)
def test_what_is_no_table_is_refused_without_repeating_a_cell(text, found):
    with pytest.raises(HubreachError, match=found) as error:
        pasted_cells(text)
    assert "1" not in str(error.value).replace("1\t", "")


def test_a_mask_hides_every_filled_number_and_no_blank():
    shown = masked(CELLS, ["mothers"])
    assert shown["mothers"].tolist() == [ENTERED, "", ENTERED]
    assert shown["ward"].tolist() == ["Ash", "Birch", "Cedar"]
    only = masked(CELLS, ["mothers"], pd.Series([False, False, True]))
    assert only["mothers"].tolist() == ["3", "", ENTERED]


def test_what_is_typed_over_replaces_and_the_rest_is_kept():
    edited = masked(CELLS, ["mothers"])
    edited.loc[0, "mothers"] = "7"
    edited.loc[1, "mothers"] = "2"
    assert unmasked(edited, CELLS)["mothers"].tolist() == ["7", "2", "12"]


def test_rows_may_go_and_come():
    edited = masked(CELLS, ["mothers"]).drop(index=0)
    edited.loc[3] = ["Dale", "9"]
    assert unmasked(edited, CELLS).to_dict("list") == {
        "ward": ["Birch", "Cedar", "Dale"],
        "mothers": ["", "12", "9"],
    }


def test_a_mask_copied_to_an_empty_cell_is_refused():
    edited = masked(CELLS, ["mothers"])
    edited.loc[1, "mothers"] = ENTERED
    with pytest.raises(HubreachError, match="holds no number"):
        unmasked(edited, CELLS)


def test_blanks_of_every_kind_are_empty_text():
    cells = pd.DataFrame({"a": [None, float("nan"), " x ", 3]}, dtype=object)
    assert as_text(cells)["a"].tolist() == ["", "", "x", "3"]


def test_a_table_is_saved_read_back_and_removed():
    path = save_record(entered_table("counts", CELLS), "wirral", "counts")
    assert is_saved("wirral", "counts", "counts")
    assert record_files(place_folder("wirral"), "counts")["counts"] == path
    pd.testing.assert_frame_equal(read_entered_table(path).frame(), CELLS.astype(str))
    remove_record("wirral", "counts", "counts")
    assert not is_saved("wirral", "counts", "counts")
    remove_record("wirral", "counts", "counts")


def test_a_table_that_is_not_rectangular_is_refused(tmp_path):
    file = tmp_path / "counts.toml"
    file.write_text('name = "counts"\ncolumns = ["a", "b"]\nrows = [["1", "2"], ["1"]]\n')
    with pytest.raises(HubreachError, match="more or fewer cells"):
        read_entered_table(file)


def test_a_number_is_not_brought_to_light_by_saying_that_it_counts_no_people():
    kept = pd.DataFrame({"measure": ["Families"], "actual": ["3"], "counts_people": ["yes"]})
    edited = masked(kept, ["actual"]).assign(counts_people="no")
    with pytest.raises(HubreachError, match="counts no people"):
        unmasked(edited, kept, still=counts_people(edited))
    edited["actual"] = "4"
    assert unmasked(edited, kept, still=counts_people(edited))["actual"].tolist() == ["4"]
