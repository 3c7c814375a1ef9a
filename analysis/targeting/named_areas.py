"""The areas that a council named (or that a user tests) against the figures: found, partly, missed, extra."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.need.estimate import NeedEstimate, estimate_need
from analysis.places.manifest import Priority, PriorityArea
from analysis.places.place import Place
from analysis.scenario.need_settings import COMPOSITE, FEWEST_DRAWS, ImpossibleTiersError, available_bases
from analysis.targeting.smallest_set import (
    SmallestSetProblem,
    ranked,
    share_in_top,
    smallest_set,
    tier_keys,
)

VERDICTS = ("found", "partly", "missed", "extra", "")
PART_RULE = (
    "A neighbourhood is counted as part of the area when it stands in the smallest set of LSOAs of the "
    "whole place that holds the chosen share of need"
)


@dataclass(frozen=True)
class NamedAreasProblem:
    """What is asked: how a list of named areas stands against the wards with most need.

    Parameters
    ----------
    top : int, optional
        Wards with most need; by default as many as are named.
    share : float
        Of need, whose smallest set of small areas says which parts of an area are meant.
    tiers : collection of str, optional
        By default the mildest tier alone.
    own : Priority, optional
        The user's list instead of the council's.
    """

    top: int | None = None
    share: float = 0.5
    tiers: Collection[str] | None = None
    own: Priority | None = None


@dataclass(frozen=True, eq=False)
class NamedAreas:
    """A list of named areas held against the wards with most need.

    Parameters
    ----------
    title, source : str
        Of the list, and where it was said.
    year : str
        When it was said, "" where the source gives no year.
    areas : DataFrame
        Index `named_area`, in the list's order: `wards` (text), `ranks` (text), `part`, `need` (whole
        children in its wards; where only parts are named, in those that the rule takes), `p_top` (smallest chance of its wards; largest where only parts are
        named), `verdict` ("found" or "missed").
    wards : DataFrame
        As `priority_comparison`.
    parts : DataFrame or None
        As `priority_parts`.
    top : int
        How many wards with most need the list is held against.
    share : float
        Of need, whose smallest set of small areas says which parts are meant.
    tiers : tuple of str
        Keys of the tiers that are added up.
    is_own : bool
        Whether the list is the user's, not the council's.
    """

    title: str
    source: str
    year: str
    areas: pd.DataFrame
    wards: pd.DataFrame
    parts: pd.DataFrame | None
    top: int
    share: float
    tiers: tuple[str, ...]
    is_own: bool

    def names(self, verdict: str) -> list[str]:
        """Names of the wards with a verdict, most need first."""
        return list(self.wards.loc[self.wards["verdict"] == verdict, "area_name"])

    @property
    def part_codes(self) -> tuple[str, ...]:
        """Small areas that are the parts meant, most need first."""
        return () if self.parts is None else tuple(self.parts.index[self.parts["inside"]])


def own_priority(place: Place, ward_codes: Collection[str]) -> Priority | None:
    """A list of wards that the user chose, as a council's list is kept; None for none."""
    names = [str(name) for name in place.names("ward").reindex(list(ward_codes)).dropna()]
    if not names:
        return None
    areas = tuple(PriorityArea(name=name, wards=(name,)) for name in names)
    return Priority(title="Areas to test", source="Chosen on this page", areas=areas)


def named_areas(estimate: NeedEstimate, problem: NamedAreasProblem | None = None) -> NamedAreas | None:
    """Named areas against the figures; None where there is no list."""
    problem = problem or NamedAreasProblem()
    priority = problem.own or estimate.place.manifest.priority
    wards = priority_comparison(estimate, problem.tiers, top=problem.top, priority=problem.own)
    if priority is None or wards is None:
        return None
    areas = _areas(priority, wards)
    parts = None if problem.own else priority_parts(estimate, problem.share, problem.tiers)
    if parts is not None:
        meant = parts["need"].where(parts["inside"], 0).groupby(parts["priority_area"]).sum()
        areas["need"] = areas["need"].mask(areas["part"], meant.reindex(areas.index)).astype(int)
    year = re.search(r"\b(?:19|20)\d\d\b", f"{priority.source} {priority.title}")
    return NamedAreas(
        priority.title,
        priority.source,
        year.group() if year else "",
        areas,
        wards,
        parts,
        min(problem.top or int((wards["named_as"] != "").sum()), len(wards)),
        problem.share,
        tier_keys(estimate, problem.tiers),
        problem.own is not None,
    )


def on_other_editions(
    estimate: NeedEstimate, problem: NamedAreasProblem | None = None
) -> dict[str, pd.DataFrame | None]:
    """The same list, children and shares on each other edition of the deprivation figures.

    Parameters
    ----------
    estimate : NeedEstimate
    problem : NamedAreasProblem, optional

    Returns
    -------
    dict of str to DataFrame or None
        `priority_comparison` by key of the edition, newest first, None where the tiers cannot hold together; without
        editions that do not hold the basis, and empty where there is no list or need rests on an index of the user's
        own.
    """
    problem, settings, place = problem or NamedAreasProblem(), estimate.settings, estimate.place
    found: dict[str, pd.DataFrame | None] = {}
    for vintage in sorted(set(place.vintages) - {settings.vintage}, reverse=True):
        if settings.basis == COMPOSITE or settings.basis not in available_bases(place, vintage):
            continue
        # Verdicts follow from the central estimate: the fewest draws that a simulation may have are enough.
        try:
            other = estimate_need(place, replace(settings, vintage=vintage, draws=FEWEST_DRAWS)).with_ranges()
        except ImpossibleTiersError:
            found[vintage] = None
            continue
        wards = priority_comparison(other, problem.tiers, top=problem.top, priority=problem.own)
        if wards is not None:
            found[vintage] = wards
    return found


def priority_comparison(
    estimate: NeedEstimate,
    tiers: Collection[str] | None = None,
    *,
    top: int | None = None,
    priority: Priority | None = None,
) -> pd.DataFrame | None:
    """The council's named priority areas against the figures, ward by ward.

    A named ward among the wards with most need is found, a named ward below them missed, and another
    ward among them extra. Of an area named in part, a ward below them is partly found where another of
    its wards is found.

    Parameters
    ----------
    estimate : NeedEstimate
    tiers : collection of str, optional
        By default the mildest tier alone.
    top : int, optional
        How many wards to take from the top of the figures; by default as many as the council named.
    priority : Priority, optional
        Another list to hold against the figures; by default the council's own.

    Returns
    -------
    DataFrame or None
        Index `area_code` (wards, most need first): `area_name`, `named_as` (the council's words, "" if
        not named), `part` (whether only parts are meant), `rank`, `need`, `rate_per_1000`, `p_top`
        (share of draws in which the ward is among those with most need), `verdict` ("found",
        "partly", "missed", "extra", ""). None where the council has named no areas.
    """
    priority = priority or estimate.place.manifest.priority
    if priority is None:
        return None
    keys = tier_keys(estimate, tiers)
    areas = ranked(estimate, "ward", keys)
    named = {ward: area for area in priority.areas for ward in area.wards}
    is_named = areas["area_name"].isin(named)
    count = min(len(areas), top or int(is_named.sum()))
    is_top = pd.Series(np.arange(len(areas)) < count, index=areas.index)
    named_as = areas["area_name"].map(lambda ward: named[ward].name if ward in named else "")
    in_part = areas["area_name"].map(lambda ward: ward in named and named[ward].part).astype(bool)
    with_found = named_as.isin(named_as[is_named & is_top])
    verdict = np.select(
        [is_named & is_top, is_named & in_part & with_found, is_named, is_top],
        ["found", "partly", "missed", "extra"],
        default="",
    )
    return pd.DataFrame(
        {
            "area_name": areas["area_name"],
            "named_as": named_as,
            "part": in_part,
            "rank": np.arange(1, len(areas) + 1),
            "need": areas["need"],
            "rate_per_1000": (1000 * areas["need"] / areas["children"].where(areas["children"] > 0)).round(1),
            "p_top": share_in_top(estimate, "ward", keys, count).loc[areas.index],
            "verdict": verdict,
        }
    )


def priority_parts(
    estimate: NeedEstimate, share: float = 0.5, tiers: Collection[str] | None = None
) -> pd.DataFrame | None:
    """The LSOAs meant by a priority area of which the council named only parts, by a stated rule.

    The rule (`PART_RULE`): of the area's wards, the LSOAs in the smallest set of LSOAs of the whole
    place that holds `share` of need.

    Parameters
    ----------
    estimate : NeedEstimate
    share : float
        Share of the place's need that defines the smallest set.
    tiers : collection of str, optional
        By default the mildest tier alone.

    Returns
    -------
    DataFrame or None
        Index `area_code`, every LSOA of such areas: `area_name`, `priority_area`, `ward_name`, `need`,
        `rank` (in the place), `inside` (whether the rule takes it). None where no priority area is
        named in part.
    """
    priority = estimate.place.manifest.priority
    partial = {} if priority is None else {w: a.name for a in priority.areas if a.part for w in a.wards}
    if not partial:
        return None
    inside = smallest_set(estimate, SmallestSetProblem("lsoa", share, tiers)).codes
    areas = ranked(estimate, "lsoa", tier_keys(estimate, tiers))
    areas.insert(0, "rank", np.arange(1, len(areas) + 1))
    wards = estimate.place.areas["ward_name"].reindex(areas.index)
    chosen = areas[wards.isin(partial)]
    wards = wards.loc[chosen.index]
    return pd.DataFrame(
        {
            "area_name": chosen["area_name"],
            "priority_area": wards.map(partial),
            "ward_name": wards,
            "need": chosen["need"],
            "rank": chosen["rank"],
            "inside": chosen.index.isin(inside),
        }
    )


def _areas(priority: Priority, wards: pd.DataFrame) -> pd.DataFrame:
    """One row a named area: it is found when its wards are, or, named in part, when any of them is."""
    rows = []
    for area in priority.areas:
        own = wards[wards["area_name"].isin(area.wards)]
        inside = own["verdict"] == "found"
        chance = own["p_top"].max() if area.part else own["p_top"].min()
        rows.append(
            {
                "named_area": area.name,
                "wards": "; ".join(own["area_name"]),
                "ranks": ", ".join(str(rank) for rank in own["rank"]),
                "part": area.part,
                "need": int(own["need"].sum()),
                "p_top": float(chance),
                "verdict": "found" if (inside.any() if area.part else inside.all()) else "missed",
            }
        )
    columns = ["named_area", "wards", "ranks", "part", "need", "p_top", "verdict"]
    return pd.DataFrame(rows, columns=columns).set_index("named_area")
