"""Answers and their counts, by hand."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from analysis.base.faults import HubreachError
from analysis.workshop.answers import read_answer
from analysis.workshop.questions import Item, Question
from analysis.workshop.tallies import scale_summary, tally
from tests.unit.workshop.conftest import QUESTIONS

ASKED = {each.key: each for each in QUESTIONS}
WHERE = ASKED["where"].model_copy(
    update={"items": (Item(key="E1", label="Ash"), Item(key="E2", label="Birch"))}
)


def test_dots_are_summed_and_people_counted():
    table = tally(ASKED["dots"], [{"north": 3, "south": 2}, {"south": 1}, {"south": 2, "north": 2}])
    assert table["dots"].to_dict() == {"north": 5, "south": 5, "east": 0}
    assert table["people"].to_dict() == {"north": 2, "south": 3, "east": 0}
    assert table["share"].to_dict() == {"north": 0.5, "south": 0.5, "east": 0.0}


def test_ranking_is_a_borda_count_with_left_out_items_at_nought():
    table = tally(ASKED["rank"], [["north", "south", "east"], ["south", "north"], ["south"]])
    assert table["points"].to_dict() == {"north": 3 + 2, "south": 2 + 3 + 3, "east": 1}
    assert table["first_choices"].to_dict() == {"north": 1, "south": 2, "east": 0}
    assert table["mean_rank"].to_dict() == {"north": 1.5, "south": pytest.approx(4 / 3), "east": 3}


def test_choices_are_shares_of_those_who_answered():
    single = tally(ASKED["name"], ["north", "north", "east"])
    assert single["people"].to_dict() == {"north": 2, "south": 0, "east": 1}
    assert single["share"]["north"] == pytest.approx(2 / 3)
    several = tally(ASKED["many"], [["north", "south"], ["south"]])
    assert several["people"].to_dict() == {"north": 1, "south": 2, "east": 0}
    assert several["share"]["south"] == 1.0


def test_a_scale_shows_every_point_its_ends_and_its_middle():
    table = tally(ASKED["scale"], [5, 4, 4, 1])
    assert table["people"].tolist() == [1, 0, 0, 2, 1]
    assert table["label"].tolist() == ["1 Badly", "2", "3", "4", "5 Well"]
    assert scale_summary([5, 4, 4, 1]) == {"people": 4, "mean": 3.5, "median": 4}
    assert math.isnan(scale_summary([])["mean"])


@pytest.mark.parametrize("key", list(ASKED))
def test_nobody_has_answered_yet(key):
    question = WHERE if key == "where" else ASKED[key]
    table = tally(question, [])
    counts = table.select_dtypes("number").drop(columns="mean_rank", errors="ignore")
    assert counts.to_numpy().sum() == 0
    assert len(table) == max(len(question.items), {"scale": 5, "text": 1}.get(question.kind, 0))


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("dots", {"south": 2, "north": 0, "east": 3}, {"south": 2, "east": 3}),
        ("rank", ["east", "north"], ["east", "north"]),
        ("many", ["east", "north"], ["north", "east"]),
        ("name", "east", "east"),
        ("scale", 5, 5),
        ("words", "  a\r\nb\x00\u202e \n", "a\nb\u202e"),
    ],
)
def test_an_answer_is_kept_in_one_form(key, given, kept):
    assert read_answer(ASKED[key], given) == kept


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("dots", {"north": 4}),
        ("dots", {"north": 3, "south": 3}),
        ("dots", {"north": -1, "south": 2}),
        ("dots", {"north": True}),
        ("dots", {"north": 1.0}),
        ("dots", {"west": 1}),
        ("dots", {}),
        ("dots", ["north"]),
        ("rank", ["north", "north"]),
        ("rank", []),
        ("rank", "north"),
        ("many", ["north", "south", "east"]),
        ("many", [["north"]]),
        ("name", None),
        ("name", "north "),
        ("name", ["north"]),
        ("scale", 0),
        ("scale", True),
        ("scale", "3"),
        ("scale", 3.0),
        ("words", "   "),
        ("words", "\u200b\u200d\u2060\ufeff\u00ad"),
        ("words", "\u3164\u2800 \ufe0f\u0301"),
        ("words", "x" * 1001),
        ("words", 7),
    ],
)
def test_an_answer_that_breaks_a_rule_is_refused(key, given):
    with pytest.raises(HubreachError, match="cannot be counted"):
        read_answer(ASKED[key], given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "dots", "items": ASKED["dots"].items, "dots": 2, "dots_per_item": 3},
        {"kind": "single"},
        {"kind": "text", "items": ASKED["dots"].items},
        {"kind": "scale", "is_demographic": True},
        {"kind": "single", "items": ASKED["dots"].items, "surprise": 1},
        {"kind": "single", "items": [*ASKED["dots"].items, ASKED["dots"].items[0]]},
    ],
)
def test_a_question_whose_rules_do_not_hold_together_is_refused(wrong):
    with pytest.raises(ValidationError):
        Question.model_validate({"key": "k", "prompt": "?", **wrong})
