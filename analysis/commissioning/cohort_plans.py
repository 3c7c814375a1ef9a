"""A cohort's money: who pays in which year, and what the service is claimed to avoid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pandas as pd
from pydantic import Field, model_validator

from analysis.base.records import Record, read_record
from analysis.commissioning.assumptions import Assumption, blank, parameter_log, refuse_blanks
from analysis.commissioning.contracts import Certainty, Day
from analysis.commissioning.money import Number, Pounds, to_pence, total_pounds

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

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
