"""The numbers behind a cohort: protected counts, funding by year, what is avoided and when it pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.commissioning.avoided_costs import INTERVAL, BreakEven, payback, tornado
from analysis.commissioning.cohort_plans import CohortPlan, funding_by_year
from analysis.commissioning.cohorts import Cohort, shown_counts
from analysis.commissioning.schedules import GREEN_BOOK, Discounting
from analysis.places.disclosure import MARK
from analysis.places.place import Level, Place

ALL_PERIODS = ""


@dataclass(frozen=True, eq=False)
class ShownCohort:
    """A cohort as it may be shown: nothing here tells a count of 1 to 4.

    Parameters
    ----------
    level : {"ward", "locality"}
    table : DataFrame
        `analysis.commissioning.cohorts.shown_counts`: text, "[c]" where suppressed, "" where not given.
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
    """One measure by area: `area_name`, `value` (NaN where suppressed), `label`; areas without a number left out.

    Suppressed areas come last, in order of name: their place tells nothing.
    """
    rows = shown.table[(shown.table["level"] == shown.level) & (shown.table["period"] == period)]
    given = rows[rows[measure] != ""]
    value = pd.to_numeric(given[measure].str.replace(",", "").replace(MARK, ""), errors="coerce")
    bars = pd.DataFrame(
        {
            "area_code": given["area_code"],
            "area_name": given["area_name"],
            "value": value,
            "label": given[measure],
        }
    )
    ordered = bars.sort_values(["value", "area_name"], ascending=[False, True], na_position="last")
    return ordered.set_index("area_code")


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
        `analysis.commissioning.avoided_costs.Payback.table`.
    even : BreakEven
    drivers : DataFrame
        `analysis.commissioning.avoided_costs.tornado`.
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
