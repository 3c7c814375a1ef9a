"""Good splits of many wards: contiguous, within the margin, the same each time, and kept where a proof is stopped."""

import numpy as np
import pandas as pd
import pytest

from analysis.siting.districts import sets as districts_sets
from analysis.siting.districts.districts import best_balance, fewest_changes, score_districts
from analysis.siting.districts.model import Wards
from analysis.siting.districts.starts import good_split
from analysis.siting.models.model import Watch

ROWS, COLUMNS, AREAS = 5, 6, 4
NAMES = [f"w{i}{j}" for i in range(ROWS) for j in range(COLUMNS)]
BORDERS = [(f"w{i}{j}", f"w{i}{j + 1}") for i in range(ROWS) for j in range(COLUMNS - 1)] + [
    (f"w{i}{j}", f"w{i + 1}{j}") for i in range(ROWS - 1) for j in range(COLUMNS)
]


def town(seed: int) -> tuple[pd.Series, pd.Series]:
    """Need of every ward, and areas of today that are columns."""
    need = pd.Series(np.random.default_rng(seed).integers(100, 900, len(NAMES)).astype(float), index=NAMES)
    return need, pd.Series([f"area {int(name[2]) * AREAS // COLUMNS}" for name in NAMES], index=NAMES)


@pytest.mark.parametrize("number", [AREAS, AREAS + 1, AREAS - 1])
def test_a_good_split_is_whole_balanced_and_the_same_each_time(number):
    need, today = town(3)
    split = good_split(Wards(need, BORDERS, today, number), 0.1, Watch())
    assert split is not None
    scores = score_districts(need, BORDERS, split.districts)
    assert (len(scores), set(scores["pieces"])) == (number, {1})
    assert scores["deviation"].abs().max() == pytest.approx(split.deviation)
    assert split.deviation <= 0.1
    assert split.moved_need == need[split.districts != today].sum()
    again = good_split(Wards(need.sample(frac=1, random_state=1), BORDERS[::-1], today, number), 0.1, Watch())
    assert again is not None
    assert again.districts.equals(split.districts)


@pytest.mark.parametrize("seed", range(2))
def test_a_good_split_is_no_better_than_the_proven_one_and_near_it(seed):
    need, today = town(seed)
    proven = fewest_changes(need, BORDERS, today, margin=0.1)
    good = good_split(Wards(need, BORDERS, today, None), 0.1, Watch())
    assert proven.status == "optimal"
    assert good is not None
    assert proven.moved_need <= good.moved_need <= 1.5 * proven.moved_need


def test_a_proof_that_is_stopped_keeps_the_good_split_with_its_bound(monkeypatch):
    monkeypatch.setattr(districts_sets, "MOST_LOOKED_AT", 0)
    need, today = town(1)
    asked: list[int] = []

    def enough() -> bool:
        asked.append(1)
        return len(asked) > 400

    found = fewest_changes(need, BORDERS, today, margin=0.05, watch=Watch(should_stop=enough))
    assert found.status == "stopped"
    assert set(score_districts(need, BORDERS, found.districts)["pieces"]) == {1}
    assert found.deviation <= 0.05
    assert 0 <= found.bound <= found.moved_need
    assert found.gap > 0


def test_a_search_for_the_best_balance_that_is_stopped_keeps_a_good_one(monkeypatch):
    monkeypatch.setattr(districts_sets, "MOST_LOOKED_AT", 0)
    need, today = town(1)
    asked: list[int] = []
    watch = Watch(should_stop=lambda: asked.append(1) or len(asked) > 400)
    found = best_balance(need, BORDERS, today, watch=watch)
    assert found.status == "stopped"
    assert found.deviation <= 0.05
    assert 0 <= found.bound <= found.deviation


def test_wards_in_more_pieces_than_areas_have_no_good_split():
    need, today = town(0)
    apart = [pair for pair in BORDERS if pair[0][2] == pair[1][2]]
    assert good_split(Wards(need, apart, today, 2), 0.5, Watch()) is None
