"""A small group of people as protected numbers, the money of a plan for it, what it avoids, and what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from analysis.base.records import Record, read_record
from analysis.commissioning.assumptions import Assumption, blank, parameter_log, refuse_blanks
from analysis.commissioning.contract import GREEN_BOOK, Certainty, Day, Discounting
from analysis.commissioning.counts import counts_from_cells
from analysis.commissioning.money import Number, Pounds, to_pence, total_pounds
from analysis.commissioning.sums import find_sums
from analysis.intake.files.uploads import read_cells
from analysis.places.place import CODE_COLUMNS, Level, Place
from analysis.places.rounding import MARK, marked, protect

COHORT_LEVELS: tuple[Level, ...] = ("ward", "locality")


@dataclass(frozen=True, eq=False)
class Cohort:
    """Numbers of people, as given: not to be shown before they are protected.

    Parameters
    ----------
    level : {"ward", "locality"}
        What the numbers are by.
    counts : DataFrame
        Columns `area_code`, `period` ("" if the file has none), `measure`, `count` (int64); only what
        was given.
    blank_areas : int
        Areas of the place for which no number was given.
    """

    level: Level
    counts: pd.DataFrame
    blank_areas: int

    @property
    def measures(self) -> list[str]:
        """Names of the measures, in the order of the file."""
        return list(dict.fromkeys(self.counts["measure"]))


def read_cohort(source: Path | bytes, place: Place, file: str = "") -> Cohort:
    """Read numbers of people by ward or locality from a CSV or Excel file.

    The file has a column of areas of the place (codes or names, or one of each), perhaps one headed
    period, quarter or year, and any other column is a measure: whole numbers, blank where not known.

    Parameters
    ----------
    source : Path or bytes
        The file, or the content of an upload.
    place : Place
        Whose wards and localities the areas must be.
    file : str
        Name of an upload, for messages and the file type.

    Raises
    ------
    HubreachError
        If the file looks as if it holds personal data, or cannot be used. No cell is repeated in it.
    """
    name = file or getattr(source, "name", "cohort file")
    return cohort_from_cells(read_cells(source, name), place, name)


def cohort_from_cells(cells: pd.DataFrame, place: Place, file: str) -> Cohort:
    """As `read_cohort`, from a table of text (an editor on a page, a paste from a spreadsheet)."""
    names = {level: place.names(level) for level in COHORT_LEVELS}
    level, table = counts_from_cells(cells, names, place.name, file)
    return Cohort(level, table, len(names[level]) - table["area_code"].nunique())


def protected_counts(cohort: Cohort, place: Place) -> pd.DataFrame:
    """Every table that may be shown of a cohort, protected together.

    Returns
    -------
    DataFrame
        Columns `level`, `area_code`, `area_name`, `period`, then each measure: multiples of 5 (Int64), NA
        where not given. Numbers are never added up over periods, since the same people may stand in
        several; where a file gives a year and its quarters, they are rounded together.
    """
    return _assembled(cohort, place, as_text=False)


def shown_counts(cohort: Cohort, place: Place) -> pd.DataFrame:
    """`protected_counts` as text: "0 to 4" for few or none, empty where not given."""
    return _assembled(cohort, place, as_text=True)


def _assembled(cohort: Cohort, place: Place, *, as_text: bool) -> pd.DataFrame:
    tables = _protected_tables(cohort, place)
    columns = {
        measure: tables[tables.index.get_level_values(3) == measure].droplevel(3)
        for measure in cohort.measures
    }
    order = pd.MultiIndex.from_tuples(_row_order(cohort, place))
    frame = pd.DataFrame({measure: column.reindex(order) for measure, column in columns.items()}, index=order)
    if as_text:
        frame = frame.apply(marked)
    frame.index.names = ["level", "area_code", "period"]
    frame = frame.reset_index()
    names = {
        (level, code): name
        for level in _levels(cohort.level, place)
        for code, name in place.names(level).items()
    }
    keys = zip(frame["level"], frame["area_code"], strict=True)
    frame.insert(2, "area_name", pd.Series([names[key] for key in keys], dtype=str))
    return frame


def _row_order(cohort: Cohort, place: Place) -> list[tuple[str, str, str]]:
    periods = sorted(set(cohort.counts["period"]))
    return [
        (level, str(code), period)
        for level in _levels(cohort.level, place)
        for code in place.names(level).index
        for period in periods
    ]


def _levels(finest: Level, place: Place) -> list[Level]:
    levels: list[Level] = [finest]
    if finest == "ward" and len(place.names("locality")) > 1:
        levels.append("locality")
    return [*levels, "place"]


def _protected_tables(cohort: Cohort, place: Place) -> pd.Series:
    """Every measure by level, area and period, all rounded together."""
    column = CODE_COLUMNS[cohort.level][0]
    member = place.areas.drop_duplicates(column).set_index(column, drop=False)
    levels = _levels(cohort.level, place)
    table = cohort.counts.reset_index(drop=True)
    for level in levels:
        table[level] = member[CODE_COLUMNS[level][0]].reindex(table["area_code"]).to_numpy()
    tables = {str(level): [str(level), "period", "measure"] for level in levels}
    sums = find_sums(table.rename(columns={"area_code": "unit"}))
    shown = protect(table, tables, sums=sums)
    joined: pd.Series = pd.concat(list(shown.values()), keys=list(shown))
    return joined


FINANCE = "the finance partner"
SERVICE = "the service lead"
EFFECT_FIELDS = {
    "entry_risk_percent": ("share of these children who would come into care without the service", SERVICE),
    "reduction_percent": ("share of those entries that the service prevents", "the evaluator of the service"),
    "annual_care_cost_gbp": ("cost of a child in care for a year", FINANCE),
    "years_in_care": ("years in care that a prevented entry avoids", SERVICE),
    "cashable_percent": ("share of the avoided cost that can leave the budget", FINANCE),
}


class Span(Record):
    """A figure with its range; each may be blank until someone gives it."""

    low: Number = None
    central: Number = None
    high: Number = None

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        given = [value for value in (self.low, self.central, self.high) if value is not None]
        if given != sorted(given):
            raise ValueError("low, central and high must rise")
        if given and given[0] < 0:
            raise ValueError("a negative figure has no meaning here")
        return self

    @property
    def complete(self) -> bool:
        """Whether all three are given."""
        return None not in (self.low, self.central, self.high)

    @property
    def values(self) -> tuple[float, float, float]:
        """Low, central and high as floats."""
        low, central, high = (
            float(v) if v is not None else float("nan") for v in (self.low, self.central, self.high)
        )
        return low, central, high


class Effect(Record):
    """What the service is claimed to do, each figure with its range (see `EFFECT_FIELDS`)."""

    entry_risk_percent: Span = Span()
    reduction_percent: Span = Span()
    annual_care_cost_gbp: Span = Span()
    years_in_care: Span = Span()
    cashable_percent: Span = Span()
    delay_years: Annotated[int, Field(ge=0, le=20)] = 0

    @model_validator(mode="after")
    def _shares(self) -> Effect:
        for name in ("entry_risk_percent", "reduction_percent", "cashable_percent"):
            most = getattr(self, name).high
            if most is not None and most > 100:
                raise ValueError(f"{name} is over 100%")
        return self


class Partner(Record):
    """One agency's contribution, year by year; a blank amount is not known yet."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    certainty: Certainty = "expected"
    amounts_gbp: tuple[Pounds, ...] = ()


class CohortPlan(Record):
    """Funding by partner and year, children supported, and the effect claimed."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    source: str = ""
    start: Day = None
    years: Annotated[int, Field(ge=1, le=20)]
    partners: tuple[Partner, ...] = ()
    children_supported: tuple[Number, ...] = ()
    effect: Effect = Effect()
    assumptions: tuple[Assumption, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _lengths(self) -> CohortPlan:
        rows = {partner.name: partner.amounts_gbp for partner in self.partners}
        if len(rows) < len(self.partners):
            raise ValueError("two partners have the same name")
        for name, given in {**rows, "children_supported": self.children_supported}.items():
            if len(given) > self.years:
                raise ValueError(f"{name} has {len(given)} figures for {self.years} years")
        if any(n is not None and n < 0 for n in self.children_supported):
            raise ValueError("children_supported cannot be negative")
        return self

    def blanks(self) -> tuple[Assumption, ...]:
        """What has to be filled in before avoided cost can be worked out, and by whom."""
        needed = [] if self.partners else [blank("partners", FINANCE)]
        for partner in self.partners:
            missing = [
                str(y)
                for y, amount in enumerate(_padded(partner.amounts_gbp, self.years), 1)
                if amount is None
            ]
            if missing:
                needed.append(blank(f"{partner.name}: contribution in year {', '.join(missing)}", FINANCE))
        if None in _padded(self.children_supported, self.years):
            needed.append(blank("children_supported: children newly supported in each year", SERVICE))
        needed += [
            blank(f"{name}: {words}", who)
            for name, (words, who) in EFFECT_FIELDS.items()
            if not getattr(self.effect, name).complete
        ]
        return tuple(needed)

    def log(self) -> pd.DataFrame:
        """Parameter log of the plan."""
        facts = {"years": str(self.years)} | ({} if self.start is None else {"start": str(self.start)})
        for name in EFFECT_FIELDS:
            span: Span = getattr(self.effect, name)
            if span.complete:
                facts[name] = f"{span.central} ({span.low} to {span.high})"
        assumed = {a.parameter for a in self.assumptions}
        facts = {name: value for name, value in facts.items() if name not in assumed}
        return parameter_log(self.name, self.source, facts, [*self.assumptions, *self.blanks()])

    def refuse_blanks(self) -> None:
        """Raise one error that lists everything that is still blank.

        Raises
        ------
        HubreachError
        """
        refuse_blanks("cohort plan", f"{self.name}: avoided cost cannot be worked out yet.", self.blanks())


def read_cohort_plan(path: Path) -> CohortPlan:
    """Read a cohort plan (TOML).

    Raises
    ------
    HubreachError
        With every fault of the file.
    """
    return read_record(path, CohortPlan, f"The cohort plan in {path.name} cannot be read.")


def funding_by_year(plan: CohortPlan) -> pd.DataFrame:
    """Who pays in which year, and whether the total falls year on year.

    Returns
    -------
    DataFrame
        Index `year` (from 1); a column a partner (decimal pounds, None where blank), `total_gbp` (None
        where a part is blank), `change_gbp` on the year before, `falls` ("yes", "no", or "" where it
        cannot be said).
    """
    columns = {p.name: [_pence(a) for a in _padded(p.amounts_gbp, plan.years)] for p in plan.partners}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(1, plan.years + 1, name="year"), dtype=object)
    totals = [total_pounds(row) for row in frame.itertuples(index=False)] if columns else [None] * plan.years
    pairs = zip([None, *totals[:-1]], totals, strict=True)
    changes = [None if before is None or now is None else now - before for before, now in pairs]
    frame["total_gbp"] = pd.Series(totals, index=frame.index, dtype=object)
    frame["change_gbp"] = pd.Series(changes, index=frame.index, dtype=object)
    frame["falls"] = ["" if c is None else "yes" if c < 0 else "no" for c in changes]
    return frame


def yearly_cost(plan: CohortPlan) -> list[Decimal | None]:
    """What all partners together pay in each year; None where a part is blank."""
    return funding_by_year(plan)["total_gbp"].tolist()


def _pence(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else to_pence(amount)


def _padded(values: tuple[Decimal | None, ...], years: int) -> list[Decimal | None]:
    return [*values, *[None] * (years - len(values))]


INTERVAL = (0.05, 0.5, 0.95)
DRAWS = 10_000


@dataclass(frozen=True, eq=False)
class Payback:
    """A simulated balance of what a plan costs and what it avoids.

    Parameters
    ----------
    cost_gbp : ndarray, shape (years,)
        Cash cost in each year of the horizon.
    avoided_gbp : ndarray, shape (draws, years)
        Cash avoided in each year, in each draw.
    central_gbp : ndarray, shape (years,)
        The same with every figure at its central value.
    factors : ndarray, shape (years,)
        Present value of one pound in each year.
    """

    cost_gbp: NDArray[np.float64]
    avoided_gbp: NDArray[np.float64]
    central_gbp: NDArray[np.float64]
    factors: NDArray[np.float64]

    @cached_property
    def balance_gbp(self) -> NDArray[np.float64]:
        """Cumulative present value of avoided cost less cost, shape (draws, years)."""
        return np.asarray(((self.avoided_gbp - self.cost_gbp) * self.factors).cumsum(axis=1))

    def table(self) -> pd.DataFrame:
        """The balance year by year.

        Returns
        -------
        DataFrame
            Index `year`; `cost_gbp`, `avoided_gbp` (central), `avoided_low_gbp`, `avoided_high_gbp`,
            `balance_gbp` (cumulative, present value, central), `balance_low_gbp`, `balance_high_gbp`
            (90% intervals) and `p_broken_even`: share of draws that have broken even for good by then.
        """
        low, _, high = np.quantile(self.avoided_gbp, INTERVAL, axis=0)
        balance_low, _, balance_high = np.quantile(self.balance_gbp, INTERVAL, axis=0)
        central = ((self.central_gbp - self.cost_gbp) * self.factors).cumsum()
        columns = {
            "cost_gbp": self.cost_gbp,
            "avoided_gbp": self.central_gbp,
            "avoided_low_gbp": low,
            "avoided_high_gbp": high,
            "balance_gbp": central,
            "balance_low_gbp": balance_low,
            "balance_high_gbp": balance_high,
            "p_broken_even": _even_for_good(self.balance_gbp).mean(axis=0),
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(1, len(self.cost_gbp) + 1, name="year"))

    def break_even(self) -> BreakEven:
        """When the balance turns for good, with its range and probability within the horizon."""
        central = ((self.central_gbp - self.cost_gbp) * self.factors).cumsum()[None, :]
        years = _first_year(_even_for_good(self.balance_gbp))
        low, high = (_order_statistic(years, q) for q in (INTERVAL[0], INTERVAL[-1]))
        return BreakEven(
            _finite(_first_year(_even_for_good(central))[0]),
            _finite(low),
            _finite(high),
            float(np.isfinite(years).mean()),
            len(self.cost_gbp),
        )


@dataclass(frozen=True)
class BreakEven:
    """Year in which a plan has paid for itself for good; None: not within the horizon.

    `low` and `high` hold 90% of the draws; `probability` is the share that breaks even within
    `horizon_years`.
    """

    year: int | None
    low: int | None
    high: int | None
    probability: float
    horizon_years: int


def payback(
    plan: CohortPlan,
    *,
    horizon_years: int = 10,
    discounting: Discounting = GREEN_BOOK,
    draws: int = DRAWS,
    seed: int = 1,
) -> Payback:
    """Simulate what a cohort plan avoids, each figure triangular between its low, central and high.

    In year t the service newly supports n_t children. Of these n_t x entry risk x reduction do not come
    into care; each avoids the yearly cost of care for the given number of years, from year t plus the
    delay; the cashable share of that counts. The figures are drawn independently of each other.

    Parameters
    ----------
    plan : CohortPlan
        Without blanks.
    horizon_years : int
        Years that are looked at; the plan's own at least.
    discounting : Discounting
        As for contracts, so that the two can be compared.
    draws, seed : int
        Of the simulation.

    Raises
    ------
    HubreachError
        If a figure is blank.
    """
    plan.refuse_blanks()
    years = max(horizon_years, plan.years)
    cost = np.zeros(years)
    cost[: plan.years] = [float(amount or 0) for amount in yearly_cost(plan)]
    random = np.random.default_rng(seed)
    drawn = {name: _triangular(random, getattr(plan.effect, name).values, draws) for name in EFFECT_FIELDS}
    central = {name: np.array([getattr(plan.effect, name).values[1]]) for name in EFFECT_FIELDS}
    factors = np.array([float(discounting.factor(year)) for year in range(1, years + 1)])
    return Payback(cost, _avoided(plan, drawn, years), _avoided(plan, central, years)[0], factors)


def tornado(
    plan: CohortPlan, *, horizon_years: int = 10, discounting: Discounting = GREEN_BOOK
) -> pd.DataFrame:
    """What drives the balance: each figure at its low and its high, the others at their central value.

    Returns
    -------
    DataFrame
        Index `figure`, the widest first; `meaning`, `low`, `high` (the figure), `balance_at_low_gbp`,
        `balance_at_high_gbp` (present value at the horizon), `swing_gbp`.
    """
    plan.refuse_blanks()

    def balance(effect: Effect) -> float:
        changed = plan.model_copy(update={"effect": effect})
        result = payback(changed, horizon_years=horizon_years, discounting=discounting, draws=1)
        return float(((result.central_gbp - result.cost_gbp) * result.factors).sum())

    rows = {}
    for name, (words, _) in EFFECT_FIELDS.items():
        span = getattr(plan.effect, name)
        ends = [
            balance(plan.effect.model_copy(update={name: span.model_copy(update={"central": end})}))
            for end in (span.low, span.high)
        ]
        rows[name] = [words, float(span.low), float(span.high), *ends, abs(ends[1] - ends[0])]
    columns = ["meaning", "low", "high", "balance_at_low_gbp", "balance_at_high_gbp", "swing_gbp"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("figure")
    return table.sort_values("swing_gbp", ascending=False, kind="stable")


def _avoided(plan: CohortPlan, figures: Mapping[str, NDArray[np.float64]], years: int) -> NDArray[np.float64]:
    """Cash avoided, shape (draws, years)."""
    prevented = figures["entry_risk_percent"] / 100 * figures["reduction_percent"] / 100
    each_year = prevented * figures["annual_care_cost_gbp"] * figures["cashable_percent"] / 100
    avoided = np.zeros((len(each_year), years))
    for start, children in enumerate(plan.children_supported):
        first = start + plan.effect.delay_years
        for year in range(first, years):
            in_care = np.clip(figures["years_in_care"] - (year - first), 0.0, 1.0)
            avoided[:, year] += float(children or 0) * each_year * in_care
    return avoided


def _triangular(
    random: np.random.Generator, span: tuple[float, float, float], draws: int
) -> NDArray[np.float64]:
    low, central, high = span
    return random.triangular(low, central, high, draws) if high > low else np.full(draws, central)


def _even_for_good(balance: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the balance is at or above zero in a year and every later one."""
    return np.asarray(np.logical_and.accumulate((balance >= 0)[:, ::-1], axis=1)[:, ::-1])


def _first_year(even: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(even.any(axis=1), even.argmax(axis=1) + 1.0, np.inf)


def _order_statistic(years: NDArray[np.float64], share: float) -> float:
    """A year that was drawn, not one between two: interpolating with infinity has no meaning."""
    return float(np.quantile(years, share, method="inverted_cdf"))


def _finite(year: float) -> int | None:
    return int(year) if np.isfinite(year) else None


ALL_PERIODS = ""


@dataclass(frozen=True, eq=False)
class ShownCohort:
    """A cohort as it may be shown: every number may be up to 4 people off.

    Parameters
    ----------
    level : {"ward", "locality"}
    table : DataFrame
        `analysis.commissioning.cohort.shown_counts`: text, "0 to 4" for few or none, "" where not given.
    measures : list of str
    blank_areas : int
        Areas without a number.
    """

    level: Level
    table: pd.DataFrame
    measures: list[str]
    blank_areas: int

    @property
    def periods(self) -> list[str]:
        """Periods in the order of the table."""
        return list(dict.fromkeys(self.table["period"]))


def shown_cohort(cohort: Cohort, place: Place) -> ShownCohort:
    """Protect a cohort once, for every view of it."""
    return ShownCohort(cohort.level, shown_counts(cohort, place), cohort.measures, cohort.blank_areas)


def cohort_bars(shown: ShownCohort, measure: str, period: str) -> pd.DataFrame:
    """One measure by area: `area_name`, `value` (0 for 0 to 4), `label`; areas without a number left out."""
    rows = shown.table[(shown.table["level"] == shown.level) & (shown.table["period"] == period)]
    given = rows[rows[measure] != ""].rename(columns={measure: "label"})
    given["value"] = pd.to_numeric(given["label"].str.replace(",", "").replace(MARK, "0"))
    bars = given.set_index("area_code")[["area_name", "value", "label"]]
    return bars.sort_values(["value", "area_name"], ascending=[False, True])


def cohort_totals(shown: ShownCohort) -> dict[str, str]:
    """Total of each measure in the last period as it may be shown."""
    rows = shown.table[(shown.table["level"] == "place") & (shown.table["period"] == shown.periods[-1])]
    return {measure: str(rows[measure].iloc[0]) for measure in shown.measures}


def counts_template(
    place: Place, level: Level, measures: tuple[str, ...] = ("mothers", "children")
) -> pd.DataFrame:
    """An empty table of every area of a level, to be filled."""
    names = place.names(level).sort_values()
    table = pd.DataFrame({"area_code": names.index, "area_name": names.to_numpy()}, dtype=str)
    return table.assign(**dict.fromkeys(measures, ""))


def cohort_levels(place: Place) -> list[Level]:
    """Levels that a cohort of this place can be entered by."""
    several = len(place.names("locality")) > 1
    return ["ward", "locality"] if several else ["ward"]


def funding_parts(plan: CohortPlan) -> pd.DataFrame:
    """Who pays in each year: `year_label`, `part` (partner), `amount_gbp`; blank amounts are left out."""
    table = funding_by_year(plan)
    rows = [
        (f"Year {year}", partner.name, float(table.loc[year, partner.name]))
        for year in table.index
        for partner in plan.partners
        if table.loc[year, partner.name] is not None
    ]
    return pd.DataFrame(rows, columns=["year_label", "part", "amount_gbp"])


def funding_falls(plan: CohortPlan) -> bool | None:
    """Whether the total falls in every year; None where a year is blank, or there is only one."""
    falls = funding_by_year(plan)["falls"].iloc[1:]
    return None if falls.empty or (falls == "").any() else bool((falls == "yes").all())


@dataclass(frozen=True, eq=False)
class PaybackView:
    """What a plan costs, avoids and when it has paid for itself.

    Parameters
    ----------
    table : DataFrame
        `analysis.commissioning.cohort.Payback.table`.
    even : BreakEven
    drivers : DataFrame
        `analysis.commissioning.cohort.tornado`.
    cost_gbp : float
        Cash, all years.
    avoided_gbp : tuple of float
        Cash avoided over the horizon: central, low, high (90% of the draws).
    """

    table: pd.DataFrame
    even: BreakEven
    drivers: pd.DataFrame
    cost_gbp: float
    avoided_gbp: tuple[float, float, float]


def payback_view(plan: CohortPlan, horizon_years: int, discounting: Discounting = GREEN_BOOK) -> PaybackView:
    """Work out avoided cost, break-even and what drives them.

    Raises
    ------
    HubreachError
        If a figure is blank.
    """
    result = payback(plan, horizon_years=horizon_years, discounting=discounting)
    low, _, high = np.quantile(result.avoided_gbp.sum(axis=1), INTERVAL)
    return PaybackView(
        result.table(),
        result.break_even(),
        tornado(plan, horizon_years=horizon_years, discounting=discounting),
        float(result.cost_gbp.sum()),
        (float(result.central_gbp.sum()), float(low), float(high)),
    )
