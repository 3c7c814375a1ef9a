"""Tables of targeting as they are shown or downloaded, and the rows of its charts."""

from __future__ import annotations

import pandas as pd

from analysis.places.place import Place
from analysis.render.figure_rows import shortened
from analysis.render.theme import estimate_words, nearest_ten, percent
from analysis.targeting.hot_spots import KINDS, HotSpots
from analysis.targeting.indicators import indicators
from analysis.targeting.maps import TargetMap
from analysis.targeting.named_areas import NamedAreas
from analysis.targeting.own_index import OwnIndex
from analysis.targeting.recipe import IndexRecipe
from analysis.targeting.smallest_set import Concentration, SmallestSet
from analysis.targeting.words import KIND_WORDS, VERDICT_NAMES, VERDICT_SIGNS, direction_words, telling_names

OPEN_CHANCE = 0.005
PER_CENT = ("need_share", "cumulative_share", "children_share", "p_top")


def set_table(place: Place, answer: SmallestSet) -> pd.DataFrame:
    """Every area in order: shares in per cent, whole children as `value`, the set by sign and word."""
    shown = answer.table.rename(columns={"need": "value"})
    if answer.problem.level == "lsoa":
        shown.insert(1, "ward_name", place.areas["ward_name"].reindex(shown.index))
    shares = {column: (100 * shown[column]).round(1) for column in PER_CENT}
    return shown.assign(**shares, in_set=shown["in_set"].map({True: "✓ in", False: "· out"}))


def set_rows(
    place: Place, answer: SmallestSet, drawn: TargetMap, most: int, selected: str | None = None
) -> pd.DataFrame:
    """Rows for the bars: the set and what follows it, at most `most`; the selected area is always one."""
    rows = shortened(answer.table, most, selected)
    return rows.assign(
        area_name=telling_names(place, answer.problem.level),
        value=rows["need"],
        fill=drawn.fill,
        words=[estimate_words(*row) for row in rows[["need", "low", "high"]].itertuples(index=False)],
        label=[
            f"{nearest_ten(value)}, {percent(share)} so far"
            for value, share in zip(rows["need"], rows["cumulative_share"], strict=True)
        ],
    )


def chances(place: Place, answer: SmallestSet, most: int) -> pd.DataFrame:
    """Areas whose place in the set is worth a look: those in it, and those that could be; at most `most`.

    Where there are more, the ones nearest to the edge of the set are kept, since the rest are certain.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `p_top`, `in_set`, `rank`; highest chance first.
    """
    table = answer.table[["p_top", "in_set", "rank"]]
    table.insert(0, "area_name", telling_names(place, answer.problem.level).reindex(table.index))
    near = table[table["in_set"] | (table["p_top"] >= OPEN_CHANCE)]
    if len(near) > most:
        edge = (near["p_top"] - 0.5).abs().sort_values(kind="stable").index[:most]
        near = near.loc[near.index.isin(edge)]
    return near.sort_values(["p_top", "rank"], ascending=[False, True])


def concentration_table(answer: Concentration) -> pd.DataFrame:
    """The concentration curve from its origin at (0, 0), which is the first row."""
    start = pd.DataFrame({"area_name": [""], "children_share": [0.0], "need_share": [0.0]}, index=["start"])
    return pd.concat([start, answer.curve]).rename_axis("area_code")


def areas_table(view: NamedAreas) -> pd.DataFrame:
    """Named areas as the page lists them: the verdict with its sign, the chance in per cent."""
    verdict = [f"{VERDICT_SIGNS[v]} {VERDICT_NAMES[v]}" for v in view.areas["verdict"]]
    part = view.areas["part"].map({True: "parts", False: "whole"})
    return view.areas.assign(verdict=verdict, part=part, p_top=(100 * view.areas["p_top"]).round(1))


def parts_table(view: NamedAreas) -> pd.DataFrame:
    """Small areas of the areas named in part, with the answer of the rule in words."""
    if view.parts is None:
        return pd.DataFrame(columns=["area_name", "priority_area", "ward_name", "need", "rank", "inside"])
    inside = view.parts["inside"].map({True: "✓ meant", False: "· other part"})
    return view.parts.assign(inside=inside)


def index_rows(place: Place, view: OwnIndex) -> pd.DataFrame:
    """Ranks on the index with names that tell where an area is, for charts."""
    return view.ranks.assign(area_name=telling_names(place, view.level))


def ranks_table(place: Place, view: OwnIndex) -> pd.DataFrame:
    """Every area as the page lists it, the chance in per cent."""
    rows = index_rows(place, view)
    return rows.assign(composite=rows["composite"].round(4), p_top=(100 * rows["p_top"]).round(1))


def recipe_table(place: Place, vintage: str, recipe: IndexRecipe) -> pd.DataFrame:
    """What the index is made of: a row an indicator with a weight.

    Returns
    -------
    DataFrame
        Index `indicator`; `share` (per cent of the index), `direction` (in words), `unit`, `domains`,
        `file`, `note`.
    """
    known = indicators(place, vintage)
    rows = [
        {
            "indicator": known[key].name,
            "share": round(100 * share, 1),
            "direction": direction_words(recipe.directions[key]),
            "unit": known[key].unit,
            "domains": "all seven domains" if len(known[key].domains) > 1 else ", ".join(known[key].domains),
            "file": known[key].file,
            "note": known[key].note,
        }
        for key, share in recipe.shares.items()
        if key in known
    ]
    columns = ["indicator", "share", "direction", "unit", "domains", "file", "note"]
    return pd.DataFrame(rows, columns=columns).set_index("indicator")


def spots_table(place: Place, view: HotSpots) -> pd.DataFrame:
    """Areas as the page lists them: those beyond chance first, highest rate first."""
    table = view.spots.assign(order=view.spots["kind"].map({kind: n for n, kind in enumerate(KINDS)}))
    table = table.sort_values(["order", "value"], ascending=[True, False])
    table = table.assign(kind_words=table["kind"].map(KIND_WORDS)).drop(columns=["order", "kind", "cut_off"])
    if view.problem.level == "lsoa":
        table.insert(1, "ward_name", place.areas["ward_name"].reindex(table.index))
    return table.round({"value": 1, "neighbours_mean": 1, "local_moran": 3, "p_value": 4})
