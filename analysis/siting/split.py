"""Wards split into areas of balanced need, beside the areas of today."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.render.layers import AreaPaint
from analysis.render.map_sheet import MapLegend, MapSheet
from analysis.render.theme import CATEGORIES, SEQUENTIAL, whole
from analysis.siting.candidates import ward_neighbours
from analysis.siting.districts.districts import Districts, best_balance, fewest_changes, score_districts
from analysis.siting.models.model import Watch
from analysis.siting.view import SitingSetting

# Lighter steps first: ward names are read on them.
AREA_FILLS = (*(steps[2] for steps in SEQUENTIAL.values()), "#F7A77C", "#A285D1", *CATEGORIES[:3])


@dataclass(frozen=True, eq=False)
class Split:
    """A split of the wards into areas, beside today's.

    Parameters
    ----------
    found : Districts
    wards : DataFrame
        Index ward code; `ward_name`, `need`, `today`, `area`.
    now, then : DataFrame
        `score_districts` of today's areas and of the split.
    """

    found: Districts
    wards: pd.DataFrame
    now: pd.DataFrame
    then: pd.DataFrame

    @property
    def exists(self) -> bool:
        """Whether there is a split; where there is none, `then` and the areas of wards are today's."""
        return len(self.found.districts) > 0


def balanced_split(
    setting: SitingSetting, number: int, margin: float, *, best: bool, watch: Watch | None = None
) -> Split:
    """Split wards into contiguous areas of balanced need: the fewest changes within a margin, or the best balance."""
    demand = setting.demand
    need = setting.weights.groupby(demand["ward_code"]).sum()
    wards = demand.groupby("ward_code")[["ward_name", "locality_name"]].first()
    today, neighbours = wards["locality_name"], ward_neighbours(setting.estimate.place)
    found = (
        best_balance(need, neighbours, today, number=number, watch=watch)
        if best
        else fewest_changes(need, neighbours, today, number=number, margin=margin, watch=watch)
    )
    split = found.districts if len(found.districts) else today
    table = wards.assign(need=need, today=today, area=split).drop(columns="locality_name")
    return Split(
        found, table, score_districts(need, neighbours, today), score_districts(need, neighbours, split)
    )


@dataclass(frozen=True, eq=False)
class SplitMap:
    """The wards in the colour of their new area, those that move marked.

    Parameters
    ----------
    paint : AreaPaint
    sheet : MapSheet
    moved : tuple of str
        Wards to be outlined.
    """

    paint: AreaPaint
    sheet: MapSheet
    moved: tuple[str, ...]


def split_map(setting: SitingSetting, split: Split, headline: str, source: str) -> SplitMap:
    """Colour every ward by the area that it would belong to."""
    wards, place = split.wards, setting.estimate.place
    areas = sorted(wards["area"].astype(str).unique())
    colours = {area: AREA_FILLS[number % len(AREA_FILLS)] for number, area in enumerate(areas)}
    moves = wards.index.isin(split.found.moved)
    lines = {
        "line1": [f"Area: {area}" for area in wards["area"]],
        "line2": [
            f"Today: {today}" if move else "" for today, move in zip(wards["today"], moves, strict=True)
        ],
        "line3": [f"{whole(need)} who count" for need in wards["need"]],
        "line4": "",
    }
    need = wards.groupby(wards["area"].astype(str))["need"].sum()
    rows = tuple((colours[area], area, whole(float(need[area]))) for area in areas)
    sheet = MapSheet(
        f"{place.slug} areas as split",
        headline,
        f"Wards of {place.name} by area; those that move are outlined",
        source,
        MapLegend("Area", rows, "need", outlined="moves" if moves.any() and len(split.now) > 1 else ""),
    )
    fill = wards["area"].astype(str).map(colours)
    paint = AreaPaint("ward", fill, pd.DataFrame(lines, index=wards.index), wards["need"])
    return SplitMap(paint, sheet, split.found.moved if len(split.now) > 1 else ())
