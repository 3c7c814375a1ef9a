"""Outcomes that are published by authority, and the statistical neighbours of each authority."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import slugify
from analysis.places.england.tables import authorities, read_rows

Reading = Literal["contact", "hardship", "good"]
CHILDREN = "children 0-17 (mid-year estimate)"
PER_10_000 = "per 10,000 children 0-17"
AS_PUBLISHED = f"{PER_10_000}, as published"
NEIGHBOURS_SOURCE = "children's services statistical neighbour benchmarking model (DfE, May 2025)"
POPULATION_SOURCE = "children 0-17: mid-year estimates (ONS)"


@dataclass(frozen=True)
class Outcome:
    """One outcome, and how it is read.

    Parameters
    ----------
    name : str
        As the table of outcomes has it.
    short : str
        What a user may call it.
    unit : str
        Unit of the rows that are read.
    per : int
        What a rate is a rate of: 100 for a per cent; 10,000 where the unit is a rate of children 0-17.
    reading : {"contact", "hardship", "good"}
        Contact with a service, which practice and recording move as well as need; hardship of children
        themselves; or an outcome of which more is better.
    noun : str
        What is counted.
    """

    name: str
    short: str
    unit: str
    per: int = 1
    reading: Reading = "contact"
    noun: str = "children"

    @property
    def counted(self) -> bool:
        """Whether it is a number of children (or referrals) among the authority's children 0-17."""
        return self.per == 1 or self.unit == PER_10_000

    @property
    def key(self) -> str:
        """Its name in an address."""
        return slugify(self.short)

    @property
    def title(self) -> str:
        """Its name at the start of a sentence."""
        return self.name[:1].upper() + self.name[1:]


OUTCOMES = (
    Outcome("children in need at 31 March", "children in need", "children"),
    Outcome("children in need at any point in the year", "children in need in the year", "children"),
    Outcome(
        "children in need episodes started in the year",
        "children in need started",
        "children",
        noun="episodes",
    ),
    Outcome("child protection plans at 31 March", "child protection plans", "children"),
    Outcome("children looked after at 31 March", "looked after", "children"),
    Outcome("referrals to children's social care in the year", "referrals", "referrals", noun="referrals"),
    Outcome("section 47 enquiries", "section 47 enquiries", PER_10_000, 10_000, noun="enquiries"),
    Outcome("re-referrals within 12 months", "re-referrals", "% of referrals", 100),
    Outcome(
        "first-time entrants to the youth justice system",
        "youth justice",
        "per 100,000 aged 10-17",
        100_000,
    ),
    Outcome("children in low income families", "low income", "% of children", 100, "hardship"),
    Outcome("free school meals, primary", "free school meals primary", "% of pupils", 100, "hardship"),
    Outcome(
        "free school meals in the last 6 years, primary",
        "free school meals in 6 years",
        "% of pupils",
        100,
        "hardship",
    ),
    Outcome("free school meals, secondary", "free school meals secondary", "% of pupils", 100, "hardship"),
    Outcome("low birth weight", "low birth weight", "% of births", 100, "hardship"),
    Outcome("overweight or obese, reception", "overweight", "% of children", 100, "hardship"),
    Outcome("breastfeeding at 6-8 weeks", "breastfeeding", "% of infants", 100, "good"),
    Outcome("2-2.5 year-olds reviewed with ASQ-3", "ASQ-3", "% of 2-2.5 year-olds", 100, "good"),
    Outcome(
        "2-year-olds in funded early education",
        "2-year-old offer",
        "% of 2-year-olds",
        100,
        "good",
    ),
    Outcome(
        "3 and 4-year-olds in funded early education",
        "3 and 4-year-old offer",
        "% of 3 and 4-year-olds",
        100,
        "good",
    ),
    Outcome(
        "good level of development",
        "good level of development",
        "% of children at end of reception",
        100,
        "good",
    ),
    Outcome(
        "good level of development, FSM",
        "good level of development FSM",
        "% of children eligible for free school meals",
        100,
        "good",
    ),
    Outcome(
        "good level of development, not FSM",
        "good level of development not FSM",
        "% of children not eligible for free school meals",
        100,
        "good",
    ),
    Outcome("school absence, total", "absence", "% half days missed", 100, "hardship"),
    Outcome("persistent absence", "persistent absence", "% of pupils", 100, "hardship"),
    Outcome("severe absence", "severe absence", "% of pupils", 100, "hardship"),
    Outcome("suspensions", "suspensions", "% of the school population", 100),
    Outcome("16-17 NEET or activity not known", "NEET", "% of 16-17 year-olds", 100, "hardship"),
)


def find_outcome(text: str) -> Outcome:
    """An outcome by its name, its short name or its key.

    Parameters
    ----------
    text : str
        In any case; the beginning or a part of a name serves where only one outcome has it.

    Raises
    ------
    HubreachError
        If there is none, or several; the message names them.

    Examples
    --------
    >>> find_outcome("Children in need").name, find_outcome("plans").name
    ('children in need at 31 March', 'child protection plans at 31 March')
    """
    given = slugify(text)
    for outcome in OUTCOMES:
        if given in (outcome.key, slugify(outcome.name)):
            return outcome
    names = {slugify(outcome.name): outcome for outcome in OUTCOMES}
    holding = [outcome for name, outcome in names.items() if given and given in name]
    if len(holding) == 1:
        return holding[0]
    keys = {outcome.key: outcome for outcome in OUTCOMES}
    near = holding or [(keys | names)[each] for each in difflib.get_close_matches(given, [*keys, *names], 5)]
    shown = dict.fromkeys(outcome.short for outcome in near or OUTCOMES)
    found = f"{text!r} may be several outcomes" if holding else f"{text!r} is not known"
    fault = Fault("outcome", None, None, found, f"Choose from: {'; '.join(shown)}")
    raise HubreachError(f"There is no one outcome called {text!r}.", [fault])


@lru_cache(maxsize=1)
def _published() -> pd.DataFrame:
    """Rows of the 153 authorities: those of England and of authorities that are gone have no code among theirs."""
    rows = read_rows("outcomes", columns=["authority_code", "outcome", "unit", "year", "value", "source"])
    return rows[rows["authority_code"].isin(authorities().index)]


def _wide(name: str, unit: str) -> pd.DataFrame:
    rows = _published()
    chosen = rows[(rows["outcome"] == name) & (rows["unit"] == unit)]
    wide = chosen.set_index(["authority_code", "year"])["value"].unstack()  # noqa: PD010 - a cell is one row
    return wide.reindex(authorities().index).astype(float)


@lru_cache(maxsize=64)
def outcome_values(outcome: Outcome) -> pd.DataFrame:
    """An outcome in every year, as published. Do not change it.

    Counts of a year that is published only as a rate are that rate times the children of the year before.

    Returns
    -------
    DataFrame
        Index `authority_code` (153), a column a year; numbers of children where the outcome is `counted`, else in
        its unit. NaN is not published: suppressed, or before the authority was made.
    """
    values = _wide(outcome.name, outcome.unit)
    rates = _wide(outcome.name, AS_PUBLISHED) if outcome.per == 1 else values
    if not outcome.counted:
        return values.dropna(axis=1, how="all")
    children = pd.DataFrame({year: children_of(year)[0] for year in _years(rates)})
    from_rates = (rates * children / 10_000).round()
    counts = (
        from_rates
        if outcome.per != 1
        else values.combine_first(from_rates[[year for year in from_rates if year not in values]])
    )
    return counts.dropna(axis=1, how="all").sort_index(axis=1)


def outcome_years(outcome: Outcome) -> list[int]:
    """Years that an outcome is published for, in order."""
    return _years(outcome_values(outcome))


def _years(wide: pd.DataFrame) -> list[int]:
    return [int(str(year)) for year in wide]


def counted_from_rate(outcome: Outcome, year: int) -> bool:
    """Whether the counts of a year are a published rate times the children of that year."""
    return outcome.counted and (outcome.per != 1 or year not in _wide(outcome.name, outcome.unit))


def outcome_sources(outcome: Outcome, year: int) -> tuple[str, ...]:
    """Publications that an outcome's figures of a year come from."""
    rows = _published()
    chosen = rows[(rows["outcome"] == outcome.name) & (rows["year"] == year)]
    unit = AS_PUBLISHED if outcome.per == 1 and counted_from_rate(outcome, year) else outcome.unit
    return tuple(sorted(set(chosen.loc[chosen["unit"] == unit, "source"])))


@lru_cache(maxsize=64)
def children_of(year: int) -> tuple[pd.Series, tuple[str, ...]]:
    """Children 0-17 of each authority in the middle of the year before, which rates of `year` are of.

    An authority that was made later has its earliest estimate, moved as the sum of the others moved.

    Returns
    -------
    Series
        Index `authority_code` (153).
    tuple of str
        Codes whose children are moved in that way.
    """
    wide = _wide(CHILDREN, "children")
    years = _years(wide)
    before = min(max(year - 1, years[0]), years[-1])
    known = wide[before].copy()
    moved = tuple(map(str, known.index[known.isna()]))
    for code in moved:
        own = wide.loc[code].dropna()
        both = wide[before].notna() & wide[own.index[0]].notna()
        growth = wide.loc[both, before].sum() / wide.loc[both, own.index[0]].sum()
        known[code] = own.iloc[0] * growth
    return known, moved


@lru_cache(maxsize=1)
def _neighbours() -> pd.DataFrame:
    return read_rows("neighbours").sort_values(["authority_code", "position"])


def statistical_neighbours(authority: str) -> pd.DataFrame:
    """The ten statistical neighbours of an authority, nearest first: index `neighbour_code`; `position`, `closeness`."""
    rows = _neighbours()
    return rows[rows["authority_code"] == authority].set_index("neighbour_code")[["position", "closeness"]]


SPENDING = {
    "looked_after": "Children Looked After",
    "family_support": "Family Support Services",
    "early_years": "Sure start children's centres and early years",
}
SPENDING_SOURCE = "revenue outturn RO3 2024-25 (MHCLG)"


def net_spending() -> tuple[pd.DataFrame, int]:
    """What each authority spent, net of its income for it, in the newest year that is published.

    Returns
    -------
    DataFrame
        Index `authority_code` (153); the columns of `SPENDING` in pounds, NaN where nothing is published.
    int
        The year, to 31 March.
    """
    rows = _published()
    names = {key: f"net current expenditure: {name}" for key, name in SPENDING.items()}
    # In thousands of pounds, the only unit that it is published in.
    wide = {
        key: _wide(name, str(rows.loc[rows["outcome"] == name, "unit"].iloc[0]))
        for key, name in names.items()
    }
    year = max(_years(wide["looked_after"]))
    return pd.DataFrame({key: 1000 * each[year] for key, each in wide.items()}), year
