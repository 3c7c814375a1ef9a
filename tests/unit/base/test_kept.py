"""Answers kept beside what they are worked out from."""

from __future__ import annotations

import gc

import pytest

from analysis.base.kept import kept


class Owner:
    """Anything that lives and goes."""


def test_an_answer_is_worked_out_once_for_each_owner_and_question() -> None:
    asked = []

    @kept(2)
    def answer(owner: Owner, key: str, *, level: str = "ward") -> tuple[str, str]:
        asked.append((owner, key, level))
        return key, level

    one, other = Owner(), Owner()
    assert answer(one, "a") is answer(one, "a")
    assert answer(one, "a", level="lsoa") == ("a", "lsoa")
    answer(other, "a")
    assert len(asked) == 3

    # The third question of an owner lets the one go that was asked for longest ago.
    answer(one, "a")
    answer(one, "b")
    answer(one, "a")
    assert len(asked) == 4
    answer(one, "a", level="lsoa")
    assert len(asked) == 5


def test_answers_go_with_their_owner_and_a_fault_is_not_kept() -> None:
    class Answer:
        living = 0

        def __init__(self) -> None:
            Answer.living += 1

        def __del__(self) -> None:
            Answer.living -= 1

    refusals = ["not yet"]

    @kept(4)
    def answer(owner: Owner, key: str) -> Answer:
        if refusals:
            raise ValueError(refusals.pop())
        return Answer()

    owner = Owner()
    with pytest.raises(ValueError, match="not yet"):
        answer(owner, "a")
    answer(owner, "a")
    assert Answer.living == 1
    del owner
    gc.collect()
    assert Answer.living == 0
