"""A table is read as a spreadsheet shows it, and every wrong cell is told."""

import numpy as np
import pytest

from analysis.base.faults import FaultList
from analysis.places.tables import MOST_FAULTS_A_COLUMN, Column, read_table

COLUMNS = (
    Column("code", "text", unique=True),
    Column("people", "count"),
    Column("score", blank=True, required=False, least=0, most=1),
)


def read(tmp_path, text, columns=COLUMNS, **options):
    path = tmp_path / "table.csv"
    path.write_text(text, "utf-8")
    faults = FaultList("table.csv")
    return read_table(path, columns, faults, **options), [str(fault) for fault in faults]


def test_values_blanks_thousands_and_a_byte_order_mark(tmp_path):
    table, faults = read(tmp_path, '\ufeffcode,people,score\n a ,"1,296.00",0.5\nb,7,\n')
    assert faults == []
    assert table["code"].tolist() == ["a", "b"]
    assert table["people"].tolist() == [1296, 7]
    assert table["people"].dtype == np.int64
    assert table["score"].iloc[0] == 0.5
    assert np.isnan(table["score"].iloc[1])


def test_a_missing_column_is_blank_in_a_partial_table(tmp_path):
    whole, faults = read(tmp_path, "code\na\n")
    assert whole is None
    assert faults == [
        "table.csv, column people: the column is missing (found code). Add a column headed people"
    ]
    partial, _ = read(tmp_path, "code\na\n", partial=True)
    assert partial["people"].isna().all()


def test_many_like_faults_are_counted_not_listed(tmp_path):
    rows = "".join(f"c{number},x,\n" for number in range(MOST_FAULTS_A_COLUMN + 5))
    _, faults = read(tmp_path, f"code,people,score\n{rows}")
    assert len(faults) == MOST_FAULTS_A_COLUMN + 1
    assert faults[-1] == "table.csv, column people: 5 more rows where a value is not a number. Enter a number"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "table.csv: the file is empty. Download or save it again"),
        ("code,people\n", "table.csv: there are no rows below the header. Add at least one"),
        ("code,people\na,inf\n", "table.csv, row 2, column people: 'inf' is not a number. Enter a number"),
        (
            "code,people,score\na,1,1.5\n",
            "table.csv, row 2, column score: '1.5' is too large. Enter 1 or less",
        ),
    ],
)
def test_what_cannot_be_used(tmp_path, text, fault):
    assert fault in read(tmp_path, text)[1]
