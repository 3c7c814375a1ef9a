"""Matrices and weights from CSV: what is read, and what is refused with its row."""

import numpy as np
import pytest

from analysis.base.faults import HubreachError
from analysis.siting.models.instance import read_matrix, read_weights
from analysis.siting.models.model import LocationProblem
from analysis.siting.models.solve import solve


def write(path, text: str):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_matrix_and_its_weights_are_read_and_solved(tmp_path):
    matrix = read_matrix(write(tmp_path / "m.csv", "area,x,y\na,5,none\nb,12.5,3\n"))
    weights = read_weights(write(tmp_path / "w.csv", "area,need\nb,2\na,7\n"))
    assert matrix.loc["a", "x"] == 5.0
    assert np.isinf(matrix.loc["a", "y"])
    assert solve(LocationProblem("pmedian", 1), matrix, weights).sites == ("x",)


def test_every_bad_cell_is_told_with_its_row_and_column(tmp_path):
    path = write(tmp_path / "m.csv", "area,x,y\na,5,far\na,-1,\n,3,nan\n")
    with pytest.raises(HubreachError) as error:
        read_matrix(path)
    told = {(fault.row, fault.column) for fault in error.value.faults}
    assert told == {(4, None), (3, None), (2, "y"), (3, "x"), (3, "y"), (4, "y")}


def test_a_matrix_without_sites_and_weights_of_three_columns_are_refused(tmp_path):
    with pytest.raises(HubreachError, match="no site column"):
        read_matrix(write(tmp_path / "m.csv", "area\na\n"))
    with pytest.raises(HubreachError, match="3 columns"):
        read_weights(write(tmp_path / "w.csv", "area,need,more\na,1,2\n"))
    with pytest.raises(HubreachError, match="too small"):
        read_weights(write(tmp_path / "w2.csv", "area,need\na,-1\n"))
    with pytest.raises(HubreachError, match="missing"):
        read_matrix(tmp_path / "absent.csv")
