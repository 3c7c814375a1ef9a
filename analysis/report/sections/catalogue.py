"""The sections that a pack can have, in their usual order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.report.content import Section
from analysis.report.sections.cost import cost_section
from analysis.report.sections.data import data_section
from analysis.report.sections.material import Material
from analysis.report.sections.method import method_section
from analysis.report.sections.need import need_section
from analysis.report.sections.plans import equality_section, options_section, under_fives_section
from analysis.report.sections.reach import reach_section
from analysis.report.sections.targeting import targeting_section
from analysis.report.sections.workshop import workshop_section


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
    "reach": SectionKind("Reach", "Who can reach a hub, by area and deprivation; the sites", reach_section),
    "options": SectionKind("Options", "Plans side by side; who gains and who loses", options_section),
    "under-fives": SectionKind(
        "Under-fives statement",
        "For a statutory consultation: before and after, by ward",
        under_fives_section,
    ),
    "equality": SectionKind("Equality", "Groups of people and areas, by option", equality_section),
    "cost": SectionKind("Cost", "Contracts by year and length, and the cost of a family", cost_section),
    "workshop": SectionKind("Workshop record", "What was asked and answered", workshop_section),
    "method": SectionKind("Method", "Formulas, limits, every parameter", method_section),
    "data": SectionKind("Data and checks", "Sources with licence, checks, decisions", data_section),
}

# Where a single figure is looked for.
DRAWN_SECTIONS = tuple(key for key in SECTIONS if key not in {"workshop", "method", "data"})
