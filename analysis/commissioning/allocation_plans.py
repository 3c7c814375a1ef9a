"""An allocation as a council would minute it: envelope, weights, floor, supplement, damping."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

import pandas as pd
from pydantic import BeforeValidator, Field, model_validator

from analysis.base.records import Record, read_record
from analysis.commissioning.allocations import AllocationRules, travel_supplement
from analysis.commissioning.assumptions import Assumption, blank, parameter_log
from analysis.commissioning.money import Pounds, as_number

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.commissioning.recipients import Recipients

COMMITTEE = "the committee that decides the allocation"
Share = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False), BeforeValidator(as_number)]
"""Per cent, 10 for a tenth."""
OptionalShare = Annotated[
    Annotated[Decimal, Field(ge=0, le=1000, allow_inf_nan=False)] | None, BeforeValidator(as_number)
]
Weight = Annotated[Decimal, Field(ge=0, le=1000, allow_inf_nan=False), BeforeValidator(as_number)]


class TravelSupplement(Record):
    """Extra weight for need that is far from help: so many per cent for each minute beyond a threshold."""

    percent_per_minute: Share = Decimal(0)
    beyond_minutes: Annotated[Decimal, Field(ge=0, le=1000), BeforeValidator(as_number)] = Decimal(20)
    most_percent: Share = Decimal(50)


class AllocationPlan(Record):
    """An envelope and the rules that share it; today's amounts are by code of area or id of site."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    source: str = ""
    envelope_gbp: Pounds = None
    by: Literal["locality", "ward", "site"] = "ward"
    weights: dict[str, Weight] = Field(default_factory=dict)
    floor_percent: Share = Decimal(0)
    supplement: TravelSupplement = TravelSupplement()
    today_gbp: dict[str, Pounds] = Field(default_factory=dict)
    most_loss_percent: OptionalShare = None
    most_gain_percent: OptionalShare = None
    assumptions: tuple[Assumption, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _whole_pounds(self) -> AllocationPlan:
        if self.envelope_gbp is not None and self.envelope_gbp % 1:
            raise ValueError("the envelope has pence: give whole pounds")
        if self.most_loss_percent is not None and self.most_loss_percent > 100:
            raise ValueError("nobody can lose more than 100%")
        return self

    def today(self, names: pd.Series) -> pd.Series | None:
        """Today's amounts of these recipients, NaN where none is given; None where none of them has one."""
        given = {code: amount for code, amount in self.today_gbp.items() if amount is not None}
        amounts = [float(given[code]) if code in given else float("nan") for code in names.index]
        today = pd.Series(amounts, index=names.index, name="today_gbp", dtype=float)
        return None if today.isna().all() else today

    def rules(self, recipients: Recipients) -> AllocationRules:
        """The rules as `analysis.commissioning.allocations.allocate` takes them."""
        extra = self.supplement
        supplement = None
        if extra.percent_per_minute:
            supplement = travel_supplement(
                recipients.travel_minutes,
                beyond_minutes=float(extra.beyond_minutes),
                per_minute=float(extra.percent_per_minute) / 100,
                most=float(extra.most_percent) / 100,
            )
        damped = self.most_loss_percent is not None or self.most_gain_percent is not None
        return AllocationRules(
            floor=float(self.floor_percent) / 100,
            supplement=supplement,
            today_gbp=self.today(recipients.names) if damped else None,
            most_loss=_share(self.most_loss_percent),
            most_gain=_share(self.most_gain_percent),
        )

    def blanks(self) -> tuple[Assumption, ...]:
        """What has to be filled in before anything can be shared, and by whom."""
        return () if self.envelope_gbp is not None else (blank("envelope_gbp", COMMITTEE),)

    def log(self) -> pd.DataFrame:
        """Parameter log of the allocation: every rule is the committee's to confirm."""
        extra = self.supplement
        values = {
            "envelope_gbp": self.envelope_gbp,
            "shared by": self.by,
            "weights": ", ".join(f"{tier} {weight:f}" for tier, weight in self.weights.items()) or None,
            "floor_percent": self.floor_percent,
            "supplement": f"{extra.percent_per_minute:f}% a minute beyond {extra.beyond_minutes:f} minutes, "
            f"at most {extra.most_percent:f}%"
            if extra.percent_per_minute
            else "none",
            "most_loss_percent": self.most_loss_percent,
            "most_gain_percent": self.most_gain_percent,
        }
        why = "Entered on the page or in the file"
        rules = [
            Assumption(parameter=name, value=str(value), reason=why, confirm_with=COMMITTEE)
            for name, value in values.items()
            if value is not None
        ]
        return parameter_log(self.name, self.source, {}, [*rules, *self.assumptions, *self.blanks()])


def read_allocation_plan(path: Path) -> AllocationPlan:
    """Read an allocation plan (TOML).

    Raises
    ------
    HubreachError
        With every fault of the file.
    """
    return read_record(path, AllocationPlan, f"The allocation in {path.name} cannot be read.")


def _share(percent: Decimal | None) -> float | None:
    return None if percent is None else float(percent) / 100
