"""The first things worth knowing of a place, in words that are computed."""

from __future__ import annotations

from typing import Literal

from analysis.need.estimate import NeedEstimate
from analysis.need.words import sureness_sentence
from analysis.reach.answer import answer_reach
from analysis.reach.words import left_out, reach_headline
from analysis.render.number_words import listed, number_word
from analysis.render.theme import percent
from analysis.targeting.named_areas import priority_comparison
from analysis.targeting.smallest_set import concentration

Finding = Literal["named areas", "reach", "concentration", "uncertainty"]


def worth_knowing(estimate: NeedEstimate, tier_key: str) -> dict[Finding, str]:
    """What is worth knowing first, a sentence each (markdown), by what it is about.

    One is left out where the place has nothing to say on it.
    """
    found: dict[Finding, str] = {
        "named areas": _named_areas(estimate, tier_key),
        "reach": _hubs(estimate),
        "concentration": _concentration(estimate, tier_key),
        "uncertainty": sureness_sentence(estimate, tier_key, "ward"),
    }
    return {about: sentence for about, sentence in found.items() if sentence}


def _named_areas(estimate: NeedEstimate, tier_key: str) -> str:
    priority = estimate.place.manifest.priority
    comparison = priority_comparison(estimate, [tier_key])
    if priority is None or comparison is None:
        return ""
    named = comparison[comparison["named_as"] != ""]
    top = comparison.head(int(named["rank"].max()))
    inside = top[top["named_as"] != ""]
    extra = list(top.loc[top["named_as"] == "", "area_name"])
    start = (
        f"**{number_word(len(inside)).capitalize()} of the {number_word(len(top))} wards with most need** are in the "
        f"council's own list of {number_word(len(priority.areas))} areas ({priority.source})"
    )
    return f"{start}; {listed(extra)} {'is' if len(extra) == 1 else 'are'} not." if extra else f"{start}."


def _hubs(estimate: NeedEstimate) -> str:
    """Who can reach one of today's sites, by the one answer about reach on its default terms."""
    answer = answer_reach(estimate)
    if answer.sites.empty:
        return "No hub is open in this place's list of sites."
    return f"{reach_headline(answer)}; {left_out(answer)}."


def _concentration(estimate: NeedEstimate, tier_key: str) -> str:
    curve = concentration(estimate, "lsoa", [tier_key]).curve
    half = curve[curve["need_share"] >= 0.5].iloc[0]
    return (
        f"The neighbourhoods with the highest rates, home to **{percent(half['children_share'])} of children**, hold "
        f"half of the need: a targeted offer alone would miss the other half."
    )
