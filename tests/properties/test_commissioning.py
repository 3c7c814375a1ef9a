"""Money adds up, limits hold, and hidden counts stay hidden, whatever the figures."""

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.base.faults import HubreachError
from analysis.base.records import parse_record
from analysis.commissioning.allocation import AllocationRules, allocate, limits
from analysis.commissioning.appraisal import Appraisal, rank_alternatives, rank_stability
from analysis.commissioning.contract import Contract, Discounting, YearBasis, schedule
from analysis.commissioning.money import split_pounds
from analysis.commissioning.storage import record_text
from analysis.places.disclosure import protect

SMALL = range(1, 5)
needs = st.lists(st.integers(0, 5000), min_size=1, max_size=25).filter(any)
envelopes = st.integers(0, 10_000_000)


def series(values):
    return pd.Series(values, index=[f"area{n:02d}" for n in range(len(values))])


def by_bisection(weights, envelope, lower, upper):
    """Independent answer: pay = clip(rate x weight), the rate found by halving an interval."""
    weights, lower = np.array(weights, dtype=float), np.array(lower, dtype=float)
    upper = np.array([np.inf if high is None else high for high in upper], dtype=float)
    low, high = 0.0, 1e12
    for _ in range(300):
        middle = (low + high) / 2
        spent = np.minimum(np.maximum(lower, middle * weights), upper).sum()
        low, high = (middle, high) if spent < envelope else (low, middle)
    return np.minimum(np.maximum(lower, high * weights), upper)


@given(needs, envelopes, st.floats(0, 1))
def test_allocations_add_up_and_keep_the_floor(need, envelope, tightness):
    floor = tightness / len(need)
    table = allocate(series(need), envelope, AllocationRules(floor=floor))
    assert table["allocation_gbp"].sum() == envelope
    assert (table["allocation_gbp"] > floor * envelope - 1).all()


@given(
    st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 500_000)), min_size=2, max_size=15),
    st.floats(0, 1),
    st.floats(0, 1),
    st.none() | st.floats(0, 2),
    st.floats(0.5, 1.5),
)
def test_damped_allocations_equal_an_independent_answer(areas, tightness, most_loss, most_gain, growth):
    need, today = (series(list(values)) for values in zip(*areas, strict=True))
    envelope = round(int(today.sum()) * growth)
    assume(envelope > 0)
    rules = AllocationRules(tightness / len(areas), None, today, most_loss, most_gain)
    lower, upper = limits(need.index, envelope, rules)
    try:
        table = allocate(need, envelope, rules)
    except HubreachError:
        crossed = any(high is not None and low > high for low, high in zip(lower, upper, strict=True))
        unspent = None not in upper and sum(upper) < envelope
        assert sum(lower) > envelope or crossed or unspent
        return
    given_gbp = table["allocation_gbp"].to_numpy()
    assert given_gbp.sum() == envelope
    assert (given_gbp >= lower).all()
    assert all(high is None or paid <= high for paid, high in zip(given_gbp, upper, strict=True))
    assert np.abs(given_gbp - by_bisection(need, envelope, lower, upper)).max() <= 1.01


@given(needs, envelopes)
def test_more_need_never_gets_less(need, envelope):
    table = allocate(series(need), envelope).sort_values("need", kind="stable")
    by_need = table.groupby("need")["allocation_gbp"]
    assert (by_need.min().to_numpy()[1:] >= by_need.max().to_numpy()[:-1] - 1).all()


@given(
    st.decimals(0, 10_000_000, places=2),
    st.lists(st.integers(0, 400), min_size=1, max_size=12).filter(any),
)
def test_pence_are_neither_lost_nor_made(amount, weights):
    assert sum(split_pounds(amount, weights)) == amount


contracts = st.builds(
    Contract,
    name=st.just("Any"),
    start=st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1)),
    annual_value_gbp=st.decimals(0, 10_000_000, places=2),
    term_years=st.integers(1, 10),
    extensions=st.lists(st.fixed_dictionaries({"years": st.integers(1, 3)}), max_size=2).map(tuple),
    indexation=st.one_of(
        st.just({"kind": "none"}),
        st.decimals(-5, 15, places=1).map(lambda rate: {"kind": "fixed", "rate_percent": rate}),
    ),
)


@given(contracts)
def test_schedules_add_up_on_any_basis(contract):
    by_contract = schedule(contract)
    by_finance = schedule(contract, basis=YearBasis("financial"))
    assert by_contract["cash_gbp"].sum() == by_finance["cash_gbp"].sum()
    assert by_finance["start"].iloc[0] == contract.start
    assert by_finance["end"].iloc[-1] == by_contract["end"].iloc[-1]
    gaps = [(b - a).days for a, b in zip(by_finance["end"], by_finance["start"].iloc[1:], strict=False)]
    assert set(gaps) <= {1}
    if contract.indexation.kind == "none":
        assert by_contract["cash_gbp"].sum() == contract.annual_value_gbp * contract.term_years


@given(contracts, st.decimals(0, 20, places=1), st.sampled_from(["start", "middle", "end"]))
def test_present_value_equals_a_calculation_in_floats(contract, rate, timing):
    table = schedule(contract, discounting=Discounting(rate, timing))
    offset = {"start": 0, "middle": 0.5, "end": 1}[timing]
    for year, cash, present in zip(table["year"], table["cash_gbp"], table["present_value_gbp"], strict=True):
        expected = float(cash) * math.exp(-math.log1p(float(rate) / 100) * (year - 1 + offset))
        assert float(present) == pytest.approx(expected, abs=0.006, rel=1e-9)


@given(contracts)
def test_a_contract_file_reads_back_equal(contract):
    assert parse_record(record_text(contract), Contract, file="x.toml", headline="No.") == contract


def linear_bounds(frame, tables, published):
    """What linear programming tells of each small cell: interval of real numbers, given all tables."""
    rows, low, high, small = [], [], [], []
    for name, columns in tables.items():
        for key, cell in published[name].items():
            values = key if isinstance(key, tuple) else (key,)
            inside = np.ones(len(frame), dtype=bool)
            for column, value in zip(columns, values, strict=False):
                inside &= (frame[column] == value).to_numpy()
            true = int(frame["count"][inside].sum())
            rows.append(inside.astype(float))
            if pd.isna(cell):
                low.append(0.0)
                high.append(np.inf)
                if true in SMALL:
                    small.append(rows[-1])
            else:
                assert true not in SMALL
                assert abs(cell - true) <= 2
                low.append(0.0 if cell == 0 else max(cell - 2.0, 5.0))
                high.append(0.0 if cell == 0 else cell + 2.0)
    matrix, low, high = np.array(rows), np.array(low), np.array(high)
    limited = np.isfinite(high)
    constraints = {
        "A_ub": np.vstack([-matrix, matrix[limited]]),
        "b_ub": np.concatenate([-low, high[limited]]),
    }
    for cell in small:
        ends = [linprog(sign * cell, **constraints) for sign in (1, -1)]
        yield ends[0].fun, np.inf if ends[1].status == 3 else -ends[1].fun


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 4, 5, 6, 8, 13, 27]), min_size=12, max_size=12))
def test_solving_for_suppressed_cells_leaves_one_to_four(counts):
    ward = np.repeat(np.arange(6), 2)
    frame = pd.DataFrame(
        {"ward": ward, "quarter": np.tile([1, 2], 6), "locality": ward // 2, "count": counts}
    )
    tables = {
        "ward and quarter": ["ward", "quarter"],
        "ward": ["ward"],
        "locality": ["locality"],
        "locality and quarter": ["locality", "quarter"],
        "place": [],
    }
    for least, most in linear_bounds(frame, tables, protect(frame, tables)):
        assert least <= 1 + 1e-9
        assert most >= 4 - 1e-9


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 10), min_size=3, max_size=3), min_size=2, max_size=5), st.integers(1, 9)
)
def test_rankings_do_not_depend_on_the_scale_of_weights(scores, factor):
    def appraisal(times):
        return Appraisal(
            name="Any",
            criteria=[{"name": f"c{n}", "weight": (n + 1) * times} for n in range(3)],
            alternatives=[{"name": f"a{n}"} for n in range(len(scores))],
            scores=[
                {"alternative": f"a{a}", "criterion": f"c{c}", "score": score}
                for a, row in enumerate(scores)
                for c, score in enumerate(row)
            ],
        )

    once, many = rank_alternatives(appraisal(1)), rank_alternatives(appraisal(factor))
    pd.testing.assert_frame_equal(once, many)
    stability = rank_stability(appraisal(1), draws=200)
    assert stability["p_first"].sum() >= 1 - 1e-9
    assert (stability["rank_low"] <= stability["median_rank"]).all()
    assert (stability["median_rank"] <= stability["rank_high"]).all()


def test_a_pound_is_a_pound():
    assert split_pounds(Decimal("1.00"), [1, 1, 1]) == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
