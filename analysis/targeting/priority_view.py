"""The council's named priority areas against the figures: numbers, signs, colours and map."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.places.manifest import Priority, PriorityArea
from analysis.places.place import Place
from analysis.render.layers import AreaPaint
from analysis.render.outlines import Outlines
from analysis.render.theme import DARK_BLUE, ORANGE, TURQUOISE, percent
from analysis.targeting.focus import PART_RULE, priority_comparison, priority_parts

VERDICTS = ("found", "partly", "missed", "extra", "")
SIGNS = {"found": "✓", "partly": "◐", "missed": "✗", "extra": "+", "": "·"}
WORDS = {
    "found": "found: named, and among those with most need",
    "partly": "partly: named in part, another part is found",
    "missed": "missed: named, and below the cut",
    "extra": "extra: among those with most need, not named",
    "": "neither named nor among them",
}
COLOURS = {"found": DARK_BLUE, "partly": "#8FB6DA", "missed": ORANGE, "extra": TURQUOISE, "": "#E3E6EA"}
OTHER_PART = "#C9D9E8"


@dataclass(frozen=True, eq=False)
class PriorityView:
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
        As `priority_comparison`, with `fill`, `sign`.
    parts : DataFrame or None
        As `priority_parts`.
    top : int
        How many wards with most need the list is held against.
    share : float
        Of need, whose smallest set of small areas says which parts are meant.
    tier_name : str
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
    tier_name: str
    is_own: bool

    def names(self, verdict: str) -> list[str]:
        """Names of the wards with a verdict, most need first."""
        return list(self.wards.loc[self.wards["verdict"] == verdict, "area_name"])


def own_priority(place: Place, ward_codes: Collection[str]) -> Priority | None:
    """A list of wards that the user chose, as a council's list is kept; None for none."""
    names = [str(name) for name in place.names("ward").reindex(list(ward_codes)).dropna()]
    if not names:
        return None
    areas = tuple(PriorityArea(name=name, wards=(name,)) for name in names)
    return Priority(title="Areas to test", source="Chosen on this page", areas=areas)


def priority_view(
    estimate: NeedEstimate,
    tier_key: str,
    *,
    top: int | None = None,
    share: float = 0.5,
    own: Priority | None = None,
) -> PriorityView | None:
    """Named areas against the figures; None where there is no list.

    Parameters
    ----------
    top : int, optional
        Wards with most need; by default as many as are named.
    share : float
        Share of need whose smallest set of small areas says which parts of an area are meant.
    own : Priority, optional
        The user's list instead of the council's.
    """
    priority = own or estimate.place.manifest.priority
    wards = priority_comparison(estimate, [tier_key], top=top, priority=own)
    if priority is None or wards is None:
        return None
    areas = _areas(priority, wards)
    wards = wards.assign(fill=wards["verdict"].map(COLOURS), sign=wards["verdict"].map(SIGNS))
    parts = None if own else priority_parts(estimate, share, [tier_key])
    if parts is not None:
        meant = parts["need"].where(parts["inside"], 0).groupby(parts["priority_area"]).sum()
        areas["need"] = areas["need"].mask(areas["part"], meant.reindex(areas.index)).astype(int)
    year = re.search(r"\b(?:19|20)\d\d\b", f"{priority.source} {priority.title}")
    tier_name = next(tier.name for tier in estimate.settings.tiers if tier.key == tier_key)
    count = top or int((wards["named_as"] != "").sum())
    return PriorityView(
        priority.title,
        priority.source,
        year.group() if year else "",
        areas,
        wards,
        parts,
        min(count, len(wards)),
        share,
        tier_name,
        own is not None,
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


def priority_paint(place: Place, view: PriorityView) -> AreaPaint:
    """Small areas in the colour of their ward's verdict; of an area named in part, the other parts paler."""
    home = place.keys("ward")
    fill = view.wards["fill"].reindex(home).set_axis(home.index)
    if view.parts is not None:
        fill = fill.mask(fill.index.isin(view.parts.index[~view.parts["inside"]]), OTHER_PART)
    return AreaPaint("lsoa", fill, _tooltip(place, view), view.wards["need"])


def _tooltip(place: Place, view: PriorityView) -> pd.DataFrame:
    home = place.keys("ward")
    wards = view.wards.reindex(home).set_axis(home.index)
    lines = pd.DataFrame(
        {
            "line1": wards["area_name"]
            + ": rank "
            + wards["rank"].astype(str)
            + " of "
            + str(len(view.wards)),
            "line2": wards["sign"] + " " + wards["verdict"].map(WORDS),
            "line3": [
                f"Ward among the first {view.top} in {percent(p)} of simulated worlds" for p in wards["p_top"]
            ],
            "line4": "",
        }
    )
    if view.parts is not None:
        inside = view.parts["inside"].map({True: "Part that is meant, by the rule", False: "Other part"})
        lines.loc[inside.index, "line4"] = inside
    return lines


def part_codes(view: PriorityView) -> tuple[str, ...]:
    """Small areas that are the parts meant, most need first."""
    return () if view.parts is None else tuple(view.parts.index[view.parts["inside"]])


def signed_shapes(shapes: Outlines, view: PriorityView) -> Outlines:
    """Map shapes whose ward labels carry the sign of the verdict."""
    labels = shapes.labels["ward"]
    signs = view.wards["sign"].reindex(labels.index)
    named = labels.assign(area_name=[f"{s} {n}" for s, n in zip(signs, labels["area_name"], strict=True)])
    return replace(shapes, labels={**shapes.labels, "ward": named})


def wards_table(view: PriorityView) -> pd.DataFrame:
    """Every ward as the download lists it."""
    return view.wards.drop(columns=["fill", "sign"])


def areas_table(view: PriorityView) -> pd.DataFrame:
    """Named areas as the page lists them: the verdict with its sign, the chance in per cent."""
    verdict = [f"{SIGNS[v]} {v}" for v in view.areas["verdict"]]
    part = view.areas["part"].map({True: "parts", False: "whole"})
    return view.areas.assign(verdict=verdict, part=part, p_top=(100 * view.areas["p_top"]).round(1))


def parts_table(view: PriorityView) -> pd.DataFrame:
    """Small areas of the areas named in part, with the answer of the rule in words."""
    if view.parts is None:
        return pd.DataFrame(columns=["area_name", "priority_area", "ward_name", "need", "rank", "inside"])
    inside = view.parts["inside"].map({True: "✓ meant", False: "· other part"})
    return view.parts.assign(inside=inside)


def part_rule(share: float) -> str:
    """The rule that says which parts are meant, with its share."""
    return f"{PART_RULE}, here {percent(share)}."
