"""What panels and partners have entered: an appraisal, a cohort's plan, money shared out by need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pandas as pd

from analysis.base.faults import FaultList
from analysis.commissioning import figures
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.allocation import AllocationPlan, allocation_view, find_recipients
from analysis.commissioning.appraisal import (
    Appraisal,
    appraisal_view,
    ranking_table,
    read_appraisal,
    scored_count,
)
from analysis.commissioning.cohort import CohortPlan, funding_parts, payback_view, read_cohort_plan
from analysis.commissioning.contract import contract_needs, read_contract
from analysis.commissioning.storage import record_files
from analysis.places.place import Place
from analysis.render.theme import pounds
from analysis.report.content import Block, Chart, Heading, Paragraph, Section, Table, unmarked
from analysis.report.manifest import PackRequest
from analysis.report.sections.material import MOST_BARS, Material

HORIZON_YEARS, CONCENTRATION, SCORE_SD = 10, 30.0, 0.1
SCORE_HEADS = {
    "alternative": "Alternative",
    "criterion": "Criterion",
    "weight": "Weight",
    "score": "Score",
    "reason": "Reason",
}
RANKING_HEADS = {
    "alternative": "Alternative",
    "rank": "Rank",
    "total": "Points of 100",
    "p_first": "First, % of runs",
}


def appraisal_section(material: Material) -> Section:
    """Every appraisal of the place: ranked where it is complete, else what is scored so far."""
    kept = {
        key: read_appraisal(path) for key, path in record_files(material.place.folder, "appraisals").items()
    }
    scored = {key: each for key, each in kept.items() if scored_count(each)[0]}
    _refuse(scored, appraisal_blanks(material.place, material.request), "There is no appraisal to show.")
    blocks: list[Block] = []
    messages = []
    for key, appraisal in scored.items():
        words, shown = _appraised(appraisal)
        blocks += [Heading(appraisal.name), Paragraph(f"appraisal.{key}", words), *shown]
        messages.append(words)
    return Section("appraisal", "Appraisal: alternatives considered", messages[0], tuple(blocks))


def appraisal_blanks(place: Place, _request: PackRequest) -> list[str]:
    """Appraisals without a single score."""
    kept = [read_appraisal(path) for path in record_files(place.folder, "appraisals").values()]
    blank = [f"{each.name} has no score yet" for each in kept if not scored_count(each)[0]]
    return blank or ([] if kept else ["the place has no appraisal"])


def _appraised(appraisal: Appraisal) -> tuple[str, list[Block]]:
    source = f"{appraisal.source}. Scores and weights as the panel gave them."
    if appraisal.blanks():
        given, needed = scored_count(appraisal)
        sheet = appraisal.sheet().dropna(subset=["score"])
        words = f"**{appraisal.name}** is scored in part: {given} of {needed} scores are given, so nothing is ranked."
        title = f"{given} of {needed} scores are given"
        forms = {"weight": ".0%"}
        return words, [Table(f"appraisal scores {appraisal.name}", title, sheet, SCORE_HEADS, source, forms)]
    view = appraisal_view(appraisal, CONCENTRATION, SCORE_SD)
    words = commissioning_words.appraisal_sentence(view, {name: name for name in appraisal.alternative_names})
    ranking = ranking_table(view).reset_index()
    forms = {"total": ".0f", "p_first": ".0f"}
    chart = Chart(
        f"appraisal points {appraisal.name}",
        lambda style: figures.first_place_bars(
            view.stability,
            style,
            title=f"{view.winner} comes first",
            subtitle="share of simulated weights and scores in which each alternative comes first",
        ),
        view.stability.reset_index(),
        source,
    )
    table = Table(
        f"appraisal ranking {appraisal.name}", "Points and places", ranking, RANKING_HEADS, source, forms
    )
    return words, [chart, table]


def cohort_section(material: Material) -> Section:
    """Every cohort's plan: who pays when, and what it is expected to avoid."""
    kept = {
        key: read_cohort_plan(path) for key, path in record_files(material.place.folder, "cohorts").items()
    }
    given = {key: plan for key, plan in kept.items() if not plan.blanks()}
    _refuse(given, cohort_blanks(material.place, material.request), "There is no cohort to show.")
    blocks: list[Block] = []
    messages = []
    for key, plan in given.items():
        paid = commissioning_words.cohort_sentence(plan, plan.name, None)
        words = f"{paid}{commissioning_words.payback_sentence(payback_view(plan, HORIZON_YEARS))}"
        blocks += [Heading(plan.name), Paragraph(f"cohort.{key}", words), *_funding(plan)]
        messages.append(words)
    return Section("cohort", "Cohort: who pays, and what it avoids", messages[0], tuple(blocks))


def cohort_blanks(place: Place, _request: PackRequest) -> list[str]:
    """Plans that nobody has filled in."""
    kept = [read_cohort_plan(path) for path in record_files(place.folder, "cohorts").values()]
    blank = [f"{plan.name}: {len(plan.blanks())} entries are blank" for plan in kept if plan.blanks()]
    return blank or ([] if kept else ["the place has no cohort's plan"])


def _funding(plan: CohortPlan) -> Iterator[Block]:
    parts = funding_parts(plan)
    parts = parts.assign(amount=[pounds(float(amount)) for amount in parts["amount_gbp"]])
    heads = {"year_label": "Year", "part": "Partner", "amount": "Amount"}
    yield Table(f"cohort funding {plan.name}", "Who pays in which year", parts, heads, f"{plan.source}.")


def allocation_section(material: Material) -> Section:
    """A contract's yearly value shared over wards by need alone."""
    contracts = [read_contract(path) for path in record_files(material.place.folder, "contracts").values()]
    costed = {each.name: each for each in contracts if not contract_needs(each)}
    _refuse(costed, allocation_blanks(material.place, material.request), "There is no money to share.")
    contract = next(iter(costed.values()))
    plan = AllocationPlan(
        name=contract.name,
        envelope_gbp=Decimal(int(contract.annual_value_gbp or 0)),
        by="ward",
        weights={material.tier: Decimal(1)},
    )
    view = allocation_view(plan, find_recipients(material.estimate, "ward", material.reach.sites))
    need_words = f"estimated need of {material.tier_name(material.tier).lower()}"
    words = commissioning_words.allocation_sentence(view, need_words, ("ward", "wards"))
    source = (
        f"{material.source} {contract.source} The yearly value, shared by need alone: no floor, no limit."
    )
    table = view.table.reset_index()
    shown = table.head(MOST_BARS)
    blocks: list[Block] = [
        Paragraph("allocation.answer", words),
        Chart(
            "allocation",
            lambda style: figures.allocation_bars(
                shown.set_index("area_code"),
                style,
                title=f"{table['area_name'].iloc[0]} gets most, {pounds(float(table['allocation_gbp'].iloc[0]))}",
                subtitle=f"{len(shown)} of {len(table)} wards, pounds of {pounds(view.envelope_gbp)} a year",
            ),
            table,
            source,
        ),
        Table(
            "allocation table",
            f"{pounds(view.envelope_gbp)} a year by ward",
            pd.DataFrame(table),
            {
                "area_name": "Ward",
                "need": "Need",
                "share": "Share of need",
                "allocation_gbp": "Pounds a year",
            },
            source,
            {"need": ",.0f", "share": ".1%", "allocation_gbp": ",.0f"},
            detail=True,
        ),
    ]
    return Section("allocation", "Allocation: money by need", words, tuple(blocks))


def allocation_blanks(place: Place, _request: PackRequest) -> list[str]:
    """Why there is nothing to share."""
    contracts = [read_contract(path) for path in record_files(place.folder, "contracts").values()]
    if any(not contract_needs(each) for each in contracts):
        return []
    return [f"{each.name} has no yearly value yet" for each in contracts] or ["the place has no contract"]


def _refuse(given: Mapping[str, object], blanks: list[str], headline: str) -> None:
    """Say what is blank where nothing is left to show.

    Raises
    ------
    HubreachError
    """
    if given:
        return
    faults = FaultList("commissioning")
    for blank in blanks:
        faults.add(unmarked(blank), "Fill it in on the page Commissioning and save it")
    faults.raise_if_any(headline)
