"""The first things worth knowing of a place, in words that are computed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.reach.answer import named_coverage
from analysis.reach.coverage import coverage_by
from analysis.reach.demand import estimated_demand
from analysis.reach.selection import choose_sites
from analysis.reach.travel import straight_line_matrix
from analysis.render.number_words import listed, number_word
from analysis.render.theme import percent
from analysis.scenario.travel import travel_settings
from analysis.targeting.named_areas import priority_comparison
from analysis.targeting.smallest_set import concentration

HUB_MINUTES = 20.0


def worth_knowing(estimate: NeedEstimate, tier_key: str) -> list[str]:
    """Up to five sentences (markdown): the council's list, how concentrated, how sure, and who has no hub.

    Each is left out where the place has nothing to say on it.
    """
    found = [
        _named_areas(estimate, tier_key),
        _hubs(estimate, tier_key),
        _concentration(estimate, tier_key),
        _sureness(estimate, tier_key),
    ]
    return [sentence for sentence in found if sentence]


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


@dataclass(frozen=True, eq=False)
class HubWalk:
    """Who lives within a walk of an open hub.

    Parameters
    ----------
    kind : str
        Kind of site that counts as a hub, "" where the place has none open.
    wards : DataFrame
        Index ward code; `area_name`, `children`, `children_covered`, `share_covered`.
    named : DataFrame
        Index the council's named area; the same columns but `area_name`; empty where it names none.
    """

    kind: str
    wards: pd.DataFrame
    named: pd.DataFrame


def hub_walk(estimate: NeedEstimate, minutes: float = HUB_MINUTES) -> HubWalk:
    """Children within a walk of an open hub, by ward and by the areas that the council named."""
    place = estimate.place
    kinds = [
        kind.name for kind in place.kinds if kind.symbol == "hub" and kind.name in set(place.sites["kind"])
    ]
    sites = choose_sites(place.sites, kinds=kinds) if kinds else place.sites.head(0)
    costs = straight_line_matrix(place.areas, sites, travel_settings("walk"))
    wards = coverage_by(costs, estimated_demand(estimate), minutes, by="ward")
    return HubWalk(listed(kinds) if len(sites) else "", wards, named_coverage(estimate, wards))


def _hubs(estimate: NeedEstimate, tier_key: str) -> str:
    walk = hub_walk(estimate)
    if not walk.kind:
        return "No hub is open in this place's list of sites."
    share = walk.wards["children_covered"].sum() / max(walk.wards["children"].sum(), 1)
    words = f"a {HUB_MINUTES:g}-minute walk of an open {walk.kind}"
    start = f"**{percent(share)} of children** live within {words}"
    if len(walk.named):
        none = list(walk.named.index[walk.named["children_covered"] == 0])
        least = walk.named["share_covered"].sort_values().index[0]
        if none:
            return f"{start}; of the {number_word(len(walk.named))} named areas, **nobody in {listed(none)}** does."
        low = percent(walk.named.loc[least, "share_covered"])
        return f"{start}; every named area has some who do, the fewest in **{least} ({low})**."
    need = estimate.tier_table("ward", tier_key)["need"]
    empty = walk.wards[walk.wards["children_covered"] == 0]
    names = list(empty.loc[need.reindex(empty.index).sort_values(ascending=False).index, "area_name"])
    if not names:
        return f"{start}; every ward has some who do."
    rest = (
        f"{', '.join(names[:4])} and {number_word(len(names) - 4)} more" if len(names) > 5 else listed(names)
    )
    return f"{start}; **nobody in {rest}** does."


def _concentration(estimate: NeedEstimate, tier_key: str) -> str:
    curve = concentration(estimate, "lsoa", [tier_key]).curve
    half = curve[curve["need_share"] >= 0.5].iloc[0]
    return (
        f"The neighbourhoods with the highest rates, home to **{percent(half['children_share'])} of children**, hold "
        f"half of the need: a targeted offer alone would miss the other half."
    )


def _sureness(estimate: NeedEstimate, tier_key: str) -> str:
    wards = estimate.tier_table("ward", tier_key).sort_values("rank")
    top = estimate.top_count("ward")
    chance = wards["p_top"]
    certain = int((chance >= 0.9).sum())
    doubtful = [str(name) for name in wards.loc[chance.between(0.1, 0.9), "area_name"]]
    if not doubtful:
        return f"**How sure:** the {number_word(top)} wards with most need are the same in nearly all simulated worlds."
    return (
        f"**How sure:** of the {number_word(top)} wards with most need, {number_word(certain)} are there in nine of ten "
        f"simulated worlds; {listed(doubtful)} could change places."
    )
