"""Areas made of wards: balanced, contiguous, with the fewest changes; against every split of a small grid."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.siting.districts import sets as districts_sets
from analysis.siting.districts.districts import best_balance, fewest_changes, score_districts
from analysis.siting.models.model import Watch


def grid(rows: int, columns: int) -> list[tuple[str, str]]:
    cells = [(i, j) for i in range(rows) for j in range(columns)]
    return [
        (f"w{i}{j}", f"w{k}{m}") for i, j in cells for k, m in cells if (k - i, m - j) in {(0, 1), (1, 0)}
    ]


@pytest.fixture
def wards():
    """Nine wards, three rows of three, need heaped in the first row."""
    names = [f"w{i}{j}" for i in range(3) for j in range(3)]
    need = pd.Series([9.0, 8.0, 7.0, 3.0, 2.0, 4.0, 2.0, 3.0, 1.0], index=names)
    today = pd.Series(["north"] * 3 + ["middle"] * 3 + ["south"] * 3, index=names)
    return need, grid(3, 3), today


@pytest.fixture(params=["listed", "programme"])
def route(request, monkeypatch):
    """Both ways to the same answer: every split listed, and, as where they are too many, the programme."""
    if request.param == "programme":
        monkeypatch.setattr(districts_sets, "MOST_LOOKED_AT", 0)
    return request.param


def every_split(need, neighbours, today, number):
    """(moved need, deviation) of every contiguous split into exactly so many of today's areas."""
    labels, mean = sorted(set(today)), need.sum() / number
    amounts, now = need.to_dict(), today.to_dict()
    for chosen in product(labels, repeat=len(need)):
        split = dict(zip(need.index, chosen, strict=True))
        areas = [{ward for ward, label in split.items() if label == each} for each in set(chosen)]
        if len(areas) == number and all(in_one_piece(area, neighbours) for area in areas):
            held = [sum(amounts[ward] for ward in area) for area in areas]
            moved = sum(amounts[ward] for ward, label in split.items() if label != now[ward])
            yield moved, max(abs(each / mean - 1) for each in held)


def in_one_piece(wards, neighbours):
    reached, edge = set(), {min(wards)}
    while edge:
        reached |= edge
        met = {ward for pair in neighbours if set(pair) & edge for ward in pair}
        edge = (met & wards) - reached
    return reached == wards


def test_scores_by_hand(wards):
    need, neighbours, today = wards
    table = score_districts(need, neighbours, today)
    assert list(table.index) == ["middle", "north", "south"]
    assert list(table["need"]) == [9.0, 24.0, 6.0]
    assert table.loc["north", "deviation"] == pytest.approx(24 / 13 - 1)
    assert list(table["pieces"]) == [1, 1, 1]
    broken = today.copy()
    broken["w22"] = "north"
    assert score_districts(need, neighbours, broken).loc["north", "pieces"] == 2


def test_the_split_with_fewest_changes_equals_every_split_of_a_small_grid(route):
    names = [f"w{i}{j}" for i in range(2) for j in range(4)]
    for seed in range(4):
        need = pd.Series(np.random.default_rng(seed).integers(1, 9, 8).astype(float), index=names)
        today = pd.Series(["west", "west", "east", "east"] * 2, index=names)
        splits = [s for s in every_split(need, grid(2, 4), today, 2) if s[1] <= 0.15 + 1e-9]
        found = fewest_changes(need, grid(2, 4), today, margin=0.15)
        if not splits:
            assert found.status == "infeasible"
            continue
        assert found.status == "optimal"
        assert (found.moved_need, found.deviation) == pytest.approx(min(splits))
        assert found.gap == 0


def test_areas_are_contiguous_and_within_the_margin(wards, route):
    need, neighbours, today = wards
    found = fewest_changes(need, neighbours, today, margin=0.1)
    scores = score_districts(need, neighbours, found.districts)
    assert found.status == "optimal"
    assert (scores["pieces"] == 1).all()
    assert scores["deviation"].abs().max() <= 0.1
    assert found.moved_need == need[list(found.moved)].sum()


def test_best_balance_equals_every_split(route):
    names = [f"w{i}{j}" for i in range(2) for j in range(4)]
    need = pd.Series([5.0, 1.0, 7.0, 2.0, 3.0, 3.0, 6.0, 4.0], index=names)
    today = pd.Series(["west", "west", "east", "east"] * 2, index=names)
    found = best_balance(need, grid(2, 4), today)
    assert found.deviation == pytest.approx(min(s[1] for s in every_split(need, grid(2, 4), today, 2)))
    assert found.status == "optimal"


def test_more_and_fewer_areas_than_today(wards, route):
    need, neighbours, today = wards
    four = fewest_changes(need, neighbours, today, number=4, margin=0.4)
    two = fewest_changes(need, neighbours, today, number=2, margin=0.2)
    assert set(four.districts) == {"north", "middle", "south", "New area 1"}
    assert two.districts.nunique() == 2


def test_a_margin_that_is_too_narrow_names_the_least(wards, route):
    need, neighbours, today = wards
    need = need.copy()
    need["w00"] = 100.0
    found = fewest_changes(need, neighbours, today, margin=0.05)
    assert found.status == "infeasible"
    least = best_balance(need, neighbours, today).deviation
    assert f"Allow a margin of {np.ceil(least * 1000) / 10:g}%" in found.remedies[1]


def test_islands_and_numbers_that_cannot_be_are_explained(wards):
    need, neighbours, today = wards
    apart = [pair for pair in neighbours if "w00" not in pair]
    assert (
        fewest_changes(need, apart, today, number=1)
        .remedies[0]
        .startswith("The wards lie in 2 separate pieces")
    )
    assert (
        fewest_changes(need, neighbours, today, number=10)
        .remedies[0]
        .startswith("10 areas cannot be made of 9")
    )


def test_a_stopped_split_says_so(wards, route):
    need, neighbours, today = wards
    found = best_balance(need, neighbours, today, watch=Watch(should_stop=lambda: True))
    assert found.status in {"stopped", "optimal"}
    assert len(found.districts) == 9 or found.remedies == ("Stopped before any split was found",)


def test_wards_without_need_or_area_are_refused(wards):
    need, neighbours, today = wards
    need = need.copy()
    need["w11"] = np.nan
    with pytest.raises(HubreachError) as error:
        fewest_changes(need, neighbours, today.drop("w22"))
    assert [fault.column for fault in error.value.faults] == ["today", "need"]


@pytest.mark.parametrize("seed", range(3))
def test_listing_and_the_programme_agree_on_more_areas_than_today(seed, monkeypatch):
    names = [f"w{i}{j}" for i in range(3) for j in range(4)]
    rng = np.random.default_rng(seed)
    need = pd.Series(rng.integers(1, 30, 12).astype(float), index=names)
    today = pd.Series(rng.choice(["east", "west"], 12), index=names)
    number, margin = 2 + seed % 3, 0.25
    listed = fewest_changes(need, grid(3, 4), today, number=number, margin=margin)
    even = best_balance(need, grid(3, 4), today, number=number)
    monkeypatch.setattr(districts_sets, "MOST_LOOKED_AT", 0)
    solved = fewest_changes(need, grid(3, 4), today, number=number, margin=margin)
    assert listed.status == solved.status
    if listed.status == "optimal":
        assert (listed.moved_need, listed.deviation) == pytest.approx((solved.moved_need, solved.deviation))
        scores = score_districts(need, grid(3, 4), listed.districts)
        assert (len(scores), set(scores["pieces"])) == (number, {1})
    assert even.deviation == pytest.approx(best_balance(need, grid(3, 4), today, number=number).deviation)


def test_the_answer_is_the_same_in_any_order_of_wards(wards):
    need, neighbours, today = wards
    mixed = need.sample(frac=1, random_state=3)
    found = fewest_changes(mixed, neighbours[::-1], today.sample(frac=1, random_state=5), margin=0.2)
    assert found.districts.equals(fewest_changes(need, neighbours, today, margin=0.2).districts)
