"""A paper ballot: one page, large type, for whoever would rather write."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Spacer, Table

from analysis.base.faults import Fault, HubreachError
from analysis.workshop.questions import SCALE_POINTS, Kind, Question
from analysis.workshop.state import State

FONT, BOLD = "DejaVuSans", "DejaVuSans-Bold"
BODY_PT, SMALLEST_PT = 16.0, 12.0
MARGIN = 16 * mm
PAPER_HEIGHT_PT = A4[1] - 2 * MARGIN - 12
PAPER_WIDTH_PT = A4[0] - 2 * MARGIN - 12
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
    chosen = [state.questions[each].question for each in ids]
    size = BODY_PT
    while size >= SMALLEST_PT:
        flowables = _sheet(state, chosen, size)
        if chosen and _height(flowables) <= PAPER_HEIGHT_PT:
            return _render(state.title, flowables)
        size -= 0.5
    found = f"{len(chosen)} questions do not fit in {SMALLEST_PT:g}-point type" if chosen else "no question"
    fault = Fault(
        "paper ballot", None, None, found, "Choose fewer questions for a sheet, and print a second one"
    )
    raise HubreachError("The ballot does not make one page.", [fault])


@cache
def _register_fonts() -> None:
    """DejaVu Sans comes with matplotlib, has the boxes and rings, and most of Europe's letters."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))


def _render(title: str, flowables: list[Flowable]) -> bytes:
    written = io.BytesIO()
    document = SimpleDocTemplate(
        written,
        pagesize=A4,
        title=title,
        author="Hubreach",
        lang="en-GB",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    document.build(flowables)
    return written.getvalue()


def _height(flowables: list[Flowable]) -> float:
    return sum(each.wrap(PAPER_WIDTH_PT, PAPER_HEIGHT_PT)[1] + _space(each) for each in flowables)


def _space(flowable: Flowable) -> float:
    return float(flowable.getSpaceBefore() + flowable.getSpaceAfter())


def _sheet(state: State, questions: list[Question], size: float) -> list[Flowable]:
    _register_fonts()
    notice = (
        f"{state.purpose} Please write no name on this sheet. Your answers are entered under the number below, "
        f"kept for {state.keep_days} days after the workshop closes, then deleted."
    )
    top: list[Flowable] = [_text(state.title, size * 1.3, bold=True), _text(notice, size * 0.8)]
    for number, question in enumerate(questions, start=1):
        top.append(
            HRFlowable(
                width="100%", thickness=0.8, color="#767676", spaceBefore=size * 0.4, spaceAfter=size * 0.3
            )
        )
        top.append(_text(f"{number}. {question.prompt}", size, bold=True))
        top += [_text(hint, size * 0.8) for hint in _hints(question)]
        top += BODIES[question.kind](question, size)
    top += [
        Spacer(1, size * 0.6),
        _text(f"Number of this sheet (for the facilitator): {'_' * 8}", size * 0.8),
    ]
    return top


def _text(words: str, size: float, *, bold: bool = False) -> Paragraph:
    style = ParagraphStyle("ballot", fontName=BOLD if bold else FONT, fontSize=size, leading=size * 1.25)
    return Paragraph(html.escape(words), style)


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


def _ticks(question: Question, size: float) -> list[Flowable]:
    if len(question.items) > WRITTEN_IN:
        return [_text(f"Write its name: {PAPER_LINE}", size)]
    return _lines([f"{BOX} {item.label}" for item in question.items], size)


def _lines(lines: list[str], size: float) -> list[Flowable]:
    """One line an item; two columns where there are more than four short ones."""
    if len(lines) <= 4 or max(map(len, lines)) > 30:
        return [_text(line, size) for line in lines]
    half = (len(lines) + 1) // 2
    cells = [
        [_text(line, size) for line in pair] for pair in zip(lines[:half], [*lines[half:], ""], strict=False)
    ]
    table: Any = Table(cells, colWidths=[PAPER_WIDTH_PT / 2] * 2, hAlign="LEFT")
    table.setStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0)])
    return [table]


def _scale(question: Question, size: float) -> list[Flowable]:
    points = "     ".join(f"{BOX} {point}" for point in SCALE_POINTS)
    return [_text(f"{question.low_label}   {points}   {question.high_label}".strip(), size)]


def _dots(question: Question, size: float) -> list[Flowable]:
    return [_text(f"{RING * question.dots_per_item}  {item.label}", size) for item in question.items]


def _ranks(question: Question, size: float) -> list[Flowable]:
    return _lines([f"____ {item.label}" for item in question.items], size)


def _writing(_question: Question, size: float) -> list[Flowable]:
    return [
        HRFlowable(width="100%", thickness=0.6, color="#767676", spaceBefore=size * 1.6) for _ in range(3)
    ]


BODIES: dict[Kind, Callable[[Question, float], list[Flowable]]] = {
    "dots": _dots,
    "ranking": _ranks,
    "single": _ticks,
    "multiple": _ticks,
    "scale": _scale,
    "place": _ticks,
    "text": _writing,
}
