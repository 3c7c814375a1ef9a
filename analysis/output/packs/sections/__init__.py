"""The sections that a pack can have, in their usual order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.output.packs.content import Section
from analysis.output.packs.sections.data import data_section
from analysis.output.packs.sections.material import Material
from analysis.output.packs.sections.method import method_section
from analysis.output.packs.sections.need import need_section
from analysis.output.packs.sections.targeting import targeting_section


@dataclass(frozen=True)
class SectionKind:
    """One kind of section: its title, what is in it, and what builds it."""

    title: str
    words: str
    build: Callable[[Material], Section]


SECTIONS = {
    "need": SectionKind("Need", "Children and families in each tier, by area, with ranges", need_section),
    "targeting": SectionKind(
        "Targeting", "Smallest set, the council's named areas, hot spots", targeting_section
    ),
    "method": SectionKind("Method and parameter log", "Formulas, limits, every parameter", method_section),
    "data": SectionKind("Data sources and checks", "Sources with licence, checks, decisions", data_section),
}

__all__ = ["SECTIONS", "Material", "SectionKind"]
