"""Sentences of targeting: what the set holds, what became of the council's list, how stable, where hot."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from analysis.base.text import unmarked
from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level, Place
from analysis.render.number_words import listed, number_word
from analysis.render.theme import percent
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.need_settings import NeedSettings
from analysis.targeting.composite import SCOPE, WEIGHT_CONCENTRATION
from analysis.targeting.hot_spots import NOT_SIGNIFICANT, PERMUTATIONS, HotSpots
from analysis.targeting.indicators import indicators
from analysis.targeting.named_areas import PART_RULE, NamedAreas
from analysis.targeting.own_index import OwnIndex
from analysis.targeting.recipe import IndexRecipe
from analysis.targeting.smallest_set import SmallestSet

MOST_NAMES = 9
# Each sign is in the product's own typeface, so that a printed map has it too.
VERDICT_SIGNS = {"found": "✓", "partly": "½", "missed": "✗", "extra": "+", "": "·"}
VERDICT_NAMES = {
    "found": "named, high",
    "partly": "named in part",
    "missed": "named, lower",
    "extra": "high, not named",
    "": "neither",
}
VERDICT_WORDS = {
    "found": "named, and among the highest in the model",
    "partly": "named in part; another part is among the highest",
    "missed": "named, and lower in the model",
    "extra": "among the highest in the model, not named",
    "": "neither named nor among the highest",
}
KIND_WORDS = {
    "high-high": "▲ hot spot: high among high",
    "low-low": "▼ cold spot: low among low",
    "high-low": "△ high among low",
    "low-high": "▽ low among high",
    NOT_SIGNIFICANT: "· not beyond chance",
}
VERDICT_LEGEND = ", ".join(f"{sign} {VERDICT_NAMES[verdict]}" for verdict, sign in VERDICT_SIGNS.items())


def tier_words(estimate: NeedEstimate, tiers: Collection[str]) -> str:
    """Names of tiers that are added up, as a sentence has them: "early help and specialist services"."""
    return listed([estimate.tier(key).name.lower() for key in tiers])


def telling_names(place: Place, level: Level) -> pd.Series:
    """Names that tell a reader where an area is: for small areas with their ward; index `area_code`.

    The place's own name, with which the names of small areas begin, is left out: "010F, Oxton".
    """
    names = place.names(level)
    if level != "lsoa":
        return names
    short = names.str.removeprefix(f"{place.name} ")
    return (short + ", " + place.areas["ward_name"].reindex(names.index)).rename("area_name")


def set_sentence(estimate: NeedEstimate, answer: SmallestSet) -> str:
    """How few areas hold the chosen share, with the range of the share and how sure the set is."""
    tier, many = tier_words(estimate, answer.tiers), LEVEL_WORDS[answer.problem.level].many
    share, low, high = answer.held
    children = answer.inside["children_share"].iloc[-1]
    alone = answer.count == 1 and len(answer.table) == 1
    start = (
        f"**{number_word(answer.count).capitalize()} of {len(answer.table)} "
        f"{LEVEL_WORDS[answer.problem.level].one if alone else many}** {'holds' if answer.count == 1 else 'hold'} "
        f"**{percent(share)}** ({percent(low)} to {percent(high)}) of {tier} in {unmarked(estimate.place.name)} "
        f"and {percent(children)} of its children"
    )
    sure = answer.nearly_sure
    if answer.count == len(answer.table):
        return f"{start}."
    if sure == answer.count:
        certain = "it stays" if sure == 1 else "all of them stay"
    else:
        certain = f"{number_word(sure)} of them {'stays' if sure == 1 else 'stay'}"
    return f"{start}; {certain} in the set in 90% of model runs."


def priority_sentence(view: NamedAreas) -> str:
    """What became of the named areas: how many are among the highest, which are lower, which are high and not named."""
    found = int((view.areas["verdict"] == "found").sum())
    missed = list(view.areas.index[view.areas["verdict"] == "missed"])
    who = "that you named" if view.is_own else "that the council named"
    when = f" in {view.year}" if view.year and not view.is_own else ""
    wards = "ward" if view.top == 1 else "wards"
    text = (
        f"**{_share_found(found, len(view.areas))}** {who}{when} {'is' if found < 2 else 'are'} among the "
        f"**{number_word(view.top)} {wards} with most need**{_through(view)}"
    )
    if missed:
        text += f"; **{_names(missed)}** {'is' if len(missed) == 1 else 'are'} lower in the model"
    extra = view.names("extra")
    if extra:
        text += f"; **{_names(extra)}** {'is' if len(extra) == 1 else 'are'} high and not named"
    return f"{text}."


def editions_sentence(view: NamedAreas, elsewhere: Mapping[str, pd.DataFrame | None], place: Place) -> str:
    """Which wards change their verdict on another edition of the deprivation figures, and why; "" without another."""
    said = []
    for vintage, wards in elsewhere.items():
        start = f"On the {unmarked(place.vintage(vintage).title)}, with the same children and shares, "
        if wards is None:
            said.append(f"{start}these prevalences and gradients cannot hold together.")
            continue
        there = wards.reindex(view.wards.index)
        changed = view.wards["verdict"] != there["verdict"]
        if changed.any():
            told = [
                _moved(view.wards.loc[code], there.loc[code], verdict=True) for code in there.index[changed]
            ]
            said.append(f"{start}{listed(told)}.")
            continue
        apart = (view.wards["rank"] - there["rank"]).abs().where(view.wards["verdict"] != "", 0)
        row = int(apart.to_numpy().argmax())
        most = _moved(view.wards.iloc[row], there.iloc[row], verdict=False) if apart.iloc[row] else ""
        said.append(f"{start}every verdict is the same{f'; most moved: {most}' if most else ''}.")
    return " ".join(said)


def _moved(here: pd.Series, there: pd.Series, *, verdict: bool) -> str:
    """One ward on two editions: its place, its modelled rate and, where they differ, its verdict."""
    verdicts = f" ({_verdict(there)} there, {_verdict(here)} here)" if verdict else ""
    return (
        f"{unmarked(str(here['area_name']))} is {ordinal(int(there['rank']))}, not {ordinal(int(here['rank']))}{verdicts} "
        f"(its modelled rate is {there['rate_per_1000']:.0f} per 1,000 there, {here['rate_per_1000']:.0f} here)"
    )


def _verdict(ward: pd.Series) -> str:
    return VERDICT_NAMES[str(ward["verdict"])]


def _share_found(found: int, total: int) -> str:
    """How many of the named areas are found, in words."""
    if found == total:
        return "The one area" if total == 1 else f"All {number_word(total)} areas"
    if total == 1:
        return "Not the one area"
    start = "None" if found == 0 else number_word(found).capitalize()
    return f"{start} of the {number_word(total)} areas"


def _through(view: NamedAreas) -> str:
    """Which ward an area that was named in part is found through."""
    words = []
    for name, area in view.areas[view.areas["part"] & (view.areas["verdict"] == "found")].iterrows():
        own = view.wards[view.wards["named_as"] == name]
        inside, outside = own[own["verdict"] == "found"], own[own["verdict"] == "partly"]
        if len(outside):
            rest = listed(
                [f"{n} {ordinal(int(r))}" for n, r in zip(outside["area_name"], outside["rank"], strict=True)]
            )
            lowered = str(name)[0].lower() + str(name)[1:] if area["part"] else str(name)
            words.append(f"{lowered} through {listed(list(inside['area_name']))}, {rest}")
    return f" ({unmarked('; '.join(words))})" if words else ""


def _names(names: list[str]) -> str:
    shown = names if len(names) <= MOST_NAMES else [*names[:MOST_NAMES], f"{len(names) - MOST_NAMES} more"]
    return unmarked(listed(shown))


def ordinal(number: int) -> str:
    """A rank in figures: 1st, 2nd, 11th.

    >>> ordinal(1), ordinal(12), ordinal(23)
    ('1st', '12th', '23rd')
    """
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def concentration_title(mark: tuple[float, float]) -> str:
    """What the concentration curve finds where it reaches a share of need."""
    children, need = mark
    return f"The {percent(children)} of children in the areas with the highest rates hold {percent(need)} of need"


def index_sentence(estimate: NeedEstimate, view: OwnIndex) -> str:
    """Which area the index puts first, and how much of its ranking would survive another recipe."""
    ranks = view.ranks.assign(name=telling_names(estimate.place, view.level))
    recipe = recipe_words(estimate.place, estimate.settings.vintage, view.recipe)
    sure = int((ranks.head(view.top)["p_top"] >= 0.9).sum())
    wide = ranks.assign(width=ranks["rank_high"] - ranks["rank_low"])
    loosest = wide.sort_values("width", ascending=False, kind="stable").iloc[0]
    return (
        f"On your index ({unmarked(recipe)}), **{unmarked(str(ranks['name'].iloc[0]))}** has most need of "
        f"{len(ranks)} {LEVEL_WORDS[view.level].many}. Of its first {view.top}, **{number_word(sure)}** would be "
        f"there in 90% of other weightings; least settled is {unmarked(str(loosest['name']))}, rank "
        f"{loosest['rank_low']:.0f} to {loosest['rank_high']:.0f}."
    )


def recipe_words(place: Place, vintage: str, recipe: IndexRecipe) -> str:
    """What is in the index, in a few words: "Under-fives 33%, Income 67%"."""
    known = indicators(place, vintage)
    parts = [
        f"{known[key].name if key in known else key} {percent(share)}"
        for key, share in sorted(recipe.shares.items(), key=lambda item: -item[1])
    ]
    return ", ".join(parts) if parts else "no indicator yet"


def direction_words(direction: int) -> str:
    """Which way an indicator counts."""
    return "↑ higher means more need" if direction > 0 else "↓ higher means less need"


def part_rule(share: float) -> str:
    """The rule that says which parts are meant, with its share."""
    return f"{PART_RULE}, here {percent(share)}."


def basis_words() -> str:
    """What it means to estimate need on the user's index."""
    return (
        "An index of your own has no national rank, and a rate of need follows national positions. So the place keeps "
        "its own spread of deprivation, and the index says who stands where in it: the neighbourhood that your index "
        "ranks first takes the highest IMD position found in the place, the second the next, and so on. The "
        "place's totals, prevalences and gradients stay exactly as they are; only which neighbourhood holds how much "
        f"changes, on every page, until you go back. {SCOPE}."
    )


def index_method(settings: NeedSettings) -> str:
    """How the index and the stability of its ranks are worked out."""
    return (
        "Each indicator is turned so that more means more need, put on one scale (rank: (rank - 0.5) / n; z-score: 100 + "
        "10 z; min-max: 0.01 to 1) and averaged with the weights (OECD and JRC 2008, Handbook on Constructing "
        "Composite Indicators). Above neighbourhoods, figures are means weighted by children, never means of "
        f"means. To see how far the ranks hang on these choices, {settings.draws:,} other weightings are drawn: weights from "
        f"a Dirichlet distribution around yours (a weight w moves with a standard deviation of √(w(1-w)/"
        f"{1 + WEIGHT_CONCENTRATION:g})), each with one of the three scales and two means at random (Saisana, Saltelli and "
        f"Tarantola 2005). Median rank, {settings.interval:.0%} interval and the chance of the top k are over these. {SCOPE}."
    )


def hot_spot_sentence(estimate: NeedEstimate, view: HotSpots) -> str:
    """How many hot and cold spots there are at the stated p-value, and what chance alone would give."""
    one, many, _ = LEVEL_WORDS[view.problem.level]
    hot, cold, significance = view.count("high-high"), view.count("low-low"), view.problem.significance
    start = (
        f"**{number_word(hot).capitalize()} {one if hot == 1 else many}** {'is a hot spot' if hot == 1 else 'are hot spots'} "
        f"of {tier_words(estimate, view.tiers)} (a high rate among neighbours with high rates) and {number_word(cold)} "
        f"{'is a cold spot' if cold == 1 else 'are cold spots'}, of {len(view.spots)}"
    )
    if view.problem.correction == "none":
        return (
            f"{start}. With so many areas, about {max(1, round(significance * len(view.spots)))} "
            "would look like a spot by chance alone: the false-discovery option allows for it."
        )
    return f"{start}; at most {significance:.0%} of them are expected to be there by chance alone."


def hot_spot_method(permutations: int = PERMUTATIONS) -> str:
    """How the hot spots are worked out."""
    return (
        "Local Moran's I of the estimated rate (not the number: large areas would look hot), with neighbours that "
        "share an edge or a corner, each weighing the same; an area that touches no other is joined to the nearest. "
        f"p-values are two-sided, from {permutations:,} random permutations of the other areas, so the smallest possible "
        f"is {2 / (permutations + 1):.2g}. The false-discovery option lowers the cut-off for many tests at once "
        "(Benjamini and Hochberg 1995). The rates are modelled from deprivation: a hot spot here is a cluster of "
        "deprivation, and no count of families known to services. Anselin 1995, Geographical Analysis 27, 93-115."
    )
