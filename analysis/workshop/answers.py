"""One person's answer to one question, checked against the ballot's rules."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from analysis.base.faults import Fault, HubreachError
from analysis.workshop.questions import SCALE_POINTS, TEXT_LIMIT, Kind, Question

Value: TypeAlias = "str | int | list[str] | dict[str, int]"
# Letters and signs that leave no mark: Hangul fillers, and the blank of Braille.
UNSEEN = "\u115f\u1160\u2800\u3164\uffa0"


def _refuse(question: Question, found: str, remedy: str) -> HubreachError:
    return HubreachError(
        "The answer cannot be counted.", [Fault("answer", None, question.key, found, remedy)]
    )


def _item(question: Question, value: object) -> str:
    if not isinstance(value, str) or value not in question.keys:
        raise _refuse(question, f"{value!r:.80} is not on the ballot", "Choose from the list")
    return value


def _items(question: Question, value: object) -> list[str]:
    if not isinstance(value, list) or not value:
        raise _refuse(question, "no choice was made", "Choose at least one")
    chosen = [_item(question, each) for each in value]
    if len(set(chosen)) < len(chosen):
        raise _refuse(question, "an item appears twice", "Choose each item once")
    if len(chosen) > question.limit:
        raise _refuse(question, f"{len(chosen)} items were chosen", f"Choose at most {question.limit}")
    return chosen


def _multiple(question: Question, value: object) -> list[str]:
    chosen = set(_items(question, value))
    return [key for key in question.keys if key in chosen]


def _dots(question: Question, value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        raise _refuse(question, "the dots cannot be read", "Give each item a whole number of dots")
    placed: dict[str, int] = {}
    for key, count in value.items():
        item = _item(question, key)
        if type(count) is not int or not 0 <= count <= question.dots_per_item:
            remedy = f"Give each item 0 to {question.dots_per_item} dots"
            raise _refuse(question, f"{count!r:.20} dots on one item", remedy)
        if count:
            placed[item] = count
    total = sum(placed.values())
    if not 1 <= total <= question.dots:
        raise _refuse(question, f"{total} dots were placed", f"Place 1 to {question.dots} dots")
    return {key: placed[key] for key in question.keys if key in placed}


def _scale(question: Question, value: object) -> int:
    if type(value) is not int or value not in SCALE_POINTS:
        raise _refuse(question, f"{value!r:.20} is not on the scale", "Choose 1, 2, 3, 4 or 5")
    return value


def _text(question: Question, value: object) -> str:
    if not isinstance(value, str):
        raise _refuse(question, "the comment is not text", "Write a comment")
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"})
    text = kept.strip()
    if not any(unicodedata.category(c)[0] in "LNPS" and c not in UNSEEN for c in text):
        raise _refuse(question, "the comment is empty", "Write a comment")
    if len(text) > TEXT_LIMIT:
        raise _refuse(question, f"{len(text)} characters", f"Write at most {TEXT_LIMIT} characters")
    return text


READERS: dict[Kind, Callable[[Question, object], Value]] = {
    "dots": _dots,
    "ranking": _items,
    "single": _item,
    "multiple": _multiple,
    "scale": _scale,
    "place": _item,
    "text": _text,
}


def read_answer(question: Question, value: object) -> Value:
    """The answer in its one canonical form, or the reason why it cannot be counted.

    Parameters
    ----------
    question : Question
        The question as it was put.
    value : object
        What the phone sent, or the facilitator typed from paper: an item's key (`single`, `place`), a
        list of keys (`multiple`; in order of preference for `ranking`), a dict of key to dots (`dots`), a
        whole number (`scale`) or text (`text`).

    Returns
    -------
    str, int, list of str, or dict of str to int
        Items in the ballot's order where order says nothing; zero dots left out; text without control
        characters other than new lines.

    Raises
    ------
    HubreachError
        If the value breaks a rule of the ballot.
    """
    return READERS[question.kind](question, value)
