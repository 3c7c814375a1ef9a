"""Next-best sets, contributions and robustness as tables."""

import numpy as np
import pandas as pd
import pytest

from analysis.siting.models.budget import BudgetProblem, Floor, Kind
from analysis.siting.models.model import LocationProblem, Watch
from analysis.siting.models.solve import ranked_solutions, solve
from analysis.siting.robustness import robustness
from analysis.siting.tables import alternatives_table, site_contributions


def test_alternatives_say_what_each_gives_up(street, need):
    table = alternatives_table(ranked_solutions(LocationProblem("mclp", 1, 10.0), street, need, 6))
    assert list(table["sites"]) == [("west",), ("east",), ("middle",)]
    assert list(table["gives_up"]) == [0.0, 10.0, 14.0]
    assert table.loc[2, "gives_up_share"] == pytest.approx(10 / 21)
    assert (table.loc[2, "joins"], table.loc[2, "leaves"]) == (("east",), ("west",))


def test_no_answer_has_no_alternatives(street, need):
    table = alternatives_table([solve(LocationProblem("lscp", radius_minutes=1), street, need)])
    assert len(table) == 0
    assert "gives_up" in table.columns


def test_contributions_by_hand(street, need):
    table = site_contributions(street, need, ["west", "east"], 20.0)
    assert list(table.index) == ["east", "west"]
    assert list(table["need_within"]) == [16.0, 26.0]
    assert list(table["need_only_here"]) == [11.0, 21.0]
    assert list(table["need_assigned"]) == [16.0, 21.0]
    # without east: a 40 minutes more, b 20, c as near to west
    assert table.loc["east", "extra_minutes_without"] == 10 * 40 + 1 * 20
    lone = site_contributions(street, need, ["east"], 20.0)
    assert np.isinf(lone.loc["east", "extra_minutes_without"])
    assert len(site_contributions(street, need, [], 20.0)) == 0


def test_robustness_counts_how_often_a_site_wins(street, need):
    flipped = need[::-1].set_axis(need.index)
    draws = pd.DataFrame([need, need, flipped])
    found = robustness(LocationProblem("mclp", 1, 10.0), {"near": street, "far": street * 4}, draws)
    assert (found.solved, found.planned) == (6, 6)
    assert found.shares.loc["west", "near"] == pytest.approx(2 / 3)
    assert found.shares.loc["east", "all"] == pytest.approx(1 / 3)
    assert found.shares.loc["middle", "all"] == 0.0
    assert found.sets.loc[[("west",)]].iloc[0] == pytest.approx(2 / 3)
    assert (found.always, found.usual) == ((), ())


def test_a_site_in_every_answer_is_said_to_be(street, need):
    found = robustness(LocationProblem("pmedian", 2), {"walk": street}, pd.DataFrame([need, need * 2]))
    assert found.always == ("east", "west")
    assert found.usual == ()


def test_robustness_keeps_floors_and_counts_draws_without_an_answer(street, need):
    floor = Floor("ward", pd.Series(["one", "one", "two", "three", "three"], index=need.index), 0.5)
    draws = pd.DataFrame([need, need * 2])
    three = BudgetProblem((Kind("site", 10.0, 0.0, least=3, most=3),), np.inf, (floor,))
    found = robustness(three, {"walk": street}, draws)
    assert (found.solved, found.planned, found.impossible) == (2, 2, 0)
    assert found.always == ("east", "middle", "west")
    one = BudgetProblem((Kind("site", 10.0, 0.0, least=1, most=1),), np.inf, (floor,))
    found = robustness(one, {"walk": street}, draws)
    assert (found.solved, found.impossible) == (0, 2)


def test_stopped_robustness_reports_what_was_solved(street, need):
    found = robustness(
        LocationProblem("pmedian", 1), {"walk": street}, pd.DataFrame([need]), Watch(should_stop=lambda: True)
    )
    assert (found.solved, found.planned) == (0, 1)
