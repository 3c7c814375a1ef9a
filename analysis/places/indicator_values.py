"""Values of an indicator by area of any level, worked out from the smallest areas that it is published for."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.schema import Schema
from analysis.places.england.tables import districts, read_rows
from analysis.places.indicators import Indicator
from analysis.places.place import AreaLevel, Place

CENSUS_2021 = "Census 2021 (21 March 2021)"
# Every household stands in this table, so its count and its share tell how many there are.
ALL_HOUSEHOLDS = "households_deprived_in_at_least_one_dimension"
VALUES = Schema(
    "area_code",
    {
        "area_name": ("text", "Name of the area"),
        "value": ("number", "The figure, in its unit; NaN where there is none"),
        "count": ("number", "People or households that a share counts; NaN where none is published"),
        "parts": ("whole", "Small areas (or wards) of the area"),
        "parts_missing": ("whole", "Those of them without a figure: suppressed or not published"),
    },
)


def levels_of(place: Place, indicator: Indicator) -> tuple[AreaLevel, ...]:
    """Levels that an indicator can be shown for, wards first."""
    levels: tuple[AreaLevel, ...] = ("ward", "msoa", "lsoa", "locality", "place")
    coarse = indicator.finest == "ward"
    return tuple(
        level for level in levels if place.has_level(level) and not (coarse and level in ("lsoa", "msoa"))
    )


def check_level(place: Place, indicator: Indicator, level: AreaLevel, levels: Collection[AreaLevel]) -> None:
    """Refuse a level that an indicator cannot be shown for.

    Raises
    ------
    HubreachError
    """
    if level not in levels:
        found = f"{place.name} has no figures of {indicator.title} by {level}"
        fault = Fault("level", None, None, found, f"Choose one of: {', '.join(levels)}")
        raise HubreachError("There are no figures for such areas.", [fault])


def indicator_values(place: Place, indicator: Indicator, level: AreaLevel) -> pd.DataFrame:
    """Values of an indicator by area of a level, each worked out from the smallest areas: never a mean of means.

    Parameters
    ----------
    place : Place
    indicator : Indicator
        One of `indicators`.
    level : {"lsoa", "msoa", "ward", "locality", "place"}

    Returns
    -------
    DataFrame
        As `VALUES` says, a row for each area of the place. Of a count with suppressed parts the value is the sum of
        what is published: at least so many.

    Raises
    ------
    HubreachError
        If it is not published for areas as small, or the place is not cut into such areas.
    """
    check_level(place, indicator, level, levels_of(place, indicator))
    parts = indicator_parts(place, indicator, level)
    names = place.names(level)
    home = _home(place, indicator, level, parts)
    return put_together(parts, home, indicator.at(level), names)


def put_together(
    parts: pd.DataFrame, home: pd.Series, indicator: Indicator, names: pd.Series
) -> pd.DataFrame:
    """Small areas put together to larger ones, as the indicator's measure asks.

    Parameters
    ----------
    parts : DataFrame
        Index code of the small area; `value`, `count`, `weight`.
    home : Series
        Code of the larger area that each belongs to; NaN for none.
    indicator : Indicator
        At the level of the larger areas.
    names : Series
        Names of all of these, by code.

    Returns
    -------
    DataFrame
        As `VALUES` says.
    """
    home = home.reindex(parts.index)
    known, groups = parts["value"].notna(), parts.groupby(home)
    if indicator.measure == "share":
        tenth = parts["value"] <= _tenth(indicator)
        value = 100 * tenth.groupby(home).sum() / known.groupby(home).sum()
    elif indicator.measure == "mean":
        weight = parts["weight"].where(known)
        value = (parts["value"] * weight).groupby(home).sum(min_count=1) / weight.groupby(home).sum()
    else:
        value = groups["value"].sum(min_count=1)
    table = pd.DataFrame(
        {
            "area_name": names,
            "value": value.replace([np.inf, -np.inf], np.nan).reindex(names.index),
            "count": groups["count"].sum(min_count=1).reindex(names.index),
            "parts": groups.size().reindex(names.index, fill_value=0),
            "parts_missing": (~known).groupby(home).sum().reindex(names.index, fill_value=0).astype(int),
        }
    )
    return VALUES.checked(table.rename_axis("area_code").astype({"value": float, "count": float}))


def _tenth(indicator: Indicator) -> float:
    """The last rank, or decile, of the most deprived tenth of England."""
    if indicator.areas_in_england is None:
        return 1.0
    return float(np.floor(indicator.areas_in_england / 10))


def indicator_parts(place: Place, indicator: Indicator, level: AreaLevel) -> pd.DataFrame:
    """Published figures of the smallest areas that serve a level.

    Returns
    -------
    DataFrame
        Index code; `value` (in the indicator's unit), `count`, `weight`.
    """
    areas, column = place.areas, indicator.column
    count = pd.Series(np.nan, areas.index)
    if indicator.table == "areas":
        value = areas[column]
    elif indicator.table == "own":
        value = next(held for held in place.own_indicators if held.about.key == column).table["value"]
    elif indicator.table == "indicators":
        return _published_parts(place, indicator, level)
    else:
        value = _deprivation_values(place, indicator)
    weights = {"children": "children", "residents": place.manifest.population_column}
    weight = areas[weights[indicator.weight]] if indicator.weight in weights else pd.Series(1, areas.index)
    return pd.DataFrame({"value": value * indicator.factor, "count": count, "weight": weight}).astype(float)


def _deprivation_values(place: Place, indicator: Indicator) -> pd.Series:
    figures = place.deprivation(indicator.table)
    if indicator.column in figures:
        return figures[indicator.column]
    # Of 2019 only ranks are carried: their tenths follow.
    rank = figures[indicator.column.replace("_decile", "_rank")]
    areas = place.vintage(indicator.table).areas_in_england
    return pd.Series(np.ceil(rank.to_numpy(float) * 10 / areas).clip(1, 10), rank.index)


def _published_parts(place: Place, indicator: Indicator, level: AreaLevel) -> pd.DataFrame:
    """Rows of the table of indicators: of LSOAs; of wards; for a whole place of its districts."""
    if indicator.finest == "lsoa":
        rows = _rows(indicator.column, "lsoa", indicator.edition).reindex(place.areas.index)
        if indicator.weight == "households":
            weight = _households().reindex(place.areas.index)
        else:
            weight = place.areas[place.manifest.population_column]
        return rows.assign(weight=weight.astype(float))
    coarse = level == "place" or _localities_are_districts(place)
    rows = _rows(indicator.column, "district" if coarse and level != "ward" else "ward", indicator.edition)
    rows = rows.assign(weight=(100 * rows["count"] / rows["value"]).where(rows["value"] > 0, 0.0))
    if coarse and level != "ward":
        present = districts()["district_code_2024"].reset_index().set_index("district_code_2024")
        rows = rows.set_axis(
            present["district_code"].reindex(rows.index).fillna(pd.Series(rows.index, rows.index))
        )
        return rows.reindex(list(place.districts))
    return rows.reindex(place.names("ward").index)


def _localities_are_districts(place: Place) -> bool:
    return set(place.areas["locality_code"]) <= set(place.districts)


def _home(place: Place, indicator: Indicator, level: AreaLevel, parts: pd.DataFrame) -> pd.Series:
    """Code of the area of a level that each part belongs to."""
    if indicator.finest == "lsoa":
        return place.keys(level)
    if level == "place":
        return pd.Series(place.areas["place_code"].iloc[0], parts.index)
    if level == "ward" or set(parts.index) <= set(place.districts):
        return parts.index.to_series()
    return place.areas.drop_duplicates("ward_code").set_index("ward_code")["locality_code"]


@lru_cache(maxsize=24)
def _rows(indicator: str, level: str, edition: str) -> pd.DataFrame:
    """Published values of all of England. Do not change them."""
    columns = ["level", "vintage", "code", "value", "count"]
    rows = read_rows("indicators", [indicator], columns, key="indicator")
    chosen = rows[(rows["level"] == level) & (rows["vintage"] == edition)]
    return chosen.set_index("code")[["value", "count"]]


@lru_cache(maxsize=1)
def _households() -> pd.Series:
    """Households of Census 2021 by LSOA, from how many are deprived and what share that is."""
    rows = _rows(ALL_HOUSEHOLDS, "lsoa", CENSUS_2021)
    return (100 * rows["count"] / rows["value"]).round()
