"""Indicators of the user's own as a page shows them: what is kept, and what a new one would be."""

from __future__ import annotations

import pandas as pd

from analysis.intake.indicators.reading import NewIndicator, unusable_words
from analysis.places.own_indicators import own_indicator_table
from analysis.places.place import Place

STATUS_WORDS = {
    "value": "With a value",
    "few": "Value rests on few",
    "filled": "Filled with the ward's mean",
    "suppressed": "Suppressed",
    "missing": "Missing",
}


def held_table(place: Place) -> pd.DataFrame:
    """Every indicator of the user's own that a place holds, in words.

    Returns
    -------
    DataFrame
        Index `key`; `name`, `direction`, `unit`, `vintage`, `source`, `geography`, small areas by status,
        `in_index` and `cautions`.
    """
    table = own_indicator_table(place.own_indicators)
    return table.assign(
        direction=table["direction"].map(
            {"higher": "↑ higher means more need", "lower": "↓ lower means more need"}
        ),
        in_index=table["in_index"].map({True: "yes", False: "not yet: it has gaps"}),
    )


def held_sentence(place: Place) -> str:
    """How many there are, and where they are used."""
    usable = sum(held.is_whole for held in place.own_indicators)
    total = len(place.own_indicators)
    if not total:
        return (
            "None yet. Any table with a row an LSOA, MSOA or ward can join the place: children in low income "
            "families, lone parents, referrals, free school meals."
        )
    return f"{total} joined this place; {usable} can enter an index of your own on the Targeting page."


def new_sentences(new: NewIndicator) -> list[str]:
    """What a person should know before the indicator is kept."""
    about, coverage = new.held.about, new.held.coverage
    known = int(coverage["value"] + coverage["few"])
    sentences = [
        (
            f"{about.name}: {known:,} of {int(coverage.sum()):,} LSOAs have a value of their own "
            f"({about.unit}, by {about.geography}, {about.vintage}, {about.source})."
        ),
        *(f"{caution[0].upper()}{caution[1:]}." for caution in about.cautions),
        *(f"Left out: {words}." for words in new.left_out),
    ]
    problem = unusable_words(new.held)
    return [*sentences, f"{problem}."] if problem else sentences


def coverage_table(new: NewIndicator) -> pd.DataFrame:
    """Coverage by ward, least covered first; the share of children with a value in per cent."""
    table = new.wards.assign(children_known=(100 * new.wards["children_known"]).round(1))
    return table.rename(columns={status: words for status, words in STATUS_WORDS.items() if status in table})
