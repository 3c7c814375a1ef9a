"""A place of England against published figures of its authorities and districts."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.places.checks import Check, passed
from analysis.places.england.official import FILE_10, ONS_MID2024, SHARE_TOLERANCE
from analysis.places.england.opening import NEWEST
from analysis.places.england.tables import authorities, districts
from analysis.places.place import Place

# The official averages weigh by residents of mid-2022, which are not published by LSOA with the indices' licence here;
# weighted by those of Census 2021, the largest difference of the 296 districts is 0.34 (City of London).
AVERAGE_TOLERANCE = 0.35
MOST_NAMED = 4


def official_checks(place: Place) -> Iterator[Check]:
    """Checks against totals that others publish; none for a place whose figures are its own folder's."""
    if not place.districts:
        return
    lower = districts().loc[list(place.districts)]
    children = place.areas["children"].groupby(place.areas["authority_code"]).sum()
    whole = [
        code
        for code in sorted(set(lower["authority_code"]))
        if set(districts().index[districts()["authority_code"] == code]) <= set(place.districts)
    ]
    if whole:
        upper = authorities().loc[whole]
        official = _compared(
            "Children aged 0-17 are the authority's published total",
            children.reindex(whole),
            upper["children_mid2024"],
            upper["authority_name"],
            (",.0f", 0.0, ONS_MID2024),
        )
        own = place.own("children") is not None
        yield _beside(official, children.reindex(whole), upper["children_mid2024"]) if own else official
    figures, home = place.deprivation(NEWEST), place.areas["district_code"]
    names = lower["district_name"]
    yield _compared(
        "Share of small areas in the most deprived tenth of England is the published one",
        figures["imd_decile"].eq(1).groupby(home).mean().reindex(lower.index),
        lower["imd_share_most_deprived_tenth"],
        names,
        (".4f", SHARE_TOLERANCE, FILE_10),
    )
    people = place.population
    average = figures["imd_score"].mul(people).groupby(home).sum() / people.groupby(home).sum()
    yield _compared(
        "Average IMD score is the published one, but for the year of the residents that weigh it",
        average.reindex(lower.index),
        lower["imd_average_score"],
        names,
        (".3f", AVERAGE_TOLERANCE, FILE_10),
    )


def _beside(official: Check, found: pd.Series, published: pd.Series) -> Check:
    """The comparison where the council's own children stand in place of the official ones: no fault, but a difference."""
    difference = int(found.sum() - published.sum())
    return official._replace(
        check="Children of the council's own, beside the authority's published total",
        result="note",
        found=f"{official.found}: {difference:+,} children ({difference / published.sum():+.1%})",
    )


def _compared(
    check: str, found: pd.Series, published: pd.Series, names: pd.Series, rule: tuple[str, float, str]
) -> Check:
    """One check of several figures: those that differ are named, else the first few."""
    form, tolerance, source = rule
    apart = (found - published).abs()
    # An area that is missing is a difference too.
    wrong = ~(apart <= tolerance + 1e-9)
    shown = names[wrong] if wrong.any() else names
    more = f", and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""

    def told(figures: pd.Series) -> str:
        pairs = zip(shown, figures.reindex(shown.index), strict=True)
        return ", ".join(f"{name} {figure:{form}}" for name, figure in [*pairs][:MOST_NAMED]) + more

    to = f", to {tolerance:g}" if tolerance else ""
    return Check(check, passed(not wrong.any()), told(published) + to, told(found), source)
