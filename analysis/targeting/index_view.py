"""The user's composite index: its map, the stability of its ranks, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.places.place import Level, Place
from analysis.render.classes import ClassedScale, Scheme, classed_scale
from analysis.render.layers import AreaPaint
from analysis.render.theme import percent
from analysis.scenario.need_settings import NeedSettings
from analysis.targeting.indicators import double_counts, indicators
from analysis.targeting.recipe import IndexRecipe, recipe_stability
from analysis.targeting.view import telling_names


@dataclass(frozen=True, eq=False)
class IndexView:
    """A composite index by area.

    Parameters
    ----------
    ranks : DataFrame
        Index `area_code`, rank 1 first: `area_name`, `composite`, `position` (0 the least, 100 the most
        on this index here), `rank`, `rank_median`, `rank_low`, `rank_high`, `p_top`, `fill`.
    top : int
        The k of `p_top`.
    warnings : list of str
        Domains that count twice.
    scale, paint
        Classes and colours of the map.
    """

    ranks: pd.DataFrame
    top: int
    warnings: list[str]
    scale: ClassedScale
    paint: AreaPaint

    @property
    def leaders(self) -> tuple[str, ...]:
        """Codes of the `top` areas, rank 1 first."""
        return tuple(self.ranks.index[: self.top])


def index_view(
    place: Place,
    settings: NeedSettings,
    recipe: IndexRecipe,
    level: Level,
    top: int,
    scheme: Scheme = "natural breaks",
    *,
    ranks: pd.DataFrame | None = None,
) -> IndexView:
    """Index, ranks and their stability for a map and a chart.

    Parameters
    ----------
    top : int
        k in the chance of being among the k with the highest index.
    ranks : DataFrame, optional
        `recipe_stability` where it is at hand already.
    """
    known = indicators(place, settings.vintage)
    table = recipe_stability(place, settings, recipe, level) if ranks is None else ranks
    lowest, highest = table["composite"].min(), table["composite"].max()
    position = 100 * (table["composite"] - lowest) / max(highest - lowest, 1e-12)
    scale = classed_scale(position, scheme=scheme, hue="blue")
    table = table.assign(
        area_name=telling_names(place, level).loc[table.index],
        position=position.round(1),
        fill=scale.colours_of(position),
    )
    tooltip = pd.DataFrame(
        {
            "line1": [f"Index {value:.0f} of 100 in {place.name}" for value in table["position"]],
            "line2": [f"Rank {rank} of {len(table)}" for rank in table["rank"]],
            "line3": [
                f"Median rank {median:g}, {low} to {high}"
                for median, low, high in zip(
                    table["rank_median"], table["rank_low"], table["rank_high"], strict=True
                )
            ],
            "line4": [f"Among the first {top} in {percent(p)} of recipes" for p in table["p_top"]],
        },
        index=table.index,
    )
    labels = position.rename("order") if level != "lsoa" else None
    warnings = double_counts([known[key] for key in recipe.shares if key in known])
    return IndexView(table, top, warnings, scale, AreaPaint(level, table["fill"], tooltip, labels))


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


def direction_words(direction: int) -> str:
    """Which way an indicator counts."""
    return "↑ higher means more need" if direction > 0 else "↓ higher means less need"


def ranks_table(view: IndexView) -> pd.DataFrame:
    """Every area as the page lists it, the chance in per cent."""
    table = view.ranks.drop(columns="fill")
    return table.assign(composite=table["composite"].round(4), p_top=(100 * table["p_top"]).round(1))


def recipe_words(place: Place, vintage: str, recipe: IndexRecipe) -> str:
    """What is in the index, in a few words: "Under-fives 33%, Income 67%"."""
    known = indicators(place, vintage)
    parts = [
        f"{known[key].name if key in known else key} {percent(share)}"
        for key, share in sorted(recipe.shares.items(), key=lambda item: -item[1])
    ]
    return ", ".join(parts) if parts else "no indicator yet"
