"""Sentences on need that are computed: the answer in words, with its numbers, ranges and sources."""

from __future__ import annotations

import pandas as pd

from analysis.need.answer import Measure, editions_beside
from analysis.need.estimate import NeedEstimate
from analysis.need.parameters import gradient_words
from analysis.places import sources
from analysis.places.place import AreaLevel, Level, Place
from analysis.render.number_words import listed, number_word
from analysis.render.theme import estimate_words, percent, whole
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.need_settings import COMPOSITE, NeedSettings, tiers_together

NEARLY_CERTAIN, MOST_NAMED = 0.9, 9
MEASURES: dict[Measure, str] = {
    "number": "Children",
    "rate": "Rate per 1,000",
    "range": "Uncertainty",
}


def stated_by(estimate: NeedEstimate, tier_key: str) -> str:
    """Who stated a tier's share of children, or that nobody did for this place."""
    tier = estimate.tier(tier_key)
    own = next((each for each in estimate.place.tiers if each.key == tier_key), tier)
    name = estimate.place.name
    if tier.prevalence != own.prevalence:
        return "chosen by the user"
    if name in own.prevalence_source:
        return f"stated: {own.prevalence_source}"
    where = f"; taken from: {own.prevalence_source}" if own.prevalence_source else ""
    return f"no share has been stated for {name}{where}"


def differ_words(estimate: NeedEstimate) -> str:
    """By how much the shares of authorities differ, either way, in the range of the estimate."""
    return f"authorities differ by about {1.645 * estimate.settings.prevalence_sd:.0%} either way"


def need_sentence(estimate: NeedEstimate, tier_key: str, level: Level) -> str:
    """How many children the assumed share of a tier is, with the range, and where most of them are."""
    place, total, tier = estimate.place, estimate.total(tier_key), estimate.tier(tier_key)
    assumed = "stated" if stated_by(estimate, tier_key).startswith("stated") else "assumed"
    start = (
        f"If **{percent(tier.prevalence)}** of children may need {tier.name.lower()}, that is about "
        f"**{estimate_words(*total)}** of {whole(place.children)} in {place.name} ({assumed}; {differ_words(estimate)})"
    )
    ranked = estimate.tier_table(level, tier_key).sort_values("rank")
    if len(ranked) < 2:
        return f"{start}."
    holding = min(int((ranked["need"].cumsum() < total.value / 2).sum()) + 1, len(ranked))
    one, many, _ = LEVEL_WORDS[level]
    first = str(ranked["area_name"].iloc[0])
    return (
        f"{start}; **{number_word(holding)} of {len(ranked)} {many}** hold half of them, "
        f"and **{first}** has most of any {one}."
        if holding > 1
        else f"{start}; half of them are in one {one}, **{first}**."
    )


def leading_sentence(estimate: NeedEstimate, tier_key: str, level: Level) -> str:
    """The area with most need beside the place as a whole, how firmly it leads, and the span of rates; "" for one area."""
    ranked = estimate.tier_table(level, tier_key).sort_values("rank")
    if len(ranked) < 2:
        return ""
    one, many, _ = LEVEL_WORDS[level]
    first, rates = ranked.iloc[0], ranked.sort_values("rate_per_1000")
    whole_rate = float(estimate.tier_table("place", tier_key)["rate_per_1000"].iloc[0])
    most, least = rates.iloc[-1], rates.iloc[0]
    top = estimate.top_count(level)
    among = f"the {one} with most" if top == 1 else f"among the {number_word(top)} {many} with most"
    return (
        f"{first['area_name']} has an estimated **{estimate_words(first['need'], first['low'], first['high'])}**: "
        f"{first['rate_per_1000']:.0f} for every 1,000 children, against {whole_rate:.0f} in {estimate.place.name} as a "
        f"whole. It is {among} in {percent(first['p_top'])} of model runs. Rates run from {least['rate_per_1000']:.0f} "
        f"for every 1,000 children ({least['area_name']}) to {most['rate_per_1000']:.0f} ({most['area_name']})."
    )


def sureness_sentence(estimate: NeedEstimate, tier_key: str, level: Level) -> str:
    """In how many model runs the areas with most need stay the same (markdown)."""
    areas = estimate.tier_table(level, tier_key).sort_values("rank")
    top, many = estimate.top_count(level), LEVEL_WORDS[level].many
    certain = int((areas["p_top"] >= NEARLY_CERTAIN).sum())
    doubtful = [
        str(name)
        for name in areas.loc[areas["p_top"].between(1 - NEARLY_CERTAIN, NEARLY_CERTAIN), "area_name"]
    ]
    if len(doubtful) > MOST_NAMED:
        doubtful = [*doubtful[: MOST_NAMED - 1], f"{len(doubtful) - MOST_NAMED + 1} more"]
    if not doubtful:
        return f"**Uncertainty:** the {number_word(top)} {many} with most need are the same in nearly all model runs."
    return (
        f"**Uncertainty:** of the {number_word(top)} {many} with most need, {number_word(certain)} "
        f"{'is' if certain == 1 else 'are'} there in 90% of model runs; {listed(doubtful)} could change places."
    )


def assumption_sentence(estimate: NeedEstimate, tier_key: str) -> str:
    """What the total rests on: it is an input, and who stated it."""
    tier = estimate.tier(tier_key)
    return (
        f"The total is an input, not a finding: {percent(tier.prevalence)} of children ({stated_by(estimate, tier_key)}). "
        "The model says how it spreads over areas."
    )


def other_figures_sentence(found: pd.DataFrame, estimate: NeedEstimate, tier_key: str) -> str:
    """How many areas leave their range on other deprivation figures, by edition and basis.

    Parameters
    ----------
    found : DataFrame
        As `other_figures` gives.
    estimate : NeedEstimate
    tier_key : str
    """
    rows = found[found["tier"] == tier_key]
    beside = editions_beside(estimate)
    if not beside:
        return "This place has one edition of deprivation figures and one basis."
    told = [
        f"{str(basis).upper()} {vintage}: {int(part['leaves'].sum())} of {len(part)}"
        for (vintage, basis), part in rows.groupby(["vintage", "basis"])
    ]
    settings = estimate.settings
    held = set(zip(rows["vintage"], rows["basis"], strict=True))
    left = [f"{basis.upper()} {vintage}" for vintage, basis in beside if (vintage, basis) not in held]
    if left:
        told.append(f"{tiers_together(settings.tiers)} cannot hold together on {listed(left)}")
    return (
        f"Areas whose estimate leaves the range in use ({settings.basis.upper()} {settings.vintage}, "
        f"{settings.interval:.0%} {settings.range_kind} range) when the estimate follows other figures: "
        f"{'; '.join(told)}. Ranks of two editions are not subtracted."
    )


def standing_sentence(place: Place, shown: NeedSettings) -> str:
    """What a page shows instead of settings that cannot hold together."""
    edition = place.vintage(shown.vintage).title
    return f"Shown instead: {tiers_together(shown.tiers)}, {edition}."


def area_sentence(estimate: NeedEstimate, tier_key: str, level: Level, code: str) -> str:
    """One area's number, range, rank and the chance that it is among the first."""
    table = estimate.tier_table(level, tier_key)
    row = table.to_dict("index")[code]
    words = estimate_words(row["need"], row["low"], row["high"])
    return (
        f"If {percent(estimate.tier(tier_key).prevalence)} of all children may need {estimate.tier(tier_key).name.lower()}, "
        f"an estimated **{words}** of {whole(row['children'])} do here: rank **{row['rank']} of {len(table)}**, among the "
        f"top {estimate.top_count(level)} in **{percent(row['p_top'])}** of model runs."
    )


def map_title(tier_name: str, measure: Measure) -> str:
    """What a map of need shows, with units."""
    return {
        "number": f"{tier_name}: estimated children",
        "rate": f"{tier_name}: estimated children per 1,000",
        "range": f"{tier_name}: width of the range, per cent of the estimate",
    }[measure]


def ranking_words(
    ranking: pd.DataFrame, shown: pd.DataFrame, tier_name: str, level: AreaLevel, measure: Measure
) -> tuple[str, str]:
    """Title (the finding) and subtitle (what is drawn, units) of the ranking chart."""
    first, many = str(ranking["area_name"].iloc[0]), LEVEL_WORDS[level].many
    title = {
        "number": f"{first} has most children who may need {tier_name.lower()}",
        "rate": f"{first} has the highest estimated rate of {tier_name.lower()}",
        "range": f"The estimate of {first} is the most uncertain",
    }[measure]
    part = (
        f"first {len(shown)} of {len(ranking)} {many}"
        if len(shown) < len(ranking)
        else f"all {len(ranking)} {many}"
    )
    unit = {
        "number": "estimated children, with range as a line",
        "rate": "estimated children per 1,000, with range as a line",
        "range": "width of the range, per cent of the estimate",
    }[measure]
    return title, f"{part}, {unit}"


def parameters_sentence(estimate: NeedEstimate) -> str:
    """The assumptions in force, in one line for under a chart or in a download."""
    settings = estimate.settings
    tiers = "; ".join(
        f"{t.name} {percent(t.prevalence)}, {gradient_words(settings, t)}" for t in settings.tiers
    )
    title = estimate.place.vintage(settings.vintage).title
    basis = "The user's own index on the IMD positions" if settings.basis == COMPOSITE else ""
    return (
        f"Modelled estimate. {tiers}. {basis or f'{settings.basis.upper()} rank'} of the {title}; "
        f"{settings.children_per_family:g} children a family; {settings.interval:.0%} {settings.range_kind} range of "
        f"{settings.draws:,} model runs, seed {settings.seed}{lost_words(estimate)}."
    )


def lost_words(estimate: NeedEstimate) -> str:
    """How many model runs could not be solved and are left out; "" where none."""
    lost = estimate.draws.lost
    return f", {lost:,} of them without a solution and left out" if lost else ""


def source_sentence(estimate: NeedEstimate) -> str:
    """Where the figures come from, with the licence: the place's own sources of what the estimate uses."""
    place, settings = estimate.place, estimate.settings
    basis = "imd" if settings.basis == COMPOSITE else settings.basis
    children = [f"areas.csv:{column}" for column in ("children", *place.age_bands)]
    deprivation = f"{place.vintage(settings.vintage).file}:{basis}_rank"
    boundaries = ["boundaries.geojson:area_code", "boundaries.geojson:geometry"]
    wards = ["areas.csv:ward_name"] if place.own("wards") else []
    return sources.source_sentence(place, [*children, deprivation, *boundaries, *wards])


def assumed_source(estimate: NeedEstimate, *more: str) -> str:
    """Source and assumptions, for under a chart or in a download, with what a look adds."""
    return " ".join([source_sentence(estimate), parameters_sentence(estimate), *more])
