"""A paper ballot: one page, large type, for whoever would rather write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from typst import TypstError

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import plain
from analysis.render.sheets import typeset
from analysis.workshop.questions import SCALE_POINTS, Question
from analysis.workshop.state import State
from analysis.workshop.words import standing_line

TEMPLATE = Path(__file__).parent / "ballot.typ"
# From the largest type to the smallest, in points.
SIZES_PT = [16.0, 15.5, 15.0, 14.5, 14.0, 13.5, 13.0, 12.5, 12.0]
WRITTEN_IN, MOST_LETTERS, MOST_IN_COLUMN = 12, 40, 60
BOX, RING = "\u2610", "\u25cb"
PAPER_LINE = "_" * 24


def ballot_pdf(state: State, question_ids: Sequence[str] | None = None) -> bytes:
    """The questions of a workshop on one sheet of A4.

    Parameters
    ----------
    state : State
        The workshop.
    question_ids : sequence of str, optional
        Which questions, in this order; None takes all.

    Returns
    -------
    bytes
        A PDF of one page: 16-point type, or as much smaller as it takes, never under 12.

    Raises
    ------
    HubreachError
        If there is no question, or they do not fit on one page even at 12 points.
    """
    ids = state.questions if question_ids is None else question_ids
    if not ids:
        raise _no_page("no question")
    questions = [state.questions[each].question for each in ids]
    # A list of letters takes room: where there is none, a name is written.
    for by_letter in (True, False) if any(map(_has_letters, questions)) else (False,):
        try:
            return _sheet(state, [_data(each, by_letter and _has_letters(each)) for each in questions])
        except TypstError as error:
            if "too long for one page" not in str(error):
                raise
    raise _no_page(f"{len(questions)} questions do not fit in {SIZES_PT[-1]:g}-point type")


def _sheet(state: State, questions: list[dict[str, Any]]) -> bytes:
    ballot = {
        "title": plain(state.title),
        "notice": f"{plain(state.purpose)} Please write no name on this sheet. Your answers are entered under the "
        f"number below, kept for {state.keep_days} days after the workshop closes, then deleted.",
        "standing": standing_line(state),
        "questions": questions,
        "foot": f"Number of this sheet (for the facilitator): {'_' * 8}",
        "sizes_pt": SIZES_PT,
    }
    inputs = {"ballot": json.dumps(ballot, ensure_ascii=False)}
    return typeset(TEMPLATE.read_bytes(), inputs, "pdf", timestamp=0, pdf_standards=["ua-1"])


def _no_page(found: str) -> HubreachError:
    remedy = "Choose fewer questions for a sheet, and print a second one"
    return HubreachError(
        "The ballot does not make one page.", [Fault("paper ballot", None, None, found, remedy)]
    )


def _data(question: Question, by_letter: bool) -> dict[str, Any]:
    """A question as the template reads it."""
    lines = _lines(question, by_letter=by_letter)
    longest = MOST_IN_COLUMN if by_letter else 30
    in_columns = question.kind not in {"dots", "scale"} and len(lines) > 4 and max(map(len, lines)) <= longest
    return {
        "prompt": plain(question.prompt),
        "kind": question.kind,
        "hints": [plain(hint) for hint in _hints(question, by_letter=by_letter)],
        "lines": lines,
        "columns": 2 if in_columns else 1,
    }


def _hints(question: Question, *, by_letter: bool) -> list[str]:
    # A line of help for a map that is tapped says nothing on paper.
    said = [question.help] if question.help and question.kind != "place" else []
    if by_letter:
        said.append(f"Write the letter of one of these: {PAPER_LINE[:6]}")
    if question.is_demographic:
        said.append("About you: you need not answer.")
    if question.kind == "dots":
        said.append(f"Fill {question.dots} circles in all, at most {question.dots_per_item} on one line.")
    if question.kind == "ranking":
        said.append("Write 1 beside your first choice, 2 beside your second, and so on.")
    if question.kind == "multiple":
        few = question.limit < len(question.items)
        said.append(f"Tick up to {question.limit}." if few else "Tick as many as you like.")
    return said


def _lines(question: Question, *, by_letter: bool) -> list[str]:
    """What stands to be ticked, filled or numbered, a line an item."""
    labels = [plain(item.label) for item in question.items]
    if question.kind == "text":
        return []
    if question.kind == "scale":
        points = "\u2003".join(f"{BOX}\u00a0{point}" for point in SCALE_POINTS)
        return [f"{plain(question.low_label)}\u2003{points}\u2003{plain(question.high_label)}"]
    if question.kind == "dots":
        return [f"{RING * question.dots_per_item}  {label}" for label in labels]
    if question.kind == "ranking":
        return [f"____ {label}" for label in labels]
    if by_letter:
        return [f"{letter}\u2002{label}" for letter, label in zip(letters(len(labels)), labels, strict=True)]
    return (
        [f"Write its name: {PAPER_LINE}"]
        if len(labels) > MOST_LETTERS
        else [f"{BOX} {label}" for label in labels]
    )


def _has_letters(question: Question) -> bool:
    """Whether one item is chosen by its letter: too many for boxes, few enough for a list."""
    return question.kind in {"single", "place"} and WRITTEN_IN < len(question.items) <= MOST_LETTERS


def letters(count: int) -> list[str]:
    """Letters of items on paper and where paper is entered: A to Z, then AA to AZ, BA ...

    >>> letters(28)[-3:]
    ['Z', 'AA', 'AB']
    """
    return [
        (ascii_uppercase[number // 26 - 1] if number >= 26 else "") + ascii_uppercase[number % 26]
        for number in range(count)
    ]
