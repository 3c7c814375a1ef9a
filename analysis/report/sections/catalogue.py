"""The sections that a pack can have, in their usual order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.places.place import Place
from analysis.report.content import Section
from analysis.report.manifest import PackRequest
from analysis.report.sections.benchmark import benchmark_section
from analysis.report.sections.commissioned import (
    allocation_blanks,
    allocation_section,
    appraisal_blanks,
    appraisal_section,
    cohort_blanks,
    cohort_section,
)
from analysis.report.sections.cost import cost_blanks, cost_section
from analysis.report.sections.data import data_section
from analysis.report.sections.material import Material
from analysis.report.sections.method import method_section
from analysis.report.sections.need import need_section
from analysis.report.sections.plans import equality_section, options_section, under_fives_section
from analysis.report.sections.reach import reach_section
from analysis.report.sections.siting import siting_section
from analysis.report.sections.targeting import targeting_section
from analysis.report.sections.workshop import workshop_section


def _nothing_blank(_place: Place, _request: PackRequest) -> list[str]:
    """What of a section is blank: nothing."""
    return []


@dataclass(frozen=True)
class SectionKind:
    """One kind of section: its title, what is in it, what builds it, and what of it is blank and left out."""

    title: str
    words: str
    build: Callable[[Material], Section]
    blanks: Callable[[Place, PackRequest], list[str]] = _nothing_blank


SECTIONS = {
    "need": SectionKind("Need", "Children and families in each tier, by area, with ranges", need_section),
    "targeting": SectionKind(
        "Targeting", "Smallest set, the council's named areas, hot spots", targeting_section
    ),
    "reach": SectionKind("Reach", "Who can reach a hub, by area and deprivation; the sites", reach_section),
    "siting": SectionKind(
        "Siting", "The best sites, the proof, the next best, each further site", siting_section
    ),
    "benchmark": SectionKind(
        "Benchmark", "What is published beside what deprivation predicts", benchmark_section
    ),
    "options": SectionKind("Options", "Plans side by side; who gains and who loses", options_section),
    "under-fives": SectionKind(
        "Under-fives statement",
        "For a statutory consultation: before and after, by ward",
        under_fives_section,
    ),
    "equality": SectionKind("Equality", "Groups of people and areas, by option", equality_section),
    "cost": SectionKind(
        "Cost", "Contracts by year and length, and the cost of a family", cost_section, cost_blanks
    ),
    "allocation": SectionKind(
        "Allocation", "A contract's yearly value by ward, by need", allocation_section, allocation_blanks
    ),
    "cohort": SectionKind("Cohort", "Who pays when, and what it avoids", cohort_section, cohort_blanks),
    "appraisal": SectionKind(
        "Appraisal",
        "Alternatives on weighted criteria, also half scored",
        appraisal_section,
        appraisal_blanks,
    ),
    "workshop": SectionKind("Workshop record", "What was asked and answered", workshop_section),
    "method": SectionKind("Method", "Formulas, limits, every parameter", method_section),
    "data": SectionKind("Data and checks", "Sources with licence, checks, decisions", data_section),
}

# Where a single figure is looked for.
DRAWN_SECTIONS = tuple(key for key in SECTIONS if key not in {"workshop", "method", "data", "siting"})
