"""Published spending in words."""

from __future__ import annotations

import pandas as pd

from analysis.commissioning.published import PublishedMoney
from analysis.render.theme import pounds, whole

LIMITS = (
    "Net of income, all of the year, over children on one day at its end: not the price of a placement, and a mean over "
    "fostering and residential care"
)


def year_words(money: PublishedMoney) -> str:
    """The financial year: 2024-25."""
    return f"{money.year - 1}-{money.year % 100:02d}"


def care_cost_words(money: PublishedMoney) -> str:
    """What a child looked after cost the authority in a year, as published, with its limits."""
    own = money.own
    if pd.isna(own["per_looked_after_gbp"]):
        return f"No spending on children looked after is published for {money.place.name}."
    return (
        f"Published: {pounds(own['looked_after_gbp'])} net on {whole(own['looked_after'])} children looked after, "
        f"{year_words(money)}: {pounds(round(own['per_looked_after_gbp'], -2))} each. {LIMITS}."
    )


def early_help_words(money: PublishedMoney) -> str:
    """What the authority spends on early years and family support for each child, beside its neighbours."""
    own, near = money.own, money.neighbours["early_help_per_child_gbp"].dropna()
    if pd.isna(own["early_help_per_child_gbp"]):
        return f"No spending on early years and family support is published for {money.place.name}."
    beside = ""
    if len(near):
        beside = (
            f"; its {len(near)} statistical neighbours {_each(near.min())} to {_each(near.max())}, middle "
            f"{_each(near.median())}"
        )
    return (
        f"Published: {pounds(own['early_help_gbp'])} net on children's centres, early years and family support, "
        f"{year_words(money)}: {_each(own['early_help_per_child_gbp'])} for each child 0-17{beside}."
    )


def money_notes(money: PublishedMoney) -> list[str]:
    """Both sentences, limits and sources, a line each."""
    notes = [early_help_words(money), care_cost_words(money)]
    if not money.whole:
        notes.append(f"The figures are of the whole authority, of which {money.place.name} is a part")
    notes.append(
        "Authorities enter costs under these headings in different ways: a difference is a question, not a finding"
    )
    return [*notes, money_source(money)]


def money_source(money: PublishedMoney) -> str:
    """Where the figures come from, with the licence."""
    return f"Source: {'; '.join(money.sources)}. Open Government Licence v3.0."


def _each(amount: float) -> str:
    return f"£{amount:,.0f}"
