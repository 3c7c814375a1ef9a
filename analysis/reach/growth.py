"""Growth: need and reach in a future year, by a table of children by area and year that the user brings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.schema import Schema
from analysis.base.text import ungrouped_series
from analysis.intake.files.uploads import read_cells
from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level, Place, sum_by
from analysis.reach.answer import answer_reach
from analysis.scenario.terms import Terms

YEAR = re.compile(r"^(?:mid[- ]?)?((?:19|20)\d\d)$", re.IGNORECASE)
GROWTH_LEVELS: tuple[Level, ...] = ("lsoa", "ward", "place")
HEADLINE = "The table of growth cannot be used."
GROWTH = Schema(
    "area_code",
    {
        "area_name": ("text", "Name of the area"),
        "children_now": ("number", "Children today"),
        "children_then": ("number", "Children in the year asked for: a projection"),
        "change": ("number", "Then less now"),
        "need_now": ("number", "Children in the tier today (est.)"),
        "need_then": ("number", "The same in that year, at the same rate in each neighbourhood"),
        "low": ("number", "Lower end of its range: of the rates, not of the projection"),
        "high": ("number", "Upper end"),
        "reached_now": ("number", "Children within reach of a site today"),
        "reached_then": ("number", "The same in that year, with today's sites"),
    },
)


@dataclass(frozen=True, eq=False)
class Growth:
    """Children by area and year as they were given.

    Parameters
    ----------
    level : {"lsoa", "ward", "place"}
    table : DataFrame
        Index code, a column a year (int), children.
    """

    level: Level
    table: pd.DataFrame

    @property
    def base(self) -> int:
        """The first year, which growth is measured from."""
        return int(self.table.columns[0])

    @property
    def years(self) -> list[int]:
        """The years after it."""
        return [int(year) for year in self.table.columns[1:]]


def read_growth(source: Path | bytes, place: Place, file: str = "") -> Growth:
    """Read children by area and year: a column of codes or names of LSOAs, wards or the place, and a column a year.

    Raises
    ------
    HubreachError
        If there are fewer than two years, an area is missing, unknown or twice, or a cell is no number.
    """
    name = file or getattr(source, "name", "growth")
    cells = read_cells(source, name).fillna("").astype(str).map(str.strip)
    faults = FaultList(name)
    years = {
        int(found[1]): heading for heading in cells.columns if (found := YEAR.match(str(heading).strip()))
    }
    if len(years) < 2:
        faults.add(
            f"{len(years)} columns of years",
            "Head two columns or more by their year, such as 2024 and 2030",
            row=1,
        )
    level, codes = _areas(cells, place)
    unknown = [int(str(row)) + 2 for row in codes.index[codes.isna()]]
    faults.add_rows(unknown, ["not an area of the place"] * len(unknown), "Correct it, and leave totals out")
    twice = [int(str(row)) + 2 for row in codes.index[codes.duplicated() & codes.notna()]]
    faults.add_rows(twice, ["the same area as an earlier row"] * len(twice), "Keep one")
    missing = place.names(level).drop(codes.dropna().unique(), errors="ignore")
    if len(missing):
        left_out = f"{len(missing)} areas are missing, such as {missing.iloc[0]}"
        faults.add(left_out, "Give every area: one that is left out is not one that stays as it is")
    table = pd.DataFrame(index=cells.index)
    for year, heading in sorted(years.items()):
        numbers = pd.to_numeric(ungrouped_series(cells[heading]), errors="coerce")
        bad = ~np.isfinite(numbers) | (numbers < 0) | ((year == min(years)) & (numbers == 0))
        wrong = [int(str(row)) + 2 for row in cells.index[bad]]
        remedy = "Enter children, 0 or more; in the first year more than 0, for growth is measured from it"
        faults.add_rows(wrong, ["not a number of children"] * len(wrong), remedy, column=str(heading))
        table[year] = numbers
    faults.raise_if_any(HEADLINE)
    return Growth(level, table.set_index(codes).reindex(place.names(level).index))


def _areas(cells: pd.DataFrame, place: Place) -> tuple[Level, pd.Series]:
    """Level of the areas in the table, and the code of each row."""
    best: tuple[int, Level, pd.Series] | None = None
    for heading in cells.columns:
        for level in GROWTH_LEVELS:
            names = place.names(level)
            known = {str(text).casefold(): str(code) for code, name in names.items() for text in (name, code)}
            codes = cells[heading].str.casefold().map(known)
            if best is None or codes.notna().sum() > best[0]:
                best = (int(codes.notna().sum()), level, codes)
    if best is None:
        return "ward", pd.Series(dtype=object)
    return best[1], best[2]


def growth_table(
    estimate: NeedEstimate, growth: Growth, year: int, *, terms: Terms | None = None, level: Level = "ward"
) -> pd.DataFrame:
    """Need and reach in a future year: a projection.

    Assumption: the children of each small area grow as its area does in the table, from the first year of
    the table to the one asked for; rates of need, ages within areas and sites stay as they are today.

    Parameters
    ----------
    estimate : NeedEstimate
    growth : Growth
    year : int
        One of `growth.years`.
    terms : Terms, optional
        What within reach means, and the tier (the first if none); a 20-minute walk if left out.
    level : {"lsoa", "ward", "locality", "place"}

    Returns
    -------
    DataFrame
        As `GROWTH` says, by area of the level.
    """
    terms = terms or Terms()
    place, tier = estimate.place, terms.tier or estimate.tier_keys[0]
    factor = growth.table[year] / growth.table[growth.base]
    factor = place.keys(growth.level).map(factor).astype(float)
    children, need = place.areas["children"].astype(float), estimate.expected[tier]
    share = answer_reach(estimate, terms).area_share
    parts = pd.DataFrame(
        {
            "children_now": children,
            "children_then": children * factor,
            "change": children * (factor - 1),
            "need_now": need,
            "need_then": need * factor,
            "reached_now": children * share,
            "reached_then": children * factor * share,
        }
    )
    table = sum_by(place, parts, level)
    codes = estimate.counts.index
    drawn = np.asarray(estimate.draws.counts[tier], dtype=float) * factor.reindex(codes).to_numpy()
    by_area = pd.DataFrame(drawn.T, index=codes)
    tail = (1 - estimate.settings.interval) / 2
    ends = np.quantile(sum_by(place, by_area, level).reindex(table.index), [tail, 1 - tail], axis=1)
    table = table.assign(area_name=place.names(level).astype(str), low=ends[0], high=ends[-1])
    return GROWTH.checked(table[list(GROWTH.columns)])


def growth_notes(growth: Growth, year: int) -> list[str]:
    """What a projection assumes, a line each."""
    return [
        (
            f"Projection for {year}: the user's table by {growth.level}, growth from {growth.base}, on today's children. Not a forecast "
            "of ours"
        ),
        "Rates of need, ages and sites as today; the range is of the rates, and not of the projection, which has none",
    ]
