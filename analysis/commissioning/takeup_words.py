"""Take-up against need in words: the answer, what stands beside it, titles of its charts and map."""

from __future__ import annotations

from analysis.commissioning.takeup import FEWEST_IN_FUNNEL, TAKEUP_WORDS, TakeupAnswer, TakeupBy
from analysis.need.estimate import NeedEstimate
from analysis.need.words import source_sentence
from analysis.places.rounding import NOTE, PROTECTION
from analysis.render.number_words import listed
from analysis.render.theme import nearest_ten, whole
from analysis.scenario.ages import AGE_GROUPS
from analysis.scenario.terms import DEFAULT_MINUTES
from analysis.scenario.travel import MODE_WORDS

MOST_NAMED = 5
LEAST_WHOLE = 0.1


def reach_words(answer: TakeupAnswer) -> str:
    """What within reach means: "within a 20-minute walk of a family hub"."""
    terms = answer.terms
    minutes = DEFAULT_MINUTES if terms.minutes is None else terms.minutes
    trip = MODE_WORDS[terms.mode or "walk"].trip
    return f"within a {minutes:g}-minute {trip} of a site that counts"


def rate_words(rate: float) -> str:
    """A rate as a sentence writes it: whole per cent, below 10% to a tenth.

    >>> rate_words(0.123), rate_words(0.0343)
    ('12%', '3.4%')
    """
    return f"{rate:.{_decimals(rate)}%}"


def range_words(rate: float, low: float, high: float) -> str:
    """The ends of a rate's range, as its rate is written: "2.3% to 4.8%"."""
    return f"{low:.{_decimals(rate)}%} to {high:.{_decimals(rate)}%}"


def _decimals(rate: float) -> int:
    return 0 if rate >= LEAST_WHOLE else 1


def takeup_sentence(answer: TakeupAnswer) -> str:
    """How many of the children are reached, where fewest, and how many more could be."""
    one, many = TAKEUP_WORDS[answer.by]
    rows, who = answer.known, AGE_GROUPS[answer.ages].words
    if rows.empty or not answer.mean > 0:
        return f"These users cannot be set against {who} in {answer.place.name}: see the notes below."
    first = rows.iloc[0]
    where = f"{len(rows)} {many if len(rows) > 1 else one}"
    near = "who live nearest to" if answer.by == "site" else "in"
    could = nearest_ten(float(rows["could_be_reached"].sum()))
    return (
        f"**{whole(answer.users)} users** are **{rate_words(answer.mean)}** of the {who} {near} {where}. Lowest is "
        f"**{first['area_name']}**: {rate_words(first['rate'])} ({range_words(first['rate'], first['low'], first['high'])}), "
        f"{_gap(first['gap_children'])}. Of those not reached, about **{could}** live {reach_words(answer)}."
    )


def _gap(gap: float) -> str:
    way = "fewer" if gap >= 0 else "more"
    return f"about {nearest_ten(abs(gap))} {way} than at the place's mean"


def takeup_notes(answer: TakeupAnswer, estimate: NeedEstimate) -> list[str]:
    """Assumptions, what is left out, protection, period, source and licence: a line each."""
    _, many = TAKEUP_WORDS[answer.by]
    notes = [
        f"Users: entered by the user, {answer.given.period or 'period not stated'}. {NOTE}",
        (
            "Rate: users over resident children of the same ages; range: 95% interval of chance, of 4 users fewer to 4 more. "
            "Gap: users at the place's mean rate less users"
        ),
        (
            "Assumed: each user is one child of these ages who lives there. Adults, other ages and people counted twice make "
            "rates too high"
        ),
        f"Could be reached: not reached, times the share who live {reach_words(answer)}, as if users lived as all children do",
    ]
    named, counted = answer.given.named_ages, AGE_GROUPS[answer.ages]
    if named is not None and named != counted.ages:
        notes.insert(
            0,
            f"The heading of the users names ages {named[0]} to {named[1]}, but children aged {counted.short} are "
            "counted: rates are not of the same ages",
        )
    if answer.by == "site":
        notes.append(
            "Of a site: the children for whom it is the nearest of the sites in the file; users may live elsewhere"
        )
    if answer.without:
        notes.append(
            f"No number for {len(answer.without)} {many} ({_some(answer.without)}): left out, not nought"
        )
    if answer.unknown:
        notes.append(f"{answer.unknown:,} users whose area is not known are in no rate")
    if answer.over_full:
        notes.append(
            f"More users than children in {_some(answer.over_full)}: some must live elsewhere, be of other ages or be "
            "counted twice"
        )
    if answer.funnel is None:
        notes.append(f"No funnel: it needs {FEWEST_IN_FUNNEL} {many} or more")
    return [*notes, source_sentence(estimate)]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (", ".join(names[:MOST_NAMED]) if more else listed(names)) + more


def bars_words(answer: TakeupAnswer, by: TakeupBy) -> tuple[str, str]:
    """Title (the finding) and subtitle of the rates by a breakdown."""
    rows = answer.tables[by].dropna(subset="rate")
    one, many = TAKEUP_WORDS[by]
    who = AGE_GROUPS[answer.ages].words
    subtitle = f"users as a share of {who}, by {one}, lowest first; lines: chance and rounding; upright: the place's mean"
    if rows.empty:
        return f"No rate by {one}", subtitle
    first, last = rows.iloc[0], rows.iloc[-1]
    span = f"{first['area_name']} {rate_words(first['rate'])}, {last['area_name']} {rate_words(last['rate'])}"
    return f"Take-up by {one}: {span}", f"{subtitle} ({len(rows)} {many})"


def funnel_words(answer: TakeupAnswer) -> tuple[str, str]:
    """Title and subtitle of the funnel."""
    outside = answer.outside
    one, many = TAKEUP_WORDS[answer.by]
    found = f"{_some(outside)} outside the dotted limits" if outside else "none is outside the dotted limits"
    return (
        f"Of {len(answer.known)} {many}, {found}",
        (
            f"users over those expected at the place's mean rate, each {one} a dot, outside a diamond; lines hold 95% (solid) and 99.8% (dotted) by "
            "how far they differ"
        ),
    )


def map_words(answer: TakeupAnswer, by: TakeupBy) -> tuple[str, str, str]:
    """Title, subtitle and heading of the legend of the map."""
    one, many = TAKEUP_WORDS[by]
    rows = answer.tables[by].dropna(subset="could_be_reached")
    most = rows.sort_values("could_be_reached")["area_name"].tail(1).tolist()
    title = f"Most who could be reached: {most[0]}" if most else f"No {many} to show"
    who = AGE_GROUPS[answer.ages].words
    subtitle = f"{who} not reached who live {reach_words(answer)}, by {one}, {answer.place.name}; users may be {PROTECTION} off"
    return title, subtitle, f"Not reached, could be ({many})"
