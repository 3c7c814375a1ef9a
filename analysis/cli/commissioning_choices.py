"""Options of the commissioning commands, and what they make of the text they are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
import typer

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.commissioning.allocation import Recipient
from analysis.commissioning.contract import Discounting, YearBasis
from analysis.commissioning.money import parse_number
from analysis.places.tables import Column, read_table

ContractOption = Annotated[
    str | None,
    typer.Option("--contract", metavar="NAME", help="Contract of the place. Default: its only one."),
]
YearsOption = Annotated[
    int | None,
    typer.Option("--years", help="Length with extensions, such as 5, 7 or 9. Default: as its file says."),
]
BasisOption = Annotated[
    Literal["contract", "financial"],
    typer.Option("--year-basis", help="Years from the contract's start, or April to March."),
]
PartYearsOption = Annotated[
    Literal["days", "months"], typer.Option("--part-years", help="How a part year is counted.")
]
RateOption = Annotated[float, typer.Option("--discount-rate", help="Real, per cent a year.")]
TimingOption = Annotated[
    Literal["start", "middle", "end"],
    typer.Option("--timing", help="When in its year the money is paid; start: first year undiscounted."),
]
InflationOption = Annotated[
    float, typer.Option("--inflation", help="Per cent a year, to take cash to first-year prices.")
]
CostView = Annotated[
    Literal["schedule", "totals", "unit-costs", "log"],
    typer.Option(
        "--show", help="Year by year, totals by length, cost for each family, or the parameter log."
    ),
]
MinutesOption = Annotated[
    float, typer.Option("--minutes", min=0, help="Walk that counts as within reach, for unit costs.")
]
WeightOption = Annotated[
    list[str] | None,
    typer.Option("--weight", metavar="TIER[=WEIGHT]", help="Tier to share by; repeat for a blend."),
]
ShareOption = Annotated[
    float, typer.Option("--floor", help="Least for each area, as a share of the envelope.")
]
CohortView = Annotated[
    Literal["auto", "funding", "payback", "tornado", "log"],
    typer.Option("--show", help="Of a plan (TOML): funding by year, payback, what drives it, parameter log."),
]
AppraisalView = Annotated[
    Literal["auto", "scores", "ranking", "stability", "arguments", "switching", "log"],
    typer.Option("--show", help="Which part of the appraisal."),
]


RecipientOption = Annotated[
    Recipient, typer.Option("--by", help="Who shares; site: need goes to the nearest open site.")
]
KindsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        help="With --by site: kind of site that shares; repeat for several; all for every kind. Default: the place's open hubs.",
        show_default=False,
    ),
]
MonitoringView = Annotated[
    Literal["plan", "limits"], typer.Option("--show", help="Against the plan, or the control limits (XmR).")
]


def one_of(given: str, known: Sequence[str], option: str) -> str:
    """The name itself where it is known.

    Raises
    ------
    HubreachError
        If it is not; the message lists those that are.
    """
    if given in known:
        return given
    fault = Fault(option, None, None, f"{given!r} is not known", f"Choose one of: {', '.join(known)}")
    raise HubreachError("There is nothing of that name.", [fault])


def tier_weights(given: Sequence[str] | None, tiers: Sequence[str]) -> dict[str, float]:
    """Weights by tier from TIER or TIER=NUMBER; the mildest tier alone where none is given."""
    if not given:
        return {tiers[0]: 1.0}
    faults, weights = FaultList("--weight"), {}
    for text in given:
        key, equals, value = text.partition("=")
        number = parse_number(value) if equals else Decimal(1)
        if isinstance(number, Decimal) and number.is_finite():
            weights[key.strip()] = float(number)
        else:
            faults.add(f"{text!r} is not TIER or TIER=NUMBER", "Write it like --weight early_help=0.7")
    faults.raise_if_any("The weights cannot be used.")
    return weights


def whole_pounds(text: str) -> int:
    """Whole pounds as people write them: 705000, £705,000."""
    amount = parse_number(text)
    if isinstance(amount, Decimal) and amount.is_finite() and amount == int(amount):
        return int(amount)
    fault = Fault("--envelope", None, None, f"{text!r} is not whole pounds", "Write it like 705000")
    raise HubreachError("The envelope cannot be used.", [fault])


def percent(value: float, option: str) -> Decimal:
    """Per cent a year, exactly as written."""
    if not (np.isfinite(value) and -50 < value <= 100):
        fault = Fault(option, None, None, f"{value} was given", "Give per cent a year, such as 3.5")
        raise HubreachError("The cost cannot be discounted.", [fault])
    return Decimal(str(value))


def column_of(path: Path | None, column: str, areas: pd.Index) -> pd.Series | None:
    """One number for each area from a CSV file; every area must be there."""
    if path is None:
        return None
    faults = FaultList(path.name)
    table = read_table(path, (Column("area_code", "text", unique=True), Column(column, least=0)), faults)
    if table is not None:
        for code in areas.difference(pd.Index(table["area_code"])):
            faults.add(f"{code} is missing", "Give every area a row", column="area_code")
    faults.raise_if_any(f"{path.name} cannot be used.")
    return None if table is None else table.set_index("area_code")[column].reindex(areas)


@dataclass(frozen=True)
class PresentValueOptions:
    """How cash becomes present value, and which years it is counted in."""

    year_basis: BasisOption = "contract"
    part_years: PartYearsOption = "days"
    discount_rate: RateOption = 3.5
    timing: TimingOption = "start"
    inflation: InflationOption = 0.0

    @property
    def discounting(self) -> Discounting:
        """Rates as exact decimals, which the schedule works in."""
        rate = percent(self.discount_rate, "--discount-rate")
        return Discounting(rate, self.timing, percent(self.inflation, "--inflation"))

    @property
    def basis(self) -> YearBasis:
        """Contract or financial years."""
        return YearBasis(self.year_basis, self.part_years)
