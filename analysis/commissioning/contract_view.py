"""The numbers behind the contract and the unit costs: year by year, by scenario, by who pays, for each family."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.commissioning.assumptions import Assumption, parameter_log
from analysis.commissioning.contracts import CERTAINTIES, Contract
from analysis.commissioning.money import total_pounds
from analysis.commissioning.schedules import (
    CONTRACT_YEARS,
    GREEN_BOOK,
    GREEN_BOOK_RATE_PERCENT,
    Discounting,
    YearBasis,
    anniversary,
    scenarios,
    schedule,
)
from analysis.commissioning.unit_costs import Denominator, unit_costs
from analysis.places.manifest import Tier

TERM, GAP = "Term", "No funding named"
FINANCE = "the council's finance officer"


@dataclass(frozen=True, eq=False)
class ContractView:
    """A contract worked out: every figure of its page.

    Parameters
    ----------
    contract : Contract
    schedule : DataFrame
        `analysis.commissioning.schedules.schedule`, exact.
    parts : DataFrame
        What a year's bar is made of: `year_label`, `part`, `amount_gbp` (float), in order of drawing.
    scenarios : DataFrame
        Totals by length, with `label` and `chosen`.
    funding : DataFrame
        Total by certainty over all years: `certainty`, `amount_gbp`; empty where no line has an amount.
    cash_gbp, present_value_gbp : Decimal
        Totals.
    gap_gbp, gap_without_at_risk_gbp : Decimal or None
        What no funding line covers in the years that have a gap; None without lines, or with a blank one.
    """

    contract: Contract
    schedule: pd.DataFrame
    parts: pd.DataFrame
    scenarios: pd.DataFrame
    funding: pd.DataFrame
    cash_gbp: Decimal
    present_value_gbp: Decimal
    gap_gbp: Decimal | None
    gap_without_at_risk_gbp: Decimal | None


def contract_needs(contract: Contract) -> tuple[Assumption, ...]:
    """What has to be filled in before the contract can be costed; a blank funding line does not stop it."""
    return tuple(b for b in contract.blanks() if not b.parameter.startswith("funding: "))


def contract_view(
    contract: Contract,
    discounting: Discounting = GREEN_BOOK,
    basis: YearBasis = CONTRACT_YEARS,
    *,
    without_at_risk: bool = False,
) -> ContractView:
    """Work a contract out.

    Parameters
    ----------
    without_at_risk : bool
        Draw the years as if the funding lines at risk were gone.

    Raises
    ------
    HubreachError
        If a figure that it needs is blank.
    """
    table = schedule(contract, discounting=discounting, basis=basis)
    lengths = scenarios(_indexed_in_full(contract), discounting=discounting, basis=basis)
    taken = sum(extension.taken for extension in contract.extensions)
    lengths = lengths.assign(
        label=[_length_words(n, years) for n, years in enumerate(lengths["years"])],
        chosen=lengths["extensions_taken"] == taken,
    )
    return ContractView(
        contract,
        table,
        year_parts(contract, table, without_at_risk=without_at_risk),
        lengths,
        _funding_totals(contract, table),
        _sum(table["cash_gbp"]),
        _sum(table["present_value_gbp"]),
        _shortfall(table, "gap_gbp"),
        _shortfall(table, "gap_without_at_risk_gbp"),
    )


def year_parts(contract: Contract, table: pd.DataFrame, *, without_at_risk: bool = False) -> pd.DataFrame:
    """What each year is paid from, by certainty; by term and extension where no funding is entered."""
    rows: list[tuple[str, str, float]] = []
    labels = [_year_label(row) for row in table.to_dict("records")]
    for label, row in zip(labels, table.to_dict("records"), strict=True):
        if not _funded(contract, table):
            rows.append((label, _phase(contract, row["start"]), float(row["cash_gbp"])))
            continue
        for certainty in CERTAINTIES:
            paid = [row[line.column] for line in contract.funding if line.certainty == certainty]
            if paid and not (without_at_risk and certainty == "at risk"):
                rows.append((label, certainty.capitalize(), float(sum(paid))))
        gap = row["gap_without_at_risk_gbp" if without_at_risk else "gap_gbp"]
        rows.append((label, GAP, max(0.0, float(gap))))
    return pd.DataFrame(rows, columns=["year_label", "part", "amount_gbp"])


def part_order(contract: Contract) -> tuple[str, ...]:
    """Every part that a year's bar can have, in order of drawing: the domain of its colours."""
    phases = [TERM, *(f"Extension {n}" for n in range(1, len(contract.extensions) + 1))]
    return (*phases, *(c.capitalize() for c in CERTAINTIES), GAP)


def discounting_log(discounting: Discounting, basis: YearBasis) -> pd.DataFrame:
    """Parameter log of how cash becomes present value."""
    standard = discounting.rate_percent == GREEN_BOOK_RATE_PERCENT
    points = [
        Assumption(
            parameter="discount rate, % a year, real",
            value=f"{discounting.rate_percent:f}",
            reason="HM Treasury Green Book" if standard else "Entered on the page",
            confirm_with=FINANCE,
        ),
        Assumption(
            parameter="inflation taken out of cash, % a year",
            value=f"{discounting.inflation_percent:f}",
            reason="0 takes the cash as real already" if not discounting.inflation_percent else "Entered",
            confirm_with=FINANCE,
        ),
        Assumption(
            parameter="when in its year the money is paid",
            value=discounting.timing,
            reason="start: the first year is not discounted, as in the Green Book's table of factors",
            confirm_with=FINANCE,
        ),
        Assumption(parameter="years", value=str(basis), reason="Chosen on the page", confirm_with=FINANCE),
    ]
    return parameter_log("Present value", "", {}, points)


def unit_cost_view(
    annual_cost_gbp: Decimal, denominators: dict[str, Denominator], tiers: tuple[Tier, ...]
) -> pd.DataFrame:
    """Yearly cost for each of several things, dearest last, with the group that each belongs to.

    Returns
    -------
    DataFrame
        As `analysis.commissioning.unit_costs.unit_costs`, index `unit`, with `label` (in words) and `tier`
        (key of the tier, "" for all children).
    """
    table = unit_costs(annual_cost_gbp, denominators)
    by_name = {tier.name.lower(): tier.key for tier in tiers}
    names = [_tier_in(str(unit), by_name) for unit in table.index]
    labels = [f"{str(unit)[0].upper()}{str(unit)[1:]}" for unit in table.index]
    return table.assign(label=labels, tier=names).sort_values("cost_gbp", kind="stable")


def _indexed_in_full(contract: Contract) -> Contract:
    """The contract with only those extensions for which a series of rates, if it has one, is long enough."""
    if contract.indexation.kind != "series":
        return contract
    longest = len(contract.indexation.series_percent) + 1
    possible = sum(years <= longest for years in contract.scenario_years()[1:])
    return contract.model_copy(update={"extensions": contract.extensions[:possible]})


def _tier_in(unit: str, by_name: dict[str, str]) -> str:
    found = [key for name, key in by_name.items() if f" in {name}" in unit]
    return found[0] if found else ""


def _length_words(taken: int, years: int) -> str:
    extensions = {0: "term alone", 1: "with one extension"}.get(taken, f"with {taken} extensions")
    return f"{years} years, {extensions}"


def _year_label(row: Mapping[Hashable, Any]) -> str:
    start, end = pd.Timestamp(row["start"]), pd.Timestamp(row["end"])
    return f"{start.year}-{end.year % 100:02d}" if end.year > start.year else str(start.year)


def _phase(contract: Contract, day: object) -> str:
    """Term or extension that a day falls into."""
    start, years = contract.start, contract.term_years or 0
    assert start is not None  # a schedule has a start
    for number, extension in enumerate(contract.extensions, start=1):
        if pd.Timestamp(day) < pd.Timestamp(anniversary(start, years)):  # type: ignore[arg-type]
            break
        years += extension.years
        if pd.Timestamp(day) < pd.Timestamp(anniversary(start, years)):  # type: ignore[arg-type]
            return f"Extension {number}"
    return TERM


def _funded(contract: Contract, table: pd.DataFrame) -> bool:
    return bool(contract.funding) and bool(table["gap_gbp"].notna().all())


def _funding_totals(contract: Contract, table: pd.DataFrame) -> pd.DataFrame:
    rows = []
    if _funded(contract, table):
        for certainty in CERTAINTIES:
            columns = [line.column for line in contract.funding if line.certainty == certainty]
            rows += [[certainty, _sum(table[columns].to_numpy().ravel())]] if columns else []
    return pd.DataFrame(rows, columns=["certainty", "amount_gbp"])


def _shortfall(table: pd.DataFrame, column: str) -> Decimal | None:
    """What is missing over the years that lack something; a surplus in one year does not pay for another."""
    if column not in table or table[column].isna().any():
        return None
    return _sum(max(gap, Decimal(0)) for gap in table[column])


def _sum(amounts: object) -> Decimal:
    return total_pounds(amounts) or Decimal(0)  # type: ignore[arg-type]
