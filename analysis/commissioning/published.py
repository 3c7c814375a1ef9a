"""Published spending beside a plan's money: an authority and its statistical neighbours, for each child."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.base.schema import Schema
from analysis.benchmark.observed_answer import is_whole, place_authorities
from analysis.places.england.outcomes import (
    NEIGHBOURS_SOURCE,
    POPULATION_SOURCE,
    SPENDING_SOURCE,
    children_of,
    find_outcome,
    net_spending,
    outcome_sources,
    outcome_values,
    statistical_neighbours,
)
from analysis.places.england.tables import authorities
from analysis.places.place import Place

SPENDING = Schema(
    "authority_code",
    {
        "authority_name": ("text", "Name of the authority"),
        "neighbour": (
            "whole",
            "Place among the statistical neighbours, 1 the nearest; 0 for the place's own",
        ),
        "children": ("number", "Children 0-17, mid-year before"),
        "early_help_gbp": ("number", "Net spending on children's centres, early years and family support"),
        "early_help_per_child_gbp": ("number", "That over children 0-17"),
        "looked_after": ("number", "Children looked after at 31 March"),
        "looked_after_gbp": ("number", "Net spending on children looked after"),
        "per_looked_after_gbp": ("number", "That over children looked after at 31 March"),
    },
)


@dataclass(frozen=True, eq=False)
class PublishedMoney:
    """What is published of spending on children.

    Parameters
    ----------
    place : Place
    year : int
        To 31 March.
    table : DataFrame
        As `SPENDING` says: the place's authorities, then the ten statistical neighbours of a single one.
    """

    place: Place
    year: int
    table: pd.DataFrame

    @property
    def own(self) -> pd.Series:
        """The place's authorities together: the columns of numbers; NaN where one is not published."""
        rows = self.table[self.table["neighbour"] == 0]
        sums = rows[["children", "early_help_gbp", "looked_after", "looked_after_gbp"]].sum(skipna=False)
        sums["early_help_per_child_gbp"] = sums["early_help_gbp"] / sums["children"]
        sums["per_looked_after_gbp"] = sums["looked_after_gbp"] / sums["looked_after"]
        return sums

    @property
    def neighbours(self) -> pd.DataFrame:
        """Rows of the statistical neighbours, nearest first."""
        return self.table[self.table["neighbour"] > 0]

    @property
    def care_cost_gbp(self) -> int | None:
        """Net spending for each child looked after, to the nearest £100; None where it is not published."""
        cost = self.own["per_looked_after_gbp"]
        return None if pd.isna(cost) else int(round(float(cost), -2))

    @property
    def sources(self) -> tuple[str, ...]:
        """Publications that the figures come from."""
        looked_after = outcome_sources(find_outcome("looked after"), self.year)
        near = (NEIGHBOURS_SOURCE,) if len(self.neighbours) else ()
        return (SPENDING_SOURCE, *looked_after, POPULATION_SOURCE, *near)

    @property
    def whole(self) -> bool:
        """Whether the place is made of whole authorities, so that the money is its own."""
        return is_whole(self.place)


def published_money(place: Place) -> PublishedMoney:
    """Net spending of a place's authorities and of their statistical neighbours, as published.

    Raises
    ------
    HubreachError
        If the place is no part of England.
    """
    members = place_authorities(place)
    spent, year = net_spending()
    near = statistical_neighbours(members[0]).index if len(members) == 1 else pd.Index([])
    codes = [*members, *near]
    early = spent["early_years"] + spent["family_support"]
    children, looked_after = children_of(year)[0], outcome_values(find_outcome("looked after"))[year]
    table = pd.DataFrame(
        {
            "authority_name": authorities()["authority_name"],
            "neighbour": 0,
            "children": children.astype(float),
            "early_help_gbp": early,
            "early_help_per_child_gbp": early / children,
            "looked_after": looked_after,
            "looked_after_gbp": spent["looked_after"],
            "per_looked_after_gbp": spent["looked_after"] / looked_after.where(looked_after > 0),
        }
    ).loc[codes]
    table["neighbour"] = [0] * len(members) + list(range(1, len(near) + 1))
    return PublishedMoney(place, year, SPENDING.checked(table.rename_axis("authority_code")))
