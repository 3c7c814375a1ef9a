"""Sentences on observed against expected: what is published, what was expected, and what a difference can mean."""

from __future__ import annotations

import pandas as pd

from analysis.benchmark.observed_answer import (
    STEPS,
    BenchmarkAnswer,
    is_whole,
    off_scale,
    place_authorities,
    standing,
)
from analysis.places.england.outcomes import (
    NEIGHBOURS_SOURCE,
    POPULATION_SOURCE,
    Outcome,
    counted_from_rate,
    find_outcome,
    outcome_sources,
    outcome_years,
)
from analysis.places.place import Place
from analysis.render.number_words import listed
from analysis.render.theme import nearest_ten, whole

BASIS_WORDS = {"imd": "IMD", "idaci": "IDACI"}
STANDING_WORDS = {
    "above": "above the funnel's 99.8% limits, which allow for how far authorities of its size differ",
    "high": "above the funnel's 95% limits, which allow for how far authorities of its size differ",
    "inside": "inside the funnel's 95% limits, which allow for how far authorities of its size differ",
    "low": "below the funnel's 95% limits, which allow for how far authorities of its size differ",
    "below": "below the funnel's 99.8% limits, which allow for how far authorities of its size differ",
}
READINGS = {
    "contact": (
        "**What high can mean.** *Need*: more children in difficulty than deprivation tells. *Practice*: a lower "
        "threshold, earlier help, or cases that stay open longer. *Recording*: what is counted as a case, and when it "
        "is closed. *Low* can mean less need, or need that is not met. The figures do not tell which."
    ),
    "hardship": (
        "**What high can mean.** *Need*: more hardship than the neighbourhoods' ranks tell, or hardship newer than "
        "they are. *Practice*: how well those with a right are reached and registered. *Recording*: who is counted, "
        "and when. The figures do not tell which."
    ),
    "good": (
        "**More is better here**, so a low ratio is the one to ask about. It can be *need* (children who start from "
        "further back), *practice* (what is offered and taken up) or *recording* (who is assessed and counted). The "
        "figures do not tell which."
    ),
}
BETWEEN = (
    "Fitted between authorities. Inside an authority the gradient may be steeper: councils with more deprivation "
    "intervene less at the same level of it (inverse intervention law)."
)


def amount(outcome: Outcome, value: float, *, estimated: bool = False) -> str:
    """A number or rate of an outcome as a sentence writes it; an estimate to the nearest 10.

    Parameters
    ----------
    outcome : Outcome
    value : float
        In the outcome's unit; NaN where nothing is published.
    estimated : bool
        Whether it is expected, not counted.
    """
    if pd.isna(value):
        return "no figure"
    if outcome.counted:
        return nearest_ten(value) if estimated else whole(value)
    return f"{value:.1f}%" if outcome.per == 100 else f"{value:,.0f}"


def ratio_words(row: pd.Series) -> str:
    """A ratio with its interval: "1.48 (1.35 to 1.62)"."""
    return f"{row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def whose(answer: BenchmarkAnswer) -> str:
    """Names of the authorities that the question is about."""
    return listed(list(answer.members["authority_name"]))


def benchmark_sentence(answer: BenchmarkAnswer, place: Place) -> str:
    """What is published, against what deprivation predicts, with the interval, and where that stands."""
    outcome, year, row = answer.problem.outcome, answer.problem.year, answer.whole
    name, members = whose(answer), answer.problem.members
    start = "" if is_whole(place) else f"Published for {name}, not for {place.name} alone. "
    if pd.isna(row["observed"]):
        return (
            f"{start}Nothing is published of {outcome.name} {year} in {name}, or in a part of it: "
            "suppressed, or not returned."
        )
    together = " together" if len(members) > 1 else ""
    unit = "" if outcome.counted or outcome.per == 100 else f" {outcome.unit}"
    told = (
        f"{start}{outcome.title} {year}: **{amount(outcome, row['observed'])}{unit}** in {name}{together}, "
        f"**{row['ratio']:.2f} times** (95% interval {row['low']:.2f} to {row['high']:.2f}) the "
        f"{amount(outcome, row['expected'], estimated=True)} that deprivation predicts"
    )
    return f"{told}; {STANDING_WORDS[standing(answer, members[0])]}." if len(members) == 1 else f"{told}."


def shown_instead(answer: BenchmarkAnswer, place: Place) -> str:
    """What is shown where a place is not one authority; "" where it is one."""
    owners = place_authorities(place)
    if not is_whole(place):
        return (
            f"Outcomes are published by authority: this page shows {whose(answer)}. "
            "What is modelled for the place alone is on the page Need."
        )
    if len(owners) > 1:
        return (
            f"{len(owners)} authorities together: their numbers are added up, each is marked in the funnel, and "
            "statistical neighbours, which belong to one authority, are left out."
        )
    return ""


def fit_sentence(answer: BenchmarkAnswer) -> str:
    """The fitted gradient with its interval, on how many authorities, and how much is left unexplained."""
    gradient, low, high = answer.fit.gradient
    problem = answer.problem
    return (
        f"{problem.outcome.title} {problem.year}, {answer.fit.fitted} authorities, "
        f"{BASIS_WORDS[problem.basis]} {problem.vintage}: the rate in the most deprived tenth of neighbourhoods is "
        f"{gradient:.1f} times ({low:.1f} to {high:.1f}) that in the least deprived. Authorities differ from what this "
        f"predicts by {answer.spread:.0%} (relative standard deviation beyond chance)."
    )


def left_out_sentence(answer: BenchmarkAnswer) -> str:
    """Who takes no part and why, and whose children are estimated; "" where nobody."""
    parts = []
    if answer.missing:
        parts.append(
            f"No figure is published for {listed(answer.missing)} ({len(answer.missing)} of {len(answer.table)}: "
            "suppressed, not returned, or not yet an authority): missing, not nought, and not in the fit."
        )
    if answer.moved_known:
        parts.append(
            f"Children of {listed(answer.moved_known)} in that year are their earliest estimate, moved as England's moved."
        )
    outcome, year = answer.problem.outcome, answer.problem.year
    if counted_from_rate(outcome, year):
        parts.append(
            f"Numbers of {year} are the published rate times the children: to the rounding of the rate."
        )
    return " ".join(parts)


def method_sentence(answer: BenchmarkAnswer) -> str:
    """How expected numbers, intervals and limits are worked out, with the figures behind them."""
    problem = answer.problem
    interval = (
        "chance in the count (Poisson) and the error of the fit"
        if problem.outcome.counted
        else "the error of the fit alone: the numbers behind the percentages are not published with them"
    )
    limits = (
        "limits from chance and from how authorities differ beyond it"
        if problem.outcome.counted
        else "limits from how authorities differ, the same for all sizes"
    )
    return (
        "Expected: children 0-17 of the year before, spread over neighbourhoods as in mid-2024, times one national rate "
        f"curve fitted to all authorities (quasi-Poisson, dispersion {answer.fit.dispersion:,.1f}; 1 is chance alone). "
        f"Interval: {interval}. Funnel: {limits} (Spiegelhalter 2005, winsorised)."
    )


def benchmark_source(answer: BenchmarkAnswer) -> str:
    """Where the figures come from, with the licence."""
    problem = answer.problem
    published = outcome_sources(problem.outcome, problem.year)
    edition = f"English Indices of Deprivation {problem.vintage} (MHCLG)"
    near = "" if answer.neighbours.empty else f"; {NEIGHBOURS_SOURCE}"
    return f"Source: {'; '.join(published)}; {POPULATION_SOURCE}; {edition}{near}. Own fit. Open Government Licence v3.0."


def benchmark_notes(answer: BenchmarkAnswer, place: Place) -> list[str]:
    """Everything that stands beside the numbers, a line each."""
    notes = (
        benchmark_sentence(answer, place).replace("**", ""),
        shown_instead(answer, place),
        fit_sentence(answer),
        left_out_sentence(answer),
        READINGS[answer.problem.outcome.reading].replace("**", "").replace("*", ""),
        method_sentence(answer),
        benchmark_source(answer),
    )
    return [note for note in notes if note]


def funnel_words(answer: BenchmarkAnswer) -> tuple[str, str]:
    """Title (the finding) and subtitle (what is drawn) of the funnel."""
    outside = sum(standing(answer, str(code)) in ("above", "below") for code in answer.known.index)
    row, beyond = answer.whole, off_scale(answer)
    found = "no figure" if pd.isna(row["ratio"]) else f"{row['ratio']:.2f} times expected"
    near = "" if answer.neighbours.empty else ", statistical neighbours as diamonds"
    edge = [
        f"{name} {ratio:.1f}" for name, ratio in beyond[["authority_name", "ratio"]].itertuples(index=False)
    ]
    higher = f"; off the scale, at the upper edge: {listed(edge)}" if edge else ""
    return (
        f"{whose(answer)}: {found}",
        (
            f"{len(answer.known)} authorities as dots{near}; lines hold 95% (solid) and 99.8% (dotted) of authorities by how "
            f"far they differ, {outside} outside the dotted{higher}"
        ),
    )


def neighbours_words(answer: BenchmarkAnswer) -> tuple[str, str]:
    """Title and subtitle of the ratios of an authority and its statistical neighbours."""
    rows = pd.concat([answer.members, answer.neighbours])
    known = rows[rows["ratio"].notna()].sort_values("ratio", ascending=False)
    subtitle = "observed over expected, with 95% interval; ten statistical neighbours"
    first = answer.problem.members[0]
    if len(answer.problem.members) > 1:
        return f"{len(rows)} authorities together", "observed over expected, with 95% interval"
    if first not in known.index:
        return f"{whose(answer)} has no figure", subtitle
    place = int(known.index.get_indexer(pd.Index([first]))[0]) + 1
    return (
        f"{whose(answer)}: {ordinal(place)} highest of {len(known)} with its neighbours",
        subtitle,
    )


def ordinal(number: int) -> str:
    """A place in a row: "1st", "22nd", "11th".

    Examples
    --------
    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 22)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def trend_words(years: pd.DataFrame, answer: BenchmarkAnswer) -> tuple[str, str]:
    """Title and subtitle of the ratios by year, from `trend`."""
    own = years.loc[[answer.problem.members[0]]]
    known = own[own["ratio"].notna()]
    name = str(own["authority_name"].iloc[0])
    first, last = int(years["year"].min()), int(years["year"].max())
    problem = answer.problem
    near = "; statistical neighbours in grey" if len(answer.neighbours) else ""
    gaps = sorted({*own["year"]} - {*known["year"]})
    without = f"; no figure of {name} for {listed([str(year) for year in gaps])}" if gaps else ""
    subtitle = (
        f"observed over expected, {first} to {last}, each year with its own national fit on "
        f"{BASIS_WORDS[problem.basis]} {problem.vintage}; 95% intervals{near}{without}"
    )
    if known.empty:
        return f"{name} has no figure in any year", subtitle
    start, end = known.iloc[0], known.iloc[-1]
    return (
        f"{name}: {start['ratio']:.2f} times expected in {start['year']:.0f}, {end['ratio']:.2f} in {end['year']:.0f}",
        subtitle,
    )


def gradient_words_of(answer: BenchmarkAnswer) -> tuple[str, str]:
    """Title and subtitle of the fitted gradient over those of the model."""
    gradient, low, high = answer.fit.gradient
    return (
        (
            f"Between authorities, the most deprived tenth has {gradient:.1f} times ({low:.1f} to {high:.1f}) the rate of "
            "the least"
        ),
        (
            f"rate by deprivation of the neighbourhood, England's rate as 1: fitted to {answer.problem.outcome.name} "
            f"{answer.problem.year} with 95% interval, and the tiers of the model (dashed); authorities as dots at their "
            "children's mean"
        ),
    )


def pyramid_words(steps: pd.DataFrame, place: Place) -> tuple[str, str]:
    """Title and subtitle of what is observed beside the modelled tiers, from `observed_pyramid`."""
    top = steps.iloc[-1]
    found = (
        "no figure at the top"
        if pd.isna(top["ratio"])
        else f"{top['ratio']:.2f} times as many children at the top as its deprivation predicts"
    )
    return (
        f"{place.name}: {found}",
        (
            "children: modelled tiers with their range (est.), and published numbers; upright line: expected from "
            "deprivation. Tiers and outcomes are not steps of one ladder: a child may be in several"
        ),
    )


def pyramid_source() -> str:
    """Where the observed numbers of the pyramid come from."""
    found = sorted(
        {
            publication
            for outcome in map(find_outcome, STEPS)
            for publication in outcome_sources(outcome, outcome_years(outcome)[-1])
        }
    )
    return f"Observed: {'; '.join(found)}; {POPULATION_SOURCE}."


LEDGER = (
    "The tiers are assumed shares of all children; the outcomes are counts of children whom services know. One does "
    "not test the other: a council that intervenes less does not need less."
)
