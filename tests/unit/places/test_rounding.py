"""Rounded tables against a reader who solves for the counts behind them, by integer programming."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.base.faults import HubreachError
from analysis.places.rounding import PROTECTION, Sum, installation_key, marked, protect

KEY = b"a key of the tests"


def members(frame, columns, shown):
    """Which rows each figure of a table is the sum of, a figure a row."""
    for key in shown.index:
        values = key if isinstance(key, tuple) else (key,)
        inside = np.ones(len(frame), dtype=bool)
        for column, value in zip(columns, values, strict=False):
            inside &= (frame[column] == value).to_numpy()
        yield inside.astype(float)


def rows_of(frame, tables, shown):
    """Every published figure: which rows it is the sum of, what it says, what it is."""
    rows = np.array([row for name, columns in tables.items() for row in members(frame, columns, shown[name])])
    said = np.concatenate([shown[name].to_numpy(dtype=float) for name in tables])
    return rows, said, rows @ frame["count"].to_numpy()


def solved(rows, said, known=()):
    """Least and most of each figure that all figures and what is known besides (row, low, high) allow."""
    every = np.vstack([rows, *[row for row, _, _ in known]])
    low = np.concatenate([said - PROTECTION, [k[1] for k in known]])
    high = np.concatenate([said + PROTECTION, [k[2] for k in known]])
    constraints = LinearConstraint(every, low, high)
    least, most = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
    for number, target in enumerate(rows):
        # No figure can be beyond its own limits: where a world was seen there, nothing is left to solve.
        for sign, found in ((1, least[number] <= max(0, low[number])), (-1, most[number] >= high[number])):
            if not found:
                answer = milp(
                    sign * target,
                    integrality=np.ones(rows.shape[1]),
                    bounds=Bounds(0, 10_000),
                    constraints=constraints,
                )
                assert answer.x is not None, "the true counts are a world as well"
                world = np.round(rows @ np.round(answer.x))
                least, most = np.minimum(least, world), np.maximum(most, world)
    return [(int(a), int(b)) for a, b in zip(least, most, strict=True)]


def full(said):
    return [(max(0, int(v) - PROTECTION), int(v) + PROTECTION) for v in said]


def made_up(seed):
    """A table of wards in localities by quarter of a year, with margins of every kind."""
    rng = np.random.default_rng(seed)
    wards, quarters = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    frame = pd.DataFrame(list(product(range(wards), range(quarters))), columns=["ward", "quarter"])
    frame["locality"] = frame["ward"] // int(rng.integers(1, 4))
    frame["count"] = rng.choice([0, 0, 1, 2, 3, 4, 4, 5, 6, 8, 10, 13, 27], len(frame))
    tables = {
        "cells": ["ward", "quarter"],
        "ward": ["ward"],
        "locality": ["locality", "quarter"],
        "locality year": ["locality"],
        "quarter": ["quarter"],
        "all": [],
    }
    return frame, tables


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_a_solver_learns_no_more_than_the_figure_within_four(first):
    for seed in range(first, first + 40):
        frame, tables = made_up(seed)
        shown = protect(frame, tables, key=KEY)
        rows, said, true = rows_of(frame, tables, shown)
        assert (said % 5 == 0).all()
        assert (np.abs(said - true) <= PROTECTION).all()
        assert solved(rows, said) == full(said)


def test_rounded_tables_add_up():
    frame, tables = made_up(7)
    shown = protect(frame, tables, key=KEY)
    cells = shown["cells"].rename_axis(["ward", "quarter"])
    pd.testing.assert_series_equal(
        cells.groupby("quarter").sum(), shown["quarter"], check_names=False, check_index_type=False
    )
    assert cells.sum() == shown["all"].iloc[0] == shown["ward"].sum()


@pytest.mark.parametrize("counts", [(3,), (1, 4), (2, 6, 7), (4, 4, 4, 4), (0, 2, 9)])
def test_every_rounding_that_is_allowed_may_come_out(counts):
    # So somebody who knows how the chance works, but not its key, can strike out no world.
    frame = pd.DataFrame({"ward": range(len(counts)), "count": counts})
    tables = {"ward": ["ward"], "all": []}
    total = sum(counts)
    allowed = {
        each
        for each in product(*[{n // 5 * 5, -(-n // 5) * 5} for n in counts])
        if total // 5 * 5 <= sum(each) <= -(-total // 5) * 5
    }
    seen = {tuple(protect(frame, tables, key=bytes(divmod(n, 256)))["ward"]) for n in range(250)}
    assert seen == allowed


def test_chance_favours_neither_side():
    frame = pd.DataFrame({"ward": range(2000), "count": [3, 1] * 1000})
    shown = protect(frame, {"ward": ["ward"]}, key=KEY)["ward"]
    # 1,000 threes and 1,000 ones: 4,000 people, give or take 3 x 5 x sqrt(2000 x 0.2).
    assert abs(shown.sum() - 4000) < 300


def test_asking_again_tells_nothing_new_and_versions_leave_one_to_four():
    frame = pd.DataFrame({"ward": list("abc"), "count": [3, 8, 20]})
    tables = {"ward": ["ward"], "all": []}
    once, backwards = (protect(each, tables, key=KEY) for each in (frame, frame.iloc[::-1]))
    pd.testing.assert_series_equal(once["ward"], backwards["ward"])
    versions = [protect(frame, tables, key=bytes([n]))["ward"] for n in range(50)]
    assert {version["a"] for version in versions} == {0, 5}
    low = max(max(0, version["a"] - PROTECTION) for version in versions)
    high = min(version["a"] + PROTECTION for version in versions)
    assert (low, high) == (1, 4)


@pytest.mark.parametrize("seed", range(60))
def test_two_files_side_by_side_leave_four_numbers_or_more(seed):
    # The second file holds only totals of what the first holds by ward.
    frame, tables = made_up(seed)
    again = frame.groupby("quarter", as_index=False)["count"].sum()
    rows, said, _ = rows_of(frame, tables, protect(frame, tables, key=KEY))
    other = protect(again, {"quarter": ["quarter"]}, key=b"another")["quarter"]
    known = [
        (row, value - PROTECTION, value + PROTECTION)
        for row, value in zip(members(frame, ["quarter"], other), other, strict=True)
    ]
    assert all(most - least >= 3 for least, most in solved(rows, said, known))


@pytest.mark.parametrize("counts", [(5, 1, 1, 0, 7), (4, 4, 4, 4, 16), (1, 1, 1, 1, 4), (4, 7, 7, 2, 20)])
def test_a_year_that_stands_beside_its_quarters_gives_none_away(counts):
    # Rounded apart, four quarters of 4 could be 0 beside a year of 20, and each would be 4.
    frame = pd.DataFrame({"period": ["Q1", "Q2", "Q3", "Q4", "year"], "count": counts})
    tables = {"cells": ["period"]}
    for n in range(20):
        shown = protect(frame, tables, sums=[Sum(4, (0, 1, 2, 3))], key=bytes([n]))
        rows, said, _ = rows_of(frame, tables, shown)
        known = [(np.array([1, 1, 1, 1, -1.0]), 0, 0)]
        assert solved(rows, said, known) == full(said)
    apart = pd.Series([0, 0, 0, 0, 20])
    told = solved(np.eye(5), apart.to_numpy(), known)
    assert told[:4] == [(4, 4)] * 4


def test_a_near_sum_is_rounded_as_a_sum():
    # 7 girls, 6 boys, 14 children: one not known. Readers may know that it is at most one.
    frame = pd.DataFrame({"measure": ["girls", "boys", "children"], "count": [7, 6, 14]})
    for n in range(20):
        shown = protect(frame, {"cells": ["measure"]}, sums=[Sum(2, (0, 1))], key=bytes([n]))
        rows, said, _ = rows_of(frame, {"cells": ["measure"]}, shown)
        known = [(np.array([-1, -1, 1.0])[[frame.measure.tolist().index(m) for m in frame.measure]], 0, 1)]
        assert solved(rows, said, known) == full(said)


def test_marks_and_blanks():
    assert marked(pd.Series([0, 5, 1235, pd.NA], dtype="Int64")).tolist() == ["0 to 4", "5", "1,235", ""]


def test_the_key_is_made_once_and_nobody_else_reads_it(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "new"))
    installation_key.cache_clear()
    made = installation_key()
    file = tmp_path / "new" / "rounding.key"
    assert len(made) == 32
    assert file.read_bytes() == made
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in file.parent.iterdir()] == ["rounding.key"]
    installation_key.cache_clear()
    assert installation_key() == made
    installation_key.cache_clear()


@pytest.mark.parametrize("bad", [[-1, 3], [2.5, 3], [np.nan, 3], ["Jane Doe", 3]])
def test_what_is_not_a_count_is_refused_without_repeating_it(bad):
    with pytest.raises(HubreachError, match="not a whole number") as error:
        protect(pd.DataFrame({"ward": ["a", "b"], "count": bad}), {"ward": ["ward"]})
    assert "Jane" not in str(error.value)
    assert error.value.faults[0].row == 2
