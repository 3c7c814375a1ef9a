"""A contract as its file states it, year by year, by who pays, for each family, and the numbers to be shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import place_user_folder
from analysis.base.records import Record, read_record
from analysis.base.text import slugify
from analysis.commissioning.assumptions import Assumption, blank, parameter_log, refuse_blanks
from analysis.commissioning.money import Percent, Pounds, split_pounds, to_pence, total_pounds
from analysis.commissioning.storage import record_files
from analysis.need.estimate import NeedEstimate
from analysis.places.manifest import Tier

Certainty = Literal["guaranteed", "expected", "at risk"]
CERTAINTIES: tuple[Certainty, ...] = ("guaranteed", "expected", "at risk")


def _blank_is_none(given: Any) -> Any:
    return None if isinstance(given, str) and not given.strip() else given


Day = Annotated[dt.date | None, BeforeValidator(_blank_is_none)]
Years = Annotated[Annotated[int, Field(ge=1, le=50)] | None, BeforeValidator(_blank_is_none)]


class Extension(Record):
    """An option to extend by a number of years; its yearly value is the contract's unless it has its own."""

    years: Annotated[int, Field(ge=1, le=20)]
    taken: bool = False
    annual_value_gbp: Pounds = None


class Indexation(Record):
    """How the yearly value moves at each anniversary of the start.

    `none`: it stays. `fixed`: by `rate_percent` every year. `series`: by `series_percent`, the first
    entry for the second year.
    """

    kind: Literal["none", "fixed", "series"] = "none"
    rate_percent: Percent = None
    series_percent: tuple[Percent, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Indexation:
        if self.kind == "fixed" and self.rate_percent is None:
            raise ValueError("fixed indexation needs rate_percent")
        if self.kind == "series" and (not self.series_percent or None in self.series_percent):
            raise ValueError(
                "indexation by series needs series_percent, one rate for each year from the second"
            )
        return self


class FundingLine(Record):
    """Money towards the contract from one source, in the contract years that it covers."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    certainty: Certainty
    annual_gbp: Pounds = None
    from_year: Annotated[int, Field(ge=1)] = 1
    to_year: Years = None
    note: str = ""

    @property
    def column(self) -> str:
        """Heading of the line in a schedule."""
        return f"{slugify(self.name).replace('-', '_')}_gbp"

    def covers(self, year: int) -> bool:
        """Whether the line pays in a contract year (the first is 1)."""
        return self.from_year <= year and (self.to_year is None or year <= self.to_year)


class Contract(Record):
    """A contract as its file states it; what no source gives is blank or among the assumptions."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    source: str = ""
    start: Day = None
    annual_value_gbp: Pounds = None
    term_years: Years = None
    extensions: tuple[Extension, ...] = ()
    indexation: Indexation = Indexation()
    funding: tuple[FundingLine, ...] = ()
    alternatives: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Contract:
        refused = False
        for position, extension in enumerate(self.extensions, start=1):
            if extension.taken and refused:
                raise ValueError(
                    f"extension {position} is taken but an earlier one is not: the contract has ended by then"
                )
            refused = refused or not extension.taken
        columns = [line.column for line in self.funding]
        twice = sorted({name for name in columns if columns.count(name) > 1})
        if twice:
            raise ValueError(f"two funding lines have the same name ({', '.join(twice)}): rename one")
        return self

    @property
    def years(self) -> int:
        """Years in all, with the extensions that are taken."""
        return (self.term_years or 0) + sum(e.years for e in self.extensions if e.taken)

    def scenario_years(self) -> tuple[int, ...]:
        """Possible lengths: the term alone, with one extension, with two, ..."""
        lengths = [self.term_years or 0]
        for extension in self.extensions:
            lengths.append(lengths[-1] + extension.years)
        return tuple(lengths)

    def lasting(self, years: int) -> Contract:
        """The contract with just the extensions that make it last `years`.

        Raises
        ------
        HubreachError
            If no run of extensions gives that length.
        """
        lengths = self.scenario_years()
        if years not in lengths:
            known = ", ".join(map(str, lengths))
            fault = Fault(
                "years", None, None, f"{years} is not one of its lengths", f"Choose one of: {known}"
            )
            raise HubreachError(f"{self.name} cannot last {years} years.", [fault])
        count = lengths.index(years)
        taken = tuple(e.model_copy(update={"taken": i < count}) for i, e in enumerate(self.extensions))
        return self.model_copy(update={"extensions": taken})

    def blanks(self) -> tuple[Assumption, ...]:
        """What has to be filled in before a schedule can be worked out, and by whom."""
        who = "the commissioner of the service"
        needed = [
            blank(name, who)
            for name in ("start", "annual_value_gbp", "term_years")
            if getattr(self, name) is None
        ]
        needed += [
            blank(f"funding: {line.name}", "the council's finance officer")
            for line in self.funding
            if line.annual_gbp is None
        ]
        return tuple(needed)

    def log(self) -> pd.DataFrame:
        """Parameter log of the contract."""
        assumed = {a.parameter for a in self.assumptions}
        facts = {
            "annual_value_gbp": self.annual_value_gbp,
            "start": self.start,
            "term_years": self.term_years,
            "extensions": " + ".join(f"{e.years} years" for e in self.extensions) or None,
            "indexation": None if self.indexation.kind == "none" else self.indexation.kind,
        }
        given = {k: str(v) for k, v in facts.items() if v is not None and k not in assumed}
        return parameter_log(self.name, self.source, given, [*self.assumptions, *self.blanks()])


def read_contract(path: Path) -> Contract:
    """Read one contract file (TOML).

    Raises
    ------
    HubreachError
        With every fault of the file.
    """
    return read_record(path, Contract, f"The contract in {path.name} cannot be read.")


def find_contract(place_folder: Path, name: str | None = None) -> Contract:
    """Contract of a place by slug or by name; the only one there is when no name is given.

    Raises
    ------
    HubreachError
        If there is no such contract, or several and no name; the message lists them.
    """
    files = record_files(place_folder, "contracts")
    if name is None and len(files) == 1:
        return read_contract(next(iter(files.values())))
    slug = slugify(name or "")
    if slug in files:
        return read_contract(files[slug])
    for path in files.values():
        contract = read_contract(path)
        if slug == slugify(contract.name):
            return contract
    if not files:
        folder = place_user_folder(place_folder.name) / "contracts"
        remedy = "Enter one on the page Commissioning and save it there, or put a TOML file into that folder"
        fault = Fault(str(folder), None, None, "there is no file", remedy)
        raise HubreachError("This place has no contract yet.", [fault])
    found = f"{name!r} is not known" if name else f"there are {len(files)} contracts, and no name was given"
    fault = Fault("contract", None, None, found, f"Choose one of: {', '.join(files)}")
    raise HubreachError("Which contract is meant?", [fault])


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


INTERVAL = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class Denominator:
    """How many there are of something, and how sure that is.

    Parameters
    ----------
    count : float
        The estimate (or the count).
    draws : ndarray, shape (draws,), or None
        Simulated counts of the same thing; None for a count that is not an estimate.
    """

    count: float
    draws: NDArray[np.float64] | None = None

    def divided(self, by: float) -> Denominator:
        """The same in other units: children into families by children a family."""
        if not by > 0:
            fault = Fault("children per family", None, None, f"{by} was given", "Give a number above 0")
            raise HubreachError("Children cannot be turned into families.", [fault])
        return Denominator(self.count / by, None if self.draws is None else self.draws / by)


def service_denominators(
    estimate: NeedEstimate, within_reach: pd.Series | None = None
) -> dict[str, Denominator]:
    """What the cost of a service is divided by: children and families, in all, by tier and within reach.

    Parameters
    ----------
    estimate : NeedEstimate
        Need of the place, with its draws and its children per family.
    within_reach : Series, optional
        Index `area_code`: share of each small area within reach of a site (`ReachAnswer.area_share`), or whether it is.

    Returns
    -------
    dict of str to Denominator
        "child", then for each tier "child in <tier>" and "family in <tier>" and, with `within_reach`,
        "family in <tier> within reach".
    """
    units = {"child": Denominator(float(estimate.place.children))}
    a_family = estimate.settings.children_per_family
    for tier in estimate.settings.tiers:
        name, drawn = tier.name.lower(), np.asarray(estimate.draws.counts[tier.key], dtype=float)
        children = Denominator(float(estimate.counts[tier.key].sum()), drawn.sum(axis=1))
        units[f"child in {name}"] = children
        units[f"family in {name}"] = children.divided(a_family)
        if within_reach is not None:
            reached = within_reach.reindex(estimate.counts.index, fill_value=0).to_numpy(dtype=float)
            count = float(estimate.counts[tier.key].to_numpy(float) @ reached)
            units[f"family in {name} within reach"] = Denominator(count, drawn @ reached).divided(a_family)
    return units


def unit_costs(annual_cost_gbp: Decimal, denominators: Mapping[str, Denominator]) -> pd.DataFrame:
    """Yearly cost for each of several things, as an estimate with its 90% interval.

    The cost is known and the count is not, so the interval of the cost is that of cost / draw: many
    families make each one cheap. A count of zero has no cost for each: NaN.

    Parameters
    ----------
    annual_cost_gbp : Decimal
        Cost of one year.
    denominators : mapping of str to Denominator
        For example "child", "child in early help", "family in early help within reach".

    Returns
    -------
    DataFrame
        Index `unit`, columns `count`, `count_low`, `count_high`, `cost_gbp`, `cost_low_gbp`,
        `cost_high_gbp` (float64).
    """
    cost = float(annual_cost_gbp)
    rows = []
    for denominator in denominators.values():
        draws = np.array([denominator.count]) if denominator.draws is None else denominator.draws
        low, high = np.quantile(draws, INTERVAL)
        each = [cost / n if n > 0 else np.nan for n in (denominator.count, high, low)]
        rows.append([denominator.count, low, high, *each])
    columns = ["count", "count_low", "count_high", "cost_gbp", "cost_low_gbp", "cost_high_gbp"]
    return pd.DataFrame(rows, index=pd.Index(list(denominators), name="unit"), columns=columns, dtype=float)


TERM, GAP = "Term", "No funding named"
FINANCE = "the council's finance officer"


@dataclass(frozen=True, eq=False)
class ContractView:
    """A contract worked out: every figure of its page.

    Parameters
    ----------
    contract : Contract
    schedule : DataFrame
        `analysis.commissioning.contract.schedule`, exact.
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
        As `analysis.commissioning.contract.unit_costs`, index `unit`, with `label` (in words) and `tier`
        (key of the tier, "" for all children).
    """
    table = unit_costs(annual_cost_gbp, denominators)
    by_name = {tier.name.lower(): tier.key for tier in tiers}
    names = [_tier_in(str(unit), by_name) for unit in table.index]
    units = [str(unit).replace(" in ", " who may need ", 1) for unit in table.index]
    labels = [f"{unit[0].upper()}{unit[1:]}" for unit in units]
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
