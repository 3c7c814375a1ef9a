"""A pack as a paper: findings, numbered figures and tables, who refers to which, notes on sources, appendices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Literal

from analysis.base.text import date_words
from analysis.report.content import Chart, Heading, Map, Pack, Paragraph, Section, Table
from analysis.report.pictures import Pictures, picture_source

Label = Literal["Figure", "Table"]
Reference = tuple[Label, int]
Shown = Chart | Map | Table
FINDINGS, NOTES, NOTES_AT = "Findings", "Sources and assumptions", "Appendix A"
NOTES_LEAD = "Each figure and table names the note that holds its source. An estimate is never without its assumptions: they are here."


@dataclass(frozen=True, eq=False)
class Paper:
    """What the writers of Word and PDF share.

    Parameters
    ----------
    pack : Pack
        As it is read.
    body, appendices : tuple of Section
    numbers : dict of int to Reference
        Label and number of a figure or table, by its identity.
    mentions : dict of int to tuple of Reference
        What a paragraph introduces, by its identity.
    notes : dict of str to int
        Number of each full source, in the order in which they are met.
    """

    pack: Pack
    body: tuple[Section, ...]
    appendices: tuple[Section, ...]
    numbers: dict[int, Reference]
    mentions: dict[int, tuple[Reference, ...]]
    notes: dict[str, int]

    @property
    def findings(self) -> list[str]:
        """Every finding, in the order of the sections."""
        return [finding for section in self.body for finding in section.findings]

    @property
    def contents(self) -> list[str]:
        """Every section with its number, as the heading has it."""
        body = [f"{number} {section.title}" for number, section in enumerate(self.body, 1)]
        titles = [*([NOTES] if self.notes else []), *(section.title for section in self.appendices)]
        return body + [
            f"Appendix {letter} {title}" for letter, title in zip(ascii_uppercase, titles, strict=False)
        ]

    def note(self, block: Shown) -> tuple[str, int]:
        """What the figures of a block are, in two words, and the number of their source."""
        source = source_of(block)
        kind = (
            "Counted. "
            if "Counted, not modelled" in source
            else "Estimated. "
            if "Modelled" in source
            else ""
        )
        return kind, self.notes.get(source, 0)


def paper_of(pack: Pack, pictures: Pictures) -> Paper:
    """Number the figures and tables that can be drawn, and gather their sources."""
    shown = pack.as_read()
    body = tuple(section for section in shown.sections if not section.is_appendix)
    appendices = tuple(section for section in shown.sections if section.is_appendix)
    numbers: dict[int, Reference] = {}
    mentions: dict[int, tuple[Reference, ...]] = {}
    notes: dict[str, int] = {}
    counts: dict[Label, int] = {"Figure": 0, "Table": 0}
    for section in (*body, *appendices):
        lead: Paragraph | None = None
        for block in section.blocks:
            if isinstance(block, Heading):
                lead = None
            elif isinstance(block, Paragraph):
                lead = block
            elif isinstance(block, Chart | Map | Table):
                if not isinstance(block, Table) and pictures.missing(block):
                    continue
                label: Label = "Table" if isinstance(block, Table) else "Figure"
                counts[label] += 1
                numbers[id(block)] = (label, counts[label])
                if source_of(block):
                    notes.setdefault(source_of(block), len(notes) + 1)
                if lead is not None:
                    mentions[id(lead)] = (*mentions.get(id(lead), ()), (label, counts[label]))
    pictures.ahead(block for _, block in shown.blocks())
    return Paper(shown, body, appendices, numbers, mentions, notes)


def front_line(pack: Pack) -> str:
    """What a paper stands on, under its title: figures, scenario, date."""
    parts = [pack.subtitle, pack.scenario, f"Made {date_words(pack.made)}"]
    return f"{'. '.join(part.rstrip('.') for part in parts if part)}."


def source_of(block: Shown) -> str:
    """Source and assumptions of a figure or table, in full."""
    return block.source if isinstance(block, Table) else picture_source(block)


def note_texts(notes: Iterable[str]) -> list[str]:
    """The notes as they are printed: one that begins as an earlier one says only what it adds.

    >>> note_texts(["Source: Census.", "Source: Census. Walk, 20 minutes."])
    ['Census.', 'As note 1, and: Walk, 20 minutes.']
    """
    known: list[str] = []
    texts = []
    for note in notes:
        start, number = _longest_start(known, note)
        rest = note[len(start) :].strip() if start else note.removeprefix("Source: ")
        texts.append(f"As note {number}, and: {rest}" if start else rest)
        known.append(note)
    return texts


def _longest_start(known: Sequence[str], note: str) -> tuple[str, int]:
    starts = [(text, number) for number, text in enumerate(known, 1) if note.startswith(f"{text} ")]
    return max(starts, key=lambda found: len(found[0]), default=("", 0))
