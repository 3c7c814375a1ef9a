"""Sentences of the targeting page: what the set holds, what became of the council's list, how stable, where hot."""

from __future__ import annotations

from analysis.base.text import unmarked
from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level
from analysis.render.number_words import listed, number_word
from analysis.render.theme import percent
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.need_settings import NeedSettings
from analysis.targeting.composite import SCOPE, WEIGHT_CONCENTRATION
from analysis.targeting.hot_spot_view import HotSpotView
from analysis.targeting.hotspots import PERMUTATIONS, Correction
from analysis.targeting.index_view import IndexView
from analysis.targeting.priority_view import PriorityView
from analysis.targeting.view import ConcentrationView, FocusSet, nearly_sure

MOST_NAMES = 9


def set_sentence(estimate: NeedEstimate, tier_key: str, level: Level, focus: FocusSet) -> str:
    """How few areas hold the chosen share, with the range of the share and how sure the set is."""
    tier = next(tier for tier in estimate.settings.tiers if tier.key == tier_key).name.lower()
    one, many = LEVEL_WORDS[level].one, LEVEL_WORDS[level].many
    share, low, high = focus.held
    children = focus.table["children_share"].iloc[focus.count - 1]
    count = number_word(focus.count).capitalize()
    noun = one if focus.count == 1 and len(focus.table) == 1 else many
    start = (
        f"**{count} of {len(focus.table)} {noun}** {'holds' if focus.count == 1 else 'hold'} "
        f"**{percent(share)}** ({percent(low)} to {percent(high)}) of {tier} in {unmarked(estimate.place.name)} "
        f"and {percent(children)} of its children"
    )
    sure = nearly_sure(focus)
    if focus.count == len(focus.table):
        return f"{start}."
    if sure == focus.count:
        certain = "it stays" if focus.count == 1 else "all of them stay"
    else:
        certain = f"{number_word(sure)} of them {'stays' if sure == 1 else 'stay'}"
    return f"{start}; {certain} in the set in nine of ten simulated worlds."


def priority_sentence(view: PriorityView) -> str:
    """What became of the named areas: how many are found, which are missed, which are extra."""
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
        text += f"; **{_names(missed)}** {'is' if len(missed) == 1 else 'are'} missed"
    extra = view.names("extra")
    if extra:
        text += f"; **{_names(extra)}** {'is' if len(extra) == 1 else 'are'} extra"
    return f"{text}."


def _share_found(found: int, total: int) -> str:
    """How many of the named areas are found, in words."""
    if found == total:
        return "The one area" if total == 1 else f"All {number_word(total)} areas"
    if total == 1:
        return "Not the one area"
    start = "None" if found == 0 else number_word(found).capitalize()
    return f"{start} of the {number_word(total)} areas"


def _through(view: PriorityView) -> str:
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


def concentration_title(view: ConcentrationView) -> str:
    """What the concentration curve finds."""
    children, need = view.mark
    return f"The {percent(children)} of children in the areas with the highest rates hold {percent(need)} of need"


def index_sentence(view: IndexView, level: Level, recipe: str) -> str:
    """Which area the index puts first, and how much of its ranking would survive another recipe."""
    first = view.ranks.iloc[0]
    many = LEVEL_WORDS[level].many
    sure = int((view.ranks.head(view.top)["p_top"] >= 0.9).sum())
    wide = view.ranks.assign(width=view.ranks["rank_high"] - view.ranks["rank_low"])
    loosest = wide.sort_values("width", ascending=False, kind="stable").iloc[0]
    return (
        f"On your index ({unmarked(recipe)}), **{unmarked(str(first['area_name']))}** has most need of "
        f"{len(view.ranks)} {many}. Of its first {view.top}, **{number_word(sure)}** would be there in nine of ten "
        f"other recipes; least settled is {unmarked(str(loosest['area_name']))}, rank {loosest['rank_low']:.0f} to "
        f"{loosest['rank_high']:.0f}."
    )


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
        f"means. To see how far the ranks hang on these choices, {settings.draws:,} other recipes are drawn: weights from "
        f"a Dirichlet distribution around yours (a weight w moves with a standard deviation of √(w(1-w)/"
        f"{1 + WEIGHT_CONCENTRATION:g})), each with one of the three scales and two means at random (Saisana, Saltelli and "
        f"Tarantola 2005). Median rank, {settings.interval:.0%} interval and P(top k) are over these. {SCOPE}."
    )


def hot_spot_sentence(
    view: HotSpotView, tier_name: str, level: Level, significance: float, correction: Correction
) -> str:
    """How many hot and cold spots there are at the stated p-value, and what chance alone would give."""
    one, many = LEVEL_WORDS[level].one, LEVEL_WORDS[level].many
    hot, cold = view.count("high-high"), view.count("low-low")
    chance = significance * len(view.spots)
    start = (
        f"**{number_word(hot).capitalize()} {one if hot == 1 else many}** {'is a hot spot' if hot == 1 else 'are hot spots'} "
        f"of {tier_name.lower()} (a high rate among neighbours with high rates) and {number_word(cold)} "
        f"{'is a cold spot' if cold == 1 else 'are cold spots'}, of {len(view.spots)}"
    )
    if correction == "none":
        return (
            f"{start}, at p ≤ {significance:g}. With so many tests, about {max(1, round(chance))} would look like a spot "
            "by chance alone: the false-discovery option allows for it."
        )
    return f"{start}, with a false-discovery rate of {significance:g} (p ≤ {view.cut_off:.4f})."


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
