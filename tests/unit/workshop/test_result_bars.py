"""Results as the hall reads them: with a unit, and a share only where enough have answered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analysis.workshop.broadcast import snapshot_of
from analysis.workshop.questions import Item, Question
from analysis.workshop.result_maps import result_bars
from analysis.workshop.results import Result
from analysis.workshop.tallies import HEADLINE, tally
from analysis.workshop.words import standing_line

ITEMS = (Item(key="a", label="A"), Item(key="b", label="B"))
SINGLE = Question(key="q", kind="single", prompt="Which?", items=ITEMS)
RANKING = Question(key="r", kind="ranking", prompt="Order?", items=ITEMS)


def shown(question, values):
    table = tally(question, values)
    result = Result(table, HEADLINE[question.kind], {"phone": len(values), "paper": 0}, table.iloc[:0])
    return [bar.number for bar in result_bars(question, result)[0]]


@pytest.mark.parametrize(
    ("question", "values", "numbers"),
    [
        (SINGLE, ["a"] * 8 + ["b"], ["8 people", "1 person"]),
        (SINGLE, ["a"] * 8 + ["b"] * 2, ["8 people (80%)", "2 people (20%)"]),
        (RANKING, [["b", "a"]] * 12, ["24 points", "12 points"]),
    ],
)
def test_a_number_says_what_it_counts_and_a_share_waits_for_ten_answers(question, values, numbers):
    assert shown(question, values) == numbers


def test_every_screen_and_phone_says_which_plans_and_their_status(hall):
    option = {"key": "x", "name": "Three hubs", "detail": {"illustration": True}}
    state = replace(hall.state, options=(option,), position=None, parameters={"minutes": 10, "mode": "drive"})
    assert standing_line(state) == "Three hubs (illustration); ages 0 to 17, 10-minute drive"
    assert standing_line(replace(state, options=())) == "Ages 0 to 17, 10-minute drive"
    assert json.loads(snapshot_of(state).body)["standing"] == standing_line(state)
