"""Where sites should go: the best set with its proof, the next best, and what each further site buys."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from analysis.base.faults import FaultList
from analysis.reach.answer import straight_travel
from analysis.render.estimates import rounded_estimates
from analysis.report.content import Block, Chart, Heading, Map, Paragraph, Section, Table, unmarked
from analysis.report.sections.material import Material
from analysis.siting import tables as siting_tables
from analysis.siting import words as siting_words
from analysis.siting.answer import best_sets
from analysis.siting.figures import frontier_line
from analysis.siting.frontier import siting_frontier
from analysis.siting.maps import assignment_map
from analysis.siting.models.model import Solution
from analysis.siting.problem import PlaceProblem, SitingTerms, place_problem

NEXT_BEST, MOST_SITES = 3, 8
CHOSEN_HEADS = {
    "name": "Site",
    "kind": "Today",
    "need_within": "Need within reach",
    "need_only_here": "by this site alone",
    "need_assigned": "Need nearest",
}
SET_HEADS = {"rank": "Rank", "sites": "Sites", "objective": "Need within reach", "gives_up_share": "Gives up"}
SET_FORMS = {"objective": ",.0f", "gives_up_share": ".1%"}


def siting_section(material: Material) -> Section:
    """The sites that reach most need, on the scenario's own terms of travel."""
    problem = siting_problem(material)
    # How long a proof took says something of the machine, not of the place.
    found = [replace(each, seconds=math.nan) for each in best_sets(problem, 1 + NEXT_BEST)]
    best = found[0]
    message = siting_words.siting_sentence(problem, best)
    if math.isnan(best.objective):
        faults = FaultList("siting")
        faults.add(unmarked(message), "Ask for another number of sites, or for more minutes")
        faults.raise_if_any("No set of sites answers the question.")
    source = f"{material.source} Sites: {siting_words.question_words(problem)}. {problem.travel.words}."
    blocks = [
        *_best(material, problem, best, source),
        *_next(problem, found, source),
        *_further(problem, source),
    ]
    return Section("siting", "Siting: where sites should go", message, tuple(blocks))


def siting_problem(material: Material) -> PlaceProblem:
    """What is asked: the request's number of sites, on the minutes, travel and tier of its scenario."""
    terms = SitingTerms(
        p=material.request.choose, radius_minutes=material.reach.minutes, weight=material.tier
    )
    travel = straight_travel(material.place, material.sites, material.reach.settings)
    return place_problem(material.estimate, material.sites, travel, terms)


def _best(material: Material, problem: PlaceProblem, best: Solution, source: str) -> Iterator[Block]:
    yield Paragraph("siting.question", f"The question: {siting_words.question_words(problem)}.")
    yield Paragraph("siting.answer", siting_words.siting_sentence(problem, best))
    yield Paragraph("siting.proof", siting_words.proof(best))
    drawn = assignment_map(problem, best, source)
    sheet = replace(drawn.sheet, title=unmarked(siting_words.achieved(problem, best)).rstrip("."))
    yield Map(
        "map siting",
        material.shapes,
        drawn.paint,
        sheet,
        drawn.numbers.reset_index(),
        sites=drawn.sites,
    )
    chosen = siting_tables.chosen_table(problem, best)
    forms = dict.fromkeys(("need_within", "need_only_here", "need_assigned"), ",.0f")
    title = f"What each site brings ({siting_words.weight_words(problem)}, estimated)"
    yield Table(
        "siting sites",
        title,
        rounded_estimates(chosen),
        CHOSEN_HEADS,
        source,
        forms,
        chosen.reset_index(),
    )


def _next(problem: PlaceProblem, found: list[Solution], source: str) -> Iterator[Block]:
    best, *others = [solution for solution in found if not math.isnan(solution.objective)]
    if not others:
        return
    table = siting_tables.readable_sets(problem, [best, *others]).reset_index()
    first = float(table["gives_up_share"].iloc[1])
    yield Heading("The next-best sets")
    yield Paragraph(
        "siting.next",
        f"The second-best set gives up {first:.1%} of what the best reaches. "
        f"{siting_words.swap_words(problem, best, others[0])}",
    )
    shown = table.assign(objective=table["objective"].round(-1))
    yield Table("siting sets", "The best set and the next best", shown, SET_HEADS, source, SET_FORMS, table)


def _further(problem: PlaceProblem, source: str) -> Iterator[Block]:
    found = siting_frontier(problem, range(1, MOST_SITES + 1))
    words = siting_words.frontier_words(problem, found)
    at = str(problem.terms.p) if str(problem.terms.p) in found.points.index else str(found.points.index[0])
    yield Heading("What each further site buys")
    yield Paragraph("siting.frontier", f"{words.title}. {words.subtitle[:1].upper()}{words.subtitle[1:]}.")
    yield Chart(
        "siting frontier",
        lambda style: frontier_line(found.points, style, words, at=at),
        found.points.reset_index(),
        source,
    )
