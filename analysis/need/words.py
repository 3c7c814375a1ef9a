"""Sentences that are computed: the answer in words, with its numbers and ranges."""

from __future__ import annotations

from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level
from analysis.render.number_words import number_word
from analysis.render.theme import estimate_words, percent, whole
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.need_settings import COMPOSITE


def need_sentence(estimate: NeedEstimate, tier_key: str, level: Level) -> str:
    """How many children are in a tier, with the range, and where most of them are."""
    place = estimate.place
    total = estimate.table("place").iloc[0]
    tier = next(tier for tier in estimate.settings.tiers if tier.key == tier_key)
    words = estimate_words(*(float(total[f"{tier_key}_{part}"]) for part in ("children", "low", "high")))
    start = f"An estimated **{words}** of {whole(place.children)} children in {place.name} need {tier.name.lower()}"
    areas = estimate.table(level)
    if len(areas) < 2:
        return f"{start}."
    ranked = areas.sort_values(f"{tier_key}_rank")
    half, names = 0, []
    for code in ranked.index:
        names.append(code)
        half += int(ranked.loc[code, f"{tier_key}_children"])
        if half >= total[f"{tier_key}_children"] / 2:
            break
    one, many = LEVEL_WORDS[level].one, LEVEL_WORDS[level].many
    first = str(ranked["area_name"].iloc[0])
    noun = one if len(names) == 1 else many
    return (
        f"{start}; **{number_word(len(names))} of {len(areas)} {many}** hold half of them, "
        f"and **{first}** has most of any {one}."
        if len(names) > 1
        else f"{start}; half of them are in one {noun}, **{first}**."
    )


def area_sentence(estimate: NeedEstimate, tier_key: str, level: Level, code: str) -> str:
    """One area's number, range, rank and how sure the rank is."""
    table = estimate.table(level)
    row = table.to_dict("index")[code]
    tier = next(tier for tier in estimate.settings.tiers if tier.key == tier_key)
    words = estimate_words(*(float(row[f"{tier_key}_{part}"]) for part in ("children", "low", "high")))
    top = estimate.top_count(level)
    chance = percent(row[f"{tier_key}_p_top"])
    return (
        f"An estimated **{words}** of {whole(row['children'])} children need {tier.name.lower()}: rank "
        f"**{row[f'{tier_key}_rank']} of {len(table)}**, among the top {top} in **{chance}** of the simulated worlds."
    )


def parameters_sentence(estimate: NeedEstimate) -> str:
    """The assumptions in force, in one line for under a chart or in a download."""
    settings = estimate.settings
    tiers = "; ".join(f"{t.name} {percent(t.prevalence)}, gradient {t.gradient:g}" for t in settings.tiers)
    title = estimate.place.vintage(settings.vintage).title
    basis = "The user's own index on the IMD positions" if settings.basis == COMPOSITE else ""
    return (
        f"Modelled estimate. {tiers}. {basis or f'{settings.basis.upper()} rank'} of the {title}; "
        f"{settings.children_per_family:g} children a family; {settings.interval:.0%} interval of "
        f"{settings.draws:,} draws, seed {settings.seed}."
    )


def source_sentence(estimate: NeedEstimate) -> str:
    """Where the figures come from, with the licence."""
    title = estimate.place.vintage(estimate.settings.vintage).title
    return (
        f"Source: {title} (MHCLG); {estimate.place.manifest.children_title} (ONS). Open Government Licence v3.0. "
        "Contains OS data © Crown copyright and database right."
    )
