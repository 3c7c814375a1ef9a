"""A reader of a cohort's or monitoring's tables who solves for the numbers behind them, by integer programming."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis.commissioning.cohort import protected_counts, read_cohort
from analysis.commissioning.monitoring import protected_monitoring, read_monitoring
from analysis.places.rounding import PROTECTION
from tests.unit.places.test_rounding import full, solved

COUNTS = [0, 0, 1, 1, 2, 3, 4, 4, 5, 6, 9, 10, 14]
WARDS = {"Ash": "North", "Birch": "North", "Cedar": "South"}
PERIODS = [f"2021-22 Q{n}" for n in range(1, 5)] + ["2021-22"]
MEASURES = ["girls", "boys", "children"]


def made_up(seed):
    """Counts by ward, period and measure: a year of its quarters, children of girls and boys and some unknown."""
    rng = np.random.default_rng(seed)
    table = rng.choice(COUNTS, (len(WARDS), len(PERIODS), len(MEASURES)))
    unknown = rng.integers(0, 2, table.shape[:2]) * (seed % 2)
    table[:, :, 2] = table[:, :, 0] + table[:, :, 1] + unknown
    table[:, 4] = table[:, :4].sum(axis=1)
    if seed % 3 == 0:
        # Some people stand in several quarters, so that the year is less than their sum.
        table[:, 4, :2] -= np.minimum(rng.integers(0, 3), table[:, 4, :2])
        table[:, 4, :2] = np.maximum(table[:, 4, :2], table[:, :4, :2].max(axis=1))
        table[:, 4, 2] = table[:, 4, 0] + table[:, 4, 1]
    return table


def what_readers_know(table):
    """Rows over the finest counts, with least and most: years and quarters, children and girls and boys."""
    cell = np.eye(table.size).reshape(*table.shape, table.size)
    year = [
        (cell[w, 4, m] - cell[w, :4, m].sum(axis=0), table[w, 4, m] - table[w, :4, m].sum())
        for w, m in product(range(table.shape[0]), range(3))
    ]
    unknown = [
        (cell[w, p, 2] - cell[w, p, 0] - cell[w, p, 1], table[w, p, 2] - table[w, p, :2].sum())
        for w, p in product(range(table.shape[0]), range(5))
    ]
    # Whether a sum is exact is known; where it is not, on which side it errs and no more than the worst.
    for rows in (year, unknown):
        low, high = min(0, *(over for _, over in rows)), max(0, *(over for _, over in rows))
        yield from ((row, low, high) for row, _ in rows)


def figures(table, shown):
    """Every figure of the protected tables: the finest counts that it is the sum of, and what it says."""
    cell = np.eye(table.size).reshape(*table.shape, table.size)
    inside = {"ward": WARDS, "locality": WARDS, "place": WARDS}
    for row in shown.to_dict("records"):
        names = [
            n
            for n, (ward, locality) in enumerate(inside["ward"].items())
            if row["level"] == "place" or row["area_name"] == (ward if row["level"] == "ward" else locality)
        ]
        for m, measure in enumerate(MEASURES):
            yield cell[names, PERIODS.index(row["period"]), m].sum(axis=0), row[measure]


@pytest.mark.parametrize("first", range(0, 100, 25))
def test_a_cohort_with_years_and_columns_that_add_up_gives_nobody_away(small_place, first):
    for seed in range(first, first + 25):
        table = made_up(seed)
        lines = ["ward_name,period," + ",".join(MEASURES)]
        for (w, ward), (p, period) in product(enumerate(WARDS), enumerate(PERIODS)):
            lines.append(f"{ward},{period}," + ",".join(map(str, table[w, p])))
        shown = protected_counts(read_cohort("\n".join(lines).encode(), small_place, "c.csv"), small_place)
        rows, said = map(np.array, zip(*figures(table, shown), strict=True))
        said = said.astype(float)
        assert (np.abs(rows @ table.ravel() - said) <= PROTECTION).all()
        assert solved(rows, said, list(what_readers_know(table))) == full(said), seed


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_outcomes_with_years_and_measures_that_add_up_give_nobody_away(first):
    for seed in range(first, first + 40):
        table = made_up(seed)[:1]
        lines = ["measure,quarter,baseline,target,actual,better,counts_people"]
        for (m, measure), (p, period) in product(enumerate(MEASURES), enumerate(PERIODS)):
            lines.append(f"{measure},{period},12,9,{table[0, p, m]},up,yes")
        safe = protected_monitoring(read_monitoring("\n".join(lines).encode(), "m.csv"))
        said = safe.set_index(["quarter", "measure"])["actual"]
        said = said.reindex(pd.MultiIndex.from_product([PERIODS, MEASURES])).to_numpy()
        assert solved(np.eye(table.size), said, list(what_readers_know(table))) == full(said), seed
        assert safe["baseline"].nunique() == 3 or set(safe["baseline"]) <= {10.0, 15.0}
