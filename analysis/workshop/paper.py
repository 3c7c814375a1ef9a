"""A paper ballot: one page, large type, for whoever would rather write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typst import TypstError

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import plain
from analysis.render.sheets import typeset
from analysis.workshop.questions import SCALE_POINTS, Question
from analysis.workshop.state import State

TEMPLATE = Path(__file__).parent / "ballot.typ"
# From the largest type to the smallest, in points.
SIZES_PT = [16.0, 15.5, 15.0, 14.5, 14.0, 13.5, 13.0, 12.5, 12.0]
WRITTEN_IN = 12
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
    questions = [_data(state.questions[each].question) for each in ids]
    if not questions:
        raise _no_page("no question")
    ballot = {
        "title": plain(state.title),
        "notice": f"{plain(state.purpose)} Please write no name on this sheet. Your answers are entered under the "
        f"number below, kept for {state.keep_days} days after the workshop closes, then deleted.",
        "questions": questions,
        "foot": f"Number of this sheet (for the facilitator): {'_' * 8}",
        "sizes_pt": SIZES_PT,
    }
    inputs = {"ballot": json.dumps(ballot, ensure_ascii=False)}
    try:
        return typeset(TEMPLATE.read_bytes(), inputs, "pdf", timestamp=0, pdf_standards=["ua-1"])
    except TypstError as error:
        if "too long for one page" not in str(error):
            raise
        raise _no_page(f"{len(questions)} questions do not fit in {SIZES_PT[-1]:g}-point type") from error


def _no_page(found: str) -> HubreachError:
    remedy = "Choose fewer questions for a sheet, and print a second one"
    return HubreachError(
        "The ballot does not make one page.", [Fault("paper ballot", None, None, found, remedy)]
    )


def _data(question: Question) -> dict[str, Any]:
    """A question as the template reads it."""
    lines = _lines(question)
    in_columns = question.kind not in {"dots", "scale"} and len(lines) > 4 and max(map(len, lines)) <= 30
    return {
        "prompt": plain(question.prompt),
        "kind": question.kind,
        "hints": [plain(hint) for hint in _hints(question)],
        "lines": lines,
        "columns": 2 if in_columns else 1,
    }


def _hints(question: Question) -> list[str]:
    said = [question.help] if question.help else []
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


def _lines(question: Question) -> list[str]:
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
    return (
        [f"Write its name: {PAPER_LINE}"]
        if len(labels) > WRITTEN_IN
        else [f"{BOX} {label}" for label in labels]
    )
