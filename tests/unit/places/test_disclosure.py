"""Suppressed counts against an intruder who tries every world that fits what is published."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.places.disclosure import MARK, marked, protect

SMALL = {1, 2, 3, 4}


def shown(counts, tables, **columns):
    frame = pd.DataFrame({**columns, "count": counts})
    return {name: marked(cells).tolist() for name, cells in protect(frame, tables).items()}


def intruder_worlds(frame, tables, published, most):
    """Every combination of the finest counts (up to `most` each) that fits the published tables.

    The intruder reads a figure v > 0 as v - 2 to v + 2 and at least 5, a 0 as none, a suppressed cell that
    is small in truth as 1 to 4 (or 0 to 4 inside a small total), any other suppressed cell as anything.
    """
    leaves = len(frame)
    worlds = np.array(list(product(range(most + 1), repeat=leaves)))
    cells = []
    for name, columns in tables.items():
        for key, cell in published[name].items():
            values = key if isinstance(key, tuple) else (key,)
            inside = np.ones(leaves, dtype=bool)
            for column, value in zip(columns, values, strict=False):
                inside &= (frame[column] == value).to_numpy()
            cells.append((inside, cell, int(frame["count"][inside].sum())))
    small_sets = [set(np.flatnonzero(inside)) for inside, _, true in cells if true in SMALL]
    possible = np.ones(len(worlds), dtype=bool)
    for inside, cell, true in cells:
        sums = worlds[:, inside].sum(axis=1)
        within_small = any(set(np.flatnonzero(inside)) < other for other in small_sets)
        if not pd.isna(cell):
            least, most_people = (0, 0) if cell == 0 else (max(cell - 2, 5), cell + 2)
        elif within_small:
            least, most_people = 0, 4
        elif true in SMALL:
            least, most_people = 1, 4
        else:
            least, most_people = 0, 10**9
        possible &= (sums >= least) & (sums <= most_people)
    return worlds[possible], cells


def recoverable(frame, tables, most=14):
    """Small cells of which the intruder can say more than "1 to 4"."""
    published = protect(frame, tables)
    worlds, cells = intruder_worlds(frame, tables, published, most)
    told = []
    for inside, cell, true in cells:
        if true in SMALL:
            assert pd.isna(cell)
            if not set(worlds[:, inside].sum(axis=1)) >= SMALL:
                told.append(true)
    return told


def test_small_counts_are_suppressed_and_others_rounded_to_five():
    answer = shown([3, 12, 20, 7, 0], {"ward": ["ward"], "all": []}, ward=list("abcde"))
    assert answer == {"ward": [MARK, "10", "20", "5", "0"], "all": ["40"]}


def test_the_edges_of_suppression():
    answer = shown([0, 1, 4, 5, 8, 1234], {"ward": ["ward"]}, ward=list("abcdef"))
    assert answer["ward"] == ["0", MARK, MARK, "5", "10", "1,235"]


def test_two_fours_and_a_total_of_ten_need_a_third_cell():
    # 10 means 8 to 12, and two cells of at most 4 can only be 4 and 4 to reach it.
    answer = shown([4, 4, 0, 0], {"ward": ["ward"], "all": []}, ward=list("abcd"))
    assert answer == {"ward": [MARK, MARK, MARK, "0"], "all": ["10"]}


def test_the_intruder_of_this_file_does_break_primary_suppression_alone():
    frame = pd.DataFrame({"ward": list("abcd"), "count": [4, 4, 0, 0]})
    naive = {
        "ward": pd.Series([pd.NA, pd.NA, 0, 0], index=list("abcd")),
        "all": pd.Series([10], index=["all"]),
    }
    worlds, _ = intruder_worlds(frame, {"ward": ["ward"], "all": []}, naive, 14)
    assert worlds.tolist() == [[4, 4, 0, 0]]


def test_all_parts_of_a_small_total_are_suppressed():
    answer = shown([1, 1, 1, 1, 0], {"ward": ["ward"], "all": []}, ward=list("abcde"))
    assert answer == {"ward": [MARK] * 5, "all": [MARK]}


def test_a_locality_of_one_ward_does_not_give_the_ward_away():
    answer = shown(
        [3, 20, 30], {"ward": ["ward"], "locality": ["locality"]}, ward=list("abc"), locality=list("xyy")
    )
    assert answer["ward"][0] == MARK
    assert answer["locality"][0] == MARK


@pytest.mark.parametrize(
    "counts",
    [
        [1, 9, 6, 5],
        [4, 4, 4, 4],
        [1, 1, 1, 1],
        [2, 0, 0, 2],
        [1, 5, 5, 4],
        [4, 4, 7, 0],
        [3, 3, 0, 12],
        [0, 0, 0, 4],
    ],
)
def test_a_square_with_its_margins_tells_no_more_than_one_to_four(counts):
    frame = pd.DataFrame({"ward": list("aabb"), "quarter": [1, 2, 1, 2], "count": counts})
    tables = {"both": ["ward", "quarter"], "ward": ["ward"], "quarter": ["quarter"], "all": []}
    assert recoverable(frame, tables) == []


@pytest.mark.parametrize("counts", [[4, 4, 1, 9], [1, 3, 4, 4], [4, 0, 4, 0], [2, 6, 3, 5]])
def test_two_tables_side_by_side_tell_no_more_than_one_to_four(counts):
    frame = pd.DataFrame(
        {"ward": list("abcd"), "locality": list("xxyy"), "age": [0, 1, 0, 1], "count": counts}
    )
    tables = {"ward": ["ward"], "locality": ["locality"], "age": ["age"], "all": []}
    assert recoverable(frame, tables) == []


def test_the_order_of_the_rows_does_not_change_what_is_shown():
    frame = pd.DataFrame({"ward": list("abcdef"), "locality": list("xxxyyy"), "count": [4, 4, 0, 2, 9, 30]})
    tables = {"ward": ["ward"], "locality": ["locality"], "all": []}
    forward, backward = protect(frame, tables), protect(frame.iloc[::-1], tables)
    for name in tables:
        pd.testing.assert_series_equal(forward[name], backward[name])


@pytest.mark.parametrize("bad", [[-1, 3], [2.5, 3], [np.nan, 3], ["Jane Doe", 3]])
def test_what_is_not_a_count_is_refused_without_repeating_it(bad):
    with pytest.raises(HubreachError, match="not a whole number") as error:
        protect(pd.DataFrame({"ward": ["a", "b"], "count": bad}), {"ward": ["ward"]})
    assert "Jane" not in str(error.value)
    assert error.value.faults[0].row == 2
