"""A contract year by year: cash, present value, who pays, and what is missing without them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.commissioning.assumptions import refuse_blanks
from analysis.commissioning.money import split_pounds, to_pence, total_pounds

if TYPE_CHECKING:
    from analysis.commissioning.contracts import Contract

GREEN_BOOK_RATE_PERCENT = Decimal("3.5")
FINANCIAL_YEAR_START = (4, 1)
Timing = Literal["start", "middle", "end"]
YearKind = Literal["contract", "financial"]
PartYears = Literal["days", "months"]
TIMING_YEARS: dict[Timing, Decimal] = {"start": Decimal(0), "middle": Decimal("0.5"), "end": Decimal(1)}
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Discounting:
    """How cash becomes present value.

    The year in row n (the first is 1) is discounted over n - 1 years, plus 0 (`start`, the table of
    factors in the Green Book, whose first year is year 0), a half (`middle`) or 1 (`end`).

    Parameters
    ----------
    rate_percent : Decimal
        Real social time preference rate, per cent a year: 3.5 (HM Treasury, Green Book 2022, A6).
    timing : {"start", "middle", "end"}
        When in its year the money is taken to be paid.
    inflation_percent : Decimal
        Takes cash to prices of the first year before it is discounted. 0 takes the cash as real already.
    """

    rate_percent: Decimal = GREEN_BOOK_RATE_PERCENT
    timing: Timing = "start"
    inflation_percent: Decimal = Decimal(0)

    def factor(self, year: int) -> Decimal:
        """Present value of one pound of cash in a year (the first is 1)."""
        years = Decimal(year - 1) + TIMING_YEARS[self.timing]
        growth = (1 + self.rate_percent / 100) * (1 + self.inflation_percent / 100)
        return growth**-years

    def __str__(self) -> str:
        prices = f", after {self.inflation_percent}% inflation" if self.inflation_percent else ""
        return (
            f"{self.rate_percent}% real{prices}, paid at the {self.timing} of each year, first year is year 0"
        )


GREEN_BOOK = Discounting()


@dataclass(frozen=True)
class YearBasis:
    """What a row of the schedule is.

    Parameters
    ----------
    kind : {"contract", "financial"}
        Years from the contract's own start, or April to March with a part year at each end.
    part_years : {"days", "months"}
        How a contract year that straddles two financial years is divided.
    """

    kind: YearKind = "contract"
    part_years: PartYears = "days"

    def __str__(self) -> str:
        return (
            "contract years"
            if self.kind == "contract"
            else f"financial years, part years by {self.part_years}"
        )


CONTRACT_YEARS = YearBasis()


@dataclass(frozen=True)
class _Year:
    start: dt.date
    end: dt.date
    amounts: dict[str, Decimal | None] = field(default_factory=dict)


def anniversary(start: dt.date, years: int) -> dt.date:
    """Same day `years` later; 29 February becomes 1 March in a common year.

    >>> anniversary(dt.date(2024, 2, 29), 1)
    datetime.date(2025, 3, 1)
    """
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return dt.date(start.year + years, 3, 1)


def yearly_values(contract: Contract) -> list[Decimal]:
    """Value of each contract year in cash, indexed at each anniversary, to the penny.

    Raises
    ------
    HubreachError
        If the value or the term is blank, or the series of rates ends too early.
    """
    _refuse_blanks(contract)
    values: list[Decimal] = []
    growth = Decimal(1)
    for year, base in enumerate(_base_values(contract), start=1):
        growth *= 1 + _rate_percent(contract, year) / 100
        values.append(to_pence(base * growth))
    return values


def schedule(
    contract: Contract,
    *,
    discounting: Discounting = GREEN_BOOK,
    basis: YearBasis = CONTRACT_YEARS,
) -> pd.DataFrame:
    """What a contract costs in each year, in cash and in present value, and who pays.

    Parameters
    ----------
    contract : Contract
        With the extensions that are taken marked (see `Contract.lasting`).
    discounting : Discounting
        Rate and timing.
    basis : YearBasis
        Contract years, or financial years with part years.

    Returns
    -------
    DataFrame
        A row a year: `year` (from 1), `start`, `end` (dates, both included), `cash_gbp`,
        `present_value_gbp` (decimals, to the penny); where the contract has funding lines, one column for
        each, `funded_gbp`, `gap_gbp` and `gap_without_at_risk_gbp` (negative: a surplus). A blank funding
        line leaves None in its column and in every sum that needs it.

    Raises
    ------
    HubreachError
        If a figure that it needs is blank.
    """
    years = _contract_years(contract)
    if basis.kind == "financial":
        years = _financial_years(years, basis)
    frame = pd.DataFrame({"year": range(1, len(years) + 1)})
    frame["start"] = pd.Series([y.start for y in years], dtype=object)
    frame["end"] = pd.Series([y.end for y in years], dtype=object)
    cash = [y.amounts["cash_gbp"] or Decimal(0) for y in years]
    frame["cash_gbp"] = pd.Series(cash, dtype=object)
    present = [to_pence(c * discounting.factor(n)) for n, c in enumerate(cash, start=1)]
    frame["present_value_gbp"] = pd.Series(present, dtype=object)
    for line in contract.funding:
        frame[line.column] = pd.Series([y.amounts[line.column] for y in years], dtype=object)
    return frame.assign(**_gaps(contract, frame)) if contract.funding else frame


def scenarios(
    contract: Contract, *, discounting: Discounting = GREEN_BOOK, basis: YearBasis = CONTRACT_YEARS
) -> pd.DataFrame:
    """Totals of every length that the extensions allow.

    Returns
    -------
    DataFrame
        Columns `years`, `extensions_taken`, `end`, `cash_gbp`, `present_value_gbp`.
    """
    rows = []
    for taken, years in enumerate(contract.scenario_years()):
        table = schedule(contract.lasting(years), discounting=discounting, basis=basis)
        rows.append(
            [years, taken, table["end"].iloc[-1], table["cash_gbp"].sum(), table["present_value_gbp"].sum()]
        )
    columns = ["years", "extensions_taken", "end", "cash_gbp", "present_value_gbp"]
    return pd.DataFrame(rows, columns=columns).astype({"end": object})


def _refuse_blanks(contract: Contract) -> None:
    optional = {f"funding: {line.name}" for line in contract.funding}
    blanks = [b for b in contract.blanks() if b.parameter not in optional]
    refuse_blanks("contract", f"{contract.name} cannot be costed yet.", blanks)


def _base_values(contract: Contract) -> list[Decimal]:
    annual = contract.annual_value_gbp or Decimal(0)
    values = [annual] * (contract.term_years or 0)
    for extension in contract.extensions:
        if extension.taken:
            own = extension.annual_value_gbp
            values += [annual if own is None else own] * extension.years
    return values


def _rate_percent(contract: Contract, year: int) -> Decimal:
    indexation = contract.indexation
    if year == 1 or indexation.kind == "none":
        return Decimal(0)
    if indexation.kind == "fixed":
        return indexation.rate_percent or Decimal(0)
    if year - 2 >= len(indexation.series_percent):
        found = f"{len(indexation.series_percent)} rates for {contract.years} years"
        fault = Fault(
            "contract", None, "indexation.series_percent", found, f"Give {contract.years - 1} rates"
        )
        raise HubreachError("The indexation series ends too early.", [fault])
    return indexation.series_percent[year - 2] or Decimal(0)


def _contract_years(contract: Contract) -> list[_Year]:
    values = yearly_values(contract)
    start = contract.start
    assert start is not None  # yearly_values refuses a blank start
    years = []
    for year, value in enumerate(values, start=1):
        amounts: dict[str, Decimal | None] = {"cash_gbp": value}
        for line in contract.funding:
            paid = line.annual_gbp if line.covers(year) else Decimal(0)
            amounts[line.column] = None if paid is None else to_pence(paid)
        first = anniversary(start, year - 1)
        years.append(_Year(first, anniversary(start, year) - ONE_DAY, amounts))
    return years


def _financial_years(years: list[_Year], basis: YearBasis) -> list[_Year]:
    """Contract years cut at each 1 April and put together again by financial year."""
    merged: dict[int, _Year] = {}
    for year in years:
        turn = dt.date(_financial_year(year.start) + 1, *FINANCIAL_YEAR_START)
        pieces = [(year.start, min(year.end, turn - ONE_DAY))]
        if year.end >= turn:
            pieces.append((turn, year.end))
        weights = [_length(first, last, basis.part_years) for first, last in pieces]
        shares = {name: _split(amount, weights) for name, amount in year.amounts.items()}
        for number, (first, last) in enumerate(pieces):
            amounts = {name: parts[number] for name, parts in shares.items()}
            key = _financial_year(first)
            merged[key] = (
                _joined(merged[key], last, amounts) if key in merged else _Year(first, last, amounts)
            )
    return list(merged.values())


def _financial_year(day: dt.date) -> int:
    return day.year if (day.month, day.day) >= FINANCIAL_YEAR_START else day.year - 1


def _length(first: dt.date, last: dt.date, unit: str) -> int:
    if unit == "days":
        return (last - first).days + 1
    after = last + ONE_DAY
    if first.day != 1 or after.day != 1:
        found = f"the contract starts on day {max(first.day, after.day)} of a month"
        fault = Fault("contract", None, "start", found, "Count part years by days, or start on the first")
        raise HubreachError("Part years cannot be counted by months.", [fault])
    return (after.year - first.year) * 12 + after.month - first.month


def _split(amount: Decimal | None, weights: list[int]) -> list[Decimal | None]:
    return [None] * len(weights) if amount is None else [*split_pounds(amount, weights)]


def _joined(year: _Year, end: dt.date, amounts: dict[str, Decimal | None]) -> _Year:
    sums = {name: total_pounds([year.amounts[name], amount]) for name, amount in amounts.items()}
    return _Year(year.start, end, sums)


def _gaps(contract: Contract, frame: pd.DataFrame) -> dict[str, pd.Series]:
    def gap(columns: list[str]) -> tuple[pd.Series, pd.Series]:
        funded = [total_pounds(row) for row in frame[columns].itertuples(index=False)]
        missing = [None if f is None else c - f for c, f in zip(frame["cash_gbp"], funded, strict=True)]
        return pd.Series(funded, dtype=object), pd.Series(missing, dtype=object)

    funded, missing = gap([line.column for line in contract.funding])
    _, at_worst = gap([line.column for line in contract.funding if line.certainty != "at risk"])
    return {"funded_gbp": funded, "gap_gbp": missing, "gap_without_at_risk_gbp": at_worst}
