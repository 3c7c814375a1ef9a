"""Indicators that a composite index can be built from, out of what the place's files hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import pandas as pd

from analysis.places.deprivation import DOMAINS
from analysis.places.own_indicators import HeldIndicator
from analysis.places.place import Level, Place, weighted_mean_by

Direction = Literal[1, -1]
ALL_DOMAINS = frozenset(DOMAINS.values())
UNITS = {"income_rate": "share of people", "employment_rate": "share of working-age people"}


@dataclass(frozen=True)
class Indicator:
    """One figure of a small area that can enter a composite index.

    Parameters
    ----------
    key : str
        Column name.
    name : str
        In words.
    direction : {1, -1}
        1 where a higher figure means more need, -1 where it means less.
    unit : str
    domains : frozenset of str
        Domains of deprivation that it measures; two indicators that share one count it twice.
    file : str
        Where it comes from.
    note : str
        What a reader should know of it.
    """

    key: str
    name: str
    direction: Direction
    unit: str
    domains: frozenset[str]
    file: str
    note: str = ""


def indicators(place: Place, vintage: str) -> dict[str, Indicator]:
    """Every indicator that a place holds for one edition, by key, in order.

    Indicators with a blank small area (counts suppressed at the source) are left out; those of the user's
    own come last, for every edition.
    """
    file, held = place.vintage(vintage).file, place.deprivation(vintage)
    income = frozenset({DOMAINS["income_rate"]})
    known = [
        Indicator("imd_score", "Index of Multiple Deprivation", 1, "score", ALL_DOMAINS, file),
        Indicator(
            "idaci_position",
            "Income deprivation affecting children",
            1,
            "national position, 0 to 1",
            income,
            file,
            "From the official rank; 1 is the most deprived in England",
        ),
        *(
            Indicator(key, name, 1, UNITS.get(key, "score"), frozenset({name}), file)
            for key, name in DOMAINS.items()
        ),
    ]
    found = [item for item in known if item.key in held and held[item.key].notna().all()]
    if "children_0_4" in place.age_bands:
        found.append(
            Indicator(
                "under_five_share",
                "Under-fives",
                1,
                "share of children",
                frozenset({"Age of children"}),
                "areas.csv",
            )
        )
    if "population_mid2020" in place.areas:
        found.append(
            Indicator(
                "child_share",
                "Children",
                1,
                "share of people",
                frozenset({"Children in the population"}),
                "areas.csv",
            )
        )
    found += [_own(held) for held in place.own_indicators if held.is_whole]
    return {item.key: item for item in found}


def _own(held: HeldIndicator) -> Indicator:
    """An indicator of the user's own; what it measures is its own domain."""
    about = held.about
    note = "; ".join([f"Of {about.vintage}, {about.source}", *about.cautions])
    return Indicator(
        about.key, about.name, about.direction, about.unit, frozenset({about.name}), about.file, note
    )


def indicator_values(place: Place, vintage: str, level: Level = "lsoa") -> pd.DataFrame:
    """Figures of every indicator by area, index `area_code`, a column an indicator.

    Above small areas they are child-weighted means, never means of means.
    """
    areas, keys = place.areas, list(indicators(place, vintage))
    values = place.deprivation(vintage)
    if "under_five_share" in keys:
        children = areas["children"].where(areas["children"] > 0)
        values = values.assign(under_five_share=areas["children_0_4"] / children)
    if "child_share" in keys:
        values = values.assign(child_share=areas["children"] / areas["population_mid2020"])
    values = values.assign(**{held.about.key: held.table["value"] for held in place.own_indicators})
    return weighted_mean_by(place, values[keys], areas["children"], level)


def double_counts(chosen: Collection[Indicator]) -> list[str]:
    """A warning for each pair of indicators that measure the same domain twice."""
    warnings = []
    for first, second in combinations(chosen, 2):
        shared = sorted(first.domains & second.domains)
        if shared:
            warnings.append(f"{first.name} and {second.name} both hold {', '.join(shared)}: it counts twice")
    return warnings
