"""What a contract costs, year by year and over its lengths, and what it costs a family."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from analysis.base.faults import FaultList
from analysis.commissioning import contract as commissioning_contract
from analysis.commissioning import figures
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.contract import (
    GAP,
    GREEN_BOOK,
    Contract,
    ContractView,
    read_contract,
    service_denominators,
)
from analysis.commissioning.storage import record_files
from analysis.places.place import Place
from analysis.render.number_words import number_word
from analysis.render.theme import pounds
from analysis.report.content import Block, Chart, Heading, Paragraph, Section, Table, unmarked
from analysis.report.manifest import PackRequest
from analysis.report.sections.material import Material

LENGTH_HEADS = {"label": "Length", "years": "Years", "cash": "Cash", "present_value": "Present value"}
UNIT_HEADS = {"label": "For each", "cost": "A year", "range": "Range"}


def cost_section(material: Material) -> Section:
    """Every contract of the place that is filled in."""
    contracts = {
        path.stem: read_contract(path) for path in record_files(material.place.folder, "contracts").values()
    }
    costed = {
        key: contract
        for key, contract in contracts.items()
        if not commissioning_contract.contract_needs(contract)
    }
    if not costed:
        faults = FaultList("contracts")
        for blank in cost_blanks(material.place, material.request):
            faults.add(blank, "Fill it in on the page Commissioning and save it")
        faults.raise_if_any("There is no cost to show.")
    blocks: list[Block] = []
    messages = []
    for key, contract in costed.items():
        view = commissioning_contract.contract_view(contract)
        words = commissioning_words.contract_sentence(view, GREEN_BOOK, contract.name)
        blocks += [
            Heading(contract.name),
            Paragraph(f"cost.{key}", words),
            *_contract(material, contract, view),
        ]
        messages.append(words)
    return Section(
        "cost", "Cost: what it costs, and for whom", messages[0], tuple(blocks), tuple(messages[1:])
    )


def cost_blanks(place: Place, _request: PackRequest) -> list[str]:
    """The contracts that are not filled in, each with what is blank: a paper leaves them out."""
    said = []
    for path in record_files(place.folder, "contracts").values():
        contract = read_contract(path)
        blanks = commissioning_contract.contract_needs(contract)
        if blanks:
            said.append(unmarked(commissioning_words.needs_sentence(contract.name, "costed", blanks)))
    return said or ([] if record_files(place.folder, "contracts") else ["the place has no contract"])


def _contract(material: Material, contract: Contract, view: ContractView) -> Iterator[Block]:
    source = f"{contract.source} {_terms()}".strip()
    years = view.schedule
    yield Chart(
        f"cost years {contract.name}",
        lambda style: figures.year_stacks(
            view.parts,
            style,
            title=f"{pounds(float(view.cash_gbp))} in cash over {number_word(contract.years)} years",
            subtitle="pounds a year, in cash",
            order=commissioning_contract.part_order(contract),
            hollow=GAP,
        ),
        view.parts,
        source,
    )
    lengths = pd.DataFrame(
        {
            "label": view.scenarios["label"],
            "years": view.scenarios["years"],
            "cash": [pounds(float(value)) for value in view.scenarios["cash_gbp"]],
            "present_value": [pounds(float(value)) for value in view.scenarios["present_value_gbp"]],
        }
    )
    full = years.astype({name: float for name in years.columns if name.endswith("_gbp")})
    yield Table(f"cost lengths {contract.name}", "Totals by length", lengths, LENGTH_HEADS, source, data=full)
    yield from _unit_costs(material, contract, source)


def _unit_costs(material: Material, contract: Contract, source: str) -> Iterator[Block]:
    annual = Decimal(contract.annual_value_gbp or 0)
    tiers = material.estimate.settings.tiers
    costs = commissioning_contract.unit_cost_view(annual, service_denominators(material.estimate), tiers)
    known = costs.dropna(subset=["cost_gbp"])
    table = pd.DataFrame(
        {
            "label": known["label"],
            "cost": [f"£{value:,.0f}" for value in known["cost_gbp"]],
            "range": [
                f"£{low:,.0f} to £{high:,.0f}"
                for low, high in zip(known["cost_low_gbp"], known["cost_high_gbp"], strict=True)
            ],
        }
    )
    title = f"What {pounds(float(annual))} a year is for each child and family"
    full = known.astype({name: float for name in known.columns if name.endswith("_gbp")})
    yield Table(
        f"unit costs {contract.name}", title, table, UNIT_HEADS, f"{source} {material.source}", data=full
    )


def _terms() -> str:
    return f"Present value at {GREEN_BOOK.rate_percent:f}% a year, real (HM Treasury Green Book)."
